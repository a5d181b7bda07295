// Real spectra: an automatic search names the parts of a real cell, and conductivities agree with a report made by others.
#include "impedance/kramers_kronig.hpp"
#include "impedance/models.hpp"
#include "impedance/solid.hpp"
#include "import/import.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace {

using namespace platen;
using namespace platen::impedance;
using Complex = std::complex<double>;

const std::filesystem::path shared = PLATEN_SHARED_DATA;

struct Data {
  std::vector<double> f;
  std::vector<Complex> z;
};

Data first_spectrum(const std::filesystem::path& path) {
  const Record record = read_measurement(path);
  Data d;
  const Spectrum& s = record.spectra.at(0);
  for (std::size_t i = 0; i < s.size(); ++i) {
    d.f.push_back(s.frequency[i]);
    d.z.emplace_back(s.real[i], s.imaginary[i]);
  }
  return d;
}

void show(const std::vector<ModelResult>& all) {
  for (const ModelResult& r : all)
    std::printf("%-66s %-42s residual %5.2f %%, AICc %+8.1f, %s, %zu of %zu starts\n", std::string(r.model->name).c_str(),
                r.fit.circuit.c_str(), 100 * r.fit.residual, r.delta, r.sound ? "sound" : "not sound", r.fit.agreeing, r.fit.starts);
}

TEST(ImpedanceShared, ARealHalfCellIsNamedBelowOneAndAHalfPercent) {
  const auto path = shared / "lpscl_impedance" / "PEIS_SSB.mpr";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT " << path;
  const Data d = first_spectrum(path);
  EXPECT_TRUE(inspect(d.f, d.z).consistent) << inspect(d.f, d.z).verdict;
  const auto all = find_model(d.f, d.z);
  show(all);
  const ModelResult& best = all.front();
  for (const FittedParameter& p : best.fit.parameters)
    std::printf("  %-9s %10.4g +- %.2g %s\n", p.name.c_str(), p.value, p.standard_error, std::string(p.unit).c_str());
  EXPECT_LE(best.fit.residual, 0.015);
  EXPECT_TRUE(best.sound);
  EXPECT_EQ(best.model->cell, CellKind::full);
  EXPECT_EQ(meaning(*best.model, "TL1"), "composite cathode: ionic and electronic rail");
  EXPECT_LT(best.fit.worst, 0.07);
}

TEST(ImpedanceShared, ARealPelletHasItsResistance) {
  const auto path = shared / "lpscl_impedance" / "PEIS_LPSCl_IonBlocking_-25C.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT " << path;
  const Data d = first_spectrum(path);
  const auto all = find_model(d.f, d.z, CellKind::blocking);
  show(all);
  // The lowest AICc splits the arc in two that the data do not tell apart: not sound, so it is not the answer.
  EXPECT_TRUE(all.front().sound);
  EXPECT_GT(all.front().delta, 0.0);
  // The table of the shared data says 1440 to 1510 ohm, depending on the fit: here the sum of what the pellet is made of.
  double R = 0.0;
  for (const FittedParameter& p : all.front().fit.parameters)
    if (p.unit == "ohm") R += p.value;
  std::printf("R(LPSCl) = %.0f ohm\n", R);
  EXPECT_GT(R, 1440);
  EXPECT_LT(R, 1510);
}

/// Rows of one table of the shared report: conductivity (S/cm) and its error by temperature (K).
std::vector<std::array<double, 3>> reported(const std::string& title) {
  std::ifstream file(shared / "solid_conductor_impedance" / "Arrhenius_Analysis_Report.txt");
  std::string line;
  std::vector<std::array<double, 3>> rows;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.find(" Analysis:") != std::string::npos) inside = line.find(title) == 0;
    std::istringstream text(line);
    std::array<double, 3> row{};
    if (inside && text >> row[0] >> row[1] >> row[2] && row[0] > 300) rows.push_back(row);
  }
  return rows;
}

TEST(ImpedanceShared, ConductivitiesAgreeWithTheReport) {
  const auto folder = shared / "solid_conductor_impedance";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "SHARED DATA ABSENT " << folder;
  const auto bulk = reported("Bulk"), boundary = reported("Gb");
  ASSERT_EQ(bulk.size(), 7u);
  ASSERT_EQ(boundary.size(), 7u);
  const Circuit circuit = Circuit::parse("p(R1,CPE1)-p(R2,CPE2)-CPE9");
  std::vector<double> temperatures;
  std::vector<Uncertain> sigma_bulk, sigma_boundary;
  double factor = 0.0; // length over area, 1/m: the files do not say it; taken from the first bulk value, all others then follow
  for (const int celsius : {140, 160, 180, 200}) {
    Data d;
    std::ifstream file(folder / ("s04147-" + std::to_string(celsius) + "deg.txt"));
    std::string line;
    for (int k = 0; k < 3; ++k) std::getline(file, line);
    for (double f = 0, re = 0, im = 0; file >> f >> re >> im;) {
      d.f.push_back(f);
      d.z.emplace_back(re, im);
    }
    ASSERT_GT(d.f.size(), 35u);
    const CircuitFit result = fit(circuit, d.f, d.z);
    const auto row = [&](const auto& table) {
      return *std::find_if(table.begin(), table.end(), [&](const auto& r) { return r[0] == celsius + 273.0; });
    };
    const FittedParameter& R1 = result.parameters[circuit.find("R1")];
    const FittedParameter& R2 = result.parameters[circuit.find("R2")];
    if (factor == 0.0) factor = 100.0 * row(bulk)[1] * R1.value;
    const Uncertain b = conductivity({R1.value, R1.standard_error}, {factor, 0}, {1, 0});
    const Uncertain g = conductivity({R2.value, R2.standard_error}, {factor, 0}, {1, 0});
    std::printf("%d degC: bulk %.4g +- %.1f %% (report %.4g +- %.1f %%), boundaries %.4g +- %.1f %% (report %.4g +- %.1f %%) S/cm\n", celsius,
                b.value / 100, 100 * b.error / b.value, row(bulk)[1], 100 * row(bulk)[2] / row(bulk)[1], g.value / 100,
                100 * g.error / g.value, row(boundary)[1], 100 * row(boundary)[2] / row(boundary)[1]);
    EXPECT_NEAR(b.value / 100 / row(bulk)[1], 1.0, 0.01);
    EXPECT_NEAR(g.value / 100 / row(boundary)[1], 1.0, 0.01);
    temperatures.push_back(celsius + 273.0);
    sigma_bulk.push_back(b);
    sigma_boundary.push_back(g);
  }
  constexpr double eV = 96485.33212; // J/mol
  const Activation of_bulk = arrhenius(temperatures, sigma_bulk, true), of_boundary = arrhenius(temperatures, sigma_boundary, true);
  std::printf("E_a bulk %.3f +- %.3f eV (report 0.587, seven temperatures), boundaries %.3f +- %.3f eV (report 0.892)\n",
              of_bulk.energy.value / eV, of_bulk.energy.error / eV, of_boundary.energy.value / eV, of_boundary.energy.error / eV);
  EXPECT_NEAR(of_bulk.energy.value / eV, 0.587, 0.03);
  EXPECT_NEAR(of_boundary.energy.value / eV, 0.892, 0.03);
}

TEST(ImpedanceShared, KnownCircuitsOfTheSharedFiles) {
  const auto path = shared / "impedance" / "Circuit1_EIS_1.z";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT " << path;
  const Data d = first_spectrum(path);
  const CircuitFit result = fit(Circuit::parse("R0-p(R1,C1)"), d.f, d.z);
  std::printf("R0 %.3f, R1 %.3f ohm, C1 %.3f uF, residual %.2f %%\n", result.parameters[0].value, result.parameters[1].value,
              1e6 * result.parameters[2].value, 100 * result.residual);
  EXPECT_NEAR(result.parameters[0].value, 29.14, 0.3);
  EXPECT_NEAR(result.parameters[1].value, 46.65, 0.5);
  EXPECT_NEAR(result.parameters[2].value, 10.43e-6, 0.2e-6);
}

} // namespace
