// Rival explanations of one's own data: what is left out is predicted as a normal distribution says, explanations that say the same are one, and bad files are
// refused. Whole comparisons: tests/cli/cli_mechanisms.cpp.

#include "base/error.hpp"
#include "calibrate/draws.hpp"
#include "calibrate/rival_file.hpp"
#include "calibrate/rivals.hpp"
#include "study/read.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen::calibrate {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Aicc, IsThatOfHurvichAndTsai) {
  EXPECT_DOUBLE_EQ(aicc(30.0, 20.0, 4.0).value(), 30.0 + 8.0 + 40.0 / 15.0);
  EXPECT_DOUBLE_EQ(aicc(30.0, 6.0, 4.0).value(), 30.0 + 8.0 + 40.0);
  EXPECT_FALSE(aicc(30.0, 5.0, 4.0)) << "n - k - 1 is zero";
  EXPECT_FALSE(aicc(30.0, 3.0, 4.0));
}

Number number(std::string key, double deviation) { return {std::move(key), 0.0, -100.0, 100.0, false, Prior{0.0, deviation}, "1"}; }

/// x is seen with unit errors: `seen` in group "a", `other` in group "b"; of group "b" `own`, a number of one instrument, is added.
Problem lines(std::vector<double> seen, std::vector<double> other, double own_deviation) {
  Problem p;
  p.numbers = {number("flaw.depth", 1.0), number("b.csv: voltage offset", own_deviation)};
  p.terms = {{"a", "a", 0, seen.size()}, {"b", "b", seen.size(), other.size()}};
  p.residuals = seen.size() + other.size();
  p.evaluate = [seen, other](std::span<const double> v, std::span<double> r, const work::Task&) {
    for (std::size_t k = 0; k < seen.size(); ++k) r[k] = v[0] - seen[k];
    for (std::size_t k = 0; k < other.size(); ++k) r[seen.size() + k] = v[0] + v[1] - other[k];
    return true;
  };
  return p;
}

Fit exact(const Problem& problem) { return fit(problem, {.tolerance = 1e-12}); }

TEST(LeftOutGroup, IsPredictedByTheNormalDistributionOfWhatIsKnown) {
  // After one observation 0.8 the number is 0.4 with variance 1/2; of the instrument the prior is known, variance 4.
  const Problem whole = lines({0.8}, {3.0}, 2.0);
  const GroupForecast f = forecast(whole, "b", exact(without(whole, "b")));
  const double variance = 1.0 + 0.5 + 4.0, r = 3.0 - 0.4;
  EXPECT_NEAR(f.score, -0.5 * (r * r / variance + std::log(variance)), 1e-4);
  EXPECT_EQ(f.terms, 1u);
  EXPECT_EQ(f.hits, 1u);
  // Two readings share what is not known: determinant and inverse of ((1 + c, c), (c, 1 + c)), c = 4.5
  const Problem two = lines({0.8}, {3.0, -1.0}, 2.0);
  const double c = 4.5, a = 3.0 - 0.4, b = -1.0 - 0.4, determinant = 1.0 + 2.0 * c;
  EXPECT_NEAR(forecast(two, "b", exact(without(two, "b"))).score, -0.5 * (((1.0 + c) * (a * a + b * b) - 2.0 * c * a * b) / determinant + std::log(determinant)), 1e-4);
}

TEST(LeftOutGroup, IsHitWithin95PercentOfWhatWasExpected) {
  const double deviation = std::sqrt(5.5);
  for (const double z : {1.9, 2.02}) {
    const Problem whole = lines({0.8}, {0.4 + z * deviation}, 2.0);
    EXPECT_EQ(forecast(whole, "b", exact(without(whole, "b"))).hits, z < 1.96 ? 1u : 0u) << z;
  }
}

TEST(LeftOutGroup, ThatCannotBeSimulatedIsHopeless) {
  Problem whole = lines({0.8}, {3.0, 1.0}, 2.0);
  const Fit rest = exact(without(whole, "b"));
  whole.evaluate = [](std::span<const double>, std::span<double>, const work::Task&) { return false; };
  const GroupForecast f = forecast(whole, "b", rest);
  EXPECT_EQ(f.terms, 1u);
  EXPECT_EQ(f.hits, 0u);
  EXPECT_NEAR(f.score, 2.0 * std::log(1e-4), 0.05) << "two observations";
}

TEST(AveragedDeviance, HasTheNumbersOfInstrumentsAveragedOut) {
  const Problem p = lines({}, {3.0, 1.0}, 2.0);
  const Fit f = exact(p);
  // About the fitted x the readings are normal with covariance 1 + 4 everywhere.
  const double c = 4.0, a = 3.0 - f.values[0], b = 1.0 - f.values[0], determinant = 1.0 + 2.0 * c;
  EXPECT_NEAR(averaged_deviance(p, f), ((1.0 + c) * (a * a + b * b) - 2.0 * c * a * b) / determinant + std::log(determinant), 1e-4);
}

TEST(Draws, HaveTheCovarianceAndStayInTheBounds) {
  Problem p = lines({}, {}, 1.0);
  p.numbers[1].high = 0.5;
  const std::vector<double> values{2.0, 0.0}, covariance{4.0, 1.2, 1.2, 1.0};
  double mean = 0.0, variance = 0.0;
  const auto draws = normal_draws(p, values, covariance, 4000);
  ASSERT_EQ(draws.size(), 4000u);
  for (const auto& d : draws) {
    mean += d[0] / 4000.0;
    EXPECT_LE(d[1], 0.5);
  }
  for (const auto& d : draws) variance += (d[0] - mean) * (d[0] - mean) / 4000.0;
  EXPECT_NEAR(mean, 2.0, 0.13); // four standard errors
  EXPECT_NEAR(variance, 4.0, 0.36);
  EXPECT_TRUE(normal_draws(p, values, std::vector<double>{1.0, 2.0, 2.0, 1.0}, 3).empty()) << "no covariance";
}

std::vector<Ranked> explanations(std::initializer_list<const char*> names) {
  std::vector<Ranked> out;
  for (const char* name : names) {
    out.emplace_back();
    out.back().explanation.name = name;
  }
  return out;
}

TEST(Ranking, OneGroupAloneMayCarryALead) {
  std::vector<Ranked> r = explanations({"a", "b"});
  rank_by_scores(r, {{{"one", -1.0}, {"two", -1.0}, {"three", -40.0}}, {{"one", -1.1}, {"two", -0.9}, {"three", -1.0}}});
  EXPECT_EQ(r[0].explanation.name, "b");
  EXPECT_NEAR(r[1].behind, 39.0, 1e-9);
  EXPECT_TRUE(r[1].survives) << "a single group decides nothing: the error of the lead is as large as it is";
  EXPECT_GT(r[0].weight, r[1].weight);
}

TEST(Ranking, WithoutScoresNobodyFallsBehind) {
  std::vector<Ranked> r = explanations({"a", "b", "c"});
  rank_by_scores(r, {{}, {}, {}});
  for (const Ranked& one : r) {
    EXPECT_TRUE(one.survives);
    EXPECT_NEAR(one.weight, 1.0 / 3.0, 1e-9);
  }
}

Study cell(const std::string& more) { return parse_study("extends = \"" PLATEN_SOURCE_DIR "/examples/calibrate/cell.toml\"\n" + more, "cell.toml", {}); }

TEST(DefaultRivals, SayDifferentThingsOfTheseCells) {
  const auto names = [](const std::vector<RivalEntry>& rivals) {
    std::vector<std::string> out;
    for (const RivalEntry& r : rivals) out.push_back(r.name);
    return out;
  };
  const std::vector<std::string> symmetric = names(default_rivals(std::vector{cell("")}));
  EXPECT_THAT(symmetric, AllOf(Contains("H1 H2 H3 H5 F"), Contains("H1 H3 H4 H5 F"), Not(Contains("H1 H2 H3 F")))) << "without a composite nothing focuses the current";
  const Study springs = parse_study("extends = \"" PLATEN_SOURCE_DIR "/studies/ham2022/full-12.8-springs.toml\"\n", "s.toml", {});
  EXPECT_THAT(names(default_rivals(std::vector{springs})), Not(Contains("H1 H2 H3 H4 H5 F"))) << "springs have no gap that gives way";
  EXPECT_EQ(default_rivals(std::vector{cell(""), parse_study("extends = \"" PLATEN_SOURCE_DIR "/studies/ham2022/full-25.5-fixed.toml\"\n", "f.toml", {})}).size(), ham2022_explanations().size());
}

TEST(Rivals, HaveTheNumbersOfTheirLaws) {
  const std::vector<Study> studies{cell("")};
  RivalEntry rival{.name = "x", .meaning = "", .switches = {{&Mechanisms::intrusion, false}, {&Mechanisms::stripping_voids, true}}, .numbers = {}, .place = {}};
  EXPECT_FALSE(acts("intrusion.rate", rival, studies));
  EXPECT_TRUE(acts("void.height", rival, studies));
  EXPECT_TRUE(acts("flaw.depth", rival, studies));
  EXPECT_TRUE(acts("flaw.swing_extension", rival, studies)) << "as in the study";
  EXPECT_FALSE(acts("interface.current_focus", rival, studies)) << "no composite";
  rival.numbers = {"flaw.depth"};
  EXPECT_FALSE(acts("void.height", rival, studies));
}

std::string fault_of(const std::string& more) {
  const std::string text = "[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"9 um\" }\n[[target]]\nstudy = \"cell.toml\"\nquantity = \"ccd\"\nlow = \"1 mA/cm2\"\n" + more;
  try {
    (void)parse_calibration(text, "c.toml", {});
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(RivalFile, IsReadAndItsFaultsAreTold) {
  const std::string first = "[[explanation]]\nname = \"a\"\nmechanisms = { intrusion = true }\n", second = "[[explanation]]\nname = \"b\"\nmechanisms = { intrusion = false }\n";
  EXPECT_EQ(fault_of(first + second + "[[experiment]]\nstudy = \"x.toml\"\n"), "none");
  EXPECT_THAT(fault_of(first), AllOf(HasSubstr("C207"), HasSubstr("one explanation has no rival")));
  EXPECT_THAT(fault_of(first + "[[explanation]]\nname = \"a\"\n"), HasSubstr("two explanations are called `a`"));
  EXPECT_THAT(fault_of(first + "[[explanation]]\nname = \"b\"\nmechanisms = { intrusion = true }\n"), HasSubstr("`a` and `b` say the same"));
  EXPECT_THAT(fault_of(first + second + "numbers = [\"flaw.dept\"]\n"), AllOf(HasSubstr("C207"), HasSubstr("those of [numbers]: flaw.depth")));
  EXPECT_THAT(fault_of(first + "[[explanation]]\nname = \"b\"\nmechanisms = { intrusoin = false }\n"), HasSubstr("intrusion"));
  EXPECT_THAT(fault_of(first + second + "[[experiment]]\nname = \"x\"\n"), HasSubstr("study"));
  std::string many;
  for (int k = 0; k < 13; ++k) many += "[[explanation]]\nname = \"" + std::to_string(k) + "\"\nnumbers = [\"flaw.depth\"]\n";
  EXPECT_THAT(fault_of(many), HasSubstr("more than 12 explanations"));
}

} // namespace
} // namespace platen::calibrate
