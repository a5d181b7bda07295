#include "corpus/course.hpp"

#include "corpus/twin.hpp"

#include <cmath>
#include <complex>
#include <numbers>

namespace platen::corpus {

void Course::step(StepType type, int cycle) {
  ++steps_;
  now_ = type;
  cycles_ = cycle;
}

void Course::row(const Row& row, double touched) {
  time_.push_back(row.time);
  current_.push_back(row.current);
  voltage_.push_back(row.voltage + touched);
  healthy_.push_back(row.healthy);
  leaked_.push_back(row.voltage - row.healthy);
  unforeseen_.push_back(row.unforeseen);
  pressure_.push_back(row.pressure);
  temperature_.push_back(row.temperature);
  step_.push_back(steps_);
  type_.push_back(static_cast<std::int32_t>(now_));
  cycle_.push_back(cycles_);
}

void Course::contact(double time, bool lost) {
  if (lost && !losing_) lost_.push_back({time, time, 0.0});
  if (lost) lost_.back().end = time;
  losing_ = lost;
}

Record Course::take_record() {
  Record record;
  record.set(col::test_time, std::move(time_));
  record.set(col::current, std::move(current_));
  record.set(col::voltage, std::move(voltage_));
  record.set(col::stack_pressure, std::move(pressure_));
  record.set(col::temperature, std::move(temperature_));
  record.set(twin_column(twin_healthy, std::move(healthy_)));
  record.set(twin_column(twin_leaked, std::move(leaked_)));
  record.set(twin_column(twin_unforeseen, std::move(unforeseen_)));
  record.set(col::step_count, std::move(step_));
  record.set(col::step_type, std::move(type_));
  record.set(col::cycle_count, std::move(cycle_));
  record.spectra = std::move(spectra_);
  return record;
}

Weather::Weather(Draws& draws, bool rough) {
  const bool oven = draws.chance(0.5);
  mean_ = oven ? 273.15 + draws.one_of(std::array{30.0, 40.0, 60.0}) : 273.15 + draws.between(20.0, 27.0);
  wave_ = oven ? 0.2 : draws.between(0.2, 1.5);
  if (rough) wave_ = draws.between(2.0, 6.0);
  phase_ = draws.between(0.0, 2.0 * std::numbers::pi);
  hunting_ = oven ? draws.between(0.0, 0.5) : 0.0;
  hunting_period_ = draws.log_between(300.0, 3600.0);
  drift_ = rough ? draws.between(-5.0, 5.0) / 86400.0 : 0.0;
}

double Weather::at(double time) const {
  constexpr double turn = 2.0 * std::numbers::pi;
  return mean_ + wave_ * std::sin(turn * time / period_ + phase_) + hunting_ * std::sin(turn * time / hunting_period_) +
         drift_ * std::min(time, 4.0 * 86400.0);
}

Spectrum spectrum_of(std::array<double, 2> resistances, double leak, double start, Draws& draws) {
  constexpr int points = 43; // six per decade
  Spectrum s;
  s.start = start;
  s.modulation = Modulation::voltage;
  s.amplitude = 0.01;
  s.dc_current = 0.0;
  double time = start;
  for (int k = 0; k < points; ++k) {
    const double f = 1e6 * std::pow(10.0, -k / 6.0);
    const std::complex<double> jw(0.0, 2.0 * std::numbers::pi * f);
    const double bulk = 0.7 * resistances[0], boundaries = 0.3 * resistances[0], interfaces = resistances[1];
    const std::complex<double> cell = bulk / (1.0 + jw * bulk * 1e-10) + boundaries / (1.0 + jw * boundaries * 1e-8) +
                                      interfaces / (1.0 + std::pow(jw * interfaces * 3e-6, 0.85));
    std::complex<double> z = 1.0 / (1.0 / cell + leak);
    z += 0.003 * std::abs(z) * std::complex<double>(draws.normal(), draws.normal());
    s.frequency.push_back(f);
    s.real.push_back(z.real());
    s.imaginary.push_back(z.imag());
    time += 0.5 + 3.0 / f;
    s.time.push_back(time);
  }
  return s;
}

} // namespace platen::corpus
