#pragma once
// Impedance of a simulated cell: the assembled equations linearised at one instant. Theory: docs/theory/impedance.md, (I1) to (I4).

#include "record/spectrum.hpp"
#include "simulate/cell_system.hpp"
#include "solver/response.hpp"

namespace platen::simulation {

/// Frequencies of a sweep, Hz, from high to low and evenly spaced in their logarithm; both ends are exact.
std::vector<double> sweep_frequencies(const step::MeasureImpedance& sweep);

/// A cell linearised at an instant, from the current density through its terminals (A/m2) to the voltage across them (V). Capacitances
/// are states: a quasi-static cell is taken over by its twin at the same state. Whatever is steered, the current is the input: the
/// impedance of a cell does not depend on what holds it there.
solver::Linearised linearise(CellSystem& system, double t, std::span<const double> y);

/// The spectrum of the whole cell (ohm) at an instant, with its mean voltage, mean current and temperature. Any amplitude small enough
/// gives this answer.
Spectrum spectrum(CellSystem& system, double t, std::span<const double> y, const step::MeasureImpedance& sweep);

} // namespace platen::simulation
