#pragma once
// What a measured record needs to know of lithium; the simulator has it from the card `Li`.

namespace platen::assessing {

/// m3/mol: 6.94 g/mol over 0.534 g/cm3 (read), as in data/cards/Li.toml: 4.85 um per mAh/cm2.
inline constexpr double lithium_molar_volume = 13.0e-6;

} // namespace platen::assessing
