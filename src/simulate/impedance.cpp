#include "simulate/impedance.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platen::simulation {
namespace {

/// By which the current density is moved: a hundredth of a usual one, far above rounding (A/m2); the laws are linear in it.
constexpr double current_step = 0.1;

} // namespace

std::vector<double> sweep_frequencies(const step::MeasureImpedance& sweep) {
  const double high = std::log10(sweep.f_high), decades = high - std::log10(sweep.f_low);
  const auto spans = static_cast<std::size_t>(std::max(1.0, std::round(decades * sweep.points_per_decade)));
  std::vector<double> out(spans + 1);
  for (std::size_t k = 0; k <= spans; ++k) out[k] = std::pow(10.0, high - decades * (static_cast<double>(k) / static_cast<double>(spans)));
  out.front() = sweep.f_high;
  out.back() = sweep.f_low;
  return out;
}

solver::Linearised linearise(CellSystem& system, double t, std::span<const double> y) {
  const Electrical e = system.electrical(t, y);
  CellSystem twin = system.dynamic_twin();
  const std::vector<double> state = system.dynamic() ? std::vector<double>(y.begin(), y.end()) : twin.twin_state(y, e);
  const solver::Port port{.set = [&](double i) { twin.control = {Control::Mode::current, i}; },
                          .output = [&](double when, std::span<const double> at) { return twin.electrical(when, at).voltage; },
                          .input = e.current,
                          .step = current_step};
  return solver::linearise(twin, t, state, port);
}

Spectrum spectrum(CellSystem& system, double t, std::span<const double> y, const step::MeasureImpedance& sweep) {
  Spectrum out;
  out.frequency = sweep_frequencies(sweep);
  out.real.reserve(out.size());
  out.imaginary.reserve(out.size());
  constexpr double turn = 2.0 * std::numbers::pi;
  solver::FrequencyResponse response(linearise(system, t, y), turn * std::sqrt(sweep.f_high * sweep.f_low));
  for (const double f : out.frequency) {
    const std::complex<double> Z = response.at(turn * f) / system.area(); // (I1)
    out.real.push_back(Z.real());
    out.imaginary.push_back(Z.imag());
  }
  const Electrical& e = system.electrical(t, y);
  out.start = t;
  out.modulation = Modulation::voltage;
  out.amplitude = sweep.amplitude;
  out.dc_voltage = e.voltage;
  out.dc_current = e.current * system.area();
  out.temperature = system.temperature(t);
  return out;
}

} // namespace platen::simulation
