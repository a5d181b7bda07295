#include "calibrate/rivals.hpp"

#include "base/error.hpp"
#include "calibrate/calibrate.hpp"
#include "calibrate/descent.hpp"
#include "calibrate/draws.hpp"
#include "calibrate/record_model.hpp"
#include "calibrate/rival_file.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <numeric>

namespace platen::calibrate {
namespace {

/// Of the chi-square distribution with one degree of freedom: 95 %.
constexpr double chi_95 = 3.8414588206941236;
/// What could not even be simulated counts as this per observation (assumed).
constexpr double hopeless = -9.2;

/// Sums of squares of as many independent numbers of unit variance rarely pass this: the 95 % quantile (Wilson and Hilferty).
double usual_squares(std::size_t count) {
  const double n = static_cast<double>(count), part = 2.0 / (9.0 * n);
  return count == 1 ? chi_95 : n * std::pow(1.0 - part + 1.6448536269514722 * std::sqrt(part), 3);
}

/// CCDs and lives: their second residual depends on the scatter alone, (B4).
bool is_interval(const Term& t) { return t.count == 2 && (t.label.ends_with(" ccd") || t.label.ends_with(" life")); }

/// ln det(1 + B B^T) and r^T (1 + B B^T)^-1 r of B, rows x columns, row by row.
struct Form {
  double log_determinant = 0.0, squares = 0.0;
};
Form form_of(const std::vector<double>& b, std::size_t columns, std::span<const double> r) {
  const std::size_t m = r.size();
  std::vector<double> s(m * m);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t k = 0; k <= i; ++k) s[i * m + k] = (i == k ? 1.0 : 0.0) + numerics::dot(&b[i * columns], &b[k * columns], columns);
  Form out;
  numerics::cholesky(s, m);
  for (std::size_t i = 0; i < m; ++i) out.log_determinant += 2.0 * std::log(s[i * m + i]);
  std::vector<double> x(r.begin(), r.end());
  numerics::cholesky_solve(s, m, x);
  out.squares = std::inner_product(r.begin(), r.end(), x.begin(), 0.0);
  return out;
}

/// One explanation with what it is fitted to.
struct Contender {
  RivalEntry rival;
  std::unique_ptr<Data> data;
  std::vector<double> start; ///< SI, where the first fit ended
  Problem problem;
  Fit fit;
  std::vector<GroupForecast> forecasts; ///< one per group
};

std::vector<Study> studies_of(const std::vector<Observation>& observations, const std::vector<TargetOfStudy>& targets) {
  std::vector<Study> out;
  for (const Observation& o : observations) out.push_back(o.study);
  for (const TargetOfStudy& t : targets) out.push_back(t.study);
  return out;
}

/// The file as one explanation sees it.
struct SeenBy {
  CalibrationFile file;
  std::vector<Observation> observations;
  std::vector<TargetOfStudy> targets;
};
SeenBy seen_by(const RivalEntry& rival, const CalibrationFile& file, std::vector<Observation> observations, std::vector<TargetOfStudy> targets) {
  const std::vector<Study> studies = studies_of(observations, targets);
  SeenBy out{file, std::move(observations), std::move(targets)};
  std::erase_if(out.file.numbers, [&](const Number& n) { return n.key != ccd_scatter && n.key != life_scatter && !acts(n.key, rival, studies); });
  if (out.file.numbers.empty()) throw Error("C207", fmt::format("the explanation `{}` has none of the numbers of this file", rival.name), rival.place, {"its laws must have at least one of [numbers]"});
  for (Observation& o : out.observations) o.study.mechanisms = with_switches(o.study.mechanisms, rival.switches);
  for (TargetOfStudy& t : out.targets) t.study.mechanisms = with_switches(t.study.mechanisms, rival.switches);
  return out;
}

/// The first fit of an explanation, with noise of its own.
Contender first_fit(const RivalEntry& rival, const SeenBy& seen, std::size_t number, const Kept& kept, const work::Task& task) {
  Contender out;
  out.rival = rival;
  CalibrateOptions options;
  options.bands = 0;
  options.threads = 1;
  std::optional<Calibration> made;
  const auto calibrated = [&]() -> const Calibration& {
    if (!made) made = calibrate(seen.file, seen.observations, seen.targets, std::nullopt, options, {}, task);
    return *made;
  };
  out.data = std::make_unique<Data>(seen.file.numbers, seen.observations, seen.targets);
  out.problem = out.data->problem();
  out.start = kept.made(fmt::format("first {} values", number), out.problem.numbers.size(), [&] { return calibrated().fit.values; });
  std::vector<SeriesNoise> noise = out.data->noise();
  if (noise.empty()) return out;
  const std::vector<double> row = kept.made(fmt::format("first {} noise", number), 4 * noise.size(), [&] {
    std::vector<double> numbers;
    for (const Compared& c : calibrated().comparison.series) numbers.insert(numbers.end(), {c.noise.shape.slow, c.noise.shape.time, c.noise.variance, c.noise.effective});
    return numbers;
  });
  for (std::size_t s = 0; s < noise.size(); ++s) noise[s] = {{row[4 * s], row[4 * s + 1]}, row[4 * s + 2], row[4 * s + 3]};
  out.data->take_noise(noise);
  return out;
}

/// Of every series the noise that the explanation leaves which leaves least.
void share_noise(std::vector<Contender>& contenders) {
  std::vector<SeriesNoise> least = contenders.front().data->noise();
  const auto total = [](const SeriesNoise& n) { return n.variance * (1.0 + n.shape.slow); };
  for (const Contender& c : contenders) {
    const std::vector<SeriesNoise> own = c.data->noise();
    for (std::size_t s = 0; s < least.size(); ++s)
      if (total(own[s]) < total(least[s])) least[s] = own[s];
  }
  for (Contender& c : contenders) c.data->take_noise(least);
}

/// A fit that begins at `from`; where it ends is kept.
Fit fit_from(Problem problem, const std::vector<double>& from, const std::string& key, const Kept& kept, const work::Task& task) {
  FitOptions options;
  options.threads = 1;
  options.near = true;
  const auto begin_at = [&](const std::vector<double>& values) {
    for (std::size_t j = 0; j < values.size(); ++j) problem.numbers[j].start = values[j];
  };
  begin_at(from);
  begin_at(kept.made(key, from.size(), [&] { return fit(problem, options, task).values; }));
  options.iterations = 0; // covariance and derivatives there
  return fit(problem, options, task);
}

GroupForecast left_out(const Contender& c, const std::string& group, const std::string& key, const Kept& kept, const work::Task& task) {
  const std::vector<double> row = kept.made(key, 3, [&] {
    const Fit rest = fit_from(without(c.problem, group), c.fit.values, {}, {}, task);
    const GroupForecast f = forecast(c.problem, group, rest, 1, task);
    return std::vector<double>{f.score, static_cast<double>(f.terms), static_cast<double>(f.hits)};
  });
  return {row[0], static_cast<std::size_t>(row[1]), static_cast<std::size_t>(row[2])};
}

/// Terms that the fit to everything does not meet: outside 95 % of cells, or of what noise does.
std::vector<std::string> missed(const Problem& problem, const Fit& fit) {
  std::vector<std::string> out;
  for (const Term& t : problem.terms) {
    const std::size_t count = is_interval(t) ? 1 : t.count;
    const double squares = numerics::dot(&fit.residuals[t.first], &fit.residuals[t.first], count);
    if (squares > usual_squares(count)) out.push_back(t.label);
  }
  return out;
}

/// Independent observations: (B9) of every series, and every CCD, life and pressure.
double observations_of(const Contender& c) {
  double out = 0.0;
  for (const SeriesNoise& n : c.data->noise()) out += n.effective;
  const std::size_t series = c.data->noise().size();
  return out + static_cast<double>(c.problem.terms.size() - series);
}

Ranked ranked_one(const Contender& c) {
  Ranked out;
  out.explanation.name = c.rival.name;
  out.explanation.meaning = c.rival.meaning;
  const double observations = observations_of(c);
  out.rows = static_cast<std::size_t>(std::lround(observations));
  out.deviance = averaged_deviance(c.problem, c.fit);
  const std::size_t n = c.problem.numbers.size();
  for (std::size_t j = 0; j < n; ++j) {
    if (!of_laws(c.problem.numbers[j])) continue;
    ++out.numbers;
    out.effective += 1.0 - std::min(1.0, c.fit.covariance[j * n + j] / prior_variance(c.problem.numbers[j]));
  }
  out.aicc = aicc(out.deviance, observations, static_cast<double>(out.numbers));
  out.missed = missed(c.problem, c.fit);
  for (const GroupForecast& f : c.forecasts) {
    out.predicted += f.terms;
    out.hits += f.hits;
  }
  return out;
}

/// By prediction; of a single group, which leaves nothing to predict, by AICc where all have one.
std::vector<Scores> scores_of(const std::vector<Contender>& contenders, const std::vector<Ranked>& ranking, const std::vector<std::string>& groups) {
  std::vector<Scores> out(contenders.size());
  const bool defined = std::all_of(ranking.begin(), ranking.end(), [](const Ranked& r) { return r.aicc.has_value(); });
  for (std::size_t k = 0; k < contenders.size(); ++k) {
    for (std::size_t g = 0; g < contenders[k].forecasts.size(); ++g) out[k][groups[g]] = contenders[k].forecasts[g].score;
    if (contenders[k].forecasts.empty() && defined) out[k]["AICc"] = -0.5 * *ranking[k].aicc;
  }
  return out;
}

Survivor survivor_of(const Contender& c, double weight, const RivalOptions& options) {
  Survivor out{c.rival.name, weight, scatter_number(ccd_scatter).start, c.problem.numbers, normal_draws(c.problem, c.fit.values, c.fit.covariance, options.draws, options.seed), c.rival.switches};
  for (std::size_t j = 0; j < out.numbers.size(); ++j)
    if (out.numbers[j].key == ccd_scatter) out.scatter = c.fit.values[j];
  return out;
}

work::Task within(const work::Task& task, double from, double to) {
  return {task.stop, [progress = task.progress, from, to](double f) {
            if (progress) progress(from + f * (to - from));
          }};
}

/// Every explanation fitted, with one noise for all, and without each of `groups`.
std::vector<Contender> contenders_of(const std::vector<RivalEntry>& rivals, const CalibrationFile& file, const std::vector<Observation>& observations, const std::vector<TargetOfStudy>& targets,
                                     const RivalOptions& options, const Kept& kept, const work::Task& task) {
  std::vector<Contender> out(rivals.size());
  const work::Task quiet{task.stop, {}};
  work::parallel_for(
      rivals.size(),
      [&](std::size_t k) {
        const SeenBy seen = seen_by(rivals[k], file, observations, targets);
        try {
          out[k] = first_fit(rivals[k], seen, k, kept, quiet);
        } catch (const Error& error) {
          throw Error(error.diagnostics().front().code, fmt::format("explanation `{}`: {}", rivals[k].name, error.diagnostics().front().message), rivals[k].place, error.diagnostics().front().hints);
        }
      },
      options.threads, within(task, 0.0, 0.4));
  share_noise(out);
  work::parallel_for(
      out.size(),
      [&](std::size_t k) {
        out[k].problem = out[k].data->problem();
        out[k].fit = fit_from(out[k].problem, out[k].start, fmt::format("fit {}", k), kept, quiet);
      },
      options.threads, within(task, 0.4, 0.5));
  const std::size_t groups = groups_of(out.front().problem).size();
  if (groups < 2) return out;
  for (Contender& c : out) c.forecasts.resize(groups);
  work::parallel_for(
      out.size() * groups,
      [&](std::size_t k) {
        Contender& c = out[k / groups];
        c.forecasts[k % groups] = left_out(c, groups_of(c.problem)[k % groups], fmt::format("fit {} without {}", k / groups, k % groups), kept, quiet);
      },
      options.threads, within(task, 0.5, 0.8));
  return out;
}

} // namespace

double averaged_deviance(const Problem& problem, const Fit& fit) {
  const std::size_t rows = problem.residuals;
  double out = numerics::dot(fit.residuals.data(), fit.residuals.data(), rows);
  std::vector<std::size_t> own;
  for (std::size_t j = 0; j < problem.numbers.size(); ++j)
    if (!of_laws(problem.numbers[j]) && problem.numbers[j].prior) own.push_back(j);
  const std::size_t n = own.size();
  std::vector<double> s(n * n);
  for (std::size_t a = 0; a < n; ++a) {
    const Number& number = problem.numbers[own[a]];
    out += std::pow((number.scaled(fit.values[own[a]]) - number.prior->mean) / number.prior->deviation, 2);
    for (std::size_t b = 0; b <= a; ++b)
      s[a * n + b] = (a == b ? 1.0 : 0.0) + number.prior->deviation * problem.numbers[own[b]].prior->deviation * numerics::dot(&fit.jacobian[own[a] * rows], &fit.jacobian[own[b] * rows], rows);
  }
  numerics::cholesky(s, n);
  for (std::size_t a = 0; a < n; ++a) out += 2.0 * std::log(s[a * n + a]);
  return out;
}

GroupForecast forecast(const Problem& whole, std::string_view group, const Fit& rest, unsigned threads, const work::Task& task) {
  GroupForecast out;
  const FitOptions options{.threads = threads};
  const Scaled scaled(whole, options, task);
  const std::vector<double> x = scaled.scaled(rest.values), factor = covariance_factor(whole, rest.covariance);
  const std::size_t n = scaled.columns(), rows = scaled.rows();
  std::vector<double> r(rows), jacobian(rows * n);
  const bool simulated = !factor.empty() && scaled.residuals(x, r) && scaled.jacobian(x, r, {}, true, jacobian);
  std::vector<double> all_rows, all_b; // of the group: residuals, and their derivatives by independent numbers of unit variance
  for (const Term& t : whole.terms) {
    if (t.group != group) continue;
    ++out.terms;
    if (!simulated) {
      out.score += hopeless * static_cast<double>(is_interval(t) ? 1 : t.count);
      continue;
    }
    std::vector<double> b(t.count * n);
    for (std::size_t i = 0; i < t.count; ++i)
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t j = k; j < n; ++j) b[i * n + k] += jacobian[j * rows + t.first + i] * factor[j * n + k];
    const std::span<const double> own(&r[t.first], t.count);
    const std::size_t looked = is_interval(t) ? 1 : t.count;
    if (form_of(b, n, own.first(looked)).squares <= usual_squares(looked)) ++out.hits;
    all_rows.insert(all_rows.end(), own.begin(), own.end());
    all_b.insert(all_b.end(), b.begin(), b.end());
  }
  if (!simulated) return out;
  const Form form = form_of(all_b, n, all_rows);
  out.score = -0.5 * (form.squares + form.log_determinant);
  return out;
}

RivalComparison compare_rivals(const CalibrationFile& file, const std::vector<Observation>& observations, const std::vector<TargetOfStudy>& targets, const std::vector<Study>& experiments,
                               const RivalOptions& options, const Kept& kept, const work::Task& task) {
  const std::vector<RivalEntry> rivals = file.rivals.empty() ? default_rivals(studies_of(observations, targets)) : file.rivals;
  const std::vector<Contender> contenders = contenders_of(rivals, file, observations, targets, options, kept, task);
  const std::vector<std::string> groups = groups_of(contenders.front().problem);
  RivalComparison out;
  out.comparison.subject = file.name;
  out.comparison.left_out = groups.size() < 2 ? 0 : groups.size();
  for (const Contender& c : contenders) out.comparison.ranking.push_back(ranked_one(c));
  rank_by_scores(out.comparison.ranking, scores_of(contenders, out.comparison.ranking, groups));
  out.comparison.undecided = undecided_bits(out.comparison.ranking);
  for (const Ranked& r : out.comparison.ranking) {
    if (!r.survives) continue;
    const auto at = std::find_if(contenders.begin(), contenders.end(), [&](const Contender& c) { return c.rival.name == r.explanation.name; });
    out.survivors.push_back(survivor_of(*at, r.weight, options));
  }
  out.comparison.experiments = rank_experiments(experiments, out.survivors, options.threads, kept, within(task, 0.8, 1.0));
  return out;
}

} // namespace platen::calibrate
