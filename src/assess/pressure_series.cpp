#include "assess/pressure_series.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

/// (R2): the smallest difference of two readings. Of numbers computed, not read, it is next to nothing.
double step_of_readings(const PressureSeries& s) {
  std::vector<double> sorted = s.pressure;
  std::sort(sorted.begin(), sorted.end());
  double out = std::numeric_limits<double>::infinity();
  const double least = 1e-9 * std::max(std::abs(sorted.front()), std::abs(sorted.back()));
  for (std::size_t k = 1; k < sorted.size(); ++k)
    if (sorted[k] - sorted[k - 1] > least) out = std::min(out, sorted[k] - sorted[k - 1]);
  return std::isfinite(out) ? out : 0.0;
}

/// The charge in the cell at every row, C.
std::vector<double> charge_of(const Record& record, std::span<const double> time) {
  if (record.has(col::net_capacity)) {
    const auto net = record.real(col::net_capacity);
    return {net.begin(), net.end()};
  }
  const auto current = record.real(col::current);
  std::vector<double> out(time.size());
  for (std::size_t k = 1; k < time.size(); ++k) {
    const double step = 0.5 * (current[k] + current[k - 1]) * (time[k] - time[k - 1]);
    out[k] = out[k - 1] + (std::isfinite(step) ? step : 0.0);
  }
  return out;
}

void fill_gaps(std::vector<double>& values) {
  const auto known = std::find_if(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  if (known == values.end()) {
    values.clear();
    return;
  }
  double last = *known;
  for (double& v : values) {
    if (!std::isfinite(v)) v = last;
    last = v;
  }
}

} // namespace

std::vector<std::size_t> fresh_rows(const std::vector<double>& values) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (out.empty() || values[k] != values[out.back()]) out.push_back(k);
  return out;
}

std::vector<double> medians_of_three(const std::vector<double>& values) {
  std::vector<double> out = values;
  for (std::size_t k = 1; k + 1 < values.size(); ++k)
    out[k] = std::max(std::min(values[k - 1], values[k]), std::min(std::max(values[k - 1], values[k]), values[k + 1]));
  if (out.size() >= 3) {
    out.front() = out[1];
    out.back() = out[out.size() - 2];
  }
  return out;
}

std::size_t repeats_of(const std::vector<double>& pressure) {
  constexpr std::size_t least_readings = 20;
  const std::vector<std::size_t> fresh = fresh_rows(pressure);
  if (fresh.size() < least_readings) return 1;
  std::vector<double> runs;
  for (std::size_t k = 1; k < fresh.size(); ++k) runs.push_back(static_cast<double>(fresh[k] - fresh[k - 1]));
  return static_cast<std::size_t>(numerics::median(runs));
}

double noise_of_readings(const std::vector<double>& time, const std::vector<double>& values) {
  const std::vector<std::size_t> rows = fresh_rows(values);
  std::vector<double> away;
  for (std::size_t k = 1; k + 1 < rows.size(); ++k) {
    const double before = time[rows[k]] - time[rows[k - 1]], whole = time[rows[k + 1]] - time[rows[k - 1]];
    if (!(before > 0.0) || !(whole > before)) continue;
    const double w = before / whole;
    const double line = (1.0 - w) * values[rows[k - 1]] + w * values[rows[k + 1]];
    away.push_back((values[rows[k]] - line) / std::sqrt(1.0 + w * w + (1.0 - w) * (1.0 - w)));
  }
  if (away.size() < 3) return 0.0;
  for (double& v : away) v = std::abs(v);
  return 1.482602218505602 * numerics::median(away);
}

PressureSeries pressure_series(const Record& record, const Segments& segments) {
  PressureSeries out;
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure);
  std::vector<int> half(time.size(), -1);
  constexpr std::size_t fewest = 3; // rows: a lone current in a rest is noise of its channel
  const bool no_cell = record.cell.configuration == Configuration::empty_fixture;
  for (std::size_t k = 0; k < segments.half_cycles.size() && !no_cell; ++k)
    for (std::size_t row = segments.half_cycles[k].first; row <= segments.half_cycles[k].last && segments.half_cycles[k].last + 1 >= segments.half_cycles[k].first + fewest; ++row) half[row] = static_cast<int>(k);
  const bool charged = record.has(col::current);
  std::vector<double> charge = charged ? charge_of(record, time) : std::vector<double>();
  const auto area = record.cell.area;
  out.per_area = charged && area && *area > 0.0;
  const bool warm = record.has(col::temperature);
  const auto temperature = warm ? record.real(col::temperature) : std::span<const double>();
  for (std::size_t row = 0; row < time.size(); ++row) {
    if (!std::isfinite(time[row]) || !std::isfinite(pressure[row]) || (!out.time.empty() && time[row] < out.time.back())) continue;
    out.time.push_back(time[row]);
    out.pressure.push_back(pressure[row]);
    out.half_cycle.push_back(half[row]);
    if (charged) out.charge.push_back(out.per_area ? charge[row] / *area : charge[row]);
    if (warm) out.temperature.push_back(temperature[row]);
  }
  fill_gaps(out.temperature);
  out.level.assign(out.size(), 0);
  out.spoiled.assign(out.size(), 0);
  out.clean = out.pressure;
  if (out.size() < 3) return out;
  std::vector<double> steps;
  for (std::size_t k = 1; k < out.size(); ++k)
    if (out.time[k] > out.time[k - 1]) steps.push_back(out.time[k] - out.time[k - 1]);
  out.interval = steps.empty() ? 0.0 : numerics::median(steps);
  out.noise = noise_of_readings(out.time, out.pressure);
  out.resolution = std::max(out.noise, step_of_readings(out) / std::sqrt(12.0));
  return out;
}

Merged merge_readings(const PressureSeries& s, const std::vector<std::size_t>& rows, std::size_t most) {
  Merged out;
  const std::size_t each = std::max<std::size_t>(1, (rows.size() + most - 1) / most);
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from;
    double t = 0, p = 0, q = 0, T = 0;
    for (; to < rows.size() && to - from < each && s.level[rows[to]] == s.level[rows[from]] &&
           s.half_cycle[rows[to]] == s.half_cycle[rows[from]]; ++to) {
      t += s.time[rows[to]] - s.time[rows[from]];
      p += s.clean[rows[to]];
      if (!s.charge.empty()) q += s.charge[rows[to]];
      if (!s.temperature.empty()) T += s.temperature[rows[to]];
    }
    const auto n = static_cast<double>(to - from);
    out.time.push_back(s.time[rows[from]] + t / n);
    out.pressure.push_back(p / n);
    out.charge.push_back(q / n);
    out.temperature.push_back(T / n);
    out.count.push_back(n);
    out.level.push_back(s.level[rows[from]]);
    from = to;
  }
  return out;
}

} // namespace platen::assessing
