#include "record/bdf_names.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace platen {
namespace {

/// "Test Time" and "test_time" alike: lower case, words joined by one underscore.
std::string snake(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '_' || c == '\t') {
      if (!out.empty() && out.back() != '_') out += '_';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

struct Pair {
  std::string_view from, to;
};

/// Names of earlier versions of the format and of published files.
constexpr std::array<Pair, 2> aliases{{{"step_id", col::step_index}, {"cycle", col::cycle_count}}};

/// Last word of a machine name and the unit it stands for. Longer words first where one ends in another.
constexpr std::array<Pair, 21> unit_words{{{"millisecond", "ms"}, {"second", "s"},      {"minute", "min"},
                                           {"hour", "h"},         {"millivolt", "mV"},  {"volt", "V"},
                                           {"milliampere", "mA"}, {"ampere", "A"},      {"celsius", "degC"},
                                           {"kelvin", "K"},       {"mah", "mAh"},       {"ah", "Ah"},
                                           {"mwh", "mWh"},        {"wh", "Wh"},         {"watt", "W"},
                                           {"ohm", "ohm"},        {"pascal", "Pa"},     {"pa", "Pa"},
                                           {"hertz", "Hz"},       {"dimensionless", "1"}, {"coulomb", "C"}}};

const ColumnInfo* find_by_any_name(std::string_view name) {
  std::string key = snake(name);
  for (const Pair& alias : aliases)
    if (alias.from == key) key = alias.to;
  for (const ColumnInfo& info : column_registry())
    if (info.name == key || snake(info.bdf_name) == key) return &info;
  return nullptr;
}

BdfHeading heading(std::string_view name, std::optional<std::string> unit) {
  const ColumnInfo* info = find_by_any_name(name);
  return {info, info != nullptr ? std::string(info->name) : std::string(name), std::move(unit)};
}

} // namespace

std::string bdf_label(const Column& column) {
  if (const ColumnInfo* info = find_column(column.name))
    return info->bdf_unit.empty() ? std::string(info->bdf_name) : fmt::format("{} / {}", info->bdf_name, info->bdf_unit);
  return fmt::format("{} / {}", column.name, column.unit.empty() ? "1" : column.unit);
}

BdfHeading read_bdf_heading(std::string_view text) {
  text = trim(text);
  // Units hold slashes too ("mA/cm2"), but never one between spaces.
  if (const std::size_t slash = text.rfind(" / "); slash != std::string_view::npos && slash > 0)
    return heading(trim(text.substr(0, slash)), std::string(trim(text.substr(slash + 3))));
  if (find_by_any_name(text) != nullptr) return heading(text, std::nullopt);
  const std::string key = snake(text);
  for (const Pair& word : unit_words) {
    if (key.size() <= word.from.size() + 1 || !key.ends_with(word.from)) continue;
    const std::size_t stem = key.size() - word.from.size() - 1;
    if (key[stem] == '_') return heading(key.substr(0, stem), std::string(word.to));
  }
  return heading(text, std::nullopt);
}

std::optional<StepType> parse_step_type(std::string_view text) {
  const std::string key = snake(trim(text));
  for (int k = 0; k <= static_cast<int>(StepType::end); ++k)
    if (snake(step_type_label(static_cast<StepType>(k))) == key) return static_cast<StepType>(k);
  return std::nullopt;
}

} // namespace platen
