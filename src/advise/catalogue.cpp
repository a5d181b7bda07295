#include "advise/catalogue.hpp"

#include "base/embedded.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/table.hpp"
#include "groups/csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <span>

namespace platen::advise {

std::span<const EmbeddedText> example_springs();

namespace {

/// A quantity of a spring: its key, what it measures, and other headings under which makers print it.
struct Known {
  std::string_view key;
  Dimension dimension;
  std::string_view unit;
  std::array<std::string_view, 4> others;
};
const std::array<Known, 9>& known() {
  static const std::array<Known, 9> table{{
      {"rate", dim::stiffness, "lbf/mm", {"spring_rate", "spring_constant", "stiffness"}},
      {"load_limit", dim::force, "lbf", {"max_load", "maximum_load", "load"}},
      {"free_length", dim::length, "mm", {"length", "overall_length"}},
      {"solid_length", dim::length, "mm", {"compressed_length", "solid_height"}},
      {"travel", dim::length, "mm", {"max_travel", "deflection", "max_deflection"}},
      {"outer_diameter", dim::length, "mm", {"od", "outside_diameter"}},
      {"inner_diameter", dim::length, "mm", {"inside_diameter", "for_rod_diameter"}},
      {"tolerance", dim::none, "%", {"force_tolerance", "load_tolerance"}},
      {"drift", dim::none / dim::temperature, "1/K", {"rate_drift"}},
  }};
  return table;
}
constexpr std::array<std::string_view, 4> name_headings{"name", "part", "part_number", "number"};
constexpr std::array<std::string_view, 4> ignored{"note", "notes", "material", "colour"};

struct Draft {
  std::string name, basis, source;
  std::map<std::string_view, double> values; ///< by key, SI
  std::optional<double> price;
  Place place;
};

std::optional<double> value_of(const Draft& draft, std::string_view key) {
  const auto found = draft.values.find(key);
  return found == draft.values.end() ? std::nullopt : std::optional(found->second);
}

/// Impossible numbers of one spring. The limits only keep slips of the pen out.
void check(const Draft& d, Diagnostics& faults) {
  const auto refuse = [&](std::string what) { faults.error("D482", fmt::format("spring `{}`: {}", d.name, what), d.place); };
  for (const auto& [key, value] : d.values) {
    if (key == "drift") {
      if (std::abs(value) > 0.01) refuse(fmt::format("a rate that changes by {:g} % per K", 100.0 * value));
    } else if (key == "tolerance") {
      if (value < 0.0 || value >= 1.0) refuse(fmt::format("a tolerance of {:g} % of the force; write `10 %`, or the unit % into the heading", 100.0 * value));
    } else if (!(value > 0.0) || value > 1e10) {
      refuse(fmt::format("`{}` must be more than nothing", key));
    }
  }
  const auto free = value_of(d, "free_length"), solid = value_of(d, "solid_length"), outer = value_of(d, "outer_diameter"), inner = value_of(d, "inner_diameter");
  if (free && solid && *solid >= *free) refuse("it is as long when solid as when free");
  if (outer && inner && *inner >= *outer) refuse("it is as wide inside as outside");
  if (d.price && !(*d.price >= 0.0)) refuse("a price below nothing");
}

/// The least travel that the numbers allow, and which number that is.
void set_travel(CatalogueSpring& spring, const Draft& d) {
  spring.travel = spring.load_limit / spring.rate;
  spring.travel_from = "load limit over rate";
  const auto less = [&](double travel, std::string_view from) {
    if (travel < spring.travel) {
      spring.travel = travel;
      spring.travel_from = from;
    }
  };
  if (spring.free_length && spring.solid_length) less(*spring.free_length - *spring.solid_length, "free less solid length");
  if (const auto stated = value_of(d, "travel")) less(*stated, "stated");
}

std::optional<CatalogueSpring> finish(const Draft& d, Diagnostics& faults) {
  for (const std::string_view key : {"rate", "load_limit"})
    if (!value_of(d, key))
      faults.error("D481", fmt::format("spring `{}` has no {}", d.name, key == "rate" ? "rate" : "load limit"), d.place,
                   {fmt::format("a spring needs `name`, `rate` (\"5.5 lbf/mm\") and `load_limit` (\"53 lbf\"); the rest may be left out")});
  check(d, faults);
  if (faults.has_errors()) return std::nullopt;
  CatalogueSpring out;
  out.name = d.name;
  out.rate = *value_of(d, "rate");
  out.load_limit = *value_of(d, "load_limit");
  out.free_length = value_of(d, "free_length");
  out.solid_length = value_of(d, "solid_length");
  out.outer_diameter = value_of(d, "outer_diameter");
  out.inner_diameter = value_of(d, "inner_diameter");
  out.tolerance = value_of(d, "tolerance");
  out.drift = value_of(d, "drift");
  out.price = d.price;
  out.basis = d.basis;
  out.source = d.source;
  set_travel(out, d);
  return out;
}

/// Which of our quantities each heading is; -1: another kind of column.
struct Columns {
  std::vector<int> quantity;
  std::optional<std::size_t> name, price, basis, source;
};
Columns columns_of(const groups::Csv& csv, Catalogue& out) {
  Columns columns;
  for (std::size_t k = 0; k < csv.headings.size(); ++k) {
    const std::string& heading = csv.headings[k].name;
    const auto& table = known();
    const auto found = std::find_if(table.begin(), table.end(), [&](const Known& row) {
      return heading == row.key || std::find(row.others.begin(), row.others.end(), heading) != row.others.end();
    });
    columns.quantity.push_back(found == table.end() || heading.empty() ? -1 : static_cast<int>(found - table.begin()));
    if (columns.quantity.back() >= 0) continue;
    if (std::find(name_headings.begin(), name_headings.end(), heading) != name_headings.end()) columns.name = k;
    else if (heading == "price" || heading == "price_each") columns.price = k;
    else if (heading == "basis") columns.basis = k;
    else if (heading == "source") columns.source = k;
    else if (std::find(ignored.begin(), ignored.end(), heading) == ignored.end())
      out.warnings.push_back({Severity::warning, "D483", fmt::format("the column `{}` is not used", heading), Place{.file = csv.name, .text = {}},
                              {"columns that are: name, rate, load_limit, free_length, solid_length, travel, outer_diameter, inner_diameter, price, tolerance, drift"}});
  }
  return columns;
}

std::optional<double> field_value(const groups::Csv& csv, const groups::CsvRow& row, std::size_t column, const Known& wanted, Diagnostics& faults) {
  const std::string& field = row.fields[column];
  if (field.empty()) return std::nullopt;
  const groups::CsvHeading& heading = csv.headings[column];
  const auto fault = [&](std::string_view what) {
    faults.error("D463", fmt::format("`{}` of `{}`: {}", field, heading.name, what), csv.place(row),
                 {fmt::format("write the unit into the heading, `{} / {}`, or into the field", wanted.key, wanted.unit)});
    return std::nullopt;
  };
  const auto read = groups::number_and_unit(field, csv.decimal);
  if (!read) return fault("a number was expected");
  // Pounds and kilograms of a spring's data sheet are forces: `parse_quantity` knows what is wanted.
  const std::string unit(read->unit.empty() ? std::string_view(heading.unit) : read->unit);
  const QuantityResult value = parse_quantity(fmt::format("{} {}", read->number, unit), wanted.dimension);
  switch (value.fault) {
  case QuantityFault::none: return value.quantity.value;
  case QuantityFault::no_unit: return fault("a number without a unit");
  case QuantityFault::wrong_dimension: return fault(fmt::format("this is a unit of {}", value.detail));
  default: return fault("no number with a unit that is known here");
  }
}

Catalogue from_csv(std::string_view text, const std::string& name) {
  Catalogue out;
  out.name = name;
  Diagnostics faults;
  const groups::Csv csv = groups::parse_csv(text, name, faults);
  faults.throw_if_errors();
  const Columns columns = columns_of(csv, out);
  if (csv.rows.empty() || !columns.name) {
    faults.error("D480", csv.rows.empty() ? "the catalogue holds no springs" : "the catalogue has no column `name`", Place{.file = name, .text = {}},
                 {"its first line names the columns: `name, rate / lbf/mm, load_limit / lbf`; each further line is a spring"});
    faults.throw_if_errors();
  }
  if (columns.price) out.currency = csv.headings[*columns.price].unit;
  for (const groups::CsvRow& row : csv.rows) {
    Draft draft{row.fields[*columns.name], columns.basis ? row.fields[*columns.basis] : "", columns.source ? row.fields[*columns.source] : "", {}, {}, csv.place(row)};
    Diagnostics own;
    for (std::size_t k = 0; k < row.fields.size(); ++k)
      if (columns.quantity[k] >= 0) {
        const Known& wanted = known()[static_cast<std::size_t>(columns.quantity[k])];
        if (const auto value = field_value(csv, row, k, wanted, own)) draft.values.emplace(wanted.key, *value);
      }
    if (columns.price && !row.fields[*columns.price].empty()) {
      const auto price = groups::number_and_unit(row.fields[*columns.price], csv.decimal);
      if (price) draft.price = price->number;
      else own.error("D463", fmt::format("`{}` of `price`: a number was expected", row.fields[*columns.price]), csv.place(row), {"the currency goes into the heading, `price / EUR`"});
    }
    if (draft.name.empty()) own.error("D481", "a spring without a name", draft.place);
    if (!own.has_errors())
      if (auto spring = finish(draft, own)) out.springs.push_back(std::move(*spring));
    for (const Diagnostic& d : own.items()) faults.add(d);
  }
  faults.throw_if_errors();
  return out;
}

Catalogue from_toml(std::string text, const std::string& name) {
  Catalogue out;
  out.name = name;
  const auto document = config::Document::parse(std::move(text), name, {});
  const config::Table root = document.root();
  out.currency = root.text("currency", "").value();
  for (const config::Table& table : root.tables("spring")) {
    Draft draft;
    draft.name = table.text("name").value();
    draft.basis = table.text("basis", "").value();
    draft.source = table.text("source", "").value();
    draft.place = table.place();
    for (const Known& row : known())
      if (const auto value = table.optional_quantity({.key = row.key, .dimension = row.dimension, .unit = row.unit}); value && std::isfinite(*value))
        draft.values.emplace(row.key, *value);
    draft.price = table.optional_quantity({.key = "price", .low = 0.0});
    Diagnostics own;
    if (auto spring = finish(draft, own)) out.springs.push_back(std::move(*spring));
    for (const Diagnostic& d : own.items()) document.diagnostics().add(d);
  }
  if (out.springs.empty() && !document.diagnostics().has_errors())
    document.diagnostics().error("D480", "the catalogue holds no springs", root.place(), {"each is a table: [[spring]] with name, rate and load_limit"});
  document.finish();
  return out;
}

} // namespace

Catalogue parse_catalogue(std::string text, const std::string& name, bool toml) {
  Catalogue out = toml ? from_toml(std::move(text), name) : from_csv(text, name);
  if (out.springs.size() > most_springs)
    throw Error("D480", fmt::format("{} springs are more than a catalogue may hold ({})", out.springs.size(), most_springs), Place{.file = name, .text = {}});
  return out;
}

Catalogue read_catalogue(const std::filesystem::path& path) {
  return parse_catalogue(read_file(path), path.string(), path.extension() == ".toml");
}

Catalogue built_in_catalogue() {
  const EmbeddedText& example = example_springs().front();
  return parse_catalogue(std::string(example.text), "built-in springs", false);
}

} // namespace platen::advise
