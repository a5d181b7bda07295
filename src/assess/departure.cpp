#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace platen::assessing {
namespace {

constexpr std::size_t most_points = 240;  ///< means of rows; each of them is tried as the beginning
constexpr std::size_t least_points = 24;
constexpr std::size_t least_after = 3;    ///< points that must follow, a step and a bend are seen in them
constexpr double settled_in = 0.1;        ///< of the rows: what the switch of the current left behind is over
constexpr double sure = 20.0;             ///< by which the misfit must shrink, in variances: one false alarm in 10^8 for two more numbers
constexpr std::size_t shapes = 5;         ///< 1, q, q2 of the healthy course; a step and a bend where the leak begins

struct Points {
  std::vector<double> x, y; ///< 1, V
  std::vector<std::size_t> row;
};

/// Means of as many rows as leave `most_points`, over [from, to).
Points thinned(std::span<const double> charge, std::span<const double> voltage, std::size_t from, std::size_t to) {
  Points out;
  const std::size_t block = std::max<std::size_t>(1, (to - from + most_points - 1) / most_points);
  const double scale = std::max(charge[to - 1] - charge[from], 1e-30);
  for (std::size_t k = from; k + block <= to; k += block) {
    double x = 0, y = 0;
    for (std::size_t j = k; j < k + block; ++j) {
      x += charge[j];
      y += voltage[j];
    }
    out.x.push_back((x / static_cast<double>(block) - charge[from]) / scale);
    out.y.push_back(y / static_cast<double>(block));
    out.row.push_back(k);
  }
  return out;
}

struct Fit {
  double misfit = std::numeric_limits<double>::infinity(); ///< V2
  double step = 0, bend = 0;                               ///< V
};

/// Least squares with the first `count` shapes, the last two beginning at point `k`.
Fit fit(const Points& p, std::size_t k, std::size_t count) {
  const std::size_t n = p.x.size();
  std::vector<double> a(n * count), b(p.y);
  for (std::size_t j = 0; j < n; ++j) {
    const double x = p.x[j], past = j >= k ? x - p.x[k] : 0.0;
    const std::array<double, shapes> values{1.0, x, x * x, j >= k ? 1.0 : 0.0, past};
    for (std::size_t c = 0; c < count; ++c) a[c * n + j] = values[c];
  }
  std::array<double, shapes> weights{};
  const double misfit = numerics::solve_least_squares(a, n, count, b, std::span(weights).first(count));
  return {misfit, weights[3], weights[4]};
}

/// Point at which the course is left downwards; the number of points where it is not.
std::size_t change_of(const Points& p) {
  const std::size_t n = p.x.size();
  if (n < least_points) return n;
  const Fit healthy = fit(p, 0, 3);
  Fit best;
  std::size_t at = n;
  for (std::size_t k = least_after; k + least_after <= n; ++k) {
    const Fit here = fit(p, k, shapes);
    if (here.misfit >= best.misfit || !(here.step <= 0.0 || here.bend <= 0.0)) continue;
    best = here;
    at = k;
  }
  const double variance = best.misfit / static_cast<double>(n - shapes - 1);
  const double fallen = at < n ? best.step + best.bend * (p.x.back() - p.x[at]) : 0.0;
  const bool sudden = best.step < -thresholds::level_noise * std::sqrt(variance);
  return sudden && fallen < 0.0 && healthy.misfit - best.misfit > sure * variance ? at : n;
}

/// The voltage less that of the last healthy charge after as much charge, where there is one; else as it is.
std::vector<double> beside_earlier(const Stroke& s, const Earlier& earlier, std::size_t rows) {
  std::vector<double> out(s.voltage.begin(), s.voltage.begin() + static_cast<std::ptrdiff_t>(rows));
  if (earlier.charges.empty()) return out;
  const Stroke& last = *earlier.charges.back();
  if (last.charge.size() < 2 || last.charge.back() < s.charge[rows - 1]) return out; // it did not get that far
  for (std::size_t k = 0; k < rows; ++k) {
    const auto above = std::max(last.charge.begin() + 1, std::lower_bound(last.charge.begin(), last.charge.end(), s.charge[k]));
    const auto j = static_cast<std::size_t>(std::min(above, last.charge.end() - 1) - last.charge.begin());
    const double span = last.charge[j] - last.charge[j - 1];
    const double x = span > 0 ? std::clamp((s.charge[k] - last.charge[j - 1]) / span, 0.0, 1.0) : 0.0;
    out[k] -= last.voltage[j - 1] + x * (last.voltage[j] - last.voltage[j - 1]);
  }
  return out;
}

constexpr std::size_t quiet_rows = 48;    ///< before a jump, whose noise it is held against
constexpr std::size_t least_quiet = 12;

} // namespace

std::optional<double> first_jump(const Stroke& charge, double until) {
  const std::vector<double>& v = charge.voltage;
  std::vector<double> before;
  for (std::size_t k = least_quiet; k + 1 < v.size() && charge.time[k] < until; ++k) {
    const double least = thresholds::dip_least + std::abs(v[k - 1] - v[k - 3]);
    const double fall = v[k - 1] - std::max(v[k], v[k + 1]);
    if (fall <= least) continue;
    const auto end = v.begin() + static_cast<std::ptrdiff_t>(k);
    before.assign(end - static_cast<std::ptrdiff_t>(std::min(k, quiet_rows)), end);
    if (fall > least + std::sqrt(2.0) * thresholds::jump_noise * noise_of(before)) return charge.time[k];
  }
  return std::nullopt;
}

double departure(const Stroke& charge, const Earlier& earlier, double seen) {
  const auto row = static_cast<std::size_t>(std::lower_bound(charge.time.begin(), charge.time.end(), seen) - charge.time.begin());
  const std::size_t rows = row > 0 ? row - 1 : 0; // the row before may have been caught by an average
  const auto first = static_cast<std::size_t>(settled_in * static_cast<double>(rows));
  if (rows < first + least_points) return seen;
  const std::vector<double> voltage = beside_earlier(charge, earlier, rows);
  const Points coarse = thinned(charge.charge, voltage, first, rows);
  const std::size_t point = change_of(coarse);
  if (point == coarse.x.size()) return seen;
  // again with every row around it
  const std::size_t middle = coarse.row[point], from = std::max(first, middle - std::min(middle, most_points / 2)),
                    to = std::min(rows, middle + most_points / 2);
  const Points fine = thinned(charge.charge, voltage, from, to);
  const std::size_t again = change_of(fine);
  return charge.time[again == fine.x.size() ? middle : fine.row[again]];
}

} // namespace platen::assessing
