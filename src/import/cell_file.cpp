#include "import/cell_file.hpp"

#include "config/table.hpp"
#include "import/load/settings.hpp"
#include "import/load/zone.hpp"
#include "import/mapping.hpp"

#include <fmt/format.h>

namespace platen {
namespace {

using config::Table;

std::string text_or(const Table& table, std::string_view key, std::string fallback) {
  return table.text(key, std::move(fallback)).value();
}

/// Half-widths of one standard deviation. A difference of temperatures may be said in degC.
std::map<std::string, double, std::less<>> read_uncertainty(const Table& table) {
  std::map<std::string, double, std::less<>> out;
  for (const CellField& field : cell_fields()) {
    std::optional<double> value = table.optional_quantity(
        {.key = field.key, .dimension = field.dimension, .unit = field.shown_in, .above = 0.0});
    if (!value) continue;
    const std::string written = table.written(field.key);
    if (field.dimension == dim::temperature && written.find("degC") != std::string::npos) *value -= from_unit(0.0, "degC");
    out.emplace(field.key, *value);
  }
  return out;
}

CellInfo read_cell(const Table& root) {
  CellInfo cell;
  const auto known = [&](std::string_view key) {
    if (root.has(key)) cell.known_from.emplace(key, KnownFrom{"cell file", root.origin(key)});
  };
  const std::string kind =
      root.choice("configuration", {"symmetric", "full", "blocking", "empty fixture", "unknown"}, "unknown");
  cell.configuration = parse_configuration(kind).value_or(Configuration::unknown);
  known("configuration");
  if (root.has("fixture")) cell.fixture = root.choice("fixture", {"fixed gap", "springs", "constant pressure"});
  for (const CellText& text : cell_texts()) {
    if (text.member != &CellInfo::fixture) cell.*text.member = text_or(root, text.key, "");
    known(text.key);
  }
  for (const CellField& field : cell_fields()) {
    cell.*field.member = root.optional_quantity(
        {.key = field.key, .dimension = field.dimension, .unit = field.shown_in, .low = field.low, .high = field.high});
    known(field.key);
  }
  cell.uncertainty = read_uncertainty(root.table("uncertainty"));
  return cell;
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
  out.zone = load::read_zone(root);
  for (const config::Text& text : root.texts("overrule")) out.overrules.push_back(text.value());
  out.pressure_log = load::read_pressure_log(root.table("pressure_log"), path.parent_path());
  document.finish();
  return out;
}

} // namespace platen
