// Deterministic damage to every shared .ndax file and to files built here: whatever the bytes, the reader returns a
// consistent record or throws platen::Error, and takes no more memory than the bytes can justify. The sanitizer build of
// the tests watches every access.
#include "import/neware/ndax.hpp"

#include "../import/ndax_builder.hpp"
#include "base/file.hpp"
#include "import/container.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

namespace platen {
namespace {

using ndax_builder::Members;

Members built(int version) {
  Members members = ndax_builder::xml_members();
  ndax_builder::Pages data(1, version, 8), marks(18, version, ndax_builder::mark_bytes(version)),
      steps(7, version, ndax_builder::step_bytes(version)), aux(5, version, 4);
  for (std::uint32_t row = 0; row < 1100; ++row) {
    data.add(ndax_builder::sample(3.0F + 1e-4F * static_cast<float>(row), 0.1F));
    std::string value;
    ndax_builder::put(value, 25.0F);
    aux.add(value);
    if (row % 10 == 0)
      marks.add(ndax_builder::mark(version, {.index = row + 1, .step_count = 1 + row / 100, .step_time = row % 100 * 1000,
                                             .interval = 1000, .charged = 0.1F, .clock = 1700000000 + row}));
    if (row % 100 == 0) steps.add(ndax_builder::step(version, row / 200, 1 + row / 100 % 3, 1 + static_cast<int>(row / 100 % 4), row + 1));
  }
  members[1].second = ndax_builder::test_info("AuxCount=\"1\"", "<Aux1 AuxID=\"1\" RealChlID=\"9\" ChlType=\"103\" TypeID=\"1\"/>");
  members.emplace_back("data.ndc", data.finish());
  members.emplace_back("data_runInfo.ndc", marks.finish());
  members.emplace_back("data_step.ndc", steps.finish());
  members.emplace_back("data_AUX_9_3_1.ndc", aux.finish());
  return members;
}

Members built_whole(int version) {
  Members members = ndax_builder::xml_members();
  const bool narrow = version == 2;
  ndax_builder::Pages data(1, version, narrow ? 94 : 87, narrow ? 512 : 4096, narrow ? 5 : 132),
      aux(5, version, narrow ? 94 : 87, narrow ? 512 : 4096, narrow ? 5 : 132);
  for (std::uint32_t row = 0; row < 60; ++row) {
    std::string record = ndax_builder::whole({.index = row + 1, .step_index = 1 + static_cast<int>(row / 20),
                                              .step_time = row % 20 * 1000, .voltage = 30000, .current = 100, .range = 10});
    data.add(narrow ? record : ndax_builder::whole_5(record));
    record[0] = 0x74;
    aux.add(narrow ? record : ndax_builder::whole_5(record));
  }
  members.emplace_back("data.ndc", data.finish());
  members.emplace_back("20240229_123015_1_1_1_1_1.ndc", aux.finish());
  return members;
}

/// A file to be damaged: its name for messages and what the undamaged file must give.
struct Seed {
  std::string name;
  std::string bytes;
};

std::vector<Seed> seeds() {
  std::vector<Seed> out;
  for (const int version : {11, 14, 16, 17}) out.push_back({"built " + std::to_string(version), ndax_builder::zip(built(version))});
  out.push_back({"built 17 stored", ndax_builder::zip(built(17), false)});
  for (const int version : {2, 5}) out.push_back({"built " + std::to_string(version), ndax_builder::zip(built_whole(version))});
  const std::filesystem::path folder = std::filesystem::path(PLATEN_SHARED_DATA) / "neware";
  std::error_code absent;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent))
    if (entry.path().extension() == ".ndax") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files) out.push_back({path.filename().string(), read_file(path)});
  if (files.empty()) std::fprintf(stderr, "SHARED DATA ABSENT: %s; only files built here are damaged\n", folder.c_str());
  return out;
}

/// How often a file may be read: the large ones cost some milliseconds each.
std::size_t rounds(const Seed& seed, std::size_t wanted) {
  return seed.bytes.size() < 20000 ? wanted : std::max<std::size_t>(4, wanted * 8000 / seed.bytes.size());
}

struct Count {
  std::size_t read = 0, refused = 0;
};

void try_read(const std::string& bytes, Count& count) {
  try {
    const Record record = read_ndax(bytes, "damaged.ndax");
    ++count.read;
    ASSERT_TRUE(record.has(col::test_time));
    for (const Column& column : record.columns())
      ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, column.values), record.rows()) << column.name;
    // A row costs at least four bytes, and deflate cannot expand more than 1032 times.
    ASSERT_LE(record.rows(), 1032 * bytes.size());
  } catch (const Error& e) {
    ++count.refused;
    for (const Diagnostic& d : e.diagnostics()) ASSERT_EQ(d.code.front(), 'D') << d.message;
  }
}

TEST(NdaxFuzz, SeedsAreSound) {
  for (const Seed& seed : seeds()) {
    Count count;
    try_read(seed.bytes, count);
    EXPECT_EQ(count.read, 1U) << seed.name;
  }
}

TEST(NdaxFuzz, SurvivesTruncation) {
  for (const Seed& seed : seeds()) {
    Count count;
    const std::size_t n = rounds(seed, 300);
    for (std::size_t k = 0; k < n; ++k) try_read(seed.bytes.substr(0, seed.bytes.size() * k / n), count);
    EXPECT_EQ(count.read, 0U) << seed.name << ": the table of members stands at the end";
  }
}

TEST(NdaxFuzz, SurvivesFlippedBitsOfTheContainer) {
  for (const Seed& seed : seeds()) {
    std::mt19937 random(20240229);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 400); ++k) {
      std::string bytes = seed.bytes;
      for (std::size_t flips = 1 + random() % 4; flips > 0; --flips)
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
      try_read(bytes, count);
    }
    EXPECT_GT(count.refused, 0U) << seed.name;
  }
}

/// Overwrites the length, offset and count fields of the zip's headers with numbers that lie.
TEST(NdaxFuzz, SurvivesLyingLengths) {
  constexpr std::array<std::uint32_t, 8> lies = {0, 1, 0x7F, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
  struct Field {
    std::string_view signature;
    std::size_t at, width;
  };
  const std::vector<Field> fields = {
      {"PK\x05\x06", 8, 2},  {"PK\x05\x06", 10, 2}, {"PK\x05\x06", 12, 4}, {"PK\x05\x06", 16, 4}, {"PK\x05\x06", 20, 2},
      {"PK\x01\x02", 8, 2},  {"PK\x01\x02", 10, 2}, {"PK\x01\x02", 20, 4}, {"PK\x01\x02", 24, 4}, {"PK\x01\x02", 28, 2},
      {"PK\x01\x02", 30, 2}, {"PK\x01\x02", 32, 2}, {"PK\x01\x02", 42, 4}, {"PK\x03\x04", 26, 2}, {"PK\x03\x04", 28, 2}};
  for (const Seed& seed : seeds()) {
    if (seed.bytes.size() > 20000) continue;
    Count count;
    for (const Field& field : fields)
      for (std::size_t at = seed.bytes.find(field.signature); at != std::string::npos;
           at = seed.bytes.find(field.signature, at + 1))
        for (const std::uint32_t lie : lies) {
          std::string bytes = seed.bytes;
          if (at + field.at + field.width > bytes.size()) continue;
          std::memcpy(bytes.data() + at + field.at, &lie, field.width);
          try_read(bytes, count);
        }
    EXPECT_GT(count.refused, 0U) << seed.name;
  }
}

Members unpacked(const std::string& bytes) {
  Container container(bytes, "seed");
  Members out;
  for (const std::string& name : container.names()) out.emplace_back(name, container.unpack(name));
  return out;
}

/// The checksums of the zip hide what lies inside, so the members themselves are damaged and packed again.
TEST(NdaxFuzz, SurvivesDamagedMembers) {
  constexpr std::array<std::uint32_t, 8> lies = {0, 1, 2, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
  for (const Seed& seed : seeds()) {
    const Members sound = unpacked(seed.bytes);
    std::mt19937 random(4711);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 500); ++k) {
      Members members = sound;
      std::string& bytes = members[random() % members.size()].second;
      for (std::size_t hits = 1 + random() % 6; hits > 0 && bytes.size() > 8; --hits) {
        // Half of the hits go where headers, bitmaps and first records stand.
        const std::size_t at = random() % 2 == 0 ? random() % (bytes.size() - 4)
                                                 : std::min(bytes.size() - 5, random() % (bytes.size() / 4096 + 1) * 4096 + random() % 240);
        if (random() % 2 == 0) bytes[at] ^= static_cast<char>(1U << random() % 8);
        else ndax_builder::place(bytes, at, lies[random() % lies.size()]);
      }
      try_read(ndax_builder::zip(members, false), count);
    }
    EXPECT_GT(count.read, 0U) << seed.name << ": most damage inside costs no rows";
  }
}

TEST(NdaxFuzz, SurvivesMembersCutAnywhere) {
  for (const Seed& seed : seeds()) {
    const Members sound = unpacked(seed.bytes);
    std::mt19937 random(99);
    Count count;
    for (std::size_t k = 0; k < rounds(seed, 200); ++k) {
      Members members = sound;
      std::string& bytes = members[k % members.size()].second;
      bytes.resize(random() % (bytes.size() + 1));
      try_read(ndax_builder::zip(members, false), count);
    }
    EXPECT_GT(count.read, 0U) << seed.name;
  }
}

TEST(NdaxFuzz, SurvivesMembersOfOtherGenerations) {
  const std::vector<Seed> all = seeds();
  for (const Seed& one : all)
    for (const Seed& other : all) {
      if (one.bytes.size() > 20000 || other.bytes.size() > 20000) continue;
      const Members from = unpacked(other.bytes);
      for (std::size_t k = 0; k < from.size(); ++k) {
        Members members = unpacked(one.bytes);
        std::erase_if(members, [&](const auto& m) { return m.first == from[k].first; });
        members.push_back(from[k]);
        Count count;
        try_read(ndax_builder::zip(members, false), count);
      }
    }
}

TEST(NdaxFuzz, RefusesABombWithoutUnpackingIt) {
  // 64 MiB of zeros in some 64 kB are legal deflate: unpacked once, seen to be no .ndc member, refused.
  Members members = built(17);
  members[3].second = std::string(std::size_t{1} << 26, '\0');
  const std::string bytes = ndax_builder::zip(members);
  ASSERT_LT(bytes.size(), 200000U);
  Count count;
  try_read(bytes, count);
  EXPECT_EQ(count.refused, 1U);
  Container container(bytes, "bomb", {.member_bytes = 1 << 20});
  EXPECT_THROW(container.unpack("data.ndc"), Error) << "with a lower limit not even unpacked";
}

} // namespace
} // namespace platen
