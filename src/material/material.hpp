#pragma once
// Property cards and parameter sets: each number with its unit, how well it is known, and where it comes
// from. Formats: docs/formats/parameter-set.md.

#include "base/error.hpp"
#include "base/units.hpp"

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::material {

/// A number that a card or set may hold: "closure_time" in a card, "contact.closure_time" in a set. Limits
/// are SI.
struct Wanted {
  std::string key;
  Dimension dimension = dim::none;
  std::string unit = {};
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool required = true;
};

struct Property {
  std::string key;
  double value = 0.0; ///< SI
  std::string text;   ///< as written, with its unit
  std::string basis;  ///< stated, read, recalled, derived, assumed, fitted
  std::string source; ///< paper, data sheet, derivation
  std::string note;
  std::string origin;                             ///< "card LPSCl", "set Ham2022", "my-set.toml:12"
  std::optional<std::pair<double, double>> range; ///< of validity or uncertainty, SI
};

struct Card {
  std::string name;
  std::string kind; ///< "lithium", "electrolyte", "cathode"
  std::string description;
  std::vector<Property> properties;
  std::vector<std::pair<std::string, std::string>> sources; ///< every file read: path (or "card LPSCl"), text
  const Property* find(std::string_view key) const;
};

struct ParameterSet {
  std::string name;
  std::string description;
  std::vector<Property> properties;
  std::vector<std::pair<std::string, std::string>> sources;
  const Property* find(std::string_view key) const;
};

/// Which card or set: a built-in's name, or a path relative to `folder`. `place` is where it was asked for.
struct Request {
  std::string name;
  std::filesystem::path folder = {};
  std::optional<Place> place = std::nullopt;
};

/// The words for how well a number is known, best first.
const std::vector<std::string>& bases();

std::vector<std::string> card_names(); ///< of the built-in cards
std::vector<std::string> set_names();  ///< of the built-in sets

/// `wanted_of` says which numbers a card of a kind holds; kinds it answers with nothing are refused.
/// @throws Error C030 (no such card), C032 (unknown kind) and whatever config finds, all faults together.
Card read_card(const Request& request,
               const std::function<std::vector<Wanted>(std::string_view kind)>& wanted_of);

/// @throws Error C031 (no such set) and whatever config finds, all faults together.
ParameterSet read_set(const Request& request, std::span<const Wanted> wanted);

} // namespace platen::material
