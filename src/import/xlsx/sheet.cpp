#include "import/xlsx/sheet.hpp"

#include "import/text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace platen::xlsx {
namespace {

constexpr std::size_t head_lines = 1000, head_bytes = 1 << 20, most_rows = 1 << 24,
                      most_columns = 16384; // a sheet of Excel's ends at column XFD
constexpr double days_to_1904 = 1462.0, last_day = 2958466.0; // 9999-12-31, where Excel's calendar ends
constexpr double oldest_date = 20000.0; ///< 1954: a time of day on a larger number is a date shown without its day

/// "BC23" is column 54 (from 0); npos when it begins with no letters.
std::size_t column_of(std::string_view reference) {
  std::size_t column = 0, letters = 0;
  for (; letters < reference.size() && letters < 4; ++letters) {
    const char c = static_cast<char>(reference[letters] | 0x20);
    if (c < 'a' || c > 'z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'a') + 1;
  }
  return letters == 0 ? std::string_view::npos : column - 1;
}

std::size_t whole(std::string_view digits, std::size_t otherwise) {
  std::size_t out = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return fault == std::errc() && stop == digits.data() + digits.size() ? out : otherwise;
}

CellHead read_head(std::string_view attributes) {
  CellHead out;
  // Every attribute of a cell has a name of one letter (r, s, t) or is of no interest (cm, vm, ph).
  for (std::size_t at = 0; at + 4 < attributes.size() + 1;) {
    const std::size_t equals = attributes.find('=', at);
    if (equals == std::string_view::npos || equals == 0 || equals + 1 >= attributes.size()) break;
    const std::size_t close = attributes.find(attributes[equals + 1], equals + 2);
    if (close == std::string_view::npos) break;
    const bool single = equals >= 2 && (attributes[equals - 2] == ' ' || attributes[equals - 2] == '\n' || attributes[equals - 2] == '\t');
    const std::string_view value = attributes.substr(equals + 2, close - equals - 2);
    if (single && attributes[equals - 1] == 'r') out.column = column_of(value);
    if (single && attributes[equals - 1] == 's') out.style = whole(value, 0);
    if (single && attributes[equals - 1] == 't' && !value.empty()) out.type = value == "str" ? 'f' : value.front();
    at = close + 1;
  }
  return out;
}

void append_digits(std::string& out, std::int64_t value, int digits) {
  std::array<char, 20> text{};
  for (int k = digits; k-- > 0; value /= 10) text[static_cast<std::size_t>(k)] = static_cast<char>('0' + value % 10);
  out.append(text.data(), static_cast<std::size_t>(digits));
}

/// Days since 1899-12-30 as a date. A double of this size holds 0.6 us, so whole seconds come out whole with five decimals.
void append_date(std::string& out, double days) {
  using namespace std::chrono;
  constexpr std::int64_t second = 100'000, per_day = 86400 * second;
  const auto ticks = static_cast<std::int64_t>(std::llround(days * 86400.0 * 1e5));
  const std::int64_t day = ticks / per_day, rest = ticks % per_day;
  const year_month_day date{sys_days{year{1899} / 12 / 30} + std::chrono::days{day}};
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  append_digits(out, rest / (3600 * second), 2);
  out += ':';
  append_digits(out, rest / (60 * second) % 60, 2);
  out += ':';
  append_digits(out, rest / second % 60, 2);
  out += '.';
  append_digits(out, rest % second, 5);
}

void append_duration(std::string& out, double days) {
  const auto micro = static_cast<std::int64_t>(std::llround(days * 86400.0 * 1e6));
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}.{:06}", micro / 3'600'000'000, micro / 60'000'000 % 60,
                 micro / 1'000'000 % 60, micro % 1'000'000);
}

} // namespace

bool SheetLines::next(text::Line& line) {
  for (;;) {
    const Token& token = markup_.next();
    if (token.mark == Mark::end) return false;
    if ((token.mark != Mark::open && token.mark != Mark::empty) || token.name != "row") continue;
    const std::size_t stated = whole(attribute(token.attributes, "r"), row_ + 1);
    row_ = stated > row_ && stated < most_rows ? stated : row_ + 1;
    line_.clear();
    column_ = next_column_ = cells_ = 0;
    if (token.mark == Mark::open) read_row();
    if (4 * cells_ < width_) line_.resize(std::min(line_.find('\t'), line_.size()));
    line.text = line_;
    line.number = row_;
    line.offset = static_cast<std::size_t>(markup_.read());
    return true;
  }
}

void SheetLines::read_row() {
  for (;;) {
    const Token& token = markup_.next();
    if (token.mark == Mark::end || (token.mark == Mark::close && token.name == "row")) return;
    if (token.mark == Mark::open && token.name == "c") read_cell(token);
    else if (token.mark == Mark::empty && token.name == "c") ++next_column_;
    else if (token.mark == Mark::open) markup_.skip();
  }
}

void SheetLines::read_cell(const Token& cell) {
  const CellHead head = read_head(cell.attributes);
  const std::size_t column = head.column == std::string_view::npos ? next_column_ : head.column;
  next_column_ = column + 1;
  if (const auto value = markup_.take_value()) {
    if (value->find('&') == std::string_view::npos) return add_cell(column, head, *value);
    value_ = decoded(*value);
    return add_cell(column, head, value_);
  }
  value_.clear();
  bool wanted = false;
  for (;;) {
    const Token& token = markup_.next();
    if (token.mark == Mark::end || (token.mark == Mark::close && token.name == "c")) break;
    if (token.mark == Mark::open) {
      if (token.name == "v" || token.name == "t") wanted = true;
      else if (token.name != "is" && token.name != "r") markup_.skip(); // formulas, phonetic runs, properties of runs
    } else if (token.mark == Mark::close) {
      wanted = false;
    } else if (token.mark == Mark::text && wanted) {
      append_text(value_, token);
    }
  }
  add_cell(column, head, value_);
}

void SheetLines::add_cell(std::size_t column, const CellHead& head, std::string_view value) {
  const std::size_t most = width_ > 0 ? width_ : most_columns;
  if (value.empty() || column >= most || (cells_ > 0 && column <= column_)) return;
  line_.append(column - column_, '\t');
  column_ = column;
  ++cells_;
  switch (head.type) {
  case 's': add_text(book_.strings.at(whole(value, static_cast<std::size_t>(-1)))); break;
  case 'n': add_number(value, book_.shown(head.style)); break;
  case 'b': line_ += value; break;
  default: add_text(value);
  }
}

void SheetLines::add_number(std::string_view text, Shown shown) {
  double value = 0.0;
  if (shown == Shown::number) {
    line_ += text;
    return;
  }
  const char* stop = scan_number(text.data(), text.data() + text.size(), '.', value);
  const double day = book_.from_1904 && (shown == Shown::date || value >= oldest_date) ? value + days_to_1904 : value;
  if (stop != text.data() + text.size() || !(day >= 0.0 && day < last_day))
    line_ += text;
  else if (shown == Shown::date || day >= oldest_date)
    append_date(line_, day);
  else
    append_duration(line_, day);
}

/// A text must not fall apart into fields or swallow them.
void SheetLines::add_text(std::string_view text) {
  text = trim(text);
  if (text.find(',') != std::string_view::npos && text::reads_as(text, ',') == text::Reading::certain) ++with_comma_;
  if (text.find('.') != std::string_view::npos && text::reads_as(text, '.') == text::Reading::certain) ++with_point_;
  const bool turn = commas_ && text::reads_as(text, ',') != text::Reading::no;
  for (const char c : text) {
    if (turn && c == '.') continue; // a mark of thousands
    line_ += c == '\t' || c == '\n' || c == '\r' ? ' ' : c == '"' && !keep_quotes_ ? '\'' : turn && c == ',' ? '.' : c;
  }
}

namespace {

/// Every line with the fields of the widest: rows end where their last cell is.
std::string padded(const std::vector<std::string>& lines) {
  std::size_t widest = 0;
  for (const std::string& line : lines)
    widest = std::max(widest, static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t')));
  std::string out;
  for (const std::string& line : lines) {
    out += line;
    if (!line.empty() && out.size() < 16 * head_bytes)
      out.append(widest - static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t')), '\t');
    out += '\n';
  }
  return out;
}

} // namespace

Head head_of(Container& container, const Workbook& book, const SheetEntry& sheet) {
  Head head;
  for (const bool again : {false, true}) {
    SheetLines lines(container, book, sheet);
    lines.texts_have_commas(head.texts_have_commas);
    std::vector<std::string> rows;
    std::size_t bytes = 0;
    for (text::Line line; rows.size() < head_lines && bytes < head_bytes && lines.next(line);) {
      while (rows.size() + 1 < line.number && rows.size() + 1 < head_lines) rows.emplace_back();
      if (rows.size() + 1 != line.number) break;
      rows.emplace_back(line.text);
      bytes += line.text.size();
    }
    head.text = padded(rows);
    if (again || lines.numbers_with_comma() <= lines.numbers_with_point()) break;
    head.texts_have_commas = true;
  }
  return head;
}

} // namespace platen::xlsx
