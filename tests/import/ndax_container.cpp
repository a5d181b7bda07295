// The zip helper: what it reads, what it refuses, and that a false length never decides how much memory is taken.
#include "import/container.hpp"

#include "ndax_builder.hpp"

#include <gtest/gtest.h>

namespace platen {
namespace {

std::string code_of(const auto& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.diagnostics().front().code;
  }
  return "nothing thrown";
}

const ndax_builder::Members two = {{"a.txt", "first"}, {"folder/b.txt", std::string(5000, 'b')}};

/// Offset of the first entry of the table of members.
std::size_t table_of(const std::string& zip) { return zip.find("PK\x01\x02"); }

TEST(NdaxContainer, UnpacksStoredAndDeflatedMembers) {
  for (const bool packed : {false, true}) {
    const std::string zip = ndax_builder::zip(two, packed);
    Container container(zip, "two.zip");
    EXPECT_EQ(container.names(), (std::vector<std::string>{"a.txt", "folder/b.txt"}));
    EXPECT_TRUE(container.has("a.txt"));
    EXPECT_FALSE(container.has("c.txt"));
    for (const auto& [name, bytes] : two) EXPECT_EQ(container.unpack(name), bytes);
  }
}

TEST(NdaxContainer, FindsTheTableBehindAComment) {
  std::string zip = ndax_builder::zip(two);
  ndax_builder::place(zip, zip.size() - 2, std::uint16_t{11});
  zip += "hello there";
  EXPECT_EQ(Container(zip, "x").unpack("a.txt"), "first");
}

TEST(NdaxContainer, ReadsZip64) {
  const std::string plain = ndax_builder::zip({{"a.txt", "first"}}, false);
  const std::size_t table = table_of(plain);
  std::string entry = plain.substr(table, 46 + 5);
  for (const std::size_t at : {20, 24, 42}) ndax_builder::place(entry, at, 0xFFFFFFFFU);
  ndax_builder::place(entry, 30, std::uint16_t{28});
  ndax_builder::put<std::uint16_t>(entry, 1);
  ndax_builder::put<std::uint16_t>(entry, 24);
  for (const std::uint64_t value : {5, 5, 0}) ndax_builder::put<std::uint64_t>(entry, value);
  std::string zip = plain.substr(0, table) + entry;
  const std::uint64_t end64 = zip.size();
  ndax_builder::put<std::uint32_t>(zip, 0x06064b50);
  ndax_builder::put<std::uint64_t>(zip, 44);
  zip.append(12, '\0');
  for (const std::uint64_t value : {std::uint64_t{1}, std::uint64_t{1}, std::uint64_t{entry.size()}, std::uint64_t{table}})
    ndax_builder::put(zip, value);
  ndax_builder::put<std::uint32_t>(zip, 0x07064b50);
  ndax_builder::put<std::uint32_t>(zip, 0);
  ndax_builder::put(zip, end64);
  ndax_builder::put<std::uint32_t>(zip, 1);
  ndax_builder::put<std::uint32_t>(zip, 0x06054b50);
  ndax_builder::put<std::uint32_t>(zip, 0);
  for (int k = 0; k < 2; ++k) ndax_builder::put<std::uint16_t>(zip, 0xFFFF);
  for (int k = 0; k < 2; ++k) ndax_builder::put<std::uint32_t>(zip, 0xFFFFFFFF);
  ndax_builder::put<std::uint16_t>(zip, 0);
  EXPECT_EQ(Container(zip, "x").unpack("a.txt"), "first");
}

TEST(NdaxContainer, SaysWhatIsNoZip) {
  EXPECT_EQ(code_of([] { Container("", "x"); }), "D030");
  EXPECT_EQ(code_of([] { Container("time,voltage\n0,3.1\n1,3.2\n2,3.3\n", "x"); }), "D030");
  const std::string zip = ndax_builder::zip(two);
  try {
    Container(std::string_view(zip).substr(0, zip.size() - 30), "cut.ndax");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "D030");
    EXPECT_NE(e.diagnostics().front().message.find("cut.ndax"), std::string::npos);
    EXPECT_NE(e.diagnostics().front().message.find("begins like a zip"), std::string::npos);
    EXPECT_FALSE(e.diagnostics().front().hints.empty());
  }
}

TEST(NdaxContainer, NamesTheMembersThereAre) {
  const std::string zip = ndax_builder::zip(two);
  try {
    Container(zip, "two.zip").unpack("data.ndc");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "D033");
    EXPECT_NE(e.diagnostics().front().hints.front().find("folder/b.txt"), std::string::npos);
  }
}

TEST(NdaxContainer, RefusesDamagedMembers) {
  const std::string good = ndax_builder::zip(two);
  const std::size_t entry = table_of(good);
  const auto changed = [&](std::size_t at, auto value) {
    std::string zip = good;
    ndax_builder::place(zip, at, value);
    return code_of([&] { Container(zip, "x").unpack("a.txt"); });
  };
  EXPECT_EQ(changed(entry + 16, std::uint32_t{1}), "D031") << "checksum";
  EXPECT_EQ(changed(entry + 8, std::uint16_t{1}), "D031") << "encrypted";
  EXPECT_EQ(changed(entry + 10, std::uint16_t{12}), "D031") << "method";
  EXPECT_EQ(changed(entry + 20, std::uint32_t{1U << 30}), "D031") << "packed length beyond the file";
  EXPECT_EQ(changed(entry + 24, std::uint32_t{4}), "D031") << "unpacked length too short";
  EXPECT_EQ(changed(entry + 42, std::uint32_t{3}), "D031") << "offset";
  EXPECT_EQ(changed(entry + 42, 0xFFFFFFF0U), "D031") << "offset beyond the file";
}

TEST(NdaxContainer, NeverTrustsALength) {
  std::string zip = ndax_builder::zip(two);
  ndax_builder::place(zip, table_of(zip) + 24, 0x40000000U); // 1 GiB from a few bytes, below the limit of a member
  EXPECT_EQ(code_of([&] { Container(zip, "x").unpack("a.txt"); }), "D032");
}

TEST(NdaxContainer, KeepsItsLimits) {
  const std::string zip = ndax_builder::zip(two);
  EXPECT_EQ(code_of([&] { Container(zip, "x", {.members = 1}); }), "D032");
  EXPECT_EQ(code_of([&] { Container(zip, "x", {.member_bytes = 4999}).unpack("folder/b.txt"); }), "D032");
  EXPECT_EQ(code_of([&] { Container(zip, "x", {.member_bytes = 5000}).unpack("folder/b.txt"); }), "nothing thrown");
  Container small(zip, "x", {.total_bytes = 9999});
  small.unpack("folder/b.txt");
  EXPECT_EQ(code_of([&] { small.unpack("folder/b.txt"); }), "D032") << "all calls count together";
}

} // namespace
} // namespace platen
