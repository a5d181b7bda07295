#include "numerics/response_surface.hpp"

#include "base/error.hpp"
#include "numerics/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

namespace platen::numerics {
namespace {

using Shape = ResponseSurface::Shape;
constexpr std::size_t folds = 10;

std::size_t highest_power(Shape shape) {
  switch (shape) {
    case Shape::linear: return 1;
    case Shape::additive: return 3;
    case Shape::quadratic: return 2;
    case Shape::rich: return 4;
  }
  return 1;
}

bool has_products(Shape shape) { return shape == Shape::quadratic || shape == Shape::rich; }

/// Legendre's polynomials of degree one to four in 2u - 1.
std::array<double, 4> legendre(double u) {
  const double x = 2.0 * u - 1.0, x2 = x * x;
  return {x, 0.5 * (3.0 * x2 - 1.0), 0.5 * x * (5.0 * x2 - 3.0), 0.125 * ((35.0 * x2 - 30.0) * x2 + 3.0)};
}

/// Which terms a surface has: 1, the powers of each factor, the products of two. (S18)
struct Terms {
  std::vector<std::size_t> powers; ///< highest of each factor
  bool products;

  std::size_t count() const {
    const std::size_t k = powers.size();
    return 1 + std::accumulate(powers.begin(), powers.end(), std::size_t{0}) + (products ? k * (k - 1) / 2 : 0);
  }
  void at(std::span<const double> u, std::vector<double>& out) const {
    out.assign(1, 1.0);
    for (std::size_t f = 0; f < u.size(); ++f) {
      const auto p = legendre(u[f]);
      out.insert(out.end(), p.begin(), p.begin() + static_cast<std::ptrdiff_t>(powers[f]));
    }
    if (!products) return;
    for (std::size_t a = 0; a < u.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) out.push_back((2.0 * u[a] - 1.0) * (2.0 * u[b] - 1.0));
  }
};

/// Sums that least squares needs, of one fold or of all.
struct Sums {
  std::vector<double> gram, right;
  explicit Sums(std::size_t terms) : gram(terms * terms), right(terms) {}
};

std::optional<std::vector<double>> solved(Sums sums) {
  if (!cholesky(sums.gram, sums.right.size(), 1e-10)) return std::nullopt;
  cholesky_solve(sums.gram, sums.right.size(), sums.right);
  return std::move(sums.right);
}

/// The fold of a point: equal points (replicates) share one.
std::size_t fold_of(std::span<const double> u) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const double v : u) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(v)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return static_cast<std::size_t>(hash % folds);
}

struct Data {
  std::vector<std::span<const double>> points;
  std::vector<double> results;
  std::vector<std::size_t> fold;
  std::size_t different = 0;
  std::vector<std::size_t> levels; ///< different values of each factor, at most five counted
};

Terms terms_of(Shape shape, const Data& data) {
  Terms out{{}, has_products(shape)};
  for (const std::size_t levels : data.levels) out.powers.push_back(std::min(highest_power(shape), levels - 1));
  return out;
}

Data gathered(std::span<const double> points, std::span<const double> results, std::size_t k) {
  Data out;
  std::set<std::vector<double>> different;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!std::isfinite(results[i])) continue;
    const auto u = points.subspan(i * k, k);
    out.points.push_back(u);
    out.results.push_back(results[i]);
    out.fold.push_back(fold_of(u));
    different.emplace(u.begin(), u.end());
  }
  out.different = different.size();
  for (std::size_t f = 0; f < k && !out.points.empty(); ++f) {
    std::set<double> values;
    for (const auto u : out.points)
      if (values.insert(u[f]); values.size() == 5) break;
    out.levels.push_back(values.size());
  }
  return out;
}

struct Fitted {
  std::vector<double> coefficients;
  double squares = 0.0; ///< of the errors on results left out
};

std::optional<Fitted> fitted(const Data& data, const Terms& shape) {
  const std::size_t p = shape.count();
  std::vector<Sums> part(folds, Sums(p));
  std::vector<double> terms;
  for (std::size_t i = 0; i < data.results.size(); ++i) {
    shape.at(data.points[i], terms);
    Sums& sums = part[data.fold[i]];
    for (std::size_t a = 0; a < p; ++a) {
      sums.right[a] += terms[a] * data.results[i];
      for (std::size_t b = 0; b <= a; ++b) sums.gram[a * p + b] += terms[a] * terms[b];
    }
  }
  Sums all(p);
  for (const Sums& sums : part) {
    for (std::size_t a = 0; a < p * p; ++a) all.gram[a] += sums.gram[a];
    for (std::size_t a = 0; a < p; ++a) all.right[a] += sums.right[a];
  }
  const auto whole = solved(all);
  if (!whole) return std::nullopt;
  std::vector<std::vector<double>> without(folds);
  for (std::size_t f = 0; f < folds; ++f) {
    Sums rest = all;
    for (std::size_t a = 0; a < p * p; ++a) rest.gram[a] -= part[f].gram[a];
    for (std::size_t a = 0; a < p; ++a) rest.right[a] -= part[f].right[a];
    const auto left = solved(std::move(rest));
    if (!left) return std::nullopt; // some term hangs on one fold alone
    without[f] = *left;
  }
  Fitted out{*whole, 0.0};
  for (std::size_t i = 0; i < data.results.size(); ++i) { // (S19)
    shape.at(data.points[i], terms);
    const double error = data.results[i] - dot(terms.data(), without[data.fold[i]].data(), p);
    out.squares += error * error;
  }
  return out;
}

} // namespace

ResponseSurface::ResponseSurface(std::span<const double> points, std::span<const double> results, std::size_t factors)
    : factors_(factors) {
  if (factors == 0 || points.size() != results.size() * factors)
    throw Error("B004", "a response surface needs the coordinates of every result");
  const Data data = gathered(points, results, factors);
  results_ = data.results.size();
  if (results_ < 10) throw Error("B004", fmt::format("a response surface needs at least 10 results, got {}", results_));
  double mean = 0.0, variance = 0.0, best = 0.0;
  const double n = static_cast<double>(results_);
  for (const double y : data.results) mean += y / n;
  for (const double y : data.results) variance += (y - mean) * (y - mean) / n;
  for (const Shape shape : {Shape::linear, Shape::additive, Shape::quadratic, Shape::rich}) {
    const Terms terms = terms_of(shape, data);
    if (shape != Shape::linear && 3 * terms.count() > data.different) continue;
    auto fit = fitted(data, terms);
    if (!fit || (!coefficients_.empty() && !(fit->squares < best))) continue;
    best = fit->squares;
    shape_ = shape;
    powers_ = terms.powers;
    coefficients_ = std::move(fit->coefficients);
  }
  if (coefficients_.empty())
    throw Error("B004", fmt::format("{} results at {} points do not determine a response surface of {} factors", results_, data.different, factors));
  error_ = std::sqrt(best / n);
  foreseen_ = variance > 0.0 ? 1.0 - best / n / variance : 1.0;
}

double ResponseSurface::at(std::span<const double> u) const {
  std::vector<double> terms;
  Terms{powers_, has_products(shape_)}.at(u.first(factors_), terms);
  return dot(terms.data(), coefficients_.data(), terms.size());
}

double ResponseSurface::along(std::size_t factor, double u) const {
  const std::size_t first = std::accumulate(powers_.begin(), powers_.begin() + static_cast<std::ptrdiff_t>(factor), std::size_t{1});
  const auto p = legendre(u);
  return coefficients_[0] + dot(p.data(), coefficients_.data() + first, powers_[factor]); // the mean of every other term is zero
}

double ResponseSurface::along(std::size_t a, double u_a, std::size_t b, double u_b) const {
  const double apart = along(a, u_a) + along(b, u_b) - coefficients_[0];
  if (!has_products(shape_)) return apart;
  return apart + coefficients_[product_term(a, b)] * (2.0 * u_a - 1.0) * (2.0 * u_b - 1.0);
}

std::size_t ResponseSurface::product_term(std::size_t a, std::size_t b) const {
  const std::size_t high = std::max(a, b), low = std::min(a, b);
  return std::accumulate(powers_.begin(), powers_.end(), std::size_t{1}) + high * (high - 1) / 2 + low;
}

std::vector<ResponseSurface::Share> ResponseSurface::shares() const {
  std::vector<Share> out(factors_);
  double variance = 0.0;
  std::size_t term = 1;
  for (std::size_t f = 0; f < factors_; ++f)
    for (std::size_t p = 1; p <= powers_[f]; ++p, ++term) {
      const double part = coefficients_[term] * coefficients_[term] / (2.0 * static_cast<double>(p) + 1.0);
      out[f].first += part;
      out[f].total += part;
      variance += part;
    }
  for (std::size_t a = 0; has_products(shape_) && a < factors_; ++a)
    for (std::size_t b = 0; b < a; ++b, ++term) {
      const double part = coefficients_[term] * coefficients_[term] / 9.0;
      out[a].total += part;
      out[b].total += part;
      variance += part;
    }
  for (Share& share : out) {
    share.first = variance > 0.0 ? share.first / variance : 0.0;
    share.total = variance > 0.0 ? share.total / variance : 0.0;
  }
  return out;
}

std::string_view label(ResponseSurface::Shape shape) {
  switch (shape) {
    case Shape::linear: return "linear";
    case Shape::additive: return "additive, third power";
    case Shape::quadratic: return "quadratic";
    case Shape::rich: return "fourth power with products of two";
  }
  return "";
}

} // namespace platen::numerics
