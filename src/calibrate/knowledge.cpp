#include "calibrate/knowledge.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace platen::calibrate {
namespace {

constexpr double quantile_95 = 1.959963984540054;
/// A number whose prior has kept more than this share of its variance was hardly told by the data.
constexpr double kept_by_prior = 0.7;
constexpr double together = 0.95; ///< correlation from which two numbers are known only together

std::string shown(const Number& n, double value) {
  return n.shown_in.empty() || n.shown_in == "1" ? fmt::format("{:.3g}", value) : show(value, n.shown_in, 3);
}

const Profile* profile_of(const Calibration& c, std::size_t j) {
  if (!c.profiles) return nullptr;
  const auto at = std::find_if(c.profiles->profiles.begin(), c.profiles->profiles.end(), [&](const Profile& p) { return p.number == j; });
  return at == c.profiles->profiles.end() ? nullptr : &*at;
}

Interval95 covariance_interval(const Calibration& c, std::size_t j) {
  const Number& n = c.problem.numbers[j];
  const double deviation = c.fit.deviation(j), x = n.scaled(c.fit.values[j]);
  Interval95 out;
  if (!std::isfinite(deviation) || c.fit.at_bound[j] != AtBound::inside) return out;
  const double low = x - quantile_95 * deviation, high = x + quantile_95 * deviation;
  if (low >= n.scaled(n.low)) out.low = n.unscaled(low);
  if (high <= n.scaled(n.high)) out.high = n.unscaled(high);
  return out;
}

/// (B13)
double learnt(const Calibration& c, std::size_t j) {
  const Number& n = c.problem.numbers[j];
  if (!n.prior) return 1.0;
  double variance = std::pow(c.fit.deviation(j), 2);
  if (c.posterior && c.posterior->draws.size() > 1) {
    double mean = 0.0, sum = 0.0;
    const double count = static_cast<double>(c.posterior->draws.size());
    for (const auto& d : c.posterior->draws) mean += n.scaled(d[j]) / count;
    for (const auto& d : c.posterior->draws) sum += std::pow(n.scaled(d[j]) - mean, 2) / (count - 1.0);
    variance = sum;
  }
  return std::clamp(1.0 - variance / (n.prior->deviation * n.prior->deviation), 0.0, 1.0);
}

Knowledge knowledge_of(const Calibration& c, std::size_t j) {
  const Number& n = c.problem.numbers[j];
  Knowledge out;
  for (const Source source : sources)
    if (const auto interval = interval_from(source, c, j)) {
      out.low = interval->low, out.high = interval->high;
      out.from = label(source);
      break;
    }
  out.learnt = learnt(c, j);
  const std::string name = fmt::format("`{}`", n.key);
  if (c.fit.at_bound[j] != AtBound::inside) {
    const bool low = c.fit.at_bound[j] == AtBound::low;
    out.standing = Standing::at_bound;
    out.words = fmt::format("{} stands at its {} bound, {}: the data would go further", name, low ? "lower" : "upper", shown(n, low ? n.low : n.high));
  } else if (n.prior && 1.0 - out.learnt > kept_by_prior) {
    out.standing = Standing::prior;
    out.words = fmt::format("{} is told by its prior: the data took away {:.0f} % of its variance", name, 100.0 * out.learnt);
  } else if (!out.low && !out.high) {
    out.standing = Standing::undetermined;
    out.words = fmt::format("{} is not determined: anything from {} to {} goes with the data", name, shown(n, n.low), shown(n, n.high));
  } else if (!out.low || !out.high) {
    out.standing = Standing::open;
    out.words = out.low ? fmt::format("{} is at least {}: nothing bounds it from above", name, shown(n, *out.low))
                        : fmt::format("{} is at most {}: nothing bounds it from below", name, shown(n, *out.high));
  } else {
    out.words = fmt::format("{} lies between {} and {}", name, shown(n, *out.low), shown(n, *out.high));
  }
  return out;
}

void tell_pairs(Calibration& c) {
  const std::size_t n = c.problem.numbers.size();
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t k = 0; k < j; ++k) {
      const double r = c.fit.correlation[j * n + k];
      if (std::abs(r) < together) continue;
      const Number &a = c.problem.numbers[k], &b = c.problem.numbers[j];
      if (!of_laws(a) && !of_laws(b)) continue;
      const std::string_view told = a.logarithmic && b.logarithmic ? (r > 0.0 ? "a ratio of their powers" : "a product of their powers") : "a combination";
      c.words.push_back(fmt::format("`{}` and `{}` are known only together: their correlation is {:.3f}, so that {} is told much better than either", a.key, b.key, r, told));
    }
}

} // namespace

std::string_view label(Source source) {
  static constexpr std::array<std::string_view, 3> names{"profile", "posterior", "covariance"};
  return names[static_cast<std::size_t>(source)];
}

std::optional<Interval95> interval_from(Source source, const Calibration& c, std::size_t j) {
  if (source == Source::covariance) return covariance_interval(c, j);
  if (source == Source::posterior) return c.posterior ? std::optional(Interval95{c.posterior->quantile(j, 0.025), c.posterior->quantile(j, 0.975)}) : std::nullopt;
  const Profile* p = profile_of(c, j);
  if (p == nullptr) return std::nullopt;
  Interval95 out;
  if (p->low_open == Open::closed) out.low = p->low;
  if (p->high_open == Open::closed) out.high = p->high;
  return out;
}

std::string_view label(Standing standing) {
  static constexpr std::array<std::string_view, 5> names{"determined", "prior", "at bound", "open", "not determined"};
  return names[static_cast<std::size_t>(standing)];
}

void tell_knowledge(Calibration& c) {
  c.knowledge.clear();
  c.words.clear();
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j) {
    c.knowledge.push_back(knowledge_of(c, j));
    if (c.knowledge.back().standing != Standing::determined && of_laws(c.problem.numbers[j])) c.words.push_back(c.knowledge.back().words);
  }
  tell_pairs(c);
}

} // namespace platen::calibrate
