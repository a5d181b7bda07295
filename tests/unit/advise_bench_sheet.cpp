// The bench sheet of a study: forces, springs, expected pressures, the cycler's steps.
#include "advise/bench_sheet.hpp"
#include "base/units.hpp"
#include "report/report.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string symmetric = "layers = [{ material = \"Li\", thickness = \"100 um\" }, { material = \"LPSCl\", mass = \"75 mg\" }, "
                              "{ material = \"Li\", thickness = \"100 um\" }]\n";
const std::string full = "layers = [{ material = \"NCM811\", loading = \"25.5 mg/cm2\", loading_of = \"composite\" }, { material = "
                         "\"LPSCl\", mass = \"75 mg\" }, { material = \"Li\", thickness = \"100 um\" }]\n";
const std::string springs = "[fixture]\nkind = \"springs\"\nsprings = { count = 3, rate = \"5.5 lbf/mm\", load_limit = \"53 lbf\", "
                            "travel = \"9.6 mm\" }\n";

Study study_of(const std::vector<std::string>& sentences, const std::string& layers, const std::string& more = "") {
  std::string text = "name = \"t\"\ntest = [";
  for (const std::string& s : sentences) text += "\n  \"" + s + "\",";
  return parse_study(text + "\n]\n[fabrication]\ndensification_pressure = \"370 MPa\"\n[cell]\narea = \"0.785 cm2\"\n" + layers + more,
                     "t.toml", {});
}

BenchSheet sheet_of(const std::vector<std::string>& sentences, const std::string& layers, const std::string& more = "") {
  return bench_sheet(study_of(sentences, layers, more));
}

std::vector<std::string> modes(const BenchSheet& sheet) {
  std::vector<std::string> out;
  for (const CyclerStep& c : sheet.cycler) out.emplace_back(label(c.mode));
  return out;
}

TEST(BenchSheet, LoadAndCompressionOfThePapersSprings) {
  // Ham 2022, section 2: 29.4 lb and 5.35 mm for 5 MPa on 0.785 cm2 and three springs of 5.5 lb/mm (T32, T33); the margins
  // by hand: 53 - 29.41 lbf and 9.6 - 5.348 mm
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Release to 5 MPa", "Fit springs"}, full, springs);
  const auto& fitted = sheet.pressures.back();
  EXPECT_EQ(fitted.sentence, 3u);
  ASSERT_TRUE(fitted.springs.has_value());
  EXPECT_NEAR(in_unit(fitted.springs->force, "lbf"), 29.41, 0.005);
  EXPECT_NEAR(in_unit(fitted.springs->compression, "mm"), 5.348, 0.0005);
  EXPECT_NEAR(in_unit(fitted.springs->force_margin, "lbf"), 23.59, 0.005);
  EXPECT_NEAR(in_unit(fitted.springs->travel_margin, "mm"), 4.252, 0.0005);
  EXPECT_THAT(report::text(sheet), HasSubstr("29.41"));
  EXPECT_THAT(report::text(sheet), HasSubstr("5.348"));
}

TEST(BenchSheet, EveryPressureAsAForce) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Release to 5 MPa", "Fit springs", "Set stack pressure to 3 MPa"}, full, springs);
  std::vector<std::string> said;
  for (const PressureToSet& p : sheet.pressures)
    said.push_back(fmt::format("{} {:.1f} MPa {:.1f} N {}", p.sentence, p.pressure / 1e6, p.force, p.springs ? "springs" : "screws"));
  EXPECT_THAT(said, ElementsAre("0 370.0 MPa 29045.0 N screws", "1 25.0 MPa 1962.5 N screws", "2 5.0 MPa 392.5 N screws",
                                "3 5.0 MPa 392.5 N springs", "4 3.0 MPa 235.5 N springs"));
  // 392.5 N by hand: 40.02 kgf, 88.24 lbf
  EXPECT_THAT(report::text(sheet), testing::AllOf(HasSubstr("40.02"), HasSubstr("88.24")));
}

TEST(BenchSheet, PressuresWithinRepeatsCount) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Repeat 2 times: Set stack pressure to 4 MPa; Rest for 1 min"}, symmetric);
  EXPECT_EQ(sheet.pressures.back().pressure, 4e6);
  EXPECT_EQ(sheet.pressures.back().sentence, 2u);
}

TEST(BenchSheet, WhatIsWeighedIn) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min"}, full);
  // by hand: 25.5 mg/cm2 and 3.366 mAh/cm2 on 0.785 cm2
  EXPECT_NEAR(in_unit(sheet.cathode_mass.value(), "mg"), 20.0175, 1e-4);
  EXPECT_NEAR(in_unit(sheet.capacity.value(), "mAh"), 2.64231, 1e-5);
  EXPECT_NEAR(in_unit(sheet.electrolyte_mass.value(), "mg"), 75.0, 1e-9);
  EXPECT_FALSE(sheet_of({"Hold at 25 MPa for 1 min"}, symmetric).cathode_mass.has_value());
}

TEST(BenchSheet, StagesFollowTheSimulation) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h",
                                     "Set stack pressure to 5 MPa", "Rest for 1 h"},
                                    symmetric);
  ASSERT_EQ(sheet.stages.size(), 5u);
  EXPECT_TRUE(sheet.warnings.empty());
  const auto& s = sheet.stages;
  EXPECT_DOUBLE_EQ(s[0].highest_pressure, 25e6);
  EXPECT_LT(s[0].pressure, 24.5e6); // the hold relaxes
  EXPECT_EQ(s[0].pressure, s[0].lowest_pressure);
  EXPECT_DOUBLE_EQ(s[0].end, 1800.0);
  EXPECT_EQ(s[1].pressure, 5e6);
  EXPECT_EQ(s[1].end, s[0].end);
  EXPECT_LT(s[2].pressure, 5e6); // heating a fixed gap
  EXPECT_DOUBLE_EQ(s[2].temperature, 313.15);
  EXPECT_EQ(s[3].pressure, 5e6);
  EXPECT_EQ(s[4].sentence, 5u);
  EXPECT_DOUBLE_EQ(s[4].end, 1800.0 + 7200.0);
  EXPECT_DOUBLE_EQ(s[4].start, s[3].end);
}

TEST(BenchSheet, CyclerStepsOfARampInMilliampere) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Ramp from 0.2 mA/cm2 to 0.3 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V"}, full);
  EXPECT_THAT(modes(sheet), ElementsAre("by hand", "rest", "CC charge", "CC discharge", "CC charge", "CC discharge"));
  std::vector<std::string> said;
  for (std::size_t k = 2; k < sheet.cycler.size(); ++k)
    said.push_back(fmt::format("{:.4f} mA {:.1f} V", *sheet.cycler[k].current * 1e3, *sheet.cycler[k].until_voltage));
  // by hand: 0.2 and 0.3 mA/cm2 on 0.785 cm2
  EXPECT_THAT(said, ElementsAre("0.1570 mA 4.3 V", "-0.1570 mA 2.5 V", "0.2355 mA 4.3 V", "-0.2355 mA 2.5 V"));
}

TEST(BenchSheet, ARampUntilShortIsListedBeyondWhatTheCellBore) {
  const Study study = study_of({"Hold at 25 MPa for 1 min", "Ramp from 0.2 mA/cm2 in steps of 0.2 mA/cm2, 5 min per half cycle, until short"}, symmetric);
  const BenchSheet sheet = bench_sheet(study);
  const double last = std::abs(*sheet.cycler.back().current) / study.cell.area;
  const std::size_t steps = (sheet.cycler.size() - 2) / 2;
  EXPECT_NEAR(last, 2.0 + 2.0 * static_cast<double>(steps - 1), 1e-9);
  EXPECT_GT(steps, 2u);
  EXPECT_LT(last, ramp_end_unknown);
  EXPECT_EQ(sheet.cycler.back().duration, 300.0);
  EXPECT_FALSE(sheet.cycler.back().until_voltage.has_value());
}

TEST(BenchSheet, LoopsGoBackToWhatIsRepeated) {
  const BenchSheet sheet =
      sheet_of({"Hold at 25 MPa for 1 min", "Repeat 2 times: Charge at 2 mA/cm2 until 0.02 mAh/cm2; Hold at 4.3 V until 0.1 mA/cm2 or for 1 min",
                "Ramp from 0.2 mA/cm2 to 0.2 mA/cm2 in steps of 0.2 mA/cm2, 0.01 mAh/cm2 per half cycle, 3 cycles per step"},
               full);
  EXPECT_THAT(modes(sheet), ElementsAre("by hand", "rest", "CC charge", "CV", "loop", "CC charge", "CC discharge", "loop"));
  EXPECT_NEAR(in_unit(*sheet.cycler[2].until_capacity, "mAh"), 0.0157, 1e-9);
  EXPECT_NEAR(*sheet.cycler[3].until_current, 0.785e-4, 1e-12);
  EXPECT_EQ(sheet.cycler[3].duration, 60.0);
  EXPECT_EQ(sheet.cycler[4].back_to, 3u);
  EXPECT_EQ(sheet.cycler[4].times, 2);
  EXPECT_EQ(sheet.cycler[7].back_to, 6u);
  EXPECT_EQ(sheet.cycler[7].times, 3);
}

TEST(BenchSheet, InterruptsStandBeforeWhatTheyInterrupt) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Rest for 1 h", "Every 20 min: Plate at 0.1 mA/cm2 for 1 s; Rest for 1 s"}, symmetric);
  EXPECT_THAT(modes(sheet), ElementsAre("by hand", "rest", "interrupt", "CC charge", "rest", "rest"));
  EXPECT_EQ(sheet.cycler[2].duration, 1200.0);
  EXPECT_EQ(sheet.cycler[5].duration, 3600.0);
}

/// A voltage held on a cell of capacitors without any resistance before it asks for an infinite current.
const std::string cannot_be_solved = "[output]\ncapacitances = \"dynamic\"\n[override]\n\"leads.resistance\" = \"0 ohm\"\n";

TEST(BenchSheet, StandsWithoutASimulation) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Polarise at 1 mV for 1 s",
                                     "Ramp from 1 mA/cm2 in steps of 1 mA/cm2, 5 min per half cycle, until short"},
                                    symmetric, cannot_be_solved);
  EXPECT_TRUE(sheet.stages.empty());
  ASSERT_EQ(sheet.warnings.size(), 1u);
  EXPECT_EQ(sheet.warnings.front().code, "S001");
  EXPECT_EQ(sheet.warnings.front().severity, Severity::warning);
  EXPECT_THAT(sheet.warnings.front().message, HasSubstr("no expected pressures"));
  EXPECT_EQ(sheet.cycler.size(), 3u + 2u * 5u); // 1 to 5 mA/cm2
  EXPECT_FALSE(sheet.pressures.empty());
  EXPECT_THAT(report::text(sheet), Not(HasSubstr("Expected pressure")));
}

TEST(BenchSheet, EndlessRampsAreCutAndSaid) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 1 min", "Polarise at 1 mV for 1 s",
                                     "Ramp from 0.001 mA/cm2 to 100 mA/cm2 in steps of 0.001 mA/cm2, 1 s per half cycle"},
                                    symmetric, cannot_be_solved);
  EXPECT_EQ(sheet.cycler.size(), 3u + 2u * 500u);
  const auto cut = std::find_if(sheet.warnings.begin(), sheet.warnings.end(), [](const Diagnostic& d) { return d.code == "C070"; });
  ASSERT_NE(cut, sheet.warnings.end());
  EXPECT_THAT(render(*cut), testing::AllOf(HasSubstr("100000 steps"), HasSubstr("t.toml:5")));
}

TEST(BenchSheet, TheEmptyFixtureHasForcesAndPressures) {
  const BenchSheet sheet = sheet_of({"Hold at 25 MPa for 30 min"}, "");
  EXPECT_EQ(sheet.stages.size(), 1u);
  EXPECT_THAT(modes(sheet), ElementsAre("by hand", "rest"));
}

} // namespace
