#pragma once
// Results as a record keeps them, and back as far as a figure needs them. Names and units: docs/formats/record.md, "Analyses".

#include "impedance/contact.hpp"
#include "impedance/drt.hpp"
#include "impedance/kramers_kronig.hpp"
#include "impedance/models.hpp"
#include "impedance/polarisation.hpp"
#include "record/analysis.hpp"

#include <span>
#include <string>
#include <vector>

namespace platen::impedance {

namespace kind {
inline constexpr std::string_view kramers_kronig = "kramers-kronig", circuit = "circuit", relaxation_times = "relaxation times",
                                  contact = "contact", activation = "activation", polarisation = "polarisation";
}

/// What is said of a fit besides the fit itself.
struct FitFacts {
  Weighting weighting = Weighting::modulus;
  bool profiled = false;             ///< low and high are profile intervals
  const NamedModel* model = nullptr; ///< gives elements their meaning
  std::vector<ElementConductivity> conductivities = {};
  std::vector<ElementInterface> interfaces = {};
};

/// `frequency` (Hz) is that of the spectrum's points that were used; `spectrum` its number from 1.
Analysis stored(const SpectrumQuality& quality, std::span<const double> frequency, std::size_t spectrum);
Analysis stored(const CircuitFit& fit, const FitFacts& facts, std::span<const double> frequency, std::size_t spectrum);
Analysis stored(const Drt& drt, std::span<const double> frequency, std::size_t spectrum);
Analysis stored(const ContactSeries& series, const std::string& parameter);
Analysis stored(const Polarisation& result, const PolarisationOptions& options);
/// `value` in `unit` at each temperature (K), and the line through them.
Analysis stored(const Activation& activation, const std::string& what, std::string_view unit, std::span<const double> temperature,
                std::span<const Uncertain> value);

/// Back again: elements with their intervals, peaks, curves; what is not kept stays at its default.
/// @throws Error U100 to U106 when the method is no circuit.
CircuitFit fit_of(const Analysis& analysis);
Drt drt_of(const Analysis& analysis);
ContactSeries contact_of(const Analysis& analysis);
/// The impedance of a model that was kept as curves `model_real` and `model_imaginary`, ohm.
std::vector<std::complex<double>> model_of(const Analysis& analysis);

} // namespace platen::impedance
