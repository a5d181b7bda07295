// Rows of the paper against cells made up by hand: which cell a row finds, and what it takes from it.

#include "study/read.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace platen {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

struct Cells {
  std::deque<Record> records;
  std::deque<Assessment> assessments;

  /// `densities` in mA/cm2, one cycle at each; loading in mg/cm2, pressure in MPa.
  Assessment& full(const std::string& fixture, double loading, double pressure, const std::vector<double>& densities) {
    CellInfo& cell = records.emplace_back().cell;
    cell.configuration = Configuration::full;
    cell.fixture = fixture;
    cell.cathode_loading = loading * 1e-2;
    cell.stack_pressure = pressure * 1e6;
    cell.temperature = 313.15;
    Assessment& a = assessments.emplace_back();
    a.verdict = Verdict::healthy;
    for (const double d : densities) {
      StepAssessment step;
      step.current_density = 10.0 * d;
      step.half_cycles = 2;
      a.steps.push_back(step);
    }
    a.ccd = CriticalCurrentDensity{10.0 * densities.back(), std::nullopt, 1.0, 0.0};
    return a;
  }

  /// Stack pressure falling in a straight line from 25 MPa by `drop` MPa within half an hour.
  void pressed(Configuration configuration, double kelvin, double drop) {
    Record& r = records.emplace_back();
    r.cell.configuration = configuration;
    r.cell.stack_pressure = 25e6;
    r.cell.temperature = kelvin;
    r.set(col::test_time, std::vector<double>{0.0, 900.0, 1800.0, 3600.0});
    r.set(col::stack_pressure, std::vector<double>{25e6, 25e6 - 0.5e6 * drop, 25e6 - 1e6 * drop, 15e6});
    assessments.emplace_back();
  }

  std::vector<TargetResult> rows() const {
    std::vector<JudgedCell> cells;
    for (std::size_t k = 0; k < records.size(); ++k) cells.push_back({&records[k], &assessments[k]});
    return evaluate_targets(cells);
  }
  TargetResult row(const std::string& id) const {
    const auto all = rows();
    return *std::find_if(all.begin(), all.end(), [&](const TargetResult& r) { return r.target.id == id; });
  }
};

void fail(Assessment& a, double last, double failing) {
  a.verdict = Verdict::hard_short;
  a.ccd = CriticalCurrentDensity{10.0 * last, 10.0 * failing, 1.0, 0.0};
}

TEST(Targets, RowsOfArithmeticAndInputNeedNoCell) {
  const std::set<std::string> wanted{"T13", "T32", "T33", "T34", "T35"};
  for (const TargetResult& r : Cells{}.rows())
    EXPECT_EQ(r.verdict == TargetVerdict::met, wanted.contains(r.target.id)) << r.target.id << " " << r.platen.value_or(0);
}

TEST(Targets, CcdIsThatOfTheCellTheRowSpeaksOf) {
  Cells cells;
  fail(cells.full("fixed gap", 25.5, 5.0, {0.2, 0.3, 0.4, 0.5}), 0.4, 0.5);
  fail(cells.full("springs", 25.5, 5.0, {0.2, 0.3, 0.4, 0.5}), 0.9, 1.0);
  fail(cells.full("fixed gap", 12.8, 1.0, {0.2, 0.3}), 0.5, 0.6);
  EXPECT_NEAR(cells.row("T19").platen.value_or(0), 0.5, 1e-12);
  EXPECT_NEAR(cells.row("T23").platen.value_or(0), 1.0, 1e-12);
  EXPECT_EQ(cells.row("T25").verdict, TargetVerdict::missed);
  EXPECT_EQ(cells.row("T18").verdict, TargetVerdict::not_evaluated) << "12.8 mg/cm2 is there at 1 MPa only";
  EXPECT_EQ(cells.row("T29").verdict, TargetVerdict::not_evaluated);
}

TEST(Targets, DifferenceOfTwoFixtures) {
  Cells cells;
  fail(cells.full("fixed gap", 12.8, 5.0, {0.2, 0.3}), 0.5, 0.6);
  fail(cells.full("springs", 12.8, 5.0, {0.2, 0.3}), 1.1, 1.2);
  EXPECT_NEAR(cells.row("T29").platen.value_or(0), 0.6, 1e-12);
  EXPECT_EQ(cells.row("T36").verdict, TargetVerdict::met);
}

TEST(Targets, LowerBoundMeetsAnOpenEndOnly) {
  Cells passed, stopped;
  passed.full("fixed gap", 6.4, 5.0, {0.2, 0.6, 1.1});
  EXPECT_EQ(passed.row("T17").verdict, TargetVerdict::met);
  stopped.full("fixed gap", 6.4, 5.0, {0.2, 0.6});
  EXPECT_EQ(stopped.row("T17").verdict, TargetVerdict::not_evaluated) << "a test that ended early says nothing";
  stopped.full("fixed gap", 12.8, 5.0, {0.2, 0.6});
  EXPECT_EQ(stopped.row("T18").verdict, TargetVerdict::not_evaluated);
}

TEST(Targets, HalfCycleOfTheShortIsAWord) {
  for (const int direction : {1, -1}) {
    Cells cells;
    Assessment& a = cells.full("fixed gap", 25.5, 5.0, {0.2, 0.5});
    fail(a, 0.2, 0.5);
    a.half_cycles.resize(2);
    a.half_cycles[1].half_cycle.direction = direction;
    a.onset_half_cycle = 1;
    const TargetResult row = cells.row("T24");
    EXPECT_EQ(row.platen_text, direction > 0 ? "charge" : "discharge");
    EXPECT_EQ(row.verdict, direction > 0 ? TargetVerdict::met : TargetVerdict::missed);
    EXPECT_FALSE(row.platen);
  }
  EXPECT_EQ(Cells{}.row("T24").verdict, TargetVerdict::not_evaluated);
}

TEST(Targets, LifeIsCountedFromTheEndOfFormation) {
  Cells cells;
  Assessment& gap = cells.full("fixed gap", 25.5, 5.0, {0.2, 0.5});
  gap.steps[0].half_cycles = 4;
  gap.steps[1].half_cycles = 5;
  gap.verdict = Verdict::hard_short;
  gap.onset_cycle = 5; // two of formation before
  Assessment& free = cells.full("springs", 25.5, 5.0, {0.2, 0.5});
  free.steps[0].half_cycles = 4;
  free.steps[1].half_cycles = 110;
  EXPECT_NEAR(cells.row("T30").platen.value_or(0), 3.0, 1e-12);
  EXPECT_NEAR(cells.row("T31").platen.value_or(0), 55.0, 1e-12);
  free.onset_cycle = 33; // the 31st at 0.5 mA/cm2
  EXPECT_NEAR(cells.row("T31").platen.value_or(0), 30.0, 1e-12);
  EXPECT_EQ(cells.row("T31").verdict, TargetVerdict::missed);
  EXPECT_EQ(cells.row("T19").verdict, TargetVerdict::not_evaluated) << "a life test has no CCD";
}

TEST(Targets, PressuresOfTheFirstCycle) {
  Cells cells;
  Assessment& a = cells.full("fixed gap", 25.5, 5.0, {0.2, 0.3});
  a.pressure.cycles.push_back({1, 4.8e6, 6.9e6, 2.1e6});
  a.pressure.after_first_half_cycle = 6.85e6;
  EXPECT_NEAR(cells.row("T15").platen.value_or(0), 2.1, 1e-12);
  EXPECT_NEAR(cells.row("T21").platen.value_or(0), 6.85, 1e-12);
}

TEST(Targets, BothFixtureAndCellMustLoseThePressure) {
  Cells cells;
  cells.pressed(Configuration::empty_fixture, 298.15, 2.2);
  EXPECT_EQ(cells.row("T04").verdict, TargetVerdict::not_evaluated) << "the cell is missing";
  cells.pressed(Configuration::symmetric, 298.15, 3.1);
  EXPECT_NEAR(cells.row("T04").platen.value_or(0), 3.1, 1e-9);
  EXPECT_EQ(cells.row("T05").verdict, TargetVerdict::not_evaluated) << "those were not warm";
  cells.pressed(Configuration::empty_fixture, 313.15, 5.5);
  cells.pressed(Configuration::symmetric, 313.15, 5.7);
  EXPECT_EQ(cells.row("T05").verdict, TargetVerdict::met);
}

TEST(Targets, TheSetItselfSaysWhatARowOwesToIt) {
  EXPECT_THAT(Cells{}.row("T07").fitted, Contains("contact.initial"));
  EXPECT_THAT(Cells{}.row("T24").fitted, IsEmpty());
  for (const FittedNumber& number : ham2022_fitted())
    for (const std::string& id : number.rows) EXPECT_THAT(Cells{}.row(id).fitted, Contains(number.key));
  // "T01, T02 of ..." and "T07 to T10": ranges are filled
  const auto all = ham2022_fitted();
  const auto closure = std::find_if(all.begin(), all.end(), [](const FittedNumber& n) { return n.key == "contact.closure_time"; });
  ASSERT_NE(closure, all.end());
  EXPECT_THAT(closure->rows, Contains("T08"));
}

TEST(Targets, AMissedRowSaysWhatWasTried) {
  Cells missed, met;
  fail(missed.full("springs", 12.8, 5.0, {0.2, 0.3, 0.4, 0.5}), 0.9, 1.0);
  fail(missed.full("fixed gap", 12.8, 5.0, {0.2, 0.3, 0.4, 0.5}), 0.6, 0.7);
  fail(met.full("springs", 12.8, 5.0, {0.2, 0.3, 0.4, 0.5}), 1.1, 1.2);
  fail(met.full("fixed gap", 12.8, 5.0, {0.2, 0.3, 0.4, 0.5}), 0.5, 0.6);
  EXPECT_EQ(missed.row("T29").verdict, TargetVerdict::missed);
  EXPECT_NE(missed.row("T29").tried, "");
  EXPECT_EQ(met.row("T29").verdict, TargetVerdict::met);
  EXPECT_EQ(met.row("T29").tried, "");
}

TEST(Targets, CountsAddUp) {
  Cells cells;
  fail(cells.full("fixed gap", 25.5, 5.0, {0.2, 0.3, 0.4, 0.5}), 0.4, 0.5);
  fail(cells.full("springs", 25.5, 5.0, {0.2, 0.3}), 0.2, 0.3);
  const TargetCounts n = count(cells.rows());
  EXPECT_EQ(n.rows, ham2022_targets().size());
  EXPECT_EQ(n.met + n.missed + n.not_evaluated, n.rows);
  EXPECT_EQ(n.model, 22U);
  EXPECT_EQ(n.model_met, 1U) << "T19";
  EXPECT_EQ(n.model_evaluated, 2U) << "T19, T23";
  EXPECT_EQ(n.met, 1U + 5U) << "and those that need no cell";
  EXPECT_GE(n.fitted_numbers, 10U);
}

TEST(Targets, EveryExperimentIsPartOfTheProgram) {
  std::set<std::string> names, expected;
  const std::vector<Study> studies = ham2022_studies();
  for (const Study& s : studies) names.insert(s.name);
  const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string stem = file.path().stem().string();
    if (stem != "symmetric" && stem != "full" && stem != "full-fixed" && stem != "full-springs")
      expected.insert(read_study(file.path()).name);
  }
  EXPECT_EQ(names, expected);
  EXPECT_TRUE(studies.front().name.starts_with("life")) << "the longest first";
  EXPECT_EQ(resolved_toml(studies.back()).empty(), false);
}

} // namespace
} // namespace platen
