#pragma once
// What `platen align` says and draws.

#include "import/pressure_log.hpp"

#include <string>

namespace platen::report {

/// What was decided about the log's clock, what it rests on, and what came of it.
std::string text(const JoinedLog& joined);
/// platen.align/1. @param output the file written.
std::string json(const JoinedLog& joined, const std::string& output);
/// The log over the charge in the cell: on the clock as it stood, and as it was decided. One SVG that stands
/// alone.
/// @param record after joining.
std::string align_picture(const JoinedLog& joined, const Record& record);

} // namespace platen::report
