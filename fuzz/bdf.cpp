// Battery Data Format CSV.

#include "fuzz.hpp"

#include "record/io.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  return fuzz::try_reading([&] { return parse_bdf_csv(fuzz::bytes_of(data, size), "fuzz.csv"); });
}
