#include "base/csv.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace platen {

std::vector<CsvField> split_csv(std::string_view line, char delimiter) {
  std::vector<CsvField> out(1);
  std::size_t start = 0;
  bool quoted = false;
  const auto close = [&](std::size_t end) {
    const std::string_view raw = line.substr(start, end - start), written = trim(raw);
    CsvField& field = out.back();
    field.text = std::string(trim(field.text));
    field.column = start + 1 + (written.empty() ? 0 : static_cast<std::size_t>(written.data() - raw.data()));
    field.length = std::max<std::size_t>(1, written.size());
  };
  for (std::size_t k = 0; k < line.size(); ++k) {
    const char c = line[k];
    if (c == '"' && quoted && k + 1 < line.size() && line[k + 1] == '"') out.back().text += line[++k];
    else if (c == '"') quoted = !quoted;
    else if (c == delimiter && !quoted) {
      close(k);
      start = k + 1;
      out.emplace_back();
    } else out.back().text += c;
  }
  close(line.size());
  return out;
}

char csv_delimiter(std::string_view line) {
  constexpr std::array<char, 3> marks{',', ';', '\t'};
  return *std::max_element(marks.begin(), marks.end(), [&](char a, char b) {
    return std::count(line.begin(), line.end(), a) < std::count(line.begin(), line.end(), b);
  });
}

CsvName csv_name(std::string_view heading) {
  CsvName out;
  if (const std::size_t slash = heading.find(" / "); slash != std::string_view::npos) {
    out.unit = std::string(trim(heading.substr(slash + 3)));
    heading = trim(heading.substr(0, slash));
  } else if (!heading.empty() && (heading.back() == ')' || heading.back() == ']')) {
    const std::size_t open = heading.rfind(heading.back() == ')' ? '(' : '[');
    if (open != std::string_view::npos && open > 0) {
      out.unit = std::string(trim(heading.substr(open + 1, heading.size() - open - 2)));
      heading = trim(heading.substr(0, open));
    }
  }
  out.name = std::string(heading);
  return out;
}

} // namespace platen
