#include "report/text_columns.hpp"

#include <algorithm>

namespace platen::report {
namespace {

/// Characters of a UTF-8 text: what a terminal advances by (no wide ones are expected in names of cells and files).
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return out;
}

std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view right) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k == widths.size()) widths.push_back(0);
      widths[k] = std::max(widths[k], characters(row[k]));
    }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) {
      const std::string padding(widths[k] - characters(row[k]), ' ');
      const bool numeric = k < right.size() && right[k] == 'r';
      line += (k > 0 ? "  " : "") + (numeric ? padding + row[k] : row[k] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

} // namespace platen::report
