#include "import/cell_file.hpp"

#include "config/table.hpp"
#include "import/text/header.hpp"
#include "record/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen {
namespace {

using config::Table;

constexpr Dimension force_per_volt = dim::force / dim::voltage;

std::string text_or(const Table& table, std::string_view key, std::string fallback) {
  return table.text(key, std::move(fallback)).value();
}

CellInfo read_cell(const Table& root) {
  CellInfo cell;
  cell.name = text_or(root, "name", "");
  const std::string kind =
      root.choice("configuration", {"symmetric", "full", "empty fixture", "unknown"}, "unknown");
  cell.configuration = parse_configuration(kind).value_or(Configuration::unknown);
  cell.electrolyte = text_or(root, "electrolyte", "");
  if (root.has("fixture")) cell.fixture = root.choice("fixture", {"fixed gap", "springs"});
  for (const CellField& field : cell_fields()) {
    config::Field wanted{.key = field.key, .dimension = field.dimension, .unit = field.shown_in};
    if (field.member != &CellInfo::current) wanted.low = 0.0; // a current may be negative, nothing else may
    cell.*field.member = root.optional_quantity(wanted);
  }
  return cell;
}

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

/// [columns]: `"Ewe/V" = "voltage"` or `"Ewe/V" = { column = "voltage", unit = "V" }`.
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

/// `zero = "0.3 lbf"` as a number in the log's own unit.
std::optional<double> read_zero(const Table& log, const std::optional<Unit>& unit) {
  if (!log.has("zero")) return std::nullopt;
  if (!unit && log.has("unit")) { // which is reported where it is wrong
    log.optional_text("zero");
    return std::nullopt;
  }
  if (!unit) {
    log.diagnostics().error("D083", "`zero` needs the log's `unit`, in which it is subtracted",
                            log.key_place("zero"), {"add for example: unit = \"lbf\""});
    log.optional_text("zero");
    return std::nullopt;
  }
  const auto si = log.optional_quantity({.key = "zero", .dimension = unit->dimension});
  return si ? std::optional((*si - unit->offset) / unit->factor) : std::nullopt;
}

std::optional<PressureLog> read_pressure_log(const Table& table, const std::filesystem::path& folder) {
  if (!table.exists()) return std::nullopt;
  PressureLog log;
  const config::Text file = table.text("file");
  log.file = folder / std::filesystem::path(file.value());
  std::optional<Unit> unit;
  if (const auto text = table.optional_text("unit")) {
    log.unit = text->value();
    unit = text::read_unit(log.unit, dim::pressure);
    const bool good = unit && (unit->dimension == dim::pressure || unit->dimension == dim::force ||
                               unit->dimension == dim::voltage);
    if (!good)
      table.diagnostics().error(
          "D082", fmt::format("`{}` is no unit of a pressure, a force or a voltage", log.unit), text->place(),
          {"a load-cell log is in MPa, kPa, bar, N, kN, kgf, lbf, V or mV"});
    if (!good) unit.reset();
    if (unit && unit->dimension == dim::voltage && !table.has("gain"))
      table.diagnostics().error("D084", "a log in volts needs the load cell's `gain`", text->place(),
                                {"for example: gain = \"445 N/V\""});
  }
  log.gain = table.optional_quantity({.key = "gain", .dimension = force_per_volt, .unit = "N/V"});
  log.zero = read_zero(table, unit);
  log.clock_offset =
      table.optional_quantity({.key = "clock_offset", .dimension = dim::time, .unit = "s"}).value_or(0.0);
  log.columns = read_columns(table.table("columns"), true);
  return log;
}

} // namespace

CellFile read_cell_file(const std::filesystem::path& path) {
  const config::Document document = config::Document::read(path);
  const Table root = document.root();
  CellFile out;
  out.path = path.string();
  out.text = document.sources().front().second;
  out.cell = read_cell(root);
  out.columns = read_columns(root.table("columns"), false);
  out.pressure_log = read_pressure_log(root.table("pressure_log"), path.parent_path());
  document.finish();
  return out;
}

} // namespace platen
