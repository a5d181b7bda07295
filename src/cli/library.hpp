#pragma once
// What the verbs of the library share: which library, a cell read and judged for it, words on the command line.

#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "library/library.hpp"
#include "work/work.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

inline constexpr Option library_option{"--library", "FILE", "the library (default: library.sqlite in this folder)"};
inline constexpr Option json_option{"--json", "", "answer as JSON (docs/formats/library.md)"};

/// The library of `--library`. @throws what `library::Library` throws.
/// Says on stderr when another program's lock makes it wait.
library::Library open_library(const std::filesystem::path& path, library::Access access);
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

/// What people say of a cell on the command line or in the library.
struct Given {
  std::vector<library::Fact> facts;
  std::string overrule; ///< as `--overrule` of `platen assess` takes it; empty: nothing
};

/// Reads and judges one test as `platen assess` does, with what the cell file and people say of the cell.
/// `cell_file` may be empty. @throws what `read_input`, `add_overrule` and `assess` throw.
library::Entry judged_entry(const Paths& paths, library::Inputs inputs, const std::filesystem::path& cell_file, const Given& given,
                            const work::Task& task, Said& said);

/// What became of one cell that was judged again.
struct Again {
  library::Judgement now; ///< without its answer
  bool stored = false;
  std::vector<std::string> changes;
  Said said;
  std::vector<Diagnostic> faults; ///< why it was not judged again
};

/// @throws Error D507 with every file of the cell that is gone or changed.
void need_unchanged(const library::Remembered& cell, bool new_cell_files);

/// Judges a cell of the library again, with what people say of it there, and stores the judgement. @throws Error D507, and as above.
void judge_again(const library::Remembered& cell, bool new_cell_files, library::Library& library, std::mutex& mutex, const work::Task& task, Again& out);

/// "hard short, CCD 0.889 - 1.02 mA/cm2".
std::string phrase(const library::Judgement& judgement);

/// A word or a reason that must be there. @throws Error U006 when it is blank.
std::string words_given(const Arguments& arguments, std::string_view option);

} // namespace platen::cli
