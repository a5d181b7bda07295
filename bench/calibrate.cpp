// Truth recovery of calibrations, with the time of a case beside it:
//   build/bench/bench_calibrate [CASES] [--from SEED] [--profiles] [--posterior DRAWS] [--threads N] [--each]
// Each case is a made-up laboratory whose numbers are known (src/calibrate/recovery.hpp). Prints how many of the 95 % intervals hold the truth, by what the
// intervals come from, with the exact bounds of that probability, and how far off the values are in deviations of the covariance. --each: every
// case as it ends, on the standard error.

#include "base/memory.hpp"
#include "calibrate/recovery.hpp"
#include "numerics/proportion.hpp"
#include "numerics/statistics.hpp"
#include "work/work.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <string_view>
#include <vector>

namespace {

using namespace platen;
using Cases = std::vector<std::vector<calibrate::Recovered>>;

/// Processor time of this thread, s.
double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void print_case(std::size_t seed, const std::vector<calibrate::Recovered>& numbers) {
  for (const calibrate::Recovered& r : numbers) {
    std::fprintf(stderr, "%zu %s truth %.5g value %.5g off %.2f deviations", seed, r.key.c_str(), r.truth, r.value, r.off / r.deviation);
    for (const auto& [source, interval] : r.intervals)
      std::fprintf(stderr, ", %s %.5g to %.5g%s", std::string(label(source)).c_str(), interval.low, interval.high, interval.holds(r.truth) ? "" : " MISSED");
    std::fprintf(stderr, "\n");
  }
}

void print_coverage(calibrate::Source source, const Cases& all) {
  std::printf("\n95 %% intervals from the %s\n%-30s %8s %18s\n", std::string(label(source)).c_str(), "number", "covered", "95 % bounds");
  for (std::size_t j = 0; j < all.front().size(); ++j) {
    std::size_t covered = 0;
    for (const auto& one : all) covered += one[j].intervals.at(source).holds(one[j].truth);
    const numerics::Bounds b = numerics::binomial_bounds(covered, all.size());
    std::printf("%-30s %7.1f%% %7.1f%% to %5.1f%%\n", all.front()[j].key.c_str(), 100.0 * static_cast<double>(covered) / static_cast<double>(all.size()), 100.0 * b.low, 100.0 * b.high);
  }
}

void print_errors(const Cases& all) {
  std::printf("\nerrors in deviations of the covariance\n%-30s %8s %8s\n", "number", "mean", "rms");
  for (std::size_t j = 0; j < all.front().size(); ++j) {
    double sum = 0.0, squares = 0.0;
    for (const auto& one : all) {
      const double z = one[j].off / one[j].deviation;
      sum += z / static_cast<double>(all.size());
      squares += z * z / static_cast<double>(all.size());
    }
    std::printf("%-30s %8.2f %8.2f\n", all.front()[j].key.c_str(), sum, std::sqrt(squares));
  }
}

} // namespace

int main(int count, char** words) {
  keep_freed_memory();
  std::size_t cases = 200, from = 1;
  unsigned threads = 0;
  bool each = false;
  calibrate::RecoveryOptions options;
  const auto number = [&](int k, auto& into) {
    if (k >= count) return;
    const std::string_view word = words[k];
    std::from_chars(word.data(), word.data() + word.size(), into);
  };
  for (int k = 1; k < count; ++k) {
    const std::string_view word = words[k];
    if (word == "--profiles") options.profiles = true;
    else if (word == "--each") each = true;
    else if (word == "--posterior") number(++k, options.posterior);
    else if (word == "--threads") number(++k, threads);
    else if (word == "--from") number(++k, from);
    else number(k, cases);
  }
  Cases all(cases);
  std::vector<double> seconds(cases);
  std::mutex printing;
  work::parallel_for(cases, [&](std::size_t k) {
    const double start = processor_time();
    all[k] = calibrate::recover(from + k, options);
    seconds[k] = processor_time() - start;
    if (!each) return;
    const std::lock_guard lock(printing);
    print_case(from + k, all[k]);
  }, threads);
  std::printf("%zu laboratories of %zu cells, %.2f s of a processor each (median)\n", cases, options.cells, numerics::median(seconds));
  for (const calibrate::Source source : calibrate::sources)
    if (all.front().front().intervals.contains(source)) print_coverage(source, all);
  print_errors(all);
}
