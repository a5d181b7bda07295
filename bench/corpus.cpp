// Speed of the labelled cells, made and judged:
//   build/bench/bench_corpus [CELLS OF EACH GENERATOR] [THREADS]      default: 1000 2
// Prints rows, seconds and cells per second of making and judging, with and without the judging again that ablation takes.

#include "base/memory.hpp"
#include "referee/measure.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <string_view>

namespace {

using namespace platen;

void run(corpus::Generator generator, std::size_t cells, unsigned threads, bool ablation) {
  referee::Plan plan;
  plan.generators = {generator};
  plan.cells = cells;
  plan.threads = threads;
  plan.ablation = ablation;
  const auto start = std::chrono::steady_clock::now();
  const std::vector<referee::Judged> judged = referee::judge_cells(plan);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::size_t rows = std::accumulate(judged.begin(), judged.end(), std::size_t{0}, [](std::size_t sum, const referee::Judged& j) { return sum + j.rows; });
  std::printf("%-10s %6zu cells %9zu rows  %-17s %2u threads  %7.2f s  %7.1f cells/s\n", std::string(label(generator)).c_str(), cells, rows,
              ablation ? "with ablation" : "without ablation", threads, seconds, static_cast<double>(cells) / seconds);
}

std::size_t number(std::string_view text, std::size_t otherwise) {
  std::size_t out = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

} // namespace

int main(int argc, char** argv) {
  platen::keep_freed_memory();
  const std::size_t cells = argc > 1 ? number(argv[1], 1000) : 1000;
  const unsigned threads = argc > 2 ? static_cast<unsigned>(number(argv[2], 2)) : 2;
  for (const bool ablation : {false, true})
    for (const corpus::Generator g : {corpus::Generator::simulated, corpus::Generator::described}) run(g, cells, threads, ablation);
}
