#include "advise/bench_sheet.hpp"

#include "advise/cycler.hpp"
#include "record/record.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace platen {
namespace {

/// The pressures of a test in its order, with the springs once they are fitted.
class Pressures {
public:
  explicit Pressures(const Study& study) : study_(study) {
    if (const double pressed = study.fabrication.densification_pressure; pressed > 0.0)
      add("press the electrolyte", pressed);
    for (const Step& step : study.test) {
      ++sentence_;
      visit(step);
    }
  }
  std::vector<PressureToSet> take() { return std::move(out_); }

private:
  void visit(const Step& s) {
    if (const auto* hold = std::get_if<step::Hold>(&s.kind)) set(s, hold->pressure);
    else if (const auto* release = std::get_if<step::Release>(&s.kind)) set(s, release->pressure);
    else if (const auto* stack = std::get_if<step::SetStackPressure>(&s.kind)) set(s, stack->pressure);
    else if (std::holds_alternative<step::FitSprings>(s.kind)) fit(s);
    else if (const auto* repeat = std::get_if<step::Repeat>(&s.kind)) visit(repeat->steps);
    else if (const auto* every = std::get_if<step::Every>(&s.kind)) visit(every->steps);
  }
  void visit(const std::vector<Step>& steps) {
    for (const Step& s : steps) visit(s);
  }

  void set(const Step& s, double pressure) {
    pressure_ = pressure;
    add(s.sentence, pressure);
  }
  void fit(const Step& s) {
    fitted_ = study_.fixture.springs.has_value();
    if (pressure_ > 0.0) add(s.sentence, pressure_);
  }
  void add(std::string what, double pressure) {
    PressureToSet row{sentence_, std::move(what), pressure, pressure * study_.cell.area, std::nullopt};
    if (fitted_) row.springs = spring_load(*study_.fixture.springs, pressure, study_.cell.area);
    out_.push_back(std::move(row));
  }

  const Study& study_;
  std::size_t sentence_ = 0;
  double pressure_ = 0.0;
  bool fitted_ = false;
  std::vector<PressureToSet> out_;
};

/// The pressure that a sentence sets without taking time; the present one for those that set none.
double pressure_after(const Step& s, double present) {
  if (const auto* release = std::get_if<step::Release>(&s.kind)) return release->pressure;
  if (const auto* stack = std::get_if<step::SetStackPressure>(&s.kind)) return stack->pressure;
  return present;
}

bool ended_early(const Record& record) {
  return std::any_of(record.events.begin(), record.events.end(), [](const Event& e) { return e.kind == "seat lost"; });
}

/// One stage per sentence that was reached; those that take no time are set by hand and have no rows of their own.
std::vector<Stage> stages_of(const Study& study, const Record& record) {
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure), temperature = record.real(col::temperature);
  const auto sentence = record.integer(col::step_index);
  const bool early = ended_early(record);
  std::vector<Stage> out;
  Stage now;
  now.temperature = study.temperature;
  std::size_t row = 0;
  for (std::size_t k = 0; k < study.test.size(); ++k) {
    if (std::holds_alternative<step::Every>(study.test[k].kind)) continue;
    if (early && row >= time.size()) break;
    now.sentence = k + 1;
    now.text = study.test[k].sentence;
    now.start = now.end;
    now.pressure = pressure_after(study.test[k], now.pressure);
    const bool has_rows = row < time.size() && static_cast<std::size_t>(sentence[row]) == k + 1;
    now.lowest_pressure = now.highest_pressure = has_rows ? pressure[row] : now.pressure;
    for (; row < time.size() && static_cast<std::size_t>(sentence[row]) == k + 1; ++row) {
      now.end = time[row];
      now.pressure = pressure[row];
      now.temperature = temperature[row];
      now.lowest_pressure = std::min(now.lowest_pressure, pressure[row]);
      now.highest_pressure = std::max(now.highest_pressure, pressure[row]);
    }
    out.push_back(now);
  }
  return out;
}

/// Highest current density (A/m2) of every sentence; while a voltage is held the instrument, not the program, says it, but
/// such sentences are no ramps.
std::vector<double> borne_of(const Study& study, const Record& record) {
  std::vector<double> out(study.test.size(), 0.0);
  const auto current = record.real(col::current);
  const auto sentence = record.integer(col::step_index);
  for (std::size_t k = 0; k < current.size(); ++k) {
    const auto number = static_cast<std::size_t>(sentence[k]);
    if (number >= 1 && number <= out.size()) out[number - 1] = std::max(out[number - 1], std::abs(current[k]) / study.cell.area);
  }
  return out;
}

} // namespace

std::string_view label(CyclerMode mode) {
  static constexpr std::array<std::string_view, 8> names{"by hand", "rest", "CC charge", "CC discharge", "CV", "impedance", "loop", "interrupt"};
  return names[static_cast<std::size_t>(mode)];
}

SpringLoad spring_load(const Springs& springs, double pressure, double area) {
  SpringLoad out;
  out.force = pressure * area / springs.count;
  out.compression = out.force / springs.rate;
  out.force_margin = springs.load_limit - out.force;
  out.travel_margin = springs.travel - out.compression;
  return out;
}

BenchSheet bench_sheet(const Study& study, const work::Task& task) {
  BenchSheet sheet;
  sheet.name = study.name;
  sheet.description = study.description;
  sheet.area = study.cell.area;
  if (study.fixture.kind == FixtureKind::springs) sheet.springs = study.fixture.springs;
  if (study.cell.electrolyte_mass > 0.0) sheet.electrolyte_mass = study.cell.electrolyte_mass;
  if (const auto& cathode = study.cell.cathode) {
    sheet.cathode_mass = cathode->loading * study.cell.area;
    sheet.capacity = cathode->areal_capacity * study.cell.area;
  }
  sheet.pressures = Pressures(study).take();
  sheet.warnings = study.warnings;
  std::vector<double> borne;
  try {
    const Record record = simulate(study, task);
    sheet.stages = stages_of(study, record);
    borne = borne_of(study, record);
  } catch (const Error& refused) {
    // The arithmetic stands without the simulation.
    for (Diagnostic d : refused.diagnostics()) {
      d.severity = Severity::warning;
      d.message = "no expected pressures: " + d.message;
      sheet.warnings.push_back(std::move(d));
    }
  }
  Diagnostics diagnostics;
  sheet.cycler = advise::cycler_steps(study, borne, diagnostics);
  const std::vector<Diagnostic> listed = diagnostics.warnings();
  sheet.warnings.insert(sheet.warnings.end(), listed.begin(), listed.end());
  return sheet;
}

} // namespace platen
