#include "simulate/outcome.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <vector>

namespace platen {
namespace {

/// Rows under current of one direction in one cycle; interruptions are no end.
struct Stroke {
  std::size_t first = 0, last = 0; ///< rows, inclusive
  std::int32_t cycle = 0, sentence = 0;
  int direction = 0;
  double current_density = 0.0; ///< A/m2, magnitude as imposed: of the first row
};

struct Rows {
  std::span<const double> time, current, pressure;
  std::span<const std::int32_t> cycle, sentence;
  double area;
};

Rows rows_of(const Study& study, const Record& record) {
  return {record.real(col::test_time), record.real(col::current), record.real(col::stack_pressure),
          record.integer(col::cycle_count), record.integer(col::step_index), study.cell.area};
}

std::vector<Stroke> strokes_of(const Rows& rows) {
  std::vector<Stroke> out;
  for (std::size_t k = 0; k < rows.time.size(); ++k) {
    if (rows.current[k] == 0.0 || rows.cycle[k] == 0) continue;
    const int direction = rows.current[k] > 0.0 ? 1 : -1;
    if (out.empty() || out.back().cycle != rows.cycle[k] || out.back().direction != direction || out.back().sentence != rows.sentence[k])
      out.push_back({.first = k, .cycle = rows.cycle[k], .sentence = rows.sentence[k], .direction = direction,
                     .current_density = std::abs(rows.current[k]) / rows.area});
    out.back().last = k;
  }
  return out;
}

std::optional<double> first_event(const Record& record, std::initializer_list<std::string_view> kinds) {
  for (const Event& e : record.events)
    if (std::find(kinds.begin(), kinds.end(), e.kind) != kinds.end()) return e.time;
  return std::nullopt;
}

const Step& sentence_of(const Study& study, const Stroke& stroke) { return study.test[static_cast<std::size_t>(stroke.sentence) - 1]; }

/// How long (s) the sentence lets the stroke last: by its time or its charge; empty where a voltage ends it.
std::optional<double> stated_duration(const Step& sentence, const Stroke& stroke) {
  if (const auto* ramp = std::get_if<step::Ramp>(&sentence.kind)) {
    if (ramp->duration) return ramp->duration;
    return ramp->capacity ? std::optional(*ramp->capacity / stroke.current_density) : std::nullopt;
  }
  if (const auto* repeat = std::get_if<step::Repeat>(&sentence.kind)) {
    for (const Step& inner : repeat->steps)
      if (const auto duration = stated_duration(inner, stroke)) return duration;
    return std::nullopt;
  }
  const auto* constant = std::get_if<step::ConstantCurrent>(&sentence.kind);
  const bool is_this = constant != nullptr && constant->direction == stroke.direction &&
                       std::abs(constant->current_density / stroke.current_density - 1.0) < 1e-6;
  if (!is_this) return std::nullopt;
  if (constant->duration) return constant->duration;
  return constant->capacity ? std::optional(*constant->capacity / constant->current_density) : std::nullopt;
}

/// Share of the stroke that has passed at `t` (s), at most 1. What ends at a voltage is measured against the cathode's capacity.
double share_passed(const Study& study, const Rows& rows, const Stroke& stroke, double t) {
  std::optional<double> whole = stated_duration(sentence_of(study, stroke), stroke);
  if (!whole && study.cell.cathode) whole = study.cell.cathode->areal_capacity / stroke.current_density;
  return whole ? std::clamp((t - rows.time[stroke.first]) / *whole, 0.0, 1.0) : 1.0;
}

const step::Ramp* ramp_of(const Study& study, const Stroke& stroke) {
  return std::get_if<step::Ramp>(&sentence_of(study, stroke).kind);
}

/// Number of the ramp's step, from 0.
int step_number(const step::Ramp& ramp, const Stroke& stroke) {
  return static_cast<int>(std::lround((stroke.current_density - ramp.start) / ramp.increment));
}

/// Overpotential of the plating electrode over its critical one, at the rows where a stroke begins and ends.
struct Load {
  double start = 0.0, peak = 0.0;
};

Load load_of(const Record& record, const Stroke& stroke) {
  const std::string_view side = stroke.direction > 0 ? "right" : "left";
  if (!record.has(fmt::format("overpotential_{}", side))) return {}; // a cathode
  const auto eta = record.real(fmt::format("overpotential_{}", side)), critical = record.real(fmt::format("critical_overpotential_{}", side));
  const auto load = [&](std::size_t row) { return critical[row] > 0.0 ? std::abs(eta[row]) / critical[row] : 0.0; };
  const double start = load(stroke.first);
  return {start, std::max(start, load(stroke.last))};
}

/// Share of the way from the currents of the strokes before `last` to its own at which the load of an electrode is 1: of the one that
/// failed, or of the other where that had been closer and was not asked again.
double share_of_load(const Record& record, const std::vector<Stroke>& strokes, double share) {
  const Stroke& last = strokes.back();
  const double now = load_of(record, last).start;
  double growth = 0.0, lowest = 1.0; // of the load with the current
  for (const int direction : {last.direction, -last.direction}) {
    const auto before = std::find_if(strokes.rbegin() + 1, strokes.rend(), [&](const Stroke& s) {
      return s.direction == direction && s.sentence == last.sentence;
    });
    if (before == strokes.rend()) {
      if (direction == last.direction && now > 1.0) lowest = 1.0 / now; // from no current on
      continue;
    }
    const bool failed = direction == last.direction;
    const Load then = load_of(record, *before);
    if (failed) growth = then.start > 0.0 ? now / then.start : 0.0;
    else if (!(before->current_density < last.current_density)) continue;
    const double would_be = failed ? std::max(now, then.peak * growth) : then.peak * growth;
    if (would_be > 1.0) lowest = std::min(lowest, then.peak < 1.0 ? (1.0 - then.peak) / (would_be - then.peak) : 0.0);
  }
  return std::max(share, lowest);
}

void describe_ramp(const Record& record, const step::Ramp& ramp, const std::vector<Stroke>& strokes, const std::optional<double>& share,
                   TestOutcome& out) {
  const Stroke& last = strokes.back();
  const int number = step_number(ramp, last);
  const auto current_density = [&](int k) { return ramp.start + k * ramp.increment; };
  const bool carried = out.end == TestEnd::completed;
  if (carried || number > 0) out.last_passed = current_density(carried ? number : number - 1);
  if (!share) return;
  const auto first = std::find_if(strokes.begin(), strokes.end(), [&](const Stroke& s) {
    return s.sentence == last.sentence && step_number(ramp, s) == number;
  });
  const double below = number > 0 ? *out.last_passed : std::max(0.0, ramp.start - ramp.increment);
  const double passed = (last.cycle - first->cycle + share_of_load(record, strokes, *share)) / ramp.cycles_per_step;
  out.failing_step = current_density(number);
  out.continuous_ccd = below + (*out.failing_step - below) * passed;
}

/// Highest less lowest pressure over the rows `first` to `last`.
double swing(const Rows& rows, std::size_t first, std::size_t last) {
  const auto [low, high] = std::minmax_element(rows.pressure.begin() + static_cast<std::ptrdiff_t>(first),
                                               rows.pressure.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  return *high - *low;
}

/// Of cycles with both directions, the last stroke left out where it was cut by a contact.
void describe_pressure(const Rows& rows, std::vector<Stroke> strokes, TestOutcome& out) {
  if (out.contact_time) strokes.pop_back();
  if (strokes.empty()) return;
  out.after_first_half_cycle = rows.pressure[strokes.front().last];
  for (std::size_t k = 0; k + 1 < strokes.size(); ++k) {
    if (strokes[k].cycle != strokes[k + 1].cycle) continue;
    const double s = swing(rows, strokes[k].first, strokes[k + 1].last);
    if (strokes[k].cycle == strokes.front().cycle) out.first_swing = s;
    out.largest_swing = std::max(s, out.largest_swing.value_or(s));
  }
}

TestEnd end_of(const Record& record, const std::optional<double>& contact) {
  if (contact) return TestEnd::shorted;
  if (first_event(record, {"voltage limit"})) return TestEnd::voltage_limit;
  return first_event(record, {"seat lost"}) ? TestEnd::seat_lost : TestEnd::completed;
}

} // namespace

std::string_view label(TestEnd end) {
  static constexpr std::array<std::string_view, 4> names{"shorted", "completed", "voltage limit", "seat lost"};
  return names[static_cast<std::size_t>(end)];
}

TestOutcome test_outcome(const Study& study, const Record& record) {
  const Rows rows = rows_of(study, record);
  TestOutcome out;
  out.contact_time = first_event(record, {"soft short", "hard short"});
  out.bridge_time = first_event(record, {"hard short"});
  out.end = end_of(record, out.contact_time);
  out.duration = rows.time.empty() ? 0.0 : rows.time.back() - rows.time.front();
  std::vector<Stroke> strokes = strokes_of(rows);
  const double end = out.contact_time.value_or(std::numeric_limits<double>::infinity());
  std::erase_if(strokes, [&](const Stroke& s) { return rows.time[s.first] > end; });
  if (strokes.empty()) return out;
  const Stroke& last = strokes.back();
  std::optional<double> share; // of the half cycle in which the contact came
  if (out.contact_time) {
    share = share_passed(study, rows, last, end);
    out.shorted_on_charge = last.direction > 0;
  }
  out.cycles = share ? last.cycle - 1 + 0.5 * (*share + (last.direction > 0 ? 0.0 : 1.0)) : last.cycle;
  for (const Stroke& s : strokes) out.charge_to_contact += s.current_density * (std::min(end, rows.time[s.last]) - rows.time[s.first]);
  if (const auto* ramp = ramp_of(study, last)) describe_ramp(record, *ramp, strokes, share, out);
  describe_pressure(rows, strokes, out);
  return out;
}

} // namespace platen
