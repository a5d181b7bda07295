#include "assess/offset.hpp"

#include "assess/harmonics.hpp"
#include "assess/thresholds.hpp"
#include "assess/trace.hpp"
#include "numerics/dense.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace platen::assessing {
namespace {

constexpr double at_rest = 2e-5;        ///< V, by which the voltage that a cell has by itself, at rest and under current, comes and goes (assumed)
constexpr double unequal = 0.25 * thresholds::unequal_interfaces; ///< share of the load that unequal interfaces add to a half-sum: at two of these the directions differ by unequal_interfaces
constexpr double changes = 0.015;       ///< by which the resistance differs between a half cycle and the next
constexpr double freedom = 1.0;         ///< degrees of freedom of Student's distribution: contact that is lost in one direction, or a short in one, is far away
constexpr int rounds = 12;

/// What was seen of the zero: a rest, or the half-sum of two half cycles of one step in both directions.
struct Sight {
  double time, voltage; ///< s, V
  double load;          ///< V, resistance times current: unequal interfaces add their share of that; 0 at rest
  double error;         ///< V
};

/// The later half of some rows: median, noise of a row, error of the median.
struct Level {
  double voltage, noise, error; ///< V
};
double of_median(double noise, std::size_t rows) { return 1.2533 * noise / std::sqrt(static_cast<double>(rows)); }

Level late_level(const Rows& rows, const HalfCycle& h) {
  const std::size_t from = h.first + (h.last - h.first + 1) / 2;
  const std::span<const double> late = std::span(rows.voltage).subspan(from, h.last - from + 1);
  const double noise = noise_of({late.begin(), late.end()});
  return {numerics::median(late), noise, of_median(noise, late.size())};
}

/// Rows [from, to) without current, `beside` a half cycle; `before`: V, what the cell had when the current was switched off.
void add_rest(const Rows& rows, std::size_t from, std::size_t to, const HalfCycle& h, const Level& beside, double before, std::vector<Sight>& out) {
  constexpr double none = 0.02;     // of the current beside it; half cycles too short to count are no rests
  constexpr double relaxing = 0.01; // of the voltage before
  if (to <= from) return;
  for (std::size_t k = from; k < to; ++k)
    if (std::abs(rows.current[k]) > none * std::abs(h.current)) return;
  const std::size_t half = (to - from + 1) / 2;
  const auto rest = std::span(rows.voltage).subspan(from, to - from);
  const double late = numerics::median(rest.last(half)), early = numerics::median(rest.first(half));
  if (std::abs(late) > thresholds::unknown_offset) return; // that is not the cycler's
  const double error = std::hypot(of_median(beside.noise, half), at_rest, relaxing * before);
  out.push_back({0.5 * (rows.time[from] + rows.time[to - 1]), late, 0.0, std::hypot(error, late - early)});
}

/// The half-sum of half cycle k and the one before it, of one step in both directions.
Sight half_sum(const std::vector<HalfCycle>& hs, const std::vector<Level>& levels, std::size_t k) {
  const Level &before = levels[k - 1], &here = levels[k];
  const double load = 0.5 * std::abs(here.voltage - before.voltage);
  const double noise = 0.5 * std::hypot(here.error, before.error);
  return {hs[k].start, 0.5 * (here.voltage + before.voltage), load, std::hypot(noise, changes * load, at_rest)};
}

std::vector<Sight> sights_of(const Rows& rows, const Segments& segments) {
  const auto& hs = segments.half_cycles;
  std::vector<Level> levels;
  for (const HalfCycle& h : hs) levels.push_back(late_level(rows, h));
  std::vector<Sight> out;
  std::size_t from = 0;
  for (std::size_t k = 0; k < hs.size(); ++k) {
    add_rest(rows, from, hs[k].first, hs[k], levels[k], k > 0 ? levels[k - 1].voltage : 0.0, out);
    from = hs[k].last + 2; // the row after a switch may still show the polarised cell
    if (k > 0 && hs[k].step == hs[k - 1].step && hs[k].direction != hs[k - 1].direction) out.push_back(half_sum(hs, levels, k));
  }
  if (!hs.empty()) add_rest(rows, from, rows.time.size(), hs.back(), levels.back(), levels.back().voltage, out);
  return out;
}

bool any_rest(const std::vector<Sight>& sights) {
  return std::any_of(sights.begin(), sights.end(), [](const Sight& s) { return s.load == 0.0; });
}

/// What half-sums are made of, each as large as it is in cells and cyclers: the zero, its drift and what it wanders by with the room (columns up to `zeros`), then
/// the share of the load by which one interface has more resistance than the other, at first and as that changes.
struct Columns {
  std::size_t rows, count = 0, zeros = 0;
  std::vector<double> values; // row by row
};

Columns columns_of(const std::vector<Sight>& sights) {
  const double begin = sights.front().time, span = std::max(1.0, sights.back().time - begin);
  std::vector<std::pair<double, std::function<double(const Sight&)>>> parts;
  const auto progress = [=](const Sight& s) { return (s.time - begin) / span; };
  parts.emplace_back(thresholds::unknown_offset / 3.0, [](const Sight&) { return 1.0; });
  parts.emplace_back(0.5 * thresholds::zero_drift, progress);
  // half-sums alone do not tell a zero that wanders from a leak in one direction
  if (any_rest(sights)) each_harmonic(begin, begin + span, [&](double size, auto wave) { parts.emplace_back(thresholds::zero_wander * size, [=](const Sight& s) { return wave(s.time); }); });
  Columns out{sights.size(), 0, parts.size(), {}};
  parts.emplace_back(unequal, [](const Sight& s) { return s.load; });
  parts.emplace_back(unequal, [=](const Sight& s) { return s.load * progress(s); });
  out.count = parts.size();
  for (const Sight& s : sights)
    for (const auto& [size, of] : parts) out.values.push_back(size * of(s));
  return out;
}

/// Ridge regression of the sights on the first n columns, each with its weight; `inverse` gets the covariance of the effects.
std::vector<double> effects_of(const std::vector<Sight>& sights, const Columns& columns, std::size_t n, const std::vector<double>& weights, std::vector<double>& inverse) {
  std::vector<double> out(n, 0.0), scratch(n);
  inverse.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) inverse[i * n + i] = 1.0;
  for (std::size_t k = 0; k < columns.rows; ++k) {
    const double* row = columns.values.data() + k * columns.count;
    const double weight = weights[k] / (sights[k].error * sights[k].error);
    for (std::size_t i = 0; i < n; ++i) {
      out[i] += weight * row[i] * sights[k].voltage;
      for (std::size_t j = 0; j <= i; ++j) inverse[i * n + j] += weight * row[i] * row[j];
    }
  }
  numerics::cholesky(inverse, n);
  numerics::cholesky_solve(inverse, n, out);
  numerics::cholesky_inverse(inverse, n, scratch);
  return out;
}

/// A short in one direction comes later and stays: what was seen first is believed first.
std::vector<double> first_weights(const std::vector<Sight>& sights) {
  constexpr std::size_t first_pairs = 3;
  constexpr double later = 0.01;
  std::vector<double> out;
  std::size_t pairs = 0;
  for (const Sight& s : sights) out.push_back(s.load == 0.0 || ++pairs <= first_pairs ? 1.0 : later);
  return out;
}

std::size_t after_of(const std::vector<double>& times, double time) {
  return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
}

} // namespace

Offset find_offset(const Rows& rows, const Segments& segments) {
  const std::vector<Sight> sights = sights_of(rows, segments);
  const Offset unknown{0.0, false, {rows.time.front()}, {0.0}, {thresholds::unknown_offset}};
  if (sights.empty()) return unknown;
  const Columns columns = columns_of(sights);
  const std::size_t n = columns.count;
  std::vector<double> weights = first_weights(sights), away(sights.size()), covariance, effects;
  for (int round = 0; round < rounds; ++round) {
    // at first the directions are alike
    const std::size_t fitted = round == 0 ? columns.zeros : n;
    effects = effects_of(sights, columns, fitted, weights, covariance);
    for (std::size_t k = 0; k < sights.size(); ++k) {
      away[k] = sights[k].voltage - numerics::dot(effects.data(), columns.values.data() + k * n, fitted);
      weights[k] = (freedom + 1.0) / (freedom + std::pow(away[k] / sights[k].error, 2));
    }
  }
  const bool seen = any_rest(sights);
  Offset out{0.0, true, {}, {}, {}};
  for (std::size_t k = 0; k < sights.size(); ++k) {
    const double* row = columns.values.data() + k * n;
    double variance = 0.0;
    for (std::size_t i = 0; i < columns.zeros; ++i) variance += row[i] * numerics::dot(covariance.data() + i * n, row, columns.zeros);
    out.times.push_back(sights[k].time);
    out.values.push_back(numerics::dot(effects.data(), row, columns.zeros));
    // where no rest shows it, what is not explained may be the zero as far as zeros go
    const double unexplained = seen ? 0.0 : std::min(2.0 * std::abs(away[k]), thresholds::zero_drift);
    out.errors.push_back(std::max(2.0 * std::sqrt(variance), unexplained));
    if (!std::isfinite(out.values.back()) || !std::isfinite(out.errors.back())) return unknown; // meters and clocks may say anything
  }
  out.value = numerics::median(out.values);
  return out;
}

double Offset::typical_error() const {
  double squares = 0.0;
  for (const double v : values) squares += (v - value) * (v - value);
  return std::hypot(0.5 * numerics::median(errors), std::sqrt(squares / static_cast<double>(values.size())));
}

double Offset::at(double time) const {
  const std::size_t after = after_of(times, time);
  if (after == 0) return values.front();
  if (after == times.size()) return values.back();
  const double span = times[after] - times[after - 1];
  return values[after - 1] + (span > 0 ? (time - times[after - 1]) / span : 1.0) * (values[after] - values[after - 1]);
}

double Offset::error_at(double time) const {
  const std::size_t after = after_of(times, time), last = times.size() - 1;
  return std::max(errors[std::min(after, last)], errors[after > 0 ? after - 1 : 0]);
}

} // namespace platen::assessing
