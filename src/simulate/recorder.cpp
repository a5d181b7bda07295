#include "simulate/recorder.hpp"

#include "simulate/limits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace platen::simulation {
namespace {

using StateColumn = Recorder::StateColumn;

/// Once for each lithium electrode.
constexpr std::array<StateColumn, 9> lithium_columns{{
    {"contact", "1", "contact fraction theta closed by creep", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return c.closed_contact(y); }},
    {"void", "1", "share of the contact lost to voids that stripping opened", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return c.voids(y, s); }},
    {"flaw", "m", "depth of the flaw that decides", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return c.flaw(y); }},
    {"filament", "m", "length of the filament grown from this side", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return y[c.layout().electrode[s] + state::filament]; }},
    {"interphase", "m", "interphase thickness", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return c.interphase(y); }},
    {"lithium", "m", "thickness of the metallic lithium", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return c.foil(y, s); }},
    {"damage", "1", "share of the strength that sub-critical half cycles have used up", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t s) { return y[c.layout().electrode[s] + state::damage]; }},
    {"overpotential", "V", "charge-transfer overpotential, positive while this side plates", true,
     [](const CellSystem& c, std::span<const double> y, const Electrical& e, std::size_t s) {
       return c.local_overpotential(y, e, s);
     }, true},
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

constexpr std::array<StateColumn, 2> contact_parts{{
    {"local_current_density", "A/m2", "ionic current density where lithium touches, at the deciding flaw, positive plates right", true,
     [](const CellSystem& c, std::span<const double>, const Electrical& e, std::size_t s) {
       return e.ionic * c.focus() / (s == left ? e.contact_left : e.contact_right);
     }, true},
    {"voltage_film", "V", "part of the voltage: growth of the interphase and constriction", true,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t s) { return s == left ? e.film_left : e.film_right; }, true},
}};

// Parts of current and voltage, which a study may do without.
constexpr std::array<StateColumn, 4> cathode_parts{{
    {"voltage_open_circuit", "V", "open-circuit voltage of the cathode at the surface of its particles", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.open_circuit; }},
    {"voltage_cathode_ohmic", "V", "part of the voltage: ions crossing the composite cathode", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.cathode_ohmic; }, true},
    {"voltage_cathode_diffusion", "V", "part of the voltage: diffusion in the particles that is faster than surface_content resolves", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.film_left - e.cathode_ohmic; }, true},
    {"mean_content", "1", "lithium content x of the cathode's particles on average", false,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return c.mean_content(y); }},
}};
constexpr std::array<StateColumn, 7> cell_parts{{
    {"ionic_current_density", "A/m2", "current density through the electrolyte's ions", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.ionic; }, true},
    {"leak_current_density", "A/m2", "current density by electronic conduction through the electrolyte", false,
     [](const CellSystem& c, std::span<const double>, const Electrical& e, std::size_t) { return c.leak_conductance() * e.inner; }, true},
    {"voltage_grains", "V", "part of the voltage: grains of the electrolyte", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.grains; }, true},
    {"voltage_grain_boundaries", "V", "part of the voltage: grain boundaries of the electrolyte", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.boundaries; }, true},
    {"voltage_transfer_left", "V", "part of the voltage: charge transfer, left electrode", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.eta_left; }, true},
    {"voltage_transfer_right", "V", "part of the voltage: charge transfer, right electrode", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.eta_right; }, true},
    {"voltage_leads", "V", "part of the voltage: rods and cables", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.voltage - e.inner; }, true},
}};

constexpr std::array<StateColumn, 3> cell_columns{{
    {"leaked_charge", "C/m2", "charge passed by electronic conduction through the electrolyte", false,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return y[c.layout().leaked]; }},
    {"shorted_charge", "C/m2", "charge passed through filaments", false,
     [](const CellSystem& c, std::span<const double> y, const Electrical&, std::size_t) { return y[c.layout().shorted]; }},
    {"short_current_density", "A/m2", "current density through filaments", false,
     [](const CellSystem&, std::span<const double>, const Electrical& e, std::size_t) { return e.shorted; }, true},
}};

/// Rows inside one step for which samples are taken: fewer are as quickly written one by one.
constexpr std::size_t fewest_sampled = 12;

/// How far rows between samples may be off per tolerance: absolute, in the unit, beside a share of the column's size.
double allowed_of(std::string_view unit) {
  if (unit == "V") return 0.01;
  if (unit == "m") return 1e-6;
  if (unit == "Pa") return 200.0; // and no share: the parts of the pressure must add up row by row
  return unit == "C/m2" ? 10.0 : 1.0;
}

/// Rows for which there is room at first; memory that no row has touched costs nothing.
constexpr std::size_t first_capacity = 8192;

/// A share of the stack pressure, from one thing that moved the plates since the pressure was set.
struct PressurePart {
  std::string_view name, description;
  double Displacement::*moved;
  bool (*there)(const CellSystem&);
};
constexpr std::array<PressurePart, 6> pressure_parts{{
    {"pressure_lithium", "metal that the electrodes have gained", &Displacement::lithium, [](const CellSystem& c) { return c.has_electrodes(); }},
    {"pressure_cathode", "shrinking of the cathode", &Displacement::cathode, [](const CellSystem& c) { return c.full(); }},
    {"pressure_seating", "settling of the joints", &Displacement::seating, [](const CellSystem&) { return true; }},
    {"pressure_squeezed", "lithium squeezed out sideways", &Displacement::squeezed, [](const CellSystem& c) { return c.has_electrodes(); }},
    {"pressure_yielded", "a gap that gave way", &Displacement::yielded, [](const CellSystem& c) { return c.full(); }},
    {"pressure_thermal", "expansion of frame and stack", &Displacement::thermal, [](const CellSystem&) { return true; }},
}};

/// Columns that every record has, in front of the parts of the pressure and the columns of the states.
enum Common : std::size_t { time, step_time, current, voltage, pressure, temperature, passed, force_balance, common };
/// Places among the parts of the pressure; first_part is that of pressure_parts.
constexpr std::size_t set_pressure = 0, friction = 1, first_part = 2;

LimitScale limit_scale(const CellSystem& system) {
  LimitScale out;
  for (const std::size_t side : {left, right}) {
    out.lithium[side] = system.is_lithium(side);
    out.critical_as_pressed[side] = system.critical_as_pressed(side);
  }
  out.focus = system.focus();
  return out;
}

} // namespace

Recorder::Recorder(CellSystem& system, bool parts, double tolerance)
    : system_(system), state_(system.size()), pressure_columns_(parts ? first_part + pressure_parts.size() : 0) {
  const auto add = [&](const auto& table, bool each_side) {
    for (const StateColumn& column : table)
      for (const std::size_t side : {left, right})
        if (each_side ? system.is_lithium(side) : side == left) columns_.push_back({&column, side});
  };
  if (system.has_electrodes()) {
    add(lithium_columns, true);
    for (const std::size_t side : {left, right}) columns_.push_back({&inventory, side});
    if (system.full()) add(cathode_columns, false);
    add(cell_columns, false);
    if (parts) add(contact_parts, true);
    if (parts && system.full()) add(cathode_parts, false);
    if (parts) add(cell_parts, false);
  }
  values_.resize(common + pressure_columns_ + columns_.size());
  block_.resize(values_.size() * rows_per_block);
  one_row_.resize(values_.size());
  prepare_samples(tolerance);
}

void Recorder::prepare_samples(double tolerance) {
  const auto allow = [&](std::size_t column, std::string_view unit) {
    tolerances_[column] = {unit == "Pa" ? 0.0 : tolerance, tolerance * allowed_of(unit)};
  };
  tolerances_.assign(values_.size() + network_numbers, {tolerance, 0.0});
  flickers_.assign(values_.size() + network_numbers, false);
  allow(current, "A/m2");
  allow(voltage, "V");
  allow(temperature, "K");
  allow(passed, "C/m2");
  for (const std::size_t column : {pressure, force_balance}) allow(column, "Pa");
  for (std::size_t k = 0; k < pressure_columns_; ++k) allow(common + k, "Pa");
  flickers_[current] = flickers_[voltage] = true;
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    allow(common + pressure_columns_ + k, columns_[k].first->unit);
    flickers_[common + pressure_columns_ + k] = columns_[k].first->flickers;
  }
  for (std::vector<double>& sample : samples_) sample.resize(values_.size() + network_numbers);
  weights_.resize((sample_nodes.size() - 1) * rows_per_block);
  check_weights_.resize((sample_nodes.size() - 1) * sample_checks.size());
  sample_weights(sample_checks, check_weights_);
}

void Recorder::spectrum(Spectrum spectrum) {
  spectrum.label = fmt::format("impedance {}", spectra_.size() + 1);
  event(spectrum.start, "impedance",
        fmt::format("{}: {} points from {:.4g} Hz to {:.4g} Hz", spectrum.label, spectrum.size(), spectrum.frequency.front(), spectrum.frequency.back()));
  spectra_.push_back(std::move(spectrum));
}

void Recorder::pressure_set(double t, std::span<const double> y) {
  reference_ = Reference{system_.displacement(t, y), system_.taken_up(y).displacement, system_.stack_pressure(y), system_.friction(y)};
}

/// Where the stack pressure comes from, equations (L3) and (L4): the residual, and the parts where they are wanted.
double Recorder::pressure_row(double t, std::span<const double> y, double* parts) const {
  if (!reference_) {
    std::fill_n(parts, pressure_columns_, std::nan(""));
    return std::nan("");
  }
  const Taken taken = system_.taken_up(y);
  const Displacement now = system_.displacement(t, y);
  const double taken_up = taken.displacement - reference_->taken_up;
  const double residual = (now.total() - reference_->displacement.total() - taken_up) * taken.stiffness;
  if (pressure_columns_ == 0) return residual;
  const double rise = system_.stack_pressure(y) - reference_->pressure, slid = system_.friction(y) - reference_->friction;
  const double softness = system_.springs_fitted ? 1.0 / system_.spring_stiffness() : 0.0; // m/Pa
  const double frame = std::abs(rise) > 1.0 ? (taken_up - (rise - slid) * softness) / rise : 1.0 / taken.stiffness;
  const double chord = 1.0 / (frame + softness);
  parts[set_pressure] = reference_->pressure;
  parts[friction] = chord * softness * slid;
  for (std::size_t k = 0; k < pressure_parts.size(); ++k)
    parts[first_part + k] = chord * (now.*pressure_parts[k].moved - reference_->displacement.*pressure_parts[k].moved);
  return residual;
}

void Recorder::row_values(double t, std::span<const double> y, const Electrical& e, double* out) const {
  out[time] = t;
  out[current] = e.current;
  out[voltage] = e.voltage;
  out[pressure] = system_.stack_pressure(y);
  out[temperature] = system_.temperature(t);
  out[passed] = system_.has_electrodes() ? y[system_.layout().passed] : 0.0;
  out[force_balance] = pressure_row(t, y, out + common);
  out += common + pressure_columns_;
  for (const auto& [column, side] : columns_) *out++ = column->value(system_, y, e, side);
}

void Recorder::mark_rows(std::size_t count, const Mark& mark) {
  sentence_.insert(sentence_.end(), count, mark.sentence);
  step_.insert(step_.end(), count, mark.step);
  cycle_.insert(cycle_.end(), count, mark.cycle);
  type_.insert(type_.end(), count, static_cast<std::int32_t>(mark.type));
  in_block_ += count;
  if (in_block_ == rows_per_block) empty_block();
}

void Recorder::row(double t, std::span<const double> y, const Mark& mark) {
  row_values(t, y, system_.observed(t, y), one_row_.data());
  one_row_[step_time] = t - mark.started;
  for (std::size_t k = 0; k < one_row_.size(); ++k) *in_block(k) = one_row_[k];
  mark_rows(1, mark);
}

void Recorder::rows(std::span<const double> times, solver::Integrator& within, const Mark& mark) {
  if (times.empty()) return;
  within.interpolate(times.front(), state_);
  const bool flickering = system_.has_electrodes() && system_.shorting(state_);
  const bool few = times.size() < fewest_sampled || (flickering && (system_.dynamic() || system_.heating()));
  if (!few && sampled_rows(times, within, mark, flickering)) return;
  if (!few) {
    const std::size_t half = times.size() / 2;
    rows(times.first(half), within, mark);
    rows(times.subspan(half), within, mark);
    return;
  }
  for (const double t : times) {
    within.interpolate(t, state_);
    row(t, state_, mark);
  }
}

/// False, and nothing written, where the samples do not describe the columns well enough.
bool Recorder::sampled_rows(std::span<const double> times, solver::Integrator& within, const Mark& mark, bool flickering) {
  const double from = times.front(), span = times.back() - from;
  for (std::size_t j = 0; j < samples_.size(); ++j) {
    const double t = from + span * (j < sample_nodes.size() ? sample_nodes[j] : sample_checks[j - sample_nodes.size()]);
    within.interpolate(t, state_);
    row_values(t, state_, system_.electrical(t, state_), samples_[j].data());
    if (!flickering) continue;
    const auto numbers = std::bit_cast<NetworkNumbers>(system_.steady_network(t, state_));
    std::copy(numbers.begin(), numbers.end(), samples_[j].begin() + static_cast<std::ptrdiff_t>(values_.size()));
  }
  if (!samples_suffice(flickering)) return false;
  std::array<double, rows_per_block> places;
  while (!times.empty()) {
    const auto here = times.first(std::min(times.size(), rows_per_block - in_block_));
    for (std::size_t k = 0; k < here.size(); ++k) places[k] = (here[k] - from) / span;
    const std::span<double> weights(weights_.data(), (sample_nodes.size() - 1) * here.size());
    sample_weights({places.data(), here.size()}, weights);
    for (std::size_t column = pressure; column < values_.size(); ++column)
      if (!(flickering && flickers_[column])) interpolate(column, weights, {in_block(column), here.size()});
    if (flickering)
      flickering_rows(here, weights);
    else
      for (const std::size_t column : {current, voltage}) interpolate(column, weights, {in_block(column), here.size()});
    std::copy(here.begin(), here.end(), in_block(time));
    for (std::size_t k = 0; k < here.size(); ++k) in_block(step_time)[k] = here[k] - mark.started;
    mark_rows(here.size(), mark);
    times = times.subspan(here.size());
  }
  return true;
}

bool Recorder::samples_suffice(bool flickering) const {
  const std::size_t width = flickering ? samples_[0].size() : values_.size();
  std::array<double, sample_checks.size()> there;
  for (std::size_t column = current; column < width; ++column) {
    if (flickering && flickers_[column]) continue;
    interpolate(column, check_weights_, there);
    double size = 0.0;
    for (std::size_t j = 0; j < sample_nodes.size(); ++j) size = std::max(size, std::abs(samples_[j][column]));
    const double allowed = tolerances_[column].relative * size + tolerances_[column].absolute;
    for (std::size_t k = 0; k < there.size(); ++k)
      if (std::abs(there[k] - samples_[sample_nodes.size() + k][column]) > allowed) return false;
  }
  return true;
}

void Recorder::interpolate(std::size_t column, std::span<const double> weights, std::span<double> out) const {
  std::array<double, sample_nodes.size()> values;
  for (std::size_t j = 0; j < values.size(); ++j) values[j] = samples_[j][column];
  interpolate_samples(values, weights, out);
}

/// What hangs on the current where a partial contact makes it flicker: the network is interpolated, its answer is not.
void Recorder::flickering_rows(std::span<const double> times, std::span<const double> weights) {
  std::array<std::array<double, rows_per_block>, network_numbers> networks;
  for (std::size_t k = 0; k < network_numbers; ++k) interpolate(values_.size() + k, weights, {networks[k].data(), times.size()});
  std::optional<double> guess;
  for (std::size_t row = 0; row < times.size(); ++row) {
    NetworkNumbers numbers;
    for (std::size_t k = 0; k < network_numbers; ++k) numbers[k] = networks[k][row];
    const Electrical e = system_.observed(times[row], std::bit_cast<CellSystem::Steady>(numbers), guess);
    guess = e.ionic;
    in_block(current)[row] = e.current;
    in_block(voltage)[row] = e.voltage;
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (const auto& [column, side] = columns_[k]; column->flickers)
        in_block(common + pressure_columns_ + k)[row] = column->value(system_, {}, e, side);
  }
}

void Recorder::expect(double rows) {
  // Room for rows that are not written costs nothing: no memory is touched. Beyond that a test has no stated end.
  constexpr double most = 1e6;
  if (rows < most) expected_ = values_[time].size() + in_block_ + static_cast<std::size_t>(std::max(rows, 0.0)) + rows_per_block;
}

/// Rows become columns a block at a time, which stays in the processor's cache.
void Recorder::empty_block() {
  for (std::size_t k = 0; k < values_.size(); ++k) {
    std::vector<double>& column = values_[k];
    if (column.capacity() - column.size() < in_block_) column.reserve(std::max({first_capacity, 2 * column.capacity(), expected_}));
    const double* from = block_.data() + k * rows_per_block;
    column.insert(column.end(), from, from + in_block_);
  }
  in_block_ = 0;
}

void Recorder::add_states(Record& record) {
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const auto& [column, side] = columns_[k];
    const std::string_view name = side == left ? "left" : "right";
    record.set(Column{column->of_side ? fmt::format("{}_{}", column->name, name) : std::string(column->name), std::string(column->unit),
                      column->of_side ? fmt::format("{}, {} electrode", column->description, name) : std::string(column->description),
                      std::move(values_[common + pressure_columns_ + k])});
  }
}

void Recorder::add_pressure_parts(Record& record) {
  record.set(Column{"pressure_set", "Pa", "stack pressure as last set", std::move(values_[common + set_pressure])});
  for (std::size_t k = 0; k < pressure_parts.size(); ++k)
    if (pressure_parts[k].there(system_))
      record.set(Column{std::string(pressure_parts[k].name), "Pa",
                        fmt::format("part of the stack pressure since it was set: {}", pressure_parts[k].description),
                        std::move(values_[common + first_part + k])});
  if (system_.spring_stiffness() > 0.0)
    record.set(Column{"pressure_friction", "Pa", "part of the stack pressure since it was set: friction of the springs' guides",
                      std::move(values_[common + friction])});
}

Record Recorder::finish(double area) {
  empty_block();
  Record record;
  record.events = std::move(events_);
  record.spectra = std::move(spectra_);
  const std::size_t rows = values_[time].size();
  // The balance (L1) reads the recorded current, not the solver: charge by the trapezoidal rule over the rows as written.
  std::vector<double> recorded(rows, 0.0);
  for (std::size_t i = 1; i < rows; ++i)
    recorded[i] = recorded[i - 1] + 0.5 * (values_[current][i] + values_[current][i - 1]) * (values_[time][i] - values_[time][i - 1]);
  for (double& v : values_[current]) v *= area;
  for (double& v : values_[passed]) v *= area;
  record.set(col::test_time, std::move(values_[time]));
  record.set(col::step_time, std::move(values_[step_time]));
  record.set(col::current, std::move(values_[current]));
  record.set(col::voltage, std::move(values_[voltage]));
  record.set(col::stack_pressure, std::move(values_[pressure]));
  record.set(col::temperature, std::move(values_[temperature]));
  record.set(col::net_capacity, std::move(values_[passed]));
  record.set(col::step_index, std::move(sentence_));
  record.set(col::step_count, std::move(step_));
  record.set(col::cycle_count, std::move(cycle_));
  record.set(col::step_type, std::move(type_));
  record.set(Column{"force_balance", "Pa", "fixture's displacement against what the cell's states ask for, as a pressure",
                    std::move(values_[force_balance])});
  if (pressure_columns_ > 0) add_pressure_parts(record);
  if (columns_.empty()) return record;
  add_states(record);
  if (pressure_columns_ > 0 && system_.is_lithium(right))
    record.set(Column{"limit", "1", "law that limits: 0 none, 1 threshold, 2 supply, 3 intrusion, 4 reservoir", limits(limit_scale(system_), record)});
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
