#include "import/text/sniff.hpp"

#include "import/text/encoding.hpp"
#include "import/text/header.hpp"
#include "import/text/number.hpp"
#include "import/text/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <set>

namespace platen::text {
namespace {

constexpr std::size_t sample_lines = 1000;
constexpr std::size_t sample_bytes = 1 << 20;
constexpr std::size_t most_columns = 4096; // a line with more fields is no table
constexpr std::size_t longest_heading = 100;
constexpr std::array<char, 5> delimiters{'\t', ',', ';', '|', ' '};

struct Shape {
  std::size_t fields = 0, filled = 0, values = 0;
  bool is_data() const noexcept { return values >= 2 && values * 2 >= filled; }
};

bool is_value(std::string_view field, char decimal) {
  return parse_number(field, decimal) || parse_duration(field) || parse_date(field, DateOrder::month_first) ||
         parse_date(field, DateOrder::day_first);
}

Shape shape_of(std::string_view line, char delimiter, char decimal) {
  Shape out;
  for (const std::string_view field : split(line, delimiter)) {
    ++out.fields;
    if (trim(field).empty()) continue;
    ++out.filled;
    if (is_value(field, decimal)) ++out.values;
  }
  return out;
}

struct Decimal {
  char mark = '.';
  bool doubtful = false;
};

/// Counts the fields that can be numbers only with a comma against those that can be numbers only with a
/// point.
Decimal decide_decimal(const std::vector<Line>& lines, char delimiter, std::optional<char> stated) {
  if (stated) return {*stated, false};
  std::size_t comma = 0, point = 0, either_comma = 0, either_point = 0;
  for (const Line& line : lines) {
    for (const std::string_view field : split(line.text, delimiter)) {
      const bool has_comma = field.find(',') != std::string_view::npos;
      const bool has_point = field.find('.') != std::string_view::npos;
      if (!has_comma && !has_point) continue;
      const Reading as_comma = reads_as(field, ','), as_point = reads_as(field, '.');
      if (as_comma == Reading::certain)
        ++comma;
      else if (as_point == Reading::certain)
        ++point;
      else if (as_comma == Reading::either)
        ++(has_comma ? either_comma : either_point);
    }
  }
  if (comma != point) return {comma > point ? ',' : '.', false};
  if (either_comma > either_point) return {',', true};
  return {'.', false};
}

struct Candidate {
  char delimiter = '\t';
  Decimal decimal;
  std::size_t first = 0, last = 0; ///< of the longest run of data lines, indices into the sample
  std::size_t fields = 0;
  double score = 0.0;
};

/// The fields of a line of headings. Between spaces, "Voltage (V)" is one heading where two or more spaces
/// part them.
std::vector<std::string_view> split_headings(std::string_view line, char delimiter, std::size_t wanted) {
  if (delimiter != ' ') return split(line, delimiter);
  std::vector<std::string_view> out;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min({line.find("  ", at), line.find('\t', at), line.size()});
    out.push_back(line.substr(at, end - at));
    at = end;
  }
  return out.size() == wanted ? out : split(line, delimiter);
}

/// How many different columns of the registry the headings of a line stand for. (Novonix writes its protocol
/// as one line in which "step time" occurs a hundred times.)
std::size_t known_headings(const std::vector<std::string_view>& fields) {
  std::set<std::string_view> columns;
  for (const std::string_view field : fields)
    if (field.size() < longest_heading)
      if (const auto known = know_heading(split_heading(to_utf8(field)))) columns.insert(known->column);
  return columns.size();
}

/// The longest run of lines with one number of fields and mostly values in them. Its score: values in it,
/// times how pure its lines are.
Candidate longest_run(const std::vector<Line>& lines, char delimiter, std::optional<char> decimal) {
  Candidate best{delimiter, decide_decimal(lines, delimiter, decimal), 0, 0, 0, 0.0};
  Candidate run = best;
  double purity = 0.0, values = 0.0;
  bool open = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (trim(lines[i].text).empty()) continue;
    const Shape shape = shape_of(lines[i].text, delimiter, best.decimal.mark);
    if (!shape.is_data() || shape.fields > most_columns) {
      open = false;
      continue;
    }
    if (!open || shape.fields != run.fields) {
      run.first = i;
      run.fields = shape.fields;
      purity = values = 0.0;
      open = true;
    }
    run.last = i;
    values += static_cast<double>(shape.values);
    purity += static_cast<double>(shape.values) / static_cast<double>(shape.filled);
    const double mean = purity / static_cast<double>(run.last - run.first + 1);
    run.score = values * mean * mean;
    if (run.score > best.score) best = run;
  }
  return best;
}

struct HeaderAt {
  std::size_t index = 0; ///< into the sample
  std::size_t known = 0;
};

/// The line above the numbers with the most headings that Platen knows; without any, the nearest line of
/// words that has as many fields as the numbers.
std::optional<HeaderAt> find_header(const std::vector<Line>& lines, const Candidate& run) {
  std::optional<HeaderAt> best;
  for (std::size_t i = run.first; i-- > 0;) {
    if (trim(lines[i].text).empty()) continue;
    const Shape shape = shape_of(lines[i].text, run.delimiter, run.decimal.mark);
    const std::size_t words = shape.filled - shape.values;
    if (words < 2 || words * 2 < shape.filled || shape.fields > most_columns) continue;
    const auto headings = split_headings(lines[i].text, run.delimiter, run.fields);
    const std::size_t known = known_headings(headings);
    const bool wide_enough = headings.size() + 1 >= run.fields && headings.size() <= run.fields + 1;
    // "half cycle" is two words, so headings between spaces must match the numbers one to one.
    if (!wide_enough && (known < 2 || run.delimiter == ' ')) continue;
    if (!best || known > best->known) best = HeaderAt{i, known};
  }
  return best;
}

bool is_units_line(std::string_view line, char delimiter) {
  std::size_t filled = 0, units = 0;
  for (const std::string_view field : split(line, delimiter)) {
    std::string_view unit = trim(field);
    if (unit.size() > 2 && (unit.front() == '(' || unit.front() == '['))
      unit = unit.substr(1, unit.size() - 2);
    if (unit.empty()) continue;
    ++filled;
    if (read_unit(unit) || read_unit(unit, dim::temperature)) ++units;
  }
  return filled >= 2 && units == filled;
}

std::vector<std::string> headings_of(const std::vector<std::string_view>& fields) {
  std::vector<std::string> out;
  for (const std::string_view field : fields) out.push_back(to_utf8(trim(field)));
  while (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

std::vector<Line> take_sample(std::string_view text) {
  std::vector<Line> out;
  Lines lines(text);
  for (Line line; out.size() < sample_lines && lines.next(line) && line.offset < sample_bytes;)
    out.push_back(line);
  return out;
}

/// "Nb header lines : 62" on the second line of EC-Lab's and BT-Lab's exports: the headings stand on line 62.
std::size_t declared_header(const std::vector<Line>& lines) {
  constexpr std::string_view words = "Nb header lines";
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 3); ++i) {
    std::string_view text = lines[i].text;
    if (!text.starts_with(words)) continue;
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  return 0;
}

/// @param fields of the rows below.
void place_header(Dialect& out, const std::vector<Line>& lines, std::size_t header, std::size_t fields) {
  out.header_line = lines[header].number;
  out.header_bytes = lines[header].offset;
  out.headings = headings_of(split_headings(lines[header].text, out.delimiter, fields));
  std::size_t first = header + 1;
  while (first < lines.size() && trim(lines[first].text).empty()) ++first;
  if (first < lines.size() && is_units_line(lines[first].text, out.delimiter)) {
    out.units = headings_of(split(lines[first].text, out.delimiter));
    ++first;
  }
  if (first < lines.size()) {
    out.first_line = lines[first].number;
    out.first_byte = lines[first].offset;
  }
}

void place_without_header(Dialect& out, const std::vector<Line>& lines, const Candidate& run) {
  out.header_bytes = lines[run.first].offset;
  out.first_line = lines[run.first].number;
  out.first_byte = lines[run.first].offset;
  for (std::size_t i = 1; i <= run.fields; ++i) out.headings.push_back(fmt::format("column {}", i));
}

} // namespace

bool Lines::next(Line& line) noexcept {
  if (at_ >= text_.size()) return false;
  const char* begin = text_.data() + at_;
  const auto* end = static_cast<const char*>(std::memchr(begin, '\n', text_.size() - at_));
  ended_ = end != nullptr;
  std::size_t length = ended_ ? static_cast<std::size_t>(end - begin) : text_.size() - at_;
  line.number = number_++;
  line.offset = at_;
  at_ += length + (ended_ ? 1 : 0);
  if (length > 0 && begin[length - 1] == '\r') --length;
  line.text = {begin, length};
  return true;
}

std::vector<std::string_view> split(std::string_view line, char delimiter) {
  std::vector<std::string_view> out;
  if (delimiter == ' ') {
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
      out.push_back(line.substr(at, end - at));
      at = end;
    }
    return out;
  }
  for (std::size_t at = 0; at <= line.size();) {
    std::size_t end = std::min(line.find(delimiter, at), line.size());
    std::string_view field = line.substr(at, end - at);
    if (!field.empty() && field.front() == '"') {
      const std::size_t close = line.find('"', at + 1);
      if (close != std::string_view::npos) {
        field = line.substr(at + 1, close - at - 1);
        end = std::min(line.find(delimiter, close), line.size());
      }
    }
    out.push_back(field);
    at = end + 1;
  }
  return out;
}

Dialect sniff(std::string_view text, std::optional<char> known, std::optional<char> stated) {
  const std::vector<Line> lines = take_sample(text);
  Dialect out;
  if (!lines.empty())
    for (const std::string_view program : {"EC-Lab", "BT-Lab"})
      if (lines.front().text.starts_with(program)) out.program = program;

  if (const std::size_t declared = declared_header(lines); declared > 0 && declared <= lines.size()) {
    const std::vector<Line> rest(lines.begin() + static_cast<std::ptrdiff_t>(declared), lines.end());
    const Decimal decimal = decide_decimal(rest, '\t', stated);
    out.decimal = decimal.mark;
    out.doubtful_decimal = decimal.doubtful;
    place_header(out, lines, declared - 1, 0);
    if (known_headings(split(lines[declared - 1].text, '\t')) > 0) return out;
    out = Dialect{}; // the count is wrong: an edited file
  }

  std::optional<HeaderAt> header;
  Candidate best;
  for (const char delimiter : delimiters) {
    if (known && delimiter != *known) continue;
    Candidate run = longest_run(lines, delimiter, stated);
    if (run.score <= 0.0) continue;
    const auto above = find_header(lines, run);
    if (!above && delimiter == ' ' && best.score > 0.0) continue;
    run.score *= 1.0 + static_cast<double>(above ? above->known : 0);
    if (run.score <= best.score) continue;
    best = run;
    header = above;
  }
  if (best.score <= 0.0) return out;
  out.delimiter = best.delimiter;
  out.decimal = best.decimal.mark;
  out.doubtful_decimal = best.decimal.doubtful;
  if (header)
    place_header(out, lines, header->index, best.fields);
  else
    place_without_header(out, lines, best);
  return out;
}

std::string_view delimiter_name(char delimiter) {
  switch (delimiter) {
  case '\t':
    return "tab";
  case ',':
    return "comma";
  case ';':
    return "semicolon";
  case '|':
    return "vertical bar";
  default:
    return "spaces";
  }
}

} // namespace platen::text
