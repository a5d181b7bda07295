// Sudden events that come back, each side the control of the other (A81, A82), on curves made for it.

#include "assess/events.hpp"
#include "assess/thresholds.hpp"
#include "assess/verdict.hpp"
#include "assess_waveforms.hpp"
#include "numerics/distributions.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace platen {
namespace {

using waveforms::symmetric;
constexpr std::string_view dips_name = "voltage dips and comes back";

/// Whether a row is one of `count` that lie apart in a half cycle, of those from the eighth on.
bool chosen(std::size_t h, double x, int count) {
  for (int k = 0; k < count; ++k)
    if (h >= 8 && std::abs(x - (105.0 + 60.0 * k)) < 1.0) return true;
  return false;
}

std::size_t fired(const Assessment& a) {
  std::size_t out = 0;
  for (std::size_t h = 0; h < a.half_cycles.size(); ++h) out += waveforms::evidence_of(a, h, dips_name).fired;
  return out;
}

TEST(AssessEvents, SingleRowsDownAndNeverUpAddUp) {
  // 2.5 %: less than any other test asks for
  const Assessment a = assess(symmetric([](std::size_t h, double x) { return chosen(h, x, 4) ? 0.975 : 1.0; }));
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_GE(fired(a), 2u);
  ASSERT_TRUE(a.onset);
  EXPECT_NEAR(*a.onset, 8 * 600.0 + 105.0, 5.0) << "the first of them";
  EXPECT_FALSE(waveforms::evidence_of(a, 8, dips_name).fired) << "four may be a hand";
  const Evidence& e = waveforms::evidence_of(a, 10, dips_name);
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_GT(e.strength, 0.5);
  EXPECT_EQ(a.half_cycles[10].decided_by.front(), "event_odds");
}

TEST(AssessEvents, TheOddsAreThoseOfTheStatedLaw) {
  using namespace assessing;
  const double tiny = thresholds::event_habit, change = thresholds::event_change;
  EventCounts quiet, eight;
  quiet.rows = 960.0;
  eight.rows = 240.0;
  for (auto& s : eight.of) s[0][0] = 8.0;
  const EventOdds odds = odds_of_events(eight, {quiet});
  // brief ones alone: the rate of the whole record; one that has changed; a habit of any rate
  const double usual = -std::log(std::pow(240.0 / (240.0 + 1200.0 + 400.0), 8)), changed = change - std::log(std::pow(240.0 / (480.0 + 400.0), 8));
  const double habit = -std::log(numerics::incomplete_beta(8.0, tiny, 0.5));
  const double least = std::min({usual, changed, habit});
  EXPECT_NEAR(odds.nats, least - std::log1p(least), 1e-6);
  EXPECT_NEAR(odds.needed, thresholds::event_odds + std::log(2.0 * 3.0 * 2.0), 1e-12) << "brief or lasting, three strengths, two beginnings";
  EXPECT_GT(odds.nats, odds.needed);
  EXPECT_EQ(odds.downs, 8.0);
  EXPECT_EQ(odds.rows, 240.0);
  // after a long quiet record, often, but not for long: the rate may have changed
  EventCounts often = eight, silence;
  often.rows = 960.0;
  silence.rows = 9600.0;
  const double since = change - 8.0 * std::log(960.0 / (1920.0 + 400.0));
  EXPECT_NEAR(odds_of_events(often, {silence}).nats, since - std::log1p(since), 1e-6);
  // the more events upwards, the less they say
  double before = odds.nats;
  for (const double ups : {1.0, 2.0, 4.0, 8.0}) {
    for (auto& s : eight.of) s[0][1] = ups;
    const double nats = odds_of_events(eight, {quiet}).nats;
    EXPECT_LT(nats, before) << ups;
    before = nats;
  }
  EXPECT_LT(before, 2.0) << "as many up as down";
}

TEST(AssessEvents, WhatLastsIsRarerAndTheRecordBeforeCounts) {
  using namespace assessing;
  EventCounts brief, lasting, quiet;
  brief.rows = lasting.rows = 120.0;
  quiet.rows = 960.0;
  for (auto& s : brief.of) s[0][0] = 3.0;
  for (auto& s : lasting.of) s[1][0] = 3.0;
  EXPECT_GT(odds_of_events(lasting, {quiet}).nats, odds_of_events(brief, {quiet}).nats + 2.0);
  EXPECT_LT(odds_of_events(brief, {quiet}).nats, odds_of_events(brief, {quiet}).needed) << "three single rows are a hand";
  EventCounts restless = quiet;
  for (auto& s : restless.of) s[1] = {0.0, 30.0}; // earlier half cycles rose as often
  EXPECT_LT(odds_of_events(lasting, {restless}).nats, odds_of_events(lasting, {quiet}).nats);
}

TEST(AssessEvents, WhatGoesUpAsWellIsNoShort) {
  const auto up = [](std::size_t h, double x) { return chosen(h, x, 4) ? 1.025 : 1.0; };
  const auto both = [](std::size_t h, double x) { return chosen(h, x, 4) ? (static_cast<int>(x / 60.0) % 2 == 0 ? 1.025 : 0.975) : 1.0; };
  for (const auto& cell : {symmetric(up), symmetric(both)}) {
    const Assessment a = assess(cell);
    EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
    EXPECT_EQ(fired(a), 0u);
  }
}

TEST(AssessEvents, NoiseOfAnyKindHasBothSides) {
  // noise with heavy tails: one row in twelve is off by ten standard deviations, either way
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    numerics::RandomStream draws(seed, "swings");
    const Assessment a = assess(symmetric([&](std::size_t, double) { return draws.uniform() < 1.0 / 12.0 ? 1.0 + (draws.uniform() < 0.5 ? -0.025 : 0.025) : 1.0; }, 1e-4, seed));
    EXPECT_EQ(a.verdict, Verdict::healthy) << seed << ": " << a.reason;
  }
}

TEST(AssessEvents, ARareTouchCountsNothing) {
  // one row in 480, four of them: a hand
  const Assessment rare = assess(symmetric([](std::size_t h, double x) { return h % 4 == 2 && std::abs(x - 305.0) < 1.0 ? 0.9 : 1.0; }));
  for (std::size_t h = 2; h < 16; ++h) EXPECT_FALSE(waveforms::evidence_of(rare, h, dips_name).figure > 3.0) << h;
  EXPECT_EQ(rare.verdict, Verdict::healthy) << rare.reason;
}

/// A half cycle of 60 rows beside its course.
struct Made {
  assessing::Trace trace;
  assessing::Beside beside;
};

Made made(const std::function<double(std::size_t)>& rho, double sigma = 1e-3) {
  Made out;
  out.trace.interval = 10.0;
  out.trace.middle = 60.0;
  out.beside.level_error = 0.02;
  for (std::size_t k = 0; k < 60; ++k) {
    out.trace.time.push_back(10.0 * static_cast<double>(k));
    out.beside.rho.push_back(rho(k));
    out.beside.sigma.push_back(sigma);
    out.trace.raw.push_back(0.06 * (1.0 + rho(k)));
  }
  return out;
}

std::vector<assessing::Event> events(const Made& m) { return assessing::find_events(m.trace, m.beside); }

TEST(AssessEvents, AnEventHasAStartALengthADepthAndASide) {
  for (const double side : {-1.0, 1.0}) {
    const std::vector<assessing::Event> found = events(made([&](std::size_t k) { return k == 20 ? side * 0.05 : k >= 30 && k < 36 ? side * 0.1 : 0.0; }));
    ASSERT_EQ(found.size(), 2u) << side;
    EXPECT_EQ(found[0].row, 20u);
    EXPECT_EQ(found[0].rows, 1u);
    EXPECT_NEAR(found[0].depth, 0.05, 1e-12);
    EXPECT_EQ(found[1].row, 30u);
    EXPECT_EQ(found[1].rows, 6u);
    EXPECT_NEAR(found[1].depth, 0.1, 1e-12);
    EXPECT_GT(found[1].error, 1e-3);
    EXPECT_LT(found[1].error, 1.5e-3);
    for (const assessing::Event& e : found) EXPECT_EQ(e.side, static_cast<int>(side));
  }
}

TEST(AssessEvents, WhatIsNone) {
  EXPECT_TRUE(events(made([](std::size_t k) { return k >= 30 ? -0.1 : 0.0; })).empty()) << "it stays";
  EXPECT_TRUE(events(made([](std::size_t k) { return k >= 30 && k < 50 ? -0.005 * static_cast<double>(k - 30) : 0.0; })).empty()) << "not sudden";
  EXPECT_TRUE(events(made([](std::size_t k) { return k == 30 ? -0.015 : 0.0; })).empty()) << "below 2 %";
  EXPECT_TRUE(events(made([](std::size_t k) { return k == 30 ? -0.05 : 0.0; }, 0.02)).empty()) << "noise";
  EXPECT_TRUE(events(made([](std::size_t k) { return k == 1 ? -0.5 : 0.0; })).empty()) << "just after the switch";
  EXPECT_TRUE(events(made([](std::size_t k) { return k == 30 ? -0.05 : 0.5; })).empty()) << "contact that is being lost, and comes and goes";
  EXPECT_TRUE(events(made([](std::size_t k) { return k == 30 ? -0.012 : k == 31 ? -0.023 : 0.0; })).empty()) << "half of it in the row before";
  EXPECT_TRUE(events(made([](std::size_t k) { return k == 30 ? 0.02 : 0.1; })).empty()) << "down to no less than expected";
  Made coarse = made([](std::size_t k) { return k == 30 ? -0.05 : 0.0; });
  EXPECT_EQ(events(coarse).size(), 1u);
  coarse.trace.resolution = 2.5e-3; // 1.2 steps
  EXPECT_TRUE(events(coarse).empty()) << "a rounding";
  // the rise at a dip's end, and what is left of it, is no event upwards
  const std::vector<assessing::Event> two = events(made([](std::size_t k) { return (k >= 20 && k < 26) || (k >= 29 && k < 36) ? -0.1 : 0.0; }));
  for (const assessing::Event& e : two) EXPECT_EQ(e.side, -1) << e.row;
  EXPECT_EQ(two.size(), 2u);
}

TEST(AssessEvents, ASlopeIsNoEvent) {
  const Assessment a = assess(symmetric([](std::size_t, double x) { return 1.0 + 2.0 * std::exp(-x / 60.0); }));
  for (std::size_t h = 3; h < 16; ++h) EXPECT_LT(waveforms::evidence_of(a, h, dips_name).figure, 3.0) << h;
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

} // namespace
} // namespace platen
