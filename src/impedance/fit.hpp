#pragma once
// Circuits fitted to spectra: weighted complex least squares from many starts. Theory: docs/theory/impedance.md, (Z13) to
// (Z17).

#include "impedance/circuit.hpp"

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen::impedance {

/// What a deviation is measured against, equation (Z13).
enum class Weighting {
  modulus,      ///< |Z|: a relative error that is the same everywhere
  unit,         ///< the same number of ohms everywhere
  proportional, ///< |Z'| and |Z''|, each by its own; not below 1 % of |Z|
  noise         ///< standard deviations, stated or estimated from the data
};
std::string_view label(Weighting weighting); ///< "modulus", "unit", "proportional", "noise"

/// What is known of a parameter beforehand. Fields left empty do not constrain.
struct Constraint {
  std::string parameter = {};                 ///< "CPE1.n"
  std::optional<double> fixed = std::nullopt; ///< SI
  std::string tied_to = {};                   ///< takes the value of this one, times `factor`
  double factor = 1.0;
  std::optional<double> lower = std::nullopt, upper = std::nullopt;
};

struct FitOptions {
  Weighting weighting = Weighting::modulus;
  std::vector<double> noise_real, noise_imaginary; ///< standard deviations, ohm, one per point; for Weighting::noise, by default (K5)
  std::vector<Constraint> constraints;
  std::size_t starts = 20;
  std::uint64_t seed = 1;
  std::vector<double> start; ///< all parameters; tried before any drawn start
  bool order = true;         ///< alike branches by rising time constant, unless constrained
};

enum class Standing {
  free,
  fixed,
  tied,
  at_bound,    ///< pressed against a bound: its interval says nothing
  undetermined ///< the data determine only a combination of it with others
};
std::string_view label(Standing standing); ///< "free", "fixed", "tied", "at bound", "undetermined"

struct FittedParameter {
  std::string name;
  std::string_view unit;
  double value = 0.0;
  double standard_error = 0.0; ///< of the value; 0 when fixed, infinite when at a bound or undetermined
  double low = 0.0, high = 0.0; ///< 95 % interval, equation (Z15); for scales it is an interval of the logarithm
  Standing standing = Standing::free;
};

struct CircuitFit {
  std::string circuit;
  std::vector<FittedParameter> parameters; ///< in the circuit's order
  std::vector<std::complex<double>> model; ///< ohm, at the frequencies given
  double cost = 0.0;                       ///< weighted sum of squares
  double scatter = 0.0;  ///< standard deviation of a weighted residual, with the degrees of freedom
  double residual = 0.0; ///< root mean square of |Z_model - Z|/|Z|, equation (Z14)
  double worst = 0.0;    ///< largest |Z_model - Z|/|Z|
  double aicc = 0.0;     ///< equation (Z17); compare only fits with the same data and weights
  std::size_t points = 0, free = 0;
  std::size_t starts = 0, agreeing = 0; ///< starts tried; those that ended in this minimum (cost within 0.1 %)
  bool converged = false;

  std::vector<double> values() const;
};

/// Fits a circuit to a spectrum: `frequency` in Hz, `impedance` in ohm, the same length.
/// @throws Error U107 (a constraint names no parameter), D208, D209 (lengths differ, an impedance is not finite, fewer numbers
/// than parameters), U110 (constraints that cannot hold).
CircuitFit fit(const Circuit& circuit, std::span<const double> frequency, std::span<const std::complex<double>> impedance,
               const FitOptions& options = {});

/// Spectra of one cell one after another: the first with all starts, each later one from the fit before and from a quarter of the
/// starts. `frequencies[k]` belongs to `impedances[k]`.
std::vector<CircuitFit> fit_series(const Circuit& circuit, std::span<const std::vector<double>> frequencies,
                                   std::span<const std::vector<std::complex<double>>> impedances,
                                   const FitOptions& options = {});

struct ProfileInterval {
  double low = 0.0, high = 0.0; ///< 0 or infinite (for n: its bound) where the data set no limit
  bool open_low = false, open_high = false;
};

/// The values of one parameter for which the other parameters, fitted anew, keep the cost below the limit of `level`, equation
/// (Z16). Unlike the interval of CircuitFit it holds where the circuit is far from linear in the parameter.
/// @throws as `fit`; Error U110 when the parameter is not free.
ProfileInterval profile(const Circuit& circuit, std::span<const double> frequency,
                        std::span<const std::complex<double>> impedance, const FitOptions& options, const CircuitFit& best,
                        std::string_view parameter, double level = 0.95);

/// `values` with alike branches (same elements, same joins) of every series and parallel part ordered by rising time constant.
/// Branches with a parameter in `pinned` stay.
std::vector<double> ordered(const Circuit& circuit, std::span<const double> values, const std::vector<bool>& pinned);

/// A time that tells alike branches apart, s: RC, (RQ)^(1/n), tau; of single elements without a time their own value.
double time_constant(const Circuit& circuit, std::size_t part, std::span<const double> values);

} // namespace platen::impedance
