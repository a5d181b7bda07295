// Results of impedance kept in records and shown on pages; series, temperatures, batches, as a user asks for them.
#include "impedance_program.hpp"

#include "record/io.hpp"

namespace platen::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

const std::filesystem::path shared = PLATEN_SHARED_DATA;

class ImpedanceRecords : public Impedance {
protected:
  std::pair<int, std::string> first(const std::vector<std::string>& words) {
    const Said said = run(words);
    const std::size_t at = std::min(said.err.find("error["), said.err.size());
    return {said.code, said.err.substr(at, said.err.find(']', at) - at + 1)};
  }
  /// The analysis of that kind in an answer.
  static Json analysis(const Json& answer, const std::string& kind) {
    for (const Json& a : answer["analyses"])
      if (a["kind"] == kind) return a;
    return nullptr;
  }
  static Json value(const Json& analysis, const std::string& name) {
    for (const Json& v : analysis["values"])
      if (v["name"] == name) return v;
    return nullptr;
  }
  /// Six spectra of a hold, 20 min apart: the contact goes from 0.2 to 1.
  std::vector<std::string> hold(const std::string& circuit, double resistance) {
    std::vector<std::string> files;
    for (int k = 0; k < 8; ++k) {
      files.push_back(fmt::format("s{}.txt", k));
      spectrum(files.back(), circuit, {10, resistance / (1 - 0.8 * std::exp(-0.9 * k)), 1e-6, 0.9});
    }
    return files;
  }
};

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST_F(ImpedanceRecords, AFitIsKeptInTheRecordAndComesBack) {
  spectrum("a.txt", "R0-p(R1,C1)", {29.14, 46.65, 10.43e-6});
  const Said said = run({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1)", "--output", "a.h5"});
  ASSERT_EQ(said.code, 0) << said.err;
  const Record record = read_hdf5(folder / "a.h5");
  ASSERT_EQ(record.spectra.size(), 1u);
  const Analysis* fit = find_analysis(record.analyses, "circuit", 1);
  ASSERT_NE(fit, nullptr);
  EXPECT_EQ(fit->method, "R0-p(R1,C1)");
  EXPECT_NEAR(fit->value("R1")->value, 46.65, 1e-4);
  // A second result joins the first, and both are told.
  EXPECT_EQ(run({"eis", "kk", "a.h5", "--output", "b.h5"}).code, 0);
  const Json inspected = answer({"inspect", "b.h5", "--json"});
  ASSERT_EQ(inspected["analyses"].size(), 2u);
  EXPECT_NEAR(value(analysis(inspected, "circuit"), "R0")["value"].get<double>(), 29.14, 1e-4);
  EXPECT_EQ(value(analysis(inspected, "circuit"), "R0")["unit"], "ohm");
  EXPECT_EQ(analysis(inspected, "kramers-kronig")["settings"]["consistent"], "yes");
  EXPECT_THAT(run({"inspect", "b.h5"}).out, HasSubstr("R0-p(R1,C1) misses by"));
  // As tables.
  EXPECT_EQ(run({"convert", "b.h5", "--to", "csv", "--output", "b.csv"}).code, 0);
  EXPECT_THAT(slurp(folder / "b.analyses.csv"), HasSubstr("1,circuit,1,\"R0-p(R1,C1)\",R1,46.6"));
  EXPECT_THAT(slurp(folder / "b.curves.csv"), HasSubstr("model_real,ohm,60,"));
  EXPECT_EQ(run({"eis", "drt", "a.txt", "--samples", "0", "--output", "a.xlsx"}).code, 0);
  EXPECT_EQ(slurp(folder / "a.xlsx").substr(0, 2), "PK");
}

TEST_F(ImpedanceRecords, APageShowsSpectra) {
  spectrum("a.txt", "R0-p(R1,CPE1)", {10, 40, 1e-6, 0.9});
  const Said said = run({"assess", "a.txt", "--report", "a.html"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("the record holds impedance alone"));
  EXPECT_THAT(said.out, HasSubstr("R0-p(R1,CPE1) misses by"));
  const std::string page = slurp(folder / "a.html");
  for (const char* id : {"cell-1-impedance", "cell-1-z1-nyquist", "cell-1-z1-bode", "cell-1-z1-kk", "cell-1-z1-drt"}) EXPECT_THAT(page, HasSubstr(id));
  for (const char* broken : {">nan", ">-nan", ",nan", "Lnan", "inf ohm"}) EXPECT_THAT(page, Not(HasSubstr(broken)));
  EXPECT_THAT(page, HasSubstr("both tests passed"));
  const Json judged = answer({"assess", "a.txt", "--json"});
  EXPECT_EQ(judged["verdict"], "cannot tell");
  EXPECT_NEAR(value(analysis(judged, "circuit"), "R1")["value"].get<double>(), 40, 0.1);
  EXPECT_EQ(analysis(judged, "relaxation times")["curves"].size(), 7u);
  // What the user decided stands on the page in the place of what would have been found.
  EXPECT_EQ(run({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1)", "--output", "a.h5"}).code, 0);
  EXPECT_THAT(run({"assess", "a.h5"}).out, HasSubstr("R0-p(R1,C1) misses by"));
}

TEST_F(ImpedanceRecords, ARealTestWithLoopsOfSpectra) {
  if (!std::filesystem::exists(shared / "lili_soft_short")) GTEST_SKIP() << "SHARED DATA ABSENT " << shared;
  const Said said = run({"assess", (shared / "lili_soft_short").string(), "--report", "lili.html"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("45 of 45"));
  const std::string page = slurp(folder / "lili.html");
  for (const char* id : {"cell-1-spectra", "cell-1-series", "cell-1-z1-nyquist", "cell-1-z45-kk"}) EXPECT_THAT(page, HasSubstr(id));
  // Against the reference: the shorts of loops 24 to 28 open and close.
  const Json series = answer({"eis", "series", (shared / "lili_soft_short" / "02_GEIS.mpr").string(), "--circuit", "p(R1,CPE1)-CPE9", "--json"});
  ASSERT_EQ(series["spectra"].size(), 45u);
  const auto R = [&](std::size_t loop) { return series["spectra"][loop - 1]["elements"][0]["value"].get<double>(); };
  EXPECT_GT(R(24), 1.5 * R(25));
  EXPECT_GT(R(28), 1.5 * R(25));
  EXPECT_GT(series["spectra"][1]["start"]["value"].get<double>(), series["spectra"][0]["start"]["value"].get<double>() + 3000.0);
}

TEST_F(ImpedanceRecords, ContactIsToldFromAHold) {
  const auto files = hold("R0-p(R1,CPE1)", 20);
  const std::vector<std::string> words = joined({"eis", "series"}, joined(files, {"--circuit", "R0-p(R1,CPE1)", "--contact", "R1", "--every", "20 min", "--pressure",
                                                                                  "25 MPa", "--area", "0.785 cm2"}));
  const Json series = answer(joined(words, {"--json"}));
  const Json& contact = series["contact"];
  EXPECT_EQ(contact["parameter"], "R1");
  EXPECT_TRUE(contact["settled"].get<bool>());
  EXPECT_NEAR(contact["full_contact"]["value"].get<double>(), 0.5 * 20 * 0.785e-4, 0.02 * 0.5 * 20 * 0.785e-4);
  ASSERT_EQ(contact["points"].size(), 8u);
  EXPECT_EQ(contact["points"][1]["time"]["value"], 1200.0);
  for (int k = 0; k < 8; ++k) {
    const double theta = 1 - 0.8 * std::exp(-0.9 * k);
    EXPECT_LE(contact["points"][k]["theta_low"].get<double>(), theta * 1.002) << k;
    EXPECT_GE(contact["points"][k]["theta_high"].get<double>(), theta * 0.998) << k;
  }
  const Said said = run(joined(words, {"--plots", "p", "--output", "hold.h5"}));
  EXPECT_THAT(said.out, HasSubstr("contact from R1, one side"));
  for (const char* name : {"series", "contact", "spectra"}) EXPECT_THAT(slurp(folder / "p" / (std::string(name) + ".svg")), HasSubstr("</svg>"));
  const Record record = read_hdf5(folder / "hold.h5");
  EXPECT_EQ(record.spectra.size(), 8u);
  EXPECT_EQ(record.spectra[2].start, 2400.0);
  ASSERT_NE(find_analysis(record.analyses, "contact", 0), nullptr);
  EXPECT_EQ(find_analysis(record.analyses, "contact", 0)->curve("theta").size(), 8u);
  // The record is a series by itself, with times.
  EXPECT_EQ(run({"assess", "hold.h5", "--report", "hold.html"}).code, 0);
  EXPECT_THAT(slurp(folder / "hold.html"), HasSubstr("cell-1-contact"));
}

TEST_F(ImpedanceRecords, ContactNeedsTimeAreaAndPressure) {
  const auto words = joined({"eis", "series"}, joined(hold("R0-p(R1,CPE1)", 20), {"--circuit", "R0-p(R1,CPE1)", "--contact", "R1"}));
  using testing::Pair;
  EXPECT_THAT(first(words), Pair(2, "error[U005]")); // no area
  EXPECT_THAT(first(joined(words, {"--area", "1 cm2"})), Pair(2, "error[U005]")); // no time
  EXPECT_THAT(first(joined(words, {"--area", "1 cm2", "--every", "20 min"})), Pair(2, "error[U005]")); // no pressure
  EXPECT_THAT(first({"eis", "series", "s0.txt", "--circuit", "R0-p(R1,CPE1)", "--contact", "R9"}), Pair(2, "error[U107]"));
  EXPECT_THAT(first({"eis", "series", "s0.txt", "--circuit", "R0-p(R1,CPE1)", "--pressure", "25 MPa"}), Pair(2, "error[U007]"));
  EXPECT_THAT(first({"eis", "series", "s0.txt", "s1.txt", "--circuit", "R0-p(R1,CPE1)", "--contact", "R1", "--area", "1 cm2", "--every", "20 min", "--pressure", "25 MPa"}),
              Pair(3, "error[D215]")); // too few for a law
}

TEST_F(ImpedanceRecords, ConductivitiesOverTemperatureAgreeWithTheReport) {
  const auto data = shared / "solid_conductor_impedance";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "SHARED DATA ABSENT " << data;
  // S/cm at 140, 160, 180, 200 degC: Arrhenius_Analysis_Report.txt. The geometry is not in the files, so one factor is free.
  const std::vector<double> bulk{2.857e-6, 5.256e-6, 1.049e-5, 1.860e-5}, boundary{2.076e-7, 6.261e-7, 1.719e-6, 4.397e-6}, total{1.936e-7, 5.594e-7, 1.477e-6, 3.556e-6};
  const Json said = answer({"eis", "arrhenius", data.string(), "--circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE9", "--thickness", "1.20 +- 0.06 mm", "--area", "1 cm2",
                            "--arc", "R2", "--electrolyte", "R1", "--json", "--output", "all.h5"});
  EXPECT_EQ(said["schema"], "platen.eis.arrhenius/1");
  ASSERT_EQ(said["lines"].size(), 3u);
  const double factor = said["lines"][0]["values"][0]["value"].get<double>() / (100 * bulk[0]);
  for (std::size_t k = 0; k < 4; ++k) {
    const auto at = [&](std::size_t line) { return said["lines"][line]["values"][k]["value"].get<double>() / factor / 100; };
    EXPECT_NEAR(said["lines"][0]["values"][k]["temperature"]["value"].get<double>(), 413.15 + 20 * static_cast<double>(k), 1e-9);
    EXPECT_NEAR(at(0) / bulk[k], 1, 0.01);
    EXPECT_NEAR(at(1) / boundary[k], 1, 0.01);
    EXPECT_NEAR(at(2) / total[k], 1, 0.01);
    // 5 % of the thickness is in each of them, and not in the activation energy.
    const Json& v = said["lines"][1]["values"][k];
    EXPECT_GT(v["standard_error"].get<double>() / v["value"].get<double>(), 0.05);
  }
  constexpr double eV = 96485.33;
  EXPECT_NEAR(said["lines"][0]["activation_energy"]["value"].get<double>() / eV, 0.587, 0.03);
  EXPECT_NEAR(said["lines"][1]["activation_energy"]["value"].get<double>() / eV, 0.892, 0.03);
  EXPECT_LT(said["lines"][1]["activation_energy"]["standard_error"].get<double>() / eV, 0.01);
  EXPECT_EQ(said["verdict"]["kind"], "charge transfer");
  const Record record = read_hdf5(folder / "all.h5");
  ASSERT_EQ(record.spectra.size(), 4u);
  ASSERT_NE(find_analysis(record.analyses, "activation", 0), nullptr);
  EXPECT_EQ(find_analysis(record.analyses, "activation", 0)->curve("temperature").size(), 4u);
}

TEST_F(ImpedanceRecords, AnArcIsJudgedByAreasToo) {
  spectrum("a.txt", "R0-p(R1,C1)", {29, 40, 1e-6});
  spectrum("b.txt", "R0-p(R1,C1)", {29, 20, 4e-6});
  spectrum("c.txt", "R0-p(R1,C1)", {29, 10, 16e-6});
  const std::vector<std::string> words{"eis", "arrhenius", "a.txt", "b.txt", "c.txt", "--circuit", "R0-p(R1,C1)", "--temperatures", "25 degC, 25 degC, 25 degC",
                                       "--arc", "R1", "--areas", "1 mm2, 4 mm2, 16 mm2"};
  const Json said = answer(joined(words, {"--json"}));
  EXPECT_EQ(said["verdict"]["kind"], "constriction");
  EXPECT_NEAR(said["verdict"]["area_exponent"]["value"].get<double>(), 0.5, 0.01);
  EXPECT_TRUE(said["lines"][0]["activation_energy"].is_null());
  EXPECT_EQ(said["lines"][0]["values"][0]["unit"], "S");
  EXPECT_EQ(run(joined(words, {"--plots", "p"})).code, 0);
  EXPECT_THAT(slurp(folder / "p" / "arrhenius.svg"), HasSubstr("</svg>"));
  using testing::Pair;
  const std::vector<std::string> begin{"eis", "arrhenius", "a.txt", "b.txt", "--circuit", "R0-p(R1,C1)"};
  EXPECT_THAT(first(begin), Pair(2, "error[U005]")); // no temperatures
  EXPECT_THAT(first(joined(begin, {"--temperatures", "25 degC"})), Pair(2, "error[U006]"));
  EXPECT_THAT(first(joined(begin, {"--temperatures", "25, 30"})), Pair(2, "error[U006]"));
  EXPECT_THAT(first(joined(begin, {"--of", "C1", "--temperatures", "25 degC, 30 degC"})), Pair(2, "error[U006]"));
  EXPECT_THAT(first(joined(begin, {"--areas", "1 mm2, 2 mm2", "--temperatures", "25 degC, 30 degC"})), Pair(2, "error[U007]"));
  EXPECT_THAT(first({"eis", "arrhenius", "a.txt"}), Pair(2, "error[U005]"));
}

TEST_F(ImpedanceRecords, ManySpectraAreOneAnswerEach) {
  spectrum("a.txt", "R0-p(R1,C1)", {29, 40, 1e-6});
  spectrum("b.txt", "R0-p(R1,C1)", {29, 20, 4e-6});
  const Json all = answer({"eis", "fit", "a.txt", "b.txt", "--circuit", "R0-p(R1,C1)", "--plots", "p", "--output", "out", "--json"});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_NEAR(all[1]["elements"][1]["value"].get<double>(), 20, 1e-3);
  EXPECT_TRUE(std::filesystem::exists(folder / "p" / "b.txt-nyquist.svg"));
  EXPECT_NE(find_analysis(read_hdf5(folder / "out" / "b.txt.h5").analyses, "circuit", 1), nullptr);
  // A folder that is no one test is its files; what holds no spectrum is passed over and said.
  std::filesystem::create_directories(folder / "mine");
  std::filesystem::copy(folder / "a.txt", folder / "mine" / "a.txt");
  std::filesystem::copy(folder / "b.txt", folder / "mine" / "b.txt");
  write(folder / "mine" / "notes.md", "nothing\n");
  EXPECT_EQ(answer({"eis", "inspect", "mine", "--json"})["spectra"].size(), 2u);
  EXPECT_EQ(answer({"eis", "kk", "mine", "--json"}).size(), 2u);
  EXPECT_THAT(run({"eis", "kk", "mine"}).err, HasSubstr("notes.md"));
  // Every spectrum of one file.
  EXPECT_EQ(run({"eis", "series", "mine", "--circuit", "R0-p(R1,C1)", "--output", "both.h5"}).code, 0);
  EXPECT_EQ(answer({"eis", "fit", "both.h5", "--circuit", "R0-p(R1,C1)", "--spectrum", "all", "--json"}).size(), 2u);
  EXPECT_NEAR(answer({"eis", "fit", "both.h5", "--circuit", "R0-p(R1,C1)", "--spectrum", "2", "--json"})["elements"][1]["value"].get<double>(), 20, 1e-3);
  std::filesystem::create_directories(folder / "empty");
  write(folder / "empty" / "notes.md", "nothing\n");
  EXPECT_THAT(first({"eis", "kk", "empty"}), testing::Pair(3, "error[D217]"));
}

TEST_F(ImpedanceRecords, PointsAreDroppedOnRequestAndSaid) {
  spectrum("a.txt", "R0-p(R1,C1)", {29, 40, 1e-6});
  // A spoiled point, the 30th.
  std::string text = slurp(folder / "a.txt");
  std::size_t line = 0;
  for (int k = 0; k < 30; ++k) line = text.find('\n', line) + 1;
  text.insert(text.find('\t', line) + 1, "1");
  write(folder / "a.txt", text);
  const Json all = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1)", "--json"});
  EXPECT_EQ(all["spectrum"]["points"], 60);
  EXPECT_TRUE(all["spectrum"]["left_out"].empty());
  EXPECT_GT(all["residual"].get<double>(), 0.01);
  for (const char* which : {"30", "proposed"}) {
    const Json fit = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1)", "--drop", which, "--json"});
    EXPECT_EQ(fit["spectrum"]["points"], 59) << which;
    EXPECT_EQ(fit["spectrum"]["left_out"], Json::array({30})) << which;
    EXPECT_LT(fit["residual"].get<double>(), 1e-5) << which;
  }
  EXPECT_EQ(answer({"eis", "drt", "a.txt", "--samples", "0", "--drop", "1-3,30", "--json"})["spectrum"]["points"], 56);
  EXPECT_THAT(run({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1)", "--drop", "30"}).out, HasSubstr("left out: 30"));
  using testing::Pair;
  for (const char* wrong : {"0", "61", "5-3", "x", ""}) EXPECT_THAT(first({"eis", "fit", "a.txt", "--circuit", "R0", "--drop", wrong}), Pair(2, "error[U006]")) << wrong;
}

TEST_F(ImpedanceRecords, CircuitsAreComparedWeightedAndGivenMeaning) {
  spectrum("a.txt", "R0-p(R1,CPE1)", {30, 40, 1e-6, 0.9});
  const Json fit = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1); R0-p(R1,CPE1)", "--json"});
  EXPECT_EQ(fit["circuit"], "R0-p(R1,CPE1)");
  ASSERT_EQ(fit["tried"].size(), 2u);
  EXPECT_TRUE(fit["tried"][0]["model"].is_null());
  EXPECT_GT(fit["tried"][1]["aicc_above_lowest"].get<double>(), 10.0);
  EXPECT_EQ(answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,CPE1)", "--weights", "noise", "--json"})["weighting"], "noise");
  const Json known = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,CPE1)", "--conductivity", "R0", "--interfaces", "R1", "--thickness", "0.60 +- 0.03 mm", "--area",
                             "0.785 cm2", "--json"});
  EXPECT_NEAR(known["conductivities"][0]["value"].get<double>(), 0.6e-3 / (30 * 0.785e-4), 1e-5);
  EXPECT_NEAR(known["conductivities"][0]["standard_error"].get<double>(), 0.05 * 0.6e-3 / (30 * 0.785e-4), 1e-4);
  EXPECT_NEAR(known["interfaces"][0]["value"].get<double>(), 20 * 0.785e-4, 1e-8);
  EXPECT_EQ(known["interfaces"][0]["unit"], "ohm m2");
  const Json found = answer({"eis", "fit", "a.txt", "--kind", "symmetric", "--area", "0.785 cm2", "--json"});
  EXPECT_NEAR(found["interfaces"][0]["value"].get<double>(), 20 * 0.785e-4, 1e-6);
  const Json tied = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,CPE1)", "--tie", "R0=0.5*R1", "--json"});
  EXPECT_NEAR(tied["elements"][0]["value"].get<double>() / tied["elements"][1]["value"].get<double>(), 0.5, 1e-9);
  using testing::Pair;
  const std::vector<std::string> begin{"eis", "fit", "a.txt", "--circuit", "R0-p(R1,CPE1)"};
  EXPECT_THAT(first(joined(begin, {"--conductivity", "R0"})), Pair(2, "error[U005]"));
  EXPECT_THAT(first(joined(begin, {"--conductivity", "CPE1.Q", "--area", "1 cm2", "--thickness", "1 mm"})), Pair(2, "error[U110]"));
  EXPECT_THAT(first(joined(begin, {"--interfaces", "R7", "--area", "1 cm2"})), Pair(2, "error[U107]"));
  EXPECT_THAT(first({"eis", "fit", "a.txt", "--interfaces", "R1"}), Pair(2, "error[U007]"));
  EXPECT_THAT(first(joined(begin, {"--thickness", "1 +- x mm", "--conductivity", "R0"})), Pair(2, "error[U006]"));
  EXPECT_THAT(first(joined(begin, {"--weights", "nois"})), Pair(2, "error[U006]"));
  EXPECT_THAT(first(joined(begin, {"--output", "a.txt"})), Pair(2, "error[U008]"));
  EXPECT_THAT(first(joined(begin, {"--output", "b.docx"})), Pair(2, "error[U006]"));
}

/// 100 mV on a pellet: `steady` A and a transient of 1 uA.
std::string polarisation_file(double steady, double lasting, int seconds) {
  std::string text = "Time (s),Voltage (V),Current (A)\n";
  for (int k = 0; k < 10; ++k) text += fmt::format("{},0,0\n", k);
  for (int k = 1; k <= seconds; ++k) text += fmt::format("{},0.1,{:.6e}\n", 9 + k, steady + 1e-6 * std::exp(-k / lasting) + 1e-10 * ((k * 7919) % 11 - 5));
  return text;
}

TEST_F(ImpedanceRecords, DirectCurrentWithAnEmptyFixtureAndErrors) {
  write(folder / "dc.csv", polarisation_file(26.55e-9, 20, 600));
  write(folder / "empty.csv", polarisation_file(3e-9, 5, 600));
  const Said said = run({"dc", "dc.csv", "--empty", "empty.csv", "--thickness", "0.60 +- 0.03 mm", "--area", "0.785 cm2", "--output", "dc.h5"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.err, HasSubstr("nA without a cell"));
  const Record record = read_hdf5(folder / "dc.h5");
  EXPECT_GT(record.rows(), 600u);
  const Analysis* dc = find_analysis(record.analyses, "polarisation", 0);
  ASSERT_NE(dc, nullptr);
  EXPECT_NEAR(dc->value("leakage")->value, 3e-9, 0.1e-9);
  EXPECT_NEAR(dc->value("steady")->value, 23.55e-9, 0.1e-9);
  EXPECT_NEAR(dc->value("electronic conductivity")->value, 1.8e-6, 0.02e-6);
  EXPECT_GT(dc->value("electronic conductivity")->error, 0.05 * 1.8e-6);
  EXPECT_THAT(run({"inspect", "dc.h5"}).out, HasSubstr("polarisation"));
  EXPECT_EQ(run({"assess", "dc.h5", "--report", "dc.html"}).code, 0);
  EXPECT_THAT(slurp(folder / "dc.html"), HasSubstr("electronic conductivity"));
}

TEST_F(ImpedanceRecords, ThreeMinutesThatWereNotEnoughAreWarnedOf) {
  write(folder / "dc.csv", polarisation_file(23.55e-9, 100, 180));
  const Json dc = answer({"dc", "dc.csv", "--leakage", "0.0 +- 0.1 nA", "--json"});
  EXPECT_FALSE(dc["stationary"].get<bool>());
  EXPECT_GT(dc["last"]["value"].get<double>(), 1e-7);
  const double steady = dc["steady"]["value"], error = dc["steady"]["standard_error"];
  EXPECT_LT(std::abs(steady - 23.55e-9), 3 * error);
  EXPECT_GT(dc["needed"]["value"].get<double>(), 180.0);
  EXPECT_THAT(dc["warnings"][0].get<std::string>(), HasSubstr("180 s were not enough"));
}

TEST_F(ImpedanceRecords, WhatIsNoPolarisationIsRefused) {
  write(folder / "dc.csv", polarisation_file(23.55e-9, 20, 180));
  using testing::Pair;
  std::string held = "Time (s),Voltage (V),Current (A)\n";
  for (int k = 0; k < 300; ++k) held += fmt::format("{},{},1e-5\n", k, 2.9 + 2e-4 * k);
  write(folder / "galvanostatic.csv", held);
  EXPECT_THAT(first({"dc", "galvanostatic.csv"}), Pair(3, "error[D218]"));
  EXPECT_THAT(first({"dc", "dc.csv", "--empty", "galvanostatic.csv"}), Pair(3, "error[D216]")); // no stretch at 100 mV
  EXPECT_THAT(first({"dc", "dc.csv", "--empty", "dc.csv", "--leakage", "1 nA"}), Pair(2, "error[U007]"));
  EXPECT_THAT(first({"dc", "dc.csv", "--leakage-error", "-1 nA"}), Pair(2, "error[U006]"));
  EXPECT_THAT(first({"dc", "dc.csv", "--thickness", "0 mm", "--area", "1 cm2"}), Pair(2, "error[U006]"));
  EXPECT_THAT(first({"dc", "dc.csv", "--output", "dc.csv"}), Pair(2, "error[U008]"));
  if (!std::filesystem::exists(shared / "lpscl_impedance")) GTEST_SKIP() << "SHARED DATA ABSENT " << shared;
  for (const char* name : {"CP_SSB.mpr", "CP_SSB.txt"}) EXPECT_THAT(first({"dc", (shared / "lpscl_impedance" / name).string()}), Pair(3, "error[D218]")) << name;
}

} // namespace
} // namespace platen::test
