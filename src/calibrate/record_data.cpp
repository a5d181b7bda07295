#include "calibrate/record_data.hpp"

#include "assess/assessment.hpp"
#include "base/error.hpp"
#include "numerics/statistics.hpp"
#include "record/segments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace platen::calibrate {
namespace {

/// Rows of a stretch that are left out after its start and before its end: the logger's clock is not the cycler's.
constexpr double pressure_margin = 30.0; // s
/// Between rows the model is a cubic: with 15 s one errs by less than 1 kPa half a minute after 25 MPa were set, where pressures relax fastest.
constexpr double longest_interval = 15.0; // s
constexpr std::size_t switch_rows = 3;   ///< taken on either side of a switch for its resistance
constexpr double highest_frequency = 1e6; ///< Hz: above it cables decide
constexpr double analyser_share = 0.01;  ///< of the modulus: what analysers are specified to

/// How long a sentence takes before any current flows, s; empty: it passes current, or nobody knows.
std::optional<double> idle_time(const Step& s) {
  if (const auto* hold = std::get_if<step::Hold>(&s.kind)) return hold->duration;
  if (const auto* heat = std::get_if<step::Heat>(&s.kind)) return heat->duration;
  if (const auto* rest = std::get_if<step::Rest>(&s.kind)) return rest->duration;
  const bool instant = std::holds_alternative<step::Release>(s.kind) || std::holds_alternative<step::SetStackPressure>(s.kind) ||
                       std::holds_alternative<step::FitSprings>(s.kind) || std::holds_alternative<step::MeasureImpedance>(s.kind);
  return instant ? std::optional(0.0) : std::nullopt;
}

/// A stretch of time in which nothing is switched, on the study's clock.
struct Stretch {
  double start = 0.0, end = 0.0;
  bool current = false;
};

struct Prelude {
  std::vector<Step> steps;
  std::vector<Stretch> stretches;
  double end = 0.0;
};

Prelude prelude_of(const RecordEntry& entry, const Study& study) {
  Prelude out;
  std::size_t k = 0;
  for (; k < study.test.size(); ++k) {
    const auto time = idle_time(study.test[k]);
    if (!time) break;
    out.steps.push_back(study.test[k]);
    if (*time > 0.0) out.stretches.push_back({out.end, out.end + *time, false});
    out.end += *time;
  }
  for (; k < study.test.size(); ++k) {
    const StepKind& kind = study.test[k].kind;
    const bool setting = std::holds_alternative<step::SetStackPressure>(kind) || std::holds_alternative<step::Release>(kind) ||
                         std::holds_alternative<step::Heat>(kind) || std::holds_alternative<step::FitSprings>(kind);
    if (setting && entry.own_current)
      throw Error("C206", fmt::format("a record cannot drive this test: `{}` comes after the first current", study.test[k].sentence), study.test[k].place,
                  {"write `current = \"study\"` in the [[record]], so that the study's own protocol is simulated"});
  }
  return out;
}

/// What the judge wants to know of the cell, and its record does not say, is in its study.
Record known(Record record, const Study& study) {
  const auto fill = [](std::optional<double>& into, double value) {
    if (!into && value > 0.0) into = value;
  };
  fill(record.cell.area, study.cell.area);
  fill(record.cell.electrolyte_thickness, study.cell.electrolyte_thickness);
  fill(record.cell.electrolyte_conductivity, study.parameters.conductivity);
  fill(record.cell.conductivity_activation, study.parameters.conductivity_activation);
  if (record.cell.configuration == Configuration::unknown) record.cell.configuration = study.cell.configuration;
  return record;
}

/// The record with its clock brought to the study's.
class Prepared {
public:
  Prepared(const RecordEntry& entry, const Record& record, const Study& study)
      : entry_(entry), record_(known(record, study)), study_(study), assessment_(assess(record_)), segments_(find_segments(record_)), prelude_(prelude_of(entry, study)),
        time_(record_.real(col::test_time)) {
    if (segments_.half_cycles.empty())
      throw Error("D540", fmt::format("{}: no half cycle was found, so nothing ties its clock to the study's", entry.name), entry.place,
                  {"a record for a calibration passes current at some time"});
    shift_ = prelude_.end - segments_.half_cycles.front().start;
    usable_ = assessment_.onset_half_cycle ? std::min(*assessment_.onset_half_cycle, segments_.half_cycles.size()) : segments_.half_cycles.size();
  }

  RecordData data() {
    RecordData out;
    out.name = entry_.name;
    out.systematic = entry_.systematic;
    out.driven = driven();
    out.end = stretches_.empty() ? prelude_.end : stretches_.back().end;
    out.whole = until_short(study_);
    out.pressure_interval = wants(Observed::stack_pressure) ? interval_of_pressure() : 0.0;
    for (const Observed o : entry_.observed) {
      if (o == Observed::ccd) out.ccd = ccd();
      else if (o == Observed::life) out.life = life();
      else out.series.push_back(series(o));
    }
    return out;
  }

private:
  /// Rests and currents of the record, one sentence each.
  Study driven() {
    Study out = study_;
    out.seed = 0;
    out.mechanisms.filament = false;
    out.output.events_only = false;
    stretches_ = prelude_.stretches;
    std::vector<Step> steps = prelude_.steps;
    double t = prelude_.end, shortest = std::numeric_limits<double>::infinity();
    const auto add = [&](StepKind kind, double duration, bool current) {
      steps.push_back({std::move(kind), current ? "current of the record" : "rest of the record", {}});
      stretches_.push_back({t, t + duration, current});
      t += duration;
      shortest = std::min(shortest, duration);
    };
    for (std::size_t k = 0; k < usable_; ++k) {
      const HalfCycle& h = segments_.half_cycles[k];
      const double start = h.start + shift_, end = switched_off(k) + shift_;
      measure_until(start, steps, t);
      if (start - t > 1e-3) add(step::Rest{start - t}, start - t, false);
      if (!(end > t)) continue;
      add(step::ConstantCurrent{h.direction, std::abs(h.current) / study_.cell.area, std::nullopt, end - t, std::nullopt}, end - t, true);
    }
    measure_until(std::numeric_limits<double>::infinity(), steps, t);
    if (entry_.own_current) {
      out.test = std::move(steps);
    } else {
      for (Step& s : out.test) // no short is simulated, so that a ramp needs another end
        if (auto* ramp = std::get_if<step::Ramp>(&s.kind)) limit(*ramp);
    }
    out.output.interval = std::clamp(0.1 * shortest, 1.0, longest_interval);
    return out;
  }

  /// The current flows beyond the last row that shows it: until it was switched, which is before the row after.
  double switched_off(std::size_t k) const {
    const HalfCycle& h = segments_.half_cycles[k];
    const std::size_t after = h.last + 1;
    if (k + 1 < segments_.half_cycles.size() && segments_.half_cycles[k + 1].first == after) return std::max(h.end, segments_.half_cycles[k + 1].start);
    if (after >= time_.size() || !record_.has(col::step_time)) return h.end;
    const double switched = time_[after] - record_.real(col::step_time)[after];
    return switched >= h.end && switched <= time_[after] ? switched : h.end;
  }

  /// Median time over which the pressure stands still: a reader that is slower than the rows shows each reading several times. No longer than what is
  /// left out around settings: a coarse display stands still as well.
  double interval_of_pressure() const {
    if (!record_.has(col::stack_pressure)) return 0.0;
    const auto values = record_.real(col::stack_pressure);
    std::vector<double> still;
    std::optional<std::size_t> changed;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (!std::isfinite(values[k]) || (changed && values[k] == values[*changed])) continue;
      if (changed) still.push_back(time_[k] - time_[*changed]);
      changed = k;
    }
    return still.empty() ? 0.0 : std::min(numerics::median(still), pressure_margin);
  }

  void limit(step::Ramp& ramp) const {
    double largest = 0.0;
    for (std::size_t k = 0; k < usable_; ++k) largest = std::max(largest, std::abs(segments_.half_cycles[k].current) / study_.cell.area);
    ramp.upper = largest + 0.5 * ramp.increment;
    ramp.until_short = false;
  }

  bool wants(Observed o) const { return std::find(entry_.observed.begin(), entry_.observed.end(), o) != entry_.observed.end(); }

  /// Spectra before `until`, each at the end of what came before it.
  void measure_until(double until, std::vector<Step>& steps, double t) {
    if (!wants(Observed::high_frequency_resistance)) return;
    for (; spectra_ < record_.spectra.size(); ++spectra_) {
      const Spectrum& s = record_.spectra[spectra_];
      if (!(s.start + shift_ < until)) return;
      double f = 0.0, real = 0.0;
      for (std::size_t k = 0; k < s.size(); ++k)
        if (s.frequency[k] <= highest_frequency && s.frequency[k] > f) f = s.frequency[k], real = s.real[k];
      if (!(f > 0.0) || s.start + shift_ < prelude_.end - 1.0) continue;
      steps.push_back({step::MeasureImpedance{f, 0.999 * f, 1e-2, 1}, "impedance of the record", {}});
      impedance_.time.push_back(t);
      impedance_.measured.push_back(real);
      impedance_.merged.push_back(1.0);
      impedance_.frequency.push_back(f);
    }
  }

  Series series(Observed o) {
    Series out = o == Observed::high_frequency_resistance ? std::move(impedance_) : o == Observed::dc_resistance ? resistances() : means(o);
    out.observed = o;
    if (o == Observed::high_frequency_resistance && !out.measured.empty()) out.reading = analyser_share * numerics::mean(out.measured);
    const auto& stated = o == Observed::stack_pressure ? entry_.pressure_noise : entry_.voltage_noise;
    if (stated && o != Observed::high_frequency_resistance) {
      out.reading = *stated;
      out.reading_stated = true;
    }
    if (out.time.size() < 3)
      throw Error("D541", fmt::format("{}: {} usable readings of `{}`, at least 3 are needed", entry_.name, out.time.size(), label(o)), entry_.place,
                  {"readings after a short, within 30 s of a setting of the pressure and right after a switch are not used"});
    return out;
  }

  /// Means over stretches that grow with the distance from their start, (B5).
  Series means(Observed o) const {
    Series out;
    const bool pressure = o == Observed::stack_pressure;
    const std::string_view name = pressure ? col::stack_pressure : col::voltage;
    if (!record_.has(name)) throw Error("D542", fmt::format("{}: there is no column `{}`", entry_.name, name), entry_.place, {"leave it out of `quantities`"});
    const auto values = record_.real(name);
    std::vector<double> second;
    for (const Stretch& s : stretches_) {
      if (!pressure && !s.current) continue;
      std::vector<std::size_t> rows = rows_of(s, pressure ? pressure_margin : 0.0, values);
      if (!pressure && !rows.empty()) rows.erase(rows.begin()); // it may have been taken while the current was switched
      for (std::size_t k = 2; k < rows.size(); ++k) second.push_back(std::abs(values[rows[k]] - 2.0 * values[rows[k - 1]] + values[rows[k - 2]]));
      add_means(s, rows, values, out);
    }
    out.reading = second.empty() ? 0.0 : numerics::median(second) / (0.6745 * std::sqrt(6.0));
    const auto step = std::min_element(second.begin(), second.end(), [](double a, double b) { return (a > 0.0 ? a : 1e300) < (b > 0.0 ? b : 1e300); });
    if (step != second.end()) out.reading = std::max(out.reading, *step / std::sqrt(12.0)); // what the display resolves
    if (!(out.reading > 0.0)) out.reading = pressure ? 1e3 : 1e-5;
    return out;
  }

  std::vector<std::size_t> rows_of(const Stretch& s, double margin, std::span<const double> values) const {
    std::vector<std::size_t> out;
    const auto first = std::lower_bound(time_.begin(), time_.end(), s.start + margin - shift_);
    for (auto k = static_cast<std::size_t>(first - time_.begin()); k < time_.size() && time_[k] < s.end - margin - shift_; ++k)
      if (std::isfinite(values[k])) out.push_back(k);
    return out;
  }

  void add_means(const Stretch& s, std::span<const std::size_t> rows, std::span<const double> values, Series& out) const {
    std::size_t at = 0;
    for (std::size_t j = 1; j <= entry_.points && at < rows.size(); ++j) {
      const double share = static_cast<double>(j) / static_cast<double>(entry_.points), until = s.start + (s.end - s.start) * share * share;
      double t = 0.0, v = 0.0, n = 0.0;
      for (; at < rows.size() && (time_[rows[at]] + shift_ < until || j == entry_.points); ++at) {
        out.readings.push_back(time_[rows[at]] + shift_);
        t += out.readings.back();
        v += values[rows[at]];
        n += 1.0;
      }
      if (n == 0.0) continue;
      out.time.push_back(t / n);
      out.measured.push_back(v / n);
      out.merged.push_back(n);
    }
  }

  /// At every switch of the current between two usable half cycles, or from rest.
  Series resistances() const {
    Series out;
    const auto voltage = record_.real(col::voltage);
    Series all = means(Observed::voltage);
    for (std::size_t k = 0; k < usable_; ++k) {
      const HalfCycle& h = segments_.half_cycles[k];
      if (h.first < switch_rows || h.last - h.first <= switch_rows) continue;
      const bool from_rest = k == 0 || segments_.half_cycles[k - 1].last + switch_rows < h.first;
      const double current_before = from_rest ? 0.0 : segments_.half_cycles[k - 1].current;
      double t = 0.0, u = 0.0, v = 0.0;
      for (std::size_t r = 0; r < switch_rows; ++r) {
        t += (time_[h.first + 1 + r] + shift_) / switch_rows;
        u += (time_[h.first - 1 - r] + shift_) / switch_rows;
        v += (voltage[h.first + 1 + r] - voltage[h.first - 1 - r]) / switch_rows;
      }
      if (!std::isfinite(v)) continue;
      out.time.push_back(t);
      out.before.push_back(u);
      out.change.push_back(h.current - current_before);
      out.measured.push_back(v / out.change.back());
      // variance of the ratio, told as so many readings of one ohm's worth of voltage
      out.merged.push_back(0.5 * switch_rows * out.change.back() * out.change.back());
    }
    out.reading = all.reading;
    return out;
  }

  Seen ccd() const {
    if (!assessment_.ccd)
      throw Error("D543", fmt::format("{}: its CCD cannot be told: {}", entry_.name, assessment_.ccd_refused), entry_.place, {"leave `ccd` out of its `quantities`"});
    Seen out;
    if (assessment_.ccd->last_passed) out.low = *assessment_.ccd->last_passed;
    if (assessment_.ccd->failing_step) out.high = *assessment_.ccd->failing_step;
    return out;
  }

  Seen life() const {
    if (assessment_.onset_cycle) return {static_cast<double>(*assessment_.onset_cycle) - 1.0, static_cast<double>(*assessment_.onset_cycle)};
    return {static_cast<double>(segments_.half_cycles.size() / 2), std::numeric_limits<double>::infinity()};
  }

  const RecordEntry& entry_;
  Record record_;
  const Study& study_;
  Assessment assessment_;
  Segments segments_;
  Prelude prelude_;
  std::span<const double> time_;
  double shift_ = 0.0;
  std::size_t usable_ = 0, spectra_ = 0;
  std::vector<Stretch> stretches_;
  Series impedance_;
};

} // namespace

RecordData record_data(const RecordEntry& entry, const Record& record, const Study& study) { return Prepared(entry, record, study).data(); }

Study until_short(Study study) {
  study.seed = 0;
  study.output.events_only = true;
  for (Step& s : study.test)
    if (auto* ramp = std::get_if<step::Ramp>(&s.kind)) {
      ramp->upper.reset();
      ramp->until_short = true;
    }
  return study;
}

} // namespace platen::calibrate
