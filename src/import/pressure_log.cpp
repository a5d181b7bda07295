#include "import/pressure_log.hpp"

#include "base/file.hpp"
#include "import/text/clock.hpp"
#include "import/text/encoding.hpp"
#include "import/text/table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace platen {
namespace {

using text::TextColumn;
using text::TextTable;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double intervals_bridged = 5.0;

bool is_load(const Dimension& d) { return d == dim::pressure || d == dim::force || d == dim::voltage; }

/// The column of the load: mapped or known by its heading; else the only one in a unit of pressure or force,
/// or in volts where the log is said to be in volts; else the only column of numbers that is left.
TextColumn& load_column(TextTable& table, bool volts) {
  if (TextColumn* c = table.find(col::stack_pressure)) return *c;
  std::vector<TextColumn*> loads, numbers;
  for (TextColumn& c : table.columns) {
    if (c.kind != text::Kind::number || c.column == col::test_time || c.column == col::unix_time ||
        c.column == col::step_time)
      continue;
    numbers.push_back(&c);
    const bool fits = c.unit_known && (c.unit.dimension == dim::pressure || c.unit.dimension == dim::force ||
                                       (volts && c.unit.dimension == dim::voltage));
    if (fits) loads.push_back(&c);
  }
  if (loads.size() == 1) return *loads.front();
  if (loads.empty() && numbers.size() == 1) return *numbers.front();
  throw Error(
      "D085",
      loads.empty() ? "the load-cell log has no column of pressure or force"
                    : "the load-cell log has several columns of pressure or force",
      table.header_place(),
      {"say which: [pressure_log.columns] \"Heading\" = { column = \"stack_pressure\", unit = \"N\" }"});
}

/// What turns a number of the log into Pa.
Unit load_unit(const PressureLog& log, const TextColumn& column, std::optional<double> area,
               const Place& header) {
  std::optional<Unit> unit;
  if (!log.unit.empty())
    unit = text::read_unit(log.unit, dim::pressure);
  else if (column.unit_known)
    unit = column.unit;
  if (!unit || !is_load(unit->dimension))
    throw Error("D086", fmt::format("the unit of `{}` in the load-cell log is not known", column.heading.raw),
                header, {"say it in the cell file: [pressure_log] unit = \"MPa\" (or N, kgf, lbf, V)"});
  Unit out = *unit;
  if (out.dimension == dim::voltage) {
    if (!log.gain)
      throw Error("D084", "a log in volts needs the load cell's `gain`", header,
                  {"in the cell file: [pressure_log] gain = \"445 N/V\""});
    out.factor *= *log.gain;
    out.dimension = dim::force;
  }
  if (out.dimension == dim::force) {
    if (!area || *area <= 0.0)
      throw Error("D087",
                  "the load-cell log holds a force; the area of the cell is needed to make it a pressure",
                  header, {"in the cell file: area = \"0.785 cm2\""});
    out.factor /= *area;
  }
  return out;
}

double median_interval(const std::vector<double>& time) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < time.size(); ++i)
    if (time[i] > time[i - 1]) steps.push_back(time[i] - time[i - 1]);
  if (steps.empty()) return 0.0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

void warn(Record& record, std::string code, std::string message, Place place,
          std::vector<std::string> hints = {}) {
  record.warnings.push_back(
      {Severity::warning, std::move(code), std::move(message), std::move(place), std::move(hints)});
}

/// Rows without a number are dropped, and so are rows at which the log's clock has not passed its latest
/// time.
void keep_rising(LoadLog& log, const TextTable& table, Record& record) {
  LoadLog out;
  out.dated = log.dated;
  std::size_t dropped = 0, first = 0;
  for (std::size_t i = 0; i < log.time.size(); ++i) {
    if (!std::isfinite(log.value[i]) || !std::isfinite(log.time[i])) continue;
    if (!out.time.empty() && log.time[i] <= out.time.back()) {
      if (dropped++ == 0) first = i;
      continue;
    }
    out.time.push_back(log.time[i]);
    out.value.push_back(log.value[i]);
  }
  if (dropped > 0)
    warn(record, "D091",
         fmt::format("{} rows of the load-cell log do not come after the rows before them and were left out",
                     dropped),
         Place{table.file, table.line_of(first), 0, 1, {}},
         {"a clock set back (end of summer time) looks like this"});
  log = std::move(out);
}

Error no_common_time(const LoadLog& log, std::span<const double> axis, const Place& place) {
  const auto [low, high] = std::minmax_element(axis.begin(), axis.end());
  return Error(
      "D090",
      fmt::format("the load-cell log and the data have no time in common: log {:.6g} to {:.6g} s, data "
                  "{:.6g} to {:.6g} s{}",
                  log.time.front(), log.time.back(), *low, *high, log.dated ? " since 1970" : ""),
      place,
      {"check `clock_offset` in [pressure_log]: it is added to the log's time to get the time of the data"});
}

} // namespace

std::vector<double> resample(const LoadLog& log, std::span<const double> at, double longest_gap) {
  std::vector<double> out(at.size(), nan);
  std::size_t k = 0; // log.time[k] <= at[i] < log.time[k + 1]
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double t = at[i];
    if (log.time.empty() || !(t >= log.time.front()) || !(t <= log.time.back())) continue;
    const bool near = log.time[k] <= t && (k + 8 >= log.time.size() || t < log.time[k + 8]);
    if (!near)
      k = static_cast<std::size_t>(std::upper_bound(log.time.begin(), log.time.end(), t) - log.time.begin()) -
          1;
    while (k + 1 < log.time.size() && log.time[k + 1] <= t) ++k;
    if (log.time[k] == t) {
      out[i] = log.value[k];
      continue;
    }
    const double gap = log.time[k + 1] - log.time[k];
    if (gap > longest_gap) continue;
    const double share = (t - log.time[k]) / gap;
    out[i] = log.value[k] + share * (log.value[k + 1] - log.value[k]);
  }
  return out;
}

LoadLog read_load_log(const PressureLog& log, std::optional<double> area, Record& record,
                      const work::Task& task) {
  const std::string name = log.file.string();
  std::string bytes = read_file(log.file);
  record.provenance.sources.push_back({name, sha256(bytes)});
  if (text::looks_binary(bytes))
    throw Error("D088", "the load-cell log is not a text file", Place{name, 0, 0, 1, {}},
                {"export it as CSV with a column of time and one of load"});
  const text::Decoded decoded = text::decode(std::move(bytes));
  TextTable table = text::read_table(decoded.text, name, {log.columns, {}, true}, task);
  if (table.refused > 0)
    warn(record, "D010",
         fmt::format("{} of {} lines of the load-cell log refused; the first: {}", table.refused,
                     table.refused + table.rows, table.rejects.front().reason),
         table.rejects.front().place);
  const std::optional<Unit> stated = text::read_unit(log.unit, dim::pressure);
  TextColumn& column = load_column(table, stated && stated->dimension == dim::voltage);
  const Unit unit = load_unit(log, column, area, table.header_place());

  LoadLog out;
  out.value = column.values;
  for (double& v : out.value) v = (v - log.zero.value_or(0.0)) * unit.factor + unit.offset;
  Diagnostics notes;
  text::Clock clock = text::build_clock(table, std::nullopt, notes);
  // Dates tie two clocks together; two counts from zero do not, since two instruments never start at once.
  out.dated = clock.from_dates || (!clock.unix.empty() && record.has(col::unix_time));
  out.time = out.dated ? std::move(clock.unix) : std::move(clock.test);
  for (double& t : out.time) t += log.clock_offset;
  keep_rising(out, table, record);
  if (out.time.empty())
    throw Error("D085", "the load-cell log has no row with a time and a load", table.header_place(),
                {table.guess()});
  return out;
}

void join_pressure_log(Record& record, const PressureLog& log, const work::Task& task) {
  const LoadLog load = read_load_log(log, record.cell.area, record, task);
  const Place place{log.file.string(), 0, 0, 1, {}};
  if (load.dated && !record.has(col::unix_time))
    throw Error(
        "D089", "the load-cell log has dates, the data have none to hold them against", place,
        {"give the log a column of seconds, or export the data with absolute times",
         "or make the log's times seconds since the start and say the difference: clock_offset = \"10 s\""});
  const std::span<const double> axis =
      std::as_const(record).real(load.dated ? col::unix_time : col::test_time);
  std::vector<double> pressure = resample(load, axis, intervals_bridged * median_interval(load.time));
  const auto missing = static_cast<std::size_t>(
      std::count_if(pressure.begin(), pressure.end(), [](double p) { return std::isnan(p); }));
  if (missing == pressure.size()) throw no_common_time(load, axis, place);
  if (missing > 0)
    warn(record, "D092",
         fmt::format(
             "{} of {} rows have no pressure: they lie outside the load-cell log or in one of its gaps",
             missing, pressure.size()),
         place);
  if (const Column* own = record.find(col::stack_pressure)) {
    Column kept = *own;
    kept.name = "stack_pressure_instrument";
    record.set(std::move(kept));
    warn(record, "D093",
         "the data have a stack pressure of their own, kept as `stack_pressure_instrument`; the load-cell "
         "log was taken",
         place);
  }
  record.set(col::stack_pressure, std::move(pressure));
}

} // namespace platen
