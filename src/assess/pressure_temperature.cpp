#include "assess/pressure_series.hpp"
#include "numerics/noise_memory.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr double still = 0.1;              // of a leg of the temperature
constexpr double leg = 1.0;                // K: smaller moves of the temperature are not counted
constexpr double weak = 10.0;              // chi squared by which one hand of the readings must show in the other (Staiger and Stock 1997)
constexpr std::size_t most_levels = 12, most_merged = 500;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// (R19): the temperature at every row, given the readings of some. A process with memory beside the thermometer's noise: Kalman's filter,
/// and Rauch, Tung and Striebel's way back (AIAA Journal 3 (1965) 1445).
class Warmth {
public:
  Warmth(const std::vector<double>& time, const std::vector<double>& temperature) : time_(time), temperature_(temperature) {
    repeated_ = temperature.size() / fresh_rows(temperature).size();
    noise_ = noise_of_readings(time, temperature);
    white_ = noise_ * noise_ * static_cast<double>(repeated_); // what is repeated is no news
    middle_ = numerics::mean(temperature);
    const std::size_t each = (time.size() + most_merged - 1) / most_merged;
    std::vector<double> t, T, count;
    for (std::size_t from = 0; from < time.size(); from += each) {
      const std::size_t n = std::min(each, time.size() - from);
      t.push_back(numerics::mean(std::span(time).subspan(from, n)));
      T.push_back(numerics::mean(std::span(temperature).subspan(from, n)));
      count.push_back(static_cast<double>(n));
    }
    const std::vector<std::vector<double>> level{std::vector<double>(t.size(), 1.0)};
    const numerics::NoiseFit fit = numerics::fit_noise(t, count, T, level, {.least_variance = white_});
    variance_ = fit.variance * fit.shape.slow;
    memory_ = fit.shape.time;
  }
  double noise() const { return noise_; }               ///< K, (R1) of the thermometer
  std::size_t repeated() const { return repeated_; }    ///< rows for which a reading stands

  /// K, from the readings of rows with `use`; empty: from all of them.
  std::vector<double> from(const std::vector<char>& use) const {
    const std::size_t n = time_.size();
    std::vector<double> mean(n), spread(n), expected(n), ahead(n), decay(n);
    double m = 0.0, p = variance_;
    for (std::size_t k = 0; k < n; ++k) {
      decay[k] = k > 0 && variance_ > 0.0 ? std::exp(-(time_[k] - time_[k - 1]) / memory_) : 0.0;
      expected[k] = m = decay[k] * m;
      ahead[k] = p = decay[k] * decay[k] * p + variance_ * (1.0 - decay[k] * decay[k]);
      const double gain = p > 0.0 && (use.empty() || use[k] != 0) ? p / (p + white_) : 0.0;
      mean[k] = m += gain * (temperature_[k] - middle_ - m);
      spread[k] = p *= 1.0 - gain;
    }
    for (std::size_t k = n - 1; k-- > 0;)
      mean[k] += (ahead[k + 1] > 0.0 ? spread[k] * decay[k + 1] / ahead[k + 1] : 0.0) * (mean[k + 1] - expected[k + 1]);
    for (double& v : mean) v += middle_;
    return mean;
  }

private:
  const std::vector<double>&time_, &temperature_;
  std::size_t repeated_ = 1;
  double noise_ = 0.0, white_ = 0.0, middle_ = 0.0, variance_ = 0.0, memory_ = 1.0;
};

std::vector<double> about_mean(std::vector<double> values) {
  const double middle = numerics::mean(values);
  for (double& v : values) v -= middle;
  return values;
}

/// The temperature first, so that no other column takes its place; then all else that (R5) knows of.
std::vector<std::vector<double>> columns_of(const PressureSeries& s, const Merged& m, const std::vector<double>& temperature) {
  const std::size_t levels = std::min(most_levels, s.level.back() + 1);
  std::vector<std::vector<double>> columns{about_mean(temperature)};
  for (std::size_t level = 0; level < levels; ++level) { // each with a level and a logarithmic relaxation of its own
    std::vector<double> constant(m.size()), relaxing(m.size());
    double start = nan;
    for (std::size_t k = 0; k < m.size(); ++k) {
      if (std::min(m.level[k], levels - 1) != level) continue;
      if (std::isnan(start)) start = m.time[k];
      constant[k] = 1.0;
      relaxing[k] = std::log1p((m.time[k] - start) / 60.0);
    }
    columns.push_back(std::move(constant));
    columns.push_back(std::move(relaxing));
  }
  if (!s.charge.empty()) columns.push_back(m.charge);
  return columns;
}

/// Readings merged, with the temperature as read and as it was by (R19).
struct Regression {
  Merged read;
  std::vector<double> temperature; ///< K, as read, about its mean
  std::vector<std::vector<double>> columns;

  Regression(PressureSeries& s, const std::vector<std::size_t>& rows, std::vector<double> warmth, std::size_t most) : read(merge_readings(s, rows, most)) {
    s.temperature.swap(warmth);
    const Merged smooth = merge_readings(s, rows, most);
    s.temperature.swap(warmth);
    temperature = about_mean(read.temperature);
    columns = columns_of(s, read, smooth.temperature);
  }
  std::vector<double> without(double coefficient) const {
    std::vector<double> out = read.pressure;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= coefficient * temperature[i];
    return out;
  }
  numerics::NoiseFit noise(const std::vector<double>& rest) const { return numerics::fit_noise(read.time, read.count, rest, columns); }
  /// How `y` follows the first column, the others allowed for.
  Measured follows(const std::vector<double>& y, const numerics::NoiseFit& noise) const {
    const numerics::LinearWithNoise fit = numerics::fit_linear(read.time, read.count, y, columns, noise);
    return {fit.coefficients.front(), fit.errors.front()};
  }
};

/// (R20) from the rows of one hand.
struct OneHand {
  double coefficient = nan; ///< Pa/K
  double shown = 0.0;       ///< chi squared of the other hand's temperature in this one's
};

/// The thermometer's noise makes a regression on its readings too flat, and a noise with memory the more so, because that leaves the quick changes to
/// tell: so the readings of the other hand stand for the temperature of this one, which shares nothing with them but the temperature
/// (an instrument, in the sense of Wald, Annals of Mathematical Statistics 11 (1940) 284).
OneHand one_hand(const Regression& r) {
  OneHand out;
  const Measured seen = r.follows(r.temperature, r.noise(r.temperature));
  out.shown = seen.value > 0.0 ? std::pow(seen.value / seen.error, 2) : 0.0;
  std::vector<double> rest = r.read.pressure;
  for (int k = 0; k < 2; ++k) { // what the thermometer's noise adds to the pressure's hangs on the coefficient
    const numerics::NoiseFit noise = r.noise(rest);
    out.coefficient = r.follows(r.read.pressure, noise).value / r.follows(r.temperature, noise).value;
    rest = r.without(out.coefficient);
  }
  return out;
}

/// Legs of the temperature between turns of at least `leg`, as pairs of readings.
std::vector<std::pair<std::size_t, std::size_t>> legs_of(const std::vector<double>& T) {
  std::vector<double> steps;
  for (std::size_t k = 1; k < T.size(); ++k) steps.push_back(T[k] - T[k - 1]);
  const double least = std::max(leg, 6.0 * numerics::robust_sigma(steps));
  std::vector<std::pair<std::size_t, std::size_t>> out;
  std::size_t low = 0, high = 0, start = 0;
  int direction = 0;
  for (std::size_t k = 1; k < T.size(); ++k) {
    if (T[k] > T[high]) high = k;
    if (T[k] < T[low]) low = k;
    if (direction <= 0 && T[k] > T[low] + least) {
      if (direction < 0) out.emplace_back(start, low);
      start = low;
      high = k;
      direction = 1;
    } else if (direction >= 0 && T[k] < T[high] - least) {
      if (direction > 0) out.emplace_back(start, high);
      start = high;
      low = k;
      direction = -1;
    }
  }
  if (direction != 0) out.emplace_back(start, direction > 0 ? high : low);
  return out;
}

double range_of(const std::vector<double>& temperature) { return numerics::quantile(temperature, 0.99) - numerics::quantile(temperature, 0.01); }

/// Takes what the temperature does out of the readings, and lists its legs.
void take_out(PressureSeries& s, const Measured& coefficient) {
  const double reference = s.temperature.back();
  for (std::size_t k = 0; k < s.size(); ++k) s.clean[k] -= coefficient.value * (s.temperature[k] - reference);
  for (auto [from, to] : legs_of(s.temperature)) {
    const double change = s.temperature[to] - s.temperature[from];
    const std::size_t first = from, last = to; // what stands still before and after is no part of it
    const auto near = [&](std::size_t row, std::size_t end) { return std::abs(s.temperature[row] - s.temperature[end]) < still * std::abs(change); };
    from = last;
    while (from > first && !near(from, first)) --from;
    to = from + 1;
    while (to < last && !near(to, last)) ++to;
    s.jumps.push_back({JumpKind::thermal, s.time[from], s.time[to], coefficient.value * change, coefficient.error * std::abs(change), change,
                       fmt::format("the temperature moved by {:+.3g} K, which the pressure follows by {:#.3g} +- {:#.2g} MPa/K", change,
                                   coefficient.value * 1e-6, coefficient.error * 1e-6)});
  }
  std::sort(s.jumps.begin(), s.jumps.end(), [](const PressureJump& a, const PressureJump& b) { return a.start < b.start; });
}

} // namespace

std::optional<ThermalResponse> find_thermal_response(PressureSeries& s) {
  if (s.temperature.empty() || s.size() < 30) return std::nullopt;
  ThermalResponse out;
  const double spread = range_of(s.temperature);
  if (spread < leg) return std::nullopt;
  const Warmth warmth(s.time, s.temperature);
  // rows in two hands by turns; what a slower thermometer repeats stays in one
  std::array<std::vector<char>, 2> dealt{std::vector<char>(s.size()), std::vector<char>(s.size())};
  std::array<std::vector<std::size_t>, 2> rows;
  std::size_t hand = 0, in_hand = 0;
  for (std::size_t k = 0; k < s.size(); ++k, ++in_hand) {
    if (k > 0 && (s.temperature[k] != s.temperature[k - 1] || in_hand >= 2 * warmth.repeated())) {
      hand = 1 - hand;
      in_hand = 0;
    }
    dealt[hand][k] = 1;
    if (s.spoiled[k] == 0) rows[hand].push_back(k);
  }
  std::array<OneHand, 2> hands;
  for (const std::size_t h : {std::size_t{0}, std::size_t{1}}) {
    const Regression one(s, rows[h], warmth.from(dealt[1 - h]), most_merged / 2);
    if (one.read.size() < one.columns.size() + 4) return std::nullopt;
    hands[h] = one_hand(one);
  }
  std::vector<std::size_t> all(rows[0]);
  all.insert(all.end(), rows[1].begin(), rows[1].end());
  std::sort(all.begin(), all.end());
  std::vector<double> temperature = warmth.from({});
  const Regression both(s, all, temperature, most_merged);
  s.temperature = std::move(temperature);
  out.range = range_of(s.temperature);
  out.thermometer = warmth.noise();
  const double shown = std::min(hands[0].shown, hands[1].shown);
  if (out.range < leg || !(shown > weak)) {
    out.refused = fmt::format("the readings spread by {:.2g} K, of which the thermometer's noise ({:.2g} K) leaves {:.2g} K: too little to tell what the pressure follows", spread,
                              out.thermometer, out.range);
    return out;
  }
  out.coefficient.value = 0.5 * (hands[0].coefficient + hands[1].coefficient);
  const std::vector<double> rest = both.without(out.coefficient.value);
  const numerics::NoiseFit noise = both.noise(rest);
  out.coefficient.error = both.follows(rest, noise).error / std::abs(both.follows(both.temperature, noise).value);
  if (!std::isfinite(out.coefficient.value) || !std::isfinite(out.coefficient.error) || !(out.coefficient.error > 0.0)) return std::nullopt;
  const double t = out.coefficient.value / out.coefficient.error;
  out.correlation = t / std::sqrt(t * t + static_cast<double>(both.read.size() - both.columns.size()));
  out.removed = std::abs(t) > 4.0;
  if (out.removed) take_out(s, out.coefficient);
  return out;
}

} // namespace platen::assessing
