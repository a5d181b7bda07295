#include "assess/full_cell.hpp"

#include "assess/ccd.hpp"
#include "assess/lag_course.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace platen::assessing {
namespace {

namespace th = thresholds;

constexpr std::array<std::string_view, 1> hard_or_soft{"collapse_share"};

/// A supporting test that fired.
struct Support {
  std::string name;
  double weight = 0.0; ///< 1
  int run = 0;         ///< in which
};

/// A charge with what its tests said, or a discharge, which is only asked for contact.
struct JudgedStroke {
  HalfCycleAssessment result;
  ChargeFall fall;
  Evidence drop, below, excess, cutoff, stall, jumps, dips, fallen, balance, lag, efficiency, leak, hold, push, arc, contact;
  bool shorted = false;
  double onset = 0;          ///< s, of a shorted charge
  int run = 0;               ///< number of reversals before it
  std::vector<Support> support; ///< supporting tests that fired in its run so far and in those just before
  bool lost_contact = false; ///< in this half cycle, or in the one that it goes on from
};

/// The same loss of charge, seen from its two sides.
bool same_loss(std::string_view one, std::string_view other) {
  constexpr std::array<std::string_view, 2> loss{"coulombic efficiency", "charge and discharge do not balance"};
  return one == other || (std::find(loss.begin(), loss.end(), one) != loss.end() && std::find(loss.begin(), loss.end(), other) != loss.end());
}

/// One charge may be several half cycles: what its constant current, its held voltage and the rest after it say belongs together.
void add_support(JudgedStroke& j, Evidence& e, double weight) {
  if (!e.fired) return;
  e.weight = weight;
  if (std::none_of(j.support.begin(), j.support.end(), [&](const Support& s) { return s.run == j.run && same_loss(s.name, e.name); })) j.support.push_back({e.name, weight, j.run});
}

/// 1, what the supporting tests leave of a healthy score: one of this run, and those of the runs before that are another one.
double healthy_by_support(const JudgedStroke& j) {
  if (j.support.empty() || j.support.back().run != j.run) return 1.0;
  double out = 1.0;
  for (auto s = j.support.begin(); s != j.support.end(); ++s)
    if (std::none_of(j.support.begin(), s, [&](const Support& x) { return same_loss(x.name, s->name); })) out *= 1.0 - s->weight;
  return out;
}

/// What was seen of supporting tests before (A98): a leak that a charge shows is there in the discharge after it as well.
void go_on_from(const JudgedStroke& before, bool same_run, JudgedStroke& j) {
  constexpr int together = 1; // run before this one
  j.run = before.run + (same_run ? 0 : 1);
  for (const Support& s : before.support)
    if (j.run - s.run <= together) j.support.push_back(s);
}

/// (A29) Also says what each test gave.
double score_of(JudgedStroke& j, bool lost_charge_before) {
  j.drop.weight = deciding(j.drop.fired, j.drop.figure, 0.0, j.drop.threshold, 10.0 * j.drop.threshold);
  j.below.weight = j.below.fired ? 0.6 + 0.4 * std::clamp(1.0 - j.below.figure / j.below.threshold, 0.0, 1.0) : 0.0;
  j.excess.weight = deciding(j.excess.fired, j.excess.figure, 1.0, j.excess.threshold, 2.0);
  j.dips.weight = j.dips.fired && !j.lost_contact ? deciding(true, j.dips.figure, 0.0, j.dips.threshold, 10.0 * j.dips.threshold) : 0.0;
  double healthy = 1.0 - std::max({j.drop.weight, j.below.weight, j.excess.weight, j.dips.weight});
  const bool decided = j.drop.fired || j.below.fired || j.excess.fired;
  if (j.lost_contact && !decided) return 1.0 - healthy; // a worn out interface changes all of what follows
  const auto add = [&](Evidence& e, double weight) { add_support(j, e, weight); };
  add(j.cutoff, th::weight_cutoff);
  add(j.stall, th::weight_stall);
  add(j.jumps, th::weight_jumps);
  add(j.fallen, th::weight_fallen);
  add(j.lag, th::weight_lag);
  add(j.efficiency, th::weight_efficiency);
  add(j.balance, th::weight_balance);
  add(j.leak, th::weight_leak);
  add(j.hold, th::weight_hold);
  add(j.push, th::weight_push);
  const double again = j.efficiency.fired && lost_charge_before ? 1.0 - th::weight_efficiency : 1.0;
  return 1.0 - healthy * healthy_by_support(j) * again;
}

double score_of_discharge(JudgedStroke& j) {
  if (j.lost_contact) return 0.0;
  if (j.dips.fired) j.dips.weight = deciding(true, j.dips.figure, 0.0, j.dips.threshold, 10.0 * j.dips.threshold);
  add_support(j, j.fallen, th::weight_fallen);
  add_support(j, j.balance, th::weight_balance);
  add_support(j, j.lag, th::weight_lag);
  return 1.0 - (1.0 - j.dips.weight) * healthy_by_support(j);
}

double onset_of(const JudgedStroke& j) {
  double time = std::numeric_limits<double>::infinity();
  if (j.fall.found) time = std::min(time, j.fall.onset);
  if (j.below.fired) time = std::min(time, j.below.time);
  for (const Evidence* e : {&j.jumps, &j.dips, &j.fallen})
    if (e->fired) time = std::min(time, e->time);
  if (std::isfinite(time)) return time;
  for (const Evidence* e : {&j.stall, &j.excess, &j.hold, &j.leak, &j.push, &j.lag})
    if (e->fired) time = std::min(time, e->time);
  return std::isfinite(time) ? time : j.result.half_cycle.start;
}

/// From the row before the voltage left its course to the first row at which a test had seen enough.
TimeWindow window_of(const Stroke& s, const JudgedStroke& j) {
  const double onset = j.onset;
  const auto row = std::lower_bound(s.time.begin(), s.time.end(), onset);
  TimeWindow out{row == s.time.begin() ? s.half_cycle.start : *(row - 1), s.half_cycle.end};
  if (j.fall.found) out.latest = std::min(out.latest, j.fall.time);
  for (const Evidence* e : {&j.below, &j.excess, &j.jumps, &j.hold})
    if (e->fired && e->time >= onset) out.latest = std::min(out.latest, e->time);
  return out;
}

/// (A30): after a hard short nearly nothing of the voltage is left, and it stays so.
Verdict kind_of_short(const Stroke& charge, const JudgedStroke& j) {
  const double onset = j.onset;
  std::vector<double> after;
  double highest = charge.voltage.front();
  for (std::size_t k = 0; k < charge.time.size(); ++k)
    if (charge.time[k] >= onset) after.push_back(charge.voltage[k]);
    else highest = std::max(highest, charge.voltage[k]);
  if (!(j.fall.found || j.below.fired) || after.empty()) return Verdict::soft_short;
  const double level = th::collapse_share * std::max(highest, th::full_cell_voltage);
  const std::size_t last = std::min(after.size(), std::max<std::size_t>(3, after.size() / 10));
  const double end = numerics::median(std::span<const double>(after).last(last));
  return numerics::quantile(after, 0.75) <= level && end <= level ? Verdict::hard_short : Verdict::soft_short;
}

/// The discharge that follows charge `k` and ran its course.
const Stroke* discharge_after(const std::vector<Stroke>& strokes, std::size_t k) {
  if (k + 1 >= strokes.size() || strokes[k + 1].charging()) return nullptr;
  return strokes[k + 1].run_ends_record ? nullptr : &strokes[k + 1];
}

/// Brief dips and rises of the last half cycles: over hundreds of them something happens to every reading.
struct DipsSoFar {
  double dips = 0, bumps = 0;
};

JudgedStroke judge_charge(const std::vector<Stroke>& strokes, std::size_t k, const JudgedStroke* before, const Earlier& earlier, bool lost_charge_before,
                          const DipsSoFar& dips, const GrownArc& arc) {
  const Stroke& s = strokes[k];
  const Stroke* discharge = discharge_after(strokes, k);
  JudgedStroke j;
  j.arc = arc.evidence;
  const auto made = [&](Evidence e) { return earlier.switches.apply(std::move(e)); };
  j.fall = find_charge_fall(s, earlier);
  j.drop = made(voltage_fall(s, j.fall, earlier));
  if (!j.drop.fired) j.fall.found = false;
  j.below = made(below_start(s, earlier));
  j.excess = made(excess_charge(s, discharge, earlier));
  j.cutoff = made(cutoff_missed(s, earlier));
  j.stall = made(stalled(s, earlier));
  j.jumps = made(charge_jumps(s, earlier));
  j.dips = made(charge_dips(s, dips.dips, dips.bumps, earlier));
  j.efficiency = made(efficiency(s, discharge, earlier));
  j.leak = made(self_discharge(s, earlier));
  j.hold = made(current_in_hold(s, earlier));
  j.push = made(pressure_follows(s, earlier));
  j.fallen = made(fallen(s, earlier));
  j.balance = made(unbalanced(strokes, k, earlier));
  j.lag = made(lagging(strokes, k, j.fallen.fired || j.balance.fired || j.efficiency.fired, earlier));
  j.contact = made(stroke_contact(s, k > 0 ? &strokes[k - 1] : nullptr, earlier, arc));
  const bool goes_on = s.passed_before > 0 && before != nullptr;
  j.lost_contact = j.contact.fired || (goes_on && before->lost_contact);
  if (before != nullptr) go_on_from(*before, s.passed_before > 0, j);
  j.result.half_cycle = s.half_cycle;
  j.result.score = score_of(j, lost_charge_before);
  j.shorted = j.result.score >= th::score_short;
  if (j.shorted) j.onset = departure(s, earlier, onset_of(j));
  if (j.shorted) j.result.window = window_of(s, j);
  j.result.verdict = j.shorted ? kind_of_short(s, j) : j.contact.fired ? Verdict::contact_loss : Verdict::healthy;
  j.result.evidence = {j.drop, j.below, j.excess, j.cutoff, j.stall, j.jumps, j.dips, j.fallen, j.balance, j.lag, j.efficiency, j.leak, j.hold, j.push, j.arc, j.contact};
  return j;
}

/// What a discharge gives back tells of the charge before it; alone it is asked for contact, for sudden changes and for charge that is missing.
JudgedStroke judge_discharge(const std::vector<Stroke>& strokes, std::size_t k, const JudgedStroke* before, const Earlier& earlier, const DipsSoFar& dips,
                             const GrownArc& arc) {
  const Stroke& s = strokes[k];
  const auto made = [&](Evidence e) { return earlier.switches.apply(std::move(e)); };
  JudgedStroke j;
  j.arc = arc.evidence;
  j.contact = made(stroke_contact(s, k > 0 ? &strokes[k - 1] : nullptr, earlier, arc));
  j.dips = made(charge_dips(s, dips.dips, dips.bumps, earlier));
  j.fallen = made(fallen(s, earlier));
  j.balance = made(unbalanced(strokes, k, earlier));
  j.lag = made(lagging(strokes, k, !j.contact.fired && j.balance.fired, earlier));
  j.result.half_cycle = s.half_cycle;
  j.lost_contact = j.contact.fired;
  if (before != nullptr) go_on_from(*before, s.passed_before > 0, j);
  j.shorted = before != nullptr && before->shorted && s.run_passed < th::contact_capacity * earlier.usual_run(-1);
  if (j.shorted) {
    j.result.score = before->result.score;
    j.result.verdict = before->result.verdict;
  } else {
    j.result.score = score_of_discharge(j);
    j.shorted = j.result.score >= th::score_short;
    j.result.verdict = j.contact.fired ? Verdict::contact_loss : j.shorted ? Verdict::soft_short : Verdict::healthy;
    if (j.shorted) {
      j.onset = onset_of(j);
      j.result.window = window_of(s, j);
    }
  }
  j.result.evidence = {j.dips, j.fallen, j.balance, j.lag, j.arc, j.contact};
  return j;
}

void describe(const Stroke& s, HalfCycleAssessment& out) {
  double sum = 0;
  for (const double v : s.voltage) sum += v;
  out.mean_voltage = sum / static_cast<double>(s.voltage.size());
  out.end_voltage = s.end_voltage;
  out.resistance = std::numeric_limits<double>::quiet_NaN();
  out.noise = s.noise;
}

std::vector<JudgedStroke> judge_strokes(std::vector<Stroke>& strokes, const std::vector<std::optional<Verdict>>& overruled,
                                        const SpectraBeside& spectra, Earlier earlier) {
  std::vector<JudgedStroke> out;
  bool shorted = false, lost_charge = false;
  for (std::size_t k = 0; k < strokes.size(); ++k) {
    Stroke& s = strokes[k];
    const auto& same = s.charging() ? earlier.charges : earlier.discharges;
    count_dips(s, same.empty() ? nullptr : same.back(), earlier.least_change(), earlier.quiet_noise(s), earlier.usual_end());
    DipsSoFar dips;
    for (std::size_t j = k - std::min(k, static_cast<std::size_t>(th::memory)); j < k; ++j) {
      dips.dips += strokes[j].dips;
      dips.bumps += strokes[j].bumps;
    }
    const JudgedStroke* before = k > 0 ? &out[k - 1] : nullptr;
    GrownArc arc = arc_of_stroke(strokes, k, spectra, earlier);
    arc.evidence = earlier.switches.apply(std::move(arc.evidence));
    out.push_back(s.charging() ? judge_charge(strokes, k, before, earlier, lost_charge, dips, arc) : judge_discharge(strokes, k, before, earlier, dips, arc));
    if (s.charging()) lost_charge = out.back().efficiency.fired;
    describe(s, out.back().result);
    if (!overruled.empty() && overruled[k]) {
      out.back().result.verdict = *overruled[k];
      out.back().shorted = is_short(*overruled[k]);
    }
    out.back().result.decided_by = what_decided_by(out.back().result, hard_or_soft);
    shorted = shorted || out.back().shorted; // after a short the cell's earlier self stays the measure
    if (shorted || out.back().result.verdict != Verdict::healthy) continue;
    (s.charging() ? earlier.charges : earlier.discharges).push_back(&s);
    if (!s.charging() && k > 0 && strokes[k - 1].charging() && !s.run_ends_record && !s.after_gap && !strokes[k - 1].after_gap) // more than 1: it was charged before the record began
      earlier.efficiencies.push_back(std::min(1.0, s.run_passed / strokes[k - 1].run_passed));
  }
  return out;
}

const Evidence& what_decided(const JudgedStroke& j) {
  for (const Evidence* e : {&j.drop, &j.below, &j.excess, &j.dips, &j.cutoff, &j.stall, &j.jumps, &j.push, &j.leak, &j.hold, &j.lag, &j.balance, &j.fallen})
    if (e->fired) return *e;
  return j.efficiency;
}

/// A charge that never rose, after a discharge cut short: it was that discharge in which the cell shorted.
bool began_in_discharge(const std::vector<Stroke>& strokes, std::size_t charge) {
  if (charge < 2 || strokes[charge - 1].charging() || !strokes[charge - 2].charging()) return false;
  const Stroke& s = strokes[charge];
  return std::isfinite(s.before) && s.voltage.front() < std::max(s.before + th::charge_below, th::full_cell_voltage) &&
         strokes[charge - 1].run_passed < th::complete_share * th::efficiency_share * strokes[charge - 2].run_passed;
}

/// (A31)
Verdict of_cell(const std::vector<Stroke>& strokes, const std::vector<JudgedStroke>& judged, std::size_t first) {
  bool hard = false, healthy_after = false;
  for (std::size_t k = first; k < judged.size(); ++k) {
    if (!strokes[k].charging()) continue;
    if (hard && !judged[k].shorted) healthy_after = true;
    hard = hard || judged[k].result.verdict == Verdict::hard_short;
  }
  return hard && !healthy_after ? Verdict::hard_short : Verdict::soft_short;
}

/// Back to where the sudden changes began that led up to the short, through half cycles that each have some. @returns whether there are any.
bool back_to_first_dip(const std::vector<Stroke>& strokes, std::vector<JudgedStroke>& judged, std::size_t first, Outcome& out) {
  std::size_t begin = first, back = 0;
  double count = 0.0;
  for (std::size_t k = first + 1; k-- > 0 && back <= static_cast<std::size_t>(th::memory);) {
    if (strokes[k].passed_before > 0 || std::isnan(strokes[k].restless)) continue; // the taper of a held voltage
    ++back;
    if (judged[k].result.verdict == Verdict::contact_loss || (strokes[k].dips <= 0.0 && k < first)) break;
    if (strokes[k].dips <= 0.0) continue;
    count += strokes[k].dips;
    begin = k;
  }
  const Stroke& s = strokes[begin];
  const double seen = std::max(*out.onset, out.window ? out.window->latest : *out.onset);
  const auto before = std::count_if(s.changes.begin(), s.changes.end(), [&](const SuddenChange& c) { return c.time <= seen; });
  if (count < th::jump_count && !judged[first].fallen.fired && static_cast<double>(before) < th::jump_count) return false;
  const double onset = std::min(s.dips > 0.0 ? s.first_dip : std::numeric_limits<double>::infinity(), s.first_fall);
  if (onset > seen) return false;
  if (onset >= *out.onset) return true;
  const auto row = std::lower_bound(s.time.begin(), s.time.end(), onset);
  out.half_cycle = begin;
  out.onset = onset;
  out.window = TimeWindow{row == s.time.begin() ? s.half_cycle.start : *(row - 1), out.window ? out.window->latest : onset};
  judged[begin].result.window = out.window;
  judged[begin].result.verdict = judged[first].result.verdict;
  judged[begin].result.score = std::max(judged[begin].result.score, th::score_short);
  return true;
}

/// Back to the first sudden fall of a charge that led up to the short, if there is one in the last half cycles.
void back_to_first_jump(const std::vector<Stroke>& strokes, std::vector<JudgedStroke>& judged, Outcome& out) {
  const auto most = static_cast<std::size_t>(th::memory);
  const std::size_t found = *out.half_cycle;
  for (std::size_t k = found > most ? found - most : 0; k <= found; ++k) {
    if (!strokes[k].charging() || strokes[k].passed_before > 0 || judged[k].lost_contact) continue;
    const std::optional<double> jump = first_jump(strokes[k], *out.onset);
    if (!jump) continue;
    const std::vector<double>& time = strokes[k].time;
    const auto row = std::lower_bound(time.begin(), time.end(), *jump);
    out.half_cycle = k;
    out.onset = jump;
    out.window = TimeWindow{row == time.begin() ? strokes[k].half_cycle.start : *(row - 1), out.window ? std::max(out.window->latest, *jump) : *jump};
    judged[k].result.window = out.window;
    if (k == found) return;
    judged[k].result.verdict = Verdict::soft_short;
    judged[k].result.score = std::max(judged[k].result.score, th::score_short);
    return;
  }
}

/// Whether the voltage fell at once where the short was seen.
bool collapses(const Stroke& s, double onset) {
  constexpr double within = 2.0; // intervals
  const double interval = s.time.size() > 1 ? (s.time.back() - s.time.front()) / static_cast<double>(s.time.size() - 1) : 0.0;
  return std::any_of(s.changes.begin(), s.changes.end(), [&](const SuddenChange& c) { return c.size < -th::charge_fall && std::abs(c.time - onset) <= within * interval; });
}

/// Back to where a leak that grows slowly took its share, where nothing sudden led up to the short.
void back_to_growth(const std::vector<Stroke>& strokes, std::vector<JudgedStroke>& judged, Outcome& out) {
  const std::size_t found = *out.half_cycle;
  const auto growth = leak_growth(strokes, found, std::max(*out.onset, out.window ? out.window->latest : *out.onset));
  if (!growth || growth->counts >= *out.onset) return;
  std::size_t k = found;
  while (k > 0 && growth->counts < strokes[k].half_cycle.start) --k;
  out.half_cycle = k;
  out.onset = growth->counts;
  out.window = TimeWindow{std::min(growth->window.earliest, growth->counts), std::max(growth->window.latest, growth->counts)};
  judged[k].result.window = out.window;
  for (; k < found; ++k) {
    if (judged[k].result.verdict != Verdict::healthy) continue;
    judged[k].result.verdict = Verdict::soft_short;
    judged[k].result.score = std::max(judged[k].result.score, th::score_short);
  }
}

Outcome conclude_short(const std::vector<Stroke>& strokes, std::vector<JudgedStroke>& judged, std::size_t first) {
  constexpr double beginning = 0.05; // of a half cycle
  Outcome out;
  const JudgedStroke& j = judged[first];
  out.half_cycle = first;
  out.reason = what_decided(j).reason;
  const bool from_first_row = strokes[first].voltage.front() < th::full_cell_voltage;
  out.from_start = first <= 1 && j.below.fired && from_first_row && !j.fall.found;
  if (out.from_start) {
    out.verdict = Verdict::fake_stable;
    out.reason = "already shorted when cycling began: " + out.reason;
    return out;
  }
  out.verdict = of_cell(strokes, judged, first);
  out.onset = j.onset;
  out.window = judged[first].result.window;
  const bool suddenly = back_to_first_dip(strokes, judged, first, out);
  back_to_first_jump(strokes, judged, out);
  // a charge that is shorted from its beginning on did not become so slowly, unless the discharge before it shows how
  const double begun = *out.onset - strokes[first].half_cycle.start;
  bool at_once = j.below.fired && begun < beginning * (strokes[first].half_cycle.end - strokes[first].half_cycle.start);
  if (began_in_discharge(strokes, first)) {
    at_once = false;
    out.half_cycle = first - 1;
    out.onset = strokes[first - 1].half_cycle.end; // its collapse met the cut-off
    judged[first - 1].result.verdict = Verdict::soft_short;
    judged[first - 1].result.score = th::score_short;
    // somewhere between its start and the first row of the charge that never rose
    out.window = judged[first - 1].result.window = TimeWindow{strokes[first - 1].half_cycle.start, strokes[first].time.front()};
  }
  if (!suddenly && !at_once && !collapses(strokes[first], *out.onset)) back_to_growth(strokes, judged, out);
  return out;
}

Outcome conclude_full(const std::vector<Stroke>& strokes, std::vector<JudgedStroke>& judged, const Earlier& cell) {
  Outcome out;
  const auto shorted = std::find_if(judged.begin(), judged.end(), [](const JudgedStroke& j) { return j.shorted; });
  if (shorted != judged.end()) return conclude_short(strokes, judged, static_cast<std::size_t>(shorted - judged.begin()));
  const auto lost = std::find_if(judged.begin(), judged.end(), [](const JudgedStroke& j) { return j.result.verdict == Verdict::contact_loss; });
  const auto charges = std::count_if(strokes.begin(), strokes.end(), [](const Stroke& s) { return s.charging(); });
  if (lost != judged.end()) {
    out.contact_lost = static_cast<std::size_t>(lost - judged.begin());
    out.verdict = Verdict::contact_loss;
    out.reason = "no short, but contact was lost: " + lost->contact.reason;
    out.window = TimeWindow{lost->result.half_cycle.start, lost->result.half_cycle.end};
  } else if (charges == 0) {
    out.reason = "the cell was never charged, and a short shows while charging";
  } else if (charges == 1 && !cell.stated_capacity) {
    out.reason = "a single charge, and no areal capacity to compare it with";
  } else {
    double most = 0;
    for (const Stroke& s : strokes) most = std::max(most, std::abs(s.half_cycle.current));
    out.verdict = Verdict::healthy;
    out.reason = fmt::format("no sign of a short in {} charge{} up to {}: the voltage rose each time, and no charge exceeded the capacity",
                             charges, charges == 1 ? "" : "s", say_current(most, cell.area));
  }
  return out;
}

/// The evidence of the cell: that of the half cycle which decided; of a healthy cell, of the charge that came nearest.
std::vector<Evidence> strongest(const std::vector<Stroke>& strokes, const std::vector<JudgedStroke>& judged, const Outcome& outcome) {
  const JudgedStroke* chosen = nullptr;
  for (std::size_t k = outcome.half_cycle.value_or(0); k < judged.size(); ++k) {
    if (!strokes[k].charging()) continue;
    if (chosen == nullptr || (!outcome.half_cycle && judged[k].result.score > chosen->result.score)) chosen = &judged[k];
  }
  std::vector<Evidence> out = chosen != nullptr ? chosen->result.evidence : std::vector<Evidence>{};
  if (!outcome.contact_lost || out.empty()) return out;
  const JudgedStroke& lost = judged[*outcome.contact_lost];
  out.back() = lost.contact;
  if (lost.arc.fired) out[out.size() - 2] = lost.arc;
  return out;
}

/// Many cycles at one current after a few of formation: a life test, which has no CCD.
std::optional<std::string> life_test(const Segments& segments) {
  const CurrentStep& last = segments.current_steps.back();
  const std::size_t now = last.last_half_cycle - last.first_half_cycle + 1;
  if (segments.current_steps.size() > 2 || static_cast<double>(now) < 2.0 * th::life_cycles || now < 3 * last.first_half_cycle)
    return std::nullopt;
  return fmt::format("a single current of {:.4g} mA was applied, apart from the first cycles: a CCD needs a ramp of several", last.current * 1e3);
}

} // namespace

void judge_full_cell(const Record& record, const Rows& rows, const Segments& segments, const Switches& switches,
                     const std::vector<std::optional<Verdict>>& overruled, Assessment& out) {
  std::vector<Stroke> strokes = make_strokes(record, rows, segments);
  Earlier cell;
  cell.switches = switches;
  cell.began = rows.time.front();
  if (record.cell.area && *record.cell.area > 0) cell.area = record.cell.area;
  if (cell.area && record.cell.areal_capacity && *record.cell.areal_capacity > 0) cell.stated_capacity = *record.cell.areal_capacity * *cell.area;
  std::vector<JudgedStroke> judged = judge_strokes(strokes, overruled, SpectraBeside(record), cell);
  const Outcome outcome = conclude_full(strokes, judged, cell);
  out.verdict = outcome.verdict;
  out.reason = outcome.reason;
  out.onset = outcome.onset;
  out.onset_half_cycle = outcome.half_cycle;
  out.window = outcome.window;
  out.evidence = strongest(strokes, judged, outcome);
  const auto life = life_test(segments);
  if (life && outcome.verdict != Verdict::cannot_tell && !outcome.from_start) out.ccd_refused = *life;
  else find_ccd({record, rows, segments, outcome}, cell.area, out);
  if (cell.area && !outcome.from_start)
    out.capacity_to_failure = capacity_until(segments, outcome.onset.value_or(rows.time.back()), *cell.area);
  for (JudgedStroke& j : judged) out.half_cycles.push_back(std::move(j.result));
}

} // namespace platen::assessing
