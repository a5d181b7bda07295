#include "groups/csv.hpp"

#include "base/csv.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::groups {
namespace {

std::vector<std::string> split(std::string_view line, char delimiter) {
  std::vector<std::string> out;
  for (CsvField& field : split_csv(line, delimiter)) out.push_back(std::move(field.text));
  return out;
}

CsvHeading heading_of(const std::string& text) {
  const CsvName written = csv_name(text);
  CsvHeading out{{}, written.unit};
  for (const char c : written.name) out.name += c == ' ' || c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

} // namespace

std::optional<std::size_t> Csv::column(std::string_view heading) const {
  for (std::size_t k = 0; k < headings.size(); ++k)
    if (headings[k].name == heading) return k;
  return std::nullopt;
}

Place Csv::place(const CsvRow& row) const { return {.file = name, .line = row.line, .text = {}}; }

Csv parse_csv(std::string_view text, const std::string& name, Diagnostics& faults) {
  Csv out{name, {}, {}, '.'};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  char delimiter = 0;
  bool point = false, comma = false;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view here = text.substr(0, end); // blanks at its end are empty fields of a table parted by tabs
    if (here.ends_with('\r')) here.remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trim(here).empty() || trim(here).front() == '#') continue;
    if (delimiter == 0) {
      delimiter = csv_delimiter(here);
      for (const std::string& field : split(here, delimiter)) out.headings.push_back(heading_of(field));
      continue;
    }
    CsvRow row{line, split(here, delimiter)};
    while (row.fields.size() > out.headings.size() && row.fields.back().empty()) row.fields.pop_back();
    if (row.fields.size() != out.headings.size()) {
      faults.error("D462", fmt::format("{} fields under {} headings", row.fields.size(), out.headings.size()), out.place(row),
                   {"a field that holds the mark between fields is written in quotes"});
      continue;
    }
    for (const std::string& field : row.fields)
      if (const std::size_t at = field.find_first_of(".,"); at != std::string::npos && !field.empty() && field[0] >= '0' && field[0] <= '9')
        (field[at] == '.' ? point : comma) = true;
    out.rows.push_back(std::move(row));
  }
  if (delimiter != ',' && comma && !point) out.decimal = ',';
  if (out.headings.empty()) faults.error("D461", "the table is empty", Place{.file = name, .text = {}}, {"its first line names the columns"});
  return out;
}

std::optional<NumberAndUnit> number_and_unit(std::string_view field, char decimal) {
  double number = 0.0;
  const char* end = scan_number(field.data(), field.data() + field.size(), decimal, number);
  if (end == nullptr || !std::isfinite(number)) return std::nullopt;
  return NumberAndUnit{number, trim(field.substr(static_cast<std::size_t>(end - field.data())))};
}

std::optional<double> quantity_field(const Csv& csv, const CsvRow& row, std::size_t column, const Dimension& wanted, Diagnostics& faults) {
  const std::string& field = row.fields[column];
  const CsvHeading& heading = csv.headings[column];
  if (field.empty()) return std::nullopt;
  const auto fault = [&](std::string what) {
    faults.error("D463", fmt::format("`{}` of `{}`: {}", field, heading.name, what), csv.place(row),
                 {fmt::format("write the unit into the heading, `{} / {}`, or into the field, \"{}\"", heading.name,
                              parse_quantity(example_quantity(wanted), wanted).quantity.text.empty() ? si_unit(wanted) : "unit",
                              example_quantity(wanted))});
    return std::nullopt;
  };
  const auto read = number_and_unit(field, csv.decimal);
  if (!read) {
    faults.error("D463", fmt::format("`{}` of `{}`: a number was expected", field, heading.name), csv.place(row), {"where nothing is known the field stays empty"});
    return std::nullopt;
  }
  const std::string_view unit_text = read->unit.empty() ? std::string_view(heading.unit) : read->unit;
  if (unit_text.empty() && wanted == dim::none) return read->number;
  if (unit_text.empty()) return fault("a number without a unit");
  const auto unit = parse_unit(unit_text);
  if (!unit) return fault(fmt::format("`{}` is no unit that is known here", unit_text));
  if (unit->dimension != wanted) return fault(fmt::format("`{}` is a unit of {}, {} was expected", unit_text, describe(unit->dimension), describe(wanted)));
  return read->number * unit->factor + unit->offset;
}

} // namespace platen::groups
