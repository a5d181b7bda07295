// Full cells judged on made-up curves: a sloping cathode, a resistance, leaks. Nothing here knows the simulator's laws.

#include "assess/assessment.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace platen {
namespace {

constexpr double area = 0.785e-4, capacity = 30.0; // m2, C: 1.06 mAh/cm2
constexpr double never = std::numeric_limits<double>::infinity();

struct Cycling {
  std::vector<double> currents{1.57e-4, 2.36e-4, 3.14e-4, 3.93e-4}; ///< A, one cycle at each
  double resistance = 100.0;      ///< ohm
  double refill = 0.0;            ///< V at the start of a charge, decays over a tenth of the capacity
  double noise = 0.5e-3;          ///< V
  std::size_t failing = 1000;     ///< cycle
  double leak_from = never;       ///< C charged in the failing cycle; from there `leak` passes through the short
  double leak = never;            ///< A; infinite: the voltage collapses
  bool while_discharging = false; ///< the collapse comes in the discharge of the failing cycle
  double poor_contact = 1.0;      ///< the resistance times this from the failing cycle on
  std::size_t last_cycle_rows = 100000; ///< of the failing charge
  double pressure = 5e6;          ///< Pa at the start
};

double open_circuit(double q) {
  const double x = q / capacity;
  return 3.6 + 0.6 * x - 0.9 * std::exp(-60.0 * x);
}

class Made {
public:
  explicit Made(const Cycling& c) : c_(c), draws_(7, "full") {
    for (int k = 0; k < 30; ++k, time_ += 60.0) row(0.0, open_circuit(q_));
    for (std::size_t k = 0; k < c.currents.size() && !stopped_; ++k) {
      if (charge(k)) discharge(k);
    }
    record.set(col::test_time, std::move(times_));
    record.set(col::current, std::move(currents_));
    record.set(col::voltage, std::move(voltages_));
    record.set(col::stack_pressure, std::move(pressures_));
    record.cell.configuration = Configuration::full;
    record.cell.area = area;
    record.cell.areal_capacity = capacity / area;
  }

  Record record;
  double onset = -1.0;

private:
  void row(double current, double voltage) {
    times_.push_back(time_);
    currents_.push_back(current);
    voltages_.push_back(voltage + c_.noise * draws_.normal());
    pressures_.push_back(c_.pressure * (1.0 + 0.1 * q_ / capacity));
  }

  double resistance(std::size_t k) const { return k >= c_.failing ? c_.resistance * c_.poor_contact : c_.resistance; }

  bool charge(std::size_t k) {
    const double i = c_.currents[k];
    double passed = 0.0;
    for (std::size_t n = 0; k != c_.failing || n < c_.last_cycle_rows; ++n) {
      time_ += 10.0;
      passed += i * 10.0;
      const bool leaks = short_ || (k == c_.failing && !c_.while_discharging && passed > c_.leak_from);
      if (leaks && onset < 0) onset = time_;
      const bool collapsed = leaks && !std::isfinite(c_.leak);
      const double kept = leaks ? std::max(0.0, i - c_.leak) : i;
      if (collapsed) q_ = std::max(0.0, q_ - 20.0 * i);
      else q_ += kept * 10.0;
      const double v = collapsed ? 0.02 + 0.4 * std::abs(draws_.normal()) * std::exp(-(time_ - onset) / 600.0)
                                 : open_circuit(q_) + kept * resistance(k) + c_.refill * (k > 0 ? std::exp(-10.0 * passed / capacity) : 0.0);
      row(i, v);
      if (v >= 4.3) return true;
      if (passed > 2.0 * capacity) break;
    }
    stopped_ = true;
    return false;
  }

  void discharge(std::size_t k) {
    const double i = c_.currents[k];
    for (double passed = 0.0;;) {
      time_ += 10.0;
      passed += i * 10.0;
      q_ -= i * 10.0;
      double v = open_circuit(q_) - i * resistance(k);
      if (k == c_.failing && c_.while_discharging && passed > c_.leak_from) {
        short_ = true;
        if (onset < 0) onset = time_;
        v = 0.1;
      }
      row(-i, v);
      if (v <= 2.5) return;
    }
  }

  Cycling c_;
  numerics::RandomStream draws_;
  std::vector<double> times_, currents_, voltages_, pressures_;
  double time_ = 0.0, q_ = 0.0;
  bool stopped_ = false, short_ = false;
};

double density(double current) { return current / area; }

bool fired(const std::vector<Evidence>& evidence, std::string_view name) {
  return std::any_of(evidence.begin(), evidence.end(), [&](const Evidence& e) { return e.name == name && e.fired; });
}

TEST(AssessFull, HealthyCellIsHealthyWithALowerBoundForTheCcd) {
  for (const double noise : {0.0, 0.5e-3, 3e-3}) {
    Cycling c;
    c.noise = noise;
    const Assessment a = assess(Made(c).record);
    EXPECT_EQ(a.verdict, Verdict::healthy) << noise << ": " << a.reason;
    ASSERT_TRUE(a.ccd) << a.ccd_refused;
    EXPECT_FALSE(a.ccd->failing_step);
    EXPECT_NEAR(a.ccd->last_passed.value_or(0), density(3.93e-4), 0.02);
    EXPECT_EQ(a.half_cycles.size(), 8U);
    EXPECT_FALSE(a.onset_cycle);
    for (const StepAssessment& s : a.steps) EXPECT_FALSE(s.asr);
  }
}

TEST(AssessFull, VoidsThatAreRefilledAreNoShort) {
  Cycling c;
  c.refill = 0.4;
  const Assessment a = assess(Made(c).record);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessFull, CollapseWhileChargingIsAHardShortInItsStep) {
  for (const double from : {0.1, 3.0, 12.0, 22.0}) {
    Cycling c;
    c.failing = 2;
    c.leak_from = from;
    const Made made(c);
    const Assessment a = assess(made.record);
    EXPECT_EQ(a.verdict, Verdict::hard_short) << from << ": " << a.reason;
    ASSERT_TRUE(a.ccd && a.ccd->failing_step) << a.ccd_refused;
    EXPECT_NEAR(*a.ccd->failing_step, density(3.14e-4), 0.02);
    EXPECT_NEAR(a.ccd->last_passed.value_or(0), density(2.36e-4), 0.02);
    EXPECT_NEAR(a.onset.value_or(0), made.onset, 60.0) << from;
    EXPECT_EQ(a.onset_cycle, 3U);
    EXPECT_TRUE(fired(a.evidence, "voltage below that before the charge"));
    if (from > 1.0) { EXPECT_TRUE(fired(a.evidence, "voltage falls while charging")); }
    ASSERT_TRUE(a.onset_half_cycle);
    EXPECT_EQ(a.half_cycles[*a.onset_half_cycle].half_cycle.direction, 1);
  }
}

TEST(AssessFull, CollapseInTheFirstChargeNeedsNoEarlierOne) {
  Cycling c;
  c.failing = 0;
  c.leak_from = 9.0;
  const Made made(c);
  const Assessment a = assess(made.record);
  EXPECT_EQ(a.verdict, Verdict::hard_short) << a.reason;
  EXPECT_NEAR(a.onset.value_or(0), made.onset, 60.0);
  EXPECT_EQ(a.onset_cycle, 1U);
}

TEST(AssessFull, ChargeThatNeverEndsIsASoftShort) {
  Cycling c;
  c.failing = 2;
  c.leak_from = 10.0;
  c.leak = 3.0e-4; // of 3.14e-4 A
  const Assessment a = assess(Made(c).record);
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_TRUE(fired(a.evidence, "charge beyond the capacity"));
  EXPECT_TRUE(fired(a.evidence, "voltage stalls while charging"));
  ASSERT_TRUE(a.ccd && a.ccd->failing_step);
  EXPECT_NEAR(*a.ccd->failing_step, density(3.14e-4), 0.02);
  for (const Contradiction& found : a.checklist.contradictions)
    EXPECT_EQ(std::count(found.keys.begin(), found.keys.end(), "areal_capacity"), 0) << "what a short passed says nothing of the capacity: " << found.text;
}

TEST(AssessFull, StalledChargeThatSomebodyStoppedIsASoftShortToo) {
  Cycling c;
  c.failing = 2;
  c.leak_from = 10.0;
  c.leak = 3.0e-4;
  c.last_cycle_rows = 10000; // 31 C
  const Assessment a = assess(Made(c).record);
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_FALSE(fired(a.evidence, "charge beyond the capacity"));
  EXPECT_TRUE(fired(a.evidence, "charge ends below the usual cut-off"));
}

TEST(AssessFull, ChargeThatTheRecordCutsOffIsNoShort) {
  Cycling c;
  c.currents.push_back(4.7e-4);
  Record whole = Made(c).record;
  std::vector<double> t(whole.real(col::test_time).begin(), whole.real(col::test_time).end()), i, v;
  const std::size_t rows = t.size() * 9 / 10;
  for (std::size_t k = 0; k < rows; ++k) i.push_back(whole.real(col::current)[k]), v.push_back(whole.real(col::voltage)[k]);
  t.resize(rows);
  Record record;
  record.cell = whole.cell;
  record.set(col::test_time, std::move(t));
  record.set(col::current, std::move(i));
  record.set(col::voltage, std::move(v));
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessFull, CollapseWhileDischargingIsPutThere) {
  Cycling c;
  c.failing = 2;
  c.leak_from = 10.0;
  c.while_discharging = true;
  c.currents = {3.14e-4, 3.14e-4, 3.14e-4, 3.14e-4};
  const Made made(c);
  const Assessment a = assess(made.record);
  EXPECT_EQ(a.verdict, Verdict::hard_short) << a.reason;
  ASSERT_TRUE(a.onset_half_cycle);
  EXPECT_EQ(a.half_cycles[*a.onset_half_cycle].half_cycle.direction, -1);
  EXPECT_EQ(a.onset_cycle, 3U);
  EXPECT_NEAR(a.onset.value_or(0), made.onset, 60.0);
  EXPECT_FALSE(a.ccd);
  EXPECT_NE(a.ccd_refused.find("single current"), std::string::npos) << a.ccd_refused;
}

TEST(AssessFull, LostContactIsNoShort) {
  Cycling c;
  c.failing = 2;
  c.poor_contact = 20.0; // the limit is met after a tenth of the charge
  const Assessment a = assess(Made(c).record);
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
  ASSERT_TRUE(a.ccd);
  EXPECT_FALSE(a.ccd->failing_step);
  EXPECT_NEAR(a.ccd->last_passed.value_or(0), density(2.36e-4), 0.02);
}

TEST(AssessFull, LifeTestHasACycleOfTheShortAndNoCcd) {
  Cycling c;
  c.currents = {1.57e-4, 1.57e-4};
  c.currents.insert(c.currents.end(), 12, 3.93e-4);
  c.failing = 11;
  c.leak_from = 5.0;
  const Assessment a = assess(Made(c).record);
  EXPECT_EQ(a.verdict, Verdict::hard_short) << a.reason;
  EXPECT_EQ(a.onset_cycle, 12U);
  EXPECT_FALSE(a.ccd);
  EXPECT_NE(a.ccd_refused.find("single current"), std::string::npos) << a.ccd_refused;
}

TEST(AssessFull, ShortedBeforeCyclingIsSaidSo) {
  Record record = Made({}).record;
  for (double& v : record.real(col::voltage)) v = 0.01;
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::fake_stable) << a.reason;
  EXPECT_FALSE(a.ccd);
  EXPECT_FALSE(a.onset);
}

TEST(AssessFull, PressureOfTheFirstChargeIsReported) {
  Cycling c;
  c.noise = 0.0;
  const Assessment a = assess(Made(c).record);
  ASSERT_FALSE(a.pressure.cycles.empty());
  ASSERT_TRUE(a.pressure.after_first_half_cycle);
  EXPECT_NEAR(*a.pressure.after_first_half_cycle, a.pressure.cycles.front().maximum, 1e3);
  EXPECT_GT(a.pressure.cycles.front().swing, 0.3e6);
}

} // namespace
} // namespace platen
