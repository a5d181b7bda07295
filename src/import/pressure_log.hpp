#pragma once
// A load-cell log beside the cycler's data becomes the record's stack pressure. docs/formats/pressure-log.md.

#include "align/estimate.hpp"
#include "align/log.hpp"
#include "import/cell_file.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <optional>
#include <string>
#include <vector>

namespace platen {

/// What a log is read with besides its own settings.
struct LogContext {
  std::optional<double> area; ///< of the cell, m2, for logs of force or voltage
  std::string zone;           ///< of dates, where the settings name none; empty: not known
};

/// A log as read, on its own clock.
struct LoadLog {
  align::Log log;
  bool local = false; ///< its dates say no zone and none is known: they were taken for UTC
  std::string zone;   ///< its dates were read as this zone's
};

/// Reads a load-cell log in Pa; warnings go to `record`.
/// @throws Error D001; D006, D008, D009 (as for data files); D084 to D088, D404 to D406; Cancelled.
LoadLog read_load_log(const PressureLog& settings, const LogContext& context, Record& record,
                      const work::Task& task);
/// The same for bytes in memory.
LoadLog parse_load_log(std::string bytes, const PressureLog& settings, const LogContext& context,
                       Record& record, const work::Task& task);

/// How a log was joined: what was decided about its clock, and what came of it.
struct JoinedLog {
  LoadLog load;
  std::string axis;                        ///< column of the record that the log was held against
  std::string method;                      ///< "stated", "plated charge", "step edges"
  std::string rests_on;                    ///< one sentence for people
  align::ClockMap clock;                   ///< from the log's clock to `axis`
  std::optional<align::Estimate> estimate; ///< of an automatic alignment
  std::size_t rows = 0, rows_with_pressure = 0;
  std::vector<align::Gap> gaps;         ///< on the clock of `axis`
  std::vector<align::Jump> retightened; ///< on the clock of `axis`
};

/// Reads the log and joins it on time: `stack_pressure` of `record` is replaced, an instrument's own is kept
/// as `stack_pressure_instrument`. Gaps of more than five sampling intervals (median) stay NaN. What was
/// decided about the clock goes to the metadata ("pressure log ..."), jumps of the load to the events.
/// @param zone of dates without one in the data; empty: not said.
/// @throws as read_load_log; Error D089 (the log has dates, the record has none), D090 (no common time); D420
/// to D427
///   when the clock was to be found and the data cannot tell.
JoinedLog join_pressure_log(Record& record, const PressureLog& settings, const std::string& zone,
                            const work::Task& task);

/// Dates without a zone in the data, read as those of `zone`. Does nothing when the data say their zone.
/// @returns whether it changed the record.
bool apply_zone(Record& record, const std::string& zone);

} // namespace platen
