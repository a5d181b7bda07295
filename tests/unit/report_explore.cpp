#include "campaign_explored.hpp"
#include "report/explore.hpp"
#include "report/svg_bars.hpp"
#include "report/svg_map.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>

using namespace platen;
using namespace platen::report;
using campaign::Findings;
using campaign::Sampling;
using testing::HasSubstr;
using testing::Not;

namespace {

pugi::xml_document parsed(const std::string& xml) {
  pugi::xml_document out;
  EXPECT_TRUE(out.load_string(xml.c_str())) << xml.substr(0, 400);
  return out;
}

std::size_t count(const pugi::xml_document& d, const char* path) { return d.select_nodes(path).size(); }

Findings sobol() {
  const std::vector axes{made_up::axis("flaw.depth", "um", 1, 10, true), made_up::axis("contact.initial", "", 0, 1)};
  const numerics::SaltelliDesign design(128, 2, 1);
  return campaign::findings(made_up::sampled(design, design.points(), Sampling::saltelli, axes, [](const auto& v) { return std::log(v[0]) * (1.0 + v[1]); }));
}

Findings morris() {
  const std::vector axes{made_up::axis("flaw.depth", "um", 1, 10, true), made_up::axis("contact.initial", "", 0, 1), made_up::axis("idle", "", 0, 1)};
  const numerics::MorrisDesign design(10, 3, 1);
  return campaign::findings(made_up::sampled(design, design.points(), Sampling::morris, axes, [](const auto& v) { return std::log(v[0]) * (1.0 + v[1]); }));
}

Findings map() {
  auto e = made_up::crossed(made_up::axis("values.hold", "min", 1, 60), {1, 10, 60}, made_up::axis("values.pressure", "MPa", 1, 10), {1, 10}, 1,
                            [](const auto& v) { return v[0] == 10 && v[1] == 1 ? std::nan("") : 0.25 + v[0] / 100.0; });
  e.result.beyond[5] = 1;
  return campaign::findings(e);
}

Findings curves() {
  return campaign::findings(made_up::crossed(made_up::words("fixture.kind", {"fixed gap", "springs"}), {0, 1}, made_up::axis("cell.cathode.loading", "mg/cm2", 6, 50), {6, 12, 50},
                                             2, [](const auto& v) { return (v[0] + 1.0) * v[1] + v[2]; }));
}

Findings surface() {
  const std::vector axes{made_up::axis("a", "um", 1, 10, true), made_up::axis("b", "", 0, 1), made_up::axis("c", "", 0, 1)};
  const numerics::LatinHypercube design(80, 3, 1);
  return campaign::findings(made_up::sampled(design, 80, Sampling::scattered, axes, [](const auto& v) { return std::log(v[0]) + v[1] * v[1]; }));
}

} // namespace

TEST(ReportExplore, BarsEndWhereTheAxisSays) {
  Bars bars;
  bars.rows = {{"one", {{1.0, 0.5, 2.0, Ink::blue, false, "first"}}}, {"two", {{-1.0, std::nan(""), std::nan(""), Ink::blue, false, "second"}}}};
  const auto d = parsed(render(bars));
  const auto bar = [&](const char* tip) { return d.select_node(fmt::format("//rect[title='{}']", tip).c_str()).node(); };
  const double zero = bar("first").attribute("x").as_double(), one = bar("first").attribute("width").as_double();
  EXPECT_NEAR(bar("second").attribute("x").as_double() + bar("second").attribute("width").as_double(), zero, 0.11);
  EXPECT_NEAR(bar("second").attribute("width").as_double(), one, 0.11); // as long to the left as the other to the right
  const double tick_0 = d.select_node("//text[.='0.0']").node().attribute("x").as_double(), tick_1 = d.select_node("//text[.='1.0']").node().attribute("x").as_double();
  EXPECT_NEAR(tick_0, zero, 0.11);
  EXPECT_NEAR(tick_1 - tick_0, one, 0.21);
}

TEST(ReportExplore, SobolBarsStandInOrderWithTheirBounds) {
  const Findings f = sobol();
  const auto d = parsed(indices_figure(f));
  EXPECT_EQ(count(d, "//rect[title]"), 4u); // alone and with interactions, twice
  EXPECT_LT(d.select_node("//text[.='flaw.depth']").node().attribute("y").as_double(), d.select_node("//text[.='contact.initial']").node().attribute("y").as_double());
  EXPECT_EQ(indices_figure(morris()), "");
}

TEST(ReportExplore, MorrisPlaneNamesTheFactors) {
  const Findings f = morris();
  const auto d = parsed(morris_plane(f, "plane"));
  EXPECT_EQ(count(d, "//text[.='flaw.depth']"), 1u);
  EXPECT_THAT(morris_plane(f, "plane"), HasSubstr("(mA/cm²)"));
  const auto bars = parsed(effects_figure(f));
  EXPECT_EQ(count(bars, "//rect[title]"), 3u);
}

TEST(ReportExplore, MapsShowBoundsFailuresAndUnits) {
  const std::string svg = chart_figure(map(), "m");
  const auto d = parsed(svg);
  EXPECT_EQ(count(d, "//rect[title]"), 5u); // six pairs, one failed
  EXPECT_EQ(count(d, "//path[contains(title, 'no result of 1 runs')]"), 1u);
  EXPECT_EQ(count(d, "//text[.='> 0.850']"), 1u);
  EXPECT_EQ(count(d, "//text[.='run failed']"), 1u);
  EXPECT_EQ(count(d, "//text[.='more than that: no short seen']"), 1u);
  EXPECT_EQ(count(d, "//text[.='values.hold (min)']"), 1u);
  EXPECT_EQ(count(d, "//text[.='values.pressure (MPa)']"), 1u);
  EXPECT_EQ(count(d, "//text[.='critical current density (mA/cm²)']"), 1u);
  // the value of a cell stands in its own cell
  const auto text = d.select_node("//text[.='0.260']").node();
  const auto cell = d.select_node("//rect[contains(title, 'values.hold 1 min, values.pressure 1 MPa')]").node();
  EXPECT_NEAR(text.attribute("x").as_double(), cell.attribute("x").as_double() + 0.5 * cell.attribute("width").as_double(), 1.0);
}

TEST(ReportExplore, ContoursLieWhereTheValueIs) {
  Map m;
  m.id = "m";
  m.columns = 11;
  m.rows = 2;
  m.contours = true;
  m.width = 860;
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 11; ++c) m.cells.push_back({MapCell::Kind::value, c / 10.0, "", ""});
  m.x_ticks = {{0.0, "left"}, {11.0, "right"}};
  const std::string svg = render(m);
  const auto d = parsed(svg);
  const double left = d.select_node("//text[.='left']").node().attribute("x").as_double(), right = d.select_node("//text[.='right']").node().attribute("x").as_double();
  // the line at 0.2 crosses the middle of the third column
  EXPECT_THAT(svg, HasSubstr(fmt::format("M{:.1f},", left + (right - left) * 2.5 / 11.0)));
}

TEST(ReportExplore, ABoundFarAboveDoesNotFlattenTheCurve) {
  auto e = made_up::crossed(made_up::words("fixture.kind", {"fixed gap", "springs"}), {0, 1}, made_up::axis("cell.cathode.loading", "mg/cm2", 6, 50), {6, 12, 50}, 1,
                            [](const auto& v) { return v[0] == 1 && v[1] == 6 ? 50.0 : 1.0 / v[1]; });
  for (std::size_t k = 0; k < e.runs(); ++k) e.result.beyond[k] = e.result.values[k] == 50.0;
  const auto d = parsed(curves_figure(campaign::findings(e), "c"));
  EXPECT_EQ(count(d, "//text[.='50']"), 1u); // the last loading on the x axis, and no 50 mA/cm2 on the other
  EXPECT_EQ(count(d, "//path[contains(title, 'more than 50')]"), 1u);
}

TEST(ReportExplore, LabelsOfTheMorrisPlaneDoNotMeet) {
  const std::vector axes{made_up::axis("a.first", "", 0, 1), made_up::axis("a.second", "", 0, 1), made_up::axis("a.third", "", 0, 1), made_up::axis("far", "", 0, 1)};
  const numerics::MorrisDesign design(10, 4, 1);
  const Findings f = campaign::findings(made_up::sampled(design, design.points(), Sampling::morris, axes,
                                                         [](const auto& v) { return 1.00 * v[0] + 1.01 * v[1] + 1.02 * v[2] + 5.0 * v[3] * v[0]; }));
  std::vector<std::pair<double, double>> places;
  const auto plane = parsed(morris_plane(f, "p"));
  for (const auto& node : plane.select_nodes("//g/text")) places.emplace_back(node.node().attribute("x").as_double(), node.node().attribute("y").as_double());
  ASSERT_GE(places.size(), 2u);
  for (std::size_t a = 0; a < places.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_TRUE(std::abs(places[a].second - places[b].second) >= 12.0 || std::abs(places[a].first - places[b].first) >= 40.0);
}

TEST(ReportExplore, CurvesAreNamedAndBanded) {
  const auto d = parsed(curves_figure(curves(), "c"));
  EXPECT_EQ(count(d, "//text[.='springs']"), 1u);
  EXPECT_EQ(count(d, "//text[.='fixed gap']"), 1u);
  EXPECT_EQ(count(d, "//text[.='least to greatest of the runs']"), 1u);
  EXPECT_EQ(count(d, "//path[title]"), 6u); // a marker at each place
}

TEST(ReportExplore, PagesAndTextsSayWhatThereIs) {
  const std::vector<Findings> all{sobol(), morris(), map(), curves(), surface()};
  const std::string page = html_explored("A <campaign>", all, "platen");
  const auto d = parsed(page);
  EXPECT_EQ(count(d, "//h2"), 5u);
  EXPECT_GE(count(d, "//figure"), 8u);
  EXPECT_THAT(page, HasSubstr("A &lt;campaign&gt;"));
  EXPECT_THAT(page, HasSubstr("of runs it has not seen"));
  // ids are unique
  std::set<std::string> ids;
  for (const auto& node : d.select_nodes("//*[@id]")) EXPECT_TRUE(ids.insert(node.node().attribute("id").value()).second) << node.node().attribute("id").value();
  const std::string text = text_explored(all);
  EXPECT_THAT(text, HasSubstr("share of the variance"));
  EXPECT_THAT(text, HasSubstr("> 0.850"));
  EXPECT_THAT(text, HasSubstr("failed"));
  EXPECT_THAT(text, HasSubstr("surface (quadratic"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(ReportExplore, JsonIsInSiUnits) {
  const auto j = nlohmann::json::parse(json_explored("t", {sobol(), map(), morris()}));
  EXPECT_EQ(j["schema"], "platen.campaign-findings/1");
  EXPECT_EQ(j["results"][0]["axes"][0]["low"]["unit"], "m");
  EXPECT_NEAR(j["results"][0]["axes"][0]["low"]["value"].get<double>(), 1e-6, 1e-15);
  const auto& cell = j["results"][1]["map"]["cells"][0];
  EXPECT_EQ(cell["median"]["unit"], "A/m2");
  EXPECT_NEAR(cell["median"]["value"].get<double>(), 2.6, 1e-9);
  EXPECT_EQ(cell["x"]["unit"], "s");
  EXPECT_EQ(j["results"][1]["map"]["cells"].size(), 6u);
  EXPECT_EQ(j["results"][2]["morris"][0]["mean_absolute"]["unit"], "A/m2");
}
