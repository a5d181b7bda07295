#pragma once
// What a measured record gives to a calibration: means of its readings, and the test that it says was done.

#include "calibrate/file.hpp"
#include "numerics/noise_memory.hpp"
#include "record/record.hpp"
#include "study/study.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace platen::calibrate {

/// Between which values an event was seen, SI; `high` infinite: not seen, `low` zero: at once.
struct Seen {
  double low = 0.0, high = std::numeric_limits<double>::infinity();
};

/// Means of one quantity over short stretches, in order of time.
struct Series {
  Observed observed = Observed::voltage;
  std::vector<double> time;     ///< of the study's clock, s
  std::vector<double> measured; ///< SI
  std::vector<double> merged;   ///< readings in each mean
  std::vector<double> readings; ///< their times, s, mean after mean; empty: one each, at `time`
  // of a resistance: the voltage at `time` less that at `before`, over the change of the current
  std::vector<double> before;   ///< s
  std::vector<double> change;   ///< A
  // of a spectrum
  std::vector<double> frequency; ///< Hz
  double reading = 0.0;         ///< standard deviation of one reading, as its neighbours tell, SI
  bool reading_stated = false;
};

struct RecordData {
  std::string name;
  Study driven;                 ///< carries the record's currents; no filament, so that no short cuts it off
  double end = 0.0;             ///< of it, s
  Study whole;                  ///< carries the study's own test until the short
  std::vector<Series> series;
  std::optional<Seen> ccd;      ///< A/m2
  std::optional<Seen> life;     ///< cycles
  double pressure_interval = 0.0; ///< s between readings of the stack pressure; a row shows the last one. 0: there are none
  Systematic systematic;
};

/// Readings after the onset of a short, right after a switch of the current, and around settings of the pressure are left out.
/// @throws Error D540 to D543 when the record cannot give what the entry asks for, C206 when the study's test cannot be driven by a record; what `assess` throws.
RecordData record_data(const RecordEntry& entry, const Record& record, const Study& study);

/// The study's test as `record_data` changes it for CCDs and lives: ramps go on until the short, nothing is written between events.
Study until_short(Study study);

} // namespace platen::calibrate
