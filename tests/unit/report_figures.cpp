#include "report/figures.hpp"
#include "report_made_up.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <pugixml.hpp>
#include <set>

using namespace platen;
using namespace platen::report;

namespace {

Page with_hold(double seconds) {
  Page page = made_up::ramp();
  page.record.cell.contact_hold_time = seconds;
  return page;
}

} // namespace

TEST(ReportFigures, ALineHasItsPointsWhereTheAxesSay) {
  const std::vector<double> x{0.0, 5.0, 10.0}, y{0.0, 1.0, 0.5};
  Figure figure;
  figure.id = "f";
  figure.standalone = true;
  figure.x = {0.0, 10.0, Scale::linear};
  Panel panel;
  panel.y = {0.0, 1.0, Scale::linear};
  panel.height = 100.0;
  panel.lines.push_back({x, y, {}, {}, Ink::blue, "", false, 1.0});
  panel.markers.push_back({10.0, 0.5, Shape::cross, Ink::blue, true, "here"});
  figure.panels.push_back(panel);
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(render(figure).c_str()));
  const auto svg = document.child("svg");
  EXPECT_STREQ(svg.attribute("xmlns").value(), "http://www.w3.org/2000/svg");
  const auto frame = svg.child("clipPath").child("rect");
  const double left = frame.attribute("x").as_double(), top = frame.attribute("y").as_double();
  const double width = frame.attribute("width").as_double();
  const std::string d = svg.child("g").child("path").attribute("d").value();
  const auto tenth = [](double v) { return std::round(v * 10) / 10; };
  EXPECT_EQ(d, fmt::format("M{},{}L{},{} {},{}", tenth(left), tenth(top + 100), tenth(left + width / 2), tenth(top),
                           tenth(left + width), tenth(top + 50)));
  // a cross starts at its upper left corner
  const std::string marker = document.select_node("//path[title='here']").node().attribute("d").value();
  EXPECT_THAT(marker, testing::StartsWith(fmt::format("M{:.1f},{:.1f}l8,8", left + width - 4, top + 50 - 4)));
  // the lowest tick's label stands at the frame's lower edge, the highest at its upper one
  EXPECT_NEAR(document.select_node("//text[.='0.0']").node().attribute("y").as_double(), top + 100, 6.0);
  EXPECT_NEAR(document.select_node("//text[.='1.0']").node().attribute("y").as_double(), top, 6.0);
}

TEST(ReportFigures, TheCyclingPartIsShownWhenTheHoldHidesIt) {
  Page page = made_up::ramp();
  EXPECT_FALSE(while_current_flows(page)) << "the whole test is cycling already";
  auto pressure = page.record.real(col::stack_pressure);
  for (std::size_t k = 0; k < 5; ++k) pressure[k] = 25e6;
  page.assessment.half_cycles.erase(page.assessment.half_cycles.begin());
  const auto window = while_current_flows(page);
  ASSERT_TRUE(window) << "25 MPa flattens a swing of 0.02 MPa";
  EXPECT_LE(window->from, 900.0);
}

TEST(ReportFigures, TheShortIsShownWithItsNeighbours) {
  const Page page = made_up::ramp(20);
  const auto window = around_short(page);
  ASSERT_TRUE(window);
  EXPECT_LE(window->from, *page.assessment.onset - 450.0);
  EXPECT_GE(window->to, *page.assessment.onset);
  EXPECT_EQ(window->zero, page.assessment.onset);
  Page healthy = made_up::ramp(20);
  healthy.assessment.onset.reset();
  EXPECT_FALSE(around_short(healthy));
}

TEST(ReportFigures, CellsOfOneHoldStandSideBySide) {
  pugi::xml_document document;
  const Page minute = with_hold(60), half_hour = with_hold(1800);
  ASSERT_TRUE(document.load_string(ccd_figure({&minute, &half_hour, &half_hour}, nullptr, "c").c_str()));
  std::set<std::string> places;
  for (const auto& found : document.select_nodes("//g/path[title]"))
    places.insert(std::string(found.node().attribute("d").value()).substr(0, 6));
  EXPECT_EQ(places.size(), 3u);
}

TEST(ReportFigures, StepsAfterTheShortAreNotCalledPassed) {
  Page page = made_up::ramp();
  EXPECT_EQ(asr_figure(page.assessment, "a").find("after the short"), std::string::npos);
  page.assessment.steps.push_back(page.assessment.steps.front());
  EXPECT_NE(asr_figure(page.assessment, "a").find("after the short"), std::string::npos);
}

TEST(ReportFigures, APressureSetBeforeCyclingDoesNotFlattenThePart) {
  Page page = made_up::ramp();
  page.assessment.half_cycles.erase(page.assessment.half_cycles.begin());
  auto pressure = page.record.real(col::stack_pressure);
  for (std::size_t k = 0; k < 90; ++k) pressure[k] = 25e6; // the first half cycle's rows: now before cycling
  const auto window = while_current_flows(page);
  ASSERT_TRUE(window);
  const std::string part = test_figure(page, *window, "p");
  EXPECT_NE(part.find(">5.00<"), std::string::npos);
  EXPECT_EQ(part.find(">25<"), std::string::npos);
}

TEST(ReportFigures, TheEvidenceAroundTheShortStandsInsideItsFrame) {
  Page page = made_up::ramp(20);
  for (HalfCycleAssessment& h : page.assessment.half_cycles) {
    h.evidence = page.assessment.evidence;
    std::reverse(h.evidence.begin(), h.evidence.end());
  }
  const auto around = around_short(page);
  ASSERT_TRUE(around);
  for (const Window& window : {*whole_test(page.record), *around}) {
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(evidence_figure(page, window, "e").c_str()));
    const auto frame = document.select_node("//clipPath/rect").node();
    const double left = frame.attribute("x").as_double(), right = left + frame.attribute("width").as_double();
    double covered = 0.0;
    EXPECT_EQ(static_cast<bool>(document.select_node("//text[starts-with(., '−')]")), window.zero.has_value()) << "before the short time is negative";
    for (const auto& bar : document.select_nodes("(//g)[1]/rect[title]")) covered += bar.node().attribute("width").as_double();
    EXPECT_GT(covered, 0.8 * (right - left)) << "half cycles follow each other without a gap";
    EXPECT_TRUE(document.select_node(fmt::format("//text[.='{}']", window.zero ? "time from the short (min)" : "test time (h)").c_str()));
  }
}

TEST(ReportFigures, StripsStandInTheOrderOfTheTests) {
  Page page = made_up::ramp(20);
  for (HalfCycleAssessment& h : page.assessment.half_cycles) h.evidence = {{"noise", 1.0, 4.0, "1", false, 0.0, ""}, {"voltage drop at constant current", 0.1, 0.3, "1", false, 0.0, ""},
                                                                          {"recovery at rest", std::numeric_limits<double>::quiet_NaN(), 1.15, "1", false, 0.0, ""}};
  const std::string svg = evidence_figure(page, *whole_test(page.record), "e");
  EXPECT_LT(svg.find(">voltage drop at constant current<"), svg.find(">noise<"));
  EXPECT_EQ(tests_not_made(page.assessment), std::vector<std::string>{"recovery at rest"});
}

TEST(ReportFigures, LabelsOfAnAxisDoNotRunIntoEachOther) {
  Figure figure;
  figure.id = "f";
  figure.x = {0.0, 100.0, Scale::linear};
  figure.x_ticks = {{0.0, "zero"}, {2.0, "too near to zero"}, {50.0, "far"}};
  figure.panels.emplace_back();
  figure.panels.back().y = {0.0, 1.0, Scale::linear};
  const std::string svg = render(figure);
  EXPECT_NE(svg.find(">zero<"), std::string::npos);
  EXPECT_EQ(svg.find(">too near to zero<"), std::string::npos);
  EXPECT_NE(svg.find(">far<"), std::string::npos);
}

TEST(ReportFigures, NoFigureWithoutData) {
  Page page;
  EXPECT_EQ(ccd_figure({&page}, nullptr, "c"), "");
  EXPECT_EQ(asr_figure(page.assessment, "a"), "");
  EXPECT_EQ(half_cycle_figure(page, "h"), "");
  EXPECT_EQ(states_figure(page, {0, 1, std::nullopt}, "s"), "");
  EXPECT_EQ(test_figure(page, {0, 1, std::nullopt}, "t"), "");
  EXPECT_FALSE(whole_test(page.record));
}
