#include "targets/impedance.hpp"

#include "base/constants.hpp"
#include "base/error.hpp"
#include "impedance/fit.hpp"
#include "impedance/polarisation.hpp"
#include "instrument/instrument.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace platen::targets {
namespace {

constexpr std::uint64_t cell_seed = 1, empty_seed = 2; ///< of the instrument's noise

bool ideal(const Record& record) { return record.provenance.origin == "simulated"; }

Record as_measured(const Record& record, const Instrument& instrument, std::uint64_t seed) {
  return ideal(record) ? measure(record, instrument, seed) : record;
}

/// Number of the spectrum that begins at `time` s after the first, within a twentieth.
std::optional<std::size_t> spectrum_at(const Record& record, double time) {
  for (std::size_t k = 0; k < record.spectra.size(); ++k)
    if (std::abs(record.spectra[k].start - record.spectra.front().start - time) <= 0.05 * time) return k;
  return std::nullopt;
}

/// A symmetric cell with spectra over a day of its contact hold.
const Record* followed_by_impedance(Cells cells) {
  for (const JudgedCell& c : cells)
    if (held_at_room_temperature(c) && !c.record->spectra.empty() && spectrum_at(*c.record, 20 * minute) && spectrum_at(*c.record, 24 * hour))
      return c.record;
  return nullptr;
}

/// Resistance (ohm) of the interface's arc in each spectrum: wires, what is beyond the range, the electrolyte's own arc, the interface.
std::vector<double> interface_resistances(const Record& record) {
  const auto circuit = impedance::Circuit::parse("L0-R0-p(R1,CPE1)-p(R2,CPE2)");
  std::vector<std::vector<double>> frequencies;
  std::vector<std::vector<std::complex<double>>> impedances;
  for (const Spectrum& s : record.spectra) {
    frequencies.push_back(s.frequency);
    impedances.emplace_back();
    for (std::size_t k = 0; k < s.size(); ++k) impedances.back().emplace_back(s.real[k], s.imaginary[k]);
  }
  impedance::FitOptions options;
  options.starts = 8;
  std::vector<double> out;
  const std::size_t wanted = circuit.find("R2");
  for (const impedance::CircuitFit& fit : impedance::fit_series(circuit, frequencies, impedances, options))
    out.push_back(fit.parameters[wanted].value);
  return out;
}

} // namespace

std::optional<double> early_fall(Cells cells) {
  const Record* record = followed_by_impedance(cells);
  if (record == nullptr) return std::nullopt;
  const std::vector<double> R = interface_resistances(as_measured(*record, typical_instrument(), cell_seed));
  return (R.front() - R[*spectrum_at(*record, 20 * minute)]) / (R.front() - R[*spectrum_at(*record, 24 * hour)]);
}

std::optional<double> electronic_conductivity(Cells cells) {
  constexpr double applied = 0.1; // V
  for (const JudgedCell& c : cells) {
    const CellInfo& cell = c.record->cell;
    if (cell.configuration != Configuration::blocking || !cell.area || !cell.electrolyte_thickness || !c.record->has(col::current)) continue;
    const Record record = as_measured(*c.record, sensitive_instrument(), cell_seed);
    impedance::PolarisationOptions options;
    if (ideal(*c.record)) {
      Record empty = *c.record;
      empty.set(col::current, std::vector<double>(empty.rows(), 0.0));
      const auto readings = measure(empty, sensitive_instrument(), empty_seed);
      const auto current = readings.real(col::current);
      options.leakage = {numerics::mean(current), numerics::standard_deviation(current) / std::sqrt(static_cast<double>(current.size()))};
    }
    try {
      const impedance::Held held = impedance::held_voltage(record, applied);
      options.voltage = {held.voltage, 0.0};
      options.thickness = impedance::Uncertain{*cell.electrolyte_thickness, 0.0};
      options.area = impedance::Uncertain{*cell.area, 0.0};
      const auto result = impedance::polarisation(held.time, held.current, options);
      if (result.conductivity) return result.conductivity->value / 100.0;
    } catch (const Error&) { // no such stretch, or too few readings: this cell does not speak to the row
    }
  }
  return std::nullopt;
}

} // namespace platen::targets
