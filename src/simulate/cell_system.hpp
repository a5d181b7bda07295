#pragma once
// Every law of a cell assembled into one system of equations. Only this room knows where a state sits in the vector.

#include "numerics/random.hpp"
#include "physics/cathode.hpp"
#include "physics/fixture.hpp"
#include "simulate/electrical.hpp"
#include "solver/solver.hpp"
#include "study/study.hpp"

#include <array>
#include <optional>

namespace platen::simulation {

inline constexpr std::size_t left = 0, right = 1; ///< the electrodes; `left` is the cathode of a full cell

/// Where each state sits.
namespace state {
inline constexpr std::size_t pressure = 0;  ///< stack pressure, Pa
inline constexpr std::size_t friction = 1;  ///< stress on the spring fixture's slider, Pa
inline constexpr std::size_t seating = 2;   ///< first of physics::seating_elements, m
inline constexpr std::size_t leaked = seating + physics::seating_elements; ///< charge by electronic leakage, C/m2
inline constexpr std::size_t shorted = leaked + 1;  ///< charge through filaments, C/m2
inline constexpr std::size_t passed = shorted + 1;  ///< charge through the terminals, C/m2
inline constexpr std::size_t bridged = passed + 1;  ///< closing of the bridged filament, 0..1
inline constexpr std::size_t electrode = bridged + 1; ///< first of two blocks
/// Within an electrode's block; `lithium` is the metal gained since assembly (C/m2), so that the solver's relative
/// tolerance applies to what changes and not to the whole foil:
enum Part : std::size_t { contact, voids, flaw, filament, damage, interphase_square, lithium, squeezed, parts };
inline constexpr std::size_t yielded = electrode + 2 * parts;  ///< displacement that a fixed gap has lost for good, m
inline constexpr std::size_t peak = yielded + 1;               ///< highest stack pressure under current since it was set, Pa
inline constexpr std::size_t extracted = peak + 1;          ///< charge taken out of the cathode, C/m2
inline constexpr std::size_t lost = extracted + 1;             ///< charge that the first cycle does not give back, C/m2
inline constexpr std::size_t modes = lost + 1;                 ///< first of physics::particle_modes, 1
inline constexpr std::size_t capacitive = modes + physics::particle_modes; ///< first of the optional capacitor voltages
/// Voltages across the capacitors, V: grains, grain boundaries, films and double layers of both sides.
enum Capacitor : std::size_t { grains, boundaries, film_left, film_right, double_layer_left, double_layer_right, capacitors };
inline constexpr std::size_t slow_count = capacitive;

constexpr std::size_t of(std::size_t side, Part part) { return electrode + side * parts + part; }
} // namespace state

/// What the instrument imposes at present.
struct Control {
  enum class Mode { open, current, voltage } mode = Mode::open;
  double target = 0.0; ///< A/m2 or V
};

/// Sign changes watched while a step runs; the runner decides what they mean.
enum class Root : std::size_t {
  soft_short_left, soft_short_right, ///< a filament makes first contact
  bridged_left, bridged_right,       ///< a filament spans the electrolyte
  threshold_left, threshold_right,   ///< overpotential crosses the critical one while plating
  contact_left, contact_right,       ///< voids have taken nearly all of the contact
  seat_lost,                         ///< stack pressure gone
  voltage_limit, current_limit, count
};

/// Multipliers of one cell of a population, equation (P1); all 1 for the median cell.
struct Scatter {
  std::array<double, 2> flaw_strength{1.0, 1.0};
  double stiffness = 1.0;
  double supply = 1.0;
};
/// The draw of a study's seed; the median cell for seed 0.
Scatter draw_scatter(const physics::Parameters& parameters, std::uint64_t seed);

/// One cell in its fixture as a system of equations.
class CellSystem final : public solver::System {
public:
  CellSystem(const Study& study, const Scatter& scatter);

  // solver::System
  std::size_t size() const override;
  void derivative(double t, std::span<const double> y, std::span<double> dydt) override;
  std::size_t roots() const override { return static_cast<std::size_t>(Root::count); }
  void root(double t, std::span<const double> y, std::span<double> out) override;
  std::string state_name(std::size_t index) const override;
  double absolute_tolerance(std::size_t index) const override;

  /// State of a freshly assembled cell, unpressed.
  std::vector<double> initial_state() const;

  // What the runner sets between spans of time.
  Control control;
  bool springs_fitted = false;
  bool bridged = false;                 ///< a filament spans the electrolyte: it closes, and no filament grows further
  std::optional<double> voltage_limit;  ///< V, signed: root when the voltage passes it in the direction of the current
  std::optional<double> current_limit;  ///< A/m2, magnitude below which a voltage hold ends
  double half_cycle_time = 0.0;         ///< s, over which a half cycle's damage is spread; 0: no damage is counted
  /// Temperature is T from time t on, changing at `rate` (K/s).
  void set_temperature(double t, double T, double rate);

  double temperature(double t) const { return T_ + T_rate_ * (t - T_time_); }
  double stack_pressure(std::span<const double> y) const { return y[state::pressure]; }
  /// The electrical answer at a state; with dynamic capacitances from their voltages, else quasi-static.
  Electrical electrical(double t, std::span<const double> y);
  /// Effective contact of one side, equation (C3): what creep has closed, less what voids have taken.
  double effective_contact(std::span<const double> y, std::size_t side) const;
  /// Depth (m) that lithium has reached in the electrolyte from one side: the flaw, pressed open, plus the filament in it, (G6).
  static double tip(std::span<const double> y, std::size_t side);
  /// Critical overpotential of one side at the present depth of its tip, V.
  double critical(std::span<const double> y, std::size_t side) const;
  /// Interphase thickness, m.
  static double interphase(std::span<const double> y, std::size_t side);
  /// Thickness of one side's metallic lithium, m.
  double foil(std::span<const double> y, std::size_t side) const;
  /// Charge (C/m2) stored on one side since assembly, from the states alone: metal, filaments, interphase, double layer; (L2).
  double inventory(std::span<const double> y, std::size_t side) const;
  /// Displacement (m) that the fixture has had to take up: lithium gained minus seating, squeeze and thermal mismatch.
  double displacement(double t, std::span<const double> y) const;
  /// Displacement (m) that fixture and springs take up between two states of pressure and friction.
  double fixture_displacement(double P_from, double s_from, double P_to, double s_to) const;

  double frame_stiffness_at(double P) const;
  /// Electronic conductance of the electrolyte, S/m2; 0 when the mechanism is off.
  double leak_conductance() const { return on_.electronic_leakage ? p_.electronic_conductivity / L_ : 0.0; }
  bool has_electrodes() const { return electrodes_; }
  bool full() const { return cathode_.has_value(); }
  /// Is the electrode of this side lithium metal?
  bool is_lithium(std::size_t side) const { return electrodes_ && (side == right || !full()); }
  /// State of charge of the cathode: 0 as made, 1 at full charge.
  double state_of_charge(std::span<const double> y) const;
  /// Lithium content at the surface of the cathode's particles, as far as the resolved modes say.
  double surface_content(std::span<const double> y) const;
  /// Overpotential (V) at the deciding flaw of a lithium electrode while it plates, with the current as focused there.
  double local_overpotential(std::span<const double> y, const Electrical& e, std::size_t side) const;
  bool dynamic() const { return dynamic_; }
  double electrolyte_thickness() const { return L_; }

private:
  void update_temperature(double T);
  Network network(double t, std::span<const double> y);
  Electrical answer(const Network& n, std::span<const double> y) const;
  double flicker(double t);
  /// Local over mean current density at a lithium electrode, equation (M4).
  double focus() const { return full() && on_.uneven_current ? p_.current_focus : 1.0; }
  /// Lithium plated (A/m2, per geometric area) at one side.
  double plated_current(std::span<const double> y, const Electrical& e, std::size_t side) const;
  double critical_at_rest(std::span<const double> y, std::size_t side) const;
  void add_cathode(Network& n, std::span<const double> y) const;
  void cathode_rates(std::span<const double> y, const Electrical& e, std::span<double> dydt) const;
  double expansion_rate(std::span<const double> y, std::span<const double> dydt) const;
  void electrode_rates(std::size_t side, std::span<const double> y, const Electrical& e, std::span<double> dydt) const;
  void fixture_rates(std::span<const double> y, std::span<double> dydt) const;
  void capacitor_rates(const Network& n, std::span<const double> y, const Electrical& e, std::span<double> dydt) const;

  physics::Parameters p_;
  Mechanisms on_;
  Scatter scatter_;
  physics::Seating seating_;
  std::optional<Cathode> cathode_;
  double reversible_ = 0.0; ///< charge that the cathode gives back, C/m2
  bool electrodes_ = false;
  bool dynamic_ = false;
  double area_ = 0.0, L_ = 0.0, spring_stiffness_ = 0.0;
  std::array<double, 2> foil_{};
  double T_ = 298.15, T_rate_ = 0.0, T_time_ = 0.0, T_start_ = 298.15;

  // coefficients at the temperature last asked for
  double at_T_ = -1.0;
  double kappa_ = 0.0, i0_ = 0.0, i0_cathode_ = 0.0, D_cathode_ = 0.0, cathode_ohmic_ = 0.0, a_seating_ = 1.0, a_contact_ = 1.0, a_intrusion_ = 1.0, a_interphase_ = 1.0;
  double J_d_ = 0.0;

  double tolerance_scale_ = 1.0;
  std::vector<double> flicker_grid_;
  numerics::RandomStream flicker_stream_;
};

} // namespace platen::simulation
