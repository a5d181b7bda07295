#pragma once
// What is to be reached, which knobs may be turned for it, and what turning them costs. Format: docs/formats/goal.md.

#include "advise/springs.hpp"
#include "base/units.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::advise {

/// A cell reaches a goal when it meets all that is stated here.
struct Goal {
  std::optional<double> ccd = std::nullopt;             ///< A/m2: carried in all half cycles of its step without a contact
  std::optional<double> areal_capacity = std::nullopt;  ///< C/m2: moved by a half cycle; of a full cell the first charge
  std::optional<double> swing = std::nullopt;           ///< Pa, at most: highest less lowest stack pressure of a cycle
  std::optional<double> current_density = std::nullopt; ///< A/m2 at which `areal_capacity` is asked for; else `ccd`, else the ramp's first step
  double probability = 0.8;              ///< of a cell to reach it that is wanted

  bool stated() const { return ccd || areal_capacity || swing; }
};

enum class Knob : std::size_t { hold_time, hold_pressure, hold_temperature, stack_pressure, loading, fixture, count };
inline constexpr std::size_t knob_count = static_cast<std::size_t>(Knob::count);

/// What a knob is called and how people write it.
struct KnobInfo {
  std::string_view key, words; ///< "hold_time", "hold time"
  Dimension dimension;
  std::string_view unit, cost_per; ///< what the cost counts, "1 h"
  bool by_default;                 ///< turned when no goal file says which
};
const KnobInfo& info(Knob knob);

/// A knob that may be turned. Costs are pure numbers in a unit of the user's; the defaults are hours of work (assumed).
struct KnobRange {
  Knob knob = Knob::hold_time;
  std::vector<double> values;  ///< SI, rising; none for the fixture
  double change = 0.0;         ///< of turning it at all
  double up = 0.0, down = 0.0; ///< per SI unit upwards and downwards
  bool gap = true, springs = true; ///< fixture: which may be chosen

  double cost(double from, double to) const;
};

inline constexpr int usual_sets = 24, usual_cells = 6;

struct EnsembleRequest {
  std::string table;      ///< path; empty: the built-in one of the study's parameter set, or draws from the set's ranges
  std::size_t sets = usual_sets, cells = usual_cells; ///< parameter sets drawn, cells of each
  std::uint64_t seed = 1;
};

/// What a goal file or a command line asks.
struct Question {
  Goal goal;
  std::vector<KnobRange> knobs;
  std::string catalogue;   ///< path or "built-in"; empty: no springs are looked for
  SpringDemand springs;    ///< only what the file states; pressures and breathing come from the study
  bool own_breathing = false; ///< the file states the breathing
  double price_weight = 0.0; ///< cost per unit of the catalogue's currency
  EnsembleRequest ensemble;
};

/// The knobs of a question that names none.
std::vector<KnobRange> default_knobs();

/// @throws Error with every fault: D001, C001 to C012, C080 to C083.
Question read_goal(const std::filesystem::path& path);
/// The same from text; paths in it start at `folder`.
Question parse_goal(std::string text, const std::string& name, const std::filesystem::path& folder);

/// Most values of one knob, parameter sets and cells of each.
inline constexpr std::size_t most_values = 40, most_sets = 2000, most_cells = 1000;

} // namespace platen::advise
