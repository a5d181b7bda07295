#include "corpus/described.hpp"

#include "base/constants.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::corpus::described {
namespace {

/// Open-circuit voltage over the state of charge: a line, a drop at the empty end, a rise at the full one.
struct Chemistry {
  std::string_view name;
  double base, slope, curve; // V
  double drop, drop_width, rise, rise_width;
  double low, high; // cut-offs, V
};
constexpr double mAh_per_cm2 = 3.6e4; // C/m2

constexpr std::array chemistries{
    Chemistry{"NCM", 3.55, 0.50, 0.15, 0.6, 0.03, 0.04, 0.03, 2.5, 4.3},
    Chemistry{"NCM, low cut-off", 3.55, 0.50, 0.15, 0.6, 0.03, 0.04, 0.03, 2.8, 4.2},
    Chemistry{"LCO", 3.85, 0.12, 0.22, 0.5, 0.02, 0.03, 0.02, 2.6, 4.2},
    Chemistry{"LFP", 3.42, 0.015, 0.0, 0.7, 0.02, 0.35, 0.015, 2.5, 3.8},
};

struct Body {
  Chemistry chemistry;
  double area, thickness, conductivity; // m2, m, S/m
  double capacity;                      // C
  double loss, fade;                    // of the first charge; per cycle
  double resistance;                    // ohm
  double slow, slow_time;               // ohm, s: diffusion
  double activation;                    // J/mol
  double voids, refill;
  double pressure, stiffness, creep;    // Pa, Pa m2/C, Pa
};

struct Plan {
  double first = 0.0, increment = 0.0; ///< A
  int cycles = 0;
  double rest = 0.0;                   ///< s, after each half cycle
  bool holds = false;                  ///< constant voltage after each charge
  double patience = 2.0;               ///< times the expected duration after which the cycler goes on
  double current(int cycle) const { return first + increment * cycle; }
};

Body draw_body(Draws& d, const Kind& kind) {
  Body b{};
  b.chemistry = chemistries[d.below(chemistries.size())];
  b.area = d.one_of(std::array{0.5e-4, 0.785e-4, 1.0e-4, 1.13e-4});
  b.thickness = d.log_between(100e-6, 1e-3);
  b.conductivity = d.log_between(0.05, 0.8);
  b.capacity = d.log_between(0.8, 6.0) * mAh_per_cm2 * b.area;
  b.loss = d.between(0.03, 0.25);
  b.fade = d.chance(0.6) ? d.between(0.0, 0.004) : d.between(0.004, 0.02);
  b.resistance = b.thickness / b.conductivity / b.area + d.log_between(1e-3, 6e-3) / b.area;
  b.slow = b.resistance * d.between(0.1, 0.8);
  b.slow_time = d.log_between(100.0, 2000.0);
  b.activation = constants::F * d.between(0.28, 0.42);
  b.voids = kind.look == Look::voids ? d.between(0.4, 2.0) : d.between(0.0, 0.3);
  b.refill = d.log_between(100.0, 1500.0);
  b.pressure = d.log_between(2e6, 3e7);
  b.stiffness = d.chance(0.6) ? d.log_between(3.0, 15.0) : d.log_between(0.2, 2.0); // fixed gap or springs
  b.creep = b.pressure * d.between(0.0, 0.03);
  return b;
}

Plan draw_plan(Draws& d, const Body& b) {
  Plan p;
  const double rate = b.capacity / 3600.0; // A, 1C
  const bool ramp = d.chance(0.5);
  p.first = rate * d.log_between(0.05, ramp ? 0.2 : 0.6);
  p.cycles = ramp ? 4 + static_cast<int>(d.below(8)) : 5 + static_cast<int>(d.below(20));
  if (ramp) p.increment = p.first * d.between(0.2, 0.6);
  p.rest = d.one_of(std::array{0.0, 0.0, 300.0, 600.0, 1800.0});
  p.holds = d.chance(0.4);
  p.patience = d.one_of(std::array{1.3, 1.5, 2.0, 3.0});
  return p;
}

class Full {
public:
  Full(const Kind& kind, std::uint64_t seed)
      : kind_(kind), draws_(seed, "corpus/described/full"), body_(draw_body(draws_, kind)), plan_(draw_plan(draws_, body_)),
        weather_(draws_, kind.look == Look::temperature), now_capacity_(body_.capacity) {
    const double mean = plan_.current(plan_.cycles / 2), longest = body_.capacity / plan_.first;
    bench_ = draw_bench(draws_, {body_.capacity / plan_.current(plan_.cycles - 1), 2.0 * plan_.cycles * body_.capacity / mean,
                                 plan_.current(plan_.cycles - 1), driving_voltage}, seed);
    const int cycle = draws_.chance(0.1) ? 0 : 1 + static_cast<int>(draws_.below(static_cast<std::size_t>(plan_.cycles - 1)));
    beginning_ = {2 * cycle, draws_.between(0.02, 0.95)};
    leak_ = make_leak(kind.leak, beginning_, body_.capacity / plan_.current(cycle), 1, seed);
    stop_after_ = kind.leak != LeakKind::none && draws_.chance(0.3) ? draws_.log_between(120.0, longest) : std::numeric_limits<double>::infinity();
    tightened_cycle_ = kind.look == Look::tightened ? 1 + static_cast<int>(draws_.below(static_cast<std::size_t>(plan_.cycles - 1))) : plan_.cycles;
    lost_factor_ = draws_.log_between(4.0, 40.0);
    regains_ = draws_.chance(0.4);
    spectra_ = draws_.chance(0.25);
    pressed_ = body_.pressure;
  }

  Test run(const work::Task& task) {
    rest(draws_.log_between(300.0, 7200.0), 1);
    for (int cycle = 0; cycle < plan_.cycles && !over_; ++cycle) {
      task.check();
      begin_cycle(cycle);
      half_cycle(cycle, 1);
      rest(plan_.rest, cycle + 1);
      half_cycle(cycle, -1);
      rest(plan_.rest, cycle + 1);
    }
    Test out = finished(course_, kind_, bench_);
    CellInfo& cell = out.ideal.cell;
    cell.configuration = Configuration::full;
    cell.area = body_.area;
    cell.electrolyte_thickness = body_.thickness;
    cell.electrolyte_conductivity = body_.conductivity;
    cell.areal_capacity = body_.capacity / body_.area * (1.0 + body_.loss) * draws_.between(0.93, 1.07);
    if (draws_.chance(0.25)) cell.areal_capacity.reset();
    if (draws_.chance(0.8)) cell.temperature = weather_.mean();
    return out;
  }

private:
  void begin_cycle(int cycle) {
    if (cycle > 0) now_capacity_ *= 1.0 - body_.fade;
    if (cycle == tightened_cycle_) {
      pressed_ += 0.4 * body_.pressure;
      better_ = 0.8;
    }
  }

  double open_circuit(double x) const {
    const Chemistry& c = body_.chemistry;
    const double u = c.base + c.slope * x + c.curve * x * x - c.drop * std::exp(-x / c.drop_width) + c.rise * std::exp((x - 1.0) / c.rise_width);
    return std::max(0.0, u);
  }

  /// Contact that is lost from some half cycle on, all of a sudden, and closed by pressure a cycle later or never.
  double lost(int half_cycle) const {
    if (kind_.look != Look::contact_lost || half_cycle < beginning_.half_cycle) return 1.0;
    return regains_ && half_cycle > beginning_.half_cycle + 2 ? 1.0 : lost_factor_;
  }

  /// With contact, without voids, ohm.
  double touching(double T) const {
    return body_.resistance * std::exp(body_.activation / constants::R * (1.0 / T - 1.0 / constants::T_ref)) * better_;
  }

  double resistance(double T, double in_phase) const {
    double out = touching(T) * lost(at_.half_cycle);
    if (at_.current > 0.0) out *= 1.0 + opened_ * std::exp(-in_phase / body_.refill);
    if (at_.current < 0.0) out *= 1.0 + body_.voids * std::min(1.0, at_.into * at_.into);
    return out;
  }

  /// One step of the cell at a current (A), or at a held voltage.
  void advance(double step, double in_phase, std::optional<double> held) {
    clock_ += step;
    const double T = weather_.at(clock_);
    const double R = resistance(T, in_phase);
    at_.time = clock_;
    at_.step = step;
    at_.resistance = kind_.leak == LeakKind::collapse ? 3.0 * R : driving_voltage / set_current_;
    const double G = leak_now_ = leak_->conductance(at_), U = open_circuit(charge_);
    if (held) at_.current = std::clamp((*held - U - slow_) / R + G * *held, 0.0, set_current_); // the cycler's current limit
    const double V = (U + at_.current * R + slow_) / (1.0 + G * R);
    const double inner = at_.current - G * V;
    slow_ += (inner * body_.slow * better_ - slow_) * -std::expm1(-step / body_.slow_time);
    charge_ = charged(charge_, inner, step);
    plated_ += inner * step;
    now_ = {clock_, at_.current, V, pressure(T), T, healthy_voltage(R, step), 0.0};
    const double flowing = std::abs(at_.current);
    course_.moment({clock_, share_of_full(G, set_current_), G, flowing > 0.0 ? at_.half_cycle : -1});
    course_.contact(clock_, flowing > 0.0 && lost(at_.half_cycle) > 1.0);
    if (G > 0.0 && flowing > 0.0) shorted_ += step;
    over_ = over_ || shorted_ >= stop_after_;
  }

  /// State of charge after `step` with `inner` (A) into the electrodes.
  double charged(double before, double inner, double step) const {
    const double room = now_capacity_ * (at_.half_cycle < 2 && inner > 0.0 ? 1.0 + body_.loss : 1.0);
    return std::clamp(before + inner * step / room, -0.2, 1.2);
  }

  /// Of the same cell under the same current without its leak, after one step.
  double healthy_voltage(double R, double step) {
    const double V = open_circuit(healthy_charge_) + at_.current * R + healthy_slow_;
    healthy_slow_ += (at_.current * body_.slow * better_ - healthy_slow_) * -std::expm1(-step / body_.slow_time);
    healthy_charge_ = charged(healthy_charge_, at_.current, step);
    return V;
  }

  double pressure(double T) const {
    return pressed_ + body_.stiffness * plated_ / body_.area - body_.creep * std::log1p(clock_ / 600.0) / 5.0 + 2e4 * (T - weather_.mean());
  }

  /// Rows until `done` says so, for at most `longest`.
  template <class Done> void follow(double longest, std::optional<double> held, Done done) {
    const double interval = bench_.ideal_interval();
    const auto substeps = static_cast<int>(std::clamp(std::ceil(interval / 10.0), 1.0, 6.0));
    const double step = interval / substeps;
    double passed = 0.0;
    for (int k = 1; passed < longest - 1e-9; ++k) {
      const double now = std::min(step, longest - passed);
      passed += now;
      at_.into = passed / expected_;
      advance(now, passed, held);
      const bool end = done() || over_;
      if (k % substeps == 0 || end || passed >= longest - 1e-9) course_.row(now_);
      if (end) return;
    }
  }

  void half_cycle(int cycle, int direction) {
    if (over_) return;
    const Chemistry& c = body_.chemistry;
    set_current_ = plan_.current(cycle);
    expected_ = body_.capacity / set_current_ * (cycle == 0 ? 1.0 + body_.loss : 1.0);
    at_.half_cycle = 2 * cycle + (direction > 0 ? 0 : 1);
    at_.current = direction * set_current_;
    course_.step(direction > 0 ? StepType::cc_charge : StepType::cc_discharge, cycle + 1);
    follow(plan_.patience * expected_, {}, [&] { return direction > 0 ? now_.voltage >= c.high : now_.voltage <= c.low; });
    opened_ = direction < 0 ? body_.voids : 0.0;
    if (direction < 0 || !plan_.holds || over_ || now_.voltage < c.high) return;
    course_.step(StepType::cv_charge, cycle + 1);
    follow(7200.0, c.high, [&] { return at_.current < 0.1 * set_current_; });
  }

  void rest(double duration, int cycle) {
    if (duration <= 0.0 || over_) return;
    at_.current = 0.0;
    if (set_current_ == 0.0) set_current_ = plan_.first;
    course_.step(StepType::rest, cycle);
    expected_ = duration;
    follow(duration, {}, [] { return false; });
    if (!spectra_ || spectra_taken_ >= 8) return;
    const double R = touching(weather_.at(clock_)); // half of it the electrolyte's; what contact costs is the interfaces'
    course_.spectrum(spectrum_of({0.5 * R, (lost(at_.half_cycle) - 0.5) * R}, leak_now_, clock_, draws_));
    ++spectra_taken_;
  }

  const Kind& kind_;
  Draws draws_;
  Body body_;
  Plan plan_;
  Weather weather_;
  Bench bench_;
  Beginning beginning_;
  std::unique_ptr<Leak> leak_;
  Course course_;
  double stop_after_ = 0.0, lost_factor_ = 1.0;
  int tightened_cycle_ = 0, spectra_taken_ = 0;
  bool regains_ = false, spectra_ = false, over_ = false;

  double now_capacity_, charge_ = 0.0, slow_ = 0.0, plated_ = 0.0, clock_ = 0.0, opened_ = 0.0, better_ = 1.0, pressed_ = 0.0, shorted_ = 0.0,
         leak_now_ = 0.0, healthy_charge_ = 0.0, healthy_slow_ = 0.0;
  double set_current_ = 0.0, expected_ = 1.0;
  Instant at_;
  Row now_;
};

} // namespace

Test full_cell(const Kind& kind, std::uint64_t seed, const work::Task& task) { return Full(kind, seed).run(task); }

} // namespace platen::corpus::described
