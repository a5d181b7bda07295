#pragma once
// Rows of the single tables, written and read the same way by everything that touches them.

#include "library/library.hpp"

namespace platen::library {

/// UTC now as the library writes it, "2024-05-06T07:08:09Z".
std::string now(Connection& connection);

/// `wanted` in at most 190 bytes, with " (2)", " (3)" ... where another cell has it.
std::string free_name(Connection& connection, const std::string& wanted);

/// A path below the folder of the library relative to it, else empty: such files are found again when both move together.
std::string from_library(const std::filesystem::path& library, const std::filesystem::path& path);

void put_inputs(Connection& connection, std::int64_t cell, const std::vector<std::filesystem::path>& paths);
void put_file(Connection& connection, std::int64_t cell, const File& file);
void put_fact(Connection& connection, std::int64_t cell, const Fact& fact, bool is_current);
void put_rules(Connection& connection, const Rules& rules);
void put_judgement(Connection& connection, std::int64_t cell, const Judgement& judgement);

/// Takes the place of what the study said before.
void put_study_values(Connection& connection, std::int64_t cell, const std::vector<StudyValue>& values);

/// Runs `sql` with one id.
void run_for(Connection& connection, std::string_view sql, std::int64_t id);

/// What is stated now, by key.
std::vector<Fact> current_facts(Connection& connection, std::int64_t cell);

} // namespace platen::library
