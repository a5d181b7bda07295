#include "study/check.hpp"

#include "study/words.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen {
namespace {

template <class... F> struct Overloaded : F... { using F::operator()...; };
template <class... F> Overloaded(F...) -> Overloaded<F...>;

/// Whether the sentence starts with this verb. Plate and Charge run the same current, but mean different
/// cells.
bool says(const Step& s, std::string_view verb) {
  return sentence::same_word(std::string_view(s.sentence).substr(0, verb.size()), verb);
}

/// Walks through the test in its order and keeps what later sentences depend on.
class Checker {
public:
  Checker(const Study& study, Diagnostics& diagnostics) : study_(study), diagnostics_(diagnostics) {}

  void run() {
    walk(study_.test);
    if (study_.fixture.kind == FixtureKind::springs && !fitted_ && !study_.test.empty())
      diagnostics_.error("C059", "the fixture has springs, but the test never fits them",
                         study_.test.front().place,
                         {"add \"Fit springs\" after the contact hold, or write `kind = \"fixed gap\"`"});
  }

private:
  void walk(const std::vector<Step>& steps) {
    const Step* before = nullptr;
    for (const Step& step : steps) {
      check(step, before);
      before = &step;
    }
  }

  void check(const Step& s, const Step* before) {
    std::visit(Overloaded{
                   [&](const step::Hold& hold) { set_pressure(s, hold.pressure); },
                   [&](const step::Release& release) { set_pressure(s, release.pressure); },
                   [&](const step::SetStackPressure& set) { set_pressure(s, set.pressure); },
                   [&](const step::FitSprings&) { fit(s); },
                   [&](const step::Heat&) {},
                   [&](const step::Rest&) {},
                   [&](const step::Ramp& ramp) {
                     if (!needs_current(s) || blocks(s) || !ramp.lower_voltage) return;
                     needs_full_cell(s, "a ramp between voltages",
                                     "end half cycles by time or charge: `, 15 min per half cycle`");
                     check_voltage(s, *ramp.lower_voltage);
                     check_voltage(s, *ramp.upper_voltage);
                   },
                   [&](const step::ConstantCurrent& constant) { constant_current(s, constant); },
                   [&](const step::HoldVoltage& hold) {
                     if (needs_current(s)) check_voltage(s, hold.voltage);
                   },
                   [&](const step::Polarise& polarise) {
                     if (needs_current(s)) check_voltage(s, polarise.voltage);
                   },
                   [&](const step::MeasureImpedance&) { needs_current(s); },
                   [&](const step::Repeat& repeat) { walk(repeat.steps); },
                   [&](const step::Every& every) { interrupt(s, every, before); },
               },
               s.kind);
  }

  void constant_current(const Step& s, const step::ConstantCurrent& constant) {
    if (!needs_current(s) || blocks(s)) return;
    const bool by_charge = says(s, "Charge") || says(s, "Discharge");
    if (by_charge)
      needs_full_cell(s, "Charge and Discharge",
                      "in a symmetric cell write Plate (lithium onto the right electrode) or Strip");
    else if (study_.cell.configuration == Configuration::symmetric && constant.voltage &&
             !(constant.capacity || constant.duration))
      diagnostics_.warning("C064", "a symmetric cell may never reach this voltage", s.place,
                           {"add `or for 1 h` to be sure of an end"});
    if (constant.voltage) check_voltage(s, *constant.voltage);
  }

  /// A full cell is neither driven nor held where its cathode or the instrument cannot go.
  void check_voltage(const Step& s, double voltage) {
    constexpr double lowest = 1.5, highest = 5.0; // V; a usual channel ends at 5 V, layered oxides are spent below 1.5 V
    if (study_.cell.configuration != Configuration::full || (voltage >= lowest && voltage <= highest)) return;
    diagnostics_.error("C066",
                       fmt::format("{} is outside what a full cell is cycled between, {:g} to {:g} V",
                                   show(voltage, "V"), lowest, highest),
                       s.place, {"for example between 2.5 V and 4.3 V"});
  }

  /// Current, voltage and impedance need a cell under pressure. @returns whether the sentence can be looked
  /// at further.
  bool needs_current(const Step& s) {
    if (study_.cell.configuration == Configuration::empty_fixture) {
      diagnostics_.error("C060", "the empty fixture carries no current", s.place,
                         {"give [cell] its layers, or leave the sentence out"});
      return false;
    }
    if (pressure_ <= 0.0)
      diagnostics_.error(
          "C062", "the cell is asked for current before any pressure was set", s.place,
          {"start with a contact hold, \"Hold at 25 MPa for 30 min\", or \"Set stack pressure to 5 MPa\""});
    return true;
  }

  /// A stated current has nowhere to go between electrodes that block ions.
  bool blocks(const Step& s) {
    if (study_.cell.configuration != Configuration::blocking) return false;
    diagnostics_.error("C071", "a pellet between electrodes that block ions takes no current of its own", s.place,
                       {"polarise it (\"Polarise at 100 mV for 3 min\") or measure its impedance; for plating give it lithium on both sides"});
    return true;
  }

  void needs_full_cell(const Step& s, std::string_view what, std::string hint) {
    if (study_.cell.configuration == Configuration::symmetric)
      diagnostics_.error("C061", fmt::format("{} needs a full cell, and this one is symmetric", what),
                         s.place, {std::move(hint)});
  }

  void set_pressure(const Step& s, double pressure) {
    pressure_ = pressure;
    if (fitted_) check_springs(s);
  }

  void fit(const Step& s) {
    if (study_.fixture.kind != FixtureKind::springs || !study_.fixture.springs) {
      diagnostics_.error("C059", "there are no springs to fit", s.place,
                         {"write `kind = \"springs\"` and `springs = { count = 3, rate = \"5.5 lbf/mm\", "
                          "load_limit = \"53 lbf\", "
                          "travel = \"9.6 mm\" }` in [fixture]"});
      return;
    }
    fitted_ = true;
    if (pressure_ > 0.0) check_springs(s);
  }

  void check_springs(const Step& s) {
    const Springs& springs = *study_.fixture.springs;
    const double load = pressure_ * study_.cell.area / springs.count;
    const double compression = load / springs.rate;
    if (load > springs.load_limit)
      diagnostics_.error(
          "C057",
          fmt::format("{} on {} springs loads each with {} ({}), more than its limit of {}",
                      show(pressure_, "MPa"), springs.count, show(load, "N"), show(load, "lbf"),
                      show(springs.load_limit, "N")),
          s.place,
          {"springs go on after the contact hold; use stronger springs, more of them, or a lower pressure"});
    else if (compression > springs.travel)
      diagnostics_.error("C058",
                         fmt::format("{} compresses each spring by {}, more than its travel of {}",
                                     show(pressure_, "MPa"), show(compression, "mm"),
                                     show(springs.travel, "mm")),
                         s.place, {"use stiffer springs, more of them, or a lower pressure"});
  }

  void interrupt(const Step& s, const step::Every& every, const Step* before) {
    const bool timed = before != nullptr && !std::holds_alternative<step::Release>(before->kind) &&
                       !std::holds_alternative<step::SetStackPressure>(before->kind) &&
                       !std::holds_alternative<step::FitSprings>(before->kind) &&
                       !std::holds_alternative<step::MeasureImpedance>(before->kind) &&
                       !std::holds_alternative<step::Every>(before->kind);
    if (!timed)
      diagnostics_.error("C063",
                         "`Every` interrupts the sentence before it, and there is none that takes time",
                         s.place, {"write it after a Hold, Rest, Heat, Ramp, Plate ... of the same list"});
    walk(every.steps);
  }

  const Study& study_;
  Diagnostics& diagnostics_;
  double pressure_ = 0.0; ///< last set, Pa
  bool fitted_ = false;
};

} // namespace

void check_test(const Study& study, Diagnostics& diagnostics) { Checker(study, diagnostics).run(); }

} // namespace platen
