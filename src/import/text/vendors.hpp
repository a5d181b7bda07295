#pragma once
// What single makers of cyclers write beside or instead of plain columns. docs/formats/delimited-text.md,
// "Makers".

#include "base/error.hpp"
#include "import/text/table.hpp"
#include "record/record.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace platen::text {

/// Novonix writes the type of a step as a number; it becomes the table's `step_type`. Numbers that are not
/// known give `Unknown` and D047.
void translate_step_codes(TextTable& table, Diagnostics& notes);

/// Maccor's first line, "Today's Date 10/10/2019  Date of Test:<tab>10/10/2019<tab> Filename:<tab>C:\...
/// Procedure: ...". Empty when the preamble does not begin so.
std::map<std::string, std::string> maccor_header(std::string_view preamble);

/// Arbin writes `<name>_Metadata.csv` beside `<name>.csv`, one line of names and one of values: they go to
/// the metadata.
void add_arbin_metadata(Record& record, const TextTable& table, const std::filesystem::path& data);

/// Whether bytes are such a file of Arbin's, which holds no data.
bool is_arbin_metadata(std::string_view bytes) noexcept;

} // namespace platen::text
