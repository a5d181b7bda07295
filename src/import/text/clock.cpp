#include "import/text/clock.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::text {
namespace {

constexpr double day = 86400.0;
constexpr double shortest_pause = 2.0; // s; dates are often whole seconds, so less than this is rounding

void to_si(TextColumn& column) {
  if (column.kind != Kind::number || column.in_si) return; // durations are in s already
  for (double& v : column.values) v = v * column.unit.factor + column.unit.offset;
}

/// Dates as numbers: seconds or milliseconds since 1970, or a spreadsheet's days since 1899-12-30.
/// @returns whether they are a wall clock's, which counts of seconds since 1970 are not.
bool dates_to_seconds(TextColumn& column) {
  if (column.kind != Kind::number) return true;
  const auto first =
      std::find_if(column.values.begin(), column.values.end(), [](double v) { return std::isfinite(v); });
  if (first == column.values.end()) return false;
  const double size = std::abs(*first);
  const double scale = size > 1e11 ? 1e-3 : size < 1e6 ? day : 1.0;
  const double offset = size < 1e6 ? -25569.0 * day : 0.0;
  for (double& v : column.values) v = v * scale + offset;
  return size < 1e6;
}

/// A column "Date" of midnights beside a column "Time" of clock times is one clock; crossing midnight then
/// needs no care.
bool is_date_and_time_of_day(const TextColumn* date, const TextColumn* time) {
  if (date == nullptr || time == nullptr || date->kind != Kind::date || time->kind != Kind::duration)
    return false;
  const auto& t = time->values;
  return std::all_of(date->values.begin(), date->values.end(),
                     [](double v) { return std::fmod(v, day) == 0.0; }) &&
         std::all_of(t.begin(), t.end(), [](double v) { return v >= 0.0 && v < day; });
}

std::vector<char> step_begins(const TextTable& table) {
  std::vector<char> out(table.rows, 0);
  for (const std::string_view name : {col::step_index, col::step_count}) {
    const TextColumn* column = table.find(name);
    if (column == nullptr) continue;
    for (std::size_t i = 1; i < table.rows; ++i)
      if (column->values[i] != column->values[i - 1]) out[i] = 1;
  }
  return out;
}

double median_forward_step(const std::vector<double>& t) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < t.size(); ++i)
    if (t[i] > t[i - 1]) steps.push_back(t[i] - t[i - 1]);
  if (steps.empty()) return 0.0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// A column called only "Time" is step time when it falls back exactly where steps begin, or always to the
/// first sample of a step: to zero, or to one sampling interval from ten times as much.
bool is_step_time(const TextTable& table, const TextColumn& column) {
  if (column.rank < 50) return false;
  const auto& t = column.values;
  if (std::adjacent_find(t.begin(), t.end(), [](double before, double now) { return !(now >= before); }) == t.end()) return false;
  const std::vector<char> begins = step_begins(table);
  const double interval = median_forward_step(column.values);
  bool any = false;
  for (std::size_t i = 1; i < table.rows; ++i) {
    const double before = column.values[i - 1], now = column.values[i];
    if (now >= before) continue;
    any = true;
    const bool restart = now == 0.0 || (now <= interval && now <= 0.1 * before);
    if (begins[i] == 0 && !restart) return false;
  }
  return any;
}

/// Dates finer than a second are a better clock than steps put end to end.
bool has_fractions(const std::vector<double>& unix) {
  return std::any_of(unix.begin(), unix.end(),
                     [](double t) { return std::isfinite(t) && t != std::floor(t); });
}

std::vector<double> chain_steps(const TextTable& table, const std::vector<double>& step,
                                const std::vector<double>& unix, std::size_t& pauses) {
  const std::vector<char> begins = step_begins(table);
  std::vector<double> out(step.size());
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (i == 0) {
      out[i] = step[i];
      continue;
    }
    const bool new_step = begins[i] != 0 || step[i] < step[i - 1];
    double passed = new_step ? step[i] : step[i] - step[i - 1];
    if (new_step && !unix.empty() && unix[i] - unix[i - 1] > passed + shortest_pause) {
      passed = unix[i] - unix[i - 1];
      ++pauses;
    }
    out[i] = out[i - 1] + passed;
  }
  return out;
}

/// Holds a time without a unit against the dates. @returns seconds per unit of it, 0 when the dates cannot
/// tell.
double unit_from_dates(const std::vector<double>& time, const std::vector<double>& unix) {
  if (unix.empty() || time.size() < 2) return 0.0;
  const double passed = time.back() - time.front();
  const double ratio = (unix.back() - unix.front()) / passed;
  for (const double unit : {1.0, 60.0, 3600.0, 1e-3})
    if (passed > 0.0 && std::abs(ratio / unit - 1.0) < 0.02) return unit;
  return 0.0;
}

void settle_time_unit(TextColumn& column, const std::vector<double>& unix, Diagnostics& notes,
                      const Place& place) {
  if (!column.unit_assumed || column.kind != Kind::number) return;
  const double unit = unit_from_dates(column.values, unix);
  if (unit == 0.0) return;
  column.unit_assumed = false;
  column.unit.factor = unit;
  if (unit == 1.0) return;
  notes.warning(
      "D013", fmt::format("`{}` has no unit; by the dates beside it one is {} s", column.heading.raw, unit),
      place,
      {fmt::format("if that is wrong: [columns] \"{}\" = {{ column = \"test_time\", unit = \"s\" }}",
                   column.heading.raw)});
}

void report_backward(const TextTable& table, const std::vector<double>& time, std::string_view what,
                     Diagnostics& notes) {
  std::size_t count = 0; // without a branch, since it is nearly always 0
  for (std::size_t i = 1; i < time.size(); ++i) count += time[i] < time[i - 1] ? 1 : 0;
  if (count == 0) return;
  const auto fall = std::adjacent_find(time.begin(), time.end(), [](double before, double now) { return now < before; });
  const std::size_t first = static_cast<std::size_t>(fall - time.begin()) + 1;
  notes.warning(
      "D011",
      fmt::format("{} runs backwards {} time{}; first from {:.6g} s to {:.6g} s", what, count,
                  count == 1 ? "" : "s", time[first - 1], time[first]),
      Place{table.file, table.line_of(first), 0, 1, {}},
      {"the rows are kept in the order of the file; integrals over time are not to be trusted there"});
}

} // namespace

Clock build_clock(TextTable& table, std::optional<double> start, Diagnostics& notes) {
  Clock out;
  TextColumn* date = table.find(col::unix_time);
  TextColumn* time = table.find(col::test_time);
  TextColumn* step = table.find(col::step_time);
  if (date != nullptr) {
    out.local = dates_to_seconds(*date) && !table.zoned_dates;
    out.unix = date->values;
  }
  if (time != nullptr && is_date_and_time_of_day(date, time)) {
    for (std::size_t i = 0; i < table.rows; ++i) out.unix[i] += time->values[i];
    time = nullptr;
  }
  if (time != nullptr && step == nullptr && is_step_time(table, *time)) {
    step = time;
    time = nullptr;
  }
  if (step != nullptr) {
    if (time != nullptr && time->unit_assumed && step->unit_assumed) {
      settle_time_unit(*time, out.unix, notes, table.header_place());
      step->unit_assumed = time->unit_assumed;
      step->unit = time->unit;
    }
    to_si(*step);
    out.step = step->values;
  }
  if (time != nullptr) {
    settle_time_unit(*time, out.unix, notes, table.header_place());
    to_si(*time);
    out.test = std::move(time->values);
    time->kind = Kind::skip; // it is the clock now
  } else if (step != nullptr && !has_fractions(out.unix)) {
    std::size_t pauses = 0;
    out.test = chain_steps(table, out.step, out.unix, pauses);
    notes.warning(
        "D016",
        fmt::format("`{}` is the time within a step; test time was made by putting the steps end to end{}",
                    step->heading.raw,
                    pauses > 0 ? fmt::format(", with {} pauses taken from the dates", pauses)
                               : std::string()),
        table.header_place(), {"export the total (cumulative) time as well to be exact to the sample"});
  } else if (date != nullptr) {
    out.test = out.unix;
    out.from_dates = true;
    for (double& t : out.test) t -= out.unix.front();
  } else {
    throw Error(
        "D007", "the file has no column of time", table.header_place(),
        {table.guess(),
         fmt::format(
             "name it in the cell file: [columns] \"{}\" = {{ column = \"test_time\", unit = \"s\" }}",
             table.columns.empty() ? "Heading" : table.columns.front().heading.raw)});
  }
  if (out.unix.empty() && start && time != nullptr) {
    out.unix.reserve(out.test.size());
    out.local = true;
    for (const double t : out.test) out.unix.push_back(t + *start);
  }
  report_backward(table, out.test, "test time", notes);
  return out;
}

} // namespace platen::text
