#include "cli/calibration_input.hpp"

#include "base/file.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"

#include <algorithm>

namespace platen::cli {
namespace {

void add_input(calibrate::Inputs& inputs, const std::string& name, std::string_view bytes) {
  const auto known = std::find_if(inputs.begin(), inputs.end(), [&](const auto& i) { return i.first == name; });
  if (known == inputs.end()) inputs.emplace_back(name, sha256(bytes));
}

} // namespace

Study calibration_study(const std::filesystem::path& path, calibrate::Inputs& inputs) {
  Study study = read_study_named(path);
  tell(study.warnings);
  for (const auto& [name, text] : study.sources) add_input(inputs, name, text);
  return study;
}

CalibrationInput read_calibration_input(const std::filesystem::path& path) {
  CalibrationInput out;
  out.file = calibrate::read_calibration(path);
  for (const auto& [name, text] : out.file.sources) add_input(out.inputs, name, text);
  Progress progress("reading", std::max<std::size_t>(out.file.records.size(), 1));
  for (std::size_t k = 0; k < out.file.records.size(); ++k) {
    const calibrate::RecordEntry& entry = out.file.records[k];
    Input input = read_input(entry.file, std::nullopt, progress.task(k));
    tell(input);
    for (const Provenance::Source& s : input.record.provenance.sources) out.inputs.emplace_back(s.path, s.sha256);
    out.observations.push_back({entry, std::move(input.record), calibration_study(entry.study, out.inputs)});
  }
  for (const calibrate::TargetEntry& entry : out.file.entries) out.targets.push_back({entry, calibration_study(entry.study, out.inputs)});
  return out;
}

} // namespace platen::cli
