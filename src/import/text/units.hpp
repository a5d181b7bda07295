#pragma once
// Units as instruments spell them: words, lower case, dots between factors, characters lost to a wrong
// encoding.

#include "base/units.hpp"

#include <optional>
#include <string_view>

namespace platen::text {

/// A unit that may stand after an underscore or space ("voltage_volt", "current_mA", "Pressure_Psi"): a
/// closed list, since the end of any name could be taken for a unit otherwise.
bool is_unit_word(std::string_view word);

/// A unit as instruments write it ("mA.h", "Sec", "volt", "?C", "kgf", "mO"). `wanted`: what it should
/// measure, to tell a degree Celsius from a coulomb and seconds from siemens; a mass is taken as a force
/// where one of force or pressure is.
std::optional<Unit> read_unit(std::string_view text, std::optional<Dimension> wanted = std::nullopt);

/// "h:min:s.ms", "hh:mm:ss": the column holds clock times whatever its numbers look like.
bool is_clock_unit(std::string_view unit);

} // namespace platen::text
