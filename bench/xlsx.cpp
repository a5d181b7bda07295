// How fast a workbook is read and how much memory that takes, on a Neware-like record sheet made here by write_xlsx.
//
// Printed: rows per second and MB of sheet XML per second of one core, what unpacking the sheet alone takes, the file's size, and the
// largest memory held at once beyond the file's own bytes over the size of the record's columns. `foreign` is the way a cycler's
// workbook goes (headings recognised, texts and dates), `own` the way a workbook of Platen's goes.
#include "base/file.hpp"
#include "import/container_stream.hpp"
#include "import/xlsx/xlsx.hpp"
#include "record/io.hpp"

#include "../tests/import/xlsx_builder.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <malloc.h>
#include <new>

namespace {

std::atomic<std::size_t> held{0}, peak{0};

void* counted(std::size_t size) {
  void* out = std::malloc(size);
  if (out == nullptr) throw std::bad_alloc();
  const std::size_t now = held += malloc_usable_size(out);
  if (now > peak) peak = now;
  return out;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  held -= malloc_usable_size(memory);
  std::free(memory);
}

} // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

namespace {

using namespace platen;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// A record sheet of numbers, as BTSDA and Arbin write them: 13 columns, dates as styled numbers.
std::string foreign_book(std::size_t rows) {
  std::string xml = "<worksheet><dimension ref=\"A1:M" + std::to_string(rows + 1) + "\"/><sheetData><row r=\"1\">";
  const char* headings[] = {"DataPoint", "Cycle Index", "Step Index", "Total Time(s)", "Current(A)", "Voltage(V)", "Capacity(Ah)", "Chg. Energy(Wh)",
                            "DChg. Energy(Wh)", "Date", "Power(W)", "T1(C)", "T2(C)"};
  std::size_t c = 0;
  for (const char* h : headings) xml += fmt::format("<c r=\"{}1\" t=\"inlineStr\"><is><t>{}</t></is></c>", xlsx_builder::letters(c++), h);
  xml += "</row>";
  for (std::size_t k = 0; k < rows; ++k) {
    const double x = 1e-4 * double(k % 9973), values[] = {double(k + 1), 1.0 + double(k / 5000), 1.0 + double(k / 1000 % 5), 0.5 * double(k),
                                                        k % 3 == 0 ? 0.0123456 : -0.0123457, 3.0 + x, 1e-3 * x, x * 3.7, x * 3.6,
                                                        45000.0 + double(k) / 172800.0, 0.037 + x / 100, 25.0 + x, 26.0 + x};
    xml += fmt::format("<row r=\"{}\">", k + 2);
    c = 0;
    for (const double v : values) {
      const std::size_t column = c++;
      xml += fmt::format("<c r=\"{}{}\"{}><v>{:.9g}</v></c>", xlsx_builder::letters(column), k + 2, column == 9 ? " s=\"1\"" : "", v);
    }
    xml += "</row>";
  }
  xml += "</sheetData></worksheet>";
  ndax_builder::Members members = xlsx_builder::Book{{{"record", {}, {}}}}.members();
  for (auto& [name, bytes] : members)
    if (name == "xl/worksheets/sheet1.xml") bytes = std::move(xml);
  return ndax_builder::zip(members);
}

std::size_t size_of_columns(const Record& record) {
  std::size_t out = 0;
  for (const Column& c : record.columns())
    out += std::visit([](const auto& values) { return values.size() * sizeof(values[0]); }, c.values);
  return out;
}

void measure(const char* name, const std::string& bytes) {
  Container container(bytes, name);
  const auto begin = Clock::now();
  MemberStream stream(container, "xl/worksheets/sheet1.xml");
  std::string piece;
  while (stream.append_to(piece)) piece.clear();
  const double unpacking = seconds_since(begin);
  for (int round = 0; round < 3; ++round) {
    const std::size_t before = held;
    peak = before;
    const auto start = Clock::now();
    const Record record = read_xlsx(bytes, name, {}, {});
    const double seconds = seconds_since(start);
    std::printf("%-8s %zu rows, %zu columns, file %.1f MB, sheet %.1f MB: %.2f s, %.2f million rows/s, %.0f MB/s (unpacking alone %.2f s); "
                "peak %.2f times the columns (%.1f MB)\n",
                name, record.rows(), record.columns().size(), double(bytes.size()) / 1e6, double(stream.size()) / 1e6, seconds,
                double(record.rows()) / seconds / 1e6, double(stream.size()) / seconds / 1e6, unpacking,
                double(peak - before) / double(size_of_columns(record)), double(size_of_columns(record)) / 1e6);
  }
}

} // namespace

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  const std::string foreign = foreign_book(rows);
  measure("foreign", foreign);
  const std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("platen-bench-{}.xlsx", Clock::now().time_since_epoch().count());
  const Record record = read_xlsx(foreign, "foreign", {}, {});
  const auto start = Clock::now();
  const std::size_t before = held;
  peak = before;
  write_xlsx(record, path);
  std::printf("write    %.2f s, %.1f MB held by C++ besides the record\n", seconds_since(start), double(peak - before) / 1e6);
  const std::string own = read_file(path);
  std::filesystem::remove(path);
  measure("own", own);
  return 0;
}
