// EC-Lab's binary files.

#include "fuzz.hpp"

#include "import/biologic/mpr.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  return fuzz::try_reading([&] { return biologic::read_mpr(fuzz::bytes_of(data, size), "fuzz.mpr"); });
}
