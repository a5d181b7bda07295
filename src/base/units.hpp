#pragma once
// Quantities with units. A string carries its own unit, the caller states the dimension, a wrong one is an error.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace platen {

/// Exponents of (m, kg, s, A, K, mol), each doubled so that m^0.5 (fracture toughness) and h^0.5 (parabolic growth) fit.
struct Dimension {
  std::array<std::int8_t, 6> halves{};
  friend constexpr bool operator==(const Dimension&, const Dimension&) = default;
};

constexpr Dimension operator*(Dimension a, const Dimension& b) {
  for (std::size_t k = 0; k < 6; ++k) a.halves[k] = static_cast<std::int8_t>(a.halves[k] + b.halves[k]);
  return a;
}
constexpr Dimension operator/(Dimension a, const Dimension& b) {
  for (std::size_t k = 0; k < 6; ++k) a.halves[k] = static_cast<std::int8_t>(a.halves[k] - b.halves[k]);
  return a;
}
/// `a` to the power halves/2.
constexpr Dimension power(Dimension a, int halves) {
  for (auto& e : a.halves) e = static_cast<std::int8_t>(e * halves / 2);
  return a;
}

namespace dim {
inline constexpr Dimension none{};
inline constexpr Dimension length{{2, 0, 0, 0, 0, 0}};
inline constexpr Dimension mass{{0, 2, 0, 0, 0, 0}};
inline constexpr Dimension time{{0, 0, 2, 0, 0, 0}};
inline constexpr Dimension current{{0, 0, 0, 2, 0, 0}};
inline constexpr Dimension temperature{{0, 0, 0, 0, 2, 0}};
inline constexpr Dimension amount{{0, 0, 0, 0, 0, 2}};
inline constexpr Dimension area = length * length;
inline constexpr Dimension frequency = none / time;
inline constexpr Dimension velocity = length / time;
inline constexpr Dimension force = mass * length / (time * time);
inline constexpr Dimension pressure = force / area;
inline constexpr Dimension charge = current * time;
inline constexpr Dimension energy = force * length;
inline constexpr Dimension voltage = energy / charge;
inline constexpr Dimension resistance = voltage / current;
inline constexpr Dimension capacitance = charge / voltage;
inline constexpr Dimension current_density = current / area;
inline constexpr Dimension areal_capacity = charge / area;
inline constexpr Dimension areal_mass = mass / area;
inline constexpr Dimension asr = resistance * area; ///< area-specific resistance
inline constexpr Dimension conductivity = none / (resistance * length);
inline constexpr Dimension density = mass / (area * length);
inline constexpr Dimension molar_energy = energy / amount; ///< activation energies; "0.36 eV" is read per particle
inline constexpr Dimension molar_volume = area * length / amount;
inline constexpr Dimension specific_capacity = charge / mass;
inline constexpr Dimension stiffness = force / length;              ///< N/m, springs
inline constexpr Dimension areal_stiffness = pressure / length;     ///< Pa/m, fixtures
inline constexpr Dimension toughness = pressure * power(length, 1); ///< Pa m^0.5
inline constexpr Dimension parabolic = length / power(time, 1);     ///< m/s^0.5
inline constexpr Dimension areal_capacitance = capacitance / area;
inline constexpr Dimension diffusivity = area / time;
} // namespace dim

/// A unit as a linear map to SI: si = factor * number + offset (the offset is that of degC, else zero).
struct Unit {
  double factor = 1.0;
  double offset = 0.0;
  Dimension dimension{};
};

/// Reads "MPa", "mA/cm2", "ohm cm2", "nm/h^0.5", "lbf/mm", "um per mAh/cm2" ... Empty when not understood.
/// "eV" is taken per particle and becomes J/mol. "lb" is a mass; where a force is wanted see `parse_quantity`.
std::optional<Unit> parse_unit(std::string_view text);

/// A number with a unit, and the words it was written in.
struct Quantity {
  double value = 0.0; ///< SI
  Dimension dimension{};
  std::string text; ///< as written by the user
};

enum class QuantityFault { none, not_a_number, no_unit, unknown_unit, wrong_dimension };

struct QuantityResult {
  Quantity quantity;
  QuantityFault fault = QuantityFault::none;
  std::string detail; ///< the unit not understood, or what the unit measures
};

/// Reads "5 MPa" where `wanted` says what it must measure. A bare number is accepted only when `wanted` is dim::none
/// ("5 %" is 0.05). Where a force is wanted, lb and kg are read as lbf and kgf. A temperature takes degC or K.
QuantityResult parse_quantity(std::string_view text, const Dimension& wanted);

/// One line for people: what a dimension measures ("pressure"), or its SI unit when it has no name here.
std::string describe(const Dimension& dimension);
/// The SI unit of a dimension: "Pa", "A/m2", "" for a pure number.
std::string si_unit(const Dimension& dimension);
/// An example a user can copy: "5 MPa" for a pressure.
std::string example_quantity(const Dimension& dimension);

/// `si` in the stated unit. @throws Error B002 when the unit is not one of ours (a bug, not bad input).
double in_unit(double si, std::string_view unit);
/// A number in the stated unit to SI. @throws as in_unit.
double from_unit(double number, std::string_view unit);
/// "5.00 MPa": `si` shown in `unit` with `digits` significant digits.
std::string show(double si, std::string_view unit, int digits = 4);

} // namespace platen
