#pragma once
// Analyses of a record as a group of an HDF5 file. docs/formats/hdf5.md is the specification.

#include "record/analysis.hpp"
#include "record/hdf5_store.hpp"

namespace platen::hdf5 {

/// Writes nothing when there are none: the file is then the one that older programs wrote.
void write_analyses(const Node& root, const std::vector<Analysis>& analyses);
/// @throws Fault when lists do not fit together.
std::vector<Analysis> read_analyses(const Node& root);

} // namespace platen::hdf5
