#include "simulate/electrical.hpp"

#include "base/constants.hpp"

#include <cmath>

namespace platen::simulation {
namespace {

/// Charge transfer at one electrode: overpotential, equation (E2), and its first two derivatives.
struct Transfer {
  double eta, slope, bend;

  /// Overpotential at a current lower by `step`.
  double before(double step) const { return eta - step * (slope - 0.5 * step * bend); }
};

/// asinh and its derivatives share a root.
Transfer transfer(double x, double i0, double RT_F) {
  const double per_current = 0.5 / i0, u = x * per_current, size = std::abs(u), root = std::sqrt(1.0 + u * u);
  // log(size + root) without the cancellation near zero
  const double asinh = size < 0.5 ? std::log1p(size + size * size / (1.0 + root)) : std::log(size + root);
  const double slope = 2.0 * RT_F * per_current / root;
  return {2.0 * RT_F * std::copysign(asinh, u), slope, -slope * u * per_current / (root * root)};
}

/// Voltage across the ionic branch at a current, equation (E1), and its derivative.
struct Branch {
  Transfer left, right;
  double voltage, slope;
};

Branch ionic_branch(const Network& n, double ohmic, double RT_F, double x) {
  const Transfer l = transfer(x, n.i0_left, RT_F), r = transfer(x, n.i0_right, RT_F);
  return {l, r, n.open_circuit + x * ohmic + l.eta + r.eta, ohmic + l.slope + r.slope};
}

/// Newton's method has converged when the next step would be below this share of the current; over a last step that is
/// shorter than `straight` of it the branch is followed by its second-order series.
constexpr double converged = 1e-15, straight = 1e-4;
/// Solves a x + b V(x) = target for a, b >= 0. V - V(0) is odd, increasing and concave for x > 0. Newton's method from the
/// slope of the origin approaches the root from the side of the origin without overshooting; from a guess it need not, and
/// starts from the origin after all when a few iterations have not sufficed.
Electrical solve(const Network& n, double a, double b, double target, std::optional<double> guess) {
  constexpr int most_from_guess = 6, most = 60;
  const double RT_F = constants::R * n.T / constants::F, ohmic = n.ohmic();
  const double at_origin = ohmic + RT_F / n.i0_left + RT_F / n.i0_right;
  const double from_origin = (target - b * n.open_circuit) / (a + b * at_origin);
  double x = guess.value_or(from_origin);
  Electrical out;
  for (int iteration = 0;; ++iteration) {
    const Branch branch = ionic_branch(n, ohmic, RT_F, x);
    const double slope = a + b * branch.slope, step = (a * x + b * branch.voltage - target) / slope;
    const double relative = std::abs(step / x);
    x -= step;
    // V bends by no more than its slope over the current, and only the part b of the equation bends.
    const bool far = relative > straight || relative * relative * b * branch.slope > converged * slope;
    if (far && guess && iteration == most_from_guess) x = from_origin;
    if (far && iteration < most) continue;
    out.eta_left = branch.left.before(step);
    out.eta_right = branch.right.before(step);
    break;
  }
  out.ionic = x;
  out.inner = n.open_circuit + x * ohmic + out.eta_left + out.eta_right;
  out.current = x + (n.leak + n.shorted) * out.inner;
  out.voltage = out.inner + out.current * n.lead;
  out.shorted = n.shorted * out.inner;
  out.open_circuit = n.open_circuit;
  out.grains = x * n.bulk;
  out.boundaries = x * n.grain_boundary;
  out.film_left = x * n.film_left;
  out.film_right = x * n.film_right;
  out.cathode_ohmic = x * n.cathode_ohmic;
  out.contact_left = n.contact_left;
  out.contact_right = n.contact_right;
  return out;
}

} // namespace

Electrical solve_current(const Network& network, double current, std::optional<double> guess) {
  Electrical out = solve(network, 1.0, network.leak + network.shorted, current, guess);
  out.current = current; // as imposed, to the bit: a rest carries none
  out.voltage = out.inner + current * network.lead;
  return out;
}

Electrical solve_voltage(const Network& network, double voltage, std::optional<double> guess) {
  return solve(network, network.lead, 1.0 + network.lead * (network.leak + network.shorted), voltage, guess);
}

} // namespace platen::simulation
