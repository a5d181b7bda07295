#pragma once
// What the spectra of a record say of a short: the resistance that no healthy cell falls below, and a low-frequency impedance that collapses;
// and of lost contact: an interfacial arc that grows.

#include "assess/evidence.hpp"

#include <complex>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace platen::assessing {

/// One spectrum as two resistances.
struct SpectrumLevels {
  double time = 0;              ///< s
  std::optional<Level> high;    ///< ohm, of the electrolyte: where the imaginary part vanishes at high frequency
  Level low;                    ///< ohm, real part at the lowest frequency that the spectra of the record have in common
  Level electrolyte;            ///< ohm, that it has at least: as `high`, else the least real part above electrolyte_frequency, else 0
  std::optional<double> bound;  ///< ohm, that the electrolyte cannot have more than; none where the spectrum ends too early for that or begins too low
  std::vector<double> frequency; ///< Hz
  std::vector<std::complex<double>> impedance; ///< ohm
  double thermal = 1;           ///< 1, kappa(T) / kappa(25 degC) when it was taken
};

/// Resistance of the electrolyte by a circuit, ohm: all that answers above thresholds::electrolyte_frequency. Empty where no
/// circuit describes the spectrum soundly.
std::optional<Level> electrolyte_by_circuit(const std::vector<double>& frequency, const std::vector<std::complex<double>>& impedance);

/// (A80) An interfacial arc that grows, and by how much, ohm at the temperature of the later spectrum; 0 where the test was not made.
struct GrownArc {
  Evidence evidence;
  double growth = 0.0;
  double due() const; ///< ohm, which current must show at least of what an interface that fired grew by
};

class SpectraBeside {
public:
  SpectraBeside() = default;
  /// Spectra with a time, in its order; others are left out.
  explicit SpectraBeside(const Record& record);

  /// (A33) Lowest resistance of the electrolyte in the spectra between two times (s), where one shows it. Else circuits are fitted to some,
  /// unless no electrolyte can have as much as would matter beside `low` (ohm at 25 degC), the lowest level of a half cycle.
  std::optional<ImpedanceFloor> floor_between(double from, double to, double low) const;
  /// (A34) `trace` and the spectra between its end and `until`, against those before its start; `frozen`: no later spectrum is a measure.
  Evidence collapsed(const Trace& trace, double until, double frozen, const Context& context) const;

  /// (A80) The first spectrum from `after` to `until`, s, against the earlier ones of which `measure` says yes to their time; `began`: s, the
  /// record's first row. `what` names the half cycle before it.
  GrownArc arc_grown(double after, double until, double began, const std::function<bool(double time)>& measure, const std::string& what) const;

  double common_frequency() const { return lowest_; } ///< Hz

private:
  std::optional<Level> fitted(std::size_t spectrum) const; ///< ohm at 25 degC

  std::vector<SpectrumLevels> levels_;
  mutable std::map<std::size_t, std::optional<Level>> fitted_; ///< a fit takes as long as judging some ten thousand rows
  double lowest_ = 0; ///< Hz
};

} // namespace platen::assessing
