#include "simulate/limits.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen {
namespace {

using physics::Limit;

constexpr std::array<std::string_view, 2> sides{"left", "right"};

std::span<const double> of_side(const Record& record, std::string_view what, std::size_t side) {
  return record.real(fmt::format("{}_{}", what, sides[side]));
}

/// First row in which a filament is longer than a tenth of its flaw's depth; the number of rows where none is.
std::size_t filament_grows(const Record& record) {
  std::size_t first = record.rows();
  for (std::size_t side = 0; side < sides.size(); ++side) {
    if (!record.has(fmt::format("filament_{}", sides[side]))) continue;
    const auto filament = of_side(record, "filament", side), flaw = of_side(record, "flaw", side);
    for (std::size_t i = 0; i < first; ++i)
      if (filament[i] > 0.1 * flaw[i]) first = i;
  }
  return first;
}

} // namespace

std::string_view label(Limit limit) {
  static constexpr std::array<std::string_view, 5> names{"none", "threshold", "supply", "intrusion", "reservoir"};
  return names[static_cast<std::size_t>(limit)];
}

std::optional<Limit> limiting_law(const Record& record) {
  if (!record.has("limit")) return std::nullopt;
  const auto limit = record.real("limit");
  for (std::size_t i = filament_grows(record); i-- > 0;)
    for (const Limit law : {Limit::threshold, Limit::supply, Limit::intrusion, Limit::reservoir})
      if (limit[i] == static_cast<double>(law)) return law;
  return std::nullopt;
}

namespace simulation {

std::vector<double> limits(const LimitScale& scale, const Record& record) {
  const auto current = record.real(col::current), ionic = record.real("ionic_current_density");
  std::vector<physics::Loads> loads(current.size());
  for (std::size_t side = 0; side < sides.size(); ++side) {
    if (!scale.lithium[side]) continue;
    const auto contact = of_side(record, "contact", side), local = of_side(record, "local_current_density", side), eta = of_side(record, "overpotential", side),
               critical = of_side(record, "critical_overpotential", side), foil = of_side(record, "lithium", side);
    double whole = foil.empty() ? 0.0 : foil.front(); // of the foil when the half cycle began
    for (std::size_t i = 0; i < loads.size(); ++i) {
      physics::Loads& l = loads[i];
      const bool strips = sides[side] == "left" ? current[i] > 0.0 : current[i] < 0.0;
      if (!strips) whole = foil[i];
      // local is ionic times focus over theta_eff, so this is 1 - theta_eff/theta
      const double lost = local[i] == 0.0 ? 0.0 : std::clamp(1.0 - ionic[i] * scale.focus / (local[i] * contact[i]), 0.0, 1.0);
      const double gone = physics::strength_lost(critical[i], scale.critical_as_pressed[side]);
      l.supply = std::max(l.supply, lost);
      l.intrusion = std::max(l.intrusion, gone);
      l.threshold = std::max(l.threshold, physics::threshold_load(eta[i], critical[i], lost, gone));
      if (strips && whole > 0.0) l.reservoir = std::max(0.0, 1.0 - foil[i] / whole);
    }
  }
  if (record.has("state_of_charge")) { // a full cell: the cathode holds what a half cycle can move
    const auto charge = record.real("state_of_charge");
    for (std::size_t i = 0; i < loads.size(); ++i)
      loads[i].reservoir = std::clamp(current[i] > 0.0 ? charge[i] : 1.0 - charge[i], 0.0, 1.0);
  }
  std::vector<double> out(loads.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<double>(current[i] == 0.0 ? Limit::none : physics::limiting_law(loads[i]));
  return out;
}

} // namespace simulation
} // namespace platen
