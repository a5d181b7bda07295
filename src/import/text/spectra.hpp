#pragma once
// The impedance in a text table: which columns hold it, and with what sign.

#include "import/sweeps.hpp"
#include "import/text/table.hpp"

#include <optional>
#include <string_view>

namespace platen::text {

/// What a heading means in a table of impedance.
enum class ImpedanceRole { none, frequency, real, imaginary, negative_imaginary, modulus, phase, negative_phase };

/// Which impedance of a cell with a third electrode: of the working electrode (or of a cell of two), of the counter
/// electrode (EC-Lab's Zce), or between the two (Zwe-ce).
enum class Electrodes { working, counter, both };

/// "freq/Hz", "Frequency (Hz)", "Z' (ohm)", "Re(Z)/Ohm", "-Im(Z)/Ohm", "Z''", "Zimag", "|Z|", "Phase(Z)/deg", "-Phase" ...
ImpedanceRole impedance_role(const Heading& heading, Electrodes electrodes = Electrodes::working);

/// The impedance of a table: frequency and real and imaginary part, or modulus and phase, with time, cycle, dc voltage
/// and current where the table has them. Ohm, Hz and degrees are taken where no unit is given. The table is left as it
/// was. Empty: there are no such columns, or no row has a frequency.
std::optional<ImpedanceRows> find_impedance(const TextTable& table, Electrodes electrodes = Electrodes::working);

/// What was modulated, from the words of a technique ("Potentio Electrochemical Impedance Spectroscopy", "GEIS").
Modulation modulation_of(std::string_view technique);

/// EC-Lab's `|Ewe|/V` or `|I|/A`, by the modulation of the rows.
void set_amplitude(const TextTable& table, ImpedanceRows& rows);

} // namespace platen::text
