#include "config/table.hpp"

#include "config/node.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>

namespace platen::config {
namespace {

std::string shown(double si, std::string_view unit) {
  return unit.empty() ? fmt::format("{:.6g}", si) : show(si, unit, 6);
}

std::string range_words(const Field& field, std::string_view unit) {
  const double low = std::max(field.low, field.above);
  const bool open = field.above >= field.low;
  const bool has_low = std::isfinite(low);
  const bool has_high = std::isfinite(field.high);
  if (has_low && has_high)
    return fmt::format("{} {} and at most {}", open ? "above" : "at least", shown(low, unit),
                       shown(field.high, unit));
  if (has_low) return fmt::format("{} {}", open ? "above" : "at least", shown(low, unit));
  return fmt::format("at most {}", shown(field.high, unit));
}

std::string example_of(const Field& field) {
  if (!field.fallback.empty()) return fmt::format("\"{}\"", field.fallback);
  if (field.dimension == dim::none) return example_quantity(field.dimension);
  return fmt::format("\"{}\"", example_quantity(field.dimension));
}

/// `area = 0.785` becomes "0.785 cm2": the user's number with the unit people use.
std::string bare_number_fix(const Field& field, double number) {
  if (field.unit.empty()) return example_of(field);
  return fmt::format("\"{} {}\"", number, field.unit);
}

} // namespace

const Node* Table::find(std::string_view key) const {
  if (node_ == nullptr) return nullptr;
  state_->asked[node_].keys.emplace(key);
  const Member* member = node_->find(key);
  return member != nullptr ? &member->value : nullptr;
}

std::string Table::full_key(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void Table::record(std::string_view key, std::string text, double value) const {
  const bool written = node_ != nullptr && node_->find(key) != nullptr;
  state_->resolved.push_back({full_key(key), std::move(text), value, "", written ? origin(key) : "default",
                              written ? "stated" : "assumed", ""});
}

bool Table::has(std::string_view key) const { return find(key) != nullptr; }

std::vector<std::string> Table::keys() const {
  std::vector<std::string> out;
  if (node_ != nullptr)
    for (const Member& member : node_->members) out.push_back(member.key);
  return out;
}

bool Table::is_table(std::string_view key) const {
  const Node* node = find(key);
  return node != nullptr && node->kind == Kind::table;
}

std::string Table::title() const { return path_.empty() ? "the file" : fmt::format("[{}]", path_); }
Diagnostics& Table::diagnostics() const { return state_->diagnostics; }

Place Table::place() const {
  if (node_ != nullptr && node_->span.line > 0 && !path_.empty()) return node_->span.place();
  return {state_->sources.front()->name(), 0, 0, 1, ""};
}

Place Table::key_place(std::string_view key) const {
  const Member* member = node_ != nullptr ? node_->find(key) : nullptr;
  return member != nullptr ? member->key_span.place() : place();
}

Place Table::value_place(std::string_view key) const {
  const Member* member = node_ != nullptr ? node_->find(key) : nullptr;
  return member != nullptr ? member->value.span.place() : place();
}

std::string Table::written(std::string_view key) const {
  const Member* member = node_ != nullptr ? node_->find(key) : nullptr;
  return member != nullptr ? config::written(member->value) : std::string();
}

std::string Table::origin(std::string_view key) const {
  const Member* member = node_ != nullptr ? node_->find(key) : nullptr;
  if (member == nullptr) return {};
  const Span& span = member->value.span;
  return fmt::format("{}:{}", span.source->name(), span.line);
}

std::filesystem::path Table::folder(std::string_view key) const {
  const Member* member = node_ != nullptr ? node_->find(key) : nullptr;
  return member != nullptr ? member->value.span.source->folder() : state_->sources.front()->folder();
}

void Table::missing(const Field& field) const {
  state_->diagnostics.error("C005", fmt::format("missing key `{}` in {}", field.key, title()), place(),
                            {fmt::format("for example `{} = {}`", field.key, example_of(field))});
}

void Table::wrong_type(std::string_view key, const Node& node, std::string_view wanted,
                       std::string example) const {
  state_->diagnostics.error("C010",
                            fmt::format("`{}` must be {}, but is {}", key, wanted, describe(node.kind)),
                            node.span.place(), {fmt::format("for example `{} = {}`", key, example)});
}

bool Table::in_range(const Field& field, const Node& node, std::string_view text, double value) const {
  if (value >= field.low && value <= field.high && !(value <= field.above)) return true;
  std::string_view unit = unit_of(text);
  if (unit.empty() && field.dimension != dim::none) unit = field.unit;
  state_->diagnostics.error(
      "C009", fmt::format("`{}` must be {}, but is {}", field.key, range_words(field, unit), text),
      node.span.place());
  return false;
}

std::optional<double> Table::read_number(const Field& field, const Node& node) const {
  if (node.kind == Kind::whole || node.kind == Kind::real) {
    if (field.dimension == dim::none) return node.real;
    const std::string noun = with_article(describe(field.dimension));
    state_->diagnostics.error("C006", fmt::format("`{}` is {}: a unit is missing", field.key, noun),
                              node.span.place(),
                              {fmt::format("write it with its unit, for example `{} = {}`", field.key,
                                           bare_number_fix(field, node.real))});
    return std::nullopt;
  }
  if (node.kind != Kind::text) {
    wrong_type(field.key, node, with_article(describe(field.dimension)), example_of(field));
    return std::nullopt;
  }
  const QuantityResult read = parse_quantity(node.text, field.dimension);
  if (read.fault == QuantityFault::none) return read.quantity.value;
  Diagnostic fault = quantity_fault(field.key, field.dimension, field.unit, node.text, read);
  fault.place = node.span.place();
  state_->diagnostics.add(std::move(fault));
  return std::nullopt;
}

std::optional<double> Table::read_quantity(const Field& field, const Node& node) const {
  const auto value = read_number(field, node);
  if (!value) return std::nullopt;
  if (!std::isfinite(*value)) {
    state_->diagnostics.error("C008", fmt::format("`{}` must be a finite number", field.key),
                              node.span.place());
    return std::nullopt;
  }
  const std::string text = config::written(node);
  if (!in_range(field, node, text, *value)) return std::nullopt;
  state_->resolved.push_back({full_key(field.key), text, *value, si_unit(field.dimension),
                              fmt::format("{}:{}", node.span.source->name(), node.span.line), "stated", ""});
  return value;
}

double Table::quantity(const Field& field) const {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  if (const Node* node = find(field.key)) return read_quantity(field, *node).value_or(nothing);
  if (field.fallback.empty()) {
    missing(field);
    return nothing;
  }
  const QuantityResult read = parse_quantity(field.fallback, field.dimension);
  if (read.fault != QuantityFault::none)
    throw Error("B006", fmt::format("the default \"{}\" of `{}` cannot be read", field.fallback, field.key));
  state_->resolved.push_back({full_key(field.key), std::string(field.fallback), read.quantity.value,
                              si_unit(field.dimension), "default", "assumed", ""});
  return read.quantity.value;
}

std::optional<double> Table::optional_quantity(const Field& field) const {
  const Node* node = find(field.key);
  return node != nullptr ? read_quantity(field, *node) : std::nullopt;
}

std::int64_t Table::integer(std::string_view key, std::int64_t low, std::int64_t high,
                            std::optional<std::int64_t> fallback) const {
  const Node* node = find(key);
  if (node == nullptr) {
    if (!fallback) {
      state_->diagnostics.error("C005", fmt::format("missing key `{}` in {}", key, title()), place(),
                                {fmt::format("for example `{} = {}`", key, low)});
      return low;
    }
    record(key, fmt::format("{}", *fallback), static_cast<double>(*fallback));
    return *fallback;
  }
  if (node->kind != Kind::whole) {
    wrong_type(key, *node, "a whole number", fmt::format("{}", fallback.value_or(low)));
    return low;
  }
  if (node->whole < low || node->whole > high) {
    state_->diagnostics.error(
        "C009",
        fmt::format("`{}` must be at least {} and at most {}, but is {}", key, low, high, node->whole),
        node->span.place());
    return low;
  }
  record(key, fmt::format("{}", node->whole), node->real);
  return node->whole;
}

bool Table::flag(std::string_view key, bool fallback) const {
  const Node* node = find(key);
  bool value = fallback;
  if (node != nullptr && node->kind != Kind::boolean)
    wrong_type(key, *node, "true or false", "true");
  else if (node != nullptr)
    value = node->boolean;
  record(key, value ? "true" : "false", std::numeric_limits<double>::quiet_NaN());
  return value;
}

std::optional<Text> Table::optional_text(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Kind::text) {
    wrong_type(key, *node, "text", "\"...\"");
    return std::nullopt;
  }
  record(key, node->text, std::numeric_limits<double>::quiet_NaN());
  return Text(node->text, node);
}

Text Table::text(std::string_view key, std::optional<std::string> fallback) const {
  if (has(key)) return optional_text(key).value_or(Text{});
  if (!fallback) {
    state_->diagnostics.error("C005", fmt::format("missing key `{}` in {}", key, title()), place(),
                              {fmt::format("for example `{} = \"...\"`", key)});
    return {};
  }
  record(key, *fallback, std::numeric_limits<double>::quiet_NaN());
  return {*fallback, nullptr};
}

std::string Table::choice(std::string_view key, const std::vector<std::string>& allowed,
                          std::optional<std::string> fallback) const {
  const Node* node = find(key);
  const std::string all = fmt::format("\"{}\"", fmt::join(allowed, "\", \""));
  if (node == nullptr) {
    if (!fallback) {
      state_->diagnostics.error("C005", fmt::format("missing key `{}` in {}", key, title()), place(),
                                {fmt::format("one of {}", all)});
      return {};
    }
    record(key, *fallback, std::numeric_limits<double>::quiet_NaN());
    return *fallback;
  }
  if (node->kind != Kind::text) {
    wrong_type(key, *node, fmt::format("one of {}", all), fmt::format("\"{}\"", allowed.front()));
    return {};
  }
  const auto same = [&](const std::string& word) {
    return std::equal(word.begin(), word.end(), node->text.begin(), node->text.end(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
  };
  const auto found = std::find_if(allowed.begin(), allowed.end(), same);
  if (found != allowed.end()) {
    record(key, *found, std::numeric_limits<double>::quiet_NaN());
    return *found;
  }
  std::vector<std::string> hints;
  if (const auto meant = did_you_mean(node->text, allowed))
    hints.push_back(fmt::format("did you mean \"{}\"?", *meant));
  hints.push_back(fmt::format("one of {}", all));
  state_->diagnostics.error("C011", fmt::format("`{}` cannot be \"{}\"", key, node->text), node->span.place(),
                            std::move(hints));
  return {};
}

std::vector<Text> Table::texts(std::string_view key) const {
  const Node* node = find(key);
  std::vector<Text> out;
  if (node == nullptr) return out;
  if (node->kind != Kind::list) {
    wrong_type(key, *node, "a list of texts", "[\"...\", \"...\"]");
    return out;
  }
  for (const Node& item : node->items) {
    if (item.kind == Kind::text)
      out.emplace_back(item.text, &item);
    else
      wrong_type(key, item, "a list of texts", "[\"...\", \"...\"]");
  }
  return out;
}

std::optional<std::pair<double, double>> Table::span(const Field& field) const {
  const Node* node = find(field.key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Kind::list || node->items.size() != 2) {
    wrong_type(field.key, *node, "a list of two", fmt::format("[{0}, {0}]", example_of(field)));
    return std::nullopt;
  }
  const auto low = read_quantity(field, node->items[0]);
  const auto high = read_quantity(field, node->items[1]);
  if (!low || !high) return std::nullopt;
  if (*low > *high) {
    state_->diagnostics.error("C009", fmt::format("`{}` must be written [low, high]", field.key),
                              node->span.place());
    return std::nullopt;
  }
  return std::pair(*low, *high);
}

Table Table::table(std::string_view key) const {
  const Node* node = find(key);
  if (node != nullptr && node->kind != Kind::table) {
    wrong_type(key, *node, "a table", "{ ... }");
    node = nullptr;
  }
  Table out(state_, node, full_key(key));
  if (node != nullptr) state_->asked[node].path = out.path_;
  return out;
}

std::vector<Table> Table::tables(std::string_view key) const {
  std::vector<Table> out;
  const Node* node = find(key);
  if (node == nullptr) return out;
  if (node->kind != Kind::list) {
    wrong_type(key, *node, "a list of tables", "[{ ... }, { ... }]");
    return out;
  }
  for (std::size_t k = 0; k < node->items.size(); ++k) {
    const Node& item = node->items[k];
    if (item.kind != Kind::table) {
      wrong_type(key, item, "a list of tables", "[{ ... }, { ... }]");
      continue;
    }
    out.push_back(Table(state_, &item, fmt::format("{}[{}]", full_key(key), k)));
    state_->asked[&item].path = out.back().path_;
  }
  return out;
}

} // namespace platen::config
