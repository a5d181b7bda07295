// The tests of spectra: what they say of sound data, of data that cannot be an impedance, of single bad points.
#include "base/error.hpp"
#include "impedance/circuit.hpp"
#include "impedance/kramers_kronig.hpp"
#include "numerics/random.hpp"

#include "../impedance_decades.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::impedance;
using Complex = std::complex<double>;
using Why = DropProposal::Why;

struct Data {
  std::vector<double> f;
  std::vector<Complex> z;
};

Data sound(double noise, const char* text = "R0-p(R1,CPE1)-p(R2,CPE2)-W1",
           std::vector<double> p = {5, 40, 1e-8, 0.95, 80, 1e-5, 0.8, 12}, double low = 1e-2, double high = 1e6) {
  Data d;
  for (int k = 0; k < 80; ++k) d.f.push_back(high * std::pow(low / high, k / 79.0));
  d.z = impedance::impedance(Circuit::parse(text), p, d.f);
  numerics::RandomStream random(11, "quality");
  for (Complex& v : d.z) {
    const double sigma = noise * std::abs(v);
    v += Complex(sigma * random.normal(), sigma * random.normal());
  }
  return d;
}

TEST(ImpedanceQuality, ASumOfRelaxationsFollowsSoundData) {
  const Data d = sound(0.0);
  const LinearKK kk = linear_kk(d.f, d.z);
  EXPECT_LT(kk.residual, 1e-4);
  EXPECT_GE(kk.mu, 0.85);
  EXPECT_GT(kk.elements, 10u);
  for (std::size_t i = 0; i < d.z.size(); ++i) EXPECT_LT(std::abs(kk.model[i] - d.z[i]), 1e-3 * std::abs(d.z[i]));
}

TEST(ImpedanceQuality, NoiseIsEstimated) {
  for (const double noise : {1e-3, 5e-3, 2e-2}) {
    const Data d = sound(noise);
    const SpectrumQuality q = inspect(d.f, d.z);
    EXPECT_NEAR(q.kk.noise / noise, 1.0, 0.2) << noise;
    EXPECT_LT(q.kk.violation, 0.5 * noise) << noise;
    EXPECT_TRUE(q.consistent) << q.verdict;
    EXPECT_TRUE(q.drops.empty());
    EXPECT_EQ(q.usable.size(), 80u);
  }
}

TEST(ImpedanceQuality, PartsThatDoNotBelongTogetherAreFound) {
  // A phase that is wrong by a gain of the imaginary part, as a wrong calibration makes it.
  Data d = sound(1e-3);
  for (Complex& v : d.z) v.imag(1.15 * v.imag());
  const SpectrumQuality q = inspect(d.f, d.z);
  EXPECT_FALSE(q.consistent);
  EXPECT_GT(q.kk.violation, 0.01);
  EXPECT_THAT(q.verdict, testing::HasSubstr("do not belong together"));
  EXPECT_GT(q.hit.residual, 0.02); // the second test sees it by itself
}

TEST(ImpedanceQuality, ZHitMakesTheModulusOfThePhase) {
  const Data d = sound(0.0);
  const ZHit hit = z_hit(d.f, d.z);
  EXPECT_LT(hit.residual, 0.01); // the truncated series of Z-HIT is good to about that
  EXPECT_LT(std::abs(hit.drift), 0.005);
  // A scale of the whole spectrum is in no phase: it stays.
  Data twice = d;
  for (Complex& v : twice.z) v *= 2.0;
  EXPECT_NEAR(z_hit(twice.f, twice.z).modulus[30] / hit.modulus[30], 2.0, 1e-9);
  // The order of the points does not matter.
  Data back = d;
  std::reverse(back.f.begin(), back.f.end());
  std::reverse(back.z.begin(), back.z.end());
  EXPECT_NEAR(z_hit(back.f, back.z).modulus[0] / hit.modulus[79], 1.0, 1e-12);
}

TEST(ImpedanceQuality, DriftIsFound) {
  // The second arc grows by 20 % while the spectrum is taken, three periods per point.
  const Circuit circuit = Circuit::parse("R0-p(R1,CPE1)-p(R2,CPE2)-W1");
  Data d = sound(0.0);
  double total = 0.0, time = 0.0;
  for (const double f : d.f) total += 3.0 / f;
  for (std::size_t k = 0; k < d.f.size(); ++k) {
    time += 3.0 / d.f[k];
    const std::vector<double> p{5, 40, 1e-8, 0.95, 80 * (1.0 + 0.2 * time / total), 1e-5, 0.8, 12};
    d.z[k] = impedance::impedance(circuit, p, std::span(&d.f[k], 1)).front();
  }
  const SpectrumQuality q = inspect(d.f, d.z);
  EXPECT_GT(q.hit.drift, 0.015);
  EXPECT_FALSE(q.consistent);
  EXPECT_THAT(q.verdict, testing::HasSubstr("drifted"));
}

TEST(ImpedanceQuality, BadPointsAreProposedWithAReasonAndNeverDropped) {
  Data d = sound(1e-3);
  const auto near = [&](double f) {
    std::size_t best = 0;
    for (std::size_t k = 0; k < d.f.size(); ++k)
      if (std::abs(std::log(d.f[k] / f)) < std::abs(std::log(d.f[best] / f))) best = k;
    return best;
  };
  const std::size_t spike = near(3e3), grid = near(50.0);
  d.f[grid] = 50.0;
  d.z[spike] *= 1.05;
  d.z[grid] *= 0.93;
  d.z[60] = Complex(std::nan(""), 1.0);
  d.f[70] = d.f[69];
  const SpectrumQuality q = inspect(d.f, d.z);
  ASSERT_EQ(q.drops.size(), 4u);
  EXPECT_EQ(q.drops[0].point, spike);
  EXPECT_EQ(q.drops[0].why, Why::outlier);
  EXPECT_EQ(q.drops[1].point, grid);
  EXPECT_EQ(q.drops[1].why, Why::mains);
  EXPECT_THAT(q.drops[1].reason, testing::HasSubstr("50 Hz"));
  EXPECT_EQ(q.drops[2].point, 60u);
  EXPECT_EQ(q.drops[2].why, Why::invalid);
  EXPECT_EQ(q.drops[3].point, 70u);
  EXPECT_EQ(q.drops[3].why, Why::repeated);
  for (const DropProposal& drop : q.drops) EXPECT_FALSE(drop.reason.empty());
  EXPECT_EQ(q.usable.size(), 78u); // spikes stay usable
  EXPECT_EQ(q.kk.model.size(), 78u);
}

TEST(ImpedanceQuality, ACableIsMeasured) {
  const Data d = sound(2e-3, "L1-R0-p(R1,CPE1)", {1e-6, 3, 40, 1e-5, 0.9}, 1e-1, 5e6);
  const SpectrumQuality q = inspect(d.f, d.z);
  EXPECT_NEAR(q.kk.inductance, 1e-6, 4.0 * q.kk.inductance_error);
  EXPECT_LT(q.kk.inductance_error, 1e-7);
  ASSERT_FALSE(q.drops.empty());
  for (const DropProposal& drop : q.drops) {
    EXPECT_EQ(drop.why, Why::inductive);
    EXPECT_GT(d.z[drop.point].imag(), 0.0);
  }
}

TEST(ImpedanceQuality, RefusesWhatCannotBeTested) {
  EXPECT_THROW(inspect(std::vector<double>{1, 2, 3}, std::vector<Complex>{1, 2, 3}), Error);
  EXPECT_THROW(inspect(std::vector<double>{1, 2, 3}, std::vector<Complex>{1, 2}), Error);
  EXPECT_THROW(linear_kk(std::vector<double>{1, 2, 3, 4, -5}, std::vector<Complex>(5, 1.0)), Error);
  EXPECT_THROW(z_hit(std::vector<double>{1, 2, 3, 4, 5}, std::vector<Complex>(5, std::nan(""))), Error);
  EXPECT_NO_THROW(inspect(std::vector<double>{1, 2, 3, 4, 5}, std::vector<Complex>(5, 1.0)));
}

TEST(ImpedanceQuality, NoSoundSpectrumIsRefused) {
  // Arcs from broad to narrow, alone and in pairs, wherever they lie between the time constants of the sum; without noise and with little.
  std::size_t refused = 0, cases = 0;
  for (const double n : {0.7, 0.8, 0.9, 0.95, 1.0})
    for (const double tau : {1e-5, 2.1e-5, 4.4e-5, 9e-5, 1e-2})
      for (const double ratio : {0.1, 1.0, 10.0})
        for (const double noise : {0.0, 1e-3}) {
          const Data d = sound(noise, "R0-ZARC1-ZARC2", {10, 40, tau, n, 40 * ratio, 30 * tau, n}, 1e-1, 1e6);
          const SpectrumQuality q = inspect(d.f, d.z);
          ++cases;
          if (q.consistent) continue;
          ++refused;
          std::printf("n %.2f, tau %.2g, ratio %.1f, noise %.3f: %s\n", n, tau, ratio, noise, q.verdict.c_str());
        }
  std::printf("%zu of %zu sound spectra refused\n", refused, cases);
  EXPECT_EQ(refused, 0u);
}

TEST(ImpedanceQuality, NoiseIsTheScatterAtEveryFrequency) {
  // One part in a thousand of the modulus below 100 Hz, a hundredth above: the estimate has to follow.
  const auto f = decades(1e-1, 1e5, 120);
  const auto exact = impedance::impedance(Circuit::parse("R0-p(R1,CPE1)"), std::vector<double>{10, 100, 1e-5, 0.9}, f);
  double ratio_low = 0.0, ratio_high = 0.0;
  constexpr int cases = 40;
  for (int c = 0; c < cases; ++c) {
    numerics::RandomStream random(5, "noise estimate", static_cast<std::uint64_t>(c));
    auto z = exact;
    for (std::size_t k = 0; k < z.size(); ++k) {
      const double sigma = (f[k] < 100.0 ? 1e-3 : 1e-2) * std::abs(z[k]);
      z[k] += Complex(sigma * random.normal(), sigma * random.normal());
    }
    const auto noise = noise_estimate(f, z);
    ASSERT_EQ(noise.size(), f.size());
    ratio_low += noise[20] / (1e-3 * std::abs(z[20])) / cases;
    ratio_high += noise[100] / (1e-2 * std::abs(z[100])) / cases;
  }
  std::printf("noise found over truth: %.3f and %.3f\n", ratio_low, ratio_high);
  EXPECT_NEAR(ratio_low, 1.0, 0.1);
  EXPECT_NEAR(ratio_high, 1.0, 0.1);
}

TEST(ImpedanceQuality, FewPointsHaveANoiseToo) {
  const auto f = decades(1, 1e3, 6);
  const auto z = impedance::impedance(Circuit::parse("R0-C1"), std::vector<double>{10, 1e-3}, f);
  for (const double sigma : noise_estimate(f, z)) EXPECT_GT(sigma, 0.0);
}

} // namespace
