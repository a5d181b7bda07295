#include "simulate/layout.hpp"

#include "physics/cathode.hpp"
#include "physics/fixture.hpp"

#include <fmt/format.h>
#include <string_view>

namespace platen::simulation {
namespace {

using state::capacitors, state::parts;

constexpr std::array<std::string_view, parts> part_names{"void", "filament", "damage", "lithium", "squeezed"};
/// 1; m, of some hundred micrometres; 1; C/m2; m.
constexpr std::array<double, parts> part_tolerances{1e-6, 1e-9, 1e-6, 1e-3, 1e-12};

constexpr std::array<std::string_view, capacitors> capacitor_names{
    "grain_voltage",      "grain_boundary_voltage",    "film_voltage_left",
    "film_voltage_right", "double_layer_voltage_left", "double_layer_voltage_right"};

bool within(std::size_t index, std::size_t first, std::size_t count) {
  return first != Layout::none && index >= first && index < first + count;
}

} // namespace

Layout::Layout(const Contents& contents) {
  const auto place = [this](std::size_t& first, std::size_t wanted, bool there) {
    if (!there) return;
    first = count;
    count += wanted;
  };
  place(seating, physics::seating_elements, contents.seating);
  place(friction, 1, contents.springs);
  place(yielded, 1, contents.yielding);
  place(leaked, 1, contents.cell);
  place(shorted, 1, contents.cell);
  place(passed, 1, contents.cell);
  const bool lithium = contents.lithium[left] || contents.lithium[right];
  for (std::size_t* shared : {&closure, &intruded, &interphase_square}) place(*shared, 1, lithium);
  for (const std::size_t side : {left, right}) place(electrode[side], parts, contents.lithium[side]);
  place(extracted, 1, contents.cathode);
  place(lost, 1, contents.cathode);
  place(modes, physics::particle_modes, contents.cathode);
  place(fast_modes, physics::particle_fast_modes.size(), contents.dynamic && contents.cathode);
  place(capacitive, capacitors, contents.dynamic);
}

std::string Layout::name(std::size_t index) const {
  if (index == pressure) return "stack_pressure";
  if (within(index, seating, physics::seating_elements)) return fmt::format("seating_{}", index - seating + 1);
  if (index == friction) return "friction";
  if (index == yielded) return "yielded";
  if (index == leaked) return "leaked_charge";
  if (index == shorted) return "shorted_charge";
  if (index == passed) return "passed_charge";
  if (index == closure) return "contact_closure";
  if (index == intruded) return "flaw";
  if (index == interphase_square) return "interphase_square";
  for (const std::size_t side : {left, right})
    if (within(index, electrode[side], parts))
      return fmt::format("{}_{}", part_names[index - electrode[side]], side == left ? "left" : "right");
  if (index == extracted) return "extracted_charge";
  if (index == lost) return "lost_charge";
  if (within(index, modes, physics::particle_modes)) return fmt::format("particle_mode_{}", index - modes + 1);
  if (within(index, fast_modes, physics::particle_fast_modes.size())) return fmt::format("particle_fast_mode_{}", index - fast_modes + 1);
  return std::string(capacitor_names[index - capacitive]);
}

double Layout::absolute_tolerance(std::size_t index) const {
  if (index == pressure || index == friction) return 10.0; // Pa, a load cell resolves 1 kPa
  if (within(index, seating, physics::seating_elements)) return 1e-11; // m
  if (index == yielded) return 1e-10;                                  // m
  if (index == leaked || index == shorted || index == passed) return 1e-4; // C/m2, 3e-6 mAh/cm2
  if (index == closure) return 1e-6;
  if (index == intruded) return 1e-10;          // m
  if (index == interphase_square) return 1e-21; // m2
  for (const std::size_t side : {left, right})
    if (within(index, electrode[side], parts)) return part_tolerances[index - electrode[side]];
  if (index == extracted || index == lost) return 1e-2; // C/m2, 3e-4 mAh/cm2
  if (within(index, modes, physics::particle_modes)) return 1e-6;
  if (within(index, fast_modes, physics::particle_fast_modes.size())) return 1e-8;
  return 1e-8; // V
}

} // namespace platen::simulation
