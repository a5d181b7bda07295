#pragma once
// Tables of plain text.

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

/// A text of others on one line: control characters (an escape sequence in a file's header) never reach a terminal.
std::string plain(std::string_view text);

/// Columns padded to the widest cell; `right` says with 'r' which ones hold numbers. The first row is the head.
std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view right);

} // namespace platen::report
