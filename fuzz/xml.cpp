// The XML of Neware .ndax, TestInfo, Step and VersionInfo, beside pages of a test without a row.

#include "fuzz.hpp"
#include "members.hpp"

#include "import/neware/ndax.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  const std::string input = fuzz::bytes_of(data, size);
  const std::vector<std::string_view> parts = fuzz::parts_of(input, 3);
  const std::string samples("\x01\0\x11\0", 4), marks("\x12\0\x11\0", 4), steps("\x07\0\x11\0", 4);
  const std::string file = ndax_builder::zip({{"VersionInfo.xml", std::string(parts[0])},
                                              {"TestInfo.xml", std::string(parts[1])},
                                              {"Step.xml", std::string(parts[2])},
                                              {"data.ndc", samples},
                                              {"data_runInfo.ndc", marks},
                                              {"data_step.ndc", steps}},
                                             false);
  return fuzz::try_reading([&] { return read_ndax(file, "fuzz.ndax"); });
}
