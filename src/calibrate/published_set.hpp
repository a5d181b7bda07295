#pragma once
// Set Ham2022 as the calibration to the published rows gives it.

#include "calibrate/calibrate.hpp"

#include <string>

namespace platen::calibrate {

/// The TOML text of a set with the fitted numbers in place of its own: value, range (95 %, or the bound where a side is open), basis "fitted" and a
/// source that names the rows and how much they tell; a head that says which command wrote it. Notes, other comments and all other numbers stay, so
/// that the result is the same whether the numbers in `text` were fitted before or not.
/// @throws Error B041 when the text has no line for a number.
std::string set_with(std::string text, const Calibration& calibration);

/// The text of the set that the program carries.
std::string built_in_set_text();

} // namespace platen::calibrate
