#include "simulate/cell_system.hpp"

#include "physics/contact.hpp"
#include "physics/flaw.hpp"
#include "physics/kinetics.hpp"
#include "physics/voids.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::simulation {
namespace {

using namespace physics;
using state::of;

/// Thickness (m) of the film a fresh foil brings: keeps the parabolic law's square away from zero (assumed).
constexpr double native_film = 1e-9;
/// Creep exponent of bulk lithium in the squeeze law (LePage 2019 and others, read).
constexpr double bulk_creep_exponent = 6.6;
/// Void share at which an interface counts as lost.
constexpr double contact_lost_at = 0.95;
/// Stack pressure (Pa) below which the fixture counts as unseated.
constexpr double seat_lost_at = 1e4;
/// Relative tolerance at which the absolute ones are quoted; both tighten together, or the error would have a floor.
constexpr double usual_tolerance = 1e-6;

/// Resistance (ohm m2) beside a capacitor that counts as none: it holds the capacitor empty, 10 nV at 1 mA/cm2.
constexpr double least_resistance = 1e-9;

double plating(std::size_t side, double ionic) { return side == right ? ionic : -ionic; }

/// Absolute tolerance of a state at the usual relative tolerance.
double usual_absolute_tolerance(std::size_t index) {
  if (index == state::pressure || index == state::friction || index == state::peak) return 10.0;      // Pa, a load cell resolves 1 kPa
  if (index < state::leaked) return 1e-11;                                     // m
  if (index == state::leaked || index == state::shorted || index == state::passed) return 1e-4;          // C/m2, 3e-6 mAh/cm2
  if (index == state::bridged) return 1e-5;
  if (index >= state::capacitive) return 1e-8;                                 // V
  if (index == state::yielded) return 1e-10;                                   // m
  if (index == state::extracted || index == state::lost) return 1e-2;          // C/m2, 3e-4 mAh/cm2
  if (index >= state::modes) return 1e-6;
  switch ((index - state::electrode) % state::parts) {
  case state::contact:
  case state::voids:
  case state::damage: return 1e-6;
  case state::flaw: return 1e-10;              // m
  case state::filament: return 1e-9;           // m, of some hundred micrometres
  case state::interphase_square: return 1e-21; // m2
  case state::lithium: return 1e-3;            // C/m2
  default: return 1e-12;                       // m
  }
}

} // namespace

Scatter draw_scatter(const Parameters& p, std::uint64_t seed) {
  Scatter s;
  if (seed == 0) return s;
  if (p.scatter_flaw_modulus > 0) {
    // Scaled so that the median cell of the population is the cell of seed 0.
    const double scale = 1.0 / std::pow(std::log(2.0), 1.0 / p.scatter_flaw_modulus);
    for (std::size_t side : {left, right})
      s.flaw_strength[side] = numerics::RandomStream(seed, "flaw strength", side).weibull(scale, p.scatter_flaw_modulus);
  }
  s.stiffness = numerics::RandomStream(seed, "fixture stiffness").log_normal(1.0, p.scatter_stiffness);
  s.supply = numerics::RandomStream(seed, "lithium supply").log_normal(1.0, p.scatter_supply);
  return s;
}

CellSystem::CellSystem(const Study& study, const Scatter& scatter)
    : p_(study.parameters), on_(study.mechanisms), scatter_(scatter),
      seating_(study.parameters.seating_compliance, study.parameters.seating_time_fast, study.parameters.seating_time_slow),
      cathode_(study.cell.cathode), electrodes_(study.cell.configuration != Configuration::empty_fixture), dynamic_(study.output.dynamic_capacitances && electrodes_),
      area_(study.cell.area), L_(study.cell.electrolyte_thickness), foil_{study.cell.lithium_left, study.cell.lithium_right},
      tolerance_scale_(study.output.relative_tolerance / usual_tolerance), flicker_stream_(study.seed, "soft short flicker") {
  p_.elastic_stiffness *= scatter.stiffness;
  p_.joint_stiffness *= scatter.stiffness;
  if (study.fixture.springs) spring_stiffness_ = study.fixture.springs->count * study.fixture.springs->rate / area_;
  if (cathode_) reversible_ = cathode_->areal_capacity * p_.cathode_first_efficiency;
  set_temperature(0.0, study.temperature, 0.0);
  T_start_ = study.temperature;
  update_temperature(study.temperature);
}

std::size_t CellSystem::size() const { return dynamic_ ? state::capacitive + state::capacitors : state::slow_count; }

std::string CellSystem::state_name(std::size_t index) const {
  static constexpr std::array<std::string_view, state::parts> parts{
      "contact", "void", "flaw", "filament", "damage", "interphase_square", "lithium", "squeezed"};
  static constexpr std::array<std::string_view, state::capacitors> capacitors{
      "grain_voltage", "grain_boundary_voltage", "film_voltage_left", "film_voltage_right",
      "double_layer_voltage_left", "double_layer_voltage_right"};
  if (index == state::pressure) return "stack_pressure";
  if (index == state::friction) return "friction";
  if (index < state::leaked) return fmt::format("seating_{}", index - state::seating + 1);
  if (index == state::leaked) return "leaked_charge";
  if (index == state::shorted) return "shorted_charge";
  if (index == state::passed) return "passed_charge";
  if (index == state::bridged) return "bridged";
  if (index == state::yielded) return "yielded";
  if (index == state::peak) return "peak_pressure";
  if (index == state::extracted) return "extracted_charge";
  if (index == state::lost) return "lost_charge";
  if (index >= state::modes && index < state::capacitive) return fmt::format("particle_mode_{}", index - state::modes + 1);
  if (index < state::yielded) {
    const std::size_t k = index - state::electrode;
    return fmt::format("{}_{}", parts[k % state::parts], k / state::parts == left ? "left" : "right");
  }
  return std::string(capacitors[index - state::capacitive]);
}

double CellSystem::absolute_tolerance(std::size_t index) const {
  return usual_absolute_tolerance(index) * tolerance_scale_;
}

std::vector<double> CellSystem::initial_state() const {
  std::vector<double> y(size(), 0.0);
  for (std::size_t side : {left, right}) {
    if (!is_lithium(side)) continue;
    y[of(side, state::contact)] = p_.contact_initial;
    y[of(side, state::flaw)] = p_.flaw_depth;
    y[of(side, state::interphase_square)] = native_film * native_film;
  }
  return y;
}

void CellSystem::set_temperature(double t, double T, double rate) {
  T_time_ = t;
  T_ = T;
  T_rate_ = rate;
}

void CellSystem::update_temperature(double T) {
  if (T == at_T_) return;
  at_T_ = T;
  a_seating_ = arrhenius(p_.seating_activation, T);
  if (!electrodes_) return;
  kappa_ = p_.conductivity * arrhenius(p_.conductivity_activation, T);
  i0_ = exchange_current(p_.interface_resistance / arrhenius(p_.interface_activation, T), T);
  a_contact_ = arrhenius(p_.contact_activation, T);
  a_intrusion_ = arrhenius(p_.intrusion_activation, T);
  a_interphase_ = arrhenius(p_.interphase_activation, T);
  if (cathode_) {
    i0_cathode_ = exchange_current(p_.cathode_resistance / arrhenius(p_.cathode_resistance_activation, T), T);
    D_cathode_ = p_.cathode_diffusivity * arrhenius(p_.cathode_diffusivity_activation, T);
    // The reaction is spread through the composite, so that ions cross half of it on average: equation (Q5).
    cathode_ohmic_ = cathode_->thickness / (2.0 * p_.cathode_conductivity * arrhenius(p_.conductivity_activation, T));
  }
  J_d_ = diffusion_supply(T, p_.supply_diffusion * scatter_.supply, p_.supply_diffusion_activation);
}

double CellSystem::effective_contact(std::span<const double> y, std::size_t side) const {
  // A trial step of the solver may overshoot; it is refused by its error, not by a division by zero.
  return y[of(side, state::contact)] * std::max(contact_left(y[of(side, state::voids)], p_.void_spread), 0.5 * (1.0 - void_limit));
}

double CellSystem::tip(std::span<const double> y, std::size_t side) {
  return y[of(side, state::flaw)] + y[of(side, state::filament)];
}

double CellSystem::critical_at_rest(std::span<const double> y, std::size_t side) const {
  return scatter_.flaw_strength[side] *
         critical_overpotential(tip(y, side), p_.fracture_toughness, p_.lithium_molar_volume);
}

double CellSystem::critical(std::span<const double> y, std::size_t side) const {
  if (!on_.fatigue) return critical_at_rest(y, side);
  // Damage takes strength away so that a load of (1-D)^(1/b) opens the flaw at once, equation (M2).
  const double sound = std::clamp(1.0 - y[of(side, state::damage)], 1e-6, 1.0);
  return critical_at_rest(y, side) * std::pow(sound, 1.0 / p_.fatigue_exponent);
}

double CellSystem::state_of_charge(std::span<const double> y) const { return y[state::extracted] / reversible_; }

double CellSystem::surface_content(std::span<const double> y) const {
  const double mean = p_.cathode_discharged - (p_.cathode_discharged - p_.cathode_charged) * state_of_charge(y);
  double surface = mean;
  for (std::size_t k = 0; k < particle_modes; ++k) surface -= y[state::modes + k];
  return surface;
}

double CellSystem::plated_current(std::span<const double> y, const Electrical& e, std::size_t side) const {
  // Lithium moves with the charge-transfer current; with capacitances part of the ionic current only charges them.
  if (!dynamic_) return plating(side, e.ionic);
  const double eta = side == left ? e.eta_left : e.eta_right;
  return plating(side, charge_transfer_current(eta, i0_, effective_contact(y, side), at_T_));
}

double CellSystem::local_overpotential(std::span<const double> y, const Electrical& e, std::size_t side) const {
  const double mean = plating(side, side == left ? e.eta_left : e.eta_right);
  if (focus() == 1.0) return mean;
  const double here = charge_transfer_current(mean, i0_, effective_contact(y, side), at_T_) * focus();
  return charge_transfer_overpotential(here, i0_, effective_contact(y, side), at_T_);
}

double CellSystem::interphase(std::span<const double> y, std::size_t side) {
  return std::sqrt(std::max(y[of(side, state::interphase_square)], native_film * native_film));
}

double CellSystem::foil(std::span<const double> y, std::size_t side) const {
  return std::max(foil_[side] + y[of(side, state::lithium)] * p_.lithium_molar_volume / constants::F, 0.0);
}

double CellSystem::inventory(std::span<const double> y, std::size_t side) const {
  const double per_length = constants::F / p_.lithium_molar_volume;
  double stored = -y[state::extracted] - y[state::lost];
  if (is_lithium(side)) {
    stored = y[of(side, state::lithium)];
    stored += p_.filament_area_share * y[of(side, state::filament)] * per_length;
    stored += p_.interphase_charge * (interphase(y, side) - native_film);
  }
  if (dynamic_) stored += plating(side, p_.double_layer_capacitance * y[state::capacitive + state::double_layer_left + side]);
  return stored;
}

double CellSystem::frame_stiffness_at(double P) const {
  return frame_stiffness(P, p_.elastic_stiffness, p_.joint_stiffness, p_.joint_exponent);
}

double CellSystem::displacement(double t, std::span<const double> y) const {
  double h = -p_.thermal_mismatch * (temperature(t) - T_start_);
  for (std::size_t k = 0; k < seating_elements; ++k) h -= y[state::seating + k];
  h -= y[state::yielded];
  if (cathode_) h -= cathode_->active_thickness * volume_loss(state_of_charge(y), p_.cathode_volume_change);
  for (std::size_t side : {left, right})
    if (is_lithium(side)) h += y[of(side, state::lithium)] * p_.lithium_molar_volume / constants::F - y[of(side, state::squeezed)];
  return h;
}

double CellSystem::fixture_displacement(double P_from, double s_from, double P_to, double s_to) const {
  const double frame =
      frame_displacement(P_from, P_to, p_.elastic_stiffness, p_.joint_stiffness, p_.joint_exponent);
  return springs_fitted ? frame + ((P_to - s_to) - (P_from - s_from)) / spring_stiffness_ : frame;
}

/// Fluctuation of a partial contact: an Ornstein-Uhlenbeck process drawn on a fixed grid of time and joined linearly, so
/// that it depends on the seed and never on the solver's steps. Equation (G5).
double CellSystem::flicker(double t) {
  const double spacing = p_.soft_short_flicker_time / 4.0;
  if (p_.soft_short_flicker <= 0.0 || spacing <= 0.0) return 0.0;
  const double memory = std::exp(-spacing / p_.soft_short_flicker_time);
  const double position = std::max(t, 0.0) / spacing;
  const auto k = static_cast<std::size_t>(position);
  while (flicker_grid_.size() < k + 2) {
    const double fresh = flicker_stream_.normal();
    flicker_grid_.push_back(flicker_grid_.empty() ? fresh
                                                  : memory * flicker_grid_.back() + std::sqrt(1 - memory * memory) * fresh);
  }
  const double share = position - static_cast<double>(k);
  return p_.soft_short_flicker * ((1.0 - share) * flicker_grid_[k] + share * flicker_grid_[k + 1]);
}

Network CellSystem::network(double t, std::span<const double> y) {
  Network n;
  n.T = at_T_;
  n.bulk = (1.0 - p_.grain_boundary_share) * L_ / kappa_;
  n.grain_boundary = p_.grain_boundary_share * L_ / kappa_;
  const auto film = [&](std::size_t side, double contact) { // equation (E5)
    const double grown = (interphase(y, side) - native_film) / p_.interphase_conductivity;
    return grown / contact + constriction_resistance(contact, p_.contact_spot_radius, kappa_);
  };
  const double contact = effective_contact(y, right);
  n.film_right = film(right, contact);
  n.i0_right = i0_ * contact;
  if (cathode_) {
    add_cathode(n, y);
  } else {
    n.film_left = film(left, effective_contact(y, left));
    n.i0_left = i0_ * effective_contact(y, left);
  }
  n.leak = leak_conductance();
  n.lead = p_.lead_resistance * area_;
  const double longest = std::max(tip(y, left), tip(y, right)); // a cathode's is zero
  if (longest > p_.soft_short_from * L_)
    n.shorted = short_conductance(longest / L_, p_.soft_short_from, p_.soft_short_resistance, p_.short_resistance,
                                  flicker(t), y[state::bridged]) / area_;
  return n;
}

void CellSystem::add_cathode(Network& n, std::span<const double> y) const {
  const double x = surface_content(y);
  n.open_circuit = open_circuit_voltage(x);
  n.i0_left = i0_cathode_;
  // The unresolved fast modes follow the current at once: a resistance, equation (Q3) linearised.
  const double per_current = (p_.cathode_discharged - p_.cathode_charged) / reversible_;
  const double deviation = surface_deviation({}, per_current, D_cathode_, p_.cathode_particle_radius);
  n.film_left = cathode_ohmic_ + open_circuit_slope(x) * deviation;
}

Electrical CellSystem::electrical(double t, std::span<const double> y) {
  if (!electrodes_) return {};
  update_temperature(temperature(t));
  return answer(network(t, y), y);
}

Electrical CellSystem::answer(const Network& n, std::span<const double> y) const {
  const double imposed = control.mode == Control::Mode::current ? control.target : 0.0;
  if (!dynamic_) return control.mode == Control::Mode::voltage ? solve_voltage(n, control.target) : solve_current(n, imposed);
  const auto v = y.subspan(state::capacitive, state::capacitors);
  Electrical e;
  e.inner = n.open_circuit;
  for (double part : v) e.inner += part;
  e.current = control.mode == Control::Mode::voltage ? (control.target - e.inner) / n.lead : imposed;
  e.voltage = e.inner + e.current * n.lead;
  e.ionic = e.current - (n.leak + n.shorted) * e.inner;
  e.eta_left = v[state::double_layer_left];
  e.eta_right = v[state::double_layer_right];
  return e;
}

void CellSystem::electrode_rates(std::size_t side, std::span<const double> y, const Electrical& e,
                                 std::span<double> dydt) const {
  const double P = y[state::pressure];
  const double theta = effective_contact(y, side);
  const double plated = plated_current(y, e, side);

  if (on_.contact_closure)
    dydt[of(side, state::contact)] = closure_rate(y[of(side, state::contact)], P, p_.contact_closure_time,
                                                  p_.contact_linear_share, p_.contact_exponent, a_contact_);
  if (on_.stripping_voids) {
    const double supply = J_d_ + creep_supply(P, at_T_, p_.supply_creep, p_.supply_creep_exponent, p_.supply_creep_activation);
    dydt[of(side, state::voids)] =
        void_rate(y[of(side, state::voids)], -plated * focus(), supply, p_.void_height, p_.lithium_molar_volume);
  }
  if (on_.intrusion)
    dydt[of(side, state::flaw)] = intrusion_rate(P, p_.intrusion_rate, p_.intrusion_exponent, a_intrusion_);
  double filament = 0.0;
  if (on_.filament && !bridged && plated > 0.0) {
    const double eta = local_overpotential(y, e, side), eta_c = critical(y, side);
    filament = filament_rate(plated * focus() / theta, eta, eta_c, p_.filament_growth, p_.lithium_molar_volume);
    if (on_.fatigue && half_cycle_time > 0.0)
      dydt[of(side, state::damage)] =
          damage_rate(y[of(side, state::damage)], eta / critical_at_rest(y, side), p_.fatigue_exponent, half_cycle_time);
  }
  dydt[of(side, state::filament)] = filament;
  double square = 0.0;
  if (on_.interphase) square = interphase_square_rate(p_.interphase_growth, a_interphase_);
  dydt[of(side, state::interphase_square)] = square;
  dydt[of(side, state::lithium)] = plated - p_.filament_area_share * filament * constants::F / p_.lithium_molar_volume -
                                   p_.interphase_charge * square / (2.0 * interphase(y, side));
  if (on_.lithium_squeeze)
    dydt[of(side, state::squeezed)] =
        squeeze_rate(P, foil(y, side), p_.squeeze_rate, p_.squeeze_escape, bulk_creep_exponent, a_contact_);
}

void CellSystem::cathode_rates(std::span<const double> y, const Electrical& e, std::span<double> dydt) const {
  const double taken = dynamic_ ? charge_transfer_current(e.eta_left, i0_cathode_, 1.0, at_T_) : e.ionic;
  // The first charge gives a share that never comes back, until that share is used up: equation (Q6).
  const double loss = cathode_->areal_capacity - reversible_;
  const double room = std::max(loss - y[state::lost], 0.0);
  const double share = taken > 0.0 ? (1.0 - p_.cathode_first_efficiency) * room / (room + 1e-3 * loss + 1e-9) : 0.0;
  dydt[state::lost] = share * taken;
  dydt[state::extracted] = (1.0 - share) * taken;
  const double rate = dydt[state::extracted] * (p_.cathode_discharged - p_.cathode_charged) / reversible_;
  for (std::size_t k = 0; k < particle_modes; ++k)
    dydt[state::modes + k] = particle_mode_rate(y[state::modes + k], k, rate, D_cathode_, p_.cathode_particle_radius);
}

double CellSystem::expansion_rate(std::span<const double> y, std::span<const double> dydt) const {
  double rate = -dydt[state::yielded];
  if (cathode_)
    rate -= cathode_->active_thickness * volume_loss_slope(state_of_charge(y), p_.cathode_volume_change) *
            dydt[state::extracted] / reversible_;
  for (std::size_t side : {left, right})
    if (is_lithium(side))
      rate += dydt[of(side, state::lithium)] * p_.lithium_molar_volume / constants::F - dydt[of(side, state::squeezed)];
  return rate;
}

void CellSystem::fixture_rates(std::span<const double> y, std::span<double> dydt) const {
  const double P = y[state::pressure];
  double expansion = -p_.thermal_mismatch * T_rate_; // m/s, the bracket of equation (F1)
  for (std::size_t k = 0; k < seating_elements; ++k) {
    if (on_.seating)
      dydt[state::seating + k] = seating_rate(P, y[state::seating + k], seating_.compliance[k], seating_.time[k], a_seating_);
    expansion -= dydt[state::seating + k];
  }
  if (on_.yielding_gap && !springs_fitted && full()) {
    const double plated = std::max(y[of(right, state::lithium)], 0.0) * p_.lithium_molar_volume / constants::F;
    dydt[state::yielded] = yield_rate(P, plated, p_.yield_pressure, p_.yield_rate);
  }
  expansion += expansion_rate(y, dydt);
  const double K = frame_stiffness_at(P);
  if (!springs_fitted) {
    dydt[state::pressure] = K * expansion;
    return;
  }
  // Frame in series with springs and their slider, equation (F6).
  const double slider = p_.friction <= 0.0 ? 0.0 : dahl_slope(y[state::friction], p_.friction, p_.friction_stiffness, expansion < 0.0 ? -1.0 : 1.0);
  const double seat = spring_stiffness_ + slider;
  const double travel = expansion * K / (K + seat);
  dydt[state::pressure] = seat * travel;
  dydt[state::friction] = slider * travel;
}

void CellSystem::capacitor_rates(const Network& n, std::span<const double> y, const Electrical& e,
                                 std::span<double> dydt) const {
  // Equation (E6).
  const auto v = y.subspan(state::capacitive, state::capacitors);
  auto out = dydt.subspan(state::capacitive, state::capacitors);
  const auto through = [](double voltage, double resistance) { return voltage / std::max(resistance, least_resistance); };
  const double geometric = p_.relative_permittivity * constants::eps0 / L_;
  out[state::grains] = (e.ionic - through(v[state::grains], n.bulk)) / geometric;
  out[state::boundaries] = (e.ionic - through(v[state::boundaries], n.grain_boundary)) / p_.grain_boundary_capacitance;
  out[state::film_left] = (e.ionic - through(v[state::film_left], n.film_left)) / p_.interphase_capacitance;
  out[state::film_right] = (e.ionic - through(v[state::film_right], n.film_right)) / p_.interphase_capacitance;
  out[state::double_layer_left] =
      (e.ionic - charge_transfer_current(v[state::double_layer_left], n.i0_left, 1.0, n.T)) / p_.double_layer_capacitance;
  out[state::double_layer_right] =
      (e.ionic - charge_transfer_current(v[state::double_layer_right], n.i0_right, 1.0, n.T)) / p_.double_layer_capacitance;
}

void CellSystem::derivative(double t, std::span<const double> y, std::span<double> dydt) {
  std::fill(dydt.begin(), dydt.end(), 0.0);
  update_temperature(temperature(t));
  if (electrodes_) {
    const Network n = network(t, y);
    const Electrical e = answer(n, y);
    for (std::size_t side : {left, right})
      if (is_lithium(side)) electrode_rates(side, y, e, dydt);
    if (cathode_) cathode_rates(y, e, dydt);
    dydt[state::passed] = e.current;
    dydt[state::leaked] = n.leak * e.inner;
    dydt[state::shorted] = n.shorted * e.inner;
    if (bridged) dydt[state::bridged] = (1.0 - y[state::bridged]) / p_.short_closing_time; // equation (G7)
    if (dynamic_) capacitor_rates(n, y, e, dydt);
  }
  fixture_rates(y, dydt);
  if (control.mode == Control::Mode::open) return;
  dydt[state::peak] = peak_rate(y[state::pressure], y[state::peak]);
  if (on_.pressure_swing)
    for (std::size_t side : {left, right})
      if (is_lithium(side)) dydt[of(side, state::flaw)] += swing_rate(y[state::peak], dydt[state::peak], p_.flaw_depth, p_.swing_extension);
}

void CellSystem::root(double t, std::span<const double> y, std::span<double> out) {
  const auto set = [&](Root r, double value) { out[static_cast<std::size_t>(r)] = value; };
  std::fill(out.begin(), out.end(), 1.0);
  set(Root::seat_lost, y[state::pressure] - seat_lost_at);
  if (!electrodes_) return;
  for (std::size_t side : {left, right}) {
    if (!is_lithium(side)) continue;
    const auto on_side = [&](Root first) { return static_cast<Root>(static_cast<std::size_t>(first) + side); };
    const double grown = tip(y, side) / L_;
    set(on_side(Root::soft_short_left), p_.soft_short_from - grown);
    set(on_side(Root::bridged_left), bridged ? 1.0 : 1.0 - grown);
    set(on_side(Root::contact_left), contact_lost_at - y[of(side, state::voids)]);
  }
  if (control.mode == Control::Mode::open) return;
  const Electrical e = electrical(t, y);
  for (std::size_t side : {left, right})
    if (is_lithium(side))
      out[static_cast<std::size_t>(Root::threshold_left) + side] =
          1.0 - local_overpotential(y, e, side) / critical(y, side);
  if (voltage_limit && control.mode == Control::Mode::current)
    set(Root::voltage_limit, (*voltage_limit - e.voltage) * (control.target < 0.0 ? -1.0 : 1.0));
  if (current_limit && control.mode == Control::Mode::voltage) set(Root::current_limit, std::abs(e.current) - *current_limit);
}

} // namespace platen::simulation
