// How fast Neware .nda files are decoded and how much memory that takes, on files built here (nothing is read from disk).
// Counters: items_per_second are rows per second of wall time (one core, but that fresh columns are allocated on all);
// peak_per_columns is the largest memory held at once, beyond the file's own bytes, over the size of the columns.
#include "import/neware/nda.hpp"

#include "../tests/import/nda_builder.hpp"
#include "counted_memory.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace platen;

constexpr std::uint32_t rows = 1'000'000, rows_per_step = 6000;

std::string old_file(int version) {
  std::string records;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const int step = static_cast<int>(row / rows_per_step);
    const nda_builder::Row r = {.index = row + 1, .step_index = 1 + step % 200, .step_type = 1 + step % 2, .step_mark = step % 256,
                                .step_time = 1000 * std::uint64_t{row % rows_per_step}, .voltage = 37000, .current = 1000};
    records += version == 8 ? nda_builder::row_8(r) : nda_builder::row_86(r, version <= 23);
  }
  return nda_builder::old_file(version, records);
}

std::string new_file(bool v91) {
  std::string records;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const nda_builder::Row9 r = {.index = row + 1, .step_index = 1 + static_cast<int>(row / rows_per_step % 200), .step_type = 1,
                                 .time = row * std::uint64_t{1000000}, .voltage = 3.7F, .current = 1.0F};
    records += v91 ? nda_builder::row_91(r, {25.0F}) : nda_builder::row_90(r);
  }
  return nda_builder::new_file(v91, records);
}

/// Argument: the version; 90 and 91 are those of version 130.
void read(benchmark::State& state) {
  const int version = static_cast<int>(state.range(0));
  const std::string bytes = version >= 90 ? new_file(version == 91) : old_file(version);
  double ratio = 0.0;
  for (auto unused : state) {
    bench::restart_peak();
    const Record record = read_nda(bytes, "bench.nda");
    if (record.rows() != rows) state.SkipWithError("rows are missing");
    ratio = static_cast<double>(bench::peak()) / static_cast<double>(bench::column_bytes(record));
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{rows});
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
  state.counters["peak_per_columns"] = ratio;
}

} // namespace

BENCHMARK(read)->Arg(8)->Arg(22)->Arg(29)->Arg(90)->Arg(91)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
