#pragma once
// Records in and out: Battery Data Format CSV and HDF5 with everything.

#include "record/record.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// Battery Data Format CSV: header on line 1 ("Test Time / s,Voltage / V,Current / A,..."), "." as decimal mark, shortest
/// numbers that read back exactly. Aside and renamed. `comments` become lines "# ..." before the header; a line
/// "origin: simulated" (or another origin of Provenance) is taken up by the reader. @throws Error D002.
void write_csv(const Record& record, const std::filesystem::path& path, const std::vector<std::string>& comments = {});
std::string to_csv(const Record& record, const std::vector<std::string>& comments = {});

/// Plain CSV for spreadsheets and scripts: one line of headings "voltage_V,current_mA,...", time in s, other columns in the
/// unit people read (docs/formats/record.md), no comments.
std::string to_plain_csv(const Record& record);
/// Spectra as a table, one row per point: spectrum (from 1), label, cycle, time_s, frequency_Hz, real_ohm, imaginary_ohm.
std::string to_spectra_csv(const std::vector<Spectrum>& spectra);
/// Analyses as a table, one row per number: analysis, kind, spectrum, method, name, value, standard_error, low, high, unit, note. The
/// first row of each has the verdict as its note.
std::string to_analyses_csv(const std::vector<Analysis>& analyses);
/// Their curves, one row per point: analysis, kind, spectrum, method, curve, unit, point, value.
std::string to_curves_csv(const std::vector<Analysis>& analyses);
/// file, line, column, reason, text of everything a reader refused.
std::string to_rejects_csv(const std::vector<Reject>& rejects);

/// Reads a BDF CSV written by anyone: labels of the registry ("Voltage / V") and machine names ("voltage_volt").
/// Units are converted, columns the registry does not have are kept, comments are in metadata["comment"].
/// @throws Error D001; D070.. with line and column of every fault (the first 20).
Record read_bdf_csv(const std::filesystem::path& path);
/// The same for bytes in memory; `name` is shown in messages.
Record parse_bdf_csv(std::string_view bytes, const std::string& name);
/// Whether the first line that is no comment is a header of a BDF CSV: commas, and a time, voltage, current or applied
/// pressure with its unit.
bool is_bdf_csv(std::string_view bytes);

/// An Excel workbook for people: sheets `record` (headings as in Battery Data Format CSV), `spectra`, `cell`, `events`, `warnings`,
/// `rejects`, `provenance`; docs/formats/xlsx.md. A table longer than a sheet goes on in `record 2` and so on. Numbers have 16 digits.
/// Equal records make equal files. Memory does not grow with the rows. @throws Error D002.
void write_xlsx(const Record& record, const std::filesystem::path& path);

/// HDF5 with everything (columns, units, cell, metadata, events, study, provenance, warnings); both ways without loss
/// (a NUL byte in a text becomes U+FFFD). Equal records make equal files. The first 512 bytes hold the version of the
/// format and a checksum of the rest, which is verified before the HDF5 library sees the file.
/// @throws Error D001, D002; D065 when the file is something else, D067 when it is newer, D068 when it is damaged.
void write_hdf5(const Record& record, const std::filesystem::path& path);
Record read_hdf5(const std::filesystem::path& path);
/// Whether the bytes are the beginning of a file that write_hdf5 wrote.
bool is_hdf5_record(std::string_view bytes);

} // namespace platen
