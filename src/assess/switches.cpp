#include "assess/switches.hpp"

#include "assess/evidence_names.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr std::array<std::string_view, 33> names{
    // symmetric cells
    assessing::voltage_drop_name, "sudden fall below the earlier course", "resistance sinks within half cycles", "voltage dips and comes back", assessing::course_leak_name,
    "resistance below the ionic floor",
    "resistance below the high-frequency impedance",
    "overpotential no longer follows the current", "mean resistance below the earlier one", "asymmetry of the two directions",
    "impedance that collapses", "noise", "noise bursts", "sudden reversible falls", "flat trace", "recovery at rest", "interfacial arc that grows", "contact loss",
    // full cells
    "voltage falls while charging", "voltage below that before the charge", "charge beyond the capacity",
    "charge ends below the usual cut-off", "voltage stalls while charging", "sudden falls while charging", "brief dips of the voltage", "sudden fall beside the course",
    "charge and discharge do not balance", "voltage lags behind the charge", "coulombic efficiency",
    "self-discharge at rest", "current rises at held voltage", "pressure no longer follows the charge",
    "resistance rises and capacity is lost"};

} // namespace

std::span<const std::string_view> evidence_names() { return names; }

namespace assessing {

Switches::Switches(const std::vector<std::string>& without) : without_(without) {
  for (const std::string& name : without) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    Diagnostic d{Severity::error, "D105", fmt::format("no test of the assessment is called \"{}\"", name), std::nullopt, {}};
    d.hints.push_back(fmt::format("the tests are: {}", fmt::join(names, ", ")));
    throw Error(std::move(d));
  }
}

bool Switches::off(std::string_view name) const { return std::find(without_.begin(), without_.end(), name) != without_.end(); }

Evidence Switches::apply(Evidence evidence) const {
  if (without_.empty() || !off(evidence.name)) return evidence;
  evidence.figure = evidence.error = std::numeric_limits<double>::quiet_NaN();
  evidence.fired = false;
  evidence.strength = evidence.weight = 0.0;
  evidence.reason = "not made: switched off";
  return evidence;
}

} // namespace assessing
} // namespace platen
