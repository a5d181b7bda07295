#include "assess/trace.hpp"

#include "assess/thresholds.hpp"
#include "base/constants.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

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

double middle_of(const std::vector<double>& values) { return values.empty() ? 0.0 : numerics::median(values); }

/// Median of the voltage over the later half of a half cycle.
double late_voltage(const Rows& rows, const HalfCycle& h) {
  const std::size_t from = h.first + (h.last - h.first + 1) / 2;
  return numerics::median(std::span(rows.voltage).subspan(from, h.last - from + 1));
}

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
  trace.level_noise = trace.noise / std::sqrt(static_cast<double>(block));
  trace.middle_noise = 1.2533 * trace.noise / std::sqrt(static_cast<double>(n)); // of a median: sqrt(pi/2)
  trace.offset_error = offset.error;
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
  if (!(temperature > 100 && temperature < 1000)) temperature = record.cell.temperature.value_or(constants::T_ref);
  const double activation = record.cell.conductivity_activation.value_or(thresholds::activation);
  trace.temperature = temperature;
  trace.thermal = std::exp(-activation / constants::R * (1.0 / temperature - 1.0 / constants::T_ref));
  const double pressure = median_over(record, col::stack_pressure, trace.half_cycle);
  trace.pressure = pressure > 0 ? pressure : 0.0;
}

/// The rows of one half cycle as they stand.
Trace cut(const Rows& rows, const HalfCycle& h, const Offset& offset) {
  Trace trace;
  trace.half_cycle = h;
  for (std::size_t k = h.first; k <= h.last; ++k) {
    trace.time.push_back(rows.time[k]);
    trace.u.push_back(h.direction * (rows.voltage[k] - offset.value));
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
  trace.u = without_outliers(trace.u, trace.last_of_record);
  trace.scatter = scatter_of(trace.u);
  for (std::size_t k = 0; k < trace.u.size(); ++k) trace.r.push_back(trace.u[k] / std::max(trace.current[k], least));
  measure_levels(trace, offset);
  measure_conditions(trace, record);
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

// Second differences do not see a trend; the smallest step of the numbers bounds what they can resolve.
double noise_of(const std::vector<double>& raw) {
  std::vector<double> second;
  double quantum = std::numeric_limits<double>::infinity();
  for (std::size_t k = 1; k < raw.size(); ++k) {
    const double d = std::abs(raw[k] - raw[k - 1]);
    if (d > 1e-7) quantum = std::min(quantum, d);
    if (k + 1 < raw.size()) second.push_back(std::abs(raw[k + 1] - 2.0 * raw[k] + raw[k - 1]));
  }
  const double white = middle_of(second) / (0.6745 * std::sqrt(6.0));
  const double rounding = std::isfinite(quantum) && quantum < 1e-3 ? quantum / std::sqrt(12.0) : 0.0;
  return std::max(white, rounding);
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

Offset find_offset(const Rows& rows, const Segments& segments) {
  struct Pair {
    double current, half_sum, resistance;
  };
  std::vector<Pair> pairs;
  const auto& hs = segments.half_cycles;
  for (std::size_t k = 1; k < hs.size(); ++k)
    if (hs[k].step == hs[k - 1].step && hs[k].direction != hs[k - 1].direction) {
      const double here = late_voltage(rows, hs[k]), before = late_voltage(rows, hs[k - 1]);
      pairs.push_back({std::abs(hs[k].current), 0.5 * (here + before), (here - before) / (hs[k].current - hs[k - 1].current)});
    }
  if (pairs.empty()) return {0.0, thresholds::unknown_offset, false};
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.current < b.current; });
  pairs.resize((pairs.size() + 1) / 2);
  std::vector<double> currents, sums, resistances;
  for (const Pair& p : pairs) {
    currents.push_back(p.current);
    sums.push_back(p.half_sum);
    resistances.push_back(p.resistance);
  }
  Offset out{numerics::median(sums), 0.0, true};
  if (currents.size() >= 3 && currents.back() > 1.5 * currents.front()) {
    const numerics::RobustLine line = numerics::theil_sen(currents, sums);
    if (std::abs(line.slope) <= thresholds::unequal_interfaces * std::abs(numerics::median(resistances))) {
      out.value = line.intercept;
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] -= line.slope * currents[k];
    }
  }
  if (sums.size() > 2) out.error = 2.0 * numerics::robust_sigma(sums) / std::sqrt(static_cast<double>(sums.size()));
  return out;
}

std::vector<Trace> make_traces(const Record& record, const Rows& rows, const Segments& segments, const Offset& offset) {
  std::vector<Trace> out;
  out.reserve(segments.half_cycles.size());
  for (const HalfCycle& h : segments.half_cycles) out.push_back(cut(rows, h, offset));
  out.back().last_of_record = true;
  // one noise for the instrument: that of a shorted or very short half cycle would hide what it is to be compared with
  std::vector<double> noises;
  for (const Trace& trace : out)
    if (trace.u.size() >= 8) noises.push_back(noise_of(trace.u));
  for (Trace& trace : out) {
    trace.noise = noises.empty() ? noise_of(trace.u) : numerics::median(noises);
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

std::string say_current(double current, const std::optional<double>& area) {
  if (area && *area > 0) return fmt::format("{:.3g} mA/cm2", std::abs(current) / *area * 0.1);
  return fmt::format("{:.3g} mA", std::abs(current) * 1e3);
}

} // namespace platen::assessing
