#include "impedance/fit_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platen::impedance {
namespace {

/// The data in a few numbers.
struct Window {
  double ohmic = 1.0;     ///< real part where it is smallest, ohm
  double span = 1.0;      ///< largest less smallest real part, ohm
  double last = 1.0;      ///< -Im at the lowest frequency, ohm
  double reactance = 1.0; ///< Im at the highest frequency, ohm
  double omega_low = 1.0, omega_high = 1.0;
};

Window look(std::span<const double> frequency, std::span<const std::complex<double>> z) {
  std::size_t first = 0, last = 0;
  double low = z[0].real(), high = z[0].real();
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (frequency[i] > frequency[first]) first = i;
    if (frequency[i] < frequency[last]) last = i;
    low = std::min(low, z[i].real());
    high = std::max(high, z[i].real());
  }
  const double size = std::abs(z[last]);
  Window w;
  w.span = std::max(high - low, 1e-3 * size);
  w.ohmic = std::max(low, 1e-3 * size);
  w.last = std::max(-z[last].imag(), 1e-3 * size);
  w.reactance = std::max(z[first].imag(), 1e-3 * std::abs(z[first]));
  w.omega_low = 2.0 * std::numbers::pi * frequency[last];
  w.omega_high = 2.0 * std::numbers::pi * std::max(frequency[first], 1.0000001 * frequency[last]);
  return w;
}

class Starter {
public:
  Starter(const Circuit& circuit, const Window& window, numerics::RandomStream* draw)
      : circuit_(circuit), w_(window), draw_(draw), p_(circuit.parameters().size(), 1.0) {}

  std::vector<double> run() {
    whole(circuit_.parts().size() - 1);
    return std::move(p_);
  }

private:
  double uniform(double low, double high) { return draw_ ? low + (high - low) * draw_->uniform() : 0.5 * (low + high); }
  /// A factor between 1/`wide` and `wide`.
  double about(double wide) { return std::exp(uniform(-std::log(wide), std::log(wide))); }

  void whole(std::size_t at) {
    const Part& part = circuit_.parts()[at];
    if (part.kind != Part::Kind::series) return place(at, w_.span * about(3.0), time(0.5));
    // Time constants from layers over the window, in random order of the branches.
    std::vector<std::size_t> relaxing;
    for (const std::size_t child : part.children)
      if (!alone(child)) relaxing.push_back(child);
    const auto n = static_cast<double>(relaxing.size());
    std::vector<double> times;
    for (std::size_t k = 0; k < relaxing.size(); ++k)
      times.push_back(draw_ ? time(draw_->uniform()) : time((static_cast<double>(k) + 0.5) / n));
    std::sort(times.begin(), times.end());
    for (std::size_t k = 0; k < relaxing.size(); ++k) place(relaxing[k], w_.span / n * about(10.0), times[k]);
    for (const std::size_t child : part.children)
      if (alone(child)) lone(child);
  }

  double time(double share) const { return std::pow(w_.omega_high / w_.omega_low, share) / w_.omega_high; }

  /// A single element of the whole's series that has no relaxation of its own.
  bool alone(std::size_t at) const {
    if (circuit_.parts()[at].kind != Part::Kind::element) return false;
    switch (circuit_.elements()[circuit_.parts()[at].element].kind) {
    case ElementKind::resistor:
    case ElementKind::capacitor:
    case ElementKind::inductor:
    case ElementKind::cpe:
    case ElementKind::warburg:
      return true;
    default:
      return false;
    }
  }

  void lone(std::size_t at) {
    const Element& e = circuit_.elements()[circuit_.parts()[at].element];
    double* v = &p_[e.first];
    const double last = w_.last * about(3.0);
    switch (e.kind) {
    case ElementKind::resistor:
      v[0] = w_.ohmic * (draw_ ? about(3.0) : 1.0);
      break;
    case ElementKind::inductor:
      v[0] = w_.reactance / w_.omega_high * about(3.0);
      break;
    case ElementKind::capacitor:
      v[0] = 1.0 / (w_.omega_low * last);
      break;
    case ElementKind::cpe:
      v[1] = uniform(0.5, 1.0);
      v[0] = 1.0 / (std::pow(w_.omega_low, v[1]) * last);
      break;
    default: // Warburg
      v[0] = last * std::sqrt(w_.omega_low);
      break;
    }
  }

  /// A part that is to have about the resistance R and the time constant tau.
  void place(std::size_t at, double R, double tau) {
    const Part& part = circuit_.parts()[at];
    if (part.kind == Part::Kind::element) {
      element(part, R, tau);
      return;
    }
    double later = tau;
    for (const std::size_t child : part.children) {
      place(child, R * (part.kind == Part::Kind::series ? about(5.0) : about(1.5)), later);
      if (part.kind == Part::Kind::series) later *= uniform(1.0, 30.0);
    }
  }

  void element(const Part& part, double R, double tau) {
    const Element& e = circuit_.elements()[part.element];
    double* v = &p_[e.first];
    switch (e.kind) {
    case ElementKind::resistor:
      v[0] = R;
      break;
    case ElementKind::capacitor:
      v[0] = tau / R;
      break;
    case ElementKind::inductor:
      v[0] = tau * R;
      break;
    case ElementKind::cpe:
      v[1] = uniform(0.65, 1.0);
      v[0] = std::pow(tau, v[1]) / R;
      break;
    case ElementKind::warburg:
      v[0] = R / std::sqrt(2.0 * tau);
      break;
    case ElementKind::line:
      v[0] = R;
      v[1] = R * std::exp(uniform(std::log(1e-3), 0.0));
      place(part.children.front(), R * about(5.0), tau);
      break;
    case ElementKind::constriction:
      v[0] = R;
      v[1] = tau / 3.0;
      v[2] = tau / R;
      break;
    case ElementKind::havriliak:
    case ElementKind::zarc:
      v[2] = uniform(0.65, 1.0);
      if (e.kind == ElementKind::havriliak) v[3] = uniform(0.5, 1.0);
      [[fallthrough]];
    default:
      v[0] = R;
      v[1] = tau;
      break;
    }
  }

  const Circuit& circuit_;
  Window w_;
  numerics::RandomStream* draw_;
  std::vector<double> p_;
};

} // namespace

std::vector<double> starting_values(const Circuit& circuit, std::span<const double> frequency,
                                    std::span<const std::complex<double>> impedance, numerics::RandomStream* draw) {
  return Starter(circuit, look(frequency, impedance), draw).run();
}

} // namespace platen::impedance
