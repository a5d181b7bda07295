#pragma once
// What spectra and polarisations of the given cells come to in the analysis that measured ones get.

#include "targets/cells.hpp"

#include <optional>

namespace platen::targets {

/// T11: share of the fall of the interface's resistance over a day under 25 MPa that is there after 20 min, from the arc of
/// the longest time constant in spectra of a symmetric cell. Ideal records are read through the typical analyser first.
std::optional<double> early_fall(Cells cells);

/// T12: electronic conductivity (S/cm) of a pellet between blocking electrodes, from its polarisation at 100 mV. Ideal records are read
/// through the sensitive instrument first, whose own current an empty fixture tells.
std::optional<double> electronic_conductivity(Cells cells);

} // namespace platen::targets
