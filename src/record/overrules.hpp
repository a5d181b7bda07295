#pragma once
// What a person says against the program's verdicts, kept as text in a record's metadata; `assess` reads and judges it.

#include "record/record.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen {

/// Keeps `text` as metadata["overrule N"] with the next free N, on one line.
void keep_overrule(Record& record, std::string_view text);

/// Numbers and texts of the overrules that a record keeps, in order.
std::vector<std::pair<unsigned, std::string>> kept_overrules(const Record& record);

/// Keeps the program's own verdict beside overrule `number`, as metadata["program verdict N"].
void keep_program_verdict(Record& record, unsigned number, std::string_view text);

/// The number N in "overrule N" or "program verdict N"; 0 for any other key.
unsigned overrule_number(std::string_view key);

} // namespace platen
