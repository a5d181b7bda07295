#pragma once
// Numbers of the laws for tests of how well they are solved or seen: in which half cycle a short falls, and which draw of the noise meets which
// reading, then hangs on no calibration.

namespace platen {

/// Of a cell like those of Ham et al. (2022), for the end of a study's text.
inline constexpr const char* own_numbers = R"([override]
"fixture.joint_stiffness" = "0.150 MPa/um"
"fixture.joint_exponent" = 1.97
"fixture.seating_compliance" = "0.36 um/MPa"
"fixture.seating_time_fast" = "330 s"
"fixture.seating_time_slow" = "10 h"
"fixture.thermal_mismatch" = "0.46 um/K"
"contact.initial" = 0.10
"contact.closure_time" = "13.4 min"
"void.height" = "2.2 um"
"void.spread" = 4.0
"supply.diffusion" = "0.292 mA/cm2"
"flaw.depth" = "3.4 um"
"flaw.swing_extension" = 100
"flaw.fatigue_exponent" = 20
"intrusion.rate" = "12.2 um/h"
"filament.growth" = 530
"interface.resistance" = "4.32 ohm cm2"
)";

} // namespace platen
