#include "text_files.hpp"

#include <algorithm>
#include <cmath>

namespace platen::test {
namespace {

/// A cycler's file of 1 s rows from 0 to 100 s, and a log beside it.
class Join {
public:
  explicit Join(const std::string& log, const std::string& settings = "",
                const std::string& area = "area = \"1 cm2\"\n", bool dated = false) {
    std::string data = dated ? "Date,Ewe/V,I/mA\n" : "time/s,Ewe/V,I/mA\n";
    for (int i = 0; i <= 100; ++i)
      data += dated ? "2024-05-17 10:0" + std::to_string(i / 60) + ":" + (i % 60 < 10 ? "0" : "") +
                          std::to_string(i % 60) + ",0.1,1\n"
                    : std::to_string(i) + ",0.1,1\n";
    data_ = folder_.write("data.csv", data);
    folder_.write("load.csv", log);
    cell_ = folder_.write("cell.toml", area + "[pressure_log]\nfile = \"load.csv\"\n" + settings);
  }
  Record read() const { return read_measurement(data_, {read_cell_file(cell_)}); }

private:
  TemporaryFolder folder_;
  std::filesystem::path data_, cell_;
};

/// P = 5 MPa + 0.01 MPa/s t, sampled every 10 s from -20 s on.
std::string ramp(double unit, double shift = 0.0, double zero = 0.0,
                 const char* header = "t/s,Pressure/MPa\n") {
  std::string out = header;
  for (int t = -20; t <= 200; t += 10)
    out += std::to_string(t - shift) + "," + std::to_string((5e6 + 1e4 * t) / unit + zero) + "\n";
  return out;
}

void expect_ramp(const Record& record, double tolerance) {
  const auto p = record.real("stack_pressure"), t = record.real("test_time");
  ASSERT_EQ(p.size(), 101u);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(p[i], 5e6 + 1e4 * t[i], tolerance) << i;
}

TEST(PressureLog, IsJoinedOnTime) {
  const Record record = Join(ramp(1e6)).read();
  expect_ramp(record, 1.0); // six decimals of MPa
  EXPECT_EQ(record.provenance.sources.size(), 3u);
  EXPECT_EQ(warning(record, "D092"), nullptr);
}

TEST(PressureLog, InEveryUnit) {
  const double area = 1e-4;
  expect_ramp(Join(ramp(1.0 / area), "unit = \"N\"\n").read(), 1.0);
  expect_ramp(Join(ramp(1e3 / area), "unit = \"kN\"\n").read(), 10.0);
  expect_ramp(Join(ramp(9.80665 / area), "unit = \"kgf\"\n").read(), 1.0);
  expect_ramp(Join(ramp(4.4482216152605 / area), "unit = \"lbf\"\n").read(), 1.0);
  expect_ramp(Join(ramp(1e5), "unit = \"bar\"\n").read(), 1.0);
  expect_ramp(Join(ramp(1e3, 0, 0, "t/s,Load (kPa)\n")).read(), 1.0);
  expect_ramp(Join(ramp(4.4482216152605 / area, 0, 0, "t/s,Load (lb)\n")).read(), 1.0);
}

TEST(PressureLog, GainAndZero) {
  // 445 N/V, 12 mV at rest
  expect_ramp(Join(ramp(445e-3 / 1e-4, 0, 12.0, "t/s,U/mV\n"),
                   "unit = \"mV\"\ngain = \"445 N/V\"\nzero = \"12 mV\"\n")
                  .read(),
              10.0);
  expect_ramp(Join(ramp(1e6, 0, 0.25), "unit = \"MPa\"\nzero = \"0.25 MPa\"\n").read(), 1.0);
}

TEST(PressureLog, TheClockOffsetIsAddedToTheLog) {
  expect_ramp(Join(ramp(1e6, 10.0), "clock_offset = \"10 s\"\n").read(), 1.0);
  const Record late = Join(ramp(1e6, 10.0)).read();
  EXPECT_NEAR(late.real("stack_pressure")[50], 5.6e6, 1.0);
}

TEST(PressureLog, OutsideAndInGapsThereIsNothing) {
  // every second, nothing between 20 and 26 s (gap of 6 intervals), nothing after 80 s
  std::string log = "t/s,P/MPa\n";
  for (int t = 10; t <= 80; ++t)
    if (t <= 20 || t >= 26) log += std::to_string(t) + ",5\n";
  const Record record = Join(log).read();
  const auto p = record.real("stack_pressure");
  for (std::size_t i = 0; i < p.size(); ++i) {
    const bool known = (i >= 10 && i <= 20) || (i >= 26 && i <= 80);
    EXPECT_EQ(!std::isnan(p[i]), known) << i;
  }
  ASSERT_NE(warning(record, "D092"), nullptr);
  EXPECT_NE(warning(record, "D092")->message.find("35 of 101"), std::string::npos)
      << warning(record, "D092")->message;
}

TEST(PressureLog, AGapOfFiveIntervalsIsBridged) {
  std::string log = "t/s,P/MPa\n";
  for (int t = 0; t <= 100; ++t)
    if (t <= 20 || t >= 25) log += std::to_string(t) + ",5\n";
  const Record record = Join(log).read();
  for (const double p : record.real("stack_pressure")) EXPECT_EQ(p, 5e6);
}

TEST(PressureLog, DatesMeetDates) {
  std::string log = "Date,Time,Force (N)\n";
  for (int i = 0; i <= 120; ++i)
    log += "17/05/2024,10:0" + std::to_string(i / 60) + ":" + (i % 60 < 10 ? "0" : "") +
           std::to_string(i % 60) + "," + std::to_string(500 + i) + "\n";
  const Record record = Join(log, "", "area = \"1 cm2\"\n", true).read();
  EXPECT_DOUBLE_EQ(record.real("stack_pressure")[7], 507 / 1e-4);
  const Diagnostic d = fault_of([&] { Join(log).read(); });
  EXPECT_EQ(d.code, "D089");
  EXPECT_FALSE(d.hints.empty());
}

TEST(PressureLog, DatesGoBeforeACountFromZero) {
  // The logger was started 30 s before the cycler; its own seconds are not the cycler's.
  std::string log = "Date,t/s,P/MPa\n";
  for (int i = 0; i <= 120; ++i) {
    const int clock = i + 30; // 09:59:30 on
    log += "2024-05-17 " +
           std::string(clock < 60    ? "09:59:"
                       : clock < 120 ? "10:00:"
                                     : "10:01:") +
           (clock % 60 < 10 ? "0" : "") + std::to_string(clock % 60) + "," + std::to_string(i) + "," +
           std::to_string(i) + "\n";
  }
  EXPECT_NEAR(Join(log, "", "", true).read().real("stack_pressure")[7], 37e6, 1.0);
  EXPECT_NEAR(Join(log, "", "").read().real("stack_pressure")[7], 7e6, 1.0); // no dates in the data: seconds
}

TEST(PressureLog, FaultsSayWhatToDo) {
  EXPECT_EQ(fault_of([] { Join(ramp(1.0, 0, 0, "t/s,Force (N)\n"), "", "").read(); }).code, "D087");
  EXPECT_EQ(fault_of([] { Join("t/s,Load,Other\n0,1,2\n1,1,2\n").read(); }).code, "D086");
  EXPECT_EQ(fault_of([] { Join("t/s,A (N),B (N)\n0,1,2\n1,1,2\n").read(); }).code, "D085");
  EXPECT_EQ(fault_of([] { Join("t/s,x,y\n0,1,2\n1,1,2\n").read(); }).code, "D085");
  EXPECT_EQ(fault_of([] { Join("t/s,P/MPa\n5000,1\n5001,1\n").read(); }).code, "D090");
  EXPECT_EQ(fault_of([] { Join("t/s,U/V\n0,1\n1,1\n", "", "area = \"1 cm2\"\n").read(); }).code, "D084");
  EXPECT_EQ(fault_of([] { Join(std::string("\0\0\0\0", 4)).read(); }).code, "D088");
  EXPECT_EQ(fault_of([] { Join("nothing here\n").read(); }).code, "D006");
}

TEST(PressureLog, AMappingPicksTheColumn) {
  const Record record = Join("clock,A (N),B (N)\n0,100,200\n2,100,200\n",
                             "[pressure_log.columns]\n\"clock\" = { column = \"test_time\", unit = \"min\" "
                             "}\n\"B (N)\" = \"stack_pressure\"\n")
                            .read();
  EXPECT_DOUBLE_EQ(record.real("stack_pressure")[60], 2e6);
}

TEST(PressureLog, AClockSetBackIsLeftOutAndSaid) {
  const Record record = Join("t/s,P/MPa\n0,5\n50,5\n100,5\n40,9\n90,9\n").read();
  for (const double p : record.real("stack_pressure")) EXPECT_EQ(p, 5e6);
  ASSERT_NE(warning(record, "D091"), nullptr);
  EXPECT_EQ(warning(record, "D091")->place->line, 5u);
}

TEST(PressureLog, ReplacesAnInstrumentsOwnPressure) {
  const TemporaryFolder folder;
  const auto data = folder.write("data.csv", "time/s,Ewe/V,I/mA,Pressure/MPa\n0,1,1,7\n1,1,1,7\n");
  folder.write("load.csv", "t/s,P/MPa\n0,5\n1,5\n");
  const auto cell = folder.write("cell.toml", "[pressure_log]\nfile = \"load.csv\"\n");
  const Record record = read_measurement(data, {read_cell_file(cell)});
  EXPECT_EQ(record.real("stack_pressure")[0], 5e6);
  EXPECT_EQ(record.real("stack_pressure_instrument")[0], 7e6);
  EXPECT_NE(warning(record, "D093"), nullptr);
}

} // namespace
} // namespace platen::test
