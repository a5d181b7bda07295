#include "calibrate/records.hpp"

#include "base/error.hpp"
#include "calibrate/record_model.hpp"
#include "calibrate/study_targets.hpp"
#include "numerics/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace platen::calibrate {
namespace {

constexpr double memory_share = 0.3; ///< of a record's length: a longer memory is a drift, which the offset stands for

/// The first fit sees the readings with thirty times their noise: far from the answer exact readings make a landscape of cliffs, in which a descent runs into
/// bounds that the priors would have kept it from.
constexpr double first_variance = 900.0;

SeriesNoise white(const Series& s) {
  SeriesNoise out;
  out.variance = s.reading * s.reading;
  out.effective = static_cast<double>(s.time.size());
  return out;
}

/// (B9)
double effective(const Series& s, const numerics::NoiseShape& shape) {
  std::vector<double> ones(s.time.size(), 1.0);
  numerics::NoiseFilter(s.time, s.merged, shape).whiten(ones);
  double single = 0.0;
  for (const double m : s.merged) single += (1.0 / m + shape.slow) / static_cast<double>(s.merged.size());
  return numerics::dot(ones.data(), ones.data(), ones.size()) * single;
}

} // namespace

Data::Data(std::vector<Number> numbers, const std::vector<Observation>& observations, const std::vector<TargetOfStudy>& targets) : numbers_(std::move(numbers)) {
  std::vector<Number> laws;
  std::copy_if(numbers_.begin(), numbers_.end(), std::back_inserter(laws), [](const Number& n) { return n.key != ccd_scatter && n.key != life_scatter; });
  Diagnostics faults;
  for (const Observation& o : observations) {
    try {
      models_.push_back(std::make_shared<RecordModel>(record_data(o.entry, o.record, o.study), laws));
      noise_.emplace_back();
      for (const Series& s : models_.back()->data().series) {
        noise_.back().push_back(white(s));
        noise_.back().back().variance *= first_variance;
      }
    } catch (const Error& e) {
      for (const Diagnostic& d : e.diagnostics()) faults.add(d);
    }
  }
  faults.throw_if_errors();
  std::map<std::filesystem::path, std::pair<const Study*, std::vector<TargetEntry>>> by_study;
  for (const TargetOfStudy& t : targets) {
    by_study[t.entry.study].first = &t.study;
    by_study[t.entry.study].second.push_back(t.entry);
  }
  for (const auto& [path, of] : by_study) targets_.push_back(std::make_shared<StudyTargets>(*of.first, of.second, laws));
  all_ = problem().numbers;
}

Problem Data::problem() const {
  std::vector<Problem> parts;
  Problem named; // the file's numbers first, with their bounds and priors
  named.numbers = numbers_;
  named.evaluate = [](std::span<const double>, std::span<double>, const work::Task&) { return true; };
  parts.push_back(std::move(named));
  for (std::size_t k = 0; k < models_.size(); ++k) {
    Problem part;
    part.numbers = models_[k]->numbers();
    part.terms = models_[k]->terms();
    part.residuals = models_[k]->residuals();
    part.evaluate = [model = models_[k], noise = noise_[k]](std::span<const double> values, std::span<double> residuals, const work::Task& task) {
      return model->evaluate(noise, values, residuals, task);
    };
    parts.push_back(std::move(part));
  }
  for (const auto& targets : targets_) parts.push_back(problem_of(targets));
  return joined(std::move(parts));
}

std::vector<double> Data::own_values(const std::vector<Number>& own, std::span<const double> values) const {
  std::vector<double> out;
  for (const Number& n : own) {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const Number& m) { return m.key == n.key; });
    out.push_back(values[static_cast<std::size_t>(at - all_.begin())]);
  }
  return out;
}

bool Data::learn_noise(std::span<const double> values, const work::Task& task) {
  const auto before = noise_;
  for (std::size_t k = 0; k < models_.size(); ++k) learn_noise(k, own_values(models_[k]->numbers(), values), task);
  const auto total = [](const SeriesNoise& n) { return n.variance * (1.0 + n.shape.slow); };
  bool changed = false;
  for (std::size_t k = 0; k < noise_.size(); ++k)
    for (std::size_t s = 0; s < noise_[k].size(); ++s) changed = changed || std::abs(std::log(total(noise_[k][s]) / total(before[k][s]))) > 0.1;
  return changed;
}

void Data::learn_noise(std::size_t k, std::span<const double> own, const work::Task& task) {
  const RecordModel& model = *models_[k];
  const auto predicted = model.predict(own, task);
  // Derivatives of every series by every number: what the fit takes out of the residuals.
  std::vector<std::vector<std::vector<double>>> columns(predicted.size());
  for (std::size_t j = 0; j < own.size(); ++j) {
    const Number& n = model.numbers()[j];
    std::vector<double> moved(own.begin(), own.end());
    const double h = 0.005 * scale_of(n), x = n.scaled(own[j]);
    moved[j] = n.unscaled(x + h <= n.scaled(n.high) ? x + h : x - h);
    const auto there = model.predict(moved, task);
    if (there.empty()) continue;
    for (std::size_t s = 0; s < predicted.size(); ++s) {
      std::vector<double> column(predicted[s].size());
      for (std::size_t i = 0; i < column.size(); ++i) column[i] = (there[s][i] - predicted[s][i]) / h;
      columns[s].push_back(std::move(column));
    }
  }
  for (std::size_t s = 0; s < predicted.size(); ++s) noise_[k][s] = learnt(model.data().series[s], predicted[s], columns[s]);
}

SeriesNoise Data::learnt(const Series& s, const std::vector<double>& predicted, const std::vector<std::vector<double>>& columns) {
  std::vector<double> residual(predicted.size());
  for (std::size_t i = 0; i < residual.size(); ++i) residual[i] = s.measured[i] - predicted[i];
  SeriesNoise out = white(s);
  const bool over_time = s.observed == Observed::voltage || s.observed == Observed::stack_pressure;
  if (residual.size() < columns.size() + 4) return out;
  if (!over_time) {
    double sum = 0.0;
    for (std::size_t i = 0; i < residual.size(); ++i) sum += residual[i] * residual[i] * s.merged[i];
    out.variance = std::max(out.variance, sum / static_cast<double>(residual.size() - columns.size()));
    return out;
  }
  const double least = s.reading * s.reading * (s.reading_stated ? 1.0 : 0.25);
  const numerics::NoiseFit found = numerics::fit_noise(s.time, s.merged, residual, columns, {least, memory_share * (s.time.back() - s.time.front())});
  out.shape = found.shape;
  out.variance = found.variance;
  out.effective = effective(s, found.shape);
  return out;
}

std::vector<SeriesNoise> Data::noise() const {
  std::vector<SeriesNoise> out;
  for (const auto& of_record : noise_) out.insert(out.end(), of_record.begin(), of_record.end());
  return out;
}

void Data::take_noise(std::span<const SeriesNoise> noise) {
  std::size_t at = 0;
  for (auto& of_record : noise_)
    for (SeriesNoise& n : of_record) n = noise[at++];
}

Comparison Data::compare(std::span<const double> values, const work::Task& task) const {
  Comparison out;
  for (std::size_t k = 0; k < models_.size(); ++k) {
    const std::vector<double> own = own_values(models_[k]->numbers(), values);
    const auto predicted = models_[k]->predict(own, task);
    for (std::size_t s = 0; s < predicted.size(); ++s) {
      const Series& series = models_[k]->data().series[s];
      Compared c{models_[k]->data().name, series.observed, series.time, series.measured, predicted[s], {}, noise_[k][s]};
      for (const double m : series.merged) c.deviation.push_back(std::sqrt(c.noise.variance * (1.0 / m + c.noise.shape.slow)));
      out.series.push_back(std::move(c));
    }
    const auto events = models_[k]->events(own, task);
    out.events.insert(out.events.end(), events.begin(), events.end());
  }
  for (const auto& targets : targets_) {
    const auto events = targets->events(own_values(targets->numbers(), values), task);
    out.events.insert(out.events.end(), events.begin(), events.end());
  }
  return out;
}

} // namespace platen::calibrate
