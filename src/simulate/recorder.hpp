#pragma once
// Writes rows of a run on the instrument's grid, and the balances once the run is over.

#include "record/record.hpp"
#include "simulate/cell_system.hpp"

#include <cstdint>
#include <functional>
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
  explicit Recorder(CellSystem& system) : system_(system) {}

  void row(double t, std::span<const double> y, const Mark& mark);
  void event(double t, std::string kind, std::string text) { events_.push_back({t, std::move(kind), std::move(text)}); }
  /// The force balance holds between settings of the pressure; a setting starts it anew.
  void pressure_set(double t, std::span<const double> y);

  /// A column of the model's own: what an instrument cannot see.
  struct StateColumn {
    std::string_view name;
    std::string_view unit;
    std::string_view description;
    bool of_side; ///< once per electrode, with the side in its name
    double (*value)(const CellSystem&, std::span<const double> y, const Electrical& e, std::size_t side);
  };

  /// Columns, states and balances as a record. The recorder is spent afterwards.
  Record finish(double area);

private:
  void each_state(const std::function<void(const StateColumn&, std::size_t side)>& visit) const;
  void add_states(Record& record);

  CellSystem& system_;
  std::vector<double> time_, step_time_, current_, voltage_, pressure_, temperature_, passed_;
  std::vector<std::int32_t> sentence_, step_, cycle_, type_;
  std::vector<std::vector<double>> states_; ///< one vector per column that each_state visits
  std::vector<double> force_balance_;
  std::vector<Event> events_;
  double reference_displacement_ = 0.0, reference_pressure_ = 0.0, reference_friction_ = 0.0;
  bool referenced_ = false;
};

} // namespace platen::simulation
