#pragma once
// What a load cell showed becomes the pressure on the stack. docs/formats/pressure-log.md has the formulas.

#include "base/units.hpp"
#include "import/cell_file.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace platen::load {

/// Readings that cannot be used, and why; each is NaN in the result.
struct Losses {
  std::size_t missing = 0, saturated = 0, guessed = 0, outside = 0; ///< guessed: saturated by its looks alone
  std::size_t first_missing = 0, first_saturated = 0, first_outside = 0; ///< rows
};

/// NaN for readings that are missing (-9999), at or beyond the stated range, an overload of a multimeter
/// (9.9e37), or, without a stated range, look saturated: the extreme value stands in eight or more rows in a
/// row, four times as long as any other value does.
void drop_lost(std::span<double> readings, const LoadCell& cell, Losses& losses);

/// Mean temperature and median reading between two rows' times. Empty when no reading lies there.
struct AtRest {
  double reading = 0.0;
  std::optional<double> temperature; ///< K
};
std::optional<AtRest> at_rest(std::span<const double> time, std::span<const double> readings,
                              std::span<const double> temperature, double from, double to);

/// Readings, in the log's unit, as pressure in Pa.
/// @param unit of the readings; of a voltage it needs `cell.gain` or a table. @param area m2, for forces.
/// @param temperature K, one per reading, or empty. @param reference K, at which zero and span hold.
void to_pressure(std::span<double> readings, const LoadCell& cell, const Unit& unit,
                 std::optional<double> area, std::span<const double> temperature, double reference,
                 Losses& losses);

} // namespace platen::load
