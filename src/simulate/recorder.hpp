#pragma once
// Writes rows of a run on the instrument's grid, and the balances once the run is over.

#include "record/record.hpp"
#include "simulate/cell_system.hpp"
#include "simulate/sampling.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace platen::simulation {

/// Where a row stands in the protocol.
struct Mark {
  std::int32_t sentence = 0; ///< number of the study's sentence, from 1
  std::int32_t step = 0;     ///< runs up by one whenever the instrument switches
  std::int32_t cycle = 0;
  StepType type = StepType::rest;
  double started = 0.0;      ///< s
};

class Recorder {
public:
  /// With `parts` also where current, voltage and pressure go, and which law limits. Rows between samples are good to a
  /// relative `tolerance`.
  Recorder(CellSystem& system, bool parts, double tolerance);

  /// About so many rows follow before the next call.
  void expect(double rows);
  void row(double t, std::span<const double> y, const Mark& mark);
  /// Rows at `times` (s, rising) within the integrator's last step.
  void rows(std::span<const double> times, solver::Integrator& within, const Mark& mark);
  void event(double t, std::string kind, std::string text) { events_.push_back({t, std::move(kind), std::move(text)}); }
  /// Keeps a spectrum and marks it by an event.
  void spectrum(Spectrum spectrum);
  /// The force balance holds between settings of the pressure; a setting starts it anew.
  void pressure_set(double t, std::span<const double> y);

  /// A column of the model's own: what an instrument cannot see.
  struct StateColumn {
    std::string_view name;
    std::string_view unit;
    std::string_view description;
    bool of_side; ///< once per electrode, with the side in its name
    double (*value)(const CellSystem&, std::span<const double> y, const Electrical& e, std::size_t side);
    bool flickers = false; ///< hangs on the current, and so on the flicker of a partial contact
  };

  /// Columns, states and balances as a record. The recorder is spent afterwards.
  Record finish(double area);

private:
  static constexpr std::size_t rows_per_block = 64;

  /// A setting of the pressure, from which the parts of it count.
  struct Reference {
    Displacement displacement;
    double taken_up, pressure, friction;
  };

  /// How far a column between samples may be off: a share of its size, and an amount.
  struct Tolerance {
    double relative, absolute;
  };
  /// A network and what flickers in it, number by number.
  static constexpr std::size_t network_numbers = sizeof(CellSystem::Steady) / sizeof(double);
  using NetworkNumbers = std::array<double, network_numbers>;
  /// Columns, and after them the network, at the nodes and checks of sampling.hpp.
  using Samples = std::array<std::vector<double>, sample_nodes.size() + sample_checks.size()>;

  double pressure_row(double t, std::span<const double> y, double* parts) const;
  void prepare_samples(double tolerance);
  void row_values(double t, std::span<const double> y, const Electrical& e, double* out) const;
  bool sampled_rows(std::span<const double> times, solver::Integrator& within, const Mark& mark, bool flickering);
  bool samples_suffice(bool flickering) const;
  void interpolate(std::size_t column, std::span<const double> weights, std::span<double> out) const;
  void flickering_rows(std::span<const double> times, std::span<const double> weights);
  double* in_block(std::size_t column) { return block_.data() + column * rows_per_block + in_block_; }
  void mark_rows(std::size_t count, const Mark& mark);
  void add_pressure_parts(Record& record);
  void empty_block();
  void add_states(Record& record);

  CellSystem& system_;
  std::vector<std::pair<const StateColumn*, std::size_t>> columns_; ///< of the states, each with its side
  std::vector<std::vector<double>> values_;                         ///< every real column, those of the states last
  std::vector<double> block_;                                       ///< rows not yet in them, column after column
  std::vector<bool> flickers_;                                      ///< which columns do
  std::vector<Tolerance> tolerances_;
  std::vector<double> state_, one_row_, weights_, check_weights_;
  Samples samples_;
  std::size_t in_block_ = 0, expected_ = 0;
  std::size_t pressure_columns_ = 0;                                ///< parts of the pressure, in front of those of the states
  std::vector<std::int32_t> sentence_, step_, cycle_, type_;
  std::vector<Event> events_;
  std::vector<Spectrum> spectra_;
  std::optional<Reference> reference_; ///< when the pressure was last set
};

} // namespace platen::simulation
