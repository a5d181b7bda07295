#pragma once
// Several files that are one test: techniques of EC-Lab, tests that were stopped and started again.

#include "import/import.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace platen {

/// The files of a folder that are data of a test, by name: files of EC-Lab's techniques (NAME_01_GCPL_C05.mpr, .mpt, .txt)
/// and every .mpr, .mpt, .nda, .ndax and .res. Of a technique in several formats, the binary one is taken.
/// `left_out` gets the others. @throws Error D001; D335 when there are none.
std::vector<std::filesystem::path> files_of_test(const std::filesystem::path& folder, std::vector<std::filesystem::path>* left_out = nullptr);

/// Whether a path is no file but a pattern of names, "cell/c_*.mpr": it has `*`, `?` or `[` and nothing is called like that.
bool is_pattern(const std::filesystem::path& path);

/// Reads the files of one test as one record: rows and spectra by time, test time counted from the start of the first,
/// every source remembered, a column `file` that says which of them a row is from (from 1). `paths` are files,
/// patterns of names, or one folder (see `files_of_test`). Where the files say when they began, gaps between them stay gaps; where they do not,
/// EC-Lab's techniques count from one start, and others are put end to end, with a warning (D334).
/// A single file is read as by `read_measurement`.
/// @throws Error D333 when they are not of one test or overlap, D335; what `read_measurement` throws; Cancelled.
Record read_test(const std::vector<std::filesystem::path>& paths, const ImportOptions& options = {}, const work::Task& task = {});

} // namespace platen
