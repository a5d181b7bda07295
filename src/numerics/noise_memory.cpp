#include "numerics/noise_memory.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace platen::numerics {
namespace {

using Columns = std::vector<std::vector<double>>;

constexpr double dependent = 1e-7; // of a column's length that earlier ones do not explain

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Orthogonal columns from whitened ones; columns that depend on earlier ones become zero.
struct Orthogonal {
  Columns q;
  std::vector<double> length; ///< 0: left out
  std::vector<double> r;      ///< upper triangle, row by row
  std::size_t free = 0;

  Orthogonal(const Columns& columns, const NoiseFilter& filter) : q(columns), length(columns.size()), r(columns.size() * columns.size()) {
    const std::size_t k = q.size();
    for (auto& column : q) filter.whiten(column);
    for (std::size_t a = 0; a < k; ++a) {
      const double before = std::sqrt(dot(q[a], q[a]));
      for (int twice = 0; twice < 2; ++twice) // Gram and Schmidt lose digits once, not twice
        for (std::size_t b = 0; b < a; ++b) {
          if (length[b] == 0.0) continue;
          const double share = dot(q[b], q[a]);
          r[b * k + a] += share;
          for (std::size_t i = 0; i < q[a].size(); ++i) q[a][i] -= share * q[b][i];
        }
      const double after = std::sqrt(dot(q[a], q[a]));
      if (!(after > dependent * before)) continue;
      length[a] = after;
      r[a * k + a] = after;
      for (double& v : q[a]) v /= after;
      ++free;
    }
  }
  /// Takes the columns out of `y`. @returns their shares.
  std::vector<double> project(std::vector<double>& y) const {
    std::vector<double> shares(q.size());
    for (std::size_t a = 0; a < q.size(); ++a) {
      if (length[a] == 0.0) continue;
      shares[a] = dot(q[a], y);
      for (std::size_t i = 0; i < y.size(); ++i) y[i] -= shares[a] * q[a][i];
    }
    return shares;
  }
};

struct Evaluated {
  double cost = std::numeric_limits<double>::infinity(), variance = 0.0, likelihood = 0.0;
};

Evaluated evaluate(std::span<const double> time, std::span<const double> merged, std::span<const double> residual,
                   const Columns& columns, const NoiseShape& shape, double least) {
  const NoiseFilter filter(time, merged, shape);
  const Orthogonal basis(columns, filter);
  std::vector<double> y(residual.begin(), residual.end());
  filter.whiten(y);
  basis.project(y);
  const double n = static_cast<double>(y.size()), freedom = n - static_cast<double>(basis.free);
  if (!(freedom > 0.0)) return {};
  const double squares = dot(y, y);
  Evaluated out;
  least = std::max(least, std::numeric_limits<double>::min());
  out.variance = std::max(squares / freedom, least);
  out.cost = freedom * std::log(out.variance) + squares / out.variance + filter.log_determinant();
  for (const double length : basis.length)
    if (length > 0.0) out.cost += 2.0 * std::log(length);
  const double most_likely = std::max(squares / n, least);
  out.likelihood = n * std::log(2.0 * std::numbers::pi * most_likely) + squares / most_likely + filter.log_determinant();
  return out;
}

/// Where the search begins: memory between half the usual step and `most`.
std::vector<NoiseShape> starts(std::span<const double> time, double most) {
  std::vector<NoiseShape> out{{}};
  const double length = time.back() - time.front();
  if (!(length > 0.0) || time.size() < 8) return out;
  const double shortest = 0.5 * length / static_cast<double>(time.size() - 1);
  if (!(most > shortest)) return out;
  constexpr int times = 7;
  for (const double slow : {0.03, 0.3, 3.0, 30.0, 300.0, 1e4})
    for (int k = 0; k < times; ++k) out.push_back({slow, shortest * std::pow(most / shortest, static_cast<double>(k) / (times - 1))});
  return out;
}

} // namespace

NoiseFilter::NoiseFilter(std::span<const double> time, std::span<const double> merged, const NoiseShape& shape)
    : gain_(time.size()), decay_(time.size()), scale_(time.size()) {
  double spread = shape.slow;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double white = merged.empty() ? 1.0 : 1.0 / merged[i], total = spread + white;
    gain_[i] = spread / total;
    scale_[i] = 1.0 / std::sqrt(total);
    log_determinant_ += std::log(total);
    decay_[i] = i + 1 < time.size() && shape.slow > 0.0 ? std::exp(-(time[i + 1] - time[i]) / shape.time) : 0.0;
    spread = decay_[i] * decay_[i] * spread * white / total + shape.slow * (1.0 - decay_[i] * decay_[i]);
  }
}

void NoiseFilter::whiten(std::span<double> column) const {
  double expected = 0.0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    const double news = column[i] - expected;
    column[i] = news * scale_[i];
    expected = decay_[i] * (expected + gain_[i] * news);
  }
}

NoiseFit fit_noise(std::span<const double> time, std::span<const double> merged, std::span<const double> residual,
                   const Columns& columns, const NoiseLimits& limits) {
  const double least = limits.least_variance, longest = std::min(4.0 * (time.back() - time.front()), limits.longest);
  NoiseShape best;
  const Evaluated white = evaluate(time, merged, residual, columns, best, least);
  Evaluated at = white;
  for (const NoiseShape& shape : starts(time, 0.5 * longest))
    if (const Evaluated e = evaluate(time, merged, residual, columns, shape, least); e.cost < at.cost) {
      at = e;
      best = shape;
    }
  for (double step = 0.9; best.slow > 0.0 && step > 0.05;) {
    bool better = false;
    for (const auto& [slow, memory] : {std::array{step, 0.0}, {-step, 0.0}, {0.0, step}, {0.0, -step}, {step, step}, {-step, -step}}) {
      const NoiseShape tried{best.slow * std::exp(slow), std::min(longest, best.time * std::exp(memory))};
      if (const Evaluated e = evaluate(time, merged, residual, columns, tried, least); e.cost < at.cost - 1e-6) {
        at = e;
        best = tried;
        better = true;
        break;
      }
    }
    if (!better) step *= 0.5;
  }
  if (best.slow > 0.0 && white.cost < at.cost + limits.lead) return {{}, white.variance, white.cost, white.likelihood};
  return {best, at.variance, at.cost, at.likelihood};
}

LinearWithNoise fit_linear(std::span<const double> time, std::span<const double> merged, std::span<const double> y,
                           const Columns& columns, const NoiseLimits& limits) {
  return fit_linear(time, merged, y, columns, fit_noise(time, merged, y, columns, limits));
}

LinearWithNoise fit_linear(std::span<const double> time, std::span<const double> merged, std::span<const double> y,
                           const Columns& columns, const NoiseFit& noise) {
  LinearWithNoise out;
  out.noise = noise;
  const std::size_t k = columns.size();
  const NoiseFilter filter(time, merged, out.noise.shape);
  const Orthogonal basis(columns, filter);
  std::vector<double> white(y.begin(), y.end());
  filter.whiten(white);
  const std::vector<double> shares = basis.project(white);
  out.coefficients.assign(k, 0.0);
  for (std::size_t a = k; a-- > 0;) {
    if (basis.length[a] == 0.0) continue;
    double v = shares[a];
    for (std::size_t b = a + 1; b < k; ++b) v -= basis.r[a * k + b] * out.coefficients[b];
    out.coefficients[a] = v / basis.length[a];
  }
  std::vector<double> inverse(k * k); // of the triangle
  for (std::size_t c = 0; c < k; ++c)
    for (std::size_t a = c + 1; a-- > 0;) {
      if (basis.length[a] == 0.0 || basis.length[c] == 0.0) continue;
      double v = a == c ? 1.0 : 0.0;
      for (std::size_t b = a + 1; b <= c; ++b) v -= basis.r[a * k + b] * inverse[b * k + c];
      inverse[a * k + c] = v / basis.length[a];
    }
  out.covariance.assign(k * k, 0.0);
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t b = 0; b < k; ++b)
      for (std::size_t c = std::max(a, b); c < k; ++c) out.covariance[a * k + b] += out.noise.variance * inverse[a * k + c] * inverse[b * k + c];
  for (std::size_t a = 0; a < k; ++a)
    out.errors.push_back(basis.length[a] > 0.0 ? std::sqrt(out.covariance[a * k + a]) : std::numeric_limits<double>::infinity());
  out.residual.assign(y.begin(), y.end());
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t i = 0; i < out.residual.size(); ++i) out.residual[i] -= out.coefficients[a] * columns[a][i];
  return out;
}

} // namespace platen::numerics
