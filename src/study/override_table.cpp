#include "study/variants.hpp"

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "record/csv_text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view weight_column = "weight", explanation_column = "explanation";

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_word_column(const OverrideColumn& column, const OverrideKey& key) {
  return !key.words().empty() || (key.kind == OverrideKey::Kind::value && column.unit.empty());
}

double read_word(OverrideColumn& column, const OverrideKey& key, std::string_view field, const Place& place, Diagnostics& diagnostics) {
  std::vector<std::string> allowed = key.words();
  if (key.is_switch() && (field == "0" || field == "1")) return field == "1" ? 1.0 : 0.0;
  for (std::size_t k = 0; k < column.words.size(); ++k)
    if (allowed.empty() ? column.words[k] == field : same_letters(column.words[k], field)) return static_cast<double>(k);
  if (allowed.empty()) { // [values] may hold anything that a sentence can read
    column.words.emplace_back(field);
    return static_cast<double>(column.words.size() - 1);
  }
  diagnostics.error("C122", fmt::format("`{}` cannot be \"{}\"", column.key, field), place,
                    {fmt::format("one of \"{}\"", fmt::join(allowed, "\", \""))});
  return nothing;
}

/// Reads the lines of a table one after another.
class TableReader {
public:
  explicit TableReader(const std::string& name) { out_.name = name; }

  OverrideTable read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (std::size_t line = 1; !text.empty(); ++line) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view here = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (here.ends_with('\r')) here.remove_suffix(1);
      if (trim(here).empty() || trim(here).front() == '#') continue;
      line_ = line;
      shown_ = here;
      delimiter_ == 0 ? header(here) : row(here);
      if (diagnostics_.items().size() > most_faults) break;
    }
    if (delimiter_ == 0)
      diagnostics_.error("C126", "the table is empty", Place{out_.name, 0, 0, 1, ""}, {"its first line names what is overridden, `flaw.depth [um]`"});
    else if (out_.lines.empty() && !diagnostics_.has_errors())
      diagnostics_.error("C126", "the table has a heading, but no row", Place{out_.name, 0, 0, 1, ""});
    diagnostics_.throw_if_errors();
    return std::move(out_);
  }

private:
  static constexpr std::size_t most_faults = 100; ///< of a table that is something else altogether
  static constexpr std::size_t longest_shown = 200;

  Place place(const CsvField& field) const {
    return {out_.name, line_, field.column, field.length, shown_.size() <= longest_shown ? std::string(shown_) : std::string()};
  }

  void header(std::string_view line) {
    delimiter_ = csv_delimiter(line);
    for (const CsvField& field : split_csv(line, delimiter_)) {
      const CsvName name = csv_name(field.text);
      const bool twice = std::any_of(names_.begin(), names_.end(), [&](const std::string& other) { return other == name.name; });
      if (twice) diagnostics_.error("C124", fmt::format("two columns override `{}`", name.name), place(field));
      names_.push_back(name.name);
      if (name.name == weight_column || name.name == explanation_column) {
        (name.name == weight_column ? weight_ : explanation_) = names_.size() - 1;
        continue;
      }
      OverrideColumn column{.key = name.name, .unit = name.unit, .words = {}, .place = place(field)};
      if (const auto key = find_override_key(name.name)) column.words = key->words();
      keys_.push_back(check_override(column, diagnostics_));
      column_of_.push_back(names_.size() - 1);
      out_.columns.push_back(std::move(column));
    }
    if (out_.columns.empty() && !diagnostics_.has_errors())
      diagnostics_.error("C126", "no column overrides anything", Place{out_.name, line_, 0, 1, std::string(line)});
  }

  void row(std::string_view line) {
    const std::vector<CsvField> fields = split_csv(line, delimiter_);
    if (fields.size() != names_.size()) {
      diagnostics_.error("C126", fmt::format("{} fields under {} headings", fields.size(), names_.size()),
                         Place{out_.name, line_, 1, std::max<std::size_t>(1, line.size()), line.size() <= longest_shown ? std::string(line) : std::string()},
                         {"a field that holds the mark between fields is written in quotes"});
      return;
    }
    out_.lines.push_back(line_);
    for (std::size_t k = 0; k < out_.columns.size(); ++k) {
      const CsvField& field = fields[column_of_[k]];
      out_.values.push_back(keys_[k] ? read_override(out_.columns[k], *keys_[k], field.text, place(field), diagnostics_) : nothing);
    }
    if (weight_) weight(fields[*weight_]);
    if (explanation_) out_.explanations.push_back(fields[*explanation_].text);
  }

  void weight(const CsvField& field) {
    double value = 0.0;
    const char* end = field.text.data() + field.text.size();
    if (scan_number(field.text.data(), end, '.', value) != end || !(value >= 0.0) || !std::isfinite(value))
      diagnostics_.error("C122", fmt::format("a weight is a number of zero or more, but is \"{}\"", field.text), place(field));
    out_.weights.push_back(value);
  }

  OverrideTable out_;
  Diagnostics diagnostics_;
  char delimiter_ = 0;
  std::size_t line_ = 0;
  std::string_view shown_;
  std::vector<std::string> names_;
  std::vector<std::optional<OverrideKey>> keys_; ///< of the overriding columns; empty after a fault
  std::vector<std::size_t> column_of_; ///< of each overriding column, its place among all
  std::optional<std::size_t> weight_, explanation_;
};

} // namespace

std::string OverrideColumn::heading() const { return unit.empty() ? key : fmt::format("{} [{}]", key, unit); }

std::string OverrideColumn::shown(double value) const {
  if (std::isnan(value)) return {};
  if (words.empty()) return fmt::format("{}", value);
  return value >= 0.0 && value < static_cast<double>(words.size()) ? words[static_cast<std::size_t>(value)] : std::string();
}

std::string OverrideTable::origin(std::size_t k) const { return fmt::format("{}:{}", name, lines[k]); }

std::optional<OverrideKey> check_override(const OverrideColumn& column, Diagnostics& diagnostics) {
  auto key = find_override_key(column.key);
  if (!key) {
    diagnostics.error("C120", fmt::format("a study has no `{}` that could be overridden", column.key), column.place, override_key_hints(column.key));
    return std::nullopt;
  }
  if (!key->words().empty()) {
    if (!column.unit.empty())
      diagnostics.error("C121", fmt::format("`{}` is a word and has no unit", column.key), column.place, {fmt::format("write `{}` alone", column.key)});
    return column.unit.empty() ? key : std::nullopt;
  }
  if (key->kind == OverrideKey::Kind::value) { // what it measures, the sentence says
    if (column.unit.empty() || parse_unit(column.unit)) return key;
    diagnostics.error("C121", fmt::format("unknown unit `{}` of `{}`", column.unit, column.key), column.place);
    return std::nullopt;
  }
  if (column.unit.empty()) {
    if (key->field.dimension == dim::none) return key;
    diagnostics.error("C121", fmt::format("`{}` is {}: the heading lacks its unit", column.key, describe(key->field.dimension)), column.place,
                      {fmt::format("write `{} [{}]`", column.key, key->field.unit)});
    return std::nullopt;
  }
  const QuantityResult read = parse_quantity(fmt::format("1 {}", column.unit), key->field.dimension);
  if (read.fault == QuantityFault::none) return key;
  Diagnostic fault = config::quantity_fault(column.key, key->field.dimension, key->field.unit, fmt::format("1 {}", column.unit), read);
  diagnostics.error("C121", fmt::format("the unit of `{}`: {}", column.key, fault.message), column.place,
                    {fmt::format("for example `{} [{}]`", column.key, key->field.unit)});
  return std::nullopt;
}

double read_override(OverrideColumn& column, const OverrideKey& key, std::string_view field, const Place& place, Diagnostics& diagnostics) {
  if (field.empty()) return nothing;
  if (is_word_column(column, key)) return read_word(column, key, field, place, diagnostics);
  double number = 0.0;
  const char* end = field.data() + field.size();
  if (scan_number(field.data(), end, '.', number) != end || !std::isfinite(number)) {
    diagnostics.error("C122", fmt::format("`{}` is a number, but is \"{}\"", column.heading(), field), place,
                      {"a decimal point, no unit: that stands in the heading"});
    return nothing;
  }
  if (key.whole() && number != std::floor(number)) {
    diagnostics.error("C122", fmt::format("`{}` is a whole number, but is {}", column.key, field), place);
    return nothing;
  }
  if (key.kind == OverrideKey::Kind::value) return number;
  const double si = column.unit.empty() ? number : parse_quantity(fmt::format("{} {}", number, column.unit), key.field.dimension).quantity.value;
  if (si >= key.field.low && si <= key.field.high && !(si <= key.field.above)) return number;
  const auto shown = [&](double limit) {
    return key.field.unit.empty() ? fmt::format("{:.6g}", limit) : show(limit, key.field.unit, 6);
  };
  const bool open = key.field.above >= key.field.low;
  diagnostics.error("C123",
                    fmt::format("`{}` must be {} {}{}, but is {} {}", column.key, open ? "above" : "at least", shown(open ? key.field.above : key.field.low),
                                std::isfinite(key.field.high) ? fmt::format(" and at most {}", shown(key.field.high)) : "", field, column.unit),
                    place);
  return nothing;
}

OverrideTable parse_overrides(std::string_view text, const std::string& name) { return TableReader(name).read(text); }

OverrideTable read_overrides(const std::filesystem::path& path) { return parse_overrides(read_file(path), path.string()); }

std::string overrides_csv(const OverrideTable& table) {
  std::string out;
  const auto line = [&](auto field_of, std::string_view weight, std::string_view explanation) {
    bool first = true;
    const auto add = [&](std::string_view field) {
      if (!std::exchange(first, false)) out += ',';
      csv::append_quoted(out, field);
    };
    if (!table.weights.empty()) add(weight);
    for (std::size_t k = 0; k < table.columns.size(); ++k) add(field_of(k));
    if (!table.explanations.empty()) add(explanation);
    out += '\n';
  };
  line([&](std::size_t k) { return table.columns[k].heading(); }, weight_column, explanation_column);
  for (std::size_t r = 0; r < table.rows(); ++r)
    line([&](std::size_t k) { return table.columns[k].shown(table.row(r)[k]); },
         table.weights.empty() ? std::string() : fmt::format("{}", table.weights[r]),
         table.explanations.empty() ? std::string() : table.explanations[r]);
  return out;
}

} // namespace platen
