// Truth recovery of calibrations, with the time of a case beside it:
//   build/bench/bench_calibrate [CASES] [--profiles]
// Each case is a made-up laboratory whose numbers are known (src/calibrate/recovery.hpp). Prints how many of the 95 % intervals hold the truth, with the
// exact bounds of that probability, and how far off the values are in deviations.

#include "base/memory.hpp"
#include "calibrate/recovery.hpp"
#include "numerics/proportion.hpp"
#include "numerics/statistics.hpp"
#include "work/work.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <vector>

int main(int count, char** words) {
  using namespace platen;
  keep_freed_memory();
  std::size_t cases = 200;
  calibrate::RecoveryOptions options;
  for (int k = 1; k < count; ++k) {
    const std::string_view word = words[k];
    if (word == "--profiles") options.profiles = true;
    else std::from_chars(word.data(), word.data() + word.size(), cases);
  }
  std::vector<std::vector<calibrate::Recovered>> all(cases);
  std::vector<double> seconds(cases);
  work::parallel_for(cases, [&](std::size_t k) {
    const auto start = std::chrono::steady_clock::now();
    all[k] = calibrate::recover(k + 1, options);
    seconds[k] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  });
  std::printf("%zu laboratories of %zu cells, intervals from %s, %.2f s each (median)\n", cases, options.cells, options.profiles ? "profiles" : "the covariance",
              numerics::median(seconds));
  std::printf("%-30s %8s %18s %22s\n", "number", "covered", "95 % bounds", "rms deviations off");
  for (std::size_t j = 0; j < all.front().size(); ++j) {
    std::size_t covered = 0;
    double squares = 0.0;
    for (const auto& one : all) {
      covered += one[j].covered();
      const double deviation = std::log(one[j].high / one[j].low) / 3.92;
      squares += std::pow(std::log(one[j].value / one[j].truth) / deviation, 2) / static_cast<double>(cases);
    }
    const numerics::Bounds b = numerics::binomial_bounds(covered, cases);
    std::printf("%-30s %7.1f%% %7.1f%% to %5.1f%% %22.2f\n", all.front()[j].key.c_str(), 100.0 * static_cast<double>(covered) / static_cast<double>(cases), 100.0 * b.low,
                100.0 * b.high, std::sqrt(squares));
  }
}
