// The swing of the pressure on springs against the loading: a prediction of the friction model, which the paper does not
// state, and the closed form that it follows from. Equations (F3), (F6), (F7): docs/theory/fixture.md.

#include "assess/assessment.hpp"
#include "physics/cathode.hpp"
#include "physics/fixture.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace platen {
namespace {

constexpr std::size_t cycles = 4;

Study study_of(const std::string& fixture, const std::string& loading) {
  const std::string fit = fixture == "springs" ? "\"Fit springs\", " : "";
  return parse_study("extends = \"full-" + loading + "-" + fixture + ".toml\"\nname = \"swing\"\n" +
                         "test = [\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to 5 MPa\", " + fit +
                         "\"Heat to 40 degC in 1 h\", \"Set stack pressure to 5 MPa\", \"Repeat 4 times: Charge at 0.2 mA/cm2 until "
                         "4.3 V; Discharge at 0.2 mA/cm2 until 2.5 V\"]\n[mechanisms]\nfilament = false\n",
                     "swing.toml", std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
}

/// Swing (Pa) of the last cycle, and by how much the cell grew and shrank in it, m.
struct Swing {
  double pressure = 0.0, thickness = 0.0;
};
Swing last_cycle(const Study& study) {
  const Record record = simulate(study);
  const auto lithium = record.real("lithium_right"), charge = record.real("state_of_charge"), P = record.real(col::stack_pressure);
  const auto cycle = record.integer(col::cycle_count);
  std::array<double, 2> thickness{1e9, -1e9}, pressure{1e12, -1e12};
  for (std::size_t k = 0; k < cycle.size(); ++k) {
    if (cycle[k] != static_cast<std::int32_t>(cycles)) continue;
    const double h = lithium[k] - study.cell.cathode->active_thickness * physics::volume_loss(charge[k], study.parameters.cathode_volume_change);
    thickness = {std::min(thickness[0], h), std::max(thickness[1], h)};
    pressure = {std::min(pressure[0], P[k]), std::max(pressure[1], P[k])};
  }
  return {pressure[1] - pressure[0], thickness[1] - thickness[0]};
}

/// Swing (Pa) of a Dahl slider beside springs, in series with the frame, over `thickness` (m) in a steady loop about 5 MPa: a slider
/// that travels X and back reaches +-P_fr tanh(K X / 2 P_fr); what it does not travel the frame takes up.
double closed_form(const Study& study, double thickness) {
  const physics::Parameters& p = study.parameters;
  const double springs = study.fixture.springs->count * study.fixture.springs->rate / study.cell.area;
  const auto swing = [&](double X) { return 2.0 * p.friction * std::tanh(0.5 * p.friction_stiffness * X / p.friction) + springs * X; };
  const auto taken = [&](double X) {
    const double half = 0.5 * swing(X);
    return X + physics::frame_displacement(5e6 - half, 5e6 + half, p.elastic_stiffness, p.joint_stiffness, p.joint_exponent);
  };
  double low = 0.0, high = thickness;
  for (int k = 0; k < 80; ++k) (taken(0.5 * (low + high)) < thickness ? low : high) = 0.5 * (low + high);
  return swing(low);
}

TEST(Springs, TheSwingIsThatOfTheFrictionAndNearlyIndependentOfTheLoading) {
  const std::array<std::string, 4> loadings{"6.4", "12.8", "25.5", "51.0"};
  std::array<Swing, 4> springs, gap;
  std::printf("loading (mg/cm2)  growth (um)  springs (MPa)  closed form (MPa)  fixed gap (MPa)\n");
  for (std::size_t k = 0; k < loadings.size(); ++k) {
    const Study study = study_of("springs", loadings[k]);
    springs[k] = last_cycle(study);
    gap[k] = last_cycle(study_of("fixed", loadings[k]));
    const double expected = closed_form(study, springs[k].thickness);
    std::printf("%16s  %11.2f  %13.3f  %17.3f  %15.3f\n", loadings[k].c_str(), springs[k].thickness * 1e6, springs[k].pressure / 1e6,
                expected / 1e6, gap[k].pressure / 1e6);
    EXPECT_NEAR(springs[k].pressure, expected, 0.01 * expected) << loadings[k];
  }
  // Once the slider slips, four times the loading changes next to nothing, while the fixed gap's swing follows the lithium.
  EXPECT_LT(springs[3].pressure / springs[1].pressure, 1.3);
  EXPECT_GT(gap[3].pressure / gap[1].pressure, 4.0);
  // At the thinnest cathode it does not slip all the way: nearly independent is not independent.
  EXPECT_LT(springs[0].pressure / springs[2].pressure, 0.7);
}

TEST(Springs, WithoutFrictionTheSpringsAloneRemain) {
  Study study = study_of("springs", "25.5");
  study.parameters.friction = 0.0;
  const Swing swing = last_cycle(study);
  const double springs = study.fixture.springs->count * study.fixture.springs->rate / study.cell.area;
  EXPECT_LT(swing.pressure, springs * swing.thickness);
  EXPECT_GT(swing.pressure, 0.95 * springs * swing.thickness);
}

} // namespace
} // namespace platen
