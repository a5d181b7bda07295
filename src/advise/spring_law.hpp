#pragma once
// Stack pressure of a cell that breathes between plate and nuts, with springs or without, in closed form. Theory:
// docs/theory/springs.md.

#include "physics/parameters.hpp"
#include "study/study.hpp"

namespace platen::advise {

/// Thickness (m) of a cell against that in which its pressure was set.
struct Breathing {
  double thickest = 0.0; ///< fully charged
  double thinnest = 0.0; ///< discharged again; above zero where the first charge leaves lithium behind
};

/// Equation (O1), from the areal capacity of a cathode; nothing for a symmetric cell, whose one side gains what the other loses.
/// `areal_capacity` (C/m2) replaces that of the study's cathode when it is above 0.
Breathing breathing_of(const Study& study, double areal_capacity = 0.0);

/// Stack pressures (Pa) of a cell that breathes.
struct PressureLoop {
  double set = 0.0;
  double first = 0.0;           ///< at the end of the first charge
  double highest = 0.0, lowest = 0.0; ///< of the steady loop that later cycles run
  double swing() const { return highest - lowest; }
  /// The highest that the cell reaches at all.
  double most() const { return first > highest ? first : highest; }
};

/// Springs of `stiffness` (Pa/m, all together) beside the slider of the fixture, in series with its frame: equations (O2) to (O5).
/// The slider starts unloaded, as it does when the nuts are turned. `set` in Pa.
PressureLoop loop_on_springs(const physics::Parameters& parameters, double stiffness, double set, const Breathing& breathing);

/// The same in a fixed gap: the frame takes up everything, (F3).
PressureLoop loop_in_gap(const physics::Parameters& parameters, double set, const Breathing& breathing);

/// Pressure (Pa) after the stack has grown by `growth` (m) against the frame and the springs' force has changed by the relative
/// amount `softening`, from an unloaded slider: equation (O6).
double pressure_after(const physics::Parameters& parameters, double stiffness, double set, double growth, double softening);

} // namespace platen::advise
