// Arbin's results files, Access databases.

#include "fuzz.hpp"

#include "import/arbin/res.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  return fuzz::try_reading([&] { return read_res(fuzz::bytes_of(data, size), "fuzz.res", {}, {}); });
}
