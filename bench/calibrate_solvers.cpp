// The house's least squares beside Ceres' trust region on the same problems, where Ceres is installed:
//   build/bench/bench_calibrate_solvers
// Prints where both end and how often they asked the model.

#include "base/memory.hpp"
#include "calibrate/fit.hpp"
#include "calibrate/recovery.hpp"

#include <ceres/ceres.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace platen;
using calibrate::Number;
using calibrate::Problem;

struct End {
  double cost = 0.0, seconds = 0.0;
  std::size_t calls = 0;
  std::vector<double> values;
};

/// Residuals and priors of a problem in the fitted scale, for central differences by Ceres.
struct Functor {
  const Problem& problem;
  std::size_t& calls;
  bool operator()(double const* const* x, double* out) const {
    ++calls;
    std::vector<double> values;
    for (std::size_t j = 0; j < problem.numbers.size(); ++j) values.push_back(problem.numbers[j].unscaled(x[0][j]));
    if (!problem.evaluate(values, {out, problem.residuals}, {})) return false;
    std::size_t at = problem.residuals;
    for (std::size_t j = 0; j < problem.numbers.size(); ++j)
      if (const auto& prior = problem.numbers[j].prior) out[at++] = (x[0][j] - prior->mean) / prior->deviation;
    return true;
  }
};

End by_ceres(const Problem& problem) {
  End out;
  const std::size_t n = problem.numbers.size();
  std::size_t rows = problem.residuals;
  std::vector<double> x;
  for (const Number& number : problem.numbers) {
    x.push_back(number.scaled(number.start));
    rows += number.prior ? 1 : 0;
  }
  ceres::NumericDiffOptions steps;
  steps.relative_step_size = 1e-3;
  auto* cost = new ceres::DynamicNumericDiffCostFunction<Functor, ceres::CENTRAL>(new Functor{problem, out.calls}, ceres::TAKE_OWNERSHIP, steps);
  cost->AddParameterBlock(static_cast<int>(n));
  cost->SetNumResiduals(static_cast<int>(rows));
  ceres::Problem whole;
  whole.AddResidualBlock(cost, nullptr, x.data());
  for (std::size_t j = 0; j < n; ++j) {
    whole.SetParameterLowerBound(x.data(), static_cast<int>(j), problem.numbers[j].scaled(problem.numbers[j].low));
    whole.SetParameterUpperBound(x.data(), static_cast<int>(j), problem.numbers[j].scaled(problem.numbers[j].high));
  }
  ceres::Solver::Options options;
  options.logging_type = ceres::SILENT;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 200;
  options.function_tolerance = 1e-9;
  ceres::Solver::Summary summary;
  const auto start = std::chrono::steady_clock::now();
  ceres::Solve(options, &whole, &summary);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.cost = 2.0 * summary.final_cost;
  for (std::size_t j = 0; j < n; ++j) out.values.push_back(problem.numbers[j].unscaled(x[j]));
  return out;
}

End by_house(Problem problem) {
  End out;
  problem.evaluate = [inner = problem.evaluate, &out](std::span<const double> v, std::span<double> r, const work::Task& task) {
    ++out.calls;
    return inner(v, r, task);
  };
  calibrate::FitOptions options;
  options.threads = 1;
  const auto start = std::chrono::steady_clock::now();
  const calibrate::Fit f = calibrate::fit(problem, options);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.cost = f.cost;
  out.values = f.values;
  return out;
}

void both(const char* name, const Problem& problem) {
  const End house = by_house(problem), ceres = by_ceres(problem);
  double apart = 0.0;
  for (std::size_t j = 0; j < problem.numbers.size(); ++j) {
    const Number& n = problem.numbers[j];
    apart = std::max(apart, std::abs(n.scaled(house.values[j]) - n.scaled(ceres.values[j])) / calibrate::scale_of(n));
  }
  std::printf("%-28s %14.6f %7zu %8.3f   %14.6f %7zu %8.3f   %10.1e\n", name, house.cost, house.calls, house.seconds, ceres.cost, ceres.calls, ceres.seconds, apart);
}

Problem problem_of(std::vector<Number> numbers, std::size_t residuals, std::function<void(std::span<const double>, std::span<double>)> model) {
  Problem p;
  p.numbers = std::move(numbers);
  p.residuals = residuals;
  p.terms = {{"all", "all", 0, residuals}};
  p.evaluate = [model = std::move(model)](std::span<const double> v, std::span<double> r, const work::Task&) {
    model(v, r);
    return true;
  };
  return p;
}

} // namespace

int main() {
  keep_freed_memory();
  std::printf("%-28s %14s %7s %8s   %14s %7s %8s   %10s\n", "problem", "house", "calls", "s", "Ceres", "calls", "s", "apart");
  both("Rosenbrock", problem_of({{"x", -1.2, -5.0, 5.0, false, std::nullopt, "1"}, {"y", 1.0, -5.0, 5.0, false, std::nullopt, "1"}}, 2, [](auto v, auto r) {
         r[0] = 10.0 * (v[1] - v[0] * v[0]);
         r[1] = 1.0 - v[0];
       }));
  both("Rosenbrock with a bound", problem_of({{"x", -1.2, -5.0, 0.5, false, std::nullopt, "1"}, {"y", 1.0, -5.0, 5.0, false, std::nullopt, "1"}}, 2, [](auto v, auto r) {
         r[0] = 10.0 * (v[1] - v[0] * v[0]);
         r[1] = 1.0 - v[0];
       }));
  both("two decays", problem_of({{"a", 1.0, 0.1, 10.0, true, std::nullopt, "1"}, {"t", 3.0, 0.1, 100.0, true, std::nullopt, "s"}, {"b", 1.0, 0.1, 10.0, true, std::nullopt, "1"},
                                 {"u", 30.0, 0.1, 1000.0, true, std::nullopt, "s"}},
                                40, [](auto v, auto r) {
                                  for (std::size_t k = 0; k < 40; ++k) {
                                    const double t = 0.5 + static_cast<double>(k);
                                    r[k] = (v[0] * std::exp(-t / v[1]) + v[2] * std::exp(-t / v[3]) - 2.0 * std::exp(-t / 2.0) - 0.7 * std::exp(-t / 20.0)) / 0.01 + 0.1 * std::sin(7.0 * t);
                                  }
                                }));
  const calibrate::Calibration laboratory = calibrate::calibration_of(1);
  both("a laboratory of four cells", laboratory.problem);
}
