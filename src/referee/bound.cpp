#include "referee/bound.hpp"

#include "numerics/block_covariance.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace platen::referee {
namespace {

constexpr double told = 3.84;        ///< 95 % of chi squared with one degree of freedom
constexpr double free_zero = 5e-3;   ///< V, what zero errors of cyclers may be
constexpr double free_level = 2e-3;  ///< V, what the level of a half cycle of a full cell may be off by
constexpr double free_habit = 3.0;   ///< relative: habits treble a resistance
constexpr double free_fade = 0.1;    ///< relative, of the capacity
constexpr double free_drop = 0.2;    ///< V, what resistances of full cells may take more or less

/// Rows of the record whose twin is known, in the order of time, half cycle by half cycle.
struct Row {
  double time, current, healthy, leaked, noise; ///< s, A, V, V, V
  double into, since, under_current, progress;  ///< 1, s, s, 1
  double load;                                  ///< 1, current over the largest
  double slope;                                 ///< V/s of the healthy twin
};
struct Block {
  std::size_t first = 0, last = 0; ///< rows [first, last)
  double duration = 0.0;           ///< s
};
struct Layout {
  std::vector<Row> rows;
  std::vector<Block> blocks; ///< rows of one direction of the current, or of a rest
};

int sign(double current, double least) { return current > least ? 1 : current < -least ? -1 : 0; }

Layout lay_out(const corpus::Twins& twins) {
  const Record& record = twins.cell.record;
  const auto t = record.real(col::test_time), i = record.real(col::current);
  Layout out;
  double most = 0.0, under_current = 0.0;
  for (const double x : i) most = std::max(most, std::abs(x));
  const double flows = 0.01 * most, span = std::max(1.0, t.back() - t.front());
  int before = 2;
  double last_current = 0.0;
  for (std::size_t k = 0; k < t.size(); ++k) {
    const int now = sign(i[k], flows);
    if (now != before || std::abs(i[k] - last_current) > 0.03 * most) out.blocks.push_back({out.rows.size(), out.rows.size(), 0.0});
    before = now;
    last_current = i[k];
    if (now != 0 && k > 0) under_current += t[k] - t[k - 1];
    if (!std::isfinite(twins.twin.leaked[k]) || !(twins.twin.noise[k] > 0.0)) continue;
    out.rows.push_back({t[k], now == 0 ? 0.0 : i[k], twins.twin.healthy[k], twins.twin.leaked[k], twins.twin.noise[k], 0.0, 0.0, under_current,
                        (t[k] - t.front()) / span, most > 0.0 ? std::abs(i[k]) / most : 0.0, 0.0});
    out.blocks.back().last = out.rows.size();
  }
  std::erase_if(out.blocks, [](const Block& b) { return b.last <= b.first; });
  for (Block& b : out.blocks) {
    b.duration = std::max(1e-6, out.rows[b.last - 1].time - out.rows[b.first].time);
    for (std::size_t k = b.first; k < b.last; ++k) {
      Row& row = out.rows[k];
      row.since = row.time - out.rows[b.first].time;
      row.into = row.since / b.duration;
      const std::size_t left = k > b.first ? k - 1 : k, right = k + 1 < b.last ? k + 1 : k;
      const double dt = out.rows[right].time - out.rows[left].time;
      row.slope = dt > 0.0 ? (out.rows[right].healthy - out.rows[left].healthy) / dt : 0.0;
    }
  }
  return out;
}

/// What habits of symmetric cells do to the voltage, each as large as habits are: all in proportion to the voltage of the twin.
void symmetric_habits(const Row& r, std::vector<double>& out) {
  const double d = r.current > 0 ? 1.0 : -1.0, p = r.progress, x = r.into, l = r.load;
  const std::array relative{1.0, d, p, p * p, std::sqrt(p), d * p, l, l * l, d * l, std::exp(-r.under_current / 120.0), std::exp(-r.under_current / 900.0),
                            std::exp(-r.under_current / 7200.0), x * l, x * x * l, x * x * l * l, x * x * l * l * l, std::exp(-6.0 * x) * l,
                            std::exp(-6.0 * x) * l * l, std::exp(-6.0 * x) * l * l * l, std::exp(-r.since / 15.0), std::exp(-r.since / 60.0),
                            std::exp(-r.since / 250.0)};
  for (const double shape : relative) out.push_back(free_habit * shape * r.healthy);
  out.push_back(free_zero);
  out.push_back(free_zero * p);
}

/// Of full cells: resistances, their habits, a capacity that fades.
void full_habits(const Row& r, std::vector<double>& out) {
  const double d = r.current > 0 ? 1.0 : r.current < 0 ? -1.0 : 0.0, p = r.progress, drop = free_drop * d * r.load;
  const double charging = d > 0 ? 1.0 : 0.0, discharging = d < 0 ? 1.0 : 0.0;
  for (const double shape : {1.0, p, p * p, charging, r.into, charging * std::exp(-r.since / 100.0), charging * std::exp(-r.since / 400.0), charging * std::exp(-r.since / 1500.0),
                             discharging * r.into * r.into, std::exp(-r.since / 300.0), std::exp(-r.since / 1500.0)})
    out.push_back(drop * shape);
  for (const double shape : {1.0, p, p * p}) out.push_back(free_fade * r.slope * r.since * shape);
  out.push_back(free_zero);
  out.push_back(free_zero * p);
}

numerics::BlockCovariance covariance_of(const Layout& layout, std::vector<double> local, const std::vector<double>& habits) {
  numerics::BlockedRows rows;
  for (const Block& b : layout.blocks) rows.begins.push_back(b.first);
  rows.begins.push_back(layout.rows.size());
  for (const Row& r : layout.rows) rows.variance.push_back(r.noise * r.noise);
  rows.own = std::move(local);
  return {std::move(rows), habits};
}

/// What of the leak the covariance does not explain, in standard deviations.
double left_of_leak(const Layout& layout, const numerics::BlockCovariance& covariance) {
  std::vector<double> leaked;
  for (const Row& r : layout.rows) leaked.push_back(r.leaked);
  const auto seen = covariance.see(leaked);
  return std::sqrt(std::max(0.0, covariance.product(seen, seen)));
}

/// What the level of each block does at random.
std::vector<double> random_levels(const Layout& layout, bool full) {
  const std::size_t rows = layout.rows.size();
  std::vector<double> out(full ? 2 * rows : rows);
  for (const Block& b : layout.blocks)
    for (std::size_t k = b.first; k < b.last; ++k) {
      const Row& r = layout.rows[k];
      out[k] = full ? free_level : bound_level * r.healthy;
      if (full) out[rows + k] = bound_charge * b.duration * r.slope;
    }
  return out;
}

/// Level, slope, bend and what passes at its start, of each block by itself; of full cells also where it begins on its curve.
std::vector<double> any_course(const Layout& layout, bool full) {
  constexpr std::size_t shapes = 5;
  const std::size_t rows = layout.rows.size();
  std::vector<double> out(shapes * rows);
  for (const Block& b : layout.blocks)
    for (std::size_t k = b.first; k < b.last; ++k) {
      const Row& r = layout.rows[k];
      const double size = full ? free_drop : free_habit * r.healthy, x = r.into;
      const std::array values{1.0, x, x * x, std::exp(-6.0 * x), full ? r.slope * b.duration / free_drop : std::exp(-r.since / 60.0)};
      for (std::size_t c = 0; c < shapes; ++c) out[c * rows + k] = size * values[c];
    }
  return out;
}

/// Habits of the cell, of usual size.
std::vector<double> habits_of(const Layout& layout, bool full) {
  const std::size_t rows = layout.rows.size();
  std::vector<double> out, one;
  for (std::size_t k = 0; k < rows; ++k) {
    one.clear();
    if (full) full_habits(layout.rows[k], one);
    else symmetric_habits(layout.rows[k], one);
    out.resize(one.size() * rows);
    for (std::size_t c = 0; c < one.size(); ++c) out[c * rows + k] = one[c];
  }
  return out;
}

} // namespace

double power(double deviations) {
  const double z = deviations + numerics::normal_quantile(bound_alarms);
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

Bound bound_of(const corpus::Twins& twins) {
  Bound out;
  const corpus::Label& label = twins.cell.label;
  if (!label.onset_from) return out;
  const Layout layout = lay_out(twins);
  if (layout.rows.empty()) return out;
  double sum = 0.0, since = 0.0;
  for (const Row& r : layout.rows) {
    const double score = std::pow(r.leaked / r.noise, 2);
    sum += score;
    if (r.time < *label.onset_from) continue;
    since += score;
    if (!out.told_after && since >= told) out.told_after = r.time - std::max(*label.onset_from, *label.onset_to);
  }
  out.known = std::sqrt(sum);
  out.habits = left_of_leak(layout, covariance_of(layout, random_levels(layout, label.full_cell), habits_of(layout, label.full_cell)));
  out.within = left_of_leak(layout, covariance_of(layout, any_course(layout, label.full_cell), {}));
  return out;
}

} // namespace platen::referee
