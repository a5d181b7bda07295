#pragma once
// Where each state of a cell sits in the solver's vector. A state that the cell does not have has no place.

#include <array>
#include <cstddef>
#include <string>

namespace platen::simulation {

inline constexpr std::size_t left = 0, right = 1; ///< the electrodes; `left` is the cathode of a full cell

namespace state {
/// States of a lithium electrode; `lithium` is the metal gained since assembly (C/m2), so that the solver's relative
/// tolerance applies to what changes and not to the whole foil:
enum Part : std::size_t { voids, filament, damage, lithium, squeezed, parts };

/// Voltages across the capacitors, V: grains, grain boundaries, films and double layers of both sides.
enum Capacitor : std::size_t { grains, boundaries, film_left, film_right, double_layer_left, double_layer_right, capacitors };

} // namespace state

/// What decides which states there are.
struct Contents {
  std::array<bool, 2> lithium{}; ///< per side
  bool cell = false; ///< and not an empty fixture
  bool cathode = false, seating = false, springs = false, yielding = false, dynamic = false;
};

struct Layout {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit Layout(const Contents& contents);
  /// Name of the state at `index`.
  std::string name(std::size_t index) const;
  /// Absolute tolerance, in the state's unit, that goes with a relative one of 1e-6.
  double absolute_tolerance(std::size_t index) const;

  std::size_t pressure = 0;                    ///< stack pressure, Pa
  std::size_t seating = none;                  ///< first of physics::seating_elements, m
  std::size_t friction = none;                 ///< stress on the spring fixture's slider, Pa
  std::size_t yielded = none;                  ///< displacement that a fixed gap has lost for good, m
  std::size_t leaked = none;                   ///< charge by electronic leakage, C/m2
  std::size_t shorted = none;                  ///< charge through filaments, C/m2
  std::size_t passed = none;                   ///< charge through the terminals, C/m2
  std::size_t closure = none;                  ///< time integral of the rate at which open contact closes, 1; both sides
  std::size_t intruded = none;                 ///< depth of a flaw with what static pressure has pressed in, m; both sides
  std::size_t interphase_square = none;        ///< square of the interphase's thickness, m2; both sides
  std::array<std::size_t, 2> electrode{none, none}; ///< first of state::parts
  std::size_t extracted = none;                ///< charge taken out of the cathode, C/m2
  std::size_t lost = none;                     ///< charge that the first cycle does not give back, C/m2
  std::size_t modes = none;                    ///< first of physics::particle_modes, 1
  // only with dynamic capacitances, and therefore last
  std::size_t fast_modes = none;               ///< first of physics::particle_fast_modes, 1
  std::size_t capacitive = none;               ///< first of state::capacitors, V
  std::size_t count = 1;
};

} // namespace platen::simulation
