// Every column of a library, what is made of records and assessments, and what two libraries say of one cell.

#include "library_made_up.hpp"

#include "library/bundle.hpp"
#include "library/schema.hpp"

#include <chrono>
#include <thread>

namespace platen::library::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class LibraryDetails : public TwoLibraries {};

Judgement all_numbers() {
  Judgement j = made_up(1).judgement;
  j.onset = 11.0;
  j.onset_half_cycle = 12;
  j.onset_cycle = 13;
  j.ccd_last_passed = 14.0;
  j.ccd_failing_step = 15.0;
  j.ccd_grid = 16.0;
  j.ccd_refused = "why";
  j.capacity_per_half_cycle = 17.0;
  j.capacity_to_failure = 18.0;
  j.voltage_offset = 19.0;
  j.ionic_floor = 20.0;
  j.half_cycles = 21;
  j.pressure_minimum = 22.0;
  j.pressure_maximum = 23.0;
  j.pressure_largest_swing = 24.0;
  j.pressure_largest_change = 25.0;
  j.pressure_after_release = 26.0;
  return j;
}

constexpr const char* all_columns = "onset_s, onset_half_cycle, onset_cycle, ccd_last_passed_A_m2, ccd_failing_step_A_m2, ccd_grid_A_m2, ccd_refused, capacity_per_half_cycle_C_m2, "
                                    "capacity_to_failure_C_m2, voltage_offset_V, ionic_floor_ohm_m2, half_cycles, pressure_minimum_Pa, pressure_maximum_Pa, pressure_largest_swing_Pa, "
                                    "pressure_largest_change_Pa, pressure_after_release_Pa FROM judgements";

TEST_F(LibraryDetails, EveryNumberOfAJudgementHasItsColumn) {
  Library ours = fresh(), theirs = other();
  Entry e = made_up(1);
  e.judgement = all_numbers();
  const Known cell = theirs.add(e).cell;
  const std::string values = "\n11,12,13,14,15,16,why,17,18,19,20,21,22,23,24,25,26\n";
  EXPECT_THAT(one(theirs, all_columns), HasSubstr(values));
  ours.merge(theirs);
  EXPECT_THAT(one(ours, all_columns), HasSubstr(values));
  const Judgement back = theirs.remember(cell).before;
  EXPECT_EQ(back.onset, 11.0);
  EXPECT_EQ(back.ccd_last_passed, 14.0);
  EXPECT_EQ(back.ccd_failing_step, 15.0);
  EXPECT_EQ(back.capacity_to_failure, 18.0);
  EXPECT_EQ(back.ccd_refused, "why");
  Entry none = made_up(2);
  none.judgement.onset = none.judgement.ccd_last_passed = none.judgement.ccd_failing_step = std::nullopt;
  const Judgement empty = theirs.remember(theirs.add(none).cell).before;
  EXPECT_FALSE(empty.onset) << "nothing is not nought";
  EXPECT_FALSE(empty.ccd_failing_step);
}

TEST_F(LibraryDetails, AJudgementIsMadeOfAnAssessment) {
  Assessment a;
  a.verdict = Verdict::soft_short;
  a.reason = "r";
  a.onset = 5.0;
  a.onset_half_cycle = 6;
  a.onset_cycle = 4;
  a.ccd = CriticalCurrentDensity{.last_passed = 10.0, .failing_step = 12.0, .grid = 2.0, .capacity_per_half_cycle = 900.0};
  a.ccd_refused = "not asked";
  a.capacity_to_failure = 7000.0;
  a.voltage_offset = 1e-3;
  a.voltage_offset_error = 1e-5;
  a.ionic_floor = 2e-3;
  a.half_cycles.resize(9);
  a.pressure.cycles = {{1, 4e6, 6e6, 2e6, 0, 1, 0, 0}, {2, 3e6, 8e6, 5e6, 1, 2, 0, 0}, {3, 5e6, 7e6, 1e6, 2, 3, 0, 0}};
  a.pressure.largest_change_while_cycling = 5.5e6;
  a.pressure.after_release = 4.5e6;
  const Judgement j = make_judgement(a, "{}", "p", current_rules());
  EXPECT_EQ(j.verdict, "soft short");
  EXPECT_EQ(j.onset_half_cycle, 7) << "people count from one";
  EXPECT_EQ(j.onset_cycle, 4);
  EXPECT_EQ(j.ccd_last_passed, 10.0);
  EXPECT_EQ(j.ccd_failing_step, 12.0);
  EXPECT_EQ(j.ccd_grid, 2.0);
  EXPECT_EQ(j.capacity_per_half_cycle, 900.0);
  EXPECT_EQ(j.ccd_refused, "");
  EXPECT_EQ(j.capacity_to_failure, 7000.0);
  EXPECT_EQ(j.half_cycles, 9);
  EXPECT_EQ(j.pressure_minimum, 3e6);
  EXPECT_EQ(j.pressure_maximum, 8e6);
  EXPECT_EQ(j.pressure_largest_swing, 5e6);
  EXPECT_EQ(j.pressure_largest_change, 5.5e6);
  EXPECT_EQ(j.pressure_after_release, 4.5e6);
  a.ccd.reset();
  EXPECT_EQ(make_judgement(a, "{}", "p", current_rules()).ccd_refused, "not asked");
}

// --- entries ------------------------------------------------------------------------------------------------------------------

TEST_F(LibraryDetails, InputsAreToldByTheirBytesInWhateverOrder) {
  std::ofstream(folder / "a.csv") << "first";
  std::ofstream(folder / "b.csv") << "second";
  const Inputs one_file = make_inputs({folder / "a.csv"}, {folder / "a.csv"});
  EXPECT_EQ(one_file.fingerprint, sha256("first"));
  EXPECT_EQ(one_file.data.at(0).size, 5);
  const Inputs both = make_inputs({folder}, {folder / "a.csv", folder / "b.csv"}), turned = make_inputs({folder}, {folder / "b.csv", folder / "a.csv"});
  EXPECT_EQ(both.fingerprint, turned.fingerprint);
  EXPECT_NE(both.fingerprint, one_file.fingerprint);
}

TEST_F(LibraryDetails, AnEntrySaysWhereEveryFactAndFileComesFrom) {
  std::ofstream(folder / "a.csv") << "data";
  const Inputs inputs = make_inputs({folder / "a.csv"}, {folder / "a.csv"});
  Record r;
  r.provenance = {"measured", "p", "delimited text", {{(folder / "a.csv").string(), sha256("data")}, {"/lab/steps.csv", sha256("steps")}, {"/lab/a.cell.toml", sha256("cell")}, {"/lab/load.csv", sha256("log")}}, 0};
  r.cell.area = 1e-4;
  r.cell.temperature = 300.0;
  r.cell.stack_pressure = 5e6;
  r.cell.electrolyte = "LPSCl";
  r.cell.fixture = "springs";
  r.cell.cathode_active_fraction = 0.8;
  r.cell.name = "cell name";
  r.metadata = {{"channel", "7"}};
  r.study = "a study";
  Stated stated;
  stated.cell_file = "/lab/a.cell.toml";
  stated.cell_text = "area = \"1 cm2\"\n";
  stated.cell_info.area = 1e-4;
  stated.cell_info.electrolyte = "LPSCl";
  stated.given = {parse_fact("stack_pressure=5 MPa"), parse_fact("fixture=springs")};
  const Entry e = make_entry(r, inputs, stated);
  EXPECT_EQ(e.name, "cell name");
  EXPECT_EQ(e.study, "a study");
  EXPECT_EQ(e.metadata.at("channel"), "7");
  const auto fact = [&](const std::string& key) {
    std::vector<Fact> found;
    for (const Fact& f : e.facts)
      if (f.key == key) found.push_back(f);
    EXPECT_EQ(found.size(), 1u) << key;
    return found.at(0);
  };
  EXPECT_EQ(fact("area").source, "cell file");
  EXPECT_EQ(fact("temperature").source, "data");
  EXPECT_EQ(fact("stack_pressure").source, "given") << "once, as it was given";
  EXPECT_EQ(fact("fixture").source, "given");
  EXPECT_EQ(fact("electrolyte").source, "cell file");
  EXPECT_EQ(fact("cathode_active_fraction").unit, "1");
  for (const Fact& f : e.facts) EXPECT_THAT(f.key, ::testing::AllOf(::testing::Ne("configuration"), ::testing::Ne("name"))) << "not known is no fact, and the name is the cell's own";
  std::vector<std::string> roles;
  for (const File& f : e.files) roles.push_back(f.role);
  EXPECT_THAT(roles, ElementsAre("data", "beside", "cell file", "beside"));
  EXPECT_EQ(e.files[2].content, stated.cell_text);
  EXPECT_EQ(e.files[3].content, "");
  r.cell.name.clear();
  EXPECT_EQ(make_entry(r, inputs, stated).name, "a") << "the file's name without its ending";
  EXPECT_EQ(make_entry(r, make_inputs({folder / ""}, {folder / "a.csv"}), stated).name, folder.filename().string());
}

TEST_F(LibraryDetails, WhatARecordOfPlatenWasMadeOfIsItsOrigin) {
  std::ofstream(folder / "a.h5") << "record";
  const Inputs inputs = make_inputs({folder / "a.h5"}, {folder / "a.h5"});
  Record r;
  r.provenance.sources = {{"old/study.toml", sha256("study")}, {"/lab/a.cell.toml", sha256("cell")}, {"/lab/load.csv", sha256("log")}};
  Stated stated;
  stated.cell_file = "/lab/a.cell.toml";
  const Entry e = make_entry(r, inputs, stated);
  ASSERT_EQ(e.files.size(), 4u);
  EXPECT_EQ(e.files[1].role, "origin");
  EXPECT_EQ(e.files[1].path, "old/study.toml") << "as the record says it";
  EXPECT_EQ(e.files[2].role, "cell file");
  EXPECT_EQ(e.files[3].role, "beside") << "behind the cell file: read now";
}

TEST(LibraryFactsDetails, UnitsWithAnOffsetAndNegativeCurrents) {
  EXPECT_NEAR(*parse_fact("oven=60 degC").value, 333.15, 1e-9);
  EXPECT_NEAR(*parse_fact("current=-1 mA").value, -1e-3, 1e-12);
  EXPECT_THROW(parse_fact("area=-1 cm2"), Error);
  EXPECT_THROW(parse_fact("contact_hold_time=-5 min"), Error);
  EXPECT_THROW(parse_fact("cathode_active_fraction=120 %"), Error);
  EXPECT_NEAR(*parse_fact("lower_voltage=-0.1 V").value, -0.1, 1e-12);
  EXPECT_EQ(parse_fact("fixture=fixed gap").text, "fixed gap");
  EXPECT_EQ(parse_fact("fixture=constant pressure").text, "constant pressure");
  EXPECT_EQ(parse_fact("cathode_active_fraction=0.8").unit, "1");
  CellInfo cell;
  cell.name = "mine";
  Fact name = parse_fact("batch=B7");
  name.key = "name";
  apply(name, cell);
  EXPECT_EQ(cell.name, "mine") << "a cell's name is no condition";
  apply(parse_fact("cathode=NCM"), cell);
  EXPECT_EQ(cell.cathode, "NCM");
  EXPECT_NE(make_rules({{"a", 1.0, "V"}}).hash, make_rules({{"a", 1.0, "A"}}).hash);
}

// --- writing ------------------------------------------------------------------------------------------------------------------

TEST_F(LibraryDetails, NotesAndVerdictsAreThereForOthersAtOnce) {
  Library library = fresh();
  const Known cell = library.add(made_up(1)).cell;
  library.note(cell.id, "dark spot");
  library.overrule(cell.id, Verdict::soft_short, "impedance");
  Library second(path, Access::read);
  EXPECT_EQ(count(second, "notes"), 2);
  EXPECT_EQ(one(second, "verdict, reason FROM overrules"), "verdict,reason\nsoft short,impedance\n");
  EXPECT_EQ(library.remember(cell).overrule, "cell: soft short, impedance");
  library.overrule(cell.id, Verdict::healthy, "no, the cable");
  EXPECT_EQ(library.remember(cell).overrule, "cell: healthy, no, the cable") << "the later one";
  library.overrule(cell.id, std::nullopt, "withdrawn");
  EXPECT_EQ(library.remember(cell).overrule, "");
}

TEST_F(LibraryDetails, AJudgementWithAPersonsVerdictIsKnownAsSuch) {
  Library library = fresh();
  EXPECT_FALSE(library.remember(library.add(made_up(1)).cell).follows_overrule);
  Entry e = made_up(2);
  e.judgement.answer = R"({"overruled": [{"half_cycle": null, "verdict": "healthy", "program_verdict": "hard short"}]})";
  EXPECT_TRUE(library.remember(library.add(e).cell).follows_overrule);
}

TEST_F(LibraryDetails, JudgingAgainKeepsWhatAPersonGaveAndReplacesTheStudy) {
  Library library = fresh();
  const Known cell = library.add(made_up(1)).cell;
  Entry now = made_up(1);
  now.facts.resize(2); // without the stack pressure that a person had given
  now.study_values = {{"cell.area", 2e-4, "m2", "2 cm2", "stated"}};
  EXPECT_TRUE(library.rejudge(library.remember(cell), now));
  EXPECT_EQ(count(library, "preparation WHERE key = 'stack_pressure' AND is_current = 1"), 1);
  EXPECT_EQ(one(library, "key, value FROM study_values"), "key,value\ncell.area,2e-04\n");
  EXPECT_EQ(count(library, "files"), 2) << "the same files once";
  EXPECT_EQ(count(library, "preparation"), 3);
  now.files[1].path = "/lab/moved.cell.toml"; // the same bytes elsewhere
  EXPECT_TRUE(library.rejudge(library.remember(cell), now));
  EXPECT_EQ(one(library, "path, is_current FROM files WHERE role = 'cell file' ORDER BY id"), "path,is_current\n/lab/a.cell.toml,0\n/lab/moved.cell.toml,1\n");
}

TEST_F(LibraryDetails, ALongNameEndsAtACharacter) {
  Library library = fresh();
  std::string name(189, 'x');
  for (int k = 0; k < 5; ++k) name += "\xC3\xA4";
  const std::string kept = library.add(made_up(1, name)).cell.name;
  EXPECT_EQ(kept, std::string(189, 'x')) << "half an umlaut is none";
  Entry nameless = made_up(2);
  nameless.name.clear();
  EXPECT_EQ(library.add(nameless).cell.name, "cell");
}

// --- reading ------------------------------------------------------------------------------------------------------------------

TEST_F(LibraryDetails, ShortOrSharedBeginningsOfAChecksumNameNoCell) {
  Library library = fresh();
  for (const char last : {'a', 'b'}) {
    Entry e = made_up(last);
    e.name = std::string("cell ") + last;
    e.inputs.fingerprint = std::string(63, 'c') + last;
    e.files[0].sha256 = e.inputs.fingerprint;
    library.add(e);
  }
  EXPECT_EQ(code_of([&] { library.named("cccccc"); }), "U024");
  EXPECT_EQ(library.named(std::string(63, 'c') + "b").name, "cell b");
  EXPECT_EQ(code_of([&] { library.named("ccccc"); }), "U023") << "five digits are too few";
}

TEST_F(LibraryDetails, RemovedCellsAreLeftOutUnlessAskedFor) {
  Library library = fresh();
  library.add(made_up(1));
  library.remove(library.add(made_up(2)).cell.id, "broken");
  EXPECT_EQ(library.cells(false).size(), 1u);
  EXPECT_EQ(library.cells(true).size(), 2u);
}

TEST_F(LibraryDetails, AFileThatDidNotMoveWithTheLibraryStaysWhereItWas) {
  fs::create_directory(folder / "raw");
  std::ofstream(folder / "raw" / "a.csv") << "x";
  {
    Library library = fresh();
    Entry e = made_up(1);
    e.files[0].path = (folder / "raw" / "a.csv").string();
    library.add(e);
  }
  fs::create_directory(folder / "moved");
  fs::rename(path, folder / "moved" / "lab.sqlite");
  Library library(folder / "moved" / "lab.sqlite", Access::read);
  EXPECT_EQ(library.remember(library.named("A1")).files[0].path, folder / "raw" / "a.csv");
}

TEST_F(LibraryDetails, AThresholdMayChangeItsUnitAlone) {
  Library library = fresh();
  Entry old = made_up(1);
  old.judgement.rules = make_rules({{"a", 1.0, "V"}, {"b", 2.0, "1"}, {"c", 3.0, "s"}});
  library.add(old);
  EXPECT_THAT(library.changed_thresholds(old.judgement.rules.hash, make_rules({{"a", 1.0, "A"}, {"b", 2.5, "1"}, {"c", 3.0, "s"}})), ElementsAre("a 1 V -> 1 A", "b 2 -> 2.5"));
}

TEST_F(LibraryDetails, ACellIsShownAndExportedWhole) {
  Library library = fresh();
  const Known cell = library.add(made_up(1)).cell;
  std::vector<std::string> names, all;
  for (const Table& t : library.show(cell).tables) {
    names.push_back(t.name);
    if (t.name == "notes") {
      EXPECT_EQ(std::get<std::string>(t.rows.at(0).at(1)), "note of 1");
    }
  }
  EXPECT_THAT(names, ElementsAre("overview", "inputs", "files", "preparation", "study_values", "metadata", "judgements", "overrules", "notes"));
  for (const Table& t : library.everything()) all.push_back(t.name);
  EXPECT_THAT(all, ::testing::Contains("overview"));
  EXPECT_EQ(all.size(), data_tables().size() + 1);
}

TEST_F(LibraryDetails, AConditionMayNotAskTheDatabaseItself) {
  Library library = fresh();
  library.add(made_up(1));
  EXPECT_THAT(code_of([&] { library.overview("id IN (SELECT seq FROM pragma_database_list)", false); }), ::testing::AnyOf("U021", "U022"));
}

TEST_F(LibraryDetails, WrongSqlIsShownWhereItStands) {
  Library library = fresh();
  EXPECT_EQ(code_of([&] { library.query("SELECT name,\n       nam\nFROM cells", 0, nullptr); }), "U021");
  EXPECT_THAT(words(), ::testing::AllOf(HasSubstr("SQL:2:8"), HasSubstr("nam"), ::testing::Not(HasSubstr("SELECT name,"))));
}

TEST_F(LibraryDetails, WhoeverWaitsForALockSaysSoOnceAndGoesOn) {
  fresh().add(made_up(1));
  std::vector<std::string> told;
  const auto waiting = [&](const std::filesystem::path& held, int most) { told.push_back(fmt::format("{} {}", held.filename().string(), most)); };
  Library library(path, Access::write, waiting);
  library.note(1, "nobody holds it");
  EXPECT_TRUE(told.empty());
  Connection other(path, Access::write);
  other.run("BEGIN IMMEDIATE");
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    other.run("COMMIT");
  });
  library.note(1, "after the other");
  release.join();
  EXPECT_THAT(told, ::testing::ElementsAre("lab.sqlite 30"));
  EXPECT_EQ(count(library, "notes WHERE text = 'after the other'"), 1);
}

TEST_F(LibraryDetails, AConnectionHoldsWhatItPromises) {
  fresh().add(made_up(1));
  Connection writer(path, Access::write);
  EXPECT_NE(code_of([&] { writer.run("INSERT INTO notes (cell, written_at, text) VALUES (99, 'now', 'of no cell')"); }), "") << "foreign keys";
  EXPECT_NE(code_of([&] { writer.run("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'broken' WHERE name = 'overview'"); }), "") << "defensive";
  Connection reader(path, Access::read);
  EXPECT_EQ(code_of([&] { reader.run("DELETE FROM notes"); }), "D503") << "read only";
  reader.guard(nullptr);
  EXPECT_EQ(code_of([&] { reader.run("PRAGMA query_only = OFF"); }), "U022");
}

// --- merging ------------------------------------------------------------------------------------------------------------------

TEST_F(LibraryDetails, WordsAndUnitsMayDifferToo) {
  Library ours = fresh(), theirs = other();
  Entry mine = made_up(1), other_lab = made_up(1);
  mine.facts.push_back({"powder", 5.0, "kg", "", "given"});
  other_lab.facts.push_back({"powder", 5.0, "m", "", "given"});
  other_lab.facts[1].text = "LGPS";
  ours.add(mine);
  theirs.add(other_lab);
  const Merged merged = ours.merge(theirs);
  EXPECT_EQ(merged.facts, 2u);
  EXPECT_THAT(conflicts(merged), ::testing::AllOf(HasSubstr("electrolyte is LPSCl here and LGPS there"), HasSubstr("powder is 5 kg here and 5 m there")));
  EXPECT_EQ(one(ours, "source, text FROM preparation WHERE key = 'electrolyte' AND is_current = 0"), "source,text\nother library,LGPS\n");
  EXPECT_EQ(one(ours, "electrolyte FROM overview"), "electrolyte\nLPSCl\n");
}

TEST_F(LibraryDetails, AnotherCcdAloneIsAConflictAndSaidOnce) {
  const auto merged_with = [&](const std::function<void(Judgement&)>& change) {
    fs::remove(path);
    fs::remove(folder / "other.sqlite");
    Library ours = fresh(), theirs = other();
    Entry e = made_up(1);
    change(e.judgement);
    e.judgement.answer = "{\"other\": 1}";
    ours.add(made_up(1));
    theirs.add(e);
    const std::string first = conflicts(ours.merge(theirs));
    EXPECT_EQ(conflicts(ours.merge(theirs)), "");
    return first;
  };
  EXPECT_EQ(merged_with([](Judgement&) {}), "") << "the same verdict twice";
  EXPECT_THAT(merged_with([](Judgement& j) { j.ccd_failing_step = 13.0; }), HasSubstr("judged hard short here"));
  EXPECT_THAT(merged_with([](Judgement& j) { j.ccd_last_passed = 9.0; }), HasSubstr("judged hard short here"));
}

TEST_F(LibraryDetails, VerdictsOfOneSideAreTakenQuietlyAndOnce) {
  Library ours = fresh(), theirs = other();
  ours.add(made_up(1));
  const Known cell = theirs.add(made_up(1)).cell;
  theirs.overrule(cell.id, Verdict::healthy, "cable");
  theirs.overrule(cell.id, std::nullopt, "it was a short");
  const Merged merged = ours.merge(theirs);
  EXPECT_EQ(merged.overrules, 2u);
  EXPECT_EQ(conflicts(merged), "");
  EXPECT_EQ(ours.merge(theirs).overrules, 0u);
  EXPECT_EQ(count(ours, "overrules"), 2);
}

TEST_F(LibraryDetails, NotesOfOneMomentAreDifferentNotes) {
  Library ours = fresh(), theirs = other();
  Entry mine = made_up(1), yours = made_up(1);
  yours.notes = {"another"};
  ours.add(mine);
  theirs.add(yours);
  { // both were written in the same second
    Connection raw(folder / "other.sqlite", Access::write);
    raw.run("UPDATE notes SET written_at = '2024-01-01T00:00:00Z'");
    Connection mine_raw(path, Access::write);
    mine_raw.run("UPDATE notes SET written_at = '2024-01-01T00:00:00Z'");
  }
  EXPECT_EQ(ours.merge(theirs).notes, 1u);
  EXPECT_EQ(count(ours, "notes"), 2);
}

TEST_F(LibraryDetails, ARemovalElsewhereIsANoteOnce) {
  Library ours = fresh(), theirs = other();
  const Known mine = ours.add(made_up(1)).cell;
  theirs.remove(theirs.add(made_up(1)).cell.id, "broken");
  const Merged first = ours.merge(theirs), second = ours.merge(theirs);
  EXPECT_EQ(first.notes, 1u);
  EXPECT_THAT(conflicts(first), HasSubstr("removed there (broken)"));
  EXPECT_EQ(second.notes, 0u);
  EXPECT_EQ(conflicts(second), "");
  EXPECT_EQ(count(ours, "notes WHERE text LIKE '%broken%'"), 1);
  Library::create(folder / "third.sqlite", "platen test");
  Library third(folder / "third.sqlite", Access::write);
  third.remove(third.add(made_up(1)).cell.id, "mine too");
  EXPECT_EQ(conflicts(third.merge(theirs)), "") << "removed in both";
  EXPECT_EQ(ours.cells(false).at(0).id, mine.id);
}

TEST_F(LibraryDetails, FilesOfThePastStudyValuesAndMetadataComeAlong) {
  Library ours = fresh(), theirs = other();
  const Known cell = theirs.add(made_up(1)).cell;
  Entry again = made_up(1);
  again.files[1].sha256 = sha256("corrected");
  theirs.rejudge(theirs.remember(cell), again);
  ours.merge(theirs);
  EXPECT_EQ(count(ours, "files"), 3);
  EXPECT_EQ(count(ours, "files WHERE is_current = 1"), 2);
  EXPECT_EQ(count(ours, "files WHERE size_bytes = 1001"), 1);
  fs::remove(path);
  Library known = fresh();
  Entry bare = made_up(1);
  bare.study_values.clear();
  bare.metadata.clear();
  known.add(bare);
  known.merge(theirs);
  EXPECT_EQ(count(known, "files"), 3) << "and to a cell that is known";
  EXPECT_EQ(count(known, "study_values"), 2);
  EXPECT_EQ(count(known, "metadata"), 1);
}

// --- schema and bundles -------------------------------------------------------------------------------------------------------

TEST_F(LibraryDetails, ANewLibraryHasTheRulesAndColumnsWithUnits) {
  Library library = fresh();
  EXPECT_GT(count(library, "thresholds"), 40);
  EXPECT_EQ(with_unit("share", "1"), "share");
  EXPECT_EQ(with_unit("share", "%"), "share_percent");
  EXPECT_EQ(with_unit("ccd", "mA/cm2"), "ccd_mA_cm2");
  EXPECT_EQ(with_unit("floor", "ohm cm2"), "floor_ohm_cm2");
  Entry e = made_up(1);
  e.facts.push_back({"fixture", std::nullopt, "", "springs", "given"});
  e.facts.push_back({"cathode_active_fraction", 0.8, "1", "", "given"});
  library.add(e);
  EXPECT_EQ(one(library, "fixture FROM overview"), "fixture\nsprings\n");
}

TEST_F(LibraryDetails, OnlyWhatLiesBesideALibraryMovesWithIt) {
  fs::create_directory(folder / "lab");
  path = folder / "lab" / "lab.sqlite";
  Library library = fresh();
  Entry e = made_up(1);
  e.files[0].path = (folder / "lab" / "raw" / "a.csv").string();
  e.files[1].path = (folder / "elsewhere" / "a.cell.toml").string();
  e.files.push_back({"origin", (folder / "lab" / "study.toml").string(), sha256("study"), std::nullopt, ""});
  library.add(e);
  EXPECT_EQ(one(library, "role, path_from_library FROM files ORDER BY id"), "role,path_from_library\ndata,raw/a.csv\ncell file,\norigin,\n");
}

class LibraryBundles : public LibraryDetails {
protected:
  File put(const fs::path& at, const std::string& text, const std::string& role = "data") {
    fs::create_directories((folder / at).parent_path());
    std::ofstream(folder / at) << text;
    return {role, (folder / at).string(), sha256(text), static_cast<std::int64_t>(text.size()), ""};
  }
  Entry of(const std::string& name, std::vector<File> files, const fs::path& input) {
    Entry e = made_up(1, name);
    e.files = std::move(files);
    e.inputs.paths = {input};
    e.inputs.data = {e.files[0]};
    e.inputs.fingerprint = e.files[0].sha256;
    return e;
  }
  Bundled bundle(Library& library) { return write_bundle(library, folder / "bundle", [](double) {}); }
};

TEST_F(LibraryBundles, FilesOfTwoFoldersKeepTheirPlaces) {
  Library library = fresh();
  library.add(of("A", {put("raw/one/a.csv", "data"), put("raw/two/b.csv", "log", "beside"), {"origin", "/gone/study.toml", sha256("study"), std::nullopt, ""}}, folder / "raw/one/a.csv"));
  const Bundled done = bundle(library);
  EXPECT_EQ(done.files, 2u);
  EXPECT_TRUE(done.missing.empty()) << "of what a record was made of only the checksum is known";
  Library copy(folder / "bundle" / bundle_library, Access::read);
  const Remembered cell = copy.remember(copy.named("A"));
  ASSERT_EQ(cell.files.size(), 3u);
  const fs::path home = cell.files[0].path.parent_path().parent_path();
  EXPECT_EQ(home.parent_path(), folder / "bundle" / "files");
  EXPECT_EQ(cell.files[0].path, home / "one" / "a.csv");
  EXPECT_EQ(cell.files[1].path, home / "two" / "b.csv");
  EXPECT_EQ(cell.files[0].stored, cell.files[0].path.string()) << "and it is stored where it is";
  EXPECT_TRUE(fs::exists(cell.files[1].path));
}

TEST_F(LibraryBundles, AFolderStaysAFolderOfItsOwn) {
  Library library = fresh();
  library.add(of("A", {put("raw/test/a.csv", "data")}, folder / "raw/test"));
  bundle(library);
  fs::remove_all(folder / "raw");
  Library copy(folder / "bundle" / bundle_library, Access::read);
  const Remembered cell = copy.remember(copy.named("A"));
  EXPECT_EQ(cell.files[0].path.parent_path().parent_path(), folder / "bundle" / "files");
  EXPECT_TRUE(fs::is_directory(cell.inputs.at(0).path)) << cell.inputs[0].path;
  EXPECT_TRUE(fs::equivalent(cell.inputs[0].path, cell.files[0].path.parent_path()));
}

TEST_F(LibraryBundles, NamesBecomeFoldersThatEverySystemCanHaveAndRemovedCellsComeAlong) {
  Library library = fresh();
  library.add(of("a/b: 50 %?", {put("one.csv", "1")}, folder / "one.csv"));
  library.add(of("a:b: 50 %*", {put("two.csv", "2")}, folder / "two.csv"));
  library.remove(library.add(of("old", {put("three.csv", "3")}, folder / "three.csv")).cell.id, "broken");
  EXPECT_EQ(bundle(library).files, 3u);
  std::size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(folder / "bundle" / "files")) {
    ++folders;
    EXPECT_EQ(entry.path().filename().string().find_first_of("/\\:*?\"<>| "), std::string::npos) << entry.path();
    EXPECT_TRUE(fs::is_regular_file(entry.path() / "one.csv") || fs::is_regular_file(entry.path() / "two.csv") || fs::is_regular_file(entry.path() / "three.csv"));
  }
  EXPECT_EQ(folders, 3u) << "two names that become one are told apart by their checksums";
}

} // namespace
} // namespace platen::library::test
