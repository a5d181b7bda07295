#pragma once
// Guesses how a text file is laid out: delimiter, decimal mark, where the headings stand and where the
// numbers begin.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::text {

/// One line and where it stands. `text` has no line end.
struct Line {
  std::string_view text;
  std::size_t number = 0; ///< from 1
  std::size_t offset = 0; ///< of its first byte
};

/// Walks through the lines of a text; a last line without a line end is a line.
class Lines {
public:
  explicit Lines(std::string_view text, std::size_t offset = 0, std::size_t number = 1) noexcept
      : text_(text), at_(offset), number_(number) {}
  bool next(Line& line) noexcept;
  /// Whether the line just given was ended by a line end.
  bool ended() const noexcept { return ended_; }

private:
  std::string_view text_;
  std::size_t at_ = 0, number_ = 1;
  bool ended_ = true;
};

struct Dialect {
  char delimiter = '\t'; ///< ' ' stands for any run of spaces and tabs
  char decimal = '.';
  bool doubtful_decimal = false; ///< every number with a comma could be one with thousands marks as well
  std::size_t header_line = 0;   ///< 0: none found
  std::size_t header_bytes = 0;  ///< where the header line begins; what stands before is the preamble
  std::size_t first_line = 0;    ///< of data
  std::size_t first_byte = 0;    ///< of data
  std::vector<std::string>
      headings; ///< UTF-8, without empty ones at the end; "column 1" ... when there is no header
  std::vector<std::string> units; ///< from a line of units under the header; else empty
  std::string program;            ///< "EC-Lab", "BT-Lab" where the file says so
};

/// Fields of a line, quotes taken off. @param delimiter as in Dialect.
std::vector<std::string_view> split(std::string_view line, char delimiter);

/// Looks at the first thousand lines. A dialect without data has first_line 0. @param delimiter where it is known.
/// @param decimal the mark, where the user says it.
Dialect sniff(std::string_view text, std::optional<char> delimiter = std::nullopt,
              std::optional<char> decimal = std::nullopt);

/// "tab", "comma", "semicolon", "vertical bar", "spaces".
std::string_view delimiter_name(char delimiter);

} // namespace platen::text
