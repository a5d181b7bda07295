#include "calibrate/published_set.hpp"

#include "base/embedded.hpp"
#include "base/error.hpp"
#include "base/units.hpp"
#include "calibrate/published.hpp"
#include "material/built_in.hpp"
#include "physics/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace platen::calibrate {
namespace {

int row_number(const Term& term) {
  int out = 0;
  std::from_chars(term.label.data() + 1, term.label.data() + term.label.size(), out);
  return out;
}

/// "T01 to T06, T14 and T16", of rows in ascending order.
std::string rows_in_words(const std::vector<int>& rows) {
  std::vector<std::string> pieces;
  for (std::size_t k = 0; k < rows.size();) {
    std::size_t end = k;
    while (end + 1 < rows.size() && rows[end + 1] == rows[end] + 1) ++end;
    if (end > k + 1) {
      pieces.push_back(fmt::format("T{:02} to T{:02}", rows[k], rows[end]));
    } else {
      for (std::size_t i = k; i <= end; ++i) pieces.push_back(fmt::format("T{:02}", rows[i]));
    }
    k = end + 1;
  }
  std::string out;
  for (std::size_t k = 0; k < pieces.size(); ++k) out += (k == 0 ? "" : k + 1 == pieces.size() ? " and " : ", ") + pieces[k];
  return out;
}

/// Every term moves every number a little; those on pressures decide for the fixture, those on CCDs and lives for the rest.
struct Rows {
  std::string pressure, failure;
};

Rows rows_of(const Problem& problem) {
  std::vector<int> pressure, failure;
  for (const RowTerm& term : ham2022_terms())
    for (const Term& fitted : problem.terms)
      if (fitted.label == term.row.id) (term.row.quantity.find("pressure") == std::string::npos ? failure : pressure).push_back(row_number(fitted));
  return {rows_in_words(pressure), rows_in_words(failure) + ", T29 by way of T18 and T36"};
}

std::size_t law_numbers(const Problem& problem) {
  return static_cast<std::size_t>(std::count_if(problem.numbers.begin(), problem.numbers.end(), [](const Number& n) { return n.key != cell_scatter; }));
}

std::string quantity(double si, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.4g}", si) : fmt::format("\"{:.4g} {}\"", in_unit(si, unit), unit);
}

std::string entry(const Calibration& c, std::size_t j, const Rows& rows, std::string_view note) {
  const Number& n = c.problem.numbers[j];
  const Knowledge& known = c.knowledge[j];
  const physics::ParameterInfo& limits = *physics::find_parameter(n.key);
  const double value = c.fit.values[j];
  const double low = std::max(std::min(known.low.value_or(n.low), value), limits.low), high = std::min(std::max(known.high.value_or(n.high), value), limits.high);
  const std::string told = known.standing == Standing::at_bound ? "stands at its bound" : fmt::format("the rows take away {:.0f} % of its prior's variance", 100.0 * known.learnt);
  return fmt::format("{} = {{ value = {}, range = [{}, {}], basis = \"fitted\", source = \"calibration to {} rows of Ham 2022 at once, above all {}; {}\"{} }}",
                     n.key.substr(n.key.find('.') + 1), quantity(value, n.shown_in), quantity(low, n.shown_in), quantity(high, n.shown_in), c.problem.terms.size(),
                     n.key.starts_with("fixture.") ? rows.pressure : rows.failure, told, note);
}

/// `, note = "..."` of a line, empty when it has none.
std::string_view note_of(std::string_view line) {
  const std::size_t at = line.find(", note = ");
  return at == std::string_view::npos ? "" : line.substr(at, line.rfind(" }") - at);
}

std::string scatter_in_words(const Calibration& c) {
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j)
    if (c.problem.numbers[j].key == cell_scatter)
      return fmt::format("the scatter of ln CCD between equal cells ({:.3g}; 95 % {:.3g} to {:.3g})", c.fit.values[j], c.knowledge[j].low.value_or(c.problem.numbers[j].low),
                         c.knowledge[j].high.value_or(c.problem.numbers[j].high));
  throw Error("B041", "no scatter between cells among the numbers");
}

std::string head(const Calibration& c) {
  const std::size_t laws = law_numbers(c.problem);
  return fmt::format(
      "# Parameters of the laws for the cells and the fixture of Ham et al. 2022 (doi:10.1016/j.ensm.2022.12.013).\n"
      "#\n"
      "# Written by `platen calibrate ham2022{}{} --output DIR` (DIR/set.toml), which gives it again whatever fitted numbers stand here: it begins\n"
      "# at the priors (docs/theory/fit.md). {} numbers are fitted at once to {} rows of data/targets/ham2022.csv on pressure, CCD and life (T01 ...):\n"
      "# {} numbers of the laws and {}.\n"
      "# -2 ln likelihood (but for a constant) {:.4g}, -2 ln posterior {:.4g}. That these rows are met is no evidence for the laws; that fits without a\n"
      "# figure meet its rows would be: `platen reproduce ham2022 --leave-one-figure-out`.\n"
      "#\n"
      "# Every number says how well it is known: stated (in that paper), read (in another text), recalled (from memory of a text:\n"
      "# verify before quoting), derived (calculated), assumed, fitted. `range` is what the sources allow, of fitted numbers the 95 % interval.\n",
      c.options.starts > 1 ? fmt::format(" --starts {}", c.options.starts) : "", c.options.seed != 1 ? fmt::format(" --seed {}", c.options.seed) : "",
      c.problem.numbers.size(), c.problem.terms.size(), laws, scatter_in_words(c), c.fit.deviance, c.fit.cost);
}

} // namespace

std::string set_with(std::string text, const Calibration& c) {
  std::size_t body = 0;
  while (text.substr(body, 1) == "#") body = std::min(text.find('\n', body), text.size() - 1) + 1;
  text.replace(0, body, head(c));
  const Rows rows = rows_of(c.problem);
  for (std::size_t k = 0; k < c.problem.numbers.size(); ++k) {
    const std::string& key = c.problem.numbers[k].key;
    if (key == cell_scatter) continue;
    const std::size_t dot = key.find('.');
    const std::size_t section = text.find(fmt::format("\n[{}]", key.substr(0, dot)));
    const std::size_t at = section == std::string::npos ? section : text.find(fmt::format("\n{} = {{", key.substr(dot + 1)), section);
    const std::size_t next = section == std::string::npos ? section : text.find("\n[", section + 1);
    if (at == std::string::npos || at > next) throw Error("B041", fmt::format("the set has no line for {}", key));
    const std::size_t end = text.find('\n', at + 1);
    const std::string line = text.substr(at + 1, end - at - 1);
    text.replace(at + 1, line.size(), entry(c, k, rows, note_of(line)));
  }
  return text;
}

std::string built_in_set_text() {
  for (const EmbeddedText& file : material::built_in_sets())
    if (file.name == "Ham2022") return std::string(file.text);
  throw Error("B041", "set Ham2022 is not part of the program");
}

} // namespace platen::calibrate
