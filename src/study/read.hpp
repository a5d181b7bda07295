#pragma once
// A study file becomes a checked Study. Format: docs/formats/study.md.

#include "config/table.hpp"
#include "study/study.hpp"

#include <filesystem>
#include <string>

namespace platen {

/// Reads a study file with what it extends, its cards and its parameter set.
/// @throws Error with every fault of the files: C001 to C012 (TOML, keys, quantities), C030 to C034 (cards
/// and sets), C050
///   to C069 (the study as a whole), C100 to C113 (sentences), D001 (unreadable).
Study read_study(const std::filesystem::path& path);

/// The same from text. `name` is shown in errors and origins; `extends`, cards and sets named by path are
/// looked up relative to `folder`, what it extends first among the built-ins of `find`.
Study parse_study(std::string text, std::string name, const std::filesystem::path& folder, const config::FindBuiltIn& find = {});

/// The study as one TOML file that needs no other: every value in SI, every parameter with its basis and
/// source. Reading it gives the same numbers. Cards and sets of one's own are written as values under the
/// built-in names.
std::string resolved_toml(const Study& study);

} // namespace platen
