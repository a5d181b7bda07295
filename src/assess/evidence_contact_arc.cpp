#include "assess/spectra.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>

namespace platen::assessing {
namespace {

/// All but the electrolyte, ohm at 25 degC; none where the errors leave nothing of it.
std::optional<Level> interfaces_of(const SpectrumLevels& s) {
  const Level out{(s.low.value - s.electrolyte.value) * s.thermal, std::hypot(s.low.error, s.electrolyte.error) * s.thermal};
  return out.value > thresholds::level_noise * out.error ? std::optional(out) : std::nullopt;
}

} // namespace

double GrownArc::due() const { return evidence.fired ? thresholds::arc_share * growth : std::numeric_limits<double>::infinity(); }

GrownArc SpectraBeside::arc_grown(double after, double until, double began, const std::function<bool(double time)>& measure,
                                  const std::string& what) const {
  GrownArc out;
  Evidence& e = out.evidence;
  e = {"interfacial arc that grows", std::numeric_limits<double>::quiet_NaN(), thresholds::contact_ratio, "1", false, after, {}};
  e.reason = "not made: no spectra before and after the half cycle in which an interface shows";
  const auto now = std::find_if(levels_.begin(), levels_.end(), [&](const SpectrumLevels& s) { return s.time >= after && s.time < until; });
  const std::optional<Level> arc = now != levels_.end() ? interfaces_of(*now) : std::nullopt;
  if (!arc) return out;
  const SpectrumLevels* base = nullptr;
  Level expected{std::numeric_limits<double>::infinity(), 0.0};
  for (const SpectrumLevels& s : levels_) {
    if (s.time >= after || !(s.time > began) || !measure(s.time)) continue;
    const std::optional<Level> earlier = interfaces_of(s);
    if (!earlier) continue;
    // an interphase that grows by diffusion, as the square root of time, is no lost contact
    const double growth = std::sqrt((now->time - began) / (s.time - began));
    if (!(earlier->value * growth < expected.value)) continue;
    base = &s;
    expected = {earlier->value * growth, earlier->error * growth};
  }
  if (base == nullptr) return out;
  out.growth = (arc->value - expected.value) / now->thermal;
  e.time = now->time;
  e.figure = arc->value / expected.value;
  weigh(e, e.figure * std::hypot(arc->error / arc->value, expected.error / expected.value), 1);
  e.fired = e.figure - e.threshold > thresholds::level_noise * e.error;
  e.reason = fmt::format("after {} the interfaces had {} ohm at {:.3g} Hz, {} times what an interphase that grows by the square root of time would "
                         "have made of the {:.3g} ohm before (threshold {:.2g} times)", what, say_number(arc->value / now->thermal, 3), lowest_, say_number(e.figure, 2),
                         expected.value / now->thermal * std::sqrt((base->time - began) / (now->time - began)), e.threshold);
  return out;
}

} // namespace platen::assessing
