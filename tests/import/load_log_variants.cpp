// Load-cell logs as labs have them, each with a truth that is known.

#include "text_files.hpp"

#include "import/load/zone.hpp"
#include "import/pressure_log.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace platen::test {
namespace {

/// A cell file and a log in one folder.
class Logged {
public:
  explicit Logged(const std::string& log, const std::string& settings,
                  const std::string& cell = "area = \"1 cm2\"\n") {
    folder_.write("load.csv", log);
    cell_ = folder_.write("cell.toml", cell + "[pressure_log]\nfile = \"load.csv\"\n" + settings);
  }
  /// The log in Pa. `record` receives the warnings.
  LoadLog read() {
    const CellFile cell = read_cell_file(cell_);
    return read_load_log(*cell.pressure_log, {cell.cell.area, cell.zone}, record, {});
  }
  CellFile cell() const { return read_cell_file(cell_); }

  TemporaryFolder folder_;
  Record record;

private:
  std::filesystem::path cell_;
};

double at(int year, unsigned month, unsigned day, double hour) {
  using namespace std::chrono;
  const sys_days date = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  return 86400.0 * static_cast<double>(date.time_since_epoch().count()) + 3600.0 * hour;
}

/// "31.03.2024 01:30:00" of seconds since 1970.
std::string stamp(double t, const char* form = "{:%d.%m.%Y %H:%M:%S}") {
  return fmt::format(fmt::runtime(form), std::chrono::sys_seconds(std::chrono::seconds(std::llround(t))));
}

TEST(LoadLog, WithoutHeadingsDatesThenNumbers) {
  std::string log;
  for (int i = 0; i < 50; ++i)
    log += stamp(at(2024, 5, 17, 10) + 10 * i) + ";" + std::to_string(500 + i) + "\n";
  Logged logged(log, "unit = \"N\"\nzone = \"Etc/UTC\"\n");
  logged.record.set(col::unix_time, std::vector<double>{at(2024, 5, 17, 10)});
  const LoadLog read = logged.read();
  ASSERT_EQ(read.log.time.size(), 50u);
  EXPECT_EQ(read.log.time[3], at(2024, 5, 17, 10) + 30);
  EXPECT_DOUBLE_EQ(read.log.value[3], 503e4);
  ASSERT_NE(warning(logged.record, "D407"), nullptr);
  EXPECT_NE(warning(logged.record, "D407")->message.find("`column 1` is the unix_time"), std::string::npos);
}

TEST(LoadLog, WithoutHeadingsTheColumnThatRisesIsTheTime) {
  std::string log;
  for (int i = 0; i < 50; ++i) log += fmt::format("{},{}\n", 5.0 + 0.02 * std::sin(i), 0.5 * i);
  Logged logged(log, "unit = \"MPa\"\n");
  const LoadLog read = logged.read();
  EXPECT_EQ(read.log.time[4], 2.0);
  EXPECT_NEAR(read.log.value[4], (5.0 + 0.02 * std::sin(4)) * 1e6, 1e-3);
}

TEST(LoadLog, ThousandsSeparators) {
  const auto value = [](const std::string& number, const std::string& settings, const char* mark = ";") {
    std::string log = fmt::format("t/s{}Load (N)\n", mark);
    for (int i = 0; i < 20; ++i) log += fmt::format("{}{}{}\n", i, mark, number);
    Logged logged(log, settings);
    return logged.read().log.value[7] / 1e4;
  };
  EXPECT_DOUBLE_EQ(value("1,234.5", ""), 1234.5);
  EXPECT_DOUBLE_EQ(value("1.234,5", ""), 1234.5);
  EXPECT_DOUBLE_EQ(value("\"1,234.5\"", "", ","), 1234.5);
  EXPECT_DOUBLE_EQ(value("12'345.5", ""), 12345.5);
  EXPECT_DOUBLE_EQ(value("1 234,5", ""), 1234.5);
  EXPECT_DOUBLE_EQ(value("1\xC2\xA0"
                         "234,5",
                         ""),
                   1234.5);
  EXPECT_DOUBLE_EQ(value("1\xE2\x80\xAF"
                         "234.5",
                         ""),
                   1234.5);
  // A lone comma can be either: said, and settled by the user.
  EXPECT_DOUBLE_EQ(value("1,234", ""), 1.234);
  EXPECT_DOUBLE_EQ(value("1,234", "decimal = \".\"\n"), 1234.0);
  Logged doubtful("t/s;Load (N)\n0;1,234\n1;1,235\n2;1,236\n", "");
  doubtful.read();
  EXPECT_NE(warning(doubtful.record, "D021"), nullptr);
}

TEST(LoadLog, DayFirstDatesAreKnownByTheOrderOfTheRows) {
  // 3 May to 5 May, every half hour: read month first they leap from March to April.
  const auto first = [](const char* form, const std::string& settings, Record* said = nullptr) {
    std::string log = "Date;Load (N)\n";
    for (int i = 0; i < 96; ++i) log += stamp(at(2024, 5, 3, 0.5 * i), form) + ";500\n";
    Logged logged(log, settings + "zone = \"Etc/UTC\"\n");
    logged.record.set(col::unix_time, std::vector<double>{0.0});
    const LoadLog read = logged.read();
    if (said != nullptr) *said = logged.record;
    return std::pair{read.log.time.front(), read.log.time.back()};
  };
  const std::pair truth{at(2024, 5, 3, 0), at(2024, 5, 3, 47.5)};
  Record said;
  EXPECT_EQ(first("{:%d/%m/%Y %H:%M}", "", &said), truth);
  EXPECT_EQ(warning(said, "D015"), nullptr);
  EXPECT_EQ(first("{:%m/%d/%Y %H:%M}", ""), truth);
  EXPECT_EQ(first("{:%d.%m.%Y %H:%M}", ""), truth);
  EXPECT_EQ(first("{:%d-%m-%Y %H:%M}", ""), truth);
  // One day alone can be either, unless the user says it.
  const auto one_day = [](const std::string& settings, bool& doubted) {
    std::string log = "Date;Load (N)\n";
    for (int i = 0; i < 20; ++i) log += stamp(at(2024, 5, 3, 0.5 * i), "{:%d/%m/%Y %H:%M}") + ";500\n";
    Logged logged(log, settings + "zone = \"Etc/UTC\"\n");
    logged.record.set(col::unix_time, std::vector<double>{0.0});
    const double t = logged.read().log.time.front();
    doubted = warning(logged.record, "D015") != nullptr;
    return t;
  };
  bool doubted = false;
  EXPECT_EQ(one_day("", doubted), at(2024, 3, 5, 0));
  EXPECT_TRUE(doubted);
  EXPECT_EQ(one_day("dates = \"day first\"\n", doubted), at(2024, 5, 3, 0));
  EXPECT_FALSE(doubted);
}

/// A log every `step` minutes through `from` ... `to` (UTC) as a wall clock with these offsets showed it.
struct Wall {
  double from, to, step = 5.0, change; ///< UTC of the change
  double before, after;                ///< hours
  std::vector<double> utc, local;
  void make() {
    for (double t = from; t <= to; t += 60.0 * step) {
      utc.push_back(t);
      local.push_back(t + 3600.0 * (t < change ? before : after));
    }
  }
};

TEST(LoadLogZone, BothChangesOfTheClockAreUndone) {
  // Los Angeles 2024: forward on 10 March at 10:00 UTC (-8 to -7), back on 3 November at 9:00 UTC.
  Wall spring{at(2024, 3, 10, 5), at(2024, 3, 10, 15), 5, at(2024, 3, 10, 10), -8, -7, {}, {}};
  Wall autumn{at(2024, 11, 3, 5), at(2024, 11, 3, 15), 5, at(2024, 11, 3, 9), -7, -8, {}, {}};
  for (Wall* wall : {&spring, &autumn}) {
    wall->make();
    const load::Zoned zoned = load::to_utc(wall->local, "America/Los_Angeles", 300);
    EXPECT_EQ(zoned.utc, wall->utc);
    EXPECT_EQ(zoned.skipped + zoned.doubtful + zoned.holes, 0u);
  }
}

TEST(LoadLogZone, ThroughTheReaderNothingIsLost) {
  Wall autumn{at(2024, 10, 26, 22), at(2024, 10, 27, 4), 1, at(2024, 10, 27, 1), 2, 1, {}, {}};
  autumn.make();
  std::string log = "Datum;Kraft (N)\n";
  for (std::size_t i = 0; i < autumn.local.size(); ++i)
    log += stamp(autumn.local[i]) + ";" + std::to_string(i) + "\n";
  Logged logged(log, "zone = \"Europe/Berlin\"\n");
  logged.record.set(col::unix_time, std::vector<double>{0.0});
  const LoadLog read = logged.read();
  EXPECT_EQ(read.log.time, autumn.utc);
  EXPECT_EQ(warning(logged.record, "D091"), nullptr);
  // Without its zone the second pass through the hour does not come after the first: 60 rows are lost, and
  // said.
  Logged blind(log, "");
  blind.record.set(col::unix_time, std::vector<double>{0.0});
  EXPECT_EQ(blind.read().log.time.size(), autumn.utc.size() - 60);
  ASSERT_NE(warning(blind.record, "D091"), nullptr);
  EXPECT_NE(warning(blind.record, "D091")->hints.front().find("zone"), std::string::npos);
}

TEST(LoadLogZone, APartOfARepeatedHourBelongsToTheSideItJoins) {
  const double change = at(2024, 10, 27, 1); // Berlin, UTC: 3:00 becomes 2:00
  const auto utc_of = [&](double from, double to) {
    Wall wall{from, to, 1, change, 2, 1, {}, {}};
    wall.make();
    return wall;
  };
  // Ends inside the first pass; begins inside the second; begins inside the second and never leaves it.
  const Wall first = utc_of(change - 7200, change - 600);
  EXPECT_EQ(load::to_utc(first.local, "Europe/Berlin", 60).utc, first.utc);
  const Wall second = utc_of(change + 600, change + 7200);
  const load::Zoned zoned = load::to_utc(second.local, "Europe/Berlin", 60);
  EXPECT_EQ(zoned.utc, second.utc);
  EXPECT_EQ(zoned.doubtful, 0u);
  const Wall alone = utc_of(change + 600, change + 1800);
  EXPECT_EQ(load::to_utc(alone.local, "Europe/Berlin", 60).doubtful, alone.local.size());
  // A gap across the change: both passes are there in part.
  Wall gap = utc_of(change - 7200, change + 7200);
  std::vector<double> utc, local;
  for (std::size_t i = 0; i < gap.utc.size(); ++i)
    if (gap.utc[i] < change - 1200 || gap.utc[i] > change + 1500) {
      utc.push_back(gap.utc[i]);
      local.push_back(gap.local[i]);
    }
  EXPECT_EQ(load::to_utc(local, "Europe/Berlin", 60).utc, utc);
}

TEST(LoadLogZone, AClockThatIsNotPutForwardIsReadOn) {
  std::vector<double> utc, local;
  for (double t = at(2024, 3, 30, 23); t < at(2024, 3, 31, 6); t += 60) {
    utc.push_back(t);
    local.push_back(t + 3600.0); // winter time all night
  }
  const load::Zoned zoned = load::to_utc(local, "Europe/Berlin", 60);
  EXPECT_EQ(zoned.utc, utc);
  EXPECT_EQ(zoned.skipped, 60u);
  // Set by hand at five o'clock.
  for (std::size_t i = 0; i < local.size(); ++i)
    if (utc[i] >= at(2024, 3, 31, 4)) local[i] += 3600.0;
  EXPECT_EQ(load::to_utc(local, "Europe/Berlin", 60).utc, utc);
  // Winter time for ever, told by a zone of its own.
  EXPECT_FALSE(load::is_zone("Europe/Atlantis"));
  EXPECT_TRUE(load::is_zone("Etc/GMT-1"));
}

TEST(LoadLogZone, DatesOfBothFilesAreBroughtToUtc) {
  const TemporaryFolder folder;
  std::string data = "Date,Ewe/V,I/mA\n", log = "Date,Pressure/MPa\n";
  for (int i = 0; i <= 60;
       ++i) { // the same ten minutes: in California, and on a logger left on the time of Berlin
    const double t = at(2024, 7, 1, 12) + 10 * i;
    data += stamp(t - 7 * 3600, "{:%Y-%m-%d %H:%M:%S}") + ",0.1,1\n";
    log += stamp(t + 2 * 3600, "{:%Y-%m-%d %H:%M:%S}") + "," + std::to_string(5 + 0.01 * i) + "\n";
  }
  const auto path = folder.write("data.csv", data);
  folder.write("load.csv", log);
  const auto read = [&](const std::string& zone, const std::string& logs) {
    const auto cell = folder.write("cell.toml", zone + "[pressure_log]\nfile = \"load.csv\"\n" + logs);
    return read_measurement(path, {read_cell_file(cell)});
  };
  const Record record = read("zone = \"America/Los_Angeles\"\n", "zone = \"Europe/Berlin\"\n");
  EXPECT_EQ(record.real(col::unix_time)[6], at(2024, 7, 1, 12) + 60);
  EXPECT_EQ(record.metadata.at("time zone"), "America/Los_Angeles");
  for (std::size_t i = 0; i <= 60; ++i)
    EXPECT_NEAR(record.real(col::stack_pressure)[i], 5e6 + 1e4 * static_cast<double>(i), 1.0);
  EXPECT_EQ(fault_of([&] { read("", "zone = \"Europe/Berlin\"\n"); }).code,
            "D090"); // taken for one zone: nothing in common
}

TEST(LoadLog, MissingReadingsAreCountedAndNeverBridged) {
  std::string log = "t/s;Load (N)\n";
  for (int t = 0; t <= 100; ++t)
    log += std::to_string(t) + ";" +
           (t == 20   ? ""
            : t == 30 ? "OL"
            : t == 40 ? "-9999"
            : t == 50 ? "nan"
                      : "500") +
           "\n";
  Logged logged(log, "");
  const LoadLog read = logged.read();
  ASSERT_EQ(read.log.time.size(), 101u);
  ASSERT_NE(warning(logged.record, "D411"), nullptr);
  EXPECT_NE(warning(logged.record, "D411")->message.find("4 readings"), std::string::npos);
  EXPECT_NE(warning(logged.record, "D411")->message.find("`OL`"), std::string::npos);
  std::vector<double> times;
  for (int k = 0; k <= 200; ++k) times.push_back(0.5 * k);
  const std::vector<double> p = align::resample(read.log, times, 5.0);
  for (std::size_t k = 0; k < p.size(); ++k) {
    bool lost = false;
    for (const double t : {20.0, 30.0, 40.0, 50.0}) lost = lost || std::abs(times[k] - t) < 1.0;
    EXPECT_EQ(std::isnan(p[k]), lost) << times[k];
  }
}

TEST(LoadLog, SaturatedReadingsAreMissing) {
  const auto log = [](double limit) {
    std::string out = "t/s;Load (N)\n";
    for (int t = 0; t < 300; ++t) {
      const double truth = 500 + 400 * std::sin(0.05 * t) + 0.1 * std::sin(37.0 * t);
      out += fmt::format("{};{:.2f}\n", t, std::min(truth, limit));
    }
    return out;
  };
  const auto over = [](double limit) {
    std::size_t n = 0;
    for (int t = 0; t < 300; ++t)
      n += 500 + 400 * std::sin(0.05 * t) + 0.1 * std::sin(37.0 * t) >= limit - 0.005 ? 1 : 0;
    return n;
  };
  const auto lost = [](const align::Log& l) {
    return static_cast<std::size_t>(
        std::count_if(l.value.begin(), l.value.end(), [](double v) { return std::isnan(v); }));
  };
  Logged stated(log(800), "unit = \"N\"\nrange = [\"-0.8 kN\", \"0.8 kN\"]\n");
  EXPECT_EQ(lost(stated.read().log), over(800));
  EXPECT_NE(warning(stated.record, "D412"), nullptr);
  Logged looks(log(800), "");
  EXPECT_EQ(lost(looks.read().log), over(800));
  ASSERT_NE(warning(looks.record, "D412"), nullptr);
  EXPECT_NE(warning(looks.record, "D412")->hints.front().find("range"), std::string::npos);
  Logged whole(log(2000), "");
  EXPECT_EQ(lost(whole.read().log), 0u);
  // A coarse log that rests at its lowest value is not saturated.
  std::string coarse = "t/s;Load (N)\n";
  for (int t = 0; t < 400; ++t) coarse += fmt::format("{};{}\n", t, 5 * (t / 15));
  Logged steps(coarse, "");
  EXPECT_EQ(lost(steps.read().log), 0u);
}

TEST(LoadLog, SeveralLoadCellsByNameAndTogether) {
  const std::string log = "t/s,LC1 (N),LC2 (N),LC3 (mV)\n0,100,200,1.0\n1,110,210,1.1\n2,120,,1.2\n";
  Logged one(log, "channels = [\"LC2\"]\n");
  EXPECT_DOUBLE_EQ(one.read().log.value[1], 210e4);
  Logged sum(log, "channels = [\"LC1\", \"LC2\"]\n");
  const LoadLog read = sum.read();
  EXPECT_DOUBLE_EQ(read.log.value[0], 300e4);
  EXPECT_TRUE(std::isnan(read.log.value[2])); // one of them is missing
  Logged own(log, "channels = [\"LC1\", \"LC3\"]\n[pressure_log.channel.\"LC3\"]\nunit = \"mV\"\ngain = \"50 "
                  "N/mV\"\nzero = \"0.5 mV\"\n");
  EXPECT_DOUBLE_EQ(own.read().log.value[0], (100 + 25) * 1e4);
  EXPECT_EQ(fault_of([&] { Logged(log, "channels = [\"LC9\"]\n").read(); }).code, "D404");
  EXPECT_EQ(fault_of([&] {
              Logged(log, "channels = [\"LC1\"]\n[pressure_log.channel.LC2]\nunit = \"N\"\n").read();
            }).code,
            "D403");
  EXPECT_EQ(fault_of([&] { Logged(log, "").read(); }).code, "D085");
}

TEST(LoadLog, ACalibrationIsPiecewiseLinearAndNotExtended) {
  const std::string table = "unit = \"mV\"\ncalibration = [{ reading = \"0 mV\", load = \"0 N\" }, { reading "
                            "= \"10 mV\", load = \"1 kN\" }, "
                            "{ reading = \"20 mV\", load = \"2.2 kN\" }]\n";
  Logged logged("t/s,U/mV\n0,0\n1,5\n2,10\n3,15\n4,20\n5,20.1\n6,-0.1\n", table);
  const LoadLog read = logged.read();
  const std::vector<double> truth{0, 500, 1000, 1600, 2200};
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_DOUBLE_EQ(read.log.value[i], truth[i] * 1e4);
  EXPECT_TRUE(std::isnan(read.log.value[5]));
  EXPECT_TRUE(std::isnan(read.log.value[6]));
  ASSERT_NE(warning(logged.record, "D413"), nullptr);
  EXPECT_NE(warning(logged.record, "D413")->message.find("2 readings"), std::string::npos);
  // Loads may be pressures, and then no area is needed.
  Logged pressures("t/s,U/mV\n0,0\n1,5\n2,10\n",
                   "unit = \"mV\"\ncalibration = [{ reading = \"0 mV\", load = \"0 MPa\" }, { reading = \"10 "
                   "mV\", load = \"8 MPa\" }]\n",
                   "");
  EXPECT_DOUBLE_EQ(pressures.read().log.value[1], 4e6);
  const auto code = [](const std::string& settings) {
    return fault_of([&] { Logged("t/s,U/mV\n0,0\n1,5\n", settings).read(); }).code;
  };
  EXPECT_EQ(code("unit = \"mV\"\ncalibration = [{ reading = \"0 mV\", load = \"0 N\" }]\n"), "D401");
  EXPECT_EQ(code("unit = \"mV\"\ncalibration = [{ reading = \"1 mV\", load = \"0 N\" }, { reading = \"0 "
                 "mV\", load = \"9 N\" }]\n"),
            "D401");
  EXPECT_EQ(code("unit = \"mV\"\ngain = \"1 N/mV\"\ncalibration = [{ reading = \"0 mV\", load = \"0 N\" }, { "
                 "reading = \"1 mV\", load = \"9 N\" }]\n"),
            "D401");
}

TEST(LoadLog, TheZeroOfAMarkedInterval) {
  std::string log = "t/s,Load (N)\n", dated = "Date,Load (N)\n";
  for (int t = 0; t < 200; ++t) {
    const std::string load = std::to_string(t < 60 ? 3.5 + (t % 2 == 0 ? 0.1 : -0.1) : 503.5);
    log += std::to_string(1000 + t) + "," + load + "\n";
    dated += stamp(at(2024, 7, 1, 14) + t, "{:%Y-%m-%d %H:%M:%S}") + "," + load + "\n";
  }
  Logged times(log, "zero_interval = [\"0 s\", \"0.9 min\"]\n");
  EXPECT_NEAR(times.read().log.value[100], 500e4, 0.11e4);
  EXPECT_EQ(times.record.metadata.count("pressure log zero"), 1u);
  Logged dates(
      dated,
      "zone = \"Europe/Berlin\"\nzero_interval = [\"2024-07-01 14:00:00\", \"2024-07-01 14:00:55\"]\n");
  dates.record.set(col::unix_time, std::vector<double>{0.0});
  const LoadLog read = dates.read();
  EXPECT_NEAR(read.log.value[100], 500e4, 0.11e4);
  EXPECT_EQ(read.log.time[0], at(2024, 7, 1, 12));
  const auto code = [&](const std::string& settings) {
    return fault_of([&] { Logged(log, settings).read(); }).code;
  };
  EXPECT_EQ(code("zero_interval = [\"5000 s\", \"6000 s\"]\n"), "D405");
  EXPECT_EQ(code("zero_interval = [\"2024-07-01 14:00\", \"2024-07-01 14:01\"]\n"), "D405");
  EXPECT_EQ(code("zero_interval = [\"60 s\", \"0 s\"]\n"), "D402");
  EXPECT_EQ(code("zero_interval = [\"soon\", \"60 s\"]\n"), "D402");
}

TEST(LoadLog, ATemperatureCorrection) {
  // 500 N under a cell whose zero moves by 0.8 N/K and whose span by 0.02 %/K, heated from 25 to 60 degC.
  std::string log = "t/s,Load (N),Temperature (degC)\n";
  for (int t = 0; t < 100; ++t) {
    const double T = 25 + 0.35 * t;
    log += fmt::format("{},{:.6f},{}\n", t,
                       (t == 0 ? 0.0 : 500.0) * (1 + 2e-4 * (T - 25)) + 7.0 + 0.8 * (T - 25), T);
  }
  const std::string settings =
      "unit = \"N\"\nzero_per_kelvin = \"0.8 N/K\"\nspan_per_kelvin = \"0.02 %/K\"\n";
  Logged logged(log, settings + "zero = \"7 N\"\ntemperature_reference = \"25 degC\"\n");
  const LoadLog read = logged.read();
  for (std::size_t i = 1; i < 100; ++i) EXPECT_NEAR(read.log.value[i], 500e4, 1.0) << i;
  Logged marked(log, settings + "zero_interval = [\"0 s\", \"0.5 s\"]\n"); // which also gives the reference
  EXPECT_NEAR(marked.read().log.value[99], 500e4, 1.0);
  Logged cold("t/s,Load (N)\n0,1\n1,2\n", settings);
  EXPECT_EQ(fault_of([&] { cold.read(); }).code, "D406");
}

TEST(LoadLog, RetighteningIsAnEvent) {
  std::string log = "t/s,P/MPa\n", data = "time/s,Ewe/V,I/mA\n";
  for (int t = 0; t <= 2000; t += 2) {
    const double spike = t == 500 ? 2.0 : 0.0; // somebody leaned on it: nothing stays of that
    log += fmt::format("{},{:.4f}\n", t,
                       5.0 - 1e-4 * t + 0.004 * std::sin(7.0 * t) + (t > 901 ? 0.8 : 0.0) -
                           (t > 1501 ? 0.5 : 0.0) + spike);
    data += fmt::format("{},0.1,1\n", t);
  }
  const Logged logged(log, "");
  const Record record = read_measurement(logged.folder_.write("data.csv", data), {logged.cell()});
  std::vector<Event> events;
  for (const Event& e : record.events)
    if (e.kind == "re-tightened") events.push_back(e);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_NEAR(events[0].time, 901.0, 2.0);
  EXPECT_NEAR(events[1].time, 1501.0, 2.0);
  EXPECT_NE(events[0].text.find("by +0."), std::string::npos) << events[0].text;
}

TEST(LoadLog, ADriftThatIsStated) {
  std::string log = "t/s,P/MPa\n", data = "time/s,Ewe/V,I/mA\n";
  for (int t = 0; t <= 10000; t += 10) {
    log += fmt::format("{:.6f},{}\n", t / (1 + 1e-3) - 25.0,
                       5e-4 * t); // shows 25 s less, and 0.1 % less per second
    data += fmt::format("{},0.1,1\n", t);
  }
  const Logged logged(log, "clock_offset = \"25 s\"\nclock_drift = 1e-3\n");
  const Record record = read_measurement(logged.folder_.write("data.csv", data), {logged.cell()});
  const auto t = record.real(col::test_time), p = record.real(col::stack_pressure);
  for (std::size_t i = 1; i + 1 < t.size(); ++i) EXPECT_NEAR(p[i], 500.0 * t[i], 1.0);
  EXPECT_NE(record.metadata.at("pressure log clock").find("stated"), std::string::npos);
  EXPECT_NE(record.metadata.at("pressure log drift").find("0.001"), std::string::npos);
}

} // namespace
} // namespace platen::test
