#include "assess/trace.hpp"

#include "assess/beside.hpp"
#include "assess/thresholds.hpp"
#include "base/constants.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

/// Of a step of the voltage: two levels and the zero are each off by half of one at most, which is six times this.
constexpr double level_blur = 0.25;

bool measured(double v) { return std::abs(v) < 1e12; } // nothing here is larger; sums of larger numbers could overflow

std::vector<double> filled(std::span<const double> column) {
  std::vector<double> out(column.begin(), column.end());
  const auto first = std::find_if(out.begin(), out.end(), measured);
  double before = first == out.end() ? 0.0 : *first;
  for (double& v : out) {
    if (!measured(v)) v = before;
    before = v;
  }
  return out;
}

bool possible_temperature(double kelvin) { return kelvin > 100 && kelvin < 1000; }

double median3(double a, double b, double c) { return std::max(std::min(a, b), std::min(std::max(a, b), c)); }

/// (A3): scatter about a moving mean over 21 rows, which follows any straight trend exactly.
double scatter_of(const std::vector<double>& raw) {
  const std::size_t n = raw.size();
  const std::size_t half = std::min<std::size_t>(10, n / 6);
  if (half == 0) return 0.0;
  std::vector<double> sum(n + 1, 0.0), away;
  for (std::size_t k = 0; k < n; ++k) sum[k + 1] = sum[k] + raw[k];
  for (std::size_t k = half; k + half < n; ++k)
    away.push_back(raw[k] - (sum[k + half + 1] - sum[k - half]) / static_cast<double>(2 * half + 1));
  return away.empty() ? 0.0 : numerics::robust_sigma(away);
}

/// Largest noise of a stretch of 21 rows; 0 for a half cycle shorter than two of them. The first stretch is left out: capacitances are
/// charged there.
double burst_of(const std::vector<double>& raw) {
  constexpr std::size_t stretch = 21;
  double most = 0.0;
  std::array<double, stretch - 2> second;
  for (std::size_t from = stretch; from + stretch <= raw.size(); from += stretch) {
    for (std::size_t k = 0; k < second.size(); ++k)
      second[k] = std::abs(raw[from + k + 2] - 2.0 * raw[from + k + 1] + raw[from + k]);
    std::nth_element(second.begin(), second.begin() + second.size() / 2, second.end());
    most = std::max(most, second[second.size() / 2] / (0.6745 * std::sqrt(6.0)));
  }
  return most;
}

/// (A4): means over blocks long enough that noise moves a block by no more than 3 %.
std::vector<double> block_means(const Trace& trace, std::size_t& block) {
  const std::size_t n = trace.r.size();
  const double u = std::abs(numerics::median(trace.u));
  const double wanted = u > 0 ? std::pow(trace.noise / (0.03 * u), 2) : 0.0;
  const auto most = std::max<std::size_t>(1, n / 8);
  block = wanted < static_cast<double>(most) ? std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(wanted))) : most;
  std::vector<double> out;
  for (std::size_t k = 0; k + block <= n; k += block) {
    double sum = 0;
    for (std::size_t j = k; j < k + block; ++j) sum += trace.r[j];
    out.push_back(sum / static_cast<double>(block));
  }
  return out;
}

void measure_levels(Trace& trace, const Offset& offset) {
  std::size_t block = 1;
  const std::vector<double> means = block_means(trace, block);
  const std::size_t n = trace.r.size();
  const std::span<const double> r(trace.r);
  trace.low = numerics::quantile(means, 0.1);
  trace.middle = numerics::median(trace.r);
  trace.end = numerics::median(r.last(std::max<std::size_t>(1, n / 20)));
  const double spread = numerics::quantile(means, 0.95) - numerics::quantile(means, 0.05);
  trace.shape = trace.middle > 0 ? spread / trace.middle : 0.0;
  // rounding averages out only where noise spreads the rows over several steps
  trace.level_noise = std::max(trace.noise / std::sqrt(static_cast<double>(block)), trace.rounding);
  trace.middle_noise = std::max(1.2533 * trace.noise / std::sqrt(static_cast<double>(n)), trace.rounding); // of a median: sqrt(pi/2)
  trace.offset_error = offset.error_at(trace.half_cycle.start);
}

void measure_course(Trace& trace) {
  std::vector<double> sums(course_parts, 0.0), rows(course_parts, 0.0);
  for (std::size_t k = 0; k < trace.r.size(); ++k) {
    const std::size_t part = trace.part_of(k);
    sums[part] += trace.r[k];
    rows[part] += 1.0;
  }
  for (std::size_t part = 0; part < course_parts; ++part)
    trace.course.push_back(rows[part] > 0 ? sums[part] / rows[part] : std::numeric_limits<double>::quiet_NaN());
}

/// (A47): how far the resistance falls within the half cycle, once what follows a reversal is over.
void measure_sinking(Trace& trace) {
  constexpr std::size_t least_rows = 12;
  constexpr double from = 0.3, to = 0.5, late = 0.85; // of the half cycle
  const double span = trace.half_cycle.end - trace.half_cycle.start;
  if (trace.r.size() < least_rows || !(span > 0)) return;
  double early = 0, end = 0;
  std::size_t early_rows = 0, end_rows = 0;
  for (std::size_t k = 0; k < trace.r.size(); ++k) {
    const double into = (trace.time[k] - trace.half_cycle.start) / span;
    if (into >= from && into < to) {
      early += trace.r[k];
      ++early_rows;
    }
    if (into >= late) {
      end += trace.r[k];
      ++end_rows;
    }
  }
  if (early_rows == 0 || end_rows == 0 || !(early > 0) || !(end > 0)) return;
  early /= static_cast<double>(early_rows);
  trace.late = end / static_cast<double>(end_rows);
  trace.sunk = std::log(trace.late / early);
  const double rows = static_cast<double>(std::min(early_rows, end_rows));
  trace.sunk_error = std::sqrt(2.0) * std::max(trace.noise / std::sqrt(rows), trace.rounding) / (early * trace.mean_current());
}

/// Median of a column over rows [first, last], NaN when there is nothing finite.
double median_over(const Record& record, std::string_view name, const HalfCycle& h) {
  if (!record.has(name)) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values;
  for (const double v : record.real(name).subspan(h.first, h.last - h.first + 1))
    if (std::isfinite(v)) values.push_back(v);
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : numerics::median(values);
}

void measure_conditions(Trace& trace, const Record& record) {
  double temperature = median_over(record, col::temperature, trace.half_cycle);
  if (!possible_temperature(temperature)) temperature = record.cell.temperature.value_or(constants::T_ref);
  trace.temperature = temperature;
  trace.thermal = thermal_factor(record.cell, temperature);
  const double pressure = median_over(record, col::stack_pressure, trace.half_cycle);
  trace.pressure = pressure > 0 ? pressure : 0.0;
  if (!(pressure > 0)) return;
  const HalfCycle& h = trace.half_cycle;
  const std::size_t tenth = (h.last - h.first) / 10;
  HalfCycle first = h, last = h;
  first.last = h.first + tenth;
  last.first = h.last - tenth;
  const double change = (median_over(record, col::stack_pressure, last) - median_over(record, col::stack_pressure, first)) / pressure;
  trace.pressure_change = std::isfinite(change) ? change : 0.0;
}

/// The rows of one half cycle as they stand.
Trace cut(const Rows& rows, const HalfCycle& h, const Offset& offset) {
  Trace trace;
  trace.half_cycle = h;
  const double zero = offset.at(h.start);
  for (std::size_t k = h.first; k <= h.last; ++k) {
    trace.time.push_back(rows.time[k]);
    trace.u.push_back(h.direction * (rows.voltage[k] - zero));
    trace.current.push_back(std::abs(rows.current[k]));
  }
  make_even_in_time(trace);
  const auto steps = static_cast<double>(trace.time.size() - 1);
  trace.interval = steps > 0 ? (trace.time.back() - trace.time.front()) / steps : 0.0;
  return trace;
}

/// Everything that is measured on a half cycle once the noise is known.
void finish(Trace& trace, const Record& record, const Offset& offset) {
  const double least = 1e-3 * trace.mean_current(); // a row without current inside a half cycle is a glitch
  trace.last_raw = trace.u.back() / std::max(trace.current.back(), least);
  trace.raw = trace.u;
  trace.u = without_outliers(trace.u, trace.last_of_record);
  trace.scatter = scatter_of(trace.u);
  trace.burst = burst_of(trace.u);
  for (std::size_t k = 0; k < trace.u.size(); ++k) trace.r.push_back(trace.u[k] / std::max(trace.current[k], least));
  measure_levels(trace, offset);
  measure_course(trace);
  measure_sinking(trace);
  measure_conditions(trace, record);
  trace.log_course = smooth_course(trace);
}

} // namespace

std::vector<double> without_outliers(const std::vector<double>& raw, bool last_of_record) {
  const std::size_t n = raw.size();
  if (n < 3) return raw;
  std::vector<double> out(n);
  for (std::size_t k = 1; k + 1 < n; ++k) out[k] = median3(raw[k - 1], raw[k], raw[k + 1]);
  out[0] = median3(raw[0], raw[1], raw[2]);
  out[n - 1] = last_of_record ? raw[n - 1] : median3(raw[n - 1], raw[n - 2], raw[n - 3]);
  return out;
}

bool Trace::has_levels() const {
  const double blur = thresholds::level_noise * level_noise + offset_error;
  // where the record ends in a half cycle just begun, two rows may be all that is seen of a short
  if (u.size() < 4) return last_of_record && *std::min_element(u.begin(), u.end()) > -blur;
  return low * mean_current() > -blur;
}

double thermal_factor(const CellInfo& cell, double temperature) {
  const double activation = cell.conductivity_activation.value_or(thresholds::activation);
  if (!possible_temperature(temperature)) temperature = cell.temperature.value_or(constants::T_ref);
  return std::exp(-activation / constants::R * (1.0 / temperature - 1.0 / constants::T_ref));
}

std::size_t Trace::part_of(std::size_t row) const {
  const double span = half_cycle.end - half_cycle.start;
  const double into = span > 0 ? (time[row] - half_cycle.start) / span : 0.0;
  return into > 0.0 ? static_cast<std::size_t>(std::min(into, 0.999) * static_cast<double>(course_parts)) : 0; // clocks may say anything
}

double Trace::mean_current() const { return std::abs(half_cycle.current); }

Rows rows_of(const Record& record) {
  Rows rows;
  rows.time = filled(record.real(col::test_time));
  const std::span<const double> voltage = record.real(col::voltage);
  rows.voltage = filled(voltage);
  rows.voltages_missing = static_cast<std::size_t>(std::count_if(voltage.begin(), voltage.end(), [](double v) { return !measured(v); }));
  rows.current_recorded = record.has(col::current) || !record.cell.current || *record.cell.current == 0.0;
  if (rows.current_recorded) rows.current = filled(record.real(col::current));
  else rows.current.assign(rows.time.size(), *record.cell.current);
  return rows;
}

std::vector<Trace> make_traces(const Record& record, const Rows& rows, const Segments& segments, const Offset& offset) {
  std::vector<Trace> out;
  out.reserve(segments.half_cycles.size());
  for (const HalfCycle& h : segments.half_cycles) out.push_back(cut(rows, h, offset));
  out.back().last_of_record = true;
  // one noise for the instrument: that of a shorted or very short half cycle would hide what it is to be compared with
  std::vector<double> noises;
  std::array<std::vector<double>, noise_rows.size()> wandering;
  for (Trace& trace : out) {
    trace.own_noise = noise_of(trace.u);
    if (trace.u.size() >= 8) noises.push_back(trace.own_noise);
    const NoiseModel model = noise_model(trace.u);
    for (std::size_t level = 0; level < noise_rows.size(); ++level)
      if (model.deviation[level] > 0) wandering[level].push_back(model.deviation[level]);
  }
  NoiseModel model;
  for (std::size_t level = 0; level < noise_rows.size(); ++level)
    if (!wandering[level].empty()) model.deviation[level] = numerics::quantile(wandering[level], 0.25);
  const double step = voltage_resolution(rows, segments);
  for (Trace& trace : out) {
    trace.resolution = step;
    trace.noise = std::max(noises.empty() ? trace.own_noise : numerics::quantile(noises, 0.25), step / std::sqrt(12.0));
    trace.noise_of_means = model;
    trace.rounding = step > 0.0 ? (trace.noise < 0.5 * step ? level_blur * step : 0.0) : rounding_blur(trace.u, trace.noise);
    for (std::size_t level = 0; level < noise_rows.size(); ++level) // rounding, and where too few rows show it
      trace.noise_of_means.deviation[level] = std::max(
          {model.deviation[level], trace.noise / std::sqrt(static_cast<double>(noise_rows[level])), trace.rounding});
    finish(trace, record, offset);
  }
  return out;
}

double first_below(const Trace& trace, double resistance) {
  const std::size_t n = trace.r.size();
  const std::size_t stay = std::max<std::size_t>(3, n / 20);
  for (std::size_t k = 0; k < n; ++k) {
    const auto begin = trace.r.begin() + static_cast<std::ptrdiff_t>(k);
    const auto end = trace.r.begin() + static_cast<std::ptrdiff_t>(std::min(n, k + stay));
    if (std::all_of(begin, end, [&](double r) { return r < resistance; })) return k == 0 ? trace.half_cycle.start : trace.time[k];
  }
  return trace.half_cycle.start;
}

std::string say_number(double value, int digits) {
  constexpr double too_long = 1e7;
  const double magnitude = std::abs(value);
  return magnitude >= std::pow(10.0, digits) && magnitude < too_long ? fmt::format("{:.0f}", value) : fmt::format("{:.{}g}", value, digits);
}

std::string say_current(double current, const std::optional<double>& area) {
  if (area && *area > 0) return say_number(std::abs(current) / *area * 0.1, 3) + " mA/cm2";
  return say_number(std::abs(current) * 1e3, 3) + " mA";
}

} // namespace platen::assessing
