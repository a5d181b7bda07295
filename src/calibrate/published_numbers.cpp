#include "base/error.hpp"
#include "base/units.hpp"
#include "calibrate/published.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::calibrate {
namespace {

enum class Law { always, intrusion, swing, voids, yielding, focus, fatigue };

/// What is thought of a number before the paper is read: its median and the range that holds 95 % of it, in `unit`.
struct Belief {
  std::string_view key, unit;
  double median, low, high;
  Law law = Law::always;
  bool logarithmic = true;
  double least = 0.0, most = 0.0; ///< ends that the fit may not pass; 0, 0: the range and half its width (or its root) beyond
};

// Their sources: docs/theory/fit.md, which shows this table. No range is taken from a fit to the paper's CCDs: it would let a left-out figure
// in again.
constexpr std::array beliefs{
    Belief{"fixture.joint_stiffness", "MPa/um", 0.20, 0.11, 0.35},
    Belief{"fixture.joint_exponent", "", 1.0, 0.5, 2.0},
    Belief{"fixture.seating_compliance", "um/MPa", 0.3, 0.1, 1.0},
    Belief{"fixture.seating_time_fast", "s", 300, 30, 3000},
    Belief{"fixture.seating_time_slow", "h", 10, 2, 50},
    Belief{"fixture.thermal_mismatch", "um/K", 0.6, 0.0, 1.2, Law::always, false},
    Belief{"fixture.friction", "MPa", 0.1, 0.02, 0.5},
    Belief{"fixture.friction_stiffness", "MPa/um", 0.15, 0.03, 0.75},
    Belief{"fixture.yield_pressure", "MPa", 5.9, 5.0, 7.0, Law::yielding},
    Belief{"fixture.yield_rate", "um/h per MPa", 0.1, 0.01, 1.0, Law::yielding},
    Belief{"contact.initial", "", 0.15, 0.05, 0.45},
    Belief{"contact.closure_time", "min", 15, 5, 45},
    Belief{"void.height", "um", 2.7, 1.1, 6.5, Law::voids},
    Belief{"void.spread", "", 2.0, 1.0, 4.0, Law::voids, true, 1.0, 10.0},
    Belief{"supply.diffusion", "mA/cm2", 0.25, 0.1, 0.6, Law::voids},
    Belief{"flaw.depth", "um", 4.0, 1.0, 14.0},
    Belief{"flaw.swing_extension", "", 10.0, 1.0, 100.0, Law::swing, true, 0.03, 100.0},
    Belief{"flaw.fatigue_exponent", "", 10.0, 5.0, 20.0, Law::fatigue, true, 3.0, 50.0},
    Belief{"intrusion.rate", "um/h", 10.0, 3.0, 30.0, Law::intrusion},
    Belief{"filament.growth", "", 100.0, 10.0, 1000.0},
    Belief{"interface.resistance", "ohm cm2", 7.0, 2.0, 20.0},
    Belief{"interface.current_focus", "", 1.5, 1.0, 2.3, Law::focus, true, 1.0, 4.0},
    // Weibull modulus of 5 (3 to 8) of the flaws' strength: pi/sqrt(6) over it is the deviation of ln
    Belief{cell_scatter, "", 0.256, 0.16, 0.43},
};

bool acts(Law law, const Mechanisms& m) {
  switch (law) {
  case Law::intrusion: return m.intrusion;
  case Law::swing: return m.pressure_swing;
  case Law::voids: return m.stripping_voids;
  case Law::yielding: return m.yielding_gap;
  case Law::focus: return m.uneven_current;
  case Law::fatigue: return m.fatigue;
  case Law::always: break;
  }
  return true;
}

constexpr double normal_95 = 1.959964; ///< deviations to either side that hold 95 %

Number number_of(const Belief& b) {
  const auto si = [&](double value) { return b.unit.empty() ? value : from_unit(value, b.unit); };
  Number n;
  n.key = b.key;
  n.start = si(b.median);
  n.logarithmic = b.logarithmic;
  n.shown_in = b.unit;
  const double low = b.logarithmic ? std::log(si(b.low)) : si(b.low), high = b.logarithmic ? std::log(si(b.high)) : si(b.high);
  const double centre = b.logarithmic ? std::log(n.start) : n.start, wide = 0.5 * (high - low);
  n.prior = Prior{centre, wide / normal_95};
  const auto back = [&](double scaled) { return b.logarithmic ? std::exp(scaled) : scaled; };
  n.low = b.most > 0.0 ? si(b.least) : back(low - wide);
  n.high = b.most > 0.0 ? si(b.most) : back(high + wide);
  return n;
}

} // namespace

std::vector<Number> ham2022_numbers(const Mechanisms& mechanisms) {
  std::vector<Number> out;
  for (const Belief& b : beliefs)
    if (acts(b.law, mechanisms)) out.push_back(number_of(b));
  return out;
}

physics::Parameters with_values(physics::Parameters parameters, std::span<const Number> numbers, std::span<const double> values) {
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (numbers[k].key == cell_scatter) continue;
    const physics::ParameterInfo* info = physics::find_parameter(numbers[k].key);
    if (info == nullptr) throw Error("B030", fmt::format("no parameter is called {}", numbers[k].key));
    parameters.*(info->member) = values[k];
  }
  return parameters;
}

} // namespace platen::calibrate
