#include "calibrate/descent.hpp"

#include "numerics/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>

namespace platen::calibrate {
namespace {

double squares(std::span<const double> v) { return numerics::dot(v.data(), v.data(), v.size()); }

} // namespace

Scaled::Scaled(const Problem& problem, const FitOptions& options, const work::Task& task) : problem_(problem), options_(options), task_(task) {
  for (std::size_t j = 0; j < problem.numbers.size(); ++j)
    if (problem.numbers[j].prior) priors_.push_back(j);
}

std::vector<double> Scaled::low() const {
  std::vector<double> out;
  for (const Number& n : problem_.numbers) out.push_back(n.scaled(n.low));
  return out;
}
std::vector<double> Scaled::high() const {
  std::vector<double> out;
  for (const Number& n : problem_.numbers) out.push_back(n.scaled(n.high));
  return out;
}
std::vector<double> Scaled::scaled(std::span<const double> values) const {
  std::vector<double> out(values.size());
  for (std::size_t j = 0; j < out.size(); ++j) out[j] = problem_.numbers[j].scaled(values[j]);
  return out;
}
std::vector<double> Scaled::values(std::span<const double> x) const {
  std::vector<double> out(x.size());
  for (std::size_t j = 0; j < out.size(); ++j) {
    const Number& n = problem_.numbers[j];
    out[j] = std::clamp(n.unscaled(x[j]), n.low, n.high); // exp(ln bound) may lie a digit outside
  }
  return out;
}

bool Scaled::residuals(std::span<const double> x, std::span<double> out) const {
  task_.check();
  const std::span<double> data = out.first(problem_.residuals);
  const work::Task quiet{task_.stop, {}};
  if (!problem_.evaluate(values(x), data, quiet)) return false;
  for (std::size_t k = 0; k < priors_.size(); ++k) {
    const Prior& prior = *problem_.numbers[priors_[k]].prior;
    out[problem_.residuals + k] = (x[priors_[k]] - prior.mean) / prior.deviation;
  }
  return std::all_of(out.begin(), out.end(), [](double r) { return std::isfinite(r); });
}

bool Scaled::column(std::span<const double> x, std::span<const double> at, std::size_t j, bool central, std::span<double> out) const {
  const Number& n = problem_.numbers[j];
  const double low = n.scaled(n.low), high = n.scaled(n.high);
  const double h = std::min(options_.steps.empty() ? options_.step * scale_of(n) : options_.steps[j], 0.25 * (high - low));
  if (!(h > 0.0)) {
    std::fill(out.begin(), out.end(), 0.0);
    return true;
  }
  std::vector<double> moved(x.begin(), x.end()), other(at.begin(), at.end());
  const bool up = x[j] + h <= high, down = x[j] - h >= low;
  // Forward steps go up where there is room, so that a descent that ends at an upper bound still sees past its last step.
  double above = x[j], below = x[j];
  if (up) {
    moved[j] = above = x[j] + h;
    if (!residuals(moved, out)) return false;
  } else {
    std::copy(at.begin(), at.end(), out.begin());
  }
  if (!up || (central && down)) {
    moved[j] = below = x[j] - h;
    if (!residuals(moved, other)) return false;
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = (out[i] - other[i]) / (above - below);
  return true;
}

bool Scaled::jacobian(std::span<const double> x, std::span<const double> at, std::span<const std::size_t> held, bool central,
                      std::span<double> out) const {
  std::atomic<bool> simulated{true};
  work::parallel_for(
      columns(),
      [&](std::size_t j) {
        const std::span<double> own = out.subspan(j * rows(), rows());
        if (std::find(held.begin(), held.end(), j) != held.end()) {
          std::fill(own.begin(), own.end(), 0.0);
        } else if (!column(x, at, j, central, own)) {
          simulated = false;
        }
      },
      options_.threads, {task_.stop, {}});
  return simulated;
}

namespace {

/// Where a descent has been last.
struct Place {
  std::vector<double> x, r, jacobian;
};

/// (B16), Broyden's (1965) rank-one change: the least that makes the Jacobian agree with the step from `last` to `x`, where the residuals are `r`.
void carry(Place& last, std::span<const double> x, std::span<const double> r) {
  const std::size_t rows = last.r.size();
  std::vector<double> missed(r.begin(), r.end());
  double length = 0.0;
  for (std::size_t j = 0; j < last.x.size(); ++j) {
    const double moved = x[j] - last.x[j];
    length += moved * moved;
    for (std::size_t i = 0; i < rows; ++i) missed[i] -= last.jacobian[j * rows + i] * moved;
  }
  if (!(length > 0.0)) return;
  for (std::size_t j = 0; j < last.x.size(); ++j)
    for (std::size_t i = 0; i < rows; ++i) last.jacobian[j * rows + i] += (missed[i] - last.r[i]) * (x[j] - last.x[j]) / length;
}

} // namespace

Descent descend_scaled(const Scaled& scaled, std::span<const double> from, std::span<const std::size_t> held, const FitOptions& options) {
  Descent out{{}, numerics::LeastSquares(scaled.rows(), scaled.columns())};
  out.start.from.assign(from.begin(), from.end());
  std::vector<double> x = scaled.scaled(from), low = scaled.low(), high = scaled.high();
  for (std::size_t j = 0; j < x.size(); ++j) x[j] = std::clamp(x[j], low[j], high[j]);
  for (const std::size_t j : held) low[j] = high[j] = x[j];
  if (options.rough) {
    std::vector<double> r(scaled.rows());
    if (scaled.residuals(x, r)) out.start.cost = squares(r);
  }
  for (const bool central : {false, true}) {
    if (central ? options.rough : options.near) continue;
    // The solver takes a step exactly when it lowers the cost; where it will not, no derivatives are spent on it.
    double taken = std::numeric_limits<double>::infinity();
    bool first = true;
    Place last{{}, {}, std::vector<double>(scaled.rows() * scaled.columns())};
    const auto model = [&](std::span<const double> at, std::span<double> r, std::span<double> jacobian) {
      if (!scaled.residuals(at, r)) return false;
      const double cost = squares(r);
      if (!first && !(cost < taken)) return true;
      if (options.rough && !first) carry(last, at, r);
      else if (!scaled.jacobian(at, r, held, central, last.jacobian)) return false;
      std::copy(last.jacobian.begin(), last.jacobian.end(), jacobian.begin());
      last.x.assign(at.begin(), at.end());
      last.r.assign(r.begin(), r.end());
      first = false;
      taken = cost;
      return true;
    };
    const double share = central || options.rough ? options.tolerance / std::clamp(out.start.cost, options.tolerance, 1e6) : 1e-5;
    const numerics::LeastSquaresResult result = out.solver.minimise(model, x, low, high, {options.iterations, 1e-9, share});
    out.start.iterations += result.iterations;
    out.start.simulated = std::isfinite(result.cost);
    out.start.cost = result.cost;
    out.start.converged = result.converged;
    if (!out.start.simulated) break;
  }
  out.start.values = scaled.values(x);
  return out;
}

Descent kept_descent(const Scaled& scaled, std::span<const double> from, const FitOptions& options, const Kept& kept, const std::string& key) {
  const std::size_t rows = scaled.rows(), columns = scaled.columns();
  const auto column_key = [&](std::size_t j) { return fmt::format("{} column {}", key, j + 1); };
  std::optional<Descent> made;
  // Column by column, for a whole Jacobian may be longer than a record of a journal; the start itself comes last, so that it is there only with all of them.
  const std::vector<double> row = kept.made(key, columns + 4 + rows, [&] {
    made = descend_scaled(scaled, from, {}, options);
    const auto residuals = made->solver.residuals(), jacobian = made->solver.jacobian();
    for (std::size_t j = 0; j < columns && kept.keep; ++j) kept.keep(column_key(j), jacobian.subspan(j * rows, rows));
    const Start& s = made->start;
    std::vector<double> out = s.values;
    out.insert(out.end(), {s.cost, static_cast<double>(s.iterations), s.converged ? 1.0 : 0.0, s.simulated ? 1.0 : 0.0});
    out.insert(out.end(), residuals.begin(), residuals.end());
    return out;
  });
  if (made) return std::move(*made);
  Descent out{{}, numerics::LeastSquares(rows, columns)};
  const double* rest = row.data() + columns;
  out.start = {{from.begin(), from.end()}, {row.data(), rest}, rest[0], static_cast<int>(rest[1]), rest[2] == 1.0, rest[3] == 1.0};
  if (!out.start.simulated) return out;
  const auto known = [&](std::span<const double>, std::span<double> residuals, std::span<double> jacobian) {
    std::copy_n(rest + 4, rows, residuals.begin());
    for (std::size_t j = 0; j < columns; ++j) {
      const std::optional<std::vector<double>> column = kept.find(column_key(j));
      if (!column || column->size() != rows) return false;
      std::copy_n(column->begin(), rows, jacobian.begin() + static_cast<std::ptrdiff_t>(j * rows));
    }
    return true;
  };
  std::vector<double> x = scaled.scaled(out.start.values);
  if (!std::isfinite(out.solver.minimise(known, x, scaled.low(), scaled.high(), {.iterations = 0}).cost)) return descend_scaled(scaled, from, {}, options);
  return out;
}

} // namespace platen::calibrate
