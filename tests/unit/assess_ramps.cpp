// 200 made-up ramps that short and 200 that do not, through made-up instruments: is the true failing step the one reported?

#include "assess/assessment.hpp"
#include "assess_waveforms.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace platen;
using waveforms::Fault;

namespace {

std::string describe(const waveforms::Ramp& p) {
  return fmt::format("seed {} R {:.0f} floor {:.2f} steps {} x{} half {} s every {} s rest {} drift {:.2f} voids {:.2f} offset {:.2g} "
                     "noise {:.2g} Rs {:.1f} fail at {} {} {:.2f}", p.seed, p.resistance, p.floor_share, p.steps, p.cycles_per_step,
                     p.half_cycle, p.interval, p.rest_between, p.drift, p.voids, p.offset, p.noise, p.short_resistance,
                     p.failing_step, p.failing_direction, p.failing_moment);
}

struct Score {
  int step = 0, onset = 0, verdict = 0, all = 0;
};

Score try_all(Fault fault, std::uint64_t from, std::uint64_t count, Verdict expected) {
  Score score;
  for (std::uint64_t seed = from; seed < from + count; ++seed) {
    const waveforms::Ramp p = waveforms::draw(seed, fault);
    const waveforms::Waveform w = waveforms::make(p);
    const Assessment a = assess(w.record);
    const bool step = a.ccd && a.ccd->failing_step && std::abs(*a.ccd->failing_step - w.failing_density) < 0.2 * p.increment;
    const bool onset = a.onset && std::abs(*a.onset - w.onset) <= 30.0;
    ++score.all;
    score.step += step;
    score.onset += onset;
    score.verdict += a.verdict == expected;
    if (!step || !onset || a.verdict != expected)
      fmt::print("{}{}{}: {} | true onset {:.0f} at {:.3g} | {} {:.0f} at {:.3g}: {}\n", step ? "" : "STEP ", onset ? "" : "ONSET ",
                 a.verdict == expected ? "" : "verdict", describe(p), w.onset, w.failing_density, label(a.verdict),
                 a.onset.value_or(-1), a.ccd && a.ccd->failing_step ? *a.ccd->failing_step : -1.0, a.reason);
  }
  fmt::print("step {} onset {} verdict {} of {}\n", score.step, score.onset, score.verdict, score.all);
  return score;
}

TEST(AssessRamps, TheTrueFailingStepOfHardShortsIsReported) {
  const Score s = try_all(Fault::hard, 1, 200, Verdict::hard_short);
  EXPECT_GE(s.step, 196);
  EXPECT_GE(s.onset, 196);
  EXPECT_GE(s.verdict, 190);
}

TEST(AssessRamps, TheTrueFailingStepOfSoftShortsIsReported) {
  const Score s = try_all(Fault::soft, 1001, 200, Verdict::soft_short);
  EXPECT_GE(s.step, 196);
  EXPECT_GE(s.onset, 190);
  EXPECT_GE(s.verdict, 180);
}

TEST(AssessRamps, NoShortIsReportedInHealthyCells) {
  for (std::uint64_t seed = 2001; seed <= 2200; ++seed) {
    const waveforms::Ramp p = waveforms::draw(seed, Fault::none);
    const waveforms::Waveform w = waveforms::make(p);
    const Assessment a = assess(w.record);
    EXPECT_EQ(a.verdict, Verdict::healthy) << describe(p) << "\n  " << a.reason;
    ASSERT_TRUE(a.ccd) << a.ccd_refused;
    EXPECT_FALSE(a.ccd->failing_step);
    EXPECT_NEAR(*a.ccd->last_passed, p.first + p.increment * static_cast<double>(p.steps - 1), 0.1 * p.increment) << describe(p);
  }
}

} // namespace
