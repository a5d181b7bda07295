#pragma once
// What must hold in every run (docs/theory/balances.md), as functions of a study and its record.

#include "physics/cathode.hpp"
#include "record/record.hpp"
#include "study/study.hpp"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <vector>

namespace platen::identities {

inline double largest(std::span<const double> values) {
  double out = 0.0;
  for (double v : values)
    if (std::isfinite(v)) out = std::max(out, std::abs(v));
  return out;
}

/// Charge from the recorded current equals what the two sides have stored.
inline void charge_is_stored(const Study& study, const Record& record) {
  if (study.cell.configuration == Configuration::empty_fixture) return;
  const double turnover = largest(record.real(col::net_capacity)) / *record.cell.area;
  ASSERT_EQ(turnover > 0.0, largest(record.real(col::current)) > 0.0);
  // The balance adds up solver errors over the whole run; a law that loses charge misses by parts of the turnover.
  const double tolerance = 2e-5 * turnover + 0.05; // C/m2; 0.05 C/m2 is 1.4 uAh/cm2
  EXPECT_LT(largest(record.real("charge_balance_left")), tolerance);
  EXPECT_LT(largest(record.real("charge_balance_right")), tolerance);
}

/// The fixture takes up what the cell gains.
inline void fixture_takes_up_the_displacement(const Study&, const Record& record) {
  EXPECT_LT(largest(record.real("force_balance")), 500.0); // Pa, of megapascals
}

inline void states_mean_something(const Study&, const Record& record) {
  for (const char* side : {"left", "right"}) {
    if (!record.has(std::string("contact_") + side)) continue; // a cathode
    for (double theta : record.real(std::string("contact_") + side)) {
      ASSERT_GT(theta, 0.0);
      ASSERT_LE(theta, 1.0 + 1e-9);
    }
    for (double phi : record.real(std::string("void_") + side)) {
      ASSERT_GT(phi, -1e-5);
      ASSERT_LT(phi, 1.0);
    }
  }
  for (double P : record.real(col::stack_pressure)) ASSERT_GE(P, 0.0);
  if (!record.has("surface_content")) return;
  for (double x : record.real("surface_content")) {
    ASSERT_GT(x, 0.0);
    ASSERT_LT(x, 1.0);
  }
  for (double y : record.real("state_of_charge")) {
    ASSERT_GT(y, -0.04); // the open-circuit voltage ends at x = 0.93, a little beyond the content as made
    ASSERT_LT(y, 1.2);
  }
}

inline void no_current_means_no_voltage(const Study& study, const Record& record) {
  if (!record.has("contact_right")) return;            // an empty fixture
  if (study.cell.cathode) return;                      // it rests at its open-circuit voltage
  if (study.output.dynamic_capacitances) return;       // capacitors hold a voltage for a while after a switch
  const auto i = record.real(col::current), v = record.real(col::voltage);
  for (std::size_t k = 0; k < i.size(); ++k)
    if (i[k] == 0.0) {
      ASSERT_EQ(v[k], 0.0);
    }
}

/// Time (s) after which the slowest of the particle's fast modes (Q7) has died out to 1e-7, at 25 degC.
inline double fast_modes_settled(const physics::Parameters& p) {
  return 16.0 * p.cathode_particle_radius * p.cathode_particle_radius / (physics::particle_fast_modes.front().eigenvalue * p.cathode_diffusivity);
}

inline void rests_at_open_circuit(const Study& study, const Record& record) {
  if (!study.cell.cathode) return;
  const auto i = record.real(col::current), v = record.real(col::voltage), x = record.real("surface_content"),
             bypass = record.real("short_current_density"), step = record.real(col::step_time), T = record.real(col::temperature);
  const physics::Parameters& p = study.parameters;
  // After a switch capacitors hold a voltage, and the fast modes of the particle (Q7), which are states beside them, relax.
  const double settled = study.output.dynamic_capacitances ? fast_modes_settled(p) : 0.0; // s
  std::size_t sound = 0;
  for (std::size_t k = 0; k < i.size(); ++k) {
    if (i[k] != 0.0 || step[k] < settled) continue;
    const double U = physics::open_circuit_voltage(x[k]);
    const double known = -1e-6 * physics::open_circuit_slope(x[k]); // V, from a content that is good to 1e-6
    ASSERT_LT(v[k], U + known);
    if (bypass[k] != 0.0) {
      ASSERT_GT(v[k], -known); // the short drains it, down to nothing
      continue;
    }
    // Electronic leakage discharges a little, through at most 1 kohm cm2 and what diffusion in the particle resists.
    const double leak = p.electronic_conductivity * U / study.cell.electrolyte_thickness;
    const double D = p.cathode_diffusivity * physics::arrhenius(p.cathode_diffusivity_activation, T[k]);
    const double per_current = (p.cathode_discharged - p.cathode_charged) / (study.cell.cathode->areal_capacity * p.cathode_first_efficiency);
    const double diffusion = physics::open_circuit_slope(x[k]) *
                             physics::surface_deviation({}, per_current, D, p.cathode_particle_radius);
    ASSERT_NEAR(v[k], U, leak * (0.1 + diffusion)) << "row " << k;
    ++sound;
  }
  EXPECT_GT(sound, 100U);
}

inline void lithium_arrives(const Study& study, const Record& record) {
  // Counted on both sides: what the cathode has lost is what the anode has gained, but for the leakage that both see.
  if (!study.cell.cathode) return;
  const auto a = record.real("inventory_left"), b = record.real("inventory_right");
  const double turnover = std::max(largest(a), largest(b));
  ASSERT_GT(turnover, 1.0);
  for (std::size_t k = 0; k < a.size(); ++k) ASSERT_NEAR(a[k] + b[k], 0.0, 2e-5 * turnover + 0.05) << "row " << k;
}

/// Sum of the columns that are there, row by row.
inline std::vector<double> sum_of(const Record& record, std::initializer_list<const char*> names) {
  std::vector<double> out(record.rows(), 0.0);
  for (const char* name : names)
    if (record.has(name)) {
      const auto column = record.real(name);
      for (std::size_t k = 0; k < out.size(); ++k) out[k] += column[k];
    }
  return out;
}

/// Equation (L5), to rounding and the end of Newton's iteration.
inline void voltage_is_the_sum_of_its_parts(const Study&, const Record& record) {
  if (!record.has("contact_right")) return;
  const auto parts = sum_of(record, {"voltage_open_circuit", "voltage_grains", "voltage_grain_boundaries", "voltage_film_left", "voltage_film_right",
                                     "voltage_transfer_left", "voltage_transfer_right", "voltage_cathode_ohmic",
                                     "voltage_cathode_diffusion", "voltage_leads"});
  const auto v = record.real(col::voltage);
  for (std::size_t k = 0; k < v.size(); ++k) ASSERT_NEAR(v[k], parts[k], 1e-12 + 1e-12 * std::abs(v[k])) << "row " << k;
}

/// Ions, leakage and filaments carry the recorded current, equation (E1); where lithium touches, more than its share.
inline void current_is_the_sum_of_its_parts(const Study& study, const Record& record) {
  if (!record.has("contact_right")) return;
  const auto parts = sum_of(record, {"ionic_current_density", "leak_current_density", "short_current_density"});
  const auto i = record.real(col::current), ionic = record.real("ionic_current_density"), local = record.real("local_current_density_right"),
             theta = record.real("contact_right");
  for (std::size_t k = 0; k < i.size(); ++k) {
    ASSERT_NEAR(i[k] / study.cell.area, parts[k], 1e-10 + 1e-12 * std::abs(parts[k])) << "row " << k;
    ASSERT_GE(std::abs(local[k]) * theta[k], std::abs(ionic[k]) * (1.0 - 1e-12)) << "row " << k; // voids leave less than creep has closed
  }
}

/// Equation (L4), as good as the force balance.
inline void pressure_is_the_sum_of_its_parts(const Study&, const Record& record) {
  const auto parts = sum_of(record, {"pressure_set", "pressure_lithium", "pressure_cathode", "pressure_seating", "pressure_squeezed",
                                     "pressure_yielded", "pressure_thermal", "pressure_friction"});
  const auto P = record.real(col::stack_pressure), residual = record.real("force_balance");
  std::size_t seen = 0;
  for (std::size_t k = 0; k < P.size(); ++k) {
    if (std::isnan(parts[k])) continue; // before the first sentence that sets it
    ASSERT_NEAR(P[k], parts[k], std::abs(residual[k]) * 1.5 + 1e-3) << "row " << k; // a chord is stiffer or softer than a tangent
    ++seen;
  }
  EXPECT_GT(seen, P.size() / 2);
}

/// Equation (N1): the loads of a plating side multiply to eta/eta_c, and the codes are those of the page.
inline void limits_are_codes(const Study&, const Record& record) {
  if (!record.has("contact_right")) return;
  const auto limit = record.real("limit"), i = record.real(col::current);
  for (std::size_t k = 0; k < limit.size(); ++k) {
    ASSERT_EQ(limit[k] == 0.0, i[k] == 0.0) << "row " << k;
    ASSERT_TRUE(limit[k] == 0.0 || limit[k] == 1.0 || limit[k] == 2.0 || limit[k] == 3.0 || limit[k] == 4.0) << "row " << k;
  }
}

/// Every identity; a failure says which, and where it was looked for.
inline void hold_every_one(const Study& study, const Record& record) {
  struct Identity {
    const char* name;
    void (*check)(const Study&, const Record&);
  };
  static constexpr std::array<Identity, 10> all{{{"charge is stored", charge_is_stored},
                                                {"the fixture takes up the displacement", fixture_takes_up_the_displacement},
                                                {"states mean something", states_mean_something},
                                                {"no current means no voltage", no_current_means_no_voltage},
                                                {"a full cell rests at its open-circuit voltage", rests_at_open_circuit},
                                                {"lithium that leaves the cathode arrives", lithium_arrives},
                                                {"current is the sum of its parts", current_is_the_sum_of_its_parts},
                                                {"voltage is the sum of its parts", voltage_is_the_sum_of_its_parts},
                                                {"pressure is the sum of its parts", pressure_is_the_sum_of_its_parts},
                                                {"limits are codes", limits_are_codes}}};
  for (const Identity& identity : all) {
    SCOPED_TRACE(identity.name);
    identity.check(study, record);
  }
}

/// Two records are the same to the last bit: every column, every event.
inline void are_the_same(const Record& a, const Record& b) {
  ASSERT_EQ(a.columns().size(), b.columns().size());
  for (std::size_t c = 0; c < a.columns().size(); ++c) {
    const Column &left = a.columns()[c], &right = b.columns()[c];
    ASSERT_EQ(left.name, right.name);
    ASSERT_EQ(left.values.index(), right.values.index()) << left.name;
    if (const auto* whole = std::get_if<std::vector<std::int32_t>>(&left.values)) {
      ASSERT_EQ(*whole, std::get<std::vector<std::int32_t>>(right.values)) << left.name;
      continue;
    }
    const auto &x = std::get<std::vector<double>>(left.values), &y = std::get<std::vector<double>>(right.values);
    ASSERT_EQ(x.size(), y.size()) << left.name;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!(std::isnan(x[i]) && std::isnan(y[i]))) {
        ASSERT_EQ(x[i], y[i]) << left.name << " row " << i;
      }
  }
  ASSERT_EQ(a.events.size(), b.events.size());
  for (std::size_t k = 0; k < a.events.size(); ++k) {
    ASSERT_EQ(a.events[k].time, b.events[k].time) << k;
    ASSERT_EQ(a.events[k].text, b.events[k].text) << k;
  }
}

} // namespace platen::identities
