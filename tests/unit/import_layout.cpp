// Numbers without headings: what they are is decided by Bode's relation, or not at all.

#include <gtest/gtest.h>

#include "import/impedance/layout.hpp"
#include "numerics/random.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace platen::test {
namespace {

using namespace impedance_files;
using Complex = std::complex<double>;

std::vector<double> sweep(double from, double to, std::size_t points) {
  std::vector<double> out;
  for (std::size_t i = 0; i < points; ++i)
    out.push_back(from * std::pow(to / from, static_cast<double>(i) / static_cast<double>(points - 1)));
  return out;
}

/// Columns of an impedance written in a layout.
std::pair<std::vector<double>, std::vector<double>> written(const std::vector<Complex>& z, Layout layout) {
  std::pair<std::vector<double>, std::vector<double>> out;
  const bool polar = layout != Layout::parts && layout != Layout::turned_parts;
  const bool turned = layout == Layout::turned_parts || layout == Layout::turned_degrees || layout == Layout::turned_radians;
  const bool degrees = layout == Layout::degrees || layout == Layout::turned_degrees;
  for (const Complex& v : z) {
    out.first.push_back(polar ? std::abs(v) : v.real());
    const double second = polar ? std::arg(v) * (degrees ? 180.0 / std::numbers::pi : 1.0) : v.imag();
    out.second.push_back(turned ? -second : second);
  }
  return out;
}

constexpr std::array layouts{Layout::parts,          Layout::turned_parts, Layout::degrees,
                             Layout::turned_degrees, Layout::radians,      Layout::turned_radians};

// A resistor parallel to a capacitor has the phase -atan(w R C); a constant-phase element has one phase everywhere.
TEST(ImportLayout, PhaseFollowsFromTheModulus) {
  const std::vector<double> f = sweep(1e-3, 1e5, 161);
  std::vector<double> arc, element;
  for (const double v : f) {
    const Complex jw(0.0, 2.0 * std::numbers::pi * v);
    arc.push_back(std::abs(100.0 / (1.0 + jw * 0.01)));
    element.push_back(std::abs(5.0 * std::pow(jw, -0.8)));
  }
  const ExpectedPhase of_arc = phase_of_modulus(f, arc), of_element = phase_of_modulus(f, element);
  ASSERT_EQ(of_arc.point.size(), f.size());
  for (std::size_t k = 0; k < f.size(); ++k) {
    const double w = 2.0 * std::numbers::pi * f[of_arc.point[k]];
    EXPECT_NEAR(of_arc.phase[k], -std::atan(w * 0.01), 2e-3) << f[k]; // 20 points per decade, straight lines between
    EXPECT_NEAR(of_element.phase[k], -0.4 * std::numbers::pi, 1e-9) << f[k];
  }
}

TEST(ImportLayout, TwoPointsHaveNoPhase) {
  const std::vector<double> f{1.0, 10.0, 10.0}, m{5.0, 4.0, 4.0};
  EXPECT_TRUE(phase_of_modulus(f, m).point.empty());
  EXPECT_TRUE(phase_of_modulus({}, {}).point.empty());
}

TEST(ImportLayout, ManyPointsAreThinnedOut) {
  const std::vector<double> f = sweep(1.0, 1e4, 5000);
  std::vector<double> m;
  for (const double v : f) m.push_back(1.0 / v);
  const ExpectedPhase out = phase_of_modulus(f, m);
  ASSERT_EQ(out.point.size(), 300u);
  EXPECT_EQ(out.point.back(), 4999u);
  EXPECT_NEAR(out.phase[150], -std::numbers::pi / 2.0, 1e-9);
}

/// Random cells: a series resistance, up to three depressed arcs, often a rising branch, noise up to 1 %.
std::vector<Complex> random_cell(const std::vector<double>& f, numerics::RandomStream& random) {
  const auto uniform = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  const double scale = std::pow(10.0, uniform(-2.0, 5.0));
  const auto arcs = static_cast<int>(uniform(1.0, 3.999));
  const bool branch = random.uniform() < 0.5;
  const double noise = std::pow(10.0, uniform(-4.0, -2.0)), series = uniform(0.0, 2.0);
  double size[3], tau[3], power[3];
  for (int k = 0; k < 3; ++k) {
    size[k] = uniform(0.1, 3.0);
    tau[k] = 1.0 / (2.0 * std::numbers::pi * std::pow(10.0, uniform(std::log10(f.back()), std::log10(f.front()))));
    power[k] = uniform(0.6, 1.0);
  }
  const double slow = uniform(0.1, 2.0) * std::pow(2.0 * std::numbers::pi * f.back(), 0.5);
  std::vector<Complex> out;
  for (const double v : f) {
    const Complex jw(0.0, 2.0 * std::numbers::pi * v);
    Complex z = series;
    for (int k = 0; k < arcs; ++k) z += size[k] / (1.0 + std::pow(jw * tau[k], power[k]));
    if (branch) z += slow / std::sqrt(jw);
    out.push_back(scale * z * (1.0 + noise * Complex(random.normal(), random.normal())));
  }
  return out;
}

TEST(ImportLayout, RandomCellsAreNeverMisread) {
  numerics::RandomStream random(4711, "cells");
  std::size_t told = 0, all = 0;
  for (int n = 0; n < 60; ++n) {
    const std::vector<double> f = sweep(std::pow(10.0, 3.0 + 4.0 * random.uniform()), std::pow(10.0, -2.0 + 3.0 * random.uniform()), 41);
    const std::vector<Complex> z = random_cell(f, random);
    for (const Layout layout : layouts) {
      const auto [a, b] = written(z, layout);
      const auto found = find_layout(f, a, b);
      ++all;
      if (!found) continue;
      ++told;
      EXPECT_EQ(*found, layout) << "cell " << n;
    }
  }
  EXPECT_GT(told, all * 9 / 10); // the others are refused, which is no mistake
}

TEST(ImportLayout, WhatCannotBeToldIsRefused) {
  const std::vector<double> f = sweep(1e5, 0.1, 31);
  std::vector<double> ohm(31, 100.0), nothing(31, 0.0), noise;
  numerics::RandomStream random(5, "noise");
  for (int i = 0; i < 31; ++i) noise.push_back(0.01 * random.normal());
  EXPECT_FALSE(find_layout(f, ohm, nothing)); // a resistor is one in any layout
  EXPECT_FALSE(find_layout(f, ohm, noise));
  std::vector<double> rising, phase; // a coil: inductive everywhere
  for (const double v : f) rising.push_back(1e-3 * v), phase.push_back(90.0);
  EXPECT_FALSE(find_layout(f, rising, phase));
}

// 180/pi ohm with a small arc: an imaginary part in ohm is the phase in degrees, and both readings fit.
TEST(ImportLayout, WhereTwoReadingsFitNoneIsTaken) {
  const std::vector<double> f = sweep(1e5, 0.1, 61);
  std::vector<Complex> z;
  for (const double v : f) z.push_back(180.0 / std::numbers::pi * (1.0 + 0.01 / (1.0 + Complex(0.0, 2.0 * std::numbers::pi * v * 1e-3))));
  for (const Layout layout : {Layout::parts, Layout::turned_parts, Layout::degrees, Layout::turned_degrees}) {
    const auto [a, b] = written(z, layout);
    EXPECT_FALSE(find_layout(f, a, b)) << static_cast<int>(layout);
  }
}

TEST(ImportLayout, FrequenciesAndOtherColumns) {
  EXPECT_TRUE(are_frequencies(sweep(1e6, 0.1, 50)));
  EXPECT_TRUE(are_frequencies(sweep(0.01, 1e3, 26)));
  EXPECT_TRUE(are_frequencies(std::vector<double>{1000, 500, 200, 100, 50, 20, 10})); // 1-2-5
  EXPECT_FALSE(are_frequencies(std::vector<double>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_FALSE(are_frequencies(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})); // a number of points, or seconds
  EXPECT_FALSE(are_frequencies(std::vector<double>{1, 10, 100, 50, 1000}));
  EXPECT_FALSE(are_frequencies(std::vector<double>{1, 10, 100, 1000}));
  EXPECT_FALSE(are_frequencies(sweep(1.0, 9.0, 20)));
}

} // namespace
} // namespace platen::test
