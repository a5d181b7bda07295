#pragma once
// Targets of one study, simulated once for all of them.

#include "calibrate/records.hpp"

#include <memory>
#include <span>
#include <vector>

namespace platen::calibrate {

class StudyTargets {
public:
  StudyTargets(const Study& study, std::vector<TargetEntry> entries, std::vector<Number> laws);

  const std::vector<Number>& numbers() const { return numbers_; } ///< the laws', then the scatter between cells where it is needed
  const std::vector<TargetEntry>& entries() const { return entries_; }
  /// One per entry; empty where the cell could not be simulated, or did not come to what is asked for.
  std::vector<ComparedEvent> events(std::span<const double> values, const work::Task& task) const;

private:
  Study study_;
  std::vector<TargetEntry> entries_;
  std::vector<Number> numbers_;
  std::size_t laws_;
};

Problem problem_of(const std::shared_ptr<const StudyTargets>& targets);

} // namespace platen::calibrate
