#pragma once

#include "base/embedded.hpp"

#include <span>

namespace platen::calibrate {

/// Results of data/calibrations and data/sets that calibrations wrote, embedded.
std::span<const EmbeddedText> stored_calibrations();

} // namespace platen::calibrate
