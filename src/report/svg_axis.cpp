#include "report/svg_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <span>

namespace platen::report {
namespace {

std::string label(double value, int decimals) {
  if (std::abs(value) < 0.5 * std::pow(10.0, -decimals)) value = 0.0; // no "-0"
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  return text.front() == '-' ? "−" + text.substr(1) : text;
}

/// As "4e-7": as decimals such numbers would run into the axis' title.
std::string small_label(double value) {
  if (value == 0.0) return "0";
  const int decade = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  std::string text = fmt::format("{:.4g}", value / std::pow(10.0, decade));
  text += fmt::format("e{}", decade);
  return text.front() == '-' ? "−" + text.substr(1) : text;
}

int decimals_of(double step) {
  for (int decimals = 0; decimals < 10; ++decimals) {
    const double scaled = step * std::pow(10.0, decimals);
    if (std::abs(scaled - std::round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 10;
}

std::vector<Tick> multiples(double low, double high, double step) {
  std::vector<Tick> ticks;
  const int decimals = decimals_of(step);
  const bool small = decimals > 5 && std::max(std::abs(low), std::abs(high)) < 1e-3;
  const double slack = 1e-9 * (high - low) / step;
  const double first = std::ceil(low / step - slack);
  const double last = std::floor(high / step + slack);
  for (double k = first; k <= last && ticks.size() < 200; k += 1.0)
    ticks.push_back({k * step, small ? small_label(k * step) : label(k * step, decimals)});
  return ticks;
}

bool usable(double low, double high) { return std::isfinite(low) && std::isfinite(high) && high > low; }

} // namespace

double Range::place(double value) const {
  if (scale == Scale::linear) return (value - low) / (high - low);
  if (!(value > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return std::log(value / low) / std::log(high / low);
}

std::vector<Tick> linear_ticks(double low, double high, int about) {
  if (!usable(low, high)) return {};
  const double rough = (high - low) / std::max(1, about);
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  const double ratio = rough / decade;
  double round = ratio < 1.5 ? 1.0 : ratio < 3.5 ? 2.0 : ratio < 7.5 ? 5.0 : 10.0;
  std::vector<Tick> ticks = multiples(low, high, decade * round);
  constexpr int halvings = 8; // two are enough, but for a range that has no numbers in it
  for (int k = 0; k < halvings && ticks.size() < 2; ++k) { // one number alone says no scale
    round = round == 5.0 ? 2.0 : 0.5 * round;
    ticks = multiples(low, high, decade * round);
  }
  return ticks;
}

std::vector<Tick> log_ticks(double low, double high) {
  if (!usable(low, high) || low <= 0.0) return {};
  constexpr double short_range = 3.0; // else it might hold one round number, or none
  if (high < short_range * low) return linear_ticks(low, high, 5);
  std::vector<Tick> ticks;
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  const bool few = std::log10(high / low) < 2.0;
  for (int decade = first; decade <= last; ++decade) {
    for (int k = 1; k < 10; ++k) {
      const double value = k * std::pow(10.0, decade);
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const bool labelled = k == 1 || (few && (k == 2 || k == 5));
      const bool plain = decade > -4 && decade < 6;
      std::string text;
      if (labelled) text = plain ? fmt::format("{:.{}f}", value, std::max(0, -decade)) : fmt::format("{}e{}", k, decade);
      ticks.push_back({value, text});
    }
  }
  return ticks;
}

TimeUnit time_unit(double span) {
  if (!(span >= 180.0)) return {"s", 1.0};
  if (span < 3 * 3600.0) return {"min", 60.0};
  if (span < 10 * 86400.0) return {"h", 3600.0};
  return {"d", 86400.0};
}

std::vector<Tick> time_ticks(double low, double high, const TimeUnit& unit, int about) {
  if (!usable(low, high)) return {};
  constexpr std::array<double, 15> minutes{0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3000};
  constexpr std::array<double, 12> hours{0.05, 0.1, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96};
  const double rough = (high - low) / std::max(1, about);
  std::span<const double> steps;
  if (unit.name == "min" || unit.name == "s") steps = minutes;
  if (unit.name == "h") steps = hours;
  const auto step = std::find_if(steps.begin(), steps.end(), [&](double s) { return s >= 0.75 * rough; });
  if (step == steps.end() || rough < 0.5 * steps.front()) return linear_ticks(low, high, about);
  return multiples(low, high, *step);
}

std::vector<Tick> log_time_ticks(double low, double high) {
  if (!usable(low, high) || low <= 0.0) return {};
  const std::array<Tick, 16> candidates{{{1, "1 s"},          {10, "10 s"},       {60, "1 min"},     {120, ""},
                                         {300, "5 min"},      {600, "10 min"},    {1800, "30 min"},  {3600, "1 h"},
                                         {7200, "2 h"},       {18000, "5 h"},     {36000, "10 h"},   {86400, "24 h"},
                                         {2 * 86400.0, "2 d"}, {5 * 86400.0, "5 d"}, {10 * 86400.0, "10 d"},
                                         {30 * 86400.0, "30 d"}}};
  std::vector<Tick> ticks;
  for (const Tick& tick : candidates)
    if (tick.value >= low && tick.value <= high) ticks.push_back(tick);
  return ticks;
}

Range padded(double low, double high, double least) {
  if (!std::isfinite(low) || !std::isfinite(high)) return {0.0, 1.0, Scale::linear};
  if (high - low < least) {
    const double middle = 0.5 * (low + high);
    low = middle - 0.5 * least;
    high = middle + 0.5 * least;
  }
  const double margin = 0.06 * (high - low);
  return {low - margin, high + margin, Scale::linear};
}

} // namespace platen::report
