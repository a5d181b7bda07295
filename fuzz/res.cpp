// Any bytes as an Arbin .res file: a record or an Error, never anything else.

#include "import/arbin/res.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    platen::read_res(bytes, "fuzz.res", {}, {});
  } catch (const platen::Error&) {
    return 0;
  }
  return 0;
}
