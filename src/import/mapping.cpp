#include "import/mapping.hpp"

#include "import/text/header.hpp"
#include "record/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen {
namespace {

using config::Table;

std::vector<std::string> registry_names() {
  std::vector<std::string> out;
  for (const ColumnInfo& info : column_registry()) out.emplace_back(info.name);
  return out;
}

/// @param log a load-cell log, whose pressure may be a voltage as well.
void check_mapping(const Table& table, std::string_view key, const ColumnMapping& mapping,
                   const config::Text& name, const config::Text& unit_text, bool log) {
  Diagnostics& faults = table.diagnostics();
  if (find_column(mapping.column) == nullptr) {
    std::vector<std::string> hints;
    if (const auto near = did_you_mean(mapping.column, registry_names()))
      hints.push_back(fmt::format("did you mean `{}`?", *near));
    hints.push_back(fmt::format("columns are: {}", fmt::join(registry_names(), ", ")));
    faults.error("D080",
                 fmt::format("`{}` is mapped to `{}`, which is no column of Platen", key, mapping.column),
                 name.place(), std::move(hints));
    return;
  }
  if (mapping.unit.empty()) return;
  const Dimension wanted = text::column_dimension(mapping.column);
  const auto unit = text::read_unit(mapping.unit, wanted);
  const bool volts = log && unit && mapping.column == col::stack_pressure && unit->dimension == dim::voltage;
  if (unit && (text::fits_column(mapping.column, unit->dimension) || volts)) return;
  faults.error("D081",
               unit ? fmt::format("`{}` measures a {}; `{}` needs a {}", mapping.unit,
                                  describe(unit->dimension), mapping.column, describe(wanted))
                    : fmt::format("`{}` is no unit that Platen knows", mapping.unit),
               unit_text.place(),
               {fmt::format("for example unit = \"{}\"", find_column(mapping.column)->shown_in)});
}

} // namespace

std::map<std::string, ColumnMapping> read_columns(const Table& columns, bool log) {
  std::map<std::string, ColumnMapping> out;
  for (const std::string& heading : columns.keys()) {
    ColumnMapping mapping;
    if (columns.is_table(heading)) {
      const Table entry = columns.table(heading);
      const config::Text column = entry.text("column");
      const config::Text unit = entry.text("unit", "");
      mapping = {column.value(), unit.value()};
      if (column.present()) check_mapping(entry, heading, mapping, column, unit, log);
    } else {
      const config::Text column = columns.text(heading);
      mapping.column = column.value();
      if (column.present()) check_mapping(columns, heading, mapping, column, {}, log);
    }
    out.emplace(heading, std::move(mapping));
  }
  return out;
}

} // namespace platen
