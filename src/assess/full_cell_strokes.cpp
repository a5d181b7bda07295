#include "assess/full_cell.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>

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

Stroke cut(const Rows& rows, const HalfCycle& h, bool after_charge) {
  Stroke out;
  out.half_cycle = h;
  const std::size_t n = constant_rows(rows, h);
  double charge = std::abs(rows.current[h.first]) * std::max(0.0, rows.time[h.first] - h.start);
  for (std::size_t k = h.first; k < h.first + n; ++k) {
    if (k > h.first)
      charge += 0.5 * std::abs(rows.current[k] + rows.current[k - 1]) * std::max(0.0, rows.time[k] - rows.time[k - 1]);
    out.time.push_back(rows.time[k]);
    out.voltage.push_back(rows.voltage[k]);
    out.charge.push_back(charge);
  }
  if (h.first > 0 && !after_charge) out.before = rows.voltage[h.first - 1];
  out.at_switch = jump_into(rows, h.first);
  out.after_switch = jump_into(rows, h.last + 1);
  out.end_voltage = extreme_of_last(rows, h);
  return out;
}

} // namespace

double Stroke::passed() const { return std::abs(half_cycle.charge); }

std::vector<Stroke> make_strokes(const Rows& rows, const Segments& segments) {
  std::vector<Stroke> out;
  double net = 0;
  for (const HalfCycle& h : segments.half_cycles) {
    // a pause of a row or more shows the cell without current; a charge straight after another one does not
    const bool after_charge = !out.empty() && out.back().charging() && out.back().half_cycle.last + 1 >= h.first;
    out.push_back(cut(rows, h, after_charge));
    out.back().net = net;
    net += h.charge;
  }
  if (!out.empty()) out.back().last_of_record = true;
  // one noise for the instrument: a flickering short would hide itself
  std::vector<double> noises;
  for (const Stroke& s : out) noises.push_back(noise_of(s.voltage));
  for (Stroke& s : out) {
    s.noise = numerics::median(noises);
    s.voltage = without_outliers(s.voltage, s.last_of_record);
  }
  return out;
}

double Earlier::largest_charge() const { return usual_passed(1); }

double Earlier::usual_passed(int direction) const {
  double most = 0;
  for (const Stroke* s : direction > 0 ? charges : discharges) most = std::max(most, s->passed());
  return most;
}

double Earlier::usual_end() const {
  std::vector<double> ends;
  for (const Stroke* s : charges) ends.push_back(s->end_voltage);
  return ends.empty() ? nan : numerics::median(ends);
}

double Earlier::least_jump(int direction, double Stroke::*jump) const {
  double least = nan;
  for (const Stroke* s : direction > 0 ? charges : discharges)
    if (s->*jump > 0) least = std::isfinite(least) ? std::min(least, s->*jump) : s->*jump;
  return least;
}

double Earlier::voltage_at(double net) const {
  if (charges.empty()) return nan;
  const Stroke& last = *charges.back();
  const double q = net - last.net;
  const auto above = std::lower_bound(last.charge.begin(), last.charge.end(), q);
  if (above == last.charge.begin() || above == last.charge.end()) return nan;
  return last.voltage[static_cast<std::size_t>(above - last.charge.begin()) - 1];
}

} // namespace platen::assessing
