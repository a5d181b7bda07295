#include "groups/regression.hpp"

#include "base/error.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::groups {
namespace {

std::string unit_of(const Factor& f) { return f.shown_in.empty() ? si_unit(f.dimension) : f.shown_in; }

/// The size of one unit of `f`, SI: a slope per degC is one per K.
double unit_size(const Factor& f) {
  const auto unit = parse_unit(unit_of(f));
  return unit ? unit->factor : 1.0;
}

/// Columns of one term, and how their coefficients read.
struct Columns {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;
  std::vector<double> scale; ///< beta as shown = beta as fitted * scale
  bool exponent = false;
  std::string baseline;
};

Columns categories(std::span<const CcdRow> rows, const Term& term) {
  std::vector<Factor> levels;
  for (const CcdRow& row : rows) {
    const Factor& f = *row.find(term.factor);
    if (std::none_of(levels.begin(), levels.end(), [&](const Factor& l) { return same_level(l, f); })) levels.push_back(f);
  }
  std::sort(levels.begin(), levels.end(), lower_level);
  Columns out;
  out.baseline = fmt::format("{} = {}", term.factor, shown(levels.front()));
  for (std::size_t k = 1; k < levels.size(); ++k) {
    out.names.push_back(fmt::format("{} = {} against {}", term.factor, shown(levels[k]), shown(levels.front())));
    out.scale.push_back(1.0);
    out.values.emplace_back();
    for (const CcdRow& row : rows) out.values.back().push_back(same_level(*row.find(term.factor), levels[k]) ? 1.0 : 0.0);
  }
  return out;
}

/// Numbers are counted from their mean in units of their spread, so that the fit sees columns of like size.
Columns numbers(std::span<const CcdRow> rows, const Term& term) {
  Columns out;
  std::vector<double> values;
  for (const CcdRow& row : rows) {
    const double x = *row.find(term.factor)->number;
    if (term.kind == Term::Kind::logarithm && !(x > 0.0))
      throw Error("D468", fmt::format("log({}) needs positive numbers; `{}` has {}", term.factor, row.name, shown(*row.find(term.factor))));
    values.push_back(term.kind == Term::Kind::logarithm ? std::log(x) : x);
  }
  double mean = 0.0, spread = 0.0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) spread = std::max(spread, std::abs(v - mean));
  if (!(spread > 0.0)) return out;
  for (double& v : values) v = (v - mean) / spread;
  const Factor& example = *rows.front().find(term.factor);
  out.exponent = term.kind == Term::Kind::logarithm;
  out.names.push_back(out.exponent ? fmt::format("exponent of {}", term.factor)
                                   : fmt::format("{} per {}", term.factor, unit_of(example).empty() ? "1" : unit_of(example)));
  out.scale.push_back((out.exponent ? 1.0 : unit_size(example)) / spread);
  Factor middle = example;
  middle.number = out.exponent ? std::exp(mean) : mean;
  out.baseline = fmt::format("{} = {}", term.factor, shown(middle));
  out.values.push_back(std::move(values));
  return out;
}

Columns columns_of(std::span<const CcdRow> rows, const Term& term) {
  const bool words = std::any_of(rows.begin(), rows.end(), [&](const CcdRow& r) { return !r.find(term.factor)->number; });
  return words || term.kind == Term::Kind::category ? categories(rows, term) : numbers(rows, term);
}

Design assemble(std::span<const Columns> terms, std::size_t cells, std::optional<std::size_t> without) {
  Design out{{"intercept"}, {}};
  for (std::size_t t = 0; t < terms.size(); ++t)
    if (t != without) out.names.insert(out.names.end(), terms[t].names.begin(), terms[t].names.end());
  for (std::size_t i = 0; i < cells; ++i) {
    out.rows.push_back(1.0);
    for (std::size_t t = 0; t < terms.size(); ++t)
      if (t != without)
        for (const auto& values : terms[t].values) out.rows.push_back(values[i]);
  }
  return out;
}

Regression regress_one(Distribution distribution, std::span<const Interval> sample, std::span<const Term> terms, std::span<const Columns> columns) {
  Regression out;
  out.distribution = distribution;
  const Design design = assemble(columns, sample.size(), std::nullopt);
  out.fit = fit_aft(distribution, sample, design, 0.5);
  out.aicc = aicc(out.fit.log_likelihood, design.columns() + 1, sample.size());
  std::size_t k = 1;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    if (!columns[t].baseline.empty()) out.baseline += (out.baseline.empty() ? "" : ", ") + columns[t].baseline;
    for (std::size_t c = 0; c < columns[t].names.size(); ++c, ++k) {
      const double scale = columns[t].scale[c];
      Bounds bounds = profile_beta(out.fit, sample, design, k, Cut::small_group, 0.95, 0.5);
      bounds = {bounds.low * scale, bounds.high * scale};
      out.coefficients.push_back({columns[t].names[c], out.fit.beta[k] * scale, out.fit.standard_error(k) * scale, bounds, columns[t].exponent});
    }
    if (columns[t].names.empty()) continue;
    const double without = fit_aft(distribution, sample, assemble(columns, sample.size(), t), 0.5).log_likelihood;
    TermTest test{terms[t].kind == Term::Kind::logarithm && columns[t].exponent ? fmt::format("log({})", terms[t].factor) : terms[t].factor,
                  std::max(0.0, 2.0 * (out.fit.log_likelihood - without)), columns[t].names.size(), 1.0};
    test.p_value = numerics::chi_square_tail(test.ratio, static_cast<double>(test.freedom)); // (X7)
    out.tests.push_back(std::move(test));
  }
  return out;
}

} // namespace

Term parse_term(std::string_view text) {
  const auto inside = [&](std::string_view word) {
    return text.starts_with(word) && text.size() > word.size() + 2 && text[word.size()] == '(' && text.back() == ')'
               ? std::optional(std::string(factor_key(text.substr(word.size() + 1, text.size() - word.size() - 2))))
               : std::nullopt;
  };
  if (const auto factor = inside("log")) return {*factor, Term::Kind::logarithm};
  if (const auto factor = inside("group")) return {*factor, Term::Kind::category};
  if (text.empty() || text.find_first_of("() +*:") != std::string_view::npos)
    throw Error("U013", fmt::format("`{}` is no term of a model", text), std::nullopt,
                {"terms are `stack_pressure`, `log(hold_time)` or `group(hold_time)`, parted by commas"});
  return {std::string(factor_key(text)), Term::Kind::number};
}

std::vector<Regression> regress(std::span<const CcdRow> rows, std::span<const Interval> sample, std::span<const Term> terms) {
  std::vector<Columns> columns;
  std::size_t parameters = 2; // intercept and scatter
  for (const Term& term : terms) {
    columns.push_back(columns_of(rows, term));
    parameters += columns.back().names.size();
  }
  if (count(sample).failed() <= parameters)
    throw Error("D468", fmt::format("{} cells with a short are too few for a model of {} numbers", count(sample).failed(), parameters), std::nullopt,
                {"fewer conditions, `log(...)` instead of one level per value, or more cells"});
  std::vector<Regression> out;
  for (const Distribution d : {Distribution::weibull, Distribution::log_normal}) out.push_back(regress_one(d, sample, terms, columns));
  std::stable_sort(out.begin(), out.end(), [](const Regression& a, const Regression& b) { return a.aicc < b.aicc; });
  return out;
}

std::string shown(const Factor& factor) {
  if (!factor.number) return factor.word;
  const double size = std::abs(*factor.number);
  const std::string unit = factor.dimension != dim::time ? unit_of(factor) : size < 60.0 ? "s" : size < 7200.0 ? "min" : size < 864000.0 ? "h" : "d";
  const auto known = unit.empty() ? std::nullopt : parse_unit(unit);
  const double value = known ? (*factor.number - known->offset) / known->factor : *factor.number;
  return fmt::format("{:.4g}{}{}", value, unit.empty() ? "" : " ", unit);
}

bool same_level(const Factor& a, const Factor& b) {
  if (a.number.has_value() != b.number.has_value()) return false;
  if (!a.number) return a.word == b.word;
  return std::abs(*a.number - *b.number) <= 1e-6 * std::max(std::abs(*a.number), std::abs(*b.number));
}

bool lower_level(const Factor& a, const Factor& b) {
  if (a.number && b.number) return *a.number < *b.number;
  if (a.number.has_value() != b.number.has_value()) return a.number.has_value();
  return a.word < b.word;
}

} // namespace platen::groups
