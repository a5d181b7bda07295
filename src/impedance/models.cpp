#include "impedance/models.hpp"

#include "base/error.hpp"
#include "impedance/kramers_kronig.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::impedance {
namespace {

constexpr std::string_view bulk = "electrolyte, bulk", boundary = "electrolyte, grain boundaries",
                           blocking = "blocking electrodes", pellet = "electrolyte", interface = "interface, both sides",
                           interphase = "interphase or grain boundaries", separator = "separator",
                           transfer = "charge transfer in the cathode", counter = "counter electrode",
                           rails = "composite cathode: ionic and electronic rail", diffusion = "diffusion in the cathode's particles";

constexpr std::array<Role, 2> blocked_1{{{"R0", pellet}, {"CPE9", blocking}}};
constexpr std::array<Role, 3> blocked_2{{{"R1", pellet}, {"CPE1", pellet}, {"CPE9", blocking}}};
constexpr std::array<Role, 4> blocked_3{{{"R0", bulk}, {"R1", boundary}, {"CPE1", boundary}, {"CPE9", blocking}}};
constexpr std::array<Role, 5> blocked_4{
    {{"R1", bulk}, {"CPE1", bulk}, {"R2", boundary}, {"CPE2", boundary}, {"CPE9", blocking}}};
constexpr std::array<Role, 3> symmetric_1{{{"R0", pellet}, {"R1", interface}, {"CPE1", interface}}};
constexpr std::array<Role, 4> symmetric_2{{{"R1", pellet}, {"CPE1", pellet}, {"R2", interface}, {"CPE2", interface}}};
constexpr std::array<Role, 5> symmetric_3{
    {{"R0", pellet}, {"R1", interphase}, {"CPE1", interphase}, {"R2", interface}, {"CPE2", interface}}};
constexpr std::array<Role, 6> symmetric_4{{{"R1", pellet}, {"CPE1", pellet}, {"R2", interphase}, {"CPE2", interphase},
                                           {"R3", interface}, {"CPE3", interface}}};
constexpr std::array<Role, 6> full_1{{{"R0", separator}, {"R1", interphase}, {"CPE1", interphase}, {"R2", transfer},
                                      {"CPE2", transfer}, {"W1", diffusion}}};
constexpr std::array<Role, 5> full_2{
    {{"R1", separator}, {"CPE1", separator}, {"TL1", rails}, {"R2", transfer}, {"CPE2", transfer}}};
constexpr std::array<Role, 7> full_3{{{"R1", separator}, {"CPE1", separator}, {"TL1", rails}, {"R2", transfer},
                                      {"CPE2", transfer}, {"R3", counter}, {"CPE3", counter}}};
constexpr std::array<Role, 8> full_4{{{"R1", separator}, {"CPE1", separator}, {"TL1", rails}, {"R2", transfer},
                                      {"CPE2", transfer}, {"W2", diffusion}, {"R3", counter}, {"CPE3", counter}}};

constexpr std::array<NamedModel, 12> models{{
    {"electrolyte | blocking electrodes", "R0-CPE9", CellKind::blocking, blocked_1},
    {"electrolyte with its arc | blocking electrodes", "p(R1,CPE1)-CPE9", CellKind::blocking, blocked_2},
    {"bulk, grain boundaries | blocking electrodes", "R0-p(R1,CPE1)-CPE9", CellKind::blocking, blocked_3},
    {"bulk and grain boundaries with their arcs | blocking electrodes", "p(R1,CPE1)-p(R2,CPE2)-CPE9", CellKind::blocking,
     blocked_4},
    {"electrolyte | interfaces", "R0-p(R1,CPE1)", CellKind::symmetric, symmetric_1},
    {"electrolyte with its arc | interfaces", "p(R1,CPE1)-p(R2,CPE2)", CellKind::symmetric, symmetric_2},
    {"electrolyte | interphase | interfaces", "R0-p(R1,CPE1)-p(R2,CPE2)", CellKind::symmetric, symmetric_3},
    {"electrolyte with its arc | interphase | interfaces", "p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)", CellKind::symmetric,
     symmetric_4},
    {"separator | two arcs | diffusion", "R0-p(R1,CPE1)-p(R2,CPE2)-W1", CellKind::full, full_1},
    {"separator | composite cathode", "p(R1,CPE1)-TL1(p(R2,CPE2))", CellKind::full, full_2},
    {"separator | composite cathode | counter electrode", "p(R1,CPE1)-TL1(p(R2,CPE2))-p(R3,CPE3)", CellKind::full, full_3},
    {"separator | composite cathode with diffusion | counter electrode", "p(R1,CPE1)-TL1(p(R2-W2,CPE2))-p(R3,CPE3)",
     CellKind::full, full_4},
}};

constexpr std::size_t starts_per_parameter = 5; // with fewer the minimum of a transmission line is missed now and then

bool is_sound(const CircuitFit& fit) {
  return fit.converged && std::all_of(fit.parameters.begin(), fit.parameters.end(), [](const FittedParameter& p) {
           if (p.standing == Standing::fixed || p.standing == Standing::tied) return true;
           // At its bound by right: n of a true capacitor, and an electronic rail that is too good to be seen.
           if (p.standing == Standing::at_bound) return (p.unit == "1" && p.value > 0.999) || p.name.ends_with(".Rel");
           return p.standing == Standing::free && p.standard_error < 0.5 * p.value;
         });
}

/// The lowest AICc among sound ones first, the others by AICc.
std::vector<ModelResult> ranked(std::vector<ModelResult> all) {
  if (all.empty()) return all;
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.fit.aicc < b.fit.aicc; });
  for (ModelResult& result : all) result.delta = result.fit.aicc - all.front().fit.aicc;
  const auto best = std::find_if(all.begin(), all.end(), [](const ModelResult& r) { return r.sound; });
  if (best != all.end()) std::rotate(all.begin(), best, best + 1);
  return all;
}

/// Do the data ask for wires: an inductance that is certain, or a positive imaginary part at the highest frequency.
bool inductive(std::span<const double> frequency, std::span<const std::complex<double>> z) {
  const LinearKK kk = linear_kk(frequency, z);
  if (kk.inductance > 5.0 * kk.inductance_error) return true;
  const auto top = std::max_element(frequency.begin(), frequency.end()) - frequency.begin();
  return z[static_cast<std::size_t>(top)].imag() > 0.0;
}

} // namespace

std::string_view label(CellKind kind) {
  switch (kind) {
  case CellKind::unknown:
    return "unknown";
  case CellKind::blocking:
    return "blocking";
  case CellKind::symmetric:
    return "symmetric";
  case CellKind::full:
    break;
  }
  return "full";
}

std::optional<CellKind> parse_cell_kind(std::string_view text) {
  for (const CellKind kind : {CellKind::unknown, CellKind::blocking, CellKind::symmetric, CellKind::full})
    if (label(kind) == text) return kind;
  return std::nullopt;
}

std::span<const NamedModel> named_models() { return models; }

std::vector<ModelResult> find_model(std::span<const double> frequency, std::span<const std::complex<double>> impedance,
                                    CellKind kind, const FitOptions& options) {
  const bool wires = frequency.size() >= 5 && frequency.size() == impedance.size() && inductive(frequency, impedance);
  std::vector<ModelResult> all;
  for (const NamedModel& model : models) {
    if (kind != CellKind::unknown && model.cell != kind) continue;
    const Circuit circuit = Circuit::parse(fmt::format("{}{}", wires ? "L0-" : "", model.circuit));
    if (2 * frequency.size() < circuit.parameters().size() + 2) continue;
    FitOptions enough = options;
    enough.starts = std::max(options.starts, starts_per_parameter * circuit.parameters().size());
    ModelResult result{&model, fit(circuit, frequency, impedance, enough), wires};
    result.sound = is_sound(result.fit);
    all.push_back(std::move(result));
  }
  return ranked(std::move(all));
}

std::vector<ModelResult> compare(std::span<const Circuit> circuits, std::span<const double> frequency,
                                 std::span<const std::complex<double>> impedance, const FitOptions& options) {
  std::vector<ModelResult> all;
  std::vector<bool> used(options.constraints.size(), false);
  for (const Circuit& circuit : circuits) {
    FitOptions mine = options;
    mine.constraints.clear();
    for (std::size_t k = 0; k < used.size(); ++k) {
      const auto& names = circuit.parameters();
      if (std::none_of(names.begin(), names.end(), [&](const Parameter& p) { return p.name == options.constraints[k].parameter; })) continue;
      mine.constraints.push_back(options.constraints[k]);
      used[k] = true;
    }
    ModelResult result{nullptr, fit(circuit, frequency, impedance, mine)};
    result.sound = is_sound(result.fit);
    all.push_back(std::move(result));
  }
  for (std::size_t k = 0; k < used.size(); ++k)
    if (!used[k] && !circuits.empty()) circuits.front().find(options.constraints[k].parameter);
  return ranked(std::move(all));
}

std::string_view meaning(const NamedModel& model, std::string_view element) {
  for (const Role& role : model.roles)
    if (role.element == element) return role.meaning;
  return element == "L0" ? "wires" : "";
}

namespace {

std::vector<std::string> resistances_of(const ModelResult& result, std::span<const std::string_view> roles) {
  std::vector<std::string> names;
  if (result.model == nullptr) return names;
  for (const FittedParameter& p : result.fit.parameters) {
    const bool wanted = std::find(roles.begin(), roles.end(), meaning(*result.model, p.name)) != roles.end();
    if (wanted && p.unit == "ohm" && p.standing == Standing::free) names.push_back(p.name);
  }
  return names;
}

Uncertain resistance_of(const CircuitFit& fit, const std::string& name) {
  const auto p = std::find_if(fit.parameters.begin(), fit.parameters.end(), [&](const FittedParameter& q) { return q.name == name; });
  if (p == fit.parameters.end()) throw Error("U107", fmt::format("the circuit {} has no parameter \"{}\"", fit.circuit, name));
  if (p->unit != "ohm") throw Error("U110", fmt::format("{} is no resistance: its unit is {}", name, p->unit));
  return {p->value, p->standard_error};
}

} // namespace

std::vector<std::string> electrolyte_resistances(const ModelResult& result) {
  return resistances_of(result, std::array{bulk, boundary, pellet, separator});
}

std::vector<std::string> interface_resistances(const ModelResult& result) { return resistances_of(result, std::array{interface}); }

std::vector<ElementConductivity> conductivities(const CircuitFit& fit, std::span<const std::string> resistances, Uncertain thickness, Uncertain area) {
  std::vector<ElementConductivity> all;
  Uncertain sum;
  for (const std::string& name : resistances) {
    const Uncertain R = resistance_of(fit, name);
    all.push_back({name, conductivity(R, thickness, area)});
    sum = {sum.value + R.value, std::hypot(sum.error, R.error)};
  }
  if (all.size() > 1) all.push_back({"total", conductivity(sum, thickness, area)});
  return all;
}

std::vector<ElementInterface> interfaces(const CircuitFit& fit, std::span<const std::string> resistances, Uncertain area) {
  std::vector<ElementInterface> all;
  for (const std::string& name : resistances) all.push_back({name, interface_resistance(resistance_of(fit, name), area)});
  return all;
}

double arc_capacitance(double R, double Q, double n) { return std::pow(R * Q, 1.0 / n) / R; } // (Z18)

std::string_view process_by_capacitance(double capacitance, double length_over_area) {
  // F/cm of a cell with length = area; limits halfway in the logarithm between the orders of the table.
  const double specific = capacitance * length_over_area / 100.0;
  if (specific < 6e-12) return "bulk";
  if (specific < 3e-8) return "grain boundary";
  if (specific < 3e-7) return "interphase or surface layer";
  if (specific < 3e-5) return "interface (double layer)";
  return "electrode reaction or storage";
}

} // namespace platen::impedance
