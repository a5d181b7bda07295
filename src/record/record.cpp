#include "record/record.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace platen {
namespace {

std::size_t length(const Column& column) {
  return std::visit([](const auto& values) { return values.size(); }, column.values);
}

std::vector<std::string> names(const std::vector<Column>& columns) {
  std::vector<std::string> out;
  for (const Column& c : columns) out.push_back(c.name);
  return out;
}

Error missing(std::string_view name, const std::vector<Column>& columns) {
  const std::vector<std::string> present = names(columns);
  std::vector<std::string> hints;
  if (const auto near = did_you_mean(name, present)) hints.push_back(fmt::format("did you mean `{}`?", *near));
  hints.push_back(present.empty() ? "the record has no columns"
                                  : fmt::format("the record has: {}", fmt::join(present, ", ")));
  if (name == col::current) hints.push_back("a constant current may come from the cell file: `current = \"0.4 mA\"`");
  return Error("D060", fmt::format("the record has no column `{}`", name), std::nullopt, std::move(hints));
}

Error wrong_kind(std::string_view name, std::string_view holds, std::string_view wanted) {
  return Error("D060", fmt::format("column `{}` holds {}, {} were expected", name, holds, wanted));
}

const Column& need(const Column* column, std::string_view name, const std::vector<Column>& columns) {
  if (column == nullptr) throw missing(name, columns);
  return *column;
}

Column from_registry(std::string_view name, ColumnKind kind) {
  const ColumnInfo* info = find_column(name);
  if (info == nullptr) throw Error("B003", fmt::format("`{}` is not in the registry of columns", name));
  if (info->kind != kind) throw Error("B003", fmt::format("column `{}` was given values of the wrong kind", name));
  return {std::string(name), std::string(info->unit), std::string(info->description), {}};
}

} // namespace

std::size_t Record::rows() const noexcept { return columns_.empty() ? 0 : length(columns_.front()); }

const Column* Record::find(std::string_view name) const noexcept {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
  return found != columns_.end() ? &*found : nullptr;
}

std::span<const double> Record::real(std::string_view name) const {
  const auto* values = std::get_if<std::vector<double>>(&need(find(name), name, columns_).values);
  if (values == nullptr) throw wrong_kind(name, "whole numbers", "real numbers");
  return *values;
}

std::span<double> Record::real(std::string_view name) {
  const std::span<const double> values = std::as_const(*this).real(name);
  return {const_cast<double*>(values.data()), values.size()}; // the column is ours and not const here
}

std::span<const std::int32_t> Record::integer(std::string_view name) const {
  const auto* values = std::get_if<std::vector<std::int32_t>>(&need(find(name), name, columns_).values);
  if (values == nullptr) throw wrong_kind(name, "real numbers", "whole numbers");
  return *values;
}

void Record::set(std::string_view name, std::vector<double> values) {
  Column column = from_registry(name, ColumnKind::real);
  column.values = std::move(values);
  set(std::move(column));
}

void Record::set(std::string_view name, std::vector<std::int32_t> values) {
  Column column = from_registry(name, ColumnKind::integer);
  column.values = std::move(values);
  set(std::move(column));
}

void Record::set(Column column) {
  if (const ColumnInfo* info = find_column(column.name)) {
    const bool integer = std::holds_alternative<std::vector<std::int32_t>>(column.values);
    if (column.unit != info->unit || integer != (info->kind == ColumnKind::integer))
      throw Error("B003", fmt::format("column `{}` must have the registry's unit ({}) and kind", info->name, info->unit));
  }
  const auto same = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == column.name; });
  const bool alone = columns_.empty() || (columns_.size() == 1 && same != columns_.end());
  if (!alone && length(column) != rows())
    throw Error("B003", fmt::format("column `{}` has {} rows, the record has {}", column.name, length(column), rows()));
  if (same != columns_.end()) *same = std::move(column);
  else columns_.push_back(std::move(column));
}

} // namespace platen
