#include "simulate/runner.hpp"

#include "simulate/impedance.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::simulation {
namespace {

/// What a battery cycler's channel can impose or bear; a step ends there, as it does on the instrument (assumed, the usual
/// 5 V range).
constexpr double instrument_voltage = 5.0;
/// A full cell's channel stops once this multiple of its capacity has passed in one step (assumed, a usual safety limit).
constexpr double overcharge = 2.0;
/// A ramp "until short" ends once filaments carry this share of the current at the end of a half cycle: nobody watching the
/// cell would go on (assumed).
constexpr double bypassed_when_shorted = 0.5;
/// A ramp that never shorts stops here (A/m2): 50 mA/cm2, far beyond any published CCD.
constexpr double ramp_end = 500.0;

/// What multiplies the study's tolerance in the implicit engine, whose errors add up over more steps.
constexpr double implicit_share = 0.1;

solver::Options solver_options(const Study& study, bool stiff) {
  solver::Options o;
  o.relative_tolerance = study.output.relative_tolerance * (stiff ? implicit_share : 1.0);
  o.method = stiff ? solver::Method::implicit_bdf : solver::Method::explicit_runge_kutta;
  return o;
}

bool takes_no_time(const step::Every& every) {
  return std::all_of(every.steps.begin(), every.steps.end(), [](const Step& s) { return std::holds_alternative<step::MeasureImpedance>(s.kind); });
}

std::string_view side_name(std::size_t side) { return side == left ? "left" : "right"; }

} // namespace

Runner::Runner(const Study& study, const work::Task& task)
    : study_(study), task_(task), scatter_(draw_scatter(study.parameters, study.seed)), system_(study, scatter_),
      integrator_(std::make_unique<solver::Integrator>(system_, solver_options(study, system_.dynamic()))), stiff_(system_.dynamic()), recorder_(system_, study.output.parts, study.output.relative_tolerance), y_(system_.initial_state()) {}

void Runner::restart() {
  // A short drains a cathode within minutes and then holds it where its voltage falls off a cliff: seconds beside hours.
  if (!stiff_ && system_.full() && system_.shorting(y_)) {
    before_short_ = integrator_->statistics();
    integrator_ = std::make_unique<solver::Integrator>(system_, solver_options(study_, true));
    stiff_ = true;
  }
  integrator_->restart(t_, y_);
}

solver::Statistics Runner::statistics() const {
  solver::Statistics s = integrator_->statistics();
  s.steps += before_short_.steps;
  s.evaluations += before_short_.evaluations;
  s.error_failures += before_short_.error_failures;
  s.restarts += before_short_.restarts;
  s.root_evaluations += before_short_.root_evaluations;
  return s;
}

Record Runner::run() {
  mark_.started = t_;
  run(study_.test);
  return recorder_.finish(study_.cell.area);
}

void Runner::run(const std::vector<Step>& steps) {
  const bool outermost = &steps == &study_.test;
  const std::optional<Interruption> outer = interruption_;
  for (std::size_t k = 0; k < steps.size() && !over_; ++k) {
    const auto* next = k + 1 < steps.size() ? std::get_if<step::Every>(&steps[k + 1].kind) : nullptr;
    if (next != nullptr) interruption_ = Interruption{.every = next, .start = t_, .instant = takes_no_time(*next)};
    if (outermost) {
      mark_.sentence = static_cast<std::int32_t>(k + 1);
      task_.report(static_cast<double>(k) / static_cast<double>(steps.size()));
    }
    if (!std::holds_alternative<step::Every>(steps[k].kind)) {
      recorder_.event(t_, "step", steps[k].sentence);
      carry_out(steps[k]);
    }
    if (next != nullptr) interruption_ = outer;
  }
}

void Runner::carry_out(const Step& step) {
  try {
    std::visit([this](const auto& s) { carry_out(s); }, step.kind);
  } catch (const Error& e) {
    // A refusal or a solver failure belongs to a sentence: say which.
    std::vector<Diagnostic> diagnostics = e.diagnostics();
    for (Diagnostic& d : diagnostics)
      if (!d.place) d.place = step.place;
    throw Error(std::move(diagnostics));
  }
}

void Runner::set_pressure(double P) {
  // The screws move the frame, not the cell: pressure changes, nothing else does. The springs' slider starts unloaded.
  y_[system_.layout().pressure] = P;
  release_slider();
  system_.pressure_set(y_);
  recorder_.pressure_set(t_, y_);
}

void Runner::release_slider() {
  if (system_.layout().friction != Layout::none) y_[system_.layout().friction] = 0.0;
}

void Runner::carry_out(const step::Hold& s) {
  if (s.temperature) system_.set_temperature(t_, *s.temperature, 0.0);
  set_pressure(s.pressure);
  system_.control = {};
  wait(s.duration, StepType::rest);
}

void Runner::carry_out(const step::FitSprings&) {
  system_.springs_fitted = true;
  release_slider();
  recorder_.pressure_set(t_, y_);
}

void Runner::carry_out(const step::Heat& s) {
  const double from = system_.temperature(t_);
  system_.control = {};
  system_.set_temperature(t_, from, (s.temperature - from) / s.duration);
  wait(s.duration, StepType::rest);
  system_.set_temperature(t_, s.temperature, 0.0);
}

void Runner::carry_out(const step::Rest& s) {
  system_.control = {};
  wait(s.duration, StepType::rest);
}

void Runner::carry_out(const step::Polarise& s) {
  system_.control = {Control::Mode::voltage, s.voltage};
  wait(s.duration, StepType::cv_charge);
  system_.control = {};
}

void Runner::carry_out(const step::HoldVoltage& s) {
  system_.control = {Control::Mode::voltage, s.voltage};
  system_.current_limit = s.current_density;
  const double unlimited = std::numeric_limits<double>::infinity();
  advance(t_ + s.duration.value_or(unlimited), StepType::cv_charge);
  system_.current_limit.reset();
  system_.control = {};
}

Runner::End Runner::constant_current(double i, double voltage, double duration) {
  if (study_.cell.cathode) {
    const double expected = study_.cell.cathode->areal_capacity / std::abs(i);
    duration = std::min(duration, overcharge * expected);
    system_.half_cycle_time = std::min(duration, expected);
  } else {
    system_.half_cycle_time = std::isfinite(duration) ? duration : 0.0;
  }
  system_.control = {Control::Mode::current, i};
  system_.voltage_limit = voltage;
  const bool beyond = (system_.electrical(t_, y_).voltage - voltage) * i >= 0.0; // a root function sees no crossing there
  const End end = advance(beyond ? t_ : t_ + duration, i > 0 ? StepType::cc_charge : StepType::cc_discharge);
  const Electrical& last = system_.electrical(t_, y_);
  bypassed_ = std::abs(last.current - last.ionic) / std::abs(i);
  system_.voltage_limit.reset();
  system_.half_cycle_time = 0.0;
  system_.control = {};
  return beyond ? End::voltage_limit : end;
}

void Runner::carry_out(const step::ConstantCurrent& s) {
  if (s.direction > 0) ++mark_.cycle;
  double duration = s.duration.value_or(std::numeric_limits<double>::infinity());
  if (s.capacity) duration = std::min(duration, *s.capacity / s.current_density);
  constant_current(s.direction * s.current_density, s.voltage.value_or(s.direction * instrument_voltage), duration);
}

bool Runner::half_cycle(const step::Ramp& s, double i) {
  if (s.lower_voltage) {
    const double began = t_;
    constant_current(i, i > 0 ? *s.upper_voltage : *s.lower_voltage, std::numeric_limits<double>::infinity());
    return t_ > began;
  }
  return constant_current(i, std::copysign(instrument_voltage, i), s.duration ? *s.duration : *s.capacity / std::abs(i)) ==
         End::time;
}

void Runner::carry_out(const step::Ramp& s) {
  const double last = s.upper.value_or(ramp_end);
  for (int k = 0;; ++k) {
    const double i = s.start + k * s.increment;
    if (i > last * (1.0 + 1e-9)) {
      if (!s.upper) recorder_.event(t_, "current range", fmt::format("no short up to {:.3g} mA/cm2", last / 10.0));
      return;
    }
    for (int cycle = 0; cycle < s.cycles_per_step; ++cycle) {
      ++mark_.cycle;
      const bool there = half_cycle(s, i), back = (there || s.lower_voltage) && half_cycle(s, -i);
      if (over_) return;
      // A half cycle between two voltages may find its voltage reached before it begins, after another that ended early; both never.
      if (!(s.lower_voltage ? there || back : there && back)) {
        recorder_.event(t_, "voltage limit", fmt::format("the cell could not carry {:.4g} mA/cm2 between {:g} V and {:g} V", i / 10.0,
                                                         s.lower_voltage.value_or(-instrument_voltage), s.upper_voltage.value_or(instrument_voltage)));
        return;
      }
      if (s.until_short && (system_.bridged_since || bypassed_ > bypassed_when_shorted)) return;
    }
  }
}

void Runner::carry_out(const step::MeasureImpedance& s) {
  system_.control = {};
  stretch(t_, StepType::impedance);
  measure(s, t_, y_);
}

void Runner::measure(const step::MeasureImpedance& sweep, double t, std::span<const double> y) {
  Spectrum spectrum = simulation::spectrum(system_, t, y, sweep);
  spectrum.cycle_count = mark_.cycle;
  recorder_.spectrum(std::move(spectrum));
}

void Runner::measure_due(double until, double before) {
  if (!interruption_ || !interruption_->instant) return;
  for (double due = interruption_->due(); due <= until && due < before; due = interruption_->due()) {
    within_.assign(y_.begin(), y_.end());
    if (due > t_) integrator_->interpolate(due, within_);
    for (const Step& step : interruption_->every->steps) measure(std::get<step::MeasureImpedance>(step.kind), std::max(due, t_), within_);
    interruption_->count += 1.0;
  }
}

void Runner::carry_out(const step::Repeat& s) {
  for (int k = 0; k < s.count && !over_; ++k) run(s.steps);
}

void Runner::carry_out(const step::Every&) {}

Runner::End Runner::advance(double t_end, StepType type) {
  const double never = std::numeric_limits<double>::infinity();
  for (;;) {
    const double due = interruption_ && !interruption_->instant ? std::max(t_, interruption_->due()) : never;
    const End end = stretch(std::min(t_end, due), type);
    if (end != End::time || !(t_ < t_end) || over_) return end;
    interrupt();
    if (over_ || !(t_ < t_end)) return over_ ? End::seat_lost : End::time;
  }
}

void Runner::interrupt() {
  Interruption interrupted = *interruption_;
  const Control control = system_.control;
  const auto voltage_limit = system_.voltage_limit, current_limit = system_.current_limit;
  const double half_cycle_time = system_.half_cycle_time;
  interruption_.reset();
  system_.voltage_limit.reset();
  system_.current_limit.reset();
  run(interrupted.every->steps);
  system_.control = control;
  system_.voltage_limit = voltage_limit;
  system_.current_limit = current_limit;
  system_.half_cycle_time = half_cycle_time;
  interrupted.count += 1.0;
  interruption_ = interrupted;
}

void Runner::write_grid(double until) {
  if (study_.output.events_only) return;
  grid_.clear();
  for (;; rows_written_ += 1.0) {
    const double next = mark_.started + (rows_written_ + 1.0) * study_.output.interval;
    if (next >= until) break;
    grid_.push_back(next);
  }
  recorder_.rows(grid_, *integrator_, mark_);
}

Runner::End Runner::stretch(double t_end, StepType type) {
  ++mark_.step;
  mark_.type = type;
  mark_.started = t_;
  recorder_.row(t_, y_, mark_);
  rows_written_ = 0.0;
  if (!study_.output.events_only) recorder_.expect((t_end - t_) / study_.output.interval);
  if (!(t_end > t_)) return End::time;
  system_.watch_threshold = true;
  restart();
  measure_due(t_, t_end);
  End end = End::time;
  while (t_ < t_end && end == End::time) {
    task_.check();
    const solver::Outcome outcome = integrator_->step(t_end);
    measure_due(outcome.t, t_end);
    write_grid(outcome.t);
    t_ = outcome.t;
    std::copy(integrator_->state().begin(), integrator_->state().end(), y_.begin());
    if (charging_at_once() && t_ < t_end) recorder_.row(t_, y_, mark_);
    if (outcome.stop == solver::Stop::root) end = handle(outcome);
  }
  recorder_.row(t_, y_, mark_);
  system_.settle(t_, y_);
  return end;
}

bool Runner::charging_at_once() const {
  return system_.dynamic() && system_.control.mode == Control::Mode::voltage && !study_.output.events_only &&
         t_ < mark_.started + study_.output.interval;
}

Runner::End Runner::handle(const solver::Outcome& outcome) {
  End end = End::time;
  bool anew = false;
  for (std::size_t k = 0; k < outcome.roots.size(); ++k) {
    if (outcome.roots[k] >= 0) continue; // every root function falls through zero when its event happens
    const auto root = static_cast<Root>(k);
    switch (root) {
    case Root::voltage_limit: end = End::voltage_limit; break;
    case Root::current_limit: end = End::current_limit; break;
    case Root::seat_lost:
      end = End::seat_lost;
      over_ = true;
      recorder_.event(t_, "seat lost", "the stack pressure is gone: the fixture no longer holds the cell, the test ends here");
      break;
    case Root::worn_left:
    case Root::worn_right:
    case Root::loss_used: anew = true; break;
    case Root::bridged_left:
    case Root::bridged_right:
      system_.bridged_since = t_;
      anew = true;
      found(root);
      break;
    case Root::soft_short_left:
    case Root::soft_short_right:
      anew = true;
      found(root);
      break;
    case Root::threshold_left:
    case Root::threshold_right:
      system_.watch_threshold = false; // once in a half cycle is news
      anew = true;
      found(root);
      break;
    default: found(root);
    }
  }
  if (anew) restart(); // the right-hand side or the root functions change from here on
  return end;
}

void Runner::found(Root root) {
  const auto k = static_cast<std::size_t>(root);
  const std::size_t side = k % 2;
  const double i = std::abs(system_.control.target) / 10.0;
  const std::string at = system_.control.mode == Control::Mode::current ? fmt::format(" at {:.4g} mA/cm2", i) : std::string();
  switch (root) {
  case Root::soft_short_left:
  case Root::soft_short_right:
    recorder_.event(t_, "soft short", fmt::format("a filament from the {} electrode makes first contact{}", side_name(side), at));
    break;
  case Root::bridged_left:
  case Root::bridged_right:
    recorder_.event(t_, "hard short", fmt::format("a filament from the {} electrode spans the electrolyte{}", side_name(side), at));
    break;
  case Root::threshold_left:
  case Root::threshold_right:
    recorder_.event(t_, "threshold", fmt::format("the {} overpotential passes the critical one{}", side_name(side), at));
    break;
  default:
    recorder_.event(t_, "contact lost", fmt::format("voids have taken the contact of the {} electrode{}", side_name(side), at));
  }
}

} // namespace platen::simulation
