#include "assess/verdict.hpp"

#include "assess/beside.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

namespace th = thresholds;

constexpr std::array<std::string_view, 2> hard_or_soft{"hard_share", "open_share"};
constexpr std::size_t long_memory = 8; ///< times as many are kept as are usually compared with
constexpr std::size_t sinking_memory = 16; ///< half cycles of both directions whose falls are usual (A47)
constexpr double accurate = 0.05; ///< share of a level that noise may blur for it to be a good reference

double between(double x, double zero, double one) { return std::clamp((x - zero) / (one - zero), 0.0, 1.0); }

struct Support {
  Evidence* evidence;
  double weight;
};

/// (A13) Also says what each test gave.
double score_of(Judged& j, bool shorted_before) {
  const auto share_below = [](const Evidence& e) { return e.figure / e.threshold; }; // not a number when the test was not made
  j.drop.weight = deciding(j.drop.fired, j.drop.figure, 0.5 * th::drop_share, th::drop_share, 1.0);
  j.small_drop.weight = j.small_drop.fired ? deciding(true, j.small_drop.figure, 0.0, th::small_fall, 1.0) : 0.0;
  j.sinking.weight = j.sinking.fired ? deciding(true, j.sinking.figure, 0.0, th::sink_share, 0.5) : 0.0;
  j.dips.weight = j.dips.fired ? deciding(true, j.dips.figure, 0.0, th::event_odds, 10.0 * th::event_odds) : 0.0;
  for (Evidence* e : {&j.floor, &j.impedance_floor}) e->weight = deciding(e->fired, -share_below(*e), -1.3, -1.0, 0.0);
  j.course.weight = j.course.fired ? deciding(true, j.course.figure, 0.0, th::small_fall, 1.0) : 0.0;
  j.follow.weight = deciding(j.follow.fired, -j.follow.figure, -0.5 * (1.0 + th::follow_share), -th::follow_share, 0.0);
  double healthy = 1.0;
  bool decided = false;
  for (const Evidence* e : {&j.drop, &j.small_drop, &j.sinking, &j.dips, &j.course, &j.floor, &j.impedance_floor, &j.follow}) {
    healthy = std::min(healthy, 1.0 - e->weight);
    decided = decided || e->fired;
  }
  if (j.contact.fired && !decided) return 1.0 - healthy; // contact that comes and goes is noisy too
  for (const Support s : {Support{&j.noise, th::weight_noise}, Support{&j.bursts, j.noise.fired ? 0.0 : th::weight_bursts},
                          Support{&j.jumps, th::weight_jumps}, Support{&j.flat, th::weight_flat}, Support{&j.mean, th::weight_mean},
                          Support{&j.asymmetry, th::weight_asymmetry}, Support{&j.recovery, th::weight_recovery},
                          Support{&j.impedance, th::weight_impedance}}) {
    if (!s.evidence->fired) continue;
    s.evidence->weight = s.weight;
    healthy *= 1.0 - s.weight;
  }
  if (shorted_before) healthy *= 1.0 - th::weight_history; // a filament that has opened is still there
  return 1.0 - healthy;
}

/// Rows of a half cycle once it was shorted: after the fall where one was seen, else all of them.
std::span<const double> shorted_rows(const Trace& trace, const Judged& j) {
  return std::span(trace.u).subspan(j.fall.found ? std::min(j.fall.row, trace.u.size() - 1) : 0);
}

/// Overpotential that the cell would have without the short, V.
double unshorted(const Trace& trace, const Judged& j, const Reference& before) {
  if (!before.known) return j.fall.before;
  const double expected = before.low / trace.thermal * trace.mean_current();
  return j.fall.found ? std::max(expected, std::min(j.fall.before, th::drop_elevated * expected)) : expected;
}

/// What three quarters of the shorted rows stay below, as a share of the earlier resistance: a short that opens now and then
/// is not a hard one.
double share_left(const Trace& trace, const Judged& j, const Reference& before) {
  const double earlier = unshorted(trace, j, before);
  return earlier > 0 ? numerics::quantile(shorted_rows(trace, j), 0.75) / earlier : 1.0;
}

/// The same at the end of the half cycle.
double share_at_end(const Trace& trace, const Judged& j, const Reference& before) {
  const std::span<const double> rows = shorted_rows(trace, j);
  const std::size_t last = std::min(rows.size(), std::max<std::size_t>(3, rows.size() / 10));
  const double earlier = unshorted(trace, j, before);
  return earlier > 0 ? numerics::median(rows.last(last)) / earlier : 1.0;
}

/// (A14)
Verdict verdict_of(const Trace& trace, const Judged& j, const Reference& before, const Trace* previous, Verdict verdict_before) {
  if (!j.shorted) return j.contact.fired ? Verdict::contact_loss : Verdict::healthy;
  const bool hard = j.share <= th::hard_share;
  if (j.fall.found) return hard && share_at_end(trace, j, before) <= th::open_share ? Verdict::hard_short : Verdict::soft_short;
  // the opposite of (A11): a trace that much less flat than healthy ones is not stable, unless noise alone shapes it
  const bool steady = trace.shape <= th::flat_ratio * std::max(before.shape, th::flat_least) ||
                      trace.shape * trace.middle * trace.mean_current() <= th::level_noise * trace.level_noise;
  const bool quiet = !j.noise.fired && !j.jumps.fired && !j.sinking.fired && !j.dips.fired && steady;
  if (hard && j.had_reference) {
    // at a switch of the current a fall cannot be told from the new half cycle; after a long pause nobody saw one
    const bool seen = previous != nullptr && trace.half_cycle.start - previous->half_cycle.end <= th::unseen_pause;
    return (seen && verdict_before != Verdict::fake_stable) || !quiet ? Verdict::hard_short : Verdict::fake_stable;
  }
  return quiet ? Verdict::fake_stable : Verdict::soft_short;
}

/// A half cycle with its neighbours in time.
struct Neighbours {
  const Trace *previous = nullptr, *next = nullptr;
  double frozen = std::numeric_limits<double>::infinity(); ///< s, from here on the cell was shorted: no spectrum is a measure
  double pressed_since = -std::numeric_limits<double>::infinity(); ///< s, from here on the stack pressure is what it is
};

Judged judge_one(const Trace& trace, const Context& context, const Surroundings& around, const Neighbours& by, double open_voltage) {
  Judged j;
  const auto made = [&](Evidence e) { return context.switches.apply(std::move(e)); };
  j.had_reference = context.before.known;
  j.fall = first_fall(trace, context.before, th::drop_share);
  j.drop = made(voltage_drop(trace, j.fall, context));
  if (!j.drop.fired) j.fall.found = false;
  const Fall small = fall_below_course(trace, context.before);
  j.small_drop = made(small_drop(trace, small, context));
  if (!j.drop.fired && j.small_drop.fired) j.fall = small;
  j.sinking = made(sinking(trace, context));
  if (context.before.settled && context.beside != nullptr) j.events = count_events(trace, *context.beside);
  j.dips = made(dips_that_come_back(trace, j.events, context));
  j.floor = made(below_floor(trace, context));
  j.impedance_floor = made(below_impedance(trace, context));
  j.follow = made(follows_current(trace, context));
  j.mean = made(mean_resistance(trace, context));
  j.noise = made(noise(trace, context));
  j.bursts = made(noise_bursts(trace, context));
  j.jumps = made(jumps(trace, context));
  j.flat = made(flatness(trace, context));
  j.asymmetry = made(asymmetry(trace, by.previous, by.next, context));
  j.recovery = made(recovery(trace, by.next, context));
  const double until = by.next != nullptr ? by.next->half_cycle.start : std::numeric_limits<double>::infinity();
  j.impedance = made(around.spectra.collapsed(trace, until, by.frozen, context));
  const auto before = [&](double time) { return time >= by.pressed_since && time <= std::min(trace.half_cycle.start, by.frozen); };
  GrownArc grown = around.spectra.arc_grown(trace.half_cycle.end, until, around.began, before, "the half cycle at " + say_current(trace.mean_current(), context.area));
  j.arc = grown.evidence = made(std::move(grown.evidence));
  j.contact = made(contact(trace, context, open_voltage, grown.due()));
  j.result.score = score_of(j, context.shorted_before);
  j.shorted = j.result.score >= th::score_short;
  if (j.shorted) j.share = share_left(trace, j, context.before);
  j.result.half_cycle = trace.half_cycle;
  j.result.noise = trace.scatter;
  return j;
}

bool pressure_changed(const Memory& memory, const Trace& trace) {
  return memory.pressure() > 0 && trace.pressure > 0 &&
         std::abs(trace.pressure - memory.pressure()) > th::pressure_change * memory.pressure();
}

} // namespace

bool is_short(Verdict verdict) { return verdict == Verdict::soft_short || verdict == Verdict::hard_short || verdict == Verdict::fake_stable; }

double deciding(bool fired, double figure, double zero, double threshold, double one) {
  if (!std::isfinite(figure)) return 0.0;
  if (fired) return 0.6 + 0.4 * between(figure, threshold, one);
  return th::unfired_cap * between(figure, zero, threshold);
}

double Memory::Kept::error_share(double at_current) const {
  // a zero error common to two half cycles at one current drops out of their comparison
  const double u = low * current, scale = at_current > 0 ? std::abs(current / at_current - 1.0) : 1.0;
  return u > 0 ? (noise + offset_error * std::min(1.0, scale)) / u : 1.0;
}

namespace {

/// The course at 25 degC.
std::vector<double> at_reference(const Trace& trace) {
  std::vector<double> out = trace.course;
  for (double& r : out) r *= trace.thermal;
  return out;
}

/// Part by part the lower of two courses, of which either may not know a part.
void lower(std::vector<double>& course, const std::vector<double>& other, double factor) {
  if (course.empty()) course.assign(course_parts, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t part = 0; part < other.size(); ++part)
    if (!(course[part] <= factor * other[part])) course[part] = factor * other[part];
}

} // namespace

void Memory::add(const Trace& trace, const Trace* previous, const Trace* next, double sunk, const EventCounts& events) {
  sunk_so_far_ = sunk;
  events_.push_back(events);
  if (events_.size() > 1) events_.back() += events_[events_.size() - 2];
  const double low = trace.low * trace.thermal;
  const double ratio = over_neighbours(trace, previous, next);
  // native layers break and the interface forms: while each half cycle is far below the one before, nothing is settled
  // the other direction may have more resistance by nature, and hide a fall behind that: it counts only once nothing falls any more
  const auto same = std::find_if(kept_.rbegin(), kept_.rend(), [&](const Kept& k) { return k.direction == trace.half_cycle.direction; });
  const bool still = same != kept_.rend() || trace.end > (1.0 - 0.5 * accurate) * trace.middle;
  const Kept* before = same != kept_.rend() ? &*same : still && !kept_.empty() ? &kept_.back() : nullptr;
  if (before != nullptr) settled_ = settled_ || low >= th::mean_share * before->low;
  kept_.push_back({low, trace.middle * trace.thermal, trace.mean_current(), trace.scatter, trace.burst, trace.shape, trace.pressure,
                   trace.level_noise / trace.mean_current() * trace.thermal, trace.middle_noise / trace.mean_current() * trace.thermal,
                   trace.level_noise, trace.offset_error, at_reference(trace), ratio, trace.half_cycle.direction, trace.sunk});
  ++added_;
  if (kept_.size() > long_memory * static_cast<std::size_t>(th::memory)) kept_.erase(kept_.begin());
}

std::size_t Memory::compared_from() const {
  const auto memory = static_cast<std::size_t>(th::memory);
  std::size_t from = kept_.size() > memory ? kept_.size() - memory : 0;
  // while contact is being lost each half cycle has more resistance than the last one in its direction; what it may return to lies before
  while (from > 0 && from + 1 < kept_.size() && kept_[from - 1].low < (1.0 - th::unequal_interfaces) * kept_[from + 1].low) --from;
  return from;
}

void Memory::clear() {
  kept_.clear();
  added_ = 0;
  settled_ = false;
  sunk_so_far_ = 0.0;
  events_.clear();
}

void Memory::add_before_fall(const Trace& trace, const Fall& fall) {
  const double resistance = fall.before / trace.mean_current() * trace.thermal;
  const double error = trace.level_noise / trace.mean_current() * trace.thermal;
  kept_.push_back({resistance, resistance, trace.mean_current(), trace.scatter, trace.burst, 0.0, trace.pressure, error, error,
                   trace.level_noise, trace.offset_error, {}, std::numeric_limits<double>::quiet_NaN(), trace.half_cycle.direction, std::numeric_limits<double>::quiet_NaN()});
  settled_ = settled_ || added_ > 0;
  ++added_;
}

Reference Memory::reference(int direction, double current) const {
  Reference out;
  if (kept_.empty()) return out;
  const std::span<const Kept> kept = std::span(kept_).subspan(compared_from());
  std::vector<double> scatter, burst, shape, ratio;
  out.low = out.middle = std::numeric_limits<double>::infinity();
  for (const Kept& k : kept) {
    // a level that is not well known would hide a short by being too low: the highest that it can be counts
    const double error = k.error_share(current), highest = error > accurate ? 1.0 + error : 1.0;
    if (highest * k.low < out.low) {
      out.low = highest * k.low;
      out.low_error = k.low_error;
      out.current = k.current;
      out.direction = k.direction;
    }
    if (k.direction == direction && (out.own.low == 0 || highest * k.low < out.own.low)) out.own = {highest * k.low, k.current};
    if (highest * k.middle < out.middle) {
      out.middle = highest * k.middle;
      out.middle_error = k.middle_error;
    }
    lower(out.course, k.course, highest);
    scatter.push_back(k.scatter);
    burst.push_back(k.burst);
    shape.push_back(k.shape);
    if (k.direction != direction) continue;
    lower(out.own_course, k.course, highest);
    if (std::isfinite(k.ratio)) ratio.push_back(k.ratio);
    out.own_middle = out.own_middle > 0 ? std::min(out.own_middle, highest * k.middle) : highest * k.middle;
  }
  out.known = out.low > 0;
  out.settled = out.known && settled_;
  out.sunk_so_far = sunk_so_far_;
  out.lowest = out.low;
  // a short that sinks slowly is soon among the last half cycles
  for (const Kept& k : std::span(kept_).last(std::min(kept_.size(), sinking_memory)))
    if (k.direction == direction && std::isfinite(k.sunk)) out.sunk.push_back(k.sunk);
  for (const Kept& k : kept_)
    if (k.error_share(current) <= accurate) out.lowest = std::min(out.lowest, k.low);
  if (std::none_of(kept.begin(), kept.end(), [&](const Kept& k) { return k.direction == direction; })) {
    out.low *= 1.0 - th::unequal_interfaces;
    out.middle *= 1.0 - th::unequal_interfaces;
    for (double& r : out.course) r *= 1.0 - th::unequal_interfaces;
  }
  out.scatter = numerics::median(scatter);
  out.burst = numerics::median(burst);
  out.shape = numerics::median(shape);
  out.shape_spread = numerics::robust_sigma(shape);
  out.ratios = ratio.size();
  if (!ratio.empty()) out.ratio = numerics::median(ratio);
  if (ratio.size() > 1) out.ratio_spread = numerics::standard_deviation(ratio) / *out.ratio;
  return out;
}

namespace {

void list_evidence(Judged& j) {
  j.result.evidence = {j.drop, j.small_drop, j.sinking, j.dips, j.course, j.floor, j.impedance_floor, j.follow, j.mean, j.noise, j.bursts, j.jumps,
                       j.flat, j.asymmetry, j.recovery, j.impedance, j.arc, j.contact};
  j.result.decided_by = what_decided_by(j.result, hard_or_soft);
}

/// Once every half cycle is judged by itself, all that passed for healthy since the last change of the pressure are looked at as one course.
void look_at_course(const std::vector<Trace>& traces, std::size_t since, const Context& cell, std::vector<Judged>& judged) {
  std::vector<bool> counts(traces.size(), false);
  bool lost = false;
  for (std::size_t k = 0; k < judged.size(); ++k) {
    lost = lost || judged[k].result.verdict == Verdict::contact_loss;
    counts[k] = k >= since && judged[k].result.verdict == Verdict::healthy;
  }
  // what it came from and went to is no healthy cell's habit
  if (lost || cell.switches.off(course_leak_name)) std::fill(counts.begin(), counts.end(), false);
  const auto leak = std::make_shared<const CourseLeak>(find_course_leak(traces, counts, cell.temperature_logged));
  for (std::size_t k = 0; k < judged.size(); ++k) {
    Judged& j = judged[k];
    j.course = cell.switches.apply(in_course(traces[k], *leak, leak->shares[k]));
    j.course_leak = leak;
    if (j.course.fired && !j.stated) {
      j.result.score = score_of(j, false);
      j.shorted = true;
      j.share = 1.0 - leak->shares[k];
      j.result.verdict = j.share <= th::hard_share ? Verdict::hard_short : Verdict::soft_short;
    }
    list_evidence(j);
  }
}

} // namespace

std::vector<Judged> judge(const std::vector<Trace>& traces, const Surroundings& surroundings, const Context& cell,
                          std::vector<Diagnostic>& warnings) {
  std::vector<Judged> out;
  out.reserve(traces.size());
  Memory memory;
  bool shorted = false, frozen = false;
  double settled_since = 0.0;
  std::size_t compared_since = 0;
  Neighbours by;
  for (std::size_t k = 0; k < traces.size(); ++k) {
    const Trace& trace = traces[k];
    if (!frozen && pressure_changed(memory, trace)) {
      warnings.push_back({Severity::warning, "D104",
                          fmt::format("the stack pressure changed from {:.3g} to {:.3g} MPa before {:.0f} s: resistances before and after "
                                      "are not compared", memory.pressure() * 1e-6, trace.pressure * 1e-6, trace.half_cycle.start)});
      memory.clear();
      by.pressed_since = trace.half_cycle.start;
      compared_since = k;
    }
    Context context = cell;
    context.before = memory.reference(trace.half_cycle.direction, trace.mean_current());
    // before that native layers, or another pressure, have a share in the high frequencies too
    if (!context.before.settled) settled_since = trace.half_cycle.start;
    context.impedance_floor = surroundings.spectra.floor_between(settled_since, std::min(trace.half_cycle.start, by.frozen), trace.low * trace.thermal);
    context.shorted_before = shorted;
    by.previous = k > 0 ? &traces[k - 1] : nullptr;
    by.next = k + 1 < traces.size() ? &traces[k + 1] : nullptr;
    const std::optional<Beside> beside = beside_earlier(traces, out, k);
    context.beside = beside ? &*beside : nullptr;
    context.events_before = &memory.events();
    Judged j = judge_one(trace, context, surroundings, by, surroundings.open_voltage[k]);
    j.result.verdict = verdict_of(trace, j, context.before, by.previous, k > 0 ? out.back().result.verdict : Verdict::healthy);
    if (!surroundings.overruled.empty() && surroundings.overruled[k]) {
      j.stated = true;
      j.result.verdict = *surroundings.overruled[k];
      j.shorted = is_short(j.result.verdict);
    }
    if (j.shorted) by.frozen = std::min(by.frozen, trace.half_cycle.start);
    shorted = shorted || j.shorted;
    // once shorted, what the cell was like before stays the measure, if that is known
    frozen = frozen || (j.shorted && context.before.settled);
    if (!frozen && j.result.verdict == Verdict::healthy) memory.add(trace, by.previous, by.next, sunk_with(trace, context.before), j.events.value_or(EventCounts{}));
    else if (!frozen && !context.before.known && j.fall.found) memory.add_before_fall(trace, j.fall);
    out.push_back(std::move(j));
  }
  look_at_course(traces, compared_since, cell, out);
  return out;
}

} // namespace platen::assessing
