#include "calibrate/refits.hpp"

#include "assess/assessment.hpp"
#include "base/error.hpp"
#include "calibrate/descent.hpp"
#include "calibrate/draws.hpp"
#include "calibrate/published_cells.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

namespace platen::calibrate {
namespace {

/// Coarse, since a simulated CCD keeps small steps of the grid (published_cells.cpp), and fine against how far the numbers are known.
constexpr double difference = 0.05;
/// Points of the priors of which the best begins a start.
constexpr std::size_t tried = 8;

/// Rows whose first figure is `figure`: each row is predicted once. All rows that a fit can say something about where it is empty.
std::vector<std::string> rows_of(std::string_view figure) {
  std::vector<std::string> out;
  for (const Target& row : ham2022_targets())
    if (!studies_of(row.id).empty() && (figure.empty() || figures_of(row).front() == figure)) out.push_back(row.id);
  return out;
}

/// Where a start led, by forward differences alone: a tenth of the work of `fit`, which ends with central ones, for a cost within 0.1.
struct Best {
  std::vector<double> values, covariance;
  std::vector<bool> free; ///< not at a bound that the fit presses on
  double cost = std::numeric_limits<double>::infinity(), deviance = 0.0;
  bool converged = false;
};

std::vector<double> centre(const Problem& problem) {
  std::vector<double> out;
  for (const Number& n : problem.numbers) out.push_back(n.start);
  return out;
}

/// The best of some points of the priors, other ones for every start.
std::vector<double> elsewhere(const Problem& problem, std::size_t start, const work::Task& task) {
  std::vector<double> best, residuals(problem.residuals);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < tried; ++k) {
    numerics::RandomStream random(start, "start of a refit", k);
    std::vector<double> at;
    for (const Number& n : problem.numbers) at.push_back(std::clamp(n.unscaled(n.prior->mean + n.prior->deviation * random.normal()), n.low, n.high));
    const double cost = posterior_cost(problem, at, residuals, task);
    if (best.empty() || cost < least) {
      least = cost;
      best = std::move(at);
    }
  }
  return best;
}

Best descended(const Problem& problem, std::span<const double> from, const RefitOptions& options, const work::Task& task) {
  const FitOptions inner{.threads = options.threads, .step = difference};
  const Scaled scaled(problem, inner, task);
  numerics::LeastSquares solver(scaled.rows(), scaled.columns());
  std::vector<double> x = scaled.scaled(from);
  const std::vector<double> low = scaled.low(), high = scaled.high();
  double taken = std::numeric_limits<double>::infinity();
  const auto model = [&](std::span<const double> at, std::span<double> r, std::span<double> jacobian) {
    if (!scaled.residuals(at, r)) return false;
    const double cost = numerics::dot(r.data(), r.data(), r.size());
    if (!(cost < taken)) return true; // the solver will not go there: no derivatives
    taken = cost;
    return scaled.jacobian(at, r, {}, false, jacobian);
  };
  const numerics::LeastSquaresResult result = solver.minimise(model, x, low, high, {options.iterations, 1e-9, options.share});
  Best out;
  out.cost = result.cost;
  if (!std::isfinite(result.cost)) return out;
  out.values = scaled.values(x);
  out.converged = result.converged;
  const std::size_t rows = scaled.rows(), n = scaled.columns();
  out.deviance = numerics::dot(solver.residuals().data(), solver.residuals().data(), problem.residuals);
  const auto held = std::make_unique<bool[]>(n);
  for (std::size_t j = 0; j < n; ++j) {
    const double slope = numerics::dot(&solver.jacobian()[j * rows], solver.residuals().data(), rows), near = 1e-9 * (high[j] - low[j]);
    held[j] = (x[j] <= low[j] + near && slope > 0.0) || (x[j] >= high[j] - near && slope < 0.0);
    out.free.push_back(!held[j]);
  }
  out.covariance = solver.covariance({held.get(), n});
  return out;
}

Best best_of_starts(const Problem& problem, const RefitOptions& options, const work::Task& task) {
  Best best = descended(problem, centre(problem), options, task);
  for (std::size_t k = 1; k < options.starts; ++k) {
    Best other = descended(problem, elsewhere(problem, k, task), options, task);
    if (other.cost < best.cost) best = std::move(other);
  }
  if (!std::isfinite(best.cost)) throw Error("S020", "no start of the calibration could be simulated");
  return best;
}

/// ln of the posterior's volume over the prior's, in the fitted scale; numbers at a bound count as their prior.
double log_volume(const Problem& problem, const Best& fit) {
  const std::size_t n = problem.numbers.size();
  std::vector<double> shared = fit.covariance;
  for (std::size_t j = 0; j < n; ++j) {
    const double prior = problem.numbers[j].prior->deviation;
    for (std::size_t k = 0; k < n; ++k) shared[j * n + k] /= prior * problem.numbers[k].prior->deviation;
    if (!fit.free[j]) shared[j * n + j] = 1.0;
  }
  if (!numerics::cholesky(shared, n)) return 0.0;
  double sum = 0.0;
  for (std::size_t j = 0; j < n; ++j) sum += std::log(shared[j * n + j]);
  return sum;
}

double effective_numbers(const Problem& problem, const Best& fit) {
  double sum = 0.0;
  for (std::size_t j = 0; j < problem.numbers.size(); ++j) sum += 1.0 - std::min(1.0, fit.covariance[j * problem.numbers.size() + j] / std::pow(problem.numbers[j].prior->deviation, 2));
  return sum;
}

/// Means over the draws, for the terms of these rows.
void add_chances(const PublishedProblem& fitted, std::vector<RowForecast>& forecasts, const std::vector<std::vector<double>>& draws, const work::Task& task) {
  std::vector<RowTerm> terms = ham2022_terms();
  std::erase_if(terms, [&](const RowTerm& t) {
    return std::none_of(forecasts.begin(), forecasts.end(), [&](const RowForecast& f) { return f.row == t.row.id; });
  });
  std::vector<RowChance> sum(terms.size());
  double counted = 0.0;
  for (const auto& values : draws) {
    task.check();
    const std::vector<RowChance> one = fitted.chances(terms, values, task);
    if (one.empty()) continue;
    counted += 1.0;
    for (std::size_t k = 0; k < sum.size(); ++k) {
      sum[k].likelihood += one[k].likelihood;
      sum[k].in_band += one[k].in_band;
    }
  }
  if (counted == 0.0) return;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const auto forecast = std::find_if(forecasts.begin(), forecasts.end(), [&](const RowForecast& f) { return f.row == terms[k].row.id; });
    forecast->likelihood = sum[k].likelihood / counted;
    forecast->in_band = sum[k].in_band / counted;
  }
}

} // namespace

bool predicts(std::string_view figure, const Target& row) {
  const std::string own = figures_of(row).front();
  if (!figure.empty()) return own == figure;
  const std::vector<std::string> fitted = ham2022_figures();
  return std::find(fitted.begin(), fitted.end(), own) == fitted.end();
}

std::vector<TargetResult> judged_rows(const Explanation& explanation, std::span<const double> values, std::span<const std::string> rows, const work::Task& task) {
  std::set<std::string> names;
  for (const std::string& row : rows)
    for (const std::string& study : studies_of(row)) names.insert(study);
  const std::vector<Number> numbers = ham2022_numbers(explanation.mechanisms);
  std::vector<Record> records;
  for (Study& study : ham2022_studies()) {
    if (!names.contains(std::filesystem::path(study.sources.front().first).stem().string())) continue;
    study.parameters = with_values(study.parameters, numbers, values);
    study.mechanisms = explanation.mechanisms;
    records.push_back(simulate(study, {.stop = task.stop, .progress = {}}));
  }
  std::vector<Assessment> assessments;
  for (const Record& record : records) assessments.push_back(assess(record));
  std::vector<JudgedCell> cells;
  for (std::size_t k = 0; k < records.size(); ++k) cells.push_back({&records[k], &assessments[k]});
  std::vector<TargetResult> out = evaluate_targets(cells);
  std::erase_if(out, [&](const TargetResult& r) { return std::find(rows.begin(), rows.end(), r.target.id) == rows.end(); });
  return out;
}

Refit refit(const Explanation& explanation, std::string_view left_out, const RefitOptions& options, const work::Task& task) {
  const PublishedProblem fitted = ham2022_problem(explanation.mechanisms, left_out);
  const Best best = best_of_starts(fitted.problem, options, task);
  Refit out;
  out.explanation = explanation.name;
  out.left_out = left_out;
  out.values = best.values;
  out.cost = best.cost;
  out.deviance = best.deviance;
  out.evidence = -0.5 * best.cost + log_volume(fitted.problem, best);
  out.effective = effective_numbers(fitted.problem, best);
  out.rows = fitted.problem.terms.size();
  out.converged = best.converged;
  out.draws = normal_draws(fitted.problem, best.values, best.covariance, options.draws);
  const std::vector<std::string> rows = rows_of(left_out);
  for (const TargetResult& r : judged_rows(explanation, best.values, rows, task))
    out.forecasts.push_back({.row = r.target.id, .platen = r.platen, .platen_text = r.platen_text, .verdict = r.verdict, .in_band = {}, .likelihood = {}});
  add_chances(fitted, out.forecasts, out.draws, task);
  return out;
}

std::vector<Refit> refit_all(std::span<const Explanation> explanations, std::span<const std::string> figures, const RefitOptions& options, RefitJournal& journal, const work::Task& task) {
  struct Job {
    const Explanation* explanation;
    std::string left_out;
  };
  std::vector<Job> jobs;
  for (const Explanation& e : explanations)
    for (const std::string& figure : figures) jobs.push_back({&e, figure});
  std::vector<Refit> out(jobs.size());
  RefitOptions alone = options;
  alone.threads = 1; // refits side by side, each on one thread
  work::parallel_for(
      jobs.size(),
      [&](std::size_t k) {
        if (auto found = journal.find(jobs[k].explanation->name, jobs[k].left_out)) {
          out[k] = std::move(*found);
          return;
        }
        out[k] = refit(*jobs[k].explanation, jobs[k].left_out, alone, {.stop = task.stop, .progress = {}});
        journal.add(out[k]);
      },
      options.threads, task);
  return out;
}

} // namespace platen::calibrate
