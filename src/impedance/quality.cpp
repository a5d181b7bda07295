#include "base/error.hpp"
#include "impedance/kramers_kronig.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::impedance {
namespace {

using Complex = std::complex<double>;
using Why = DropProposal::Why;

/// Points that cannot be used at all are proposed; the others are returned.
std::vector<std::size_t> usable_points(std::span<const double> frequency, std::span<const Complex> z,
                                       std::vector<DropProposal>& drops) {
  std::vector<std::size_t> usable;
  std::vector<double> seen;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const auto propose = [&](Why why, std::string reason) { drops.push_back({i, frequency[i], why, std::move(reason)}); };
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i]))
      propose(Why::invalid, "the frequency is not a positive number");
    else if (!std::isfinite(z[i].real()) || !std::isfinite(z[i].imag()) || z[i] == 0.0)
      propose(Why::invalid, "the impedance is zero or not a number");
    else if (std::find(seen.begin(), seen.end(), frequency[i]) != seen.end())
      propose(Why::repeated, "the frequency was measured before; the first measurement is kept");
    else
      usable.push_back(i);
    seen.push_back(frequency[i]);
  }
  return usable;
}

/// The harmonic of the mains that a frequency lies at, within 4 %: "50 Hz"; empty when none.
std::string mains(double frequency) {
  for (const double grid : {50.0, 60.0})
    for (int harmonic = 1; harmonic <= 3; ++harmonic)
      if (std::abs(frequency / (grid * harmonic) - 1.0) < 0.04) return fmt::format("{} Hz", grid * harmonic);
  return "";
}

/// The drift from which on a cell is called drifting.
double drift_limit(const SpectrumQuality& q) { return std::max(quality_limit, 5.0 * q.kk.noise) + q.hit_error; }

std::string conclude(const SpectrumQuality& q) {
  const LinearKK& kk = q.kk;
  const std::string noise = fmt::format("noise {:.2g} %", 100.0 * kk.noise);
  if (kk.violation > quality_limit)
    return fmt::format("the two parts of the impedance do not belong together: {:.2g} % beyond the {} (linear "
                       "Kramers-Kronig, {} elements)", 100.0 * kk.violation, noise, kk.elements);
  if (std::abs(q.hit.drift) > drift_limit(q))
    return fmt::format("the cell drifted: at the lowest decade the modulus is {:+.2g} % off what the phase asks for (Z-HIT); {}",
                       100.0 * q.hit.drift, noise);
  return fmt::format("both tests passed: {:.2g} % beyond the {}, drift {:+.2g} %", 100.0 * kk.violation, noise,
                     100.0 * q.hit.drift);
}

} // namespace

SpectrumQuality inspect(std::span<const double> frequency, std::span<const Complex> impedance) {
  if (frequency.size() != impedance.size())
    throw Error("D209", fmt::format("a spectrum with {} frequencies and {} impedances", frequency.size(), impedance.size()));
  SpectrumQuality q;
  q.usable = usable_points(frequency, impedance, q.drops);
  std::vector<double> f;
  std::vector<Complex> z;
  for (const std::size_t i : q.usable) {
    f.push_back(frequency[i]);
    z.push_back(impedance[i]);
  }
  q.kk = linear_kk(f, z);
  q.hit = z_hit(f, z);
  const bool whole = std::all_of(q.kk.model.begin(), q.kk.model.end(), [](Complex v) { return std::isfinite(std::abs(v)) && v != 0.0; });
  if (whole) q.hit_error = std::abs(z_hit(f, q.kk.model).drift);
  for (std::size_t k = 0; k < f.size(); ++k) {
    const bool wires = q.kk.inductance > 3.0 * q.kk.inductance_error;
    if (wires && z[k].imag() > 3.0 * q.kk.noise * std::abs(z[k]))
      q.drops.push_back({q.usable[k], f[k], Why::inductive,
                         fmt::format("the imaginary part is positive: wires ({:.2g} H by the Kramers-Kronig fit); drop it or give the circuit an L",
                                     q.kk.inductance)});
    else if (q.kk.left_out[k]) {
      const std::string grid = mains(f[k]);
      const double off = std::hypot(q.kk.residual_real[k], q.kk.residual_imaginary[k]);
      q.drops.push_back({q.usable[k], f[k], grid.empty() ? Why::outlier : Why::mains,
                         grid.empty() ? fmt::format("{:.2g} % off what its neighbours ask for, {:.2g} times the noise", 100.0 * off,
                                                    off / std::max(q.kk.noise, 1e-12))
                                      : fmt::format("{:.2g} % off, beside {} of the mains", 100.0 * off, grid)});
    }
  }
  std::sort(q.drops.begin(), q.drops.end(), [](const auto& a, const auto& b) { return a.point < b.point; });
  q.consistent = q.kk.violation <= quality_limit && std::abs(q.hit.drift) <= drift_limit(q);
  q.verdict = conclude(q);
  return q;
}

} // namespace platen::impedance
