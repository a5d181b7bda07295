#include "study/cell.hpp"

#include "physics/compaction.hpp"
#include "study/parameters.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen {
namespace {

using config::Table;

void derived(Study& study, std::string key, double si, const Dimension& dimension, std::string_view unit,
             std::string source) {
  const std::string text = unit.empty() ? fmt::format("{:.4g}", si) : show(si, unit);
  study.resolved.push_back(
      {std::move(key), text, si, si_unit(dimension), "derived", "derived", std::move(source)});
}

void check_role(const Table& layer, const std::string& kind) {
  const std::string role =
      layer.choice("role", {"electrode", "separator"}, kind == "electrolyte" ? "separator" : "electrode");
  if (kind.empty() || role.empty()) return;
  const std::string fitting = kind == "electrolyte" ? "separator" : "electrode";
  if (role != fitting)
    layer.diagnostics().error("C051", fmt::format("a layer of the kind {} cannot be the {}", kind, role),
                              layer.value_place("role"),
                              {fmt::format("write `role = \"{}\"` or leave it out", fitting)});
}

/// Thickness, density and mass of the electrolyte from whichever of thickness and mass are stated.
void build_electrolyte(Study& study, const Layer& layer) {
  Cell& cell = study.cell;
  const physics::Parameters& p = study.parameters;
  Diagnostics& diagnostics = layer.table.diagnostics();
  const double pressed = study.fabrication.densification_pressure;
  const double compacted =
      pressed > 0.0 ? physics::relative_density(pressed, p.compaction_strength, p.compaction_offset) : 0.0;
  cell.electrolyte_mass = layer.mass.value_or(0.0);
  if (!layer.thickness && !layer.mass) {
    diagnostics.error("C052", "the electrolyte has neither a mass nor a thickness", layer.table.place(),
                      {"for example `mass = \"75 mg\"` or `thickness = \"600 um\"`"});
    return;
  }
  if (!layer.thickness && pressed <= 0.0) {
    diagnostics.error(
        "C065", "a thickness from the mass needs the pressure at which the pellet was pressed",
        layer.table.value_place("mass"),
        {"add `densification_pressure = \"370 MPa\"` to [fabrication], or give the layer a thickness"});
    return;
  }
  const std::string key = layer.table.path();
  if (!layer.thickness) {
    cell.electrolyte_density = compacted;
    cell.electrolyte_thickness =
        physics::pellet_thickness(*layer.mass, cell.area, p.electrolyte_density, compacted);
    derived(study, key + ".thickness", cell.electrolyte_thickness, dim::length, "um",
            "mass over area, crystal density and relative density");
    derived(study, key + ".relative_density", compacted, dim::none, "",
            "compaction curve at the densification pressure");
    return;
  }
  cell.electrolyte_thickness = *layer.thickness;
  cell.electrolyte_density = compacted;
  if (!layer.mass) {
    if (compacted > 0.0)
      derived(study, key + ".relative_density", compacted, dim::none, "",
              "compaction curve at the densification pressure");
    return;
  }
  const double density = *layer.mass / (cell.area * *layer.thickness * p.electrolyte_density);
  cell.electrolyte_density = density;
  derived(study, key + ".relative_density", density, dim::none, "", "stated mass over stated thickness");
  if (density > 1.0)
    diagnostics.error("C054",
                      fmt::format("{} on {} would be {:.0f} % dense", layer.table.written("mass"),
                                  layer.table.written("thickness"), 100 * density),
                      layer.table.value_place("mass"),
                      {"mass, thickness and the cell's area do not fit together"});
  else if (compacted > 0.0 && std::abs(density / compacted - 1.0) > 0.1)
    diagnostics.warning(
        "C053",
        fmt::format("mass and thickness give {:.0f} % density, the compaction curve {:.0f} % at {}",
                    100 * density, 100 * compacted, show(pressed, "MPa")),
        layer.table.value_place("thickness"), {"the stated thickness is used"});
}

double lithium_thickness(const Layer& layer) {
  if (layer.thickness) return *layer.thickness;
  layer.table.diagnostics().error(
      "C052", "the lithium layer has no thickness", layer.table.place(),
      {"for example `thickness = \"100 um\"`, or `foil_thickness = \"100 um\"` in [fabrication]"});
  return 0.0;
}

} // namespace

std::vector<Layer> read_layers(const Table& cell, std::optional<double> foil_thickness) {
  std::vector<Layer> out;
  for (const Table& table : cell.tables("layers")) {
    Layer layer{table, {}, "", std::nullopt, std::nullopt};
    const config::Text material = table.text("material");
    layer.material = {material.value(), table.folder("material"), material.place()};
    if (material.present()) layer.kind = card_kind(layer.material, table.diagnostics());
    check_role(table, layer.kind);
    layer.thickness = table.optional_quantity(
        {.key = "thickness", .dimension = dim::length, .unit = "um", .high = 0.1, .above = 0.0});
    if (table.has("mass") && layer.kind == "lithium")
      table.diagnostics().error("C052", "a lithium layer is given by its thickness", table.key_place("mass"),
                                {"for example `thickness = \"100 um\"`"});
    layer.mass = table.optional_quantity(
        {.key = "mass", .dimension = dim::mass, .unit = "mg", .high = 1.0, .above = 0.0});
    if (layer.kind == "lithium" && !table.has("thickness")) layer.thickness = foil_thickness;
    out.push_back(std::move(layer));
  }
  return out;
}

void build_cell(Study& study, const Table& cell, const std::vector<Layer>& layers) {
  if (layers.empty()) {
    study.cell.configuration = Configuration::empty_fixture;
    return;
  }
  std::string stack;
  for (const Layer& layer : layers) {
    if (layer.kind.empty()) return; // its fault has been reported
    stack += fmt::format("{}{}", stack.empty() ? "" : " | ", layer.material.name);
  }
  const bool symmetric = layers.size() == 3 && layers[0].kind == "lithium" &&
                         layers[1].kind == "electrolyte" && layers[2].kind == "lithium";
  if (!symmetric) {
    cell.diagnostics().error(
        "C050", fmt::format("{} is not a stack that can be simulated", stack), cell.value_place("layers"),
        {"from left to right: lithium, electrolyte, lithium; or no layers at all for the empty fixture"});
    return;
  }
  if (layers[0].material.name != layers[2].material.name) {
    cell.diagnostics().error("C050",
                             fmt::format("the two lithium layers are of different cards, \"{}\" and \"{}\"",
                                         layers[0].material.name, layers[2].material.name),
                             layers[2].table.value_place("material"),
                             {"both sides of a symmetric cell share one card"});
    return;
  }
  study.cell.configuration = Configuration::symmetric;
  study.cell.lithium_left = lithium_thickness(layers[0]);
  study.cell.lithium_right = lithium_thickness(layers[2]);
  build_electrolyte(study, layers[1]);
}

} // namespace platen
