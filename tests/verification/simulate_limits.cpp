// The limiting law where it is known beforehand. Equations (N1), (N2): docs/theory/limits.md.

#include "simulate/limits.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <map>

namespace platen {
namespace {

using physics::Limit;

Record run(const std::string& base, const std::string& text) {
  Study study = parse_study("extends = \"" + base + "\"\nname = \"limit\"\n" + text, "limit.toml",
                            std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
  study.output.parts = true;
  return simulate(study);
}

/// A ramp after half an hour at 25 MPa, which makes contact.
std::string ramp(const std::string& sentence) {
  return "test = [\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to 5 MPa\", \"Heat to 40 degC in 1 h\", \"Set stack pressure to 5 MPa\", \"" +
         sentence + "\"]\n";
}
const std::string by_steps = "Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short";

TEST(Limits, WithNeitherVoidsNorIntrusionOnlyTheThresholdIsLeft) {
  const Record record = run("symmetric.toml", ramp(by_steps) + "[mechanisms]\nstripping_voids = false\nintrusion = false\nfatigue = false\n");
  EXPECT_EQ(limiting_law(record), Limit::threshold);
  const auto limit = record.real("limit"), i = record.real(col::current), filament = record.real("filament_left"), other = record.real("filament_right");
  std::size_t seen = 0;
  for (std::size_t k = 0; k < limit.size() && filament[k] + other[k] < 1e-9; ++k)
    if (i[k] != 0.0) {
      ASSERT_EQ(limit[k], 1.0) << "row " << k;
      ++seen;
    }
  EXPECT_GT(seen, 500U);
}

TEST(Limits, AStarvedInterfaceIsLimitedBySupply) {
  // a twentieth of the creep and of the diffusion: voids take the contact at a tenth of the usual current
  const Record record = run("symmetric.toml", ramp("Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 1 h per half cycle, until short") +
                                                  "[override]\n\"supply.creep\" = \"0.005 mA/cm2\"\n\"supply.diffusion\" = \"0.02 mA/cm2\"\n");
  EXPECT_EQ(limiting_law(record), Limit::supply);
}

TEST(Limits, AThinFoilIsLimitedByItsLithium) {
  // 4 um hold 0.82 mAh/cm2, of which 0.78 are stripped
  const std::string plate = ramp("Plate at 0.3 mA/cm2 for 2.6 h");
  const Record thin = run("symmetric.toml", plate + R"(
[cell]
layers = [{ material = "Li", thickness = "4 um" }, { material = "LPSCl", mass = "75 mg" }, { material = "Li", thickness = "4 um" }]
)");
  EXPECT_EQ(limiting_law(thin), Limit::reservoir);
  EXPECT_NE(limiting_law(run("symmetric.toml", plate)), Limit::reservoir) << "a thick foil has all the lithium it is asked for";
}

TEST(Limits, ADayAtTwentyFiveMegapascalsIsLimitedByIntrusion) {
  EXPECT_EQ(limiting_law(run("hold-1440min.toml", "")), Limit::intrusion);
  EXPECT_EQ(limiting_law(run("hold-1min.toml", "")), Limit::threshold) << "no time for the flaw to deepen";
}

TEST(Limits, AHealthyFullCellEndsItsChargesForWantOfLithium) {
  const Record record = run("full-6.4-fixed.toml", ramp("Ramp from 0.2 mA/cm2 to 0.3 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V"));
  EXPECT_EQ(limiting_law(record), Limit::reservoir);
  const auto limit = record.real("limit"), i = record.real(col::current);
  std::size_t ends = 0;
  for (std::size_t k = 1; k < i.size(); ++k)
    if (i[k - 1] > 0.0 && i[k] < 0.0) {
      EXPECT_EQ(limit[k - 1], 4.0) << "row " << k;
      ++ends;
    }
  EXPECT_EQ(ends, 2U);
}

TEST(Limits, LoadsMultiplyToTheRatioOfTheOverpotentials) {
  for (const double eta : {0.0, 3e-3, 9e-3})
    for (const double critical : {2e-3, 7e-3})
      for (const double lost : {0.0, 0.4, 0.9}) {
        const double gone = physics::strength_lost(critical, 7e-3);
        EXPECT_NEAR(physics::threshold_load(eta, critical, lost, gone) / ((1.0 - lost) * (1.0 - gone)), eta / critical, 1e-15);
      }
  EXPECT_EQ(physics::threshold_load(-5e-3, 7e-3, 0.1, 0.1), 0.0) << "while stripping nothing opens";
  EXPECT_EQ(physics::strength_lost(8e-3, 7e-3), 0.0);
}

TEST(Limits, TheLargestLoadLimits) {
  EXPECT_EQ(physics::limiting_law({0.5, 0.4, 0.3, 0.2}), Limit::threshold);
  EXPECT_EQ(physics::limiting_law({0.3, 0.4, 0.3, 0.2}), Limit::supply);
  EXPECT_EQ(physics::limiting_law({0.3, 0.4, 0.5, 0.2}), Limit::intrusion);
  EXPECT_EQ(physics::limiting_law({0.3, 0.4, 0.5, 0.6}), Limit::reservoir);
}

TEST(Limits, ARecordOfSomebodyElseHasNone) {
  Record record;
  record.set(col::test_time, std::vector<double>{0.0, 1.0});
  EXPECT_FALSE(limiting_law(record));
  record.set(Column{"limit", "1", "law", std::vector<double>{0.0, 0.0}});
  EXPECT_FALSE(limiting_law(record)) << "no current ever flowed";
}

} // namespace
} // namespace platen
