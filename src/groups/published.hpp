#pragma once
// Published CCDs as facts, with what is known of each: data/literature/ccd.csv, embedded.

#include "base/embedded.hpp"
#include "groups/row.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen::groups {

/// The files of data/literature, embedded.
std::span<const EmbeddedText> literature();

struct Published {
  CcdRow row;            ///< named by its number; >= and < are open intervals, a CCD stated alone is taken as it stands
  std::string as_stated; ///< "> 0.9", "0.2 - 0.5", "2.15" mA/cm2
  std::string electrolyte, stack, preparation, method, reference, confidence, basis, note;
  bool lithium_metal = true;          ///< cells without it (sodium, silicon) are shown, not compared
  std::optional<double> temperature;  ///< K
  std::optional<double> capacity_low, capacity_high; ///< C/m2 per half cycle
};

/// Every published CCD. @throws Error B022 when the file that Platen carries cannot be read.
std::vector<Published> published_ccds();

} // namespace platen::groups
