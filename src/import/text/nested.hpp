#pragma once
// Neware's export in three levels: lines of cycles, of steps and of records between each other. It becomes a
// flat table.

#include <optional>
#include <string>
#include <string_view>

namespace platen::text {

/// The flat text of a nested export: each record with cycle, step and step type in front, every other line
/// empty, so that line numbers stay those of the file. Empty when `text` is nothing of that kind.
std::optional<std::string> flatten_nested(std::string_view text);

} // namespace platen::text
