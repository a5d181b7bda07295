#pragma once
// Which law limits a cell at an instant. Theory: docs/theory/limits.md.

#include <algorithm>

namespace platen::physics {

/// The codes of the column `limit`.
enum class Limit { none, threshold, supply, intrusion, reservoir };

/// What each law has used up of the cell, 0 nothing to 1 all of it; equation (N1).
struct Loads {
  double threshold = 0.0; ///< of the overpotential that the flaw as pressed bears, at the contact that creep has closed
  double supply = 0.0;    ///< of the contact, by voids: stripping is faster than creep and diffusion refill
  double intrusion = 0.0; ///< of the flaw's strength, by its growth and by filament, rising pressure and wear
  double reservoir = 0.0; ///< of the lithium that this half cycle can move
};

/// Share of the flaw's strength that is gone: 1 - eta_c/eta_c0.
inline double strength_lost(double critical, double critical_as_pressed) {
  return std::clamp(1.0 - critical / critical_as_pressed, 0.0, 1.0);
}

/// The part of eta/eta_c that neither voids nor the flaw's growth explain, (eta/eta_c)(1 - supply)(1 - intrusion); 0 while stripping.
inline double threshold_load(double eta, double critical, double contact_lost, double strength_gone) {
  return std::max(eta / critical, 0.0) * (1.0 - contact_lost) * (1.0 - strength_gone);
}

/// The law with the largest load, equation (N2); with equal loads the first.
inline Limit limiting_law(const Loads& loads) {
  const double most = std::max({loads.threshold, loads.supply, loads.intrusion, loads.reservoir});
  if (loads.threshold == most) return Limit::threshold;
  if (loads.supply == most) return Limit::supply;
  return loads.intrusion == most ? Limit::intrusion : Limit::reservoir;
}

} // namespace platen::physics
