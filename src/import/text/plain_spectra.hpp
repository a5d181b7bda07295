#pragma once
// Tables of impedance of no known program: what their columns are when the headings do not say it or say it
// wrongly, what the title says, and which rows are no points.

#include "base/error.hpp"
#include "import/sweeps.hpp"
#include "import/text/table.hpp"
#include "record/record.hpp"

#include <optional>

namespace platen::text {

/// The impedance of a table without headings: the first column of frequencies and the two columns behind it,
/// read in the one way in which the phase follows from the modulus (D354 says which). Empty: no column holds
/// frequencies, the table has headings, or the user has named its columns.
/// @throws Error D355 when there are frequencies and the numbers beside them do not tell what they are.
std::optional<ImpedanceRows> guess_impedance(const TextTable& table, Diagnostics& notes);

/// Holds sign and unit that the headings state against the data. Where the phase can only follow from the
/// modulus with the other sign, or in radians where no unit is given, the data are believed and D356 says so.
void settle_headings(const TextTable& table, ImpedanceRows& rows, Diagnostics& notes);

/// A line of words above the headings is the label; a temperature in it ("s04147-140deg") is the spectrum's
/// (D359); "AC Volt [Vrms]=0.035" is the amplitude.
void take_title(const TextTable& table, ImpedanceRows& rows, Diagnostics& notes);

/// Whether a table holds a run over time: a clock, and something measured beside it.
bool holds_run(const TextTable& table);

/// Rows with a frequency and no impedance, and rows without a frequency where the table holds no run over
/// time, go to the record's rejects (D350) and out of `rows`, so that they part no sweep. @returns per row of
/// the table whether it is one of a run.
std::vector<char> part_rows(const TextTable& table, ImpedanceRows& rows, Record& record, Diagnostics& notes);

} // namespace platen::text
