#pragma once
// Whether a spectrum can be the impedance of anything: linear, causal, at rest. Two tests that share nothing but the data.
// Theory: docs/theory/impedance.md, (K1) to (K4).

#include <complex>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace platen::impedance {

/// A sum of relaxations, which obeys Kramers and Kronig by itself, through the data: what it misses, the data break.
struct LinearKK {
  std::size_t elements = 0; ///< relaxations, chosen by mu
  double mu = 1.0;          ///< 1: no negative resistances, equation (K2)
  double resistance = 0.0;  ///< at infinite frequency, ohm
  double inductance = 0.0, inductance_error = 0.0; ///< H; the standard error is from the fall of the misfit
  std::vector<std::complex<double>> model;                 ///< ohm, at the frequencies given
  std::vector<double> residual_real, residual_imaginary;   ///< (data - model)/|Z|
  std::vector<bool> left_out;                              ///< points that were not fitted, because they stand out
  double residual = 0.0;  ///< root mean square of both, over the points that were fitted
  double noise = 0.0;     ///< the part of it that changes from point to point, equation (K3): standard deviation of one part
  double violation = 0.0; ///< the rest, which noise does not explain
};

/// Linear Kramers-Kronig test with the number of relaxations chosen by Schoenleber's criterion. Points that stand out by more
/// than five robust standard deviations are left out of the fit, at most a fifth of all.
/// Source: Boukamp, J. Electrochem. Soc. 142 (1995) 1885; Schoenleber, Klotz, Ivers-Tiffee, Electrochim. Acta 131 (2014) 20.
/// @throws Error D208, D209 (fewer than 5 points, or one that is not finite).
LinearKK linear_kk(std::span<const double> frequency, std::span<const std::complex<double>> impedance);

/// Standard deviations of the real and the imaginary part at every point, ohm, equation (K5): what changes between neighbours in the
/// residuals of `linear_kk`, over the fifteen nearest. Not below a millionth of the modulus.
/// @throws as linear_kk.
std::vector<double> noise_estimate(std::span<const double> frequency, std::span<const std::complex<double>> impedance);

/// The modulus made of the phase alone.
struct ZHit {
  std::vector<double> modulus;   ///< ohm, at the frequencies given
  std::vector<double> deviation; ///< ln(measured/made)
  double residual = 0.0;         ///< root mean square of the deviation
  double drift = 0.0; ///< how much the measured modulus has run away at the lowest decade against the middle, a share of it
};

/// Z-HIT: integral of the phase over ln omega plus a local term, equation (K4). Needs no model and no extrapolation; the two
/// points at each end are less certain. Source: Ehm, Goehr, Kaus, Roeseler, Schiller, Acta Chim. Hung. 137 (2000) 145.
/// @throws as linear_kk.
ZHit z_hit(std::span<const double> frequency, std::span<const std::complex<double>> impedance);

struct DropProposal {
  std::size_t point = 0;
  double frequency = 0.0; ///< Hz
  enum class Why { invalid, repeated, inductive, outlier, mains } why{};
  std::string reason; ///< one sentence
};

/// What there is to know of a spectrum before anything is fitted. Nothing is dropped: `drops` are proposals.
struct SpectrumQuality {
  LinearKK kk;
  ZHit hit;
  std::vector<std::size_t> usable; ///< points with finite numbers and a positive, first-seen frequency; the tests use these
  std::vector<DropProposal> drops;
  double hit_error = 0.0; ///< the drift that Z-HIT finds in the model of the sum, which has none: what its two terms miss here
  bool consistent = false; ///< violation and drift below `quality_limit`
  std::string verdict;     ///< one sentence
};
inline constexpr double quality_limit = 0.01; ///< 1 % of the modulus

/// @throws Error D209 when fewer than 5 points are usable.
SpectrumQuality inspect(std::span<const double> frequency, std::span<const std::complex<double>> impedance);

} // namespace platen::impedance
