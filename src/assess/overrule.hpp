#pragma once
// A person may know better. What they say is kept in the record beside the program's verdict, with their reason.

#include "assess/assessment.hpp"

namespace platen {

/// What a person says of one half cycle or of the cell.
struct Overrule {
  std::optional<std::size_t> half_cycle; ///< from 0; empty: the cell
  Verdict verdict = Verdict::cannot_tell;
  std::string reason;
};

/// "half cycle 12: healthy, the cable was touched" or "cell: soft short, seen under the microscope"; half cycles count from 1.
/// @throws Error D106 when it cannot be read, names no verdict or gives no reason.
Overrule parse_overrule(std::string_view text);

/// Keeps it in `record.metadata` ("overrule 1", "overrule 2" ...), where `assess`, HDF5, XLSX and CSV find it.
/// @throws Error D106 as above.
void add_overrule(Record& record, const std::string& text);

/// Those that the record keeps, in order. @throws Error D106 with every one that cannot be read.
std::vector<Overrule> overrules_of(const Record& record);

/// Writes beside each overrule what `program` ("platen 0.1.0") had said: "program verdict 1", ...
void keep_program_verdicts(Record& record, const Assessment& assessment, std::string_view program);

} // namespace platen
