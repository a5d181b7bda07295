#pragma once
// Everything that can be said of the spectra of a record without being told more, put into the record.

#include "impedance/contact.hpp"
#include "impedance/models.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <complex>
#include <cstddef>
#include <optional>
#include <vector>

namespace platen::impedance {

/// A spectrum as the analyses take it.
struct Points {
  std::vector<double> frequency; ///< Hz
  std::vector<std::complex<double>> impedance; ///< ohm
};
Points points_of(const Spectrum& spectrum);
/// Only those with these indices.
Points picked(const Points& all, const std::vector<std::size_t>& which);

/// What stands around the electrolyte, by the configuration of the record's cell.
CellKind kind_of(const Record& record);

/// Which spectra of so many are analysed (from 0): all of up to `most_spectra`, else evenly spread ones with the first and the last.
std::vector<std::size_t> analysed_spectra(std::size_t count);
inline constexpr std::size_t most_spectra = 100;

/// Stack pressure at a time of the test, Pa: the column's, else the contact hold's or the stack pressure of the cell.
std::optional<double> pressure_at(const Record& record, double time);

/// Test time at which current first flows, s; infinite when it never does. Spectra before it belong to the contact hold.
double first_current(const Record& record);

/// Puts into `record.analyses`, for every spectrum of `analysed_spectra`: tests of the data, a circuit, relaxation times; and for a symmetric
/// cell of known area and pressure the contact fraction from five or more spectra before current flows. The circuit is found on the
/// first consistent spectrum and then followed through the others. What is there already is kept. A spectrum that cannot be analysed gets a
/// verdict that says why. @throws Cancelled.
void analyse(Record& record, const work::Task& task = {});

} // namespace platen::impedance
