#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

constexpr double still_constant = 0.95; ///< share of the set current; below it the cycler holds a voltage
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Rows of a half cycle before its current tapers.
std::size_t constant_rows(const Rows& rows, const HalfCycle& h) {
  std::vector<double> magnitudes;
  for (std::size_t k = h.first; k <= h.last; ++k) magnitudes.push_back(std::abs(rows.current[k]));
  const double set = numerics::quantile(magnitudes, 0.9);
  std::size_t n = magnitudes.size();
  while (n > 1 && magnitudes[n - 1] < still_constant * set) --n;
  return n;
}

/// Change of the voltage over that of the current from row k - 1 to row k, ohm.
double jump_into(const Rows& rows, std::size_t k) {
  if (k == 0 || k >= rows.time.size()) return nan;
  const double di = rows.current[k] - rows.current[k - 1];
  return di != 0.0 ? (rows.voltage[k] - rows.voltage[k - 1]) / di : nan;
}

double extreme_of_last(const Rows& rows, const HalfCycle& h) {
  double out = rows.voltage[h.last];
  for (std::size_t k = h.last; k-- > h.first && k + 3 > h.last;)
    out = h.direction > 0 ? std::max(out, rows.voltage[k]) : std::min(out, rows.voltage[k]);
  return out;
}

/// Pressure against charge over the later half of the rows at constant current: the first half holds what creeps after the switch.
std::optional<numerics::LineFit> push_of(const Record& record, const Stroke& s) {
  if (!record.has(col::stack_pressure)) return std::nullopt;
  const std::span<const double> pressure = record.real(col::stack_pressure);
  std::vector<double> x, y;
  for (std::size_t k = s.charge.size() / 2; k < s.charge.size(); ++k) {
    const double p = pressure[s.half_cycle.first + k];
    if (!std::isfinite(p) || std::abs(p) > 1e12) continue;
    x.push_back(s.charge[k]);
    y.push_back(p);
  }
  if (x.size() < 16 || !(x.back() > x.front())) return std::nullopt;
  return numerics::fit_line(x, y);
}

/// What follows the rows at constant current: a held voltage, then a rest until row `next`.
void add_hold_and_rest(const Rows& rows, std::size_t constant, std::size_t next, Stroke& out) {
  const HalfCycle& h = out.half_cycle;
  const bool held = std::isfinite(out.least_current); // then all of its rows are at held voltage
  for (std::size_t k = h.first + (held ? 0 : constant); k <= h.last; ++k) {
    out.hold_time.push_back(rows.time[k]);
    out.hold_current.push_back(std::abs(rows.current[k]));
  }
  for (std::size_t k = h.last + 1; k < next; ++k) {
    out.rest_time.push_back(rows.time[k]);
    out.rest_voltage.push_back(rows.voltage[k]);
  }
}

/// Slope of the voltage against charge over the last fifth of a half cycle, V/C.
double slope_at_end(const Stroke& s) {
  constexpr std::size_t least_rows = 8;
  const std::size_t from = s.charge.size() - s.charge.size() / 5;
  if (s.charge.size() - from < least_rows || !(s.charge.back() > s.charge[from])) return nan;
  return numerics::fit_line(std::span(s.charge).subspan(from), std::span(s.voltage).subspan(from)).slope;
}

/// Whether the record has a stretch without rows between two rows: ten minutes, and ten times the usual interval.
bool gap_between(const Rows& rows, std::size_t from, std::size_t to) {
  constexpr double least = 600.0, intervals = 10.0;
  const double usual = (rows.time.back() - rows.time.front()) / static_cast<double>(std::max<std::size_t>(1, rows.time.size() - 1));
  for (std::size_t k = from + 1; k <= to; ++k)
    if (rows.time[k] - rows.time[k - 1] > std::max(least, intervals * usual)) return true;
  return false;
}

/// Whether rows are missing within a half cycle: many usual intervals, and more of it than its end is known to.
bool missing_rows(const Stroke& s) {
  constexpr double intervals = 5.0, share = 0.01;
  std::vector<double> spans;
  for (std::size_t k = 1; k < s.time.size(); ++k) spans.push_back(s.time[k] - s.time[k - 1]);
  if (spans.empty()) return false;
  const double longest = std::max(*std::max_element(spans.begin(), spans.end()), s.time.front() - s.half_cycle.start);
  return longest > std::max(intervals * numerics::median(spans), share * (s.half_cycle.end - s.half_cycle.start));
}

/// Fills what a half cycle has of its run. `last`: the half cycle before.
void join_run(const Rows& rows, const Stroke* last, Stroke& s) {
  constexpr double held = 1e-3; // V, what a cycler holds a voltage to
  s.gaps = last != nullptr ? last->gaps : 0;
  s.broken = missing_rows(s);
  s.run_broken = s.broken || (last != nullptr && (last->broken || (last->passed_before > 0 && last->run_broken)));
  const bool gap = last != nullptr && gap_between(rows, last->half_cycle.last, s.half_cycle.first);
  if (gap) ++s.gaps;
  const bool goes_on = last != nullptr && !gap && last->half_cycle.direction == s.half_cycle.direction;
  s.after_gap = goes_on ? last->after_gap : gap;
  if (!goes_on) {
    s.run_current = std::abs(s.half_cycle.current);
    s.end_slope = slope_at_end(s);
    if (last != nullptr) s.other_run = last->passed_before + last->passed();
    return;
  }
  s.passed_before = last->passed_before + last->passed();
  s.constant_passed = last->constant_passed;
  s.run_current = last->run_current;
  s.end_slope = last->end_slope;
  s.other_run = last->other_run;
  if (std::abs(rows.voltage[s.half_cycle.first] - rows.voltage[last->half_cycle.last]) > held) return;
  s.least_current = std::min(last->least_current, std::abs(rows.current[last->half_cycle.last]));
}

/// Voltage of the cell before it is charged; NaN while it may still be that of a charge before.
double before_charge(const Rows& rows, const HalfCycle& h, double last_charge_end) {
  constexpr double no_current = 0.05; // of the current that follows
  // a discharge shows less than the cell has, so its last row may stand for it
  if (h.first == 0 || h.direction * rows.current[h.first - 1] > no_current * std::abs(h.current)) return nan;
  return rows.time[h.first - 1] - last_charge_end < thresholds::leak_rest ? nan : rows.voltage[h.first - 1];
}

/// `last_charge_end`: s, where the half cycle before ended when that was a charge; -infinity else.
Stroke cut(const Rows& rows, const HalfCycle& h, double last_charge_end) {
  Stroke out;
  out.half_cycle = h;
  const std::size_t n = constant_rows(rows, h);
  double charge = std::abs(rows.current[h.first]) * std::max(0.0, rows.time[h.first] - h.start);
  for (std::size_t k = h.first; k < h.first + n; ++k) {
    if (k > h.first)
      charge += 0.5 * std::abs(rows.current[k] + rows.current[k - 1]) * std::max(0.0, rows.time[k] - rows.time[k - 1]);
    out.time.push_back(rows.time[k]);
    out.voltage.push_back(rows.voltage[k]);
    out.current.push_back(std::abs(rows.current[k]));
    out.charge.push_back(charge);
  }
  out.before = before_charge(rows, h, last_charge_end);
  out.at_switch = jump_into(rows, h.first);
  out.after_switch = jump_into(rows, h.last + 1);
  out.end_voltage = extreme_of_last(rows, h);
  return out;
}

/// V at a charge in the cell (C, as `net`), between the rows of a half cycle at constant current; NaN outside of them.
double voltage_at_charge(const Stroke& s, double charge) { return voltage_after(s, s.half_cycle.direction * (charge - s.net)); }

/// (A28) The median of the inner part of what both passed, because the ends are steep.
double cycle_resistance_of(const Stroke& before, const Stroke& s) {
  constexpr int parts = 20;
  constexpr std::size_t outer = 4; // the inner three fifths
  std::vector<double> inner;
  const std::vector<double> all = apart_at_equal_charge(before, s, parts).resistance;
  for (std::size_t k = outer; k + outer < all.size(); ++k)
    if (std::isfinite(all[k])) inner.push_back(all[k]);
  return inner.empty() ? nan : numerics::median(inner);
}

/// (A2) of the quieter parts of a half cycle: one that flickers would hide itself.
double quiet_noise(const std::vector<double>& voltage) {
  constexpr std::size_t part = 48;
  if (voltage.size() < 4 * part) return noise_of(voltage);
  std::vector<double> noises;
  for (std::size_t k = 0; k + part <= voltage.size(); k += part)
    noises.push_back(noise_of({voltage.begin() + static_cast<std::ptrdiff_t>(k), voltage.begin() + static_cast<std::ptrdiff_t>(k + part)}));
  return numerics::quantile(noises, 0.25);
}

} // namespace

Apart apart_at_equal_charge(const Stroke& before, const Stroke& s, int parts) {
  constexpr double least_common = 0.1; // of the larger charge: a piece of a taper is no charge
  constexpr std::size_t least_rows = 8;
  if (before.half_cycle.direction == s.half_cycle.direction || before.gaps != s.gaps || std::isfinite(before.least_current) ||
      before.charge.size() < least_rows || s.charge.size() < least_rows)
    return {};
  const auto ends = [](const Stroke& x) {
    const double last = x.net + x.half_cycle.direction * x.charge.back();
    return std::pair(std::min(x.net, last), std::max(x.net, last));
  };
  const auto [low_before, high_before] = ends(before);
  const auto [low_now, high_now] = ends(s);
  const double low = std::max(low_before, low_now), high = std::min(high_before, high_now);
  if (!(high - low > least_common * std::max(before.charge.back(), s.charge.back()))) return {};
  Apart out;
  for (int k = 0; k <= parts; ++k) {
    const double share = static_cast<double>(k) / parts, q = s.charging() ? low + share * (high - low) : high - share * (high - low);
    const double difference = s.half_cycle.direction * (voltage_at_charge(s, q) - voltage_at_charge(before, q));
    out.charge.push_back(s.half_cycle.direction * (q - s.net));
    out.resistance.push_back(difference / (std::abs(s.half_cycle.current) + std::abs(before.half_cycle.current)));
  }
  return out;
}

double voltage_after(const Stroke& s, double q) {
  const auto above = std::lower_bound(s.charge.begin(), s.charge.end(), q);
  if (above == s.charge.begin() || above == s.charge.end()) return nan;
  const auto k = static_cast<std::size_t>(above - s.charge.begin());
  const double span = s.charge[k] - s.charge[k - 1];
  return s.voltage[k - 1] + (span > 0 ? (q - s.charge[k - 1]) / span : 0.0) * (s.voltage[k] - s.voltage[k - 1]);
}

double Stroke::passed() const { return std::abs(half_cycle.charge); }

std::vector<Stroke> make_strokes(const Record& record, const Rows& rows, const Segments& segments) {
  std::vector<Stroke> out;
  double net = 0, highest = -std::numeric_limits<double>::infinity();
  std::size_t seen = 0;
  for (std::size_t k = 0; k < segments.half_cycles.size(); ++k) {
    const HalfCycle& h = segments.half_cycles[k];
    const bool after_charge = !out.empty() && out.back().charging();
    out.push_back(cut(rows, h, after_charge ? out.back().half_cycle.end : -std::numeric_limits<double>::infinity()));
    out.back().net = net;
    join_run(rows, k > 0 ? &out[k - 1] : nullptr, out.back());
    for (; seen < h.first; ++seen) highest = std::max(highest, rows.voltage[seen]);
    out.back().highest_before = highest;
    const std::size_t next = k + 1 < segments.half_cycles.size() ? segments.half_cycles[k + 1].first : rows.time.size();
    if (!std::isfinite(out.back().least_current)) out.back().constant_passed += out.back().charge.back();
    add_hold_and_rest(rows, out.back().time.size(), next, out.back());
    out.back().push = push_of(record, out.back());
    net += h.charge;
  }
  if (!out.empty()) out.back().last_of_record = true;
  for (std::size_t k = out.size(); k-- > 0;) {
    const bool last_of_run = k + 1 == out.size() || out[k + 1].half_cycle.direction != out[k].half_cycle.direction;
    out[k].run_passed = last_of_run ? out[k].passed_before + out[k].passed() : out[k + 1].run_passed;
    out[k].run_ends_record = last_of_run ? out[k].last_of_record : out[k + 1].run_ends_record;
  }
  for (std::size_t k = 1; k < out.size(); ++k) out[k].cycle_resistance = cycle_resistance_of(out[k - 1], out[k]);
  // one noise for the instrument: a flickering short would hide itself
  std::vector<double> noises, hold_noises;
  const double step = voltage_resolution(rows, segments) / std::sqrt(12.0);
  for (const Stroke& s : out) {
    noises.push_back(quiet_noise(s.voltage));
    if (s.hold_current.size() >= 16) hold_noises.push_back(noise_of(s.hold_current));
  }
  for (Stroke& s : out) {
    s.noise = numerics::median(noises);
    if (!hold_noises.empty()) s.hold_noise = numerics::median(hold_noises);
    s.raw = s.voltage;
    s.voltage = without_outliers(s.voltage, s.last_of_record);
    s.restless = restless(s);
    if (std::isfinite(s.restless)) s.quiet = std::max(quiet_noise(s.raw), step);
  }
  return out;
}

double Earlier::largest_charge() const { return usual_passed(1); }

double Earlier::usual_passed(int direction) const {
  double most = 0;
  for (const Stroke* s : direction > 0 ? charges : discharges) most = std::max(most, s->passed());
  return most;
}

double Earlier::usual_run(int direction) const {
  double most = 0;
  for (const Stroke* s : direction > 0 ? charges : discharges) most = std::max(most, s->passed_before + s->passed());
  return most;
}

std::vector<double> Earlier::of_last(double Stroke::*figure) const {
  std::vector<double> out;
  for (const auto* strokes : {&charges, &discharges}) {
    std::size_t known = 0;
    for (auto s = strokes->rbegin(); s != strokes->rend() && known < static_cast<std::size_t>(thresholds::memory); ++s) {
      ++known;
      if (std::isfinite((*s)->*figure)) out.push_back((*s)->*figure);
    }
  }
  return out;
}

double Earlier::quiet_noise(const Stroke& now) const {
  const std::vector<double> known = of_last(&Stroke::quiet);
  return known.empty() ? now.quiet : numerics::median(known);
}

double Earlier::least_change() const {
  constexpr double beyond = 3.0;
  const std::vector<double> known = of_last(&Stroke::restless);
  return known.empty() ? thresholds::dip_least : beyond * numerics::median(known);
}

double Earlier::largest_run() const { return std::max(usual_run(1), usual_run(-1)); }

double Earlier::highest_net(std::size_t gaps) const {
  double most = -std::numeric_limits<double>::infinity();
  for (const auto* strokes : {&charges, &discharges})
    for (const Stroke* s : *strokes)
      if (s->gaps == gaps) most = std::max({most, s->net, s->net + s->half_cycle.charge});
  return most;
}

bool Earlier::charged_as_slowly(double current) const {
  constexpr double same_current = 1.1;
  return std::any_of(charges.begin(), charges.end(),
                     [&](const Stroke* s) { return std::abs(s->half_cycle.current) <= same_current * std::abs(current); });
}

double Earlier::highest_end() const {
  double out = -std::numeric_limits<double>::infinity();
  for (const Stroke* s : charges) out = std::max(out, s->end_voltage);
  return out;
}

double Earlier::lowest_in_charges() const {
  return lowest_voltages.of(charges, 0.0, [](const Stroke& s) { return *std::min_element(s.voltage.begin(), s.voltage.end()); });
}

double Earlier::usual_end_of(int direction) const {
  std::vector<double> ends;
  for (const Stroke* s : direction > 0 ? charges : discharges) ends.push_back(s->end_voltage);
  return ends.empty() ? nan : numerics::median(ends);
}

double Earlier::usual_jump(int direction, double Stroke::*jump) const {
  std::vector<double> jumps;
  for (const Stroke* s : direction > 0 ? charges : discharges)
    if (s->*jump > 0 && s->passed_before == 0.0) jumps.push_back(s->*jump); // what goes on from a taper is switched by next to nothing
  return jumps.empty() ? nan : numerics::median(jumps);
}

double Earlier::recent_cycle_resistance() const {
  std::vector<double> known = of_last(&Stroke::cycle_resistance);
  std::erase_if(known, [](double r) { return !(r > 0); });
  return known.empty() ? nan : numerics::median(known);
}

double Earlier::voltage_at(double net, std::size_t gaps) const {
  if (charges.empty()) return nan;
  const Stroke& last = *charges.back();
  if (gaps != last.gaps) return nan;
  const double q = net - last.net;
  const auto above = std::lower_bound(last.charge.begin(), last.charge.end(), q);
  if (above == last.charge.begin() || above == last.charge.end()) return nan;
  return last.voltage[static_cast<std::size_t>(above - last.charge.begin()) - 1];
}

} // namespace platen::assessing
