// Speed of the analysis of spectra with its result beside it:
//   build/bench/bench_impedance
// Every case is run many times and the median is printed.

#include "impedance/drt.hpp"
#include "impedance/fit.hpp"
#include "impedance/kramers_kronig.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"
#include "simulate/impedance.hpp"
#include "study/read.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <vector>

namespace {

using namespace platen;
using namespace platen::impedance;

double milliseconds(int repeats, const std::function<void()>& run) {
  std::vector<double> times;
  for (int k = 0; k < repeats; ++k) {
    const auto start = std::chrono::steady_clock::now();
    run();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return numerics::median(times);
}

struct Data {
  std::vector<double> frequency;
  std::vector<std::complex<double>> impedance;
};

/// 80 points with noise of 0.5 % of the modulus.
Data measured(const Circuit& circuit, const std::vector<double>& truth) {
  Data data;
  for (int k = 0; k < 80; ++k) data.frequency.push_back(1e-2 * std::pow(10.0, 8.0 * k / 79.0));
  data.impedance = impedance::impedance(circuit, truth, data.frequency);
  numerics::RandomStream random(1, "bench");
  for (auto& z : data.impedance) {
    const double sigma = 0.005 * std::abs(z);
    z += std::complex<double>(sigma * random.normal(), sigma * random.normal());
  }
  return data;
}

void fits(const char* text, const std::vector<double>& truth) {
  const Circuit circuit = Circuit::parse(text);
  const Data data = measured(circuit, truth);
  CircuitModel model(circuit, data.frequency);
  std::vector<std::complex<double>> z(80), d(80 * truth.size());
  const double once = milliseconds(2000, [&] { model.evaluate(truth, z, d); });
  CircuitFit result;
  const double whole = milliseconds(50, [&] { result = fit(circuit, data.frequency, data.impedance); });
  std::printf("%-40s %7.1f us   %6.2f ms   residual %.2f %%, %zu of %zu starts agree\n", text, 1e3 * once, whole,
              100.0 * result.residual, result.agreeing, result.starts);
}

void tests_of_data() {
  const Data data = measured(Circuit::parse("R0-p(R1,CPE1)-p(R2,CPE2)-W1"), {5, 40, 1e-8, 0.95, 80, 1e-5, 0.8, 12});
  LinearKK kk;
  ZHit hit;
  const double linear = milliseconds(100, [&] { kk = linear_kk(data.frequency, data.impedance); });
  const double phase = milliseconds(100, [&] { hit = z_hit(data.frequency, data.impedance); });
  std::printf("linear Kramers-Kronig, %zu elements: %.2f ms, noise %.2f %% found; Z-HIT %.3f ms\n", kk.elements, linear,
              100.0 * kk.noise, phase);
}

void relaxation() {
  const Data data = measured(Circuit::parse("R0-ZARC1-ZARC2"), {10, 50, 1e-3, 0.85, 50, 1e-1, 0.8});
  DrtOptions plain;
  plain.samples = 0;
  Drt drt;
  const double once = milliseconds(50, [&] { drt = relaxation_times(data.frequency, data.impedance, plain); });
  const double bands = milliseconds(10, [&] { drt = relaxation_times(data.frequency, data.impedance); });
  std::printf("relaxation times: %.2f ms, with bands of 200 samples %.1f ms, %zu peaks, residual %.2f %%\n", once, bands,
              drt.peaks.size(), 100.0 * drt.residual);
}

/// 71 points of a cell as it stands: all of it, and the linearisation alone.
void simulated(const char* name, const char* file) {
  const Study study = read_study(std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022" / file);
  simulation::CellSystem cell(study, {});
  std::vector<double> y = cell.initial_state();
  y[cell.layout().pressure] = 5e6;
  cell.control = {simulation::Control::Mode::current, 2.0};
  const step::MeasureImpedance sweep{.f_high = 1e6, .f_low = 0.1};
  Spectrum spectrum;
  solver::Linearised linear;
  const double whole = milliseconds(2000, [&] { spectrum = simulation::spectrum(cell, 0.0, y, sweep); });
  const double half = milliseconds(2000, [&] { linear = simulation::linearise(cell, 0.0, y); });
  solver::FrequencyResponse response(linear, 2e3);
  double sum = 0.0;
  const double each = milliseconds(2000, [&] { sum += response.at(1e3).real(); });
  std::printf("simulated, %zu points of a %s: %.3f ms, of which %.3f ms for the linearisation of %zu states (%zu count), %.2f us per frequency; %.2f ohm at 0.1 Hz\n",
              spectrum.size(), name, whole, half, linear.states, response.size(), 1e3 * each, spectrum.real.back());
}

} // namespace

int main() {
  std::printf("80 points, noise 0.5 %%: impedance with derivatives; fit from 20 starts (the second circuit has five elements)\n");
  fits("R0-p(R1,CPE1)", {12, 340, 3e-7, 0.88});
  fits("R0-p(R1,CPE1)-p(R2,CPE2)", {12, 340, 3e-8, 0.92, 150, 2e-5, 0.8});
  fits("R0-p(R1,CPE1)-p(R2,CPE2)-W1", {5, 40, 1e-8, 0.95, 80, 1e-5, 0.8, 12});
  fits("R0-p(R1,CPE1)-TL1(p(R2,CPE2))", {5, 40, 1e-8, 0.95, 15, 5e-3, 0.9, 60, 3});
  tests_of_data();
  relaxation();
  simulated("symmetric cell", "hold-30min.toml");
  simulated("full cell", "full-25.5-fixed.toml");
  simulated("full cell on springs", "full-25.5-springs.toml");
  return 0;
}
