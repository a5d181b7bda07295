#include "calibrate/record_model.hpp"

#include "base/error.hpp"
#include "calibrate/weakest.hpp"
#include "physics/parameters.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platen::calibrate {
namespace {

constexpr std::size_t kept_answers = 8;
constexpr double slope_step = 2.0; ///< s; readings are 30 s away from any setting of the pressure

Number nuisance(std::string key, double deviation, std::string unit, double mean = 0.0) {
  return {std::move(key), mean, mean - 6.0 * deviation, mean + 6.0 * deviation, false, Prior{mean, deviation}, std::move(unit)};
}

/// (B14): the clocks differ, and the reading that a row shows is up to one interval old.
Number pressure_clock(std::string key, double clock, double interval) { return nuisance(std::move(key), std::hypot(clock, interval / std::sqrt(12.0)), "s", 0.5 * interval); }

/// A factor by which this cell differs from the usual one.
Number of_cell(std::string key, double sigma) { return {std::move(key), 1.0, std::exp(-6.0 * sigma), std::exp(6.0 * sigma), true, Prior{0.0, sigma}, "1"}; }

/// Column of a simulated record at times inside its steps, by the cubic through the four rows around them. A step begins and ends with a row, so that
/// two rows of one time part two steps; beside them the parabola or line through the rows that are left.
class Curve {
public:
  Curve(const Record& record, std::string_view column) : time_(record.real(col::test_time)), value_(record.real(column)) {}
  double at(double t) const {
    const auto after = std::upper_bound(time_.begin(), time_.end(), t);
    if (after == time_.begin()) return value_.front();
    if (after == time_.end()) return value_.back();
    auto last = static_cast<std::size_t>(after - time_.begin()), first = last - 1;
    if (first > 0 && time_[first - 1] < time_[first]) --first;
    if (last + 1 < time_.size() && time_[last + 1] > time_[last]) ++last;
    double sum = 0.0;
    for (std::size_t k = first; k <= last; ++k) {
      double weight = 1.0;
      for (std::size_t i = first; i <= last; ++i)
        if (i != k) weight *= (t - time_[i]) / (time_[k] - time_[i]);
      sum += weight * value_[k];
    }
    return sum;
  }

private:
  std::span<const double> time_, value_;
};

std::vector<double> ideal(const Series& s, const Record& record) {
  std::vector<double> out;
  if (s.observed == Observed::high_frequency_resistance) {
    for (const Spectrum& spectrum : record.spectra) out.push_back(spectrum.real.at(0));
    return out;
  }
  const Curve curve(record, s.observed == Observed::stack_pressure ? col::stack_pressure : col::voltage);
  if (!s.readings.empty()) { // the means of the same readings
    std::size_t at = 0;
    for (const double merged : s.merged) {
      double sum = 0.0;
      for (std::size_t k = 0; k < static_cast<std::size_t>(merged); ++k) sum += curve.at(s.readings[at++]);
      out.push_back(sum / merged);
    }
    return out;
  }
  for (std::size_t k = 0; k < s.time.size(); ++k)
    out.push_back(s.before.empty() ? curve.at(s.time[k]) : (curve.at(s.time[k]) - curve.at(s.before[k])) / s.change[k]);
  return out;
}

} // namespace

Number scatter_number(std::string_view key) { return {std::string(key), 0.25, 0.03, 2.0, true, Prior{std::log(0.25), std::log(1.5)}, "1"}; }

Study with_numbers(Study study, std::span<const Number> numbers, std::span<const double> values) {
  for (std::size_t j = 0; j < numbers.size(); ++j)
    if (const physics::ParameterInfo* row = physics::find_parameter(numbers[j].key)) study.parameters.*row->member = values[j];
  return study;
}

std::optional<double> ccd_of(const TestOutcome& outcome) { return outcome.continuous_ccd ? outcome.continuous_ccd : outcome.last_passed; }

RecordModel::RecordModel(RecordData data, std::vector<Number> laws) : data_(std::move(data)), flaws_(loaded_flaws(data_.whole)), numbers_(std::move(laws)), laws_(numbers_.size()) {
  const auto has = [&](auto... kinds) {
    return std::any_of(data_.series.begin(), data_.series.end(), [&](const Series& s) { return ((s.observed == kinds) || ...); });
  };
  const auto add = [&](std::optional<std::size_t>& place, bool needed, Number number) {
    if (!needed) return;
    place = numbers_.size();
    numbers_.push_back(std::move(number));
  };
  const Systematic& s = data_.systematic;
  const bool volts = has(Observed::voltage), ohms = has(Observed::dc_resistance), pascals = has(Observed::stack_pressure);
  const physics::Parameters& p = data_.driven.parameters;
  add(places_.stiffness, pascals && p.scatter_stiffness > 0.0, of_cell(data_.name + ": stiffness over the usual", p.scatter_stiffness));
  add(places_.supply, (volts || ohms) && p.scatter_supply > 0.0, of_cell(data_.name + ": supply over the usual", p.scatter_supply));
  simulating_ = numbers_.size();
  add(places_.voltage_offset, volts && s.voltage_offset > 0.0, nuisance(data_.name + ": voltage offset", s.voltage_offset, "mV"));
  add(places_.voltage_gain, (volts || ohms) && s.voltage_gain > 0.0, nuisance(data_.name + ": voltage gain less 1", s.voltage_gain, "1"));
  add(places_.pressure_offset, pascals && s.pressure_offset > 0.0, nuisance(data_.name + ": pressure offset", s.pressure_offset, "MPa"));
  add(places_.pressure_gain, pascals && s.pressure_gain > 0.0, nuisance(data_.name + ": pressure gain less 1", s.pressure_gain, "1"));
  add(places_.pressure_clock, pascals && s.pressure_clock > 0.0, pressure_clock(data_.name + ": pressure behind by", s.pressure_clock, data_.pressure_interval));
  add(places_.ccd_scatter, data_.ccd.has_value(), scatter_number(ccd_scatter));
  add(places_.life_scatter, data_.life.has_value(), scatter_number(life_scatter));
}

std::vector<Term> RecordModel::terms() const {
  std::vector<Term> out;
  std::size_t first = 0;
  const auto add = [&](Observed o, std::size_t count) {
    out.push_back({fmt::format("{} {}", data_.name, label(o)), data_.name, first, count});
    first += count;
  };
  for (const Series& s : data_.series) add(s.observed, s.time.size());
  if (data_.ccd) add(Observed::ccd, 2);
  if (data_.life) add(Observed::life, 2);
  return out;
}

std::size_t RecordModel::residuals() const {
  std::size_t n = (data_.ccd ? 2u : 0u) + (data_.life ? 2u : 0u);
  for (const Series& s : data_.series) n += s.time.size();
  return n;
}

Study RecordModel::with_values(const Study& study, std::span<const double> values) const {
  Study out = with_numbers(study, std::span(numbers_).first(laws_), values.first(laws_));
  physics::Parameters& p = out.parameters;
  if (places_.stiffness) p.elastic_stiffness *= values[*places_.stiffness], p.joint_stiffness *= values[*places_.stiffness];
  if (places_.supply) p.supply_diffusion *= values[*places_.supply];
  return out;
}

RecordModel::Answer RecordModel::simulated(std::span<const double> values, const work::Task& task) const {
  Answer out;
  out.values.assign(values.begin(), values.end());
  try {
    if (!data_.series.empty()) {
      const Record record = simulate(with_values(data_.driven, values), task);
      if (record.real(col::test_time).back() < data_.end - 1.0) return out; // the model's cell could not bear the record's currents
      for (const Series& s : data_.series) {
        out.series.push_back(ideal(s, record));
        out.slopes.emplace_back();
        if (s.observed != Observed::stack_pressure) continue;
        const Curve curve(record, col::stack_pressure);
        for (const double t : s.time) out.slopes.back().push_back((curve.at(t + slope_step) - curve.at(t - slope_step)) / (2.0 * slope_step));
      }
    }
    if (data_.ccd || data_.life) {
      const Study study = with_values(data_.whole, values);
      const TestOutcome outcome = test_outcome(study, simulate(study, task));
      const auto ccd = ccd_of(outcome);
      if (data_.ccd && !ccd) return out;
      out.ccd = ccd.value_or(0.0);
      out.life = outcome.cycles;
    }
    out.simulated = true;
  } catch (const Error&) {
    // a corner of the numbers in which the laws cannot be integrated
  }
  return out;
}

RecordModel::Answer RecordModel::answer(std::span<const double> values, const work::Task& task) const {
  const std::span<const double> used = values.first(simulating_);
  {
    const std::lock_guard lock(guard_);
    for (const Answer& a : answers_)
      if (std::equal(used.begin(), used.end(), a.values.begin())) return a;
  }
  Answer made = simulated(used, task);
  const std::lock_guard lock(guard_);
  if (answers_.size() == kept_answers) answers_.pop_front();
  answers_.push_back(made);
  return made;
}

std::vector<double> RecordModel::shown(const Answer& answer, std::size_t k, std::span<const double> values) const {
  const auto value = [&](std::optional<std::size_t> place) { return place ? values[*place] : 0.0; };
  std::vector<double> out = answer.series[k];
  switch (data_.series[k].observed) {
  case Observed::voltage:
    for (double& v : out) v = (1.0 + value(places_.voltage_gain)) * v + value(places_.voltage_offset);
    break;
  case Observed::dc_resistance:
    for (double& v : out) v *= 1.0 + value(places_.voltage_gain);
    break;
  case Observed::stack_pressure:
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double late = out[i] - value(places_.pressure_clock) * answer.slopes[k][i];
      out[i] = (1.0 + value(places_.pressure_gain)) * late + value(places_.pressure_offset);
    }
    break;
  default: break;
  }
  return out;
}

std::vector<std::vector<double>> RecordModel::predict(std::span<const double> values, const work::Task& task) const {
  const Answer a = answer(values, task);
  std::vector<std::vector<double>> out;
  for (std::size_t k = 0; k < a.series.size() && a.simulated; ++k) out.push_back(shown(a, k, values));
  return out;
}

std::vector<ComparedEvent> RecordModel::events(std::span<const double> values, const work::Task& task) const {
  const Answer a = answer(values, task);
  std::vector<ComparedEvent> out;
  if (!a.simulated) return out;
  const auto add = [&](Observed o, const Seen& seen, double predicted, std::size_t scatter) {
    const Population cells = Population::of_flaws(predicted, flaws_, values[scatter]);
    out.push_back({fmt::format("{} {}", data_.name, label(o)), data_.name, o, seen, std::nullopt, std::nullopt, cells.median, cells.sigma});
  };
  if (data_.ccd) add(Observed::ccd, *data_.ccd, a.ccd, *places_.ccd_scatter);
  if (data_.life) add(Observed::life, *data_.life, a.life, *places_.life_scatter);
  return out;
}

bool RecordModel::evaluate(std::span<const SeriesNoise> noise, std::span<const double> values, std::span<double> residuals,
                           const work::Task& task) const {
  const Answer a = answer(values, task);
  if (!a.simulated) return false;
  std::size_t at = 0;
  for (std::size_t k = 0; k < data_.series.size(); ++k) {
    const Series& s = data_.series[k];
    const std::vector<double> predicted = shown(a, k, values);
    const std::span<double> out = residuals.subspan(at, s.time.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = (predicted[i] - s.measured[i]) / std::sqrt(noise[k].variance);
    numerics::NoiseFilter(s.time, s.merged, noise[k].shape).whiten(out);
    at += out.size();
  }
  for (const ComparedEvent& e : events(values, task)) {
    const auto pair = weakest_residuals({e.predicted, e.scatter}, e.seen->low, e.seen->high);
    residuals[at++] = pair[0];
    residuals[at++] = pair[1];
  }
  return true;
}

} // namespace platen::calibrate
