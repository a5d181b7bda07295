// The right-hand side and the root functions of a cell.

#include "physics/contact.hpp"
#include "physics/flaw.hpp"
#include "physics/kinetics.hpp"
#include "simulate/cell_system.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace platen::simulation {
namespace {

using namespace physics;

/// Void share at which an interface counts as lost.
constexpr double contact_lost_at = 0.95;
/// Stack pressure (Pa) below which the fixture counts as unseated.
constexpr double seat_lost_at = 1e4;
/// Resistance (ohm m2) beside a capacitor that counts as none: it holds the capacitor empty, 10 nV at 1 mA/cm2.
constexpr double least_resistance = 1e-9;

/// Gauss and Hermite's five points for a mean over the standard normal distribution: place and weight.
constexpr std::array<std::pair<double, double>, 5> normal_nodes{{{0.0, 8.0 / 15.0},
                                                                 {-1.3556261799742659, 0.2220759220056126},
                                                                 {1.3556261799742659, 0.2220759220056126},
                                                                 {-2.8569700138728056, 0.01125741132772069},
                                                                 {2.8569700138728056, 0.01125741132772069}}};

} // namespace

Network CellSystem::network(double t, std::span<const double> y, double flicker) const {
  Network n;
  n.T = at_T_;
  n.bulk = (1.0 - p_.grain_boundary_share) * L_ / kappa_;
  n.grain_boundary = p_.grain_boundary_share * L_ / kappa_;
  if (contents_.lithium[right]) add_interfaces(n, y); // else electrodes that block ions
  n.leak = leak_conductance();
  n.lead = p_.lead_resistance * area_;
  n.shorted = shorted(t, y, flicker);
  return n;
}

void CellSystem::add_interfaces(Network& n, std::span<const double> y) const {
  const double grown = (interphase(y) - native_film) / p_.interphase_conductivity;
  const auto film = [&](double contact) { // equation (E5)
    return grown / contact + constriction_resistance(contact, p_.contact_spot_radius, kappa_);
  };
  n.contact_right = effective_contact(y, right);
  n.film_right = film(n.contact_right);
  n.i0_right = i0_ * n.contact_right;
  if (cathode_) {
    add_cathode(n, y);
  } else {
    n.contact_left = effective_contact(y, left);
    n.film_left = film(n.contact_left);
    n.i0_left = i0_ * n.contact_left;
  }
}

double CellSystem::shorted(double t, std::span<const double> y, double flicker) const {
  const double longest = std::max(tip(y, left), tip(y, right));
  if (longest <= p_.soft_short_from * L_) return 0.0;
  const double closed = bridged_since ? bridge_closed(std::max(t - *bridged_since, 0.0), p_.short_closing_time) : 0.0;
  return short_conductance(longest / L_, p_.soft_short_from, p_.soft_short_resistance, p_.short_resistance, flicker, closed) / area_;
}

void CellSystem::add_cathode(Network& n, std::span<const double> y) const {
  const OpenCircuit open = open_circuit(surface_content(y));
  n.open_circuit = open.voltage + open.slope * fast_deviation(y);
  n.i0_left = i0_cathode_;
  n.cathode_ohmic = cathode_ohmic_;
  n.film_left = cathode_ohmic_ + open.slope * deviation_per_current_;
}

Electrical CellSystem::answer(const Network& n, std::span<const double> y, std::optional<double> guess) const {
  const double imposed = control.mode == Control::Mode::current ? control.target : 0.0;
  if (!dynamic_) return control.mode == Control::Mode::voltage ? solve_voltage(n, control.target, guess) : solve_current(n, imposed, guess);
  const auto v = y.subspan(at_.capacitive, state::capacitors);
  Electrical e;
  e.inner = n.open_circuit;
  for (double part : v) e.inner += part;
  e.current = control.mode == Control::Mode::voltage ? (control.target - e.inner) / n.lead : imposed;
  e.voltage = e.inner + e.current * n.lead;
  e.shorted = n.shorted * e.inner;
  e.ionic = e.current - n.leak * e.inner - e.shorted;
  e.open_circuit = n.open_circuit;
  e.grains = v[state::grains];
  e.boundaries = v[state::boundaries];
  e.film_left = v[state::film_left];
  e.film_right = v[state::film_right];
  if (cathode_) e.cathode_ohmic = e.film_left * n.cathode_ohmic / n.film_left;
  e.contact_left = n.contact_left;
  e.contact_right = n.contact_right;
  e.eta_left = v[state::double_layer_left];
  e.eta_right = v[state::double_layer_right];
  return e;
}

void CellSystem::remember(double t, std::span<const double> y, const Electrical& e) {
  last_ = e;
  last_t_ = t;
  last_control_ = control;
  std::copy(y.begin(), y.end(), last_y_.begin());
  last_holds_ = true;
}

bool CellSystem::remembers(double t, std::span<const double> y) const {
  return last_holds_ && t == last_t_ && control == last_control_ && std::equal(y.begin(), y.end(), last_y_.begin());
}

const Electrical& CellSystem::electrical(double t, std::span<const double> y) {
  if (!electrodes_ || remembers(t, y)) return last_;
  update_temperature(temperature(t));
  remember(t, y, answer(network(t, y, flicker_.mean_exponent()), y));
  return last_;
}

Electrical CellSystem::observed(double t, std::span<const double> y) {
  if (!electrodes_ || !shorting(y)) return electrical(t, y);
  update_temperature(temperature(t));
  return answer(network(t, y, flicker_.at(t)), y);
}

CellSystem::Steady CellSystem::steady_network(double t, std::span<const double> y) {
  constexpr double nothing_partial = -std::numeric_limits<double>::infinity();
  update_temperature(temperature(t));
  Steady out{network(t, y, nothing_partial)};
  out.flickers = shorted(t, y, 0.0) - out.network.shorted;
  return out;
}

Electrical CellSystem::observed(double t, Steady steady, std::optional<double> guess) {
  steady.network.shorted += steady.flickers * std::exp(flicker_.at(t));
  return answer(steady.network, {}, guess);
}

CellSystem::AtPressure CellSystem::at_pressure(double P) const {
  const double relative = std::max(P, 1e-9) / contact_reference_pressure, logarithm = std::log(relative);
  const double bulk = std::exp(bulk_creep_exponent * logarithm);
  const double creep = p_.contact_exponent == bulk_creep_exponent ? bulk : std::exp(p_.contact_exponent * logarithm);
  return {at_reference_.closure * creep + linear_closure_ * relative,
          J_d_ + at_reference_.supply * std::exp(p_.supply_creep_exponent * logarithm),
          at_reference_.intrusion * power(relative, p_.intrusion_exponent), at_reference_.squeeze * bulk};
}

double CellSystem::voids_rate(std::size_t side, const AtPressure& at, double plated) const {
  if (!on_.stripping_voids) return 0.0;
  return void_rate(voids_at_[side], -plated * focus(), at.supply, p_.void_height, p_.lithium_molar_volume);
}

void CellSystem::electrode_rates(std::size_t side, const AtPressure& at, std::span<const double> y, const Electrical& e,
                                 std::span<double> dydt) const {
  const double plated = plated_current(y, e, side);
  const double charge_per_length = constants::F / p_.lithium_molar_volume; // C/m3

  dydt[of(side, state::voids)] = voids_rate(side, at, plated);
  double filament = 0.0;
  if (on_.filament && !bridged_since && plated > 0.0) {
    const double eta = local_overpotential(y, e, side), eta_c = critical_at_rest(y, side);
    filament = filament_rate(plated * focus() / effective_contact(y, side), eta, eta_c * strength_left(y, side), p_.filament_growth,
                             p_.lithium_molar_volume);
    if (on_.fatigue && half_cycle_time > 0.0)
      dydt[of(side, state::damage)] =
          damage_rate(worn_[side], eta / eta_c, p_.fatigue_exponent, half_cycle_time);
  }
  dydt[of(side, state::filament)] = filament;
  dydt[of(side, state::lithium)] = plated - p_.filament_area_share * filament * charge_per_length -
                                   p_.interphase_charge * dydt[at_.interphase_square] / (2.0 * interphase(y));
  if (on_.lithium_squeeze)
    dydt[of(side, state::squeezed)] = at.squeeze * std::pow(foil(y, side) / reference_foil, bulk_creep_exponent + 2.0);
}

void CellSystem::cathode_rates(std::span<const double> y, const Electrical& e, std::span<double> dydt) const {
  const double taken = dynamic_ ? charge_transfer_current(e.eta_left, i0_cathode_, 1.0, at_T_) : e.ionic;
  // The first charge gives a share that never comes back, until that share is used up: equation (Q6).
  const double share = taken > 0.0 && !loss_used_ ? 1.0 - p_.cathode_first_efficiency : 0.0;
  dydt[at_.lost] = share * taken;
  dydt[at_.extracted] = (1.0 - share) * taken;
  const double rate = dydt[at_.extracted] * (p_.cathode_discharged - p_.cathode_charged) / reversible_;
  for (std::size_t k = 0; k < particle_modes; ++k)
    dydt[at_.modes + k] = particle_mode_rate(y[at_.modes + k], k, rate, D_cathode_, p_.cathode_particle_radius);
  if (at_.fast_modes == Layout::none) return;
  // As the resistance that stands for them otherwise they follow the whole current, equation (Q5).
  for (std::size_t k = 0; k < particle_fast_modes.size(); ++k)
    dydt[at_.fast_modes + k] =
        particle_mode_rate(y[at_.fast_modes + k], particle_fast_modes[k], rate_per_current_ * taken, D_cathode_, p_.cathode_particle_radius);
}

double CellSystem::expansion_rate(std::span<const double> y, std::span<const double> dydt) const {
  double rate = at_.yielded != Layout::none ? -dydt[at_.yielded] : 0.0;
  if (cathode_)
    rate -= cathode_->active_thickness * volume_loss_slope(state_of_charge(y), p_.cathode_volume_change) *
            dydt[at_.extracted] / reversible_;
  for (std::size_t side : {left, right})
    if (is_lithium(side))
      rate += dydt[of(side, state::lithium)] * p_.lithium_molar_volume / constants::F - dydt[of(side, state::squeezed)];
  return rate;
}

void CellSystem::fixture_rates(std::span<const double> y, std::span<double> dydt) const {
  const double P = y[at_.pressure];
  double expansion = -p_.thermal_mismatch * T_rate_; // m/s, the bracket of equation (F1)
  if (on_.seating)
    for (std::size_t k = 0; k < seating_elements; ++k) {
      dydt[at_.seating + k] = seating_rate(P, y[at_.seating + k], seating_.compliance[k], seating_.time[k], a_seating_);
      expansion -= dydt[at_.seating + k];
    }
  if (at_.yielded != Layout::none && !springs_fitted) {
    const double plated = std::max(y[of(right, state::lithium)], 0.0) * p_.lithium_molar_volume / constants::F;
    dydt[at_.yielded] = yield_rate(P, plated, p_.yield_pressure, p_.yield_rate);
  }
  expansion += expansion_rate(y, dydt);
  const double K = frame_stiffness_at(P);
  if (!springs_fitted) {
    dydt[at_.pressure] = K * expansion;
    return;
  }
  // Frame in series with springs and their slider, equation (F6).
  const double slider = p_.friction <= 0.0 ? 0.0 : dahl_slope(y[at_.friction], p_.friction, p_.friction_stiffness, expansion < 0.0 ? -1.0 : 1.0);
  const double seat = spring_stiffness_ + slider;
  const double travel = expansion * K / (K + seat);
  dydt[at_.pressure] = seat * travel;
  dydt[at_.friction] = slider * travel;
}

void CellSystem::capacitor_rates(const Network& n, std::span<const double> y, const Electrical& e,
                                 std::span<double> dydt) const {
  // Equation (E6).
  const auto v = y.subspan(at_.capacitive, state::capacitors);
  auto out = dydt.subspan(at_.capacitive, state::capacitors);
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

Electrical CellSystem::current_rates(const Network& n, const AtPressure& at, std::span<const double> y, std::span<double> dydt) const {
  const Electrical e = answer(n, y);
  if (contents_.lithium[right]) {
    dydt[at_.closure] = at.closure;
    dydt[at_.intruded] = at.intrusion;
    dydt[at_.interphase_square] = interphase_square_rate_;
  }
  for (std::size_t side : {left, right})
    if (is_lithium(side)) electrode_rates(side, at, y, e, dydt);
  if (cathode_) cathode_rates(y, e, dydt);
  dydt[at_.passed] = e.current;
  dydt[at_.leaked] = n.leak * e.inner;
  dydt[at_.shorted] = n.shorted * e.inner;
  if (dynamic_) capacitor_rates(n, y, e, dydt);
  return e;
}

void CellSystem::flickering_rates(double t, Network n, const AtPressure& at, std::span<const double> y, std::span<double> dydt) {
  std::array<double, 2> plated{};
  for (const auto& [z, weight] : normal_nodes) {
    std::fill(one_draw_.begin(), one_draw_.end(), 0.0);
    n.shorted = shorted(t, y, flicker_.sigma() * z);
    const Electrical e = current_rates(n, at, y, one_draw_);
    for (std::size_t i = 0; i < one_draw_.size(); ++i) dydt[i] += weight * one_draw_[i];
    for (std::size_t side : {left, right})
      if (is_lithium(side)) plated[side] += weight * plated_current(y, e, side);
  }
  // At the ends of their range the voids follow the mean current: the mean of a cut rate would lead inside and out again.
  for (std::size_t side : {left, right})
    if (is_lithium(side)) dydt[of(side, state::voids)] = voids_rate(side, at, plated[side]);
}

void CellSystem::derivative(double t, std::span<const double> y, std::span<double> dydt) {
  std::fill(dydt.begin(), dydt.end(), 0.0);
  update_temperature(temperature(t));
  if (electrodes_) {
    const Network n = network(t, y, flicker_.mean_exponent());
    const AtPressure at = at_pressure(y[at_.pressure]);
    if (n.shorted > 0.0 && !bridged_since)
      flickering_rates(t, n, at, y, dydt);
    else
      remember(t, y, current_rates(n, at, y, dydt));
  }
  fixture_rates(y, dydt);
}

void CellSystem::threshold_roots(std::span<const double> y, const Electrical& e, std::span<double> out) const {
  if (!watch_threshold || bridged_since) return;
  for (std::size_t side : {left, right})
    if (is_lithium(side) && plating(side, e.ionic) > 0.0)
      out[static_cast<std::size_t>(Root::threshold_left) + side] = 1.0 - local_overpotential(y, e, side) / critical(y, side);
}

void CellSystem::root(double t, std::span<const double> y, std::span<double> out) {
  const auto set = [&](Root r, double value) { out[static_cast<std::size_t>(r)] = value; };
  std::fill(out.begin(), out.end(), 1.0);
  set(Root::seat_lost, y[at_.pressure] - seat_lost_at);
  if (!electrodes_) return;
  for (std::size_t side : {left, right}) {
    if (!is_lithium(side)) continue;
    const auto on_side = [&](Root first) { return static_cast<Root>(static_cast<std::size_t>(first) + side); };
    const double grown = tip(y, side) / L_;
    set(on_side(Root::soft_short_left), p_.soft_short_from - grown);
    set(on_side(Root::bridged_left), bridged_since ? 1.0 : 1.0 - grown);
    if (!worn_[side]) set(on_side(Root::worn_left), damage_limit - y[of(side, state::damage)]);
    set(on_side(Root::contact_left), contact_lost_at - y[of(side, state::voids)]);
  }
  if (cathode_ && !loss_used_) set(Root::loss_used, loss_ - y[at_.lost]);
  if (control.mode == Control::Mode::open) return;
  const Electrical& e = electrical(t, y);
  threshold_roots(y, e, out);
  if (voltage_limit && control.mode == Control::Mode::current)
    set(Root::voltage_limit, (*voltage_limit - e.voltage) * (control.target < 0.0 ? -1.0 : 1.0));
  if (current_limit && control.mode == Control::Mode::voltage) set(Root::current_limit, std::abs(e.current) - *current_limit);
}

} // namespace platen::simulation
