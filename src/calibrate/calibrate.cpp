#include "calibrate/calibrate.hpp"

#include "base/error.hpp"
#include "calibrate/knowledge.hpp"
#include "calibrate/weakest.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"
#include "physics/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

namespace platen::calibrate {
namespace {

constexpr std::size_t most_noise_rounds = 5;
constexpr int most_new_fits = 3; ///< after a profile found a lower minimum
constexpr double profile_tolerance = 0.01; ///< of -2 ln posterior: moves an end of a 95 % interval by 0.0013 of its width

/// Shares of the progress line.
struct Stage {
  double from, to;
};
work::Task within(const work::Task& task, Stage stage) {
  return {task.stop, [progress = task.progress, stage](double f) {
            if (progress) progress(stage.from + f * (stage.to - stage.from));
          }};
}

/// Starts that the file does not state are those of the first study, inside the bounds.
std::vector<Number> started(std::vector<Number> numbers, const Study* first) {
  for (Number& n : numbers) {
    if (!std::isnan(n.start)) continue;
    const physics::ParameterInfo* row = physics::find_parameter(n.key);
    if (n.prior) n.start = n.unscaled(n.prior->mean);
    else if (row != nullptr && first != nullptr) n.start = first->parameters.*row->member;
    else n.start = n.unscaled(0.5 * (n.scaled(n.low) + n.scaled(n.high)));
    n.start = std::clamp(n.start, n.low, n.high);
  }
  return numbers;
}

/// Draws of the normal distribution that the covariance describes, inside the bounds.
std::vector<std::vector<double>> normal_draws(const Problem& problem, const Fit& fit, std::size_t count, std::uint64_t seed) {
  const std::size_t n = problem.numbers.size();
  std::vector<double> factor = fit.covariance;
  for (std::size_t j = 0; j < n; ++j) {
    const Number& number = problem.numbers[j];
    double& variance = factor[j * n + j];
    // Where nothing is known the bounds are all there is; a number at a bound stays there.
    if (!std::isfinite(variance)) variance = std::pow(number.scaled(number.high) - number.scaled(number.low), 2) / 12.0;
    variance = variance * (1.0 + 1e-9) + 1e-24;
  }
  std::vector<std::vector<double>> out;
  if (!numerics::cholesky(factor, n)) return out;
  for (std::size_t k = 0; k < count; ++k) {
    numerics::RandomStream random(seed, "normal draws", k);
    std::vector<double> z(n), values(n);
    for (double& v : z) v = random.normal();
    for (std::size_t j = 0; j < n; ++j) {
      const Number& number = problem.numbers[j];
      double x = number.scaled(fit.values[j]);
      for (std::size_t i = 0; i <= j; ++i) x += factor[j * n + i] * z[i];
      values[j] = std::clamp(number.unscaled(std::clamp(x, number.scaled(number.low), number.scaled(number.high))), number.low, number.high);
    }
    out.push_back(std::move(values));
  }
  return out;
}

/// Fits with what is known of the noise, learns more of it from what is left, and fits again, until it stays.
void fit_with_noise(std::optional<Data>& data, const std::optional<Problem>& published, Calibration& out, const Kept& kept, const work::Task& task) {
  FitOptions options;
  options.starts = out.options.starts;
  options.iterations = out.options.iterations;
  options.seed = out.options.seed;
  options.threads = out.options.threads;
  const auto problem = [&] {
    std::vector<Problem> parts;
    if (data) parts.push_back(data->problem());
    if (published) parts.push_back(*published);
    return parts.size() == 1 ? parts.front() : joined(parts);
  };
  out.problem = problem();
  out.fit = fit(out.problem, options, within(task, {0.0, 0.6}), kept, "fit");
  const std::vector<Start> starts = out.fit.starts;
  options.starts = 1;
  options.near = true;
  while (data && ++out.noise_rounds <= most_noise_rounds) {
    if (!data->learn_noise(out.fit.values, {task.stop, {}})) break;
    task.report(0.6 + 0.1 * static_cast<double>(out.noise_rounds));
    const std::vector<double> from = out.fit.values;
    out.problem = problem();
    for (std::size_t j = 0; j < from.size(); ++j) out.problem.numbers[j].start = from[j];
    out.fit = fit(out.problem, options, {task.stop, {}}, kept, fmt::format("noise {}", out.noise_rounds));
  }
  out.fit.starts = starts;
}

void find_profiles(Calibration& out, const Kept& kept, const work::Task& task) {
  const ProfileOptions options = profiling(out.options.threads);
  std::vector<std::size_t> laws; // what one instrument is off by is not asked for
  for (std::size_t j = 0; j < out.problem.numbers.size(); ++j)
    if (of_laws(out.problem.numbers[j])) laws.push_back(j);
  for (int again = 0;; ++again) {
    out.profiles = profile(out.problem, out.fit, laws, options, kept, task);
    if (!out.profiles->better || again == most_new_fits) return;
    for (std::size_t j = 0; j < out.fit.values.size(); ++j) out.problem.numbers[j].start = out.profiles->better->at(j);
    FitOptions once;
    once.threads = out.options.threads;
    const std::vector<Start> starts = out.fit.starts;
    out.fit = fit(out.problem, once, {task.stop, {}}, kept, fmt::format("again {}", again + 1));
    out.fit.starts = starts;
  }
}

/// Quantiles of many draws of a curve.
void quantiles(const std::vector<std::vector<double>>& draws, std::size_t points, std::vector<double>& low, std::vector<double>& high) {
  for (std::size_t i = 0; i < points; ++i) {
    std::vector<double> column;
    for (const auto& d : draws) column.push_back(d[i]);
    low.push_back(numerics::quantile(column, 0.025));
    high.push_back(numerics::quantile(column, 0.975));
  }
}

void find_bands(const Data& data, Calibration& out, const work::Task& task) {
  const std::size_t count = std::min(out.options.bands, out.draws.size());
  std::vector<Comparison> there(count);
  work::parallel_for(count, [&](std::size_t k) { there[k] = data.compare(out.draws[k * out.draws.size() / count], {task.stop, {}}); }, out.options.threads, task);
  std::erase_if(there, [&](const Comparison& c) { return c.series.size() != out.comparison.series.size() || c.events.size() != out.comparison.events.size(); });
  if (there.size() < 2) return;
  numerics::RandomStream random(out.options.seed, "predictive");
  for (std::size_t s = 0; s < out.comparison.series.size(); ++s) {
    std::vector<std::vector<double>> curves, readings;
    for (const Comparison& c : there) {
      curves.push_back(c.series[s].predicted);
      readings.push_back(c.series[s].predicted);
      for (std::size_t i = 0; i < readings.back().size(); ++i) readings.back()[i] += c.series[s].deviation[i] * random.normal();
    }
    Band band;
    quantiles(curves, curves.front().size(), band.low, band.high);
    quantiles(readings, curves.front().size(), band.predictive_low, band.predictive_high);
    out.series_bands.push_back(std::move(band));
  }
  for (std::size_t e = 0; e < out.comparison.events.size(); ++e) {
    std::vector<std::vector<double>> medians, cells;
    for (const Comparison& c : there) {
      const ComparedEvent& event = c.events[e];
      medians.push_back({event.predicted});
      cells.push_back({event.value ? event.predicted + *event.deviation * random.normal() : Population{event.predicted, event.scatter}.quantile(random.uniform())});
    }
    Band band;
    quantiles(medians, 1, band.low, band.high);
    quantiles(cells, 1, band.predictive_low, band.predictive_high);
    out.event_bands.push_back(std::move(band));
  }
}

/// Counts what is evaluated.
Problem counting(Problem problem, const std::shared_ptr<std::atomic<std::size_t>>& count) {
  problem.evaluate = [inner = problem.evaluate, count](std::span<const double> values, std::span<double> residuals, const work::Task& task) {
    ++*count;
    return inner(values, residuals, task);
  };
  return problem;
}

} // namespace

ProfileOptions profiling(unsigned threads) {
  ProfileOptions out;
  out.descent.threads = threads;
  out.descent.rough = true;
  out.descent.tolerance = profile_tolerance;
  return out;
}

bool of_laws(const Number& number) {
  return physics::find_parameter(number.key) != nullptr || number.key == ccd_scatter || number.key == life_scatter;
}

Calibration calibrate(const CalibrationFile& file, std::vector<Observation> observations, std::vector<TargetOfStudy> targets,
                      std::optional<Problem> published, const CalibrateOptions& options, const Kept& kept, const work::Task& task) {
  Calibration out;
  out.file = file;
  out.options = options;
  const Study* first = !observations.empty() ? &observations.front().study : !targets.empty() ? &targets.front().study : nullptr;
  std::optional<Data> data;
  if (!observations.empty() || !targets.empty()) data.emplace(started(file.numbers, first), observations, targets);
  fit_with_noise(data, published, out, kept, within(task, {0.0, 0.3}));
  const auto count = std::make_shared<std::atomic<std::size_t>>(0);
  out.problem = counting(std::move(out.problem), count);
  try {
    if (options.profiles) find_profiles(out, kept, within(task, {0.3, 0.6}));
    if (options.posterior > 0) {
      PosteriorOptions sampling;
      sampling.draws = options.posterior;
      sampling.seed = options.seed;
      sampling.threads = options.threads;
      out.posterior = sample(out.problem, out.fit, sampling, kept, within(task, {0.6, 0.95}));
    }
    if (data) slopes_across(out.problem, out.fit, options.threads, {task.stop, {}});
    out.draws = out.posterior ? out.posterior->draws : normal_draws(out.problem, out.fit, options.bands, options.seed);
    if (data) {
      out.comparison = data->compare(out.fit.values, {task.stop, {}});
      find_bands(*data, out, within(task, {0.95, 1.0}));
    }
  } catch (const Cancelled&) {
    out.interrupted = true;
    if (data && out.comparison.series.empty() && out.comparison.events.empty()) out.comparison = data->compare(out.fit.values, {});
  }
  out.evaluations = *count;
  tell_knowledge(out);
  return out;
}

} // namespace platen::calibrate
