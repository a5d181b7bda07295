// What a library costs: storing a cell, listing and asking when there are many.
//   build/bench/bench_library [CELLS]      default 10000; the answers of `assess` are those of examples/shorted.csv

#include "assess/assessment.hpp"
#include "base/file.hpp"
#include "import/import.hpp"
#include "library/library.hpp"
#include "report/report.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <unistd.h>

namespace {

using namespace platen;
namespace fs = std::filesystem;

double seconds(const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

library::Entry cell() {
  const fs::path example = fs::path(PLATEN_SOURCE_DIR) / "examples" / "shorted.csv";
  library::Stated stated;
  ImportOptions options;
  options.cell = read_cell_file(fs::path(example).replace_extension(".cell.toml"));
  stated.cell_file = options.cell->path;
  stated.cell_text = options.cell->text;
  stated.cell_info = options.cell->cell;
  const Record record = read_measurement(example, options);
  const Assessment assessment = assess(record);
  library::Entry out = library::make_entry(record, library::make_inputs({example}, {example}), stated);
  out.judgement = library::make_judgement(assessment, report::json(assessment, record), "bench", library::current_rules());
  return out;
}

} // namespace

int main(int count, char** words) {
  int cells = 10000;
  if (count > 1) std::from_chars(words[1], words[1] + std::string_view(words[1]).size(), cells);
  std::string pattern = (fs::temp_directory_path() / "platen-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return 1;
  const fs::path path = fs::path(pattern) / "library.sqlite";
  library::Library::create(path, "bench");
  library::Library library(path, library::Access::write);
  library::Entry entry = cell();
  const double adding = seconds([&] {
    for (int k = 0; k < cells; ++k) {
      entry.inputs.fingerprint = sha256(std::to_string(k));
      entry.name = "cell " + std::to_string(k); // names that are free: looking for a free one is not what is measured
      library.add(entry);
    }
  });
  std::printf("%d cells, %.0f MB in the file\n", cells, 1e-6 * static_cast<double>(fs::file_size(path)));
  std::printf("store one cell      %8.2f ms\n", 1e3 * adding / cells);
  std::printf("list all            %8.1f ms\n", 1e3 * seconds([&] { library.overview("", false); }));
  std::printf("list one condition  %8.1f ms\n", 1e3 * seconds([&] { library.overview("stack_pressure_MPa < 1", false); }));
  std::printf("show one cell       %8.2f ms\n", 1e3 * seconds([&] { library.show(library.named("cell 7")); }));
  std::printf("known by checksum   %8.3f ms\n", 1e3 * seconds([&] { library.find(sha256("17")); }));
  std::printf("check everything    %8.0f ms\n", 1e3 * seconds([&] { library.check(); }));
  fs::remove_all(pattern);
  return 0;
}
