// A journal keeps every record that was written whole, and refuses whatever no interrupted writer leaves.
#include "base/error.hpp"
#include "base/file.hpp"
#include "work/journal.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <thread>
#include <unistd.h>

namespace {

using namespace platen;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Journal : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "platen-journal-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    path = folder / "j";
  }
  void TearDown() override { fs::remove_all(folder); }

  std::vector<std::string> texts() const {
    work::JournalReader reader(path);
    std::vector<std::string> out;
    for (std::string_view text; reader.next(text);) out.emplace_back(text);
    return out;
  }
  /// The code of what reading it (or writing on) throws.
  std::string fault(bool write = false) const {
    try {
      if (write) work::JournalWriter(path, "mine");
      else texts();
    } catch (const Error& e) {
      return e.diagnostics().front().code;
    }
    return "none";
  }

  fs::path folder, path;
};

TEST(Crc32, OfTheCheckString) {
  EXPECT_EQ(work::crc32("123456789"), 0xCBF43926U); // the check value that catalogues of CRCs list for this one
  EXPECT_EQ(work::crc32(""), 0U);
}

TEST_F(Journal, GivesBackWhatWasWritten) {
  {
    work::JournalWriter writer(path, "mine");
    writer.append("one");
    writer.append("");
    writer.sync();
  }
  {
    work::JournalWriter writer(path, "mine"); // goes on
    writer.append("three, with \"quotes\" and \xC3\xA9");
  }
  EXPECT_EQ(texts(), (std::vector<std::string>{"one", "", "three, with \"quotes\" and \xC3\xA9"}));
  work::JournalReader reader(path);
  EXPECT_EQ(reader.head(), "mine");
  std::string_view text;
  std::vector<std::uint64_t> offsets;
  while (reader.next(text)) offsets.push_back(reader.offset());
  EXPECT_EQ(reader.at(offsets[0]), "one");
  EXPECT_EQ(reader.at(offsets[2]).substr(0, 5), "three");
  EXPECT_EQ(reader.sound(), fs::file_size(path));
}

TEST_F(Journal, EveryCutLeavesTheWholeRecordsBeforeIt) {
  {
    work::JournalWriter writer(path, "mine");
    for (const char* text : {"one", "two", "three"}) writer.append(text);
  }
  const std::string whole = read_file(path);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, length);
    const std::size_t lines = static_cast<std::size_t>(std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length), '\n'));
    EXPECT_EQ(texts().size(), lines == 0 ? 0 : lines - 1) << length;
    {
      work::JournalWriter writer(path, "mine");
      writer.append("after");
    }
    const auto now = texts();
    ASSERT_EQ(now.size(), (lines == 0 ? 0 : lines - 1) + 1) << length;
    EXPECT_EQ(now.back(), "after");
    EXPECT_EQ(now.front(), lines > 1 ? "one" : "after");
  }
}

TEST_F(Journal, EveryFlippedBitOfAWholeLineIsFound) {
  {
    work::JournalWriter writer(path, "mine");
    for (const char* text : {"one", "two", "three"}) writer.append(text);
  }
  const std::string whole = read_file(path);
  for (std::size_t at = 0; at + 1 < whole.size(); ++at) { // the last line end alone would make a torn tail of its record
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      std::ofstream(path, std::ios::binary) << damaged;
      const std::string code = fault();
      const bool checksum_letter = (whole[at] >= 'a' && whole[at] <= 'f' && bit == 5); // "A" and "a" are the same digit
      EXPECT_TRUE(code == "D520" || code == "D521" || checksum_letter) << at << " bit " << bit << ": " << code;
      EXPECT_EQ(fault(true), code);
      if (checksum_letter) continue;
      EXPECT_EQ(read_file(path), damaged) << "what is refused is not touched";
    }
  }
}

TEST_F(Journal, OfAnotherIsRefused) {
  { work::JournalWriter writer(path, "theirs"); }
  EXPECT_EQ(fault(true), "D522");
  write_file(path, "run,replicate\n0,1\n");
  EXPECT_EQ(fault(true), "D520");
  EXPECT_EQ(fault(), "D520");
  EXPECT_EQ(read_file(path), "run,replicate\n0,1\n");
  for (const std::string notes : {"x", "my notes", "my notes of today", "0123456 "}) {
    write_file(path, notes);
    EXPECT_EQ(fault(true), "D520") << notes;
    EXPECT_EQ(read_file(path), notes) << "short as it is";
  }
}

TEST_F(Journal, OneWriterAtATime) {
  std::optional<work::JournalWriter> writer;
  writer.emplace(path, "mine");
  EXPECT_EQ(fault(true), "D523");
  writer.reset();
  EXPECT_EQ(fault(true), "none");
}

TEST_F(Journal, ThreadsShareAWriter) {
  {
    work::JournalWriter writer(path, "mine");
    std::vector<std::jthread> pool;
    for (int t = 0; t < 4; ++t)
      pool.emplace_back([&, t] {
        for (int k = 0; k < 500; ++k) writer.append(std::to_string(t) + " " + std::string(static_cast<std::size_t>(k), 'x'));
      });
  }
  EXPECT_EQ(texts().size(), 2000u);
}

TEST_F(Journal, ALongRecordIsReadAndAnEndlessOneRefused) {
  {
    work::JournalWriter writer(path, "mine");
    writer.append(std::string(300'000, 'y'));
    writer.append("after");
  }
  work::JournalReader reader(path);
  std::string_view text;
  ASSERT_TRUE(reader.next(text));
  EXPECT_EQ(text.size(), 300'000u);
  EXPECT_EQ(reader.at(reader.offset()).size(), 300'000u);
  write_file(path, read_file(path) + std::string(3'000'000, 'z'));
  EXPECT_EQ(fault(), "D521");
}

} // namespace
