#include "calibrate/published.hpp"

#include "base/error.hpp"
#include "calibrate/censored.hpp"
#include "calibrate/published_cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::calibrate {
namespace {

constexpr double MPa = 1e6, mA_per_cm2 = 10.0, unbounded = std::numeric_limits<double>::infinity();
constexpr double symmetric_step = 0.127, full_step = 0.1; ///< mA/cm2, of the paper's ramps (studies/ham2022)
/// Deviation of ln life between equal cells (assumed: cells live within a factor of e of each other).
constexpr double life_scatter = 1.0;
/// Cycles of the paper's life test before the one that counts: formation. What has not failed after all of them satisfies T31.
constexpr double formation = 2.0, life_end = 55.0;

enum class Quantity { lost_30_min, share_10_h, left_30_min, left_24_h, swing_while_cycling, best_hold, first_swing, after_first_charge, ccd, short_cycle, cycles };

struct Wanted {
  std::string_view row;
  Quantity quantity;
  std::vector<std::string> cells;
};

// T29 is no term: T18 and T36 were inferred from it, and a third term would count one sentence of the paper twice. T24 is a word, T11 needs
// spectra, T12, T13 and T32 to T35 are input or arithmetic: no fitted number touches them, or, T11 and T24, they are left as predictions.
const std::vector<Wanted>& wanted() {
  using enum Quantity;
  static const std::vector<Wanted> out{
      {"T01", left_30_min, {"hold-1440min"}},
      {"T02", left_24_h, {"hold-1440min"}},
      {"T03", swing_while_cycling, {"hold-1440min"}},
      {"T04", lost_30_min, {"empty-fixture", "hold-1440min"}},
      {"T05", lost_30_min, {"empty-fixture-40degC", "hold-40degC"}},
      {"T06", share_10_h, {"hold-1440min"}},
      {"T07", ccd, {"hold-1min"}},
      {"T08", ccd, {"hold-30min"}},
      {"T09", best_hold, {"hold-30min", "hold-10min", "hold-120min"}},
      {"T10", ccd, {"hold-1440min"}},
      {"T14", first_swing, {"full-6.4-fixed"}},
      {"T15", first_swing, {"full-25.5-fixed"}},
      {"T16", first_swing, {"full-51.0-fixed"}},
      {"T17", ccd, {"full-6.4-fixed"}},
      {"T18", ccd, {"full-12.8-fixed"}},
      {"T19", ccd, {"full-25.5-fixed"}},
      {"T20", ccd, {"full-51.0-fixed"}},
      {"T21", after_first_charge, {"full-25.5-fixed"}},
      {"T22", after_first_charge, {"full-25.5-springs"}},
      {"T23", ccd, {"full-25.5-springs"}},
      {"T25", ccd, {"full-12.8-fixed-1MPa"}},
      {"T26", ccd, {"full-12.8-springs-1MPa"}},
      {"T27", ccd, {"full-12.8-fixed-3MPa"}},
      {"T28", ccd, {"full-12.8-springs-3MPa"}},
      {"T30", short_cycle, {"life-fixed"}},
      {"T31", cycles, {"life-springs"}},
      {"T36", ccd, {"full-12.8-springs"}},
  };
  return out;
}

const Wanted* wanted(std::string_view row) {
  const auto found = std::find_if(wanted().begin(), wanted().end(), [&](const Wanted& w) { return w.row == row; });
  return found == wanted().end() ? nullptr : &*found;
}

/// The interval of continuous CCDs that a row leaves (mA/cm2). A stated failing step means that the step before it was passed; an inferred
/// one stands for any step of its band.
void bound_ccd(RowTerm& term) {
  const double step = term.cells.front().starts_with("hold") ? symmetric_step : full_step;
  const bool stated = term.row.basis == "stated";
  term.censored = true;
  term.low = (stated && term.row.compare != "at_least" ? *term.row.value : *term.row.low) - step;
  term.high = stated ? *term.row.value : *term.row.high;
  if (term.row.compare == "at_least") { // the CCD is this step or more, so the step before it was passed
    term.low = *term.row.low;
    term.high = unbounded;
  }
}

RowTerm term_of(const Target& row, const Wanted& w) {
  RowTerm term{.row = row, .figures = figures_of(row), .cells = w.cells};
  if (w.quantity == Quantity::ccd) bound_ccd(term);
  if (w.quantity == Quantity::short_cycle) {
    term.censored = true;
    term.low = *row.value;
    term.high = *row.value + 1.0;
  }
  return term;
}

struct Context {
  PublishedCells& cells;
  const physics::Parameters& parameters;
  double scatter;
  const work::Task& task;

  std::optional<CellAnswer> of(const std::string& study) const { return cells.answer(study, parameters, task); }
};

/// Half of what a band is wide: the deviation of the normal that stands for it (assumed). A bound without a band has what lies between it and
/// the stated value.
double deviation_of(const Target& row) {
  if (row.low && row.high) return 0.5 * (*row.high - *row.low);
  return std::abs((row.high ? *row.high : *row.low) - *row.value);
}

/// sqrt(-2 ln P) of a normal variable being above -z.
double one_sided(double z) {
  const double p = 0.5 * std::erfc(-z / std::sqrt(2.0));
  return p > 1e-300 ? std::sqrt(std::max(0.0, -2.0 * std::log(p))) : std::abs(z);
}

using Pair = std::array<double, 2>;

/// T09: the cell held for 30 min lasts longer than those just outside the row's band, each of them one cell with its scatter.
std::optional<Pair> best_hold(const RowTerm& term, const Context& context) {
  const auto best = context.of(term.cells[0]), shorter = context.of(term.cells[1]), longer = context.of(term.cells[2]);
  if (!best || !shorter || !longer) return std::nullopt;
  const double deviation = std::sqrt(2.0) * context.scatter;
  const auto against = [&](const CellAnswer& other) {
    return one_sided(std::log(std::max(best->ccd, 1e-3) / std::max(other.ccd, 1e-3)) / deviation);
  };
  return Pair{against(*shorter), against(*longer)};
}

double pressure_lost(const CellAnswer& a) { return a.lost[0] / MPa; }

/// The row's number in its unit; of several cells that must agree with it, their mean.
std::optional<double> number_of(const RowTerm& term, Quantity quantity, const Context& context) {
  double sum = 0.0;
  for (const std::string& cell : term.cells) {
    const auto a = context.of(cell);
    if (!a) return std::nullopt;
    switch (quantity) {
    case Quantity::lost_30_min: sum += pressure_lost(*a); break;
    case Quantity::left_30_min: sum += 25.0 - pressure_lost(*a); break;
    case Quantity::left_24_h: sum += 25.0 - a->lost[2] / MPa; break;
    case Quantity::share_10_h: sum += a->lost[1] / a->lost[2]; break;
    // a cell that did not live through one cycle has no swing: then its pressure has not changed
    case Quantity::swing_while_cycling: sum += std::isfinite(a->largest_swing) ? a->largest_swing / MPa : 0.0; break;
    case Quantity::first_swing: sum += a->first_swing / MPa; break;
    case Quantity::after_first_charge: sum += a->after_first_half_cycle / MPa; break;
    case Quantity::ccd: sum += a->ccd / mA_per_cm2; break;
    case Quantity::short_cycle:
    case Quantity::cycles: sum += 1.0 + std::max(a->cycles - formation, 0.0); break; // the second cycle is from 2 to 3
    case Quantity::best_hold: break;
    }
  }
  return sum / static_cast<double>(term.cells.size());
}

std::optional<Pair> residuals_of(const RowTerm& term, const Context& context) {
  const Quantity quantity = wanted(term.row.id)->quantity;
  if (quantity == Quantity::best_hold) return best_hold(term, context);
  const auto value = number_of(term, quantity, context);
  if (!value) return std::nullopt;
  if (term.censored) {
    if (!std::isfinite(*value)) return std::nullopt;
    return censored_residuals(*value, term.low, term.high, quantity == Quantity::ccd ? context.scatter : life_scatter);
  }
  if (quantity == Quantity::cycles) return Pair{std::min(0.0, std::log(*value / life_end) / life_scatter), 0.0};
  // A cell that shorts in its first cycle has no swing to be measured: as far off as eight deviations.
  if (!std::isfinite(*value)) return Pair{8.0, 0.0};
  const double z = (*value - *term.row.value) / deviation_of(term.row);
  return Pair{term.row.compare == "at_least" ? std::min(0.0, z) : z, 0.0};
}

double below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// Probability that one more cell meets the row; empty where only the likelihood says (T09).
std::optional<double> in_band(const RowTerm& term, const Context& context) {
  const Quantity quantity = wanted(term.row.id)->quantity;
  if (quantity == Quantity::best_hold) return std::nullopt;
  const auto value = number_of(term, quantity, context);
  if (!value) return std::nullopt;
  if (!std::isfinite(*value)) return 0.0;
  const double low = term.row.low.value_or(-unbounded), high = term.row.high.value_or(unbounded);
  if (!term.censored && quantity != Quantity::cycles) {
    const double deviation = deviation_of(term.row);
    return below((high - *value) / deviation) - below((low - *value) / deviation);
  }
  const double scatter = quantity == Quantity::ccd ? context.scatter : life_scatter;
  const auto share = [&](double bound) {
    return bound <= 0.0 ? 0.0 : std::isfinite(bound) ? below(std::log(bound / *value) / scatter) : 1.0;
  };
  // A step that fails within the band was not reached one step before; the second cycle lasts from 2 to 3.
  if (quantity == Quantity::ccd) return share(high) - share(low - (term.cells.front().starts_with("hold") ? symmetric_step : full_step));
  return share(quantity == Quantity::short_cycle ? high + 1.0 : unbounded) - share(low);
}

double scatter_of(std::span<const Number> numbers, std::span<const double> values) {
  for (std::size_t k = 0; k < numbers.size(); ++k)
    if (numbers[k].key == cell_scatter) return values[k];
  throw Error("B041", "no scatter between cells among the numbers");
}

bool evaluate(std::span<const RowTerm> terms, std::span<const Number> numbers, PublishedCells& cells, std::span<const double> values,
              std::span<double> residuals, const work::Task& task) {
  const physics::Parameters parameters = with_values(cells.parameters(), numbers, values);
  const Context context{cells, parameters, scatter_of(numbers, values), task};
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const auto pair = residuals_of(terms[k], context);
    if (!pair) return false;
    std::copy(pair->begin(), pair->end(), residuals.begin() + static_cast<std::ptrdiff_t>(2 * k));
  }
  return true;
}

} // namespace

std::vector<std::string> figures_of(const Target& row) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view text) {
    std::size_t end = text.starts_with('S') ? 1 : 0;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    const std::string figure(text.substr(0, end));
    if (!figure.empty() && figure != "S" && std::find(out.begin(), out.end(), figure) == out.end()) out.push_back(figure);
  };
  for (std::string_view rest = row.figure; !rest.empty();) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    add(rest.substr(0, space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  constexpr std::string_view named = "Fig. ";
  for (std::size_t at = row.note.find(named); at != std::string::npos; at = row.note.find(named, at + 1))
    add(std::string_view(row.note).substr(at + named.size()));
  return out;
}

std::vector<std::string> studies_of(std::string_view row) {
  if (row == "T09")
    return {"hold-1min", "hold-5min", "hold-10min", "hold-20min", "hold-30min", "hold-45min", "hold-60min", "hold-120min", "hold-300min", "hold-600min", "hold-1440min"};
  if (row == "T11") return {"impedance-hold"};
  if (row == "T24") return {"full-25.5-fixed"};
  if (row == "T29") return {"full-12.8-fixed", "full-12.8-springs"};
  const Wanted* w = wanted(row);
  return w == nullptr ? std::vector<std::string>{} : w->cells;
}

std::vector<RowTerm> ham2022_terms() {
  std::vector<RowTerm> out;
  for (const Target& row : ham2022_targets())
    if (const Wanted* w = wanted(row.id)) out.push_back(term_of(row, *w));
  return out;
}

PublishedProblem ham2022_problem(const Mechanisms& mechanisms, std::string_view left_out) {
  PublishedProblem out;
  out.cells = std::make_shared<PublishedCells>(mechanisms);
  out.problem.numbers = ham2022_numbers(mechanisms);
  std::vector<RowTerm> terms = ham2022_terms();
  const std::size_t all = terms.size();
  std::erase_if(terms, [&](const RowTerm& t) { return std::find(t.figures.begin(), t.figures.end(), left_out) != t.figures.end(); });
  if (!left_out.empty() && terms.size() == all) throw Error("B041", fmt::format("no row was read from Figure {}", left_out));
  for (std::size_t k = 0; k < terms.size(); ++k)
    out.problem.terms.push_back({.label = terms[k].row.id, .group = "Figure " + terms[k].figures.front(), .first = 2 * k, .count = 2});
  out.problem.residuals = 2 * terms.size();
  std::vector<double physics::Parameters::*> members;
  for (const Number& n : out.problem.numbers)
    if (n.key != cell_scatter) members.push_back(physics::find_parameter(n.key)->member);
  out.cells->depend_on(std::move(members));
  out.problem.evaluate = [terms, numbers = out.problem.numbers, cells = out.cells](std::span<const double> values, std::span<double> residuals,
                                                                                   const work::Task& task) {
    return evaluate(terms, numbers, *cells, values, residuals, task);
  };
  return out;
}

std::vector<RowChance> PublishedProblem::chances(std::span<const RowTerm> terms, std::span<const double> values, const work::Task& task) const {
  const physics::Parameters parameters = with_values(cells->parameters(), problem.numbers, values);
  const Context context{*cells, parameters, scatter_of(problem.numbers, values), task};
  std::vector<RowChance> out;
  for (const RowTerm& term : terms) {
    const auto pair = residuals_of(term, context);
    if (!pair) return {};
    RowChance chance{.likelihood = std::exp(-0.5 * ((*pair)[0] * (*pair)[0] + (*pair)[1] * (*pair)[1]))};
    chance.in_band = in_band(term, context).value_or(chance.likelihood);
    out.push_back(chance);
  }
  return out;
}

} // namespace platen::calibrate
