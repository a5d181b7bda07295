#include "study/cell.hpp"

#include "physics/compaction.hpp"
#include "study/fields.hpp"
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
void build_electrolyte(Study& study, const Layer& layer, Diagnostics& diagnostics) {
  Cell& cell = study.cell;
  const physics::Parameters& p = study.parameters;
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
                      fmt::format("{} on {} would be {:.0f} % dense", show(*layer.mass, "mg"),
                                  show(*layer.thickness, "um"), 100 * density),
                      layer.table.value_place("mass"),
                      {"mass, thickness and the cell's area do not fit together"});
  else if (compacted > 0.0 && std::abs(density / compacted - 1.0) > 0.1)
    diagnostics.warning(
        "C053",
        fmt::format("mass and thickness give {:.0f} % density, the compaction curve {:.0f} % at {}",
                    100 * density, 100 * compacted, show(pressed, "MPa")),
        layer.table.value_place("thickness"), {"the stated thickness is used"});
}

double lithium_thickness(const Layer& layer, Diagnostics& diagnostics) {
  if (layer.thickness) return *layer.thickness;
  diagnostics.error(
      "C052", "the lithium layer has no thickness", layer.table.place(),
      {"for example `thickness = \"100 um\"`, or `foil_thickness = \"100 um\"` in [fabrication]"});
  return 0.0;
}

/// `loading` and `loading_of` of a cathode, and what no cathode has.
void read_loading(Layer& layer) {
  const Table& table = layer.table;
  Diagnostics& diagnostics = table.diagnostics();
  if (layer.kind != "cathode") {
    for (const char* key : {"loading", "loading_of"})
      if (!layer.kind.empty() && table.has(key))
        diagnostics.error("C052", fmt::format("only a cathode has a `{}`", key), table.key_place(key),
                          {"an electrolyte has a mass or a thickness, lithium a thickness"});
    if (!layer.kind.empty()) return;
  }
  layer.loading = table.optional_quantity(fields::loading);
  if (table.has("loading_of")) layer.loading_of = table.choice("loading_of", {"composite", "active"});
  if (layer.kind.empty()) return;
  for (const char* key : {"thickness", "mass"})
    if (table.has(key))
      diagnostics.error("C052", fmt::format("a cathode is given by its loading, not by its {}", key),
                        table.key_place(key),
                        {"for example `loading = \"25.5 mg/cm2\", loading_of = \"composite\"`"});
  if (!table.has("loading"))
    diagnostics.error("C052", "the cathode has no loading", table.place(),
                      {"for example `loading = \"25.5 mg/cm2\", loading_of = \"composite\"`"});
  else if (!table.has("loading_of"))
    diagnostics.error("C068", "the loading does not say what it is the mass of", table.value_place("loading"),
                      {"add `loading_of = \"composite\"` or `loading_of = \"active\"`; papers mean either, and the "
                       "capacity differs by the share of active material (1.5 at 66 %)"});
}

/// Capacity and thicknesses that follow from the loading and the card.
void build_cathode(Study& study, const Layer& layer, Diagnostics& diagnostics) {
  const physics::Parameters& p = study.parameters;
  const bool known = layer.loading && *layer.loading > 0.0 && !layer.loading_of.empty() &&
                     p.cathode_active_share > 0.0 && p.cathode_active_density > 0.0 &&
                     p.cathode_composite_density > 0.0;
  if (!known) return; // its fault has been reported
  if (p.cathode_charged >= p.cathode_discharged)
    diagnostics.error(
        "C069", fmt::format("charging would put lithium into the cathode: x from {:g} to {:g}", p.cathode_discharged,
                            p.cathode_charged),
        layer.table.value_place("material"), {"`cathode.charged` must lie below `cathode.discharged`"});
  Cathode cathode;
  cathode.loading = layer.loading_of == "active" ? *layer.loading / p.cathode_active_share : *layer.loading;
  const double active = cathode.loading * p.cathode_active_share;
  cathode.areal_capacity = active * p.cathode_capacity;
  cathode.active_thickness = active / p.cathode_active_density;
  cathode.thickness = cathode.loading / p.cathode_composite_density;
  const std::string key = layer.table.path();
  if (layer.loading_of == "active")
    derived(study, key + ".composite_loading", cathode.loading, dim::areal_mass, "mg/cm2",
            "active loading over the share of active material");
  derived(study, key + ".areal_capacity", cathode.areal_capacity, dim::areal_capacity, "mAh/cm2",
          "first charge: composite loading, share of active material, its capacity");
  derived(study, key + ".active_thickness", cathode.active_thickness, dim::length, "um",
          "active mass per area over crystal density");
  derived(study, key + ".thickness", cathode.thickness, dim::length, "um",
          "composite loading over composite density");
  study.cell.cathode = std::move(cathode);
}

/// The kinds of three layers from left to right, "cathode | electrolyte | lithium".
std::string kinds_of(const std::vector<Layer>& layers) {
  std::string out;
  for (const Layer& layer : layers) out += (out.empty() ? "" : " | ") + layer.kind;
  return out;
}

void refuse_stack(const Table& cell, const std::string& stack, const std::string& kinds, Diagnostics& diagnostics) {
  std::vector<std::string> hints;
  if (kinds == "lithium | electrolyte | cathode")
    hints.emplace_back("write it the other way round: the cathode is the left electrode, lithium the right one");
  else
    hints.emplace_back("from left to right: cathode, electrolyte, lithium (full cell); lithium, electrolyte, lithium "
                       "(symmetric cell); the electrolyte alone between rods that block ions; or no layers at all for the empty fixture");
  diagnostics.error("C050", fmt::format("{} is not a stack that can be simulated", stack),
                           cell.value_place("layers"), std::move(hints));
}

} // namespace

std::vector<Layer> read_layers(const Table& cell, std::optional<double> foil_thickness) {
  std::vector<Layer> out;
  for (const Table& table : cell.tables("layers")) {
    Layer layer{.table = table, .material = {}, .kind = {}, .loading_of = {}};
    const config::Text material = table.text("material");
    layer.material = {material.value(), table.folder("material"), material.place()};
    if (material.present()) layer.kind = card_kind(layer.material, table.diagnostics());
    check_role(table, layer.kind);
    layer.thickness = table.optional_quantity(fields::thickness);
    if (table.has("mass") && layer.kind == "lithium")
      table.diagnostics().error("C052", "a lithium layer is given by its thickness", table.key_place("mass"),
                                {"for example `thickness = \"100 um\"`"});
    layer.mass = table.optional_quantity(fields::mass);
    if (layer.kind == "lithium" && !table.has("thickness")) {
      layer.of_foil = true;
      layer.thickness = foil_thickness;
    }
    read_loading(layer);
    out.push_back(std::move(layer));
  }
  return out;
}

void build_cell(Study& study, const Table& cell, const std::vector<Layer>& layers, Diagnostics& diagnostics) {
  if (layers.empty()) {
    study.cell.configuration = Configuration::empty_fixture;
    return;
  }
  std::string stack;
  for (const Layer& layer : layers) {
    if (layer.kind.empty()) return; // its fault has been reported
    stack += fmt::format("{}{}", stack.empty() ? "" : " | ", layer.material.name);
  }
  const std::string kinds = kinds_of(layers);
  if (kinds == "electrolyte") {
    study.cell.configuration = Configuration::blocking;
    build_electrolyte(study, layers[0], diagnostics);
    return;
  }
  if (kinds == "cathode | electrolyte | lithium") {
    study.cell.configuration = Configuration::full;
    study.cell.lithium_right = lithium_thickness(layers[2], diagnostics);
    build_electrolyte(study, layers[1], diagnostics);
    build_cathode(study, layers[0], diagnostics);
    return;
  }
  if (kinds != "lithium | electrolyte | lithium") return refuse_stack(cell, stack, kinds, diagnostics);
  if (layers[0].material.name != layers[2].material.name) {
    diagnostics.error("C050",
                             fmt::format("the two lithium layers are of different cards, \"{}\" and \"{}\"",
                                         layers[0].material.name, layers[2].material.name),
                             layers[2].table.value_place("material"),
                             {"both sides of a symmetric cell share one card"});
    return;
  }
  study.cell.configuration = Configuration::symmetric;
  study.cell.lithium_left = lithium_thickness(layers[0], diagnostics);
  study.cell.lithium_right = lithium_thickness(layers[2], diagnostics);
  build_electrolyte(study, layers[1], diagnostics);
}

} // namespace platen
