#include "calibrate/recovery.hpp"

#include "base/error.hpp"
#include "calibrate/record_model.hpp"
#include "instrument/instrument.hpp"
#include "numerics/random.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace platen::calibrate {
namespace {

constexpr std::array<double, 6> holds{30.0, 5.0, 15.0, 60.0, 2.0, 120.0}; ///< min

Study cell_of(double hold) {
  return parse_study(fmt::format(R"(
name = "made up"
temperature = "25 degC"
test = [
  "Hold at 25 MPa for {} min at 25 degC",
  "Release to 5 MPa",
  "Rest for 30 min",
  "Ramp from 0.05 mA/cm2 in steps of 0.05 mA/cm2, 15 min per half cycle, until short",
]
[cell]
area = "0.785 cm2"
layers = [{{ material = "Li", thickness = "100 um" }}, {{ material = "LPSCl", mass = "75 mg" }}, {{ material = "Li", thickness = "100 um" }}]
[fabrication]
densification_pressure = "370 MPa"
[output]
interval = "10 s"
)", hold), "made-up.toml", {});
}

/// What is drawn and fitted; bounds are four deviations of the priors away.
std::vector<Number> numbers() {
  const auto number = [](std::string key, double centre, double factor, std::string unit) {
    const double far = std::pow(factor, 4.0);
    return Number{std::move(key), centre, centre / far, centre * far, true, Prior{std::log(centre), std::log(factor)}, std::move(unit)};
  };
  return {number("interface.resistance", 6e-4, 1.5, "ohm cm2"), number("contact.initial", 0.15, 1.25, "1"), number("contact.closure_time", 800.0, 1.4, "min"),
          number("flaw.depth", 3.4e-6, 1.6, "um"), number("fixture.seating_compliance", 3.6e-13, 1.4, "um/MPa")};
}

/// Within 2.5 deviations, where the laws can be integrated.
std::vector<double> truth_of(std::uint64_t seed) {
  std::vector<double> truth;
  numerics::RandomStream random(seed, "laboratory");
  for (const Number& n : numbers()) truth.push_back(n.unscaled(n.prior->mean + n.prior->deviation * std::clamp(random.normal(), -2.5, 2.5)));
  return truth;
}

Instrument cycler_of(std::uint64_t seed, std::size_t cell) {
  numerics::RandomStream random(seed, "cycler", cell);
  const Systematic s;
  Instrument i = typical_instrument(s.voltage_offset * random.normal());
  i.voltage.gain = 1.0 + s.voltage_gain * random.normal();
  i.pressure.offset = s.pressure_offset * random.normal();
  i.pressure.gain = 1.0 + s.pressure_gain * random.normal();
  i.pressure.drift = 0.0;
  i.pressure_clock_offset = s.pressure_clock * random.normal();
  return i;
}

} // namespace

Calibration calibration_of(std::uint64_t seed, const RecoveryOptions& options, const work::Task& task) {
  CalibrationFile file;
  file.numbers = numbers();
  const std::vector<double> truth = truth_of(seed);
  std::vector<Observation> observations;
  for (std::size_t c = 0; c < options.cells; ++c) {
    const Study study = cell_of(holds[c % holds.size()]);
    Study made = with_numbers(study, file.numbers, truth);
    made.seed = seed * 100 + c + 1;
    Observation o;
    o.entry.name = fmt::format("cell {}", c + 1);
    o.record = measure(simulate(made, task), cycler_of(seed, c), seed * 100 + c);
    o.study = study;
    // A cell that failed at once gives less, as it would in a laboratory.
    const std::vector<std::vector<Observed>> wanted{{Observed::voltage, Observed::stack_pressure, Observed::ccd}, {Observed::stack_pressure, Observed::ccd}, {Observed::stack_pressure}};
    const auto gives = [&](const std::vector<Observed>& observed) {
      o.entry.observed = observed;
      try {
        record_data(o.entry, o.record, o.study);
        return true;
      } catch (const Error&) {
        return false;
      }
    };
    if (std::none_of(wanted.begin(), wanted.end(), gives)) continue;
    observations.push_back(std::move(o));
  }
  CalibrateOptions how;
  how.profiles = options.profiles;
  how.posterior = options.posterior;
  how.threads = options.threads;
  how.bands = 0;
  return calibrate(file, std::move(observations), {}, std::nullopt, how, {}, task);
}

std::vector<Recovered> recover(std::uint64_t seed, const RecoveryOptions& options, const work::Task& task) {
  const std::vector<double> truth = truth_of(seed);
  const Calibration found = calibration_of(seed, options, task);
  std::vector<Recovered> out;
  for (std::size_t j = 0; j < truth.size(); ++j) {
    const Number& n = found.problem.numbers[j];
    Recovered r{n.key, truth[j], found.fit.values[j], found.fit.deviation(j), n.scaled(found.fit.values[j]) - n.scaled(truth[j]), {}};
    for (const Source source : sources)
      if (const auto interval = interval_from(source, found, j)) r.intervals[source] = {interval->low.value_or(n.low), interval->high.value_or(n.high)};
    out.push_back(std::move(r));
  }
  return out;
}

} // namespace platen::calibrate
