#pragma once
// What one takes to the bench: forces, springs, weights, expected pressures and the cycler's steps of a study.

#include "study/study.hpp"
#include "work/work.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// One spring of several in parallel at a pressure.
struct SpringLoad {
  double force = 0.0;         ///< N
  double compression = 0.0;   ///< m
  double force_margin = 0.0;  ///< N, to the load limit
  double travel_margin = 0.0; ///< m, to the travel
};

/// Each spring's load (Hooke) when `springs` press with `pressure` (Pa) on `area` (m2).
SpringLoad spring_load(const Springs& springs, double pressure, double area);

/// A pressure that is set by hand.
struct PressureToSet {
  std::size_t sentence = 0; ///< from 1; 0: before the test
  std::string what;         ///< the sentence, or what is done before the test
  double pressure = 0.0;    ///< Pa
  double force = 0.0;       ///< N on the cell's area
  std::optional<SpringLoad> springs; ///< once they are fitted
};

/// What the simulation expects of one sentence of the test.
struct Stage {
  std::size_t sentence = 0; ///< from 1
  std::string text;
  double start = 0.0, end = 0.0;                     ///< test time, s
  double temperature = 0.0;                          ///< at its end, K
  double pressure = 0.0;                             ///< at its end, Pa
  double lowest_pressure = 0.0, highest_pressure = 0.0; ///< Pa
};

enum class CyclerMode { by_hand, rest, charge, discharge, voltage, impedance, loop, interrupt };
/// "by hand", "rest", "CC charge", "CC discharge", "CV", "impedance", "loop", "interrupt".
std::string_view label(CyclerMode mode);

/// One line of the cycler's program; its number is its place in the list, from 1.
struct CyclerStep {
  CyclerMode mode = CyclerMode::rest;
  std::size_t sentence = 0;              ///< from 1
  std::optional<double> current;         ///< A, signed; positive charges a full cell and plates `right`
  std::optional<double> voltage;         ///< V, held
  std::optional<double> until_voltage;   ///< V
  std::optional<double> until_current;   ///< A, magnitude
  std::optional<double> until_capacity;  ///< C
  std::optional<double> duration;        ///< s; of an interrupt: between two
  std::size_t back_to = 0;               ///< loop: first step of what is repeated
  int times = 0;                         ///< loop: how often it is done in all
  std::string note;                      ///< what is done by hand; how an impedance is taken
};

struct BenchSheet {
  std::string name, description;
  double area = 0.0;                        ///< m2
  std::optional<Springs> springs;           ///< of a fixture with springs
  std::optional<double> electrolyte_mass;   ///< kg to weigh in
  std::optional<double> cathode_mass;       ///< kg of composite to weigh in
  std::optional<double> capacity;           ///< C of the first charge
  std::vector<PressureToSet> pressures;
  std::vector<Stage> stages;                ///< empty where the test cannot be simulated; `warnings` say why
  std::vector<CyclerStep> cycler;
  std::vector<Diagnostic> warnings;         ///< of the study, of the simulation, and C070
};

/// A ramp "until short" has no last step, a cycler's program needs one: this multiple of the highest current density that
/// the simulated cell bore.
inline constexpr double ramp_reserve = 1.5;
/// The same where there is no simulation, A/m2 (5 mA/cm2: above published CCDs of such cells at room temperature).
inline constexpr double ramp_end_unknown = 50.0;
/// More steps of one ramp are not listed (C070).
inline constexpr int most_ramp_steps = 500;

/// The sheet of a study; runs the study once. @throws Cancelled. What the simulator refuses or fails at is a warning.
BenchSheet bench_sheet(const Study& study, const work::Task& task = {});

} // namespace platen
