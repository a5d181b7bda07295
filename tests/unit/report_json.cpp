#include "report_made_up.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>

using namespace platen;
using Json = nlohmann::json;
using testing::ElementsAre;

namespace {

Json read(const std::string& answer) {
  EXPECT_TRUE(answer.ends_with("}\n"));
  return Json::parse(answer);
}

/// A quantity says its SI unit beside its value.
void expect_quantity(const Json& json, double value, const std::string& unit) {
  ASSERT_TRUE(json.is_object()) << json;
  EXPECT_DOUBLE_EQ(json.at("value").get<double>(), value);
  EXPECT_EQ(json.at("unit"), unit);
  EXPECT_EQ(json.size(), 2u);
}

} // namespace

TEST(ReportJson, AnAssessmentHasItsFieldsInSi) {
  const report::Page page = made_up::ramp();
  const Json j = read(report::json(page.assessment, page.record));
  EXPECT_EQ(j.at("schema"), "platen.assess/1");
  EXPECT_EQ(j.at("verdict"), "hard short");
  EXPECT_EQ(j.at("reason"), page.assessment.reason);
  expect_quantity(j.at("ccd").at("last_passed"), 30.0, "A/m2");
  expect_quantity(j.at("ccd").at("failing_step"), 40.0, "A/m2");
  expect_quantity(j.at("ccd").at("grid"), 10.0, "A/m2");
  expect_quantity(j.at("ccd").at("capacity_per_half_cycle"), 36000.0, "C/m2");
  EXPECT_EQ(j.at("ccd").at("lower_bound"), false);
  EXPECT_TRUE(j.at("ccd_refused").is_null());
  expect_quantity(j.at("onset"), *page.assessment.onset, "s");
  EXPECT_EQ(j.at("onset_half_cycle"), 8) << "counted from 1, as people count";
  expect_quantity(j.at("capacity_to_failure"), 1.5e5, "C/m2");
  EXPECT_EQ(j.at("voltage_offset"), (Json{{"value", 2e-4}, {"unit", "V"}, {"standard_error", 1.2e-5}}));
  expect_quantity(j.at("ionic_floor"), 1e-3, "ohm m2");
  ASSERT_EQ(j.at("half_cycles").size(), 8u);
  expect_quantity(j.at("half_cycles")[1].at("current"), -1e-3, "A");
  expect_quantity(j.at("half_cycles")[1].at("resistance"), 20.0, "ohm");
  ASSERT_EQ(j.at("steps").size(), 4u);
  expect_quantity(j.at("steps")[3].at("current_density"), 40.0, "A/m2");
  EXPECT_EQ(j.at("steps")[3].at("failed"), true);
  ASSERT_EQ(j.at("pressure").at("cycles").size(), 4u);
  expect_quantity(j.at("pressure").at("cycles")[0].at("swing"), 0.02e6, "Pa");
  expect_quantity(j.at("cell").at("area"), 1e-4, "m2");
  EXPECT_EQ(j.at("cell").at("configuration"), "symmetric");
  EXPECT_EQ(j.at("provenance").at("sources")[0].at("sha256"), std::string(64, 'a'));
}

TEST(ReportJson, AnUntestedFigureIsNullAndKeepsItsUnit) {
  const report::Page page = made_up::ramp();
  const Json evidence = read(report::json(page.assessment, page.record)).at("evidence");
  ASSERT_EQ(evidence.size(), 2u);
  EXPECT_EQ(evidence[0].at("fired"), true);
  expect_quantity(evidence[0].at("time"), *page.assessment.onset, "s");
  EXPECT_TRUE(evidence[1].at("figure").at("value").is_null());
  EXPECT_EQ(evidence[1].at("figure").at("unit"), "ohm m2");
  EXPECT_TRUE(evidence[1].at("time").is_null()) << "it never fired";
}

TEST(ReportJson, ARefusedCcdIsNullWithItsReason) {
  report::Page page = made_up::ramp();
  page.assessment.ccd.reset();
  page.assessment.ccd_refused = "the area is not known";
  page.assessment.steps.front().current_density = std::nan("");
  const Json j = read(report::json(page.assessment, page.record));
  EXPECT_TRUE(j.at("ccd").is_null());
  EXPECT_EQ(j.at("ccd_refused"), "the area is not known");
  EXPECT_TRUE(j.at("steps")[0].at("current_density").is_null());
}

TEST(ReportJson, ALowerBoundSaysSo) {
  report::Page page = made_up::ramp();
  page.assessment.ccd->failing_step.reset();
  const Json ccd = read(report::json(page.assessment, page.record)).at("ccd");
  EXPECT_TRUE(ccd.at("failing_step").is_null());
  EXPECT_EQ(ccd.at("lower_bound"), true);
}

TEST(ReportJson, NothingFromAFileBreaksAnAnswer) {
  report::Page page = made_up::ramp();
  page.record.cell.name = "caf\xE9 \"quoted\" \x01";
  page.record.provenance.format = "\xFF\xFE";
  page.assessment.voltage_offset = std::numeric_limits<double>::infinity();
  const Json j = read(report::json(page.assessment, page.record));
  EXPECT_EQ(j.at("cell").at("name"), "caf\uFFFD \"quoted\" \x01");
  EXPECT_TRUE(j.at("voltage_offset").at("value").is_null());
  page.assessment.voltage_offset_error.reset();
  page.assessment.ccd->capacity_per_half_cycle.reset();
  const Json unknown = read(report::json(page.assessment, page.record));
  EXPECT_TRUE(unknown.at("voltage_offset").is_null()) << "not seen is not 0";
  EXPECT_TRUE(unknown.at("ccd").at("capacity_per_half_cycle").is_null());
}

TEST(ReportJson, WarningsOfReaderAndJudgeAreOneList) {
  report::Page page = made_up::ramp();
  page.record.warnings.push_back({Severity::warning, "D010", "decimal comma", Place{"a.csv", 3, 5, 2, "1,5;2"}, {"as in line 2"}});
  page.assessment.warnings.push_back({Severity::warning, "D100", "one direction only"});
  const Json w = read(report::json(page.assessment, page.record)).at("warnings");
  ASSERT_EQ(w.size(), 2u);
  EXPECT_EQ(w[0].at("code"), "D010");
  EXPECT_EQ(w[0].at("file"), "a.csv");
  EXPECT_EQ(w[0].at("line"), 3);
  EXPECT_EQ(w[0].at("column"), 5);
  EXPECT_THAT(w[0].at("hints"), ElementsAre("as in line 2"));
  EXPECT_TRUE(w[1].at("file").is_null());
}

TEST(ReportJson, ErrorsHaveTheSameShape) {
  const Json j = read(report::json(std::vector<Diagnostic>{{Severity::error, "C004", "unknown key", Place{"a.toml", 12, 1, 4, "stac"}, {"did you mean"}}}));
  EXPECT_EQ(j.at("schema"), "platen.error/1");
  ASSERT_EQ(j.at("errors").size(), 1u);
  EXPECT_EQ(j.at("errors")[0].at("severity"), "error");
  EXPECT_EQ(j.at("errors")[0].at("message"), "unknown key");
  EXPECT_EQ(j.at("errors")[0].at("line"), 12);
}

TEST(ReportJson, InspectListsChannelsWithUnitsAndRanges) {
  report::Page page = made_up::ramp();
  page.record.real(col::voltage)[7] = std::nan("");
  std::vector<std::int32_t> steps(page.record.rows(), 1);
  for (std::size_t k = 100; k < steps.size(); ++k) steps[k] = 2;
  page.record.set(col::step_count, steps);
  const Json j = read(report::json_inspect(page.record));
  EXPECT_EQ(j.at("schema"), "platen.inspect/1");
  EXPECT_EQ(j.at("format"), "delimited text");
  EXPECT_EQ(j.at("rows"), page.record.rows());
  expect_quantity(j.at("duration"), page.record.real(col::test_time).back(), "s");
  EXPECT_EQ(j.at("steps"), 2);
  EXPECT_TRUE(j.at("cycles").is_null());
  EXPECT_EQ(j.at("half_cycles"), 8);
  EXPECT_EQ(j.at("current_steps"), 4);
  const Json& voltage = j.at("channels")[2];
  EXPECT_EQ(voltage.at("name"), "voltage");
  EXPECT_EQ(voltage.at("unit"), "V");
  EXPECT_EQ(voltage.at("missing"), 1);
  EXPECT_DOUBLE_EQ(voltage.at("maximum").get<double>(), 0.08);
}

TEST(ReportJson, SimulateNamesItsFiles) {
  const report::Page page = made_up::ramp();
  const Json j = read(report::json_simulate(page.assessment, page.record, {{"record", "a.h5"}, {"report", "a.html"}}));
  EXPECT_EQ(j.at("schema"), "platen.simulate/1");
  EXPECT_EQ(j.at("outputs")[1].at("path"), "a.html");
  EXPECT_EQ(j.at("verdict"), "hard short");
}

TEST(ReportJson, ValidateListsEveryResolvedValue) {
  Study study;
  study.name = "symmetric";
  study.resolved = {{"cell.area", "0.785 cm2", 0.785e-4, "m2", "a.toml:3", "stated", "Ham et al. 2022"},
                    {"cell.lithium", "Li", std::nan(""), "", "default", "assumed", ""}};
  study.test.push_back({step::FitSprings{}, "Fit springs", {}});
  const Json j = read(report::json(study));
  EXPECT_EQ(j.at("schema"), "platen.validate/1");
  ASSERT_EQ(j.at("resolved").size(), 2u);
  EXPECT_EQ(j.at("resolved")[0].at("key"), "cell.area");
  EXPECT_EQ(j.at("resolved")[0].at("text"), "0.785 cm2");
  EXPECT_DOUBLE_EQ(j.at("resolved")[0].at("value").get<double>(), 0.785e-4);
  EXPECT_EQ(j.at("resolved")[0].at("unit"), "m2");
  EXPECT_EQ(j.at("resolved")[0].at("origin"), "a.toml:3");
  EXPECT_EQ(j.at("resolved")[0].at("basis"), "stated");
  EXPECT_TRUE(j.at("resolved")[1].at("value").is_null());
  EXPECT_THAT(j.at("test"), ElementsAre("Fit springs"));
}

TEST(ReportJson, TargetsCarryBandClassAndVerdict) {
  TargetResult r;
  r.target = {"T08", "2a", "30 min hold", "CCD", "failing_step", "mA/cm2", "stated", "model", "", 2.15, 1.9, std::nullopt};
  r.verdict = TargetVerdict::not_evaluated;
  const Json j = read(report::json(std::vector<TargetResult>{r}));
  EXPECT_EQ(j.at("schema"), "platen.targets/1");
  const Json& row = j.at("targets")[0];
  EXPECT_TRUE(row.at("value").is_null());
  EXPECT_DOUBLE_EQ(row.at("paper").get<double>(), 2.15);
  EXPECT_TRUE(row.at("high").is_null());
  EXPECT_EQ(row.at("class"), "model");
  EXPECT_EQ(row.at("verdict"), "not evaluated");
}

TEST(ReportJson, SmallAnswersKeepTheirOrder) {
  Quantity area;
  area.value = 1e-4;
  area.dimension = dim::area;
  const std::string text = report::json("platen.convert/1", {{"output", std::string("b.csv")},
                                                             {"rows", std::int64_t{5}},
                                                             {"area", area},
                                                             {"note", std::monostate{}},
                                                             {"done", true},
                                                             {"files", std::vector<std::string>{"a", "b"}}});
  const Json j = read(text);
  EXPECT_EQ(j.at("rows"), 5);
  EXPECT_EQ(j.at("done"), true);
  EXPECT_TRUE(j.at("note").is_null());
  expect_quantity(j.at("area"), 1e-4, "m2");
  EXPECT_THAT(j.at("files"), ElementsAre("a", "b"));
  EXPECT_LT(text.find("\"schema\""), text.find("\"output\""));
  EXPECT_LT(text.find("\"output\""), text.find("\"rows\""));
}
