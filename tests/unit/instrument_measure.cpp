#include "instrument/instrument.hpp"
#include "numerics/statistics.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace platen;
using Values = std::vector<double>;

namespace {

/// Half cycles of 900 s at +-1 mA, rows every 7 s and before and after each switch; U = 50 I + 1e-6 t.
Record ramp(int half_cycles = 4) {
  Values t, i, u, p, temperature;
  std::vector<std::int32_t> count, type;
  for (int h = 0; h < half_cycles; ++h) {
    const double sign = h % 2 == 0 ? 1.0 : -1.0;
    for (double s = 0.0;; s = std::min(s + 7.0, 900.0)) {
      t.push_back(900.0 * h + s);
      i.push_back(sign * 1e-3);
      u.push_back(50.0 * sign * 1e-3 + 1e-6 * t.back());
      p.push_back(5e6 - 10.0 * t.back());
      temperature.push_back(313.15);
      count.push_back(h + 1);
      type.push_back(static_cast<int>(sign > 0 ? StepType::cc_charge : StepType::cc_discharge));
      if (s == 900.0) break;
    }
  }
  Record r;
  r.set(col::test_time, t);
  r.set(col::current, i);
  r.set(col::voltage, u);
  r.set(col::stack_pressure, p);
  r.set(col::temperature, temperature);
  r.set(col::step_count, count);
  r.set(col::step_type, type);
  r.set(Column{"theta_left", "1", "", Values(t.size(), 0.5)});
  r.events = {{0.0, "step", "first"}, {10.0, "hard short", "hidden from any instrument"}};
  r.cell.area = 7.85e-5;
  r.study = "name = 'x'";
  r.provenance.origin = "simulated";
  r.provenance.seed = 42;
  return r;
}

Instrument perfect(double interval = 10.0) {
  Instrument i;
  i.name = "perfect";
  i.sample_interval = interval;
  return i;
}

} // namespace

TEST(Instrument, PerfectOneSeesTheTruthAndKeepsSwitchesSharp) {
  const Record m = measure(ramp(), perfect(), 1);
  ASSERT_EQ(m.rows(), 361u);
  for (std::size_t k = 0; k < m.rows(); ++k) {
    const double t = 10.0 * static_cast<double>(k);
    // at a switch the row after it counts; at the very end no step follows
    const int h = std::min(static_cast<int>(t / 900.0), 3);
    const double current = h % 2 == 0 ? 1e-3 : -1e-3;
    EXPECT_EQ(m.real(col::test_time)[k], t);
    EXPECT_EQ(m.real(col::current)[k], current) << t;
    EXPECT_NEAR(m.real(col::voltage)[k], 50.0 * current + 1e-6 * t, 1e-15) << t; // linear, so interpolation is exact
    EXPECT_NEAR(m.real(col::stack_pressure)[k], 5e6 - 10.0 * t, 1e-8) << t;
    EXPECT_EQ(m.integer(col::step_count)[k], h + 1);
    const double into = t - 900.0 * h;
    EXPECT_NEAR(m.real(col::net_capacity)[k], h % 2 == 0 ? 1e-3 * into : 0.9 - 1e-3 * into, 1e-13) << t;
    EXPECT_NEAR(m.real(col::step_capacity)[k], current * into, 1e-13) << t;
    EXPECT_NEAR(m.real(col::step_time)[k], into, 1e-9);
  }
  EXPECT_NEAR(m.real(col::charging_capacity).back(), 1.8, 1e-12);
  EXPECT_NEAR(m.real(col::discharging_capacity).back(), 1.8, 1e-12);
}

TEST(Instrument, SwitchWithoutADoubleRowIsNotSmearedEither) {
  Record r; // the switch happens somewhere between 10 s and 20 s
  r.set(col::test_time, Values{0, 10, 20, 30});
  r.set(col::current, Values{1, 1, -1, -1});
  r.set(col::voltage, Values{5, 5.5, -5, -5.5});
  const Record m = measure(r, perfect(5.0), 1);
  const auto u = m.real(col::voltage);
  EXPECT_EQ(Values(u.begin(), u.end()), (Values{5, 5.25, 5.5, 5.5, -5, -5.25, -5.5}));
  const auto i = m.real(col::current);
  EXPECT_EQ(Values(i.begin(), i.end()), (Values{1, 1, 1, 1, -1, -1, -1}));
}

TEST(Instrument, CurrentIsHeldWhereVoltageIsInterpolated) {
  Record r; // one constant-voltage step
  r.set(col::test_time, Values{0, 10, 20});
  r.set(col::current, Values{4, 2, 1});
  r.set(col::voltage, Values{1, 2, 3});
  r.set(col::step_count, std::vector<std::int32_t>{1, 1, 1});
  const Record m = measure(r, perfect(5.0), 1);
  const auto i = m.real(col::current), u = m.real(col::voltage), q = m.real(col::net_capacity);
  EXPECT_EQ(Values(i.begin(), i.end()), (Values{4, 4, 2, 2, 1}));
  EXPECT_EQ(Values(u.begin(), u.end()), (Values{1, 1.5, 2, 2.5, 3}));
  EXPECT_EQ(Values(q.begin(), q.end()), (Values{0, 17.5, 30, 38.75, 45})); // trapezoids of the true current
}

TEST(Instrument, EveryRowWhenNoIntervalIsGiven) {
  const Record ideal = ramp();
  const Record m = measure(ideal, perfect(0.0), 1);
  ASSERT_EQ(m.rows(), ideal.rows());
  for (const std::string_view name : {col::test_time, col::current, col::voltage, col::stack_pressure})
    for (std::size_t k = 0; k < m.rows(); ++k) EXPECT_EQ(m.real(name)[k], ideal.real(name)[k]) << name << k;
}

TEST(Instrument, DropsWhatNoInstrumentSees) {
  const Record m = measure(ramp(), typical_instrument(), 9);
  EXPECT_FALSE(m.has("theta_left"));
  ASSERT_EQ(m.events.size(), 1u);
  EXPECT_EQ(m.events[0].kind, "step");
  EXPECT_EQ(m.cell.area, 7.85e-5);
  EXPECT_EQ(m.study, "name = 'x'");
  EXPECT_EQ(m.provenance.origin, "simulated through instrument");
  EXPECT_EQ(m.provenance.seed, 9u);
  EXPECT_EQ(m.metadata.at("simulation_seed"), "42");
}

TEST(Instrument, SameSeedSameRecord) {
  const Record ideal = ramp();
  const Record a = measure(ideal, typical_instrument(), 5), b = measure(ideal, typical_instrument(), 5),
               c = measure(ideal, typical_instrument(), 6);
  int differing = 0;
  for (const std::string_view name : {col::voltage, col::current, col::stack_pressure, col::temperature})
    for (std::size_t k = 0; k < a.rows(); ++k) {
      const double x = a.real(name)[k], y = b.real(name)[k];
      EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y)));
      differing += x != c.real(name)[k] ? 1 : 0;
    }
  EXPECT_GT(differing, 100);
}

TEST(Instrument, NoiseHasTheStatedMeanAndDeviation) {
  Record r;
  constexpr std::size_t n = 10000;
  Values t(n);
  for (std::size_t k = 0; k < n; ++k) t[k] = static_cast<double>(k);
  r.set(col::test_time, t);
  r.set(col::voltage, Values(n, 0.05));
  r.set(col::current, Values(n, 1e-3));
  Instrument i;
  i.voltage = {.offset = 2e-3, .gain = 1.5, .drift = 1e-6, .noise = 1e-3, .low = {}, .high = {}};
  const Record m = measure(r, i, 3);
  Values residual;
  double lag = 0.0;
  for (std::size_t k = 0; k < n; ++k) residual.push_back(m.real(col::voltage)[k] - (0.052 * 1.5 + 1e-6 * t[k]));
  for (std::size_t k = 1; k < n; ++k) lag += residual[k] * residual[k - 1];
  // five standard errors of mean, deviation and lag-one correlation of n normal draws
  EXPECT_NEAR(numerics::mean(residual), 0.0, 5.0 * 1e-3 / 100.0);
  EXPECT_NEAR(numerics::standard_deviation(residual), 1e-3, 5.0 * 1e-3 / std::sqrt(2.0 * n));
  EXPECT_NEAR(lag / n / 1e-6, 0.0, 5.0 / 100.0);
}

TEST(Instrument, LimitsThenQuantum) {
  Record r;
  r.set(col::test_time, Values{0, 1, 2, 3});
  r.set(col::voltage, Values{0.12344, 7.0, -9.0, 0.30001});
  Instrument i;
  i.voltage = {.quantum = 1e-4, .low = -5.0, .high = 5.0};
  const auto measured = measure(r, i, 1);
  const auto u = measured.real(col::voltage);
  EXPECT_EQ(Values(u.begin(), u.end()), (Values{0.1234, 5.0, -5.0, 0.3})); // exactly those decimals
}

TEST(Instrument, PressureLoggerRunsOnItsOwnClock) {
  Record r; // P(t) = 1 MPa + 1 kPa/s
  Values t, p;
  for (int k = 0; k <= 1000; ++k) t.push_back(k), p.push_back(1e6 + 1e3 * k);
  r.set(col::test_time, t);
  r.set(col::stack_pressure, p);
  Instrument i = perfect(10.0);
  i.pressure_interval = 25.0;
  i.pressure_clock_offset = 4.0; // stamps 4, 29, 54 ... for the pressures at 0, 25, 50 ...
  const auto m = measure(r, i, 1);
  EXPECT_TRUE(std::isnan(m.real(col::stack_pressure)[0]));
  EXPECT_EQ(m.real(col::stack_pressure)[1], 1e6);        // 10 s: the reading stamped 4
  EXPECT_EQ(m.real(col::stack_pressure)[3], 1e6 + 25e3); // 30 s: the reading stamped 29
  EXPECT_EQ(m.real(col::stack_pressure)[100], 1e6 + 975e3);
  i.pressure_interval = 0.0;
  const auto with_cycler = measure(r, i, 1);
  EXPECT_TRUE(std::isnan(with_cycler.real(col::stack_pressure)[0]));
  EXPECT_EQ(with_cycler.real(col::stack_pressure)[1], 1e6 + 6e3);
}

TEST(Instrument, DropoutsHaveTheStatedShare) {
  Record r;
  constexpr int n = 20000;
  Values t;
  for (int k = 0; k < n; ++k) t.push_back(k);
  r.set(col::test_time, t);
  r.set(col::stack_pressure, Values(n, 5e6));
  Instrument i;
  i.dropout_share = 0.1;
  const auto m = measure(r, i, 8);
  double lost = 0;
  for (const double x : m.real(col::stack_pressure)) lost += std::isnan(x) ? 1 : 0;
  EXPECT_NEAR(lost / n, 0.1, 5.0 * std::sqrt(0.1 * 0.9 / n));
}

TEST(Instrument, RefusesWhatCannotBe) {
  Instrument i = perfect();
  i.voltage.noise = -1.0;
  EXPECT_THROW(measure(ramp(), i, 1), Error);
  i = perfect(-1.0);
  EXPECT_THROW(measure(ramp(), i, 1), Error);
  EXPECT_THROW(measure(Record{}, perfect(), 1), Error);
  Record backwards;
  backwards.set(col::test_time, Values{1, 0});
  EXPECT_THROW(measure(backwards, perfect(), 1), Error);
  Record empty;
  empty.set(col::test_time, Values{});
  EXPECT_EQ(measure(empty, typical_instrument(), 1).rows(), 0u);
}

TEST(Instrument, TypicalOneTakesItsOffset) {
  EXPECT_EQ(typical_instrument().voltage.offset, 1e-3);
  EXPECT_EQ(typical_instrument(-3e-3).voltage.offset, -3e-3);
}
