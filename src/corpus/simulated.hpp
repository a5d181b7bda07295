#pragma once
// The first generator: studies drawn at random and run by the simulator, through `instrument`.

#include "corpus/bench.hpp"
#include "corpus/corpus.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace platen::corpus::simulated {

/// What is done to a drawn cell. Whether it shorts is up to the laws, but for those whose flaws never open.
enum class Course { ramp, short_ramp, intact_ramp, stopped, life, intact_life, one_way, cracked, full_ramp, full_life, full_intact };

struct Kind {
  std::string_view name;
  Course course;
  int share = 1; ///< of a hundred cells
};

/// Shares add up to 100.
inline constexpr std::array table{
    Kind{"ramp until short", Course::ramp, 12},
    Kind{"ramp that ends early", Course::short_ramp, 20},
    Kind{"ramp, flaws never open", Course::intact_ramp, 14},
    Kind{"ramp stopped before the bridge", Course::stopped, 12},
    Kind{"life test", Course::life, 8},
    Kind{"life test, flaws never open", Course::intact_life, 6},
    Kind{"one direction, with rests", Course::one_way, 4},
    Kind{"cracked pellet", Course::cracked, 5},
    Kind{"full cell, ramp", Course::full_ramp, 7},
    Kind{"full cell, life test", Course::full_life, 6},
    Kind{"full cell, flaws never open", Course::full_intact, 6},
};

/// The study of a drawn cell as TOML, and the bench that it is measured on.
struct Drawn {
  std::string study;
  Bench bench;
};
Drawn draw(const Kind& kind, std::uint64_t seed);

/// Shares of the current through filaments, row by row, as the simulator knows them.
std::vector<Moment> moments_of(const Record& ideal);
/// One interface with lithium.
struct Side {
  double void_filled = 0.0; ///< phi of (V4), 1
  double spread = 1.0;      ///< s of (V4), 1
  double voltage = 0.0;     ///< V over the interface: charge transfer, constriction, interphase
};
/// The cell's resistance over what it would have with all voids closed, 1. The interfaces' resistances go as one over the contact; the
/// charge transfer, which bends, costs less than that at large currents. `polarisation`: V, of the whole cell, without the cathode's own.
double times_resistance(std::span<const Side> lithium, double polarisation);
/// Where, without a short, voids make that `lost_rise` times or more. `ideal` holds the parts of the voltage; `spread`: s of (V4).
std::vector<Stretch> lost_contact_of(const Record& ideal, const std::vector<Moment>& moments, double spread);

/// The drawn study with filaments that take no current: the same cell without its leak.
std::string without_leak(const std::string& study);

Twins make(const Kind& kind, std::uint64_t seed, WithTwin with_twin, const work::Task& task);

} // namespace platen::corpus::simulated
