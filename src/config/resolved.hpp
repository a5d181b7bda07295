#pragma once

#include "base/units.hpp"

#include <string>

namespace platen::config {

/// One value of a resolved input: what it is, where it came from, and how well it is known.
struct Resolved {
  std::string key;    ///< "cell.area", "contact.closure_time"
  std::string text;   ///< in the user's words and unit: "0.785 cm2"
  double si = 0.0;    ///< SI; NaN when the value is not a number
  std::string unit;   ///< SI unit
  std::string origin; ///< "study.toml:12", "card LPSCl", "set Ham2022", "default", "derived"
  std::string basis;  ///< stated, read, recalled, derived, assumed, fitted
  std::string source; ///< paper, data sheet ... may be empty
};

} // namespace platen::config
