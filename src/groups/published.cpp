#include "groups/published.hpp"

#include "groups/csv.hpp"
#include "groups/table.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::groups {
namespace {

std::string field(const Csv& csv, const CsvRow& row, std::string_view column) {
  const auto found = csv.column(column);
  if (!found) throw Error("B022", fmt::format("{} has no column `{}`", csv.name, column));
  return row.fields[*found];
}

std::optional<double> number(const Csv& csv, const CsvRow& row, std::string_view column, const Dimension& dimension, Diagnostics& faults) {
  const auto found = csv.column(column);
  return found ? quantity_field(csv, row, *found, dimension, faults) : std::nullopt;
}

} // namespace

std::vector<Published> published_ccds() {
  const std::string name = "data/literature/ccd.csv";
  const auto files = literature();
  const auto file = std::find_if(files.begin(), files.end(), [](const EmbeddedText& f) { return f.name == "ccd"; });
  if (file == files.end()) throw Error("B022", name + " is not part of the program");
  Diagnostics faults;
  const Csv csv = parse_csv(file->text, name, faults);
  const std::vector<CcdRow> rows = read_ccd_table(file->text, name);
  std::vector<Published> out;
  for (std::size_t k = 0; k < csv.rows.size() && k < rows.size(); ++k) {
    const CsvRow& from = csv.rows[k];
    Published p;
    p.row = rows[k];
    p.as_stated = field(csv, from, "ccd");
    p.electrolyte = field(csv, from, "electrolyte");
    p.stack = field(csv, from, "stack");
    p.preparation = field(csv, from, "preparation");
    p.method = field(csv, from, "method");
    p.reference = field(csv, from, "reference");
    p.confidence = field(csv, from, "confidence");
    p.basis = field(csv, from, "basis");
    p.note = field(csv, from, "note");
    p.lithium_metal = field(csv, from, "lithium_metal") == "yes";
    p.temperature = number(csv, from, "temperature", dim::temperature, faults);
    p.capacity_low = number(csv, from, "capacity_low", dim::areal_capacity, faults);
    p.capacity_high = number(csv, from, "capacity_high", dim::areal_capacity, faults);
    if (p.capacity_low && p.capacity_high) p.row.capacity_per_half_cycle = 0.5 * (*p.capacity_low + *p.capacity_high);
    out.push_back(std::move(p));
  }
  if (faults.has_errors()) throw Error("B022", fmt::format("{}: {}", name, faults.items().front().message));
  return out;
}

} // namespace platen::groups
