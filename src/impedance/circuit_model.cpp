#include "base/error.hpp"
#include "impedance/circuit.hpp"
#include "impedance/elements.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numbers>

namespace platen::impedance {
namespace {

constexpr double quarter_turn = std::numbers::pi / 2.0;

/// (j w)^n for ln w = `log_omega`.
struct Power {
  double n, real, imaginary; ///< cos and sin of n pi/2
  explicit Power(double exponent)
      : n(exponent), real(std::cos(exponent * quarter_turn)), imaginary(std::sin(exponent * quarter_turn)) {}
  Complex operator()(double log_omega) const {
    const double size = std::exp(n * log_omega);
    return {size * real, size * imaginary};
  }
};

} // namespace

CircuitModel::CircuitModel(const Circuit& circuit, std::span<const double> frequency)
    : parts_(circuit.parts()), elements_(circuit.elements()), count_(circuit.parameters().size()),
      omega_(frequency.size()), log_omega_(frequency.size()), z_(parts_.size() * frequency.size()),
      weight_(parts_.size() * frequency.size()), slope_(count_ * frequency.size()),
      inner_(parts_.size() * frequency.size()) {
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i]))
      throw Error("D208", fmt::format("a spectrum needs positive frequencies; point {} has {} Hz", i + 1, frequency[i]));
    omega_[i] = 2.0 * std::numbers::pi * frequency[i];
    log_omega_[i] = std::log(omega_[i]);
  }
}

/// Impedance of one element and its derivatives.
void CircuitModel::element(std::size_t at, std::span<const double> p) {
  switch (elements_[parts_[at].element].kind) {
  case ElementKind::resistor:
  case ElementKind::capacitor:
  case ElementKind::inductor:
  case ElementKind::cpe:
  case ElementKind::constriction:
    return lumped(at, p);
  case ElementKind::zarc:
  case ElementKind::havriliak:
    return relaxing(at, p);
  case ElementKind::warburg:
  case ElementKind::warburg_short:
  case ElementKind::warburg_open:
  case ElementKind::gerischer:
  case ElementKind::line:
    return spread(at, p);
  }
}

/// What stores or resists in one place.
void CircuitModel::lumped(std::size_t at, std::span<const double> p) {
  const std::size_t n = points();
  const Element& e = elements_[parts_[at].element];
  const double* v = &p[e.first];
  Complex* z = &z_[at * n];
  Complex* d = &slope_[e.first * n];
  switch (e.kind) {
  case ElementKind::resistor: // (Z1)
    for (std::size_t i = 0; i < n; ++i) z[i] = v[0], d[i] = 1.0;
    break;
  case ElementKind::capacitor: // (Z1)
    for (std::size_t i = 0; i < n; ++i) z[i] = {0.0, -1.0 / (omega_[i] * v[0])}, d[i] = -z[i] / v[0];
    break;
  case ElementKind::inductor: // (Z1)
    for (std::size_t i = 0; i < n; ++i) z[i] = {0.0, omega_[i] * v[0]}, d[i] = {0.0, omega_[i]};
    break;
  case ElementKind::cpe: { // (Z2)
    const Power power(-v[1]);
    for (std::size_t i = 0; i < n; ++i) {
      z[i] = power(log_omega_[i]) / v[0];
      d[i] = -z[i] / v[0];
      d[n + i] = -product(z[i], {log_omega_[i], quarter_turn});
    }
    break;
  }
  case ElementKind::constriction: // (Z10)
    for (std::size_t i = 0; i < n; ++i) {
      const Complex below = reciprocal({1.0, omega_[i] * (v[1] + v[0] * v[2])});
      const Complex fall = product(below, below) * v[0];
      z[i] = v[0] * below;
      d[i] = below - product(fall, {0.0, omega_[i] * v[2]});
      d[n + i] = product(fall, {0.0, -omega_[i]});
      d[2 * n + i] = product(fall, {0.0, -omega_[i] * v[0]});
    }
    break;
  default:
    break;
  }
}

/// Distributed relaxations.
void CircuitModel::relaxing(std::size_t at, std::span<const double> p) {
  const std::size_t n = points();
  const Element& e = elements_[parts_[at].element];
  const double* v = &p[e.first];
  Complex* z = &z_[at * n];
  Complex* d = &slope_[e.first * n];
  switch (e.kind) {
  case ElementKind::zarc: { // (Z7)
    const Power power(v[2]);
    const double log_tau = std::log(v[1]);
    for (std::size_t i = 0; i < n; ++i) {
      const Complex u = power(log_omega_[i] + log_tau);
      const Complex below = reciprocal(1.0 + u);
      const Complex fall = product(product(below, below), u) * -v[0];
      z[i] = v[0] * below;
      d[i] = below;
      d[n + i] = fall * (v[2] / v[1]);
      d[2 * n + i] = product(fall, {log_omega_[i] + log_tau, quarter_turn});
    }
    break;
  }
  case ElementKind::havriliak: { // (Z8)
    const Power power(v[2]);
    const double log_tau = std::log(v[1]);
    for (std::size_t i = 0; i < n; ++i) {
      const Complex u = power(log_omega_[i] + log_tau);
      const Complex log_below = std::log(1.0 + u);
      const Complex shape = std::exp(-v[3] * log_below);
      const Complex fall = product(product(shape, reciprocal(1.0 + u)), u) * (-v[0] * v[3]);
      z[i] = v[0] * shape;
      d[i] = shape;
      d[n + i] = fall * (v[2] / v[1]);
      d[2 * n + i] = product(fall, {log_omega_[i] + log_tau, quarter_turn});
      d[3 * n + i] = -product(z[i], log_below);
    }
    break;
  }
  default:
    break;
  }
}

/// Diffusion and transmission lines.
void CircuitModel::spread(std::size_t at, std::span<const double> p) {
  const std::size_t n = points();
  const Element& e = elements_[parts_[at].element];
  const double* v = &p[e.first];
  Complex* z = &z_[at * n];
  Complex* d = &slope_[e.first * n];
  switch (e.kind) {
  case ElementKind::warburg: // (Z3)
    for (std::size_t i = 0; i < n; ++i) {
      const double s = 1.0 / std::sqrt(omega_[i]);
      d[i] = {s, -s};
      z[i] = v[0] * d[i];
    }
    break;
  case ElementKind::warburg_short: // (Z4)
  case ElementKind::warburg_open:  // (Z5)
    for (std::size_t i = 0; i < n; ++i) {
      const double half = std::sqrt(0.5 * omega_[i] * v[1]);
      const Complex s{half, half};
      const Slope f = e.kind == ElementKind::warburg_short ? tanh_over(s) : coth_over(s);
      z[i] = v[0] * f.value;
      d[i] = f.value;
      d[n + i] = product(f.derivative, s) * (v[0] / (2.0 * v[1]));
    }
    break;
  case ElementKind::gerischer: // (Z6)
    for (std::size_t i = 0; i < n; ++i) {
      const Complex below = reciprocal({1.0, omega_[i] * v[1]});
      const Complex root = std::sqrt(below);
      z[i] = v[0] * root;
      d[i] = root;
      d[n + i] = product(product(z[i], below), {0.0, -0.5 * omega_[i]});
    }
    break;
  case ElementKind::line: { // (Z11), (Z12)
    const Complex* between = &z_[parts_[at].children.front() * n];
    Complex* inner = &inner_[at * n];
    for (std::size_t i = 0; i < n; ++i) {
      const LineSlopes line = two_rails(v[0], v[1], between[i]);
      z[i] = line.value;
      d[i] = line.ionic;
      d[n + i] = line.electronic;
      inner[i] = line.between;
    }
    break;
  }
  default:
    break;
  }
}

void CircuitModel::forward(std::span<const double> p) {
  const std::size_t n = points();
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const Part& part = parts_[k];
    Complex* z = &z_[k * n];
    if (part.kind == Part::Kind::element) {
      element(k, p);
      continue;
    }
    const bool parallel = part.kind == Part::Kind::parallel;
    std::fill(z, z + n, Complex{});
    for (const std::size_t child : part.children) {
      const Complex* c = &z_[child * n];
      if (parallel)
        for (std::size_t i = 0; i < n; ++i) z[i] += reciprocal(c[i]);
      else
        for (std::size_t i = 0; i < n; ++i) z[i] += c[i];
    }
    if (parallel)
      for (std::size_t i = 0; i < n; ++i) z[i] = reciprocal(z[i]);
  }
}

/// d(whole)/d(part) from the whole down: 1 in series, (Z_p/Z_k)^2 in parallel, equation (Z9).
void CircuitModel::backward() {
  const std::size_t n = points();
  std::fill(weight_.end() - static_cast<std::ptrdiff_t>(n), weight_.end(), Complex{1.0});
  for (std::size_t k = parts_.size(); k-- > 0;) {
    const Part& part = parts_[k];
    const Complex* own = &weight_[k * n];
    for (const std::size_t child : part.children) {
      Complex* w = &weight_[child * n];
      if (part.kind == Part::Kind::series) {
        std::copy(own, own + n, w);
      } else if (part.kind == Part::Kind::element) {
        for (std::size_t i = 0; i < n; ++i) w[i] = product(own[i], inner_[k * n + i]);
      } else {
        for (std::size_t i = 0; i < n; ++i) {
          const Complex share = product(z_[k * n + i], reciprocal(z_[child * n + i]));
          w[i] = product(own[i], product(share, share));
        }
      }
    }
  }
}

void CircuitModel::evaluate(std::span<const double> p, std::span<Complex> impedance) {
  forward(p);
  std::copy_n(z_.end() - static_cast<std::ptrdiff_t>(points()), points(), impedance.begin());
}

void CircuitModel::evaluate(std::span<const double> p, std::span<Complex> impedance, std::span<Complex> derivatives) {
  forward(p);
  const std::size_t n = points();
  std::copy_n(z_.end() - static_cast<std::ptrdiff_t>(n), n, impedance.begin());
  backward();
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (parts_[k].kind != Part::Kind::element) continue;
    const Element& e = elements_[parts_[k].element];
    for (std::size_t q = e.first; q < e.first + e.count; ++q)
      for (std::size_t i = 0; i < n; ++i) derivatives[q * n + i] = product(weight_[k * n + i], slope_[q * n + i]);
  }
}

std::vector<Complex> impedance(const Circuit& circuit, std::span<const double> p, std::span<const double> frequency) {
  if (p.size() != circuit.parameters().size())
    throw Error("B004", fmt::format("{} has {} parameters, got {}", circuit.text(), circuit.parameters().size(), p.size()));
  std::vector<Complex> z(frequency.size());
  CircuitModel(circuit, frequency).evaluate(p, z);
  return z;
}

} // namespace platen::impedance
