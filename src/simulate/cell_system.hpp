#pragma once
// Every law of a cell assembled into one system of equations. Only this room knows where a state sits in the vector.

#include "physics/cathode.hpp"
#include "physics/fixture.hpp"
#include "physics/voids.hpp"
#include "simulate/electrical.hpp"
#include "simulate/flicker.hpp"
#include "simulate/layout.hpp"
#include "solver/solver.hpp"
#include "study/study.hpp"

#include <array>
#include <limits>
#include <optional>

namespace platen::simulation {

/// What the instrument imposes at present.
struct Control {
  enum class Mode { open, current, voltage } mode = Mode::open;
  double target = 0.0; ///< A/m2 or V
  bool operator==(const Control&) const = default;
};

/// Sign changes watched while a step runs; the runner decides what they mean.
enum class Root : std::size_t {
  soft_short_left, soft_short_right, ///< a filament makes first contact
  bridged_left, bridged_right,       ///< a filament spans the electrolyte
  threshold_left, threshold_right,   ///< overpotential crosses the critical one while plating
  contact_left, contact_right,       ///< voids have taken nearly all of the contact
  worn_left, worn_right,             ///< damage has used up the strength of the flaw
  loss_used,                         ///< the first charge has given all that never comes back
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

/// Displacement (m) that frame and springs have taken up, from an origin of no meaning, and the frame's stiffness there (Pa/m).
struct Taken {
  double displacement = 0.0, stiffness = 0.0;
};

/// What has moved the plates since assembly, m; positive presses.
struct Displacement {
  double lithium = 0.0, cathode = 0.0, seating = 0.0, squeezed = 0.0, yielded = 0.0, thermal = 0.0;
  double total() const { return lithium + cathode + seating + squeezed + yielded + thermal; }
};

/// One cell in its fixture as a system of equations.
class CellSystem final : public solver::System {
public:
  CellSystem(const Study& study, const Scatter& scatter);

  // solver::System
  std::size_t size() const override { return at_.count; }
  void derivative(double t, std::span<const double> y, std::span<double> dydt) override;
  bool settle(double t, std::span<double> y) override;
  std::span<const solver::Relaxing> relaxing() const override;
  std::size_t roots() const override { return static_cast<std::size_t>(Root::count); }
  void root(double t, std::span<const double> y, std::span<double> out) override;
  std::string state_name(std::size_t index) const override { return at_.name(index); }
  double absolute_tolerance(std::size_t index) const override;

  /// State of a freshly assembled cell, unpressed.
  std::vector<double> initial_state() const;

  /// This cell as it is, with its capacitances among the states; a copy of itself where they are already.
  CellSystem dynamic_twin() const;
  /// On a twin: its state where the quasi-static cell is at `y` and answers `e`, so that nothing fast is moving.
  std::vector<double> twin_state(std::span<const double> y, const Electrical& e) const;
  const Layout& layout() const { return at_; }

  // What the runner sets between spans of time.
  Control control;
  bool springs_fitted = false;
  std::optional<double> bridged_since;  ///< s: a filament spans the electrolyte; it closes, and no filament grows further
  bool watch_threshold = true;          ///< whether the thresholds' roots are wanted
  std::optional<double> voltage_limit;  ///< V, signed: root when the voltage passes it in the direction of the current
  std::optional<double> current_limit;  ///< A/m2, magnitude below which a voltage hold ends
  double half_cycle_time = 0.0;         ///< s, over which a half cycle's damage is spread; 0: no damage is counted
  /// Temperature is T from time t on, changing at `rate` (K/s).
  void set_temperature(double t, double T, double rate);
  /// The screws were turned until the load cell read the state's pressure: it is the highest from now on.
  void pressure_set(std::span<const double> y) { peak_ = y[at_.pressure]; }

  double temperature(double t) const { return T_ + T_rate_ * (t - T_time_); }
  double stack_pressure(std::span<const double> y) const { return y[at_.pressure]; }
  /// The electrical answer at a state; with dynamic capacitances from their voltages, else quasi-static. Partial contacts
  /// conduct as they do on average.
  const Electrical& electrical(double t, std::span<const double> y);
  /// The same as an instrument sees it: partial contacts flicker, equation (G5).
  Electrical observed(double t, std::span<const double> y);
  /// The network at a state, with what flickers of its filaments apart.
  struct Steady {
    Network network;      ///< `shorted` only as far as it is steady
    double flickers = 0.0; ///< conductance of partial contact at its median, S/m2
  };
  Steady steady_network(double t, std::span<const double> y);
  /// What an instrument sees of a network, with a guess of the ionic current; not for a dynamic system.
  Electrical observed(double t, Steady steady, std::optional<double> guess);
  /// Share of the contact's room that voids fill, on one side.
  double voids(std::span<const double> y, std::size_t side) const;
  /// Contact fraction that creep has closed, the same on both sides.
  double closed_contact(std::span<const double> y) const;
  /// Effective contact of one side, equation (C3): what creep has closed, less what voids have taken.
  double effective_contact(std::span<const double> y, std::size_t side) const;
  /// Depth (m) of the deciding flaw, the same on both sides: intrusion and what rising pressure has added, (M1).
  double flaw(std::span<const double> y) const;
  /// Depth (m) that lithium has reached in the electrolyte from one side: the flaw, pressed open, plus the filament in it,
  /// (G6); 0 for a cathode.
  double tip(std::span<const double> y, std::size_t side) const;
  /// Whether a filament has made contact.
  bool shorting(std::span<const double> y) const;
  /// Critical overpotential of one side at the present depth of its tip, V.
  double critical(std::span<const double> y, std::size_t side) const;
  /// That of the flaw as pressed, V.
  double critical_as_pressed(std::size_t side) const;
  /// Interphase thickness, m.
  double interphase(std::span<const double> y) const;
  /// Thickness of one side's metallic lithium, m.
  double foil(std::span<const double> y, std::size_t side) const;
  /// Charge (C/m2) stored on one side since assembly, from the states alone: metal, filaments, interphase, double layer; (L2).
  double inventory(std::span<const double> y, std::size_t side) const;
  /// Displacement (m) that the fixture has had to take up: lithium gained minus seating, squeeze and thermal mismatch.
  Displacement displacement(double t, std::span<const double> y) const;
  /// What frame and springs have taken up at a state's pressure and friction.
  Taken taken_up(std::span<const double> y) const;

  double frame_stiffness_at(double P) const;
  /// Electronic conductance of the electrolyte, S/m2; 0 when the mechanism is off.
  double leak_conductance() const { return on_.electronic_leakage ? p_.electronic_conductivity / L_ : 0.0; }
  bool has_electrodes() const { return electrodes_; }
  bool full() const { return cathode_.has_value(); }
  /// Is the electrode of this side lithium metal?
  bool is_lithium(std::size_t side) const { return contents_.lithium[side]; }
  double spring_stiffness() const { return spring_stiffness_; } ///< Pa/m; 0 without springs
  /// Stress on the slider of the spring fixture, Pa; 0 without springs.
  double friction(std::span<const double> y) const { return at_.friction == Layout::none ? 0.0 : y[at_.friction]; }
  /// Lithium content of the cathode's particles on average.
  double mean_content(std::span<const double> y) const;
  /// State of charge of the cathode: 0 as made, 1 at full charge.
  double state_of_charge(std::span<const double> y) const;
  /// Lithium content at the surface of the cathode's particles, as far as the resolved modes say.
  double surface_content(std::span<const double> y) const;
  /// Overpotential (V) at the deciding flaw of a lithium electrode while it plates, with the current as focused there.
  double local_overpotential(std::span<const double> y, const Electrical& e, std::size_t side) const;
  /// Local over mean current density at a lithium electrode, equation (M4).
  double focus() const { return full() && on_.uneven_current ? p_.current_focus : 1.0; }
  bool dynamic() const { return dynamic_; }
  bool heating() const { return T_rate_ != 0.0; }
  double electrolyte_thickness() const { return L_; }
  double area() const { return area_; }

private:
  /// Thickness (m) of the film a fresh foil brings: keeps the parabolic law's square away from zero (assumed).
  static constexpr double native_film = 1e-9;
  /// Creep exponent of bulk lithium in the squeeze law (LePage 2019 and others, read).
  static constexpr double bulk_creep_exponent = 6.6;
  /// Thickness (m) for which the squeeze of a foil is taken from the pressure, before it is scaled to the foil's own.
  static constexpr double reference_foil = 100e-6;

  /// What the stack pressure alone decides, the same on both sides.
  struct AtPressure {
    double closure;   ///< of an open contact, 1/s
    double supply;    ///< to a stripping interface, A/m2
    double intrusion; ///< m/s
    double squeeze;   ///< of a foil of the reference thickness, m/s
  };

  /// The ionic current as seen by one side: positive where it plates.
  static double plating(std::size_t side, double ionic) { return side == right ? ionic : -ionic; }
  std::size_t of(std::size_t side, state::Part part) const { return at_.electrode[side] + part; }
  void update_temperature(double T);
  AtPressure at_pressure(double P) const;
  /// `flicker` is the exponent of a partial contact's fluctuation, (G4).
  Network network(double t, std::span<const double> y, double flicker) const;
  /// Conductance of the longest filament, S/m2.
  double shorted(double t, std::span<const double> y, double flicker) const;
  void add_interfaces(Network& n, std::span<const double> y) const;
  void add_cathode(Network& n, std::span<const double> y) const;
  /// What fast modes that are states add to the surface's content, equation (Q7).
  double fast_deviation(std::span<const double> y) const;
  Electrical answer(const Network& n, std::span<const double> y, std::optional<double> guess = {}) const;
  /// Lithium plated (A/m2, per geometric area) at one side.
  double plated_current(std::span<const double> y, const Electrical& e, std::size_t side) const;
  double critical_at_rest(std::span<const double> y, std::size_t side) const;
  /// Share of the critical overpotential that damage leaves.
  double strength_left(std::span<const double> y, std::size_t side) const;
  /// Pressure above the highest so far counts only while the channel works.
  double swing(double P) const;
  double voids_rate(std::size_t side, const AtPressure& at, double plated) const;
  void electrode_rates(std::size_t side, const AtPressure& at, std::span<const double> y, const Electrical& e,
                       std::span<double> dydt) const;
  void cathode_rates(std::span<const double> y, const Electrical& e, std::span<double> dydt) const;
  double expansion_rate(std::span<const double> y, std::span<const double> dydt) const;
  /// All rates that hang on the current, and the answer that they follow.
  Electrical current_rates(const Network& n, const AtPressure& at, std::span<const double> y, std::span<double> dydt) const;
  /// Their mean over the flicker of a partial contact, equation (G8): it is quick against what it drives.
  void flickering_rates(double t, Network n, const AtPressure& at, std::span<const double> y, std::span<double> dydt);
  void fixture_rates(std::span<const double> y, std::span<double> dydt) const;
  void capacitor_rates(const Network& n, std::span<const double> y, const Electrical& e, std::span<double> dydt) const;
  void threshold_roots(std::span<const double> y, const Electrical& e, std::span<double> out) const;
  void remember(double t, std::span<const double> y, const Electrical& e);
  bool remembers(double t, std::span<const double> y) const;

  physics::Parameters p_;
  Mechanisms on_;
  Contents contents_;
  Scatter scatter_;
  physics::Seating seating_;
  std::optional<Cathode> cathode_;
  double reversible_ = 0.0, loss_ = 0.0; ///< charge that the cathode gives back, and that it does not, C/m2
  bool electrodes_ = false;
  bool dynamic_ = false;
  Layout at_;
  double area_ = 0.0, L_ = 0.0, spring_stiffness_ = 0.0;
  std::array<double, 2> foil_{};
  double T_ = 298.15, T_rate_ = 0.0, T_time_ = 0.0, T_start_ = 298.15;
  double tolerance_scale_ = 1.0;
  Flicker flicker_;

  // what settle() switches, fixed during a step
  std::array<physics::VoidsAt, 2> voids_at_{physics::VoidsAt::none, physics::VoidsAt::none};
  double peak_ = 0.0;     ///< highest stack pressure under current since it was set, Pa
  double extended_ = 0.0; ///< what highest pressures have added to every flaw, m
  std::array<solver::Relaxing, physics::particle_modes> modes_{};
  std::array<bool, 2> worn_{}; ///< damage has used up the strength of the flaw
  bool loss_used_ = false;

  // coefficients at the temperature last asked for
  double at_T_ = -1.0;
  double kappa_ = 0.0, i0_ = 0.0, i0_cathode_ = 0.0, D_cathode_ = 0.0, cathode_ohmic_ = 0.0, a_seating_ = 1.0, a_contact_ = 1.0;
  double a_intrusion_ = 1.0, interphase_square_rate_ = 0.0, J_d_ = 0.0, linear_closure_ = 0.0;
  AtPressure at_reference_{}; ///< at 25 MPa; of the closure the part that creeps, of the supply that by creep
  double rate_per_current_ = 0.0;      ///< of the mean content, m2/C
  double deviation_per_current_ = 0.0; ///< of the unresolved modes, m2/A

  // the last swing and the last contact: several laws ask for them at one state
  mutable double closed_at_ = std::numeric_limits<double>::quiet_NaN(), closed_ = 0.0;
  mutable double swing_at_ = 0.0, swing_from_ = 0.0, swing_ = 0.0;

  // the last answer: rates, root functions and rows ask at the same states
  Electrical last_;
  std::vector<double> last_y_;
  double last_t_ = 0.0;
  Control last_control_;
  bool last_holds_ = false;
  std::vector<double> one_draw_; ///< rates at one value of the flicker
};

} // namespace platen::simulation
