// Relaxation laws on readings that follow them exactly, forecasts in closed form, and an empty fixture taken away.

#include "pressure_given.hpp"

#include "assess/pressure.hpp"
#include "assess/relaxation.hpp"
#include "assess/relaxation_law.hpp"

#include <algorithm>
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using testing::HasSubstr;

namespace {

using enum RelaxationKind;

/// Parameters in MPa and ln s, as the laws have them.
const std::array<std::pair<RelaxationKind, std::vector<double>>, 3> truths{{{logarithmic, {25.0, 0.4, std::log(60.0)}},
                                                                           {stretched, {23.0, 2.0, std::log(1800.0), 0.6}},
                                                                           {two_exponentials, {23.0, 0.8, 1.2, std::log(300.0), std::log(4000.0)}}}};

HoldReadings exact(RelaxationKind kind, const std::vector<double>& x, double gamma = 0.0, std::size_t count = 200) {
  HoldReadings out;
  out.length = 20000.0;
  out.interval = 10.0;
  for (std::size_t k = 0; k < count; ++k) {
    const double t = 10.0 * std::pow(2000.0, static_cast<double>(k) / static_cast<double>(count - 1)) - 10.0;
    out.time.push_back(t);
    out.pressure.push_back(relaxation_law(kind, t, x.data()));
    out.count.push_back(1.0);
    if (gamma != 0.0) {
      out.temperature.push_back(std::sin(t / 1000.0));
      out.pressure.back() += gamma * out.temperature.back();
    }
  }
  out.limits.least_variance = 1e-12;
  out.limits.longest = 5000.0;
  return out;
}

TEST(PressureRelaxationGiven, LawsAreThoseOfTheTheory) {
  EXPECT_DOUBLE_EQ(relaxation_law(logarithmic, 120.0, truths[0].second.data()), 25.0 - 0.4 * std::log(3.0));
  EXPECT_DOUBLE_EQ(relaxation_law(stretched, 1800.0, truths[1].second.data()), 23.0 + 2.0 * std::exp(-1.0));
  EXPECT_DOUBLE_EQ(relaxation_law(stretched, 0.0, truths[1].second.data()), 25.0);
  EXPECT_DOUBLE_EQ(relaxation_law(two_exponentials, 600.0, truths[2].second.data()), 23.0 + 0.8 * std::exp(-2.0) + 1.2 * std::exp(-0.15));
}

TEST(PressureRelaxationGiven, ExactReadingsGiveTheLawBack) {
  for (const auto& [kind, x] : truths)
    for (const double gamma : {0.0, 0.03}) {
      const HoldReadings data = exact(kind, x, gamma);
      const FittedLaw law(kind, data);
      ASSERT_EQ(law.unknowns(), x.size() + (gamma != 0.0 ? 1 : 0));
      for (std::size_t k = 0; k < x.size(); ++k) EXPECT_NEAR(law.x()[k], x[k], 2e-4 * std::max(1.0, std::abs(x[k]))) << label(kind) << " " << k;
      if (gamma != 0.0) {
        EXPECT_NEAR(law.x().back(), gamma, 1e-4) << label(kind);
      }
      for (std::size_t k = 0; k < data.time.size(); ++k) EXPECT_NEAR(law.fitted()[k], relaxation_law(kind, data.time[k], x.data()), 1e-4);
    }
}

TEST(PressureRelaxationGiven, WhatRisesIsFittedToo) {
  for (const auto& [kind, x] : truths) {
    std::vector<double> up = x;
    for (std::size_t k = 1; k < (kind == two_exponentials ? 3u : 2u); ++k) up[k] = -up[k];
    const HoldReadings data = exact(kind, up);
    const FittedLaw law(kind, data);
    EXPECT_NEAR(law.x()[1], up[1], 2e-3) << label(kind);
  }
}

TEST(PressureRelaxationGiven, AnEndIsNotNegativeAndWhatRelaxesGoesOneWay) {
  const HoldReadings line = exact(stretched, {-40.0, 45.0, std::log(2e5), 1.0}); // seen, it falls by 4 MPa in a straight line
  EXPECT_GE(FittedLaw(stretched, line).x()[0], 0.0);
  const HoldReadings there = exact(two_exponentials, {23.0, 2.0, -0.7, std::log(300.0), std::log(4000.0)}); // falls, then rises
  const FittedLaw law(two_exponentials, there);
  EXPECT_GE(law.x()[1] * law.x()[2], 0.0);
}

/// White noise over fifty instruments: what a parameter scatters by, and what it is said to.
TEST(PressureRelaxationGiven, StandardErrorsAreWhatParametersScatterBy) {
  for (const auto& [kind, x] : truths) {
    std::vector<double> first, said;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      HoldReadings data = exact(kind, x);
      const std::vector<double> rough = given::white(data.time.size(), seed);
      for (std::size_t k = 0; k < data.time.size(); ++k) {
        data.count[k] = 1.0 + static_cast<double>(k % 10);
        data.pressure[k] += 0.02 * rough[k] / std::sqrt(data.count[k]);
      }
      const FittedLaw law(kind, data);
      first.push_back(law.x()[1]);
      said.push_back(law.error(1));
    }
    double mean = 0.0, spread = 0.0;
    for (const double v : first) mean += v / 50.0;
    for (const double v : first) spread += (v - mean) * (v - mean) / 49.0;
    std::sort(said.begin(), said.end()); // a few take the noise for one that remembers
    EXPECT_NEAR(mean, x[1], 3.0 * std::sqrt(spread / 50.0) + 0.02 * x[1]) << label(kind);
    EXPECT_NEAR(said[25] / std::sqrt(spread), 1.0, 0.35) << label(kind);
  }
}

TEST(PressureRelaxationGiven, ABandIsWhereChiSquaredRises) {
  const auto& [kind, x] = truths[1];
  double widest = 0.0, narrowest = 1e9;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    HoldReadings data = exact(kind, x);
    const std::vector<double> rough = given::white(data.time.size(), seed);
    for (std::size_t k = 0; k < data.time.size(); ++k) data.pressure[k] += 1e-3 * rough[k];
    const FittedLaw law(kind, data);
    const auto end = [](const double* at) { return at[0]; };
    const FittedLaw::Band band = law.profile(end, 4.0, 0.0, 50.0); // of two standard errors, where the law is nearly a straight line in its parameters
    ASSERT_FALSE(band.open_low || band.open_high);
    widest = std::max(widest, (band.high - band.low) / (4.0 * law.error(0)));
    narrowest = std::min(narrowest, (band.high - band.low) / (4.0 * law.error(0)));
  }
  EXPECT_LT(widest, 1.2);
  EXPECT_GT(narrowest, 0.8);
}

// --- holds --------------------------------------------------------------------------------------------------------------------

Record hold_of(const std::function<double(double)>& law, double length, double interval, double noise, std::uint64_t seed = 1) {
  std::vector<double> time, pressure;
  const std::vector<double> rough = given::white(static_cast<std::size_t>(length / interval) + 1, seed);
  for (std::size_t k = 0; k < rough.size(); ++k) {
    time.push_back(interval * static_cast<double>(k));
    pressure.push_back(law(time.back()) + noise * rough[k]);
  }
  Record out;
  out.set(col::test_time, time);
  out.set(col::stack_pressure, pressure);
  return out;
}

PressureHold hold_in(const Record& r) { return analyse_pressure(r, {}).holds.at(0); }

TEST(PressureHolds, ForecastsAreThoseOfTheLawInClosedForm) {
  const auto law = [](double t) { return 23e6 + 2e6 * std::exp(-std::pow(t / 1800.0, 0.6)); };
  const PressureHold h = hold_in(hold_of(law, 36000.0, 10.0, 300.0));
  ASSERT_EQ(h.laws.front().kind, stretched);
  const RelaxationLaw& best = h.laws.front();
  const double ninety = 1800.0 * std::pow(std::log(10.0), 1.0 / 0.6);
  EXPECT_NEAR(best.ninety->value, ninety, 0.02 * ninety);
  EXPECT_LT(best.ninety->low, ninety);
  EXPECT_GT(best.ninety->high, ninety);
  EXPECT_LT(best.ninety->high - best.ninety->low, 0.1 * ninety);
  const double quiet = 1800.0 * std::pow(std::log(2e6 / h.resolution), 1.0 / 0.6);
  EXPECT_NEAR(best.below_noise->value, quiet, 0.05 * quiet);
  const double next = law(72000.0) - law(36000.0);
  EXPECT_NEAR(best.next->value, next, 0.1 * std::abs(next));
  EXPECT_LT(best.next->low, best.next->value);
  EXPECT_GT(best.next->high, best.next->value);
  EXPECT_NEAR(*best.final_pressure, 23e6, 0.02e6);
  EXPECT_NEAR(h.change.back(), law(h.time.back()) - law(0.0), 0.01e6);
  EXPECT_LT(h.change_error.back(), 0.02e6);
  EXPECT_GT(h.change_error.back(), 0.0);
  EXPECT_NEAR(h.start_error, (law(0.0) - law(10.0)) / std::sqrt(12.0), 0.2 * (law(0.0) - law(10.0)));
  EXPECT_FALSE(h.hindcast_failed);
  EXPECT_NEAR(*h.hindcast, 0.0, 0.03e6);
  double sum = 0.0;
  for (const RelaxationLaw& l : h.laws) sum += l.weight;
  EXPECT_NEAR(sum, 1.0, 1e-9);
  for (std::size_t k = 1; k < 3; ++k) EXPECT_GE(h.laws[k].aicc, h.laws[k - 1].aicc);
  for (const NamedNumber& p : best.parameters)
    if (p.name == "tau") {
      EXPECT_NEAR(p.number.value, 1800.0, 4.0 * p.number.error + 10.0);
      EXPECT_LT(p.number.error, 100.0);
      EXPECT_GT(p.number.error, 1.0);
    }
}

TEST(PressureHolds, OfTwoExponentialsTheSlowOneDecidesWhenItIsOver) {
  const auto law = [](double t) { return 20e6 + 1e6 * std::exp(-t / 300.0) + 1e6 * std::exp(-t / 5000.0); };
  const PressureHold h = hold_in(hold_of(law, 36000.0, 10.0, 300.0));
  ASSERT_EQ(h.laws.front().kind, two_exponentials);
  EXPECT_NEAR(h.laws.front().ninety->value, 5000.0 * std::log(1.0 / 0.2), 0.02 * 8047.0) << "a tenth of 2 MPa is a fifth of the slow one";
  EXPECT_NEAR(h.laws.front().below_noise->value, 5000.0 * std::log(1e6 / h.resolution), 0.05 * 40000.0);
}

TEST(PressureHolds, ALogarithmNeverSaturates) {
  const PressureHold h = hold_in(hold_of([](double t) { return 25e6 - 0.3e6 * std::log1p(t / 30.0); }, 36000.0, 10.0, 1e3));
  ASSERT_EQ(h.laws.front().kind, logarithmic);
  EXPECT_TRUE(h.may_not_saturate);
  EXPECT_FALSE(h.laws.front().ninety);
  EXPECT_FALSE(h.laws.front().final_pressure);
  EXPECT_THAT(h.saturation, HasSubstr("never saturates"));
  if (h.ninety) {
    EXPECT_TRUE(std::isinf(h.ninety->high));
  }
  EXPECT_NEAR(h.laws.front().next->value, -0.3e6 * std::log1p(36000.0 / 36030.0), 2e3);
}

TEST(PressureHolds, AHindcastThatFailsOpensTheSideOfTheMiss) {
  // A second, later process that the first half does not show.
  const auto late = [](double t) { return 25e6 - 1e6 * (1.0 - std::exp(-t / 600.0)) - 1.5e6 * std::pow(std::max(0.0, t - 16000.0) / 20000.0, 2.0); };
  const PressureHold h = hold_in(hold_of(late, 36000.0, 20.0, 500.0));
  ASSERT_TRUE(h.relaxes);
  ASSERT_TRUE(h.hindcast);
  EXPECT_TRUE(h.hindcast_failed);
  EXPECT_LT(*h.hindcast, -0.5e6) << "it fell further than foretold";
  if (h.ninety) {
    EXPECT_TRUE(std::isinf(h.ninety->high));
  }
  const RelaxationLaw& best = h.laws.front();
  EXPECT_LT(h.next->low, best.next->low - 1.5 * std::abs(*h.hindcast)) << "twice as far ahead as the half was";
}

PressureHold short_hold(std::uint64_t seed) { // 26 readings tell the laws hardly apart
  return hold_in(hold_of([](double t) { return 23e6 + 1e6 * std::exp(-std::pow(t / 400.0, 0.6)); }, 1500.0, 60.0, 4e4, seed));
}

TEST(PressureHolds, TheBandIsThatOfAllLawsThatAreNotExcluded) {
  int several = 0, with_logarithm = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const PressureHold h = short_hold(seed);
    ASSERT_TRUE(h.relaxes);
    double sum = 0.0, low = INFINITY, high = -INFINITY;
    for (const RelaxationLaw& l : h.laws) {
      sum += l.weight;
      if (l.weight >= 0.05) {
        EXPECT_TRUE(l.next) << label(l.kind);
      }
      if (!l.next) continue;
      low = std::min(low, l.next->low);
      high = std::max(high, l.next->high);
    }
    EXPECT_NEAR(sum, 1.0, 1e-9);
    if (!h.hindcast_failed) {
      EXPECT_DOUBLE_EQ(h.next->low, low);
      EXPECT_DOUBLE_EQ(h.next->high, high);
    }
    several += h.laws[1].weight > 0.05 ? 1 : 0;
    if (!h.may_not_saturate || !h.ninety) continue;
    ++with_logarithm;
    EXPECT_TRUE(std::isinf(h.ninety->high));
    EXPECT_THAT(h.saturation, HasSubstr("logarithmic law, which never saturates"));
  }
  EXPECT_GE(several, 5);
  EXPECT_GE(with_logarithm, 1);
}

TEST(PressureHolds, LawsAreComparedByTheCriterionForFewReadings) {
  const Record r = hold_of([](double t) { return 23e6 + 1e6 * std::exp(-std::pow(t / 400.0, 0.6)); }, 1500.0, 60.0, 5e3, 3);
  const PressureHold h = hold_in(r);
  HoldReadings data;
  for (std::size_t k = 0; k < r.rows(); ++k) {
    data.time.push_back(r.real(col::test_time)[k]);
    data.pressure.push_back(r.real(col::stack_pressure)[k] * 1e-6);
    data.count.push_back(1.0);
  }
  ASSERT_EQ(data.time.size(), h.time.size()) << "so few are not merged";
  data.interval = 60.0;
  data.length = 1500.0;
  std::vector<double> sorted = data.pressure;
  std::sort(sorted.begin(), sorted.end());
  data.limits.least_variance = std::pow(std::max(1e-4 * 0.5 * (sorted[12] + sorted[13]), 0.5e-6 * h.resolution), 2);
  data.limits.longest = 0.25 * 1500.0;
  for (const RelaxationLaw& l : h.laws) { // (R14): parameters of the law and of its noise
    const FittedLaw law(l.kind, data);
    const double k = static_cast<double>(law.unknowns()) + (law.noise().shape.slow > 0.0 ? 3.0 : 1.0), n = 26.0;
    EXPECT_NEAR(l.aicc, law.noise().likelihood + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0), 1e-6) << label(l.kind);
  }
}

TEST(PressureHolds, ATrueLawIsSeldomCaught) {
  int caught = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    Record r = hold_of([](double t) { return 23e6 + 2e6 * std::exp(-std::pow(t / 3000.0, 0.6)); }, 20000.0, 40.0, 1e3, seed);
    const std::vector<double> kicks = given::white(r.rows(), 1000 + seed);
    double state = 0.0;
    auto pressure = r.real(col::stack_pressure);
    for (std::size_t k = 0; k < kicks.size(); ++k) { // and noise that remembers 600 s
      state = std::exp(-40.0 / 600.0) * state + 3e3 * std::sqrt(1.0 - std::exp(-80.0 / 600.0)) * kicks[k];
      pressure[k] += state;
    }
    caught += hold_in(r).hindcast_failed ? 1 : 0;
  }
  EXPECT_LE(caught, 3);
}

TEST(PressureHolds, TooFewReadingsAreNoHindcastAndNoLaw) {
  const auto law = [](double t) { return 23e6 + 2e6 * std::exp(-t / 300.0); };
  const PressureHold few = hold_in(hold_of(law, 1260.0, 60.0, 300.0)); // 22, of which the first half has eleven
  EXPECT_TRUE(few.relaxes);
  EXPECT_FALSE(few.hindcast);
  given::Pressures late; // one reading, and all others in one moment much later
  late.add(0.0, law(0.0), -1, 0.0);
  for (int k = 0; k < 30; ++k) late.add(1000.0 + 0.5 * k, law(1000.0), -1, 0.0);
  auto holds = find_holds(late.series);
  ASSERT_EQ(holds.size(), 1u);
  fit_relaxation(holds[0], late.series);
  EXPECT_EQ(holds[0].hold.refused, "fewer than 12 readings");
  EXPECT_TRUE(holds[0].hold.laws.empty());
}

TEST(PressureHolds, ASpikeIsInNoFit) {
  const auto law = [](double t) { return 23e6 + 2e6 * std::exp(-t / 3000.0); };
  given::Pressures p;
  for (int k = 0; k < 1000; ++k) p.add(10.0 * k, law(10.0 * k) + (k == 400 ? 5e6 : 0.0), -1, 0.0);
  p.series.spoiled[400] = 1;
  p.series.resolution = 300.0;
  auto holds = find_holds(p.series);
  fit_relaxation(holds.at(0), p.series);
  const PressureHold& h = holds[0].hold;
  EXPECT_EQ(h.readings, 999u);
  for (std::size_t k = 0; k < h.time.size(); ++k) EXPECT_NEAR(h.pressure[k], law(h.time[k]), 1e3);
}

TEST(PressureHolds, AreLongAndQuietAndBetweenJumps) {
  given::Pressures p;
  p.rest(30, 0.0, [](double) { return 5e6; });
  p.stroke(60, 0.0, 100.0, [](double, double) { return 5e6; });
  p.rest(15, 0.0, [](double) { return 5e6; }); // too few readings
  p.stroke(60, 0.0, 100.0, [](double, double) { return 5e6; });
  p.rest(40, 0.0, [](double) { return 5e6; });
  for (std::size_t k = p.series.size() - 40; k < p.series.size() - 15; ++k) p.series.level[k] = 1;
  for (std::size_t k = p.series.size() - 15; k < p.series.size(); ++k) p.series.level[k] = 2;
  p.series.spoiled[5] = 1;
  auto holds = find_holds(p.series);
  ASSERT_EQ(holds.size(), 2u);
  EXPECT_EQ(holds[0].hold.readings, 29u) << "a spike is none";
  EXPECT_EQ(holds[0].hold.start, 0.0);
  EXPECT_EQ(holds[0].hold.end, 290.0);
  EXPECT_EQ(holds[1].hold.readings, 25u) << "of one level";
  for (double& t : p.series.time) t *= 0.15; // 29 readings in 43 s
  EXPECT_TRUE(find_holds(p.series).empty());
}

TEST(PressureHolds, TheThreeLongestAreKept) {
  given::Pressures p;
  for (const std::size_t length : {50, 30, 60, 40, 70}) {
    p.rest(length, 0.0, [](double) { return 5e6; });
    p.stroke(20, 0.0, 100.0, [](double, double) { return 5e6; });
  }
  const auto holds = find_holds(p.series);
  ASSERT_EQ(holds.size(), 3u);
  EXPECT_EQ(holds[0].hold.readings, 50u);
  EXPECT_EQ(holds[1].hold.readings, 60u);
  EXPECT_EQ(holds[2].hold.readings, 70u);
}

TEST(PressureHolds, TemperatureIsFittedBetweenAThirdOfAKelvinAndThree) {
  const auto with = [](double swing) {
    const auto law = [](double t) { return 23e6 + 2e6 * std::exp(-t / 3000.0); };
    const auto warm = [swing](double t) { return 300.0 + 0.5 * swing * std::sin(t / 700.0); };
    Record r = hold_of([&](double t) { return law(t) + 0.05e6 * (warm(t) - 300.0); }, 20000.0, 10.0, 300.0);
    std::vector<double> T;
    for (const double t : r.real(col::test_time)) T.push_back(warm(t));
    r.set(col::temperature, T);
    FoundHold found;
    PressureSeries s = pressure_series(r, {});
    auto holds = find_holds(s);
    fit_relaxation(holds.at(0), s);
    return holds.at(0).hold;
  };
  const PressureHold fitted = with(2.0);
  ASSERT_FALSE(fitted.laws.empty()) << fitted.refused;
  const NamedNumber& gamma = fitted.laws.front().parameters.back();
  EXPECT_EQ(gamma.name, "gamma");
  EXPECT_NEAR(gamma.number.value, 0.05e6, 1e3);
  EXPECT_NEAR(*fitted.temperature, 300.0, 0.5);
  const double mean = gamma.number.value * (*fitted.temperature - 300.0); // the law is that at the mean temperature
  EXPECT_NEAR(fitted.pressure.back(), 23e6 + 2e6 * std::exp(-20000.0 / 3000.0) + mean, 2e3) << "what temperature did is taken out";
  for (std::size_t k = 0; k < fitted.time.size(); ++k) EXPECT_NEAR(fitted.laws.front().fitted[k], 23e6 + 2e6 * std::exp(-fitted.time[k] / 3000.0) + mean, 2e3);
  EXPECT_NEAR(*fitted.hindcast, 0.0, 0.01e6);
  EXPECT_NE(with(0.2).laws.front().parameters.back().name, "gamma");
  EXPECT_THAT(with(4.0).refused, HasSubstr("the temperature moved by 3.97 K"));
}

TEST(PressureHolds, ASteadyPressureThatFollowsTheTemperatureDoesNotRelax) {
  const auto warm = [](double t) { return 300.0 + std::sin(t / 3000.0); };
  Record r = hold_of([&](double t) { return 5e6 + 0.05e6 * (warm(t) - 300.0); }, 20000.0, 10.0, 1e3);
  std::vector<double> T;
  for (const double t : r.real(col::test_time)) T.push_back(warm(t));
  r.set(col::temperature, T);
  PressureSeries s = pressure_series(r, {});
  auto holds = find_holds(s);
  fit_relaxation(holds.at(0), s);
  EXPECT_FALSE(holds[0].hold.relaxes);
  EXPECT_THAT(holds[0].hold.saturation, HasSubstr("no relaxation is seen"));
}

// --- empty fixture ------------------------------------------------------------------------------------------------------------

/// A hold that was fitted already: readings of a law at 200 times up to `length`.
PressureAssessment fitted_hold(const std::function<double(double)>& law, double length, double start_error, double change_error) {
  PressureHold h;
  for (int k = 0; k < 200; ++k) {
    h.time.push_back(length * std::pow(static_cast<double>(k) / 199.0, 2.0));
    h.pressure.push_back(law(h.time.back()));
    h.change_error.push_back(change_error);
  }
  h.first = h.pressure.front();
  h.start_error = start_error;
  h.laws.emplace_back();
  PressureAssessment out;
  out.holds = {h};
  return out;
}

TEST(PressureEmptyFixture, WhatRemainsIsTheDifferenceOfTheChanges) {
  // logarithms on the scale of the comparison, a three hundredth of the hold: its course follows them exactly
  const auto fixture = [](double t) { return -0.3e6 * std::log1p(t / (20000.0 / 300.0)); };
  const auto cell = [](double t) { return -0.1e6 * std::log1p(t / (20000.0 / 300.0)); };
  const PressureAssessment loaded = fitted_hold([&](double t) { return 25e6 + fixture(t) + cell(t); }, 20000.0, 3e3, 2e3);
  const PressureAssessment empty = fitted_hold([&](double t) { return 24.9e6 + fixture(t); }, 30000.0, 4e3, 2e3);
  const FixtureComparison c = compare_with_empty(loaded, empty, "empty.csv");
  ASSERT_EQ(c.at.size(), 7u) << "1, 10, 30 min, 1, 2, 5 h and the end of the shorter";
  EXPECT_EQ(c.at.back().time, 20000.0);
  for (const PressureRemainder& r : c.at) {
    EXPECT_NEAR(r.loaded, fixture(r.time) + cell(r.time), 2e3) << r.time;
    EXPECT_NEAR(r.remains.value, cell(r.time), 6e3) << r.time;
    EXPECT_NEAR(r.empty, r.loaded - r.remains.value, 1e-6);
    EXPECT_GE(r.remains.error, 5e3) << "what both may have done before their first readings: 3 and 4 kPa";
  }
  ASSERT_TRUE(c.share);
  EXPECT_NEAR(c.share->value, 0.75, 0.005);
  const double all = std::abs(c.at.back().loaded);
  EXPECT_NEAR(c.share->error, std::hypot(c.at.back().remains.error, 0.25 * std::hypot(2e3, 3e3)) / all, 1e-7);
  ASSERT_EQ(c.time.size(), c.remainder.size());
  for (std::size_t k = 5; k < c.time.size(); ++k) {
    EXPECT_NEAR(c.remainder[k], cell(c.time[k]), 8e3);
    EXPECT_NEAR(c.empty[k], c.loaded[k] - c.remainder[k], 1e-6);
  }
  EXPECT_TRUE(c.notes.empty());
  EXPECT_THAT(c.reason, HasSubstr("for what lies in it"));
  const PressureAssessment nearly = fitted_hold([&](double t) { return 25e6 + 1.003 * fixture(t); }, 20000.0, 3e3, 2e3);
  EXPECT_THAT(compare_with_empty(nearly, empty, "e").reason, HasSubstr("could be told from zero")) << "5 kPa are within twice 5 kPa";
  const FixtureComparison turned = compare_with_empty(empty, loaded, "loaded.csv"); // the second hold is the shorter one
  EXPECT_EQ(turned.at.back().time, 20000.0);
  EXPECT_NEAR(turned.at.back().remains.value, -cell(20000.0), 6e3);
}

TEST(PressureEmptyFixture, HoldsMayBeginWithTheirFirstReadingsApart) {
  const auto law = [](double t) { return 25e6 - 0.3e6 * std::log1p(t / (20000.0 / 300.0)); };
  const PressureAssessment loaded = fitted_hold(law, 20000.0, 1e3, 1e3);
  PressureAssessment late = loaded;
  late.holds[0].time.erase(late.holds[0].time.begin(), late.holds[0].time.begin() + 4);
  late.holds[0].pressure.erase(late.holds[0].pressure.begin(), late.holds[0].pressure.begin() + 4);
  const FixtureComparison c = compare_with_empty(loaded, late, "e");
  EXPECT_NEAR(c.at.back().remains.value, 0.0, 50e3);
  EXPECT_TRUE(std::isfinite(c.at.front().remains.value));
}

TEST(PressureEmptyFixture, ErrorsHaveTheNoiseOfTheReadings) {
  PressureAssessment loaded = fitted_hold([](double t) { return 25e6 - 50.0 * t; }, 20000.0, 0.0, 0.0), empty = loaded;
  const std::vector<double> a = given::white(200, 1), b = given::white(200, 2);
  for (std::size_t k = 0; k < 200; ++k) {
    loaded.holds[0].pressure[k] += 2e4 * a[k];
    empty.holds[0].pressure[k] += 2e4 * b[k];
  }
  const FixtureComparison c = compare_with_empty(loaded, empty, "e");
  EXPECT_GT(c.at.back().remains.error, 2e4 * std::sqrt(2.0) * std::sqrt(2.0 / 200.0)) << "both ends of the course have an error";
  EXPECT_LT(c.at.back().remains.error, 2e4 * 3.0);
}

TEST(PressureEmptyFixture, WhatMakesItDoubtfulIsSaid) {
  const auto law = [](double t) { return -1e6 * (1.0 - std::exp(-t / 4000.0)); };
  const auto at = [&](double level, double temperature) {
    PressureAssessment out = fitted_hold([&](double t) { return level + law(t); }, 20000.0, 1e3, 1e3);
    out.holds[0].temperature = temperature;
    return out;
  };
  EXPECT_TRUE(compare_with_empty(at(25e6, 300.0), at(24.6e6, 301.9), "e").notes.empty());
  EXPECT_THAT(compare_with_empty(at(25e6, 300.0), at(24.4e6, 300.0), "e").notes, testing::ElementsAre(HasSubstr("begin at 25 and 24.4 MPa")));
  EXPECT_THAT(compare_with_empty(at(25e6, 300.0), at(25e6, 302.1), "e").notes, testing::ElementsAre(HasSubstr("the warmer fixture settles faster")));
}

TEST(PressureEmptyFixture, AChangeThatIsNoneHasNoShare) {
  const auto flat = [](double) { return 25e6; };
  const auto little = [](double t) { return 25e6 - 7e3 * (1.0 - std::exp(-t / 4000.0)); };
  EXPECT_FALSE(compare_with_empty(fitted_hold(little, 20000.0, 1e3, 2e3), fitted_hold(flat, 20000.0, 1e3, 2e3), "e").share);
  EXPECT_TRUE(compare_with_empty(fitted_hold(little, 20000.0, 1e3, 1e3), fitted_hold(flat, 20000.0, 1e3, 1e3), "e").share);
}

TEST(PressureEmptyFixture, AHoldWithoutALawIsPassedOver) {
  PressureAssessment loaded = fitted_hold([](double t) { return 25e6 - t; }, 20000.0, 1e3, 1e3);
  PressureHold refused;
  refused.refused = "fewer than 12 readings";
  loaded.holds.insert(loaded.holds.begin(), refused);
  EXPECT_NEAR(compare_with_empty(loaded, loaded, "e").loaded_start, 25e6, 1e-6);
  PressureAssessment none;
  none.holds = {refused};
  try {
    (void)compare_with_empty(none, loaded, "e");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.diagnostics().front().code, "D440");
    EXPECT_THAT(error.diagnostics().front().message, HasSubstr("fewer than 12 readings"));
  }
}

} // namespace
