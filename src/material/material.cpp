#include "material/material.hpp"

#include "config/table.hpp"
#include "material/built_in.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::material {
namespace {

/// What differs between cards and sets when one is looked up.
struct Shelf {
  std::string_view noun; ///< "card", "set"
  std::string_view code; ///< of "there is no such"
  std::span<const EmbeddedText> built_ins;
};

Shelf cards() { return {"card", "C030", built_in_cards()}; }
Shelf sets() { return {"set", "C031", built_in_sets()}; }

std::vector<std::string> names(const Shelf& shelf) {
  std::vector<std::string> out;
  for (const EmbeddedText& item : shelf.built_ins) out.emplace_back(item.name);
  return out;
}

std::string origin_of(const Shelf& shelf, std::string_view name) {
  return fmt::format("{} {}", shelf.noun, name);
}

config::FindBuiltIn finder(const Shelf& shelf) {
  return [shelf](std::string_view name) -> std::optional<config::BuiltIn> {
    for (const EmbeddedText& item : shelf.built_ins)
      if (item.name == name) return config::BuiltIn{origin_of(shelf, item.name), std::string(item.text)};
    return std::nullopt;
  };
}

bool looks_like_path(std::string_view name) {
  return name.ends_with(".toml") || name.find('/') != std::string_view::npos;
}

config::Document open(const Shelf& shelf, const Request& request) {
  const config::FindBuiltIn find = finder(shelf);
  if (auto built_in = find(request.name))
    return config::Document::parse(std::move(built_in->text), built_in->origin, {}, find);
  std::vector<std::string> hints;
  if (looks_like_path(request.name) && request.name.find('\0') == std::string::npos) {
    const std::filesystem::path path = (request.folder / request.name).lexically_normal();
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return config::Document::read(path, find);
    hints.push_back(fmt::format("looked for the file {}", path.string()));
  } else {
    if (const auto meant = did_you_mean(request.name, names(shelf)))
      hints.push_back(fmt::format("did you mean \"{}\"?", *meant));
    hints.push_back(fmt::format("built-in: {}; a file of your own is named by its path, \"./my-{}.toml\"",
                                fmt::join(names(shelf), ", "), shelf.noun));
  }
  throw Error(std::string(shelf.code), fmt::format("there is no {} \"{}\"", shelf.noun, request.name),
              request.place, std::move(hints));
}

/// Built-ins are named without a line: the user cannot open them.
std::string origin(const Shelf& shelf, const config::Table& table, std::string_view key) {
  std::string written = table.origin(key);
  for (const EmbeddedText& item : shelf.built_ins)
    if (const std::string own = origin_of(shelf, item.name); written.starts_with(own + ":")) return own;
  return written;
}

std::optional<Property> read_property(const Shelf& shelf, const config::Table& group, const Wanted& wanted) {
  const std::string key = wanted.key.substr(wanted.key.find('.') + 1);
  if (!group.has(key) && !wanted.required) return std::nullopt;
  if (!group.has(key)) {
    group.diagnostics().error(
        "C005", fmt::format("missing key `{}` in {}", key, group.title()), group.place(),
        {fmt::format("for example `{} = {{ value = \"{}\", basis = \"assumed\", source = \"...\" }}`", key,
                     example_quantity(wanted.dimension))});
    return std::nullopt;
  }
  const config::Table entry = group.table(key);
  if (!entry.exists()) return std::nullopt; // config has said that a table is wanted
  Property out;
  out.key = wanted.key;
  const config::Field field{.key = "value",
                            .dimension = wanted.dimension,
                            .unit = wanted.unit,
                            .low = wanted.low,
                            .high = wanted.high};
  out.value = entry.quantity(field);
  out.basis = entry.choice("basis", bases());
  const config::Text source = entry.text("source");
  out.source = source.value();
  if (source.present() && out.source.empty())
    entry.diagnostics().error("C033", fmt::format("`{}` names no source", key), source.place(),
                              {"a paper, a data sheet, or how the number was arrived at"});
  out.note = entry.text("note", "").value();
  out.range = entry.span({.key = "range", .dimension = wanted.dimension, .unit = wanted.unit});
  if (out.range && (out.value < out.range->first || out.value > out.range->second))
    entry.diagnostics().error("C034", fmt::format("the value of `{}` lies outside its own range", key),
                              entry.value_place("value"),
                              {"`range` is [low, high] of what the sources allow"});
  out.text = entry.written("value");
  out.origin = origin(shelf, entry, "value");
  return out;
}

std::vector<Property> read_properties(const Shelf& shelf, const config::Table& root,
                                      std::span<const Wanted> wanted) {
  std::vector<Property> out;
  for (const Wanted& item : wanted) {
    const std::size_t dot = item.key.find('.');
    const bool in_group = dot != std::string::npos;
    if (in_group && !item.required && !root.has(item.key.substr(0, dot))) continue;
    const config::Table group = in_group ? root.table(item.key.substr(0, dot)) : root;
    if (auto property = read_property(shelf, group, item)) out.push_back(std::move(*property));
  }
  return out;
}

const Property* find_in(const std::vector<Property>& properties, std::string_view key) {
  const auto found =
      std::find_if(properties.begin(), properties.end(), [&](const Property& p) { return p.key == key; });
  return found != properties.end() ? &*found : nullptr;
}

} // namespace

const Property* Card::find(std::string_view key) const { return find_in(properties, key); }
const Property* ParameterSet::find(std::string_view key) const { return find_in(properties, key); }

const std::vector<std::string>& bases() {
  static const std::vector<std::string> words{"stated", "read", "recalled", "derived", "assumed", "fitted"};
  return words;
}

std::vector<std::string> card_names() { return names(cards()); }
std::vector<std::string> set_names() { return names(sets()); }

Card read_card(const Request& request,
               const std::function<std::vector<Wanted>(std::string_view kind)>& wanted_of) {
  const config::Document document = open(cards(), request);
  const config::Table root = document.root();
  Card card;
  card.name = root.text("name").value();
  const config::Text kind = root.text("kind");
  card.kind = kind.value();
  card.description = root.text("description", "").value();
  const std::vector<Wanted> wanted = wanted_of(card.kind);
  if (kind.present() && wanted.empty()) {
    document.diagnostics().error("C032", fmt::format("a card cannot be of the kind \"{}\"", card.kind),
                                 kind.place(), {"one of \"lithium\", \"electrolyte\", \"cathode\""});
    document.diagnostics().throw_if_errors();
  }
  card.properties = read_properties(cards(), root, wanted);
  card.sources = document.sources();
  document.finish();
  return card;
}

ParameterSet read_set(const Request& request, std::span<const Wanted> wanted) {
  const config::Document document = open(sets(), request);
  const config::Table root = document.root();
  ParameterSet set;
  set.name = root.text("name").value();
  set.description = root.text("description", "").value();
  set.properties = read_properties(sets(), root, wanted);
  set.sources = document.sources();
  document.finish();
  return set;
}

} // namespace platen::material
