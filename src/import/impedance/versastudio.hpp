#pragma once
// VersaStudio `.par` (Princeton Applied Research): segments of impedance become spectra, those over time
// become rows. docs/formats/impedance-files.md.

#include "import/import.hpp"

#include <string>
#include <string_view>

namespace platen {

/// By its first lines: "<Application>", "Name=VersaStudio". Never throws.
bool is_versastudio(std::string_view bytes) noexcept;

/// @param name stands for the file in messages. @throws Error D351 (neither a spectrum nor a run with a
/// usable point), and those of delimited text for a run; Cancelled.
Record read_versastudio(std::string bytes, const std::string& name, const ImportOptions& options = {},
                        const work::Task& task = {});

} // namespace platen
