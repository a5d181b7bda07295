#pragma once
// Which of the given cells a published row speaks of.

#include "targets/targets.hpp"

#include <span>
#include <string_view>

namespace platen::targets {

using Cells = std::span<const JudgedCell>;

inline constexpr double minute = 60.0, hour = 3600.0, MPa = 1e6, mA_per_cm2 = 10.0, mg_per_cm2 = 1e-2, micrometre = 1e-6;

/// Symmetric cell of Figures 1 and 2: contact hold at 25 MPa and room temperature.
bool held_at_room_temperature(const JudgedCell& cell);
/// That cell with a hold of `duration` s; nullptr when there is none.
const JudgedCell* with_hold(Cells cells, double duration);

/// A cell or an empty fixture set to 25 MPa at `temperature` K for half an hour at least; nullptr when there is none.
const JudgedCell* pressed(Cells cells, Configuration configuration, double temperature);

enum class Test { ramp, life };
/// A full cell at 40 degC by loading of the composite (kg/m2), fixture and stack pressure (Pa); nullptr when there is none.
const JudgedCell* full_cell(Cells cells, Test test, std::string_view fixture, double loading, double pressure = 5e6);

} // namespace platen::targets
