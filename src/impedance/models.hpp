#pragma once
// Circuits of solid cells with names for their parts, tried in turn and compared. Theory: docs/theory/impedance.md, "Which circuit".

#include "impedance/fit.hpp"
#include "impedance/solid.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace platen::impedance {

/// What stands around the electrolyte: decides which circuits are worth a try.
enum class CellKind { unknown, blocking, symmetric, full };
std::string_view label(CellKind kind); ///< "unknown", "blocking", "symmetric", "full"
std::optional<CellKind> parse_cell_kind(std::string_view text);

struct Role {
  std::string_view element; ///< "R1"
  std::string_view meaning; ///< "electrolyte, bulk"
};

struct NamedModel {
  std::string_view name;    ///< "separator, composite cathode, counter electrode"
  std::string_view circuit; ///< without wires
  CellKind cell;
  std::span<const Role> roles;
};

/// Every circuit that `find_model` tries, simple ones first.
std::span<const NamedModel> named_models();

struct ModelResult {
  const NamedModel* model = nullptr; ///< null: the circuit is the caller's own
  CircuitFit fit;
  bool wires = false;  ///< L0 stands before the circuit
  bool sound = false;  ///< converged, no parameter undetermined or known worse than to half its value, none at a bound but
                       ///< n = 1 and an electronic rail too good to be seen
  double delta = 0.0;  ///< AICc above the lowest of all
};

/// Fits all circuits of that kind of cell (all kinds when unknown), with wires in series when the data ask for them. The first of the
/// answer is the lowest by AICc among sound ones, or of all when none is sound; the others follow by AICc.
/// At least five starts per parameter. @throws as `fit`.
std::vector<ModelResult> find_model(std::span<const double> frequency, std::span<const std::complex<double>> impedance,
                                    CellKind kind = CellKind::unknown, const FitOptions& options = {});

/// The same for circuits of the caller's own (`model` is null); each with the constraints that name its parameters.
/// @throws as `fit`; Error U107 when a constraint names a parameter of none of them.
std::vector<ModelResult> compare(std::span<const Circuit> circuits, std::span<const double> frequency,
                                 std::span<const std::complex<double>> impedance, const FitOptions& options = {});

/// What the element stands for in a model; empty when it has no role.
std::string_view meaning(const NamedModel& model, std::string_view element);

struct ElementConductivity {
  std::string element; ///< "R1"; "total": all of the electrolyte's resistances in series
  Uncertain value;     ///< S/m
};
/// Conductivities of these resistances, of a pellet of this thickness (m) and area (m2), equation (Y1); of
/// several also of their sum (its error as if they were independent: what one arc loses the next one gains, so it is rather too large).
/// @throws Error D213.
std::vector<ElementConductivity> conductivities(const CircuitFit& fit, std::span<const std::string> resistances, Uncertain thickness, Uncertain area);

struct ElementInterface {
  std::string element; ///< "R2"
  Uncertain value;     ///< area-specific resistance of one of two equal sides, ohm m2, equation (Y2)
};
/// @throws Error D213.
std::vector<ElementInterface> interfaces(const CircuitFit& fit, std::span<const std::string> resistances, Uncertain area);

/// Names of the determined resistances that stand for electrolyte in a model, and for both interfaces of a symmetric cell.
std::vector<std::string> electrolyte_resistances(const ModelResult& result);
std::vector<std::string> interface_resistances(const ModelResult& result);

/// Capacitance of an arc with a constant phase element, F, equation (Z18): that of the capacitor with which R has the same time
/// constant. Source: Hsu and Mansfeld, Corrosion 57 (2001) 747.
double arc_capacitance(double R, double Q, double n);

/// Which process has such a capacitance, for `capacitance` (F) times length over area (1/m): "bulk", "grain boundary", ... Limits are
/// orders of magnitude. Source: Irvine, Sinclair, West, Adv. Mater. 2 (1990) 132.
std::string_view process_by_capacitance(double capacitance, double length_over_area);

} // namespace platen::impedance
