#pragma once
// Sobol's direction numbers.

#include <cstddef>
#include <cstdint>
#include <span>

namespace platen::numerics {

/// The 32 direction numbers of a dimension from 0, 32 binary digits each, from its primitive polynomial over the field of two
/// elements and the first numbers that Joe and Kuo chose (SIAM J. Sci. Comput. 30 (2008) 2635, set "new-joe-kuo-6").
void sobol_directions(std::size_t dimension, std::span<std::uint32_t, 32> directions);

} // namespace platen::numerics
