#pragma once
// What the verbs of the library share: which library, a cell read and judged for it, words on the command line.

#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "library/library.hpp"
#include "work/work.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

inline constexpr Option library_option{"--library", "FILE", "the library (default: library.sqlite in this folder)"};
inline constexpr Option json_option{"--json", "", "answer as JSON (docs/formats/library.md)"};

/// The library of `--library`. @throws what `library::Library` throws.
library::Library open_library(const Arguments& arguments, library::Access access);

/// "key=value; key=value ..." of `--preparation`. @throws Error U026 with every fault.
std::vector<library::Fact> preparation_given(const Arguments& arguments);

/// The files of one test and what tells them again. @throws Error D001, D335.
library::Inputs inputs_of(const Paths& paths);

/// What is told about a cell that was read for the library.
struct Said {
  std::vector<std::string> notes;
  std::vector<Diagnostic> warnings;
};

/// Reads and judges one test as `platen assess` does, with what the cell file and the command line say of the cell.
/// `cell_file` may be empty. @throws what `read_input` and `assess` throw.
library::Entry judged_entry(const Paths& paths, library::Inputs inputs, const std::filesystem::path& cell_file,
                            const std::vector<library::Fact>& given, const work::Task& task, Said& said);

/// "hard short, CCD 0.889 - 1.02 mA/cm2".
std::string phrase(const library::Judgement& judgement);

/// A word or a reason that must be there. @throws Error U006 when it is blank.
std::string words_given(const Arguments& arguments, std::string_view option);

} // namespace platen::cli
