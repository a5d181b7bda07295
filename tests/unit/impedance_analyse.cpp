// What is said of the spectra of a record without being asked, and what of it comes back from the record.
#include "impedance/analyse.hpp"
#include "impedance/stored.hpp"
#include "numerics/random.hpp"

#include "../impedance_decades.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::impedance;
using ::testing::HasSubstr;

Spectrum spectrum_of(const char* circuit, const std::vector<double>& p, double start, double noise = 1e-3, std::size_t points = 60) {
  Spectrum s;
  s.frequency = decades(0.1, 1e7, points);
  s.start = start;
  numerics::RandomStream random(3, "analyse", static_cast<std::uint64_t>(start));
  for (const auto& z : impedance::impedance(Circuit::parse(circuit), p, s.frequency)) {
    s.real.push_back(z.real() + noise * std::abs(z) * random.normal());
    s.imaginary.push_back(z.imag() + noise * std::abs(z) * random.normal());
  }
  return s;
}

/// A symmetric cell of 1 cm2 on hold: its contact goes from 0.3 to 1, then current flows.
Record hold() {
  Record record;
  record.cell.configuration = Configuration::symmetric;
  record.cell.area = 1e-4;
  record.cell.electrolyte_thickness = 6e-4;
  std::vector<double> time, current, pressure;
  for (int k = 0; k < 12; ++k) {
    const double theta = 1.0 - 0.7 * std::exp(-k / 2.0);
    record.spectra.push_back(spectrum_of("R0-p(R1,CPE1)", {30.0, 8.0 / theta, 2e-6, 0.9}, 1200.0 * k));
    time.push_back(1200.0 * k);
    current.push_back(k < 10 ? 0.0 : 1e-3);
    pressure.push_back(25e6);
  }
  record.set(col::test_time, time);
  record.set(col::current, current);
  record.set(col::stack_pressure, pressure);
  return record;
}

TEST(ImpedanceAnalyse, AHoldGivesItsContact) {
  Record record = hold();
  analyse(record);
  for (std::size_t n = 1; n <= 12; ++n) {
    for (const auto kind : {kind::kramers_kronig, kind::circuit, kind::relaxation_times}) ASSERT_NE(find_analysis(record.analyses, kind, n), nullptr) << kind << n;
    EXPECT_EQ(find_analysis(record.analyses, kind::kramers_kronig, n)->setting("consistent"), "yes");
    EXPECT_EQ(find_analysis(record.analyses, kind::circuit, n)->method, "R0-p(R1,CPE1)");
  }
  const Analysis* first = find_analysis(record.analyses, kind::circuit, 1);
  EXPECT_NEAR(first->value("R1")->value, 8.0 / 0.3, 0.3);
  EXPECT_NEAR(first->value("one interface from R1")->value, 0.5 * 8.0 / 0.3 * 1e-4, 3e-5);
  EXPECT_NEAR(first->value("conductivity from R0")->value, 6e-4 / (30.0 * 1e-4), 1e-3);
  EXPECT_EQ(first->setting("meaning of R1"), "interface, both sides");
  const Analysis* contact = find_analysis(record.analyses, kind::contact, 0);
  ASSERT_NE(contact, nullptr);
  EXPECT_EQ(contact->curve("theta").size(), 10u); // those before current flows
  EXPECT_EQ(contact->curve("stack_pressure").front(), 25e6);
  for (std::size_t k = 0; k < 10; ++k) {
    const double theta = 1.0 - 0.7 * std::exp(-static_cast<double>(k) / 2.0);
    EXPECT_LE(contact->curve("theta_low")[k], theta * 1.001) << k;
    EXPECT_GE(contact->curve("theta_high")[k], theta * 0.999) << k;
  }
}

TEST(ImpedanceAnalyse, WhatIsThereIsKept) {
  Record record = hold();
  record.analyses.push_back({"circuit", 3, "R0", "mine", {}, {}, {}});
  analyse(record);
  EXPECT_EQ(find_analysis(record.analyses, kind::circuit, 3)->verdict, "mine");
  const std::size_t count = record.analyses.size();
  analyse(record);
  EXPECT_EQ(record.analyses.size(), count);
}

TEST(ImpedanceAnalyse, SpectraThatCannotBeAnalysedSayWhy) {
  Record record;
  record.spectra.push_back(spectrum_of("R0-p(R1,C1)", {10, 20, 1e-6}, 0, 1e-3, 3));
  Spectrum nonsense = spectrum_of("R0-p(R1,C1)", {10, 20, 1e-6}, 1, 1e-3, 8);
  for (double& f : nonsense.frequency) f = -1.0;
  record.spectra.push_back(nonsense);
  record.spectra.push_back(spectrum_of("R0-p(R1,CPE1)", {10, 20, 1e-6, 0.9}, 2));
  analyse(record);
  for (const std::size_t n : {1u, 2u}) {
    const Analysis* kk = find_analysis(record.analyses, kind::kramers_kronig, n);
    ASSERT_NE(kk, nullptr);
    EXPECT_THAT(kk->verdict, HasSubstr("5 points"));
    EXPECT_TRUE(kk->values.empty());
    EXPECT_EQ(find_analysis(record.analyses, kind::circuit, n), nullptr);
  }
  EXPECT_NE(find_analysis(record.analyses, kind::circuit, 3), nullptr);
  Record without;
  analyse(without);
  EXPECT_TRUE(without.analyses.empty());
}

TEST(ImpedanceAnalyse, OfVeryManySpectraEvenlySpreadOnesAreTaken) {
  EXPECT_EQ(analysed_spectra(0).size(), 0u);
  EXPECT_EQ(analysed_spectra(1), (std::vector<std::size_t>{0}));
  EXPECT_EQ(analysed_spectra(3), (std::vector<std::size_t>{0, 1, 2}));
  const auto many = analysed_spectra(1000);
  ASSERT_EQ(many.size(), most_spectra);
  EXPECT_EQ(many.front(), 0u);
  EXPECT_EQ(many.back(), 999u);
  EXPECT_EQ(std::adjacent_find(many.begin(), many.end(), std::greater_equal<>()), many.end());
}

TEST(ImpedanceAnalyse, ThePressureIsThatOfTheTime) {
  Record record = hold();
  record.real(col::stack_pressure)[5] = 5e6;
  record.real(col::stack_pressure)[6] = NAN;
  EXPECT_EQ(pressure_at(record, 4.5 * 1200.0), 25e6);
  EXPECT_EQ(pressure_at(record, 5.5 * 1200.0), 5e6);
  EXPECT_EQ(pressure_at(record, 6.5 * 1200.0), 5e6); // the last that was read
  Record known;
  EXPECT_EQ(pressure_at(known, 0.0), std::nullopt);
  known.cell.stack_pressure = 5e6;
  EXPECT_EQ(pressure_at(known, 0.0), 5e6);
  known.cell.contact_hold_pressure = 25e6;
  EXPECT_EQ(pressure_at(known, 0.0), 25e6);
}

TEST(ImpedanceStored, AFitComesBack) {
  const Spectrum s = spectrum_of("R0-p(R1,CPE1)", {10, 20, 1e-6, 0.9}, 2);
  const Points p = points_of(s);
  FitOptions options;
  options.constraints = {{.parameter = "CPE1.n", .fixed = 0.9}, {.parameter = "R1", .upper = 15.0}};
  const CircuitFit fit = impedance::fit(Circuit::parse("R0-p(R1,CPE1)"), p.frequency, p.impedance, options);
  const CircuitFit back = fit_of(stored(fit, {}, p.frequency, 4));
  ASSERT_EQ(back.parameters.size(), fit.parameters.size());
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    EXPECT_EQ(back.parameters[k].name, fit.parameters[k].name);
    EXPECT_EQ(back.parameters[k].unit, fit.parameters[k].unit);
    EXPECT_EQ(back.parameters[k].value, fit.parameters[k].value);
    EXPECT_EQ(back.parameters[k].standard_error, fit.parameters[k].standard_error);
    EXPECT_EQ(back.parameters[k].low, fit.parameters[k].low);
    EXPECT_EQ(back.parameters[k].standing, fit.parameters[k].standing);
  }
  EXPECT_EQ(back.model, fit.model);
  EXPECT_EQ(back.residual, fit.residual);
  EXPECT_EQ(back.converged, fit.converged);
}

TEST(ImpedanceStored, RelaxationTimesComeBack) {
  const Points p = points_of(spectrum_of("R0-ZARC1-ZARC2", {10, 20, 1e-4, 0.9, 30, 1e-1, 0.8}, 2));
  const Drt drt = relaxation_times(p.frequency, p.impedance);
  const Drt back = drt_of(stored(drt, p.frequency, 1));
  EXPECT_EQ(back.tau, drt.tau);
  EXPECT_EQ(back.gamma, drt.gamma);
  EXPECT_EQ(back.high, drt.high);
  ASSERT_EQ(back.peaks.size(), drt.peaks.size());
  for (std::size_t k = 0; k < drt.peaks.size(); ++k) {
    EXPECT_EQ(back.peaks[k].tau, drt.peaks[k].tau);
    EXPECT_EQ(back.peaks[k].resistance_high, drt.peaks[k].resistance_high);
    EXPECT_EQ(back.peaks[k].at_edge, drt.peaks[k].at_edge);
  }
  // A list that another program shortened is no distribution.
  Analysis cut = stored(drt, p.frequency, 1);
  for (AnalysisCurve& c : cut.curves)
    if (c.name == "gamma") c.values.pop_back();
  EXPECT_TRUE(drt_of(cut).tau.empty());
}

TEST(ImpedanceStored, ContactComesBack) {
  std::vector<ContactReading> readings;
  for (int k = 0; k < 12; ++k) readings.push_back({600.0 * k, 25e6, {1e-3 / (1.0 - 0.7 * std::exp(-k / 2.0)), 1e-6}});
  const ContactSeries series = contact_series(readings);
  const ContactSeries back = contact_of(stored(series, "R1"));
  EXPECT_EQ(back.settled, series.settled);
  EXPECT_EQ(back.perfect.value, series.perfect.value);
  ASSERT_EQ(back.points.size(), series.points.size());
  EXPECT_EQ(back.points[3].theta, series.points[3].theta);
  EXPECT_EQ(back.points[3].high, series.points[3].high);
}

TEST(ImpedanceModels, CircuitsOfOnesOwnAreCompared) {
  const Points p = points_of(spectrum_of("R0-p(R1,CPE1)", {10, 20, 1e-6, 0.9}, 2));
  const std::vector<Circuit> circuits{Circuit::parse("R0-p(R1,C1)"), Circuit::parse("R0-p(R1,CPE1)"), Circuit::parse("R0-p(R1,CPE1)-p(R2,CPE2)")};
  const auto all = compare(circuits, p.frequency, p.impedance);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all.front().fit.circuit, "R0-p(R1,CPE1)");
  EXPECT_EQ(all.front().model, nullptr);
  EXPECT_GT(all.back().delta, 0.0);
  FitOptions options;
  options.constraints = {{.parameter = "CPE1.n", .fixed = 0.9}};
  for (const auto& r : compare(circuits, p.frequency, p.impedance, options))
    for (const auto& q : r.fit.parameters)
      if (q.name == "CPE1.n") { EXPECT_EQ(q.standing, Standing::fixed); }
  options.constraints = {{.parameter = "R9", .fixed = 0.9}};
  EXPECT_THROW(compare(circuits, p.frequency, p.impedance, options), Error);
}

} // namespace
