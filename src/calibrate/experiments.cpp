#include "base/embedded.hpp"
#include "calibrate/experiments.hpp"
#include "calibrate/mechanisms.hpp"
#include "calibrate/published_cells.hpp"
#include "calibrate/record_model.hpp"
#include "study/read.hpp"
#include "targets/rows.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen::calibrate {
namespace {

/// Deviations that two explanations must be apart to be told from each other.
constexpr double told_apart = 2.0;
constexpr std::size_t most_cells = 30; ///< that a lab would build for one answer (assumed)
constexpr double least_ccd = 0.01;     ///< A/m2, for logarithms

std::optional<config::BuiltIn> find_study(std::string_view name) {
  const std::string stem = std::filesystem::path(name).stem().string();
  for (const EmbeddedText& file : targets::study_files())
    if (stem == file.name) return config::BuiltIn{fmt::format("studies/ham2022/{}.toml", stem), std::string(file.text)};
  return std::nullopt;
}

/// ln CCD over the draws: mean, deviation.
struct Spread {
  double mean = 0.0, deviation = 0.0;
};

Spread spread_of(const Study& study, const Survivor& survivor, const work::Task& task) {
  double sum = 0.0, squares = 0.0, n = 0.0;
  for (const auto& draw : survivor.draws) {
    Study own = with_numbers(study, survivor.numbers, draw);
    own.mechanisms = with_switches(study.mechanisms, survivor.switches);
    double ccd = 0.0;
    try {
      ccd = averaged_ccd(std::move(own), task);
    } catch (const Error&) { // the solver gave up on this draw
      continue;
    }
    const double x = std::log(std::max(ccd, least_ccd));
    sum += x;
    squares += x * x;
    n += 1.0;
  }
  if (n < 2.0) return {};
  return {sum / n, std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1.0)))};
}

/// How many deviations apart the means of so many cells are.
double apart(const Spread& a, const Spread& b, double scatter, double cells) {
  return std::abs(a.mean - b.mean) / std::sqrt(a.deviation * a.deviation + b.deviation * b.deviation + scatter * scatter / cells);
}

void add_pair(Experiment& experiment, const std::vector<Spread>& spreads, const std::vector<double>& scatters) {
  for (std::size_t a = 0; a < spreads.size(); ++a)
    for (std::size_t b = a + 1; b < spreads.size(); ++b) {
      const double scatter = std::max(scatters[a], scatters[b]), distance = apart(spreads[a], spreads[b], scatter, 1.0);
      if (distance < experiment.separation) continue;
      experiment.separation = distance;
      experiment.first = experiment.expectations[a].explanation;
      experiment.second = experiment.expectations[b].explanation;
      experiment.cells.reset();
      for (std::size_t n = 1; n <= most_cells && !experiment.cells; ++n)
        if (apart(spreads[a], spreads[b], scatter, static_cast<double>(n)) >= told_apart) experiment.cells = n;
    }
}

} // namespace

std::vector<Study> candidate_experiments() {
  std::vector<Study> out;
  for (const EmbeddedText& file : experiment_files())
    out.push_back(parse_study(std::string(file.text), fmt::format("studies/experiments/{}.toml", file.name), {}, find_study));
  return out;
}

double expected_gain(std::span<const double> weights, std::span<const double> means, std::span<const double> deviations) {
  double low = std::numeric_limits<double>::infinity(), high = -low, narrow = low;
  for (std::size_t k = 0; k < means.size(); ++k) {
    low = std::min(low, means[k] - 6.0 * deviations[k]);
    high = std::max(high, means[k] + 6.0 * deviations[k]);
    narrow = std::min(narrow, deviations[k]);
  }
  if (!(high > low) || !(narrow > 0.0)) return 0.0;
  const auto steps = static_cast<std::size_t>(std::clamp(std::ceil(20.0 * (high - low) / narrow), 200.0, 20000.0));
  const double width = (high - low) / static_cast<double>(steps);
  double gain = 0.0;
  for (std::size_t s = 0; s < steps; ++s) {
    const double x = low + (static_cast<double>(s) + 0.5) * width;
    double mixture = 0.0, sum = 0.0;
    const auto density = [&](std::size_t k) {
      const double z = (x - means[k]) / deviations[k];
      return std::exp(-0.5 * z * z) / (deviations[k] * std::sqrt(2.0 * std::numbers::pi));
    };
    for (std::size_t k = 0; k < means.size(); ++k) mixture += weights[k] * density(k);
    if (mixture <= 0.0) continue;
    for (std::size_t k = 0; k < means.size(); ++k)
      if (const double d = density(k); d > 0.0) sum += weights[k] * d * std::log2(d / mixture);
    gain += sum * width;
  }
  return std::max(gain, 0.0);
}

std::vector<Experiment> rank_experiments(std::span<const Study> studies, std::span<const Survivor> survivors, unsigned threads, const Kept& kept, const work::Task& task) {
  const std::size_t count = survivors.size();
  std::vector<Spread> spreads(studies.size() * count);
  work::parallel_for(
      spreads.size(),
      [&](std::size_t k) {
        const auto row = kept.made(fmt::format("experiment {} {}", k / count, k % count), 2, [&] {
          const Spread s = spread_of(studies[k / count], survivors[k % count], task);
          return std::vector<double>{s.mean, s.deviation};
        });
        spreads[k] = {row[0], row[1]};
      },
      threads, task);
  std::vector<double> weights, scatters;
  for (const Survivor& s : survivors) {
    weights.push_back(s.weight);
    scatters.push_back(s.scatter);
  }
  std::vector<Experiment> out;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    Experiment experiment;
    experiment.name = studies[s].name;
    experiment.description = studies[s].description;
    experiment.study = studies[s].sources.front().first;
    const std::vector<Spread> own(spreads.begin() + static_cast<std::ptrdiff_t>(s * count), spreads.begin() + static_cast<std::ptrdiff_t>((s + 1) * count));
    std::vector<double> means, deviations;
    for (std::size_t e = 0; e < count; ++e) {
      experiment.expectations.push_back({survivors[e].name, std::exp(own[e].mean), own[e].deviation});
      means.push_back(own[e].mean);
      deviations.push_back(std::hypot(own[e].deviation, scatters[e]));
    }
    experiment.gain = expected_gain(weights, means, deviations);
    add_pair(experiment, own, scatters);
    out.push_back(std::move(experiment));
  }
  std::stable_sort(out.begin(), out.end(), [](const Experiment& a, const Experiment& b) { return a.gain > b.gain; });
  return out;
}

} // namespace platen::calibrate
