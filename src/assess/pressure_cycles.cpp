#include "assess/pressure_cycles.hpp"

#include "assess/lithium.hpp"
#include "base/constants.hpp"
#include "numerics/distributions.hpp"
#include "numerics/noise_memory.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace platen::assessing {
namespace {

constexpr std::size_t least_readings = 8;
constexpr std::size_t most_in_half_cycle = 80, most_in_all = 600;
constexpr double end_share = 0.4; // of a half cycle: what friction holds back has given way before

// (R9): change of the pressure, as a share of it, per mAh/cm2 past friction. Springs of Ham et al. slip at 0.1 %, but held by
// their friction to the end of every half cycle they take 7 % at 1 MPa; the joints and rods of a frame that hold a gap take 9 to 21 %,
// two thirds of it where the cathode shrinks.
constexpr double mAh_per_cm2 = 36000.0; // C/m2
constexpr double constant_below = 0.01 / mAh_per_cm2, fixed_above = 0.08 / mAh_per_cm2;

// By Akaike's criterion. A memory that is none makes a level uncertain, a slope hardly: only levels ask for it, because slopes hold the truth more
// rarely with it (tests/verification/numerics_noise_memory.cpp).
constexpr double two_numbers = 4.0;

/// Rows of every half cycle, found in one pass.
std::vector<std::vector<std::size_t>> rows_of_all(const PressureSeries& s, std::size_t half_cycles) {
  std::vector<std::vector<std::size_t>> out(half_cycles);
  for (std::size_t k = 0; k < s.size(); ++k)
    if (s.half_cycle[k] >= 0 && s.spoiled[k] == 0) out[static_cast<std::size_t>(s.half_cycle[k])].push_back(k);
  return out;
}

std::vector<double> about_mean(std::vector<double> values) {
  const double middle = numerics::mean(values);
  for (double& v : values) v -= middle;
  return values;
}

/// Slope of the pressure with the charge, its error with the readings' memory.
std::optional<Measured> slope_of(const Merged& m) {
  if (m.size() < least_readings || !(m.charge.back() != m.charge.front())) return std::nullopt;
  const std::vector<std::vector<double>> columns{about_mean(m.charge), std::vector<double>(m.size(), 1.0)};
  const numerics::LinearWithNoise fit = numerics::fit_linear(m.time, m.count, m.pressure, columns);
  if (!std::isfinite(fit.errors.front())) return std::nullopt;
  return Measured{fit.coefficients.front(), fit.errors.front()};
}

Merged part_of(const Merged& m, std::size_t from) {
  const auto cut = [&](const std::vector<double>& v) {
    return std::vector<double>(v.begin() + static_cast<std::ptrdiff_t>(std::min(from, v.size())), v.end());
  };
  return {cut(m.time), cut(m.pressure), cut(m.charge), cut(m.temperature), cut(m.count),
          {m.level.begin() + static_cast<std::ptrdiff_t>(from), m.level.end()}};
}

/// Pressure on an even grid of the charge, each value the median of the readings around it with the course taken out.
std::vector<double> on_grid(const PressureSeries& s, const std::vector<std::size_t>& rows, const std::vector<double>& grid) {
  std::vector<std::pair<double, double>> points;
  for (const std::size_t k : rows) points.emplace_back(s.charge[k], s.clean[k]);
  std::sort(points.begin(), points.end());
  const auto at_or_above = [&](double q) {
    return std::partition_point(points.begin(), points.end(), [q](const auto& point) { return point.first < q; });
  };
  std::vector<double> out;
  const double width = grid[1] - grid[0];
  for (const double q : grid) {
    const auto from = at_or_above(q - 0.5 * width), to = at_or_above(q + 0.5 * width);
    std::vector<double> x, y;
    for (auto it = from; it != to; ++it) {
      x.push_back(it->first);
      y.push_back(it->second);
    }
    if (x.size() >= 3 && x.back() > x.front()) {
      const numerics::LineFit line = numerics::fit_line(x, y);
      out.push_back(line.intercept + line.slope * q);
    } else { // between neighbours
      const auto after = at_or_above(q);
      if (after == points.begin() || after == points.end()) {
        out.push_back(after == points.end() ? points.back().second : points.front().second);
        continue;
      }
      const auto before = after - 1;
      const double dq = after->first - before->first, share = dq > 0.0 ? (q - before->first) / dq : 0.0;
      out.push_back(before->second + share * (after->second - before->second));
    }
  }
  return out;
}

/// The pressure at charge `at` and its error: a smooth course through the whole branch, so that what remembers longer than
/// the readings around `at` is seen too.
Measured pressure_at(const PressureSeries& s, const std::vector<std::size_t>& rows, double at) {
  constexpr int order = 4;
  const Merged m = merge_readings(s, rows, most_in_half_cycle);
  const auto [low, high] = std::minmax_element(m.charge.begin(), m.charge.end());
  const auto place = [from = *low, range = *high - *low](double q) { return std::clamp(2.0 * (q - from) / range - 1.0, -1.0, 1.0); };
  std::vector<std::vector<double>> columns;
  std::vector<double> here;
  for (int k = 0; k <= (m.size() > 4 * least_readings ? order : 2); ++k) { // Chebyshev's polynomials: they stay apart
    columns.emplace_back();
    for (const double q : m.charge) columns.back().push_back(std::cos(k * std::acos(place(q))));
    here.push_back(std::cos(k * std::acos(place(at))));
  }
  const numerics::LinearWithNoise fit = numerics::fit_linear(m.time, m.count, m.pressure, columns, {.lead = two_numbers});
  Measured out;
  double variance = 0.0;
  for (std::size_t a = 0; a < here.size(); ++a) {
    out.value += here[a] * fit.coefficients[a];
    for (std::size_t b = 0; b < here.size(); ++b) variance += here[a] * here[b] * fit.covariance[a * here.size() + b];
  }
  out.error = std::max(std::sqrt(std::max(0.0, variance)), s.resolution / std::sqrt(static_cast<double>(rows.size())));
  return out;
}

double time_at(const PressureSeries& s, const std::vector<std::size_t>& rows, double at) {
  const auto nearest = std::min_element(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(s.charge[a] - at) < std::abs(s.charge[b] - at);
  });
  return s.time[*nearest];
}

/// Swing of n readings of noise 1 (R21), as they are or in medians of three: these leave 0.67 of the noise, and neighbours share two readings of three.
/// Source of the largest of n normal numbers: Blom, Statistical Estimates and Transformed Beta-Variables (1958).
double swing_of_noise(double n, bool medians) {
  constexpr double left = 0.6698, many = 1e9;
  const double apart = medians ? 2.0 / 3.0 * n : n;
  return apart < 2.0 ? 0.0 : 2.0 * (medians ? left : 1.0) * numerics::student_quantile((apart - 0.375) / (apart + 0.25), many);
}

double swing_of(const std::vector<double>& pressure) {
  const auto [low, high] = std::minmax_element(pressure.begin(), pressure.end());
  return *high - *low;
}

/// Whether a jump or the temperature was taken out between the readings of a cycle.
bool anything_taken_out(const PressureSeries& s, std::size_t first, double end) {
  double least = INFINITY, most = -INFINITY;
  for (std::size_t k = first; k < s.size() && s.time[k] <= end; ++k) {
    if (s.spoiled[k] != 0) continue;
    least = std::min(least, s.clean[k] - s.pressure[k]);
    most = std::max(most, s.clean[k] - s.pressure[k]);
  }
  return most - least > 1e-6 * s.resolution;
}

} // namespace

void describe_cycles(const PressureSeries& s, std::vector<PressureCycle>& cycles) {
  for (PressureCycle& c : cycles) {
    std::vector<double> clean;
    const auto first = static_cast<std::size_t>(std::lower_bound(s.time.begin(), s.time.end(), c.start) - s.time.begin());
    for (std::size_t k = first; k < s.size() && s.time[k] <= c.end; ++k)
      if (s.spoiled[k] == 0 && s.half_cycle[k] >= 0) clean.push_back(s.clean[k]);
    for (const PressureJump& j : s.jumps)
      if (j.kind != JumpKind::spike && j.start > c.start && j.end < c.end) ++c.jumps;
    if (clean.size() < 4) continue;
    if (c.jumps > 0) c.swing = swing_of(clean); // (R4)
    else if (anything_taken_out(s, first, c.end)) c.swing = swing_of(medians_of_three(clean));
    const auto count = static_cast<double>(clean.size()), fresh = static_cast<double>(fresh_rows(clean).size()); // a slower logger repeats its readings
    const std::size_t edge = std::clamp<std::size_t>(clean.size() / 50, 1, 9);
    c.drift = numerics::median(std::span(clean).last(edge)) - numerics::median(std::span(clean).first(edge));
    const double readings = std::max(1.0, static_cast<double>(edge) * fresh / count); // at either end
    c.drift_error = s.resolution * std::sqrt(2.0) * (readings < 3.0 ? 1.0 : std::sqrt(std::numbers::pi / 2.0 / readings)); // (R21)
    c.swing_of_noise = swing_of_noise(fresh, c.jumps == 0) * s.resolution;
  }
}

std::vector<HalfCyclePressure> half_cycle_slopes(const PressureSeries& s, const Segments& segments) {
  std::vector<HalfCyclePressure> out;
  if (s.charge.empty()) return out;
  const auto rows = rows_of_all(s, segments.half_cycles.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k].size() < least_readings) continue;
    const Merged m = merge_readings(s, rows[k], most_in_half_cycle);
    const auto whole = slope_of(m);
    if (!whole) continue;
    HalfCyclePressure h;
    h.half_cycle = k;
    h.direction = segments.half_cycles[k].direction;
    std::vector<double> pressure;
    for (const std::size_t row : rows[k]) pressure.push_back(s.pressure[row]);
    h.pressure = numerics::mean(pressure);
    h.charge = std::abs(m.charge.back() - m.charge.front());
    h.slope = *whole;
    const double from = m.charge.back() - end_share * (m.charge.back() - m.charge.front());
    std::size_t first = 0;
    while (first < m.size() && (m.charge[first] - from) * h.direction < 0.0) ++first;
    const Merged last = part_of(m, first);
    h.end_slope = slope_of(last).value_or(*whole);
    h.readings = rows[k].size();
    out.push_back(h);
  }
  return out;
}

std::optional<PressureRegression> regress_pressure(const PressureSeries& s, const Segments& segments, const std::vector<char>& intact) {
  constexpr std::size_t most_levels = 12;
  if (s.charge.empty()) return std::nullopt;
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < s.size(); ++k)
    if (s.half_cycle[k] >= 0 && s.spoiled[k] == 0 && intact[static_cast<std::size_t>(s.half_cycle[k])] != 0) rows.push_back(k);
  PressureRegression out;
  out.half_cycles = static_cast<std::size_t>(std::count(intact.begin(), intact.end(), char{1}));
  if (rows.size() < 20 || out.half_cycles < 2 || segments.half_cycles.empty()) return std::nullopt;
  const Merged m = merge_readings(s, rows, most_in_all);
  std::vector<std::vector<double>> columns{about_mean(m.charge), about_mean(m.time)};
  std::vector<std::size_t> levels = m.level;
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  out.levels = std::min(levels.size(), most_levels);
  for (std::size_t l = 0; l < out.levels; ++l) {
    columns.emplace_back(m.size());
    for (std::size_t k = 0; k < m.size(); ++k)
      columns.back()[k] = m.level[k] == levels[l] || (l + 1 == most_levels && m.level[k] > levels[l]) ? 1.0 : 0.0;
  }
  if (m.size() < columns.size() + least_readings) return std::nullopt;
  const numerics::LinearWithNoise fit = numerics::fit_linear(m.time, m.count, m.pressure, columns); // (R7)
  out.per_area = s.per_area;
  out.slope = {fit.coefficients[0], fit.errors[0]};
  out.drift = {fit.coefficients[1], fit.errors[1]};
  if (!std::isfinite(out.slope.error) || !std::isfinite(out.drift.error)) return std::nullopt;
  if (s.per_area) {
    const double thickness = lithium_molar_volume / constants::F; // m per C/m2
    out.stiffness = Measured{out.slope.value / thickness, out.slope.error / thickness};
  }
  out.noise = std::sqrt(fit.noise.variance);
  out.memory = fit.noise.shape.time;
  out.slow_noise = std::sqrt(fit.noise.variance * fit.noise.shape.slow);
  out.readings = rows.size();
  return out;
}

std::vector<PressureLoop> pressure_loops(const PressureSeries& s, const Segments& segments, const std::vector<char>& intact) {
  constexpr std::size_t grid_points = 40, most_loops = 200;
  std::vector<PressureLoop> out;
  if (s.charge.empty()) return out;
  const auto& hs = segments.half_cycles;
  const auto rows = rows_of_all(s, hs.size());
  const std::size_t repeats = repeats_of(s.pressure);
  const double lag = repeats > 1 ? 0.5 * s.interval * static_cast<double>(repeats) : 0.0; // of a slower logger's readings
  std::size_t cycle = 0;
  for (std::size_t k = 0; k < hs.size(); ++cycle) {
    const bool pair = k + 1 < hs.size() && hs[k + 1].direction != hs[k].direction;
    const std::size_t a = k, b = k + 1;
    k += pair ? 2 : 1;
    if (!pair || out.size() >= most_loops || intact[a] == 0 || intact[b] == 0 || rows[a].size() < least_readings ||
        rows[b].size() < least_readings)
      continue;
    const auto& charging = hs[a].direction > 0 ? rows[a] : rows[b];
    const auto& discharging = hs[a].direction > 0 ? rows[b] : rows[a];
    const auto bounds = [&](const std::vector<std::size_t>& r) { return std::minmax(s.charge[r.front()], s.charge[r.back()]); };
    const auto [up_low, up_high] = bounds(charging);
    const auto [down_low, down_high] = bounds(discharging);
    const double low = std::max(up_low, down_low), high = std::min(up_high, down_high), range = high - low;
    if (!(range > 0.5 * std::max(up_high - up_low, down_high - down_low))) continue;
    PressureLoop loop;
    loop.cycle = cycle + 1;
    for (std::size_t g = 0; g <= grid_points; ++g) loop.charge.push_back(low + range * static_cast<double>(g) / grid_points);
    loop.charging = on_grid(s, charging, loop.charge);
    loop.discharging = on_grid(s, discharging, loop.charge);
    const double middle = low + 0.5 * range;
    const Measured above = pressure_at(s, charging, middle), below = pressure_at(s, discharging, middle);
    const double between = time_at(s, discharging, middle) - time_at(s, charging, middle);
    loop.gap = {above.value - below.value, std::hypot(above.error, below.error)};
    // (R8): what the pressure drifts meanwhile, from this charge to the next at the same charge
    if (b + 1 < hs.size() && hs[b + 1].direction == hs[a].direction && intact[b + 1] != 0 && rows[b + 1].size() >= least_readings) {
      const auto& again = rows[b + 1];
      const auto [next_low, next_high] = bounds(again);
      const auto& first = rows[a];
      if (middle > next_low && middle < next_high) {
        const Measured then = pressure_at(s, first, middle), later = pressure_at(s, again, middle);
        const double apart = time_at(s, again, middle) - time_at(s, first, middle);
        const double rate = (later.value - then.value) / apart, share = std::abs(between) / apart;
        loop.gap.value += rate * between;
        // one crossing is in both differences
        loop.gap.error = std::sqrt(std::pow((1.0 - share) * then.error, 2) + std::pow(share * later.error, 2) +
                                   std::pow(hs[a].direction > 0 ? below.error : above.error, 2));
      }
    }
    const auto rate = [&](const std::vector<double>& branch, const std::vector<std::size_t>& r) {
      return std::abs(branch.back() - branch.front()) / std::max(s.interval, std::abs(time_at(s, r, high) - time_at(s, r, low)));
    };
    loop.gap.error = std::hypot(loop.gap.error, lag * (rate(loop.charging, charging) + rate(loop.discharging, discharging)));
    double area = 0.0;
    for (std::size_t g = 0; g < grid_points; ++g)
      area += 0.5 * (loop.charging[g] - loop.discharging[g] + loop.charging[g + 1] - loop.discharging[g + 1]) *
              (loop.charge[g + 1] - loop.charge[g]);
    const double undrifted = loop.gap.value - (above.value - below.value);
    loop.area = {area + undrifted * range, loop.gap.error * range};
    const auto [least, most] = std::minmax_element(loop.charging.begin(), loop.charging.end());
    loop.swing = *most - *least;
    out.push_back(std::move(loop));
  }
  return out;
}

FixtureJudgement judge_fixture(const Record& record, const std::vector<HalfCyclePressure>& slopes, const std::vector<char>& intact,
                               bool per_area) {
  FixtureJudgement out;
  const Configuration configuration = record.cell.configuration;
  if (configuration != Configuration::full) {
    out.reason = configuration == Configuration::symmetric
                     ? "in a symmetric cell one side gains the lithium that the other loses: nothing moves the fixture"
                     : "only a full cell moves its fixture as it is charged; the cell file says that it is one: configuration = \"full\"";
    return out;
  }
  if (!per_area) {
    out.reason = "the area of the cell is not known, so neither is the lithium that was plated";
    return out;
  }
  // The direction that yields more tells: friction shows in either.
  std::optional<Measured> softest;
  std::size_t count = 0;
  for (const int direction : {1, -1}) {
    std::vector<double> figures, errors;
    for (const HalfCyclePressure& h : slopes)
      if (h.direction == direction && intact[h.half_cycle] != 0 && h.pressure > 0.0) {
        figures.push_back(h.end_slope.value / h.pressure);
        errors.push_back(h.end_slope.error / h.pressure);
      }
    count += figures.size();
    if (figures.empty()) continue;
    const auto n = static_cast<double>(figures.size());
    Measured m{numerics::median(figures), 0.0};
    const double own = numerics::median(errors) / std::sqrt(n); // 1.2533: a median for a mean
    m.error = 1.2533 * (figures.size() > 2 ? std::max(own, numerics::robust_sigma(figures) / std::sqrt(n)) : own);
    if (!softest || m.value < softest->value) softest = m;
  }
  if (!softest) {
    out.reason = "no half cycle has readings of the pressure over the charge";
    return out;
  }
  const double reach = numerics::student_quantile(0.975, std::max(1.0, static_cast<double>(count) - 1.0)) * softest->error; // (R9)
  out.figure = softest;
  out.low = softest->value - reach;
  out.high = softest->value + reach;
  const auto percent = [](double v) { return 100.0 * v * mAh_per_cm2; };
  const std::string figure = fmt::format("past friction the pressure changes by {:.2g} % of itself per mAh/cm2 (95 %: {:.2g} to {:.2g} %)",
                                         percent(softest->value), percent(out.low), percent(out.high));
  if (out.low > fixed_above) {
    out.behaviour = FixtureBehaviour::fixed_gap;
    out.reason = figure + fmt::format(", more than {:.2g} %: the gap is held", percent(fixed_above));
  } else if (out.high < constant_below) {
    out.behaviour = FixtureBehaviour::constant_pressure;
    out.reason = figure + fmt::format(", less than {:.2g} %: the fixture gives way", percent(constant_below));
  } else {
    out.reason = figure + fmt::format("; below {:.2g} % the fixture gives way, above {:.2g} % the gap is held, between them a soft frame and "
                                      "springs with friction look alike", percent(constant_below), percent(fixed_above));
  }
  return out;
}

} // namespace platen::assessing
