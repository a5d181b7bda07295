// Where current, voltage and pressure go: figures of a made-up record whose parts are known.

#include "report/figures.hpp"
#include "report_made_up.hpp"

#include <gmock/gmock.h>
#include <pugixml.hpp>

using namespace platen;
using namespace platen::report;
using testing::HasSubstr;
using testing::Not;

namespace {

/// The made-up ramp with columns as a simulator writes them: each `share` of what was recorded.
Page with_parts() {
  Page page = made_up::ramp();
  Record& r = page.record;
  const auto voltage = r.real(col::voltage), current = r.real(col::current), pressure = r.real(col::stack_pressure);
  const auto add = [&](std::string name, std::string unit, auto value) {
    std::vector<double> values(r.rows());
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = value(k);
    r.set(Column{std::move(name), std::move(unit), "made up", std::move(values)});
  };
  add("voltage_grains", "V", [&](std::size_t k) { return 0.75 * voltage[k]; });
  add("voltage_grain_boundaries", "V", [&](std::size_t) { return 0.0; });
  for (const std::string side : {"left", "right"}) {
    add("voltage_transfer_" + side, "V", [&](std::size_t k) { return 0.1 * voltage[k]; });
    add("voltage_film_" + side, "V", [&](std::size_t) { return 0.0; });
    add("local_current_density_" + side, "A/m2", [&](std::size_t k) { return 2.0 * current[k] / made_up::area; });
  }
  add("voltage_leads", "V", [&](std::size_t k) { return 0.05 * voltage[k]; });
  add("ionic_current_density", "A/m2", [&](std::size_t k) { return current[k] / made_up::area; });
  add("short_current_density", "A/m2", [&](std::size_t) { return 0.0; });
  add("leak_current_density", "A/m2", [&](std::size_t k) { return 1e-6 * current[k] / made_up::area; });
  add("pressure_set", "Pa", [&](std::size_t) { return 5e6; });
  add("pressure_lithium", "Pa", [&](std::size_t k) { return pressure[k] - 5e6; });
  add("pressure_seating", "Pa", [&](std::size_t) { return 5.0; });
  add("limit", "1", [&](std::size_t k) { return k < 180 ? 1.0 : 2.0; }); // the first two half cycles, then the rest
  return page;
}

Window all(const Page& page) { return *whole_test(page.record); }

std::size_t curves(const std::string& svg, const std::string& ink) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(svg.c_str()));
  return document.select_nodes(("//g/path[contains(@class,'" + ink + "')]").c_str()).size();
}

} // namespace

TEST(ReportParts, PartsThatAreNothingAreLeftOut) {
  const Page page = with_parts();
  const std::string svg = voltage_parts_figure(page, all(page), "v");
  EXPECT_THAT(svg, HasSubstr("grains of the electrolyte"));
  EXPECT_THAT(svg, HasSubstr("charge transfer, left"));
  EXPECT_THAT(svg, Not(HasSubstr("grain boundaries")));
  EXPECT_THAT(svg, Not(HasSubstr("film and constriction")));
  EXPECT_EQ(curves(svg, "s2"), 2U) << "charge transfer of both sides";
  const std::string pressure = pressure_parts_figure(page, all(page), "p");
  EXPECT_THAT(pressure, HasSubstr("lithium plated"));
  EXPECT_THAT(pressure, Not(HasSubstr("joints settling"))) << "5 Pa";
}

TEST(ReportParts, WhatAPartCostsIsPositiveInBothDirections) {
  const Page page = with_parts();
  const std::string svg = voltage_parts_figure(page, all(page), "v");
  EXPECT_THAT(svg, Not(HasSubstr("−20"))) << "no tick below zero: the current changes sign, the cost does not";
  EXPECT_THAT(svg, HasSubstr(">80<"));
}

TEST(ReportParts, TheLimitingLawIsAStripInItsRow) {
  const Page page = with_parts();
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(limit_figure(page, all(page), "l").c_str()));
  const auto first = document.select_node("//rect[title[starts-with(., 'threshold')]]").node();
  const auto second = document.select_node("//rect[title[starts-with(., 'supply')]]").node();
  ASSERT_TRUE(first && second);
  EXPECT_GT(first.attribute("y").as_double(), second.attribute("y").as_double()) << "code 1 lies below code 2";
  EXPECT_NEAR(first.attribute("x").as_double() + first.attribute("width").as_double(), second.attribute("x").as_double(), 0.2);
  EXPECT_NEAR(second.attribute("width").as_double() / first.attribute("width").as_double(), 3.0, 0.05) << "six half cycles to two";
}

TEST(ReportParts, LocalCurrentDensityIsInItsUnit) {
  const Page page = with_parts();
  const std::string svg = current_parts_figure(page, all(page), "c");
  EXPECT_THAT(svg, HasSubstr("(mA/cm²)"));
  EXPECT_THAT(svg, HasSubstr("(nA/cm²)"));
  EXPECT_THAT(svg, HasSubstr(">5<")) << "twice the 4 mA/cm2 of the last step need a longer axis";
}

TEST(ReportParts, AMeasuredRecordHasNone) {
  const Page page = made_up::ramp();
  EXPECT_EQ(current_parts_figure(page, all(page), "c"), "");
  EXPECT_EQ(voltage_parts_figure(page, all(page), "v"), "");
  EXPECT_EQ(pressure_parts_figure(page, all(page), "p"), "");
  EXPECT_EQ(limit_figure(page, all(page), "l"), "");
  EXPECT_THAT(html(page), Not(HasSubstr("Where it goes")));
  EXPECT_THAT(html(with_parts()), HasSubstr("Where it goes"));
  EXPECT_THAT(html(with_parts()), HasSubstr("limited, before the short, by"));
}
