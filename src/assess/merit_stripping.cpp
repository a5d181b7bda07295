// Critical currents of stripping and of plating, kept apart where a record tells them apart (U6).

#include "assess/merit_parts.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace platen::assessing {
namespace {

namespace th = thresholds;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t blocks = 10, least_rows = 40; ///< 4 rows a block at least

/// How the overpotential of the electrode that is stripped rises within one half cycle.
struct Rise {
  double share = nan; ///< 1; NaN when it could not be told
  double error = 0;   ///< 1, standard error
};

/// Potential of the stripped electrode against a reference, where there is one; else the voltage without its offset. V, counted
/// so that a healthy one is positive.
std::vector<double> overpotential(const Subject& s, const HalfCycle& h, bool three_electrodes) {
  std::vector<double> out;
  const std::string_view column = h.direction > 0 ? "ewe" : "ece"; // positive current strips left, the working electrode
  for (std::size_t k = h.first; k < h.last; ++k) {                  // the last row may be read after the switch
    if (three_electrodes) out.push_back(s.record.real(column)[k]);
    else out.push_back(h.direction * (s.rows.voltage[k] - s.judged.voltage_offset));
  }
  return out;
}

Rise rise_of(const Subject& s, std::size_t index, bool three_electrodes) {
  const HalfCycle& h = s.segments.half_cycles[index];
  const std::vector<double> u = overpotential(s, h, three_electrodes);
  if (u.size() < least_rows) return {};
  std::vector<double> middle;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t from = b * u.size() / blocks, to = (b + 1) * u.size() / blocks;
    middle.push_back(numerics::median(std::span(u).subspan(from, to - from)));
  }
  Rise out;
  const double least = *std::min_element(middle.begin(), middle.end());
  if (!(least > 0)) return {};
  out.share = (middle.back() - least) / least;
  const double noise = row_noise(s, h);
  out.error = 1.2533 * std::sqrt(2.0 * blocks / static_cast<double>(u.size())) * noise / least;
  return out;
}

/// What one electrode did while it was stripped, step by step.
struct Stripped {
  int direction = 0;
  std::optional<std::size_t> last_calm, first_rising; ///< steps
  std::size_t seen = 0;                               ///< steps that could be told
  double share = 0;                                   ///< rise in `first_rising`
};

Stripped look_at(const Subject& s, int direction, bool three_electrodes) {
  std::map<std::size_t, std::vector<double>> shares;
  std::map<std::size_t, bool> told;
  for (std::size_t k = 0; k < s.end(); ++k) {
    const HalfCycle& h = s.segments.half_cycles[k];
    if (h.direction != direction) continue;
    const Rise rise = rise_of(s, k, three_electrodes);
    if (!std::isfinite(rise.share) || th::rise_noise * rise.error > th::stripping_rise) continue;
    shares[h.step].push_back(rise.share);
  }
  Stripped out;
  out.direction = direction;
  for (const auto& [step, values] : shares) {
    ++out.seen;
    const double share = numerics::median(values);
    if (share < th::stripping_rise) { // contact that came back: it is not lost from there on
      out.last_calm = step;
      out.first_rising = std::nullopt;
    } else if (!out.first_rising) {
      out.first_rising = step;
      out.share = share;
    }
  }
  return out;
}

/// Why stripping cannot be told from the record; empty when it can.
std::string cannot_tell(const Subject& s) {
  if (s.full()) return "the voltage of a full cell hides what its lithium does: a third electrode is needed";
  if (s.judged.verdict == Verdict::cannot_tell) return "nothing can be said of the cell: " + s.judged.reason;
  if (s.shorted_before()) return "the cell was already shorted when cycling began";
  if (s.segments.current_steps.size() < 2) return "a single current was applied";
  const auto range = [&](std::string_view column, double& low, double& high) {
    low = std::numeric_limits<double>::infinity();
    high = -low;
    if (!s.record.has(column)) return;
    const auto values = s.record.real(column);
    const std::size_t last = s.segments.half_cycles[std::min(s.end(), s.segments.half_cycles.size() - 1)].last;
    std::vector<double> used;
    for (std::size_t k = s.segments.half_cycles.front().first; k <= last; ++k)
      if (std::isfinite(values[k])) used.push_back(values[k]);
    if (used.empty()) return;
    low = numerics::quantile(used, 0.02);
    high = numerics::quantile(used, 0.98);
  };
  double low = 0, high = 0;
  range(col::temperature, low, high);
  if (high - low > 2.0 * th::steady_temperature) return fmt::format("the temperature moved by {:.2g} K while cycling", high - low);
  range(col::stack_pressure, low, high);
  if (high - low > th::pressure_change * high) return fmt::format("the stack pressure moved by {:.0f} % while cycling", 100.0 * (high - low) / high);
  return {};
}

double level(const Subject& s, std::size_t step) { return s.segments.current_steps[step].current / s.area.value_or(1.0); }

std::string electrode(int direction) { return direction > 0 ? "left electrode stripped (positive current)" : "right electrode stripped (negative current)"; }

void set_conditions(const Subject& s, std::size_t step, int direction, bool three_electrodes, std::string electrode_text, Merit& out) {
  const CurrentStep& c = s.segments.current_steps[step];
  for (std::size_t k = c.first_half_cycle; k <= c.last_half_cycle; ++k)
    if (s.segments.half_cycles[k].direction == direction) out.conditions = step_conditions(s, k);
  out.conditions.push_back({"electrode", "electrode", {}, "", std::move(electrode_text), "data"});
  out.conditions.push_back({"seen_by", "seen by", {}, "", three_electrodes ? "its potential against the third electrode" : "the voltage of both electrodes", "data"});
  out.uncertainty = (s.area ? density_uncertainty(s, step) : s.current_errors[step] / c.current) * out.high.value_or(out.low.value_or(0.0));
}

Merit stripping(const Subject& s, Merit out, const std::vector<Stripped>& electrodes, bool three_electrodes) {
  const Stripped* first = nullptr;
  for (const Stripped& e : electrodes)
    if (e.first_rising && (first == nullptr || *e.first_rising < *first->first_rising)) first = &e;
  if (first != nullptr) {
    set_ends(out, first->last_calm ? std::optional(level(s, *first->last_calm)) : std::nullopt, level(s, *first->first_rising));
    set_conditions(s, *first->first_rising, first->direction, three_electrodes, electrode(first->direction), out);
    out.remark = fmt::format("from there on the overpotential rises within each half cycle, at first by {:.0f} %: contact is lost faster than it is restored", 100.0 * first->share);
    return out;
  }
  const Stripped* least = nullptr; // both electrodes bore at least what the one bore that was seen least far
  for (const Stripped& e : electrodes)
    if (e.last_calm && (least == nullptr || *e.last_calm < *least->last_calm)) least = &e;
  set_ends(out, level(s, *least->last_calm), std::nullopt);
  set_conditions(s, *least->last_calm, least->direction, three_electrodes, electrodes.size() > 1 ? "either electrode" : electrode(least->direction), out);
  out.remark = fmt::format("no rise of {:.0f} % within a half cycle was seen", 100.0 * th::stripping_rise);
  return out;
}

/// What the electrode that plated when the short began had suffered while it was stripped.
Merit plating(const Subject& s, Merit out, const std::vector<Stripped>& electrodes, bool three_electrodes) {
  const HalfCycle* failing = s.failing();
  const auto damaged = [&](int stripped) {
    const auto e = std::find_if(electrodes.begin(), electrodes.end(), [&](const Stripped& x) { return x.direction == stripped; });
    return e != electrodes.end() ? e->first_rising : std::nullopt;
  };
  std::optional<double> passed;
  std::size_t at = 0;
  const int direction = failing != nullptr ? failing->direction : 0;
  for (std::size_t k = 0; k < s.end(); ++k) {
    const HalfCycle& h = s.segments.half_cycles[k];
    const auto limit = damaged(-h.direction);
    if ((direction != 0 && h.direction != direction) || (limit && h.step >= *limit) || (failing != nullptr && h.step == failing->step)) continue;
    if (level(s, h.step) > passed.value_or(0.0)) {
      passed = level(s, h.step);
      at = k;
    }
  }
  const auto hurt = failing != nullptr ? damaged(-direction) : std::nullopt;
  const bool alone = failing != nullptr && !hurt;
  if (!passed && !alone) return refused(std::move(out), "from the first step on stripping had cost contact: what plating alone bears cannot be told");
  set_ends(out, passed, alone ? std::optional(level(s, failing->step)) : std::nullopt);
  const std::size_t step = alone ? failing->step : s.segments.half_cycles[at].step;
  const int shown = direction != 0 ? direction : s.segments.half_cycles[at].direction;
  set_conditions(s, step, shown, three_electrodes, say_direction(s, shown), out);
  if (alone) out.remark = "the electrode that plated had lost no contact while it was stripped";
  else if (hurt) out.remark = fmt::format("from {} on the same electrode had lost contact while it was stripped: the short need not be that of plating", say_current(s.segments.current_steps[*hurt].current, s.area));
  else out.remark = "no short was seen";
  return out;
}

} // namespace

void add_stripping(const Subject& s, Merits& out) {
  const char* unit = s.area ? "A/m2" : "A";
  const Merit strip = named("critical_stripping", "critical current of stripping", unit), plate = named("critical_plating", "critical current of plating", unit);
  const auto refuse = [&](const std::string& why) {
    out.figures.push_back(refused(strip, why));
    out.figures.push_back(refused(plate, why));
  };
  if (const std::string why = cannot_tell(s); !why.empty()) return refuse(why);
  if (s.failing() != nullptr && !s.judged.ccd && s.area) return refuse("no critical current density is stated");
  const auto volts = [&](std::string_view name) {
    const Column* c = s.record.find(name);
    return c != nullptr && c->unit == "V" && std::holds_alternative<std::vector<double>>(c->values);
  };
  const bool three_electrodes = volts("ewe") && volts("ece");
  std::vector<Stripped> electrodes;
  for (const int direction : {1, -1}) {
    Stripped e = look_at(s, direction, three_electrodes);
    if (e.seen > 0) electrodes.push_back(e);
  }
  if (electrodes.empty())
    return refuse(fmt::format("noise, or fewer than {} rows per half cycle, would hide a rise of {:.0f} % of the overpotential", least_rows, 100.0 * th::stripping_rise));
  out.figures.push_back(stripping(s, strip, electrodes, three_electrodes));
  out.figures.push_back(plating(s, plate, electrodes, three_electrodes));
}

} // namespace platen::assessing
