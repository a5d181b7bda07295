// Simulated spectra against small sines run in time, against closed forms, and at their limits. Equations: docs/theory/impedance.md,
// (I1) to (I4); docs/theory/cathode.md, (Q7).

#include "base/constants.hpp"
#include "impedance/kramers_kronig.hpp"
#include "impedance_cells.hpp"
#include "numerics/dense.hpp"
#include "physics/cathode.hpp"
#include "physics/contact.hpp"
#include "physics/kinetics.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <numbers>

namespace platen {
namespace {

using simulation::CellSystem, simulation::Control, simulation::Electrical;
using Complex = std::complex<double>;
constexpr double turn = 2.0 * std::numbers::pi;

Complex of_area(const solver::Linearised& cell, double f) { return solver::FrequencyResponse(cell, turn * f).at(turn * f); }

/// The cell with a sine on top of its current.
struct Driven final : solver::System {
  CellSystem& cell;
  double mean, amplitude, omega, start;

  Driven(CellSystem& c, double i, double a, double w, double t) : cell(c), mean(i), amplitude(a), omega(w), start(t) {}
  void drive(double t) { cell.control = {Control::Mode::current, mean + amplitude * std::sin(omega * (t - start))}; }
  std::size_t size() const override { return cell.size(); }
  void derivative(double t, std::span<const double> y, std::span<double> dydt) override {
    drive(t);
    cell.derivative(t, y, dydt);
  }
  bool settle(double t, std::span<double> y) override { return cell.settle(t, y); }
  std::string state_name(std::size_t k) const override { return cell.state_name(k); }
  double absolute_tolerance(std::size_t k) const override { return cell.absolute_tolerance(k); }
};

/// V = polynomial + sine whose amplitude may drift, by least squares; the sine in the middle, over the amplitude of the current.
struct Sine {
  std::vector<double> columns, voltage;
  std::size_t samples;
  static constexpr std::size_t terms = 14;

  explicit Sine(std::size_t n) : columns(terms * n), voltage(n), samples(n) {}
  void set(std::size_t k, double share, double phase, double v) {
    const double s = std::sin(phase), c = std::cos(phase), u = share;
    const std::array<double, terms> row{s, c, 1.0, u, u * u, u * u * u, u * s, u * c, u * u * s, u * u * c,
                                          u * u * u * s, u * u * u * c, u * u * u * u, u * u * u * u * u};
    for (std::size_t j = 0; j < terms; ++j) columns[j * samples + k] = row[j];
    voltage[k] = v;
  }
  Complex over(double amplitude) {
    std::vector<double> x(terms);
    numerics::solve_least_squares(columns, samples, terms, voltage, x);
    return Complex(x[0], x[1]) / amplitude;
  }
};

constexpr double settling = 6, sampled = 8; // periods

/// Impedance (ohm m2) from a run in time with the current of the cell's present control plus a small sine.
Complex in_time(CellAt at, double f, double size) {
  at.t = 0.0;
  const double mean = at.cell.control.target, amplitude = 2e-5 / size;
  Driven driven(at.cell, mean, amplitude, turn * f, at.t);
  solver::Options options = at.options();
  options.maximum_step = 0.05 / f;
  solver::Integrator integrator(driven, options);
  integrator.restart(at.t, at.y);
  constexpr std::size_t per_period = 48;
  Sine sine(static_cast<std::size_t>(sampled) * per_period);
  std::vector<double> y(at.y.size());
  const double end = at.t + (settling + sampled) / f;
  for (std::size_t k = 0; k < sine.samples;) {
    integrator.step(end);
    for (; k < sine.samples; ++k) {
      const double phase = turn * (settling + (static_cast<double>(k) + 0.5) / per_period), t = at.t + phase / (turn * f);
      if (t > integrator.time()) break;
      integrator.interpolate(t, y);
      driven.drive(t);
      const double share = 2.0 * (static_cast<double>(k) + 0.5) / static_cast<double>(sine.samples) - 1.0;
      sine.set(k, share, phase, at.cell.electrical(t, y).voltage - (at.cell.full() ? 3.7 : 0.0));
    }
  }
  return sine.over(amplitude);
}

/// Largest deviation over `frequencies`, with the linearised cell where the run in time has its middle.
double compare(const char* name, const CellAt& start, std::initializer_list<double> frequencies) {
  double worst = 0.0;
  for (const double f : frequencies) {
    CellAt middle = start;
    const Control control = start.cell.control;
    middle.t = 0.0; // so that a nanosecond is not lost beside hours; at a constant temperature nothing depends on the time
    middle.keep((settling + 0.5 * sampled) / f, control);
    const Complex Z = of_area(simulation::linearise(middle.cell, middle.t, middle.y), f);
    const Complex sine = in_time(start, f, std::abs(Z));
    const double off = std::abs(sine - Z) / std::abs(Z);
    std::printf("%-44s %10.3g Hz  %11.5f %+11.5f j ohm cm2, sine off by %.1e\n", name, f, 1e4 * Z.real(), 1e4 * Z.imag(), off);
    worst = std::max(worst, off);
  }
  return worst;
}

const std::string dynamic = "[output]\ncapacitances = \"dynamic\"\ntolerance = 1e-11\n";

TEST(SimulatedImpedance, OfASymmetricCellIsThatOfASmallSineInTime) {
  CellAt cell(impedance_study("symmetric.toml", dynamic));
  cell.press(25e6);
  EXPECT_LT(compare("symmetric, contact hold begins", cell, {1e9, 1e7, 1e5, 1e3, 30.0, 1.0, 0.1}), 1e-4);
  cell.keep(600.0);
  EXPECT_LT(compare("symmetric, 10 min into the contact hold", cell, {1e7, 1e5, 1e3, 1.0, 0.1}), 1e-4);
  cell.press(5e6);
  cell.keep(3600.0);
  EXPECT_LT(compare("symmetric, at rest at 5 MPa", cell, {1e7, 1e3, 0.1, 1e-2}), 1e-4);
  cell.keep(300.0, {Control::Mode::current, 8.0});
  EXPECT_LT(compare("symmetric, stripping faster than the supply", cell, {1e7, 1e3, 1.0, 0.1}), 1e-4);
}

TEST(SimulatedImpedance, OfAFullCellIsThatOfASmallSineInTime) {
  CellAt cell(impedance_study("full-25.5-fixed.toml", dynamic));
  cell.press(25e6);
  cell.keep(1800.0);
  cell.press(5e6);
  cell.keep(3600.0);
  cell.keep(5 * 3600.0, {Control::Mode::current, 1.0});
  EXPECT_LT(compare("full, charging at 0.1 mA/cm2", cell, {1e7, 1e5, 1e3, 10.0, 0.1, 1e-2}), 1e-4);
  cell.keep(1800.0, {Control::Mode::current, -1.0});
  EXPECT_LT(compare("full, discharging at 0.1 mA/cm2", cell, {1e7, 1e3, 1.0, 0.1}), 1e-4);
}

TEST(SimulatedImpedance, OfAFullCellAtRestIsThatOfASmallSineInTimeDownToTheModesOfTheParticle) {
  // A cathode that gives all back: else a sine about zero meets the corner of the first charge, and is rectified.
  CellAt cell(impedance_study("full-25.5-fixed.toml", dynamic + "[override]\n\"cathode.first_efficiency\" = 1\n"));
  cell.press(5e6);
  cell.keep(5 * 3600.0, {Control::Mode::current, 1.0});
  cell.keep(20 * 3600.0);
  EXPECT_LT(compare("full, at rest", cell, {1e7, 1e3, 1.0, 1e-2, 1e-3}), 1e-4);
}

/// The pellet, two films, two double layers: written out. At rest nothing slow takes part.
Complex by_hand(const Study& s, double theta, double film, double f) {
  const physics::Parameters& p = s.parameters;
  const Complex jw(0.0, turn * f);
  const auto arc = [&](double R, double C) { return R / (1.0 + jw * R * C); };
  const double L = s.cell.electrolyte_thickness, kappa = p.conductivity;
  const Complex side = arc(film, p.interphase_capacitance) + arc(p.interface_resistance / theta, p.double_layer_capacitance);
  const Complex ions = arc((1 - p.grain_boundary_share) * L / kappa, p.relative_permittivity * constants::eps0 / L) +
                       arc(p.grain_boundary_share * L / kappa, p.grain_boundary_capacitance) + 2.0 * side;
  return p.lead_resistance * s.cell.area + 1.0 / (1.0 / ions + p.electronic_conductivity / L);
}

TEST(SimulatedImpedance, OfASymmetricCellAtRestIsTheCircuitWrittenOut) {
  const Study study = impedance_study("symmetric.toml", "");
  CellAt at(study);
  at.press(25e6);
  for (const double minutes : {0.0, 5.0, 60.0}) {
    if (minutes > 0.0) at.keep(60.0 * minutes - at.t);
    const double theta = at.cell.effective_contact(at.y, simulation::right);
    const double film = (at.cell.interphase(at.y) - 1e-9) / study.parameters.interphase_conductivity / theta +
                        physics::constriction_resistance(theta, study.parameters.contact_spot_radius, study.parameters.conductivity);
    const Spectrum z = simulation::spectrum(at.cell, at.t, at.y, {.f_high = 1e9, .f_low = 1e-3});
    for (std::size_t k = 0; k < z.size(); ++k) {
      const Complex exact = by_hand(study, theta, film, z.frequency[k]) / study.cell.area;
      EXPECT_LT(std::abs(Complex(z.real[k], z.imaginary[k]) - exact), 1e-8 * std::abs(exact)) << minutes << " min, " << z.frequency[k] << " Hz";
    }
  }
}

/// The same cell while its slow states stand still.
solver::Linearised fast_part(const solver::Linearised& cell, std::size_t slow) {
  const std::size_t n = cell.states - slow;
  solver::Linearised out{n, {}, {}, {}, cell.d};
  for (std::size_t i = slow; i < cell.states; ++i) {
    out.b.push_back(cell.b[i]);
    out.c.push_back(cell.c[i]);
    for (std::size_t j = slow; j < cell.states; ++j) out.A.push_back(cell.A[i * cell.states + j]);
  }
  return out;
}

TEST(SimulatedImpedance, EndsAtTheLeadsAndAtTheSlopeOfTheSameCell) {
  for (const bool full : {false, true})
    for (const double i : {0.0, 3.0, -2.0}) {
      CellAt at(impedance_study(full ? "full-25.5-fixed.toml" : "symmetric.toml", ""));
      at.press(25e6);
      at.keep(1200.0);
      at.press(5e6);
      if (full) at.keep(3 * 3600.0, {Control::Mode::current, 1.0});
      at.keep(60.0, {Control::Mode::current, i});
      const solver::Linearised cell = simulation::linearise(at.cell, at.t, at.y);
      const double lead = at.cell.area() * 0.5; // ohm
      EXPECT_NEAR(of_area(cell, 1e14).real(), lead, 1e-6 * lead);
      const auto at_current = [&](double current) {
        at.cell.control = {Control::Mode::current, current};
        return at.cell.electrical(at.t, at.y).voltage;
      };
      constexpr double step = 1e-3;
      const double slope = (at_current(i + step) - at_current(i - step)) / (2.0 * step);
      const Complex still = of_area(fast_part(cell, at.y.size()), 1e-7);
      EXPECT_NEAR(still.real(), slope, 1e-6 * slope) << (full ? "full" : "symmetric") << " at " << i;
      EXPECT_LT(std::abs(still.imag()), 1e-5 * slope);
      if (!full && i == 0.0) {
        EXPECT_NEAR(std::abs(of_area(cell, 1e-7)), slope, 1e-6 * slope) << "nothing slow takes part at rest";
      }
    }
}

TEST(SimulatedImpedance, TheTwinIsWhereTheQuasiStaticCellIs) {
  for (const char* base : {"symmetric.toml", "full-25.5-fixed.toml"})
    for (const double i : {0.0, 2.0, -1.0}) {
      CellAt at(impedance_study(base, ""));
      at.press(25e6);
      at.keep(1200.0);
      at.press(5e6);
      at.keep(3 * 3600.0, {Control::Mode::current, 0.7});
      at.keep(60.0, {Control::Mode::current, i});
      const Electrical e = at.cell.electrical(at.t, at.y);
      CellSystem twin = at.cell.dynamic_twin();
      const std::vector<double> state = twin.twin_state(at.y, e);
      const Electrical same = twin.electrical(at.t, state);
      EXPECT_NEAR(same.voltage, e.voltage, 1e-12);
      EXPECT_NEAR(same.ionic, e.ionic, 1e-12);
      std::vector<double> slow(at.y.size()), all(state.size());
      at.cell.derivative(at.t, at.y, slow);
      twin.derivative(at.t, state, all);
      for (std::size_t k = 0; k < slow.size(); ++k)
        EXPECT_NEAR(all[k], slow[k], 1e-9 * std::abs(slow[k]) + 1e-15) << base << ", " << at.cell.state_name(k);
      for (std::size_t k = slow.size(); k < all.size(); ++k) // what the current alone would do to it in a second
        EXPECT_LT(std::abs(all[k]), 1e-8 * (std::abs(e.ionic) + 1e-6) / 2e-7) << base << ", " << twin.state_name(k);
    }
}

TEST(SimulatedImpedance, OfDynamicAndQuasiStaticCellsAgree) {
  for (const char* base : {"symmetric.toml", "full-25.5-fixed.toml"}) {
    CellAt still(impedance_study(base, "[output]\ntolerance = 1e-9\n")), moving(impedance_study(base, "[output]\ncapacitances = \"dynamic\"\ntolerance = 1e-9\n"));
    for (CellAt* at : {&still, &moving}) {
      at->press(25e6);
      at->keep(1200.0);
      at->press(5e6);
      at->keep(2 * 3600.0, {Control::Mode::current, 1.0});
    }
    for (const double f : {1e7, 1e4, 10.0, 0.1}) {
      const Complex a = of_area(simulation::linearise(still.cell, still.t, still.y), f);
      const Complex b = of_area(simulation::linearise(moving.cell, moving.t, moving.y), f);
      EXPECT_LT(std::abs(a - b), 1e-5 * std::abs(a)) << base << " " << f << " Hz";
    }
  }
}

/// Diffusion in a sphere with a stated flux at its surface: deviation of the surface per flux of the mean, exact.
Complex sphere(Complex p) {
  const Complex z = std::sqrt(p), twice = std::exp(-2.0 * z);
  return (1.0 / (z * (1.0 + twice) / (1.0 - twice) - 1.0) - 3.0 / p) / 3.0;
}

TEST(SimulatedImpedance, FastModesAreTheSphere) {
  double worst = 0.0;
  for (double x = 3.0; x < 1e5; x *= 1.1) {
    const Complex p(0.0, x);
    Complex sum = 0.0;
    for (const double a : physics::particle_eigenvalues) sum += 2.0 / 3.0 / (p + a);
    for (const physics::FastMode& m : physics::particle_fast_modes) sum += 2.0 / 3.0 * m.weight / (p + m.eigenvalue);
    worst = std::max(worst, std::abs(sum - sphere(p)) / std::abs(sphere(p)));
  }
  std::printf("particle modes against the sphere: %.2f %%\n", 100.0 * worst);
  EXPECT_LT(worst, 0.007);
  double settled = 0.1;
  for (const double a : physics::particle_eigenvalues) settled -= 1.0 / a;
  for (const physics::FastMode& m : physics::particle_fast_modes) settled -= m.weight / m.eigenvalue;
  EXPECT_NEAR(settled, 0.0, 1e-7);
}

TEST(SimulatedImpedance, OfAFullCellHasTheDiffusionOfItsParticles) {
  const Study study = impedance_study("full-25.5-fixed.toml", "[mechanisms]\nelectronic_leakage = false\n");
  const physics::Parameters& p = study.parameters;
  CellAt at(study);
  at.press(5e6);
  at.keep(5 * 3600.0, {Control::Mode::current, 1.0});
  at.keep(20.0, {Control::Mode::current, -1.0}); // no first charge: all that is taken comes back
  const solver::Linearised cell = simulation::linearise(at.cell, at.t, at.y);
  const double R2_D = p.cathode_particle_radius * p.cathode_particle_radius / p.cathode_diffusivity;
  const double per_charge = (p.cathode_discharged - p.cathode_charged) / (study.cell.cathode->areal_capacity * p.cathode_first_efficiency);
  const double slope = physics::open_circuit_slope(at.cell.surface_content(at.y));
  const auto diffusion = [&](double f) { // of the particle: mean and surface, ohm m2
    const Complex s(0.0, turn * f);
    return -slope * per_charge * (1.0 / s + R2_D * sphere(s * R2_D));
  };
  // Between two frequencies so low that everything else is a resistance, the differences are the particle's.
  double worst = 0.0;
  for (double f = 1e-5; f < 0.3; f *= 2.0) {
    const Complex change = of_area(cell, f) - of_area(cell, 2.0 * f), expected = diffusion(f) - diffusion(2.0 * f);
    worst = std::max(worst, std::abs(change - expected) / std::abs(expected));
  }
  std::printf("diffusion of the full cell against the sphere: %.2f %%\n", 100.0 * worst);
  EXPECT_LT(worst, 2.0 * 0.007 / (1.0 - std::sqrt(0.5))) << "what 0.7 % of both terms make of a difference";
  const Complex tail = of_area(cell, 1e-5);
  EXPECT_NEAR(tail.imag(), slope * per_charge / (turn * 1e-5), 0.01 * std::abs(tail.imag())) << "the capacity of the cathode";
  const Complex w = diffusion(0.1);
  EXPECT_NEAR(std::arg(w), -0.25 * std::numbers::pi, 0.03) << "forty-five degrees";
}

TEST(SimulatedImpedance, ObeysKramersAndKronig) {
  for (const char* base : {"symmetric.toml", "full-25.5-fixed.toml"}) {
    CellAt at(impedance_study(base, ""));
    at.press(25e6);
    for (const double hold : {0.0, 1200.0, 7200.0}) {
      if (hold > 0.0) at.keep(hold - at.t);
      const Spectrum z = simulation::spectrum(at.cell, at.t, at.y, {});
      std::vector<Complex> values;
      for (std::size_t k = 0; k < z.size(); ++k) values.emplace_back(z.real[k], z.imaginary[k]);
      const impedance::SpectrumQuality quality = impedance::inspect(z.frequency, values);
      std::printf("%s after %.0f s: violation %.2f %%, drift %.2f %%\n", base, hold, 100.0 * quality.kk.violation, 100.0 * quality.hit.drift);
      EXPECT_TRUE(quality.consistent) << base << ": " << quality.verdict;
      EXPECT_TRUE(quality.drops.empty());
    }
  }
}

TEST(SimulatedImpedance, ShowsTheElectrolytesOwnArc) {
  CellAt at(impedance_study("symmetric.toml", ""));
  at.press(25e6);
  at.keep(3600.0);
  const Spectrum z = simulation::spectrum(at.cell, at.t, at.y, {.f_high = 1e9, .f_low = 1e3});
  const auto peak = std::min_element(z.imaginary.begin(), z.imaginary.end()) - z.imaginary.begin();
  // kappa/(2 pi eps): 240 MHz, of the grains' share of 0.7 of the resistance
  EXPECT_NEAR(std::log10(z.frequency[static_cast<std::size_t>(peak)]), std::log10(0.2 / 0.7 / (turn * 15 * constants::eps0)), 0.15);
}

TEST(SimulatedImpedance, DoesNotDisturbTheRun) {
  const auto run = [&](const std::string& first, const std::string& second) {
    return simulate(impedance_study("symmetric.toml", "test = [\"Hold at 25 MPa for 1 h\", " + first +
                                                          "\"Release to 5 MPa\", \"Plate at 0.3 mA/cm2 for 30 min\"" + second + "]\n"));
  };
  const Record plain = run("", ""), measured = run("\"Every 7 min: measure impedance\", ", ", \"Every 7 min: measure impedance\"");
  ASSERT_EQ(measured.spectra.size(), 8U + 4U);
  for (const std::string_view name : {col::test_time, col::voltage, col::stack_pressure}) {
    const auto a = plain.real(name), b = measured.real(name);
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end())) << name;
  }
  EXPECT_NEAR(*measured.spectra[8].dc_current, 0.3 * 0.785e-3, 1e-12);
  EXPECT_EQ(measured.spectra[8].start, 3600.0 + 420.0);
}

} // namespace
} // namespace platen
