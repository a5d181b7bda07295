// The format documents say what the program does.
#include "base/file.hpp"
#include "physics/parameters.hpp"
#include "study/read.hpp"
#include "study/sections.hpp"
#include "study/sentence.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace {

using namespace platen;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string doc(const std::string& name) { return read_file(fs::path(PLATEN_SOURCE_DIR) / "docs" / name); }

TEST(StudyDocs, EveryParameterIsDescribed) {
  const std::string text = doc("formats/parameter-set.md");
  for (const physics::ParameterInfo& row : physics::parameter_registry())
    EXPECT_NE(text.find("| `" + std::string(row.name) + "` |"), std::string::npos) << row.name;
}

TEST(StudyDocs, EverySwitchAndVerbIsDescribed) {
  const std::string text = doc("formats/study.md");
  for (const MechanismInfo& row : mechanism_registry())
    EXPECT_NE(text.find("| `" + std::string(row.name) + "` | " + std::string(row.description)),
              std::string::npos)
        << row.name;
  for (const SentenceForm& form : sentence_forms())
    EXPECT_NE(text.find(form.verb), std::string::npos) << form.verb;
}

TEST(StudyDocs, SentencesOfTheTableAreReadable) {
  const std::string text = doc("formats/study.md");
  const std::size_t from = text.find("| sentence | what it does |");
  ASSERT_NE(from, std::string::npos);
  std::size_t read = 0;
  for (std::size_t at = text.find("\n| `", from);
       at != std::string::npos && at < text.find("The grammar.", from); at = text.find("\n| `", at + 1)) {
    const std::size_t begin = at + 4;
    const std::string sentence = text.substr(begin, text.find('`', begin) - begin);
    EXPECT_NO_THROW(parse_sentence(sentence)) << sentence;
    ++read;
  }
  EXPECT_EQ(read, 17u);
}

/// Every quoted code "C012" in the sources of a room.
std::set<std::string> codes_of(const std::string& room) {
  std::set<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(PLATEN_SOURCE_DIR) / "src" / room)) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = read_file(entry.path());
    for (std::size_t at = text.find("\"C"); at != std::string::npos; at = text.find("\"C", at + 1)) {
      const std::string code = text.substr(at + 1, 4);
      if (text.substr(at + 5, 1) == "\"" && code.find_first_not_of("0123456789", 1) == std::string::npos)
        out.insert(code);
    }
  }
  return out;
}

TEST(StudyDocs, EveryCodeIsListed) {
  const std::string text = doc("errors.md");
  std::size_t count = 0;
  for (const char* room : {"config", "material", "study"})
    for (const std::string& code : codes_of(room)) {
      EXPECT_NE(text.find("\n| " + code + " |"), std::string::npos) << code << " of " << room;
      ++count;
    }
  EXPECT_GE(count, 45u);
}

} // namespace
