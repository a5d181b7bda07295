#pragma once
// Measured files become a Record. The format is recognised by content, never by the extension.

#include "import/cell_file.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace platen {

struct ImportOptions {
  std::optional<CellFile> cell; ///< what the user knows about the cell, column mapping, constant current, pressure log
};

/// Reads any file of the table in formats.cpp: files of cyclers and impedance programs, delimited text of any dialect, workbooks,
/// Battery Data Format CSV, Platen's own HDF5.
/// Joins the load-cell log named in the cell file. What had to be assumed or left out is in `Record::warnings`.
/// @throws Error D0xx with file, place, what was found, what was expected, what to do; Cancelled.
Record read_measurement(const std::filesystem::path& path, const ImportOptions& options = {}, const work::Task& task = {});

/// What `read_measurement` would take the file for, in words: "Neware ndax, ndc 17", "delimited text" ...
std::string recognise(const std::filesystem::path& path);

} // namespace platen
