// Damaged Access databases: whatever the bytes, the reader gives a Record or an Error, and what it gives is sound. The
// mutations follow from a seed, so a failure can be run again.

#include "../import/jet_builder.hpp"
#include "import/arbin/res.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace platen::test {
namespace {

using jet_builder::arbin_tables;
using jet_builder::Builder;

std::vector<std::string> seeds() {
  std::vector<std::string> out;
  for (const bool jet4 : {true, false}) {
    Builder builder(jet4);
    builder.moved_row = 1;
    builder.deleted_row = 3;
    out.push_back(builder.build(arbin_tables(40, true)));
    out.push_back(Builder(jet4).build(arbin_tables(2)));
  }
  return out;
}

/// Most of a database is zeros, so bytes are changed where something stands.
std::size_t some_place(const std::string& bytes, std::mt19937_64& random) {
  std::size_t at = random() % bytes.size();
  for (int tries = 0; tries < 64 && bytes[at] == '\0'; ++tries) at = random() % bytes.size();
  return at;
}

std::string mutate(std::string bytes, std::mt19937_64& random) {
  const std::size_t changes = 1 + random() % 6;
  for (std::size_t k = 0; k < changes && bytes.size() > 4; ++k) {
    const std::size_t at = std::min(some_place(bytes, random), bytes.size() - 4);
    switch (random() % 7) {
    case 0: bytes[at] = static_cast<char>(random()); break;
    case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8))); break;
    case 2: bytes[at] = static_cast<char>(bytes[at] + (random() % 3) - 1); break;
    case 3: jet_builder::put<std::uint16_t>(bytes, at, static_cast<std::uint16_t>(random() % 2 == 0 ? 0xFFFF : random())); break;
    case 4: jet_builder::put<std::uint32_t>(bytes, at, static_cast<std::uint32_t>(random() % 16)); break;
    case 5: bytes.resize(at + 4); break;
    default: bytes.replace(at, 4, bytes.substr(some_place(bytes, random), 4));
    }
  }
  return bytes;
}

void expect_sound(const Record& record) {
  for (const Column& c : record.columns()) {
    ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, c.values), record.rows()) << c.name;
    ASSERT_FALSE(c.unit.empty()) << c.name;
  }
  if (record.has("test_time")) {
    for (const double t : record.real("test_time")) ASSERT_TRUE(std::isfinite(t));
  }
  for (const Diagnostic& d : record.warnings) ASSERT_FALSE(render(d).empty());
}

TEST(ResMutations, EveryFileGivesARecordOrAnError) {
  std::mt19937_64 random(5230);
  const std::vector<std::string> files = seeds();
  std::size_t records = 0, errors = 0;
  for (std::size_t n = 0; n < 8000; ++n) {
    SCOPED_TRACE(n);
    const std::string bytes = mutate(files[n % files.size()], random);
    try {
      expect_sound(read_res(bytes, "f.res", {}, {}));
      ++records;
    } catch (const Error& e) {
      ASSERT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
      ++errors;
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(records, 1000u);
  EXPECT_GT(errors, 1000u);
}

TEST(ResMutations, EveryPrefixOfAPageAndAHalf) {
  const std::string bytes = Builder(false).build(arbin_tables(2));
  for (std::size_t length = 0; length <= bytes.size(); length += length < 3000 ? 1 : 97) {
    try {
      expect_sound(read_res(std::string_view(bytes).substr(0, length), "f.res", {}, {}));
    } catch (const Error& e) {
      ASSERT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
    }
  }
}

} // namespace
} // namespace platen::test
