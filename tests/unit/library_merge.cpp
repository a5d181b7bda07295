// Two libraries become one without loss; a bundle of one is another lab's library.

#include "library_made_up.hpp"

#include "library/bundle.hpp"

namespace platen::library::test {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class LibraryMerge : public TwoLibraries {};

TEST_F(LibraryMerge, NewCellsComeWithEverything) {
  Library ours = fresh(), theirs = other();
  ours.add(made_up(1));
  Entry e = made_up(2);
  e.judgement.rules = make_rules({{"drop_share", 0.25, "1"}});
  const Known cell = theirs.add(e).cell;
  theirs.overrule(cell.id, Verdict::healthy, "cable");
  const Remembered before = theirs.remember(cell);
  Entry again = e;
  again.judgement.verdict = "soft short";
  again.facts[0].value = 2e-4;
  theirs.rejudge(before, again);
  theirs.add(made_up(3));
  theirs.remove(theirs.named("A3").id, "coin cell");
  const Merged merged = ours.merge(theirs);
  EXPECT_EQ(merged.cells, 2u);
  EXPECT_EQ(merged.known, 0u);
  EXPECT_EQ(conflicts(merged), "");
  const auto same = [&](const std::string& sql) {
    const std::string theirs_has = one(theirs, sql);
    EXPECT_EQ(one(ours, sql), theirs_has) << sql;
    EXPECT_GT(theirs_has.size(), 20u);
  };
  const std::string of = "WHERE cell IN (SELECT id FROM cells WHERE name <> 'A1') ORDER BY ";
  same("fingerprint, name, row_count, added_at, removed_reason FROM cells WHERE name <> 'A1' ORDER BY name");
  same("role, path, sha256, size_bytes, content, is_current FROM files " + of + "cell, sha256, role");
  same("key, value, unit, text, source, stated_at, is_current FROM preparation " + of + "cell, id");
  same("verdict, judged_at, rules, program, is_current, ccd_failing_step_A_m2, answer FROM judgements " + of + "cell, id");
  same("key, value, unit, text, basis FROM study_values " + of + "cell, key");
  same("key, value FROM metadata " + of + "cell, key");
  same("written_at, text FROM notes " + of + "cell, id");
  same("verdict, reason, stated_at FROM overrules " + of + "cell, id");
  same("rules, name, value, unit FROM thresholds ORDER BY rules, name");
  same("path FROM inputs " + of + "cell");
  EXPECT_TRUE(ours.check().empty());
}

TEST_F(LibraryMerge, TheSecondTimeNothingIsNew) {
  Library ours = fresh(), theirs = other();
  ours.add(made_up(1));
  Entry e = made_up(1);
  e.facts[2].value = 7e6;
  theirs.add(e);
  theirs.add(made_up(2));
  EXPECT_GT(ours.merge(theirs).conflicts.size(), 0u);
  const auto before = ours.everything();
  const Merged again = ours.merge(theirs);
  EXPECT_EQ(again.cells + again.judgements + again.notes + again.facts + again.overrules, 0u);
  EXPECT_EQ(again.known, 2u);
  EXPECT_TRUE(again.conflicts.empty());
  const auto after = ours.everything();
  for (std::size_t k = 0; k < before.size(); ++k) EXPECT_EQ(to_csv(before[k]), to_csv(after[k]));
}

TEST_F(LibraryMerge, WhatTheTwoSayDifferentlyIsToldAndKept) {
  Library ours = fresh(), theirs = other();
  const Known cell = ours.add(made_up(1)).cell;
  Entry e = made_up(1);
  e.facts[2].value = 7e6;
  e.facts.push_back({"temperature", 333.15, "K", "", "cell file"});
  e.judgement.verdict = "healthy";
  e.judgement.answer = "{\"other\": 1}";
  e.notes = {"note of the other lab"};
  const Known there = theirs.add(e).cell;
  ours.overrule(cell.id, Verdict::healthy, "ours");
  theirs.overrule(there.id, Verdict::soft_short, "theirs");
  theirs.remove(there.id, "broken");
  const Merged merged = ours.merge(theirs);
  EXPECT_EQ(merged.known, 1u);
  EXPECT_EQ(merged.facts, 2u);
  EXPECT_EQ(merged.judgements, 1u);
  EXPECT_EQ(merged.overrules, 1u);
  const std::string said = conflicts(merged);
  EXPECT_THAT(said, HasSubstr("stack_pressure is 5000000 Pa here and 7000000 Pa there"));
  EXPECT_THAT(said, HasSubstr("judged hard short here"));
  EXPECT_THAT(said, HasSubstr("both libraries overrule"));
  EXPECT_THAT(said, HasSubstr("removed there (broken)"));
  EXPECT_EQ(merged.conflicts.size(), 4u);
  EXPECT_EQ(one(ours, "judged, stack_pressure_MPa, temperature_degC, removed FROM overview"),
            "judged,stack_pressure_MPa,temperature_degC,removed\nhard short,5,60,0\n");
  EXPECT_EQ(count(ours, "preparation WHERE key = 'stack_pressure' AND value = 7e6 AND is_current = 0"), 1);
  EXPECT_EQ(count(ours, "notes WHERE text = 'note of the other lab' OR text LIKE '%broken%'"), 2);
  EXPECT_TRUE(ours.check().empty());
}

TEST_F(LibraryMerge, ANameThatIsTakenIsChangedAndSaid) {
  Library ours = fresh(), theirs = other();
  ours.add(made_up(1, "pellet"));
  theirs.add(made_up(2, "pellet"));
  EXPECT_THAT(conflicts(ours.merge(theirs)), HasSubstr("it is called `pellet (2)` here"));
}

class LibraryBundle : public LibraryMerge {
protected:
  /// A cell whose data, a file beside them and the cell file exist.
  Entry real() {
    fs::create_directories(folder / "raw" / "logs");
    const auto put = [&](const fs::path& at, const std::string& text) {
      std::ofstream(folder / "raw" / at) << text;
      return File{"data", (folder / "raw" / at).string(), sha256(text), static_cast<std::int64_t>(text.size()), ""};
    };
    Entry e = made_up(1);
    e.files = {put("a.csv", "data"), put("logs/load.csv", "log"), put("a.cell.toml", "area")};
    e.files[1].role = "beside";
    e.files[2].role = "cell file";
    e.inputs = {{folder / "raw" / "a.csv"}, {e.files[0]}, e.files[0].sha256};
    return e;
  }
  static void nothing(double) {}
};

TEST_F(LibraryBundle, AnotherLabFindsDataAndVerdicts) {
  Library ours = fresh();
  ours.add(real());
  const Bundled bundled = write_bundle(ours, folder / "bundle", nothing);
  EXPECT_EQ(bundled.files, 3u);
  EXPECT_TRUE(bundled.missing.empty());
  fs::create_directory(folder / "lab2");
  fs::rename(folder / "bundle", folder / "lab2" / "received");
  fs::remove_all(folder / "raw");
  Library::create(folder / "lab2" / "own.sqlite", "platen test");
  Library theirs(folder / "lab2" / "own.sqlite", Access::write);
  Library received(library_in(folder / "lab2" / "received"), Access::read);
  EXPECT_EQ(theirs.merge(received).cells, 1u);
  const Remembered cell = theirs.remember(theirs.named("A1"));
  ASSERT_EQ(cell.files.size(), 3u);
  for (const Whereabouts& f : cell.files) EXPECT_EQ(fault_of(f, "A1"), std::nullopt) << f.path;
  EXPECT_EQ(cell.inputs[0].path, cell.files[0].path);
  const fs::path home = cell.inputs[0].path.parent_path();
  EXPECT_EQ(cell.files[1].path, home / "logs" / "load.csv") << "files keep their places relative to one another";
}

TEST_F(LibraryBundle, FilesThatAreGoneOrChangedAreSaid) {
  Library ours = fresh();
  ours.add(real());
  std::ofstream(folder / "raw" / "a.csv") << "other data";
  fs::remove(folder / "raw" / "a.cell.toml");
  const Bundled bundled = write_bundle(ours, folder / "bundle", nothing);
  ASSERT_EQ(bundled.missing.size(), 2u);
  EXPECT_EQ(bundled.missing[0].code, "D507");
  EXPECT_EQ(bundled.missing[1].code, "D506");
  EXPECT_EQ(bundled.files, 1u);
}

TEST_F(LibraryBundle, NothingIsLeftOfABundleThatWasStopped) {
  Library ours = fresh();
  ours.add(real());
  EXPECT_THROW(write_bundle(ours, folder / "bundle", [](double) { throw Cancelled(); }), Cancelled);
  for (const auto& entry : fs::directory_iterator(folder)) EXPECT_THAT(entry.path().filename().string(), ::testing::AnyOf("raw", "lab.sqlite"));
  fs::create_directory(folder / "bundle");
  EXPECT_EQ(code_of([&] { write_bundle(ours, folder / "bundle", nothing); }), "U020");
  EXPECT_EQ(code_of([&] { library_in(folder / "bundle"); }), "D511");
}

} // namespace
} // namespace platen::library::test
