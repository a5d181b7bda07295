// Deterministic damage to EC-Lab's settings files: whatever the bytes, they become a protocol or an Error.
#include "import/biologic/mps.hpp"

#include "base/file.hpp"

#include <array>
#include <cstdio>
#include <gtest/gtest.h>
#include <random>

namespace platen {
namespace {

std::vector<std::string> seeds() {
  std::vector<std::string> out{"EC-LAB SETTING FILE\r\n\r\nTechnique : 1\r\nChronopotentiometry\r\nNs                  0                   1                   \r\n"
                               "Is                  0.400               -0.400              \r\nunit Is             \xB5"
                               "A                  mA                  \r\nts (h:m:s)          1:00:0.0000         0:00:1.0000         \r\n"
                               "\r\nTechnique : 2\r\nLoop\r\ngoto Ne             1                   \r\nnt times            9                   \r\n"};
  const auto shared = std::filesystem::path(PLATEN_SHARED_DATA) / "lili_soft_short" / "protocol.mps";
  std::error_code absent;
  if (std::filesystem::exists(shared, absent)) out.push_back(read_file(shared));
  else std::fprintf(stderr, "SHARED DATA ABSENT: %s; only a file built here is damaged\n", shared.c_str());
  return out;
}

/// @returns whether it was read.
bool try_read(const std::string& bytes) {
  try {
    const biologic::Protocol protocol = biologic::read_protocol(bytes, "damaged.mps");
    const std::string words = biologic::describe(protocol);
    for (const biologic::ProtocolTechnique& t : protocol.techniques) (void)biologic::constant_current(t);
    EXPECT_LE(words.size(), 2000 * bytes.size() + 1000);
    return true;
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "D330");
    return false;
  }
}

TEST(MpsFuzz, SurvivesFlippedInsertedAndMissingBytes) {
  constexpr std::array<std::string_view, 8> words{"Technique : 1\n", "Ns", "\r\n", "\xC2", "99999999999999999999", ":", "pass", "                    "};
  for (const std::string& seed : seeds()) {
    std::mt19937 random(7);
    std::size_t read = 0;
    for (int k = 0; k < 3000; ++k) {
      std::string bytes = seed;
      for (std::size_t hits = 1 + random() % 5; hits > 0 && !bytes.empty(); --hits) {
        const std::size_t at = random() % bytes.size();
        switch (random() % 3) {
        case 0: bytes[at] ^= static_cast<char>(1U << random() % 8); break;
        case 1: bytes.insert(at, words[random() % words.size()]); break;
        default: bytes.erase(at, random() % 60);
        }
      }
      read += try_read(bytes) ? 1 : 0;
    }
    EXPECT_GT(read, 1500U);
  }
}

TEST(MpsFuzz, SurvivesTruncation) {
  for (const std::string& seed : seeds())
    for (std::size_t length = 0; length < seed.size(); ++length) try_read(seed.substr(0, length));
}

} // namespace
} // namespace platen
