#pragma once
// What a leak did to a labelled cell's record, row by row: the same cell without it, on the same instrument. For the measure of
// what can be known at all; no judge sees any of it.

#include "record/record.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::corpus {

/// Columns of an ideal record that no instrument passes on.
inline constexpr std::string_view twin_healthy = "twin_healthy", twin_leaked = "twin_leaked", twin_unforeseen = "twin_unforeseen";

inline Column twin_column(std::string_view name, std::vector<double> values) { return {std::string(name), "V", {}, std::move(values)}; }

/// One number per row of the record. Not a number: the same test without the leak would be elsewhere in its program by then.
struct Twin {
  std::vector<double> healthy; ///< V, without the leak, before the instrument
  std::vector<double> leaked;  ///< V, what the leak adds to that
  std::vector<double> noise;   ///< V, standard deviation of one row: the instrument's noise and resolution, and what the cell does at random
};

} // namespace platen::corpus
