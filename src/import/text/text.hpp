#pragma once
// Delimited text of any cycler becomes a Record. docs/formats/delimited-text.md is the specification.

#include "import/import.hpp"
#include "import/text/table.hpp"

#include <filesystem>
#include <string>

namespace platen::text {

/// Reads a text export. @param bytes of the file, any encoding. @param path its name for messages; a
/// `<name>_LOOP.txt` beside it is read as well.
/// @throws Error D006 to D009, D020 (docs/errors.md); Cancelled.
Record read_text(std::string bytes, const std::filesystem::path& path, const ImportOptions& options,
                 const work::Task& task);

/// The columns of a table as a record: SI, signs, registry columns first. @throws Error D007, D020.
Record build_record(TextTable& table, const ImportOptions& options);

/// "EC-Lab text", "delimited text (tab)": what `read_text` would take these bytes for; empty when no table is
/// in them.
std::string describe_text(std::string bytes);

} // namespace platen::text
