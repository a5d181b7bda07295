#include "import/pressure_log.hpp"

#include "import/load/zone.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace platen {
namespace {

constexpr double intervals_bridged = 5.0;
constexpr std::string_view zone_key = "time zone";

void warn(Record& record, std::string code, std::string message, Place place,
          std::vector<std::string> hints = {}) {
  record.warnings.push_back(
      {Severity::warning, std::move(code), std::move(message), std::move(place), std::move(hints)});
}

/// Whether the dates of the data are a wall clock's that does not say its zone.
bool has_local_dates(const Record& record) {
  if (!record.has(col::unix_time)) return false;
  const auto zone = record.metadata.find(std::string(zone_key));
  if (zone != record.metadata.end()) return zone->second.starts_with("not in the file");
  return std::any_of(record.warnings.begin(), record.warnings.end(),
                     [](const Diagnostic& d) { return d.code == "D045"; });
}

Error no_common_time(const JoinedLog& joined, std::span<const double> axis, const Place& place) {
  const auto [low, high] = std::minmax_element(axis.begin(), axis.end());
  const std::vector<double>& time = joined.load.log.time;
  return Error(
      "D090",
      fmt::format("the load-cell log and the data have no time in common: log {:.6g} to {:.6g} s, data "
                  "{:.6g} to {:.6g} s{}",
                  joined.clock.to_data(time.front()), joined.clock.to_data(time.back()), *low, *high,
                  joined.axis == col::unix_time ? " since 1970" : ""),
      place,
      {"check `clock_offset` in [pressure_log]: it is added to the log's time to get the time of the data",
       "in a full cell the offset can be found: clock = \"auto\""});
}

/// The zones of both clocks, as far as they are said.
void settle_zones(Record& record, const LoadLog& load, const Place& place) {
  const bool local = has_local_dates(record);
  if (!load.zone.empty() && local) {
    apply_zone(record, load.zone);
    warn(
        record, "D414",
        fmt::format("the dates of the data say no zone; like those of the load-cell log they were read as {}",
                    load.zone),
        place, {"if that is wrong, say it at the top of the cell file: zone = \"...\""});
  }
  if (load.local && record.has(col::unix_time) && !local)
    warn(record, "D415",
         "the dates of the load-cell log say no zone and were taken for UTC, those of the data say theirs",
         place, {"say it: [pressure_log] zone = \"Europe/Berlin\""});
}

align::ClockMap stated_clock(const PressureLog& settings, const align::Log& log) {
  return {settings.clock_offset, settings.clock_drift, log.time.front()};
}

void find_clock(JoinedLog& joined, const Record& record, const PressureLog& settings, const Place& place) {
  align::Question question;
  question.configuration = record.cell.configuration;
  question.place = place;
  if (settings.has_offset || joined.axis == col::unix_time) question.around = settings.clock_offset;
  question.within = settings.clock_search;
  joined.estimate = align::estimate(joined.load.log, align::course_of(record, joined.axis), question);
  const align::Estimate& e = *joined.estimate;
  joined.clock = e.clock;
  joined.method = align::label(e.follows);
  joined.rests_on =
      fmt::format("{} readings; the pressure follows the {} by {:.3g} MPa with a noise of {:.3g} MPa",
                  e.readings, joined.method, e.swing * 1e-6, e.noise * 1e-6);
}

void state_clock(JoinedLog& joined, const PressureLog& settings) {
  joined.clock = stated_clock(settings, joined.load.log);
  joined.method = "stated";
  const std::string offset = settings.has_offset ? "the stated offset" : "both clocks as they are";
  joined.rests_on =
      joined.axis != col::unix_time ? fmt::format("seconds of both clocks and {}", offset)
      : joined.load.zone.empty()
          ? fmt::format("time stamps of both clocks and {}", offset)
          : fmt::format("time stamps of both clocks, the log's as of {}, and {}", joined.load.zone, offset);
}

void write_metadata(Record& record, const JoinedLog& joined) {
  auto& m = record.metadata;
  m["pressure log clock"] = fmt::format("{}: {}", joined.method, joined.rests_on);
  m["pressure log offset"] = fmt::format("{:.9g} s at {:.9g} s of the log's clock, against {}",
                                         joined.clock.offset, joined.clock.pivot, joined.axis);
  m["pressure log drift"] = fmt::format("{:.6g} s/s", joined.clock.drift);
  if (!joined.estimate) return;
  m["pressure log offset uncertainty"] =
      fmt::format("{:.4g} s (one standard deviation)", joined.estimate->offset_sigma);
  m["pressure log drift uncertainty"] =
      fmt::format("{:.4g} s/s (one standard deviation)", joined.estimate->drift_sigma);
}

/// Test time of a time on `axis`: the nearest row's, as far away from it as on the axis.
double test_time_of(const Record& record, std::string_view axis, double at) {
  if (axis == col::test_time) return at;
  const auto unix = record.real(axis), test = record.real(col::test_time);
  std::size_t nearest = 0;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < unix.size(); ++i)
    if (std::abs(unix[i] - at) < distance) {
      distance = std::abs(unix[i] - at);
      nearest = i;
    }
  return test[nearest] + at - unix[nearest];
}

void add_events(Record& record, JoinedLog& joined, std::size_t jumps_shown) {
  const Record& read = record;
  std::vector<align::Jump> jumps = align::find_jumps(joined.load.log);
  if (jumps.size() > jumps_shown) jumps.resize(jumps_shown);
  for (align::Jump& jump : jumps) {
    jump.time = joined.clock.to_data(jump.time);
    record.events.push_back({test_time_of(read, joined.axis, jump.time), "re-tightened",
                             fmt::format("the pressure jumped by {:+.3g} MPa", jump.size * 1e-6)});
  }
  std::stable_sort(record.events.begin(), record.events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
  joined.retightened = std::move(jumps);
}

void set_pressure(Record& record, std::vector<double> pressure, const Place& place) {
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

/// The log on the clock of `axis`.
align::Log on_axis(const JoinedLog& joined) {
  align::Log out = joined.load.log;
  for (double& t : out.time) t = joined.clock.to_data(t);
  return out;
}

} // namespace

bool apply_zone(Record& record, const std::string& zone) {
  const auto said = record.metadata.find(std::string(zone_key));
  if (!zone.empty() && said != record.metadata.end() && said->second.starts_with("not in the file"))
    for (Spectrum& s : record.spectra)
      if (std::isfinite(s.unix_time)) s.unix_time = load::to_utc(std::span(&s.unix_time, 1), zone, 0.0).utc.front();
  if (zone.empty() || !has_local_dates(record)) return false;
  const auto unix = std::as_const(record).real(col::unix_time);
  load::Zoned zoned = load::to_utc(unix, zone, align::usual_interval(unix));
  const std::size_t odd = zoned.skipped + zoned.doubtful + zoned.holes;
  record.set(col::unix_time, std::move(zoned.utc));
  record.metadata[std::string(zone_key)] = zone;
  if (odd > 0)
    warn(record, "D416",
         fmt::format("the dates of the data do not pass the change of the clocks of {} as its clocks do; "
                     "around it they may "
                     "be an hour wrong",
                     zone),
         Place{}, {"an instrument without summer time: name a zone without it, zone = \"Etc/GMT+8\""});
  return true;
}

JoinedLog join_pressure_log(Record& record, const PressureLog& settings, const std::string& zone,
                            const work::Task& task) {
  constexpr std::size_t jumps_shown = 1000;
  JoinedLog joined;
  const Place place{settings.file.string(), 0, 0, 1, {}};
  joined.load = read_load_log(settings, {record.cell.area, zone}, record, task);
  const bool automatic = settings.clock == LogClock::automatic;
  if (joined.load.log.dated && !automatic && !record.has(col::unix_time))
    throw Error(
        "D089", "the load-cell log has dates, the data have none to hold them against", place,
        {"give the log a column of seconds, or export the data with absolute times",
         "or make the log's times seconds since the start and say the difference: clock_offset = \"10 s\"",
         "in a full cell the offset can be found: clock = \"auto\""});
  if (joined.load.log.dated) settle_zones(record, joined.load, place);
  joined.axis = joined.load.log.dated && record.has(col::unix_time) ? col::unix_time : col::test_time;
  if (automatic)
    find_clock(joined, record, settings, place);
  else
    state_clock(joined, settings);
  const std::span<const double> axis = std::as_const(record).real(joined.axis);
  const align::Log log = on_axis(joined);
  const double longest = intervals_bridged * align::usual_interval(log.time);
  std::vector<double> pressure = align::resample(log, axis, longest);
  joined.rows = pressure.size();
  joined.gaps = align::find_gaps(log, longest);
  const auto missing = static_cast<std::size_t>(
      std::count_if(pressure.begin(), pressure.end(), [](double p) { return std::isnan(p); }));
  joined.rows_with_pressure = joined.rows - missing;
  if (missing == pressure.size()) throw no_common_time(joined, axis, place);
  if (missing > 0)
    warn(record, "D092",
         fmt::format(
             "{} of {} rows have no pressure: they lie outside the load-cell log, in one of its gaps, or "
             "beside readings that are missing",
             missing, pressure.size()),
         place);
  set_pressure(record, std::move(pressure), place);
  write_metadata(record, joined);
  add_events(record, joined, jumps_shown);
  if (joined.estimate)
    warn(record, "D417",
         fmt::format("the clock of the load-cell log was found from the data: offset {:.6g} +- {:.2g} s, "
                     "drift {:.3g} +- "
                     "{:.2g} ppm; it rests on {}",
                     joined.clock.offset, joined.estimate->offset_sigma, joined.clock.drift * 1e6,
                     joined.estimate->drift_sigma * 1e6, joined.rests_on),
         place, {"`platen align` draws the log against the data, so that you can judge"});
  return joined;
}

} // namespace platen
