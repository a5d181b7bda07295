#pragma once
// What a calibration file says: numbers with bounds and priors, records and targets. Format: docs/formats/calibration.md.

#include "base/error.hpp"
#include "calibrate/problem.hpp"
#include "study/study.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::calibrate {

/// Scatter of the logarithm between cells that are meant to be equal, fitted like a number of the laws and yet none of theirs.
inline constexpr std::string_view ccd_scatter = "scatter.ccd", life_scatter = "scatter.life";

/// What a record or a target is compared by.
enum class Observed { voltage, stack_pressure, dc_resistance, high_frequency_resistance, ccd, life, first_swing, pressure_after_half_cycle };
std::string_view label(Observed observed); ///< "voltage", "stack pressure", "resistance", "high-frequency resistance", "ccd" ...

/// What a cycler or load cell may be off by, as standard deviations.
struct Systematic {
  double voltage_offset = 5e-3;   ///< V
  double voltage_gain = 1e-3;     ///< 1; of the ratio of voltage to current
  double pressure_offset = 2e4;   ///< Pa
  double pressure_gain = 5e-3;    ///< 1
  double pressure_clock = 5.0;    ///< s; of the load cell's clock against the cycler's
};

struct RecordEntry {
  std::string name;                ///< as written, and the group of its terms
  std::filesystem::path file, study;
  std::vector<Observed> observed;
  bool own_current = true;         ///< the model is driven by the current of the record, not by the study's protocol
  std::size_t points = 6;          ///< means taken of each half cycle
  Systematic systematic;
  std::optional<double> pressure_noise, voltage_noise; ///< standard deviation of one reading, SI; empty: found from the data
  Place place;
};

struct TargetEntry {
  std::string name, group;
  std::filesystem::path study;
  Observed observed = Observed::ccd;
  std::optional<double> low, high;        ///< SI: of an interval
  std::optional<double> value, deviation; ///< SI: of a normal one
  Place place;
};

/// One of several rival explanations, laid over the studies of the file.
struct RivalEntry {
  std::string name, meaning;
  std::vector<std::pair<bool Mechanisms::*, bool>> switches; ///< others stay as each study has them
  std::optional<std::vector<std::string>> numbers;           ///< of the file's that this explanation fits; empty: all that its laws have
  Place place;
};

/// A test that could be run to tell explanations apart.
struct ExperimentEntry {
  std::filesystem::path study;
  Place place;
};

struct CalibrationFile {
  std::string name, description;
  std::vector<Number> numbers;         ///< a start that is not stated is NaN: as in the first study
  std::vector<RecordEntry> records;
  std::vector<TargetEntry> entries;
  std::vector<RivalEntry> rivals;           ///< of `platen compare-mechanisms`; empty: those of `default_rivals`
  std::vector<ExperimentEntry> experiments; ///< empty: those of `candidate_experiments`
  std::string published;               ///< publication whose rows are fitted with their own numbers, "ham2022"; empty: none
  std::string extends = "Ham2022";     ///< set that the fitted numbers are laid over
  std::vector<std::pair<std::string, std::string>> sources; ///< files read: path, text
};

/// @throws Error with every fault of the file: C001 to C012, C200 to C205, C207; D001.
CalibrationFile read_calibration(const std::filesystem::path& path);
CalibrationFile parse_calibration(std::string text, std::string name, const std::filesystem::path& folder);

} // namespace platen::calibrate
