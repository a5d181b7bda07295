#pragma once
// What stands above the table of a text export, and EC-Lab's loop file beside it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::text {

/// "Device : BCS-815", "Channel: 01", "Name:<tab>KIT-2" as key and value. Settings tables and empty values
/// are left out.
std::map<std::string, std::string> read_metadata(std::string_view preamble);

/// The text behind "Acquisition started on", or "Technique started on" where only that is said.
std::optional<std::string> acquisition_start(const std::map<std::string, std::string>& metadata);

/// The technique of an EC-Lab export, "Potentio Electrochemical Impedance Spectroscopy": the first line below the count
/// of header lines; empty when the preamble is none of EC-Lab's.
std::string eclab_technique(std::string_view preamble);

/// EC-Lab writes the first row of each loop (from 0) into `<name>_LOOP.txt` beside an export.
std::filesystem::path loop_file_of(const std::filesystem::path& data);

/// @returns the first rows in ascending order from 0; empty when the text is no loop file or out of order.
std::vector<std::int64_t> parse_loops(std::string_view text);

} // namespace platen::text
