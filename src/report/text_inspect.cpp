#include "report/report.hpp"

#include "record/suspicions.hpp"
#include "report/format.hpp"
#include "report/summary.hpp"
#include "report/text_columns.hpp"
#include "report/text_plot.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace platen::report {
namespace {

/// "2024-05-17 14:09:11 UTC".
std::string date(double unix_time) {
  using namespace std::chrono;
  if (!(std::abs(unix_time) < 1e11)) return "-";
  const auto second = sys_seconds{seconds{static_cast<std::int64_t>(std::floor(unix_time))}};
  const auto day = floor<days>(second);
  const year_month_day ymd{day};
  const hh_mm_ss time{second - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

void add_count(std::string& out, const std::optional<std::size_t>& count, std::string_view what) {
  if (count) out += fmt::format(", {} {}{}", *count, what, *count == 1 ? "" : "s");
}

std::string headline(const Record& record, const Summary& summary) {
  std::string out = fmt::format("{}, {} rows", record.provenance.format.empty() ? "format not stated" : plain(record.provenance.format), record.rows());
  if (summary.duration) out += " over " + duration(*summary.duration);
  add_count(out, summary.cycles, "cycle");
  add_count(out, summary.steps, "step");
  add_count(out, summary.half_cycles, "half cycle");
  if (!record.spectra.empty()) out += fmt::format(", {} spectr{}", record.spectra.size(), record.spectra.size() == 1 ? "um" : "a");
  out += '\n';
  if (summary.started) out += fmt::format("started {}\n", date(*summary.started));
  return out;
}

/// The unit people read for a channel: a temperature is one of a place, never a difference.
std::string channel_unit(const ChannelSummary& channel) {
  const Column& column = *channel.column;
  if (const ColumnInfo* info = find_column(column.name); info != nullptr && !info->shown_in.empty()) return std::string(info->shown_in);
  return column.unit == "K" ? "degC" : shown_unit(column.unit, std::max(-channel.low, channel.high));
}

std::string channel_value(const ChannelSummary& channel, double si, const std::string& unit) {
  if (!std::isfinite(si)) return "-";
  const Column& column = *channel.column;
  if (column.name == col::unix_time) return date(si);
  if (std::holds_alternative<std::vector<std::int32_t>>(column.values)) return fmt::format("{:.0f}", si);
  return number(unit == column.unit ? si : in_unit(si, unit), 4);
}

/// "Rest, CC Chg, CC DChg", in the order of the numbers behind them.
std::string step_types(const Record& record) {
  if (!record.has(col::step_type)) return {};
  std::set<std::int32_t> types;
  for (const std::int32_t type : record.integer(col::step_type)) types.insert(type);
  std::string out;
  for (const std::int32_t type : types) out += fmt::format("{}{}", out.empty() ? "" : ", ", step_type_label(static_cast<StepType>(type)));
  return "step types: " + out + "\n";
}

std::string channel_rows(const Summary& summary) {
  std::vector<std::vector<std::string>> rows{{"channel", "unit", "lowest", "highest", "missing"}};
  for (const ChannelSummary& channel : summary.channels) {
    const Column& column = *channel.column;
    if (column.name == col::step_type) continue; // words, listed below
    const std::string unit = channel_unit(channel);
    rows.push_back({plain(column.name), unit == "1" || column.name == col::unix_time ? "" : plain(unit), channel_value(channel, channel.low, unit),
                    channel_value(channel, channel.high, unit), channel.missing == 0 ? "" : std::to_string(channel.missing)});
  }
  return rows.size() > 1 ? columns(rows, "llrrr") : "";
}

/// A long series shows its ends.
std::string spectrum_rows(const std::vector<Spectrum>& spectra) {
  if (spectra.empty()) return {};
  std::vector<std::vector<std::string>> rows{{"spectrum", "points", "from Hz", "to Hz", "lowest Z' ohm", "highest Z' ohm", "at h", "label"}};
  std::size_t next = 0;
  for (const RowRange& range : rows_shown(spectra.size(), 5, 3)) {
    if (range.first > next) rows.push_back({"...", "", "", "", "", "", "", ""});
    next = range.last + 1;
    for (std::size_t k = range.first; k <= range.last; ++k) {
      const Spectrum& s = spectra[k];
      if (s.size() == 0) continue;
      const auto [low, high] = std::minmax_element(s.real.begin(), s.real.end());
      rows.push_back({std::to_string(k + 1), std::to_string(s.size()), number(s.frequency.front()), number(s.frequency.back()), number(*low, 4),
                      number(*high, 4), std::isfinite(s.start) ? number(s.start / 3600.0, 4) : "-", plain(s.label)});
    }
  }
  return "\n" + columns(rows, "rrrrrrrl");
}

/// What the instrument was told to do, where its settings were found.
std::string protocol_lines(const Record& record) {
  const auto found = record.metadata.find("protocol");
  if (found == record.metadata.end()) return {};
  std::string out = "\nprotocol\n";
  for (std::size_t at = 0; at < found->second.size();) {
    const std::size_t end = std::min(found->second.find('\n', at), found->second.size());
    out += "  " + plain(found->second.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

std::vector<double> scaled(std::span<const double> si, std::string_view unit) {
  std::vector<double> out(si.begin(), si.end());
  for (double& v : out) v = in_unit(v, unit);
  return out;
}

/// Voltage, current and pressure over time; of a file of spectra alone the first one in the complex plane.
std::string plots(const Record& record) {
  std::string out;
  if (record.rows() > 1 && record.has(col::test_time)) {
    const std::vector<double> hours = scaled(record.real(col::test_time), "h");
    for (const std::string_view name : {col::voltage, col::current, col::stack_pressure}) {
      if (!record.has(name)) continue;
      const ColumnInfo& info = *find_column(name);
      const std::string title = fmt::format("{}, {}", name == col::stack_pressure ? "stack pressure" : name, info.shown_in);
      const std::string plot = plot_run({.title = title, .x_name = "h"}, hours, scaled(record.real(name), info.shown_in));
      if (!plot.empty()) out += "\n" + plot;
    }
  } else if (!record.spectra.empty()) {
    const Spectrum& s = record.spectra.front();
    std::vector<double> up = s.imaginary;
    for (double& v : up) v = -v;
    const std::string plot = plot_points({.title = "-Z'' over Z' of spectrum 1, ohm", .x_name = "ohm", .width = 48, .height = 8}, s.real, up);
    if (!plot.empty()) out += "\n" + plot;
  }
  return out;
}

} // namespace

std::string text_inspect(const Record& record) {
  const Summary summary = summarise(record);
  std::string out = headline(record, summary) + channel_rows(summary) + step_types(record) + spectrum_rows(record.spectra) + text_analyses(record) + protocol_lines(record) +
                    plots(record);
  const std::vector<Diagnostic> doubts = suspicions(record);
  if (!doubts.empty()) out += "\nsuspicious\n";
  for (const Diagnostic& d : doubts) out += fmt::format("  {} [{}]\n", plain(d.message), d.code);
  if (!record.rejects.empty()) out += fmt::format("\n{} lines or records refused; `platen convert --rejects FILE` lists them\n", record.rejects.size());
  return out;
}

} // namespace platen::report
