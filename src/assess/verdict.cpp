#include "assess/verdict.hpp"

#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

namespace th = thresholds;

double between(double x, double zero, double one) { return std::clamp((x - zero) / (one - zero), 0.0, 1.0); }

/// (A13)
double score_of(const Judged& j, bool shorted_before) {
  const double drop = deciding(j.drop.fired, j.drop.figure, 0.5 * th::drop_share, th::drop_share, 1.0);
  const double floor_share = j.floor.figure / j.floor.threshold; // not a number when the test was not made
  const double floor = deciding(j.floor.fired, -floor_share, -1.3, -1.0, 0.0);
  const double follow = deciding(j.follow.fired, -j.follow.figure, -0.5 * (1.0 + th::follow_share), -th::follow_share, 0.0);
  double healthy = 1.0 - std::max({drop, floor, follow});
  const bool decided = j.drop.fired || j.floor.fired || j.follow.fired;
  if (j.contact.fired && !decided) return 1.0 - healthy; // contact that comes and goes is noisy too
  if (j.noise.fired) healthy *= 1.0 - th::weight_noise;
  if (j.jumps.fired) healthy *= 1.0 - th::weight_jumps;
  if (j.flat.fired) healthy *= 1.0 - th::weight_flat;
  if (j.mean.fired) healthy *= 1.0 - th::weight_mean;
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
  const bool quiet = !j.noise.fired && !j.jumps.fired && steady;
  if (hard && j.had_reference) {
    // at a switch of the current a fall cannot be told from the new half cycle; after a long pause nobody saw one
    const bool seen = previous != nullptr && trace.half_cycle.start - previous->half_cycle.end <= th::unseen_pause;
    return (seen && verdict_before != Verdict::fake_stable) || !quiet ? Verdict::hard_short : Verdict::fake_stable;
  }
  return quiet ? Verdict::fake_stable : Verdict::soft_short;
}

Judged judge_one(const Trace& trace, const Context& context, double open_voltage) {
  Judged j;
  j.had_reference = context.before.known;
  const auto made = [&](Evidence e) { return context.switches.apply(std::move(e)); };
  j.fall = first_fall(trace, context.before, th::drop_share);
  j.drop = made(voltage_drop(trace, j.fall, context));
  if (!j.drop.fired) j.fall.found = false;
  j.floor = made(below_floor(trace, context));
  j.follow = made(follows_current(trace, context));
  j.mean = made(mean_resistance(trace, context));
  j.noise = made(noise(trace, context));
  j.jumps = made(jumps(trace, context));
  j.flat = made(flatness(trace, context));
  j.contact = made(contact(trace, context, open_voltage));
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

double deciding(bool fired, double figure, double zero, double threshold, double one) {
  if (!std::isfinite(figure)) return 0.0;
  if (fired) return 0.6 + 0.4 * between(figure, threshold, one);
  return th::unfired_cap * between(figure, zero, threshold);
}

void Memory::add(const Trace& trace) {
  const double u = trace.low * trace.mean_current();
  kept_.push_back({trace.low * trace.thermal, trace.middle * trace.thermal, trace.mean_current(), trace.scatter, trace.shape,
                   u > 0 ? (trace.level_noise + trace.offset_error) / u : 1.0, trace.pressure, trace.half_cycle.direction});
  ++added_;
  if (kept_.size() > static_cast<std::size_t>(th::memory)) kept_.pop_front();
}

void Memory::add_before_fall(const Trace& trace, const Fall& fall) {
  const double resistance = fall.before / trace.mean_current() * trace.thermal;
  kept_.push_back({resistance, resistance, trace.mean_current(), trace.scatter, 0.0,
                   (trace.level_noise + trace.offset_error) / fall.before, trace.pressure, trace.half_cycle.direction});
  ++added_;
}

Reference Memory::reference(int direction) const {
  Reference out;
  if (kept_.empty()) return out;
  constexpr double accurate = 0.05; // a noisy level is biased low and would hide a short; used only while there is no better
  const bool any = std::any_of(kept_.begin(), kept_.end(), [](const Kept& k) { return k.error_share <= accurate; });
  std::vector<double> scatter, shape;
  out.low = out.middle = std::numeric_limits<double>::infinity();
  for (const Kept& k : kept_) {
    if (any && k.error_share > accurate) continue;
    if (k.low < out.low) out.current = k.current;
    out.low = std::min(out.low, k.low);
    out.middle = std::min(out.middle, k.middle);
    scatter.push_back(k.scatter);
    shape.push_back(k.shape);
  }
  out.known = out.low > 0;
  out.settled = out.known && added_ > 1;
  if (std::none_of(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.direction == direction; })) {
    out.low *= 1.0 - th::unequal_interfaces;
    out.middle *= 1.0 - th::unequal_interfaces;
  }
  out.scatter = numerics::median(scatter);
  out.shape = numerics::median(shape);
  return out;
}

std::vector<Judged> judge(const std::vector<Trace>& traces, const std::vector<double>& open_voltage, const Context& cell,
                          std::vector<Diagnostic>& warnings) {
  std::vector<Judged> out;
  out.reserve(traces.size());
  Memory memory;
  bool shorted = false, frozen = false;
  for (std::size_t k = 0; k < traces.size(); ++k) {
    const Trace& trace = traces[k];
    if (!frozen && pressure_changed(memory, trace)) {
      warnings.push_back({Severity::warning, "D104",
                          fmt::format("the stack pressure changed from {:.3g} to {:.3g} MPa before {:.0f} s: resistances before and after "
                                      "are not compared", memory.pressure() * 1e-6, trace.pressure * 1e-6, trace.half_cycle.start)});
      memory.clear();
    }
    Context context = cell;
    context.before = memory.reference(trace.half_cycle.direction);
    context.shorted_before = shorted;
    Judged j = judge_one(trace, context, open_voltage[k]);
    j.result.verdict = verdict_of(trace, j, context.before, k > 0 ? &traces[k - 1] : nullptr,
                                  k > 0 ? out.back().result.verdict : Verdict::healthy);
    shorted = shorted || j.shorted;
    // once shorted, what the cell was like before stays the measure, if that is known
    frozen = frozen || (j.shorted && context.before.settled);
    if (!frozen && j.result.verdict == Verdict::healthy) memory.add(trace);
    else if (!frozen && !context.before.known && j.fall.found) memory.add_before_fall(trace, j.fall);
    j.result.evidence = {j.drop, j.floor, j.follow, j.mean, j.noise, j.jumps, j.flat, j.contact};
    out.push_back(std::move(j));
  }
  return out;
}

} // namespace platen::assessing
