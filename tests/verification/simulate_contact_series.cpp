// Spectra of a simulated contact hold, whose contact closes by a law that the analysis does not know, read through an instrument:
// the analysis gives the contact fraction back within the error that it states.

#include "impedance/contact.hpp"
#include "impedance/fit.hpp"
#include "instrument/instrument.hpp"
#include "impedance_cells.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace platen {
namespace {

/// The last value at or before `t`; where the logger has lost it, the next one that it has.
double value_at(const Record& record, std::string_view column, double t) {
  const auto time = record.real(col::test_time), values = record.real(column);
  const auto after = std::upper_bound(time.begin(), time.end(), t);
  auto k = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - time.begin() - 1));
  while (std::isnan(values[k]) && k + 1 < values.size()) ++k;
  return values[k];
}

impedance::ContactSeries analysed(const Record& seen) {
  const auto circuit = impedance::Circuit::parse("L0-R0-p(R1,CPE1)-p(R2,CPE2)");
  std::vector<std::vector<double>> frequencies;
  std::vector<std::vector<std::complex<double>>> impedances;
  for (const Spectrum& s : seen.spectra) {
    frequencies.push_back(s.frequency);
    impedances.emplace_back();
    for (std::size_t k = 0; k < s.size(); ++k) impedances.back().emplace_back(s.real[k], s.imaginary[k]);
  }
  const auto fits = impedance::fit_series(circuit, frequencies, impedances);
  std::vector<impedance::ContactReading> readings;
  for (std::size_t k = 0; k < fits.size(); ++k) {
    const impedance::FittedParameter& R = fits[k].parameters[circuit.find("R2")];
    const double t = seen.spectra[k].start;
    readings.push_back({t, value_at(seen, col::stack_pressure, t), impedance::interface_resistance({R.value, R.standard_error}, {*seen.cell.area, 0.0})});
  }
  impedance::ContactAssumptions assumptions;
  assumptions.conductivity = *seen.cell.electrolyte_conductivity;
  return impedance::contact_series(readings, assumptions);
}

TEST(ContactSeries, OfARicherLawComesBackWithinItsError) {
  std::size_t inside = 0, all = 0;
  for (const double spread : {0.0, 0.3, 0.6})
    for (const char* spots : {"1 um", "4 um"})
      for (const std::uint64_t seed : {1U, 2U}) {
        const Study study = impedance_study("impedance-hold.toml", "[override]\n\"contact.spread\" = " + std::to_string(spread) +
                                                                       "\n\"contact.spot_radius\" = \"" + spots + "\"\n");
        const Record ideal = simulate(study);
        const impedance::ContactSeries series = analysed(measure(ideal, typical_instrument(), seed));
        std::size_t here = 0;
        double worst = 0.0;
        for (const impedance::ContactPoint& p : series.points) {
          const double truth = value_at(ideal, "contact_right", p.time);
          here += p.low <= truth && truth <= p.high;
          worst = std::max(worst, std::abs(p.theta / truth - 1.0));
        }
        std::printf("spread %.1f, spots of %s, noise %d: %s, full contact %.2f +- %.2f ohm cm2 (truth %.2f), beta %.2f, %zu of %zu inside, worst %.1f %%\n",
                    spread, spots, static_cast<int>(seed), series.settled ? "settled" : "not settled", 1e4 * series.perfect.value, 1e4 * series.perfect.error,
                    1e4 * study.parameters.interface_resistance, series.stretch, here, series.points.size(), 100.0 * worst);
        inside += here;
        all += series.points.size();
        EXPECT_LT(worst, 0.25);
      }
  std::printf("%zu of %zu contact fractions inside their 95 %% band\n", inside, all);
  EXPECT_GE(static_cast<double>(inside), 0.9 * static_cast<double>(all));
}

} // namespace
} // namespace platen
