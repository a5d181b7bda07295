// What a test came to, against tests whose end is known by their own construction.

#include "assess/assessment.hpp"
#include "simulate/outcome.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace platen {
namespace {

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

Study study_of(const std::string& text) { return parse_study(text, "outcome", folder); }

Study held(const std::string& ramp, const std::string& more = {}) {
  return study_of("extends = \"symmetric.toml\"\ntest = [\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to 5 MPa\", \"Heat to 40 degC in 1 h\", "
                  "\"Set stack pressure to 5 MPa\", \"" + ramp + "\"]\n" + more);
}

TestOutcome outcome_of(Study study, bool grid = false) {
  study.output.events_only = !grid;
  return test_outcome(study, simulate(study));
}

TEST(TestOutcome, GridAndEventsSayTheSameAndTheJudgeAgrees) {
  for (const char* name : {"hold-1min", "hold-30min", "hold-1440min", "full-6.4-fixed", "full-25.5-fixed", "full-12.8-springs-1MPa", "full-51.0-fixed"}) {
    SCOPED_TRACE(name);
    const Study study = study_of("extends = \"" + std::string(name) + ".toml\"\n");
    const TestOutcome bare = outcome_of(study), full = outcome_of(study, true);
    ASSERT_EQ(bare.end, TestEnd::shorted);
    ASSERT_TRUE(bare.failing_step && bare.continuous_ccd && bare.last_passed);
    EXPECT_NEAR(*bare.failing_step, *full.failing_step, 1e-9);
    EXPECT_NEAR(*bare.continuous_ccd, *full.continuous_ccd, 1e-6);
    EXPECT_NEAR(bare.charge_to_contact, full.charge_to_contact, 1e-6 * full.charge_to_contact);
    EXPECT_GT(*bare.continuous_ccd, *bare.last_passed);
    EXPECT_LE(*bare.continuous_ccd, *bare.failing_step);
    const Assessment judged = assess(simulate(study));
    ASSERT_TRUE(judged.ccd && judged.ccd->failing_step);
    EXPECT_NEAR(*judged.ccd->failing_step, *bare.failing_step, 1e-3);
    ASSERT_TRUE(bare.first_swing && !judged.pressure.cycles.empty());
    EXPECT_NEAR(*bare.first_swing, judged.pressure.cycles.front().swing, 2e-3 * judged.pressure.cycles.front().swing + 1e3);
    ASSERT_TRUE(judged.pressure.after_first_half_cycle);
    EXPECT_NEAR(*bare.after_first_half_cycle, *judged.pressure.after_first_half_cycle, 1e4);
  }
}

/// A filament that grows in proportion to how far the load is over the threshold: while a number of the laws moves, so does the
/// continuous CCD, and where the failing step jumps it does not.
TEST(TestOutcome, TheContinuousCcdMovesWithoutJumpsOfAStep) {
  double before = 0.0;
  int steps = 0;
  std::optional<double> step;
  for (double depth = 4.0; depth > 2.8; depth *= 0.995) { // um: a deeper flaw fails earlier
    const TestOutcome o = outcome_of(held("Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short",
                                          "[override]\n\"flaw.depth\" = \"" + std::to_string(depth) + " um\"\n"));
    ASSERT_TRUE(o.continuous_ccd);
    if (before > 0.0) {
      EXPECT_GE(*o.continuous_ccd, before - 1e-9);
      EXPECT_LT(*o.continuous_ccd - before, 0.5 * 1.27) << "at " << depth << " um";
      steps += *o.failing_step > *step + 1e-9;
    }
    before = *o.continuous_ccd;
    step = o.failing_step;
  }
  EXPECT_GE(steps, 1) << "the failing step must have jumped somewhere";
}

TEST(TestOutcome, ARampThatIsCarriedIsALowerBound) {
  const TestOutcome o = outcome_of(held("Ramp from 0.127 mA/cm2 to 0.508 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, 2 cycles per step"));
  EXPECT_EQ(o.end, TestEnd::completed);
  ASSERT_TRUE(o.last_passed);
  EXPECT_NEAR(*o.last_passed, 5.08, 1e-9);
  EXPECT_FALSE(o.failing_step || o.continuous_ccd || o.contact_time);
  EXPECT_EQ(o.cycles, 8.0);
  EXPECT_NEAR(o.charge_to_contact, 4.0 * 900.0 * (1.27 + 2.54 + 3.81 + 5.08), 1e-6); // 2 cycles of 2 half cycles of 900 s
}

TEST(TestOutcome, ACellThatCannotCarryTheCurrentHasNoFailingStep) {
  const TestOutcome o = outcome_of(held("Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short", "[mechanisms]\nfilament = false\n[override]\n\"electrolyte.conductivity\" = \"0.01 mS/cm\"\n"));
  EXPECT_EQ(label(o.end), "voltage limit");
  EXPECT_FALSE(o.failing_step);
  ASSERT_TRUE(o.last_passed);
  EXPECT_NEAR(std::remainder(*o.last_passed, 1.27), 0.0, 1e-9);
}

/// Between two voltages half cycles get shorter as the current rises; once no charge passes in either direction the ramp is over.
TEST(TestOutcome, ARampBetweenVoltagesEndsWhereNoChargePasses) {
  const TestOutcome o = outcome_of(study_of("extends = \"full-6.4-springs.toml\"\n[mechanisms]\nfilament = false\n[override]\n"
                                            "\"electrolyte.conductivity\" = \"0.1 mS/cm\"\n"));
  EXPECT_EQ(label(o.end), "voltage limit");
  ASSERT_TRUE(o.last_passed);
  EXPECT_FALSE(o.failing_step);
  EXPECT_LT(*o.last_passed, 50.0) << "1.8 V over 350 ohm cm2 at 40 degC";
}

/// First contact at a known time: with a flaw that spans the pellet up to the first contact the very first plating makes it.
TEST(TestOutcome, CyclesAndSharesCountFromTheFirstHalfCycle) {
  const Study study = study_of("extends = \"life-fixed.toml\"\n");
  const TestOutcome o = outcome_of(study);
  ASSERT_EQ(o.end, TestEnd::shorted);
  const Record record = simulate(study);
  const auto time = record.real(col::test_time);
  const auto cycle = record.integer(col::cycle_count);
  const auto row = static_cast<std::size_t>(std::upper_bound(time.begin(), time.end(), *o.contact_time) - time.begin()) - 1;
  EXPECT_EQ(std::floor(o.cycles), cycle[row] - 1);
  EXPECT_EQ(o.cycles - std::floor(o.cycles) < 0.5, o.shorted_on_charge);
  EXPECT_FALSE(o.failing_step) << "a life test has no ramp";
  EXPECT_FALSE(o.bridge_time) << "a full cell discharges through the first contact and grows no further";
}

/// The charge is that of the current as it was recorded, up to the first contact and no further.
TEST(TestOutcome, TheChargeEndsWithTheFirstContact) {
  for (const char* name : {"life-fixed", "hold-30min", "full-25.5-fixed"}) {
    const Study study = study_of("extends = \"" + std::string(name) + ".toml\"\n");
    const Record record = simulate(study);
    const TestOutcome o = test_outcome(study, record);
    ASSERT_TRUE(o.contact_time) << name;
    const auto time = record.real(col::test_time), current = record.real(col::current);
    const auto cycle = record.integer(col::cycle_count);
    double charge = 0.0, after = 0.0;
    for (std::size_t k = 0; k + 1 < time.size(); ++k) {
      if (cycle[k] == 0) continue;
      const double until = std::clamp(*o.contact_time, time[k], time[k + 1]);
      charge += std::abs(current[k]) / study.cell.area * (until - time[k]);
      after += std::abs(current[k]) / study.cell.area * (time[k + 1] - until);
    }
    EXPECT_NEAR(o.charge_to_contact, charge, 1e-6 * charge) << name;
    RecordProperty(std::string("charge after contact, ") + name, std::to_string(after / charge));
  }
}

TEST(TestOutcome, TheLargestSwingIsThatOfAnyCycleTheFirstThatOfTheFirst) {
  const Study study = study_of("extends = \"full-6.4-fixed.toml\"\n");
  const Record record = simulate(study);
  const TestOutcome o = test_outcome(study, record);
  const auto pressure = record.real(col::stack_pressure);
  const auto cycle = record.integer(col::cycle_count);
  const auto swing = [&](std::int32_t number) {
    double low = 1e9, high = 0.0;
    for (std::size_t k = 0; k < cycle.size(); ++k)
      if (cycle[k] == number) low = std::min(low, pressure[k]), high = std::max(high, pressure[k]);
    return high - low;
  };
  const auto whole = static_cast<std::int32_t>(std::floor(o.cycles));
  double largest = 0.0;
  for (std::int32_t k = 1; k <= whole; ++k) largest = std::max(largest, swing(k));
  EXPECT_NEAR(*o.first_swing, swing(1), 1e-3 * swing(1));
  EXPECT_NEAR(*o.largest_swing, largest, 1e-3 * largest);
  EXPECT_GT(largest, swing(whole) * 1.001) << "or the last cycle would do as well";
}

TEST(TestOutcome, SeveralCyclesPerStepDivideTheStep) {
  const TestOutcome o = outcome_of(held("Ramp from 0.127 mA/cm2 in steps of 0.254 mA/cm2, 15 min per half cycle, 4 cycles per step, until short"));
  ASSERT_EQ(o.end, TestEnd::shorted);
  const double in_step = (*o.continuous_ccd - *o.last_passed) / 2.54 * 4.0; // cycles of the step passed
  EXPECT_NEAR(std::floor(in_step), std::fmod(std::floor(o.cycles), 4.0), 1e-9);
}

} // namespace
} // namespace platen
