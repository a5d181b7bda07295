#pragma once
// A table of columns, of a text or of a binary file, becomes a Record.

#include "import/import.hpp"
#include "import/text/table.hpp"

#include <map>
#include <optional>
#include <string>

namespace platen::text {

/// What a file says beside its table.
struct Preamble {
  std::map<std::string, std::string> metadata;
  std::optional<double> start; ///< of the acquisition, s since 1970-01-01, of a clock without a zone
  std::string format;          ///< for the provenance, "EC-Lab text"
};

/// Takes the columns of `table`: SI, signs, registry columns first, impedance as spectra, everything else that is a number
/// after. Warnings say what was assumed or left out. A record of impedance alone has no rows.
/// @throws Error D007, D020.
Record assemble(TextTable& table, Preamble preamble, const ImportOptions& options);

} // namespace platen::text
