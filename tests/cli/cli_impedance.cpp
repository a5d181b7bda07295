// The verbs of impedance and of direct current, as a user runs them.

#include "impedance_program.hpp"

namespace platen::test {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

TEST_F(Impedance, FitAnswersWithElements) {
  spectrum("a.txt", "R0-p(R1,C1)", {29.14, 46.65, 10.43e-6});
  const Json fit = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,C1)", "--json"});
  EXPECT_EQ(fit["schema"], "platen.eis.fit/1");
  ASSERT_EQ(fit["elements"].size(), 3u);
  const std::vector<std::pair<std::string, double>> truth{{"R0", 29.14}, {"R1", 46.65}, {"C1", 10.43e-6}};
  for (std::size_t k = 0; k < 3; ++k) {
    const Json& e = fit["elements"][k];
    EXPECT_EQ(e["name"], truth[k].first);
    EXPECT_NEAR(e["value"].get<double>() / truth[k].second, 1.0, 1e-6);
    EXPECT_EQ(e["unit"], k == 2 ? "F" : "ohm");
    EXPECT_GE(e["standard_error"].get<double>(), 0.0);
  }
}

TEST_F(Impedance, FitObeysWhatIsKnown) {
  spectrum("a.txt", "R0-p(R1,CPE1)-p(R2,CPE2)", {10, 40, 1e-7, 0.9, 60, 1e-4, 0.8});
  const Json fit = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)", "--fix", "R0=11,CPE1.n=0.9", "--bounds", "CPE2.n=0.5:0.7",
                           "--starts", "4", "--seed", "7", "--weights", "unit", "--json"});
  EXPECT_EQ(fit["weighting"], "unit");
  EXPECT_EQ(fit["elements"][0]["value"], 11.0);
  EXPECT_EQ(fit["elements"][0]["standing"], "fixed");
  EXPECT_LE(fit["elements"][6]["value"].get<double>(), 0.7);
  const Json tied = answer({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)", "--tie", "R2=R1", "--json"});
  EXPECT_EQ(tied["elements"][1]["value"], tied["elements"][4]["value"]);
}

TEST_F(Impedance, ProfilesTakeThePlaceOfIntervals) {
  spectrum("a.txt", "R0-p(R1,C1)-p(R2,C2)", {10, 40, 1e-7, 3, 1.2e-6});
  const std::vector<std::string> words{"eis", "fit", "a.txt", "--circuit", "L9-R0-p(R1,C1)", "--json"};
  std::vector<std::string> profiled = words;
  profiled.push_back("--profile");
  const Json plain = answer(words), by_profile = answer(profiled);
  EXPECT_EQ(plain["interval"], "covariance");
  EXPECT_EQ(by_profile["interval"], "profile");
  EXPECT_EQ(plain["elements"][1]["value"], by_profile["elements"][1]["value"]);
  EXPECT_NE(plain["elements"][1]["low"], by_profile["elements"][1]["low"]);
  EXPECT_NEAR(plain["elements"][1]["low"].get<double>(), by_profile["elements"][1]["low"].get<double>(), 0.5);
}

TEST_F(Impedance, FitFindsANamedCircuitAndDrawsIt) {
  spectrum("a.txt", "p(R1,CPE1)-CPE9", {1500, 2e-10, 0.95, 2e-6, 0.9}, 1.0, 7e6);
  const Said said = run({"eis", "fit", "a.txt", "--kind", "blocking", "--plots", "figures"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("electrolyte with its arc | blocking electrodes"));
  EXPECT_THAT(said.out, HasSubstr("1500"));
  for (const char* name : {"nyquist", "bode", "residuals"}) {
    const std::string svg = slurp(folder / "figures" / (std::string(name) + ".svg"));
    EXPECT_THAT(svg, HasSubstr("<svg xmlns")) << name;
    EXPECT_THAT(svg, HasSubstr("</svg>")) << name;
  }
  EXPECT_THAT(slurp(folder / "figures" / "nyquist.svg"), HasSubstr(">1 Hz</text>"));
}

TEST_F(Impedance, TheCellFileMakesConductivities) {
  spectrum("a.txt", "R0-p(R1,CPE1)-CPE9", {500, 1500, 2e-8, 0.9, 2e-6, 0.9}, 1.0, 7e6);
  write(folder / "a.cell.toml", "area = \"0.785 cm2\"\nelectrolyte_thickness = \"0.6 mm\"\n");
  const Json fit = answer({"eis", "fit", "a.txt", "--kind", "blocking", "--json"});
  ASSERT_EQ(fit["conductivities"].size(), 3u);
  EXPECT_EQ(fit["conductivities"][0]["element"], "R0");
  EXPECT_NEAR(fit["conductivities"][0]["value"].get<double>(), 0.6e-3 / (500 * 0.785e-4), 1e-4);
  EXPECT_EQ(fit["conductivities"][2]["element"], "total");
  EXPECT_NEAR(fit["conductivities"][2]["value"].get<double>(), 0.6e-3 / (2000 * 0.785e-4), 1e-5);
}

TEST_F(Impedance, TestsAndRelaxationTimes) {
  spectrum("a.txt", "R0-ZARC1", {10, 40, 1e-3, 0.85});
  const Json inspected = answer({"eis", "inspect", "a.txt", "--json"});
  EXPECT_EQ(inspected["schema"], "platen.eis.inspect/1");
  EXPECT_TRUE(inspected["spectra"][0]["consistent"].get<bool>());
  EXPECT_TRUE(inspected["spectra"][0]["drops"].empty());
  const Json kk = answer({"eis", "kk", "a.txt", "--json"});
  EXPECT_EQ(kk["linear"]["residual_real"].size(), 60u);
  EXPECT_LT(kk["linear"]["residual"].get<double>(), 1e-3);
  const Json drt = answer({"eis", "drt", "a.txt", "--samples", "20", "--json"});
  EXPECT_EQ(drt["schema"], "platen.eis.drt/1");
  ASSERT_FALSE(drt["peaks"].empty());
  double largest = 0, tau = 0;
  for (const Json& p : drt["peaks"])
    if (p["resistance"]["value"].get<double>() > largest) largest = p["resistance"]["value"], tau = p["tau"]["value"];
  EXPECT_NEAR(largest, 40, 1);
  EXPECT_NEAR(tau, 1e-3, 1e-4);
  EXPECT_EQ(run({"eis", "kk", "a.txt", "--plots", "p"}).code, 0);
  EXPECT_EQ(run({"eis", "drt", "a.txt", "--plots", "p"}).code, 0);
  EXPECT_THAT(slurp(folder / "p" / "drt.svg"), HasSubstr("</svg>"));
  EXPECT_THAT(slurp(folder / "p" / "kramers-kronig.svg"), HasSubstr("</svg>"));
}

TEST_F(Impedance, SeriesFollowOneCircuit) {
  std::vector<std::string> words{"eis", "series"};
  for (int k = 0; k < 6; ++k) {
    spectrum(fmt::format("s{}.txt", k), "R0-p(R1,CPE1)", {10, 40.0 / (1 - 0.8 * std::exp(-0.7 * k)), 1e-6, 0.9});
    words.push_back(fmt::format("s{}.txt", k));
  }
  words.insert(words.end(), {"--circuit", "R0-p(R1,CPE1)", "--plots", "p"});
  const Said said = run(words);
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("s5.txt"));
  EXPECT_THAT(slurp(folder / "p" / "series.svg"), HasSubstr("</svg>"));
  words.push_back("--json");
  const Json series = answer(words);
  ASSERT_EQ(series["spectra"].size(), 6u);
  EXPECT_NEAR(series["spectra"][0]["elements"][1]["value"].get<double>(), 200.0, 0.1);
  EXPECT_TRUE(series["contact"].is_null());
}

TEST_F(Impedance, DirectCurrentGivesTheConductivity) {
  std::string text = "Time (s),Voltage (V),Current (A)\n";
  for (int k = 0; k < 10; ++k) text += fmt::format("{},0,0\n", k);
  for (int k = 1; k <= 600; ++k)
    text += fmt::format("{},0.1,{:.6e}\n", 9 + k, 23.55e-9 + 3e-9 + 1e-6 * std::exp(-k / 20.0) + 1e-10 * ((k * 7919) % 11 - 5));
  write(folder / "dc.csv", text);
  const std::vector<std::string> words{"dc", "dc.csv", "--thickness", "0.6 mm", "--area", "0.785 cm2", "--leakage", "3 nA", "--leakage-error", "0.2 nA"};
  std::vector<std::string> json = words;
  json.push_back("--json");
  const Json dc = answer(json);
  EXPECT_EQ(dc["schema"], "platen.dc/1");
  EXPECT_NEAR(dc["conductivity"]["value"].get<double>(), 1.8e-6, 0.03e-6); // S/m
  EXPECT_EQ(dc["conductivity"]["unit"], "S/m");
  EXPECT_TRUE(dc["stationary"].get<bool>());
  std::vector<std::string> drawn = words;
  drawn.insert(drawn.end(), {"--plots", "p"});
  const Said said = run(drawn);
  EXPECT_THAT(said.out, HasSubstr("1.80e-8"));
  EXPECT_THAT(slurp(folder / "p" / "dc.svg"), HasSubstr("</svg>"));
}

TEST_F(Impedance, FaultsAreTold) {
  spectrum("a.txt", "R0-p(R1,C1)", {29.14, 46.65, 10.43e-6});
  write(folder / "cycling.csv", "Time (s),Voltage (V),Current (A)\n0,0.1,1\n1,0.2,1\n2,0.3,1\n");
  const auto first = [&](const std::vector<std::string>& words) {
    const Said said = run(words);
    return std::pair(said.code, said.err.substr(0, said.err.find(']') + 1));
  };
  using testing::Pair;
  EXPECT_THAT(first({"eis", "fit", "a.txt", "--circuit", "R0-p(R1,X1)"}), Pair(2, "error[U101]"));
  EXPECT_THAT(first({"eis", "fit", "a.txt", "--circuit", "R0", "--fix", "R7=1"}), Pair(2, "error[U107]"));
  EXPECT_THAT(first({"eis", "fit", "a.txt", "--circuit", "R0", "--fix", "R0"}), Pair(2, "error[U006]"));
  EXPECT_THAT(first({"eis", "fit", "a.txt", "--fix", "R0=1"}), Pair(2, "error[U007]"));
  EXPECT_THAT(first({"eis", "fit", "a.txt", "--spectrum", "2"}), Pair(2, "error[U006]"));
  EXPECT_THAT(first({"eis", "fit", "cycling.csv"}), Pair(3, "error[D217]"));
  EXPECT_THAT(first({"eis", "series", "a.txt"}), Pair(2, "error[U005]"));
  EXPECT_THAT(first({"eis", "fits", "a.txt"}), Pair(2, "error[U001]"));
  EXPECT_THAT(first({"dc", "cycling.csv", "--voltage", "5 V"}), Pair(3, "error[D216]"));
  EXPECT_THAT(first({"dc", "cycling.csv", "--voltage", "5"}), Pair(2, "error[U006]"));
}

} // namespace
} // namespace platen::test
