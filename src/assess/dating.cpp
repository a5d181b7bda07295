#include "assess/dating.hpp"

#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t least_rows = 6;
constexpr double like_shape = 0.5;        ///< of what levels of like half cycles differ by, their shapes do
constexpr double same_level = 0.02;       ///< levels of like half cycles differ by that much at least
constexpr double odds_against = 20.0;     ///< a sudden fall k rows before one that is known is believed at odds of 20 k^2: noise alone does it in one cell of 20
constexpr double sure = 5.0;              ///< standard errors, of means that join on to what is known to be shorted
constexpr double by_chance = 0.1;         ///< healthy falls in the rows that a way back goes over
constexpr double seldom = 10.0;           ///< times as rare as brief small falls
constexpr std::array<std::size_t, 6> windows{1, 2, 4, 8, 16, 32};

/// What the rows before the short lie at where they are highest: a leak that grows, or comes and goes, is in the others. Where that is further from the expected
/// course than like half cycles are from each other, the course.
double level_of(const Beside& b, std::size_t until) {
  constexpr double highest = 0.75, normal = 0.6745; // quantile, and that of the normal distribution
  std::vector<double> rows(b.rho.begin(), b.rho.begin() + static_cast<std::ptrdiff_t>(until));
  if (rows.size() < least_rows) return 0.0;
  const double level = numerics::quantile(rows, highest) - normal * b.sigma[rows.size() / 2];
  return level < -3.0 * b.level_error ? 0.0 : level;
}

/// Where the rows just before one are highest, dips among them apart: the second highest of six.
double highest_before(const std::vector<double>& rho, std::size_t row) {
  constexpr std::size_t before = 6;
  double highest = -std::numeric_limits<double>::infinity(), second = highest;
  for (std::size_t j = row > before ? row - before : 0; j < row; ++j) {
    second = std::max(second, std::min(highest, rho[j]));
    highest = std::max(highest, rho[j]);
  }
  return row > 1 ? second : highest;
}

/// Mean error of m rows about row k.
double error_of(const Trace& trace, const Beside& b, std::size_t k, std::size_t m) { return b.sigma[k] * trace.noise_of_means.at(m) / trace.noise; }

/// How much rarer a healthy cell has such a fall than a brief small one: what lasts is nobody's hand (A82), nor is what a cable does deep, unless all that is known beside it is a short that stays.
double rarer(double depth, bool lasting, const Habit& habit) {
  return lasting || (depth >= thresholds::drop_share && habit.opens) ? seldom : 1.0;
}

/// How far a half cycle begins below the level, in two rows, beyond what others differ by just after the switch: there clocks, capacitances and voids do not repeat. Else nothing.
double depth_of_first(const Beside& beside, double level) {
  constexpr std::size_t rows = 3;
  constexpr double beyond = 4.0; // times the range of three, which a fourth like them leaves by that much in one case of 90
  if (beside.rho.size() < rows) return 0.0;
  const double depth = level - std::max(beside.rho[0], beside.rho[1]);
  return depth >= beyond * *std::max_element(beside.range.begin(), beside.range.begin() + rows) ? depth : 0.0;
}

/// Near the middle of a window that is the first to lie low: where the rows before and after differ most, if that is a step.
std::size_t steepest(const std::vector<double>& sums, std::size_t to, std::size_t m, std::size_t row) {
  double most = thresholds::left_course;
  std::size_t out = row;
  for (std::size_t k = std::max(m, row > m ? row - m : 0); k + m <= to && k <= row + m; ++k) {
    const double step = (sums[k] - sums[k - m] - (sums[k + m] - sums[k])) / static_cast<double>(m);
    if (step <= most) continue;
    most = step;
    out = k;
  }
  return out;
}

} // namespace

std::optional<Left> low_up_to(const Trace& trace, const Beside& beside, std::size_t until, double by) {
  const std::size_t n = std::min(until, beside.rho.size());
  if (n == 0) return std::nullopt;
  // above the expected course are voids, contact, nucleation: they go, and are no level to fall from
  const double level = std::min(level_of(beside, n), by > thresholds::left_course ? same_level : 2.0 * beside.level_error);
  std::vector<double> sums(beside.rho.size() + 1, 0.0);
  std::size_t end = n, averaged = 1;
  bool start = false;
  // a leak that grows is seen in single rows late, in means of many early
  for (const std::size_t m : windows) {
    if (start || end < m) break;
    const double least = std::max({by, like_shape * beside.level_error, sure * error_of(trace, beside, end - 1, m)});
    // a deep dip among the rows is no stretch
    for (std::size_t j = 0; j < beside.rho.size(); ++j) sums[j + 1] = sums[j] + std::max(beside.rho[j] - level, -2.0 * least);
    const auto low = [&](std::size_t k) { return (sums[k + m] - sums[k]) / static_cast<double>(m) < -least; };
    std::size_t k = end - m; // the window [k, k + m)
    if (!low(k)) continue;
    while (k > 0 && low(k - 1)) --k;
    // of a window that is the first one, the first rows may still be on the course
    start = k == 0 && sums[(m + 3) / 4] / static_cast<double>((m + 3) / 4) < -0.5 * least;
    end = start ? 0 : m > 1 ? steepest(sums, n, m, k + m / 2) : k;
    averaged = m;
  }
  if (end == n) return std::nullopt;
  return Left{end, start, averaged};
}

double farthest_sudden(const Habit& habit) { return std::max(habit.reach, by_chance * seldom * thresholds::event_rare); }

std::optional<Left> last_sudden(const Trace& trace, const Beside& beside, std::size_t until, std::size_t away, const Habit& habit) {
  const std::size_t n = std::min(until, beside.rho.size());
  const double level = level_of(beside, n);
  const bool first_too = habit.opens || habit.reach > 0.0; // what fell once and stays begins with no half cycle
  const auto risen = [&](double depth) {
    for (std::size_t j = 1; j < n; ++j)
      if (beside.rho[j] > level + depth && beside.rho[j] - beside.rho[j - 1] > 0.5 * depth) return true;
    return false;
  };
  for (std::size_t k = n; k-- > 0;) {
    const double rows = static_cast<double>(away + n - k), chance = std::sqrt(2.0 * std::log(odds_against * rows * rows)); // standard deviations
    const double depth = k > 0 ? std::min(level, highest_before(beside.rho, k)) - beside.rho[k]   : first_too ? depth_of_first(beside, level) : 0.0;
    if (depth < std::max(habit.least, chance * beside.sigma[k]) || depth * trace.raw[k] < thresholds::event_steps * trace.resolution) continue;
    if (k > 0 && beside.rho[k - 1] - beside.rho[k] < 0.5 * depth) continue;
    const bool lasting = k + 2 < beside.rho.size() && std::max(beside.rho[k + 1], beside.rho[k + 2]) < level - 0.5 * depth;
    if (rows > std::max(habit.reach, by_chance * rarer(depth, lasting, habit) * thresholds::event_rare)) continue;
    if (!risen(depth)) return Left{k, false, 1};
  }
  return std::nullopt;
}

} // namespace platen::assessing
