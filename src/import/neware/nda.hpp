#pragma once
// Neware `.nda`, one binary file per test, versions 8, 22, 23, 26, 29 and 130 (BTS 9.0 and 9.1), plain or alone in a zip.
// docs/formats/nda.md is the specification this reader follows.

#include "record/record.hpp"
#include "work/work.hpp"

#include <string>
#include <string_view>

namespace platen {

/// Whether a file that begins with `head` (a few hundred bytes are enough) is an `.nda`, or a zip whose first entry is
/// one. Never throws.
bool looks_like_nda(std::string_view head) noexcept;

/// The format in words, "Neware nda 29", "Neware nda 130 (BTS 9.1), zipped".
/// @throws Error D030 to D032, D308 when it is zipped and cannot be unpacked.
std::string describe_nda(std::string_view bytes, const std::string& name);

/// Reads every row. Columns: the registry's test_time, unix_time, current, voltage, step_index, step_count, step_type,
/// cycle_count, step_time, step_capacity, step_energy; auxiliary channels as `aux_temperature_1` (K), `aux_voltage_1` (V);
/// values of unknown meaning as `unknown_1`. What the instrument noted between the rows is in `events`, the header in
/// `metadata`, refused records in `rejects`. `name` stands for the file in messages.
/// @throws Error D300 (a version that is not read), D301 (no records are found), D030 to D032 and D308 (zip); Cancelled.
Record read_nda(std::string_view bytes, const std::string& name, const work::Task& task = {});

} // namespace platen
