// The pages of Neware .ndax: samples, marks, steps and one auxiliary channel of any version. The first byte makes the
// versions and kinds of the members agree, which chance would hardly do.

#include "fuzz.hpp"
#include "members.hpp"

#include "import/neware/ndax.hpp"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  if (size == 0) return 0;
  const std::string rest = fuzz::bytes_of(data + 1, size - 1);
  const std::vector<std::string_view> parts = fuzz::parts_of(rest, 4);
  constexpr std::array<char, 7> versions = {0, 2, 5, 11, 14, 16, 17};
  constexpr std::array<char, 4> kinds = {5, 7, 18, 1};
  constexpr std::array names = {"data_AUX_9_3_1.ndc", "data_step.ndc", "data_runInfo.ndc", "data.ndc"};
  const char version = versions[data[0] % versions.size()];
  ndax_builder::Members members;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    std::string bytes(parts[k]);
    if (version != 0 && bytes.size() >= 4) { // 0: the members as they are
      bytes[0] = kinds[k];
      bytes[1] = bytes[3] = 0;
      bytes[2] = version;
    }
    if (!bytes.empty()) members.emplace_back(names[k], std::move(bytes));
  }
  members.emplace_back("TestInfo.xml", ndax_builder::test_info("AuxCount=\"1\"", "<Aux1 AuxID=\"1\" RealChlID=\"9\" "
                                                                                   "ChlType=\"103\" TypeID=\"1\"/>"));
  const std::string file = ndax_builder::zip(members, false);
  return fuzz::try_reading([&] { return read_ndax(file, "fuzz.ndax"); });
}
