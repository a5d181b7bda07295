// How fast Neware .ndax files are decoded and how much memory that takes, on files built here (nothing is read from disk).
//
//   decode    data.ndc, data_runInfo.ndc and data_step.ndc, once unpacked, into columns; page checksums verified. The
//             members are unpacked twice in every round, and the time of the second unpacking is taken off
//   read      the whole file, deflated: unpacking, XML, decoding
//   beside_unpacking  a file of 700,000 rows with noise in them, as testers write it, read and then only unpacked in every
//             round: unpack is the time that unpacking alone takes, times_unpacking what reading takes of that, and
//             best_times_unpacking the same of the fastest rounds of each, for a machine that others use as well
//   file      the file that the environment names in PLATEN_BENCH_FILE, from opening it to the record, checksum included;
//             bench/peers/neware.py sets it
//
// The second argument is the number of rows per time mark: 1 is the worst case, 60 what testers usually write. Counters:
// items_per_second are rows per second of wall time (one core, but that fresh
// columns are allocated on all); peak_per_columns is the largest memory held at once, beyond the file's
// own bytes, over the size of the columns.
#include "import/container.hpp"
#include "import/import.hpp"
#include "import/neware/ndax.hpp"
#include "import/neware/ndax_parts.hpp"

#include "../tests/import/ndax_builder.hpp"
#include "counted_memory.hpp"

#include <benchmark/benchmark.h>
#include <chrono>
#include <limits>
#include <map>

namespace {

using namespace platen;

constexpr std::uint32_t rows = 5'000'000, rows_per_step = 6000;

/// @param noise in how many steps of a last bit voltage and current scatter; 4096 packs as the long files of ndc 14 and 17
/// in shared/data do, whose data.ndc takes 5.0 bytes per row
ndax_builder::Members split_file(int version, std::uint32_t rows_per_mark, std::uint32_t count = rows, std::uint32_t noise = 1) {
  ndax_builder::Pages data(1, version, 8), marks(18, version, ndax_builder::mark_bytes(version)),
      steps(7, version, ndax_builder::step_bytes(version));
  for (std::uint32_t row = 0; row < count; ++row) {
    const std::uint32_t in_step = row % rows_per_step, step = row / rows_per_step,
                        drawn = row * 2654435761U ^ row * 2246822519U >> 13;
    const float sign = step % 2 == 0 ? 1.0F : -1.0F;
    const auto jitter = [&](unsigned shift, float last_bit) { return last_bit * static_cast<float>((drawn >> shift) % noise); };
    data.add(ndax_builder::sample(3.7F + sign * 1e-4F * static_cast<float>(in_step % 997) + jitter(4, 0x1p-22F),
                                  sign * (0.01F + jitter(15, 0x1p-30F))));
    if (in_step == 0) steps.add(ndax_builder::step(version, step / 2, 1 + step % 2, 1 + static_cast<int>(step % 2), row + 1));
    if (in_step % rows_per_mark == 0)
      marks.add(ndax_builder::mark(version, {.index = row + 1, .step_count = step + 1, .step_time = 1000 * in_step,
                                             .interval = 1000, .charged = 1e-5F * static_cast<float>(in_step),
                                             .energy_in = 4e-5F * static_cast<float>(in_step), .clock = 1700000000 + row}));
  }
  ndax_builder::Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  members.emplace_back("data_runInfo.ndc", marks.finish());
  members.emplace_back("data_step.ndc", steps.finish());
  return members;
}

ndax_builder::Members whole_file() {
  ndax_builder::Pages data(1, 2, 94, 512, 5);
  for (std::uint32_t row = 0; row < rows; ++row)
    data.add(ndax_builder::whole({.index = row + 1, .step_index = 1 + static_cast<int>(row / rows_per_step % 2), .step_type = 1,
                                  .step_time = std::uint64_t{1000} * (row % rows_per_step), .voltage = 37000,
                                  .current = 1000, .range = 100, .charged = row % rows_per_step}));
  ndax_builder::Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  return members;
}

void decode(benchmark::State& state) {
  const int version = static_cast<int>(state.range(0));
  const std::string bytes =
      ndax_builder::zip(version == 2 ? whole_file() : split_file(version, static_cast<std::uint32_t>(state.range(1))), false);
  using clock = std::chrono::steady_clock;
  for (auto unused : state) {
    const work::Task task;
    Container container(bytes, "bench.ndax");
    ndax::Reading reading{container, task, {}};
    const auto start = clock::now();
    ndax::Member data = reading.open("data.ndc", ndax::Kind::samples);
    const ndax::Table table = version == 2 ? read_whole(reading, data) : read_split(reading, std::move(data));
    const auto decoded = clock::now();
    for (const char* name : {"data.ndc", "data_runInfo.ndc", "data_step.ndc"})
      if (container.has(name)) benchmark::DoNotOptimize(container.unpack(name).data());
    const auto unpacked = clock::now();
    if (table.rows() != rows) state.SkipWithError("rows are missing");
    state.SetIterationTime(std::chrono::duration<double>((decoded - start) - (unpacked - decoded)).count());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{rows});
}

void read(benchmark::State& state) {
  const int version = static_cast<int>(state.range(0));
  const std::string bytes =
      ndax_builder::zip(version == 2 ? whole_file() : split_file(version, static_cast<std::uint32_t>(state.range(1))));
  double ratio = 0.0;
  for (auto unused : state) {
    bench::restart_peak();
    const Record record = read_ndax(bytes, "bench.ndax");
    if (record.rows() != rows) state.SkipWithError("rows are missing");
    ratio = static_cast<double>(bench::peak()) / static_cast<double>(bench::column_bytes(record));
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{rows});
  state.counters["peak_per_columns"] = ratio;
  state.counters["file_bytes"] = static_cast<double>(bytes.size());
}

void unpack_all(const std::string& bytes) {
  Container container(bytes, "bench.ndax");
  for (const std::string& name : container.names()) benchmark::DoNotOptimize(container.unpack(name).data());
}

void beside_unpacking(benchmark::State& state) {
  constexpr std::uint32_t count = 700'000;
  const std::string bytes = ndax_builder::zip(split_file(static_cast<int>(state.range(0)), static_cast<std::uint32_t>(state.range(1)), count, 4096));
  using clock = std::chrono::steady_clock;
  double reading = 0.0, unpacking = 0.0;
  double best_reading = std::numeric_limits<double>::infinity(), best_unpacking = best_reading;
  for (auto unused : state) {
    const auto start = clock::now();
    const Record record = read_ndax(bytes, "bench.ndax");
    const auto between = clock::now();
    unpack_all(bytes);
    const double read_time = std::chrono::duration<double>(between - start).count();
    const double unpack_time = std::chrono::duration<double>(clock::now() - between).count();
    unpacking += unpack_time;
    reading += read_time;
    best_reading = std::min(best_reading, read_time);
    best_unpacking = std::min(best_unpacking, unpack_time);
    if (record.rows() != count) state.SkipWithError("rows are missing");
    state.SetIterationTime(read_time);
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{count});
  state.counters["unpack_ms"] = 1e3 * unpacking / static_cast<double>(state.iterations());
  state.counters["times_unpacking"] = reading / unpacking;
  state.counters["best_times_unpacking"] = best_reading / best_unpacking;
  state.counters["file_bytes"] = static_cast<double>(bytes.size());
}

void file(benchmark::State& state) {
  const char* path = std::getenv("PLATEN_BENCH_FILE");
  if (path == nullptr) {
    state.SkipWithError("PLATEN_BENCH_FILE names no file");
    return;
  }
  std::size_t count = 0;
  for (auto unused : state) count = read_measurement(path).rows();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
  state.counters["rows"] = static_cast<double>(count);
}

} // namespace

// Arguments: ndc version, rows per mark (ndc 2 has no marks).
BENCHMARK(decode)->Args({17, 60})->Args({14, 60})->Args({16, 60})->Args({17, 1})->Args({14, 1})->Args({2, 1})
    ->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read)->Args({17, 60})->Args({14, 60})->Args({17, 1})->Args({14, 1})->Args({2, 1})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(beside_unpacking)->Args({17, 60})->Args({14, 60})->Args({16, 60})->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(file)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
