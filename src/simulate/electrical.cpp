#include "simulate/electrical.hpp"

#include "physics/kinetics.hpp"

#include <cmath>

namespace platen::simulation {
namespace {

struct Branch {
  double voltage, slope, eta_left, eta_right;
};

/// Voltage across the ionic branch at `x` (A/m2), equation (E1), and its derivative.
Branch ionic_branch(const Network& n, double x) {
  using namespace physics;
  const double left = charge_transfer_overpotential(x, n.i0_left, 1.0, n.T);
  const double right = charge_transfer_overpotential(x, n.i0_right, 1.0, n.T);
  const double slope = n.ohmic() + charge_transfer_slope(x, n.i0_left, 1.0, n.T) +
                       charge_transfer_slope(x, n.i0_right, 1.0, n.T);
  return {n.open_circuit + x * n.ohmic() + left + right, slope, left, right};
}

/// Solves a x + b V(x) = target for a, b >= 0. V - V(0) is odd, increasing and concave for x > 0, so Newton's method
/// started at the slope of the origin approaches the root from the side of the origin without overshooting.
Electrical solve(const Network& n, double a, double b, double target) {
  Branch branch = ionic_branch(n, 0.0);
  double x = (target - b * n.open_circuit) / (a + b * branch.slope);
  for (int iteration = 0; iteration < 60; ++iteration) {
    branch = ionic_branch(n, x);
    const double step = (a * x + b * branch.voltage - target) / (a + b * branch.slope);
    if (!(std::abs(step) > 1e-14 * std::abs(x))) break;
    x -= step;
  }
  branch = ionic_branch(n, x);
  Electrical out;
  out.ionic = x;
  out.inner = branch.voltage;
  out.current = x + (n.leak + n.shorted) * branch.voltage;
  out.voltage = branch.voltage + out.current * n.lead;
  out.eta_left = branch.eta_left;
  out.eta_right = branch.eta_right;
  return out;
}

} // namespace

Electrical solve_current(const Network& network, double current) {
  return solve(network, 1.0, network.leak + network.shorted, current);
}

Electrical solve_voltage(const Network& network, double voltage) {
  return solve(network, network.lead, 1.0 + network.lead * (network.leak + network.shorted), voltage);
}

} // namespace platen::simulation
