#include "import/xlsx/choose.hpp"

#include "import/text/header.hpp"
#include "import/text/number.hpp"
#include "import/text/time.hpp"
#include "record/columns.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::xlsx {
namespace {

enum class Role { rows, channels, information, summary, unknown };

/// What the name of a sheet says; the programs' own names, in lower case with every mark a blank.
Role role_of(const std::string& name) {
  const std::string key = text::heading_key(name);
  const auto starts = [&](std::string_view word) { return key.starts_with(word); };
  if (starts("detailvol") || starts("detailtemp") || starts("aux")) return Role::channels;
  for (const std::string_view word : {"channel chart", "cycle", "step", "statis", "log", "idle", "curve", "report"})
    if (starts(word)) return Role::summary;
  for (const std::string_view word : {"global info", "unit", "test", "info"})
    if (starts(word)) return Role::information;
  for (const std::string_view word : {"record", "detail", "channel"})
    if (starts(word)) return Role::rows;
  return Role::unknown;
}

bool is_one_of(std::string_view column, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), column) != names.end();
}

/// Whether the headings name a time and something measured over it.
bool has_rows(const text::Dialect& dialect, const std::map<std::string, ColumnMapping>& mapping) {
  if (dialect.first_line == 0) return false;
  bool time = false, measured = false;
  for (std::size_t c = 0; c < dialect.headings.size(); ++c) {
    text::Heading heading = text::split_heading(dialect.headings[c]);
    if (heading.unit.empty() && c < dialect.units.size()) heading.unit = dialect.units[c];
    if (mapping.contains(heading.raw) || mapping.contains(heading.name)) return true;
    const auto known = text::know_heading(heading);
    if (!known) continue;
    time = time || is_one_of(known->column, {col::test_time, col::step_time, col::unix_time});
    measured = measured || is_one_of(known->column, {col::voltage, col::current, col::stack_pressure, col::temperature});
  }
  return time && measured;
}

std::vector<std::string_view> first_row(const Candidate& c) {
  text::Lines lines(c.head.text, c.dialect.first_byte, c.dialect.first_line);
  for (text::Line line; lines.next(line);)
    if (!trim(line.text).empty()) return text::split(line.text, '\t');
  return {};
}

/// What tells the beginning of a test from its continuation: the number of the first record, or its test time.
std::optional<double> beginning(const Candidate& c) {
  std::optional<std::size_t> at = record_number(c.dialect.headings);
  for (std::size_t k = 0; !at && k < c.dialect.headings.size(); ++k) {
    const auto known = text::know_heading(text::split_heading(c.dialect.headings[k]));
    if (known && known->column == col::test_time) at = k;
  }
  const auto row = first_row(c);
  if (!at || *at >= row.size()) return std::nullopt;
  if (const auto number = text::parse_number(row[*at], '.')) return number;
  return text::parse_duration(row[*at]);
}

std::string program_of(const Workbook& book, const std::vector<std::string>& headings) {
  const auto has_sheet = [&](std::string_view key) {
    return std::any_of(book.sheets.begin(), book.sheets.end(), [&](const SheetEntry& s) { return text::heading_key(s.name) == key; });
  };
  const auto has_heading = [&](std::initializer_list<std::string_view> keys) {
    return std::any_of(headings.begin(), headings.end(), [&](const std::string& h) {
      return is_one_of(text::heading_key(text::split_heading(h).name), keys);
    });
  };
  if (has_sheet("global info") || has_heading({"data point"})) return "Arbin";
  if (has_heading({"datapoint", "record index", "record id", "dchg cap", "cur"})) return "Neware";
  if (has_heading({"testtime", "steptime"})) return "Landt";
  return {};
}

Error no_rows(const Container& container, const std::vector<std::string>& seen) {
  return Error("D381", fmt::format("no sheet of the workbook `{}` has a time and something measured over it", container.file()),
               whole_file(container.file()),
               {fmt::format("its sheets: {}", fmt::join(seen, "; ")),
                "name the columns in the cell file: [columns] \"Heading\" = { column = \"voltage\", unit = \"V\" }"});
}

} // namespace

std::optional<std::size_t> record_number(const std::vector<std::string>& headings) {
  for (std::size_t c = 0; c < headings.size(); ++c)
    if (is_one_of(text::heading_key(headings[c]),
                  {"datapoint", "data point", "record index", "record id", "record no", "record number", "record", "index"}))
      return c;
  return std::nullopt;
}

Choice choose_sheets(Container& container, const Workbook& book, const std::map<std::string, ColumnMapping>& mapping) {
  Choice out;
  std::vector<Candidate> named, others;
  std::vector<std::string> seen;
  for (const SheetEntry& sheet : book.sheets) {
    const Role role = role_of(sheet.name);
    Candidate c{sheet, head_of(container, book, sheet), {}};
    c.dialect = text::sniff(c.head.text, '\t');
    if (seen.size() < 20)
      seen.push_back(fmt::format("`{}` ({})", sheet.name,
                                 c.dialect.header_line > 0 ? fmt::format("{}", fmt::join(c.dialect.headings, ", ")).substr(0, 100)
                                                           : std::string("no table")));
    if (role == Role::channels && record_number(c.dialect.headings)) out.channels.push_back(std::move(c));
    else if (role == Role::information) out.information.push_back(std::move(c));
    else if (role != Role::summary && has_rows(c.dialect, mapping)) (role == Role::rows ? named : others).push_back(std::move(c));
  }
  std::vector<Candidate>& found = named.empty() ? others : named;
  if (found.empty()) throw no_rows(container, seen);
  std::optional<double> last = beginning(found.front());
  for (Candidate& c : found) {
    const std::optional<double> begins = beginning(c);
    const bool goes_on = !out.rows.empty() && c.dialect.headings == out.rows.front().dialect.headings && begins && last && *begins > *last;
    if (!out.rows.empty() && !goes_on) {
      out.left_out.push_back(c.sheet.name);
      continue;
    }
    last = begins;
    out.rows.push_back(std::move(c));
  }
  out.program = program_of(book, out.rows.front().dialect.headings);
  return out;
}

} // namespace platen::xlsx
