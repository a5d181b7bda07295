// Conservation and limits that must hold in every run (docs/theory/balances.md), for every case of one table.

#include "identities.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace platen {
namespace {

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

struct Case {
  const char* name;
  const char* text;
  const char* base = "symmetric.toml";
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const Case cases[] = {
    {"thirty_minutes", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 5 MPa",
        "Ramp from 0.127 mA/cm2 in steps of 0.254 mA/cm2, 15 min per half cycle, until short"])"},
    {"one_minute_with_scatter", R"(
seed = 17
test = ["Hold at 25 MPa for 1 min at 25 degC", "Release to 5 MPa",
        "Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 0.1 mAh/cm2 per half cycle, until short", "Rest for 1 h"])"},
    {"a_day", R"(
test = ["Hold at 25 MPa for 24 h at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 5 MPa",
        "Ramp from 0.2 mA/cm2 in steps of 0.2 mA/cm2, 30 min per half cycle, 2 cycles per step, until short"])"},
    {"springs", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Fit springs", "Heat to 40 degC in 1 h",
        "Set stack pressure to 5 MPa", "Plate at 0.5 mA/cm2 until 2 mAh/cm2", "Strip at 0.5 mA/cm2 until 2 mAh/cm2"]
[fixture]
kind = "springs"
springs = { count = 3, rate = "5.5 lbf/mm", load_limit = "53 lbf", travel = "9.6 mm" })"},
    {"after_a_short", R"(
test = ["Hold at 25 MPa for 5 min at 25 degC", "Release to 3 MPa",
        "Ramp from 0.5 mA/cm2 in steps of 0.5 mA/cm2, 15 min per half cycle, until short",
        "Rest for 1 h", "Plate at 1 mA/cm2 for 1 h", "Strip at 1 mA/cm2 for 1 h"])"},
    {"cold_and_starved", R"(
temperature = "0 degC"
test = ["Hold at 25 MPa for 30 min at 0 degC", "Release to 1 MPa",
        "Ramp from 0.1 mA/cm2 to 0.5 mA/cm2 in steps of 0.1 mA/cm2, 1 h per half cycle"]
[mechanisms]
filament = false)"},
    {"nothing_but_resistance", R"(
test = ["Hold at 10 MPa for 10 min at 60 degC", "Ramp from 0.5 mA/cm2 to 2 mA/cm2 in steps of 0.5 mA/cm2, 15 min per half cycle"]
[mechanisms]
seating = false
contact_closure = false
stripping_voids = false
intrusion = false
filament = false
interphase = false
lithium_squeeze = false
electronic_leakage = false)"},
    {"repeats", R"(
test = ["Hold at 25 MPa for 2 h at 25 degC", "Release to 5 MPa",
        "Repeat 3 times: Plate at 0.3 mA/cm2 for 20 min; Rest for 5 min; Strip at 0.3 mA/cm2 for 20 min; Rest for 5 min"])"},
    {"with_capacitances", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa",
        "Ramp from 0.2 mA/cm2 to 0.6 mA/cm2 in steps of 0.2 mA/cm2, 15 min per half cycle"]
[output]
capacitances = "dynamic")"},
    {"full_fixed_gap", "", "full-25.5-fixed.toml"},
    {"full_thick_cathode", "seed = 5", "full-51.0-fixed.toml"},
    {"full_springs", "", "full-25.5-springs.toml"},
    {"full_1MPa", "", "full-12.8-fixed-1MPa.toml"},
    {"full_springs_1MPa", "", "full-12.8-springs-1MPa.toml"},
    {"full_life", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Fit springs", "Heat to 40 degC in 1 h",
        "Set stack pressure to 5 MPa",
        "Repeat 2 times: Charge at 0.2 mA/cm2 until 4.3 V; Discharge at 0.2 mA/cm2 until 2.5 V",
        "Repeat 8 times: Charge at 0.5 mA/cm2 until 4.3 V; Discharge at 0.5 mA/cm2 until 2.5 V"])", "life-springs.toml"},
    {"full_after_a_short", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 5 MPa",
        "Ramp from 0.5 mA/cm2 in steps of 0.5 mA/cm2 between 2.5 V and 4.3 V, until short",
        "Rest for 1 h", "Charge at 0.5 mA/cm2 for 1 h", "Discharge at 0.5 mA/cm2 for 1 h"])", "full-25.5-fixed.toml"},
    {"full_60_degC", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 60 degC in 1 h", "Set stack pressure to 5 MPa",
        "Repeat 2 times: Charge at 0.3 mA/cm2 until 4.3 V; Rest for 30 min; Discharge at 0.3 mA/cm2 until 2.5 V; Rest for 30 min"])",
     "full-25.5-fixed.toml"},
    {"full_10_degC", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Fit springs", "Cool to 10 degC in 1 h",
        "Set stack pressure to 5 MPa",
        "Repeat 2 times: Charge at 0.05 mA/cm2 until 4.3 V; Rest for 30 min; Discharge at 0.05 mA/cm2 until 2.5 V; Rest for 30 min"])",
     "full-25.5-springs.toml"},
    {"full_yielding_gap", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 5 MPa",
        "Ramp from 0.2 mA/cm2 to 0.4 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V"]
[mechanisms]
yielding_gap = true
fatigue = false
pressure_swing = false)", "full-25.5-fixed.toml"},
    {"full_with_capacitances", R"(
test = ["Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 5 MPa",
        "Charge at 0.3 mA/cm2 for 2 h", "Rest for 10 min", "Discharge at 0.3 mA/cm2 for 1 h"]
[output]
capacitances = "dynamic")", "full-25.5-fixed.toml"},
};

Study study_of(const Case& c) {
  Study study = parse_study("extends = \"" + std::string(c.base) + "\"\nname = \"identity\"\n" + c.text, c.name, folder);
  study.output.parts = true;
  return study;
}

const Case& case_called(std::string_view name) {
  return *std::find_if(std::begin(cases), std::end(cases), [&](const Case& c) { return c.name == name; });
}

class EveryCase : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Identities, EveryCase, ::testing::ValuesIn(cases), [](const auto& i) { return i.param.name; });

TEST_P(EveryCase, HoldsEveryIdentity) {
  const Study study = study_of(GetParam());
  const Record record = simulate(study);
  ASSERT_GT(identities::largest(record.real(col::net_capacity)), 0.0) << "a case without current shows little";
  identities::hold_every_one(study, record);
}

TEST_P(EveryCase, TheSameSeedGivesTheSameRecordOnAnyThread) {
  const Study study = study_of(GetParam());
  std::vector<Record> records(4);
  work::parallel_for(4, [&](std::size_t k) { records[k] = simulate(study); }, 4);
  for (std::size_t k = 1; k < records.size(); ++k) identities::are_the_same(records[0], records[k]);
}

TEST(Limits, FullContactWithoutMechanismsIsTheTextbookCell) {
  // Ohm plus Butler-Volmer at both electrodes, written out here from the parameters alone.
  const Study study = parse_study(R"(
extends = "symmetric.toml"
name = "textbook"
test = ["Set stack pressure to 5 MPa", "Ramp from 0.5 mA/cm2 to 4 mA/cm2 in steps of 0.5 mA/cm2, 15 min per half cycle"]
[mechanisms]
seating = false
contact_closure = false
stripping_voids = false
intrusion = false
filament = false
interphase = false
lithium_squeeze = false
electronic_leakage = false
[override]
"contact.initial" = 1
)", "textbook", folder);
  const Record record = simulate(study);
  const auto current = record.real(col::current), voltage = record.real(col::voltage);
  const physics::Parameters& p = study.parameters;
  const double RT_F = constants::R * study.temperature / constants::F;
  for (std::size_t k = 0; k < current.size(); ++k) {
    const double i = current[k] / study.cell.area;
    const double expected = i * (study.cell.electrolyte_thickness / p.conductivity + p.lead_resistance * study.cell.area) +
                            2.0 * 2.0 * RT_F * std::asinh(i * p.interface_resistance / (2.0 * RT_F));
    ASSERT_NEAR(voltage[k], expected, 1e-12 + 1e-10 * std::abs(expected));
  }
}

TEST(Limits, AnEmptyFixtureRelaxesLikeALoadedOne) {
  const Record empty = simulate(read_study(folder / "empty-fixture.toml"));
  const Record loaded = simulate(read_study(folder / "hold-1440min.toml"));
  ASSERT_FALSE(empty.has("contact_left"));
  const auto Pe = empty.real(col::stack_pressure), Pl = loaded.real(col::stack_pressure);
  for (std::size_t row : {std::size_t{60}, std::size_t{180}, std::size_t{3600}})
    EXPECT_NEAR(Pe[row], Pl[row], 0.15e6) << "row " << row; // the paper sees no difference at room temperature
}

TEST(Limits, DynamicCapacitancesAreQuasiStaticInARamp) {
  Study slow = study_of(case_called("with_capacitances"));
  ASSERT_TRUE(slow.output.dynamic_capacitances);
  Study quasi = slow;
  quasi.output.dynamic_capacitances = false;
  const Record a = simulate(slow), b = simulate(quasi);
  ASSERT_EQ(a.rows(), b.rows());
  const auto va = a.real(col::voltage), vb = b.real(col::voltage), step = a.real(col::step_time);
  for (std::size_t k = 0; k < va.size(); ++k) {
    if (step[k] < 1.0) continue; // the capacitors are still charging
    ASSERT_NEAR(va[k], vb[k], 2e-6 + 1e-3 * std::abs(vb[k])) << "row " << k;
  }
}

TEST(Limits, DynamicCapacitancesAreQuasiStaticInAFullCell) {
  Study quasi = study_of(case_called("full_with_capacitances"));
  quasi.output.dynamic_capacitances = false;
  const Record a = simulate(study_of(case_called("full_with_capacitances"))), b = simulate(quasi);
  ASSERT_EQ(a.rows(), b.rows());
  std::size_t compared = 0;
  const auto va = a.real(col::voltage), vb = b.real(col::voltage), step = a.real(col::step_time);
  for (std::size_t k = 0; k < va.size(); ++k) {
    if (step[k] < identities::fast_modes_settled(quasi.parameters)) continue; // else resistances where the other has modes
    ASSERT_NEAR(va[k], vb[k], 2e-5 + 1e-5 * vb[k]) << "row " << k;
    ++compared;
  }
  EXPECT_GT(compared, 1000U);
}

} // namespace
} // namespace platen
