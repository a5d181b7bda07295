// What is known of a test, from where, and what contradicts what.

#include "assess/assessment.hpp"
#include "assess_waveforms.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// A record whose cell file says everything, and nothing wrong.
Record complete() {
  waveforms::Ramp p;
  p.noise = 2e-4;
  Record r = waveforms::make(p).record;
  CellInfo& c = r.cell;
  c.electrolyte = "LPSCl";
  c.fixture = "fixed gap";
  c.area = 0.785e-4;
  c.diameter = 10e-3;
  c.electrolyte_mass = 75e-6;
  c.electrolyte_thickness = 600e-6;
  c.electrolyte_density = 1592.0;
  c.electrolyte_true_density = 1860.0;
  c.lithium_thickness = 100e-6;
  c.fabrication_pressure = 370e6;
  c.fabrication_time = 180.0;
  c.contact_hold_pressure = 25e6;
  c.contact_hold_time = 1800.0;
  c.contact_hold_temperature = 298.15;
  c.stack_pressure = 5e6;
  c.temperature = 298.15;
  c.ramp_start = c.ramp_increment = 1.27;
  c.half_cycle_time = 900.0;
  c.lower_voltage = -4.0;
  c.upper_voltage = 4.0;
  c.number_of_cells = 3.0;
  for (const CellField& f : cell_fields())
    if (c.*f.member) c.known_from.emplace(f.key, KnownFrom{"cell file", "a.cell.toml:1"});
  return r;
}

Checklist of(const Record& r) { return assess(r).checklist; }

/// The only contradiction of a record.
Contradiction only(const Record& r) {
  const Checklist list = of(r);
  if (list.contradictions.size() != 1) {
    std::string all;
    for (const Contradiction& c : list.contradictions) all += c.text + "; ";
    throw std::runtime_error(std::to_string(list.contradictions.size()) + " contradictions: " + all);
  }
  for (const std::string& key : list.contradictions.front().keys)
    if (const ChecklistItem* item = list.find(key)) {
      EXPECT_EQ(item->knowledge, Knowledge::contradicted) << key;
    }
  return list.contradictions.front();
}

TEST(Checklist, ACompleteCellLacksNothingAndContradictsNothing) {
  const Checklist list = of(complete());
  for (const ChecklistItem& item : list.items) {
    const bool of_full = item.key.starts_with("cathode") || item.key == "areal_capacity";
    EXPECT_EQ(item.knowledge, of_full ? Knowledge::not_needed : Knowledge::known) << item.key;
  }
  EXPECT_EQ(list.count(Knowledge::missing), 0u);
  for (const Contradiction& c : list.contradictions) ADD_FAILURE() << c.text;
}

TEST(Checklist, EveryConditionThatNobodyStatedIsMissing) {
  for (const ChecklistItem& item : of(complete()).items) {
    const CellField* field = find_cell_field(item.key);
    if (field == nullptr || item.knowledge == Knowledge::not_needed) continue;
    Record r = complete();
    r.cell.*field->member = std::nullopt;
    const Checklist without = of(r);
    const bool from_data = item.key.starts_with("half_cycle") || item.key.starts_with("ramp");
    const bool derived = item.key == "electrolyte_density";
    ASSERT_NE(without.find(item.key), nullptr);
    EXPECT_EQ(without.find(item.key)->knowledge, from_data || derived ? Knowledge::known : Knowledge::missing) << item.key;
    if (from_data) {
      EXPECT_EQ(without.find(item.key)->statements.front().from, "data") << item.key;
    }
    if (derived) {
      EXPECT_EQ(without.find(item.key)->statements.front().from, "derived");
      EXPECT_NEAR(*without.find(item.key)->statements.front().value, 75e-6 / (0.785e-4 * 600e-6), 1e-6);
    }
  }
  Record r = complete();
  r.cell.electrolyte = r.cell.fixture = "";
  r.cell.configuration = Configuration::unknown;
  for (const char* key : {"electrolyte", "fixture", "configuration"}) EXPECT_EQ(of(r).find(key)->knowledge, Knowledge::missing) << key;
}

TEST(Checklist, SaysWhereEachConditionIsKnownFrom) {
  Record r = complete();
  r.cell.known_from.at("area") = {"cell file", "b.cell.toml:7"};
  r.cell.known_from.erase("temperature");
  r.set(col::stack_pressure, std::vector<double>(r.rows(), 5.1e6));
  const Checklist list = of(r);
  EXPECT_EQ(list.find("area")->statements.front().place, "b.cell.toml:7");
  EXPECT_EQ(list.find("temperature")->statements.front().from, "data file");
  const auto& pressure = list.find("stack_pressure")->statements;
  ASSERT_EQ(pressure.size(), 2u);
  EXPECT_EQ(pressure[0].from, "cell file");
  EXPECT_EQ(pressure[1].from, "data");
  EXPECT_NEAR(*pressure[1].value, 5.1e6, 1.0);
}

TEST(Checklist, TheRampIsFoundInTheData) {
  Record r = complete();
  r.cell.ramp_start = r.cell.ramp_increment = r.cell.half_cycle_time = std::nullopt;
  const Checklist list = of(r);
  EXPECT_NEAR(*list.find("ramp_start")->statements.front().value, 1.27, 1e-9);
  EXPECT_NEAR(*list.find("ramp_increment")->statements.front().value, 1.27, 1e-9);
  EXPECT_NEAR(*list.find("half_cycle_time")->statements.front().value, 900.0, 1e-6);
  const Statement& q = list.find("half_cycle_capacity")->statements.front();
  EXPECT_NEAR(*q.value, 1.27 * 900.0, 15.0);
  EXPECT_NEAR(*q.high, 17 * 1.27 * 900.0, 250.0) << "a ramp at constant time has a range";
}

TEST(Checklist, WhatAFullCellNeedsIsMissingInAFullCell) {
  Record r = complete();
  r.cell.configuration = Configuration::full;
  const Checklist list = of(r);
  for (const char* key : {"cathode", "cathode_loading", "areal_capacity"}) EXPECT_EQ(list.find(key)->knowledge, Knowledge::missing) << key;
}

TEST(Checklist, MassAreaThicknessAndDensityMustFit) {
  Record r = complete();
  r.cell.electrolyte_thickness = 450e-6;
  const Contradiction c = only(r);
  EXPECT_THAT(c.keys, ElementsAre("electrolyte_mass", "area", "electrolyte_thickness", "electrolyte_density"));
  EXPECT_NEAR(c.found, 75e-6 / (0.785e-4 * 450e-6), 1e-6);
  EXPECT_NEAR(c.expected, 1592.0, 1e-9);
  EXPECT_TRUE(c.assumed);
  EXPECT_THAT(c.text, HasSubstr("75 mg of electrolyte on 0.785 cm2 and 450 um are 2.123 g/cm3, stated are 1.592 g/cm3"));
}

TEST(Checklist, StatedUncertaintiesDecideWhatContradicts) {
  Record r = complete();
  r.cell.electrolyte_thickness = 570e-6; // 5 % off: within what is assumed (1, 2, 3 and 5 %)
  EXPECT_TRUE(of(r).contradictions.empty());
  r.cell.uncertainty = {{"electrolyte_mass", 0.1e-6}, {"area", 1e-8}, {"electrolyte_thickness", 5e-6}, {"electrolyte_density", 5.0}};
  const Contradiction c = only(r);
  EXPECT_FALSE(c.assumed);
  const double u = std::sqrt(std::pow(0.1 / 75.0, 2) + std::pow(1e-8 / 0.785e-4, 2) + std::pow(5.0 / 570.0, 2) + std::pow(5.0 / 1592.0, 2));
  EXPECT_NEAR(c.deviation, std::log(c.found / c.expected) / u, 1e-9);
  r.cell.electrolyte_thickness = 450e-6;
  r.cell.uncertainty = {{"electrolyte_thickness", 120e-6}};
  EXPECT_TRUE(of(r).contradictions.empty()) << "such a thickness contradicts nothing";
}

TEST(Checklist, NoPelletIsDenserThanItsMaterial) {
  Record r = complete();
  r.cell.electrolyte_density = std::nullopt;
  r.cell.electrolyte_thickness = 450e-6;
  EXPECT_THAT(only(r).text, HasSubstr("more than the 1.86 g/cm3 of the material without pores"));
  r = complete();
  r.cell.electrolyte_mass = std::nullopt;
  r.cell.electrolyte_density = 2300.0;
  EXPECT_THAT(only(r).keys, ElementsAre("electrolyte_density", "electrolyte_true_density"));
}

TEST(Checklist, AreaAndDiameterMustFit) {
  Record r = complete();
  r.cell.diameter = 12e-3;
  EXPECT_THAT(only(r).text, HasSubstr("a diameter of 12 mm makes 1.131 cm2"));
  r.cell.diameter = 10.5e-3; // an area 10 % larger: a diameter known to 3 % allows for 13 %, its area being twice as uncertain
  EXPECT_TRUE(of(r).contradictions.empty());
}

TEST(Checklist, CurrentsMustFitTheSteps) {
  Record r = complete();
  r.cell.ramp_start = r.cell.ramp_increment = 1.0;
  const Checklist list = of(r);
  ASSERT_EQ(list.contradictions.size(), 2u);
  EXPECT_THAT(list.contradictions[0].keys, ElementsAre("ramp_start", "area"));
  EXPECT_THAT(list.contradictions[0].text, HasSubstr("the first step has 0.09969 mA, 0.127 mA/cm2 on the stated area, but 0.1 mA/cm2 are stated: they fit an area of 0.997 cm2"));
  EXPECT_THAT(list.contradictions[1].keys, ElementsAre("ramp_increment", "area"));
}

TEST(Checklist, HalfCyclesMustTakeWhatIsStated) {
  Record r = complete();
  r.cell.half_cycle_time = 3600.0;
  EXPECT_THAT(only(r).text, HasSubstr("half cycles of 60 min are stated, the data have 15 min"));
  r = complete();
  r.cell.half_cycle_capacity = 36000.0; // 1 mAh/cm2
  EXPECT_THAT(only(r).keys, ElementsAre("half_cycle_capacity"));
}

TEST(Checklist, StatedPressureAndTemperatureAreHeldAgainstTheLog) {
  Record r = complete();
  r.set(col::stack_pressure, std::vector<double>(r.rows(), 3.5e6));
  EXPECT_THAT(only(r).text, HasSubstr("a stack pressure of 5 MPa is stated, the log has 3.5 MPa"));
  r = complete();
  r.set(col::temperature, std::vector<double>(r.rows(), 333.15));
  EXPECT_THAT(only(r).text, HasSubstr("a temperature of 25 degC is stated, the data have 60 degC"));
  r.cell.uncertainty["temperature"] = 30.0;
  EXPECT_TRUE(of(r).contradictions.empty());
}

TEST(Checklist, AConstantPressureThatMovesIsNone) {
  Record r = complete();
  r.cell.fixture = "constant pressure";
  std::vector<double> pressure(r.rows(), 5e6);
  for (std::size_t k = pressure.size() / 2; k < pressure.size(); ++k) pressure[k] = 7e6;
  r.set(col::stack_pressure, pressure);
  EXPECT_THAT(only(r).keys, ElementsAre("fixture", "stack_pressure"));
}

TEST(Checklist, ArealCapacityMustFitTheLoading) {
  Record r = complete();
  r.cell.configuration = Configuration::full;
  r.cell.cathode_loading = 0.255;           // 25.5 mg/cm2
  r.cell.cathode_active_fraction = 0.66;
  r.cell.cathode_specific_capacity = 720e3; // 200 mAh/g
  r.cell.areal_capacity = 3.37 * 36000.0;
  r.cell.lower_voltage = -5.0;
  EXPECT_TRUE(of(r).contradictions.empty()) << of(r).contradictions.front().text;
  r.cell.areal_capacity = 5.1 * 36000.0; // as if all of it were active
  EXPECT_THAT(only(r).text, HasSubstr("25.5 mg/cm2 with 66 % of active material of 200 mAh/g make 3.366 mAh/cm2, stated are 5.1 mAh/cm2"));
}

TEST(Checklist, AFoilGivesNoMoreThanItHas) {
  Record r = complete();
  r.cell.lithium_thickness = 2e-6; // 0.5 mAh/cm2 take 2.5 um
  EXPECT_THAT(only(r).text, HasSubstr("of lithium from a foil of 2 um"));
}

TEST(Checklist, CutOffsMustHoldTheVoltage) {
  Record r = complete();
  r.cell.upper_voltage = 0.05;
  EXPECT_THAT(only(r).keys, ElementsAre("upper_voltage"));
  r = complete();
  r.cell.lower_voltage = -0.05;
  EXPECT_THAT(only(r).keys, ElementsAre("lower_voltage"));
  r.cell.lower_voltage = 4.5;
  EXPECT_GE(of(r).contradictions.size(), 1u);
  EXPECT_THAT(of(r).contradictions.front().text, HasSubstr("lies above the upper one"));
}

TEST(Checklist, ASymmetricCellHasNoCathode) {
  Record r = complete();
  r.cell.cathode_loading = 0.1;
  EXPECT_THAT(only(r).text, HasSubstr("said to be symmetric"));
}

TEST(Checklist, ASetSaysWhatDiffersAndWhatIsMissing) {
  Record a = complete(), b = complete(), c = complete();
  b.cell.contact_hold_time = 60.0;
  b.cell.stack_pressure = 5.02e6; // within 2 %
  c.cell.fabrication_time = std::nullopt;
  const Checklist lists[] = {of(a), of(b), of(c)};
  const Checklist* all[] = {&lists[0], &lists[1], &lists[2]};
  const ChecklistSet set = compare(all);
  EXPECT_EQ(set.cells, 3u);
  ASSERT_EQ(set.differences.size(), 1u);
  EXPECT_EQ(set.differences[0].key, "contact_hold_time");
  EXPECT_NEAR(*set.differences[0].each[1]->value, 60.0, 1e-9);
  EXPECT_THAT(set.missing_somewhere, ElementsAre("fabrication_time"));
  EXPECT_THAT(set.alike, testing::Contains("stack_pressure"));
  EXPECT_THAT(set.alike, testing::Not(testing::Contains("fabrication_time")));
  EXPECT_EQ(compare({}).cells, 0u);
}

} // namespace
