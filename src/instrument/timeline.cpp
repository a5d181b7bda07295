#include "instrument/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace platen {
namespace {

/// Whether two rows can lie in one step as far as the current tells: the same sign and, without step columns, the same
/// magnitude (CC steps of a simulation repeat it to rounding).
bool alike(double a, double b, bool exactly) {
  if ((a > 0.0) != (b > 0.0) || (a < 0.0) != (b < 0.0)) return false;
  return !exactly || std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b));
}

/// Charge from `row` until `span` later, positive and negative parts apart.
struct Part {
  double charging = 0, discharging = 0;
};
Part part(double from, double to, double span) {
  if ((from < 0.0) == (to < 0.0) || from == 0.0 || to == 0.0) {
    const double charge = 0.5 * (from + to) * span;
    return charge >= 0.0 ? Part{charge, 0.0} : Part{0.0, -charge};
  }
  const double zero = from / (from - to) * span; // where the line crosses zero
  const Part first = part(from, 0.0, zero), second = part(0.0, to, span - zero);
  return {first.charging + second.charging, first.discharging + second.discharging};
}

} // namespace

Timeline::Timeline(const Record& ideal) {
  const std::span<const double> time = ideal.real(col::test_time);
  times_.assign(time.begin(), time.end());
  if (!times_.empty() && !(std::isfinite(times_.front()) && std::isfinite(times_.back())))
    throw Error("D061", "the ideal record begins or ends at a time that is not a number");
  for (std::size_t k = 1; k < times_.size(); ++k)
    if (!(times_[k] >= times_[k - 1]))
      throw Error("D061", fmt::format("the time of the ideal record runs backwards at row {} ({} s after {} s)", k, times_[k], times_[k - 1]));
  const bool stepped = ideal.has(col::step_count);
  const auto steps = stepped ? ideal.integer(col::step_count) : std::span<const std::int32_t>();
  const auto current = ideal.has(col::current) ? ideal.real(col::current) : std::span<const double>();
  for (std::size_t k = 0; k < times_.size(); ++k) {
    const bool last = k + 1 == times_.size();
    const bool same_step = !last && (!stepped || steps[k] == steps[k + 1]);
    const bool same_current = last || current.empty() || alike(current[k], current[k + 1], !stepped);
    joined_.push_back(same_step && same_current);
    step_start_.push_back(k > 0 && (!stepped || steps[k] == steps[k - 1]) ? step_start_[k - 1] : k);
  }
}

std::vector<std::size_t> Timeline::own_rows() const {
  std::vector<std::size_t> out(times_.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

std::size_t Timeline::row_before(double at) const {
  const auto after = std::upper_bound(times_.begin(), times_.end(), at);
  return after == times_.begin() ? 0 : static_cast<std::size_t>(after - times_.begin()) - 1;
}

std::vector<std::size_t> Timeline::rows_before(const std::vector<double>& at) const {
  std::vector<std::size_t> out;
  out.reserve(at.size());
  for (const double t : at) out.push_back(row_before(t));
  return out;
}

double Timeline::value_at(std::span<const double> values, std::size_t row, double at) const {
  if (joined_[row] == 0 || at <= times_[row]) return values[row];
  const double share = (at - times_[row]) / (times_[row + 1] - times_[row]);
  return values[row] + share * (values[row + 1] - values[row]);
}

Charges Timeline::integrate(std::span<const double> current, const std::vector<std::size_t>& rows,
                            const std::vector<double>& at) const {
  std::vector<Part> until(times_.size()); // at each row
  for (std::size_t k = 1; k < until.size(); ++k) {
    const Part p = part(current[k - 1], joined_[k - 1] != 0 ? current[k] : current[k - 1], times_[k] - times_[k - 1]);
    until[k] = {until[k - 1].charging + p.charging, until[k - 1].discharging + p.discharging};
  }
  const auto net = [](const Part& p) { return p.charging - p.discharging; };
  Charges out;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const std::size_t row = rows[k];
    const Part rest = part(current[row], value_at(current, row, at[k]), at[k] - times_[row]);
    const Part total{until[row].charging + rest.charging, until[row].discharging + rest.discharging};
    out.charging.push_back(total.charging);
    out.discharging.push_back(total.discharging);
    out.net.push_back(net(total));
    out.step.push_back(net(total) - net(until[step_start_[row]]));
  }
  return out;
}

std::vector<double> Timeline::step_time(const std::vector<std::size_t>& rows, const std::vector<double>& at) const {
  std::vector<double> out;
  out.reserve(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) out.push_back(at[k] - times_[step_start_[rows[k]]]);
  return out;
}

} // namespace platen
