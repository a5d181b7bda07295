// Sensitivity studies: how fast, and how far their indices and bounds can be trusted.
//   build/bench/bench_sensitivity coverage            functions with known indices
//   build/bench/bench_sensitivity ramp [RUNS [THREADS]]  the symmetric ramp (default: 100000 runs, all cores), two seeds
// Time and rate are of the first seed; the scatter between the seeds is the accuracy beside them.

#include "../tests/verification/sensitivity_cases.hpp"
#include "numerics/sensitivity.hpp"
#include "numerics/statistics.hpp"
#include "simulate/outcome.hpp"
#include "simulate/simulate.hpp"
#include "study/variants.hpp"
#include "work/work.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace platen;
using namespace platen::numerics;

void of_function(const sensitivity_cases::Case& c, std::uint64_t rows, int seeds) {
  double squares = 0.0, width = 0.0;
  int inside = 0, asked = 0;
  for (int s = 1; s <= seeds; ++s) {
    const SobolIndices found = sobol_indices(sensitivity_cases::saltelli(c, rows, static_cast<std::uint64_t>(s)), c.factors);
    for (std::size_t f = 0; f < c.factors; ++f) {
      const auto count = [&](const Bounded& b, double truth) {
        squares += (b.value - truth) * (b.value - truth);
        width += b.high - b.low;
        inside += b.low <= truth && truth <= b.high ? 1 : 0;
        ++asked;
      };
      count(found.factors[f].first, c.first[f]);
      count(found.factors[f].total, c.total[f]);
    }
  }
  std::printf("%-10s %6llu rows %4d seeds: error %.5f, width of the 95 %% bounds %.4f, they hold the truth in %.1f %%\n", c.name.c_str(),
              static_cast<unsigned long long>(rows), seeds, std::sqrt(squares / asked), width / asked, 100.0 * inside / asked);
}

/// Share of studies of 24 trajectories whose bounds hold mu and sigma of the first factor of a curved function.
void of_morris() {
  const sensitivity_cases::Case c{"curved", 3, [](const std::vector<double>& u) { return std::exp(2.0 * u[0] * u[1] - u[2]) + u[0] * u[0]; }, {}, {}, 0, 0};
  const auto truth = sensitivity_cases::grid_effects(c, 6)[0];
  int means = 0, deviations = 0;
  constexpr int seeds = 2000;
  for (int s = 1; s <= seeds; ++s) {
    const auto [points, y] = sensitivity_cases::morris(MorrisDesign(24, 3, static_cast<std::uint64_t>(s), 6), c.value);
    const MorrisEffect e = morris_effects(points, y, 3)[0];
    means += e.mean.low <= truth.mean && truth.mean <= e.mean.high ? 1 : 0;
    deviations += e.deviation.low <= truth.deviation && truth.deviation <= e.deviation.high ? 1 : 0;
  }
  std::printf("Morris, skewed effects, 24 trajectories, %d seeds: bounds hold mu in %.1f %%, sigma in %.1f %%\n", seeds, 100.0 * means / seeds, 100.0 * deviations / seeds);
}

/// A fitted number of Ham2022 that the symmetric ramp feels, over the range that its set states.
struct Factor {
  const char *key, *unit;
  double low, high;
  bool log;
};
constexpr Factor factors[] = {
    {"contact.initial", "", 0.02, 0.45, false},        {"contact.closure_time", "min", 5, 25, true},     {"void.height", "um", 1.1, 6.5, true},
    {"void.spread", "", 1, 4, false},                  {"supply.diffusion", "mA/cm2", 0.2, 0.35, false}, {"flaw.depth", "um", 1, 14, true},
    {"intrusion.rate", "um/h", 5, 21, true},           {"filament.growth", "", 10, 10000, true},         {"interface.resistance", "ohm cm2", 2, 20, true},
    {"fixture.joint_stiffness", "MPa/um", 0.11, 0.35, false},
};
constexpr std::size_t count = std::size(factors);

struct Study100k {
  SobolIndices indices;
  double wall = 0.0, processor = 0.0; ///< s
  std::size_t runs = 0, failed = 0, beyond = 0;
};

Study100k ramp(const Variants& variants, std::uint64_t rows, std::uint64_t seed, unsigned threads) {
  const SaltelliDesign design(rows, count, seed);
  Study100k out;
  out.runs = design.points();
  std::vector<double> ccd(out.runs, std::nan(""));
  std::atomic<std::size_t> failed = 0, beyond = 0;
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t processor = std::clock();
  work::parallel_for(out.runs, [&](std::size_t i) {
    double u[count], values[count];
    design.point(i, u);
    for (std::size_t f = 0; f < count; ++f)
      values[f] = factors[f].log ? factors[f].low * std::pow(factors[f].high / factors[f].low, u[f]) : factors[f].low + u[f] * (factors[f].high - factors[f].low);
    try {
      const Study study = variants.study(values);
      const TestOutcome outcome = test_outcome(study, simulate(study));
      if (!outcome.continuous_ccd) ++beyond;
      ccd[i] = outcome.continuous_ccd ? *outcome.continuous_ccd : outcome.last_passed.value_or(std::nan(""));
    } catch (const Error&) {
      ++failed;
    }
  }, threads);
  out.indices = sobol_indices(ccd, count);
  out.processor = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  out.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.failed = failed;
  out.beyond = beyond;
  return out;
}

void of_ramp(std::uint64_t runs, unsigned threads) {
  std::vector<OverrideColumn> columns;
  for (const Factor& f : factors) columns.push_back({f.key, f.unit, {}, {}});
  const std::string study = "extends = \"symmetric.toml\"\n[output]\nevents_only = true\n";
  const Variants variants = Variants::parse(study, "ramp", std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022", columns);
  const std::uint64_t rows = std::bit_floor(std::max<std::uint64_t>(2, (runs + count) / (count + 2)));
  const Study100k a = ramp(variants, rows, 1, threads), b = ramp(variants, rows, 2, threads);
  const unsigned used = threads == 0 ? std::thread::hardware_concurrency() : threads;
  std::printf("symmetric ramp, %zu factors, %llu rows, %zu runs on %u threads: %.1f s, %.0f runs/s; %.1f s of processor; %zu failed, %zu without a short\n", count,
              static_cast<unsigned long long>(rows), a.runs, used, a.wall, static_cast<double>(a.runs) / a.wall, a.processor, a.failed, a.beyond);
  std::printf("CCD: mean %.4f mA/cm2, standard deviation %.4f mA/cm2; another seed: %.4f, %.4f\n", a.indices.mean / 10.0, std::sqrt(a.indices.variance) / 10.0,
              b.indices.mean / 10.0, std::sqrt(b.indices.variance) / 10.0);
  std::printf("%-24s %8s %17s %8s %8s %17s %8s\n", "factor", "alone", "95 %", "seed 2", "total", "95 %", "seed 2");
  double apart = 0.0;
  for (std::size_t f = 0; f < count; ++f) {
    const SobolIndex &i = a.indices.factors[f], &j = b.indices.factors[f];
    apart = std::max({apart, std::abs(i.first.value - j.first.value), std::abs(i.total.value - j.total.value)});
    std::printf("%-24s %8.4f %8.4f %8.4f %8.4f %8.4f %8.4f %8.4f %8.4f\n", factors[f].key, i.first.value, i.first.low, i.first.high, j.first.value, i.total.value,
                i.total.low, i.total.high, j.total.value);
  }
  std::printf("largest difference between the seeds: %.4f\n", apart);
}

} // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what.empty() || what == "coverage") {
    for (const auto& c : {sensitivity_cases::ishigami(), sensitivity_cases::sobol_g()})
      for (const std::uint64_t rows : {128u, 1024u, 8192u}) of_function(c, rows, rows > 1024 ? 20 : 200);
    of_morris();
  }
  if (what.empty() || what == "ramp")
    of_ramp(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100000, argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)) : 0);
}
