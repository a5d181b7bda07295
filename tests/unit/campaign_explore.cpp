#include "campaign_explored.hpp"

#include <gmock/gmock.h>

using namespace platen::campaign;
using testing::HasSubstr;

namespace {

ExploredResult results(std::vector<double> values, std::vector<std::uint8_t> beyond) { return {"life", "1", std::move(values), std::move(beyond)}; }
constexpr std::size_t all[] = {0, 1, 2, 3, 4};
const double gone = std::nan("");

Spot spot_of(const ExploredResult& r) { return spot(r, std::span(all).first(r.values.size())); }

} // namespace

TEST(CampaignSpot, TheMedianKnowsBounds) {
  const Spot plain = spot_of(results({3.0, 1.0, 2.0}, {0, 0, 0}));
  EXPECT_EQ(plain.middle, 2.0);
  EXPECT_EQ(plain.low, 1.0);
  EXPECT_EQ(plain.high, 3.0);
  EXPECT_FALSE(plain.beyond);
  // A bound of 1 may be anything above 1: the median of {2, 3, > 1} is at least 3 only if the bound is above; 3 is the middle then.
  const Spot one = spot_of(results({1.0, 2.0, 3.0}, {1, 0, 0}));
  EXPECT_EQ(one.middle, 3.0);
  EXPECT_FALSE(one.beyond);
  const Spot most = spot_of(results({5.0, 5.0, 3.0}, {1, 1, 0}));
  EXPECT_EQ(most.middle, 5.0);
  EXPECT_TRUE(most.beyond);
  const Spot half = spot_of(results({2.0, 3.0, 9.0, 9.0}, {0, 0, 1, 1}));
  EXPECT_EQ(half.middle, 3.0); // between 3 and more than 9: at least 3
  EXPECT_TRUE(half.beyond);
}

TEST(CampaignSpot, ACellThatDoesNotShortCountsAsHighEvenWithoutABound) {
  // One cell failed at 0.77, four never did and nobody wrote down how far they got: 0.77 is not the median.
  const Spot most = spot_of(results({0.77, gone, gone, gone, gone}, {0, 1, 1, 1, 1}));
  EXPECT_TRUE(most.beyond);
  EXPECT_TRUE(std::isnan(most.middle));
  EXPECT_EQ(most.tally.open, 4u);
  EXPECT_EQ(most.tally.missing, 0u);
  const Spot few = spot_of(results({0.7, 0.8, 0.9, gone}, {0, 0, 0, 1}));
  EXPECT_DOUBLE_EQ(few.middle, 0.85);
  EXPECT_FALSE(few.beyond);
}

TEST(CampaignSpot, MissingRunsAreCountedNotUsed) {
  const Spot s = spot_of(results({gone, 4.0, gone}, {0, 0, 0}));
  EXPECT_EQ(s.middle, 4.0);
  EXPECT_EQ(s.tally.missing, 2u);
  EXPECT_TRUE(std::isnan(spot_of(results({gone}, {0})).middle));
}

TEST(CampaignAxis, PlacesFollowTheScale) {
  EXPECT_DOUBLE_EQ(made_up::axis("h", "min", 1.0, 100.0, true).place(10.0), 0.5);
  EXPECT_DOUBLE_EQ(made_up::axis("h", "min", 1.0, 101.0).place(51.0), 0.5);
  EXPECT_DOUBLE_EQ(made_up::words("fixture", {"fixed gap", "springs"}).place(1.0), 0.75);
}

TEST(CampaignFindings, TwoAxesThatCrossAreAMap) {
  const auto e = made_up::crossed(made_up::axis("values.hold", "min", 1, 60), {1, 10, 60}, made_up::axis("values.pressure", "MPa", 1, 10), {1, 10}, 3,
                                  [](const auto& v) { return v[0] + 100.0 * v[1] + v[2]; });
  const Findings f = findings(e);
  ASSERT_TRUE(f.chart);
  EXPECT_EQ(f.chart->x, (std::vector<double>{1, 10, 60}));
  EXPECT_EQ(f.chart->spots[1 * 3 + 2].middle, 60.0 + 1000.0 + 1.0); // the lowest y first
  EXPECT_EQ(f.chart->spots[0].tally.runs, 3u);
  EXPECT_TRUE(f.curves.empty());
  EXPECT_FALSE(f.surface);
}

TEST(CampaignFindings, WordsMakeOneCurveEach) {
  const auto e = made_up::crossed(made_up::words("fixture.kind", {"fixed gap", "springs"}), {0, 1}, made_up::axis("cell.cathode.loading", "mg/cm2", 6, 50), {6, 12, 25, 50}, 1,
                                  [](const auto& v) { return (v[0] + 1.0) * v[1]; });
  const Findings f = findings(e);
  ASSERT_EQ(f.curves.size(), 2u);
  EXPECT_EQ(f.curves[1].name, "springs");
  EXPECT_EQ(f.curves[1].x, (std::vector<double>{6, 12, 25, 50}));
  EXPECT_EQ(f.curves[1].spots[3].middle, 100.0);
  EXPECT_FALSE(f.chart);
}

TEST(CampaignFindings, ScatteredRunsGetASurfaceOrAreRefusedOne) {
  const std::vector axes{made_up::axis("a", "um", 1, 10, true), made_up::axis("b", "", 0, 1), made_up::axis("c", "", 0, 1)};
  const platen::numerics::LatinHypercube design(80, 3, 1);
  const Findings smooth = findings(made_up::sampled(design, 80, Sampling::scattered, axes, [](const auto& v) { return std::log(v[0]) + v[1] * v[1]; }));
  ASSERT_TRUE(smooth.surface && smooth.surface->surface);
  EXPECT_GT(smooth.surface->surface->foreseen(), 0.999);
  EXPECT_EQ(by_influence(smooth)[0], 0u);
  EXPECT_EQ(by_influence(smooth)[2], 2u);
  const Findings wild = findings(made_up::sampled(design, 80, Sampling::scattered, axes, [](const auto& v) { return std::sin(100.0 * v[1]) > 0 ? 1.0 : 0.0; }));
  ASSERT_TRUE(wild.surface);
  EXPECT_FALSE(wild.surface->surface);
  EXPECT_THAT(wild.surface->why_not, HasSubstr("would mislead"));
  const Findings few = findings(made_up::sampled(design, 5, Sampling::scattered, axes, [](const auto& v) { return v[0]; }));
  EXPECT_THAT(few.surface->why_not, HasSubstr("at least 10"));
}

TEST(CampaignFindings, SobolRunsGiveIndicesInOrderOfInfluence) {
  const std::vector axes{made_up::axis("weak", "", 0, 1), made_up::axis("strong", "", 0, 2), made_up::words("none", {"x", "y"})};
  const platen::numerics::SaltelliDesign design(256, 3, 1);
  const Findings f = findings(made_up::sampled(design, design.points(), Sampling::saltelli, axes, [](const auto& v) { return v[0] + v[1]; }));
  ASSERT_TRUE(f.sobol);
  EXPECT_EQ(by_influence(f), (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_NEAR(f.sobol->factors[1].total.value, 0.8, 0.05);
  EXPECT_EQ(f.sobol->factors[2].total.value, 0.0);
}

TEST(CampaignFindings, SaysWhereRunsFailedAndWhatBoundsMean) {
  const std::vector axes{made_up::axis("depth", "um", 0, 10), made_up::axis("other", "", 0, 1)};
  const platen::numerics::SaltelliDesign design(64, 2, 1);
  auto e = made_up::sampled(design, design.points(), Sampling::saltelli, axes, [](const auto& v) { return v[0] > 8.0 ? std::nan("") : v[0] + v[1]; });
  std::size_t bounds = 0;
  for (std::size_t k = 0; k < e.runs(); ++k)
    if (e.result.values[k] > 6.0) {
      e.result.values[k] = 6.0;
      e.result.beyond[k] = 1;
      ++bounds;
    }
  const Findings f = findings(e);
  ASSERT_EQ(f.trends.size(), 1u);
  EXPECT_EQ(f.trends[0].axis, 0u);
  EXPECT_GT(f.trends[0].missing_place, 0.8);
  EXPECT_EQ(f.tally.beyond, bounds);
  const std::string notes = testing::PrintToString(f.notes);
  EXPECT_THAT(notes, HasSubstr("high values of depth"));
  EXPECT_THAT(notes, HasSubstr("capped at the end of the ramp"));
  EXPECT_THAT(notes, HasSubstr("left out"));
}

TEST(CampaignFindings, MorrisRunsGiveEffects) {
  const std::vector axes{made_up::axis("a", "um", 1, 100, true), made_up::axis("b", "", 0, 1)};
  const platen::numerics::MorrisDesign design(8, 2, 1);
  const Findings f = findings(made_up::sampled(design, design.points(), Sampling::morris, axes, [](const auto& v) { return 3.0 * std::log10(v[0]) - v[1]; }));
  ASSERT_EQ(f.morris.size(), 2u);
  EXPECT_NEAR(f.morris[0].mean.value, 6.0, 1e-12); // across two decades
  EXPECT_NEAR(f.morris[1].mean.value, -1.0, 1e-12);
}

TEST(CampaignFindings, TooFewTrajectoriesAreSaid) {
  const std::vector axes{made_up::axis("weak", "", 0, 1), made_up::axis("strong", "", 0, 1)};
  const auto of = [&](std::uint64_t trajectories) {
    const platen::numerics::MorrisDesign design(trajectories, 2, 1);
    return findings(made_up::sampled(design, design.points(), Sampling::morris, axes, [](const auto& v) { return v[0] - 5.0 * v[1]; }));
  };
  EXPECT_THAT(testing::PrintToString(of(3).notes), HasSubstr("Fewer than four trajectories"));
  EXPECT_TRUE(of(4).notes.empty());
  EXPECT_EQ(by_influence(of(4)), (std::vector<std::size_t>{1, 0})) << "by magnitude, whatever the sign";
}

TEST(CampaignFindings, AFactorThatActsOnlyWithAnotherHasInfluence) {
  const std::vector axes{made_up::axis("alone", "", 0, 1), made_up::axis("one", "", -1, 1), made_up::axis("with one", "", -1, 1)};
  const platen::numerics::SaltelliDesign design(512, 3, 1);
  const Findings f = findings(made_up::sampled(design, design.points(), Sampling::saltelli, axes, [](const auto& v) { return v[0] + 3.0 * v[1] * v[2]; }));
  EXPECT_LT(f.sobol->factors[1].first.value, f.sobol->factors[0].first.value);
  EXPECT_EQ(by_influence(f).back(), 0u);
}

TEST(CampaignFindings, SobolRunsSayWhatTheyCannot) {
  const std::vector axes{made_up::axis("a", "", 0, 1), made_up::axis("b", "", 0, 1)};
  const auto notes = [&](std::uint64_t rows, auto of) {
    const platen::numerics::SaltelliDesign design(rows, 2, 1);
    return testing::PrintToString(findings(made_up::sampled(design, design.points(), Sampling::saltelli, axes, of)).notes);
  };
  const auto sum = [](const auto& v) { return v[0] + v[1]; };
  EXPECT_THAT(notes(48, sum), HasSubstr("48 rows are no power of two"));
  EXPECT_THAT(notes(1024, sum), testing::Not(testing::AnyOf(HasSubstr("power of two"), HasSubstr("no better than"))));
  EXPECT_THAT(notes(16, sum), HasSubstr("known no better than to +/- 0.1"));
  EXPECT_THAT(notes(64, [](const auto&) { return 3.0; }), HasSubstr("does not vary over these ranges"));
}

TEST(CampaignFindings, AxesThatCrossByHalfAreAMapAndLessASurface) {
  const auto e = [&](int kept) {
    auto all_runs = made_up::crossed(made_up::axis("x", "", 0, 3), {0, 1, 2, 3}, made_up::axis("y", "", 0, 3), {0, 1, 2, 3}, 1, [](const auto& v) { return v[0] + v[1]; });
    // the diagonal first, so that every level stays
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < 16; ++k)
      if (k % 5 == 0) order.push_back(k);
    for (std::size_t k = 0; k < 16; ++k)
      if (k % 5 != 0) order.push_back(k);
    order.resize(static_cast<std::size_t>(kept));
    Explored some = all_runs;
    some.result.values.clear(), some.result.beyond.clear();
    for (ExploredAxis& axis : some.axes) axis.values.clear();
    for (const std::size_t k : order) {
      for (std::size_t a = 0; a < 2; ++a) some.axes[a].values.push_back(all_runs.axes[a].values[k]);
      some.result.values.push_back(all_runs.result.values[k]);
      some.result.beyond.push_back(0);
    }
    return findings(some);
  };
  EXPECT_TRUE(e(8).chart);
  EXPECT_FALSE(e(7).chart);
  EXPECT_TRUE(e(7).surface) << "asked for, and refused with seven runs";
}

TEST(CampaignFindings, AFewFailuresAreNoTrend) {
  const auto trends = [](std::size_t failed, double where) {
    Explored e;
    e.axes.push_back(made_up::axis("depth", "um", 0, 10));
    e.result = results({}, {});
    for (std::size_t k = 0; k < 40; ++k) {
      const bool fails = k < failed;
      e.axes[0].values.push_back(fails ? where + 0.01 * static_cast<double>(k) : 0.25 * static_cast<double>(k));
      e.result.values.push_back(fails ? gone : 1.0);
      e.result.beyond.push_back(0);
    }
    return failure_trends(e);
  };
  EXPECT_TRUE(trends(4, 9.5).empty()) << "four tell nothing";
  ASSERT_EQ(trends(5, 9.5).size(), 1u);
  EXPECT_LT(trends(5, 0.1).at(0).missing_place, trends(5, 0.1).at(0).present_place);
  EXPECT_TRUE(trends(5, 5.5).empty()) << "in the middle, where the others are";
  Explored spread{Sampling::scattered, {made_up::axis("depth", "um", 0, 10)}, results({}, {}), {}};
  for (std::size_t k = 0; k < 40; ++k) made_up::add(spread, {0.25 * static_cast<double>(k)}, 1.0);
  for (const double at : {3.0, 5.0, 7.0, 9.0, 9.5}) made_up::add(spread, {at}, gone);
  EXPECT_TRUE(failure_trends(spread).empty()) << "higher by 1.4 standard errors: chance";
}
