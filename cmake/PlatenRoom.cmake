# One static library per room of the house (docs/dev/house.md). Sources are every .cpp below the room's folder.
#
#   platen_room(import USES record config PRIVATE pugixml::pugixml)
#
# USES    rooms this one may include (arrows only point downwards; tools/check_house.py holds the same table)
# PRIVATE third-party targets, which only this room's .cpp files include
add_library(platen_flags INTERFACE)
target_compile_features(platen_flags INTERFACE cxx_std_20)
target_compile_options(platen_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(platen_flags INTERFACE -Werror -Wno-restrict) # false alarms of GCC 12 on std::string (its bug 105651)
endif()
if(PLATEN_FUZZ)
  target_compile_options(platen_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  if(PLATEN_FUZZ_FAST)
    target_compile_options(platen_flags INTERFACE -fno-sanitize-coverage=trace-cmp)
  endif()
  target_link_options(platen_flags INTERFACE -fsanitize=address,undefined)
endif()
if(PLATEN_SANITIZE)
  target_compile_options(platen_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(platen_flags INTERFACE -fsanitize=address,undefined)
endif()

function(platen_room name)
  cmake_parse_arguments(ROOM "" "" "USES;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(platen_${name} STATIC ${sources})
  target_include_directories(platen_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(platen_${name} PUBLIC platen_flags fmt::fmt)
  foreach(room ${ROOM_USES})
    target_link_libraries(platen_${name} PUBLIC platen_${room})
  endforeach()
  target_link_libraries(platen_${name} PRIVATE ${ROOM_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY PLATEN_ROOMS platen_${name})
endfunction()
