#pragma once
// What a record holds, counted once for `inspect` in words and as JSON.

#include "record/record.hpp"

#include <optional>
#include <vector>

namespace platen::report {

struct ChannelSummary {
  const Column* column = nullptr;
  double low = 0.0, high = 0.0; ///< SI, of the finite values; infinite and the wrong way round when there is none
  std::size_t missing = 0;      ///< rows without a finite value
};

struct Summary {
  std::optional<double> duration;      ///< s, from the earliest to the latest row
  std::optional<double> started;       ///< s since 1970-01-01 UTC of the earliest row
  std::optional<std::size_t> cycles, steps;            ///< runs of equal numbers
  std::optional<std::size_t> half_cycles, current_steps; ///< as `find_segments` finds them
  std::vector<ChannelSummary> channels;
};

/// `record` must outlive the answer.
Summary summarise(const Record& record);

} // namespace platen::report
