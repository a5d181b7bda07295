// Deterministic damage to every shared .mpr file and to files built here: whatever the bytes, the reader returns a
// consistent record or throws platen::Error, and takes no more memory than the bytes can justify. The sanitizer build of
// the tests watches every access.
#include "import/biologic/mpr.hpp"

#include "../import/mpr_builder.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <gtest/gtest.h>
#include <random>

namespace platen {
namespace {

struct Seed {
  std::string name;
  std::string bytes;
};

std::vector<Seed> seeds() {
  std::vector<Seed> out;
  mpr_builder::Spec spec = mpr_builder::simple();
  out.push_back({"built 11", mpr_builder::build(spec)});
  spec.columns.push_back({9999, 'f', std::vector<double>(10, 1.0)});
  spec.columns.push_back({16, 'f', std::vector<double>(10, 1.0)});
  spec.columns.push_back({32, 'f', {0, 0, 9, 8, 7, 0, 9, 8, 7, 0}});
  spec.columns.push_back({37, 'f', std::vector<double>(10, 1.0)});
  spec.columns.push_back({38, 'f', std::vector<double>(10, 1.0)});
  spec.loops = {0, 4, 10};
  spec.external = {"Force/N", "", ""};
  out.push_back({"built 11 with everything", mpr_builder::build(spec)});
  spec.wide = false;
  spec.version = 3;
  out.push_back({"built 3 with everything", mpr_builder::build(spec)});
  spec = mpr_builder::simple();
  spec.wide = false;
  spec.version = 0;
  out.push_back({"built 0", mpr_builder::build(spec)});
  for (const char* folder : {"biologic", "lili_soft_short", "lpscl_impedance"}) {
    std::error_code absent;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(PLATEN_SHARED_DATA) / folder, absent))
      if (entry.path().extension() == ".mpr") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& path : files) out.push_back({path.filename().string(), read_file(path)});
    if (files.empty()) std::fprintf(stderr, "SHARED DATA ABSENT: %s; only files built here are damaged\n", folder);
  }
  return out;
}

std::size_t rounds(const Seed& seed, std::size_t wanted) {
  return seed.bytes.size() < 60000 ? wanted : std::max<std::size_t>(4, wanted * 20000 / seed.bytes.size());
}

struct Count {
  std::size_t read = 0, refused = 0;
};

void try_read(const std::string& bytes, Count& count) {
  try {
    const Record record = biologic::read_mpr(bytes, "damaged.mpr");
    ++count.read;
    std::size_t held = 0;
    for (const Column& column : record.columns()) {
      ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, column.values), record.rows()) << column.name;
      held += record.rows();
    }
    for (const Spectrum& s : record.spectra) {
      ASSERT_EQ(s.real.size(), s.size());
      ASSERT_EQ(s.imaginary.size(), s.size());
      held += 4 * s.size();
    }
    // A value costs a byte at least; a row of flags alone becomes six columns, and up to six more are made.
    ASSERT_LE(held, 16 * bytes.size() + 1000);
  } catch (const Error& e) {
    ++count.refused;
    for (const Diagnostic& d : e.diagnostics()) ASSERT_EQ(d.code.front(), 'D') << d.message;
  }
}

TEST(MprFuzz, SeedsAreSound) {
  for (const Seed& seed : seeds()) {
    Count count;
    try_read(seed.bytes, count);
    EXPECT_EQ(count.read, 1U) << seed.name;
  }
}

TEST(MprFuzz, SurvivesTruncation) {
  for (const Seed& seed : seeds()) {
    Count count;
    const std::size_t n = rounds(seed, 400);
    for (std::size_t k = 0; k < n; ++k) try_read(seed.bytes.substr(0, seed.bytes.size() * k / n), count);
    EXPECT_GT(count.refused, 0U) << seed.name;
  }
}

TEST(MprFuzz, SurvivesFlippedBits) {
  for (const Seed& seed : seeds()) {
    std::mt19937 random(20230811);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 600); ++k) {
      std::string bytes = seed.bytes;
      for (std::size_t flips = 1 + random() % 6; flips > 0; --flips)
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
      try_read(bytes, count);
    }
    EXPECT_GT(count.read, 0U) << seed.name << ": most bits are those of values";
  }
}

/// Lengths, counts, versions and codes stand at the beginning of modules.
TEST(MprFuzz, SurvivesLyingHeads) {
  constexpr std::array<std::uint32_t, 10> lies = {0, 1, 2, 0xFF, 0x0101, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
  for (const Seed& seed : seeds()) {
    std::vector<std::size_t> heads;
    for (std::size_t at = seed.bytes.find("MODULE"); at != std::string::npos; at = seed.bytes.find("MODULE", at + 6)) heads.push_back(at);
    std::mt19937 random(11);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 3000); ++k) {
      std::string bytes = seed.bytes;
      for (std::size_t hits = 1 + random() % 3; hits > 0; --hits) {
        const std::size_t at = heads[random() % heads.size()] + random() % 160;
        if (at + 4 <= bytes.size()) mpr_builder::place(bytes, at, lies[random() % lies.size()]);
      }
      try_read(bytes, count);
    }
    EXPECT_GT(count.refused + count.read, 0U) << seed.name;
  }
}

TEST(MprFuzz, SurvivesModulesOfOtherFiles) {
  const std::vector<Seed> all = seeds();
  for (const Seed& one : all)
    for (const Seed& other : all) {
      if (one.bytes.size() > 60000 || other.bytes.size() > 60000) continue;
      const std::size_t cut = one.bytes.find("MODULEVMP data"), from = other.bytes.find("MODULEVMP data");
      Count count;
      try_read(one.bytes.substr(0, cut) + other.bytes.substr(from), count);
      try_read(one.bytes.substr(0, cut) + one.bytes.substr(cut, 100) + other.bytes.substr(from + 100), count);
      EXPECT_GT(count.read, 0U) << one.name << " " << other.name;
    }
}

} // namespace
} // namespace platen
