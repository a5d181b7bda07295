// Deterministic damage to every shared .nda file and to files built here: whatever the bytes, the reader returns a
// consistent record or throws platen::Error, and takes no more memory than the bytes can justify. The sanitizer build of
// the tests watches every access.
#include "import/neware/nda.hpp"

#include "../import/nda_builder.hpp"
#include "../import/ndax_builder.hpp"
#include "base/file.hpp"
#include "import/container.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <gtest/gtest.h>
#include <random>

namespace platen {
namespace {

/// A file to be damaged, and how many bytes a record of it has.
struct Seed {
  std::string name;
  std::string bytes;
  std::size_t record;
};

std::string built_old(int version) {
  const bool unix_clock = version <= 23;
  std::string records;
  if (version != 8) records = nda_builder::note_86(1, 8);
  for (std::uint32_t k = 1; k <= 40; ++k) {
    const nda_builder::Row row = {.index = k, .cycle = k / 20, .step_index = 1 + static_cast<int>(k / 10), .step_type = 1 + static_cast<int>(k / 10 % 4),
                                  .step_time = k % 10 * 1000, .voltage = 30000, .current = 5, .charged = k};
    records += version == 8 ? nda_builder::row_8(row) : nda_builder::row_86(row, unix_clock);
    if (version >= 26 && k % 4 == 0) records += nda_builder::aux_86(k, static_cast<int>(k / 4 % 3), 12000, 250);
  }
  if (version != 8) records += nda_builder::note_86(40, 1, true);
  return nda_builder::old_file(version, records);
}

std::string built_new(bool v91) {
  std::string records;
  for (std::uint32_t k = 1; k <= 40; ++k) {
    const nda_builder::Row9 row = {.index = k, .step_index = 1 + static_cast<int>(k / 10), .step_type = 1 + static_cast<int>(k / 10 % 4),
                                   .time = k * 1000000, .voltage = 3.5F, .current = 5.0F};
    records += v91 ? nda_builder::row_91(row, {25.0F, 1.0F}) : nda_builder::row_90(row);
  }
  return nda_builder::new_file(v91, records);
}

std::vector<Seed> seeds() {
  std::vector<Seed> out;
  for (const int version : {8, 22, 23, 26, 29})
    out.push_back({"built " + std::to_string(version), built_old(version), version == 8 ? std::size_t{59} : std::size_t{86}});
  out.push_back({"built 9.0", built_new(false), 88});
  out.push_back({"built 9.1", built_new(true), 60});
  const std::filesystem::path folder = std::filesystem::path(PLATEN_SHARED_DATA) / "neware";
  for (const auto& [name, record] : {std::pair{"nda_v8", 59U}, {"nda_v22", 86U}, {"nda_v23", 86U}, {"new_nda_file", 86U}, {"TestFile", 56U}}) {
    const std::filesystem::path path = folder / (std::string(name) + ".nda.zip");
    if (!std::filesystem::exists(path)) {
      std::fprintf(stderr, "SHARED DATA ABSENT: %s; only files built here are damaged\n", path.c_str());
      continue;
    }
    const std::string zipped = read_file(path);
    Container container(zipped, path.string());
    out.push_back({name, container.unpack(container.names().front()), record});
  }
  return out;
}

std::size_t rounds(const Seed& seed, std::size_t wanted) {
  return seed.bytes.size() < 20000 ? wanted : std::max<std::size_t>(8, wanted * 20000 / seed.bytes.size());
}

struct Count {
  std::size_t read = 0, refused = 0;
};

void try_read(const std::string& bytes, Count& count) {
  try {
    const Record record = read_nda(bytes, "damaged.nda");
    ++count.read;
    ASSERT_TRUE(record.has(col::test_time));
    for (const Column& column : record.columns())
      ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, column.values), record.rows()) << column.name;
    ASSERT_LE(record.rows(), bytes.size() / 52) << "the smallest record has 52 bytes";
    ASSERT_LE(record.columns().size(), 11 + 2 * 64U);
  } catch (const Error& e) {
    ++count.refused;
    for (const Diagnostic& d : e.diagnostics()) ASSERT_EQ(d.code.front(), 'D') << d.message;
  }
}

TEST(NdaFuzz, SeedsAreSound) {
  for (const Seed& seed : seeds()) {
    Count count;
    try_read(seed.bytes, count);
    EXPECT_EQ(count.read, 1U) << seed.name;
  }
}

TEST(NdaFuzz, SurvivesTruncationAndKeepsEveryWholeRecord) {
  for (const Seed& seed : seeds()) {
    Count count;
    const std::size_t n = rounds(seed, 400);
    for (std::size_t k = 0; k < n; ++k) try_read(seed.bytes.substr(0, seed.bytes.size() * k / n), count);
    EXPECT_GT(count.refused, 0U) << seed.name;
    EXPECT_GT(count.read, 0U) << seed.name;
  }
}

TEST(NdaFuzz, SurvivesFlippedBits) {
  for (const Seed& seed : seeds()) {
    std::mt19937 random(20240229);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 1000); ++k) {
      std::string bytes = seed.bytes;
      for (std::size_t flips = 1 + random() % 8; flips > 0; --flips) {
        // Half of the hits go where the header stands.
        const std::size_t at = random() % (random() % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 0x400));
        bytes[at] ^= static_cast<char>(1U << random() % 8);
      }
      try_read(bytes, count);
    }
    EXPECT_GT(count.read, 0U) << seed.name;
  }
}

TEST(NdaFuzz, SurvivesLyingHeaders) {
  constexpr std::array<std::uint64_t, 9> lies = {0, 1, 0x7FF, 0x800, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
  for (const Seed& seed : seeds()) {
    if (seed.bytes.size() > 200000) continue;
    Count count;
    for (const std::size_t at : {0x10, 0x12, 0x18, 0x1A, 0x1C, 0x22, 0x2A, 0x40, 0x44, 0x52, 0x5A, 0x98})
      for (const std::uint64_t lie : lies)
        for (const bool wide : {false, true}) {
          std::string bytes = seed.bytes;
          if (wide) nda_builder::place(bytes, at, lie);
          else nda_builder::place(bytes, at, static_cast<std::uint32_t>(lie));
          try_read(bytes, count);
        }
    EXPECT_GT(count.read, 0U) << seed.name;
  }
}

/// Records moved, doubled, dropped, swapped for noise, and the whole shifted by some bytes.
TEST(NdaFuzz, SurvivesRecordsInDisorder) {
  for (const Seed& seed : seeds()) {
    std::mt19937 random(4711);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 400); ++k) {
      std::string bytes = seed.bytes;
      const std::size_t first = bytes.size() > 0x1000 ? 0xC00 : 0x400, records = (bytes.size() - first) / seed.record;
      for (std::size_t hits = 1 + random() % 5; hits > 0 && records > 2; --hits) {
        const std::size_t a = first + random() % (records - 1) * seed.record, b = first + random() % (records - 1) * seed.record;
        switch (random() % 4) {
        case 0: bytes.replace(a, seed.record, bytes.substr(b, seed.record)); break;
        case 1: bytes.erase(a, 1 + random() % seed.record); break;
        case 2: bytes.insert(a, 1 + random() % 100, static_cast<char>(random() % 256)); break;
        default: std::generate_n(bytes.begin() + static_cast<std::ptrdiff_t>(a), seed.record, [&] { return static_cast<char>(random()); });
        }
        if (bytes.size() < first + seed.record * records) bytes.resize(first + seed.record * records);
      }
      try_read(bytes, count);
    }
    EXPECT_GT(count.read, 0U) << seed.name;
  }
}

TEST(NdaFuzz, RefusesABombInAZip) {
  std::string bytes = built_old(29);
  bytes.resize(std::size_t{1} << 26);
  Count count;
  try_read(ndax_builder::zip({{"a.nda", bytes}}), count);
  EXPECT_EQ(count.read, 1U) << "64 MiB of zeros behind the records are not read";
  const std::string zipped = ndax_builder::zip({{"a.nda", built_old(29)}});
  for (std::size_t size = 0; size < zipped.size(); size += 7) try_read(zipped.substr(0, size), count);
  EXPECT_EQ(count.read, 1U);
}

} // namespace
} // namespace platen
