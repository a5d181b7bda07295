#include "assess/spectra.hpp"
#include "assess/thresholds.hpp"
#include "base/error.hpp"
#include "impedance/models.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen::assessing {
namespace {

const impedance::FittedParameter* parameter_of(const impedance::CircuitFit& fit, const std::string& name) {
  for (const auto& p : fit.parameters)
    if (p.name == name) return &p;
  return nullptr;
}

/// Hz at which the arc of resistance number `k` peaks (Z18); infinite for a resistance in series.
double peak_of(const impedance::CircuitFit& fit, int k, double resistance) {
  const auto *Q = parameter_of(fit, fmt::format("CPE{}.Q", k)), *n = parameter_of(fit, fmt::format("CPE{}.n", k));
  if (Q == nullptr || n == nullptr) return std::numeric_limits<double>::infinity();
  return 1.0 / (2.0 * std::numbers::pi * std::pow(resistance * Q->value, 1.0 / n->value));
}

} // namespace

std::optional<Level> electrolyte_by_circuit(const std::vector<double>& frequency, const std::vector<std::complex<double>>& impedance) {
  constexpr int most_arcs = 3;
  std::vector<impedance::ModelResult> models;
  try {
    models = impedance::find_model(frequency, impedance, impedance::CellKind::symmetric);
  } catch (const Error&) {
    return std::nullopt; // fewer points than parameters, or no fit at all
  }
  if (models.empty() || !models.front().sound) return std::nullopt;
  const impedance::CircuitFit& fit = models.front().fit;
  Level out;
  for (int k = 0; k <= most_arcs; ++k) {
    const auto* R = parameter_of(fit, fmt::format("R{}", k));
    if (R == nullptr || peak_of(fit, k, R->value) < thresholds::electrolyte_frequency) continue;
    out.value += R->value;
    out.error = std::hypot(out.error, R->standard_error);
  }
  return out.value > 0 && std::isfinite(out.error) ? std::optional(out) : std::nullopt;
}

} // namespace platen::assessing
