#pragma once
// The cell as a network at one instant: voltage from current, current from voltage, parts of the overpotential.
// Theory: docs/theory/electrical.md.

#include <optional>

namespace platen::simulation {

/// What the network needs to know at one instant; per geometric area.
struct Network {
  double T = 0.0;            ///< K
  double open_circuit = 0.0; ///< of the cathode at its surface, V; 0 in a symmetric cell
  double bulk = 0.0;         ///< grain resistance of the electrolyte, ohm m2
  double grain_boundary = 0.0; ///< ohm m2
  double film_left = 0.0, film_right = 0.0;   ///< interphase growth and constriction, ohm m2
  double i0_left = 0.0, i0_right = 0.0;       ///< exchange current density times contact fraction, A/m2
  double contact_left = 1.0, contact_right = 1.0; ///< effective contact fraction
  double leak = 0.0;         ///< electronic conductance, S/m2
  double shorted = 0.0;      ///< conductance of filaments, S/m2
  double lead = 0.0;         ///< rods and cables, ohm m2
  double cathode_ohmic = 0.0; ///< of a composite cathode, within film_left, ohm m2

  double ohmic() const { return bulk + grain_boundary + film_left + film_right; }
};

/// The answer; currents per geometric area (A/m2), positive plates `right`.
struct Electrical {
  double current = 0.0;  ///< through the terminals
  double ionic = 0.0;    ///< through the electrolyte
  double voltage = 0.0;  ///< at the terminals, V
  double inner = 0.0;    ///< across the cell without leads, V
  double shorted = 0.0;  ///< through filaments, A/m2; none without them, to the bit
  double eta_left = 0.0, eta_right = 0.0; ///< charge-transfer overpotentials, V, signed like the ionic current
  // what else `inner` consists of, equation (L5), V, signed like the ionic current
  double open_circuit = 0.0, grains = 0.0, boundaries = 0.0, film_left = 0.0, film_right = 0.0;
  double cathode_ohmic = 0.0; ///< within film_left
  double contact_left = 1.0, contact_right = 1.0; ///< effective contact fraction
};

/// Quasi-static network at a stated terminal current density (A/m2), equations (E1) to (E3).
///
/// `guess` of the ionic current saves iterations where it is near (A/m2).
Electrical solve_current(const Network& network, double current, std::optional<double> guess = {});

/// The same at a stated terminal voltage (V): the algebraic condition of a voltage-controlled step.
Electrical solve_voltage(const Network& network, double voltage, std::optional<double> guess = {});

} // namespace platen::simulation
