#pragma once
// BioLogic EC-Lab and BT-Lab binary files (.mpr). docs/formats/mpr.md is the specification.

#include "import/import.hpp"

#include <string>
#include <string_view>

namespace platen::biologic {

/// Whether the bytes are the beginning of such a file.
bool is_mpr(std::string_view bytes);

/// Reads a file in memory. @param file its name for messages. Impedance becomes spectra; a file of impedance alone has no
/// rows. @throws Error D320, D321, D324, D007 to D009; Cancelled.
Record read_mpr(std::string_view bytes, const std::string& file, const ImportOptions& options = {}, const work::Task& task = {});

/// "BioLogic mpr, GCPL, data version 3". Never throws.
std::string describe_mpr(std::string_view bytes);

} // namespace platen::biologic
