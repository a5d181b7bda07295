// Delimited text of any cycler.

#include "fuzz.hpp"

#include "import/text/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  return fuzz::try_reading([&] { return text::read_text(fuzz::bytes_of(data, size), "fuzz.txt", {}, {}); });
}
