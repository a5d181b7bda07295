// The published rows as a likelihood: which rows, which intervals, which cells, and that set Ham2022 is where they put it.

#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/fit.hpp"
#include "calibrate/left_out.hpp"
#include "calibrate/published_cells.hpp"
#include "calibrate/published_set.hpp"
#include "calibrate/stored.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace platen::calibrate {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Target target(std::string_view id) {
  for (Target& row : ham2022_targets())
    if (row.id == id) return row;
  return {};
}

RowTerm term(std::string_view id) {
  for (RowTerm& t : ham2022_terms())
    if (t.row.id == id) return t;
  return {};
}

std::vector<std::string> labels(const Problem& problem) {
  std::vector<std::string> out;
  for (const Term& t : problem.terms) out.push_back(t.label);
  return out;
}

TEST(Published, ARowBelongsToEveryFigureItWasReadFromOrInferredFrom) {
  EXPECT_THAT(figures_of(target("T19")), ElementsAre("3", "4"));
  EXPECT_THAT(figures_of(target("T18")), ElementsAre("3", "5"));
  EXPECT_THAT(figures_of(target("T30")), ElementsAre("S6"));
  EXPECT_THAT(figures_of(target("T01")), ElementsAre("1"));
}

TEST(Published, LeavingAFigureOutLeavesNoRowOfIt) {
  for (const std::string& figure : ham2022_figures()) {
    const auto left = labels(ham2022_problem({}, figure).problem);
    for (const RowTerm& t : ham2022_terms()) {
      const bool of_it = std::find(t.figures.begin(), t.figures.end(), figure) != t.figures.end();
      EXPECT_EQ(std::find(left.begin(), left.end(), t.row.id) == left.end(), of_it) << t.row.id << " without Figure " << figure;
    }
  }
  const auto left = labels(ham2022_problem({}, "5").problem);
  for (const char* row : {"T18", "T25", "T28", "T36"}) EXPECT_THAT(left, Not(Contains(row)));
  for (const char* row : {"T17", "T23", "T01"}) EXPECT_THAT(left, Contains(row));
  EXPECT_EQ(labels(ham2022_problem({}).problem).size(), 27u);
  EXPECT_THROW(ham2022_problem({}, "7"), Error);
}

TEST(Published, AStatedStepLeavesOneStepAnInferredOneItsBand) {
  EXPECT_DOUBLE_EQ(term("T23").low, 0.9);
  EXPECT_DOUBLE_EQ(term("T23").high, 1.0);
  EXPECT_DOUBLE_EQ(term("T20").low, 0.2 - 0.1);
  EXPECT_DOUBLE_EQ(term("T20").high, 0.4);
  EXPECT_DOUBLE_EQ(term("T08").low, 2.15 - 0.127);
  EXPECT_DOUBLE_EQ(term("T17").low, 0.9);
  EXPECT_TRUE(std::isinf(term("T17").high));
  EXPECT_TRUE(term("T29").row.id.empty()) << "T18 and T36 say what T29 says";
}

TEST(Published, ALawThatIsOffHasNoNumbers) {
  Mechanisms m;
  m.pressure_swing = m.stripping_voids = false;
  std::vector<std::string> keys;
  for (const Number& n : ham2022_numbers(m)) keys.push_back(n.key);
  for (const char* gone : {"flaw.swing_extension", "void.height", "supply.diffusion", "fixture.yield_rate"}) EXPECT_THAT(keys, Not(Contains(gone)));
  EXPECT_EQ(keys.back(), cell_scatter);
  EXPECT_EQ(ham2022_numbers({}).size(), keys.size() + 4);
}

TEST(Published, AnswersDependOnEveryNumberThatMatters) {
  const PublishedProblem p = ham2022_problem({});
  const physics::Parameters set = p.cells->parameters();
  const auto before = p.cells->answer("full-25.5-springs", set, {});
  physics::Parameters other = set;
  other.friction *= 1.5;
  const auto after = p.cells->answer("full-25.5-springs", other, {});
  ASSERT_TRUE(before && after);
  EXPECT_GT(after->after_first_half_cycle, before->after_first_half_cycle);
  // and the fixed gap has no friction: the same answer, remembered
  EXPECT_EQ(p.cells->answer("full-25.5-fixed", set, {})->ccd, p.cells->answer("full-25.5-fixed", other, {})->ccd);
  EXPECT_THROW((void)p.cells->answer("full-25.5", set, {}), Error);
}

TEST(Published, TheCellsAreThoseOfTheStudies) {
  // What the calibration sees is what `reproduce` judges: the row's failing step is within a step of the continuous CCD.
  const PublishedProblem p = ham2022_problem({});
  const Explanation set = ham2022_explanations().front();
  std::vector<double> values;
  for (const Number& n : p.problem.numbers)
    values.push_back(n.key == cell_scatter ? 0.2 : p.cells->parameters().*(physics::find_parameter(n.key)->member));
  for (const TargetResult& r : judged_rows(set, values, std::vector<std::string>{"T07", "T23"})) {
    const auto cell = p.cells->answer(term(r.target.id).cells.front(), p.cells->parameters(), {});
    ASSERT_TRUE(cell && r.platen) << r.target.id;
    EXPECT_NEAR(cell->ccd / 10.0, *r.platen, 0.2) << r.target.id;
  }
}

template <class Do> std::string fault_of(const Do& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.diagnostics().front().code;
  }
  return "none";
}

TEST(Refits, ARecordReadsBack) {
  Refit r;
  r.explanation = "H1 H3 F";
  r.left_out = "S6";
  r.values = {1.0 / 3.0, 2e-17};
  r.cost = 51.25;
  r.converged = true;
  r.draws = {{0.1, 0.2}, {0.3, 0.4}};
  r.forecasts = {{.row = "T30", .platen = 2.0, .platen_text = "", .verdict = TargetVerdict::met, .in_band = 0.4, .likelihood = 0.1},
                 {.row = "T24", .platen = {}, .platen_text = "charge", .verdict = TargetVerdict::missed, .in_band = {}, .likelihood = {}}};
  const std::string text = refit_text(r);
  ASSERT_TRUE(parse_refit(text));
  EXPECT_EQ(*parse_refit(text), r);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_FALSE(parse_refit("notes"));
}

TEST(Refits, AJournalGoesOnWhereItEndedAndRefusesOtherFiles) {
  const auto folder = std::filesystem::temp_directory_path() / ("platen-refits-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  Refit r;
  r.explanation = "H1 H3 F";
  r.values = {1.0};
  {
    RefitJournal journal(folder / "fits.txt", "a");
    journal.add(r);
    r.left_out = "5";
    journal.add(r);
  }
  const std::string text = read_file(folder / "fits.txt");
  EXPECT_EQ(RefitJournal(folder / "fits.txt", "a").size(), 2u);
  write_file(folder / "cut.txt", text.substr(0, text.size() - 10));
  EXPECT_TRUE(RefitJournal(folder / "cut.txt", "a").find("H1 H3 F", ""));
  EXPECT_FALSE(RefitJournal(folder / "cut.txt", "a").find("H1 H3 F", "5"));
  EXPECT_EQ(fault_of([&] { RefitJournal(folder / "fits.txt", "b"); }), "D522") << "of another program";
  EXPECT_EQ(read_file(folder / "fits.txt"), text) << "what is refused is not touched";
  write_file(folder / "notes.txt", "my notes\n");
  EXPECT_EQ(fault_of([&] { RefitJournal(folder / "notes.txt", "a"); }), "D520");
  { work::JournalWriter(folder / "other.txt", "a").append("no fit"); }
  EXPECT_EQ(fault_of([&] { RefitJournal(folder / "other.txt", "a"); }), "D521");
  std::filesystem::remove_all(folder);
}

TEST(Refits, ThoseOfTheProgramAreOfEveryExplanationAndFigure) {
  const std::vector<Refit> fits = stored_refits().refits;
  for (const Explanation& e : ham2022_explanations())
    for (const char* figure : {"", "2", "3", "4", "5", "S6"})
      EXPECT_TRUE(std::any_of(fits.begin(), fits.end(), [&](const Refit& r) { return r.explanation == e.name && r.left_out == figure && r.values.size() == ham2022_numbers(e.mechanisms).size(); })) << e.name << " without " << figure;
}

TEST(LeftOut, TheStoredPredictionsAreWholeAndReadBack) {
  const LeftOut& stored = stored_left_out();
  EXPECT_EQ(parse_left_out(left_out_csv(stored)), stored);
  const LeftOutCount n = count(stored);
  EXPECT_EQ(n.rows, 22u);
  EXPECT_LE(n.bounds.low, static_cast<double>(n.hits) / 22.0);
  EXPECT_EQ(stored.numbers, ham2022_numbers({}).size());
  for (const LeftOutRow& r : stored.rows) EXPECT_EQ(figures_of(target(r.row)).front(), r.figure) << r.row;
  EXPECT_THROW(parse_left_out("figure,row\n"), Error);
  EXPECT_THROW(parse_left_out(""), Error);
}

const Refit* without(const std::vector<Refit>& fits, std::string_view figure) {
  const auto found = std::find_if(fits.begin(), fits.end(), [&](const Refit& r) { return r.explanation == ham2022_explanations().front().name && r.left_out == figure; });
  return found == fits.end() ? nullptr : &*found;
}

TEST(LeftOut, AStoredFoldIsPredictedAgain) {
  const std::vector<Refit> fits = stored_refits().refits;
  const Refit* fold = without(fits, "4");
  ASSERT_NE(fold, nullptr);
  const std::vector<std::string> rows{"T21", "T22", "T23", "T24"};
  const auto judged = judged_rows(ham2022_explanations().front(), fold->values, rows);
  ASSERT_EQ(judged.size(), rows.size());
  for (const TargetResult& r : judged) {
    const auto stored = std::find_if(stored_left_out().rows.begin(), stored_left_out().rows.end(), [&](const LeftOutRow& s) { return s.row == r.target.id; });
    ASSERT_NE(stored, stored_left_out().rows.end()) << r.target.id;
    EXPECT_EQ(stored->verdict, r.verdict) << r.target.id;
    if (r.platen) {
      EXPECT_EQ(stored->platen, fmt::format("{:.4g}", *r.platen)) << r.target.id;
    }
  }
}

/// The fit cannot be bettered much by moving single numbers by half a deviation of their priors.
void expect_no_better_neighbour(const PublishedProblem& p, std::vector<double> values, const std::vector<std::string>& keys) {
  std::vector<double> residuals(p.problem.residuals);
  const double cost = posterior_cost(p.problem, values, residuals);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const Number& n = p.problem.numbers[k];
    if (std::find(keys.begin(), keys.end(), n.key) == keys.end()) continue;
    for (const double side : {-0.5, 0.5}) {
      std::vector<double> moved = values;
      moved[k] = std::clamp(n.unscaled(n.scaled(values[k]) + side * n.prior->deviation), n.low, n.high);
      EXPECT_GT(posterior_cost(p.problem, moved, residuals), cost - 0.5) << n.key << ' ' << side;
    }
  }
}

TEST(LeftOut, AStoredFoldIsTheBestFitToTheOtherRows) {
  const std::vector<Refit> fits = stored_refits().refits;
  const Refit* fold = without(fits, "3");
  ASSERT_NE(fold, nullptr);
  expect_no_better_neighbour(ham2022_problem({}, "3"), fold->values, {"fixture.joint_stiffness", "contact.closure_time", "interface.resistance", "flaw.swing_extension"});
}

/// The numbers of the set that the program carries, with the fitted scatter between cells.
std::vector<double> numbers_of_the_set(const PublishedProblem& p) {
  std::vector<double> out;
  for (const Number& n : p.problem.numbers) // the scatter has no line in the set, only a place at its head
    out.push_back(n.key == cell_scatter ? 0.2196 : p.cells->parameters().*(physics::find_parameter(n.key)->member));
  return out;
}

TEST(PublishedSet, IsWhereTheRowsPutIt) {
  const PublishedProblem p = ham2022_problem({});
  expect_no_better_neighbour(p, numbers_of_the_set(p), {"fixture.joint_stiffness", "fixture.friction", "interface.resistance", "supply.diffusion", "flaw.swing_extension", "contact.initial"});
}

TEST(PublishedSet, IsNoWorseThanTheFitThatPredictsAndNearIt) {
  const std::vector<Refit> fits = stored_refits().refits;
  const Refit* all = without(fits, "");
  ASSERT_NE(all, nullptr);
  const PublishedProblem p = ham2022_problem({});
  const std::vector<double> values = numbers_of_the_set(p);
  std::vector<double> residuals(p.problem.residuals);
  EXPECT_LT(posterior_cost(p.problem, values, residuals), all->cost + 0.1);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const Number& n = p.problem.numbers[k];
    EXPECT_LT(std::abs(n.scaled(values[k]) - n.scaled(all->values[k])), n.prior->deviation) << n.key;
  }
}

TEST(PublishedSet, OwesEveryFittedNumberToTheCalibrationAndNoOther) {
  // What the calibration replaces is what the set calls fitted: none is left that the fit would begin from, or that it would carry along.
  std::vector<std::string> fitted, replaced;
  for (const FittedNumber& n : ham2022_fitted())
    if (n.basis == "fitted") fitted.push_back(n.key);
  for (const Number& n : ham2022_numbers({}))
    if (n.key != cell_scatter) replaced.push_back(n.key);
  EXPECT_THAT(fitted, ::testing::UnorderedElementsAreArray(replaced));
  EXPECT_THAT(built_in_set_text(), HasSubstr(fmt::format("{} numbers are fitted at once to {} rows", replaced.size() + 1, ham2022_terms().size())));
  // and a row that is a term is marked as fitted to, one that is none is not
  std::vector<std::string> marked, terms;
  for (const FittedNumber& n : ham2022_fitted()) marked.insert(marked.end(), n.rows.begin(), n.rows.end());
  for (const RowTerm& t : ham2022_terms()) EXPECT_THAT(marked, Contains(t.row.id));
  for (const char* prediction : {"T11", "T24"}) EXPECT_THAT(marked, Not(Contains(prediction)));
}

TEST(PublishedSet, IsNotWhereTheFitBegins) {
  for (const Number& n : ham2022_problem({}).problem.numbers) EXPECT_NEAR(n.scaled(n.start), n.prior->mean, 1e-9) << n.key;
}

/// A calibration that has ended at the priors' medians, with their own intervals.
Calibration at_the_priors() {
  Calibration c;
  c.problem = ham2022_problem({}).problem;
  for (const Number& n : c.problem.numbers) {
    c.fit.values.push_back(n.start);
    Knowledge known;
    known.low = n.unscaled(n.prior->mean - 1.959964 * n.prior->deviation);
    known.high = n.unscaled(n.prior->mean + 1.959964 * n.prior->deviation);
    known.learnt = 0.25;
    c.knowledge.push_back(known);
  }
  c.options.starts = 3;
  return c;
}

TEST(PublishedSet, IsWrittenWithValueRangeAndRows) {
  Calibration c = at_the_priors();
  const std::string text = set_with(built_in_set_text(), c);
  // the prior's 95 %, 2 to 20 about 7: 7 over and times the root of 10
  EXPECT_THAT(text, HasSubstr("\nresistance = { value = \"7 ohm cm2\", range = [\"2.214 ohm cm2\", \"22.14 ohm cm2\"], basis = \"fitted\", source = \"calibration to 27 rows of Ham 2022 at once, "
                              "above all T07 to T10, T17 to T20, T23, T25 to T28, T30, T31 and T36, T29 by way of T18 and T36; the rows take away 25 % of its prior's variance\""));
  EXPECT_THAT(text, HasSubstr("above all T01 to T06, T14 to T16, T21 and T22;"));
  EXPECT_THAT(text, HasSubstr("`platen calibrate ham2022 --starts 3 --output DIR`"));
  EXPECT_THAT(text, HasSubstr("20 numbers of the laws and the scatter of ln CCD between equal cells (0.256; "));
  EXPECT_THAT(text, HasSubstr("soft_from"));
  EXPECT_EQ(set_with(text, c), text) << "what stood there leaves nothing behind";
  c.knowledge.front().high.reset();
  EXPECT_THAT(set_with(text, c), HasSubstr("joint_stiffness = { value = \"0.2 MPa/um\", range = [\"0.1121 MPa/um\", \"0.6243 MPa/um\"]")) << "where a side is open: the bound";
  c.problem.numbers.front().key = "flaw.colour";
  EXPECT_THROW(set_with(text, c), Error);
}

} // namespace
} // namespace platen::calibrate
