#pragma once
// A study: one cell, one fixture, one fabrication, one test, one parameter set, checked and in SI.

#include "base/error.hpp"
#include "config/resolved.hpp"
#include "physics/parameters.hpp"
#include "record/cell_info.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace platen {

/// Composite cathode, always the left electrode of a full cell.
struct Cathode {
  std::string material;      ///< card, "NCM811"
  double loading = 0;        ///< of the composite, kg/m2
  double areal_capacity = 0; ///< of the first charge, C/m2
  double active_thickness = 0; ///< volume of active material per area, m
  double thickness = 0;      ///< of the composite, m
};

/// The stack from left to right. No layers at all is the empty fixture.
struct Cell {
  Configuration configuration = Configuration::empty_fixture;
  double area = 0;                  ///< m2
  double electrolyte_thickness = 0; ///< m, from mass and compaction, or stated
  double electrolyte_density = 0;   ///< relative, 1
  double electrolyte_mass = 0;      ///< kg; 0 when the thickness was stated
  double lithium_left = 0;          ///< m, foil thickness as assembled; 0: no lithium on this side
  double lithium_right = 0;         ///< m
  std::string lithium = "Li", electrolyte = "LPSCl"; ///< cards
  std::optional<Cathode> cathode;   ///< of a full cell
};

enum class FixtureKind { fixed_gap, springs };

struct Springs {
  int count = 0;
  double rate = 0;       ///< each, N/m
  double load_limit = 0; ///< each, N
  double travel = 0;     ///< m
};

struct Fixture {
  FixtureKind kind = FixtureKind::fixed_gap; ///< what holds the cell while cycling; the contact hold is always a fixed gap
  std::optional<Springs> springs;
};

struct Fabrication {
  double densification_pressure = 0; ///< Pa; 0 when not stated
};

struct Step; // one sentence

namespace step {
struct Hold { double pressure; double duration; std::optional<double> temperature; }; ///< Pa, s, K: set, then relaxes
struct Release { double pressure; };
struct SetStackPressure { double pressure; };
struct FitSprings { bool if_any = false; }; ///< if_any: left out in a fixed gap
struct Heat { double temperature; double duration; };
struct Rest { double duration; };
/// Stepwise-current ramp. Exactly one of duration, capacity and voltage limits ends a half cycle.
struct Ramp {
  double start;                        ///< A/m2
  std::optional<double> upper;         ///< A/m2, last step
  double increment;                    ///< A/m2
  std::optional<double> duration;      ///< s per half cycle
  std::optional<double> capacity;      ///< C/m2 per half cycle
  std::optional<double> lower_voltage, upper_voltage; ///< V
  int cycles_per_step = 1;
  bool until_short = false;
};
/// Constant current until a limit. direction +1 plates `right` / charges, -1 the reverse.
struct ConstantCurrent {
  int direction;
  double current_density;         ///< A/m2, magnitude
  std::optional<double> capacity; ///< C/m2
  std::optional<double> duration; ///< s
  std::optional<double> voltage;  ///< V
};
struct HoldVoltage { double voltage; std::optional<double> current_density; std::optional<double> duration; };
struct Polarise { double voltage; double duration; };
/// A sweep from `f_high` to `f_low` (Hz) at an amplitude (V); takes no time. Defaults are those of Ham et al. 2022.
struct MeasureImpedance { double f_high = 10e6, f_low = 0.1, amplitude = 10e-3; int points_per_decade = 10; };
struct Repeat { int count; std::vector<Step> steps; };
/// Interrupts the sentence before it at every interval (the clock of the sentence goes on).
struct Every { double interval; std::vector<Step> steps; };
} // namespace step

using StepKind = std::variant<step::Hold, step::Release, step::SetStackPressure, step::FitSprings, step::Heat, step::Rest,
                              step::Ramp, step::ConstantCurrent, step::HoldVoltage, step::Polarise,
                              step::MeasureImpedance, step::Repeat, step::Every>;

struct Step {
  StepKind kind;
  std::string sentence; ///< as written
  Place place;
};

/// Mechanisms that can be switched. More come with the rival explanations; a switch that is off removes the law.
struct Mechanisms {
  bool seating = true;            ///< one-way settling of the fixture's joints
  bool contact_closure = true;    ///< creep of lithium into the interface's voids
  bool stripping_voids = true;    ///< voids opened when stripping outruns the supply
  bool intrusion = true;          ///< flaws deepened by static pressure
  bool filament = true;           ///< growth above the critical overpotential, and the short
  bool interphase = true;         ///< parabolic growth
  bool lithium_squeeze = true;    ///< sideways creep of the foil
  bool electronic_leakage = true;
  // Rival explanations of what pressure and cathode do while cycling (docs/theory/mechanisms.md)
  bool pressure_swing = true;       ///< H2: rising pressure extends the flaw
  bool yielding_gap = false;        ///< H4: a fixed gap gives way above a pressure
  bool uneven_current = true;       ///< H5: the composite cathode focuses the current
  bool fatigue = true;              ///< damage below the critical load adds up (Miner)
};

struct Output {
  double interval = 10.0; ///< s between recorded rows
  bool events_only = false;
  bool parts = false; ///< record where current, voltage and pressure go as well; no key of a study file, the program asks for it
  bool dynamic_capacitances = false; ///< integrate the capacitances instead of taking them quasi-static
  double relative_tolerance = 1e-6;
};

struct Study {
  std::string name;
  std::string description;
  Cell cell;
  Fixture fixture;
  Fabrication fabrication;
  std::vector<Step> test;
  double temperature = 298.15; ///< K at the start
  std::string parameter_set = "Ham2022";
  physics::Parameters parameters;
  Mechanisms mechanisms;
  Output output;
  std::uint64_t seed = 0; ///< 0: the median cell, no scatter

  std::vector<config::Resolved> resolved; ///< every value with where it came from
  std::vector<Diagnostic> warnings;
  std::vector<std::pair<std::string, std::string>> sources; ///< every file read: path, text
};

} // namespace platen
