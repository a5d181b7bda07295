// How fast EC-Lab's binary files are read and how much memory that takes, on files built here: galvanostatic cycling as
// EC-Lab 11.50 writes it, sixteen columns of 53 bytes a row, current made of the charge; and the same with impedance in
// every tenth row. PLATEN_BENCH_FILE adds a file of one's own, read from the disk as the program does, checksum and all, and the
// floor below which no reader of it can get that does what Platen does: `floor/read` only brings the bytes into memory,
// `floor/checksum` only computes their SHA-256, `floor/columns` only moves as many numbers out of rows as far apart into columns
// as the record has.
// Counters: items_per_second are rows per second of wall time; best_ms is the fastest single pass, for comparisons on a machine that
// others use as well; peak_per_columns is the largest memory held at once, beyond
// the file's own bytes, over the size of the columns.
#include "import/biologic/mpr.hpp"

#include "../tests/import/mpr_builder.hpp"
#include "base/file.hpp"
#include "base/memory.hpp"
#include "counted_memory.hpp"
#include "import/bytes.hpp"
#include "import/import.hpp"

#include <array>
#include <benchmark/benchmark.h>
#include <chrono>
#include <limits>

namespace {

using namespace platen;

constexpr std::size_t rows = 1'000'000, rows_per_step = 5000;

std::string cycling(bool impedance) {
  mpr_builder::Spec spec;
  const auto column = [](std::uint16_t code, char kind, auto&& value) {
    mpr_builder::Column out{code, kind, std::vector<double>(rows)};
    for (std::size_t i = 0; i < rows; ++i) out.values[i] = value(i);
    return out;
  };
  const auto sign = [](std::size_t i) { return i / rows_per_step % 2 == 0 ? 1.0 : -1.0; };
  spec.columns = {column(131, 'H', [](std::size_t i) { return static_cast<double>(i / rows_per_step % 4); }),
                  column(4, 'd', [](std::size_t i) { return static_cast<double>(i); }),
                  column(7, 'd', [&](std::size_t i) { return 1e-4 * sign(i); }),
                  column(13, 'd', [](std::size_t i) { return 1e-4 * static_cast<double>(i % rows_per_step); }),
                  column(5, 'f', sign),
                  column(6, 'f', [](std::size_t i) { return 3.0 + 1e-4 * static_cast<double>(i % rows_per_step); }),
                  column(39, 'H', [](std::size_t) { return 11.0; }),
                  column(467, 'd', [](std::size_t i) { return 1e-4 * static_cast<double>(i % rows_per_step); }),
                  column(468, 'I', [](std::size_t i) { return static_cast<double>(i / rows_per_step); }),
                  column(70, 'f', [](std::size_t) { return 0.5; })};
  if (impedance) {
    spec.technique = 0x7F;
    const auto sweep = [](double value) { return [value](std::size_t i) { return i % 10 == 0 ? value : 0.0; }; };
    spec.columns.push_back(column(32, 'f', [](std::size_t i) { return i % 10 == 0 ? 1e5 / static_cast<double>(1 + i % 100) : 0.0; }));
    spec.columns.push_back(column(37, 'f', sweep(10.0)));
    spec.columns.push_back(column(38, 'f', sweep(2.0)));
  }
  spec.flag_codes = {1, 2, 3, 21, 31, 65};
  spec.flags.assign(rows, 1);
  spec.start = 45149.5;
  return mpr_builder::build(spec);
}

/// Repeats `pass` and counts the fastest.
void repeat(benchmark::State& state, auto&& pass) {
  using clock = std::chrono::steady_clock;
  double best = std::numeric_limits<double>::infinity();
  for (auto unused : state) {
    const auto begin = clock::now();
    pass();
    best = std::min(best, std::chrono::duration<double, std::milli>(clock::now() - begin).count());
  }
  state.counters["best_ms"] = best;
}

void measure(benchmark::State& state, std::size_t bytes, std::size_t wanted, auto&& read) {
  double ratio = 0.0;
  std::size_t found = 0;
  repeat(state, [&] {
    bench::restart_peak();
    const Record record = read();
    found = record.rows();
    for (const Spectrum& s : record.spectra) found += s.size();
    if (wanted > 0 && found != wanted) state.SkipWithError("rows are missing");
    ratio = static_cast<double>(bench::peak()) / static_cast<double>(std::max<std::size_t>(1, bench::column_bytes(record)));
  });
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(found));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["peak_per_columns"] = ratio;
  state.counters["rows"] = static_cast<double>(found);
}

/// Argument: whether there is impedance.
void read(benchmark::State& state) {
  const std::string bytes = cycling(state.range(0) != 0);
  measure(state, bytes.size(), rows, [&] { return biologic::read_mpr(bytes, "bench.mpr"); });
}

void file(benchmark::State& state, const std::string& path) {
  measure(state, std::filesystem::file_size(path), 0, [&] { return read_measurement(path); });
}

void floor_read(benchmark::State& state, const std::string& path) {
  repeat(state, [&] { benchmark::DoNotOptimize(read_file(path)); });
}

void floor_checksum(benchmark::State& state, const std::string& path) {
  const std::string bytes = read_file(path);
  repeat(state, [&] { benchmark::DoNotOptimize(sha256(bytes)); });
}

/// Appends numbers `stride` bytes apart to a column, block by block.
template <class T> class Moved {
public:
  explicit Moved(std::size_t room) {
    column_.reserve(room);
    prefer_large_pages(column_.data(), room * sizeof(T));
  }
  void take(const char* from, std::size_t stride, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += stride) block_[i] = load<T>(from);
    column_.insert(column_.end(), block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  static constexpr std::size_t block = 512;

private:
  std::array<T, block> block_;
  std::vector<T> column_;
};

void floor_columns(benchmark::State& state, const std::string& path) {
  const std::string bytes = read_file(path);
  const Record record = read_measurement(path);
  const std::size_t count = record.rows(), stride = count > 0 ? bytes.size() / count : 0;
  if (stride < sizeof(double)) return state.SkipWithError("no rows");
  std::size_t wide = 0;
  for (const Column& c : record.columns()) wide += std::holds_alternative<std::vector<double>>(c.values) ? 1 : 0;
  repeat(state, [&] {
    std::vector<Moved<double>> reals; // a copy would lose its room
    std::vector<Moved<std::int32_t>> integers;
    reals.reserve(wide);
    integers.reserve(record.columns().size() - wide);
    while (reals.size() < wide) reals.emplace_back(count);
    while (integers.size() + wide < record.columns().size()) integers.emplace_back(count);
    for (std::size_t first = 0; first < count; first += Moved<double>::block) {
      const std::size_t n = std::min(Moved<double>::block, count - first);
      const char* from = bytes.data() + first * stride;
      for (std::size_t c = 0; c < reals.size(); ++c) reals[c].take(from + 4 * c % (stride - 7), stride, n);
      for (std::size_t c = 0; c < integers.size(); ++c) integers[c].take(from + 4 * c % (stride - 7), stride, n);
    }
    benchmark::DoNotOptimize(reals);
    benchmark::DoNotOptimize(integers);
  });
}

} // namespace

BENCHMARK(read)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

int main(int argc, char** argv) {
  if (const char* write = std::getenv("PLATEN_BENCH_WRITE")) { // the file that `read/0` reads, for other programs
    std::FILE* out = std::fopen(write, "wb");
    const std::string bytes = cycling(false);
    const bool good = out != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size() && std::fclose(out) == 0;
    return good ? 0 : 1;
  }
  if (const char* path = std::getenv("PLATEN_BENCH_FILE")) {
    const auto add = [&](const char* name, auto* function) {
      benchmark::RegisterBenchmark(name, function, std::string(path))->UseRealTime()->Unit(benchmark::kMillisecond);
    };
    add("file", file);
    add("floor/read", floor_read);
    add("floor/checksum", floor_checksum);
    add("floor/columns", floor_columns);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
