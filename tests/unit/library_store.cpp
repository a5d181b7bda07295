// What goes into a library comes out again, and nothing that was said of a cell is lost.

#include "library_made_up.hpp"

namespace platen::library::test {
namespace {

using ::testing::HasSubstr;

using LibraryStore = LibraryFolder;

TEST_F(LibraryStore, ACellComesBackWithEverything) {
  Library library = fresh();
  const Added added = library.add(made_up(1));
  EXPECT_TRUE(added.fresh);
  EXPECT_FALSE(added.renamed);
  const Remembered back = library.remember(added.cell);
  EXPECT_EQ(back.before.verdict, "hard short");
  EXPECT_EQ(back.before.ccd_failing_step, 12.5);
  EXPECT_EQ(back.before.onset, 3600.0);
  EXPECT_EQ(back.rules, current_rules().hash);
  EXPECT_EQ(back.program, "platen test");
  ASSERT_EQ(back.files.size(), 2u);
  EXPECT_EQ(back.files[0].role, "data");
  EXPECT_EQ(back.files[0].sha256, made_up(1).inputs.fingerprint);
  EXPECT_EQ(back.files[1].content, "area = \"1 cm2\"\n");
  ASSERT_EQ(back.given.size(), 1u); // what the data and the cell file say is read from them again
  EXPECT_EQ(back.given[0].key, "stack_pressure");
  EXPECT_EQ(back.given[0].value, 5e6);
  EXPECT_EQ(one(library, "key, value FROM metadata"), "key,value\nchannel,1\n");
  EXPECT_EQ(one(library, "json_extract(answer, '$.number') AS n FROM judgements"), "n\n1\n");
  EXPECT_EQ(one(library, "key, value, unit, text FROM study_values ORDER BY key"), "key,value,unit,text\ncell.area,1e-04,m2,1 cm2\nfixture.kind,,,springs\n");
  EXPECT_EQ(count(library, "notes WHERE text = 'note of 1'"), 1);
  EXPECT_GT(count(library, "thresholds"), 40);
}

TEST_F(LibraryStore, TheOverviewShowsWhatPeopleRead) {
  Library library = fresh();
  library.add(made_up(1));
  EXPECT_EQ(one(library, "stack_pressure_MPa, area_cm2, ccd_failing_step_mA_cm2, onset_h, electrolyte, temperature_degC FROM overview"),
            "stack_pressure_MPa,area_cm2,ccd_failing_step_mA_cm2,onset_h,electrolyte,temperature_degC\n5,1,1.25,1,LPSCl,\n");
}

TEST_F(LibraryStore, TemperaturesAreShownInDegreesCelsius) {
  Library library = fresh();
  Entry e = made_up(1);
  e.facts.push_back({"temperature", 313.15, "K", "", "cell file"});
  library.add(e);
  EXPECT_NEAR(std::get<double>(value(library, "SELECT temperature_degC FROM overview")), 40.0, 1e-9);
}

TEST_F(LibraryStore, TheSameDataAreStoredOnce) {
  Library library = fresh();
  library.add(made_up(1));
  const Added again = library.add(made_up(1, "other name"));
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(again.cell.name, "A1");
  EXPECT_EQ(count(library, "cells"), 1);
  EXPECT_EQ(count(library, "notes"), 1);
}

TEST_F(LibraryStore, TwoCellsMayWantOneName) {
  Library library = fresh();
  library.add(made_up(1, "pellet"));
  const Added second = library.add(made_up(2, "pellet"));
  EXPECT_TRUE(second.renamed);
  EXPECT_EQ(second.cell.name, "pellet (2)");
  EXPECT_EQ(library.add(made_up(3, "pellet")).cell.name, "pellet (3)");
  EXPECT_EQ(library.add(made_up(4, std::string(300, 'x'))).cell.name.size(), 190u);
}

TEST_F(LibraryStore, CellsAreNamedByNameIdOrChecksum) {
  Library library = fresh();
  const Known first = library.add(made_up(1, "A1")).cell;
  library.add(made_up(2, "A2"));
  EXPECT_EQ(library.named("A1").id, first.id);
  EXPECT_EQ(library.named(std::to_string(first.id)).name, "A1");
  EXPECT_EQ(library.named(made_up(1).inputs.fingerprint.substr(0, 8)).name, "A1");
  EXPECT_EQ(code_of([&] { library.named("A22"); }), "U023");
  EXPECT_THAT(words(), HasSubstr("did you mean `A2`?"));
}

TEST_F(LibraryStore, JudgingAgainKeepsWhatWasJudgedBefore) {
  Library library = fresh();
  const Known cell = library.add(made_up(1)).cell;
  const Remembered before = library.remember(cell);
  Entry now = made_up(1);
  now.judgement.verdict = "soft short";
  now.judgement.rules = make_rules({{"drop_share", 0.25, "1"}});
  now.facts[0].value = 2e-4;                         // the cell file was corrected
  now.facts.erase(now.facts.begin() + 1);            // and no longer names the electrolyte
  now.files[1].sha256 = sha256("other");
  EXPECT_TRUE(library.rejudge(before, now));
  EXPECT_EQ(one(library, "verdict, is_current FROM judgements ORDER BY id"), "verdict,is_current\nhard short,0\nsoft short,1\n");
  EXPECT_EQ(one(library, "value, is_current FROM preparation WHERE key = 'area' ORDER BY id"), "value,is_current\n1e-04,0\n2e-04,1\n");
  EXPECT_EQ(count(library, "preparation WHERE key = 'electrolyte' AND is_current = 1"), 0);
  EXPECT_EQ(count(library, "preparation WHERE key = 'stack_pressure' AND is_current = 1"), 1);
  EXPECT_EQ(count(library, "files WHERE role = 'cell file'"), 2);
  EXPECT_FALSE(library.rejudge(before, now)) << "another program was faster: its judgement must not be buried";
  EXPECT_EQ(count(library, "judgements"), 2);
}

TEST_F(LibraryStore, StaleAreThoseThatOtherRulesJudged) {
  Library library = fresh();
  Entry old = made_up(1);
  old.judgement.rules = make_rules({{"drop_share", 0.25, "1"}, {"gone", 3, "s"}});
  library.add(old);
  library.add(made_up(2));
  const auto stale = library.stale(current_rules(), false);
  ASSERT_EQ(stale.size(), 1u);
  EXPECT_EQ(stale[0].cell.name, "A1");
  EXPECT_EQ(library.stale(current_rules(), true).size(), 2u);
  const auto changes = library.changed_thresholds(stale[0].rules, current_rules());
  EXPECT_THAT(changes, ::testing::Contains("drop_share 0.25 -> 0.3"));
  EXPECT_THAT(changes, ::testing::Contains("gone is gone: 3 s"));
  EXPECT_THAT(changes, ::testing::Contains("drop_span is new: 60 s"));
}

TEST_F(LibraryStore, APersonsVerdictStandsOverTheProgramsAndCanBeWithdrawn) {
  Library library = fresh();
  const Known cell = library.add(made_up(1)).cell;
  library.overrule(cell.id, Verdict::healthy, "cable came off");
  EXPECT_EQ(one(library, "verdict, judged, overruled FROM overview"), "verdict,judged,overruled\nhealthy,hard short,1\n");
  library.overrule(cell.id, std::nullopt, "it was a short after all");
  EXPECT_EQ(one(library, "verdict, judged, overruled FROM overview"), "verdict,judged,overruled\nhard short,hard short,0\n");
  EXPECT_EQ(count(library, "overrules"), 2);
  EXPECT_EQ(code_of([&] { library.overrule(cell.id, Verdict::healthy, " "); }), "B030") << "the schema itself wants a reason";
}

TEST_F(LibraryStore, APersonsVerdictInTheAnswerStandsBesideTheProgramsOwn) {
  Library library = fresh();
  Entry e = made_up(1);
  e.judgement.verdict = "healthy";
  e.judgement.answer = R"({"overruled": [{"half_cycle": 3, "verdict": "healthy", "program_verdict": "fake stable"},
                                         {"half_cycle": null, "verdict": "healthy", "program_verdict": "hard short"}]})";
  library.add(e);
  EXPECT_EQ(one(library, "verdict, judged, overruled FROM overview"), "verdict,judged,overruled\nhealthy,hard short,1\n");
}

TEST_F(LibraryStore, RemovedCellsAreHiddenAndKept) {
  Library library = fresh();
  const Known cell = library.add(made_up(1)).cell;
  EXPECT_TRUE(library.remove(cell.id, "coin cell"));
  EXPECT_FALSE(library.remove(cell.id, "again"));
  EXPECT_TRUE(library.overview("", false).rows.empty());
  EXPECT_EQ(library.overview("", true).rows.size(), 1u);
  EXPECT_EQ(library.add(made_up(1)).cell.removed, "coin cell");
  EXPECT_TRUE(library.stale(current_rules(), true).empty());
  EXPECT_TRUE(library.restore(cell.id));
  EXPECT_FALSE(library.restore(cell.id));
  EXPECT_EQ(library.overview("", false).rows.size(), 1u);
  EXPECT_EQ(count(library, "notes WHERE text LIKE '%coin cell%'"), 1);
}

TEST_F(LibraryStore, FilesMoveWithTheLibrary) {
  std::filesystem::create_directory(folder / "raw");
  std::ofstream(folder / "raw" / "a.csv") << "x";
  {
    Library library = fresh();
    Entry e = made_up(1);
    e.inputs.paths = {folder / "raw" / "a.csv"};
    e.files[0].path = (folder / "raw" / "a.csv").string();
    library.add(e);
  }
  const auto moved = folder / "moved";
  std::filesystem::create_directory(moved);
  std::filesystem::rename(folder / "raw", moved / "raw");
  std::filesystem::rename(path, moved / "lab.sqlite");
  Library library(moved / "lab.sqlite", Access::read);
  const Remembered cell = library.remember(library.named("A1"));
  EXPECT_EQ(cell.inputs[0].path, moved / "raw" / "a.csv");
  EXPECT_EQ(cell.files[0].path, moved / "raw" / "a.csv");
  EXPECT_EQ(cell.files[1].path, "/lab/a.cell.toml") << "not below the library: stays where it was";
}

TEST_F(LibraryStore, AFaultInTheMiddleOfACellLeavesNothingOfIt) {
  Library library = fresh();
  Entry e = made_up(1);
  e.judgement.ccd_failing_step = 5.0; // below the step that was passed: the schema refuses it, after files and facts were written
  EXPECT_EQ(code_of([&] { library.add(e); }), "B030");
  for (const char* table : {"cells", "inputs", "files", "preparation", "metadata", "judgements", "notes"}) EXPECT_EQ(count(library, table), 0) << table;
  EXPECT_TRUE(library.add(made_up(1)).fresh);
}

TEST_F(LibraryStore, CheckFindsACellThatIsNotWhole) {
  Library library = fresh();
  library.add(made_up(1));
  EXPECT_TRUE(library.check().empty());
  {
    Connection raw(path, Access::write);
    raw.run("DELETE FROM judgements");
  }
  ASSERT_EQ(library.check().size(), 1u);
  EXPECT_THAT(library.check()[0].message, HasSubstr("`A1` is not whole"));
  {
    Connection raw(path, Access::write);
    raw.run("PRAGMA foreign_keys = OFF; DELETE FROM cells");
  }
  EXPECT_FALSE(library.check().empty());
  EXPECT_THAT(library.check()[0].message, HasSubstr("points to nothing in cells"));
}

TEST(LibraryRules, TheirChecksumChangesWithEveryThreshold) {
  const Rules rules = current_rules();
  for (std::size_t k = 0; k < rules.thresholds.size(); ++k) {
    auto changed = rules.thresholds;
    changed[k].value = std::nextafter(changed[k].value, 1e9);
    EXPECT_NE(make_rules(changed).hash, rules.hash) << rules.thresholds[k].name;
  }
  EXPECT_EQ(make_rules(rules.thresholds).hash, rules.hash);
}

TEST(LibraryFacts, KeysOfCellFilesWantTheirQuantity) {
  const Fact pressure = parse_fact("stack_pressure = 5 MPa");
  EXPECT_EQ(pressure.value, 5e6);
  EXPECT_EQ(pressure.unit, "Pa");
  EXPECT_EQ(pressure.text, "5 MPa");
  EXPECT_NEAR(*parse_fact("temperature=60 degC").value, 333.15, 1e-9);
  EXPECT_EQ(parse_fact("fixture=springs").text, "springs");
  for (const char* wrong : {"stack_pressure=5", "stack_pressure=5 mA", "area=-1 cm2", "fixture=rope", "configuration=coin", "batch", "=5", "batch="})
    EXPECT_THROW(parse_fact(wrong), Error) << wrong;
}

TEST(LibraryFacts, OtherKeysKeepNumbersWithUnitsAndWords) {
  const Fact milling = parse_fact("milling_time=2 h");
  EXPECT_EQ(milling.value, 7200.0);
  EXPECT_EQ(milling.unit, "s");
  EXPECT_FALSE(parse_fact("batch=7").value) << "a bare number has no unit: it stays a word";
  EXPECT_EQ(parse_fact("batch=7").text, "7");
  EXPECT_EQ(parse_fact("remark=2 cracks in the pellet").text, "2 cracks in the pellet");
}

TEST(LibraryFacts, WhatWasGivenGoesIntoTheCell) {
  CellInfo cell;
  apply(parse_fact("stack_pressure=5 MPa"), cell);
  apply(parse_fact("configuration=full"), cell);
  apply(parse_fact("batch=B7"), cell);
  EXPECT_EQ(cell.stack_pressure, 5e6);
  EXPECT_EQ(cell.configuration, Configuration::full);
}

} // namespace
} // namespace platen::library::test
