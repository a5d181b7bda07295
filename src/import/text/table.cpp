#include "import/text/table.hpp"

#include "base/memory.hpp"
#include "import/text/encoding.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <utility>

namespace platen::text {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t shown_columns = 160; ///< of a refused line in a message
constexpr std::size_t lines_between_checks = 1 << 16;

/// Reads lines into the columns of a table. A line is refused as a whole or taken as a whole.
class RowReader {
public:
  RowReader(TextTable& table, std::size_t bytes_left) : table_(table), dialect_(table.dialect), bytes_(bytes_left) {
    // A row has at least half as many fields as there are columns (see `take`), so this many can never be
    // exceeded by much, and a short file with a long header cannot ask for much memory.
    const std::size_t least_bytes = std::max<std::size_t>(4, table.columns.size());
    resize(std::min<std::size_t>(bytes_left / least_bytes + 1, 1 << 12));
    last_label_.resize(table.columns.size());
  }

  void take(const Line& line, bool ended) {
    if (table_.rows == room_) resize(rows_to_expect(line));
    if (const auto reason = read(line, ended)) {
      refuse(line, *reason);
      return;
    }
    const std::size_t expected =
        table_.jumps.empty() ? 0 : table_.jumps.back().line + table_.rows - table_.jumps.back().row;
    if (expected != line.number) table_.jumps.push_back({table_.rows, line.number});
    ++table_.rows;
  }

  void finish() { resize(table_.rows); }

private:
  struct Reason {
    const char* at;
    std::size_t length;
    std::string text;
  };

  /// How many rows there will be if the rest is like what was read; columns that double their room instead would
  /// copy themselves and hold twice what they need.
  std::size_t rows_to_expect(const Line& line) const noexcept {
    const double read = static_cast<double>(line.offset - dialect_.first_byte) / static_cast<double>(bytes_);
    const double whole = static_cast<double>(table_.rows) / std::max(read, 0.5 * static_cast<double>(table_.rows) / static_cast<double>(bytes_));
    return std::max(table_.rows + table_.rows / 4, static_cast<std::size_t>(1.02 * whole)) + 1;
  }

  void resize(std::size_t rows) {
    room_ = rows;
    for (TextColumn& c : table_.columns)
      if (c.kind != Kind::skip) {
        c.values.reserve(rows);
        prefer_large_pages(c.values.data() + c.values.size(), (rows - std::min(rows, c.values.size())) * sizeof(double));
        c.values.resize(rows, nan);
      }
  }

  bool is_delimiter(char c) const noexcept {
    return c == dialect_.delimiter || (dialect_.delimiter == ' ' && c == '\t');
  }

  const char* field_end(const char* p, const char* end) const noexcept {
    if (p != end && *p == '"') {
      const char* close = std::find(p + 1, end, '"');
      if (close != end) p = close;
    }
    while (p != end && !is_delimiter(*p)) ++p;
    return p;
  }

  /// One field that is more than a bare number. @returns false when it is not of the column's kind.
  bool read_field(const TextColumn& column, std::string_view field, double& out) {
    field = trim(field);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
      field = trim(field.substr(1, field.size() - 2));
    out = nan;
    if (field.empty()) return true;
    std::optional<double> value;
    switch (column.kind) {
    case Kind::number:
      value = parse_number(field, dialect_.decimal);
      break;
    case Kind::duration:
      value = parse_duration(field);
      break;
    case Kind::date:
      value = parse_date(field, table_.date_order);
      break;
    case Kind::label: {
      Label& last = last_label_[static_cast<std::size_t>(&column - table_.columns.data())];
      if (last.text != field) last = {std::string(field), parse_step_type(field)}; // steps are long: nearly always the same
      out = static_cast<double>(static_cast<int>(last.type));
      return last.type != StepType::unknown;
    }
    case Kind::skip:
      return true;
    }
    if (value) out = *value;
    return value.has_value();
  }

  std::optional<Reason> read(const Line& line, bool ended) {
    const char* p = line.text.data();
    const char* end = p + line.text.size();
    const bool spaces = dialect_.delimiter == ' ';
    if (spaces)
      while (end != p && is_delimiter(end[-1])) --end;
    const std::size_t width = table_.columns.size();
    std::size_t have = 0;
    for (bool more = true; more && have < width; ++have) {
      TextColumn& column = table_.columns[have];
      while (p != end && *p == ' ') ++p;
      while (spaces && p != end && is_delimiter(*p)) ++p;
      const char* field = p;
      double value = nan;
      const char* stop = column.kind == Kind::number ? scan_number(p, end, dialect_.decimal, value) : nullptr;
      if (stop != nullptr && !spaces)
        while (stop != end && *stop == ' ') ++stop;
      if (stop == nullptr || (stop != end && !is_delimiter(*stop))) {
        stop = field_end(p, end);
        const std::string_view text(field, static_cast<std::size_t>(stop - field));
        if (column.kind != Kind::skip && !read_field(column, text, value)) {
          if (column.core)
            return Reason{field, text.size(),
                          fmt::format("`{}` is not a number for `{}`", shown(text), column.heading.raw)};
          note_bad(column, line.number, text);
        }
      }
      if (column.core && std::isnan(value))
        return Reason{field, static_cast<std::size_t>(stop - field),
                      fmt::format("nothing in `{}`", column.heading.raw)};
      if (column.kind != Kind::skip) column.values[table_.rows] = value;
      more = stop != end;
      p = more ? stop + 1 : end;
    }
    return check_width(line, have, p, end, ended);
  }

  std::optional<Reason> check_width(const Line& line, std::size_t have, const char* p, const char* end,
                                    bool ended) {
    const std::size_t width = table_.columns.size();
    if (have < width) {
      // A last line that stops early was cut while it was written; its last number may be cut too.
      if (!ended)
        return Reason{line.text.data(), line.text.size(),
                      fmt::format("the file ends after field {} of {}", have, width)};
      if (have * 2 < width)
        return Reason{line.text.data(), line.text.size(),
                      fmt::format("{} fields instead of {}", have, width)};
      for (std::size_t c = have; c < width; ++c) {
        TextColumn& column = table_.columns[c];
        if (column.core)
          return Reason{
              end, 1,
              fmt::format("nothing in `{}`: {} fields instead of {}", column.heading.raw, have, width)};
        if (column.kind != Kind::skip) column.values[table_.rows] = nan;
      }
      return std::nullopt;
    }
    if (p == end) return std::nullopt;
    const bool blank = std::all_of(p, end, [&](char c) { return c == ' ' || is_delimiter(c); });
    if (blank) return std::nullopt;
    std::size_t fields = width + 1;
    for (const char* q = p; (q = field_end(q, end)) != end; ++q) ++fields;
    return Reason{p, 1, fmt::format("{} fields instead of {}", fields, width)};
  }

  static std::string shown(std::string_view text) { return to_utf8(text.substr(0, 40)); }

  static void note_bad(TextColumn& column, std::size_t line, std::string_view text) {
    if (column.bad++ > 0) return;
    column.bad_line = line;
    column.bad_text = shown(text);
  }

  void refuse(const Line& line, const Reason& reason) {
    if (table_.refused++ >= Record::kept_rejects) return;
    Place place{table_.file, line.number, 1, std::max<std::size_t>(1, reason.length), {}};
    const auto column = static_cast<std::size_t>(reason.at - line.text.data());
    // A caret far to the right of a long line helps nobody: such a line is named, not shown.
    if (column + place.length <= shown_columns) {
      place.text = line.text.substr(0, shown_columns);
      if (!is_utf8(place.text)) place.text.clear();
    }
    place.column = column + 1;
    place.length = std::min(place.length, shown_columns);
    table_.rejects.push_back({std::move(place), reason.text});
  }

  TextTable& table_;
  const Dialect& dialect_;
  std::size_t bytes_;    ///< from the first row to the end of the text
  std::size_t room_ = 0;
  struct Label {
    std::string text;
    StepType type = StepType::unknown;
  };
  std::vector<Label> last_label_; ///< by column
};

/// Shows what was guessed against what was expected.
Error no_rows(const TextTable& table) {
  std::vector<std::string> hints{
      table.guess(), "expected: a line of headings and, below it, rows with a time, a voltage and a current"};
  if (table.refused == 0 && table.rejects.empty())
    return Error("D006", "no table of numbers was found", Place{table.file, 0, 0, 1, {}}, std::move(hints));
  const Reject& first = table.rejects.front();
  const bool more = first.reason.find("fields instead of") != std::string::npos;
  if (more && table.dialect.delimiter == ',')
    hints.push_back(
        "decimal commas between commas cannot be told apart: export with a semicolon or a tab instead");
  return Error("D006",
               fmt::format("none of {} rows could be used; the first: {}", table.refused, first.reason),
               first.place, std::move(hints));
}

} // namespace

std::size_t TextTable::line_of(std::size_t row) const {
  auto after = std::upper_bound(jumps.begin(), jumps.end(), row,
                                [](std::size_t r, const Jump& j) { return r < j.row; });
  if (after == jumps.begin()) return dialect.first_line;
  --after;
  return after->line + (row - after->row);
}

const TextColumn* TextTable::find(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const TextColumn& c) { return c.column == name; });
  return found != columns.end() ? &*found : nullptr;
}

TextColumn* TextTable::find(std::string_view name) {
  return const_cast<TextColumn*>(std::as_const(*this).find(name));
}

namespace {

/// Rows [first, end) of a table.
struct Stretch {
  std::size_t first, end;
};

std::vector<Stretch> stretches(const std::vector<char>& keep) {
  std::vector<Stretch> out;
  for (auto at = keep.begin(); at != keep.end();) {
    const auto first = std::find_if(at, keep.end(), [](char k) { return k != 0; });
    at = std::find(first, keep.end(), 0);
    if (first != at) out.push_back({static_cast<std::size_t>(first - keep.begin()), static_cast<std::size_t>(at - keep.begin())});
  }
  return out;
}

/// Where the rows of the stretches stand once they follow each other. @param rows gets how many there are.
std::vector<TextTable::Jump> jumps_of(const TextTable& table, const std::vector<Stretch>& kept, std::size_t& rows) {
  std::vector<TextTable::Jump> out;
  rows = 0;
  auto jump = table.jumps.begin();
  for (const Stretch& s : kept) {
    out.push_back({rows, table.line_of(s.first)});
    for (; jump != table.jumps.end() && jump->row < s.end; ++jump)
      if (jump->row > s.first) out.push_back({rows + jump->row - s.first, jump->line});
    rows += s.end - s.first;
  }
  return out;
}

} // namespace

void TextTable::keep_rows(const std::vector<char>& keep) {
  const std::vector<Stretch> kept = stretches(keep);
  std::size_t left = 0;
  std::vector<Jump> kept_jumps = jumps_of(*this, kept, left);
  for (TextColumn& c : columns) {
    if (c.values.empty()) continue;
    double* to = c.values.data();
    for (const Stretch& s : kept) to = std::copy(c.values.data() + s.first, c.values.data() + s.end, to);
    c.values.resize(left);
  }
  rows = left;
  jumps = std::move(kept_jumps);
}

TextTable TextTable::with_rows(const std::vector<char>& keep) const {
  const std::vector<Stretch> kept = stretches(keep);
  TextTable out;
  out.jumps = jumps_of(*this, kept, out.rows);
  out.file = file;
  out.dialect = dialect;
  out.layout = layout;
  out.metadata_text = metadata_text;
  for (const TextColumn& c : columns) {
    TextColumn part;
    part.heading = c.heading;
    part.column = c.column;
    part.rank = c.rank;
    part.kind = c.kind;
    part.unit = c.unit;
    part.unit_known = c.unit_known;
    part.in_si = c.in_si;
    part.values.reserve(c.values.empty() ? 0 : out.rows);
    if (!c.values.empty())
      for (const Stretch& s : kept) part.values.insert(part.values.end(), c.values.data() + s.first, c.values.data() + s.end);
    out.columns.push_back(std::move(part));
  }
  return out;
}

Place TextTable::header_place() const {
  Place place{file, dialect.header_line, 0, 1, {}};
  if (dialect.header_line > 0) {
    std::vector<std::string> names;
    for (const TextColumn& c : columns) names.push_back(c.heading.raw);
    place.text = fmt::format(
        "{}", fmt::join(names, dialect.delimiter == '\t' ? "  " : std::string(1, dialect.delimiter)));
    if (place.text.size() > shown_columns) place.text.clear();
  }
  return place;
}

std::string TextTable::guess() const {
  if (!layout.empty()) return layout;
  if (dialect.first_line == 0 && dialect.header_line == 0)
    return "guessed: nothing, no two lines have the same number of fields with numbers in them";
  return fmt::format("guessed: {} between fields, `{}` as decimal mark, {}",
                     delimiter_name(dialect.delimiter), dialect.decimal,
                     dialect.header_line > 0 ? fmt::format("headings on line {}", dialect.header_line)
                                             : std::string("no line of headings"));
}

namespace {

/// The lines of a text in memory.
class TextLines : public LineSource {
public:
  TextLines(std::string_view text, const Dialect& dialect) : lines_(text, dialect.first_byte, dialect.first_line) {}
  bool next(Line& line) override { return lines_.next(line); }
  bool ended() const noexcept { return lines_.ended(); }

private:
  Lines lines_;
};

/// Headings and columns as `head` shows them.
TextTable plan_table(std::string_view head, Dialect dialect, const std::string& file, const TableOptions& options) {
  TextTable table;
  table.file = file;
  table.dialect = std::move(dialect);
  if (table.dialect.first_line == 0) throw no_rows(table);
  table.metadata_text = to_utf8(head.substr(0, std::min<std::size_t>(table.dialect.header_bytes, 1 << 20)));
  plan_columns(table, head, options);
  return table;
}

/// @param ended whether the line just given was ended by a line end.
template <class Source, class Ended>
void read_rows(TextTable& table, Source& source, std::size_t bytes, const work::Task& task, Ended&& ended) {
  RowReader reader(table, bytes - std::min(bytes, table.dialect.first_byte));
  std::size_t seen = 0;
  for (Line line; source.next(line);) {
    if (line.number < table.dialect.first_line) continue;
    if (++seen % lines_between_checks == 0) {
      task.check();
      task.report(std::min(1.0, static_cast<double>(line.offset) / static_cast<double>(bytes)));
    }
    if (trim(line.text).empty()) continue;
    reader.take(line, ended());
  }
  reader.finish();
  if (table.rows == 0) throw no_rows(table);
}

} // namespace

TextTable read_table(std::string_view text, const std::string& file, const TableOptions& options,
                     const work::Task& task) {
  TextTable table = plan_table(text, sniff(text, std::nullopt, options.decimal), file, options);
  TextLines lines(text, table.dialect);
  read_rows(table, lines, text.size(), task, [&] { return lines.ended(); });
  return table;
}

TextTable read_table(std::string_view head, char delimiter, LineSource& source, std::size_t bytes, const std::string& file,
                     const TableOptions& options, const work::Task& task) {
  TextTable table = plan_table(head, sniff(head, delimiter, options.decimal), file, options);
  table.dialect.first_byte = 0; // the source counts bytes of its own
  read_rows(table, source, bytes, task, [] { return true; });
  return table;
}

} // namespace platen::text
