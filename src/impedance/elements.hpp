#pragma once
// The laws of single elements: impedance and derivatives at one angular frequency. Theory: docs/theory/impedance.md.

#include <cmath>
#include <complex>
#include <numbers>

namespace platen::impedance {

using Complex = std::complex<double>;

/// a * b without the rescue of infinities that the library's product carries: it halves the speed of loops.
inline Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}
inline Complex reciprocal(Complex a) {
  const double s = 1.0 / (a.real() * a.real() + a.imag() * a.imag());
  return {a.real() * s, -a.imag() * s};
}

/// A function and its derivative at one complex number.
struct Slope {
  Complex value, derivative;
};

/// tanh(s) for Re s >= 0, without overflow.
inline Complex tanh_right(Complex s) {
  const Complex e = std::exp(-2.0 * s);
  return product(1.0 - e, reciprocal(1.0 + e));
}

/// tanh(s)/s, for Re s >= 0; by its series near 0.
inline Slope tanh_over(Complex s) {
  const Complex s2 = product(s, s);
  if (std::norm(s) < 1e-6) return {1.0 - s2 / 3.0 + product(s2, s2) * (2.0 / 15.0), product(s, -2.0 / 3.0 + s2 * (8.0 / 15.0))};
  const Complex t = tanh_right(s), r = reciprocal(s);
  const Complex value = product(t, r);
  return {value, product(1.0 - product(t, t) - value, r)};
}

/// coth(s)/s, for Re s >= 0, s != 0.
inline Slope coth_over(Complex s) {
  const Complex r = reciprocal(s);
  if (std::norm(s) < 1e-6) {
    const Complex s2 = product(s, s), r2 = product(r, r);
    return {r2 + 1.0 / 3.0 - s2 / 45.0, -2.0 * product(r2, r) - s * (2.0 / 45.0)};
  }
  const Complex c = reciprocal(tanh_right(s));
  const Complex value = product(c, r);
  return {value, product(1.0 - product(c, c) - value, r)};
}

/// Two rails of resistances `ionic` and `electronic`, contacted at opposite ends, with the impedance `between` (of the whole
/// electrode) from one to the other: equations (Z11) and (Z12). Derivatives by the three.
struct LineSlopes {
  Complex value, ionic, electronic, between;
};
inline LineSlopes two_rails(double ionic, double electronic, Complex between) {
  const double S = ionic + electronic, P = ionic * electronic;
  const Complex nu = std::sqrt(S * reciprocal(between));
  const Slope half = tanh_over(0.5 * nu), whole = coth_over(nu);
  const Complex shared = 1.0 - half.value;
  const Complex by_nu = S * whole.derivative - 0.5 * (P / S) * half.derivative;
  const Complex by_sum = whole.value + product(by_nu, nu) / (2.0 * S); // with P/S kept
  return {P / S * shared + S * whole.value, electronic * electronic / (S * S) * shared + by_sum,
          ionic * ionic / (S * S) * shared + by_sum, -0.5 * product(product(by_nu, nu), reciprocal(between))};
}

} // namespace platen::impedance
