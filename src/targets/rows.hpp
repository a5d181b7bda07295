#pragma once

#include "base/embedded.hpp"

#include <span>

namespace platen::targets {

/// The CSV files of data/targets, embedded.
std::span<const EmbeddedText> published();

/// The files of studies/ham2022, embedded; bases that others extend among them.
std::span<const EmbeddedText> study_files();

} // namespace platen::targets
