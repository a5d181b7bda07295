#include "assess/pressure.hpp"

#include <algorithm>
#include <cmath>

namespace platen::assessing {
namespace {

/// Medians of three neighbours that were measured, so that one bad sample of a load cell is not taken for a swing.
std::vector<double> measured(std::span<const double> column, std::size_t first, std::size_t last) {
  std::vector<double> raw;
  for (std::size_t k = first; k <= last; ++k)
    if (std::isfinite(column[k])) raw.push_back(column[k]);
  std::vector<double> out = raw;
  for (std::size_t k = 1; k + 1 < raw.size(); ++k)
    out[k] = std::max(std::min(raw[k - 1], raw[k]), std::min(std::max(raw[k - 1], raw[k]), raw[k + 1]));
  if (out.size() >= 3) { // an end has one neighbour only
    out.front() = out[1];
    out.back() = out[out.size() - 2];
  }
  return out;
}

} // namespace

PressureAssessment assess_pressure(const Record& record, const Segments& segments) {
  PressureAssessment out;
  if (!record.has(col::stack_pressure) || segments.half_cycles.empty()) return out;
  const std::span<const double> column = record.real(col::stack_pressure);
  const auto& hs = segments.half_cycles;
  if (const std::vector<double> first = measured(column, hs.front().first, hs.front().last); !first.empty())
    out.after_first_half_cycle = first.back();
  double lowest = INFINITY, highest = -INFINITY;
  for (std::size_t k = 0; k < hs.size();) {
    const bool pair = k + 1 < hs.size() && hs[k + 1].direction != hs[k].direction;
    const std::size_t end = pair ? k + 1 : k;
    const std::vector<double> pressure = measured(column, hs[k].first, hs[end].last);
    k = end + 1;
    if (pressure.empty()) continue;
    if (!out.after_release) out.after_release = pressure.front();
    const auto [low, high] = std::minmax_element(pressure.begin(), pressure.end());
    out.cycles.push_back({out.cycles.size() + 1, *low, *high, *high - *low});
    lowest = std::min(lowest, *low);
    highest = std::max(highest, *high);
  }
  if (!out.cycles.empty()) out.largest_change_while_cycling = highest - lowest;
  return out;
}

} // namespace platen::assessing
