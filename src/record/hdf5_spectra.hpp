#pragma once
// Spectra and rejects of a record as groups of an HDF5 file. docs/formats/hdf5.md is the specification.

#include "record/hdf5_store.hpp"
#include "record/record.hpp"

namespace platen::hdf5 {

void write_spectra(const Node& root, const std::vector<Spectrum>& spectra);
void write_rejects(const Node& root, const std::vector<Reject>& rejects);
/// @throws Fault when lists do not fit together.
std::vector<Spectrum> read_spectra(const Node& root);
std::vector<Reject> read_rejects(const Node& root);

/// A text up to its first NUL made storable: NUL becomes U+FFFD.
std::string storable(std::string_view text);
/// @throws Fault unless a == b.
void need_equal(std::size_t a, std::size_t b, std::string_view what);

template <class Items, class Get> std::vector<std::string> texts_of(const Items& items, Get get) {
  std::vector<std::string> out;
  for (const auto& item : items) out.push_back(storable(get(item)));
  return out;
}

template <class T, class Items, class Get> std::vector<T> numbers_of(const Items& items, Get get) {
  std::vector<T> out;
  for (const auto& item : items) out.push_back(static_cast<T>(get(item)));
  return out;
}

} // namespace platen::hdf5
