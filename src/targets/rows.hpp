#pragma once

#include "base/embedded.hpp"

#include <span>

namespace platen::targets {

/// The CSV files of data/targets, embedded.
std::span<const EmbeddedText> published();

} // namespace platen::targets
