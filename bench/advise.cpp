// What an advice takes: cells simulated per second, and the time of a default question on one and on two threads.
//   build/bench/bench_advise

#include "advise/advise.hpp"
#include "study/read.hpp"

#include <chrono>
#include <cstdio>

namespace {

using namespace platen;

void time_of(const char* file, double ccd) {
  const Study study = read_study(std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022" / file);
  advise::Question question;
  question.goal.ccd = ccd;
  question.knobs = advise::default_knobs();
  question.catalogue = "built-in";
  const advise::Ensemble ensemble = advise::ensemble_of_ranges(study, question.ensemble.sets, question.ensemble.seed);
  for (const unsigned threads : {1U, 2U}) {
    const auto start = std::chrono::steady_clock::now();
    const advise::Advice advice = advise::advise(study, question, ensemble, {}, threads);
    const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::size_t runs = advice.as_it_is.runs * (1 + advice.changes.size());
    std::printf("%-26s  %u thread%s  %3zu settings  %5zu cells  %6.2f s  %6.0f cells/s\n", file, threads, threads == 1 ? " " : "s", 1 + advice.changes.size(), runs, s, static_cast<double>(runs) / s);
  }
}

} // namespace

int main() {
  time_of("hold-10min.toml", 12.0);
  time_of("full-12.8-springs.toml", 10.0);
  time_of("full-25.5-fixed.toml", 8.0);
}
