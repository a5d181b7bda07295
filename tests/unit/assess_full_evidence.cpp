// The small tests of full cells that look beside the charging curve: at rest, at held voltage, at the pressure. Curves made for them.

#include "assess/assessment.hpp"
#include "assess/thresholds.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>

namespace platen {
namespace {

constexpr double capacity = 30.0, current = 3e-4; // C, A

/// Six cycles of charge at constant current to 4.3 V, a held voltage for half an hour, a rest of an hour, a discharge to 2.5 V, a rest.
struct Cell {
  std::size_t failing = 1000; ///< cycle
  double leak_at_rest = 0.0;  ///< A, from the failing cycle on
  double bump_in_hold = 0.0;  ///< A
  double weather = 0.0;       ///< Pa, by which the pressure follows a room over hours
  double plated = 1.0;        ///< share of the current that pushes, from the middle of the failing charge on
  double lost_in_discharge = 0.0; ///< A, beside the electrolyte in failing discharges
  double lower_cutoff = 2.5;  ///< V
  double shift = 0.0;         ///< V, of the whole chemistry: a half cell of graphite lives below 1 V
  std::size_t partial = 1000; ///< cycle whose discharge is stopped after a third
  bool cut_hold = false;      ///< the taper of the held voltage is recorded in steps of the current

  Record record() const {
    numerics::RandomStream draws(9, "full");
    std::vector<double> t, i, v, p;
    double clock = 0.0, q = 2.0, pushed = 2.0;
    const auto ocv = [&](double charge) { return 3.6 + shift + 0.6 * charge / capacity - 0.9 * std::exp(-60.0 * charge / capacity); };
    const auto row = [&](double amperes, double volts) {
      t.push_back(clock);
      i.push_back(amperes);
      v.push_back(volts + 3e-4 * draws.normal());
      p.push_back(5e6 + 2e4 * pushed + weather * std::sin(clock / 7000.0) + 300.0 * draws.normal());
      clock += 10.0;
    };
    for (int k = 0; k < 60; ++k) row(0.0, ocv(q));
    for (std::size_t cycle = 0; cycle < 6; ++cycle) {
      const bool fails = cycle >= failing;
      while (ocv(q) + 100.0 * current < 4.2 + shift) {
        q += 10.0 * current;
        pushed += 10.0 * current * (fails && q > 0.4 * capacity ? plated : 1.0);
        row(current, ocv(q) + 100.0 * current);
      }
      pushed = q; // the load cell creeps back while the voltage is held
      for (int k = 0; k < 180; ++k) {
        double held = 0.9 * current * std::exp(-k / 40.0);
        if (cut_hold) held = 0.9 * current * std::exp(-std::floor(k / 30.0));
        if (fails && k > 100 && k < 110) held += bump_in_hold;
        q += 10.0 * held;
        row(held, 4.2 + shift);
      }
      for (int k = 0; k < 360; ++k) {
        if (fails) q -= 10.0 * leak_at_rest;
        row(0.0, ocv(q) + 3e-3 * std::exp(-k / 60.0) + 1e-3 * std::exp(-k / 300.0));
      }
      const double stop = cycle == partial ? 0.67 * q : -1.0;
      while (ocv(q) - 100.0 * current > lower_cutoff + shift && q > stop) {
        q -= 10.0 * (current + (fails ? lost_in_discharge : 0.0));
        row(-current, ocv(q) - 100.0 * current);
      }
      pushed = q;
      for (int k = 0; k < 60; ++k) row(0.0, ocv(q));
    }
    Record out;
    out.set(col::test_time, std::move(t));
    out.set(col::current, std::move(i));
    out.set(col::voltage, std::move(v));
    out.set(col::stack_pressure, std::move(p));
    out.cell.configuration = Configuration::full;
    return out;
  }
};

/// In the charge (or what follows it at held voltage) of a cycle: the first half cycle in which the test fired, or the last one made.
Evidence evidence(const Assessment& a, std::size_t cycle, std::string_view name) {
  std::size_t reversals = 0;
  Evidence out;
  for (std::size_t k = 0; k < a.half_cycles.size(); ++k) {
    if (k > 0 && a.half_cycles[k].half_cycle.direction != a.half_cycles[k - 1].half_cycle.direction) ++reversals;
    if (reversals != 2 * cycle) continue;
    for (const Evidence& e : a.half_cycles[k].evidence)
      if (e.name == name && !out.fired && (std::isfinite(e.figure) || out.name.empty())) out = e;
  }
  if (out.name.empty()) throw std::runtime_error("no such evidence: " + std::string(name));
  return out;
}

TEST(AssessFullEvidence, NothingFiresInAHealthyCell) {
  for (const bool cut : {false, true}) {
    Cell c;
    c.cut_hold = cut;
    const Assessment a = assess(c.record());
    EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
    for (const HalfCycleAssessment& h : a.half_cycles)
      for (const Evidence& e : h.evidence) EXPECT_FALSE(e.fired) << e.reason;
  }
}

/// What a test says of the half cycle in which `size` of the cell is set, and that it says nothing of the one before.
Evidence first_seen(double Cell::*size, double value, std::string_view test) {
  Cell c;
  c.failing = 4;
  c.*size = value;
  const Assessment a = assess(c.record());
  const Evidence before = evidence(a, 3, test), e = evidence(a, 4, test);
  EXPECT_TRUE(std::isfinite(before.figure)) << before.reason;
  EXPECT_FALSE(before.fired) << before.reason;
  EXPECT_TRUE(e.fired) << e.reason;
  return e;
}

TEST(AssessFullEvidence, SelfDischargeAtRestIsSeenAndRelaxationIsNot) {
  EXPECT_GT(first_seen(&Cell::leak_at_rest, 0.2 * current, "self-discharge at rest").error, 0.0);
}

TEST(AssessFullEvidence, ACurrentThatRisesAtHeldVoltageIsSeen) {
  EXPECT_NEAR(first_seen(&Cell::bump_in_hold, 0.15 * current, "current rises at held voltage").figure, 0.15, 0.05);
}

TEST(AssessFullEvidence, WeatherMovesThePressureAsWell) {
  Cell c;
  c.weather = 1.5e5;
  const Assessment a = assess(c.record());
  double least = 1.0;
  for (const HalfCycleAssessment& h : a.half_cycles)
    for (const Evidence& e : h.evidence)
      if (e.name == "pressure no longer follows the charge" && std::isfinite(e.figure)) {
        EXPECT_FALSE(e.fired) << e.reason;
        least = std::min(least, e.figure);
      }
  EXPECT_LT(least, thresholds::push_share) << "so much that it matters";
}

TEST(AssessFullEvidence, LithiumThatIsNotPlatedDoesNotPush) {
  Cell c;
  c.failing = 4;
  c.plated = 0.4;
  const Assessment a = assess(c.record());
  const Evidence e = evidence(a, 4, "pressure no longer follows the charge");
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.figure, 0.4, 0.05);
  EXPECT_GT(e.error, 0.0);
  EXPECT_FALSE(evidence(a, 3, "pressure no longer follows the charge").fired);
  // springs: the pressure does not follow the charge in any cycle
  Record record = c.record();
  for (double& p : record.real(col::stack_pressure)) p = 5e6;
  EXPECT_FALSE(std::isfinite(evidence(assess(record), 4, e.name).figure));
}

TEST(AssessFullEvidence, TwoOfThemDecideOneDoesNot) {
  Cell c;
  c.failing = 4;
  c.plated = 0.4;
  EXPECT_EQ(assess(c.record()).verdict, Verdict::healthy);
  c.leak_at_rest = 0.2 * current;
  const Assessment a = assess(c.record());
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  ASSERT_TRUE(a.window);
  EXPECT_LE(a.window->earliest, *a.onset);
  EXPECT_GE(a.window->latest, *a.onset);
}

TEST(AssessFullEvidence, OneInAChargeAndAnotherInTheDischargeAfterItDecide) {
  const AssessOptions without{.without = {"voltage lags behind the charge"}};
  Cell c;
  c.failing = 5; // the last: no efficiency is known of it
  c.lost_in_discharge = 0.1 * current;
  const Assessment one = assess(c.record(), without);
  EXPECT_EQ(one.verdict, Verdict::healthy) << one.reason;
  EXPECT_GT(one.half_cycles.back().score, 0.3) << "the discharge gave too little";
  c.plated = 0.4;
  const Assessment both = assess(c.record(), without);
  EXPECT_EQ(both.verdict, Verdict::soft_short) << both.reason;
  EXPECT_EQ(both.half_cycles.back().verdict, Verdict::soft_short);
}

TEST(AssessFullEvidence, AHalfCellThatLivesBelowOneVoltIsNotShorted) {
  Cell c;
  c.shift = -3.4;
  Record record = c.record();
  const Assessment a = assess(record);
  EXPECT_NE(a.verdict, Verdict::fake_stable) << a.reason;
  EXPECT_FALSE(a.onset) << a.reason;
}

TEST(AssessFullEvidence, APartialDischargeIsNoLossOfEfficiencyAndNoExcess) {
  Cell c;
  c.partial = 3;
  const Assessment a = assess(c.record());
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  for (const HalfCycleAssessment& h : a.half_cycles)
    for (const Evidence& e : h.evidence)
      if (e.name == "coulombic efficiency" || e.name == "charge beyond the capacity") { EXPECT_FALSE(e.fired) << e.reason; }
}

TEST(AssessFullEvidence, SwappedPolesAreSaidSo) {
  Cell c;
  Record record = c.record();
  for (double& v : record.real(col::voltage)) v = -v;
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::cannot_tell);
  EXPECT_NE(a.reason.find("negative"), std::string::npos) << a.reason;
}

} // namespace
} // namespace platen
