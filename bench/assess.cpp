// Speed of the judge on long records, and whether it stays in proportion to the rows:
//   build/bench/bench_assess [MOST ROWS]      default: 1000000
// Prints seconds of the processor, nanoseconds per row and the ratio to the shortest record, of a symmetric ramp and of a full cell: few long half cycles
// and many short ones, and how much of it goes into finding half cycles.

#include "assess/assessment.hpp"
#include "base/memory.hpp"
#include "numerics/random.hpp"
#include "record/segments.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string_view>

namespace {

using namespace platen;

/// `rows` rows every second in `half_cycles`; noise of 0.1 mV; a full cell runs along a slope, a symmetric one ramps its current.
Record made(std::size_t rows, std::size_t half_cycles, bool full) {
  numerics::RandomStream draws(1, "bench");
  std::vector<double> time(rows), current(rows), voltage(rows), pressure(rows), temperature(rows);
  const std::size_t each = rows / half_cycles;
  for (std::size_t k = 0; k < rows; ++k) {
    const std::size_t h = std::min(k / each, half_cycles - 1);
    const double sign = h % 2 == 0 ? 1.0 : -1.0, into = static_cast<double>(k - h * each) / static_cast<double>(each);
    const double level = full ? 1.0 : 1.0 + std::floor(static_cast<double>(h) / 2.0 * 30.0 / static_cast<double>(half_cycles));
    time[k] = static_cast<double>(k + 1);
    current[k] = sign * level * 1e-4 + 1e-9 * draws.normal();
    const double soc = sign > 0 ? into : 1.0 - into;
    voltage[k] = (full ? 3.5 + 0.7 * soc : 0.0) + current[k] * 60.0 * (1.0 + 0.1 * into * into) + 1e-4 * draws.normal();
    pressure[k] = 5e6 + 1e5 * soc + 1e3 * draws.normal();
    temperature[k] = 298.15;
  }
  Record r;
  r.set(col::test_time, std::move(time));
  r.set(col::current, std::move(current));
  r.set(col::voltage, std::move(voltage));
  r.set(col::stack_pressure, std::move(pressure));
  r.set(col::temperature, std::move(temperature));
  r.cell.configuration = full ? Configuration::full : Configuration::symmetric;
  r.cell.area = 1e-4;
  return r;
}

double best_of(int times, const std::function<void()>& work) {
  double best = 1e300;
  for (int k = 0; k < times; ++k) {
    const std::clock_t start = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

void run(std::size_t most, std::size_t half_cycles, bool full) {
  double first = 0.0;
  for (const std::size_t rows : {most / 100, most / 10, most}) {
    if (rows < 100 * half_cycles) continue; // no half cycle of a measured cell has fewer rows
    const Record record = made(rows, half_cycles, full);
    Assessment a;
    const double seconds = best_of(3, [&] { a = assess(record); });
    const double finding = best_of(3, [&] { (void)find_segments(record); });
    const double per_row = 1e9 * seconds / static_cast<double>(rows);
    if (first == 0.0) first = per_row;
    std::printf("%-9s %8zu rows %5zu half cycles  %-12s %8.3f s %8.0f ns/row  %5.2f times the first  finding half cycles %5.1f %%\n", full ? "full" : "symmetric",
                rows, a.half_cycles.size(), std::string(label(a.verdict)).c_str(), seconds, per_row, per_row / first, 100.0 * finding / seconds);
  }
}

} // namespace

int main(int argc, char** argv) {
  platen::keep_freed_memory();
  std::size_t most = 1'000'000;
  if (argc > 1) {
    const std::string_view text(argv[1]);
    std::from_chars(text.data(), text.data() + text.size(), most);
  }
  for (const bool full : {false, true})
    for (const std::size_t half_cycles : {std::size_t{40}, std::size_t{400}, std::size_t{4000}}) run(std::max<std::size_t>(most, 100'000), half_cycles, full);
}
