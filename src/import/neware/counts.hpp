#pragma once
// Rows that are stored as counts of the channel's range: one record per row, the same fields in .nda 22 to 29 and in
// ndc 2 and 5, at other places. docs/formats/nda.md, "Records of 86 bytes"; docs/formats/ndax.md, "Whole records".

#include "import/neware/table.hpp"

#include <string>

namespace platen::neware {

/// Where the fields of a record stand, in bytes from its first.
struct CountsLayout {
  std::size_t size = 0;  ///< of a record
  std::size_t index = 0; ///< u32
  std::size_t cycle = 0; ///< u32, from 0
  std::size_t step_index = 0, step_index_bytes = 1;
  std::size_t step_type = 0; ///< u8
  std::size_t step_mark = 0; ///< u8 that changes with the step; 0: there is none
  std::size_t time = 0;      ///< u64, ms in the step; then voltage i32 (0.1 mV), current i32 (counts)
  std::size_t charge = 0;    ///< i64 charged, discharged, i64 energy charged, discharged
  std::size_t clock = 0;     ///< u64 s since 1970, or year, month, day, hour, minute, second
  std::size_t range = 0;     ///< i32
  bool unix_clock = false;   ///< the clock counts seconds
};

/// Fills the rows of a table one by one. Its columns must have been allocated.
class CountsDecoder {
public:
  CountsDecoder(Table& table, const CountsLayout& layout) : table_(table), at_(layout), steps_(table) {}
  /// `record` has layout.size readable bytes.
  void decode(const char* record, std::size_t row);
  /// Warnings D037, D045, D047, D051 about all rows.
  void report(Diagnostics& faults, const std::string& file) const;

private:
  void set_clock(const char* record, std::size_t row);

  Table& table_;
  const CountsLayout at_;
  StepCounter steps_;
  std::int32_t range_ = 0;
  double per_count_ = 0.0; ///< A, C or J
  std::uint32_t date_ = 0; ///< as stored: year, month, day; no date at all is 0
  double midnight_ = std::numeric_limits<double>::quiet_NaN();
  std::set<int> unknown_steps_;
  std::set<std::int32_t> unknown_ranges_;
  std::size_t bad_dates_ = 0;
};

} // namespace platen::neware
