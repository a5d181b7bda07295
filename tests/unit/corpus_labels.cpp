// What is true of a cell, from the course of its leak.

#include "corpus/corpus.hpp"
#include "corpus/label.hpp"

#include <functional>
#include <gtest/gtest.h>

namespace platen::corpus {
namespace {

/// Half cycles of 900 s with a moment every 10 s, and 100 s of rest before each.
std::vector<Moment> course(int half_cycles, const std::function<double(double)>& share_at) {
  std::vector<Moment> out;
  double clock = 0.0;
  for (int h = 0; h < half_cycles; ++h) {
    for (int k = 0; k < 10; ++k, clock += 10.0) out.push_back({clock, share_at(clock), 0.0, -1});
    for (int k = 0; k < 90; ++k, clock += 10.0) out.push_back({clock, share_at(clock), 0.01 * share_at(clock), h});
  }
  return out;
}

Label of(const std::function<double(double)>& share_at) {
  Label label;
  label.interval = 10.0;
  describe_leak(course(6, share_at), label);
  return label;
}

TEST(CorpusLabel, WithoutALeakIsHealthy) {
  const Label l = of([](double) { return 0.01; });
  EXPECT_EQ(l.condition, Condition::healthy);
  EXPECT_TRUE(l.shorts.empty());
  EXPECT_FALSE(l.onset_from);
}

TEST(CorpusLabel, WireThatStaysIsHard) {
  const Label l = of([](double t) { return t >= 2500.0 ? 0.9 : 0.0; });
  EXPECT_EQ(l.condition, Condition::hard_short);
  EXPECT_DOUBLE_EQ(*l.onset_from, 2500.0);
  EXPECT_DOUBLE_EQ(*l.onset_to, 2500.0);
  EXPECT_EQ(l.half_cycles, 4u);
  EXPECT_NEAR(l.share, 0.9, 1e-12);
  EXPECT_NEAR(l.duration, 500.0 + 3 * 890.0, 1e-9); // each moment stands for the time since the one before; rests are left out
  EXPECT_DOUBLE_EQ(l.conductance, 0.009);
}

TEST(CorpusLabel, WireThatMeltsIsSoft) {
  const Label l = of([](double t) { return t >= 2500.0 && t < 2700.0 ? 0.9 : 0.0; });
  EXPECT_EQ(l.condition, Condition::soft_short);
  ASSERT_EQ(l.shorts.size(), 1u);
  EXPECT_DOUBLE_EQ(l.shorts[0].start, 2500.0);
  EXPECT_DOUBLE_EQ(l.shorts[0].end, 2690.0);
  EXPECT_DOUBLE_EQ(l.shorts[0].share, 0.9);
}

TEST(CorpusLabel, OnsetOfASlowLeakIsAStretch) {
  const Label l = of([](double t) { return std::min(0.5, t / 10000.0); });
  EXPECT_EQ(l.condition, Condition::soft_short);
  EXPECT_DOUBLE_EQ(*l.onset_from, 200.0);
  EXPECT_DOUBLE_EQ(*l.onset_to, 1100.0) << "1000 s lies in a rest: nobody sees a share without a current";
}

TEST(CorpusLabel, ShortsWithinSecondsAreOneStretch) {
  const Label l = of([](double t) { return t >= 2500.0 && (t < 2520.0 || (t >= 2540.0 && t < 2560.0) || (t >= 2700.0 && t < 2720.0)) ? 0.3 : 0.0; });
  ASSERT_EQ(l.shorts.size(), 2u);
  EXPECT_DOUBLE_EQ(l.shorts[0].end, 2550.0);
}

TEST(CorpusLabel, FaintLeakAsksForNoVerdict) {
  const Label l = of([](double t) { return t >= 2500.0 ? 0.05 : 0.0; });
  EXPECT_EQ(l.condition, Condition::faint_leak);
  EXPECT_DOUBLE_EQ(*l.onset_from, 2500.0);
  EXPECT_FALSE(l.shorts.empty());
}

TEST(CorpusLabel, BegunBeforeAnybodyLookedIsFakeStable) {
  EXPECT_EQ(of([](double) { return 0.7; }).condition, Condition::fake_stable);
  EXPECT_EQ(of([](double t) { return t >= 120.0 ? 0.7 : 0.0; }).condition, Condition::fake_stable) << "20 s after the first current";
  EXPECT_EQ(of([](double t) { return t >= 130.0 ? 0.7 : 0.0; }).condition, Condition::hard_short);
}

TEST(CorpusLabel, LastFlickerIsNotHard) {
  const auto flicker = [](double t) { return t < 2500.0 ? 0.0 : static_cast<int>(t / 100.0) % 4 == 3 ? 0.8 : 0.2; };
  EXPECT_EQ(of(flicker).condition, Condition::soft_short);
}

TEST(CorpusLabel, ContactIsLostOnlyWithoutAShort) {
  Label l;
  l.lost_contact = {{100.0, 200.0, 0.0}};
  describe_leak(course(6, [](double) { return 0.0; }), l);
  EXPECT_EQ(l.condition, Condition::contact_loss);
  describe_leak(course(6, [](double t) { return t > 3000.0 ? 0.9 : 0.0; }), l);
  EXPECT_EQ(l.condition, Condition::hard_short);
}

TEST(CorpusLabel, DescribedCellsThatLoseContactSayWhen) {
  int seen = 0;
  for (std::uint64_t n = 0; n < 60; ++n) {
    const Cell cell = make_cell(Generator::described, seed_of(Set::development, n));
    if (cell.label.kind != "contact lost" && cell.label.kind != "full cell, contact lost") continue;
    EXPECT_FALSE(cell.label.lost_contact.empty()) << n;
    ++seen;
  }
  EXPECT_GE(seen, 2);
}

TEST(CorpusLabel, ShareOfAFullCellCountsWhatItDrives) {
  EXPECT_DOUBLE_EQ(share_of_full(0.0, 1e-3), 0.0);
  EXPECT_DOUBLE_EQ(share_of_full(1e-3 / driving_voltage, 1e-3), 0.5);
  EXPECT_DOUBLE_EQ(share_beside(0.01, 300.0), 0.75);
}

} // namespace
} // namespace platen::corpus
