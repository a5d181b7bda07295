#pragma once
// Set Ham2022 written anew from a calibration.

#include "calibrate/problem.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// The TOML text of a set with fitted numbers in place of its own: value, range (95 % of the posterior's normal approximation), basis
/// "fitted" and a source that names the rows. `deviations` are in the fitted scale. Everything else, comments too, stays.
/// @throws Error B041 when the text has no line for a number.
std::string set_with(std::string text, std::span<const Number> numbers, std::span<const double> values, std::span<const double> deviations);

/// The text of the set that the program carries.
std::string built_in_set_text();

} // namespace platen::calibrate
