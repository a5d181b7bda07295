// Counterparts of the paper's figures, drawn from cells made up by hand so that every place in them is known.

#include "report/figures.hpp"
#include "report/paper.hpp"

#include <charconv>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <pugixml.hpp>

using namespace platen;
using namespace platen::report;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr double area = 1e-4; // m2

/// A full cell that charges for an hour at 0.2 mA/cm2 and discharges as long, its pressure rising by `swing` Pa and back.
Page full_cell(const std::string& fixture, double loading, double pressure, double swing, double last, double failing) {
  Page page;
  page.title = fmt::format("{} {} {}", fixture, loading, pressure);
  std::vector<double> time, current, voltage, stack;
  // heated before: a row at the very start of cycling that is not part of it
  time.push_back(0.0), current.push_back(0.0), voltage.push_back(3.5), stack.push_back(1e6 * pressure - 0.8e6);
  for (const int sign : {1, -1})
    for (int k = 0; k <= 36; ++k) {
      const double share = k / 36.0;
      time.push_back((sign > 0 ? 0.0 : 3600.0) + 3600.0 * share);
      current.push_back(sign * 2.0 * area);
      voltage.push_back(3.6 + sign * 0.2 * share);
      stack.push_back(1e6 * pressure + swing * (sign > 0 ? share : 1.0 - share));
    }
  Record& r = page.record;
  r.set(col::test_time, time);
  r.set(col::current, current);
  r.set(col::voltage, voltage);
  r.set(col::stack_pressure, stack);
  r.cell.configuration = Configuration::full;
  r.cell.fixture = fixture;
  r.cell.area = area;
  r.cell.cathode_loading = 1e-2 * loading;
  r.cell.stack_pressure = 1e6 * pressure;
  r.cell.temperature = 313.15;
  Assessment& a = page.assessment;
  a.verdict = Verdict::hard_short;
  for (std::size_t k : {0U, 1U}) {
    HalfCycleAssessment h;
    h.half_cycle = {1 + 37 * k, 37 + 37 * k, k == 0 ? 1 : -1, k == 0 ? 2e-4 : -2e-4, 3600.0 * static_cast<double>(k), 3600.0 * static_cast<double>(k + 1), 0.72, 0};
    a.half_cycles.push_back(h);
  }
  a.steps.resize(1);
  a.steps[0].current_density = 2.0;
  a.steps[0].half_cycles = 2;
  a.ccd = CriticalCurrentDensity{10.0 * last, 10.0 * failing, 1.0, 0.0};
  a.pressure.cycles.push_back({1, 1e6 * pressure, 1e6 * pressure + swing, swing});
  a.pressure.after_first_half_cycle = 1e6 * pressure + swing;
  return page;
}

std::vector<TargetResult> rows_of(const std::vector<Page>& pages) {
  std::vector<JudgedCell> cells;
  for (const Page& page : pages) cells.push_back({&page.record, &page.assessment});
  return evaluate_targets(cells);
}

/// A picture's frames and what lies in them.
struct Picture {
  pugi::xml_document document;
  explicit Picture(const std::string& svg) { EXPECT_TRUE(document.load_string(svg.c_str())) << svg.substr(0, 200); }
  pugi::xml_node frame(int panel) const { return document.select_nodes("//clipPath/rect")[static_cast<std::size_t>(panel)].node(); }
  /// The shape whose tip contains `text`.
  pugi::xml_node with_tip(const std::string& text) const { return document.select_node(fmt::format("//*[title[contains(., '{}')]]", text).c_str()).node(); }
};

/// Where a path's first point lies, px.
std::pair<double, double> start_of(const pugi::xml_node& path) {
  const std::string_view d = path.attribute("d").value();
  double x = 0.0, y = 0.0;
  const auto comma = std::from_chars(d.data() + 1, d.data() + d.size(), x).ptr;
  std::from_chars(comma + 1, d.data() + d.size(), y);
  return {x, y};
}

} // namespace

TEST(ReportPaper, APaperPointLiesWhereItsNumbersSay) {
  const std::vector<Page> pages{full_cell("fixed gap", 25.5, 5.0, 2.1e6, 0.4, 0.5)};
  const auto rows = rows_of(pages);
  const Picture picture(paper_swings(PaperCells(pages), rows));
  const auto frame = picture.frame(0);
  const auto place = [&](double x, double y) { // axes of 0 to 55 mg/cm2 and 0 to 7.2 MPa
    return std::pair{frame.attribute("x").as_double() + x / 55.0 * frame.attribute("width").as_double(),
                     frame.attribute("y").as_double() + (1.0 - y / 7.2) * frame.attribute("height").as_double()};
  };
  const auto [x, y] = start_of(picture.with_tip("T15: 2.14 MPa, stated")); // a diamond begins at its top
  EXPECT_NEAR(x, place(25.5, 2.14).first, 0.1);
  EXPECT_NEAR(y, place(25.5, 2.14).second - 5.0, 0.1);
  const auto [own_x, own_y] = start_of(picture.with_tip("Platen, fixed gap: 2.10 MPa")); // a square at its upper left corner
  EXPECT_NEAR(own_x, place(25.5, 2.1).first - 3.6, 0.1);
  EXPECT_NEAR(own_y, place(25.5, 2.1).second - 3.6, 0.1);
  EXPECT_TRUE(picture.with_tip("T14: 0.730 MPa, stated")) << "the paper's other points stand there without a cell of ours";
  EXPECT_TRUE(picture.with_tip("T15: accepted 1.93 to 2.35 MPa"));
}

TEST(ReportPaper, InferredPointsAreHollowStatedOnesFilled) {
  const std::vector<Page> pages{full_cell("fixed gap", 25.5, 5.0, 2.1e6, 0.4, 0.5)};
  const Picture picture(paper_ccd_of_loading(PaperCells(pages), rows_of(pages)));
  EXPECT_THAT(picture.with_tip("T19: 0.500").attribute("class").value(), Not(HasSubstr("paper")));
  EXPECT_THAT(picture.with_tip("T18: 0.600").attribute("class").value(), HasSubstr("paper"));
  EXPECT_TRUE(picture.with_tip("0.300 to 1.00 mA/cm²")) << "the stated range";
}

TEST(ReportPaper, PressureOfACellIsDrawnFromTheStartOfCycling) {
  const std::vector<Page> pages{full_cell("fixed gap", 25.5, 5.0, 2.0e6, 0.4, 0.5)};
  const Picture picture(paper_fixture(PaperCells(pages), rows_of(pages), "fixed gap"));
  const auto frame = picture.frame(2);
  const double left = frame.attribute("x").as_double(), width = frame.attribute("width").as_double();
  const auto curve = start_of(picture.document.select_nodes("//g")[2].node().select_node("path[contains(@class,'s3')]").node());
  // two hours, with a margin of 2 % at the end and 1.5 % of that at the start
  const double span = 2.04 * 1.015;
  EXPECT_NEAR(curve.first, left + 0.015 * 2.04 / span * width, 0.2);
  const auto [x, y] = start_of(picture.with_tip("T21: 6.96 MPa"));
  EXPECT_NEAR(x, left + (1.0 + 0.015 * 2.04) / span * width, 0.2) << "at the end of the first charge";
  // what was set before cycling is no part of it: the lowest pressure is that of the start
  EXPECT_LT(curve.second, frame.attribute("y").as_double() + frame.attribute("height").as_double());
  EXPECT_THAT(paper_fixture(PaperCells(pages), rows_of(pages), "fixed gap"), HasSubstr("paper: short at 0.5 mA/cm²"));
}

TEST(ReportPaper, BothFixturesShareOneFigure) {
  const std::vector<Page> pages{full_cell("fixed gap", 12.8, 1.0, 1e5, 0.3, 0.4), full_cell("springs", 12.8, 1.0, 1e5, 0.3, 0.4)};
  const Picture picture(paper_ccd_of_pressure(PaperCells(pages), rows_of(pages)));
  const auto gap = start_of(picture.with_tip("T25: 0.300")), springs = start_of(picture.with_tip("T26: 0.300"));
  EXPECT_LT(gap.first + 10.0, springs.first) << "equal points stand apart";
  EXPECT_TRUE(picture.with_tip("springs 12.8 1"));
}

TEST(ReportPaper, ThePageSaysWhatIsFittedAndWhatIsMissed) {
  const std::vector<Page> pages{full_cell("fixed gap", 25.5, 5.0, 3.0e6, 0.4, 0.5)};
  const std::string page = html(pages, rows_of(pages), "Cells");
  EXPECT_THAT(page, HasSubstr("<b>Fitted</b>"));
  EXPECT_THAT(page, HasSubstr("T15 missed (3.00 for 2.14 MPa)"));
  EXPECT_THAT(page, HasSubstr("Figures without a counterpart"));
  EXPECT_THAT(page, Not(HasSubstr("Figure 2a"))) << "no symmetric cell is given";
}

TEST(ReportPaper, CellsOfSomebodyElseLeaveThePaperOut) {
  std::vector<Page> pages{full_cell("fixed gap", 17.0, 4.0, 2.1e6, 0.4, 0.5)};
  EXPECT_THAT(html(pages, rows_of(pages), "Cells"), Not(HasSubstr("Figures of Ham")));
}

TEST(ReportPaper, AChargeThroughAShortDoesNotFlattenTheOthers) {
  Page page = full_cell("fixed gap", 25.5, 5.0, 2e6, 0.4, 0.5);
  Assessment& a = page.assessment;
  a.steps.resize(2);
  a.steps[0].half_cycles = 4;
  a.steps[1] = a.steps[0];
  a.steps[1].current_density = 5.0;
  a.half_cycles.insert(a.half_cycles.end(), a.half_cycles.begin(), a.half_cycles.begin() + 2);
  a.half_cycles.push_back(a.half_cycles.front());
  a.half_cycles.back().half_cycle.charge = 72.0; // a hundred times the others
  const std::vector<Page> pages{page};
  const std::string svg = paper_life(PaperCells(pages), rows_of(pages));
  EXPECT_THAT(svg, HasSubstr("beyond the frame: fixed gap, cycle 1: 20.0 mAh/cm²"));
  EXPECT_THAT(svg, HasSubstr("paper, fixed gap: shorted in cycle 2"));
  EXPECT_TRUE(Picture(svg).with_tip("fixed gap, cycle -1: 0.200 mAh/cm² in the charge"));
}
