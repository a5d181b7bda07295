#pragma once
// Cells brought to a state by the solver itself, for tests of what their spectra should be.

#include "simulate/impedance.hpp"
#include "study/read.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace platen {

inline Study impedance_study(const std::string& base, const std::string& text) {
  return parse_study("extends = \"" + base + "\"\nname = \"impedance\"\n" + text, "impedance.toml",
                     std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
}

/// A cell in its fixture and where it stands.
struct CellAt {
  simulation::CellSystem cell;
  std::vector<double> y;
  double t = 0.0;
  double tolerance;

  explicit CellAt(const Study& study)
      : cell(study, simulation::draw_scatter(study.parameters, study.seed)), y(cell.initial_state()), tolerance(study.output.relative_tolerance) {}

  solver::Options options() const {
    solver::Options o;
    o.relative_tolerance = tolerance;
    o.method = cell.dynamic() ? solver::Method::implicit_bdf : solver::Method::explicit_runge_kutta;
    return o;
  }
  void press(double P) {
    y[cell.layout().pressure] = P;
    cell.pressure_set(y);
  }
  /// Keeps what the instrument imposes for `duration` s.
  void keep(double duration, simulation::Control control = {}) {
    cell.control = control;
    solver::Integrator integrator(cell, options());
    integrator.restart(t, y);
    for (const double end = t + duration; integrator.time() < end;) integrator.step(end);
    y.assign(integrator.state().begin(), integrator.state().end());
    t += duration;
    cell.settle(t, y);
  }
};

} // namespace platen
