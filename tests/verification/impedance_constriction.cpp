// The constriction element against the field in a flux tube: one contact spot in the middle of a gap that is a capacitor.
#include "impedance/circuit.hpp"
#include "physics/contact.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <gtest/gtest.h>
#include <numbers>
#include <vector>

namespace {

using namespace platen;
using Complex = std::complex<double>;

/// Finite volumes in a tube of radius 1 and length 3, conductivity 1; rings of equal width, layers finer towards the lower face.
/// That face is at potential 0 over r < a and behind an admittance `gap` per area elsewhere; the upper one carries a current of 1, spread evenly.
class Tube {
public:
  Tube(double a, Complex gap, std::size_t n) : n_(n), matrix_(n * n * (2 * n + 1)), u_(n * n) {
    for (std::size_t k = 0; k <= n; ++k) z_.push_back(3.0 * std::pow(static_cast<double>(k) / static_cast<double>(n), 2.0));
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t i = 0; i < n; ++i) cell(i, k, a, gap);
    eliminate();
  }

  /// Voltage of the upper face per current, less that of the tube without crowding.
  Complex crowding() const {
    Complex top = 0.0;
    for (std::size_t i = 0; i < n_; ++i) top += u_[(n_ - 1) * n_ + i] * area(i) / std::numbers::pi;
    return top - centre(n_ - 1) / std::numbers::pi;
  }

private:
  double width() const { return 1.0 / static_cast<double>(n_); }
  double area(std::size_t i) const { return std::numbers::pi * (2.0 * static_cast<double>(i) + 1.0) * width() * width(); }
  double centre(std::size_t k) const { return 0.5 * (z_[k] + z_[k + 1]); }
  Complex& at(std::size_t row, std::size_t column) { return matrix_[row * (2 * n_ + 1) + n_ + column - row]; }

  void join(std::size_t one, std::size_t other, double conductance) {
    at(one, one) += conductance;
    at(one, other) -= conductance;
  }

  void cell(std::size_t i, std::size_t k, double a, Complex gap) {
    const std::size_t own = k * n_ + i;
    const double side = 2.0 * std::numbers::pi * (z_[k + 1] - z_[k]);
    if (i > 0) join(own, own - 1, side * static_cast<double>(i));
    if (i + 1 < n_) join(own, own + 1, side * static_cast<double>(i + 1));
    if (k > 0) join(own, own - n_, area(i) / (centre(k) - centre(k - 1)));
    if (k + 1 < n_) join(own, own + n_, area(i) / (centre(k + 1) - centre(k)));
    if (k == 0) { // the ring that the edge of the spot cuts is shared by area
      const double inner = static_cast<double>(i) * width(), outer = inner + width(), cut = std::clamp(a, inner, outer);
      const double touch = (cut * cut - inner * inner) / (outer * outer - inner * inner);
      at(own, own) += area(i) * (touch / centre(0) + (1.0 - touch) * gap / (1.0 + gap * centre(0)));
    }
    if (k + 1 == n_) u_[own] = area(i) / std::numbers::pi;
  }

  void eliminate() { // the matrix is diagonally dominant: no pivots are needed
    const std::size_t all = n_ * n_;
    for (std::size_t p = 0; p < all; ++p)
      for (std::size_t row = p + 1; row < std::min(all, p + n_ + 1); ++row) {
        const Complex m = at(row, p) / at(p, p);
        if (m == 0.0) continue;
        for (std::size_t c = p; c < std::min(all, p + n_ + 1); ++c) at(row, c) -= m * at(p, c);
        u_[row] -= m * u_[p];
      }
    for (std::size_t p = all; p-- > 0;) {
      for (std::size_t c = p + 1; c < std::min(all, p + n_ + 1); ++c) u_[p] -= at(p, c) * u_[c];
      u_[p] /= at(p, p);
    }
  }

  std::size_t n_;
  std::vector<double> z_;
  std::vector<Complex> matrix_, u_;
};

TEST(ImpedanceConstriction, TheFieldOfDirectCurrentIsRight) {
  // Equipotential spot in a tube, ratio e of the radii: R = (1 - 1.40925 e + 0.29591 e^3 + 0.05254 e^5 + ...)/(4 a)
  // (Negus and Yovanovich, ASME 84-HT-84, recalled).
  for (const double e : {0.3, 0.5}) {
    const double coarse = Tube(e, 0.0, 30).crowding().real(), fine = Tube(e, 0.0, 60).crowding().real();
    const double field = 2.0 * fine - coarse; // first order: the current density is infinite at the edge of the spot
    const double known = (1 - 1.40925 * e + 0.29591 * std::pow(e, 3) + 0.05254 * std::pow(e, 5) + 0.02105 * std::pow(e, 7)) / (4 * e);
    const double law = physics::constriction_resistance(e * e, e, 1.0) / std::numbers::pi;
    std::printf("theta %.2f: field %.4f, series %.4f, law (C2) %.4f\n", e * e, field, known, law);
    EXPECT_NEAR(field / known, 1.0, 0.02);
  }
}

TEST(ImpedanceConstriction, TheElementFollowsTheFieldOverFrequency) {
  // In units of the tube: kappa = 1, eps = tau; the gap's admittance per area is j w c.
  constexpr double tau = 1e-2, c = 1.0;
  const auto circuit = impedance::Circuit::parse("K1");
  double worst = 0.0;
  for (const double a : {0.3, 0.5, 0.7}) {
    const double theta = a * a, R = Tube(a, 0.0, 40).crowding().real();
    const double C = std::numbers::pi * c / (1.0 - theta);
    for (const double share : {0.1, 0.3, 1.0, 3.0, 10.0, 100.0}) {
      const double w = share / (tau + R * C), f = w / (2.0 * std::numbers::pi);
      const Complex kappa{1.0, w * tau};
      const Complex field = Tube(a, Complex(0.0, w * c) / kappa, 40).crowding() / kappa;
      const Complex element = impedance::impedance(circuit, std::vector<double>{R, tau, C}, std::span(&f, 1)).front();
      std::printf("theta %.2f, w T %5.1f: field %.4f %+.4fj, element %.4f %+.4fj\n", theta, share, field.real(), field.imag(),
                  element.real(), element.imag());
      worst = std::max(worst, std::abs(element - field) / R);
    }
  }
  std::printf("largest deviation %.1f %% of R\n", 100.0 * worst);
  EXPECT_LT(worst, 0.05);
}

} // namespace
