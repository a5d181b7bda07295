// The notation of circuits, what elements are worth, and their derivatives.
#include "base/error.hpp"
#include "impedance/circuit.hpp"
#include "impedance/elements.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numbers>

namespace {

using namespace platen;
using namespace platen::impedance;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Diagnostic> faults(std::string_view text) {
  try {
    Circuit::parse(text);
  } catch (const Error& error) {
    return error.diagnostics();
  }
  return {};
}

/// Code and marked text of the first fault: "U101 CPX1".
std::string fault(std::string_view text) {
  const auto all = faults(text);
  if (all.empty()) return "accepted";
  const Place& p = all.front().place.value();
  return all.front().code + " " + p.text.substr(std::min(p.column - 1, p.text.size()), p.length);
}

std::vector<std::string> names(const Circuit& circuit) {
  std::vector<std::string> all;
  for (const Parameter& p : circuit.parameters()) all.push_back(p.name);
  return all;
}

Complex at(std::string_view text, std::vector<double> p, double omega) {
  const double f = omega / (2.0 * std::numbers::pi);
  return impedance::impedance(Circuit::parse(text), p, std::span(&f, 1)).front();
}

void expect_near(Complex a, Complex b, double tolerance) {
  EXPECT_NEAR(a.real(), b.real(), tolerance * std::abs(b));
  EXPECT_NEAR(a.imag(), b.imag(), tolerance * std::abs(b));
}

TEST(ImpedanceCircuit, ReadsNamesAndWritesOneSpelling) {
  const Circuit c = Circuit::parse(" R0 - p( R1 , CPE1 )-(L3-ZARC2)-W1-TL1( p(R9,C9)-Ws2 ) ");
  EXPECT_EQ(c.text(), "R0-p(R1,CPE1)-L3-ZARC2-W1-TL1(p(R9,C9)-Ws2)");
  EXPECT_THAT(names(c), ElementsAre("R0", "R1", "CPE1.Q", "CPE1.n", "L3", "ZARC2.R", "ZARC2.tau", "ZARC2.n", "W1", "R9",
                                    "C9", "Ws2.R", "Ws2.tau", "TL1.Rion", "TL1.Rel"));
  EXPECT_EQ(Circuit::parse(c.text()).text(), c.text());
  EXPECT_EQ(Circuit::parse("p(R1,p(C1,R2),C2)").text(), "p(R1,C1,R2,C2)");
  EXPECT_EQ(Circuit::parse("R").text(), "R");
  EXPECT_EQ(c.find("CPE1.n"), 3u);
  EXPECT_EQ(c.parameters()[3].unit, "1");
}

TEST(ImpedanceCircuit, FaultsHaveACaret) {
  EXPECT_EQ(fault(""), "U100 ");
  EXPECT_EQ(fault("R0-"), "U100 ");
  EXPECT_EQ(fault("R0-%C1"), "U100 %");
  EXPECT_EQ(fault("R0+R1"), "U100 +");
  EXPECT_EQ(fault("R0)"), "U100 )");
  EXPECT_EQ(fault("R0-CPX1"), "U101 CPX1");
  EXPECT_EQ(fault("R1-C1-R1"), "U102 R1");
  EXPECT_EQ(fault("R0-p(R1)"), "U103 p(R1)");
  EXPECT_EQ(fault("R0-p(R1,C1"), "U104 ");
  EXPECT_EQ(fault("p R1"), "U104 R");
  EXPECT_EQ(fault("TL1-R1"), "U106 TL1");
  EXPECT_EQ(fault(std::string(40, '(') + "R1" + std::string(40, ')')).substr(0, 4), "U105");
  std::string many = "R0";
  for (int k = 1; k < 70; ++k) many += "-R" + std::to_string(k);
  EXPECT_EQ(fault(many), "U105 R64");
  const auto both = faults("R1-X1-R1");
  ASSERT_EQ(both.size(), 2u);
  EXPECT_THAT(faults("CPX1").front().hints.front(), HasSubstr("CPE"));
  try {
    Circuit::parse("R0-p(R1,CPE1)").find("CPE1.Q1");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("CPE1.Q"));
  }
}

TEST(ImpedanceCircuit, FrequenciesArePositive) {
  const Circuit c = Circuit::parse("R0");
  for (const double f : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    const std::vector<double> frequency{1.0, f};
    EXPECT_THROW(CircuitModel(c, frequency), Error);
  }
  EXPECT_THROW(impedance::impedance(c, std::vector<double>{1, 2}, std::vector<double>{1.0}), Error);
}

TEST(ImpedanceCircuit, ElementsKeepTheirLaws) {
  const Complex j{0, 1};
  const double w = 37.0;
  expect_near(at("R1", {5}, w), 5.0, 1e-15);
  expect_near(at("C1", {2e-3}, w), 1.0 / (j * w * 2e-3), 1e-14);
  expect_near(at("L1", {2e-3}, w), j * w * 2e-3, 1e-14);
  expect_near(at("CPE1", {1e-3, 0.8}, w), 1.0 / (1e-3 * std::pow(j * w, 0.8)), 1e-13);
  expect_near(at("W1", {3}, w), 3.0 * (1.0 - j) / std::sqrt(w), 1e-14);
  const Complex s = std::sqrt(j * w * 0.2);
  expect_near(at("Ws1", {3, 0.2}, w), 3.0 * std::tanh(s) / s, 1e-13);
  expect_near(at("Wo1", {3, 0.2}, w), 3.0 / (std::tanh(s) * s), 1e-13);
  expect_near(at("G1", {3, 0.2}, w), 3.0 / std::sqrt(1.0 + j * w * 0.2), 1e-13);
  expect_near(at("ZARC1", {3, 0.2, 0.7}, w), 3.0 / (1.0 + std::pow(j * w * 0.2, 0.7)), 1e-13);
  expect_near(at("HN1", {3, 0.2, 0.7, 0.6}, w), 3.0 / std::pow(1.0 + std::pow(j * w * 0.2, 0.7), 0.6), 1e-13);
  expect_near(at("K1", {3, 0.02, 0.01}, w), 1.0 / ((1.0 + j * w * 0.02) / 3.0 + j * w * 0.01), 1e-13);
  // Both ends of the range of frequencies: no overflow, the right limits.
  expect_near(at("Ws1", {3, 1.0}, 1e-12), 3.0, 1e-9);
  expect_near(at("Wo1", {3, 1.0}, 1e-9), 1.0 + 3.0 / (j * 1e-9), 1e-9);
  expect_near(at("Ws1", {3, 1.0}, 1e12), 3.0 / std::sqrt(j * 1e12), 1e-9);
}

TEST(ImpedanceCircuit, ALayerTendsToTheInfinite) {
  // sigma = R/sqrt(2 tau): both layers look infinite when their thickness is many diffusion lengths.
  for (const char* layer : {"Ws1", "Wo1"})
    expect_near(at(layer, {3, 0.2}, 1e5), at("W1", {3 / std::sqrt(0.4)}, 1e5), 1e-9);
}

TEST(ImpedanceCircuit, SeriesAndParallel) {
  const Complex j{0, 1};
  const double w = 12.0;
  const Complex expected = 1.0 + 1.0 / (1.0 / 5.0 + j * w * 1e-2 + 1.0 / (2.0 + j * w * 0.1));
  expect_near(at("R0-p(R1,C1,R2-L1)", {1, 5, 1e-2, 2, 0.1}, w), expected, 1e-14);
  expect_near(at("(R0-R1)-p((R2-R3),R4)", {1, 2, 3, 4, 7}, w), 3.0 + 3.5, 1e-14);
}

TEST(ImpedanceCircuit, TransmissionLineHasItsLimits) {
  const Complex j{0, 1};
  const double w = 3.0;
  const Complex z = 1.0 / (1.0 / 40.0 + j * w * 0.02);
  // No electronic resistance: the line of de Levie.
  const Complex nu = std::sqrt(30.0 / z);
  expect_near(at("TL1(p(R1,C1))", {40, 0.02, 30, 1e-12}, w), 30.0 / (std::tanh(nu) * nu), 1e-11);
  // Rails change places without a change.
  expect_near(at("TL1(p(R1,C1))", {40, 0.02, 30, 7}, w), at("TL1(p(R1,C1))", {40, 0.02, 7, 30}, w), 1e-13);
  // A perfect interface: both rails side by side. A bad one: itself.
  expect_near(at("TL1(R1)", {1e-9, 30, 60}, w), 20.0, 1e-4);
  expect_near(at("TL1(R1)", {1e6, 30, 60}, w), 1e6, 1e-4);
}

TEST(ImpedanceCircuit, TransmissionLineSolvesTheLadder) {
  // A ladder of 4000 rungs: ions enter at the left, electrons leave at the right.
  const Complex z{3.0, -4.0};
  const double ionic = 11.0, electronic = 5.0;
  const std::size_t n = 4000;
  const double ri = ionic / n, re = electronic / n;
  const Complex rung = static_cast<double>(n) * z;
  // Unknown: rung currents u_k. Current on the ionic rail right of rung k is 1 - sum u; Kirchhoff around each mesh:
  // rung (u_{k+1} - u_k) = re E_k - ri I_k, with I_k = 1 - sum_{m<=k} u_m and E_k = sum_{m<=k} u_m. Shooting from u_1, which is linear.
  const auto shoot = [&](Complex first) {
    Complex u = first, sum = first, drop = rung * first;
    for (std::size_t k = 1; k < n; ++k) {
      drop += re * sum; // electrons run along to the right end
      u += (re * sum - ri * (1.0 - sum)) / rung;
      sum += u;
    }
    return std::pair{sum, drop};
  };
  const auto [s0, d0] = shoot(0.0);
  const auto [s1, d1] = shoot(1.0);
  const Complex first = (1.0 - s0) / (s1 - s0);
  const Complex ladder = d0 + first * (d1 - d0);
  expect_near(two_rails(ionic, electronic, z).value, ladder, 1e-3);
}

/// Largest deviation of the derivatives from central differences, over |Z|/p.
double worst_derivative(std::string_view text, std::vector<double> p, double from, double to) {
  const Circuit c = Circuit::parse(text);
  std::vector<double> frequency;
  for (int k = 0; k <= 40; ++k) frequency.push_back(from * std::pow(to / from, k / 40.0));
  CircuitModel model(c, frequency);
  const std::size_t n = frequency.size();
  std::vector<Complex> z(n), d(n * p.size()), up(n), down(n);
  model.evaluate(p, z, d);
  double worst = 0.0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double kept = p[k], h = 2e-6 * kept;
    p[k] = kept + h;
    model.evaluate(p, up);
    p[k] = kept - h;
    model.evaluate(p, down);
    p[k] = kept;
    for (std::size_t i = 0; i < n; ++i)
      worst = std::max(worst, std::abs((up[i] - down[i]) / (2.0 * h) - d[k * n + i]) * kept / std::abs(z[i]));
  }
  return worst;
}

TEST(ImpedanceCircuit, DerivativesAgreeWithDifferences) {
  EXPECT_LT(worst_derivative("R0-L1-p(R1,CPE1)-p(R2,C2)-W1", {3, 1e-6, 50, 1e-5, 0.85, 20, 1e-3, 2}, 1e-2, 1e6), 1e-8);
  EXPECT_LT(worst_derivative("p(R0-Ws1,CPE1)-Wo2", {3, 50, 0.1, 1e-5, 0.85, 20, 3.0}, 1e-4, 1e6), 1e-8);
  EXPECT_LT(worst_derivative("G1-HN1-ZARC1-K1", {3, 0.1, 50, 1e-3, 0.8, 0.7, 9, 1e-5, 0.9, 4, 1e-7, 1e-7}, 1e-2, 1e6), 1e-8);
  EXPECT_LT(worst_derivative("R0-TL1(p(R1,CPE1-Ws2))", {3, 50, 1e-2, 0.8, 4, 0.3, 30, 8}, 1e-4, 1e6), 1e-8);
  EXPECT_LT(worst_derivative("TL1(TL2(C1)-R1)", {1e-2, 3, 30, 8, 7, 9}, 1e-4, 1e6), 1e-8);
}

} // namespace
