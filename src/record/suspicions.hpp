#pragma once
// What looks wrong in a record, whoever wrote it: nothing is mended, everything is said.

#include "record/record.hpp"

#include <vector>

namespace platen {

/// Warnings about a record as a whole, in the order of their codes, each at most once:
/// D340 test time runs backwards · D341 gaps in time · D342 many rows at one time · D343 a channel that seems
/// to be at its limit · D344 numbers in a unit that they hardly have · D345 most values of a channel are
/// missing · D346 a clock (unix time) that runs backwards, jumps by an hour or leaves test time · D347
/// currents against the type of their step · D348 spectra that no passive cell has · D349 counters of cycles
/// or steps that fall. Thresholds and their reasons: docs/formats/record.md, "Suspicious things". Never
/// throws for a record whose columns are of one length.
std::vector<Diagnostic> suspicions(const Record& record);

} // namespace platen
