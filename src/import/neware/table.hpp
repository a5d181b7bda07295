#pragma once
// What the readers of .ndax and .nda share: the columns while they are filled, step codes, current ranges.

#include "record/record.hpp"

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace platen::neware {

/// From slots (the index of a row in its file, minus one) to rows of the record. Rows are numbered in the order in which
/// runs are added.
class SlotMap {
public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// `count` slots from `slot` on become the next rows.
  void add(std::uint64_t slot, std::size_t count);
  /// Call after the last `add`, before the first `row_of`.
  void finish();
  std::size_t rows() const noexcept { return rows_; }
  /// The row of a slot, or `none`.
  std::size_t row_of(std::uint64_t slot) const noexcept;

private:
  struct Run {
    std::uint64_t slot = 0;
    std::size_t row = 0, count = 0;
  };
  std::vector<Run> runs_;
  std::size_t rows_ = 0;
};

/// The columns while they are filled; SI, one value per row.
struct Table {
  std::vector<double> test_time, unix_time, current, voltage, step_time, capacity, energy;
  std::vector<std::int32_t> step_index, step_count, step_type, cycle, interpolated;
  bool has_steps = true;        ///< step_index, step_type and cycle are known
  bool has_interpolated = true; ///< the format leaves rows to be filled in
  SlotMap slots;                ///< from an index minus one to a row

  std::size_t rows() const noexcept { return voltage.size(); }
  /// Sizes every column, on all cores when there are many rows: the first touch of fresh memory costs more than filling it.
  /// Columns that the format lacks stay empty. A table that was sized before and not filled since may be made smaller.
  void allocate(std::size_t rows);
  /// All columns become columns of `record`; the table is empty afterwards, except for `slots`.
  void move_to(Record& record);
};

/// How many threads a loop over a file of so many rows is worth, for work::parallel_for.
unsigned threads_for(std::size_t rows) noexcept;

/// Tells steps apart where the file does not count them, and puts their times end to end: a step begins where its index
/// or cycle changes, its mark differs, or its time falls back.
class StepCounter {
public:
  explicit StepCounter(Table& table) : table_(table) {}
  /// Sets step_count, step_time and test_time of `row`, whose step_index and cycle are set.
  /// @param time in the step; @param per_second how many of its units are a second; @param mark differs between steps
  /// where the file has such a byte.
  void set(std::size_t row, double time, double per_second, int mark = 0);

private:
  Table& table_;
  std::int32_t step_count_ = 0;
  int mark_ = 0;
  double before_step_ = 0.0, last_ = 0.0; ///< in units of `time`
};

/// The vendor's step codes. Codes met that have no StepType are put into `unknown`.
StepType step_type(int code, std::set<int>& unknown);
/// Warns (D047) if there are any.
void warn_unknown_steps(Diagnostics& faults, const std::string& file, const std::set<int>& unknown);
/// Warns (D037) if there are any.
void warn_unknown_ranges(Diagnostics& faults, const std::string& file, const std::set<std::int32_t>& unknown);
/// +1 for a step that charges, -1 for one that discharges, 0 for any other.
int direction(StepType type) noexcept;
/// `value` as it fits a column of integers.
std::int32_t clamp_int(std::uint64_t value) noexcept;

/// mA (and mAs, mWs) per stored count, from the range of the channel. The known ranges follow one rule: a decade of range
/// is a decade of resolution, ranges written negative are ten times finer. NaN for a range outside the rule.
double milliampere_per_count(std::int32_t range);

/// s since 1970 of midnight of a date written as year (16 bit), month, day; NaN if there is no such date.
double midnight_of(const char* at);

/// The zone in which `local` ("2017-05-10 10:20:38" or with points in the date) was written, as "UTC+05:30", if the same
/// moment in s since 1970 is `unix_time` within some minutes. Empty when the two do not agree on any zone.
std::string zone_of(std::string_view local, double unix_time);

} // namespace platen::neware
