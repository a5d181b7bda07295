// Rival explanations: how they are ranked, what an experiment is worth, and the table of survivors.

#include "calibrate/experiments.hpp"
#include "calibrate/mechanisms.hpp"
#include "study/read.hpp"
#include "study/variants.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace platen::calibrate {
namespace {

using ::testing::HasSubstr;

TEST(Gain, IsOneBitWhereTwoAreFarApartAndNoneWhereTheyAreOne) {
  const std::vector<double> half{0.5, 0.5}, ones{1.0, 1.0};
  EXPECT_NEAR(expected_gain(half, std::vector{0.0, 20.0}, ones), 1.0, 1e-6);
  EXPECT_NEAR(expected_gain(half, std::vector{0.3, 0.3}, ones), 0.0, 1e-9);
  // capacity of antipodal signalling at a signal-to-noise ratio of 1 (0 dB): 0.486 bits
  EXPECT_NEAR(expected_gain(half, std::vector{-1.0, 1.0}, ones), 0.486, 5e-4);
  // never more than is open
  EXPECT_NEAR(expected_gain(std::vector{0.9, 0.1}, std::vector{0.0, 50.0}, ones), 0.468996, 1e-5);
}

/// Made-up refits: each row of Figures 3 and 4 gets this likelihood, each row is met where it is above a half.
std::vector<Refit> made_up(const Explanation& e, double likelihood) {
  Refit all, fold;
  all.explanation = fold.explanation = e.name;
  for (const Number& n : ham2022_numbers(e.mechanisms)) all.values.push_back(n.start);
  all.rows = 27;
  all.deviance = 40.0;
  all.draws = {all.values, all.values};
  all.forecasts.push_back({.row = "T23", .platen = 0.8, .platen_text = "", .verdict = TargetVerdict::missed, .in_band = {}, .likelihood = {}});
  fold.left_out = "3";
  for (const char* row : {"T17", "T18", "T19", "T20"})
    fold.forecasts.push_back({.row = row, .platen = 0.5, .platen_text = "", .verdict = likelihood > 0.5 ? TargetVerdict::met : TargetVerdict::missed, .in_band = likelihood, .likelihood = likelihood});
  // a row that this fit has seen: it must not count as predicted
  fold.forecasts.push_back({.row = "T25", .platen = 0.3, .platen_text = "", .verdict = TargetVerdict::met, .in_band = 1.0, .likelihood = 1.0});
  return {all, fold};
}

struct Made {
  std::vector<Explanation> explanations;
  std::vector<Refit> refits;
};

Made three() {
  Made out;
  const auto all = ham2022_explanations();
  out.explanations = {all[0], all[1], all[2]};
  const double likelihoods[]{0.7, 0.9, 0.001};
  for (std::size_t k = 0; k < 3; ++k)
    for (Refit& r : made_up(out.explanations[k], likelihoods[k])) out.refits.push_back(std::move(r));
  return out;
}

TEST(Ranking, BestPredictionFirstAndTheHopelessDropped) {
  const Made m = three();
  const std::vector<Ranked> r = ranked(m.explanations, m.refits);
  ASSERT_EQ(r.size(), 3u);
  EXPECT_EQ(r[0].explanation.name, m.explanations[1].name);
  EXPECT_NEAR(r[0].log_score, 4.0 * std::log(0.9), 1e-9);
  EXPECT_EQ(r[0].predicted, 4u);
  EXPECT_EQ(r[0].hits, 4u);
  EXPECT_EQ(r[2].hits, 0u);
  EXPECT_NEAR(r[1].behind, 4.0 * std::log(0.9 / 0.7), 1e-9);
  EXPECT_FALSE(r[2].survives);
  EXPECT_EQ(r[2].weight, 0.0);
  EXPECT_GT(r[0].weight, r[1].weight);
  EXPECT_NEAR(r[0].weight + r[1].weight, 1.0, 1e-9);
  EXPECT_EQ(r[0].missed, std::vector<std::string>{"T23"});
}

TEST(Ranking, AiccIsUndefinedWithoutRowsToSpare) {
  Made m = three();
  for (Refit& r : m.refits) r.rows = r.values.size() + 2;
  const double k = static_cast<double>(m.refits[0].values.size());
  auto first = ranked(std::span(m.explanations).first(1), m.refits).front();
  ASSERT_TRUE(first.aicc);
  EXPECT_NEAR(*first.aicc, 40.0 + 2.0 * k + 2.0 * k * (k + 1.0), 1e-9);
  for (Refit& r : m.refits) r.rows = r.values.size() + 1;
  EXPECT_FALSE(ranked(std::span(m.explanations).first(1), m.refits).front().aicc);
}

TEST(Ensemble, ReadsAsATableOfOverrides) {
  const Made m = three();
  const OverrideTable table = parse_overrides(ensemble_csv(survivors(ranked(m.explanations, m.refits), m.refits), "test"), "ensemble.csv");
  ASSERT_EQ(table.rows(), 4u);
  EXPECT_NEAR(std::accumulate(table.weights.begin(), table.weights.end(), 0.0), 1.0, 1e-5);
  EXPECT_EQ(table.explanations.front(), m.explanations[1].name);
  const auto column = std::find_if(table.columns.begin(), table.columns.end(), [](const OverrideColumn& c) { return c.key == "mechanisms.fatigue"; });
  ASSERT_NE(column, table.columns.end());
  EXPECT_EQ(table.row(0)[column - table.columns.begin()], 0.0) << "the second explanation has no fatigue";
}

/// Two explanations that are sure of their numbers, and differ in the depth of the flaw.
TEST(Experiments, CellsAreThoseThatBringTwoMediansApart) {
  Study study = parse_study("extends = \"" PLATEN_SOURCE_DIR "/examples/calibrate/cell.toml\"\n", "cell.toml", {});
  Number depth{"flaw.depth", 4e-6, 1e-6, 9e-6, true, std::nullopt, "um"};
  const auto survivor = [&](const char* name, double metres) { return Survivor{name, 0.5, 0.3, {depth}, {{metres}, {metres}}, {}}; };
  for (const double other : {4.2e-6, 5.5e-6, 8e-6}) {
    const Experiment e = rank_experiments(std::vector{study}, std::vector{survivor("a", 4e-6), survivor("b", other)}, 1).front();
    ASSERT_EQ(e.expectations.size(), 2u);
    EXPECT_EQ(e.expectations[0].deviation, 0.0);
    const double apart = std::log(e.expectations[0].median / e.expectations[1].median);
    EXPECT_GT(apart, 0.0) << "a deeper flaw fails earlier";
    EXPECT_NEAR(e.separation, apart / 0.3, 1e-9);
    const double cells = std::ceil(std::pow(2.0 * 0.3 / apart, 2));
    if (cells > 30.0) EXPECT_FALSE(e.cells);
    else EXPECT_EQ(e.cells.value_or(0), static_cast<std::size_t>(cells));
    EXPECT_NEAR(e.gain, expected_gain(std::vector{0.5, 0.5}, std::vector{apart, 0.0}, std::vector{0.3, 0.3}), 1e-9);
  }
}

TEST(Experiments, AreStudiesWithARamp) {
  const std::vector<Study> studies = candidate_experiments();
  EXPECT_GE(studies.size(), 10u);
  for (const Study& s : studies)
    EXPECT_TRUE(std::any_of(s.test.begin(), s.test.end(), [](const Step& t) { return std::holds_alternative<step::Ramp>(t.kind); })) << s.name;
}

TEST(Explanations, HaveDifferentSwitchesAndTheSetIsTheFirst) {
  const auto all = ham2022_explanations();
  const Mechanisms set;
  EXPECT_EQ(all.front().mechanisms.pressure_swing, set.pressure_swing);
  EXPECT_EQ(all.front().mechanisms.yielding_gap, set.yielding_gap);
  EXPECT_EQ(all.front().mechanisms.fatigue, set.fatigue);
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = a + 1; b < all.size(); ++b) {
      const Mechanisms &x = all[a].mechanisms, &y = all[b].mechanisms;
      EXPECT_FALSE(x.intrusion == y.intrusion && x.pressure_swing == y.pressure_swing && x.stripping_voids == y.stripping_voids && x.yielding_gap == y.yielding_gap &&
                   x.uneven_current == y.uneven_current && x.fatigue == y.fatigue)
          << all[a].name << " and " << all[b].name;
    }
}

} // namespace
} // namespace platen::calibrate
