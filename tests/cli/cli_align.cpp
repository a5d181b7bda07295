// `platen align` on a made-up full cell whose logger was started 1234.5 s before the cycler.

#include "process.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::HasSubstr;

constexpr double ahead = 1234.5;

/// Charge in As: rest, then strokes of one hour whose capacity fades.
double charge(double t) {
  double at = 1800.0, q = 0.0;
  if (t < at) return 0.0;
  for (int k = 0; k < 8; ++k) {
    const double length = 3600.0 * (1.0 - 0.02 * (k / 2)), rate = k % 2 == 0 ? 1e-3 : -1e-3;
    if (t < at + length) return q + rate * (t - at);
    q += rate * length;
    at += length;
    if (t < at + 300.0) return q;
    at += 300.0;
  }
  return q;
}

class Align : public Program {
protected:
  void SetUp() override {
    Program::SetUp();
    std::string data = "Test Time / s,Voltage / V,Current / A\n", log = "t/s,P/MPa\n", flat = log;
    for (int t = 0; t <= 32000; t += 10)
      data += fmt::format("{},3.7,{:.9g}\n", t, (charge(t + 0.01) - charge(t - 0.01)) / 0.02);
    for (int t = -900; t <= 33000; t += 15) {
      const double noise = 0.01 * std::sin(12.9898 * t + 78.233 * (t % 97)); // no random numbers needed
      if (t < 9000 || t > 9600) log += fmt::format("{},{:.3f}\n", t + ahead, 5.0 + 0.3 * charge(t) + noise);
      flat += fmt::format("{},{:.3f}\n", t + ahead, 5.0 + noise);
    }
    write(folder / "data.csv", data);
    write(folder / "load.csv", log);
    write(folder / "flat.csv", flat);
    write(folder / "full.toml", "configuration = \"full\"\narea = \"0.785 cm2\"\n");
    write(folder / "symmetric.toml", "configuration = \"symmetric\"\narea = \"0.785 cm2\"\n");
  }
};

TEST_F(Align, FindsTheClockAndJoins) {
  const Said said = run({"align", "data.csv", "load.csv", "--cell", "full.toml", "--auto", "--output",
                         "out/joined.csv", "--plot", "clocks.svg"});
  ASSERT_EQ(said.code, 0) << said.err;
  for (const char* word :
       {"plated charge", "drift", "evidence", "1, the longest 630 s", "written      out/joined.csv"})
    EXPECT_THAT(said.out, HasSubstr(word));
  EXPECT_THAT(said.err, HasSubstr("D417"));
  EXPECT_THAT(slurp(folder / "clocks.svg"), HasSubstr("log, clock as decided"));
  EXPECT_THAT(slurp(folder / "out/joined.csv"), HasSubstr("Applied Pressure / Pa"));

  const auto answer = nlohmann::json::parse(run({"align", "data.csv", "load.csv", "--cell", "full.toml",
                                                 "--auto", "--output", "again.h5", "--json"})
                                                .out);
  EXPECT_EQ(answer.at("schema"), "platen.align/1");
  const double sigma = answer.at("offset_uncertainty").at("value");
  EXPECT_LT(sigma, 60.0);
  EXPECT_NEAR(answer.at("offset").at("value").get<double>(), -ahead, 4.0 * sigma + 4.0 * 2e-4 * 17000);
  EXPECT_EQ(answer.at("gaps"), 1);
  EXPECT_LT(answer.at("rows_with_pressure").get<int>(), answer.at("rows").get<int>()); // the gap stays
  EXPECT_TRUE(std::filesystem::exists(folder / "again.h5"));
}

TEST_F(Align, TakesWhatIsStated) {
  const auto answer = nlohmann::json::parse(run({"align", "data.csv", "load.csv", "--cell", "full.toml",
                                                 "--offset", "-1234.5 s", "--output", "o.csv", "--json"})
                                                .out);
  EXPECT_EQ(answer.at("method"), "stated");
  EXPECT_EQ(answer.at("offset").at("value"), -ahead);
  EXPECT_EQ(answer.at("offset_uncertainty"), nullptr);
}

TEST_F(Align, RefusesWhatTheDataCannotTell) {
  for (const char* cell : {"symmetric.toml", "full.toml"}) {
    const Said said = run({"align", "data.csv", "flat.csv", "--cell", cell, "--auto", "--output", "o.csv"});
    EXPECT_EQ(said.code, 3);
    EXPECT_THAT(said.err, HasSubstr("D422"));
    EXPECT_FALSE(std::filesystem::exists(folder / "o.csv"));
  }
}

TEST_F(Align, TheCellFileDoesTheSame) {
  write(folder / "data.cell.toml", "configuration = \"full\"\narea = \"0.785 cm2\"\n[pressure_log]\nfile = "
                                   "\"load.csv\"\nclock = \"auto\"\n");
  const Said said = run({"convert", "data.csv", "--to", "csv", "--output", "c.csv"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.err, HasSubstr("D417"));
  EXPECT_THAT(slurp(folder / "c.csv"), HasSubstr("Applied Pressure / Pa"));
  EXPECT_EQ(run({"assess", "data.csv"}).code, 0);
}

TEST_F(Align, TellsWhatIsWrongWithTheCommand) {
  EXPECT_EQ(run({"align", "data.csv", "--output", "o.csv"}).code, 2);
  EXPECT_EQ(run({"align", "data.csv", "load.csv", "--output", "load.csv"}).code, 2); // an input
  EXPECT_EQ(run({"align", "data.csv", "load.csv", "--output", "o.csv", "--offset", "12"}).code, 2);
  EXPECT_EQ(run({"align", "data.csv", "load.csv", "--output", "o.csv", "--zone", "Mars/Olympus"}).code, 2);
  EXPECT_EQ(run({"align", "data.csv", "load.csv", "--output", "o.csv", "--impedance"}).code,
            3); // a log has no spectra
}

} // namespace
} // namespace platen::test
