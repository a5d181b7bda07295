// Neware .nda: the first byte says which version the rest claims to be, so that none depends on the fuzzer finding its number.

#include "fuzz.hpp"

#include "import/neware/nda.hpp"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  if (size == 0) return 0;
  std::string bytes = fuzz::bytes_of(data + 1, size - 1);
  constexpr std::array<char, 8> versions = {0, 8, 22, 23, 26, 29, static_cast<char>(130), static_cast<char>(130)};
  const std::size_t choice = data[0] % versions.size();
  constexpr std::size_t version_at = 14;
  if (choice > 0 && bytes.size() > version_at + 1) { // 0: the bytes as they are
    bytes.replace(0, 6, "NEWARE");
    bytes[version_at] = versions[choice];
    bytes[version_at + 1] = 0;
  }
  return fuzz::try_reading([&] { return read_nda(bytes, "fuzz.nda"); });
}
