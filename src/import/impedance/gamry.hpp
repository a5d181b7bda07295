#pragma once
// Gamry `.DTA`: tables of impedance become spectra, tables of time, voltage and current become rows.
// docs/formats/impedance-files.md.

#include "import/import.hpp"

#include <string>
#include <string_view>

namespace platen {

/// By its first line, "EXPLAIN". Never throws.
bool is_gamry(std::string_view bytes) noexcept;

/// "Gamry DTA, EISPOT".
std::string describe_gamry(std::string_view bytes);

/// @param name stands for the file in messages. @throws Error D351 (neither a spectrum nor a run with a
/// usable point), and those of delimited text for a run; Cancelled.
Record read_gamry(std::string bytes, const std::string& name, const ImportOptions& options = {},
                  const work::Task& task = {});

} // namespace platen
