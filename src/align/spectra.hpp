#pragma once
// Impedance measured by another instrument, brought to the clock of a cycler's record.

#include "record/record.hpp"

namespace platen::align {

/// Adds the spectra of `other` to `data`, in order of time, on the test time of `data`: by the dates of both
/// where both have them, else by `start`, taken as counted from the same zero. `offset` is added to either.
/// @throws Error D427 when a spectrum has neither a date that `data` could be held against nor a time.
/// @returns how many were placed by their dates.
std::size_t add_spectra(Record& data, const Record& other, double offset);

} // namespace platen::align
