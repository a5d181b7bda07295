// Relaxation times: series elements, grids, what is refused. How good they are: tests/verification/impedance_drt.cpp.
#include "base/error.hpp"
#include "impedance/circuit.hpp"
#include "impedance/drt.hpp"

#include "../impedance_decades.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::impedance;
using Complex = std::complex<double>;

const std::vector<double> f = decades(1e-2, 1e6, 81);

Drt of(const char* text, const std::vector<double>& p, const DrtOptions& options = {}) {
  return relaxation_times(f, impedance::impedance(Circuit::parse(text), p, f), options);
}

TEST(ImpedanceDrtUnit, SeriesElementsAreTold) {
  const Drt drt = of("L1-R0-ZARC1-C1", {1e-6, 12, 40, 1e-3, 0.9, 0.5});
  EXPECT_NEAR(drt.inductance, 1e-6, 1e-8);
  EXPECT_NEAR(drt.resistance, 12, 0.1);
  EXPECT_NEAR(drt.elastance, 2.0, 0.05);
  EXPECT_NEAR(drt.polarisation, 40, 0.5);
  EXPECT_LT(drt.residual, 1e-3);
}

TEST(ImpedanceDrtUnit, NothingIsNegativeAndBandsHoldTheLine) {
  const Drt drt = of("R0-ZARC1", {12, 40, 1e-3, 0.9});
  ASSERT_EQ(drt.low.size(), drt.tau.size());
  for (std::size_t k = 0; k < drt.tau.size(); ++k) {
    EXPECT_GE(drt.gamma[k], 0.0);
    EXPECT_GE(drt.low[k], 0.0);
    EXPECT_LE(drt.low[k], drt.high[k]);
    if (k > 0) {
      EXPECT_GT(drt.tau[k], drt.tau[k - 1]);
    }
  }
  ASSERT_GE(drt.peaks.size(), 1u);
  EXPECT_NEAR(drt.peaks[0].tau, 1e-3, 5e-5);
  EXPECT_FALSE(drt.peaks[0].at_edge);
}

TEST(ImpedanceDrtUnit, PeaksAtTheEndOfTheWindowAreMarked) {
  const Drt drt = of("R0-p(R1,C1)", {12, 40, 1.0}); // tau 40 s, seen from 16 s on only
  ASSERT_GE(drt.peaks.size(), 1u);
  EXPECT_TRUE(drt.peaks.back().at_edge);
}

TEST(ImpedanceDrtUnit, OptionsAreObeyed) {
  DrtOptions options;
  options.samples = 0;
  options.points_per_decade = 5;
  options.smoothing = 1e-2;
  options.inductance = options.capacitance = false;
  const Drt drt = of("L1-R0-ZARC1-C1", {1e-6, 12, 40, 1e-3, 0.9, 0.5}, options);
  EXPECT_TRUE(drt.low.empty());
  EXPECT_EQ(drt.smoothing, 1e-2);
  EXPECT_EQ(drt.inductance, 0.0);
  EXPECT_EQ(drt.elastance, 0.0);
  EXPECT_EQ(drt.tau.size(), 46u); // nine decades with half a decade past each end
  options.smoothing = 1e4; // so stiff that the arc is washed out
  EXPECT_GT(of("R0-ZARC1", {12, 40, 1e-3, 0.9}, options).residual, 10 * of("R0-ZARC1", {12, 40, 1e-3, 0.9}).residual);
}

TEST(ImpedanceDrtUnit, SamplesFollowTheSeed) {
  DrtOptions options;
  const Drt a = of("R0-ZARC1", {12, 40, 1e-3, 0.9}, options), b = of("R0-ZARC1", {12, 40, 1e-3, 0.9}, options);
  EXPECT_EQ(a.high, b.high);
  options.seed = 2;
  EXPECT_NE(of("R0-ZARC1", {12, 40, 1e-3, 0.9}, options).high, a.high);
}

TEST(ImpedanceDrtUnit, RefusesWhatHasNoAnswer) {
  const std::vector<Complex> z(f.size(), 1.0);
  EXPECT_THROW(relaxation_times(std::vector<double>{1, 2}, std::vector<Complex>{1, 2}), Error);
  auto g = f;
  g[3] = 0;
  EXPECT_THROW(relaxation_times(g, z), Error);
  auto y = z;
  y[3] = 0;
  EXPECT_THROW(relaxation_times(f, y), Error);
  DrtOptions options;
  options.smoothing = -1;
  EXPECT_THROW(relaxation_times(f, z, options), Error);
  EXPECT_NO_THROW(relaxation_times(f, z)); // a resistor alone has no relaxation
}

} // namespace
