// Every verb on small input of its own: what it says, what it writes, how it ends.

#include "process.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

/// A ramp that shorts within the hour. `name` is also the name of its record.
std::string study(const std::string& name, const std::string& ramp = "Ramp from 0.3 mA/cm2 in steps of 0.3 mA/cm2, 5 min per half "
                                                                      "cycle, until short") {
  return "name = \"" + name + "\"\nset = \"Ham2022\"\ntemperature = \"25 degC\"\ntest = [\n"
         "  \"Hold at 25 MPa for 5 min at 25 degC\",\n  \"Release to 5 MPa\",\n  \"" + ramp + "\",\n]\n"
         "[cell]\narea = \"0.785 cm2\"\nlayers = [\n  { material = \"Li\", thickness = \"100 um\" },\n"
         "  { material = \"LPSCl\", mass = \"75 mg\" },\n  { material = \"Li\", thickness = \"100 um\" },\n]\n"
         "[fabrication]\ndensification_pressure = \"370 MPa\"\n[fixture]\nkind = \"fixed gap\"\n";
}

constexpr const char* cell_file = "configuration = \"symmetric\"\narea = \"0.785 cm2\"\n"
                                  "electrolyte_thickness = \"0.6 mm\"\nelectrolyte_conductivity = \"2 mS/cm\"\n";

class Verbs : public Program {
protected:
  void simulate(const std::string& name, const std::vector<std::string>& options = {}) {
    write(folder / (name + ".toml"), study(name));
    std::vector<std::string> words{"simulate", name + ".toml"};
    words.insert(words.end(), options.begin(), options.end());
    const Said said = run(words);
    ASSERT_EQ(said.code, 0) << said.err;
  }

  /// Names of the files in the folder, without what this fixture puts there.
  std::vector<std::string> files(const std::string& below = "") const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder / below))
      if (!entry.path().filename().string().starts_with(".std")) out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }
};

TEST_F(Verbs, BenchSheetSaysWhatToSetAndWhatToExpect) {
  std::string on_springs = study("a");
  on_springs.replace(on_springs.find("  \"Release to 5 MPa\",\n"), 23, "  \"Release to 5 MPa\",\n  \"Fit springs\",\n");
  on_springs.replace(on_springs.find("kind = \"fixed gap\""), 18,
                     "kind = \"springs\"\nsprings = { count = 3, rate = \"5.5 lbf/mm\", load_limit = \"53 lbf\", travel = \"9.6 mm\" }");
  write(folder / "a.toml", on_springs);
  const Said said = run({"bench-sheet", "a.toml"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.err, "");
  for (const char* figure : {"392.5", "40.02", "88.24", "29.41", "5.348", "CC charge", "Expected pressure"})
    EXPECT_THAT(said.out, HasSubstr(figure));

  const auto answer = nlohmann::json::parse(run({"bench-sheet", "a.toml", "--json"}).out);
  EXPECT_EQ(answer.at("schema"), "platen.bench-sheet/1");
  const auto& fitted = answer.at("pressures").back();
  EXPECT_EQ(fitted.at("sentence"), 3);
  EXPECT_NEAR(fitted.at("force").at("value").get<double>(), 392.5, 1e-6);
  EXPECT_EQ(fitted.at("force").at("unit"), "N");
  EXPECT_NEAR(fitted.at("each_spring").at("compression").at("value").get<double>(), 5.348e-3, 1e-6);
  EXPECT_EQ(answer.at("pressures").front().at("sentence"), nullptr);
  EXPECT_EQ(answer.at("pressures").front().at("each_spring"), nullptr);
  EXPECT_EQ(answer.at("stages").size(), 4u);
  EXPECT_EQ(answer.at("stages").at(1).at("pressure").at("value"), 5e6);
  const auto& plate = answer.at("cycler").at(4);
  EXPECT_EQ(plate.at("step"), 5);
  EXPECT_EQ(plate.at("mode"), "CC charge");
  EXPECT_NEAR(plate.at("current").at("value").get<double>(), 0.2355e-3, 1e-9);
  EXPECT_EQ(plate.at("duration").at("value"), 300.0);
  EXPECT_EQ(plate.at("until_voltage"), nullptr);
  EXPECT_EQ(answer.at("warnings").size(), 0u);
}

TEST_F(Verbs, BenchSheetRefusesWhatAStudyRefuses) {
  EXPECT_THAT(run({"bench-sheet"}).err, HasSubstr("U005"));
  EXPECT_THAT(run({"bench-sheet", "nosuch.toml"}).err, HasSubstr("U011"));
  write(folder / "a.toml", study("a", "Ramp from 0.3"));
  const Said said = run({"bench-sheet", "a.toml"});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(nlohmann::json::parse(run({"bench-sheet", "a.toml", "--json"}).out).at("schema"), "platen.error/1");
}

TEST_F(Verbs, ValidatePrintsEveryValueWithItsOrigin) {
  write(folder / "a.toml", study("a"));
  const Said said = run({"validate", "a.toml"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.err, "");
  EXPECT_THAT(said.out, HasSubstr("0.785 cm2"));
  EXPECT_THAT(said.out, HasSubstr("a.toml:10"));
  EXPECT_THAT(said.out, HasSubstr("card LPSCl"));
  EXPECT_THAT(said.out, HasSubstr("set Ham2022"));

  const auto answer = nlohmann::json::parse(run({"validate", "a.toml", "--json"}).out);
  EXPECT_EQ(answer.at("schema"), "platen.validate/1");
  const auto& resolved = answer.at("resolved");
  const auto area = std::find_if(resolved.begin(), resolved.end(), [](const auto& r) { return r.at("key") == "cell.area"; });
  ASSERT_NE(area, resolved.end());
  EXPECT_EQ(area->at("text"), "0.785 cm2");
  EXPECT_NEAR(area->at("value").get<double>(), 0.785e-4, 1e-18);
  EXPECT_EQ(area->at("unit"), "m2");
  EXPECT_EQ(area->at("origin"), "a.toml:10");
  EXPECT_EQ(area->at("basis"), "stated");
}

TEST_F(Verbs, ValidateReportsAllFaultsAtOnceWithCarets) {
  std::string text = study("a");
  text.replace(text.find("area = \"0.785 cm2\""), 18, "aera = \"0.785 cm2\"");
  text.replace(text.find("\"Release to 5 MPa\""), 18, "\"Relaese to 5 MPa\"");
  write(folder / "a.toml", text);
  const Said said = run({"validate", "a.toml"});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, HasSubstr("unknown key `aera`"));
  EXPECT_THAT(said.err, HasSubstr("--> a.toml:10:1\n 10 | aera = \"0.785 cm2\"\n    | ^~~~"));
  EXPECT_THAT(said.err, HasSubstr("hint: did you mean `area`?"));
  EXPECT_THAT(said.err, HasSubstr("--> a.toml:6:4")) << "the second fault, in the sentence";

  const Said json = run({"validate", "a.toml", "--json"});
  EXPECT_EQ(json.code, 2);
  EXPECT_EQ(json.err, "");
  const auto errors = nlohmann::json::parse(json.out).at("errors");
  EXPECT_EQ(static_cast<std::ptrdiff_t>(errors.size()), std::count(said.err.begin(), said.err.end(), '^'));
}

TEST_F(Verbs, SimulateWritesARecordNamedAfterTheStudyAndJudgesIt) {
  write(folder / "file.toml", study("ramp one"));
  const Said said = run({"simulate", "file.toml"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.err, "record: ramp-one.h5\n");
  EXPECT_THAT(said.out, HasSubstr("hard short"));
  EXPECT_EQ(files(), (std::vector<std::string>{"file.toml", "ramp-one.h5"}));
  const Said judged = run({"assess", "ramp-one.h5"});
  EXPECT_EQ(judged.code, 0) << "a shorted cell is a result";
  EXPECT_EQ(judged.err, "");
  EXPECT_THAT(judged.out, HasSubstr("hard short"));
}

TEST_F(Verbs, SimulateWritesWhereAndWhatItIsAskedTo) {
  write(folder / "a.toml", study("a"));
  write(folder / "b.toml", study("b"));
  const Said said = run({"simulate", "a.toml", "b.toml", "--output", "deep/er", "--format", "both", "--report", "r/all.html",
                         "--instrument", "--instrument-seed", "9", "--seed", "4", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(files("deep/er"), (std::vector<std::string>{"a.csv", "a.h5", "b.csv", "b.h5"}));
  EXPECT_THAT(slurp(folder / "r/all.html"), StartsWith("<!DOCTYPE html>"));
  const auto answers = nlohmann::json::parse(said.out);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1].at("schema"), "platen.simulate/1");
  EXPECT_EQ(answers[1].at("outputs")[0].at("path"), "deep/er/b.h5");
  EXPECT_EQ(answers[1].at("provenance").at("seed"), 9);
  EXPECT_EQ(nlohmann::json::parse(run({"inspect", "deep/er/b.h5", "--json"}).out).at("metadata").at("simulation_seed"), "4");
  EXPECT_THAT(slurp(folder / "deep/er/a.csv"), StartsWith("# origin: simulated through instrument\n# Not a measurement: study `a`, platen "));
}

TEST_F(Verbs, SimulateGivesTheSameRecordOnAnyNumberOfThreads) {
  for (const std::string name : {"a", "b", "c"}) write(folder / (name + ".toml"), study(name));
  for (const std::string threads : {"1", "3"})
    ASSERT_EQ(run({"simulate", "a.toml", "b.toml", "c.toml", "--seed", "7", "--threads", threads, "--format", "csv", "--output", threads}).code, 0);
  for (const std::string name : {"a.csv", "b.csv", "c.csv"}) {
    EXPECT_EQ(slurp(folder / "1" / name), slurp(folder / "3" / name));
    EXPECT_THAT(slurp(folder / "1" / name), HasSubstr("Voltage / V"));
  }
}

TEST_F(Verbs, SimulateRefusesClashesBeforeItRunsAnything) {
  write(folder / "a.toml", study("same"));
  write(folder / "b.toml", study("same"));
  const Said clash = run({"simulate", "a.toml", "b.toml"});
  EXPECT_EQ(clash.code, 2);
  EXPECT_THAT(clash.err, StartsWith("error[U008]: two results would go to `same.h5`"));
  const Said one = run({"simulate", "a.toml", "b.toml", "--output", "x.h5"});
  EXPECT_EQ(one.code, 2);
  EXPECT_THAT(one.err, StartsWith("error[U007]"));
  EXPECT_EQ(run({"simulate", "a.toml", "--report", "a.toml"}).code, 2) << "the study itself";
  EXPECT_EQ(files(), (std::vector<std::string>{"a.toml", "b.toml"}));
}

TEST_F(Verbs, AStudyThatFailsDoesNotStopTheOthers) {
  write(folder / "good.toml", study("good"));
  // A voltage held on capacitors without any resistance before them asks for an infinite current.
  write(folder / "bad.toml", study("bad", "Polarise at 100 mV for 1 min") +
                                 "[output]\ncapacitances = \"dynamic\"\n[override]\n\"leads.resistance\" = \"0 ohm\"\n");
  const Said said = run({"simulate", "bad.toml", "good.toml"});
  EXPECT_EQ(said.code, 4);
  EXPECT_THAT(said.err, HasSubstr("error[S001]"));
  EXPECT_THAT(said.err, HasSubstr("record: good.h5"));
  EXPECT_THAT(said.out, HasSubstr("good"));
  EXPECT_EQ(files(), (std::vector<std::string>{"bad.toml", "good.h5", "good.toml"}));
}

TEST_F(Verbs, CtrlCLeavesWholeRecordsOrNone) {
  write(folder / "short.toml", study("short"));
  write(folder / "long.toml", study("long", "Rest for 5000 h"));
  Options options;
  options.interrupt_once_there_is = "short.h5";
  const Said said = run({"simulate", "short.toml", "long.toml", "--threads", "1"}, options);
  EXPECT_EQ(said.code, 130);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(said.err, "record: short.h5\ninterrupted\n");
  EXPECT_EQ(files(), (std::vector<std::string>{"long.toml", "short.h5", "short.toml"}));
  EXPECT_EQ(run({"assess", "short.h5"}).code, 0);
}

TEST_F(Verbs, AssessAnswersInJson) {
  simulate("a");
  const Said said = run({"assess", "a.h5", "--json"});
  EXPECT_EQ(said.code, 0);
  const auto answer = nlohmann::json::parse(said.out);
  EXPECT_EQ(answer.at("schema"), "platen.assess/1");
  EXPECT_EQ(answer.at("verdict"), "hard short");
  const auto& ccd = answer.at("ccd");
  EXPECT_EQ(ccd.at("failing_step").at("unit"), "A/m2");
  EXPECT_GT(ccd.at("failing_step").at("value").get<double>(), ccd.at("last_passed").at("value").get<double>());
}

TEST_F(Verbs, AssessTakesTheCellFileBesideTheDataAndSaysSo) {
  simulate("a", {"--output", "a.csv"});
  const Said without = run({"assess", "a.csv", "--json"});
  EXPECT_TRUE(nlohmann::json::parse(without.out).at("ccd").is_null()) << "no area, no density of current";

  write(folder / "a.cell.toml", cell_file);
  const Said beside = run({"assess", "a.csv", "--json"});
  EXPECT_THAT(beside.err, HasSubstr("a.csv: what is known of the cell comes from a.cell.toml"));
  const auto ccd = nlohmann::json::parse(beside.out).at("ccd");
  EXPECT_TRUE(ccd.at("failing_step").is_object());

  // The folder's file is for data of its full name first; one that is named overrides both.
  write(folder / "a.csv.cell.toml", cell_file);
  EXPECT_THAT(run({"assess", "a.csv"}).err, HasSubstr("comes from a.csv.cell.toml"));
  fs::rename(folder / "a.cell.toml", folder / "named.toml");
  const Said named = run({"assess", "a.csv", "--cell", "named.toml", "--json"});
  EXPECT_THAT(named.err, Not(HasSubstr("comes from")));
  EXPECT_EQ(nlohmann::json::parse(named.out).at("ccd"), ccd);
}

TEST_F(Verbs, AssessJudgesTheOtherFilesWhenOneIsBad) {
  simulate("a");
  write(folder / "bad.csv", std::string("\x00\xff\x13 no data here", 17));
  const Said text = run({"assess", "bad.csv", "a.h5", "gone.csv"});
  EXPECT_EQ(text.code, 3);
  EXPECT_THAT(text.out, HasSubstr("a.h5"));
  EXPECT_THAT(text.err, HasSubstr("bad.csv"));
  EXPECT_THAT(text.err, HasSubstr("error[D001]"));

  const Said json = run({"assess", "bad.csv", "a.h5", "gone.csv", "--json", "--report", "r.html"});
  EXPECT_EQ(json.code, 3);
  const auto answers = nlohmann::json::parse(json.out);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_THAT(answers[0].at("errors")[0].at("code").get<std::string>(), StartsWith("D"));
  EXPECT_EQ(answers[1].at("verdict"), "hard short");
  EXPECT_EQ(answers[2].at("errors")[0].at("code"), "D001");
  EXPECT_TRUE(fs::exists(folder / "r.html"));
}

TEST_F(Verbs, ConvertGoesBothWaysWithoutLoss) {
  simulate("a");
  ASSERT_EQ(run({"convert", "a.h5", "--to", "csv", "--output", "a.csv"}).code, 0);
  const std::string first = slurp(folder / "a.csv");
  EXPECT_THAT(first, StartsWith("Test Time / s,Voltage / V,Current / A,")) << "the header is on line 1";
  const Said back = run({"convert", "a.csv", "--to", "hdf5", "--output", "back.h5", "--json"});
  ASSERT_EQ(back.code, 0) << back.err;
  const auto answer = nlohmann::json::parse(back.out);
  EXPECT_EQ(answer.at("rows").get<std::ptrdiff_t>(), std::count(first.begin(), first.end(), '\n') - 1);
  ASSERT_EQ(run({"convert", "back.h5", "--to", "csv", "--output", "again.csv"}).code, 0);
  EXPECT_EQ(slurp(folder / "again.csv"), first);
}

TEST_F(Verbs, ConvertTakesManyIntoAFolder) {
  simulate("a");
  simulate("b");
  const Said said = run({"convert", "a.h5", "b.h5", "--to", "csv", "--output", "out/csv"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(files("out/csv"), (std::vector<std::string>{"a.csv", "b.csv"}));
}

TEST_F(Verbs, ConvertGoesOnPastABadFileAndListsWhatWasRefused) {
  write(folder / "good.txt", "time/s\tEwe/V\tI/mA\n0\t3.0\t1\n1\toops\t1\n2\t3.2\t1\n");
  write(folder / "bad.txt", "Once upon a time.\n");
  write(folder / "last.txt", "time/s\tEwe/V\tI/mA\n0\t3.0\t1\n1\t3.1\t1\n");
  const Said said = run({"convert", "good.txt", "bad.txt", "last.txt", "--to", "plain", "--output", "out", "--rejects", "out/rejects.csv"});
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(files("out"), (std::vector<std::string>{"good.csv", "last.csv", "rejects.csv"}));
  EXPECT_THAT(said.err, HasSubstr("error[D006]"));
  EXPECT_THAT(said.err, HasSubstr("1 of 3 files could not be converted"));
  EXPECT_THAT(said.out, HasSubstr("last.txt -> "));
  EXPECT_THAT(slurp(folder / "out/last.csv"), StartsWith("test_time_s,current_mA,voltage_V\n0,1,3\n1,1,3.1\n"));
  const std::string rejects = slurp(folder / "out/rejects.csv");
  EXPECT_THAT(rejects, StartsWith("file,line,column,reason,text\ngood.txt,3,"));
  EXPECT_THAT(rejects, HasSubstr("oops"));
  const auto answers = nlohmann::json::parse(run({"convert", "good.txt", "bad.txt", "--to", "hdf5", "--output", "again", "--json"}).out);
  EXPECT_EQ(answers[0].at("rejects"), 1);
  EXPECT_EQ(answers[1].at("errors")[0].at("code"), "D006");
}

TEST_F(Verbs, ConvertGivesTheSameOnOneThreadAndMany) {
  std::vector<std::string> words{"convert"};
  for (int k = 0; k < 12; ++k) {
    words.push_back("f" + std::to_string(k) + ".txt");
    write(folder / words.back(), k % 5 == 3 ? "nothing\n" : "time/s\tEwe/V\tI/mA\n0\t3.0\t" + std::to_string(k) + "\n1\t3.1\t1\n");
  }
  const auto with = [&](const char* threads) {
    std::vector<std::string> all = words;
    for (const char* word : {"--to", "csv", "--output", "out", "--threads", threads}) all.push_back(word);
    return run(all);
  };
  const Said one = with("1"), many = with("8");
  EXPECT_EQ(one.out, many.out);
  EXPECT_EQ(one.err, many.err);
  EXPECT_EQ(one.code, 3);
}

TEST_F(Verbs, ConvertWritesSpectraAsATableOfPoints) {
  write(folder / "a.txt", "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n1000\t10\t1\n100\t11\t2\n10\t12\t1\n");
  ASSERT_EQ(run({"convert", "a.txt", "--to", "csv", "--output", "a.csv"}).code, 0);
  EXPECT_THAT(slurp(folder / "a.csv"), StartsWith("spectrum,label,cycle,time_s,frequency_Hz,real_ohm,imaginary_ohm\n1,,,,1000,10,-1\n"));
  ASSERT_EQ(run({"convert", "a.csv", "--to", "hdf5", "--output", "a.h5"}).code, 0) << "what convert writes, Platen reads";
  ASSERT_EQ(run({"convert", "a.h5", "--to", "csv", "--output", "b.csv"}).code, 0);
  EXPECT_EQ(slurp(folder / "a.csv"), slurp(folder / "b.csv"));
}

TEST_F(Verbs, ConvertWritesAWorkbookThatPlatenReads) {
  write(folder / "a.txt", "time/s\tEwe/V\tI/mA\n0\t3.0\t1\n1\t3.1\t-2\n");
  ASSERT_EQ(run({"convert", "a.txt", "--to", "xlsx", "--output", "a.xlsx"}).code, 0);
  const Said back = run({"convert", "a.xlsx", "--to", "plain", "--output", "b.csv"});
  ASSERT_EQ(back.code, 0) << back.err;
  const std::string rows = slurp(folder / "b.csv");
  for (const char* figure : {"voltage_V", "3.1", "-2"}) EXPECT_THAT(rows, HasSubstr(figure));
}

TEST_F(Verbs, ConvertNeverReplacesAnInput) {
  simulate("a", {"--output", "a.csv"});
  const std::string before = slurp(folder / "a.csv");
  fs::create_directory(folder / "sub");
  for (const std::string path : {"a.csv", "./a.csv", "sub/../a.csv", "."}) {
    const Said said = run({"convert", "a.csv", "--to", "csv", "--output", path});
    EXPECT_EQ(said.code, 2) << path;
    EXPECT_THAT(said.err, StartsWith("error[U008]")) << path;
  }
  EXPECT_EQ(slurp(folder / "a.csv"), before);
  fs::copy(folder / "a.csv", folder / "sub/a.csv");
  EXPECT_THAT(run({"convert", "a.csv", "sub/a.csv", "--to", "hdf5", "--output", "out"}).err, HasSubstr("two results would go to"));
  EXPECT_THAT(run({"convert", "a.csv", "--to", "hdf5", "--output", "a.csv/x.h5"}).err, StartsWith("error[D002]"));
}

TEST_F(Verbs, InspectSaysWhatAFileHolds) {
  simulate("a");
  const Said said = run({"inspect", "a.h5"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.err, "");
  EXPECT_THAT(said.out, HasSubstr("stack_pressure"));
  const auto answer = nlohmann::json::parse(run({"inspect", "a.h5", "--json"}).out);
  EXPECT_EQ(answer.at("schema"), "platen.inspect/1");
  EXPECT_EQ(answer.at("provenance").at("origin"), "simulated");
  EXPECT_THAT(answer.at("provenance").at("program").get<std::string>(), StartsWith("platen "));
  EXPECT_EQ(answer.at("provenance").at("sources")[0].at("path"), "a.toml");
}

TEST_F(Verbs, TargetsListsThePublishedNumbers) {
  const Said said = run({"targets"});
  EXPECT_EQ(said.code, 0);
  for (const std::string id : {"T01", "T09", "T19", "T36"}) EXPECT_THAT(said.out, HasSubstr(id));
  const auto answer = nlohmann::json::parse(run({"targets", "--json"}).out);
  EXPECT_EQ(answer.at("targets").size(), 36U);
}

TEST_F(Verbs, TargetsAreEvaluatedFromTheCellsTheySpeakOf) {
  const std::string hold = PLATEN_SOURCE_DIR "/studies/ham2022/hold-1min.toml"; // target T07
  const Said said = run({"simulate", hold, "--targets"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("T07"));
  EXPECT_THAT(said.out, Not(HasSubstr("T08"))) << "only rows that were evaluated";

  const Said later = run({"targets", "hold-1-min.h5", "--json", "--report", "r.html"});
  EXPECT_EQ(later.code, 0) << later.err;
  const auto answer = nlohmann::json::parse(later.out);
  for (const auto& row : answer.at("targets")) {
    const bool of_cells = row.at("class") == "model" || row.at("class") == "fitted";
    EXPECT_TRUE(!of_cells || row.at("value").is_null() == (row.at("id") != "T07")) << row;
  }
  EXPECT_TRUE(fs::exists(folder / "r.html"));
}

TEST_F(Verbs, ReproduceKnowsItsPublications) {
  const Said said = run({"reproduce", "ham2023"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("U012"));
  EXPECT_THAT(said.err, HasSubstr("ham2022"));
}

TEST_F(Verbs, APelletGoesThroughAPotentiostatAndTheAnalysis) {
  const std::string study = PLATEN_SOURCE_DIR "/studies/ham2022/polarisation.toml";
  const Said said = run({"simulate", study, "--potentiostat", "--targets", "--output", "pellet.h5"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("T12"));
  EXPECT_THAT(said.out, testing::Not(HasSubstr("T34"))) << "that needs no cell";
  const Said dc = run({"dc", "pellet.h5", "--leakage", "2 nA", "--leakage-error", "0.1 nA", "--json"});
  EXPECT_EQ(dc.code, 0) << dc.err;
  EXPECT_THAT(dc.out, HasSubstr("conductivity"));
}

TEST_F(Verbs, ReproduceHoldsEveryExperimentAgainstThePaper) {
  const Said said = run({"reproduce", "ham2022", "--json", "--threads", "4", "--report", "r.html"});
  EXPECT_EQ(said.code, 0) << said.err;
  const Said one = run({"reproduce", "ham2022", "--json", "--threads", "1", "--report", "one.html"});
  EXPECT_EQ(one.out, said.out);
  EXPECT_TRUE(slurp(folder / "one.html") == slurp(folder / "r.html")) << "to the byte, on any number of cores";
  const auto answer = nlohmann::json::parse(said.out);
  EXPECT_EQ(answer.at("schema"), "platen.reproduce/1");
  EXPECT_TRUE(answer.at("errors").empty());
  std::size_t met = 0, model_met = 0;
  for (const auto& row : answer.at("targets")) {
    const bool open = row.at("verdict") == "not evaluated";
    EXPECT_FALSE(open) << row;
    EXPECT_EQ(row.at("value").is_null(), open) << row;
    EXPECT_TRUE(row.contains("low") && row.contains("high") && row.contains("class"));
    met += row.at("verdict") == "met" ? 1 : 0;
    model_met += row.at("verdict") == "met" && row.at("class") == "model" ? 1 : 0;
  }
  EXPECT_EQ(answer.at("rows"), 36U);
  EXPECT_EQ(answer.at("met"), met);
  EXPECT_EQ(answer.at("model_met"), model_met);
  EXPECT_EQ(answer.at("met").get<std::size_t>() + answer.at("missed").get<std::size_t>() + answer.at("not_evaluated").get<std::size_t>(), 36U);
  const std::string page = slurp(folder / "r.html");
  EXPECT_THAT(page, HasSubstr("life at 0.5 mA/cm"));
  for (const char* figure : {"1b", "1c", "1d", "2a", "2b", "3b-6", "3b-13", "3b-26", "3b-51", "3c", "3d", "4ce", "4df", "5", "s6"})
    EXPECT_THAT(page, HasSubstr(std::string("<clipPath id=\"paper-") + figure + "-0\">")) << figure;
}

TEST_F(Verbs, RecordsOfOneCoreAndOfFourAreTheSameToTheByte) {
  std::vector<std::string> words{"simulate"};
  for (const char* name : {"hold-1min", "hold-30min", "empty-fixture-40degC", "full-6.4-fixed", "full-12.8-springs-1MPa"})
    words.push_back(std::string(PLATEN_SOURCE_DIR) + "/studies/ham2022/" + name + ".toml");
  for (const std::string threads : {"1", "4"}) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--format", "csv", "--threads", threads, "--output", "on-" + threads});
    const Said said = run(all);
    ASSERT_EQ(said.code, 0) << said.err;
  }
  ASSERT_EQ(files("on-1").size(), words.size() - 1);
  ASSERT_EQ(files("on-1"), files("on-4"));
  for (const std::string& name : files("on-1")) {
    EXPECT_GT(slurp(folder / "on-1" / name).size(), 10000U) << name;
    EXPECT_TRUE(slurp(folder / "on-1" / name) == slurp(folder / "on-4" / name)) << name;
  }
}

} // namespace
} // namespace platen::test
