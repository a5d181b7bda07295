#include "corpus/described.hpp"

#include "base/constants.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::corpus::described {
namespace {

constexpr double largest_rise = 1e4; ///< of a contact that opens for good

/// What the cycler is told to do.
struct Phase {
  double current = 0.0;  ///< A
  double duration = 0.0; ///< s
  int half_cycle = 0;    ///< of a rest: the one before
  int cycle = 1;
};

struct Program {
  std::vector<Phase> phases;
  int half_cycles = 0;
  double half_cycle = 0.0; ///< s, usual
  double current = 0.0;    ///< A, largest
  double duration() const {
    double out = 0.0;
    for (const Phase& p : phases) out += p.duration;
    return out;
  }
};

/// Resistances and habits of a cell without a short.
struct Body {
  double area, thickness, conductivity; // m2, m, S/m
  double electrolyte, interfaces;       // ohm
  double activation;                    // J/mol
  double asymmetry = 0.0;               // interfaces: larger in one direction, smaller in the other
  double easier = 0.0;                  // share by which the largest current lowers the interfaces' resistance
  double charging = 0.0;                // s
  double voids = 0.0;                   // rise within a half cycle at the largest current
  double void_power = 2.0;
  double peak = 0.0, peak_time = 60.0;  // nucleation
  double break_in = 0.0, break_in_time = 600.0; // native layers: rise of the interfaces at first, s under current
  double drift = 0.0, growth = 0.0;     // relative, over the test: linear; by its square root
  double flutter = 0.0;                 // relative noise of the interfaces
  double tightened = 1.0, tightened_at = 2.0; // factor on the interfaces from a share of the test on
  double opening = 0.0;                 // s under current in which losing contact doubles the interfaces
  bool regained = false;
};

Body draw_body(Draws& d, Look look) {
  Body b{};
  b.area = d.one_of(std::array{0.5e-4, 0.785e-4, 1.0e-4, 1.13e-4, 1.33e-4, 1.77e-4});
  b.thickness = d.log_between(150e-6, 1.2e-3);
  b.conductivity = d.log_between(0.03, 0.8);
  b.electrolyte = b.thickness / b.conductivity / b.area;
  b.interfaces = d.log_between(3e-4, 1e-2) / b.area;
  b.activation = constants::F * d.between(0.28, 0.42);
  if (d.chance(0.5)) b.asymmetry = 0.12 * d.between(-1.0, 1.0);
  if (d.chance(0.4)) b.easier = d.between(0.0, 0.25);
  if (d.chance(0.5)) b.charging = d.log_between(0.05, 30.0);
  b.voids = d.chance(0.5) ? 0.0 : d.between(0.0, 0.5);
  b.void_power = d.between(1.0, 3.0);
  if (d.chance(0.4)) b.peak = d.between(0.02, 0.5);
  b.peak_time = d.log_between(10.0, 300.0);
  if (d.chance(0.3)) b.break_in = d.between(0.05, 0.5);
  b.break_in_time = d.log_between(120.0, 7200.0);
  b.drift = d.between(-0.3, 0.3);
  b.growth = d.chance(0.5) ? 0.0 : d.between(0.0, 0.4);
  if (d.chance(0.3)) b.flutter = d.log_between(1e-3, 1e-2);
  if (look == Look::voids) b.voids = d.between(0.6, 2.0);
  if (look == Look::break_in) b.break_in = d.between(0.6, 4.0);
  if (look == Look::interphase) b.growth = d.between(0.5, 3.0);
  if (look == Look::tightened) b.tightened = d.between(0.5, 0.9);
  if (look == Look::tightened || look == Look::contact_regained) b.tightened_at = d.between(0.3, 0.9);
  if (look == Look::contact_lost || look == Look::contact_regained) b.opening = d.log_between(60.0, 3600.0);
  b.regained = look == Look::contact_regained;
  return b;
}

Program ramp(Draws& d, double area) {
  Program p;
  p.half_cycle = d.one_of(std::array{300.0, 600.0, 900.0, 900.0, 1800.0, 3600.0});
  const std::size_t steps = 6 + d.below(12);
  const int cycles = static_cast<int>(d.one_of(std::array{1.0, 1.0, 1.0, 2.0, 3.0}));
  const double increment = d.one_of(std::array{0.5, 1.0, 1.27, 2.0}) * area;
  const double rest = d.one_of(std::array{0.0, 0.0, 0.0, 60.0, 300.0, 600.0});
  const bool by_charge = d.chance(0.2);
  int cycle = 0;
  p.phases.push_back({0.0, d.log_between(120.0, 7200.0), 0, 1});
  for (std::size_t s = 0; s < steps; ++s) {
    const double current = increment * static_cast<double>(s + 1);
    const double duration = by_charge ? p.half_cycle * 0.5 * static_cast<double>(steps) / static_cast<double>(s + 1) : p.half_cycle;
    for (int c = 0; c < cycles; ++c) {
      ++cycle;
      for (const int direction : {1, -1}) {
        p.phases.push_back({direction * current, duration, p.half_cycles++, cycle});
        if (rest > 0.0) p.phases.push_back({0.0, rest, p.half_cycles - 1, cycle});
      }
    }
  }
  p.current = increment * static_cast<double>(steps);
  return p;
}

/// One current for long, after a few cycles at a lower one or not; in one direction only where the counter electrode is thick.
Program life(Draws& d, double area, bool one_way) {
  Program p;
  p.half_cycle = d.one_of(std::array{900.0, 1800.0, 3600.0, 3600.0, 7200.0});
  p.current = d.one_of(std::array{0.5, 1.0, 2.0, 3.0, 5.0, 10.0}) * area;
  const double rest = one_way ? d.one_of(std::array{300.0, 900.0, 3600.0}) : d.one_of(std::array{0.0, 0.0, 60.0, 600.0});
  const int cycles = 8 + static_cast<int>(d.below(one_way ? 30 : 25));
  const int formation = d.chance(0.3) ? 3 : 0;
  p.phases.push_back({0.0, d.log_between(120.0, 7200.0), 0, 1});
  for (int c = 0; c < formation + cycles; ++c) {
    const double current = p.current * (c < formation ? 0.25 : 1.0);
    p.phases.push_back({current, p.half_cycle, p.half_cycles++, c + 1});
    if (rest > 0.0) p.phases.push_back({0.0, rest, p.half_cycles - 1, c + 1});
    if (one_way) continue;
    p.phases.push_back({-current, p.half_cycle, p.half_cycles++, c + 1});
    if (rest > 0.0) p.phases.push_back({0.0, rest, p.half_cycles - 1, c + 1});
  }
  return p;
}

Program draw_program(Draws& d, double area, const Kind& kind) {
  const double what = d.uniform();
  const bool needs_reversal = kind.leak == LeakKind::dissolves || kind.leak == LeakKind::one_direction || kind.look == Look::voids;
  if (what < 0.6) return ramp(d, area);
  return life(d, area, what > 0.88 && !needs_reversal);
}

/// The cell under its program, instant by instant.
class Symmetric {
public:
  Symmetric(const Kind& kind, std::uint64_t seed)
      : kind_(kind), draws_(seed, "corpus/described/symmetric"), noise_(seed, "corpus/described/flutter"), body_(draw_body(draws_, kind.look)),
        program_(draw_program(draws_, body_.area, kind)), weather_(draws_, kind.look == Look::temperature) {
    bench_ = draw_bench(draws_, {program_.half_cycle, program_.duration(), program_.current, program_.current * (body_.electrolyte + body_.interfaces)}, seed);
    const int from = draws_.chance(0.06) ? 0 : std::max(1, program_.half_cycles / 8);
    beginning_.half_cycle = from + static_cast<int>(draws_.below(static_cast<std::size_t>(program_.half_cycles - from)));
    beginning_.into = draws_.chance(0.1) ? 0.0 : draws_.uniform();
    leak_ = make_leak(kind.leak, beginning_, program_.half_cycle, direction_of(beginning_.half_cycle), seed);
    stop_after_ = kind.leak != LeakKind::none && draws_.chance(0.35) ? draws_.log_between(20.0, 4.0 * program_.half_cycle)
                                                                     : std::numeric_limits<double>::infinity();
    limit_ = draws_.one_of(std::array{0.5, 1.0, 2.0, 5.0, 5.0});
    stops_at_limit_ = draws_.chance(0.5);
    first_row_ = draws_.chance(0.3);
    spectra_ = draws_.chance(0.3);
    pressure_ = draws_.log_between(1e6, 5e7);
    spikes_ = draws_.chance(0.12) ? draws_.log_between(1e-5, 1e-3) : 0.0;
    duration_ = program_.duration();
  }

  Test run(const work::Task& task) {
    for (const Phase& phase : program_.phases) {
      task.check();
      if (over_) break;
      carry_out(phase);
    }
    Test out = finished(course_, kind_, bench_);
    CellInfo& cell = out.ideal.cell;
    cell.configuration = Configuration::symmetric;
    cell.area = body_.area;
    cell.electrolyte_thickness = body_.thickness;
    cell.electrolyte_conductivity = body_.conductivity;
    if (draws_.chance(0.6)) cell.conductivity_activation = body_.activation;
    if (draws_.chance(0.8)) cell.temperature = weather_.mean();
    return out;
  }

private:
  int direction_of(int half_cycle) const {
    for (const Phase& p : program_.phases)
      if (p.half_cycle == half_cycle && p.current != 0.0) return p.current > 0.0 ? 1 : -1;
    return 1;
  }

  /// Multiple of the interfaces' resistance, a healthy one's habits.
  double interfaces(const Phase& phase, double into, double in_phase) {
    const double progress = clock_ / duration_;
    const double load = std::abs(phase.current) / program_.current;
    const double direction = phase.current > 0.0 ? 1.0 : -1.0;
    double out = (1.0 + direction * body_.asymmetry) * (1.0 + body_.drift * progress + body_.growth * std::sqrt(progress));
    out *= 1.0 - body_.easier * load;
    out *= 1.0 + body_.break_in * std::exp(-under_current_ / body_.break_in_time);
    const double opening = body_.voids * std::pow(load, body_.void_power);
    out *= 1.0 + opening * into * into + opened_before_ * std::exp(-6.0 * into);
    out *= 1.0 + body_.peak * std::exp(-in_phase / body_.peak_time);
    if (body_.flutter > 0.0) out *= 1.0 + body_.flutter * noise_.normal();
    if (tightened_) out *= body_.tightened;
    return out;
  }

  /// Voids that grow while lithium is stripped and never quite close again, up to no contact at all; pressure closes them.
  double lost(double step) {
    if (body_.opening == 0.0) return 1.0;
    if (body_.regained && tightened_) lost_ = std::max(1.0, lost_ * std::exp(-step / 60.0));
    else if (begun(step)) lost_ = std::min(largest_rise, lost_ * std::exp2(step / body_.opening));
    return lost_;
  }
  bool begun(double step) {
    if (step > 0.0 && beginning_.reached(at_)) losing_ = true;
    return losing_ && at_.current != 0.0;
  }

  /// Voltage with a leak beside the cell; the interfaces' part follows with a time constant.
  double voltage(double current, double electrolyte, double faces, double leak, double step, double& charged) const {
    const double k = followed(step), divider = 1.0 + electrolyte * leak;
    charged = ((1.0 - k) * charged + k * faces * current / divider) / (1.0 + k * faces * leak / divider);
    return (electrolyte * current + charged) / divider;
  }
  double followed(double step) const { return body_.charging > 0.0 ? -std::expm1(-step / body_.charging) : 1.0; }

  void instant(const Phase& phase, double in_phase, double step) {
    at_.time = clock_;
    at_.step = step;
    at_.current = phase.current;
    at_.half_cycle = phase.half_cycle;
    at_.into = phase.current == 0.0 ? 1.0 : in_phase / phase.duration;
    const double T = weather_.at(clock_);
    const double thermal = std::exp(body_.activation / constants::R * (1.0 / T - 1.0 / constants::T_ref));
    const double electrolyte = body_.electrolyte * thermal;
    const double lost_now = lost(step);
    const double faces = body_.interfaces * thermal * interfaces(phase, at_.into, in_phase) * lost_now;
    at_.resistance = electrolyte + faces / lost_now;
    leak_now_ = leak_->conductance(at_);
    if (phase.current != 0.0) under_current_ += step;
    const double k = followed(step), flutter = body_.flutter * std::abs(phase.current) * faces * std::sqrt(k / (2.0 - k)); // of noise through a low-pass
    now_ = {clock_, phase.current, voltage(phase.current, electrolyte, faces, leak_now_, step, charged_), pressure_at(T), T,
            voltage(phase.current, electrolyte, faces, 0.0, step, charged_healthy_), flutter};
    course_.moment({clock_, share_beside(leak_now_, electrolyte + faces), leak_now_, phase.current == 0.0 ? -1 : phase.half_cycle});
    course_.contact(clock_, phase.current != 0.0 && electrolyte + faces > lost_rise * at_.resistance);
    resistances_ = {electrolyte, faces};
    if (leak_now_ > 0.0 && phase.current != 0.0) shorted_ += step;
  }

  double pressure_at(double T) const {
    return pressure_ * (tightened_ ? 1.5 : 1.0) * (1.0 - 0.006 * std::log1p(clock_ / 600.0)) + 2e4 * (T - weather_.mean());
  }

  void carry_out(const Phase& phase) {
    tightened_ = clock_ / duration_ >= body_.tightened_at; // somebody turns the screws between two steps
    course_.step(phase.current == 0.0 ? StepType::rest : phase.current > 0.0 ? StepType::cc_charge : StepType::cc_discharge, phase.cycle);
    const double interval = phase.current == 0.0 ? std::max(bench_.ideal_interval(), phase.duration / 60.0) : bench_.ideal_interval();
    const auto substeps = static_cast<int>(std::clamp(std::ceil(interval / 2.0), 1.0, 6.0));
    const double start = clock_, step = interval / substeps;
    if (first_row_) {
      instant(phase, 0.0, 1e-3);
      course_.row(now_);
    }
    for (int k = 1; clock_ - start < phase.duration - 1e-9 && !over_; ++k) {
      const double next = std::min(k * step, phase.duration);
      const double passed = next - (clock_ - start);
      clock_ = start + next;
      instant(phase, next, passed);
      const bool limited = std::abs(now_.voltage) >= limit_ && phase.current != 0.0;
      over_ = (limited && stops_at_limit_) || shorted_ >= stop_after_;
      if (k % substeps == 0 || next >= phase.duration || limited || over_) write_row();
      if (limited) break;
    }
    if (phase.current != 0.0) opened_before_ = body_.voids * std::pow(std::abs(phase.current) / program_.current, body_.void_power);
    if (spectra_ && phase.current == 0.0 && spectra_taken_ < 12) {
      course_.spectrum(spectrum_of(resistances_, leak_now_, clock_, draws_));
      ++spectra_taken_;
    }
  }

  /// Now and then somebody touches a cable.
  void write_row() {
    const bool touched = spikes_ > 0.0 && draws_.chance(spikes_);
    course_.row(now_, touched ? 0.3 * draws_.normal() * std::max(std::abs(now_.voltage), 0.01) : 0.0);
  }

  const Kind& kind_;
  Draws draws_, noise_;
  Body body_;
  Program program_;
  Weather weather_;
  Bench bench_;
  Beginning beginning_;
  std::unique_ptr<Leak> leak_;
  Course course_;
  double stop_after_, limit_, pressure_, spikes_, duration_;
  bool stops_at_limit_, first_row_, spectra_;
  int spectra_taken_ = 0;

  double clock_ = 0.0, under_current_ = 0.0, opened_before_ = 0.0, lost_ = 1.0, charged_ = 0.0, charged_healthy_ = 0.0, leak_now_ = 0.0, shorted_ = 0.0;
  bool losing_ = false, over_ = false, tightened_ = false;
  Instant at_;
  Row now_;
  std::array<double, 2> resistances_{};
};

} // namespace

Test symmetric_cell(const Kind& kind, std::uint64_t seed, const work::Task& task) { return Symmetric(kind, seed).run(task); }

} // namespace platen::corpus::described
