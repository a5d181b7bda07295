#include "import/load/settings.hpp"

#include "import/load/zone.hpp"
#include "import/mapping.hpp"
#include "import/text/time.hpp"
#include "import/text/units.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::load {
namespace {

using config::Table;

constexpr Dimension force_per_volt = dim::force / dim::voltage;

bool is_load(const Dimension& d) { return d == dim::pressure || d == dim::force || d == dim::voltage; }

/// The keys of one load cell, in [pressure_log] and in [pressure_log.channel."Heading"].
class CellReader {
public:
  CellReader(const Table& table, const LoadCell& inherited) : table_(table), out_(inherited) {
    if (!out_.unit.empty()) unit_ = text::read_unit(out_.unit, dim::pressure);
  }

  LoadCell read() {
    read_unit();
    if (const auto gain =
            table_.optional_quantity({.key = "gain", .dimension = force_per_volt, .unit = "N/V"}))
      out_.gain = gain;
    if (const auto zero = in_readings("zero", 0)) out_.zero = zero;
    if (const auto drift = in_readings("zero_per_kelvin", -1)) out_.zero_per_kelvin = *drift;
    out_.span_per_kelvin =
        table_
            .optional_quantity(
                {.key = "span_per_kelvin", .dimension = dim::none / dim::temperature, .unit = "%/K"})
            .value_or(out_.span_per_kelvin);
    read_range();
    read_table();
    const bool volts = unit_ && unit_->dimension == dim::voltage;
    if (volts && !out_.gain && out_.table.empty() && table_.has("unit") && !table_.has("calibration"))
      faults().error("D084", "a log in volts needs the load cell's `gain` or a `calibration`",
                     table_.value_place("unit"), {"for example: gain = \"445 N/V\""});
    return std::move(out_);
  }

private:
  Diagnostics& faults() const { return table_.diagnostics(); }

  void read_unit() {
    const auto text = table_.optional_text("unit");
    if (!text) return;
    out_.unit = text->value();
    unit_ = text::read_unit(out_.unit, dim::pressure);
    if (unit_ && is_load(unit_->dimension)) return;
    faults().error("D082", fmt::format("`{}` is no unit of a pressure, a force or a voltage", out_.unit),
                   text->place(), {"a load-cell log is in MPa, kPa, bar, N, kN, kgf, lbf, V or mV"});
    unit_.reset();
    bad_unit_ = true;
  }

  /// Whether the unit of the readings is known; says so when it is not.
  bool knows_unit(std::string_view key) const {
    if (unit_) return true;
    if (!bad_unit_)
      faults().error("D083", fmt::format("`{}` needs the log's `unit`, in which it is counted", key),
                     table_.key_place(key), {"add for example: unit = \"lbf\""});
    return false;
  }

  /// A quantity as a number in the unit of the readings. @param kelvins its power of K.
  std::optional<double> in_readings(std::string_view key, int kelvins) const {
    if (!table_.has(key)) return std::nullopt;
    if (!knows_unit(key)) {
      table_.optional_text(key);
      return std::nullopt;
    }
    const Dimension wanted = unit_->dimension * power(dim::temperature, 2 * kelvins);
    const auto si = table_.optional_quantity({.key = key, .dimension = wanted});
    return si ? std::optional(to_reading(*si)) : std::nullopt;
  }

  double to_reading(double si) const { return (si - unit_->offset) / unit_->factor; }

  void read_range() {
    if (!table_.has("range")) return;
    if (!knows_unit("range")) {
      table_.texts("range");
      return;
    }
    const auto range = table_.span({.key = "range", .dimension = unit_->dimension});
    if (!range) return;
    out_.low = to_reading(range->first);
    out_.high = to_reading(range->second);
  }

  void read_table() {
    if (!table_.has("calibration")) return;
    const std::vector<Table> rows = table_.tables("calibration");
    const bool known = knows_unit("calibration");
    std::vector<std::pair<double, double>> out;
    for (const Table& row : rows) {
      if (!known) {
        row.optional_text("reading");
        row.optional_text("load");
        continue;
      }
      const double reading = row.quantity({.key = "reading", .dimension = unit_->dimension});
      const bool pressure = is_pressure(row.written("load"));
      if (&row == &rows.front()) out_.table_is_pressure = pressure;
      const double load =
          row.quantity({.key = "load", .dimension = out_.table_is_pressure ? dim::pressure : dim::force});
      out.emplace_back(to_reading(reading), load);
    }
    if (!known) return;
    const bool rising = std::adjacent_find(out.begin(), out.end(), [](const auto& a, const auto& b) {
                          return !(a.first < b.first);
                        }) == out.end();
    if (out.size() < 2 || !rising)
      faults().error("D401", "a calibration needs two or more rows with rising readings",
                     table_.key_place("calibration"),
                     {"calibration = [{ reading = \"0 mV\", load = \"0 N\" }, { reading = \"10 mV\", load = "
                      "\"4450 N\" }]"});
    if (table_.has("gain"))
      faults().error("D401", "`gain` and `calibration` are two answers to one question",
                     table_.key_place("gain"), {"keep one of them"});
    out_.table = std::move(out);
    out_.gain.reset();
  }

  static bool is_pressure(const std::string& written) {
    return parse_quantity(written, dim::pressure).fault == QuantityFault::none;
  }

  const Table& table_;
  LoadCell out_;
  std::optional<Unit> unit_;
  bool bad_unit_ = false;
};

/// ["600 s", "10 min"] on the log's clock, or two dates as its wall clock shows them.
std::optional<ZeroInterval> read_zero_interval(const Table& table) {
  if (!table.has("zero_interval")) return std::nullopt;
  const std::vector<config::Text> ends = table.texts("zero_interval");
  const auto fault = [&](std::string message, const Place& place) {
    table.diagnostics().error(
        "D402", std::move(message), place,
        {"zero_interval = [\"2022-01-01 10:00\", \"2022-01-01 10:05\"], or [\"0 s\", \"300 s\"] "
         "counted from the log's first row"});
  };
  std::vector<std::pair<double, bool>> read;
  for (const config::Text& end : ends) {
    const auto date = text::parse_date(end.value(), text::DateOrder::day_first);
    const QuantityResult time = parse_quantity(end.value(), dim::time);
    if (date && !text::is_ambiguous_date(end.value()))
      read.emplace_back(*date, true);
    else if (time.fault == QuantityFault::none)
      read.emplace_back(time.quantity.value, false);
    else
      fault(
          fmt::format("`{}` is neither a date (year-month-day hh:mm) nor a time with its unit", end.value()),
          end.place());
  }
  if (read.size() != ends.size()) return std::nullopt;
  if (read.size() != 2 || read[0].second != read[1].second || !(read[0].first < read[1].first)) {
    fault("`zero_interval` needs a beginning and a later end, both dates or both times",
          table.value_place("zero_interval"));
    return std::nullopt;
  }
  if (table.has("zero"))
    fault("`zero` and `zero_interval` are two answers to one question", table.key_place("zero"));
  return ZeroInterval{read[0].first, read[1].first, read[0].second};
}

void read_channels(const Table& table, PressureLog& log) {
  for (const config::Text& name : table.texts("channels")) log.channels.push_back(name.value());
  const Table own = table.table("channel");
  for (const std::string& name : own.keys()) {
    const Table one = own.table(name);
    log.own.emplace(name, CellReader(one, log.cell).read());
    if (std::find(log.channels.begin(), log.channels.end(), name) == log.channels.end())
      table.diagnostics().error("D403",
                                fmt::format("`{}` is not among the `channels` that carry the stack", name),
                                one.place(), {fmt::format("channels = [\"{}\", ...]", name)});
  }
}

void read_layout(const Table& table, PressureLog& log) {
  if (table.has("decimal")) {
    const std::string mark = table.choice("decimal", {".", ","});
    if (!mark.empty()) log.decimal = mark.front();
  }
  if (table.has("dates")) log.day_first = table.choice("dates", {"day first", "month first"}) == "day first";
}

void read_clock(const Table& table, PressureLog& log) {
  const auto time = [&](std::string_view key) {
    return table.optional_quantity({.key = key, .dimension = dim::time, .unit = "s"});
  };
  log.zone = read_zone(table);
  if (table.choice("clock", {"stated", "auto"}, "stated") == "auto") log.clock = LogClock::automatic;
  const auto offset = time("clock_offset");
  log.has_offset = offset.has_value();
  log.clock_offset = offset.value_or(0.0);
  log.clock_drift = table.optional_quantity({.key = "clock_drift", .low = -0.1, .high = 0.1}).value_or(0.0);
  log.clock_search =
      table.optional_quantity({.key = "clock_search", .dimension = dim::time, .unit = "min", .above = 0.0});
}

} // namespace

std::string read_zone(const Table& table) {
  const auto zone = table.optional_text("zone");
  if (!zone) return {};
  if (!is_zone(zone->value()))
    table.diagnostics().error(
        "D400", fmt::format("`{}` is no time zone", zone->value()), zone->place(),
        {"names are those of the IANA table: \"America/Los_Angeles\", \"Europe/Berlin\"; "
         "\"Etc/GMT+8\" is eight hours behind Greenwich all the year"});
  return zone->value();
}

std::optional<PressureLog> read_pressure_log(const Table& table, const std::filesystem::path& folder) {
  if (!table.exists()) return std::nullopt;
  PressureLog log;
  log.file = folder / std::filesystem::path(table.text("file").value());
  log.cell = CellReader(table, {}).read();
  read_channels(table, log);
  log.zero_interval = read_zero_interval(table);
  log.temperature_reference = table.optional_quantity(
      {.key = "temperature_reference", .dimension = dim::temperature, .unit = "degC"});
  read_layout(table, log);
  read_clock(table, log);
  log.columns = read_columns(table.table("columns"), true);
  return log;
}

} // namespace platen::load
