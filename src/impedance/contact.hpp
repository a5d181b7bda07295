#pragma once
// How much of an interface touches, from its resistance while pressure is held. Theory: docs/theory/impedance.md, (Y5) to (Y7).

#include "impedance/solid.hpp"

#include <span>
#include <string>
#include <vector>

namespace platen::impedance {

/// What the analysis takes as known of one interface.
struct ContactAssumptions {
  double conductivity = 0.0;  ///< of the electrolyte, S/m; 0: no constriction term
  double spot = 2e-6;         ///< radius of the contact spots, m
  double spot_factor = 2.0;   ///< the radius may be off by this factor (one standard deviation of its logarithm)
  double creep_exponent = 6.6; ///< n of (C1)
  double linear_share = 0.01;  ///< s of (C1)
};

/// One reading: the area-specific resistance of one side.
struct ContactReading {
  double time = 0.0;     ///< since the hold began, s
  double pressure = 0.0; ///< stack pressure at that time, Pa
  Uncertain asr;         ///< ohm m2, one side
};

struct ContactPoint {
  double time = 0.0, pressure = 0.0;
  double theta = 0.0, error = 0.0; ///< contact fraction and its standard error
  double low = 0.0, high = 0.0;    ///< 95 %
  double constriction = 0.0;       ///< share of the resistance that is constriction
};

struct ContactSeries {
  Uncertain perfect;   ///< area-specific resistance at theta = 1, ohm m2
  Uncertain initial;   ///< theta when the hold began
  Uncertain time;      ///< tau of (C1) at 25 MPa and the temperature of the hold, s
  double stretch = 1.0; ///< beta of (Y6)
  double residual = 0.0; ///< root mean square of ln(asr/law)
  std::vector<ContactPoint> points;
  bool settled = false; ///< the end of the series tells `perfect`: its error is below a quarter
  std::vector<std::string> assumes; ///< sentences
};

/// theta that gives an area-specific resistance, equation (Y5), for a resistance `perfect` at full contact; 1 when `asr` is below it.
double theta_of(double asr, double perfect, const ContactAssumptions& assumptions);

/// theta(t) from readings during a hold (in order of time, five or more). The law of closing, (Y6), is used only for what full contact
/// would be; theta of every reading is then its own, (Y5), with errors of the reading, of that limit and of the spots' radius.
/// @throws Error D215.
ContactSeries contact_series(std::span<const ContactReading> readings, const ContactAssumptions& assumptions = {});

} // namespace platen::impedance
