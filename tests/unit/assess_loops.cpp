// Hour-long loops in one direction, with time and voltage alone: the current comes from the cell file, the loops from the gaps
// between them, and no floor is known. What can be told rests on the cell's own earlier loops.

#include "assess/assessment.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;

namespace {

/// Ohm at a time within a loop (s), given the healthy value.
using LoopShape = std::function<double(std::size_t loop, double time, double healthy)>;

Record loops(std::size_t count, const LoopShape& shape, std::uint64_t seed, double wander = 0.03) {
  numerics::RandomStream draws(seed, "loops");
  std::vector<double> time, voltage;
  double level = 250.0;
  for (std::size_t loop = 0; loop < count; ++loop) {
    level *= std::exp(wander * draws.normal());
    for (double t = 0; t < 3600.0; t += 5.0) {
      // a binary electrolyte polarises within minutes; nucleation decays as fast
      const double healthy = level * (1.0 + 0.3 * (1.0 - std::exp(-t / 500.0)) + 0.2 * std::exp(-t / 150.0));
      time.push_back(static_cast<double>(loop) * 4000.0 + t);
      voltage.push_back(1e-4 * std::round((4e-4 * shape(loop, t, healthy) + 1e-4 * draws.normal()) / 1e-4));
    }
  }
  Record r;
  r.set(col::test_time, std::move(time));
  r.set(col::voltage, std::move(voltage));
  r.cell.configuration = Configuration::symmetric;
  r.cell.current = 4e-4;
  return r;
}

TEST(AssessLoops, HealthyLoopsStayHealthy) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Assessment a = assess(loops(40, [](std::size_t, double, double r) { return r; }, seed));
    EXPECT_EQ(a.verdict, Verdict::healthy) << seed << " " << a.reason;
    EXPECT_EQ(a.half_cycles.size(), 40u);
    EXPECT_FALSE(a.ccd);
  }
}

TEST(AssessLoops, TheFirstLoopMayHaveTwiceTheResistanceOfTheSecond) {
  const Assessment a = assess(loops(20, [](std::size_t loop, double, double r) { return loop == 0 ? 2.0 * r : r; }, 3));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessLoops, ShortsThatOpenAndCloseAreFoundInTheirLoops) {
  int found = 0, wrong = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    numerics::RandomStream draws(seed, "shorts");
    double until = 0.0, leak = 0.0;
    const Assessment a = assess(loops(40, [&](std::size_t loop, double t, double r) {
      if (loop < 20 || loop >= 25) return r;
      if (t == 0.0) until = 0.0;
      if (t >= until) {
        until = t + 600.0 * draws.uniform();
        leak = draws.uniform() < 0.5 ? 0.0 : 0.5 + draws.uniform();
      }
      return r / (1.0 + leak);
    }, seed));
    for (std::size_t k = 0; k < 40; ++k) {
      const bool shorted = a.half_cycles[k].score >= 0.5;
      if (k >= 20 && k < 25) found += shorted;
      else wrong += shorted;
    }
  }
  EXPECT_GE(found, 95); // of 100: a loop may draw no closed spell at all
  EXPECT_EQ(wrong, 0);
}

TEST(AssessLoops, AFlatTraceAtTwoThirdsOfTheEarlierVoltageIsFakeStable) {
  int found = 0, wrong = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Assessment a = assess(loops(40, [](std::size_t loop, double, double r) { return loop < 25 ? r : 205.0; }, seed, 0.01));
    for (std::size_t k = 0; k < 40; ++k) (k < 25 ? wrong : found) += a.half_cycles[k].score >= 0.5;
    for (std::size_t k = 25; k < 40; ++k)
      EXPECT_TRUE(a.half_cycles[k].score < 0.5 || a.half_cycles[k].verdict == Verdict::fake_stable) << seed << " loop " << k;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(found, 300);
}

} // namespace
