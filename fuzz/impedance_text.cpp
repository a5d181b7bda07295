// Text files of impedance programs: the first byte says which reader gets the rest, so that none of them depends on the
// fuzzer finding its magic words.

#include "fuzz.hpp"

#include "import/impedance/gamry.hpp"
#include "import/impedance/relaxis.hpp"
#include "import/impedance/versastudio.hpp"
#include "import/impedance/zplot.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  if (size == 0) return 0;
  std::string bytes = fuzz::bytes_of(data + 1, size - 1);
  return fuzz::try_reading([&] {
    switch (data[0] % 4) {
    case 0:
      return read_zplot(std::move(bytes), "fuzz.z");
    case 1:
      return read_gamry(std::move(bytes), "fuzz.DTA");
    case 2:
      return read_versastudio(std::move(bytes), "fuzz.par");
    default:
      return read_relaxis(std::move(bytes), "fuzz.txt");
    }
  });
}
