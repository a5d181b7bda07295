#pragma once
// Files that verbs share: measured inputs with the cell file beside them, and outputs that never replace an input.

#include "cli/arguments.hpp"
#include "import/import.hpp"
#include "record/record.hpp"
#include "study/read.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

using Paths = std::vector<std::filesystem::path>;

/// "platen 0.1.0 (commit)".
std::string program_name();

Paths to_paths(const std::vector<std::string>& words);

/// FILE.cell.toml or STEM.cell.toml beside a data file; empty when there is none.
std::optional<std::filesystem::path> cell_beside(const std::filesystem::path& data);

struct Input {
  Record record;
  std::vector<std::string> notes; ///< for stderr: the cell file that was found beside the data
};

/// The cell file of `--cell`, when given. @throws what `read_cell_file` throws.
std::optional<CellFile> cell_given(const Arguments& arguments);

/// What one record is made of: one FILE each, or with `join` all of them.
std::vector<Paths> group_inputs(const Paths& inputs, bool join);

/// The last part of a path, "raw" of "raw/" and of "../raw/.".
std::filesystem::path name_of(const std::filesystem::path& path);

/// Reads a measured file or a record, or the files of one test: several paths, or a folder. Without `cell`, FILE.cell.toml or STEM.cell.toml beside it is taken when there is one.
/// Of a folder also the only *.cell.toml in it.
/// @throws what `read_test` and `read_cell_file` throw.
Input read_input(const Paths& paths, const std::optional<CellFile>& cell, const work::Task& task);
/// The same for one path.
Input read_input(const std::filesystem::path& path, const std::optional<CellFile>& cell, const work::Task& task);

/// A study that a user named. @throws Error U011 when there is no such file (the nearest one is named); what
/// `read_study` throws.
Study read_study_named(const std::filesystem::path& path);

/// To stderr: the notes, and the warnings of the record.
void tell(const Input& input);

/// Creates the folder that `file` goes into. @throws Error D002.
void make_folder_of(const std::filesystem::path& file);

/// @throws Error U008 when an output is one of the inputs, or two outputs are the same file; D002 when one lies where nothing can be written.
void refuse_clashes(const Paths& inputs, const Paths& outputs);

/// ".csv", ".xlsx" or ".h5" of the formats "csv", "plain", "xlsx" and "hdf5".
std::string_view extension(std::string_view format);
/// A CSV holds rows; spectra then go to STEM.spectra.csv beside it, or to `path` itself when there are no rows. `comments`
/// go before the header of a BDF CSV. @returns what was written. @throws Error D002.
Paths write_record(const Record& record, std::string_view format, const std::filesystem::path& path,
                  const std::vector<std::string>& comments = {});

/// `name` as the stem of a file: what a shell or a file system might trip over becomes "-".
std::string file_stem(std::string_view name);

} // namespace platen::cli
