#include "import/neware/table.hpp"

#include "base/memory.hpp"
#include "import/bytes.hpp"
#include "import/container.hpp"
#include "work/work.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>

namespace platen::neware {

void SlotMap::add(std::uint64_t slot, std::size_t count) {
  if (!runs_.empty() && runs_.back().slot + runs_.back().count == slot) runs_.back().count += count;
  else runs_.push_back({slot, rows_, count});
  rows_ += count;
}

void SlotMap::finish() {
  std::stable_sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.slot < b.slot; });
}

std::size_t SlotMap::row_of(std::uint64_t slot) const noexcept {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), slot,
                                      [](std::uint64_t wanted, const Run& run) { return wanted < run.slot; });
  if (after == runs_.begin()) return none;
  const Run& run = *(after - 1);
  return slot - run.slot < run.count ? run.row + static_cast<std::size_t>(slot - run.slot) : none;
}

void Table::allocate(std::size_t rows) {
  std::vector<std::function<void()>> columns;
  const auto add = [&]<class T>(std::vector<T>& column, T value) {
    columns.emplace_back([&column, rows, value] {
      if (column.size() >= rows) return column.resize(rows);
      column.reserve(rows);
      prefer_large_pages(column.data(), rows * sizeof(T));
      column.assign(rows, value);
    });
  };
  for (auto* column : {&voltage, &current, &test_time, &unix_time, &step_time, &capacity, &energy}) add(*column, 0.0);
  add(step_count, 0);
  if (has_interpolated) add(interpolated, 1);
  for (auto* column : {&step_index, &step_type, &cycle})
    if (has_steps) add(*column, 0);
    else column->clear();
  work::parallel_for(columns.size(), [&](std::size_t k) { columns[k](); }, threads_for(rows));
}

unsigned threads_for(std::size_t rows) noexcept {
  constexpr std::size_t many = 100'000; // fewer are done before a thread has started
  return rows < many ? 1 : 0;
}

void Table::move_to(Record& record) {
  record.set(col::test_time, std::move(test_time));
  record.set(col::unix_time, std::move(unix_time));
  record.set(col::current, std::move(current));
  record.set(col::voltage, std::move(voltage));
  if (has_steps) record.set(col::step_index, std::move(step_index));
  record.set(col::step_count, std::move(step_count));
  if (has_steps) {
    record.set(col::step_type, std::move(step_type));
    record.set(col::cycle_count, std::move(cycle));
  }
  record.set(col::step_time, std::move(step_time));
  record.set(col::step_capacity, std::move(capacity));
  record.set(col::step_energy, std::move(energy));
  if (has_interpolated)
    record.set(Column{std::string(col::interpolated), "1",
                      "1: the instrument stored voltage and current of this row, but its time, capacity and energy are "
                      "filled in from the last stored ones",
                      std::move(interpolated)});
}

void StepCounter::set(std::size_t row, double time, double per_second, int mark) {
  const bool begins = row == 0 || table_.step_index[row] != table_.step_index[row - 1] ||
                      table_.cycle[row] != table_.cycle[row - 1] || mark != mark_ || time < last_;
  if (begins) {
    before_step_ += last_;
    ++step_count_;
  }
  last_ = time;
  mark_ = mark;
  table_.step_count[row] = step_count_;
  table_.step_time[row] = time / per_second;
  table_.test_time[row] = (before_step_ + time) / per_second;
}

StepType step_type(int code, std::set<int>& unknown) {
  switch (code) {
  case 1: return StepType::cc_charge;
  case 2: return StepType::cc_discharge;
  case 3: return StepType::cv_charge;
  case 4:
  case 22: return StepType::rest; // 22: open circuit
  case 5:
  case 21: return StepType::control; // 5: a loop, which has no rows of its own
  case 6: return StepType::end;
  case 7:
  case 18: return StepType::cccv_charge; // 18: with a preceding constant power
  case 8:
  case 26: return StepType::cp_discharge; // 26: followed by constant voltage
  case 9:
  case 27: return StepType::cp_charge;
  case 10: return StepType::cr_discharge;
  case 13: return StepType::pause;
  case 16: return StepType::pulse;
  case 17: return StepType::simulation;
  case 19: return StepType::cv_discharge;
  case 20: return StepType::cccv_discharge;
  default: unknown.insert(code); return StepType::unknown;
  }
}

void warn_unknown_steps(Diagnostics& faults, const std::string& file, const std::set<int>& unknown) {
  if (!unknown.empty())
    faults.warning("D047",
                   fmt::format("step types of code {} are not known; their rows are kept with step type `unknown`",
                               fmt::join(unknown, ", ")),
                   whole_file(file));
}

void warn_unknown_ranges(Diagnostics& faults, const std::string& file, const std::set<std::int32_t>& unknown) {
  if (!unknown.empty())
    faults.warning("D037",
                   fmt::format("current range {} is not known: current, capacity and energy of its rows are empty",
                               fmt::join(unknown, ", ")),
                   whole_file(file), {"export the test as text from BTSDA and read that"});
}

int direction(StepType type) noexcept {
  switch (type) {
  case StepType::cc_charge:
  case StepType::cv_charge:
  case StepType::cccv_charge:
  case StepType::cp_charge:
  case StepType::cr_charge: return 1;
  case StepType::cc_discharge:
  case StepType::cv_discharge:
  case StepType::cccv_discharge:
  case StepType::cp_discharge:
  case StepType::cr_discharge: return -1;
  default: return 0;
  }
}

std::int32_t clamp_int(std::uint64_t value) noexcept {
  return static_cast<std::int32_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int32_t>::max()));
}

double milliampere_per_count(std::int32_t range) {
  if (range == 0) return 0.0;
  if (range == -100000000) return 10.0;
  const std::int64_t size = std::llabs(range);
  if (size > 200000) return std::numeric_limits<double>::quiet_NaN();
  const double fine = size < 10 ? 1e-5 : size < 100 ? 1e-4 : size < 1000 ? 1e-3 : 1e-2;
  return range < 0 ? fine : 10.0 * fine;
}

double midnight_of(const char* at) {
  using namespace std::chrono;
  const year_month_day date{year{load<std::uint16_t>(at)}, month{load<std::uint8_t>(at + 2)},
                            day{load<std::uint8_t>(at + 3)}};
  if (!date.ok()) return std::numeric_limits<double>::quiet_NaN();
  return 86400.0 * static_cast<double>(sys_days{date}.time_since_epoch().count());
}

std::string zone_of(std::string_view local, double unix_time) {
  using namespace std::chrono;
  if (local.size() < 19 || !std::isfinite(unix_time)) return {};
  std::array<int, 6> part{};
  constexpr std::array<std::size_t, 6> at = {0, 5, 8, 11, 14, 17}, digits = {4, 2, 2, 2, 2, 2};
  for (std::size_t k = 0; k < part.size(); ++k) {
    const char* first = local.data() + at[k];
    const auto [stop, fault] = std::from_chars(first, first + digits[k], part[k]);
    if (fault != std::errc() || stop != first + digits[k]) return {};
  }
  const year_month_day date{year{part[0]}, month{static_cast<unsigned>(part[1])}, day{static_cast<unsigned>(part[2])}};
  if (!date.ok()) return {};
  const double as_utc = 86400.0 * static_cast<double>(sys_days{date}.time_since_epoch().count()) + 3600.0 * part[3] +
                        60.0 * part[4] + part[5];
  constexpr double quarter = 900.0, slack = 300.0, widest = 14.0 * 3600.0; // zones are whole quarters of an hour
  const double ahead = as_utc - unix_time, zone = quarter * std::round(ahead / quarter);
  if (std::abs(zone) > widest || std::abs(ahead - zone) > slack) return {};
  const auto minutes = static_cast<long>(std::abs(zone) / 60.0);
  return fmt::format("UTC{}{:02}:{:02}", zone < 0.0 ? '-' : '+', minutes / 60, minutes % 60);
}

} // namespace platen::neware
