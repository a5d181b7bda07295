#include "simulate/cell_system.hpp"

#include "numerics/random.hpp"
#include "physics/contact.hpp"
#include "physics/flaw.hpp"
#include "physics/kinetics.hpp"

#include <algorithm>
#include <cmath>

namespace platen::simulation {
namespace {

using namespace physics;

/// Relative tolerance at which the absolute ones are quoted; both tighten together, or the error would have a floor.
constexpr double usual_tolerance = 1e-6;

Contents contents_of(const Study& study) {
  const bool electrodes = study.cell.configuration != Configuration::empty_fixture;
  const bool lithium = electrodes && study.cell.configuration != Configuration::blocking;
  Contents c;
  c.cell = electrodes;
  c.cathode = study.cell.cathode.has_value();
  c.lithium = {lithium && !c.cathode, lithium};
  c.seating = study.mechanisms.seating;
  c.springs = study.fixture.springs.has_value();
  c.yielding = study.mechanisms.yielding_gap && c.cathode;
  // Electrodes that block ions only charge their double layers: without these as states no ions would move at all.
  c.dynamic = electrodes && (study.output.dynamic_capacitances || !lithium);
  return c;
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
    : p_(study.parameters), on_(study.mechanisms), contents_(contents_of(study)), scatter_(scatter),
      seating_(study.parameters.seating_compliance, study.parameters.seating_time_fast, study.parameters.seating_time_slow),
      cathode_(study.cell.cathode), electrodes_(study.cell.configuration != Configuration::empty_fixture),
      dynamic_(contents_.dynamic), at_(contents_), area_(study.cell.area),
      L_(study.cell.electrolyte_thickness), foil_{study.cell.lithium_left, study.cell.lithium_right},
      tolerance_scale_(study.output.relative_tolerance / usual_tolerance),
      flicker_(study.seed, study.parameters.soft_short_flicker, study.parameters.soft_short_flicker_time), last_y_(at_.count), one_draw_(at_.count) {
  p_.elastic_stiffness *= scatter.stiffness;
  p_.joint_stiffness *= scatter.stiffness;
  if (study.fixture.springs) spring_stiffness_ = study.fixture.springs->count * study.fixture.springs->rate / area_;
  if (cathode_) {
    reversible_ = cathode_->areal_capacity * p_.cathode_first_efficiency;
    loss_ = cathode_->areal_capacity - reversible_;
  }
  set_temperature(0.0, study.temperature, 0.0);
  T_start_ = study.temperature;
  update_temperature(study.temperature);
}

std::span<const solver::Relaxing> CellSystem::relaxing() const {
  // At a held voltage the current follows the particle's surface and with it what drives the modes.
  if (!cathode_ || heating() || control.mode == Control::Mode::voltage) return {};
  return modes_;
}

double CellSystem::absolute_tolerance(std::size_t index) const { return at_.absolute_tolerance(index) * tolerance_scale_; }

std::vector<double> CellSystem::initial_state() const {
  std::vector<double> y(size(), 0.0);
  if (at_.intruded != Layout::none) {
    y[at_.intruded] = p_.flaw_depth;
    y[at_.interphase_square] = native_film * native_film;
  }
  return y;
}

CellSystem CellSystem::dynamic_twin() const {
  CellSystem twin = *this;
  if (dynamic_ || !electrodes_) return twin;
  twin.contents_.dynamic = twin.dynamic_ = true;
  twin.at_ = Layout(twin.contents_);
  twin.last_holds_ = false;
  twin.last_y_.resize(twin.at_.count);
  twin.one_draw_.resize(twin.at_.count);
  twin.at_T_ = -1.0; // the coefficients know which modes are states
  return twin;
}

std::vector<double> CellSystem::twin_state(std::span<const double> y, const Electrical& e) const {
  std::vector<double> out(y.begin(), y.end());
  out.resize(at_.count);
  for (std::size_t k = 0; at_.fast_modes != Layout::none && k < particle_fast_modes.size(); ++k)
    out[at_.fast_modes + k] = particle_mode_settled(particle_fast_modes[k], rate_per_current_ * e.ionic, D_cathode_, p_.cathode_particle_radius);
  double* v = out.data() + at_.capacitive;
  v[state::grains] = e.grains;
  v[state::boundaries] = e.boundaries;
  v[state::film_left] = e.film_left;
  v[state::film_right] = e.film_right;
  v[state::double_layer_left] = e.eta_left;
  v[state::double_layer_right] = e.eta_right;
  if (cathode_) v[state::film_left] -= open_circuit_slope(surface_content(y)) * fast_deviation(out);
  return out;
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
  if (on_.interphase) interphase_square_rate_ = interphase_square_rate(p_.interphase_growth, arrhenius(p_.interphase_activation, T));
  if (cathode_) {
    i0_cathode_ = exchange_current(p_.cathode_resistance / arrhenius(p_.cathode_resistance_activation, T), T);
    D_cathode_ = p_.cathode_diffusivity * arrhenius(p_.cathode_diffusivity_activation, T);
    for (std::size_t k = 0; k < particle_modes; ++k)
      modes_[k] = {at_.modes + k, particle_mode_decay(k, D_cathode_, p_.cathode_particle_radius)};
    // The reaction is spread through the composite, so that ions cross half of it on average: equation (Q5).
    cathode_ohmic_ = cathode_->thickness / (2.0 * p_.cathode_conductivity * arrhenius(p_.conductivity_activation, T));
    // The unresolved fast modes follow the current at once: a resistance, equation (Q3) linearised.
    rate_per_current_ = (p_.cathode_discharged - p_.cathode_charged) / reversible_;
    deviation_per_current_ = surface_deviation({}, rate_per_current_, D_cathode_, p_.cathode_particle_radius);
    if (dynamic_) // then most of the fast ones are states, equation (Q7)
      for (const FastMode& mode : particle_fast_modes)
        deviation_per_current_ += particle_mode_settled(mode, rate_per_current_, D_cathode_, p_.cathode_particle_radius);
  }
  J_d_ = diffusion_supply(T, p_.supply_diffusion * scatter_.supply, p_.supply_diffusion_activation);
  // Power laws of the pressure: what they give at one pressure, to be scaled to others.
  constexpr double P = contact_reference_pressure;
  at_reference_ = {};
  if (on_.contact_closure) {
    at_reference_.closure = (1.0 - p_.contact_linear_share) * closure_rate(0.0, P, p_.contact_closure_time, 0.0, p_.contact_exponent, a_contact_);
    linear_closure_ = p_.contact_linear_share * closure_rate(0.0, P, p_.contact_closure_time, 1.0, p_.contact_exponent, a_contact_);
  }
  at_reference_.supply = creep_supply(P, T, p_.supply_creep, p_.supply_creep_exponent, p_.supply_creep_activation);
  if (on_.intrusion) at_reference_.intrusion = intrusion_rate(P, p_.intrusion_rate, p_.intrusion_exponent, a_intrusion_);
  if (on_.lithium_squeeze)
    at_reference_.squeeze = squeeze_rate(P, reference_foil, p_.squeeze_rate, p_.squeeze_escape, bulk_creep_exponent, a_contact_);
}

bool CellSystem::settle(double, std::span<double> y) {
  bool changed = false;
  for (std::size_t side : {left, right}) {
    if (!is_lithium(side)) continue;
    // The rate of the voids does not depend on the voids, and beyond their range the contact does not either: a step that
    // overshoots an end of it is exact when it is drawn back.
    double& phi = y[of(side, state::voids)];
    const VoidsAt at = phi <= 0.0 ? VoidsAt::none : phi >= void_limit ? VoidsAt::limit : VoidsAt::between;
    changed = changed || at != voids_at_[side] || phi < 0.0 || phi > void_limit;
    voids_at_[side] = at;
    phi = std::clamp(phi, 0.0, void_limit);
    if (!worn_[side] && y[of(side, state::damage)] >= damage_limit) worn_[side] = changed = true;
  }
  if (control.mode != Control::Mode::open) {
    extended_ += swing(y[at_.pressure]);
    peak_ = std::max(peak_, y[at_.pressure]);
  }
  if (cathode_ && !loss_used_ && y[at_.lost] >= loss_) {
    y[at_.lost] = loss_;
    loss_used_ = changed = true;
  }
  return changed;
}

double CellSystem::swing(double P) const {
  if (!on_.pressure_swing || control.mode == Control::Mode::open || P <= peak_ || peak_ <= 0.0) return 0.0;
  if (P != swing_at_ || peak_ != swing_from_) {
    swing_at_ = P;
    swing_from_ = peak_;
    swing_ = swing_extension(peak_, P, p_.flaw_depth, p_.swing_extension);
  }
  return swing_;
}

double CellSystem::voids(std::span<const double> y, std::size_t side) const {
  return std::clamp(y[of(side, state::voids)], 0.0, void_limit);
}

double CellSystem::closed_contact(std::span<const double> y) const {
  if (y[at_.closure] != closed_at_) {
    closed_at_ = y[at_.closure];
    closed_ = physics::closed_contact(p_.contact_initial, closed_at_, p_.contact_spread);
  }
  return closed_;
}

double CellSystem::effective_contact(std::span<const double> y, std::size_t side) const {
  const double phi = voids(y, side), closed = closed_contact(y);
  return phi > 0.0 ? closed * contact_left(phi, p_.void_spread) : closed;
}

double CellSystem::flaw(std::span<const double> y) const {
  return y[at_.intruded] + extended_ + swing(y[at_.pressure]);
}

double CellSystem::tip(std::span<const double> y, std::size_t side) const {
  return is_lithium(side) ? flaw(y) + y[of(side, state::filament)] : 0.0;
}

bool CellSystem::shorting(std::span<const double> y) const {
  return std::max(tip(y, left), tip(y, right)) > p_.soft_short_from * L_;
}

double CellSystem::critical_as_pressed(std::size_t side) const {
  return scatter_.flaw_strength[side] * critical_overpotential(p_.flaw_depth, p_.fracture_toughness, p_.lithium_molar_volume);
}

double CellSystem::critical_at_rest(std::span<const double> y, std::size_t side) const {
  return scatter_.flaw_strength[side] *
         critical_overpotential(tip(y, side), p_.fracture_toughness, p_.lithium_molar_volume);
}

double CellSystem::strength_left(std::span<const double> y, std::size_t side) const {
  const double damage = y[of(side, state::damage)];
  if (damage <= 0.0) return 1.0;
  // Damage takes strength away so that a load of (1-D)^(1/b) opens the flaw at once, equation (M2).
  return std::pow(std::max(1.0 - damage, 1.0 - damage_limit), 1.0 / p_.fatigue_exponent);
}

double CellSystem::critical(std::span<const double> y, std::size_t side) const {
  return critical_at_rest(y, side) * strength_left(y, side);
}

double CellSystem::state_of_charge(std::span<const double> y) const { return y[at_.extracted] / reversible_; }

double CellSystem::mean_content(std::span<const double> y) const {
  return p_.cathode_discharged - (p_.cathode_discharged - p_.cathode_charged) * state_of_charge(y);
}

double CellSystem::surface_content(std::span<const double> y) const {
  double surface = mean_content(y);
  for (std::size_t k = 0; k < particle_modes; ++k) surface -= y[at_.modes + k];
  return surface;
}

double CellSystem::fast_deviation(std::span<const double> y) const {
  double deviation = 0.0;
  if (at_.fast_modes != Layout::none)
    for (std::size_t k = 0; k < particle_fast_modes.size(); ++k) deviation -= y[at_.fast_modes + k];
  return deviation;
}

double CellSystem::plated_current(std::span<const double> y, const Electrical& e, std::size_t side) const {
  // Lithium moves with the charge-transfer current; with capacitances part of the ionic current only charges them.
  if (!dynamic_) return plating(side, e.ionic);
  const double eta = side == left ? e.eta_left : e.eta_right;
  return plating(side, charge_transfer_current(eta, i0_, effective_contact(y, side), at_T_));
}

double CellSystem::local_overpotential(std::span<const double> y, const Electrical& e, std::size_t side) const {
  if (focus() == 1.0) return plating(side, side == left ? e.eta_left : e.eta_right);
  return charge_transfer_overpotential(plated_current(y, e, side) * focus(), i0_, side == left ? e.contact_left : e.contact_right, at_T_);
}

double CellSystem::interphase(std::span<const double> y) const {
  return std::sqrt(std::max(y[at_.interphase_square], native_film * native_film));
}

double CellSystem::foil(std::span<const double> y, std::size_t side) const {
  return std::max(foil_[side] + y[of(side, state::lithium)] * p_.lithium_molar_volume / constants::F, 0.0);
}

double CellSystem::inventory(std::span<const double> y, std::size_t side) const {
  double stored = 0.0;
  if (is_lithium(side)) {
    const double per_length = constants::F / p_.lithium_molar_volume;
    stored = y[of(side, state::lithium)];
    stored += p_.filament_area_share * y[of(side, state::filament)] * per_length;
    stored += p_.interphase_charge * (interphase(y) - native_film);
  } else if (cathode_) {
    stored = -y[at_.extracted] - y[at_.lost];
  }
  if (dynamic_) stored += plating(side, p_.double_layer_capacitance * y[at_.capacitive + state::double_layer_left + side]);
  return stored;
}

double CellSystem::frame_stiffness_at(double P) const {
  return frame_stiffness(P, p_.elastic_stiffness, p_.joint_stiffness, p_.joint_exponent);
}

Displacement CellSystem::displacement(double t, std::span<const double> y) const {
  Displacement h;
  h.thermal = -p_.thermal_mismatch * (temperature(t) - T_start_);
  if (on_.seating)
    for (std::size_t k = 0; k < seating_elements; ++k) h.seating -= y[at_.seating + k];
  if (at_.yielded != Layout::none) h.yielded = -y[at_.yielded];
  if (cathode_) h.cathode = -cathode_->active_thickness * volume_loss(state_of_charge(y), p_.cathode_volume_change);
  for (std::size_t side : {left, right})
    if (is_lithium(side)) {
      h.lithium += y[of(side, state::lithium)] * p_.lithium_molar_volume / constants::F;
      h.squeezed -= y[of(side, state::squeezed)];
    }
  return h;
}

Taken CellSystem::taken_up(std::span<const double> y) const {
  const double P = y[at_.pressure];
  const Frame frame = frame_at(P, p_.elastic_stiffness, p_.joint_stiffness, p_.joint_exponent);
  return {springs_fitted ? frame.displacement + (P - friction(y)) / spring_stiffness_ : frame.displacement, frame.stiffness};
}

} // namespace platen::simulation
