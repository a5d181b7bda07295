// Resistance and voltages of steps and half cycles, on rows that are given.

#include "assess/ccd.hpp"
#include "assess_given.hpp"

#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

/// V: 60 ohm, which fall by 20 ohm in the first half of a half cycle, and 2 mV of zero.
given::Case settling() {
  given::Case c = given::make(given::both_ways(3, 2));
  c.set_voltage([&](std::size_t k, std::size_t n) { return 2e-3 + c.half(k).current * (n < 45 ? 80.0 - 20.0 * static_cast<double>(n) / 45.0 : 60.0); });
  return c;
}

TEST(Steps, TheResistanceIsThatOfLaterHalvesInBothDirections) {
  const given::Case c = settling();
  const std::vector<StepAssessment> steps = assess_steps(c.rows, c.segments, given::area);
  for (const StepAssessment& s : steps) {
    EXPECT_NEAR(s.resistance, 60.0, 1e-9);
    EXPECT_NEAR(s.offset, 2e-3, 1e-12);
  }
}

TEST(Steps, AHalfCycleHasItsVoltagesWithoutTheZeroAndItsResistanceWithThatBefore) {
  given::Case c = settling();
  c.set_voltage([&](std::size_t k, std::size_t) { return 2e-3 + c.half(k).current * (60.0 + static_cast<double>(k)); });
  const Offset zero{2e-3, true, {0.0}, {2e-3}, {1e-4}};
  HalfCycleAssessment out;
  const auto describe = [&](std::size_t k) {
    out = {};
    describe_half_cycle(c.rows, c.segments, zero, given::area, k, out);
  };
  describe(5); // -2 mA, 65 ohm; before it 64, after it 66 ohm
  EXPECT_NEAR(out.mean_voltage, -2e-3 * 65.0, 1e-9);
  EXPECT_NEAR(out.end_voltage, -2e-3 * 65.0, 1e-9);
  EXPECT_NEAR(*out.asr, 64.5 * given::area, 1e-9);
  describe(4); // the half cycle before was at another current
  EXPECT_NEAR(*out.asr, 64.5 * given::area, 1e-9);
}

} // namespace
} // namespace platen::assessing
