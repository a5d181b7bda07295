#include "base/units.hpp"

#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace platen {
namespace {

struct Symbol {
  std::string_view name;
  double factor;
  Dimension dimension;
  bool takes_prefix;
};



const std::vector<Symbol>& symbols() {
  static const std::vector<Symbol> table = {
      {"m", 1.0, dim::length, true},
      {"g", 1e-3, dim::mass, true},
      {"s", 1.0, dim::time, true},
      {"sec", 1.0, dim::time, false},
      {"min", 60.0, dim::time, false},
      {"h", 3600.0, dim::time, false},
      {"hr", 3600.0, dim::time, false},
      {"hour", 3600.0, dim::time, false},
      {"hours", 3600.0, dim::time, false},
      {"d", 86400.0, dim::time, false},
      {"day", 86400.0, dim::time, false},
      {"days", 86400.0, dim::time, false},
      {"A", 1.0, dim::current, true},
      {"K", 1.0, dim::temperature, true},
      {"degC", 1.0, dim::temperature, false},
      {"mol", 1.0, dim::amount, true},
      {"N", 1.0, dim::force, true},
      {"Pa", 1.0, dim::pressure, true},
      {"bar", 1e5, dim::pressure, true},
      {"psi", constants::lbf / (0.0254 * 0.0254), dim::pressure, false},
      {"lbf", constants::lbf, dim::force, false},
      {"kgf", constants::g_n, dim::force, false},
      {"lb", 0.45359237, dim::mass, false},
      {"in", 0.0254, dim::length, false},
      {"Ah", 3600.0, dim::charge, true},
      {"C", 1.0, dim::charge, true},
      {"V", 1.0, dim::voltage, true},
      {"Wh", 3600.0, dim::energy, true},
      {"W", 1.0, dim::energy / dim::time, true},
      {"J", 1.0, dim::energy, true},
      {"eV", constants::elementary_charge * constants::avogadro, dim::molar_energy, true},
      {"ohm", 1.0, dim::resistance, true},
      {"Ohm", 1.0, dim::resistance, true},
      {"Ω", 1.0, dim::resistance, true}, // GREEK CAPITAL OMEGA
      {"Ω", 1.0, dim::resistance, true}, // OHM SIGN
      {"S", 1.0, dim::none / dim::resistance, true},
      {"F", 1.0, dim::capacitance, true},
      {"Hz", 1.0, dim::frequency, true},
      {"%", 0.01, dim::none, false},
      {"1", 1.0, dim::none, false},
      {"-", 1.0, dim::none, false},
  };
  return table;
}

struct Prefix {
  std::string_view name;
  double factor;
};

constexpr std::array<Prefix, 12> prefixes{{{"p", 1e-12},
                                           {"n", 1e-9},
                                           {"u", 1e-6},
                                           {"µ", 1e-6}, // MICRO SIGN
                                           {"μ", 1e-6}, // GREEK SMALL MU
                                           {"m", 1e-3},
                                           {"c", 1e-2},
                                           {"d", 1e-1},
                                           {"k", 1e3},
                                           {"M", 1e6},
                                           {"G", 1e9},
                                           {"T", 1e12}}};

const Symbol* find_symbol(std::string_view name) {
  if (name.empty()) return nullptr;
  for (const Symbol& s : symbols())
    if (s.name.front() == name.front() && s.name == name) return &s;
  return nullptr;
}

/// One symbol with an optional prefix and exponent: "cm2", "MPa", "h^0.5", "s-1".
std::optional<Unit> parse_factor(std::string_view word) {
  std::size_t end = word.size();
  while (end > 0 && (std::string_view("0123456789.^-+").find(word[end - 1]) != std::string_view::npos)) --end;
  double exponent = 1.0;
  std::string_view name = word.substr(0, end);
  if (name.empty()) {
    name = word; // "1" and "-"
  } else if (end < word.size()) {
    std::string_view digits = word.substr(end);
    if (digits.front() == '^') digits.remove_prefix(1);
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (fault != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
  }
  const double halves = exponent * 2.0;
  if (halves != std::floor(halves) || std::abs(halves) > 16) return std::nullopt;

  double factor = 0.0;
  const Symbol* symbol = find_symbol(name);
  if (symbol != nullptr) {
    factor = symbol->factor;
  } else {
    for (const Prefix& prefix : prefixes) {
      if (!name.starts_with(prefix.name)) continue;
      const Symbol* candidate = find_symbol(name.substr(prefix.name.size()));
      if (candidate == nullptr || !candidate->takes_prefix) continue;
      symbol = candidate;
      factor = prefix.factor * candidate->factor;
      break;
    }
  }
  if (symbol == nullptr) return std::nullopt;
  return Unit{exponent == 1.0 ? factor : std::pow(factor, exponent), 0.0, power(symbol->dimension, static_cast<int>(halves))};
}

std::optional<Unit> parse_product(std::string_view text) {
  Unit out;
  bool any = false;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" *\t"), text.size());
    const auto factor = parse_factor(text.substr(0, end));
    if (!factor) return std::nullopt;
    out.factor *= factor->factor;
    out.dimension = out.dimension * factor->dimension;
    any = true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return any ? std::optional<Unit>(out) : std::nullopt;
}

struct Named {
  Dimension dimension;
  std::string_view name;
  std::string_view si;
  std::string_view example;
};

const std::vector<Named>& named_dimensions() {
  static const std::vector<Named> table = {
      {dim::none, "pure number", "", "0.5"},
      {dim::length, "length", "m", "100 um"},
      {dim::mass, "mass", "kg", "75 mg"},
      {dim::time, "time", "s", "30 min"},
      {dim::current, "current", "A", "0.4 mA"},
      {dim::temperature, "temperature", "K", "25 degC"},
      {dim::amount, "amount of substance", "mol", "1 mol"},
      {dim::area, "area", "m2", "0.785 cm2"},
      {dim::frequency, "frequency or rate", "1/s", "10 Hz"},
      {dim::velocity, "velocity", "m/s", "10 um/h"},
      {dim::force, "force", "N", "53 lbf"},
      {dim::pressure, "pressure", "Pa", "5 MPa"},
      {dim::charge, "charge", "C", "1 mAh"},
      {dim::energy, "energy", "J", "1 Wh"},
      {dim::voltage, "voltage", "V", "4.3 V"},
      {dim::resistance, "resistance", "ohm", "3 ohm"},
      {dim::capacitance, "capacitance", "F", "1 uF"},
      {dim::current_density, "current density", "A/m2", "0.5 mA/cm2"},
      {dim::areal_capacity, "areal capacity", "C/m2", "3 mAh/cm2"},
      {dim::areal_mass, "areal mass (loading)", "kg/m2", "25.5 mg/cm2"},
      {dim::asr, "area-specific resistance", "ohm m2", "7 ohm cm2"},
      {dim::conductivity, "conductivity", "S/m", "2 mS/cm"},
      {dim::density, "density", "kg/m3", "1.86 g/cm3"},
      {dim::molar_energy, "activation energy", "J/mol", "37 kJ/mol"},
      {dim::molar_volume, "molar volume", "m3/mol", "13.0 cm3/mol"},
      {dim::specific_capacity, "specific capacity", "C/kg", "200 mAh/g"},
      {dim::stiffness, "spring rate", "N/m", "5.5 lbf/mm"},
      {dim::areal_stiffness, "areal stiffness", "Pa/m", "0.15 MPa/um"},
      {dim::toughness, "fracture toughness", "Pa m^0.5", "0.23 MPa m^0.5"},
      {dim::parabolic, "parabolic growth constant", "m/s^0.5", "25 nm/h^0.5"},
      {dim::areal_capacitance, "areal capacitance", "F/m2", "5 uF/cm2"},
      {dim::diffusivity, "diffusivity", "m2/s", "4e-15 m2/s"},
      {dim::pressure / dim::temperature, "pressure per temperature", "Pa/K", "0.2 MPa/K"},
      {dim::length / dim::temperature, "expansion per temperature", "m/K", "1 um/K"},
      {dim::length / dim::pressure, "areal compliance", "m/Pa", "1 um/MPa"},
      {dim::none / dim::temperature, "thermal expansion coefficient", "1/K", "1e-6 1/K"},
      {dim::velocity / dim::current_density, "length per areal charge", "m3/C", "4.85 um per mAh/cm2"},
      {dim::energy / dim::time, "power", "W", "1 W"},
  };
  return table;
}

const Named* find_named(const Dimension& d) {
  for (const Named& n : named_dimensions())
    if (n.dimension == d) return &n;
  return nullptr;
}

} // namespace

std::optional<Unit> parse_unit(std::string_view text) {
  text = trim(text);
  if (text.empty()) return Unit{};
  if (text == "degC" || text == "°C" || text == "deg C") return Unit{1.0, constants::zero_celsius, dim::temperature};
  if (const std::size_t per = text.find(" per "); per != std::string_view::npos) {
    const auto over = parse_unit(text.substr(0, per));
    const auto under = parse_unit(text.substr(per + 5));
    if (!over || !under) return std::nullopt;
    return Unit{over->factor / under->factor, 0.0, over->dimension / under->dimension};
  }
  Unit out;
  bool first = true;
  while (true) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    // "mol/(m2 s)": brackets only ever group what follows a slash
    std::string_view part = trim(text.substr(0, slash));
    if (part.size() > 1 && part.front() == '(' && part.back() == ')') part = part.substr(1, part.size() - 2);
    const auto product = parse_product(part);
    if (!product) return std::nullopt;
    out.factor = first ? product->factor : out.factor / product->factor;
    out.dimension = first ? product->dimension : out.dimension / product->dimension;
    first = false;
    if (slash == text.size()) return out;
    text.remove_prefix(slash + 1);
  }
}

QuantityResult parse_quantity(std::string_view text, const Dimension& wanted) {
  QuantityResult result;
  result.quantity.text = std::string(trim(text));
  result.quantity.dimension = wanted;
  std::string_view body = result.quantity.text;
  if (!body.empty() && body.front() == '+') body.remove_prefix(1);
  double number = 0.0;
  const auto [stop, fault] = std::from_chars(body.data(), body.data() + body.size(), number);
  if (fault != std::errc() || !std::isfinite(number)) {
    result.fault = QuantityFault::not_a_number;
    return result;
  }
  const std::string_view unit_text = trim(body.substr(static_cast<std::size_t>(stop - body.data())));
  if (unit_text.empty()) {
    result.quantity.value = number;
    if (wanted != dim::none) result.fault = QuantityFault::no_unit;
    return result;
  }
  auto unit = parse_unit(unit_text);
  if (!unit) {
    result.fault = QuantityFault::unknown_unit;
    result.detail = std::string(unit_text);
    return result;
  }
  // "5.5 lb/mm" and "53 lb" on a spring's data sheet are pounds-force; the same for kg on a press.
  const Dimension acceleration = dim::force / dim::mass;
  if (unit->dimension != wanted && unit->dimension * acceleration == wanted) {
    unit->factor *= constants::g_n;
    unit->dimension = wanted;
  }
  if (unit->dimension != wanted) {
    result.fault = QuantityFault::wrong_dimension;
    result.detail = describe(unit->dimension);
    return result;
  }
  result.quantity.value = number * unit->factor + unit->offset;
  return result;
}

std::string describe(const Dimension& dimension) {
  const Named* named = find_named(dimension);
  return named != nullptr ? std::string(named->name) : fmt::format("quantity in {}", si_unit(dimension));
}

std::string si_unit(const Dimension& dimension) {
  if (const Named* named = find_named(dimension)) return std::string(named->si);
  static constexpr std::array<std::string_view, 6> base{"m", "kg", "s", "A", "K", "mol"};
  std::string out;
  for (std::size_t k = 0; k < 6; ++k) {
    if (dimension.halves[k] == 0) continue;
    if (!out.empty()) out += ' ';
    out += base[k];
    if (dimension.halves[k] != 2) out += fmt::format("^{:g}", dimension.halves[k] / 2.0);
  }
  return out;
}

std::string example_quantity(const Dimension& dimension) {
  const Named* named = find_named(dimension);
  return named != nullptr ? std::string(named->example) : fmt::format("1 {}", si_unit(dimension));
}

double in_unit(double si, std::string_view unit) {
  const auto parsed = parse_unit(unit);
  if (!parsed) throw Error("B002", fmt::format("unit `{}` is not known to Platen", unit));
  return (si - parsed->offset) / parsed->factor;
}

double from_unit(double number, std::string_view unit) {
  const auto parsed = parse_unit(unit);
  if (!parsed) throw Error("B002", fmt::format("unit `{}` is not known to Platen", unit));
  return number * parsed->factor + parsed->offset;
}

std::string show(double si, std::string_view unit, int digits) {
  return fmt::format("{:.{}g} {}", in_unit(si, unit), digits, unit);
}

} // namespace platen
