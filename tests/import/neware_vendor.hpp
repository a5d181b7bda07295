#pragma once
// Every value of every row of a shared Neware file against what the vendor's own program exports for it.
//
// How each column is compared, and why:
//   Step Count, Step Index, Cycle Index, Step Type   equal.
//   Time         equal to the millisecond, which is what the file stores.
//   Total Time   equal to the millisecond. The vendor adds up the last time of every finished step, so its total ignores
//                the fractions of a second that pass between two steps; test_time follows it.
//   Voltage      equal once rounded to the export's 0.1 mV;   Current   equal once rounded to the export's 1 uA.
//   Capacity, Energy   the export shows magnitudes (that of BTS 9 signs them), ours are signed like the current. It rounds to a number of decimals
//                that depends on the channel and writes single precision: agreement to half the last decimal plus half
//                the spacing of single precision.
//   Date         equal to the millisecond, up to the whole hours by which the exporting computer's clock was off UTC
//                (it writes local time with a Z): one known number per file.
//   V, T, t      equal once rounded to the export's 0.1 mV and 0.1 degC. The export rounds a temperature twice, first to
//                a few decimals: 26.849997 becomes 26.85 and then 26.9. H2 is left out by us: it is zero, of an input that
//                nothing was connected to.

#include "record/record.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <libdeflate.h>
#include <map>
#include <memory>
#include <sstream>

namespace neware_vendor {

using namespace platen;

inline std::filesystem::path shared(const std::string& name) {
  return std::filesystem::path(PLATEN_SHARED_DATA) / "neware" / name;
}

inline std::string gunzip(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(file), {}};
  std::uint32_t size = 0; // the last four bytes of a gzip file are the length of its content
  std::memcpy(&size, packed.data() + packed.size() - 4, 4);
  std::string out(size, '\0');
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflate(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (libdeflate_gzip_decompress(inflate.get(), packed.data(), packed.size(), out.data(), out.size(), nullptr) !=
      LIBDEFLATE_SUCCESS)
    throw std::runtime_error("cannot unpack " + path.string());
  return out;
}

inline std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream cells(line);
  for (std::string cell; std::getline(cells, cell, ',');) out.push_back(cell);
  return out;
}

/// The vendor's export: column name without its unit -> cells.
inline std::map<std::string, std::vector<std::string>> read_reference(const std::string& name) {
  std::istringstream text(gunzip(shared(name + ".ref.csv.gz")));
  std::string line;
  std::getline(text, line);
  std::vector<std::string> header = split(line);
  for (std::string& h : header) h = h.substr(0, h.find('('));
  std::map<std::string, std::vector<std::string>> out;
  for (const std::string& h : header) out[h];
  while (std::getline(text, line)) {
    const std::vector<std::string> cells = split(line);
    for (std::size_t k = 0; k < header.size(); ++k) out[header[k]].push_back(cells.at(k));
  }
  return out;
}

inline double number(const std::string& text) {
  double value = NAN;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

inline int digits(const std::string& text, std::size_t at, std::size_t count) {
  int value = -1;
  std::from_chars(text.data() + at, text.data() + at + count, value);
  return value;
}

/// "2025-09-24T09:29:55.074Z" in ms since 1970.
inline long long date(const std::string& text) {
  using namespace std::chrono;
  const year_month_day day{year{digits(text, 0, 4)}, month{static_cast<unsigned>(digits(text, 5, 2))},
                           std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
  return sys_days{day}.time_since_epoch().count() * 86400000LL + digits(text, 11, 2) * 3600000LL +
         digits(text, 14, 2) * 60000LL + digits(text, 17, 2) * 1000LL + digits(text, 20, 3);
}

/// Counts disagreements of one column and keeps the first, so that a fault is one message and not 77745.
struct Tally {
  std::string column;
  std::size_t wrong = 0;
  std::string first = {};
  ~Tally() { EXPECT_EQ(wrong, 0U) << column << ": " << first; }
  template <class A, class B> void check(bool agrees, std::size_t row, const A& ours, const B& vendor) {
    if (agrees) return;
    if (wrong++ == 0) first = fmt::format("row {}: {} here, {} in the vendor's export", row, ours, vendor);
  }
};

/// A record and the vendor's export of the same file.
struct Comparison {
  // The export writes single precision: 4887.1 appears as 4887.10009765625, hence the rounding of both sides.
  void compare_rounded(std::string_view ours, const std::string& theirs, double per_unit) {
    Tally tally{std::string(ours)};
    const std::span<const double> values = record.real(ours);
    const std::vector<std::string>& cells = reference.at(theirs);
    ASSERT_EQ(values.size(), cells.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double shown = values[row] * per_unit;
      const double vendor = number(cells[row]) * (theirs == "Current" ? 1.0 : 10.0);
      tally.check(std::llround(shown) == std::llround(vendor), row, shown, cells[row]);
    }
  }

  /// Agreement to half the last decimal of the export, which writes single precision.
  void compare_shown(std::string_view ours, const std::string& theirs, double per_unit, double zero, double decimal) {
    Tally tally{std::string(ours)};
    const std::span<const double> values = record.real(ours);
    const std::vector<std::string>& cells = reference.at(theirs);
    ASSERT_EQ(values.size(), cells.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double shown = (values[row] - zero) * per_unit, vendor = number(cells[row]);
      const double allowed = 0.5 * decimal + std::ldexp(std::abs(vendor), -24) + 1e-9;
      tally.check(std::abs(shown - vendor) <= allowed, row, shown, cells[row]);
    }
  }

  void compare_temperature(const std::string& ours, const std::string& theirs) {
    Tally tally{ours};
    const std::span<const double> values = record.real(ours);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double celsius = std::round((values[row] - 273.15) * 1e4) / 1e4, vendor = number(reference.at(theirs).at(row));
      tally.check(std::llround(celsius * 10.0) == std::llround(vendor * 10.0), row, celsius, vendor);
    }
  }

  void compare_milliseconds(std::string_view ours, const std::string& theirs) {
    Tally tally{std::string(ours)};
    const std::span<const double> values = record.real(ours);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double vendor = number(reference.at(theirs).at(row));
      tally.check(std::llround(1e3 * values[row]) == std::llround(1e3 * vendor), row, values[row], vendor);
    }
  }

  void compare_whole(std::string_view ours, const std::string& theirs) {
    Tally tally{std::string(ours)};
    const std::span<const std::int32_t> values = record.integer(ours);
    for (std::size_t row = 0; row < values.size(); ++row)
      tally.check(values[row] == number(reference.at(theirs).at(row)), row, values[row], reference.at(theirs)[row]);
  }

  void compare_step_types() {
    Tally tally{"step_type"};
    const std::span<const std::int32_t> types = record.integer(col::step_type);
    for (std::size_t row = 0; row < types.size(); ++row) {
      std::string shown = reference.at("Step Type").at(row);
      std::replace(shown.begin(), shown.end(), '_', ' '); // BTS 9 writes "CC_DChg"
      const std::string_view word = step_type_label(static_cast<StepType>(types[row]));
      tally.check(word == shown, row, word, shown);
    }
  }

  void compare_passed(std::string_view ours, const std::string& theirs, double decimal) {
    Tally size{std::string(ours)}, sign{std::string(ours) + " (sign)"};
    const std::span<const double> values = record.real(ours);
    const std::span<const std::int32_t> types = record.integer(col::step_type);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double vendor = std::abs(number(reference.at(theirs).at(row)));
      const double allowed = 0.5 * decimal + std::ldexp(std::abs(vendor), -24) * (1.0 + 1e-6);
      size.check(std::abs(1e3 * std::abs(values[row]) - vendor) <= allowed, row, 1e3 * values[row], vendor);
      const std::string_view word = step_type_label(static_cast<StepType>(types[row]));
      if (values[row] != 0.0)
        sign.check((values[row] < 0.0) == (word.find("DChg") != std::string_view::npos), row, values[row], word);
    }
  }

  Record record;
  std::map<std::string, std::vector<std::string>> reference;
};

} // namespace neware_vendor
