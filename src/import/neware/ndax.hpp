#pragma once
// Neware `.ndax`: a zip of XML (what the test was) and `.ndc` pages (what was measured). docs/formats/ndax.md is the
// specification this reader follows.

#include "record/record.hpp"
#include "work/work.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace platen {

/// Whether a file that begins with `head` (a few hundred bytes are enough) may be an `.ndax`: a zip whose first entry is
/// one that Neware writes. A zip of anything else (`.xlsx`) is not. Never throws.
bool looks_like_ndax(std::span<const std::byte> head) noexcept;

/// The format in words, "Neware ndax, ndc 17"; the generation is left out when it cannot be read.
/// @throws Error D030 when the bytes are no zip at all.
std::string describe_ndax(std::string_view bytes, const std::string& name);

/// Reads every row of a Neware `.ndax`. Columns: the registry's test_time, unix_time, current, voltage, step_index,
/// step_count, step_type, cycle_count, step_time, step_capacity, step_energy; `interpolated` where the instrument left
/// samples to be filled in; auxiliary channels as `aux_temperature_1` (K), `aux_voltage_1` (V), `aux_pressure_1` (Pa)
/// and so on. What the XML says is in `metadata`, damage that cost no rows in `warnings`.
/// @throws Error D030 to D042 (docs/errors.md); Error D001; Cancelled.
Record read_ndax(const std::filesystem::path& path, const work::Task& task = {});

/// The same from memory; `name` stands for the file in messages and provenance.
/// @throws as above, except D001.
Record read_ndax(std::string_view bytes, const std::string& name, const work::Task& task = {});

} // namespace platen
