// Each suspicion is raised by a record made for it, and not by the record it was made from.

#include <gtest/gtest.h>

#include "record/suspicions.hpp"

#include <cmath>
#include <limits>

namespace platen::test {
namespace {

using Reals = std::vector<double>;
using Integers = std::vector<std::int32_t>;

/// Four steps of 50 rows, 10 s apart: rest, charge, rest, discharge, with everything a good file has.
Record good() {
  Record out;
  Reals t, unix, u, i, p, temperature, charged, discharged;
  Integers step, type, cycle;
  const StepType types[] = {StepType::rest, StepType::cc_charge, StepType::rest, StepType::cc_discharge};
  double in = 0.0, away = 0.0;
  for (int k = 0; k < 200; ++k) {
    const int n = k / 50;
    const double current = n == 1 ? 1e-3 : n == 3 ? -1e-3 : 0.0;
    if (k > 0) (current > 0.0 ? in : away) += std::abs(current) * 10.0;
    t.push_back(10.0 * k);
    unix.push_back(1.7e9 + 10.0 * k);
    u.push_back(3.0 + 0.001 * k);
    i.push_back(current);
    p.push_back(25e6 + 1e4 * std::sin(k));
    temperature.push_back(298.15 + 0.1 * std::cos(k));
    charged.push_back(in);
    discharged.push_back(away);
    step.push_back(n + 1);
    type.push_back(static_cast<int>(types[n]));
    cycle.push_back(1);
  }
  out.set(col::test_time, t);
  out.set(col::unix_time, unix);
  out.set(col::voltage, u);
  out.set(col::current, i);
  out.set(col::stack_pressure, p);
  out.set(col::temperature, temperature);
  out.set(col::charging_capacity, charged);
  out.set(col::discharging_capacity, discharged);
  out.set(col::step_count, step);
  out.set(col::step_type, type);
  out.set(col::cycle_count, cycle);
  Spectrum s;
  for (int k = 0; k < 30; ++k) {
    s.frequency.push_back(std::pow(10.0, 5.0 - 0.2 * k));
    s.real.push_back(10.0 + k);
    s.imaginary.push_back(-1.0 - k);
  }
  out.spectra.push_back(s);
  return out;
}

std::span<double> column(Record& record, std::string_view name) { return record.real(name); }

std::string codes(const Record& record) {
  std::string out;
  for (const Diagnostic& d : suspicions(record)) out += (out.empty() ? "" : " ") + d.code;
  return out;
}

std::string message(const Record& record) {
  const auto found = suspicions(record);
  return found.empty() ? "" : found.front().message;
}

TEST(Suspicions, GoodRecordsRaiseNone) {
  EXPECT_EQ(codes(good()), "") << message(good());
  EXPECT_EQ(codes(Record{}), "");
}

TEST(Suspicions, TimeRunsBackwards) {
  Record r = good();
  column(r, col::test_time)[50] = 0.0;
  EXPECT_EQ(codes(r), "D340");
  EXPECT_EQ(message(r), "test time runs backwards once, first in row 51 from 8.167 min to 0 s");
  EXPECT_EQ(suspicions(r)[0].hints.size(), 2u); // where a step begins, and a single row
  Record whole = good(); // step time in place of test time
  for (int k = 0; k < 200; ++k) column(whole, col::test_time)[k] = 10.0 * (k % 50);
  EXPECT_EQ(codes(whole), "D340");
  EXPECT_EQ(suspicions(whole)[0].hints.size(), 1u);
}

TEST(Suspicions, Gaps) {
  Record r = good();
  for (std::size_t k = 100; k < 200; ++k) {
    column(r, col::test_time)[k] += 5000.0;
    column(r, col::unix_time)[k] += 5000.0;
  }
  EXPECT_EQ(codes(r), "D341");
  EXPECT_EQ(message(r), "1 gap in time, the longest of 83.5 min after 16.5 min; rows are usually at most 10 s apart");
  r.spectra[0].start = 3000.0; // it was measured meanwhile
  EXPECT_EQ(codes(r), "");
}

TEST(Suspicions, ManyRowsAtOneTime) {
  Record r = good();
  for (std::size_t k = 0; k < 200; ++k) {
    column(r, col::test_time)[k] = 20.0 * std::floor(static_cast<double>(k) / 2.0);
    column(r, col::unix_time)[k] = 1.7e9 + column(r, col::test_time)[k];
  }
  EXPECT_EQ(codes(r), "D342");
}

TEST(Suspicions, ASensorAtItsLimit) {
  Record r = good();
  for (std::size_t k = 80; k < 120; ++k) column(r, col::stack_pressure)[k] = 27e6;
  EXPECT_EQ(codes(r), "D343");
  EXPECT_NE(message(r).find("`stack_pressure` stays at exactly 2.7e+07 Pa for 40 rows"), std::string::npos) << message(r);
  for (std::size_t k = 0; k < 200; ++k) column(r, col::stack_pressure)[k] = 25e6; // always the same: no sensor at a limit
  EXPECT_EQ(codes(r), "");
  for (std::size_t k = 0; k < 200; ++k) column(r, col::stack_pressure)[k] = 1e5 * (250.0 + std::floor(static_cast<double>(k) / 40.0));
  EXPECT_EQ(codes(r), ""); // a coarse one
}

TEST(Suspicions, WrongLookingUnits) {
  const auto scaled = [](std::string_view name, double factor) {
    Record r = good();
    for (double& v : column(r, name)) v *= factor;
    return r;
  };
  for (const auto& [name, factor] : {std::pair{col::voltage, 1e3}, {col::stack_pressure, 1e-6}, {col::stack_pressure, 1e6},
                                     {col::charging_capacity, 1e3}, {col::discharging_capacity, 1.0 / 3600.0}, {col::temperature, 0.1}}) {
    EXPECT_EQ(codes(scaled(name, factor)), "D344") << name << factor;
    EXPECT_NE(message(scaled(name, factor)).find(name), std::string::npos) << message(scaled(name, factor));
  }
  EXPECT_EQ(codes(scaled(col::temperature, 1.5)), "");
  Record r = scaled(col::current, 1e7);
  EXPECT_EQ(codes(r), "D344"); // too large, and not what the capacity says
  EXPECT_NE(message(r).find("`current` reaches"), std::string::npos);
  EXPECT_NE(message(r).find("integral"), std::string::npos);
  Record old = good();
  for (double& v : column(old, col::test_time)) v *= 3e5;
  EXPECT_NE(codes(old).find("D344"), std::string::npos);
  EXPECT_NE(message(old).find("years"), std::string::npos);
}

TEST(Suspicions, MissingValues) {
  Record r = good();
  for (std::size_t k = 0; k < 120; ++k) column(r, col::voltage)[k] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(codes(r), "D345");
  EXPECT_EQ(message(r), "missing values: `voltage` in 120 of 200 rows");
}

TEST(Suspicions, TheClock) {
  Record summer = good();
  for (std::size_t k = 100; k < 200; ++k) column(summer, col::unix_time)[k] += 3600.0;
  EXPECT_EQ(codes(summer), "D346");
  EXPECT_NE(message(summer).find("daylight saving"), std::string::npos) << message(summer);
  Record winter = good();
  for (std::size_t k = 100; k < 200; ++k) column(winter, col::unix_time)[k] -= 3600.0;
  EXPECT_NE(message(winter).find("runs backwards once, first in row 101 by 59.83 min"), std::string::npos) << message(winter);
  EXPECT_NE(message(winter).find("daylight saving"), std::string::npos);
  Record years = good();
  for (double& v : column(years, col::unix_time)) v += 1e11;
  EXPECT_NE(message(years).find("1970 and 2100"), std::string::npos);
  Record slow = good(); // dates in minutes
  for (std::size_t k = 0; k < 200; ++k) {
    column(slow, col::test_time)[k] *= 60.0;
    column(slow, col::unix_time)[k] = 1.7e9 + 10.0 * static_cast<double>(k);
    column(slow, col::charging_capacity)[k] *= 60.0;
    column(slow, col::discharging_capacity)[k] *= 60.0;
  }
  EXPECT_EQ(codes(slow), "D346");
  EXPECT_NE(message(slow).find("test time lasts"), std::string::npos) << message(slow);
  Record paused = good(); // pauses in the dates are none of our business
  for (std::size_t k = 100; k < 200; ++k) column(paused, col::unix_time)[k] += 86400.0;
  EXPECT_EQ(codes(paused), "");
}

TEST(Suspicions, CurrentsAgainstTheirSteps) {
  Record r = good();
  for (std::size_t k = 150; k < 200; ++k) column(r, col::current)[k] = 1e-3; // no signs
  for (double& v : column(r, col::charging_capacity)) v *= 2.0;
  EXPECT_EQ(codes(r), "D347");
  EXPECT_EQ(message(r), "currents against the type of their step: 50 of 50 rows of discharging steps have a positive current");
  Record turned = good();
  for (double& v : column(turned, col::current)) v = -v;
  EXPECT_EQ(codes(turned), "D347");
  Record rest = good();
  for (std::size_t k = 0; k < 150; ++k) column(rest, col::current)[k] = 1e-3;
  EXPECT_EQ(codes(rest), "D347");
  Record late = good(); // the first rows of a step may be from before the switch
  column(late, col::current)[100] = 1e-3;
  column(late, col::current)[150] = 1e-3;
  EXPECT_EQ(codes(late), "");
}

TEST(Suspicions, SpectraOfNoCell) {
  Record r = good();
  for (double& v : r.spectra[0].real) v = -v;
  EXPECT_EQ(codes(r), "D348");
  r = good();
  for (double& v : r.spectra[0].imaginary) v = -v;
  EXPECT_EQ(codes(r), "D348");
  r.spectra[0].label = "GEIS, counter electrode";
  EXPECT_EQ(codes(r), "");
  r = good();
  r.spectra[0].frequency[0] = 1e12;
  EXPECT_EQ(codes(r), "D348");
}

TEST(Suspicions, CountersThatFall) {
  Record r = good();
  Integers cycle(200, 2);
  cycle[120] = 1;
  r.set(col::cycle_count, cycle);
  EXPECT_EQ(codes(r), "D349");
  EXPECT_EQ(message(r), "`cycle_count` falls once, first in row 121 from 2 to 1");
}

TEST(Suspicions, NothingButNaN) {
  Record r = good();
  for (const std::string_view name : {col::test_time, col::unix_time, col::voltage, col::current, col::temperature, col::stack_pressure})
    for (double& v : column(r, name)) v = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(codes(r), "D345");
  for (const std::string_view name : {col::test_time, col::unix_time, col::voltage, col::current, col::temperature, col::stack_pressure})
    for (double& v : column(r, name)) v = std::numeric_limits<double>::infinity();
  EXPECT_NO_THROW(suspicions(r));
}

} // namespace
} // namespace platen::test
