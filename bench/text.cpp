// How fast delimited text becomes a record, in MB/s of one core, on tables built here (nothing is read from disk).
//
//   read      sniffing, headings, every row, the clock, into SI columns
//   checksum  the SHA-256 that provenance asks for besides
//
// peak_per_columns is the largest memory held at once, beyond the file's own bytes, over the size of the columns.
#include "base/file.hpp"
#include "import/text/text.hpp"
#include "record/io.hpp"

#include "counted_memory.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

namespace {

using namespace platen;

constexpr int rows = 600'000;

std::string ec_lab() {
  std::string out = "mode\tox/red\ttime/s\tcontrol/V/mA\tEwe/V\tI/mA\t(Q-Qo)/mA.h\tcycle number\t\r\n";
  for (int k = 0; k < rows; ++k)
    out += fmt::format("1\t1\t{:.15E}\t4.0000000E-001\t{:.7E}\t4.0000000E-001\t{:.15E}\t{:.1E}\t\r\n", 900.0 + k * 2.0 + 1.0 / 3.0,
                   3.0 + 0.3 * (k % 1009) / 1000.0, k * 0.4 / 1800.0, static_cast<double>(k / 1800));
  return out;
}

std::string neware() {
  std::string out = "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Energy(Wh),Date\n";
  for (int k = 0; k < rows; ++k)
    out += fmt::format("{},{},{},CC Chg,{:02}:{:02}:{:02},{:02}:{:02}:{:02},0.0004,{:.4f},{:.4f},{:.4f},2022-05-{:02} {:02}:{:02}:{:02}\n", k + 1,
                   k / 7200 + 1, k / 3600 + 1, k % 3600 / 3600, k % 3600 / 60, k % 60, k / 3600, k / 60 % 60, k % 60, 3.0 + 0.0001 * (k % 9973), k * 1e-7,
                   k * 3e-7, 1 + k / 86400, k / 3600 % 24, k / 60 % 60, k % 60);
  return out;
}

std::string bdf() {
  std::string out = "Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Index / 1,Ambient Temperature / degC\n";
  for (int k = 0; k < rows; ++k)
    out += fmt::format("{},{},{},{},{},{}\n", k * 0.1, 3.0 + 0.0001 * (k % 9973), 0.0004, k / 7200 + 1, k / 3600 + 1, 25.0 + k % 10 * 0.1);
  return out;
}

template <class Read> void read(benchmark::State& state, const std::string& bytes, Read reader) {
  double ratio = 0.0;
  for (auto _ : state) {
    state.PauseTiming();
    std::string copy = bytes;
    state.ResumeTiming();
    bench::restart_peak();
    const Record record = reader(std::move(copy));
    ratio = static_cast<double>(bench::peak()) / static_cast<double>(bench::column_bytes(record));
    if (record.rows() != rows) state.SkipWithError("rows are missing");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
  state.counters["peak_per_columns"] = ratio;
}

Record as_text(std::string bytes) { return text::read_text(std::move(bytes), "bench.txt", {}, {}); }
Record as_bdf(std::string bytes) { return parse_bdf_csv(bytes, "bench.csv"); }

void checksum(benchmark::State& state) {
  const std::string bytes = ec_lab();
  for (auto _ : state) benchmark::DoNotOptimize(sha256(bytes));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}

BENCHMARK_CAPTURE(read, ec_lab, ec_lab(), as_text)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read, neware, neware(), as_text)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read, bdf, bdf(), as_bdf)->Unit(benchmark::kMillisecond);
BENCHMARK(checksum)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
