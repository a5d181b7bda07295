// A load-cell log in Pa over its own clock.

#include "base/file.hpp"
#include "import/load/reading.hpp"
#include "import/load/zone.hpp"
#include "import/pressure_log.hpp"
#include "import/text/clock.hpp"
#include "import/text/encoding.hpp"
#include "import/text/table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace platen {
namespace {

using text::TextColumn;
using text::TextTable;

constexpr double room_temperature = 298.15; // K

bool is_load(const Dimension& d) { return d == dim::pressure || d == dim::force || d == dim::voltage; }

class LogReader {
public:
  LogReader(std::string bytes, const PressureLog& settings, const LogContext& context, Record& record,
            const work::Task& task)
      : settings_(settings), context_(context), record_(record), name_(settings.file.string()) {
    if (text::looks_binary(bytes))
      throw Error("D088", "the load-cell log is not a text file", Place{name_, 0, 0, 1, {}},
                  {"export it as CSV with a column of time and one of load"});
    const text::Decoded decoded = text::decode(std::move(bytes));
    table_ = text::read_table(decoded.text, name_,
                              {settings.columns, {}, true, settings.decimal, settings.day_first}, task);
  }

  LoadLog read() {
    note_layout();
    const std::vector<TextColumn*> channels = find_channels();
    read_clock();
    read_temperature();
    for (TextColumn* channel : channels) add_channel(*channel);
    note_losses();
    keep_rising();
    if (out_.log.time.empty())
      throw Error("D085", "the load-cell log has no row with a time and a load", table_.header_place(),
                  {table_.guess()});
    return std::move(out_);
  }

private:
  void warn(std::string code, std::string message, Place place, std::vector<std::string> hints = {}) {
    record_.warnings.push_back(
        {Severity::warning, std::move(code), std::move(message), std::move(place), std::move(hints)});
  }
  Place row_place(std::size_t row) const { return {name_, table_.line_of(row), 0, 1, {}}; }

  void note_layout() {
    if (table_.refused > 0) {
      warn("D010",
           fmt::format("{} of {} lines of the load-cell log refused; the first: {}", table_.refused,
                       table_.refused + table_.rows, table_.rejects.front().reason),
           table_.rejects.front().place);
      for (Reject& r : table_.rejects)
        if (record_.rejects.size() < Record::kept_rejects) record_.rejects.push_back(std::move(r));
    }
    if (table_.dialect.doubtful_decimal)
      warn("D021",
           "every comma in the numbers could also be a thousands mark; it was taken as the decimal mark",
           table_.header_place(), {"say it in the cell file: [pressure_log] decimal = \".\""});
    if (table_.doubtful_date)
      warn("D015",
           fmt::format("day and month of the dates could also be the other way round; {} was taken",
                       table_.date_order == text::DateOrder::month_first ? "month/day/year"
                                                                         : "day.month.year"),
           table_.header_place(), {"say it in the cell file: [pressure_log] dates = \"day first\""});
    if (table_.dialect.header_line > 0) return;
    std::vector<std::string> taken;
    for (const TextColumn& c : table_.columns)
      if (!c.column.empty()) taken.push_back(fmt::format("`{}` is the {}", c.heading.raw, c.column));
    warn("D407", fmt::format("the load-cell log has no headings; by their looks {}", fmt::join(taken, ", ")),
         row_place(0),
         {"name them in the cell file: [pressure_log.columns] \"column 1\" = { column = \"test_time\", unit "
          "= \"s\" }"});
  }

  std::vector<TextColumn*> find_channels() {
    if (settings_.channels.empty()) return {&load_column()};
    std::vector<TextColumn*> out;
    for (const std::string& wanted : settings_.channels) {
      const std::string key = text::heading_key(wanted);
      const auto found = std::find_if(table_.columns.begin(), table_.columns.end(), [&](const TextColumn& c) {
        return c.heading.raw == wanted || c.heading.name == wanted || text::heading_key(c.heading.raw) == key;
      });
      if (found == table_.columns.end() || found->kind != text::Kind::number) {
        std::vector<std::string> headings;
        for (const TextColumn& c : table_.columns)
          if (c.kind == text::Kind::number) headings.push_back(c.heading.raw);
        throw Error(
            "D404",
            fmt::format("`channels` names `{}`, which is no column of numbers in the load-cell log", wanted),
            table_.header_place(), {fmt::format("it has: {}", fmt::join(headings, ", "))});
      }
      out.push_back(&*found);
    }
    return out;
  }

  /// The column of the load: mapped or known by its heading; else the only one in a unit of pressure or
  /// force, or in volts where the log is said to be in volts; else the only column of numbers that is left.
  TextColumn& load_column() {
    if (TextColumn* c = table_.find(col::stack_pressure)) return *c;
    const auto stated = text::read_unit(settings_.cell.unit, dim::pressure);
    const bool volts = stated && stated->dimension == dim::voltage;
    std::vector<TextColumn*> loads, numbers;
    for (TextColumn& c : table_.columns) {
      if (c.kind != text::Kind::number || c.column == col::test_time || c.column == col::unix_time ||
          c.column == col::step_time || c.column == col::temperature)
        continue;
      numbers.push_back(&c);
      const bool fits =
          c.unit_known && (c.unit.dimension == dim::pressure || c.unit.dimension == dim::force ||
                           (volts && c.unit.dimension == dim::voltage));
      if (fits) loads.push_back(&c);
    }
    if (loads.size() == 1) return *loads.front();
    if (loads.empty() && numbers.size() == 1) return *numbers.front();
    std::vector<std::string> headings;
    for (const TextColumn* c : loads.empty() ? numbers : loads)
      headings.push_back(fmt::format("\"{}\"", c->heading.raw));
    throw Error(
        "D085",
        loads.empty() ? "the load-cell log has no column of pressure or force"
                      : "the load-cell log has several columns of pressure or force",
        table_.header_place(),
        {"say which: [pressure_log.columns] \"Heading\" = { column = \"stack_pressure\", unit = \"N\" }",
         fmt::format("or name one, or all that carry the stack together: channels = [{}]",
                     fmt::join(headings, ", "))});
  }

  void read_clock() {
    Diagnostics notes;
    text::Clock clock = text::build_clock(table_, std::nullopt, notes);
    for (const Diagnostic& d : notes.items())
      if (d.code != "D011") record_.warnings.push_back(d); // D091 counts the rows of a clock that ran back
    align::Log& log = out_.log;
    // Dates tie two clocks together; two counts from zero do not, since two instruments never start at once.
    log.dated = !clock.unix.empty() && (clock.from_dates || record_.has(col::unix_time));
    log.time = log.dated ? std::move(clock.unix) : std::move(clock.test);
    wall_ = log.time;
    if (!log.dated || !clock.local) return;
    out_.zone = settings_.zone.empty() ? context_.zone : settings_.zone;
    out_.local = out_.zone.empty();
    if (out_.local) return;
    load::Zoned zoned = load::to_utc(wall_, out_.zone, align::usual_interval(wall_));
    log.time = std::move(zoned.utc);
    note_zone(zoned);
  }

  void note_zone(const load::Zoned& zoned) {
    if (zoned.skipped > 0)
      warn("D408",
           fmt::format("{} rows of the load-cell log lie in an hour that the clocks of {} skipped: its clock "
                       "was not put "
                       "forward, and was read on with the offset it had",
                       zoned.skipped, out_.zone),
           row_place(zoned.first_skipped),
           {"for a clock without summer time name a zone without it: zone = \"Etc/GMT+8\""});
    if (zoned.doubtful > 0)
      warn(
          "D409",
          fmt::format(
              "{} rows of the load-cell log lie in an hour that came twice in {} and nothing says which; the "
              "first was taken, they may be an hour later",
              zoned.doubtful, out_.zone),
          row_place(zoned.first_doubtful));
    if (zoned.holes > 0)
      warn("D410",
           fmt::format(
               "an hour that came twice in {} is in the load-cell log once, and an hour is missing after it",
               out_.zone),
           row_place(zoned.first_hole),
           {"for a clock without summer time name a zone without it: zone = \"Etc/GMT+8\""});
  }

  void read_temperature() {
    const TextColumn* c = table_.find(col::temperature);
    if (c == nullptr || c->kind != text::Kind::number) return;
    out_.log.temperature = c->values;
    for (double& T : out_.log.temperature) T = T * c->unit.factor + c->unit.offset;
  }

  const LoadCell& cell_of(const TextColumn& channel) const {
    for (const auto& [name, cell] : settings_.own)
      if (channel.heading.raw == name || channel.heading.name == name) return cell;
    return settings_.cell;
  }

  Unit unit_of(const LoadCell& cell, const TextColumn& column) const {
    std::optional<Unit> unit;
    if (!cell.unit.empty())
      unit = text::read_unit(cell.unit, dim::pressure);
    else if (column.unit_known)
      unit = column.unit;
    if (!unit || !is_load(unit->dimension))
      throw Error("D086",
                  fmt::format("the unit of `{}` in the load-cell log is not known", column.heading.raw),
                  table_.header_place(),
                  {"say it in the cell file: [pressure_log] unit = \"MPa\" (or N, kgf, lbf, V)"});
    if (unit->dimension == dim::voltage && !cell.gain && cell.table.empty())
      throw Error("D084", "a log in volts needs the load cell's `gain` or a `calibration`",
                  table_.header_place(), {"in the cell file: [pressure_log] gain = \"445 N/V\""});
    const bool force = cell.table.empty() ? unit->dimension != dim::pressure : !cell.table_is_pressure;
    if (force && !(context_.area && *context_.area > 0.0))
      throw Error("D087",
                  "the load-cell log holds a force; the area of the cell is needed to make it a pressure",
                  table_.header_place(), {"in the cell file: area = \"0.785 cm2\""});
    return *unit;
  }

  void add_channel(TextColumn& channel) {
    LoadCell cell = cell_of(channel);
    const Unit unit = unit_of(cell, channel);
    bad_ += channel.bad;
    if (channel.bad > 0 && bad_text_.empty()) bad_text_ = channel.bad_text;
    std::vector<double> readings = std::move(channel.values);
    load::drop_lost(readings, cell, losses_);
    double reference = settings_.temperature_reference.value_or(room_temperature);
    if (settings_.zero_interval) take_zero(readings, cell, reference);
    const bool corrected = cell.zero_per_kelvin != 0.0 || cell.span_per_kelvin != 0.0;
    if (corrected && out_.log.temperature.empty())
      throw Error(
          "D406", "the load cell's temperature coefficients need a column of its temperature",
          table_.header_place(),
          {"name it: [pressure_log.columns] \"Heading\" = { column = \"temperature\", unit = \"degC\" }"});
    load::to_pressure(readings, cell, unit, context_.area, out_.log.temperature, reference, losses_);
    std::vector<double>& sum = out_.log.value;
    if (sum.empty()) {
      sum = std::move(readings);
      return;
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += readings[i]; // NaN where one of them is missing
  }

  void take_zero(const std::vector<double>& readings, LoadCell& cell, double& reference) {
    const ZeroInterval& interval = *settings_.zero_interval;
    if (interval.dated && !out_.log.dated)
      throw Error("D405", "`zero_interval` is given as dates, the load-cell log has none",
                  table_.header_place(),
                  {"give it in seconds since the log's first row: zero_interval = [\"0 s\", \"300 s\"]"});
    const double shift = interval.dated ? 0.0 : wall_.front();
    const auto rest =
        load::at_rest(wall_, readings, out_.log.temperature, interval.from + shift, interval.to + shift);
    if (!rest)
      throw Error("D405", "the load-cell log has no reading in `zero_interval`", table_.header_place(),
                  {fmt::format("the log's clock runs over {:.6g} s; dates are those its wall clock shows",
                               wall_.back() - wall_.front())});
    cell.zero = rest->reading;
    if (!settings_.temperature_reference && rest->temperature) reference = *rest->temperature;
    record_.metadata[fmt::format("pressure log zero{}",
                                 zeros_ == 0 ? std::string() : fmt::format(" {}", zeros_ + 1))] =
        fmt::format("{:.8g} in the log's unit, median of `zero_interval`", rest->reading);
    ++zeros_;
  }

  void note_losses() {
    if (losses_.missing > 0)
      warn("D411",
           fmt::format("{} readings of the load-cell log are missing{}", losses_.missing,
                       bad_ > 0 ? fmt::format(", {} of them hold something else (`{}`)", bad_, bad_text_)
                                : std::string()),
           row_place(losses_.first_missing), {"nothing is put in their place"});
    if (losses_.saturated > 0)
      warn("D412",
           fmt::format(
               "{} readings of the load-cell log are saturated and were taken as missing{}",
               losses_.saturated,
               losses_.guessed > 0
                   ? fmt::format(", {} of them because the log stays at its extreme value", losses_.guessed)
                   : std::string()),
           row_place(losses_.first_saturated),
           losses_.guessed > 0 ? std::vector<std::string>{"if they are good, state the range of the load "
                                                          "cell: range = [\"0 N\", \"20 kN\"]"}
                               : std::vector<std::string>{});
    if (losses_.outside > 0)
      warn("D413",
           fmt::format(
               "{} readings of the load-cell log lie outside the `calibration` and were taken as missing",
               losses_.outside),
           row_place(losses_.first_outside), {"a table is not extended: give it more rows"});
  }

  /// Rows at which the log's clock has not passed its latest time are left out.
  void keep_rising() {
    align::Log& log = out_.log;
    const bool warm = !log.temperature.empty();
    std::size_t kept = 0, dropped = 0, first = 0;
    for (std::size_t i = 0; i < log.time.size(); ++i) {
      if (!std::isfinite(log.time[i])) continue;
      if (kept > 0 && log.time[i] <= log.time[kept - 1]) {
        if (dropped++ == 0) first = i;
        continue;
      }
      log.time[kept] = log.time[i];
      log.value[kept] = log.value[i];
      if (warm) log.temperature[kept] = log.temperature[i];
      ++kept;
    }
    log.time.resize(kept);
    log.value.resize(kept);
    if (warm) log.temperature.resize(kept);
    if (dropped > 0)
      warn(
          "D091",
          fmt::format("{} rows of the load-cell log do not come after the rows before them and were left out",
                      dropped),
          row_place(first),
          {out_.local ? "a clock set back (end of summer time) looks like this; with its zone nothing is "
                        "lost: zone = "
                        "\"Europe/Berlin\""
                      : "a clock set back looks like this"});
    if (std::none_of(log.value.begin(), log.value.end(), [](double v) { return std::isfinite(v); }))
      log.time.clear();
  }

  const PressureLog& settings_;
  const LogContext& context_;
  Record& record_;
  std::string name_;
  TextTable table_;
  std::vector<double> wall_; ///< the clock as the log shows it
  LoadLog out_;
  load::Losses losses_;
  std::size_t bad_ = 0, zeros_ = 0;
  std::string bad_text_;
};

} // namespace

LoadLog parse_load_log(std::string bytes, const PressureLog& settings, const LogContext& context,
                       Record& record, const work::Task& task) {
  return LogReader(std::move(bytes), settings, context, record, task).read();
}

LoadLog read_load_log(const PressureLog& settings, const LogContext& context, Record& record,
                      const work::Task& task) {
  std::string bytes = read_file(settings.file);
  record.provenance.sources.push_back({settings.file.string(), sha256(bytes)});
  return parse_load_log(std::move(bytes), settings, context, record, task);
}

} // namespace platen
