#include "simulate/recorder.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::simulation {
namespace {

using state::of;

using StateColumn = Recorder::StateColumn;

/// Once for each lithium electrode.
constexpr std::array<StateColumn, 9> lithium_columns{{
    {"contact", "1", "contact fraction theta closed by creep", true,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t s) { return y[of(s, state::contact)]; }},
    {"void", "1", "share of the contact lost to voids that stripping opened", true,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t s) { return y[of(s, state::voids)]; }},
    {"flaw", "m", "depth of the flaw that decides", true,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t s) { return y[of(s, state::flaw)]; }},
    {"filament", "m", "length of the filament grown from this side", true,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t s) { return y[of(s, state::filament)]; }},
    {"interphase", "m", "interphase thickness", true,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t s) { return CellSystem::interphase(y, s); }},
    {"lithium", "m", "thickness of the metallic lithium", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return c.foil(y, s); }},
    {"damage", "1", "share of the strength that sub-critical half cycles have used up", true,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t s) { return y[of(s, state::damage)]; }},
    {"overpotential", "V", "charge-transfer overpotential, positive while this side plates", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical& e, std::size_t s) {
       return c.local_overpotential(y, e, s);
     }},
    {"critical_overpotential", "V", "overpotential that opens the deciding flaw", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return c.critical(y, s); }},
}};

constexpr StateColumn inventory{
    "inventory", "C/m2", "charge stored on this side since assembly", true,
    [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return c.inventory(y, s); }};

constexpr std::array<StateColumn, 2> cathode_columns{{
    {"state_of_charge", "1", "cathode: 0 as made, 1 at full charge", false,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return c.state_of_charge(y); }},
    {"surface_content", "1", "lithium content x at the surface of the cathode's particles", false,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return c.surface_content(y); }},
}};

constexpr std::array<StateColumn, 3> cell_columns{{
    {"leaked_charge", "C/m2", "charge passed by electronic conduction through the electrolyte", false,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t) { return y[state::leaked]; }},
    {"shorted_charge", "C/m2", "charge passed through filaments", false,
     [](const CellSystem&, std::span<const double> y, const Electrical&, std::size_t) { return y[state::shorted]; }},
    {"short_current_density", "A/m2", "current density through filaments", false,
     [](const CellSystem& c, std::span<const double>, const Electrical& e, std::size_t) {
       return e.current - e.ionic - c.leak_conductance() * e.inner;
     }},
}};

} // namespace

void Recorder::pressure_set(double t, std::span<const double> y) {
  reference_displacement_ = system_.displacement(t, y);
  reference_pressure_ = y[state::pressure];
  reference_friction_ = y[state::friction];
  referenced_ = true;
}

void Recorder::row(double t, std::span<const double> y, const Mark& mark) {
  const Electrical e = system_.electrical(t, y);
  time_.push_back(t);
  step_time_.push_back(t - mark.started);
  current_.push_back(e.current);
  voltage_.push_back(e.voltage);
  pressure_.push_back(y[state::pressure]);
  temperature_.push_back(system_.temperature(t));
  passed_.push_back(y[state::passed]);
  sentence_.push_back(mark.sentence);
  step_.push_back(mark.step);
  cycle_.push_back(mark.cycle);
  type_.push_back(static_cast<std::int32_t>(mark.type));
  double residual = std::nan(""); // equation (L3)
  if (referenced_) {
    const double taken_up = system_.fixture_displacement(reference_pressure_, reference_friction_, y[state::pressure],
                                                         y[state::friction]);
    residual = (system_.displacement(t, y) - reference_displacement_ - taken_up) * system_.frame_stiffness_at(y[state::pressure]);
  }
  force_balance_.push_back(residual);
  if (!system_.has_electrodes()) return;
  std::size_t k = 0;
  each_state([&](const StateColumn& column, std::size_t side) {
    if (states_.size() <= k) states_.emplace_back();
    states_[k++].push_back(column.value(system_, y, e, side));
  });
}

void Recorder::each_state(const std::function<void(const StateColumn&, std::size_t side)>& visit) const {
  for (const StateColumn& column : lithium_columns)
    for (std::size_t side : {left, right})
      if (system_.is_lithium(side)) visit(column, side);
  for (std::size_t side : {left, right}) visit(inventory, side);
  if (system_.full())
    for (const StateColumn& column : cathode_columns) visit(column, left);
  for (const StateColumn& column : cell_columns) visit(column, left);
}

void Recorder::add_states(Record& record) {
  std::size_t k = 0;
  each_state([&](const StateColumn& column, std::size_t side) {
    const std::string_view name = side == left ? "left" : "right";
    record.set(Column{column.of_side ? fmt::format("{}_{}", column.name, name) : std::string(column.name), std::string(column.unit),
                      column.of_side ? fmt::format("{}, {} electrode", column.description, name) : std::string(column.description),
                      std::move(states_[k++])});
  });
}

Record Recorder::finish(double area) {
  Record record;
  record.events = std::move(events_);
  const std::size_t rows = time_.size();
  // The balance (L1) reads the recorded current, not the solver: charge by the trapezoidal rule over the rows as written.
  std::vector<double> recorded(rows, 0.0);
  for (std::size_t i = 1; i < rows; ++i)
    recorded[i] = recorded[i - 1] + 0.5 * (current_[i] + current_[i - 1]) * (time_[i] - time_[i - 1]);
  for (double& v : current_) v *= area;
  for (double& v : passed_) v *= area;
  record.set(col::test_time, std::move(time_));
  record.set(col::step_time, std::move(step_time_));
  record.set(col::current, std::move(current_));
  record.set(col::voltage, std::move(voltage_));
  record.set(col::stack_pressure, std::move(pressure_));
  record.set(col::temperature, std::move(temperature_));
  record.set(col::net_capacity, std::move(passed_));
  record.set(col::step_index, std::move(sentence_));
  record.set(col::step_count, std::move(step_));
  record.set(col::cycle_count, std::move(cycle_));
  record.set(col::step_type, std::move(type_));
  record.set(Column{"force_balance", "Pa", "fixture's displacement against what the cell's states ask for, as a pressure",
                    std::move(force_balance_)});
  if (states_.empty()) return record;
  add_states(record);
  const auto leaked = record.real("leaked_charge"), through = record.real("shorted_charge");
  for (std::string_view side : {"left", "right"}) {
    const double sign = side == "right" ? 1.0 : -1.0;
    const auto stored = record.real(fmt::format("inventory_{}", side));
    std::vector<double> residual(rows);
    for (std::size_t i = 0; i < rows; ++i) residual[i] = sign * (recorded[i] - leaked[i] - through[i]) - stored[i];
    record.set(Column{fmt::format("charge_balance_{}", side), "C/m2",
                      fmt::format("charge from the recorded current minus leakage, shorts and the {} inventory", side),
                      std::move(residual)});
  }
  return record;
}

} // namespace platen::simulation
