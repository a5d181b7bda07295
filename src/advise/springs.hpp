#pragma once
// Which springs hold a cell: every spring of a catalogue in every number, checked and ranked. Theory: docs/theory/springs.md.

#include "advise/bench_sheet.hpp"
#include "advise/catalogue.hpp"
#include "advise/spring_law.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen::advise {

/// What springs are asked to do. Pressures in Pa, lengths in m, temperatures in K.
struct SpringDemand {
  double area = 0.0;                    ///< m2
  double pressure = 0.0;                ///< set
  Breathing breathing;
  double loading_temperature = 298.15;  ///< at which the nuts are turned
  double cycling_temperature = 313.15;
  bool set_again_when_warm = true;      ///< the pressure is set once more at the cycling temperature
  double hold_pressure = 0.0;           ///< of the contact hold; 0: none
  bool hold_on_springs = false;         ///< the springs are fitted before it
  std::optional<double> largest_swing;  ///< that is tolerated
  int fewest = 1, most = 12;            ///< springs in parallel
  int rods = 0;                         ///< numbers of springs are multiples of it; 0: any number
  std::optional<double> rod_diameter;   ///< the spring goes around it
  std::optional<double> rod_length;     ///< room for the free spring between plate and loosened nut
  std::optional<double> room;           ///< widest spring that does not touch the next
  double load_reserve = 0.15;           ///< share of the load limit that stays free at the highest pressure
  double travel_reserve = 0.15;         ///< share of the travel that does
  double drift = -2.6e-4;               ///< relative change of a spring's rate where the catalogue says none, 1/K
};

/// Swings that differ by less are equal, Pa: what a load cell reads (Ham et al. 2022 state pressures to 0.01 MPa).
inline constexpr double swing_resolution = 1e4;

/// Most springs in parallel that are considered.
inline constexpr int most_in_parallel = 12;

/// Nine in ten of what the ensemble gives lie between.
struct Span90 {
  double low = 0.0, high = 0.0;
};

/// One spring of the catalogue, `count` of them in parallel. Pressures in Pa.
struct SpringChoice {
  CatalogueSpring spring;
  int count = 0;
  double stiffness = 0.0;               ///< of all on the cell's area, Pa/m
  SpringLoad set, highest;              ///< each spring at the set pressure and at the highest that the cell reaches
  PressureLoop loop;
  double swing_without_friction = 0.0;  ///< what the springs alone would leave
  double drift_mismatch = 0.0, drift_rate = 0.0, drift = 0.0; ///< change of a preload set cold: frame, spring, both
  double preload_error = 0.0;           ///< +-, when the preload is set by the compression and not by a load cell
  double load_used = 0.0, travel_used = 0.0; ///< shares at the highest pressure
  double hold_force = 0.0;              ///< each spring, if the contact hold were on springs; N
  bool bears_hold = true;
  std::optional<Span90> swing_range, highest_range, drift_range; ///< with an ensemble
  std::optional<double> price;          ///< of all
  std::vector<std::string> refused;     ///< reasons; none: it will do
  std::vector<std::string> notes;       ///< what could not be checked

  Springs springs() const { return {count, spring.rate, spring.load_limit, spring.travel}; }
};

/// One spring in one number. `ensemble`: what the parameters may be; may be empty.
SpringChoice spring_choice(const CatalogueSpring& spring, int count, const SpringDemand& demand, const physics::Parameters& parameters,
                           std::span<const physics::Parameters> ensemble = {});

/// Every spring in every number: those that will do first, by swing, then price, number and load; the refused ones after them, those nearest
/// to doing first. @throws Error U006 when the demand contradicts itself (no number of springs is allowed).
std::vector<SpringChoice> rank_springs(const Catalogue& catalogue, const SpringDemand& demand, const physics::Parameters& parameters,
                                       std::span<const physics::Parameters> ensemble = {});

/// What a study asks of springs: pressures, temperatures, breathing. `areal_capacity` as of `breathing_of`.
SpringDemand demand_of(const Study& study, double areal_capacity = 0.0);

} // namespace platen::advise
