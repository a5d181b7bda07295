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
  std::string kind;                ///< of its card: "lithium", "electrolyte"; empty after a fault
  std::optional<double> thickness; ///< m
  std::optional<double> mass;      ///< kg
};

std::vector<Layer> read_layers(const config::Table& cell, std::optional<double> foil_thickness);

/// Fills the cell from its layers, with the compaction curve of `parameters`. Faults and warnings go to the
/// table's diagnostics; values calculated here are added to study.resolved.
void build_cell(Study& study, const config::Table& cell, const std::vector<Layer>& layers);

} // namespace platen
