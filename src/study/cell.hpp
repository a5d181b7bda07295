#pragma once
// The [cell] and [fabrication] sections.

#include "config/table.hpp"
#include "material/material.hpp"
#include "study/study.hpp"

#include <optional>
#include <string>
#include <vector>

namespace platen {

/// One entry of `layers` as written.
struct Layer {
  config::Table table;
  material::Request material;      ///< its card
  std::string kind;                ///< of its card: "lithium", "electrolyte", "cathode"; empty after a fault
  std::optional<double> thickness = {}; ///< m
  bool of_foil = false;           ///< lithium that states no thickness of its own
  std::optional<double> mass = {}; ///< kg
  std::optional<double> loading = {}; ///< kg/m2 as stated, of what `loading_of` says
  std::string loading_of;          ///< "composite" or "active"; empty when not stated or after a fault
};

std::vector<Layer> read_layers(const config::Table& cell, std::optional<double> foil_thickness);

/// Fills the cell from its layers, with the cards' numbers in study.parameters. Of the tables only places are asked; faults
/// and warnings go to `diagnostics`; values calculated here are added to study.resolved.
void build_cell(Study& study, const config::Table& cell, const std::vector<Layer>& layers, Diagnostics& diagnostics);

} // namespace platen
