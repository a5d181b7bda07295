#include "groups/table.hpp"

#include "base/text.hpp"
#include "groups/csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>

namespace platen::groups {
namespace {

constexpr std::array<std::string_view, 3> passed_names{"last_passed", "ccd_low", "ccd_lower"};
constexpr std::array<std::string_view, 3> failing_names{"failing_step", "ccd_high", "ccd_upper"};
constexpr std::array<std::string_view, 4> name_names{"cell", "name", "file", "id"};

template <std::size_t N>
std::optional<std::size_t> column_of(const Csv& csv, const std::array<std::string_view, N>& names) {
  for (const std::string_view name : names)
    if (const auto found = csv.column(name)) return found;
  return std::nullopt;
}

bool is_ccd_heading(std::string_view name) {
  const auto among = [&](const auto& names) { return std::find(names.begin(), names.end(), name) != names.end(); };
  return among(passed_names) || among(failing_names) || name == "ccd";
}

/// "0.9 - 1.0", "0.9–1.0", "> 2.1", ">= 2.1", "< 0.13", "1.0": what stands before and behind.
struct CcdText {
  std::string low, high; ///< empty: open
  bool known = false;    ///< one number alone
};
CcdText split_ccd(std::string_view text, std::string_view unit) {
  std::string plain(text);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> marks{{{"\xE2\x80\x93", "-"}, {"\xE2\x89\xA5", ">"}, {"\xE2\x89\xA4", "<"}, {"=", ""}}};
  for (const auto& [mark, ours] : marks)
    for (std::size_t at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at)) plain.replace(at, mark.size(), ours);
  const auto strip = [](std::string_view s) { return std::string(trim(s)); };
  if (plain.starts_with('>')) return {strip(std::string_view(plain).substr(1)), "", false};
  if (plain.starts_with('<')) return {"", strip(std::string_view(plain).substr(1)), false};
  if (const std::size_t dash = plain.find('-', 1); dash != std::string::npos && plain[dash - 1] != 'e' && plain[dash - 1] != 'E') {
    CcdText out{strip(std::string_view(plain).substr(0, dash)), strip(std::string_view(plain).substr(dash + 1)), false};
    if (unit.empty()) // "0.9 - 1.0 mA/cm2" says its unit once
      if (const auto read = number_and_unit(out.high, '.'); read && !read->unit.empty() && out.low.find_first_not_of("0123456789.,") == std::string::npos)
        out.low += " " + std::string(read->unit);
    return out;
  }
  return {plain, plain, true};
}

/// No time, pressure or thickness is below nothing: what a cell file may not say, a table may not either. A number that cannot be is taken away.
void refuse_impossible(const Csv& csv, const CsvRow& row, std::size_t column, std::optional<double>& value, double low, double high, Diagnostics& faults) {
  if (!value || (*value >= low && *value <= high)) return;
  value.reset();
  faults.error("D463", fmt::format("`{}` of `{}` cannot be: {} was expected", row.fields[column], csv.headings[column].name, std::isinf(high) ? (low > 0.0 ? "1 or more" : "nothing below 0") : "a share from 0 to 1"),
               csv.place(row), {"where nothing is known the field stays empty"});
}

/// A condition out of one field; empty for a blank one.
std::optional<Factor> factor_of(const Csv& csv, const CsvRow& row, std::size_t column, Diagnostics& faults) {
  const std::string& field = row.fields[column];
  if (field.empty()) return std::nullopt;
  const CsvHeading& heading = csv.headings[column];
  Factor out{std::string(factor_key(heading.name)), std::nullopt, {}, heading.unit, {}};
  if (const auto known = factor_dimension(out.name)) {
    out.dimension = *known;
    out.number = quantity_field(csv, row, column, *known, faults);
    const CellField& field_of_cell = *find_cell_field(out.name);
    refuse_impossible(csv, row, column, out.number, field_of_cell.low, field_of_cell.high, faults);
    if (heading.unit.empty())
      if (const auto read = number_and_unit(field, csv.decimal)) out.shown_in = std::string(read->unit);
    return out.number ? std::optional(out) : std::nullopt;
  }
  const auto read = number_and_unit(field, csv.decimal);
  const std::string_view unit_text = !read ? std::string_view{} : read->unit.empty() ? std::string_view(heading.unit) : read->unit;
  const auto unit = unit_text.empty() ? std::nullopt : parse_unit(unit_text);
  if (!heading.unit.empty() && (!read || !unit)) {
    faults.error("D463", fmt::format("`{}` of `{}`: a number in {} was expected", field, heading.name, heading.unit), csv.place(row), {});
    return std::nullopt;
  }
  if (!read || (!unit_text.empty() && !unit)) {
    out.word = field;
    return out;
  }
  out.number = unit ? read->number * unit->factor + unit->offset : read->number;
  if (unit) out.dimension = unit->dimension;
  if (heading.unit.empty()) out.shown_in = std::string(read->unit);
  return out;
}

/// A column is all words or all numbers of one dimension.
void refuse_mixed(const Csv& csv, std::size_t column, const std::vector<std::pair<const CsvRow*, Factor>>& values, Diagnostics& faults) {
  for (const auto& [row, value] : values) {
    const Factor& first = values.front().second;
    if (value.number.has_value() == first.number.has_value() && value.dimension == first.dimension) continue;
    const auto said = [](const Factor& f) { return !f.number ? std::string("a word") : f.dimension == dim::none ? std::string("a number without a unit") : describe(f.dimension); };
    faults.error("D464", fmt::format("`{}` of `{}` is {}, line {} has {}", row->fields[column], csv.headings[column].name, said(value),
                                     values.front().first->line, said(first)),
                 csv.place(*row), {"a column holds words, or numbers of one kind of unit"});
  }
}

void read_ccd(const Csv& csv, const CsvRow& from, CcdRow& out, Diagnostics& faults) {
  const auto passed = column_of(csv, passed_names), failing = column_of(csv, failing_names), alone = csv.column("ccd");
  const auto grid = csv.column("grid");
  constexpr double none = std::numeric_limits<double>::infinity();
  if (grid) out.grid = quantity_field(csv, from, *grid, dim::current_density, faults);
  if (grid) refuse_impossible(csv, from, *grid, out.grid, 0.0, none, faults);
  if (passed) out.last_passed = quantity_field(csv, from, *passed, dim::current_density, faults);
  if (failing) out.failing_step = quantity_field(csv, from, *failing, dim::current_density, faults);
  if (alone && !passed && !failing && !from.fields[*alone].empty()) {
    const CcdText text = split_ccd(from.fields[*alone], csv.headings[*alone].unit);
    CsvRow part = from;
    part.fields[*alone] = text.low;
    out.last_passed = quantity_field(csv, part, *alone, dim::current_density, faults);
    part.fields[*alone] = text.high;
    if (!text.known) out.failing_step = quantity_field(csv, part, *alone, dim::current_density, faults);
    if (text.known && out.last_passed) {
      out.failing_step = out.last_passed;
      if (out.grid) *out.last_passed -= *out.grid;
    }
  }
  if (out.last_passed && *out.last_passed == 0.0) out.last_passed.reset();
  const bool negative = (out.last_passed && *out.last_passed < 0.0) || (out.failing_step && *out.failing_step <= 0.0);
  if (negative || (out.last_passed && out.failing_step && *out.last_passed > *out.failing_step))
    faults.error("D465", fmt::format("no CCD lies between {} and {} mA/cm2", in_unit(out.last_passed.value_or(0.0), "mA/cm2"),
                                     in_unit(out.failing_step.value_or(0.0), "mA/cm2")),
                 csv.place(from), {"`last_passed` is below `failing_step`; leave `failing_step` empty when no short was seen"});
  if (!out.last_passed && !out.failing_step) out.refused = "the table states no CCD";
  if (const auto why = csv.column("refused"); why && !from.fields[*why].empty()) out.refused = from.fields[*why];
}

/// Which columns are conditions, and their values per row.
void read_factors(const Csv& csv, const std::function<bool(const CsvHeading&)>& skip, const std::function<void(std::size_t row, Factor)>& add,
                  Diagnostics& faults) {
  for (std::size_t c = 0; c < csv.headings.size(); ++c) {
    if (csv.headings[c].name.empty() || skip(csv.headings[c])) continue;
    std::vector<std::pair<const CsvRow*, Factor>> values;
    for (std::size_t r = 0; r < csv.rows.size(); ++r) {
      auto factor = factor_of(csv, csv.rows[r], c, faults);
      if (!factor) continue;
      values.emplace_back(&csv.rows[r], *factor);
      add(r, std::move(*factor));
    }
    if (!values.empty()) refuse_mixed(csv, c, values, faults);
  }
}

} // namespace

bool is_ccd_table(std::string_view text) {
  Diagnostics ignored;
  const Csv head = parse_csv(text.substr(0, std::min<std::size_t>(text.size(), 4096)), "", ignored);
  return std::any_of(head.headings.begin(), head.headings.end(), [](const CsvHeading& h) { return is_ccd_heading(h.name); });
}

std::vector<CcdRow> read_ccd_table(std::string_view text, const std::string& name) {
  Diagnostics faults;
  const Csv csv = parse_csv(text, name, faults);
  const bool stated = std::any_of(csv.headings.begin(), csv.headings.end(), [](const CsvHeading& h) { return is_ccd_heading(h.name); });
  if (!stated && !csv.headings.empty())
    faults.error("D461", "no column of CCDs", Place{.file = name, .text = {}}, {"`last_passed / mA/cm2` and `failing_step / mA/cm2`, or `ccd / mA/cm2`"});
  std::vector<CcdRow> out;
  if (!stated) faults.throw_if_errors();
  const auto named = column_of(csv, name_names);
  const auto capacity = csv.column("capacity_per_half_cycle");
  for (const CsvRow& from : csv.rows) {
    CcdRow row;
    row.source = fmt::format("{}:{}", name, from.line);
    row.name = named ? from.fields[*named] : fmt::format("line {}", from.line);
    if (capacity) row.capacity_per_half_cycle = quantity_field(csv, from, *capacity, dim::areal_capacity, faults);
    if (capacity) refuse_impossible(csv, from, *capacity, row.capacity_per_half_cycle, 0.0, std::numeric_limits<double>::infinity(), faults);
    read_ccd(csv, from, row, faults);
    out.push_back(std::move(row));
  }
  const auto skip = [](const CsvHeading& h) {
    return is_ccd_heading(h.name) || h.name == "grid" || h.name == "refused" || h.name == "capacity_per_half_cycle" || h.name == "source" ||
           h.name == "group" || std::find(name_names.begin(), name_names.end(), h.name) != name_names.end();
  };
  read_factors(csv, skip, [&](std::size_t r, Factor f) { out[r].set(std::move(f)); }, faults);
  faults.throw_if_errors();
  return out;
}

std::vector<Mapped> read_mapping(std::string_view text, const std::string& name) {
  Diagnostics faults;
  const Csv csv = parse_csv(text, name, faults);
  faults.throw_if_errors();
  const std::size_t key = csv.column("file").value_or(csv.column("cell").value_or(0));
  std::vector<Mapped> out;
  for (const CsvRow& row : csv.rows) out.push_back({row.fields[key], row.line, {}, false});
  const auto skip = [&](const CsvHeading& h) { return &h == &csv.headings[key]; };
  read_factors(csv, skip, [&](std::size_t r, Factor f) { out[r].factors.push_back(std::move(f)); }, faults);
  faults.throw_if_errors();
  return out;
}

void apply_mapping(std::vector<CcdRow>& rows, std::vector<Mapped>& mapping, const std::string& name, Diagnostics& notes) {
  for (CcdRow& row : rows) {
    const std::filesystem::path path(row.source);
    const auto names = std::array{row.source, path.filename().string(), path.stem().string(), row.name};
    const auto found = std::find_if(mapping.begin(), mapping.end(), [&](const Mapped& m) { return std::find(names.begin(), names.end(), m.key) != names.end(); });
    if (found == mapping.end()) {
      notes.warning("D466", fmt::format("`{}` says nothing of `{}`", name, row.name));
      continue;
    }
    found->used = true;
    for (const Factor& factor : found->factors) row.set(factor);
  }
  for (const Mapped& m : mapping)
    if (!m.used) notes.warning("D466", fmt::format("no cell is called `{}`", m.key), Place{.file = name, .line = m.line, .text = {}});
}

} // namespace platen::groups
