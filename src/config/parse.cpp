// The only file that knows toml++.
#include "config/node.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <toml++/toml.h>

namespace platen::config {
namespace {

Span to_span(const Source& source, const toml::source_region& region) {
  return {&source, region.begin.line, region.begin.column, region.end.line, region.end.column};
}

Node convert(const Source& source, const toml::node& value);

Node convert_table(const Source& source, const toml::table& table) {
  Node out;
  out.kind = Kind::table;
  for (auto&& [key, value] : table)
    out.members.push_back({std::string(key.str()), to_span(source, key.source()), convert(source, value)});
  // toml++ sorts by name; people read in the order they wrote
  std::stable_sort(out.members.begin(), out.members.end(), [](const Member& a, const Member& b) {
    return std::pair(a.key_span.line, a.key_span.column) < std::pair(b.key_span.line, b.key_span.column);
  });
  return out;
}

Node convert(const Source& source, const toml::node& value) {
  Node out;
  if (const auto* table = value.as_table()) {
    out = convert_table(source, *table);
  } else if (const auto* array = value.as_array()) {
    out.kind = Kind::list;
    for (const toml::node& item : *array) out.items.push_back(convert(source, item));
  } else if (const auto* text = value.as_string()) {
    out.kind = Kind::text;
    out.text = text->get();
  } else if (const auto* whole = value.as_integer()) {
    out.kind = Kind::whole;
    out.whole = whole->get();
    out.real = static_cast<double>(whole->get());
  } else if (const auto* real = value.as_floating_point()) {
    out.kind = Kind::real;
    out.real = real->get();
  } else if (const auto* boolean = value.as_boolean()) {
    out.kind = Kind::boolean;
    out.boolean = boolean->get();
  } else {
    out.kind = Kind::date;
  }
  out.span = to_span(source, value.source());
  return out;
}

/// `area = 0.785 cm2` is the commonest slip: a quantity without its quotes.
std::vector<std::string> hints_for(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  std::string_view rest = line.substr(equals + 1);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t first = rest.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  rest = rest.substr(first, rest.find_last_not_of(" \t\r") - first + 1);
  const std::size_t space = rest.find(' ');
  const bool number = std::string_view("0123456789+-.").find(rest.front()) != std::string_view::npos;
  if (!number || space == std::string_view::npos || rest.find_first_of("\"'") != std::string_view::npos)
    return {};
  return {fmt::format("a number with a unit is written in quotes: {}= \"{}\"", line.substr(0, equals), rest)};
}

} // namespace

Node parse_toml(const Source& source) {
  try {
    const toml::table table = toml::parse(std::string_view(source.text()), std::string_view(source.name()));
    Node root = convert_table(source, table);
    root.span.source = &source;
    return root;
  } catch (const toml::parse_error& fault) {
    const auto at = fault.source().begin;
    std::string_view said = fault.description();
    if (said.starts_with("Error ")) said.remove_prefix(6);
    throw Error("C001", fmt::format("this is not TOML: {}", said), source.place(at.line, at.column, 1),
                hints_for(source.line(at.line)));
  }
}

} // namespace platen::config
