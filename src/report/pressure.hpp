#pragma once
// The analysis of a stack pressure as people and programs read it: text, JSON, figures, a section of a page.

#include "report/report.hpp"

#include <string>
#include <vector>

namespace platen::report {

/// What `platen pressure` answers from: a record, or a load-cell log that became one.
struct PressurePage {
  std::string title;
  Record record;
  PressureAssessment pressure;
};

/// Plain text ending in a newline: noise, jumps, cycles, regression, loops, fixture, holds with their laws, the comparison.
std::string text_pressure(const PressurePage& page);
/// The few rows of it that an assessment's text shows: name and words.
std::vector<std::vector<std::string>> pressure_rows(const PressureAssessment& pressure);
/// platen.pressure/1
std::string json_pressure(const PressurePage& page);
/// The object `pressure` of docs/formats/json.md, as text.
std::string pressure_object(const PressureAssessment& pressure);
/// A page of its own.
std::string html_pressure(const PressurePage& page);
/// What a page says of the pressure, with its figures; empty when there is nothing.
std::string pressure_section(const Record& record, const PressureAssessment& pressure, const std::string& id);

/// Pressure over the test with jumps marked and, where it moved, the temperature; empty without a pressure.
std::string pressure_time_figure(const Record& record, const PressureAssessment& pressure, const std::string& id);
/// Pressure against charge in the first, a middle and the last loop.
std::string pressure_loop_figure(const PressureAssessment& pressure, const std::string& id);
/// Swing, and lowest and highest pressure of each cycle.
std::string pressure_swing_figure(const PressureAssessment& pressure, const std::string& id);
/// One hold over the logarithm of its time, with the laws continued to ten times its length and the forecast.
std::string relaxation_figure(const PressureHold& hold, const std::string& id);
/// Loaded and empty fixture on one time base, and what remains.
std::string empty_fixture_figure(const FixtureComparison& comparison, const std::string& id);

} // namespace platen::report
