#pragma once
// A catalogue of springs, the user's or the built-in example. Format: docs/formats/spring-catalogue.md.

#include "base/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::advise {

/// One line of a catalogue; what it does not say is empty.
struct CatalogueSpring {
  std::string name;
  double rate = 0.0;                    ///< N/m
  double load_limit = 0.0;              ///< N
  double travel = 0.0;                  ///< m: the least of what is stated, free less solid length, and load limit over rate
  std::string travel_from;              ///< which of the three
  std::optional<double> free_length;    ///< m
  std::optional<double> solid_length;   ///< m, as short as it gets
  std::optional<double> outer_diameter; ///< m
  std::optional<double> inner_diameter; ///< m
  std::optional<double> price;          ///< of one, in the catalogue's currency
  std::optional<double> tolerance;      ///< of the force at a compression, +- share
  std::optional<double> drift;          ///< of the rate with temperature, 1/K
  std::string basis, source;
};

struct Catalogue {
  std::string name;     ///< as errors show it
  std::string currency; ///< of the prices; may be empty
  std::vector<CatalogueSpring> springs;
  std::vector<Diagnostic> warnings;
};

/// A catalogue holds no more springs than this.
inline constexpr std::size_t most_springs = 10'000;

/// CSV or TOML by the file's ending (.toml). @throws Error with every fault: D001, D461 to D463, D480 to D482, C0xx.
Catalogue read_catalogue(const std::filesystem::path& path);
/// The same from text.
Catalogue parse_catalogue(std::string text, const std::string& name, bool toml);
/// The example that the program carries: the paper's spring and made-up ones.
Catalogue built_in_catalogue();

} // namespace platen::advise
