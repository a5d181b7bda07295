# Called by platen_embed at build time: -DOUT= -DNAMESPACE= -DFUNCTION= "-DFILES=a|b"
string(REPLACE "|" ";" files "${FILES}")
list(LENGTH files count)
set(code "// Written by cmake/write_embedded.cmake; edit the files under data/ and studies/.
#include \"base/embedded.hpp\"

#include <array>
#include <span>
#include <string_view>

using std::operator\"\"sv; // whose length the compiler counts itself, however long the text

namespace platen::${NAMESPACE} {

std::span<const EmbeddedText> ${FUNCTION}();

std::span<const EmbeddedText> ${FUNCTION}() {
  static constexpr std::array<EmbeddedText, ${count}> texts{{
")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WLE) # full-12.8-fixed.toml has two dots
  file(READ ${file} text)
  string(APPEND code "{\"${name}\", R\"embedded(${text})embedded\"sv},\n")
endforeach()
string(APPEND code "}};
  return texts;
}

} // namespace platen::${NAMESPACE}
")
file(WRITE ${OUT} "${code}")
