// The published rows as a likelihood: what one evaluation takes, and a point calibration of all numbers on all rows on two threads, with what it came to.
//   build/bench/bench_ham2022 [--profiles]
// --profiles: profile likelihoods of all numbers after it, on two threads, with the intervals; wall clock, processor time and the machine's load.

#include "calibrate/profile.hpp"
#include "base/units.hpp"
#include "calibrate/calibrate.hpp"
#include "calibrate/published.hpp"
#include "calibrate/published_cells.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <string_view>

using namespace platen;
using namespace platen::calibrate;

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }

/// Of all threads, s.
double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

std::string end(const Number& n, double value, Open open) {
  return open == Open::closed ? fmt::format("{:.4g}", n.shown_in.empty() || n.shown_in == "1" ? value : in_unit(value, n.shown_in)) : "open";
}

void print_profiles(const Problem& problem, const Fit& best) {
  const auto start = std::chrono::steady_clock::now();
  const double processor = processor_time();
  const Profiles profiles = profile(problem, best, {}, profiling(2));
  std::size_t points = 0;
  for (const Profile& p : profiles.profiles) {
    const Number& n = problem.numbers[p.number];
    points += p.points.size() - 1;
    fmt::print("  {:32} {:>10} to {:<10} {}\n", n.key, end(n, p.low, p.low_open), end(n, p.high, p.high_open), n.shown_in);
  }
  double load = 0.0;
  if (getloadavg(&load, 1) != 1) load = 0.0;
  fmt::print("profiles of {} numbers, {} points, two threads: {:.0f} s, {:.0f} s of processors; load of the machine {:.1f}\n", profiles.profiles.size(), points, seconds_since(start),
             processor_time() - processor, load);
  if (profiles.better) fmt::print("a lower minimum was met on the way: `platen calibrate` would fit again from there\n");
}

} // namespace

int main(int count, char** words) {
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
  std::fflush(stdout);
  if (count > 1 && std::string_view(words[1]) == "--profiles") print_profiles(p.problem, best);
}
