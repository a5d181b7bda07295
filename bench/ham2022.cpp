// The published rows as a likelihood: what one evaluation takes, and a point calibration of all numbers on all rows on two threads, with what it came to.

#include "calibrate/fit.hpp"
#include "calibrate/published.hpp"
#include "calibrate/published_cells.hpp"

#include <chrono>
#include <fmt/format.h>

using namespace platen;
using namespace platen::calibrate;

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }

} // namespace

int main() {
  const PublishedProblem p = ham2022_problem({});
  std::vector<double> values, residuals(p.problem.residuals);
  for (const Number& n : p.problem.numbers) values.push_back(n.start);
  auto start = std::chrono::steady_clock::now();
  constexpr int evaluations = 10;
  for (int k = 0; k < evaluations; ++k) {
    values.front() *= 1.001; // or the cells would remember
    if (!p.problem.evaluate(values, residuals, {})) return 1;
  }
  fmt::print("one evaluation of {} rows, one thread: {:.3f} s\n", p.problem.terms.size(), seconds_since(start) / evaluations);
  start = std::chrono::steady_clock::now();
  const Fit best = fit(p.problem, {.starts = 1, .threads = 2, .iterations = 25, .step = 0.05, .tolerance = 1e-2});
  fmt::print("point calibration of {} numbers, two threads: {:.1f} s, -2 ln likelihood {:.2f}, with priors {:.2f}, {}\n", p.problem.numbers.size(), seconds_since(start),
             best.deviance, best.cost, best.converged ? "converged" : "not converged");
}
