#pragma once
// What a calibration file names, read: for `platen calibrate` and `platen compare-mechanisms`.

#include "calibrate/records.hpp"
#include "calibrate/set_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace platen::cli {

struct CalibrationInput {
  calibrate::CalibrationFile file;
  std::vector<calibrate::Observation> observations;
  std::vector<calibrate::TargetOfStudy> targets;
  calibrate::Inputs inputs; ///< every file read
};

/// Warnings of studies and records go to stderr. @throws what `read_calibration`, `read_study_named` and `read_input` throw.
CalibrationInput read_calibration_input(const std::filesystem::path& path);

/// A study that a calibration file names, its files added to `inputs`.
Study calibration_study(const std::filesystem::path& path, calibrate::Inputs& inputs);

} // namespace platen::cli
