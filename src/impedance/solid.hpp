#pragma once
// What resistances mean: conductivity, activation, resistance per interface. Theory: docs/theory/impedance.md, (Y1) to (Y4).

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::impedance {

/// A number and its standard error, in the same unit.
struct Uncertain {
  double value = 0.0, error = 0.0;
};

/// Conductivity (S/m) of a pellet: resistance (ohm), thickness (m), area (m2); their errors are independent, equation (Y1).
/// @throws Error D213 when one is not positive.
Uncertain conductivity(Uncertain resistance, Uncertain thickness, Uncertain area);

/// Area-specific resistance (ohm m2) of one of two equal interfaces whose resistances add up to `resistance`, equation (Y2).
/// @throws Error D213 when one is not positive.
Uncertain interface_resistance(Uncertain resistance, Uncertain area);

struct Activation {
  Uncertain energy;        ///< J/mol
  Uncertain log_prefactor; ///< ln of the value at 1/T = 0 (of value times T in K when so fitted)
  double scatter = 0.0;    ///< standard deviation about the line over the stated errors; above 1: errors too small, or no line
  std::size_t points = 0;
  bool times_temperature = false;

  /// The line at a temperature (K) with its standard error, in the unit of the data.
  Uncertain at(double temperature) const;

private:
  friend Activation arrhenius(std::span<const double>, std::span<const Uncertain>, bool);
  double mean_ = 0.0, at_mean_ = 0.0, at_mean_error_ = 0.0; ///< 1/T where slope and height are independent
};

/// Arrhenius line through values (conductivity: `times_temperature` for sigma T; resistances: value rises with 1/T, energy < 0 flips the
/// sign) at temperatures in K, weighted with their relative errors, equation (Y3). Errors grow with the scatter when it exceeds the stated ones.
/// @throws Error D214: fewer than two temperatures, values or errors that are not positive.
Activation arrhenius(std::span<const double> temperature, std::span<const Uncertain> value, bool times_temperature);

/// What an arc of a Li | electrolyte interface is, as far as the data allow.
struct ArcEvidence {
  Activation arc;                ///< of its resistance: rising with 1/T; without points: not known
  Activation electrolyte;        ///< of the electrolyte's resistance, same temperatures or others
  std::vector<double> areas;     ///< m2; may be empty
  std::vector<Uncertain> resistances; ///< ohm, of the arc at those areas
};
struct ArcVerdict {
  enum class Kind { constriction, charge_transfer, cannot_tell } kind = Kind::cannot_tell;
  double separation = 0.0;   ///< difference of the activation energies over its standard error
  double area_exponent = 0.0, area_exponent_error = 0.0; ///< R ~ A^-m; 0, 0 without areas
  std::vector<std::string> reasons;
};
std::string_view label(ArcVerdict::Kind kind); ///< "constriction", "charge transfer", "cannot tell"
/// Constriction is electrolyte: it has the electrolyte's activation energy. Charge transfer has its own. Areas tell a single contact (m = 1/2)
/// from many (m = 1), which both kinds share.
ArcVerdict constriction_or_transfer(const ArcEvidence& evidence);

} // namespace platen::impedance
