#pragma once
// What every fuzz program does with a reader: any bytes give a sound record or an Error.

#include "base/error.hpp"
#include "record/record.hpp"
#include "record/suspicions.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace platen::fuzz {

inline std::string bytes_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program, so that the fuzzer keeps the input, when a record breaks a promise of docs/formats/record.md.
inline void expect_sound(const Record& record) {
  for (const Column& column : record.columns())
    if (column.name.empty() || column.unit.empty() ||
        std::visit([](const auto& values) { return values.size(); }, column.values) != record.rows())
      std::abort();
  for (const Spectrum& s : record.spectra)
    if (s.real.size() != s.size() || s.imaginary.size() != s.size() || (!s.time.empty() && s.time.size() != s.size())) std::abort();
  for (const Diagnostic& d : record.warnings)
    if (render(d).empty()) std::abort();
  for (const Diagnostic& d : suspicions(record))
    if (render(d).empty()) std::abort();
}

/// Calls `read`, which gives a Record; an Error is an answer like any other.
template <class Read> int try_reading(Read&& read) {
  try {
    expect_sound(read());
  } catch (const Error& error) {
    if (error.diagnostics().empty()) std::abort();
  }
  return 0;
}

} // namespace platen::fuzz
