#include "assess/assessment.hpp"

#include "assess/ccd.hpp"
#include "assess/checklist_parts.hpp"
#include "assess/full_cell.hpp"
#include "assess/merit_parts.hpp"
#include "assess/overrule.hpp"
#include "assess/pressure.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen {
namespace {

using namespace assessing;

void warn(Assessment& out, std::string code, std::string message, std::vector<std::string> hints = {}) {
  out.warnings.push_back({Severity::warning, std::move(code), std::move(message), std::nullopt, std::move(hints)});
}

std::optional<double> positive(const std::optional<double>& value) { return value && *value > 0 ? value : std::nullopt; }

/// Whether the cell drives current through the circuit: in one direction most half cycles have a voltage against their current that no zero
/// error explains. A passive cell, as a symmetric one is, never does.
bool drives_current(const Segments& segments, const std::vector<double>& voltages) {
  for (const int direction : {1, -1}) {
    std::size_t all = 0, against = 0;
    for (std::size_t k = 0; k < voltages.size(); ++k) {
      if (segments.half_cycles[k].direction != direction) continue;
      ++all;
      against += -direction * voltages[k] > 2.0 * thresholds::unknown_offset;
    }
    if (2 * against > all) return true;
  }
  return false;
}

/// Why this record cannot be judged at all; empty when it can.
std::string not_judged(const Record& record, const Rows& rows, const Segments& segments) {
  if (segments.half_cycles.empty()) return "the record has no half cycle: no current flowed in it";
  std::size_t longest = 0;
  std::vector<double> voltages;
  for (const HalfCycle& h : segments.half_cycles) {
    longest = std::max(longest, h.last - h.first + 1);
    voltages.push_back(numerics::median(std::span(rows.voltage).subspan(h.first, h.last - h.first + 1)));
  }
  if (2 * rows.voltages_missing > rows.voltage.size())
    return fmt::format("the voltage is missing in {} of {} rows", rows.voltages_missing, rows.voltage.size());
  if (longest < 4) return fmt::format("the longest half cycle has only {} rows", longest);
  if (record.cell.configuration == Configuration::empty_fixture) return "an empty fixture has no cell to judge";
  if (record.cell.configuration == Configuration::blocking) return "between electrodes that block ions there is nothing to short";
  if (record.cell.configuration == Configuration::full && *std::max_element(voltages.begin(), voltages.end()) < -thresholds::unknown_offset)
    return "the voltage is negative even while charging: the poles are swapped, or this is no full cell";
  if (record.cell.configuration == Configuration::unknown && numerics::quantile(voltages, 0.25) > thresholds::full_cell_voltage)
    return fmt::format("the voltage stays above {:.2g} V in both directions: this is not a symmetric cell (a full one is judged when the "
                       "cell file says `configuration = \"full\"`)", thresholds::full_cell_voltage);
  if (record.cell.configuration == Configuration::unknown && drives_current(segments, voltages))
    return "the voltage stands against the current in one direction: the cell drives it, so this is not a symmetric cell (a full one is judged when the "
           "cell file says `configuration = \"full\"`)";
  return {};
}

/// Largest |V| of the rows without current between each half cycle and the next.
std::vector<double> voltages_without_current(const Rows& rows, const Segments& segments, double offset) {
  std::vector<double> out;
  const auto& hs = segments.half_cycles;
  for (std::size_t k = 0; k < hs.size(); ++k) {
    const std::size_t next = k + 1 < hs.size() ? hs[k + 1].first : rows.time.size();
    double most = 0.0;
    // the first row after a switch may still show the polarised cell
    for (std::size_t j = hs[k].last + 2; j < next; ++j) most = std::max(most, std::abs(rows.voltage[j] - offset));
    out.push_back(most);
  }
  return out;
}

/// Half width of the middle half of the values, as a share of their median; 0 for few.
double relative_spread(std::vector<double> values) {
  const double middle = std::abs(numerics::median(values));
  return middle > 0.0 ? 0.5 * (numerics::quantile(values, 0.75) - numerics::quantile(values, 0.25)) / middle : 0.0;
}

/// Whether it is the voltage that stands still in the half cycles and the current that wanders: columns that were exchanged, or a voltage that was held.
bool voltage_stands_still(const Rows& rows, const Segments& segments) {
  constexpr std::size_t least_rows = 20, least_half_cycles = 4;
  constexpr double steady = 0.003; // a cycler holds its current to 0.1 %
  std::size_t looked_at = 0, so = 0;
  for (const HalfCycle& h : segments.half_cycles) {
    if (h.last < h.first + least_rows) continue;
    const auto of = [&](const std::vector<double>& column) { return std::vector<double>(column.begin() + static_cast<std::ptrdiff_t>(h.first + 1), column.begin() + static_cast<std::ptrdiff_t>(h.last)); };
    const double current = relative_spread(of(rows.current)), voltage = relative_spread(of(rows.voltage));
    ++looked_at;
    so += current > steady && voltage < 0.2 * current ? 1 : 0;
  }
  return looked_at >= least_half_cycles && 2 * so > looked_at;
}

void say_what_was_missing(const Record& record, const Rows& rows, const Segments& segments, const Offset& offset, Assessment& out) {
  const CellInfo& cell = record.cell;
  std::vector<std::string> missing;
  if (!positive(cell.area)) missing.push_back("area");
  if (!positive(cell.electrolyte_thickness)) missing.push_back("electrolyte_thickness");
  if (!positive(cell.electrolyte_conductivity)) missing.push_back("electrolyte_conductivity");
  if (!missing.empty()) {
    std::string names = missing.front();
    for (std::size_t k = 1; k < missing.size(); ++k) names += (k + 1 == missing.size() ? " and " : ", ") + missing[k];
    warn(out, "D100", fmt::format("the ionic floor of this cell is not known: {} {} missing, so a short older than the cycling may go "
                                  "unseen", names, missing.size() == 1 ? "is" : "are"),
         {"give it in the cell file"});
  } else if (!record.has(col::temperature) && !positive(cell.temperature)) {
    warn(out, "D101", fmt::format("no temperature is known: resistances are held against the ionic floor at {:.0f} degC", thresholds::unknown_temperature - 273.15),
         {"give `temperature` in the cell file"});
  }
  if (!rows.current_recorded)
    warn(out, "D102", fmt::format("the data have no current: a constant {:.4g} mA from the cell file is taken", *cell.current * 1e3));
  if (rows.current_recorded && voltage_stands_still(rows, segments))
    warn(out, "D108", "the voltage stands still where the current wanders: no test at constant current looks like that",
         {"if voltage and current were exchanged: [columns] \"Heading\" = { column = \"current\", unit = \"mA\" } in the cell file; if the voltage was held, this judgement does not hold"});
  if (!offset.known)
    warn(out, "D103", fmt::format("only one direction of the current was measured: a zero error of the voltage cannot be told from the "
                                  "cell, up to {:.2g} mV are allowed for", thresholds::unknown_offset * 1e3));
}

void judge_cell(const Record& record, const Rows& rows, const Segments& segments, const Switches& switches,
                const std::vector<std::optional<Verdict>>& overruled, Assessment& out) {
  const std::optional<double> area = positive(record.cell.area);
  const Offset offset = find_offset(rows, segments);
  out.voltage_offset = offset.value;
  if (offset.known) out.voltage_offset_error = offset.typical_error();
  say_what_was_missing(record, rows, segments, offset, out);
  const std::vector<Trace> traces = make_traces(record, rows, segments, offset);
  Context cell;
  cell.switches = switches;
  cell.temperature_logged = record.has(col::temperature);
  cell.area = area;
  cell.floor = ionic_floor(record.cell);
  if (!record.has(col::temperature) && !positive(record.cell.temperature)) cell.hottest = thermal_factor(record.cell, thresholds::unknown_temperature);
  if (cell.floor) out.ionic_floor = *cell.floor / traces.back().thermal;
  const Surroundings around{voltages_without_current(rows, segments, offset.value), SpectraBeside(record), rows.time.front(), overruled};
  std::vector<Judged> judged = judge(traces, around, cell, out.warnings);
  const Outcome outcome = conclude(traces, judged, cell);
  out.verdict = outcome.verdict;
  out.reason = outcome.reason;
  out.onset = outcome.onset;
  out.window = outcome.window;
  out.onset_half_cycle = outcome.half_cycle;
  out.evidence = strongest(judged, outcome);
  find_ccd({record, rows, segments, outcome}, area, out);
  if (area && !outcome.from_start) out.capacity_to_failure = capacity_until(segments, outcome.onset.value_or(rows.time.back()), *area);
  for (std::size_t k = 0; k < judged.size(); ++k) {
    describe_half_cycle(rows, segments, offset, area, k, judged[k].result);
    out.half_cycles.push_back(std::move(judged[k].result));
  }
}

/// Resistances make no sense where the voltage is mostly that of the cell's chemistry.
void forget_resistances(std::vector<StepAssessment>& steps) {
  for (StepAssessment& step : steps) {
    step.asr = std::nullopt;
    step.resistance = step.offset = std::numeric_limits<double>::quiet_NaN();
  }
}

/// Cycle (from 1) of a half cycle: a charge and the discharge after it are one.
std::size_t cycle_of(const Segments& segments, std::size_t half_cycle) {
  std::size_t cycle = 0;
  const auto& hs = segments.half_cycles;
  for (std::size_t k = 0; k <= half_cycle; ++cycle) k += k + 1 < hs.size() && hs[k + 1].direction != hs[k].direction ? 2 : 1;
  return cycle;
}

} // namespace

std::string_view label(Verdict verdict) {
  switch (verdict) {
  case Verdict::healthy: return "healthy";
  case Verdict::soft_short: return "soft short";
  case Verdict::hard_short: return "hard short";
  case Verdict::fake_stable: return "fake stable";
  case Verdict::contact_loss: return "contact loss";
  case Verdict::cannot_tell: break;
  }
  return "cannot tell";
}

namespace {

/// What is judged and how; the same for the program's own judgement and the one that a person changed.
struct Case {
  const Record& record;
  Rows rows;
  Segments segments;
  Switches switches;
};

/// The half cycle whose tests decided: the first that fired any from the onset on, for a leak may begin before any test sees it.
std::optional<std::size_t> deciding_half_cycle(const Assessment& a) {
  if (!a.onset_half_cycle) return std::nullopt;
  for (std::size_t k = *a.onset_half_cycle; k < a.half_cycles.size(); ++k)
    for (const Evidence& e : a.half_cycles[k].evidence)
      if (e.fired) return k;
  return a.onset_half_cycle;
}

/// The thresholds behind the verdict of the cell: those of the half cycle that decided, else of all.
std::vector<std::string_view> decided_cell(const Assessment& a) {
  std::vector<std::string_view> out;
  const std::optional<std::size_t> decided = deciding_half_cycle(a);
  for (std::size_t k = 0; k < a.half_cycles.size(); ++k) {
    const bool decides = decided ? k == *decided : a.half_cycles[k].verdict == a.verdict;
    if (!decides) continue;
    for (const std::string_view name : a.half_cycles[k].decided_by)
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

Assessment judge_case(const Case& c, const std::vector<std::optional<Verdict>>& overruled) {
  Assessment out;
  out.steps = assess_steps(c.rows, c.segments, positive(c.record.cell.area));
  out.pressure = assess_pressure(c.record, c.segments);
  if (const std::string why = not_judged(c.record, c.rows, c.segments); !why.empty()) {
    out.reason = why;
    out.ccd_refused = "nothing can be said of the cell: " + why;
    out.merit = find_merits(c.record, c.rows, c.segments, out);
    out.checklist = make_checklist(c.record, c.segments, out);
    return out;
  }
  if (c.record.cell.configuration == Configuration::full) {
    forget_resistances(out.steps);
    judge_full_cell(c.record, c.rows, c.segments, c.switches, overruled, out);
  } else {
    judge_cell(c.record, c.rows, c.segments, c.switches, overruled, out);
  }
  if (out.onset_half_cycle) out.onset_cycle = cycle_of(c.segments, *out.onset_half_cycle);
  out.decided_by = decided_cell(out);
  out.merit = find_merits(c.record, c.rows, c.segments, out);
  out.checklist = make_checklist(c.record, c.segments, out);
  return out;
}

/// What a half cycle's own tests said, in one sentence.
std::string reason_of(const HalfCycleAssessment& h) {
  const auto fired = std::find_if(h.evidence.begin(), h.evidence.end(), [](const Evidence& e) { return e.fired; });
  return fired == h.evidence.end() ? "no test fired" : fired->reason;
}

/// The verdict of each half cycle as a person has it. Who says that the cell is not shorted says it of every half cycle.
std::vector<std::optional<Verdict>> of_half_cycles(const std::vector<Overrule>& overrules, const Assessment& program) {
  std::vector<std::optional<Verdict>> out(program.half_cycles.size());
  for (const Overrule& o : overrules) {
    if (o.half_cycle || is_short(o.verdict)) continue;
    for (std::size_t k = 0; k < out.size(); ++k)
      if (is_short(program.half_cycles[k].verdict)) out[k] = Verdict::healthy;
  }
  for (const Overrule& o : overrules)
    if (o.half_cycle) out[*o.half_cycle] = o.verdict;
  return out;
}

void refuse_missing(const std::vector<Overrule>& overrules, std::size_t half_cycles) {
  Diagnostics faults;
  for (const Overrule& o : overrules)
    if (o.half_cycle && *o.half_cycle >= half_cycles)
      faults.error("D107", fmt::format("half cycle {} is overruled, but the record has {}", *o.half_cycle + 1, half_cycles), std::nullopt,
                   {"`platen assess FILE --json` numbers them from 1"});
  faults.throw_if_errors();
}

/// (A42) Both verdicts, and what follows from the person's.
Assessment overrule(const Case& c, const std::vector<Overrule>& overrules, const Assessment& program) {
  refuse_missing(overrules, program.half_cycles.size());
  Assessment out = judge_case(c, of_half_cycles(overrules, program));
  std::size_t said = 0;
  for (std::size_t k = 0; k < out.half_cycles.size(); ++k)
    if (out.half_cycles[k].verdict != program.half_cycles[k].verdict) out.half_cycles[k].program_verdict = program.half_cycles[k].verdict;
  for (const Overrule& o : overrules) {
    if (o.half_cycle) {
      const HalfCycleAssessment& h = program.half_cycles[*o.half_cycle];
      out.half_cycles[*o.half_cycle].program_verdict = h.verdict;
      out.overruled.push_back({o.half_cycle, o.verdict, h.verdict, o.reason, reason_of(h)});
      ++said;
      continue;
    }
    out.overruled.push_back({std::nullopt, o.verdict, program.verdict, o.reason, program.reason});
    out.verdict = o.verdict;
    out.reason = fmt::format("a person says so: {}; the program said {}: {}", o.reason, label(program.verdict), program.reason);
    if (!is_short(o.verdict) || out.onset) continue;
    out.ccd.reset();
    out.ccd_refused = "a person says that the cell is shorted, but not in which half cycle";
  }
  if (said > 0) out.reason += fmt::format("; {} verdict{} on half cycles {} a person's", said, said == 1 ? "" : "s", said == 1 ? "is" : "are");
  return out;
}

} // namespace

Assessment assess(const Record& record, const AssessOptions& options) {
  const std::vector<Overrule> overrules = overrules_of(record);
  const Case c{record, rows_of(record), find_segments(record), Switches(options.without)};
  const Assessment program = judge_case(c, {});
  return overrules.empty() ? program : overrule(c, overrules, program);
}

} // namespace platen
