#include "record/shown.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace platen {
namespace {

/// 298.15 K - 273.15 K is not always the number of degrees that was once read. The number with 15 digits that comes
/// back as the same SI value is the one people wrote; without one the exact quotient is shown.
double shown(double si, const Unit& unit) {
  const double exact = (si - unit.offset) / unit.factor;
  if (!std::isfinite(exact)) return exact;
  std::array<char, 40> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), exact, std::chars_format::general, 15).ptr;
  double rounded = 0.0;
  std::from_chars(text.data(), end, rounded);
  return rounded * unit.factor + unit.offset == si ? rounded : exact;
}

ShownColumn shown_column(const Column& column) {
  const ColumnInfo* info = find_column(column.name);
  if (info == nullptr) return {&column, Unit{}, false};
  return {&column, parse_unit(info->bdf_unit).value_or(Unit{}), column.name == col::step_type};
}

} // namespace

double ShownColumn::real(std::size_t row) const {
  const double si = std::get<std::vector<double>>(column->values)[row];
  return unit.factor == 1.0 && unit.offset == 0.0 ? si : shown(si, unit);
}

std::vector<ShownColumn> shown_columns(const Record& record) {
  std::vector<ShownColumn> out;
  for (const ColumnInfo& info : column_registry())
    if (const Column* column = record.find(info.name)) out.push_back(shown_column(*column));
  for (const Column& column : record.columns())
    if (find_column(column.name) == nullptr) out.push_back(shown_column(column));
  return out;
}

} // namespace platen
