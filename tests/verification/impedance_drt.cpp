// Relaxation times against distributions known exactly: ZARC elements, whose distribution has a closed form, and a stated one.
#include "impedance/circuit.hpp"
#include "impedance/drt.hpp"
#include "numerics/random.hpp"

#include "../impedance_decades.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <numbers>

namespace {

using namespace platen;
using namespace platen::impedance;
using Complex = std::complex<double>;

/// Distribution of a ZARC element, ohm per unit of ln tau.
double zarc(double R, double tau0, double n, double tau) {
  const double turn = (1.0 - n) * std::numbers::pi;
  return R / (2.0 * std::numbers::pi) * std::sin(turn) / (std::cosh(n * std::log(tau / tau0)) - std::cos(turn));
}

void disturb(std::vector<Complex>& z, double noise, std::uint64_t index) {
  numerics::RandomStream random(3, "drt", index);
  for (Complex& v : z) {
    const double sigma = noise * std::abs(v);
    v += Complex(sigma * random.normal(), sigma * random.normal());
  }
}

TEST(ImpedanceDrt, BandsCoverTwoArcs) {
  const Circuit circuit = Circuit::parse("R0-ZARC1-ZARC2");
  const std::vector<double> truth{10, 50, 1e-3, 0.85, 50, 1e-1, 0.8};
  const auto f = decades(1e-2, 1e5, 80);
  for (const double noise : {1e-3, 5e-3, 1e-2, 2e-2}) {
    double inside = 0, all = 0, area = 0, arcs = 0;
    int positions = 0, peaks = 0;
    constexpr int cases = 40;
    for (int c = 0; c < cases; ++c) {
      auto z = impedance::impedance(circuit, truth, f);
      disturb(z, noise, static_cast<std::uint64_t>(c));
      const Drt drt = relaxation_times(f, z);
      for (std::size_t k = 0; k < drt.tau.size(); ++k) {
        const double tau = drt.tau[k], g = zarc(50, 1e-3, 0.85, tau) + zarc(50, 1e-1, 0.8, tau);
        if (tau < 1.0 / (2 * std::numbers::pi * f.back()) || tau > 1.0 / (2 * std::numbers::pi * f.front())) continue;
        all += 1;
        inside += g >= drt.low[k] && g <= drt.high[k];
      }
      for (const DrtPeak& peak : drt.peaks)
        for (const double tau : {1e-3, 1e-1})
          if (std::abs(std::log(peak.tau / tau)) < 1.0) {
            ++peaks;
            positions += peak.tau_low <= tau && tau <= peak.tau_high;
            arcs += peak.resistance / (2 * cases);
          }
      area += drt.polarisation / cases;
    }
    std::printf("noise %.1f %%: %.1f %% of the distribution inside the bands, %d of %d positions, area %.2f ohm of 100, per peak %.2f of 50\n",
                100 * noise, 100 * inside / all, positions, peaks, area, arcs);
    EXPECT_GE(inside / all, 0.90) << noise;
    EXPECT_LE(inside / all, 0.99) << noise;
    EXPECT_EQ(peaks, 2 * cases) << noise;
    EXPECT_NEAR(area, 100.0, 2.0) << noise;
    EXPECT_NEAR(arcs, 50.0, 3.0) << noise; // the wings beyond the valleys are not in it
  }
}

/// The stated distribution of the shared data: tau (s) and gamma.
std::pair<std::vector<double>, std::vector<double>> stated() {
  std::pair<std::vector<double>, std::vector<double>> d;
  std::ifstream file(std::filesystem::path(PLATEN_SHARED_DATA) / "drt" / "gamma_data.csv");
  std::string line;
  std::getline(file, line);
  char comma = 0;
  for (double tau = 0, gamma = 0; file >> tau >> comma >> gamma;) {
    d.first.push_back(tau);
    d.second.push_back(gamma);
  }
  return d;
}

/// Share of the times of `drt` inside the table at which the stated gamma lies in the bands, give or take 1 % of its peak: where there is
/// none, the bands are as thin as rounding.
double share_in_bands(const Drt& drt, const std::vector<double>& tau, const std::vector<double>& gamma) {
  const double slack = 0.01 * *std::max_element(gamma.begin(), gamma.end());
  std::size_t inside = 0, all = 0;
  for (std::size_t k = 0; k < drt.tau.size(); ++k) {
    if (drt.tau[k] < tau.front() || drt.tau[k] > tau.back()) continue;
    const auto m = std::clamp<std::size_t>(static_cast<std::size_t>(std::lower_bound(tau.begin(), tau.end(), drt.tau[k]) - tau.begin()), 1, tau.size() - 1);
    const double part = std::log(drt.tau[k] / tau[m - 1]) / std::log(tau[m] / tau[m - 1]), there = gamma[m - 1] + part * (gamma[m] - gamma[m - 1]);
    ++all;
    inside += drt.low[k] - slack <= there && there <= drt.high[k] + slack;
  }
  return static_cast<double>(inside) / static_cast<double>(all);
}

TEST(ImpedanceDrt, AStatedDistributionComesBack) {
  const auto [tau, gamma] = stated();
  if (tau.empty()) GTEST_SKIP() << "SHARED DATA ABSENT " PLATEN_SHARED_DATA "/drt";
  const auto f = decades(1e-4, 1e3, 80);
  std::vector<Complex> exact(f.size(), 0.01);
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t k = 1; k < tau.size(); ++k) {
      const auto share = [&](std::size_t m) { return gamma[m] / Complex(1.0, 2 * std::numbers::pi * f[i] * tau[m]); };
      exact[i] += 0.5 * std::log(tau[k] / tau[k - 1]) * (share(k) + share(k - 1));
    }
  // Peaks of the file and the areas between its valleys.
  std::vector<double> tops, areas{0.0};
  for (std::size_t k = 1; k + 1 < tau.size(); ++k) {
    const double piece = 0.5 * std::log(tau[k + 1] / tau[k - 1]) * gamma[k];
    areas.back() += piece;
    if (gamma[k] > gamma[k - 1] && gamma[k] >= gamma[k + 1]) tops.push_back(tau[k]);
    if (gamma[k] < gamma[k - 1] && gamma[k] <= gamma[k + 1]) areas.push_back(0.0);
  }
  ASSERT_EQ(tops.size(), 4u);
  ASSERT_EQ(areas.size(), 4u);
  for (const double noise : {0.0, 1e-3, 5e-3}) {
    auto z = exact;
    disturb(z, noise, 0);
    const Drt drt = relaxation_times(f, z);
    if (noise > 0.0) {
      const double share = share_in_bands(drt, tau, gamma);
      std::printf("noise %.1f %%: stated gamma in the bands at %.0f %% of the times\n", 100 * noise, 100 * share);
      EXPECT_GE(share, 0.9);
    }
    std::vector<DrtPeak> peaks;
    for (const DrtPeak& p : drt.peaks)
      if (!p.at_edge) peaks.push_back(p);
    ASSERT_EQ(peaks.size(), 4u) << noise;
    for (std::size_t k = 0; k < 4; ++k) {
      std::printf("noise %.1f %%, peak %zu: tau %.4g s (%.4g to %.4g), stated %.4g; %.4g ohm, stated %.4g\n", 100 * noise, k + 1,
                  peaks[k].tau, peaks[k].tau_low, peaks[k].tau_high, tops[k], peaks[k].resistance, areas[k]);
      EXPECT_LE(peaks[k].tau_low, tops[k] * std::exp(0.06)); // half a step of the grid
      EXPECT_GE(peaks[k].tau_high, tops[k] * std::exp(-0.06));
      EXPECT_NEAR(peaks[k].resistance / areas[k], 1.0, noise == 0.0 ? 0.01 : 0.12);
    }
  }
}

TEST(ImpedanceDrt, SharedSpectraGiveTheirArcs) {
  // Synthetic files with noise of 0.5 ohm; the circuits they were made of are told by the fit: 50 ohm per arc.
  const auto read = [](const char* name) {
    std::pair<std::vector<double>, std::vector<Complex>> d;
    std::ifstream file(std::filesystem::path(PLATEN_SHARED_DATA) / "drt" / name);
    std::string line;
    std::getline(file, line);
    char c = 0;
    double index = 0, frequency = 0, real = 0, imaginary = 0;
    while (file >> index >> c >> frequency >> c >> real >> c >> imaginary) {
      d.first.push_back(frequency);
      d.second.emplace_back(real, imaginary);
    }
    return d;
  };
  const auto [f1, z1] = read("1ZARC.csv");
  if (f1.empty()) GTEST_SKIP() << "SHARED DATA ABSENT " PLATEN_SHARED_DATA "/drt";
  const auto largest = [](const Drt& drt) {
    std::vector<DrtPeak> all = drt.peaks;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.resistance > b.resistance; });
    return all;
  };
  const auto one = largest(relaxation_times(f1, z1));
  EXPECT_NEAR(one[0].resistance, 50, 3);
  EXPECT_LT(one[0].tau_low, 0.1);
  EXPECT_GT(one[0].tau_high, 0.1);
  const auto [f2, z2] = read("2ZARC3.csv");
  const auto two = largest(relaxation_times(f2, z2));
  ASSERT_GE(two.size(), 2u);
  EXPECT_NEAR(two[0].resistance, 50, 3);
  EXPECT_NEAR(two[1].resistance, 50, 3);
  EXPECT_TRUE(two.size() == 2 || two[2].resistance < 5);
}

} // namespace
