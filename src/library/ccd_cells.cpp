// Cells of a library as rows for the statistics of groups.

#include "library/rows.hpp"

#include "base/units.hpp"
#include "record/cell_info.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::library {
namespace {

/// The unit in which people read a number: that of cell files, or the one that a user wrote.
std::string shown_in(const Fact& fact, const Dimension& dimension) {
  for (const CellField& field : cell_fields())
    if (field.key == fact.key) return std::string(field.shown_in);
  const auto blank = fact.text.find(' ');
  const std::string written = blank != std::string::npos ? fact.text.substr(blank + 1) : std::string();
  const auto unit = parse_unit(written);
  return unit && unit->dimension == dimension ? written : std::string();
}

groups::Factor factor_of(const Fact& fact) {
  if (!fact.value) return {fact.key, std::nullopt, {}, {}, fact.text};
  const auto unit = parse_unit(fact.unit);
  const Dimension dimension = unit ? unit->dimension : dim::none;
  return {fact.key, fact.value, dimension, shown_in(fact, dimension), {}};
}

std::string why_refused(Statement& judged) {
  const std::string verdict = judged.text(6), stands = judged.text(7);
  if (!stands.empty() && stands != verdict)
    return fmt::format("a person overruled the verdict ({} instead of {}) after the CCD was judged", stands, verdict);
  if (judged.real(0) || judged.real(1)) return {};
  const std::string said = judged.text(4);
  return said.empty() ? "no step of the ramp was completed" : said;
}

groups::CcdRow row_of(Connection& connection, Statement& judged, const Known& cell) {
  const auto positive = [&](std::size_t column) {
    const auto value = judged.real(column);
    return value && *value > 0 ? value : std::nullopt;
  };
  groups::CcdRow row;
  row.name = cell.name;
  row.source = "library";
  row.refused = why_refused(judged);
  if (row.refused.empty()) {
    row.last_passed = judged.real(0);
    row.failing_step = judged.real(1);
    row.grid = positive(2);
    row.capacity_per_half_cycle = positive(3);
  }
  for (const Fact& fact : current_facts(connection, cell.id)) row.set(factor_of(fact));
  return row;
}

} // namespace

std::vector<CcdCell> Library::ccd_cells(const std::string& where) {
  const Table chosen = overview(where, false);
  std::vector<CcdCell> out;
  for (const auto& values : chosen.rows) {
    const Known cell{std::get<std::int64_t>(values[0]), std::get<std::string>(values[1]), ""};
    Statement judged(connection_, "SELECT j.ccd_last_passed_A_m2, j.ccd_failing_step_A_m2, j.ccd_grid_A_m2, j.capacity_per_half_cycle_C_m2, "
                                  "j.ccd_refused, c.study, j.verdict, v.verdict FROM cells AS c JOIN overview AS v ON v.id = c.id "
                                  "JOIN judgements AS j ON j.cell = c.id AND j.is_current = 1 WHERE c.id = ?");
    if (judged.bind(cell.id).step()) out.push_back({row_of(connection_, judged, cell), judged.text(5)});
  }
  return out;
}

} // namespace platen::library
