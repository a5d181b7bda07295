#pragma once
// The knobs of a study: where they stand, and the study with them turned.

#include "advise/goal.hpp"

#include <array>
#include <string>
#include <vector>

namespace platen::advise {

/// What may hold the cell while it cycles.
struct FixtureOption {
  std::string name;               ///< "fixed gap", "3 x 1804N16 (blue)"
  std::optional<Springs> springs; ///< empty: fixed gap
  double price = 0.0;             ///< of the springs, in the catalogue's currency; 0: not known or none
};

/// Where every knob stands, SI; of the fixture the number of the option.
using Setting = std::array<double, knob_count>;
/// Of a knob that the study does not have.
inline constexpr double no_knob = -1.0;
inline double& at(Setting& s, Knob knob) { return s[static_cast<std::size_t>(knob)]; }
inline double at(const Setting& s, Knob knob) { return s[static_cast<std::size_t>(knob)]; }

/// The study's own setting; its fixture is option 0. A stack pressure that the test changes on its way is no knob.
Setting setting_of(const Study& study);

/// The study's own fixture as an option.
FixtureOption fixture_of(const Study& study);

/// `study` with those knobs turned in which `to` differs from `from`.
Study turned(Study study, const Setting& from, const Setting& to, const std::vector<FixtureOption>& fixtures);

/// "hold time 10 min -> 30 min"; "as it is" when nothing is turned.
std::string change_in_words(const Setting& from, const Setting& to, const std::vector<FixtureOption>& fixtures);
/// "30 min", "3 x blue".
std::string value_in_words(Knob knob, double value, const std::vector<FixtureOption>& fixtures);

/// What of this study lies outside the measurements that the laws were held against (Ham et al. 2022), in words.
std::vector<std::string> untested(const Study& study, const Goal& goal);

} // namespace platen::advise
