#include "align/fit.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

namespace platen::align {
namespace {

constexpr std::size_t most_jumps = 8;
constexpr double intervals_joined = 1.5; // readings further apart do not remember each other
constexpr double largest_drift = 5e-3;
constexpr double usual_drift =
    2e-4; // standard deviation over clocks: crystals 2e-5 to 1e-4, software clocks worse
constexpr std::array relaxation_rates{3.0, 8.0, 20.0,
                                      50.0}; // per length of the log; sums of them come near any other

using Columns = std::vector<std::vector<double>>;

/// What is known of the last unknown beforehand.
struct Prior {
  double weight = 0.0, pull = 0.0; ///< variance of a reading over that of the unknown; its expected change
};

/// Least squares by the normal equations of scaled columns; columns that others explain get no coefficient.
class Normal {
public:
  Normal(const Columns& columns, std::span<const double> y, const Prior& last = {})
      : n_(columns.size()), matrix_(n_ * n_), right_(n_), scale_(n_) {
    for (std::size_t a = 0; a < n_; ++a) {
      for (std::size_t b = 0; b <= a; ++b) matrix_[a * n_ + b] = dot(columns[a], columns[b]);
      right_[a] = dot(columns[a], y);
      if (a + 1 == n_) {
        matrix_[a * n_ + a] += last.weight;
        right_[a] += last.weight * last.pull;
      }
      scale_[a] = matrix_[a * n_ + a] > 0.0 ? 1.0 / std::sqrt(matrix_[a * n_ + a]) : 0.0;
    }
    factor();
  }

  std::vector<double> solve() const {
    std::vector<double> z(n_);
    for (std::size_t a = 0; a < n_; ++a) z[a] = right_[a] * scale_[a];
    return back(forward(std::move(z)));
  }

  /// Element (a, b) of the inverse.
  double inverse(std::size_t a, std::size_t b) const {
    std::vector<double> unit(n_, 0.0);
    unit[b] = scale_[b];
    return back(forward(std::move(unit)))[a];
  }

private:
  static double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  }
  double& at(std::size_t a, std::size_t b) { return matrix_[a * n_ + b]; }
  double at(std::size_t a, std::size_t b) const { return matrix_[a * n_ + b]; }

  /// Cholesky's factors of the scaled matrix, in its lower half; a zero on the diagonal leaves the column
  /// out.
  void factor() {
    constexpr double least = 1e-11;
    for (std::size_t a = 0; a < n_; ++a)
      for (std::size_t b = 0; b <= a; ++b) at(a, b) *= scale_[a] * scale_[b];
    for (std::size_t a = 0; a < n_; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        double sum = at(a, b);
        for (std::size_t k = 0; k < b; ++k) sum -= at(a, k) * at(b, k);
        at(a, b) = at(b, b) > 0.0 ? sum / at(b, b) : 0.0;
      }
      double sum = at(a, a);
      for (std::size_t k = 0; k < a; ++k) sum -= at(a, k) * at(a, k);
      at(a, a) = sum > least ? std::sqrt(sum) : 0.0;
    }
  }
  std::vector<double> forward(std::vector<double> z) const {
    for (std::size_t a = 0; a < n_; ++a) {
      for (std::size_t k = 0; k < a; ++k) z[a] -= at(a, k) * z[k];
      z[a] = at(a, a) > 0.0 ? z[a] / at(a, a) : 0.0;
    }
    return z;
  }
  std::vector<double> back(std::vector<double> z) const {
    for (std::size_t a = n_; a-- > 0;) {
      for (std::size_t k = a + 1; k < n_; ++k) z[a] -= at(k, a) * z[k];
      z[a] = at(a, a) > 0.0 ? z[a] / at(a, a) : 0.0;
    }
    for (std::size_t a = 0; a < n_; ++a) z[a] *= scale_[a];
    return z;
  }

  std::size_t n_;
  std::vector<double> matrix_, right_, scale_;
};

/// (W5): what a reading adds to the one before it.
std::vector<double> whiten(const Samples& s, std::size_t first, std::span<const double> column,
                           double memory) {
  std::vector<double> out(column.begin(), column.end());
  if (memory <= 0.0) return out;
  const double rest = std::sqrt(1.0 - memory * memory);
  for (std::size_t i = 1; i < column.size(); ++i)
    if (s.time[first + i] - s.time[first + i - 1] <= intervals_joined * s.interval)
      out[i] = (column[i] - memory * column[i - 1]) / rest;
  return out;
}

/// Readings whose time lies within the course.
std::pair<std::size_t, std::size_t> within(const Samples& s, const Patterns& p, const ClockMap& clock) {
  const auto first = std::partition_point(s.time.begin(), s.time.end(),
                                          [&](double t) { return clock.to_data(t) < p.begin(); });
  const auto last =
      std::partition_point(first, s.time.end(), [&](double t) { return clock.to_data(t) <= p.end(); });
  return {static_cast<std::size_t>(first - s.time.begin()), static_cast<std::size_t>(last - s.time.begin())};
}

/// (W6): a clock's drift is expected to be none, within `usual_drift`.
Prior prior(const ClockFit& fit) { return {fit.variance / (usual_drift * usual_drift), -fit.clock.drift}; }

double smallest_step(const Log& log) {
  std::vector<double> values;
  for (const double v : log.value)
    if (std::isfinite(v)) values.push_back(v);
  std::sort(values.begin(), values.end());
  if (values.empty()) return 0.0;
  const double least = 1e-9 * (values.back() - values.front());
  double out = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] - values[i - 1] > least) out = std::min(out, values[i] - values[i - 1]);
  return std::isfinite(out) ? out : 0.0;
}

} // namespace

Samples samples_of(const Log& log, std::size_t most) {
  Samples out;
  std::size_t finite = 0;
  for (const double v : log.value) finite += std::isfinite(v) ? 1 : 0;
  out.merged = std::max<std::size_t>(1, (finite + most - 1) / std::max<std::size_t>(1, most));
  const double interval = usual_interval(log.time);
  out.interval = interval * static_cast<double>(out.merged);
  out.quantum = smallest_step(log) / std::sqrt(static_cast<double>(out.merged));
  const bool warm = !log.temperature.empty();
  std::vector<double> temperature;
  double t = 0.0, v = 0.0, T = 0.0, last = 0.0;
  std::size_t n = 0;
  const auto close = [&] {
    if (n == 0) return;
    const auto count = static_cast<double>(n);
    out.time.push_back(t / count);
    out.value.push_back(v / count);
    temperature.push_back(T / count);
    t = v = T = 0.0;
    n = 0;
  };
  const double origin = log.time.empty() ? 0.0 : log.time.front(); // keeps the digits of dates
  for (std::size_t i = 0; i < log.time.size(); ++i) {
    if (!std::isfinite(log.value[i]) || (warm && !std::isfinite(log.temperature[i]))) continue;
    if (n > 0 && log.time[i] - last > intervals_joined * interval) close();
    t += log.time[i] - origin;
    v += log.value[i];
    if (warm) T += log.temperature[i];
    last = log.time[i];
    if (++n == out.merged) close();
  }
  close();
  for (double& at : out.time) at += origin;
  if (out.size() < 2) return out;

  const double length = out.time.back() - out.time.front();
  out.own.resize(3 + relaxation_rates.size());
  for (const double at : out.time) { // (W2)
    const double since = at - out.time.front(), s = 2.0 * since / length - 1.0;
    out.own[0].push_back(1.0);
    out.own[1].push_back(s);
    out.own[2].push_back(s * s);
    for (std::size_t k = 0; k < relaxation_rates.size(); ++k)
      out.own[3 + k].push_back(std::exp(-relaxation_rates[k] * since / length));
  }
  if (warm) {
    const double mean = numerics::mean(temperature);
    for (double& at : temperature) at -= mean;
    out.own.push_back(std::move(temperature));
  }
  std::vector<Jump> jumps = find_jumps(log);
  std::sort(jumps.begin(), jumps.end(),
            [](const Jump& a, const Jump& b) { return std::abs(a.size) > std::abs(b.size); });
  for (std::size_t k = 0; k < std::min(most_jumps, jumps.size()); ++k) {
    out.own.emplace_back();
    for (const double at : out.time) out.own.back().push_back(at < jumps[k].time ? 0.0 : 1.0);
  }
  return out;
}

Samples part_of(const Samples& all, std::size_t first, std::size_t last) {
  const auto cut = [&](const std::vector<double>& v) {
    return std::vector<double>(v.begin() + static_cast<std::ptrdiff_t>(first),
                               v.begin() + static_cast<std::ptrdiff_t>(last));
  };
  Samples out{cut(all.time), cut(all.value), {}, all.interval, all.quantum, all.merged};
  for (const auto& column : all.own) out.own.push_back(cut(column));
  return out;
}

LinearFit fit_at(const Samples& s, const Patterns& p, const ClockMap& clock, double memory, bool with) {
  LinearFit out;
  std::tie(out.first, out.last) = within(s, p, clock);
  const std::size_t n = out.count();
  Columns columns;
  for (const auto& own : s.own)
    columns.emplace_back(own.begin() + static_cast<std::ptrdiff_t>(out.first),
                         own.begin() + static_cast<std::ptrdiff_t>(out.last));
  const std::size_t own = columns.size();
  Columns slopes;
  if (with) {
    columns.resize(own + p.count(), std::vector<double>(n));
    slopes.resize(p.count(), std::vector<double>(n));
    Patterns::Hints hints{};
    for (std::size_t i = 0; i < n; ++i) {
      const Pattern pattern = p.at(clock.to_data(s.time[out.first + i]), hints);
      for (std::size_t k = 0; k < p.count(); ++k) {
        columns[own + k][i] = pattern.value[k];
        slopes[k][i] = pattern.slope[k];
      }
    }
  }
  const std::span<const double> y = std::span(s.value).subspan(out.first, n);
  Columns white;
  for (const auto& column : columns) white.push_back(whiten(s, out.first, column, memory));
  out.coefficients = Normal(white, whiten(s, out.first, y, memory)).solve();
  out.residual.assign(y.begin(), y.end());
  out.slope.assign(n, 0.0);
  double low = 0.0, high = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    double followed = 0.0;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double part = out.coefficients[k] * columns[k][i];
      out.residual[i] -= part;
      if (k >= own) followed += part;
      if (k >= own) out.slope[i] += out.coefficients[k] * slopes[k - own][i];
    }
    low = i == 0 ? followed : std::min(low, followed);
    high = i == 0 ? followed : std::max(high, followed);
  }
  out.swing = high - low;
  if (with) out.rise = 2.0 * (out.coefficients[own] + out.coefficients[own + 2]);
  out.white = whiten(s, out.first, out.residual, memory);
  for (const double r : out.white) out.sum += r * r;
  return out;
}

ClockFit refine(const Samples& s, const Patterns& p, const ClockMap& start, double memory, bool free_drift,
                double step) {
  ClockFit out;
  out.clock = start;
  out.linear = fit_at(s, p, start, memory, true);
  const auto per_reading = [&](const LinearFit& f, const ClockMap& clock) {
    const double expected =
        free_drift ? clock.drift * clock.drift * out.variance / (usual_drift * usual_drift) : 0.0;
    return (f.sum + expected) / static_cast<double>(std::max<std::size_t>(1, f.count()));
  };
  for (int round = 0; round < 40; ++round) {
    const LinearFit& f = out.linear;
    const std::size_t n = f.count(), unknowns = f.coefficients.size() + 2;
    if (n <= unknowns + 2) return out;
    out.variance = std::max(f.sum / static_cast<double>(n - unknowns), s.quantum * s.quantum / 12.0); // (W6)
    // Columns of the model at this clock, then the two slopes with the clock.
    Columns white;
    for (const auto& own : s.own)
      white.push_back(whiten(s, f.first, std::span(own).subspan(f.first, n), memory));
    std::vector<std::vector<double>> patterns(p.count(), std::vector<double>(n));
    Patterns::Hints hints{};
    double weight = 0.0, centre = 0.0; // of the slope
    for (std::size_t i = 0; i < n; ++i) {
      const double at = s.time[f.first + i];
      const Pattern pattern = p.at(out.clock.to_data(at), hints);
      for (std::size_t k = 0; k < p.count(); ++k) patterns[k][i] = pattern.value[k];
      weight += f.slope[i] * f.slope[i];
      centre += f.slope[i] * f.slope[i] * (at - s.time[f.first]);
    }
    if (!(weight > 0.0)) return out;
    // The pivot moves to where offset and drift are told apart best; the clock stays the same.
    const double pivot = s.time[f.first] + centre / weight;
    out.clock = {out.clock.to_data(pivot) - pivot, out.clock.drift, pivot};
    for (const auto& column : patterns) white.push_back(whiten(s, f.first, column, memory));
    const std::size_t at_offset = white.size();
    white.push_back(whiten(s, f.first, f.slope, memory));
    if (free_drift) {
      std::vector<double> drift(n);
      for (std::size_t i = 0; i < n; ++i) drift[i] = f.slope[i] * (s.time[f.first + i] - pivot);
      white.push_back(whiten(s, f.first, drift, memory));
    }
    const Normal normal(white, f.white, free_drift ? prior(out) : Prior{});
    const std::vector<double> change = normal.solve();
    double by = std::clamp(change[at_offset], -step, step);
    double drift_by = free_drift ? change[at_offset + 1] : 0.0;

    const auto sigma = [&](std::size_t k) {
      return std::sqrt(out.variance * std::max(0.0, normal.inverse(k, k)));
    };
    out.offset_sigma = sigma(at_offset);
    out.drift_sigma = free_drift ? sigma(at_offset + 1) : 0.0;
    out.correlation =
        free_drift && out.offset_sigma > 0.0 && out.drift_sigma > 0.0
            ? out.variance * normal.inverse(at_offset, at_offset + 1) / (out.offset_sigma * out.drift_sigma)
            : 0.0;
    // Half the step as long as it makes things worse.
    bool better = false;
    for (int halving = 0; halving < 12 && !better; ++halving, by *= 0.5, drift_by *= 0.5) {
      const ClockMap next{out.clock.offset + by,
                          std::clamp(out.clock.drift + drift_by, -largest_drift, largest_drift), pivot};
      LinearFit tried = fit_at(s, p, next, memory, true);
      if (tried.count() <= unknowns + 2 ||
          per_reading(tried, next) > per_reading(f, out.clock) * (1.0 + 1e-12))
        continue;
      const bool still =
          std::abs(by) < 1e-3 * out.offset_sigma && std::abs(drift_by) <= 1e-3 * out.drift_sigma;
      out.clock = next;
      out.linear = std::move(tried);
      better = true;
      if (still) out.converged = true;
      break;
    }
    if (!better) { // a corner of the charge lies between: as near as it gets, and that much more uncertain
      out.converged = std::abs(change[at_offset]) < out.offset_sigma;
      out.offset_sigma = std::hypot(out.offset_sigma, change[at_offset]);
    }
    if (!better || out.converged) return out;
  }
  return out;
}

double memory_of(const Samples& s, const LinearFit& fit) {
  double squares = 0.0, products = 0.0;
  std::size_t n = 0;
  for (std::size_t i = 1; i < fit.residual.size(); ++i) {
    if (s.time[fit.first + i] - s.time[fit.first + i - 1] > intervals_joined * s.interval) continue;
    squares += 0.5 * (fit.residual[i] * fit.residual[i] + fit.residual[i - 1] * fit.residual[i - 1]);
    products += fit.residual[i] * fit.residual[i - 1];
    ++n;
  }
  if (n < 10 || !(squares > 0.0)) return 0.0;
  const double memory = products / squares;
  // Less than two standard errors of it is none.
  return memory < 2.0 / std::sqrt(static_cast<double>(n)) ? 0.0 : std::min(memory, 0.98);
}

double inflation_of(const std::vector<double>& r) {
  double squares = 0.0;
  for (const double v : r) squares += v * v;
  if (!(squares > 0.0)) return 1.0;
  double out = 1.0;
  const double noise = 2.0 / std::sqrt(static_cast<double>(r.size()));
  for (std::size_t lag = 1; lag < r.size() / 4; ++lag) {
    double products = 0.0;
    for (std::size_t i = lag; i < r.size(); ++i) products += r[i] * r[i - lag];
    const double correlation = products / squares;
    if (correlation < noise) break;
    out += 2.0 * correlation;
  }
  return out;
}

double slow_inflation_of(const std::vector<double>& r, std::size_t block, std::size_t unknowns) {
  double squares = 0.0, of_means = 0.0;
  std::size_t blocks = 0;
  for (std::size_t i = 0; i + block <= r.size(); i += block, ++blocks) {
    double sum = 0.0;
    for (std::size_t k = i; k < i + block; ++k) {
      sum += r[k];
      squares += r[k] * r[k];
    }
    of_means += sum * sum / static_cast<double>(block);
  }
  if (blocks < 2 * unknowns || !(squares > 0.0)) return 1.0;
  // The unknowns have taken their share out of the means; of single readings it is negligible.
  const double left = 1.0 - static_cast<double>(unknowns) / static_cast<double>(blocks);
  return of_means * static_cast<double>(block) / squares / left;
}

} // namespace platen::align
