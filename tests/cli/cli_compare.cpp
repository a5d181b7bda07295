// `platen compare` on tables, simulated records and wrong input.

#include "process.hpp"

#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr const char* table = "cell,last_passed / mA/cm2,failing_step / mA/cm2,hold_time,fixture\n"
                              "a1,0.5,0.6,1 min,fixed gap\na2,0.6,0.7,1 min,springs\na3,0.4,0.5,60 s,fixed gap\na4,,0.4,1 min,springs\na5,0.7,0.8,1 min,springs\n"
                              "b1,1.0,1.1,0.5 h,springs\nb2,0.9,1.0,30 min,fixed gap\nb3,1.3,1.4,30 min,springs\nb4,1.5,,30 min,fixed gap\nb5,1.2,1.3,30 min,springs\n";

class Compare : public Program {
protected:
  Json answer(const std::vector<std::string>& words) {
    std::vector<std::string> all{"compare"};
    all.insert(all.end(), words.begin(), words.end());
    all.emplace_back("--json");
    all.insert(all.end(), {"--simulations", "100"});
    const Said said = run(all);
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    return Json::parse(said.out);
  }
  std::string code_of(const std::vector<std::string>& words, int exit) {
    std::vector<std::string> all{"compare"};
    all.insert(all.end(), words.begin(), words.end());
    all.emplace_back("--json");
    const Said said = run(all);
    EXPECT_EQ(said.code, exit) << said.out << said.err;
    return Json::parse(said.out)["errors"][0]["code"];
  }
};

TEST_F(Compare, TablesMakeGroupsWithUnitsOfTheirOwn) {
  write(folder / "t.csv", table);
  const Json a = answer({"t.csv", "--by", "hold_time", "--report", "p.html", "--csv", "back.csv"});
  ASSERT_EQ(a["groups"].size(), 2);
  EXPECT_EQ(a["groups"][0]["name"], "1 min");
  EXPECT_EQ(a["groups"][1]["name"], "30 min");
  EXPECT_EQ(a["groups"][0]["failed_in_first_step"], 1);
  EXPECT_EQ(a["groups"][1]["no_short_seen"], 1);
  EXPECT_NEAR(a["groups"][0]["median_to"]["value"].get<double>(), 6.0, 1e-9);
  EXPECT_NEAR(a["tests"]["log_rank"]["p"].get<double>(), 2.0 / 252.0, 1e-9) << "the groups do not overlap: two of all deals part them so";
  EXPECT_LE(a["groups"][0]["turnbull"]["gap"].get<double>(), 1e-10);
  EXPECT_GT(a["regressions"][0]["coefficients"][0]["ln_95"]["low"].get<double>(), 0.0);
  const std::string page = slurp(folder / "p.html");
  for (const char* part : {"<svg", "Do the groups differ?", "By how much?", "How many cells?", "prefers-color-scheme: dark"}) EXPECT_THAT(page, HasSubstr(part));
  const Json again = answer({"back.csv", "--by", "hold_time"});
  EXPECT_EQ(again["groups"][1]["turnbull"], a["groups"][1]["turnbull"]);
  EXPECT_EQ(again["tests"], a["tests"]);
}

TEST_F(Compare, SeedsDecideAndThreadsDoNot) {
  write(folder / "t.csv", table);
  const Said one = run({"compare", "t.csv", "--by", "fixture", "--simulations", "200", "--seed", "3"});
  const Said two = run({"compare", "t.csv", "--by", "fixture", "--simulations", "200", "--seed", "3"});
  const Said other = run({"compare", "t.csv", "--by", "fixture", "--simulations", "200", "--seed", "4"});
  EXPECT_EQ(one.out, two.out);
  EXPECT_NE(one.out, other.out);
  EXPECT_THAT(one.out, HasSubstr("Wilcoxon scores"));
}

TEST_F(Compare, SeveralConditionsGoIntoOneModel) {
  write(folder / "t.csv", table);
  const Json a = answer({"t.csv", "--by", "fixture", "--factors", "fixture, log(hold_time)"});
  ASSERT_EQ(a["regressions"].size(), 2);
  const Json& c = a["regressions"][0]["coefficients"];
  ASSERT_EQ(c.size(), 2);
  EXPECT_EQ(c[1]["kind"], "power");
  EXPECT_NEAR(c[1]["ln"].get<double>(), 0.23, 0.08); // ln(1.2/0.55)/ln 30
  EXPECT_LT(a["regressions"][0]["tests"][1]["p"].get<double>(), 0.01);
  EXPECT_EQ(code_of({"t.csv", "--by", "fixture", "--factors", "log(hold_time),group(hold_time)"}, 3), "D460");
  EXPECT_EQ(code_of({"t.csv", "--factors", "hold_time + fixture"}, 2), "U013");
}

TEST_F(Compare, MappingsAddConditions) {
  write(folder / "t.csv", "cell,ccd / mA/cm2\na,0.5 - 0.6\nb,> 1.0\nc,< 0.3\nd,0.8\n");
  write(folder / "m.csv", "cell;batch;stack_pressure [MPa]\na;x;5\nb;y;2,5\nc;x;5\nz;y;1\n");
  const Said said = run({"compare", "t.csv", "--table", "m.csv", "--by", "stack_pressure", "--simulations", "100"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("2.5 MPa"));
  EXPECT_THAT(said.out, HasSubstr("its stack_pressure is not known"));
  EXPECT_THAT(said.err, HasSubstr("warning[D466]"));
  EXPECT_THAT(said.err, HasSubstr("no cell is called `z`"));
}

TEST_F(Compare, FewCellsAreAnsweredWithWhatTheySay) {
  write(folder / "one.csv", "cell,last_passed / mA/cm2,failing_step / mA/cm2,fixture\na,0.5,0.6,springs\n");
  const Json one = answer({"one.csv", "--by", "fixture"});
  EXPECT_THAT(one["groups"][0]["no_fit"].get<std::string>(), HasSubstr("one cell alone"));
  EXPECT_THAT(one["no_test"].get<std::string>(), HasSubstr("every cell has the same fixture"));
  EXPECT_TRUE(one["plan"].is_null());
  write(folder / "open.csv", "cell,last_passed / mA/cm2,failing_step / mA/cm2,fixture\na,2,,springs\nb,2.5,,springs\nc,2,,fixed gap\nd,2.2,,fixed gap\n");
  const Json open = answer({"open.csv", "--by", "fixture"});
  EXPECT_THAT(open["groups"][0]["no_fit"].get<std::string>(), HasSubstr("no short was seen"));
  EXPECT_THAT(open["no_test"].get<std::string>(), HasSubstr("nothing tells the groups apart"));
  EXPECT_NEAR(open["groups"][0]["band"][0]["band_low"].get<double>(), 0.1581, 1e-3) << "two of two: Clopper and Pearson";
  write(folder / "same.csv", "cell,last_passed / mA/cm2,failing_step / mA/cm2\na,1,1.1\nb,1,1.1\nc,1,1.1\n");
  EXPECT_EQ(answer({"same.csv"})["groups"][0]["fits"][0]["standing"], "no scatter seen");
}

TEST_F(Compare, WrongInputIsNamed) {
  write(folder / "bare.csv", "cell,last_passed / mA/cm2,failing_step / mA/cm2,hold_time\na,0.5,0.6,30\n");
  write(folder / "mixed.csv", "cell,ccd / mA/cm2,aging\na,0.5,30 min\nb,0.5,5 MPa\n");
  write(folder / "words.csv", "cell,ccd / mA/cm2,aging\na,0.5,30 min\nb,0.5,long\n");
  write(folder / "turned.csv", "cell,last_passed / mA/cm2,failing_step / mA/cm2\na,0.7,0.6\n");
  write(folder / "fields.csv", "cell,ccd / mA/cm2\na,0.5,6\n");
  write(folder / "unit.csv", "cell,ccd / MPa\na,0.5\n");
  write(folder / "good.csv", "cell,ccd / mA/cm2\na,0.5\nb,0.6\n");
  EXPECT_EQ(code_of({"bare.csv"}, 3), "D463");
  EXPECT_EQ(code_of({"mixed.csv"}, 3), "D464");
  EXPECT_EQ(code_of({"words.csv"}, 3), "D464");
  EXPECT_EQ(code_of({"turned.csv"}, 3), "D465");
  EXPECT_EQ(code_of({"fields.csv"}, 3), "D462");
  EXPECT_EQ(code_of({"unit.csv"}, 3), "D463");
  EXPECT_EQ(code_of({"good.csv", "--by", "fixture"}, 3), "D469");
  EXPECT_EQ(code_of({}, 2), "U005");
  EXPECT_EQ(code_of({"good.csv", "--literature-only"}, 2), "U007");
  EXPECT_EQ(code_of({"good.csv", "--csv", "good.csv"}, 2), "U008");
  EXPECT_EQ(code_of({"good.csv", "--difference", "0.2"}, 2), "U006");
  EXPECT_EQ(code_of({"good.csv", "--scatter", "20 %", "--difference", "-3 mA/cm2"}, 3), "D467");
  const Said said = run({"compare", "bare.csv"});
  EXPECT_THAT(said.err, HasSubstr("bare.csv:2"));
}

TEST_F(Compare, FilesThatCannotBeReadDoNotStopTheOthers) {
  write(folder / "t.csv", table);
  write(folder / "bad.h5", "nothing of the kind");
  const Said said = run({"compare", "t.csv", "bad.h5", "--by", "fixture", "--simulations", "100"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.out, HasSubstr("it could not be read"));
  EXPECT_THAT(said.out, HasSubstr("10 cells by fixture, 1 left out"));
}

TEST_F(Compare, SimulatedCellsAreComparedFromStudyToPage) {
  for (const int hold : {1, 30})
    for (const int seed : {1, 2, 3}) {
      const std::string name = "hold-" + std::to_string(hold) + "min";
      const Said said = run({"simulate", PLATEN_SOURCE_DIR "/studies/ham2022/" + name + ".toml", "--seed", std::to_string(seed), "--output",
                             name + "-" + std::to_string(seed) + ".h5"});
      ASSERT_EQ(said.code, 0) << said.err;
    }
  const Json a = answer({"hold-1min-1.h5", "hold-1min-2.h5", "hold-1min-3.h5", "hold-30min-1.h5", "hold-30min-2.h5", "hold-30min-3.h5", "--by", "hold_time",
                         "--with-literature", "--report", "page.html"});
  ASSERT_EQ(a["groups"].size(), 2);
  EXPECT_EQ(a["groups"][0]["short_seen"], 3);
  EXPECT_LT(a["groups"][0]["median_to"]["value"].get<double>(), a["groups"][1]["median_above"]["value"].get<double>());
  EXPECT_NEAR(a["plan"]["increment"]["value"].get<double>(), 1.27, 1e-6) << "the ramp's own grid";
  EXPECT_GE(a["literature"].size(), 25);
  EXPECT_THAT(a["notes"].dump(), HasSubstr("the same seeds (1, 2, 3)"));
  EXPECT_THAT(slurp(folder / "page.html"), HasSubstr("Counterpart of Figure S1"));
  const Json by_study = answer({"hold-1min-1.h5", "hold-30min-1.h5", "--by", "cell.area"});
  EXPECT_EQ(by_study["groups"].size(), 1) << "keys of the resolved study are conditions too";

  ASSERT_EQ(run({"library", "init", "lab.sqlite"}).code, 0);
  ASSERT_EQ(run({"library", "add", "hold-1min-1.h5", "hold-1min-2.h5", "hold-1min-3.h5", "hold-30min-1.h5", "hold-30min-2.h5", "hold-30min-3.h5", "--library", "lab.sqlite"}).code, 0);
  const Json kept = answer({"--library", "lab.sqlite", "--by", "hold_time"});
  EXPECT_THAT(a["plan"]["sigma"].get<double>(), ::testing::DoubleNear(answer({"hold-1min-1.h5", "hold-1min-2.h5", "hold-1min-3.h5", "hold-30min-1.h5", "hold-30min-2.h5",
              "hold-30min-3.h5", "--by", "hold_time", "--factors", "log(hold_time)"})["plan"]["sigma"].get<double>(), 1e-9)) << "the scatter within groups, whatever the model";
  EXPECT_EQ(kept["tests"], a["tests"]) << "the same cells out of a library";
  ASSERT_EQ(kept["groups"].size(), 2);
  EXPECT_EQ(kept["groups"][1]["turnbull"], a["groups"][1]["turnbull"]);
  const Json some = answer({"--library", "lab.sqlite", "--where", "contact_hold_time_h < 0.1", "--by", "hold_time"});
  EXPECT_EQ(some["cells"].size(), 3);
  EXPECT_EQ(code_of({"hold-1min-1.h5", "--where", "1"}, 2), "U007");
}

TEST_F(Compare, ThePageHasTheScattersIntervalAndTellsKindsOfCellsApart) {
  write(folder / "t.csv", "cell,last_passed / mA/cm2,failing_step / mA/cm2,kind,configuration,temperature / degC\n"
                          "a,0.9,1.0,x,symmetric,40\nb,1.2,1.3,x,full,40\nc,1.0,1.1,x,full,40\nd,1.4,1.5,y,full,40\ne,1.6,1.7,y,full,40\nf,1.9,2.0,y,full,40\n");
  const Said said = run({"compare", "t.csv", "--by", "kind", "--with-literature", "--simulations", "100", "--report", "page.html"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("cells of several kinds (symmetric, full) stand in one group"));
  const std::string page = slurp(folder / "page.html");
  EXPECT_THAT(page, ::testing::AllOf(HasSubstr("scatter of ln CCD, 95"), HasSubstr("these symmetric cells"), HasSubstr("these full cells")));
  EXPECT_THAT(page, ::testing::ContainsRegex(">[0-9.]+ \\([0-9.]+ – [0-9.]+\\)</td></tr>")) << "the scatter, the last one of its row, with its interval";
}

TEST_F(Compare, PublishedCcdsStandBesideTheGroups) {
  write(folder / "t.csv", "cell,ccd / mA/cm2,kind\na,9,good\nb,9.5,good\nc,0.01,bad\n");
  const Said said = run({"compare", "t.csv", "--by", "kind", "--with-literature", "--simulations", "100"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("Against the literature"));
  EXPECT_THAT(said.out, HasSubstr("1 of 2")) << "one group is better than what is published, one is not";
  EXPECT_THAT(run({"compare", "t.csv", "--simulations", "100"}).out, Not(HasSubstr("Against the literature")));
}

TEST_F(Compare, PublishedCcdsAreListedAndCompared) {
  const Said said = run({"compare", "--literature-only"});
  EXPECT_EQ(said.code, 0);
  for (const char* word : {"2.15", "> 3.4", "stated", "recalled", "10.1016/j.ensm.2022.12.013"}) EXPECT_THAT(said.out, HasSubstr(word));
  const Json rows = answer({"--literature-only"});
  EXPECT_EQ(rows["schema"], "platen.literature/1");
  for (const Json& row : rows["rows"]) {
    EXPECT_FALSE(row["reference"].get<std::string>().empty());
    if (row["as_stated"].get<std::string>().starts_with('>')) {
      EXPECT_TRUE(row["failing_step"].is_null());
    }
  }
  const Json compared = answer({"--literature-only", "--by", "configuration"});
  EXPECT_EQ(compared["groups"].size(), 2);
}

} // namespace
} // namespace platen::test
