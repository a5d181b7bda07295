// Figures of merit, checklist and paragraph as people and programs read them.

#include "report/checklist.hpp"
#include "report_made_up.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

using namespace platen;
using namespace platen::report;
using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;

namespace {

/// The made-up ramp, judged: its merits and checklist are those of the assessment.
Page judged() {
  Page page = made_up::ramp(6);
  CellInfo& c = page.record.cell;
  c.electrolyte = "LPSCl";
  c.fixture = "fixed gap";
  c.electrolyte_mass = 75e-6;
  c.stack_pressure = 5e6;
  c.temperature = 313.15;
  c.known_from = {{"area", {"cell file", "a<b>.cell.toml:3"}}};
  c.uncertainty = {{"area", 1e-6}};
  page.assessment = assess(page.record);
  return page;
}

TEST(ReportChecklist, NumbersAreRoundedToTheirUncertainty) {
  EXPECT_EQ(sensible(0.785e-4, "m2", "cm2", 1e-6, Letters::ascii), "0.785 +- 0.010 cm2");
  EXPECT_EQ(sensible(0.785e-4, "m2", "cm2", 1e-6, Letters::typeset), "0.785 ± 0.010 cm²");
  EXPECT_EQ(sensible(370e6, "Pa", "MPa", std::nullopt, Letters::ascii), "370 MPa");
  EXPECT_EQ(sensible(5e6, "Pa", "MPa", std::nullopt, Letters::ascii), "5 MPa");
  EXPECT_EQ(sensible(313.15, "K", "degC", std::nullopt, Letters::typeset), "40 °C");
  EXPECT_EQ(sensible(313.15, "K", "", 2.0, Letters::ascii), "40.0 +- 2.0 degC");
  EXPECT_EQ(sensible(900.0, "s", "h", std::nullopt, Letters::ascii), "15 min") << "nobody says 0.25 h";
  EXPECT_EQ(sensible(86400.0, "s", "h", std::nullopt, Letters::ascii), "24 h");
  EXPECT_EQ(sensible(0.66, "1", "%", std::nullopt, Letters::ascii), "66 %");
  EXPECT_EQ(sensible(-0.1234, "1", "", std::nullopt, Letters::typeset), "−0.123");
  EXPECT_EQ(sensible(10.16, "A/m2", "", 0.21, Letters::ascii), "1.016 +- 0.021 mA/cm2");
  EXPECT_EQ(sensible(std::nan(""), "m", "um", std::nullopt, Letters::ascii), "-");
}

TEST(ReportChecklist, AMeritSaysWhichEndItKnows) {
  Merit m;
  m.unit = "A/m2";
  m.bound = Bound::between;
  m.low = 8.89;
  m.high = 10.16;
  EXPECT_EQ(shown(m, Letters::ascii), "0.889 to 1.02 mA/cm2");
  m.uncertainty = 0.2;
  EXPECT_EQ(shown(m, Letters::ascii), "0.889 to 1.016 +- 0.020 mA/cm2");
  m.bound = Bound::at_least;
  EXPECT_EQ(shown(m, Letters::typeset), "≥ 1.016 ± 0.020 mA/cm²");
  m.bound = Bound::at_most;
  EXPECT_THAT(shown(m, Letters::ascii), testing::StartsWith("<= 1.016"));
  m.refused = "no area";
  EXPECT_EQ(shown(m, Letters::ascii), "-");
}

TEST(ReportChecklist, TheTextOfAnAssessmentHasFiguresAndWhatIsMissing) {
  const Page page = judged();
  const std::string out = report::text(page.assessment, page.record);
  EXPECT_THAT(out, testing::ContainsRegex("critical current density +5.000 to 6.000 \\+- 0.060 mA/cm2  40 degC, 4.99 MPa, 15 min per half cycle, ramp from 1 mA/cm2, steps of 1 mA/cm2, plating left"));
  EXPECT_THAT(out, testing::ContainsRegex("life at constant current +-  not stated: the current was changed"));
  EXPECT_THAT(out, HasSubstr("\nchecklist: "));
  EXPECT_THAT(out, HasSubstr("missing: number of cells, electrolyte thickness"));
  EXPECT_THAT(report::text(page.assessment.checklist), testing::ContainsRegex("area of the electrodes +known +1.000 \\+- 0.010 cm2  cell file, a<b>.cell.toml:3"));
  EXPECT_THAT(report::text(page.assessment.checklist), HasSubstr("state `fabrication_time` in the cell file"));
}

TEST(ReportChecklist, TheParagraphMarksWhatIsNotReported) {
  const Page page = judged();
  const std::string out = methods_paragraph(std::span(&page, 1));
  EXPECT_THAT(out, testing::StartsWith("Symmetric cells Li | LPSCl | Li ([not reported: number of cells]) were made from 75 mg of electrolyte"));
  EXPECT_THAT(out, HasSubstr("pressed at [not reported: fabrication pressure] for [not reported: fabrication time]"));
  EXPECT_THAT(out, HasSubstr("electrodes of 1.000 ± 0.010 cm²"));
  EXPECT_THAT(out, HasSubstr("The stack pressure was 5 MPa (measured when cycling began: 5.01 MPa), in a fixed gap, the temperature 40 °C."));
  EXPECT_THAT(out, HasSubstr("The current density was raised from 1 mA/cm² in steps of 1 mA/cm², "));
  EXPECT_THAT(out, HasSubstr("critical current density 5.000 to 6.000 ± 0.060 mA/cm² (last step passed to failing step)"));
  EXPECT_THAT(out, Not(HasSubstr("cathode"))) << "a symmetric cell has none";
  EXPECT_THAT(out, Not(HasSubstr("\n")));
}

TEST(ReportChecklist, WhatOneKindOfCellDoesNotHaveIsNotMissingInIt) {
  std::vector<Page> pages{judged(), judged()};
  pages[1].record.cell.configuration = Configuration::full;
  pages[1].record.cell.cathode_loading = 0.255;
  pages[1].assessment = assess(pages[1].record);
  EXPECT_THAT(methods_paragraph(pages), HasSubstr("The cathode of the full cells had a loading of 25.5 mg/cm² (composite) and an areal capacity of [not reported: areal capacity of the cathode]."));
  EXPECT_THAT(methods_paragraph(std::span(pages).last(1)), HasSubstr("The cathode had a loading of 25.5 mg/cm²"));
}

TEST(ReportChecklist, ContradictionsStandInTheParagraph) {
  Page page = judged();
  page.record.cell.diameter = 20e-3;
  page.assessment = assess(page.record);
  EXPECT_THAT(methods_paragraph(std::span(&page, 1)), testing::EndsWith("[contradiction: an area of 1 cm² is stated, a diameter of 20 mm makes 3.142 cm²]"));
  EXPECT_THAT(report::text(page.assessment.checklist), testing::ContainsRegex("contradiction: an area of 1 cm2 .* times their combined uncertainty, some of it assumed"));
}

TEST(ReportChecklist, ASetSaysWhatDiffersInTextParagraphAndJson) {
  std::vector<Page> pages{judged(), judged(), judged()};
  pages[1].title = "second";
  pages[1].record.cell.stack_pressure = 10e6;
  pages[1].record.cell.fixture = "";
  pages[1].record.set(col::stack_pressure, std::vector<double>(pages[1].record.rows(), 10e6));
  for (Page& page : pages) page.assessment = assess(page.record);
  const std::string text = text_checklist(pages), paragraph = methods_paragraph(pages);
  EXPECT_THAT(text, testing::StartsWith("3 cells\n"));
  EXPECT_THAT(text, testing::ContainsRegex("stack pressure +5 MPa +10 MPa +5 MPa"));
  EXPECT_THAT(text, HasSubstr("missing in at least one: number of cells"));
  EXPECT_THAT(paragraph, HasSubstr("number of cells: 3 in these records, [not reported: number of cells made]"));
  EXPECT_THAT(paragraph, HasSubstr("The stack pressure was 5 MPa or 10 MPa, kept in one of these ways: fixed gap or [not reported for every cell: how the stack pressure was kept]"));
  EXPECT_THAT(paragraph, HasSubstr("; second: hard short, critical current density"));
  const Json json = Json::parse(json_checklist(pages));
  EXPECT_EQ(json.at("schema"), "platen.checklist/1");
  ASSERT_EQ(json.at("cells").size(), 3u);
  EXPECT_EQ(json.at("set").at("cells"), 3);
  ASSERT_EQ(json.at("set").at("differences").size(), 1u);
  EXPECT_EQ(json.at("set").at("differences")[0].at("key"), "stack_pressure");
  EXPECT_DOUBLE_EQ(json.at("set").at("differences")[0].at("each")[1].at("low").at("value").get<double>(), 10e6);
  EXPECT_EQ(json.at("paragraph"), paragraph);
  EXPECT_TRUE(Json::parse(json_checklist(std::span(pages).first(1))).at("set").is_null());
}

TEST(ReportChecklist, TheAnswerOfAssessHasMeritAndChecklist) {
  const Page page = judged();
  const Json j = Json::parse(report::json(page.assessment, page.record));
  const Json& ccd = j.at("merit").at("figures")[0];
  EXPECT_EQ(ccd.at("key"), "ccd");
  EXPECT_EQ(ccd.at("bound"), "between");
  EXPECT_NEAR(ccd.at("high").at("value").get<double>(), 60.0, 1e-9);
  EXPECT_EQ(ccd.at("high").at("unit"), "A/m2");
  EXPECT_NEAR(ccd.at("uncertainty").at("value").get<double>(), 0.6, 1e-3);
  EXPECT_TRUE(ccd.at("refused").is_null());
  EXPECT_EQ(ccd.at("conditions")[2].at("key"), "area");
  EXPECT_EQ(ccd.at("conditions")[2].at("from"), "cell file");
  EXPECT_EQ(j.at("merit").at("resistance").size(), 6u);
  EXPECT_EQ(j.at("merit").at("capacity").back().at("failed"), true);
  const Json& list = j.at("checklist");
  EXPECT_EQ(list.at("items").size(), 25u);
  EXPECT_GT(list.at("missing").get<int>(), 5);
  for (const Json& item : list.at("items")) {
    if (item.at("key") == "area") {
      EXPECT_EQ(item.at("statements")[0].at("place"), "a<b>.cell.toml:3");
      EXPECT_DOUBLE_EQ(item.at("statements")[0].at("uncertainty").at("value").get<double>(), 1e-6);
    }
    if (item.at("key") == "cathode") {
      EXPECT_EQ(item.at("knowledge"), "not needed");
    }
  }
}

TEST(ReportChecklist, ThePageShowsAllThreeAndEscapesWhatUsersWrote) {
  const std::string page = html(judged());
  for (const char* what : {"<h3>Figures of merit</h3>", "<h3>Checklist</h3>", "<h3>For a methods section</h3>", "5.000 to 6.000 ± 0.060 mA/cm²", "[not reported: fabrication time]",
                           "when the short began", "a&lt;b&gt;.cell.toml:3"})
    EXPECT_THAT(page, HasSubstr(what));
  EXPECT_THAT(page, Not(HasSubstr("a<b>")));
}

TEST(ReportChecklist, EscapeSequencesOfAFileNeverReachTheTerminal) {
  Page page = judged();
  page.title = page.record.cell.electrolyte = page.record.cell.fixture = "a\x1B[31m\nb";
  page.record.cell.known_from["area"] = {"cell file", "x\x1B[31m"};
  page.assessment = assess(page.record);
  const Page pages[] = {page, page};
  for (const std::string& out : {text_checklist(std::span(pages, 1)), text_checklist(pages), methods_paragraph(pages), report::text(page.assessment, page.record)})
    EXPECT_THAT(out, Not(HasSubstr("\x1B")));
}

} // namespace
