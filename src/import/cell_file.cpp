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

CellInfo read_cell(const Table& root) {
  CellInfo cell;
  cell.name = text_or(root, "name", "");
  const std::string kind =
      root.choice("configuration", {"symmetric", "full", "blocking", "empty fixture", "unknown"}, "unknown");
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
  out.pressure_log = load::read_pressure_log(root.table("pressure_log"), path.parent_path());
  document.finish();
  return out;
}

} // namespace platen
