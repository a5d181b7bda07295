// Inheritance: what wins, and which file a value is said to come from.
#include "base/file.hpp"
#include "config/table.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

using namespace platen;
using config::Document;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

class ConfigExtends : public testing::Test {
protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / fmt::format("platen-extends-{}-{}", info->name(), getpid());
    fs::create_directories(folder_ / "sub");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const { write_file(folder_ / name, text); }

  std::vector<Diagnostic> faults_of(const std::string& name) const {
    try {
      Document::read(folder_ / name);
    } catch (const Error& error) {
      return error.diagnostics();
    }
    return {};
  }

  fs::path folder_;
};

TEST_F(ConfigExtends, TablesMergeScalarsAndListsReplace) {
  write("base.toml", "a = 1\nlist = [\"x\", \"y\"]\n[t]\nb = 2\nc = 3\n[t.u]\nd = 4\n");
  write("sub/top.toml", "extends = \"../base.toml\"\nlist = [\"z\"]\n[t]\nc = 30\n[t.u]\ne = 5\n");
  const Document d = Document::read(folder_ / "sub/top.toml");
  const config::Table root = d.root();
  EXPECT_EQ(root.quantity({.key = "a"}), 1);
  ASSERT_EQ(root.texts("list").size(), 1u);
  EXPECT_EQ(root.texts("list")[0].value(), "z");
  const config::Table t = root.table("t");
  EXPECT_EQ(t.quantity({.key = "b"}), 2);
  EXPECT_EQ(t.quantity({.key = "c"}), 30);
  EXPECT_EQ(t.table("u").quantity({.key = "d"}), 4);
  EXPECT_EQ(t.table("u").quantity({.key = "e"}), 5);
  EXPECT_NO_THROW(d.finish());
  EXPECT_EQ(t.origin("b"), (folder_ / "base.toml").string() + ":4");
  EXPECT_EQ(t.origin("c"), (folder_ / "sub/top.toml").string() + ":4");
  EXPECT_EQ(t.folder("b"), folder_);
  EXPECT_EQ(t.folder("c"), folder_ / "sub");
  ASSERT_EQ(d.sources().size(), 2u);
  EXPECT_THAT(d.sources()[1].first, HasSubstr("base.toml"));
}

TEST_F(ConfigExtends, FaultsOfFileAndBaseComeTogether) {
  write("base.toml", "wrong_in_base = 1\n");
  write("top.toml", "extends = \"base.toml\"\nwrong_in_top = 1\n");
  const Document d = Document::read(folder_ / "top.toml");
  d.root().has("right");
  try {
    d.finish();
    FAIL();
  } catch (const Error& error) {
    ASSERT_EQ(error.diagnostics().size(), 2u);
    EXPECT_THAT(error.diagnostics()[0].place->file, HasSubstr("top.toml"));
    EXPECT_THAT(error.diagnostics()[1].place->file, HasSubstr("base.toml"));
    EXPECT_EQ(error.diagnostics()[1].place->text, "wrong_in_base = 1");
  }
}

TEST_F(ConfigExtends, MissingBaseNamesPlaceAndFolder) {
  write("top.toml", "\nextends = \"nosuch.toml\"\n");
  const auto faults = faults_of("top.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C002");
  EXPECT_EQ(faults[0].place->line, 2u);
  EXPECT_EQ(faults[0].place->column, 11u);
}

TEST_F(ConfigExtends, CirclesAndDepthAreRefused) {
  write("a.toml", "extends = \"b.toml\"\n");
  write("b.toml", "extends = \"./sub/../a.toml\"\n");
  auto faults = faults_of("a.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C003");
  EXPECT_THAT(faults[0].place->file, HasSubstr("b.toml"));
  for (int k = 0; k < 20; ++k)
    write(fmt::format("c{}.toml", k), fmt::format("extends = \"c{}.toml\"\n", k + 1));
  write("c20.toml", "a = 1\n");
  faults = faults_of("c0.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C003");
  EXPECT_TRUE(faults_of("c10.toml").empty());
}

TEST_F(ConfigExtends, SyntaxFaultInTheBaseIsPlacedThere) {
  write("base.toml", "a = \n");
  write("top.toml", "extends = \"base.toml\"\n");
  const auto faults = faults_of("top.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C001");
  EXPECT_THAT(faults[0].place->file, HasSubstr("base.toml"));
}

TEST_F(ConfigExtends, ExtendsMustBeText) {
  write("top.toml", "extends = 3\n");
  const auto faults = faults_of("top.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C010");
}

TEST_F(ConfigExtends, BuiltInsAreFoundBeforePaths) {
  const config::FindBuiltIn find = [](std::string_view name) -> std::optional<config::BuiltIn> {
    if (name != "Base") return std::nullopt;
    return config::BuiltIn{"set Base", "a = 1\n"};
  };
  const Document d = Document::parse("extends = \"Base\"\n", "mine.toml", {}, find);
  EXPECT_EQ(d.root().quantity({.key = "a"}), 1);
  EXPECT_EQ(d.root().origin("a"), "set Base:1");
}

TEST_F(ConfigExtends, HugeFilesAreRefusedBeforeTheyAreRead) {
  write("big.toml", std::string(5U << 20U, '#'));
  const auto faults = faults_of("big.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C012");
}

TEST_F(ConfigExtends, AbsentFileIsD001) {
  const auto faults = faults_of("absent.toml");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "D001");
}

} // namespace
