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

/// Per row whether it has no frequency: in a table with impedance of a run between the sweeps, the rows of the run. Empty: the
/// table holds no impedance.
std::vector<char> rows_without_frequency(const TextTable& table);

/// The rows with a frequency, and behind each sweep one row without, which parts it from the next.
/// @param without as above.
TextTable points_of(const TextTable& table, const std::vector<char>& without);

/// What was modulated, from the words of a technique ("Potentio Electrochemical Impedance Spectroscopy", "GEIS").
Modulation modulation_of(std::string_view technique);

/// EC-Lab's `|Ewe|/V` or `|I|/A`, by the modulation of the rows.
void set_amplitude(const TextTable& table, ImpedanceRows& rows);

} // namespace platen::text
