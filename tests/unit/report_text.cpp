#include "report/text_plot.hpp"
#include "report_made_up.hpp"

#include <gmock/gmock.h>

using namespace platen;
using testing::HasSubstr;
using testing::Not;

namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

} // namespace

TEST(ReportText, AnAssessmentSaysWhatAPersonAsks) {
  const report::Page page = made_up::ramp();
  const std::string text = report::text(page.assessment, page.record);
  EXPECT_THAT(text, HasSubstr("hard short: the voltage fell by 90 % at constant current"));
  EXPECT_THAT(text, HasSubstr("last passed 3.00, failed at 4.00 mA/cm2"));
  EXPECT_THAT(text, HasSubstr("(half cycle 8)"));
  EXPECT_THAT(text, HasSubstr("half cycles  8 hard short\n"));
  EXPECT_THAT(text, HasSubstr("not tested"));
  EXPECT_TRUE(text.ends_with("\n"));
}

TEST(ReportText, RunsOfHalfCyclesAreNamedTogether) {
  report::Page page = made_up::ramp(5);
  auto& h = page.assessment.half_cycles;
  h[2].verdict = h[3].verdict = Verdict::soft_short;
  h[5].verdict = h[6].verdict = Verdict::fake_stable;
  EXPECT_THAT(report::text(page.assessment, page.record), HasSubstr("3-4 soft short, 6-7 fake stable, 10 hard short"));
}

TEST(ReportText, ATableOfCellsIsAligned) {
  report::Page umlaut = made_up::ramp();
  umlaut.title = "Zelle äöü";
  const auto rows = lines(report::text({made_up::ramp(), umlaut}));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0], HasSubstr("CCD mA/cm2"));
  const std::string columns[] = {rows[1].substr(rows[1].find("measured")), rows[2].substr(rows[2].find("measured"))};
  EXPECT_EQ(columns[0], columns[1]);
  EXPECT_EQ(rows[1].find("measured") + 3, rows[2].find("measured")) << "three letters take two bytes each";
}

TEST(ReportText, EscapeSequencesOfAFileNeverReachTheTerminal) {
  report::Page page = made_up::ramp();
  page.title = page.record.cell.name = page.record.provenance.format = page.assessment.reason = "a\x1B[31m\nb";
  EXPECT_THAT(report::text(page.assessment, page.record), Not(HasSubstr("\x1B")));
  EXPECT_THAT(report::text({page}), Not(HasSubstr("\x1B")));
  EXPECT_THAT(report::text_inspect(page.record), Not(HasSubstr("\x1B")));
  EXPECT_EQ(lines(report::text({page})).size(), 2u);
}

TEST(ReportText, InspectShowsRangesInTheUnitPeopleRead) {
  const report::Page page = made_up::ramp();
  const std::string text = report::text_inspect(page.record);
  EXPECT_THAT(text, testing::ContainsRegex("delimited text, 720 rows over .*half cycles\n"));
  EXPECT_THAT(text, testing::ContainsRegex("stack_pressure +MPa +4\\.990 +5\\.010"));
  EXPECT_THAT(text, testing::ContainsRegex("current +mA +-4\\.000 +4\\.000"));
}

TEST(ReportText, InspectShowsDatesCountsSpectraAndRejects) {
  Record record = made_up::ramp().record;
  record.set(col::unix_time, std::vector<double>(record.rows(), 86400.0 * 365.0 + 3661.0));
  record.set(col::step_type, std::vector<std::int32_t>(record.rows(), static_cast<std::int32_t>(StepType::cc_charge)));
  Spectrum spectrum;
  spectrum.frequency = {1e6, 1e3, 1.0};
  spectrum.real = {10.0, 20.0, 30.0};
  spectrum.imaginary = {-1.0, -5.0, 0.0};
  record.spectra.push_back(spectrum);
  record.rejects.push_back({{"a.txt", 7, 3, 1, "x"}, "no number"});
  const std::string text = report::text_inspect(record);
  EXPECT_THAT(text, HasSubstr("started 1971-01-01 01:01:01 UTC"));
  EXPECT_THAT(text, HasSubstr("step types: CC Chg\n"));
  EXPECT_THAT(text, HasSubstr(", 1 spectrum\n"));
  EXPECT_THAT(text, HasSubstr("1 lines or records refused"));
  EXPECT_THAT(text, HasSubstr("\nvoltage, V\n"));
}

TEST(ReportText, APlotShowsTheSpikeOfOneRow) {
  std::vector<double> x(100000), y(100000, 1.0);
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = static_cast<double>(k);
  const report::TextPlot plot{.title = "t", .x_name = "s", .width = 10, .height = 2};
  y[50000] = 2.0;
  EXPECT_EQ(report::plot_run(plot, x, y), "t\n2 |\u2800\u2800\u2800\u2800\u2800\u2847\u2800\u2800\u2800\u2800|\n"
                                          "1 |\u28C0\u28C0\u28C0\u28C0\u28C0\u28C7\u28C0\u28C0\u28C0\u28C0|\n"
                                          "  0    99999 s\n");
}

TEST(ReportText, APlotLeavesGapsAndRefusesNothing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const report::TextPlot plot{.title = "t", .x_name = "s", .width = 4, .height = 1};
  EXPECT_EQ(report::plot_run(plot, std::vector<double>{1, 2}, std::vector<double>{nan, nan}), "");
  EXPECT_EQ(report::plot_run(plot, {}, {}), "");
  const std::string gap = report::plot_run(plot, std::vector<double>{0, 1, 4, 7, 8}, std::vector<double>{1, 1, nan, 1, 1});
  EXPECT_THAT(gap, HasSubstr("\u2800")) << "nothing was measured in the middle";
  EXPECT_EQ(report::plot_points(plot, std::vector<double>{0, 1}, std::vector<double>{0, 1}).substr(0, 2), "t\n");
}

TEST(ReportText, TargetsAreGroupedByClass) {
  TargetResult fitted, model;
  fitted.target.id = "T01";
  fitted.target.target_class = "fitted";
  model.target.id = "T08";
  model.target.target_class = "model";
  model.target.low = 0.9;
  model.verdict = TargetVerdict::met;
  const std::string text = report::text(std::vector<TargetResult>{fitted, model});
  EXPECT_LT(text.find("T08"), text.find("T01"));
  EXPECT_THAT(text, HasSubstr(">= 0.900"));
  EXPECT_THAT(text, HasSubstr("Only rows of the class model can be evidence"));
}

TEST(ReportText, AStudyListsItsValuesAndSentences) {
  Study study;
  study.resolved = {{"cell.area", "0.785 cm2", 0.785e-4, "m2", "a.toml:3", "stated", ""}};
  study.test.push_back({step::FitSprings{}, "Fit springs", {}});
  const std::string text = report::text(study);
  EXPECT_THAT(text, HasSubstr("cell.area  0.785 cm2  7.850e-5 m2  a.toml:3  stated"));
  EXPECT_THAT(text, HasSubstr("  Fit springs\n"));
}
