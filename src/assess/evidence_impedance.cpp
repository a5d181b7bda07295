#include "assess/spectra.hpp"

#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace platen::assessing {
namespace {

constexpr std::size_t least_points = 5;
constexpr double small_phase = 0.09;     ///< tan of 5 degrees: nothing but a resistance is left
constexpr double reading_error = 0.01;   ///< 1 % of the modulus, what impedance is known to (also the limit of the Kramers-Kronig test)

struct Point {
  double frequency, real, imaginary;
};

/// Usable points, high frequencies first.
std::vector<Point> sorted(const Spectrum& s) {
  std::vector<Point> out;
  for (std::size_t k = 0; k < s.size(); ++k)
    if (s.frequency[k] > 0 && std::isfinite(s.frequency[k]) && std::abs(s.real[k]) < 1e12 && std::abs(s.imaginary[k]) < 1e12)
      out.push_back({s.frequency[k], s.real[k], s.imaginary[k]});
  std::stable_sort(out.begin(), out.end(), [](const Point& a, const Point& b) { return a.frequency > b.frequency; });
  return out;
}

/// Between neighbours in log frequency; NaN outside.
double real_at(const std::vector<Point>& points, double frequency) {
  for (std::size_t k = 1; k < points.size(); ++k) {
    const Point &a = points[k - 1], &b = points[k];
    if (!(b.frequency <= frequency * 1.0001 && frequency <= a.frequency)) continue;
    if (a.frequency == b.frequency) return b.real;
    const double x = std::clamp(std::log(a.frequency / frequency) / std::log(a.frequency / b.frequency), 0.0, 1.0);
    return a.real + x * (b.real - a.real);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Where the wires' inductance gives way to the cell, else the highest frequency when hardly any phase is left
/// there and interfaces no longer answer.
std::optional<Level> ohmic(const std::vector<Point>& points) {
  // inductive from the top on: at low frequencies noise alone takes the imaginary part to and fro across zero
  for (std::size_t k = 1; k < points.size() && points[k - 1].imaginary > 0; ++k) {
    const Point &a = points[k - 1], &b = points[k];
    if (b.imaginary > 0) continue;
    const double x = a.imaginary / (a.imaginary - b.imaginary);
    const double real = a.real + x * (b.real - a.real);
    if (real > 0) return Level{real, std::max(reading_error * real, 0.5 * std::abs(b.real - a.real))};
    return std::nullopt;
  }
  const Point& top = points.front();
  if (top.frequency < thresholds::electrolyte_frequency) return std::nullopt;
  if (!(top.real > 0 && std::abs(top.imaginary) <= small_phase * top.real)) return std::nullopt;
  return Level{top.real, std::max(reading_error * top.real, std::abs(top.imaginary))};
}

/// All that answers above a tenth of where the electrolyte ends, ohm: some of the interfaces may be in it, but nothing of the
/// electrolyte is missing. Empty where the spectrum ends above.
std::optional<double> most_of_electrolyte(const std::vector<Point>& points) {
  const double real = real_at(points, 0.1 * thresholds::electrolyte_frequency);
  return real > 0 ? std::optional(real) : std::nullopt;
}

/// Real parts fall with rising frequency and interfaces do not answer up there: not more than the electrolyte has.
Level least_electrolyte(const std::vector<Point>& points) {
  Level out;
  for (const Point& p : points) {
    if (p.frequency < thresholds::electrolyte_frequency) break;
    if (p.real > 0 && (out.value == 0.0 || p.real < out.value)) out = {p.real, reading_error * p.real};
  }
  return out;
}

/// As the spectrum says, else the record at that time, else the cell file.
double thermal_at(const Record& record, const Spectrum& s) {
  double temperature = s.temperature.value_or(std::numeric_limits<double>::quiet_NaN());
  if (!std::isfinite(temperature) && record.has(col::temperature)) {
    const auto time = record.real(col::test_time), column = record.real(col::temperature);
    const auto after = static_cast<std::size_t>(std::lower_bound(time.begin(), time.end(), s.start) - time.begin());
    if (!column.empty()) temperature = column[std::min(after, column.size() - 1)];
  }
  return thermal_factor(record.cell, temperature);
}

} // namespace

SpectraBeside::SpectraBeside(const Record& record) {
  std::vector<std::pair<const Spectrum*, std::vector<Point>>> usable;
  for (const Spectrum& s : record.spectra) {
    if (!std::isfinite(s.start)) continue;
    std::vector<Point> points = sorted(s);
    if (points.size() < least_points) continue;
    lowest_ = std::max(lowest_, points.back().frequency);
    usable.emplace_back(&s, std::move(points));
  }
  for (const auto& [spectrum, points] : usable) {
    const double low = real_at(points, lowest_);
    SpectrumLevels s;
    s.time = spectrum->start;
    s.high = ohmic(points);
    s.electrolyte = s.high.value_or(least_electrolyte(points));
    s.low = {low, reading_error * std::abs(low)};
    s.thermal = thermal_at(record, *spectrum);
    if (points.front().frequency >= thresholds::electrolyte_frequency) s.bound = most_of_electrolyte(points);
    for (const Point& p : points) {
      s.frequency.push_back(p.frequency);
      s.impedance.emplace_back(p.real, p.imaginary);
    }
    levels_.push_back(std::move(s));
  }
  std::stable_sort(levels_.begin(), levels_.end(), [](const SpectrumLevels& a, const SpectrumLevels& b) { return a.time < b.time; });
}

std::optional<Level> SpectraBeside::fitted(std::size_t spectrum) const {
  const auto known = fitted_.find(spectrum);
  if (known != fitted_.end()) return known->second;
  const SpectrumLevels& s = levels_[spectrum];
  std::optional<Level> out = electrolyte_by_circuit(s.frequency, s.impedance);
  if (out) *out = Level{out->value * s.thermal, out->error * s.thermal};
  return fitted_[spectrum] = out;
}

std::optional<ImpedanceFloor> SpectraBeside::floor_between(double from, double to, double low) const {
  constexpr std::size_t most_fitted = 3;
  using Source = ImpedanceFloor::Source;
  std::optional<ImpedanceFloor> out;
  const auto lower = [&](Level level, Source source) {
    if (!out || level.value < out->level.value) out = ImpedanceFloor{level, source};
  };
  std::vector<std::size_t> in_part;
  double bound = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < levels_.size(); ++k) {
    const SpectrumLevels& s = levels_[k];
    if (s.time < from || s.time > to) continue;
    if (s.high) lower({s.high->value * s.thermal, s.high->error * s.thermal}, Source::read);
    if (!s.bound) continue;
    in_part.push_back(k);
    bound = std::min(bound, *s.bound * s.thermal);
  }
  if (out || in_part.empty()) return out;
  if (!(low < thresholds::floor_share * bound)) return ImpedanceFloor{{bound, reading_error * bound}, Source::bound};
  const std::size_t fits = std::min(most_fitted, in_part.size());
  for (std::size_t k = 0; k < fits; ++k)
    if (const auto level = fitted(in_part[fits > 1 ? k * (in_part.size() - 1) / (fits - 1) : 0])) lower(*level, Source::fitted);
  return out;
}

Evidence SpectraBeside::collapsed(const Trace& trace, double until, double frozen, const Context& context) const {
  Evidence e{"impedance that collapses", std::numeric_limits<double>::quiet_NaN(), thresholds::impedance_share, "1", false,
             trace.half_cycle.end, {}};
  const SpectrumLevels* after = nullptr;
  std::optional<Level> before;
  for (const SpectrumLevels& s : levels_) {
    if (!(s.low.value > 0)) continue;
    const bool measure = s.time <= std::min(trace.half_cycle.start, frozen);
    const double at_reference = s.low.value * s.thermal;
    if (measure && (!before || at_reference < before->value)) before = Level{at_reference, s.low.error * s.thermal};
    if (after == nullptr && s.time >= trace.half_cycle.end && s.time < until) after = &s;
  }
  if (after == nullptr || !before || !context.before.settled) {
    e.reason = "not made: no spectra before and after the half cycle";
    return e;
  }
  e.time = after->time;
  e.figure = after->low.value * after->thermal / before->value;
  weigh(e, e.figure * std::hypot(after->low.error / after->low.value, before->error / before->value), -1);
  e.fired = e.figure < e.threshold && e.threshold - e.figure > thresholds::level_noise * e.error;
  e.reason = fmt::format("after the half cycle at {} the impedance at {:.3g} Hz had {:.3g} ohm, {:.0f} % of the least before (threshold {:.0f} %)",
                         say_current(trace.mean_current(), context.area), lowest_, after->low.value, e.figure * 100, e.threshold * 100);
  return e;
}

} // namespace platen::assessing
