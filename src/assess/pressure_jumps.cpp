#include "assess/pressure_series.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t beside = 6;          // readings from which the course before and after is taken
constexpr std::array<std::size_t, 3> strides{1, 4, 16}; // a hand turns a screw over several readings
constexpr double hand_time = 120.0;        // s: nobody takes longer for one turn
constexpr double noise_needed = 8.0;       // (R3)
constexpr double share_needed = 0.003;     // of the pressure: less is no re-tightening worth the name
constexpr double steps_needed = 10.0;      // resolutions: a reading that moves by one step of the converter is none
constexpr double gap_intervals = 5.0;      // across a longer gap anything may have passed
constexpr std::size_t spike_readings = 3;  // a spike is over after so many
constexpr double returned = 0.3;           // of a jump: what has come back to within this was a spike
constexpr double goes_on = 0.2;            // of a step: what follows in its direction by that much is the same turn

struct Line {
  double slope = 0.0, span = 0.0, level = 0.0; ///< level: at the end that faces the jump
};

/// Median slope of the readings [from, to], `near` being the one that faces the jump.
Line line_of(const std::vector<double>& t, const std::vector<double>& p, std::size_t from, std::size_t to, std::size_t near) {
  Line out;
  out.span = t[to] - t[from];
  std::vector<double> slopes;
  for (std::size_t a = from; a < to; ++a)
    for (std::size_t b = a + 1; b <= to; ++b)
      if (t[b] > t[a]) slopes.push_back((p[b] - p[a]) / (t[b] - t[a]));
  if (!slopes.empty()) out.slope = numerics::median(slopes);
  std::vector<double> levels;
  for (std::size_t a = from; a <= to; ++a) levels.push_back(p[a] + out.slope * (t[near] - t[a]));
  out.level = numerics::median(levels);
  return out;
}

struct Found {
  std::size_t before = 0, after = 0; ///< rows of the series
  double size = 0.0, error = 0.0;
  bool spike = false;
};

/// Jumps between neighbours of every `stride`-th reading; of a slower logger, whose readings stand for `repeats` rows.
class Search {
public:
  Search(const PressureSeries& s, std::size_t stride, std::size_t repeats) : s_(s), stride_(stride * repeats), repeats_(repeats) {
    std::size_t readings = 0, since = 0;
    for (std::size_t k = 0; k < s.size(); ++k, ++since) {
      if (k > 0 && since < repeats && s.pressure[k] == s.pressure[k - 1]) continue;
      since = 0;
      if (readings++ % stride != 0) continue;
      rows_.push_back(k);
      t_.push_back(s.time[k]);
      p_.push_back(s.pressure[k]);
    }
  }

  std::vector<Found> run() const {
    std::vector<Found> out;
    const double usual = s_.interval * static_cast<double>(stride_);
    std::size_t seen = 0; // where the jump before ended
    for (std::size_t k = 2; k + 3 < rows_.size(); ++k) {
      if (t_[k + 1] - t_[k] > gap_intervals * usual) continue;
      auto jump = at(k);
      if (!jump) continue;
      const std::size_t end = whole(k, seen, *jump);
      out.push_back(*jump);
      seen = end;
      k = end + 1; // the relaxation after a jump is none
    }
    return out;
  }

private:
  /// (R3): what the change between readings k and k + 1 has beyond the courses on both sides.
  std::optional<Found> at(std::size_t k) const {
    const std::size_t first = k - std::min(k, beside - 1), last = std::min(k + beside, rows_.size() - 1);
    const double step = p_[k + 1] - p_[k], dt = t_[k + 1] - t_[k];
    const double least = least_at(k);
    if (std::abs(step) < 0.8 * least) return std::nullopt;
    const Line before = line_of(t_, p_, first, k, k), after = line_of(t_, p_, k + 1, last, k + 1);
    const double slow = std::min(before.slope, after.slope) * dt, fast = std::max(before.slope, after.slope) * dt;
    const double loose = 4.0 * s_.noise * dt * (1.0 / std::max(before.span, dt) + 1.0 / std::max(after.span, dt));
    const double excess = step > fast ? step - fast : step < slow ? step - slow : 0.0;
    if (std::abs(excess) < least + loose) return std::nullopt;
    Found out{rows_[k], rows_[k + 1], after.level - before.level - before.slope * dt, 0.0, false};
    // the change on the way must be most of the change of the level, or it is a bend
    if (std::abs(out.size) > 0.0 && std::abs(step) < 0.5 * std::abs(out.size) && stride_ == repeats_) return std::nullopt;
    out.error = s_.resolution * std::sqrt(2.0 / static_cast<double>(beside) + 4.0 * dt * dt / std::pow(std::max(before.span, dt), 2));
    const double back = p_[k] + returned * step;
    std::size_t over = k + 2;
    while (over <= k + 1 + spike_readings && over < rows_.size() && (p_[over] - back) * step > 0.0) ++over;
    if (over <= k + 1 + spike_readings && over < rows_.size()) {
      const std::size_t until = std::min(over + beside - 1, rows_.size() - 1);
      const double later = line_of(t_, p_, over, until, over).level;
      if (std::abs(later - p_[k]) < 0.5 * std::abs(step)) out = {rows_[k], rows_[over], step, s_.resolution, true};
    }
    return out;
  }

  double least_at(std::size_t k) const {
    return std::max({noise_needed * s_.noise, share_needed * std::max(std::abs(p_[k]), std::abs(p_[k + 1])), steps_needed * s_.resolution});
  }

  /// Steps beside that of reading k that go on in its direction belong to the same turn of the screw: the jump is that from where they begin,
  /// not before `earliest`, to where they end. @returns its last reading.
  std::size_t whole(std::size_t k, std::size_t earliest, Found& jump) const {
    if (jump.spike) return k + spike_readings;
    const double step = p_[k + 1] - p_[k], least = std::max(least_at(k), goes_on * std::abs(step));
    const auto same_turn = [&](std::size_t at) { return std::copysign(1.0, step) * (p_[at + 1] - p_[at]) >= least; };
    std::size_t begin = k, end = k + 1;
    while (end + 3 < rows_.size() && t_[end + 1] - t_[begin] <= hand_time && same_turn(end)) ++end;
    while (begin > earliest + 1 && t_[end] - t_[begin - 1] <= hand_time && same_turn(begin - 1)) --begin;
    if (begin == k && end == k + 1) return end;
    const Line before = line_of(t_, p_, begin - std::min(begin, beside - 1), begin, begin);
    const Line after = line_of(t_, p_, end, std::min(end + beside - 1, rows_.size() - 1), end);
    jump.before = rows_[begin];
    jump.after = rows_[end];
    jump.size = after.level - before.level - before.slope * (t_[end] - t_[begin]);
    return end;
  }

  const PressureSeries& s_;
  std::size_t stride_, repeats_; ///< in rows
  std::vector<std::size_t> rows_;
  std::vector<double> t_, p_;
};

std::string reason_of(const PressureSeries& s, const Found& f) {
  const double time = s.time[f.after] - s.time[f.before];
  if (f.spike) return fmt::format("it was back within {:.3g} s: a reading, not a load", time);
  std::string out = fmt::format("{:+.3g} MPa within {:.3g} s, and it stayed", f.size * 1e-6, time);
  if (!s.charge.empty()) {
    const double passed = std::abs(s.charge[f.after] - s.charge[f.before]);
    out += s.per_area ? fmt::format("; only {:.2g} mAh/cm2 passed meanwhile", passed / 36000.0)
                      : fmt::format("; only {:.2g} mAh passed meanwhile", passed / 3.6);
  }
  return out;
}

} // namespace

void find_pressure_jumps(PressureSeries& s) {
  std::vector<Found> all;
  const std::size_t repeats = repeats_of(s.pressure);
  for (const std::size_t stride : strides) {
    if (stride > 1 && s.interval * static_cast<double>(stride * repeats) > hand_time) break;
    for (const Found& f : Search(s, stride, repeats).run()) {
      const auto known = [&](const Found& other) {
        const double margin = 3.0 * s.interval * static_cast<double>(stride * repeats);
        return s.time[f.before] <= s.time[other.after] + margin && s.time[f.after] >= s.time[other.before] - margin;
      };
      if (std::none_of(all.begin(), all.end(), known)) all.push_back(f);
    }
  }
  std::sort(all.begin(), all.end(), [](const Found& a, const Found& b) { return a.before < b.before; });
  double taken = 0.0;
  std::size_t row = 0, level = 0;
  std::vector<double> step(s.size());
  for (const Found& f : all) {
    for (; row <= f.before; ++row) {
      step[row] = taken;
      s.level[row] = level;
    }
    PressureJump jump{f.spike ? JumpKind::spike : JumpKind::by_hand, s.time[f.before], s.time[f.after], f.size, f.error, std::nullopt,
                      reason_of(s, f)};
    if (!s.temperature.empty()) jump.temperature_change = s.temperature[f.after] - s.temperature[f.before];
    s.jumps.push_back(std::move(jump));
    for (std::size_t k = f.before + 1; k < f.after; ++k) s.spoiled[k] = 1;
    if (f.spike) continue;
    taken += f.size;
    ++level;
  }
  for (; row < s.size(); ++row) {
    step[row] = taken;
    s.level[row] = level;
  }
  for (std::size_t k = 0; k < s.size(); ++k) s.clean[k] = s.pressure[k] + taken - step[k];
}

} // namespace platen::assessing
