#include "assess/evidence_names.hpp"
#include "assess/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace platen::assessing {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 6> drop{"drop_share", "drop_span", "drop_noise", "drop_below_base", "drop_elevated", "drop_over_history"};
constexpr std::array<std::string_view, 5> small_drop{"small_fall", "below_course", "drop_span", "jump_noise", "drop_over_history"};
constexpr std::array<std::string_view, 3> sink{"sink_share", "sink_drift", "below_course"};
constexpr std::array<std::string_view, 7> dips{"event_odds", "event_noise", "event_share", "event_steps", "event_rare", "event_change", "event_habit"};
constexpr std::array<std::string_view, 2> course{"small_fall", "course_alarms"};
constexpr std::array<std::string_view, 4> charge_dips{"jump_count", "jump_noise", "dip_least", "change_least"};
constexpr std::array<std::string_view, 3> charge_fallen{"jump_noise", "dip_least", "change_least"};
constexpr std::array<std::string_view, 3> balance{"efficiency_fall", "efficiency_least", "level_noise"};
constexpr std::array<std::string_view, 2> lag{"lag_gain", "leak_counts"};
constexpr std::array<std::string_view, 3> ionic{"floor_share", "level_noise", "any_separator"};
constexpr std::array<std::string_view, 2> impedance_floor{"floor_share", "level_noise"};
constexpr std::array<std::string_view, 2> follow{"follow_share", "level_noise"};
constexpr std::array<std::string_view, 2> mean{"mean_share", "level_noise"};
constexpr std::array<std::string_view, 2> noise{"noise_ratio", "noise_share"};
constexpr std::array<std::string_view, 3> jumps{"jump_share", "jump_noise", "jump_count"};
constexpr std::array<std::string_view, 2> flat{"flat_ratio", "flat_least"};
constexpr std::array<std::string_view, 2> asymmetry{"asymmetry_share", "unequal_interfaces"};
constexpr std::array<std::string_view, 2> recovery{"recovery_share", "rest_least"};
constexpr std::array<std::string_view, 2> impedance{"impedance_share", "level_noise"};
constexpr std::array<std::string_view, 2> arc{"contact_ratio", "level_noise"};
constexpr std::array<std::string_view, 3> contact{"contact_ratio", "arc_share", "open_voltage"};
constexpr std::array<std::string_view, 2> fall{"charge_fall", "jump_noise"};
constexpr std::array<std::string_view, 2> below{"charge_below", "full_cell_voltage"};
constexpr std::array<std::string_view, 2> excess{"charge_excess", "stated_excess"};
constexpr std::array<std::string_view, 2> cutoff{"cutoff_missed", "complete_share"};
constexpr std::array<std::string_view, 2> stall{"stall_window", "stall_share"};
constexpr std::array<std::string_view, 2> charge_jumps{"charge_jump", "jump_count"};
constexpr std::array<std::string_view, 3> efficiency{"efficiency_share", "efficiency_fall", "efficiency_least"};
constexpr std::array<std::string_view, 3> rest{"leak_ratio", "leak_persists", "leak_rest"};
constexpr std::array<std::string_view, 2> hold{"hold_rise", "jump_noise"};
constexpr std::array<std::string_view, 2> pressure{"push_share", "level_noise"};
constexpr std::array<std::string_view, 4> stroke_contact{"contact_capacity", "contact_rise", "contact_ratio", "arc_share"};

struct Use {
  std::string_view test;
  Names thresholds;
};
const std::array<Use, 33> uses{{{voltage_drop_name, drop},
                                {"sudden fall below the earlier course", small_drop},
                                {"resistance sinks within half cycles", sink},
                                {"voltage dips and comes back", dips},
                                {course_leak_name, course},
                                {"resistance below the ionic floor", ionic},
                                {"resistance below the high-frequency impedance", impedance_floor},
                                {"overpotential no longer follows the current", follow},
                                {"mean resistance below the earlier one", mean},
                                {"noise", noise},
                                {"noise bursts", noise},
                                {"sudden reversible falls", jumps},
                                {"flat trace", flat},
                                {"asymmetry of the two directions", asymmetry},
                                {"recovery at rest", recovery},
                                {"impedance that collapses", impedance},
                                {"interfacial arc that grows", arc},
                                {"contact loss", contact},
                                {"voltage falls while charging", fall},
                                {"voltage below that before the charge", below},
                                {"charge beyond the capacity", excess},
                                {"charge ends below the usual cut-off", cutoff},
                                {"voltage stalls while charging", stall},
                                {"sudden falls while charging", charge_jumps},
                                {"brief dips of the voltage", charge_dips},
                                {"sudden fall beside the course", charge_fallen},
                                {"charge and discharge do not balance", balance},
                                {"voltage lags behind the charge", lag},
                                {"coulombic efficiency", efficiency},
                                {"self-discharge at rest", rest},
                                {"current rises at held voltage", hold},
                                {"pressure no longer follows the charge", pressure},
                                {"resistance rises and capacity is lost", stroke_contact}}};

void add(std::vector<std::string_view>& out, Names names) {
  for (const std::string_view name : names)
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
}

} // namespace

std::span<const std::string_view> thresholds_of(std::string_view test) {
  const auto use = std::find_if(uses.begin(), uses.end(), [&](const Use& u) { return u.test == test; });
  return use == uses.end() ? Names{} : use->thresholds;
}

std::vector<std::string_view> what_decided_by(const HalfCycleAssessment& half_cycle, Names kind) {
  constexpr std::array<std::string_view, 1> score{"score_short"};
  const bool any = std::any_of(half_cycle.evidence.begin(), half_cycle.evidence.end(), [](const Evidence& e) { return e.fired; });
  std::vector<std::string_view> out;
  for (const Evidence& e : half_cycle.evidence)
    if (any ? e.fired : std::isfinite(e.figure)) add(out, thresholds_of(e.name));
  add(out, score);
  if (half_cycle.verdict == Verdict::hard_short || half_cycle.verdict == Verdict::soft_short) add(out, kind);
  return out;
}

} // namespace platen::assessing
