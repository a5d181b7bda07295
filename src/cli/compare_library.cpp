#include "cli/compare_library.hpp"

#include "base/error.hpp"
#include "cli/library.hpp"
#include "library/library.hpp"
#include "record/cell_info.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace platen::cli {
namespace {

using groups::CcdRow;
using library::Value;

std::size_t column_of(const library::Table& table, std::string_view name) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), name);
  if (found == table.columns.end()) throw Error("B002", fmt::format("the library's overview has no column `{}`", name));
  return static_cast<std::size_t>(found - table.columns.begin());
}

std::string text(const Value& value) {
  const auto* words = std::get_if<std::string>(&value);
  return words != nullptr ? *words : std::string();
}

std::optional<double> number(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

std::int64_t id(const Value& value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? *whole : 0;
}

/// The unit in which a person wrote the quantity, "h" of "2 h", where it measures what it should.
std::string unit_written(const std::string& quantity, const Dimension& dimension) {
  const auto blank = quantity.find(' ');
  if (blank == std::string::npos) return {};
  const auto unit = parse_unit(quantity.substr(blank + 1));
  return unit && unit->dimension == dimension ? quantity.substr(blank + 1) : std::string();
}

/// SQL of a list of words.
std::string listed(const std::vector<std::string>& words) {
  std::string out = "''";
  for (const std::string& word : words) {
    out += ", '";
    for (const char c : word) out += c == '\'' ? std::string("''") : std::string(1, c);
    out += '\'';
  }
  return out;
}

/// cell, key, value, unit, text of `preparation` or `study_values`.
groups::Factor factor_of(const std::vector<Value>& fact) {
  groups::Factor out{text(fact[1]), number(fact[2]), {}, {}, text(fact[4])};
  if (!out.number) return out;
  out.word.clear();
  if (const auto unit = parse_unit(text(fact[3]))) out.dimension = unit->dimension;
  out.shown_in = unit_written(text(fact[4]), out.dimension);
  for (const CellField& field : cell_fields())
    if (field.key == out.name) out.shown_in = std::string(field.shown_in);
  return out;
}

} // namespace

std::vector<CcdRow> rows_of_library(const std::filesystem::path& path, const std::string& where, const std::vector<std::string>& wanted,
                                    const std::atomic<bool>* stop) {
  library::Library library = open_library(path, library::Access::read);
  const library::Table cells = library.overview(where, false);
  const std::size_t ids = column_of(cells, "id"), names = column_of(cells, "name"), verdict = column_of(cells, "verdict");
  std::vector<CcdRow> out;
  std::map<std::int64_t, std::size_t> place;
  std::vector<std::string> verdicts; // with what people said
  for (const auto& cell : cells.rows) {
    CcdRow row;
    row.name = text(cell[names]);
    row.source = path.string();
    verdicts.push_back(text(cell[verdict]));
    place[id(cell[ids])] = out.size();
    out.push_back(std::move(row));
  }
  const library::Table ccds = library.query("SELECT cell, ccd_last_passed_A_m2, ccd_failing_step_A_m2, ccd_grid_A_m2, capacity_per_half_cycle_C_m2, ccd_refused, verdict "
                                            "FROM judgements WHERE is_current = 1", 0, stop);
  for (const auto& ccd : ccds.rows) {
    const auto found = place.find(id(ccd[0]));
    if (found == place.end()) continue;
    CcdRow& row = out[found->second];
    row.last_passed = number(ccd[1]);
    row.failing_step = number(ccd[2]);
    if (const auto grid = number(ccd[3]); grid && *grid > 0.0) row.grid = grid;
    if (const auto capacity = number(ccd[4]); capacity && *capacity > 0.0) row.capacity_per_half_cycle = capacity;
    const std::string &stands = verdicts[found->second], judged = text(ccd[6]);
    row.refused = stands == judged ? text(ccd[5]) : fmt::format("a person overruled the verdict from which its CCD follows ({} instead of {})", stands, judged);
    if (row.refused.empty() && !row.last_passed && !row.failing_step) row.refused = "no step of the ramp was completed";
  }
  const library::Table studies = library.query(
      fmt::format("SELECT cell, key, value, unit, text FROM study_values WHERE key IN ({})", listed(wanted)), 0, stop);
  for (const auto& value : studies.rows)
    if (const auto found = place.find(id(value[0])); found != place.end()) out[found->second].set(factor_of(value));
  const library::Table facts = library.query("SELECT cell, key, value, unit, text FROM preparation WHERE is_current = 1", 0, stop);
  for (const auto& fact : facts.rows)
    if (const auto found = place.find(id(fact[0])); found != place.end()) out[found->second].set(factor_of(fact));
  return out;
}

} // namespace platen::cli
