#include "report/pressure.hpp"

#include "assess/pressure.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen::report {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A hold of two hours that relaxes, a jump, and three cycles of a full cell.
PressurePage page(bool cycled = true) {
  PressurePage out;
  out.title = "made up <cell>";
  std::vector<double> time, current, pressure;
  numerics::RandomStream r(7, "report pressure");
  double q = 0.0;
  for (double t = 0.0; t < (cycled ? 36000.0 : 7200.0); t += 20.0) {
    double i = 0.0;
    if (t >= 7200.0) i = static_cast<int>((t - 7200.0) / 3600.0) % 2 == 0 ? 1e-3 : -1e-3;
    q += i * 20.0;
    time.push_back(t);
    current.push_back(i);
    const double set = t < 7200.0 ? 25e6 - 1.5e6 * (1.0 - std::exp(-std::pow(t / 900.0, 0.6))) : 5e6 + 1e5 * q;
    pressure.push_back(set + 2e3 * r.normal());
  }
  out.record.set(col::test_time, time);
  if (cycled) out.record.set(col::current, current);
  out.record.set(col::stack_pressure, pressure);
  out.record.cell.area = 1e-4;
  out.record.cell.configuration = Configuration::full;
  out.pressure = assessing::analyse_pressure(out.record, cycled ? find_segments(out.record) : Segments{});
  return out;
}

TEST(ReportPressure, TextSaysWhatWasFound) {
  const std::string text = text_pressure(page());
  EXPECT_THAT(text, HasSubstr("MPa per mAh/cm2"));
  EXPECT_THAT(text, HasSubstr("MPa per um of plated lithium"));
  EXPECT_THAT(text, HasSubstr("by hand"));
  EXPECT_THAT(text, HasSubstr("stretched exponential"));
  EXPECT_THAT(text, HasSubstr("90 % of the change is over after"));
  EXPECT_THAT(text, HasSubstr("fixture"));
  EXPECT_THAT(text_pressure(page(false)), Not(HasSubstr("fixture ")));
}

TEST(ReportPressure, JsonHasEveryPart) {
  const std::string json = json_pressure(page());
  for (const char* member : {"\"schema\": \"platen.pressure/1\"", "\"jumps\"", "\"regression\"", "\"stiffness\"", "\"loops\"", "\"fixture\"", "\"holds\"",
                             "\"ninety_percent\"", "\"hindcast\"", "\"standard_error\"", "\"empty_fixture\": null"})
    EXPECT_THAT(json, HasSubstr(member));
  EXPECT_THAT(json, Not(HasSubstr("nan")));
  EXPECT_THAT(json, Not(HasSubstr("inf,")));
}

TEST(ReportPressure, WhatCannotBeToldOfTheTemperatureIsSaid) {
  PressurePage p = page();
  p.pressure.thermal.emplace();
  p.pressure.thermal->refused = "too little to tell";
  EXPECT_THAT(text_pressure(p), HasSubstr("too little to tell"));
  EXPECT_THAT(html_pressure(p), HasSubstr("cannot be told: too little to tell"));
  const std::string json = json_pressure(p);
  EXPECT_THAT(json, HasSubstr("\"refused\": \"too little to tell\""));
  for (const std::string& text : {text_pressure(p), json}) EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(ReportPressure, ASymmetricCellHasNoStiffness) {
  PressurePage p = page();
  p.record.cell.configuration = Configuration::symmetric;
  p.pressure = assessing::analyse_pressure(p.record, find_segments(p.record));
  ASSERT_TRUE(p.pressure.regression);
  EXPECT_FALSE(p.pressure.regression->stiffness);
  EXPECT_THAT(text_pressure(p), Not(HasSubstr("plated lithium")));
}

TEST(ReportPressure, PageHasItsPictures) {
  PressurePage p = page();
  p.pressure.empty_fixture = assessing::compare_with_empty(p.pressure, p.pressure, "empty.csv");
  const std::string html = html_pressure(p);
  for (const char* id : {"pressure-time", "pressure-loop", "pressure-hold-1", "pressure-empty"}) EXPECT_NE(html.find(id), std::string::npos) << id;
  EXPECT_NE(html.find("made up &lt;cell&gt;"), std::string::npos);
  EXPECT_EQ(html.find("made up <cell>"), std::string::npos);
  for (const char* spoilt : {">nan", " nan", "NaN", ",nan"}) EXPECT_EQ(html.find(spoilt), std::string::npos) << spoilt;
}

TEST(ReportPressure, AnEmptyFixtureThatWasHeldBrieflyIsComparedAllTheSame) {
  const PressurePage p = page(false);
  for (const double length : {300.0, 400.0, 600.0}) { // few readings of the loaded one fall into it, because they are merged
    Record brief;
    std::vector<double> time, pressure;
    for (double t = 0.0; t < length; t += 10.0) {
      time.push_back(t);
      pressure.push_back(25e6 - 1e5 * std::log1p(t / 60.0) + 2e3 * std::sin(t));
    }
    brief.set(col::test_time, time);
    brief.set(col::stack_pressure, pressure);
    const FixtureComparison c = assessing::compare_with_empty(p.pressure, assessing::analyse_pressure(brief, {}), "brief.csv");
    ASSERT_FALSE(c.at.empty()) << length;
    EXPECT_TRUE(std::isfinite(c.at.back().remains.value)) << length;
    EXPECT_TRUE(std::isfinite(c.at.back().remains.error)) << length;
  }
}

TEST(ReportPressure, AnEmptyFixtureAgainstItselfLeavesNothing) {
  const PressurePage p = page(false);
  const FixtureComparison c = assessing::compare_with_empty(p.pressure, p.pressure, "same.csv");
  for (const PressureRemainder& r : c.at) EXPECT_NEAR(r.remains.value, 0.0, 1.0) << r.time;
  EXPECT_NEAR(c.share->value, 1.0, 1e-5);
  EXPECT_THAT(c.reason, HasSubstr("nothing that could be told from zero"));
}

TEST(ReportPressure, AHoldThatCannotBeComparedIsRefused) {
  const PressurePage p = page(false);
  try {
    assessing::compare_with_empty(p.pressure, {}, "none.csv");
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.diagnostics().front().code, "D440");
    EXPECT_THAT(fault.diagnostics().front().message, HasSubstr("the empty fixture"));
  }
}

/// What is stated outside is the law's own: parameters give back what was fitted.
TEST(ReportPressure, LawsAreTheirParameters) {
  const PressurePage p = page(false);
  ASSERT_EQ(p.pressure.holds.size(), 1u);
  const PressureHold& hold = p.pressure.holds.front();
  for (const RelaxationLaw& law : hold.laws)
    for (std::size_t k = 0; k < hold.time.size(); k += 10)
      EXPECT_NEAR(assessing::pressure_by(law, hold.time[k]), law.fitted[k], 1.0) << label(law.kind);
}

} // namespace
} // namespace platen::report
