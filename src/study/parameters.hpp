#pragma once
// Where each parameter's number comes from: override, fixture section, set, card.

#include "config/table.hpp"
#include "material/material.hpp"
#include "study/study.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace platen {

/// What the study says about its parameters.
struct ParameterRequest {
  config::Table root;                          ///< for [fixture] and [override]
  material::Request lithium, electrolyte, set; ///< cards and set
  std::optional<material::Request> cathode;    ///< card; only full cells have one
};

struct ParameterResult {
  physics::Parameters parameters;
  std::string lithium, electrolyte, cathode, set; ///< their own names
  std::vector<config::Resolved> resolved;
  std::vector<std::pair<std::string, std::string>> sources;
};

/// Faults go to the root's diagnostics; what could not be read, and a cathode that is not there, is left at zero.
ParameterResult resolve_parameters(const ParameterRequest& request);

/// What a parameter set holds, for `material::read_set`: it must hold what no card holds, and may replace a card's number.
std::vector<material::Wanted> wanted_of_set();

/// "lithium", "electrolyte" or "cathode": what a card is for. Faults (no such card) go to `diagnostics`; empty
/// after one.
std::string card_kind(const material::Request& request, Diagnostics& diagnostics);

} // namespace platen
