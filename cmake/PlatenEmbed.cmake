# Embeds text files into a room as `std::span<const EmbeddedText> platen::<NAMESPACE>::<FUNCTION>()`, declared by the room.
#
#   platen_embed(material NAMESPACE material FUNCTION built_in_cards FILES ${cards})
function(platen_embed room)
  cmake_parse_arguments(EMBED "" "NAMESPACE;FUNCTION" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${EMBED_FUNCTION}.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake)
  string(REPLACE ";" "|" files "${EMBED_FILES}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUT=${output} -DNAMESPACE=${EMBED_NAMESPACE} -DFUNCTION=${EMBED_FUNCTION}
            "-DFILES=${files}" -P ${script}
    DEPENDS ${EMBED_FILES} ${script} VERBATIM)
  target_sources(platen_${room} PRIVATE ${output})
endfunction()
