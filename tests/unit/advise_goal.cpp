// Goals, chances and ensembles: what files say, and arithmetic that can be done by hand.
#include "advise/ensemble.hpp"
#include "advise/goal.hpp"
#include "advise/odds.hpp"
#include "advise/setting.hpp"
#include "base/units.hpp"
#include "numerics/random.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::advise;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

Study paper(const std::string& file) { return read_study(std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022" / file); }

// --- goal files

TEST(AdviseGoal, AFileSaysGoalKnobsAndCosts) {
  const Question q = parse_goal("[goal]\nccd = \"1.2 mA/cm2\"\nprobability = 0.9\n"
                                "[knobs.hold_time]\nfrom = \"1 min\"\nto = \"100 min\"\nsteps = 3\ncost = 2\ncost_per = \"30 min\"\nchange = 0.5\n"
                                "[knobs.stack_pressure]\nvalues = [\"5 MPa\", \"3 MPa\", \"3 MPa\"]\ncost_down = 1\n"
                                "[knobs.fixture]\nallowed = [\"springs\"]\nchange = 7\n"
                                "[springs]\ncatalogue = \"mine.csv\"\nrods = 3\ngrowth = \"12 um\"\nshrinkage = \"3 um\"\n[ensemble]\nsets = 5\n",
                                "goal.toml", "/somewhere");
  EXPECT_DOUBLE_EQ(*q.goal.ccd, 12.0);
  EXPECT_DOUBLE_EQ(q.goal.probability, 0.9);
  ASSERT_EQ(q.knobs.size(), 3u);
  EXPECT_THAT(q.knobs[0].values, ElementsAre(testing::DoubleNear(60, 1e-9), testing::DoubleNear(600, 1e-6), testing::DoubleNear(6000, 1e-6)));
  // One hour more: 0.5 for turning it, 2 per 30 min.
  EXPECT_NEAR(q.knobs[0].cost(600.0, 4200.0), 4.5, 1e-12);
  EXPECT_NEAR(q.knobs[0].cost(600.0, 60.0), 0.5, 1e-12);
  EXPECT_EQ(q.knobs[0].cost(600.0, 600.0), 0.0);
  EXPECT_THAT(q.knobs[1].values, ElementsAre(3e6, 5e6));
  EXPECT_NEAR(q.knobs[1].cost(5e6, 3e6), 0.1 + 2.0, 1e-12);
  EXPECT_FALSE(q.knobs[2].gap);
  EXPECT_EQ(q.catalogue, "/somewhere/mine.csv");
  EXPECT_EQ(q.springs.rods, 3);
  EXPECT_TRUE(q.own_breathing);
  EXPECT_DOUBLE_EQ(q.springs.breathing.thinnest, -3e-6);
  EXPECT_EQ(q.ensemble.sets, 5u);
}

std::vector<std::string> codes_of(const std::string& text) {
  std::vector<std::string> out;
  try {
    parse_goal(text, "goal.toml", {});
  } catch (const Error& e) {
    for (const Diagnostic& d : e.diagnostics()) out.push_back(d.code);
  }
  return out;
}

TEST(AdviseGoal, BadFilesAreRefused) {
  EXPECT_THAT(codes_of("[goal]\nprobability = 0.5\n"), ElementsAre("C080"));
  EXPECT_THAT(codes_of("[goal]\nccd = 1.2\n"), Contains("C006"));
  EXPECT_THAT(codes_of("[goal]\nccd = \"1.2 MPa\"\n"), Contains("C007"));
  EXPECT_THAT(codes_of("[goal]\nccd = \"1 mA/cm2\"\n[knobs.hold_time]\nfrom = \"2 h\"\nto = \"1 h\"\n"), ElementsAre("C081"));
  EXPECT_THAT(codes_of("[goal]\nccd = \"1 mA/cm2\"\n[knobs.hold_time]\nfrom = \"1 h\"\nto = \"2 h\"\nvalues = [\"1 h\"]\n"), ElementsAre("C081"));
  EXPECT_THAT(codes_of("[goal]\nccd = \"1 mA/cm2\"\n[knobs.hold_time]\nvalues = [\"0 h\", \"1 MPa\"]\n"), ElementsAre("C081", "C007"));
  EXPECT_THAT(codes_of("[goal]\nccd = \"1 mA/cm2\"\n[knobs.fixture]\nallowed = [\"glue\"]\n"), ElementsAre("C081"));
  EXPECT_THAT(codes_of("[goal]\nccd = \"1 mA/cm2\"\n[knobs.hold_tme]\nfrom = \"1 h\"\nto = \"2 h\"\n"), ElementsAre("C004"));
}

// --- knobs

TEST(AdviseSetting, TurnsWhatItSaysAndNothingElse) {
  const Study study = paper("full-12.8-fixed.toml");
  const Setting from = setting_of(study);
  EXPECT_DOUBLE_EQ(at(from, Knob::hold_time), 1800.0);
  EXPECT_DOUBLE_EQ(at(from, Knob::stack_pressure), 5e6);
  const std::vector<FixtureOption> fixtures{fixture_of(study), {"3 x blue", Springs{3, 24465.0, 235.8, 9.6e-3}, 0.0}};
  Setting to = from;
  at(to, Knob::hold_time) = 600.0;
  at(to, Knob::stack_pressure) = 3e6;
  at(to, Knob::loading) = 0.255;
  at(to, Knob::fixture) = 1.0;
  const Study after = turned(study, from, to, fixtures);
  EXPECT_DOUBLE_EQ(std::get<step::Hold>(after.test[0].kind).duration, 600.0);
  EXPECT_DOUBLE_EQ(std::get<step::Hold>(after.test[0].kind).pressure, 25e6);
  EXPECT_DOUBLE_EQ(std::get<step::Release>(after.test[1].kind).pressure, 3e6);
  EXPECT_TRUE(std::holds_alternative<step::FitSprings>(after.test[2].kind)); // after the release, before the heating
  EXPECT_DOUBLE_EQ(std::get<step::SetStackPressure>(after.test[4].kind).pressure, 3e6);
  EXPECT_EQ(after.fixture.springs->count, 3);
  EXPECT_NEAR(after.cell.cathode->areal_capacity / study.cell.cathode->areal_capacity, 0.255 / 0.128, 1e-9);
  EXPECT_NEAR(after.cell.cathode->thickness / study.cell.cathode->thickness, 0.255 / 0.128, 1e-9);
  EXPECT_EQ(change_in_words(from, to, fixtures), "hold time 30 min -> 10 min, stack pressure 5 MPa -> 3 MPa, cathode loading 12.8 mg/cm2 -> 25.5 mg/cm2, fixture fixed gap -> 3 x blue");
  // Back again: the springs come off.
  const Study back = turned(after, to, from, fixtures);
  EXPECT_EQ(back.test.size(), study.test.size());
  EXPECT_EQ(back.fixture.kind, FixtureKind::fixed_gap);
}

TEST(AdviseSetting, SaysWhatNobodyMeasured) {
  const Goal goal{.ccd = 10.0};
  EXPECT_TRUE(untested(paper("full-12.8-springs.toml"), goal).empty());
  EXPECT_TRUE(untested(paper("hold-1min.toml"), goal).empty());
  EXPECT_THAT(untested(paper("full-12.8-springs.toml"), {.ccd = 15.0}), ElementsAre(HasSubstr("highest measured CCD")));
  const Study study = paper("full-12.8-springs.toml");
  const Setting from = setting_of(study);
  const auto with = [&](Knob knob, double value) {
    Setting to = from;
    at(to, knob) = value;
    return untested(turned(study, from, to, {fixture_of(study)}), goal);
  };
  EXPECT_THAT(with(Knob::hold_pressure, 30e6), ElementsAre(HasSubstr("30 MPa")));
  EXPECT_THAT(with(Knob::hold_time, 30.0), ElementsAre(HasSubstr("1 min to 24 h")));
  EXPECT_THAT(with(Knob::hold_temperature, 333.15), ElementsAre(HasSubstr("60 degC")));
  EXPECT_THAT(with(Knob::stack_pressure, 7e6), ElementsAre(HasSubstr("7 MPa")));
  EXPECT_THAT(with(Knob::loading, 0.6), ElementsAre(HasSubstr("60 mg/cm2")));
}

// --- chances

SetOfCells set_of(double weight, const std::string& mechanisms, std::initializer_list<int> reached) {
  SetOfCells out{weight, mechanisms, {}};
  for (const int r : reached) out.cells.push_back({r != 0, static_cast<double>(r)});
  return out;
}

TEST(AdviseOdds, WeightedMeanAndItsParts) {
  // Two mechanisms that decide everything: no scatter between cells, none between sets.
  const std::vector<SetOfCells> sets{set_of(3, "a", {1, 1}), set_of(3, "a", {1, 1}), set_of(1, "b", {0, 0}), set_of(1, "b", {0, 0})};
  const Odds odds = odds_of(sets);
  EXPECT_DOUBLE_EQ(odds.probability, 0.75);
  EXPECT_DOUBLE_EQ(odds.reached.cells, 0.0);
  EXPECT_DOUBLE_EQ(odds.reached.parameters, 0.0);
  EXPECT_NEAR(odds.reached.mechanisms, 0.75 * 0.25, 1e-12);
  // All of it between cells: every set alike.
  const Odds cells = odds_of(std::vector{set_of(1, "a", {1, 0, 1, 0}), set_of(1, "a", {0, 1, 1, 0})});
  EXPECT_DOUBLE_EQ(cells.probability, 0.5);
  EXPECT_NEAR(cells.reached.cells, 1.0 / 3.0, 1e-12); // n - 1
  EXPECT_DOUBLE_EQ(cells.reached.parameters, 0.0);
  EXPECT_DOUBLE_EQ(cells.unknown.low, 0.5);
  EXPECT_DOUBLE_EQ(cells.unknown.high, 0.5);
}

TEST(AdviseOdds, UnanimousRunsStillLeaveRoom) {
  std::vector<SetOfCells> sets(20, set_of(1, "a", {1, 1, 1}));
  const Odds odds = odds_of(sets);
  EXPECT_DOUBLE_EQ(odds.probability, 1.0);
  EXPECT_DOUBLE_EQ(odds.error, 0.0);
  // Clopper and Pearson, 20 of 20 at 90 %: 0.05^(1/20)
  EXPECT_NEAR(odds.simulated.low, std::pow(0.05, 1.0 / 20.0), 1e-6);
}

TEST(AdviseOdds, VariancesComeBackFromMadeUpCells) {
  // ln CCD with known variances: 0.04 between cells, 0.09 between sets, 0.25 between two mechanisms (+-0.5).
  double cells = 0, parameters = 0, mechanisms = 0;
  const int repeats = 60;
  for (std::uint64_t seed = 1; seed <= repeats; ++seed) {
    numerics::RandomStream stream(seed, "odds");
    std::vector<SetOfCells> sets;
    for (int j = 0; j < 24; ++j) {
      const double centre = (j % 2 == 0 ? 0.5 : -0.5) + 0.3 * stream.normal();
      SetOfCells set{1.0, j % 2 == 0 ? "a" : "b", {}};
      for (int c = 0; c < 6; ++c) {
        const double v = centre + 0.2 * stream.normal();
        set.cells.push_back({v > 0.0, v});
      }
      sets.push_back(set);
    }
    const VarianceSplit v = odds_of(sets).quantity;
    cells += v.cells / repeats;
    parameters += v.parameters / repeats;
    mechanisms += v.mechanisms / repeats;
  }
  // Means of 60 estimates, each with a relative error of some 13 % (cells), 30 % (sets), 25 % (mechanisms): four standard errors.
  EXPECT_NEAR(cells, 0.04, 0.04 * 4 * 0.13 / std::sqrt(60.0));
  EXPECT_NEAR(parameters, 0.09, 0.09 * 4 * 0.30 / std::sqrt(60.0));
  EXPECT_NEAR(mechanisms, 0.25, 0.25 * 4 * 0.25 / std::sqrt(60.0));
}

TEST(AdviseOdds, PairedGainsAreMoreCertainThanTheirChances) {
  std::vector<SetOfCells> before, after;
  for (int j = 0; j < 20; ++j) {
    before.push_back(set_of(1, "a", {j % 2, 0}));
    after.push_back(set_of(1, "a", {j % 2, 1})); // one cell more of every set
  }
  const Gain gain = gain_of(before, after);
  EXPECT_DOUBLE_EQ(gain.mean, 0.5);
  EXPECT_EQ(gain.error, 0.0);
  EXPECT_GT(odds_of(after).error, 0.0);
}

TEST(AdviseOdds, BetaSpan) {
  // Beta(1, 1) has mean 1/2 and variance 1/12; its 5 and 95 % points are 0.05 and 0.95.
  EXPECT_NEAR(beta_span(0.5, 1.0 / 12.0).low, 0.05, 1e-9);
  EXPECT_NEAR(beta_span(0.5, 1.0 / 12.0).high, 0.95, 1e-9);
  // Beta(2, 1): mean 2/3, variance 1/18, distribution x^2.
  EXPECT_NEAR(beta_span(2.0 / 3.0, 1.0 / 18.0).low, std::sqrt(0.05), 1e-9);
  EXPECT_EQ(beta_span(0.3, 0.0).low, 0.3);
  EXPECT_EQ(beta_span(1.0, 0.1).high, 1.0);
  // Nearly yes or no, and yes in one of 25: the 95 % point is at no, and the band still holds its mean.
  EXPECT_EQ(beta_span(0.04, 0.04 * 0.96 * 0.999).high, 0.04);
  EXPECT_NEAR(beta_span(0.04, 0.04 * 0.96 * 0.999).low, 0.0, 1e-6);
}

// --- ensembles

TEST(AdviseEnsemble, SystematicDrawKeepsWeights) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto rows = systematic_draw({0.5, 0.3, 0.2, 0.0}, 10, seed);
    EXPECT_EQ(std::count(rows.begin(), rows.end(), 0u), 5) << seed;
    EXPECT_EQ(std::count(rows.begin(), rows.end(), 1u), 3) << seed;
    EXPECT_EQ(std::count(rows.begin(), rows.end(), 2u), 2) << seed;
  }
}

TEST(AdviseEnsemble, DrawsFittedNumbersWithinTheirRanges) {
  const Study study = paper("hold-30min.toml");
  const Ensemble e = ensemble_of_ranges(study, 40, 7);
  ASSERT_EQ(e.sets.size(), 40u);
  double least = 1e9, most = 0.0, weight = 0.0;
  for (const Explanation& x : e.sets) {
    least = std::min(least, x.study.parameters.contact_initial);
    most = std::max(most, x.study.parameters.contact_initial);
    weight += x.weight;
    EXPECT_EQ(x.study.parameters.contact_exponent, study.parameters.contact_exponent); // read, not fitted
  }
  EXPECT_NEAR(weight, 1.0, 1e-12);
  EXPECT_GE(least, 0.02); // contact.initial: 0.10 in [0.02, 0.45]
  EXPECT_LE(most, 0.45);
  EXPECT_GT(most / least, 4.0);
  EXPECT_EQ(std::count_if(e.sets.begin(), e.sets.end(), [](const Explanation& x) { return x.mechanisms == "as in the study"; }), 20);
  EXPECT_EQ(std::count_if(e.sets.begin(), e.sets.end(), [](const Explanation& x) { return x.mechanisms == "yielding_gap on" && x.study.mechanisms.yielding_gap; }), 5);
  // The same seed, the same sets.
  EXPECT_EQ(ensemble_of_ranges(study, 40, 7).sets[17].study.parameters.flaw_depth, e.sets[17].study.parameters.flaw_depth);
}

TEST(AdviseEnsemble, RowsOfATableByTheirWeights) {
  const OverrideTable table = parse_overrides("weight,contact.initial [1],mechanisms.fatigue,explanation\n3,0.2,true,\n1,0.3,false,no wear\n0,0.4,true,never\n4,0.9,false,\n", "table.csv");
  const Variants variants = Variants::read(std::filesystem::path(PLATEN_SOURCE_DIR) / "studies/ham2022/hold-30min.toml", table.columns);
  const Ensemble e = ensemble_of_table(variants, table, 8, 5);
  ASSERT_EQ(e.sets.size(), 8u);
  EXPECT_TRUE(e.conditioned);
  const auto count = [&](double initial) { return std::count_if(e.sets.begin(), e.sets.end(), [&](const Explanation& x) { return x.study.parameters.contact_initial == initial; }); };
  EXPECT_EQ(count(0.2), 3);
  EXPECT_EQ(count(0.3), 1);
  EXPECT_EQ(count(0.4), 0);
  EXPECT_EQ(count(0.9), 4);
  for (const Explanation& x : e.sets) {
    const double initial = x.study.parameters.contact_initial;
    EXPECT_DOUBLE_EQ(x.weight, 0.125);
    EXPECT_EQ(x.mechanisms, initial == 0.2 ? "as in the study" : initial == 0.3 ? "no wear" : "fatigue off");
    // contact.initial may be 0.02 to 0.45
    EXPECT_EQ(x.outside.empty(), initial < 0.45);
  }
  const OverrideTable none = parse_overrides("weight,contact.initial [1]\n0,0.2\n", "none.csv");
  EXPECT_THROW(ensemble_of_table(Variants::read(std::filesystem::path(PLATEN_SOURCE_DIR) / "studies/ham2022/hold-30min.toml", none.columns), none, 8, 5), Error);
}

TEST(AdviseEnsemble, OfTheBuiltInTableWhatTheStudyStatesIsTakenOut) {
  const Study study = parse_study("extends = \"hold-30min.toml\"\n[override]\n\"flaw.depth\" = \"5 um\"\n", "own.toml", std::filesystem::path(PLATEN_SOURCE_DIR) / "studies/ham2022");
  const OverrideTable table = parse_overrides("weight,contact.initial [1],flaw.depth [um],mechanisms.fatigue\n1,0.2,7,true\n2,0.3,8,false\n", "table.csv");
  std::vector<std::string> left_out;
  const OverrideTable rest = without_stated(table, study, left_out);
  EXPECT_THAT(left_out, ElementsAre("`flaw.depth`"));
  ASSERT_EQ(rest.columns.size(), 2u);
  EXPECT_EQ(rest.rows(), 2u);
  EXPECT_DOUBLE_EQ(rest.row(1)[0], 0.3);
  EXPECT_DOUBLE_EQ(rest.row(1)[1], 0.0);
  EXPECT_DOUBLE_EQ(rest.weights[1], 2.0);
}

TEST(AdviseEnsemble, WhatTheStudyStatesStays) {
  Study study = paper("hold-30min.toml");
  study.parameters.contact_initial = 0.2;
  for (const Explanation& x : ensemble_of_ranges(study, 5, 1).sets) EXPECT_EQ(x.study.parameters.contact_initial, 0.2);
}

} // namespace
