#pragma once
// The program: picks the verb, runs it, turns what was thrown into text (or JSON) and an exit code.

#include "base/error.hpp"
#include "cli/arguments.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

/// Exit codes, as in docs/errors.md.
enum Exit : int { done = 0, asked_is_false = 1, bad_study = 2, bad_data = 3, solver_failed = 4, bug = 70, interrupted = 130 };

/// The exit code of an error: its first diagnostic decides.
int exit_code(const std::vector<Diagnostic>& diagnostics);

/// Every verb, in the order of the help.
std::span<const Verb* const> verbs();

/// Runs `platen` with the arguments after the program's name. Throws nothing.
int run(const std::vector<std::string>& arguments);

} // namespace platen::cli
