#include "campaign/axis.hpp"

#include "base/csv.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace platen::campaign {
namespace {

using config::Table;

constexpr std::int64_t most_values = 1'000'000; ///< of one axis

/// "30 min" in two parts, valid as long as the text; empty where it does not begin with a number.
struct Written {
  double number;
  std::string_view unit;
};
std::optional<Written> take_apart(std::string&& text) = delete;
std::optional<Written> take_apart(std::string_view text) {
  text = trim(text);
  double number = 0.0;
  const char* end = scan_number(text.data(), text.data() + text.size(), '.', number);
  if (end == nullptr || !std::isfinite(number)) return std::nullopt;
  return Written{number, trim(text.substr(static_cast<std::size_t>(end - text.data())))};
}

double normal_probability(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

class AxisReader {
public:
  AxisReader(const Table& table, DesignKind design) : table_(table), design_(design), diagnostics_(table.diagnostics()) {}

  std::optional<Axis> read() {
    const std::size_t before = diagnostics_.items().size();
    const std::string key = table_.text("key").value();
    if (key.empty()) {
      for (const char* known : {"values", "from", "to", "count", "spacing", "distribution", "mean", "median", "sigma"}) table_.has(known);
      return std::nullopt;
    }
    const CsvName named = csv_name(key);
    axis_.column.key = named.name;
    axis_.column.unit = named.unit == "1" ? "" : named.unit;
    axis_.column.place = table_.value_place("key");
    stated_ = !named.unit.empty();
    key_ = find_override_key(named.name);
    if (!key_) check_override(axis_.column, diagnostics_); // says what is meant
    else axis_.column.words = key_->words();
    if (key_) axis_.whole = key_->whole();
    if (key_ && stated_ && !check_override(axis_.column, diagnostics_)) key_.reset();
    const std::string distribution = table_.has("distribution") ? table_.choice("distribution", {"uniform", "normal", "log-normal"}) : "";
    if (!distribution.empty() && design_ == DesignKind::grid)
      diagnostics_.error("C131", "a grid takes values, not a distribution", table_.key_place("distribution"),
                         {"give `values`, or `from`, `to` and `count`; or choose `design = \"latin hypercube\"` or `\"sobol\"`"});
    if (table_.has("values")) listed();
    else if (distribution == "normal" || distribution == "log-normal") bell(distribution == "log-normal");
    else range();
    if (diagnostics_.items().size() != before || !key_) return std::nullopt;
    return std::move(axis_);
  }

private:
  void fault(std::string message, std::string_view key, std::vector<std::string> hints = {}) {
    diagnostics_.error("C131", std::move(message), table_.has(key) ? table_.value_place(key) : table_.place(), std::move(hints));
  }

  void leave_out(std::initializer_list<const char*> keys, std::string_view beside) {
    for (const char* key : keys)
      if (table_.has(key)) diagnostics_.error("C131", fmt::format("`{}` has no use beside {}", key, beside), table_.key_place(key));
  }

  /// Takes the unit of the first value for the column, unless its key states one. @returns whether `text` is a number that the column can hold.
  bool take_unit(std::string_view text, const Place& place) {
    const auto written = take_apart(text);
    if (!written) return false;
    if (stated_) return true;
    if (key_->kind == OverrideKey::Kind::value && !written->unit.empty() && !parse_unit(written->unit)) return false; // words that begin with a number
    axis_.column.unit = std::string(written->unit);
    const Place heading = std::exchange(axis_.column.place, place);
    const bool fits = check_override(axis_.column, diagnostics_).has_value();
    axis_.column.place = heading;
    return fits;
  }

  /// A value in the column's unit, checked; NaN after a fault.
  double value(std::string_view text, const Place& place) {
    text = trim(text);
    if (!axis_.column.words.empty() || axis_.column.unit.empty()) return read_override(axis_.column, *key_, text, place, diagnostics_);
    const auto written = take_apart(text);
    if (written && written->unit.empty() && stated_) return read_override(axis_.column, *key_, text, place, diagnostics_);
    if (!written || written->unit.empty()) {
      diagnostics_.error("C006", fmt::format("`{}` is in {}: \"{}\" has no unit", axis_.column.key, axis_.column.unit, text), place,
                         {fmt::format("write \"{} {}\", or state the unit in `key = \"{} [{}]\"`", text, axis_.column.unit, axis_.column.key, axis_.column.unit)});
      return std::nan("");
    }
    double number = written->number;
    if (written->unit != axis_.column.unit) {
      const auto here = parse_unit(written->unit), column = parse_unit(axis_.column.unit);
      if (!here || here->dimension != column->dimension) {
        diagnostics_.error("C007", fmt::format("\"{}\" does not fit `{}`, which is in {}", text, axis_.column.key, axis_.column.unit), place);
        return std::nan("");
      }
      number = (number * here->factor + here->offset - column->offset) / column->factor;
    }
    return read_override(axis_.column, *key_, fmt::format("{}", number), place, diagnostics_);
  }

  void listed() {
    leave_out({"from", "to", "count", "spacing", "distribution", "mean", "median", "sigma"}, "`values`");
    if (!key_) {
      if (table_.written("values").empty()) table_.texts("values");
      return;
    }
    std::vector<std::pair<std::string, Place>> texts;
    std::string one = table_.written("values");
    if (one.starts_with('[')) one = one.substr(1, one.size() - 2); // plain numbers
    const std::size_t before = diagnostics_.items().size();
    if (!one.empty()) apart(one, texts);
    else
      for (const config::Text& text : table_.texts("values")) texts.emplace_back(text.value(), text.place());
    if (diagnostics_.items().size() != before) return;
    if (texts.empty() || texts.size() > static_cast<std::size_t>(most_values)) return fault("an axis needs a value", "values", {"for example `values = [\"1 min\", \"30 min\"]`"});
    const bool words = !axis_.column.words.empty();
    const bool number = !words && take_unit(texts.front().first, texts.front().second);
    if (diagnostics_.items().size() != before) return;
    if (!words && !number && key_->kind != OverrideKey::Kind::value) axis_.column.unit.clear();
    for (const auto& [text, place] : texts) axis_.values.push_back(value(text, place));
  }

  /// "1, 3, 10 min": the unit stands once, at the end.
  void apart(const std::string& text, std::vector<std::pair<std::string, Place>>& out) {
    const Place place = table_.value_place("values");
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(',', at), text.size());
      out.emplace_back(std::string(trim(std::string_view(text).substr(at, end - at))), place);
      at = end + 1;
    }
    const auto last = take_apart(out.back().first);
    if (!last || last->unit.empty()) return;
    const std::string unit(last->unit);
    for (auto& [value, where] : out)
      if (const auto written = take_apart(value); written && written->unit.empty()) value += " " + unit;
  }

  /// `from` and `to` as they stand; faults where one is missing.
  void range() {
    leave_out({"mean", "median", "sigma"}, "a range");
    const bool logarithmic = table_.choice("spacing", {"linear", "log"}, "linear") == "log";
    const bool counted = table_.has("count");
    const std::int64_t count = counted ? table_.integer("count", 2, most_values) : 0;
    for (const char* key : {"from", "to"})
      if (!table_.has(key)) return fault(fmt::format("the axis `{}` has neither `values` nor both `from` and `to`", axis_.column.key), "key");
    if (!key_) return;
    if (!key_->words().empty()) return fault(fmt::format("`{}` is a word and has no range", axis_.column.key), "from", {"list its `values`"});
    if (!ends()) return;
    if (!(axis_.low < axis_.high)) return fault("`from` must lie below `to`", "from");
    if (logarithmic && !(axis_.low > 0.0)) return fault("a logarithmic axis begins above zero", "from");
    axis_.distribution = logarithmic ? Distribution::log_uniform : Distribution::uniform;
    if (design_ != DesignKind::grid) {
      if (counted) diagnostics_.error("C131", "`count` belongs to a grid; how many points there are, `runs` says", table_.key_place("count"));
      return;
    }
    if (!counted) return fault("a range of a grid needs a `count`", "key", {"for example `count = 10`"});
    spread(static_cast<std::size_t>(count), logarithmic);
  }

  void spread(std::size_t count, bool logarithmic) {
    for (std::size_t k = 0; k < count; ++k) {
      const double x = static_cast<double>(k) / static_cast<double>(count - 1);
      double value = logarithmic ? axis_.low * std::pow(axis_.high / axis_.low, x) : axis_.low + x * (axis_.high - axis_.low);
      if (k + 1 == count) value = axis_.high;
      axis_.values.push_back(axis_.whole ? std::round(value) : value);
    }
    axis_.distribution = Distribution::values;
    if (std::adjacent_find(axis_.values.begin(), axis_.values.end()) != axis_.values.end())
      fault(fmt::format("{} whole values do not fit between `from` and `to`", count), "count");
  }

  bool ends() {
    const std::size_t before = diagnostics_.items().size();
    const std::string from = table_.written("from"), to = table_.written("to");
    if (!take_unit(from, table_.value_place("from"))) {
      if (diagnostics_.items().size() == before) fault(fmt::format("`from` is \"{}\" and no quantity", from), "from");
      return false;
    }
    axis_.low = value(from, table_.value_place("from"));
    axis_.high = value(to, table_.value_place("to"));
    return diagnostics_.items().size() == before;
  }

  /// A limit (SI) of the key in the column's unit.
  double in_column(double si) const {
    if (!std::isfinite(si) || axis_.column.unit.empty()) return si;
    const auto unit = parse_unit(axis_.column.unit);
    return unit ? (si - unit->offset) / unit->factor : si;
  }

  void bell(bool logarithmic) {
    leave_out({"count", "spacing", logarithmic ? "mean" : "median"}, "a distribution");
    axis_.distribution = logarithmic ? Distribution::log_normal : Distribution::normal;
    const char* centre = logarithmic ? "median" : "mean";
    for (const char* key : {centre, "sigma"})
      if (!table_.has(key)) return fault(fmt::format("the distribution of `{}` lacks its `{}`", axis_.column.key, key), "key");
    if (!key_) return;
    if (!key_->words().empty()) return fault(fmt::format("`{}` is a word and has no distribution", axis_.column.key), "key");
    const std::size_t before = diagnostics_.items().size();
    if (!take_unit(table_.written(centre), table_.value_place(centre))) {
      if (diagnostics_.items().size() == before) fault(fmt::format("`{}` is no quantity", centre), centre);
      return;
    }
    axis_.centre = value(table_.written(centre), table_.value_place(centre));
    const std::string spread = table_.written("sigma");
    const auto sigma = take_apart(spread);
    const bool pure = logarithmic || axis_.column.unit.empty();
    if (!sigma || !(sigma->number > 0.0) || (pure ? !sigma->unit.empty() : sigma->unit != axis_.column.unit && !(stated_ && sigma->unit.empty())))
      return fault(pure ? "`sigma` is a positive number without a unit" : fmt::format("`sigma` is a positive number in {}", axis_.column.unit), "sigma");
    axis_.sigma = sigma->number;
    axis_.low = in_column(key_->field.above >= key_->field.low ? key_->field.above : key_->field.low);
    axis_.high = in_column(key_->field.high);
    if (table_.has("from")) axis_.low = value(table_.written("from"), table_.value_place("from"));
    if (table_.has("to")) axis_.high = value(table_.written("to"), table_.value_place("to"));
    if (logarithmic && !(axis_.centre > 0.0)) return fault("a log-normal distribution has a median above zero", centre);
    if (diagnostics_.items().size() == before && !(axis_.low < axis_.high)) fault("`from` must lie below `to`", "from");
  }

  const Table& table_;
  DesignKind design_;
  Diagnostics& diagnostics_;
  std::optional<OverrideKey> key_;
  bool stated_ = false; ///< the key names the unit: plain numbers are in it
  Axis axis_;
};

} // namespace

double Axis::at(double x) const {
  const auto cut = [&](double from, double to) { return numerics::normal_quantile(from + x * (to - from)); };
  const auto standard = [&](double value) { return normal_probability((value - centre) / sigma); };
  const auto logarithmic = [&](double value) { return value > 0.0 ? normal_probability(std::log(value / centre) / sigma) : 0.0; };
  double value = 0.0;
  switch (distribution) {
  case Distribution::values: return values[std::min(values.size() - 1, static_cast<std::size_t>(x * static_cast<double>(values.size())))];
  case Distribution::uniform: value = whole ? std::floor(low + x * (high - low + 1.0)) : low + x * (high - low); break;
  case Distribution::log_uniform: value = low * std::pow(high / low, x); break;
  case Distribution::normal: value = centre + sigma * cut(standard(low), standard(high)); break;
  case Distribution::log_normal: value = centre * std::exp(sigma * cut(logarithmic(low), logarithmic(high))); break;
  }
  return std::clamp(whole ? std::round(value) : value, low, high);
}

std::optional<Axis> read_axis(const Table& table, DesignKind design) { return AxisReader(table, design).read(); }

} // namespace platen::campaign
