#pragma once
// Records in and out: Battery Data Format CSV and HDF5 with everything.

#include "record/record.hpp"

#include <filesystem>

namespace platen {

/// Battery Data Format CSV: header on line 1 ("Test Time / s,Voltage / V,Current / A,..."), "." as decimal mark, shortest
/// numbers that read back exactly. Aside and renamed. @throws Error D002.
void write_csv(const Record& record, const std::filesystem::path& path);
std::string to_csv(const Record& record);

/// Reads a BDF CSV written by anyone: labels of the registry ("Voltage / V") and machine names ("voltage_volt").
/// @throws Error D070.. with line and column.
Record read_bdf_csv(const std::filesystem::path& path);

/// HDF5 with everything (columns, units, cell, metadata, events, study, provenance, warnings); both ways without loss.
/// @throws Error D002 / D065..
void write_hdf5(const Record& record, const std::filesystem::path& path);
Record read_hdf5(const std::filesystem::path& path);

} // namespace platen
