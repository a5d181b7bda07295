// The library as a lab uses it: add, look, judge again, exchange, and every way in which that is asked wrongly.

#include "process.hpp"

#include "base/file.hpp"
#include "library/library.hpp"

namespace platen::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

class LibraryVerbs : public Program {
protected:
  void SetUp() override {
    Program::SetUp();
    fs::create_directory(folder / "raw");
    for (const char* name : {"shorted.csv", "shorted.cell.toml", "healthy.csv", "healthy.cell.toml"})
      fs::copy_file(fs::path(PLATEN_SOURCE_DIR) / "examples" / name, folder / "raw" / name);
  }

  Said done(const std::vector<std::string>& arguments, int code = 0) {
    Said said = run(arguments);
    EXPECT_EQ(said.code, code) << said.out << said.err;
    return said;
  }
  void with_two_cells() {
    done({"library", "init"});
    done({"library", "add", "raw/shorted.csv", "raw/healthy.csv"});
  }
  /// One value out of the library.
  std::string ask(const std::string& sql) {
    const std::string out = done({"library", "query", "SELECT " + sql, "--to", "csv"}).out;
    return out.substr(out.find('\n') + 1, out.rfind('\n') - out.find('\n') - 1);
  }
  /// As if the cell had been judged by an earlier program with another threshold.
  void judged_by_other_rules(const std::string& name, const std::string& verdict) {
    library::Library library(folder / "library.sqlite", library::Access::write);
    const library::Remembered cell = library.remember(library.named(name));
    library::Entry entry;
    entry.facts = cell.given;
    for (const auto& f : cell.files) entry.files.push_back({f.role, f.stored, f.sha256, std::nullopt, f.content});
    entry.judgement = cell.before;
    entry.judgement.verdict = verdict;
    entry.judgement.program = "platen 0.0.9";
    entry.judgement.rules = library::make_rules({{"drop_share", 0.9, "1"}});
    entry.judgement.answer = "{}";
    ASSERT_TRUE(library.rejudge(cell, entry));
  }
};

TEST_F(LibraryVerbs, CellsGoInOnceAndComeOutJudged) {
  with_two_cells();
  const Said listed = done({"library", "list"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("shorted"), HasSubstr("0.889 - 1.02"), HasSubstr("> 1.27")));
  const Said again = done({"library", "add", "raw/shorted.csv"});
  EXPECT_THAT(again.out, HasSubstr("is in the library already, as `shorted`"));
  fs::rename(folder / "raw" / "shorted.csv", folder / "raw" / "renamed.csv");
  EXPECT_THAT(done({"library", "add", "raw/renamed.csv"}).out, HasSubstr("already, as `shorted`"));
  EXPECT_EQ(ask("count(*) FROM cells"), "2");
  const Said shown = done({"library", "show", "shorted"});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("stack_pressure_MPa"), HasSubstr(sha256(read_file(folder / "raw" / "renamed.csv")).substr(0, 12) + "..."), HasSubstr("cell file")));
  for (const char* line : {"area +0\\.785  cm2 ", "contact_hold_time +1  min ", "ccd_last_passed_mA_cm2 +ccd_failing_step_mA_cm2 +onset_h +capacity_to_failure_mAh_cm2", " 0\\.889172 +1\\.01618 +4\\.53"})
    EXPECT_THAT(shown.out, testing::ContainsRegex(line)) << "in the units that people read";
  EXPECT_EQ(ask("ccd_last_passed_A_m2 > 8.8 FROM judgements WHERE cell = (SELECT id FROM cells WHERE name = 'shorted')"), "1") << "kept in SI";
  EXPECT_EQ(ask("json_extract(answer, '$.verdict') FROM judgements WHERE cell = (SELECT id FROM cells WHERE name = 'shorted')"), "hard short");
}

TEST_F(LibraryVerbs, WhatThisProgramJudgesIsWhatIsStored) {
  with_two_cells();
  const std::string assessed = done({"assess", "raw/shorted.csv", "--json"}).out;
  const std::string shown = done({"library", "show", "shorted", "--json"}).out;
  for (const char* member : {"\"verdict\": \"hard short\"", "\"onset_half_cycle\": 15", "\"reason\": \"at 1.02 mA/cm2"}) {
    EXPECT_THAT(assessed, HasSubstr(member));
    EXPECT_THAT(shown, HasSubstr(member));
  }
}

TEST_F(LibraryVerbs, ABadFileDoesNotStopTheRest) {
  done({"library", "init"});
  write(folder / "bad.csv", "this is no data");
  const Said said = done({"library", "add", "bad.csv", "raw/shorted.csv", "gone.csv"}, 3);
  EXPECT_THAT(said.out, HasSubstr("added as `shorted`"));
  EXPECT_THAT(said.err, AllOf(HasSubstr("bad.csv"), HasSubstr("gone.csv"), HasSubstr("2 of 3 could not be added")));
  EXPECT_EQ(ask("count(*) FROM cells"), "1");
  const Said json = done({"library", "add", "bad.csv", "raw/healthy.csv", "--json"}, 3);
  EXPECT_THAT(json.out, AllOf(HasSubstr("platen.error/1"), HasSubstr("\"status\": \"added\"")));
}

TEST_F(LibraryVerbs, WhatIsGivenGoesBeforeTheCellFileAndIntoTheVerdict) {
  done({"library", "init"});
  done({"library", "add", "raw/shorted.csv", "--preparation", "area=1.57 cm2; batch=B7; milling_time=2 h", "--note", "a note"});
  EXPECT_EQ(ask("round(ccd_failing_step_mA_cm2, 3) FROM overview"), "0.508") << "twice the area, half the current density";
  EXPECT_EQ(ask("text FROM preparation WHERE key = 'batch'"), "B7");
  EXPECT_EQ(ask("value || unit FROM preparation WHERE key = 'milling_time'"), "7200.0s");
  EXPECT_EQ(ask("text FROM notes"), "a note");
  done({"library", "reassess", "--all"});
  EXPECT_EQ(ask("round(ccd_failing_step_mA_cm2, 3) FROM overview"), "0.508") << "what a person gave holds when the cell is judged again";
}

TEST_F(LibraryVerbs, FoldersAndJoinedFilesAreOneTest) {
  done({"library", "init"});
  const fs::path data = fs::path(PLATEN_SHARED_DATA) / "lili_soft_short";
  if (!fs::exists(data)) GTEST_SKIP() << "SHARED DATA ABSENT " << data;
  EXPECT_THAT(done({"library", "add", data.string()}).out, HasSubstr("added as `lili_soft_short`"));
  EXPECT_EQ(ask("count(*) FROM cells"), "1");
  EXPECT_GT(std::stoi(ask("count(*) FROM files WHERE role = 'data'")), 1);
  EXPECT_THAT(done({"library", "add", data.string()}).out, HasSubstr("already"));
  EXPECT_THAT(done({"library", "reassess", "--all"}).out, HasSubstr("lili_soft_short: unchanged"));
}

TEST_F(LibraryVerbs, ASimulatedCellBringsItsStudy) {
  done({"simulate", std::string(PLATEN_SOURCE_DIR) + "/studies/examples/first.toml", "--output", "first.h5"});
  done({"library", "init"});
  done({"library", "add", "first.h5"});
  EXPECT_EQ(ask("value || unit FROM study_values WHERE key = 'fabrication.densification_pressure'"), "370000000.0Pa");
  EXPECT_GT(std::stoi(ask("count(*) FROM study_values")), 80);
  EXPECT_EQ(ask("origin FROM cells"), "simulated");
  EXPECT_EQ(ask("role FROM files WHERE path LIKE '%first.toml'"), "origin");
}

TEST_F(LibraryVerbs, FiltersAndQueries) {
  with_two_cells();
  EXPECT_THAT(done({"library", "list", "--verdict", "healthy"}).out, AllOf(HasSubstr("healthy"), Not(HasSubstr("shorted"))));
  EXPECT_THAT(done({"library", "list", "--where", "ccd_failing_step_mA_cm2 > 1 -- all of it"}).out, AllOf(HasSubstr("shorted"), Not(HasSubstr("> 1.27"))));
  const Said none = done({"library", "list", "--where", "area_cm2 > 100"});
  EXPECT_EQ(none.out, "");
  EXPECT_THAT(none.err, HasSubstr("no cells"));
  const Said cut = done({"library", "query", "SELECT name FROM cells ORDER BY name", "--limit", "1", "--to", "csv"});
  EXPECT_EQ(cut.out, "name\nhealthy\n");
  EXPECT_THAT(cut.err, HasSubstr("only the first 1 rows"));
  EXPECT_THAT(done({"library", "query", "SELECT name, 1.5 AS x FROM cells", "--json"}).out, AllOf(HasSubstr("platen.library-query/1"), HasSubstr("1.5")));
}

TEST_F(LibraryVerbs, PublishedCcdsStandBesideOnesOwn) {
  with_two_cells();
  EXPECT_THAT(done({"library", "list", "--published"}).out, AllOf(HasSubstr("Li6PS5Cl"), HasSubstr("2.15")));
  EXPECT_THAT(done({"library", "list", "--published", "--json"}).out, HasSubstr("10.1016/j.ensm.2022.12.013"));
  EXPECT_EQ(ask("electrolyte FROM published WHERE ccd_failing_step_A_m2 = 21.5"), "Li6PS5Cl");
}

TEST_F(LibraryVerbs, CellsAreComparedByWhatTheLibraryKnowsOfThem) {
  fs::create_directory(folder / "sim");
  for (const char* hold : {"1min", "30min"}) {
    const std::string study = std::string(PLATEN_SOURCE_DIR) + "/studies/ham2022/hold-" + hold + ".toml";
    for (const char* seed : {"1", "2", "3"})
      done({"simulate", study, "--seed", seed, "--output", "sim/" + std::string(hold) + "-" + seed + ".h5"});
  }
  done({"library", "init"});
  std::vector<std::string> add{"library", "add"};
  for (const auto& entry : fs::directory_iterator(folder / "sim")) add.push_back(entry.path().string());
  done(add);
  const Said by_hold = done({"compare", "--library", "library.sqlite", "--by", "hold_time"});
  EXPECT_THAT(by_hold.out, AllOf(HasSubstr("1 min"), HasSubstr("30 min")));
  const Said by_study = done({"compare", "--library", "library.sqlite", "--by", "fabrication.densification_pressure"});
  EXPECT_THAT(by_study.out, HasSubstr("3.7e+08 Pa      6")) << "what only the study says";
  const Said one = done({"compare", "--library", "library.sqlite", "--where", "contact_hold_time_h > 0.4", "--by", "hold_time"});
  EXPECT_THAT(one.out, Not(HasSubstr("1 min ")));
  EXPECT_THAT(done({"compare", "--library", "library.sqlite", "--where", "hold > 1", "--by", "hold_time"}, 2).err, HasSubstr("U021"));
  const std::string failing = ask("ccd_failing_step_mA_cm2 FROM overview WHERE id = 1"); // a short's
  EXPECT_NE(failing, "");
  done({"library", "overrule", "1", "--verdict", "healthy", "--reason", "the cable came off"});
  EXPECT_EQ(ask("ccd_failing_step_mA_cm2 FROM overview WHERE id = 1"), "") << "its CCD is what follows from the person's verdict: a lower bound";
  const Said with = done({"compare", "--library", "library.sqlite", "--by", "hold_time"});
  EXPECT_THAT(with.out + with.err, Not(HasSubstr("instead of")));
  // where the data are gone it is kept all the same, and takes no part
  fs::remove_all(folder / "sim");
  EXPECT_THAT(done({"library", "overrule", "2", "--verdict", "healthy", "--reason", "the cable came off"}).err, AllOf(HasSubstr("D506"), HasSubstr("warning")));
  const Said without = done({"compare", "--library", "library.sqlite", "--by", "hold_time"});
  EXPECT_THAT(without.out + without.err, HasSubstr("healthy instead of"));
  done({"library", "overrule", "1", "--withdraw", "--reason", "it was a short"}, 3);
}

TEST_F(LibraryVerbs, WhatPeopleSay) {
  with_two_cells();
  done({"library", "note", "shorted", "--text", "dark spot"});
  done({"library", "overrule", "shorted", "--verdict", "soft short", "--reason", "impedance"});
  EXPECT_THAT(done({"library", "list"}).out, AllOf(HasSubstr("soft short *"), HasSubstr("a person's verdict")));
  const Said shown = done({"library", "show", "shorted"});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("dark spot"), HasSubstr("impedance"), HasSubstr("hard short")));
  EXPECT_EQ(ask("verdict || ' for ' || program_verdict FROM judgements WHERE is_current = 1 AND cell = (SELECT id FROM cells WHERE name = 'shorted')"),
            "soft short for hard short");
  EXPECT_THAT(done({"library", "reassess", "shorted"}).out, HasSubstr("unchanged: soft short")) << "kept when judged again";
  done({"library", "overrule", "shorted", "--withdraw", "--reason", "mistaken"});
  EXPECT_EQ(ask("verdict FROM overview WHERE name = 'shorted'"), "hard short");
  done({"library", "remove", "shorted", "--reason", "wrong file"});
  done({"library", "remove", "shorted", "--reason", "wrong file"}, 1);
  EXPECT_THAT(done({"library", "list"}).out, Not(HasSubstr("shorted")));
  EXPECT_THAT(done({"library", "add", "raw/shorted.csv"}).out, HasSubstr("was removed from the library as `shorted`: wrong file"));
  done({"library", "restore", "shorted"});
  done({"library", "restore", "shorted"}, 1);
  EXPECT_THAT(done({"library", "list"}).out, HasSubstr("shorted"));
}

TEST_F(LibraryVerbs, OtherRulesAreJudgedAgainAndWhatChangedIsSaid) {
  with_two_cells();
  EXPECT_THAT(done({"library", "reassess"}).err, HasSubstr("by the rules of this program"));
  judged_by_other_rules("shorted", "healthy");
  judged_by_other_rules("healthy", "healthy");
  const Said said = done({"library", "reassess"});
  EXPECT_THAT(said.out, AllOf(HasSubstr("shorted: verdict: healthy -> hard short"), HasSubstr("healthy: unchanged"), HasSubstr("2 cells judged again, 1 changed")));
  EXPECT_THAT(said.err, HasSubstr("drop_share 0.9 -> 0.3"));
  EXPECT_EQ(ask("group_concat(verdict) FROM (SELECT verdict FROM judgements WHERE cell = (SELECT id FROM cells WHERE name = 'shorted') ORDER BY id)"),
            "\"hard short,healthy,hard short\"");
  EXPECT_THAT(done({"library", "reassess"}).out, HasSubstr("0 cells judged again"));
  done({"library", "check"});
}

TEST_F(LibraryVerbs, FilesThatAreGoneOrChangedAreSaidAndTheCellLeftAsItIs) {
  with_two_cells();
  judged_by_other_rules("shorted", "healthy");
  judged_by_other_rules("healthy", "healthy");
  fs::remove(folder / "raw" / "shorted.csv");
  write(folder / "raw" / "healthy.csv", slurp(folder / "raw" / "healthy.csv") + "\n");
  const Said said = done({"library", "reassess"}, 3);
  EXPECT_THAT(said.err, AllOf(HasSubstr("error[D506]"), HasSubstr("error[D507]"), HasSubstr("shorted.csv"), HasSubstr("healthy.csv")));
  EXPECT_THAT(said.out, HasSubstr("2 could not be judged"));
  EXPECT_EQ(ask("verdict FROM overview WHERE name = 'shorted'"), "healthy");
  EXPECT_EQ(ask("count(*) FROM judgements"), "4");
}

TEST_F(LibraryVerbs, ACellFileThatWasCorrectedIsTakenUpWhenAsked) {
  with_two_cells();
  const fs::path cell = folder / "raw" / "shorted.cell.toml";
  std::string text = slurp(cell);
  text.replace(text.find("0.785 cm2"), 9, "1.570 cm2");
  write(cell, text);
  EXPECT_THAT(done({"library", "add", "raw/shorted.csv"}).out, HasSubstr("its cell file is another one now"));
  EXPECT_THAT(done({"library", "reassess", "shorted"}, 3).err, AllOf(HasSubstr("D507"), HasSubstr("--cell-files")));
  const Said said = done({"library", "reassess", "shorted", "--cell-files"});
  EXPECT_THAT(said.out, HasSubstr("CCD: 0.889 - 1.02 mA/cm2 -> 0.445 - 0.508 mA/cm2"));
  EXPECT_EQ(ask("count(*) FROM preparation WHERE key = 'area' AND cell = (SELECT id FROM cells WHERE name = 'shorted')"), "2");
  EXPECT_EQ(ask("round(area_cm2, 6) FROM overview WHERE name = 'shorted'"), "1.57");
  EXPECT_THAT(done({"library", "reassess", "shorted"}).out, HasSubstr("unchanged"));
}

TEST_F(LibraryVerbs, ExportAndImport) {
  with_two_cells();
  done({"library", "export", "--output", "bundle"});
  done({"library", "export", "--to", "json", "--output", "all.json"});
  done({"library", "export", "--to", "csv", "--output", "tables"});
  EXPECT_THAT(slurp(folder / "all.json"), AllOf(HasSubstr("platen.library-export/1"), HasSubstr("\"stack_pressure_MPa\": 5.0"), HasSubstr("\"schema\": \"platen.assess/1\"")));
  EXPECT_THAT(slurp(folder / "tables" / "overview.csv"), HasSubstr("ccd_failing_step_mA_cm2"));
  EXPECT_TRUE(fs::exists(folder / "tables" / "notes.csv"));
  fs::remove_all(folder / "raw");
  done({"library", "init", "lab2/own.sqlite"});
  EXPECT_THAT(done({"library", "import", "bundle", "--library", "lab2/own.sqlite"}).out, HasSubstr("2 new cells"));
  EXPECT_THAT(done({"library", "reassess", "--all", "--library", "lab2/own.sqlite"}).out, HasSubstr("2 cells judged again, 0 changed"));
  EXPECT_THAT(done({"library", "import", "bundle/library.sqlite", "--library", "lab2/own.sqlite"}).out, HasSubstr("0 new cells, 2 known"));
  const Said missing = done({"library", "export", "--output", "second"}, 3);
  EXPECT_THAT(missing.err, HasSubstr("D506"));
}

TEST_F(LibraryVerbs, WrongRequestsAreRefusedWithAHint) {
  const auto refused = [&](const std::vector<std::string>& arguments, int code, const std::string& what) {
    const Said said = done(arguments, code);
    EXPECT_THAT(said.err, HasSubstr(what)) << arguments[1];
    EXPECT_EQ(said.out, "");
  };
  refused({"library", "list"}, 2, "platen library init");
  refused({"library", "add", "raw/shorted.csv", "--library", "gone.sqlite"}, 2, "U025");
  refused({"library"}, 2, "library init, library add");
  refused({"library", "lst"}, 2, "library list");
  with_two_cells();
  refused({"library", "init"}, 2, "U020");
  refused({"library", "init", "raw/shorted.csv"}, 2, "U020");
  refused({"library", "show", "shortd"}, 2, "did you mean `shorted`?");
  refused({"library", "show"}, 2, "U005");
  refused({"library", "list", "--where", "stack_presure_MPa < 5"}, 2, "did you mean `stack_pressure_MPa`?");
  refused({"library", "list", "--verdict", "fine"}, 2, "U006");
  refused({"library", "list", "--library", "raw/shorted.csv"}, 3, "D500");
  refused({"library", "query", "SELEC 1"}, 2, "U021");
  refused({"library", "query", "DELETE FROM cells"}, 2, "U022");
  refused({"library", "query", "SELECT 1", "--limit", "many"}, 2, "U006");
  refused({"library", "note", "shorted", "--text", "  "}, 2, "U006");
  refused({"library", "remove", "shorted"}, 2, "U005");
  refused({"library", "overrule", "shorted", "--reason", "x"}, 2, "U007");
  refused({"library", "add", "raw/shorted.csv", "--preparation", "area=5; stack_pressure=2 V"}, 2, "`area`");
  refused({"library", "add", "raw/shorted.csv", "--preparation", "batch=1; batch=2"}, 2, "given twice");
  refused({"library", "import", "raw"}, 3, "D511");
  refused({"library", "import", "library.sqlite"}, 2, "U008");
  refused({"library", "import", "raw/shorted.csv"}, 3, "D500");
  refused({"library", "export", "--output", "raw"}, 2, "U020");
  refused({"library", "export", "--output", "library.sqlite", "--to", "json"}, 2, "U008");
  refused({"library", "reassess", "nobody"}, 2, "U023");
  EXPECT_EQ(ask("count(*) FROM cells"), "2");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder)) ++files;
  EXPECT_EQ(files, 4u) << "raw, library.sqlite, .stdout and .stderr: nothing half-written";
}

TEST_F(LibraryVerbs, EveryAnswerIsJsonWhenAsked) {
  const auto schema = [&](const std::vector<std::string>& arguments, const std::string& name) {
    std::vector<std::string> words = arguments;
    words.emplace_back("--json");
    EXPECT_THAT(done(words).out, AllOf(HasSubstr("\"schema\": \"platen." + name), ::testing::EndsWith("}\n"))) << name;
  };
  schema({"library", "init"}, "library-init/1");
  schema({"library", "add", "raw/shorted.csv"}, "library-add/1");
  schema({"library", "list"}, "library-list/1");
  schema({"library", "show", "shorted"}, "library-show/1");
  schema({"library", "query", "SELECT 1"}, "library-query/1");
  schema({"library", "note", "shorted", "--text", "x"}, "library-say/1");
  schema({"library", "overrule", "shorted", "--verdict", "healthy", "--reason", "x"}, "library-say/1");
  schema({"library", "remove", "shorted", "--reason", "x"}, "library-say/1");
  schema({"library", "restore", "shorted"}, "library-say/1");
  schema({"library", "reassess", "--all"}, "library-reassess/1");
  schema({"library", "check"}, "library-check/1");
  schema({"library", "export", "--output", "bundle"}, "library-export-done/1");
  schema({"library", "import", "bundle"}, "library-import/1");
}

} // namespace
} // namespace platen::test
