// Excursions of the voltage, each side the control of the other (A70), on curves made for it.

#include "assess/excursions.hpp"
#include "assess_waveforms.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace platen {
namespace {

using waveforms::symmetric;
constexpr std::string_view swings_name = "voltage swings down only";

/// Whether a row is one of `count` that lie apart in a half cycle, of those from the eighth on.
bool chosen(std::size_t h, double x, int count) {
  for (int k = 0; k < count; ++k)
    if (h >= 8 && std::abs(x - (105.0 + 60.0 * k)) < 1.0) return true;
  return false;
}

std::size_t fired(const Assessment& a) {
  std::size_t out = 0;
  for (std::size_t h = 0; h < a.half_cycles.size(); ++h) out += waveforms::evidence_of(a, h, swings_name).fired;
  return out;
}

TEST(AssessSwings, SingleRowsDownAndNeverUpAddUp) {
  // 2.5 %: less than any other test asks for
  const Assessment a = assess(symmetric([](std::size_t h, double x) { return chosen(h, x, 4) ? 0.975 : 1.0; }));
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_GE(fired(a), 2u);
  const Evidence& two = waveforms::evidence_of(a, 9, swings_name);
  EXPECT_FALSE(two.fired) << "eight of them are no eleven: " << two.reason;
  ASSERT_TRUE(a.onset);
  EXPECT_NEAR(*a.onset, 8 * 600.0 + 105.0, 1200.0);
  const Evidence& e = waveforms::evidence_of(a, 10, swings_name);
  EXPECT_NEAR(e.figure, (12.0 - 3.0 * 120.0 / 400.0) * std::log(1.9), 1e-6) << "three half cycles of 120 rows";
  EXPECT_GT(e.strength, 0.5);
  EXPECT_EQ(a.half_cycles[10].decided_by.front(), "swing_odds");
}

TEST(AssessSwings, WhatGoesUpAsWellIsNoShort) {
  const auto up = [](std::size_t h, double x) { return chosen(h, x, 4) ? 1.025 : 1.0; };
  const auto both = [](std::size_t h, double x) { return chosen(h, x, 4) ? (static_cast<int>(x / 60.0) % 2 == 0 ? 1.025 : 0.975) : 1.0; };
  for (const auto& cell : {symmetric(up), symmetric(both)}) {
    const Assessment a = assess(cell);
    EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
    EXPECT_EQ(fired(a), 0u);
  }
}

TEST(AssessSwings, NoiseOfAnyKindHasBothSides) {
  // noise with heavy tails: one row in twelve is off by ten standard deviations, either way
  double strictest = 0.0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    numerics::RandomStream draws(seed, "swings");
    const Assessment a = assess(symmetric([&](std::size_t, double) { return draws.uniform() < 1.0 / 12.0 ? 1.0 + (draws.uniform() < 0.5 ? -0.025 : 0.025) : 1.0; }, 1e-4, seed));
    EXPECT_EQ(a.verdict, Verdict::healthy) << seed << ": " << a.reason;
    strictest = std::max(strictest, waveforms::evidence_of(a, 15, swings_name).threshold);
  }
  EXPECT_GT(strictest, 7.0 + std::log(4.0)) << "each new beginning is a chance of its own";
}

TEST(AssessSwings, ARareTouchCountsNothing) {
  // one row in 480, seven of them: a hand
  const Assessment rare = assess(symmetric([](std::size_t h, double x) { return h % 4 == 2 && std::abs(x - 305.0) < 1.0 ? 0.9 : 1.0; }));
  for (std::size_t h = 2; h < 16; ++h) EXPECT_LT(waveforms::evidence_of(rare, h, swings_name).figure, 0.7) << h;
  EXPECT_EQ(rare.verdict, Verdict::healthy) << rare.reason;
}

TEST(AssessSwings, ASlopeIsNoExcursion) {
  using namespace assessing;
  const Record record = symmetric([](std::size_t, double x) { return 1.0 + 2.0 * std::exp(-x / 60.0); });
  const Rows rows = rows_of(record);
  const Segments segments = find_segments(record);
  const std::vector<Trace> traces = make_traces(record, rows, segments, find_offset(rows, segments));
  for (const Trace& t : traces)
    for (const int side : {-1, 1}) EXPECT_TRUE(find_excursions(t, side, {t.noise, 5.5, 0.0}).empty()) << side;
}

} // namespace
} // namespace platen
