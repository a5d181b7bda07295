#include "advise/setting.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::advise {
namespace {

template <class Kind> Kind* first_of(std::vector<Step>& test) {
  for (Step& s : test)
    if (auto* found = std::get_if<Kind>(&s.kind)) return found;
  return nullptr;
}

/// Every pressure that a sentence sets after the hold.
std::vector<double*> stack_pressures(std::vector<Step>& test) {
  std::vector<double*> out;
  for (Step& s : test) {
    if (auto* release = std::get_if<step::Release>(&s.kind)) out.push_back(&release->pressure);
    if (auto* set = std::get_if<step::SetStackPressure>(&s.kind)) out.push_back(&set->pressure);
  }
  return out;
}

void set_loading(Cathode& cathode, double loading) {
  const double factor = loading / cathode.loading;
  cathode.loading = loading;
  cathode.areal_capacity *= factor;
  cathode.active_thickness *= factor;
  cathode.thickness *= factor;
}

/// Springs go on after the first release; a test without one gets them after the hold, at its pressure.
void set_fixture(Study& study, const FixtureOption& option) {
  std::vector<Step>& test = study.test;
  std::erase_if(test, [](const Step& s) { return std::holds_alternative<step::FitSprings>(s.kind); });
  study.fixture.kind = option.springs ? FixtureKind::springs : FixtureKind::fixed_gap;
  study.fixture.springs = option.springs;
  if (!option.springs) return;
  auto place = std::find_if(test.begin(), test.end(), [](const Step& s) { return std::holds_alternative<step::Release>(s.kind); });
  if (place == test.end()) place = std::find_if(test.begin(), test.end(), [](const Step& s) { return std::holds_alternative<step::Hold>(s.kind); });
  const Step fit{step::FitSprings{}, "Fit springs", {}};
  test.insert(place == test.end() ? test.begin() : place + 1, fit);
}

} // namespace

Setting setting_of(const Study& study) {
  Setting out;
  out.fill(no_knob);
  std::vector<Step> test = study.test;
  if (const auto* hold = first_of<step::Hold>(test)) {
    at(out, Knob::hold_time) = hold->duration;
    at(out, Knob::hold_pressure) = hold->pressure;
    at(out, Knob::hold_temperature) = hold->temperature.value_or(study.temperature);
  }
  const auto pressures = stack_pressures(test);
  if (!pressures.empty() && std::all_of(pressures.begin(), pressures.end(), [&](const double* p) { return *p == *pressures.front(); }))
    at(out, Knob::stack_pressure) = *pressures.front();
  if (study.cell.cathode) at(out, Knob::loading) = study.cell.cathode->loading;
  at(out, Knob::fixture) = 0.0;
  return out;
}

FixtureOption fixture_of(const Study& study) {
  if (study.fixture.kind != FixtureKind::springs || !study.fixture.springs) return {"fixed gap", std::nullopt, 0.0};
  const Springs& s = *study.fixture.springs;
  return {fmt::format("{} springs of {}", s.count, show(s.rate, "lbf/mm", 3)), s, 0.0};
}

Study turned(Study study, const Setting& from, const Setting& to, const std::vector<FixtureOption>& fixtures) {
  const auto changed = [&](Knob knob) { return at(to, knob) != at(from, knob); };
  if (auto* hold = first_of<step::Hold>(study.test)) {
    if (changed(Knob::hold_time)) hold->duration = at(to, Knob::hold_time);
    if (changed(Knob::hold_pressure)) hold->pressure = at(to, Knob::hold_pressure);
    if (changed(Knob::hold_temperature)) hold->temperature = at(to, Knob::hold_temperature);
  }
  if (changed(Knob::stack_pressure))
    for (double* pressure : stack_pressures(study.test)) *pressure = at(to, Knob::stack_pressure);
  if (changed(Knob::loading) && study.cell.cathode) set_loading(*study.cell.cathode, at(to, Knob::loading));
  if (changed(Knob::fixture)) set_fixture(study, fixtures.at(static_cast<std::size_t>(at(to, Knob::fixture))));
  return study;
}

std::string value_in_words(Knob knob, double value, const std::vector<FixtureOption>& fixtures) {
  if (knob == Knob::fixture) return fixtures.at(static_cast<std::size_t>(value)).name;
  const bool long_time = knob == Knob::hold_time && value >= 2.0 * 3600.0;
  const std::string_view unit = long_time ? "h" : info(knob).unit;
  return fmt::format("{:.4g} {}", in_unit(value, unit), unit);
}

std::string change_in_words(const Setting& from, const Setting& to, const std::vector<FixtureOption>& fixtures) {
  std::string out;
  for (std::size_t k = 0; k < knob_count; ++k) {
    if (from[k] == to[k]) continue;
    const auto knob = static_cast<Knob>(k);
    out += fmt::format("{}{} {} -> {}", out.empty() ? "" : ", ", info(knob).words, value_in_words(knob, from[k], fixtures), value_in_words(knob, to[k], fixtures));
  }
  return out.empty() ? "as it is" : out;
}

namespace {

/// What the cells of Ham et al. 2022 cover: holds of 1 min to 24 h at 25 MPa (at 25 degC where a CCD followed), stack pressures of 1 to 5
/// MPa at 40 degC, loadings of 6.4 to 51.0 mg/cm2, CCDs up to 2.15 mA/cm2 in symmetric and 1.2 mA/cm2 in full cells.
struct Tested {
  double hold_pressure = 25e6, hold_time_least = 60.0, hold_time_most = 86400.0, hold_temperature = 298.15;
  double stack_least = 1e6, stack_most = 5e6, temperature = 313.15;
  double loading_least = 0.064, loading_most = 0.510; // kg/m2
  double ccd_symmetric = 21.5, ccd_full = 12.0;       // A/m2
  double increment_symmetric = 1.27, increment_full = 1.0;
};

bool differs(double a, double b) { return std::abs(a - b) > 0.01 * std::abs(b); }
bool outside(double a, double low, double high) { return a < low * (1.0 - 1e-6) || a > high * (1.0 + 1e-6); }

void untested_ramp(const step::Ramp& ramp, bool full, const Goal& goal, std::vector<std::string>& out) {
  constexpr Tested tested;
  const double usual = full ? tested.increment_full : tested.increment_symmetric;
  if (differs(ramp.increment, usual)) out.push_back(fmt::format("a ramp in steps of {} (the paper's: {})", show(ramp.increment, "mA/cm2", 3), show(usual, "mA/cm2", 3)));
  if (!full && ramp.capacity) out.push_back("half cycles that end at a capacity (the paper's end at a time, taken as 15 min)");
  const double highest = full ? tested.ccd_full : tested.ccd_symmetric;
  if (goal.ccd && *goal.ccd > highest) out.push_back(fmt::format("a goal above the highest measured CCD, {}", show(highest, "mA/cm2", 3)));
}

} // namespace

std::vector<std::string> untested(const Study& study, const Goal& goal) {
  constexpr Tested tested;
  std::vector<std::string> out;
  const bool full = study.cell.cathode.has_value();
  double T = study.temperature, stack = 0.0;
  for (const Step& s : study.test) {
    if (const auto* hold = std::get_if<step::Hold>(&s.kind)) {
      T = hold->temperature.value_or(T);
      if (differs(hold->pressure, tested.hold_pressure)) out.push_back(fmt::format("a contact hold at {} (all the paper's are at 25 MPa)", show(hold->pressure, "MPa", 3)));
      if (outside(hold->duration, tested.hold_time_least, tested.hold_time_most)) out.push_back(fmt::format("a contact hold of {} (the paper's last 1 min to 24 h)", show(hold->duration, "min", 3)));
      if (differs(T, tested.hold_temperature)) out.push_back(fmt::format("a contact hold at {} (CCDs follow holds at 25 degC only)", show(T, "degC", 3)));
    } else if (const auto* release = std::get_if<step::Release>(&s.kind)) stack = release->pressure;
    else if (const auto* set = std::get_if<step::SetStackPressure>(&s.kind)) stack = set->pressure;
    else if (const auto* heat = std::get_if<step::Heat>(&s.kind)) T = heat->temperature;
    else if (const auto* ramp = std::get_if<step::Ramp>(&s.kind)) untested_ramp(*ramp, full, goal, out);
  }
  if (stack > 0.0 && outside(stack, tested.stack_least, tested.stack_most)) out.push_back(fmt::format("a stack pressure of {} (tested: 1 to 5 MPa)", show(stack, "MPa", 3)));
  if (differs(T, tested.temperature)) out.push_back(fmt::format("cycling at {} (tested: 40 degC)", show(T, "degC", 3)));
  if (full && outside(study.cell.cathode->loading, tested.loading_least, tested.loading_most))
    out.push_back(fmt::format("a loading of {} (tested: 6.4 to 51.0 mg/cm2)", show(study.cell.cathode->loading, "mg/cm2", 3)));
  if (!full && study.fixture.kind == FixtureKind::springs) out.push_back("a symmetric cell on springs (only full cells were)");
  return out;
}

} // namespace platen::advise
