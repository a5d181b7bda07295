// The choice of springs against hand calculations, among them the paper's own.
#include "advise/springs.hpp"
#include "base/units.hpp"
#include "physics/fixture.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::advise;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Study paper(const std::string& file = "full-springs.toml") { return read_study(std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022" / file); }

/// Blue dye springs 1804N16: 5.5 lb/mm, 53 lb.
CatalogueSpring blue() {
  CatalogueSpring s;
  s.name = "blue";
  s.rate = from_unit(5.5, "lbf/mm");
  s.load_limit = from_unit(53.0, "lbf");
  s.travel = s.load_limit / s.rate;
  s.travel_from = "load limit over rate";
  return s;
}

TEST(AdviseSprings, ThePapersChoiceIsSensible) {
  // Ham 2022, section 2: 29.4 lb and 5.35 mm; by hand 5 MPa x 0.785 cm2 / 3 = 130.83 N = 29.41 lbf, / 5.5 lbf/mm = 5.348 mm
  const Study study = paper();
  const SpringDemand demand = demand_of(study);
  EXPECT_DOUBLE_EQ(demand.pressure, 5e6);
  EXPECT_DOUBLE_EQ(demand.hold_pressure, 25e6);
  const SpringChoice c = spring_choice(blue(), 3, demand, study.parameters);
  EXPECT_NEAR(in_unit(c.set.force, "lbf"), 29.41, 0.005);
  EXPECT_NEAR(in_unit(c.set.compression, "mm"), 5.348, 0.0005);
  EXPECT_THAT(c.refused, IsEmpty());
  EXPECT_NEAR(in_unit(c.stiffness, "MPa/mm"), 0.935, 0.001);
  // T22: 5.21 MPa (5.18 to 5.24) at the end of the first charge, which the friction is fitted to.
  EXPECT_NEAR(c.loop.first / 1e6, 5.21, 0.03);
  // The load is checked at the highest pressure, not at the set one.
  EXPECT_GT(c.highest.force, c.set.force * 1.03);
  EXPECT_NEAR(c.load_used, c.loop.most() * study.cell.area / 3.0 / c.spring.load_limit, 1e-12);
}

TEST(AdviseSprings, TheContactHoldIsRefusedOnSprings) {
  const Study study = paper();
  SpringDemand demand = demand_of(study);
  EXPECT_FALSE(spring_choice(blue(), 3, demand, study.parameters).bears_hold);
  demand.hold_on_springs = true;
  const SpringChoice c = spring_choice(blue(), 3, demand, study.parameters);
  // 25 MPa x 0.785 cm2 / 3 = 654.2 N = 147.1 lbf
  EXPECT_NEAR(in_unit(c.hold_force, "lbf"), 147.07, 0.01);
  EXPECT_THAT(c.refused, Contains(HasSubstr("contact hold")));
  EXPECT_THAT(c.refused, Contains(HasSubstr("147.1 lbf")));
}

TEST(AdviseSprings, TooFewAreOverloadedAndTooSoftOnesRunOutOfTravel) {
  const Study study = paper();
  const SpringDemand demand = demand_of(study);
  // One: 88.2 lbf of 53. Two: 44.1 lbf at 5 MPa is within the limit, but more than 85 % of it at the top of the swing.
  EXPECT_THAT(spring_choice(blue(), 1, demand, study.parameters).refused, Contains(HasSubstr("load limit")));
  EXPECT_THAT(spring_choice(blue(), 2, demand, study.parameters).refused, Contains(HasSubstr("load limit")));
  CatalogueSpring soft = blue();
  soft.travel = from_unit(6.0, "mm"); // 5.35 mm set, 5.6 mm at the top: 93 % of it
  soft.travel_from = "stated";
  EXPECT_THAT(spring_choice(soft, 3, demand, study.parameters).refused, Contains(HasSubstr("travel")));
}

TEST(AdviseSprings, GeometryDecidesWhereItIsKnown) {
  const Study study = paper();
  SpringDemand demand = demand_of(study);
  demand.rod_diameter = 6e-3;
  demand.room = 20e-3;
  demand.rod_length = 40e-3;
  CatalogueSpring s = blue();
  EXPECT_THAT(spring_choice(s, 3, demand, study.parameters).notes, Contains(HasSubstr("no inner diameter")));
  EXPECT_THAT(spring_choice(s, 3, demand, study.parameters).refused, IsEmpty());
  s.inner_diameter = 5.9e-3;
  s.outer_diameter = 21e-3;
  s.free_length = 41e-3;
  EXPECT_EQ(spring_choice(s, 3, demand, study.parameters).refused.size(), 3u);
  s.inner_diameter = 6.5e-3;
  s.outer_diameter = 19e-3;
  s.free_length = 39e-3;
  EXPECT_THAT(spring_choice(s, 3, demand, study.parameters).refused, IsEmpty());
}

TEST(AdviseSprings, SwingInTheLimitsOfItsLaw) {
  physics::Parameters p = paper().parameters;
  const Breathing breathing{14e-6, 2e-6};
  const double k = 0.935e9; // Pa/m
  // Without friction and with a stiff frame the springs alone: k times the breathing, set + k times either end.
  p.friction = 0.0;
  p.elastic_stiffness = p.joint_stiffness = 1e18;
  PressureLoop loop = loop_on_springs(p, k, 5e6, breathing);
  EXPECT_NEAR(loop.swing(), k * 12e-6, 1.0);
  EXPECT_NEAR(loop.first, 5e6 + k * 14e-6, 1.0);
  EXPECT_NEAR(loop.lowest, 5e6 + k * 2e-6, 1.0);
  // A slider that slips at once adds twice its limit to the swing and once to the first charge.
  p.friction = 0.2e6;
  p.friction_stiffness = 1e18;
  loop = loop_on_springs(p, k, 5e6, breathing);
  EXPECT_NEAR(loop.swing(), k * 12e-6 + 0.4e6, 1.0);
  EXPECT_NEAR(loop.first, 5e6 + k * 14e-6 + 0.2e6, 1.0);
  // One that never slips is a spring: its stiffness adds to theirs.
  p.friction_stiffness = 1e9;
  p.friction = 1e15;
  EXPECT_NEAR(loop_on_springs(p, k, 5e6, breathing).swing(), (k + 1e9) * 12e-6, 5.0);
  // A cell that does not breathe does not swing.
  EXPECT_NEAR(loop_on_springs(paper().parameters, k, 5e6, {}).swing(), 0.0, 1e-3);
}

TEST(AdviseSprings, InAFixedGapTheFrameTakesEverything) {
  const physics::Parameters p = paper().parameters;
  const PressureLoop loop = loop_in_gap(p, 5e6, {14e-6, 2e-6});
  const auto taken = [&](double P) { return physics::frame_displacement(5e6, P, p.elastic_stiffness, p.joint_stiffness, p.joint_exponent); };
  EXPECT_NEAR(taken(loop.highest), 14e-6, 1e-12);
  EXPECT_NEAR(taken(loop.lowest), 2e-6, 1e-12);
  EXPECT_GT(loop.swing(), 4.0 * loop_on_springs(p, 0.935e9, 5e6, {14e-6, 2e-6}).swing());
}

TEST(AdviseSprings, MoreAndStifferSpringsSwingMore) {
  const Study study = paper();
  const SpringDemand demand = demand_of(study);
  double before = 0.0;
  for (int count = 1; count <= 12; ++count) {
    const double swing = spring_choice(blue(), count, demand, study.parameters).loop.swing();
    EXPECT_GT(swing, before);
    before = swing;
  }
}

TEST(AdviseSprings, PreloadDriftsWithTemperature) {
  Study study = paper();
  physics::Parameters& p = study.parameters;
  p.friction = 0.0;
  p.thermal_mismatch = 0.46e-6;
  p.elastic_stiffness = p.joint_stiffness = 1e18;
  SpringDemand demand = demand_of(study);
  EXPECT_NEAR(demand.cycling_temperature - demand.loading_temperature, 15.0, 1e-9);
  EXPECT_TRUE(demand.set_again_when_warm); // "Set stack pressure to 5 MPa" after "Heat to 40 degC"
  const SpringChoice c = spring_choice(blue(), 3, demand, p);
  // By hand: 15 K x 0.46 um/K x 0.9351 MPa/mm = 6.45 kPa of mismatch, 5 MPa x 2.6e-4 x 15 = 19.5 kPa of rate.
  EXPECT_NEAR(c.drift_mismatch, -0.935e9 * 0.46e-6 * 15.0, 10.0);
  EXPECT_NEAR(c.drift_rate, -5e6 * 2.6e-4 * 15.0, 1.0);
  EXPECT_NEAR(c.drift, c.drift_mismatch + c.drift_rate, 50.0);
  // Friction holds the plate back: what the frame then does not take is seen as pressure.
  EXPECT_LT(spring_choice(blue(), 3, demand, paper().parameters).drift_mismatch, c.drift_mismatch);
  demand.cycling_temperature = demand.loading_temperature;
  EXPECT_NEAR(spring_choice(blue(), 3, demand, p).drift, 0.0, 1e-3);
}

TEST(AdviseSprings, ToleranceIsAnErrorOfThePreloadAndALoad) {
  const Study study = paper();
  CatalogueSpring s = blue();
  s.tolerance = 0.1;
  const SpringChoice with = spring_choice(s, 3, demand_of(study), study.parameters), without = spring_choice(blue(), 3, demand_of(study), study.parameters);
  EXPECT_DOUBLE_EQ(with.preload_error, 0.5e6);
  EXPECT_NEAR(with.highest.force - without.highest.force, 0.5e6 * study.cell.area / 3.0, 1e-9);
}

TEST(AdviseSprings, RankedBySwingAndRefusedOnesLast) {
  const Study study = paper();
  Catalogue catalogue = built_in_catalogue();
  SpringDemand demand = demand_of(study);
  demand.rods = 3;
  const auto ranked = rank_springs(catalogue, demand, study.parameters);
  EXPECT_EQ(ranked.size(), catalogue.springs.size() * 4); // 3, 6, 9 and 12 of each
  bool refused = false;
  double swing = 0.0;
  for (const SpringChoice& c : ranked) {
    EXPECT_EQ(c.count % 3, 0);
    if (!c.refused.empty()) refused = true;
    else {
      EXPECT_FALSE(refused);
      EXPECT_GE(c.loop.swing(), swing - swing_resolution);
      swing = c.loop.swing();
    }
  }
  const auto paper_choice = std::find_if(ranked.begin(), ranked.end(), [](const SpringChoice& c) { return c.count == 3 && c.spring.name.starts_with("1804N16"); });
  ASSERT_NE(paper_choice, ranked.end());
  EXPECT_THAT(paper_choice->refused, IsEmpty());
  demand.largest_swing = 0.1e6; // less than twice the friction: no spring does it
  EXPECT_THAT(rank_springs(catalogue, demand, study.parameters).front().refused, Contains(HasSubstr("stiffness")));
  demand.rods = 5;
  demand.most = 4;
  EXPECT_THROW(rank_springs(catalogue, demand, study.parameters), Error);
}

TEST(AdviseSprings, AnEnsembleGivesRanges) {
  const Study study = paper();
  std::vector<physics::Parameters> ensemble(21, study.parameters);
  for (std::size_t k = 0; k < ensemble.size(); ++k) ensemble[k].friction = 0.1e6 + 0.01e6 * static_cast<double>(k);
  const SpringChoice c = spring_choice(blue(), 3, demand_of(study), study.parameters, ensemble);
  ASSERT_TRUE(c.swing_range);
  // 5 and 95 % of 0.1 to 0.3 MPa are 0.11 and 0.29 MPa of friction.
  physics::Parameters p = study.parameters;
  p.friction = 0.11e6;
  EXPECT_NEAR(c.swing_range->low, loop_on_springs(p, c.stiffness, 5e6, demand_of(study).breathing).swing(), 1e3);
  p.friction = 0.29e6;
  EXPECT_NEAR(c.swing_range->high, loop_on_springs(p, c.stiffness, 5e6, demand_of(study).breathing).swing(), 1e3);
}

TEST(AdviseSprings, ASymmetricCellDoesNotBreathe) {
  const Breathing b = breathing_of(paper("hold-30min.toml"));
  EXPECT_EQ(b.thickest, 0.0);
  EXPECT_EQ(b.thinnest, 0.0);
  // 25.5 mg/cm2: 3.366 mAh/cm2 of lithium is 16.33 um; the 35.29 um of active material give up 5.5 %.
  const Breathing full = breathing_of(paper());
  EXPECT_NEAR(full.thickest, 16.33e-6 - 0.055 * 35.29e-6, 0.03e-6);
  EXPECT_NEAR(full.thinnest, 0.15 * 16.33e-6, 0.01e-6);
  EXPECT_NEAR(breathing_of(paper(), 2.0 * paper().cell.cathode->areal_capacity).thickest, 2.0 * full.thickest, 1e-12);
}

// --- catalogues

std::vector<std::string> codes_of(const std::string& text, bool toml) {
  std::vector<std::string> out;
  try {
    parse_catalogue(text, "springs", toml);
  } catch (const Error& e) {
    for (const Diagnostic& d : e.diagnostics()) out.push_back(d.code);
  }
  return out;
}

TEST(AdviseCatalogue, UnitsOfAllKinds) {
  const Catalogue c = parse_catalogue("name;rate;max load [lb];free length / in;solid_length (mm);price / EUR;tolerance / %\n"
                                      "a;5,5 lb/mm;53;1,5;20;2,40;10\nb;0,963 N/mm;53;;;;\nc;31,4 lbf/in;200 N;;;;\n",
                                      "springs.csv", false);
  ASSERT_EQ(c.springs.size(), 3u);
  EXPECT_EQ(c.currency, "EUR");
  EXPECT_NEAR(c.springs[0].rate, 5.5 * 4.4482216 / 1e-3, 0.1);
  EXPECT_NEAR(c.springs[0].load_limit, 235.756, 0.001);
  EXPECT_NEAR(*c.springs[0].free_length, 38.1e-3, 1e-9);
  EXPECT_NEAR(*c.springs[0].price, 2.4, 1e-12);
  EXPECT_NEAR(*c.springs[0].tolerance, 0.1, 1e-12);
  // load limit over rate 9.64 mm is less than 38.1 - 20 mm
  EXPECT_EQ(c.springs[0].travel_from, "load limit over rate");
  EXPECT_NEAR(c.springs[1].rate, 963.0, 1e-9);
}

TEST(AdviseCatalogue, TomlSaysTheSame) {
  const Catalogue c = parse_catalogue("currency = \"EUR\"\n[[spring]]\nname = \"a\"\nrate = \"5.5 lb/mm\"\nload_limit = \"53 lb\"\ntravel = \"8 mm\"\nprice = 2.4\ndrift = \"-3e-4 1/K\"\n",
                                      "springs.toml", true);
  ASSERT_EQ(c.springs.size(), 1u);
  EXPECT_NEAR(c.springs[0].load_limit, 235.756, 0.001);
  EXPECT_EQ(c.springs[0].travel_from, "stated");
  EXPECT_NEAR(*c.springs[0].drift, -3e-4, 1e-12);
}

TEST(AdviseCatalogue, BadOnesAreRefusedWithAllTheirFaults) {
  EXPECT_THAT(codes_of("", false), testing::ElementsAre("D461"));
  EXPECT_THAT(codes_of("name,rate / lbf/mm,load_limit / lbf\n", false), testing::ElementsAre("D480"));
  EXPECT_THAT(codes_of("rate / lbf/mm,load_limit / lbf\n5,50\n", false), testing::ElementsAre("D480"));
  EXPECT_THAT(codes_of("name,rate / lbf/mm,load_limit / lbf\na,5,\nb,,50\n", false), testing::ElementsAre("D481", "D481"));
  EXPECT_THAT(codes_of("name,rate / lbf/mm,load_limit / lbf\na,-5,50\n", false), testing::ElementsAre("D482"));
  EXPECT_THAT(codes_of("name,rate / mm,load_limit\na,5,50\n", false), testing::ElementsAre("D463", "D463"));
  EXPECT_THAT(codes_of("name,rate / lbf/mm,load_limit / lbf,tolerance\na,5,50,10\n", false), testing::ElementsAre("D482"));
  EXPECT_THAT(codes_of("spring = []\n", true), testing::ElementsAre("D480"));
  EXPECT_THAT(codes_of("[[spring]]\nname = \"a\"\nrate = 5.5\nload_limit = \"53 lbf\"\n", true), Contains("C006"));
  EXPECT_THAT(codes_of("[[spring]]\nname = \"a\"\nload_limit = \"53 lbf\"\nreate = \"5 lbf/mm\"\n", true), Contains("D481"));
}

TEST(AdviseCatalogue, TheBuiltInOneSaysWhatIsMadeUp) {
  for (const CatalogueSpring& s : built_in_catalogue().springs) EXPECT_TRUE(s.basis == "stated" || s.source == "made up") << s.name;
}

} // namespace
