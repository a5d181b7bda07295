#pragma once
// Spectra and polarisations as people and programs read them: text, JSON, figures.

#include "impedance/contact.hpp"
#include "impedance/drt.hpp"
#include "impedance/fit.hpp"
#include "impedance/kramers_kronig.hpp"
#include "impedance/models.hpp"
#include "impedance/polarisation.hpp"
#include "record/spectrum.hpp"

#include <complex>
#include <optional>
#include <string>
#include <vector>

namespace platen::report {

/// One spectrum with its name, as the analysis takes it.
struct SpectrumData {
  std::string name; ///< "PEIS_SSB.mpr, spectrum 1"
  std::vector<double> frequency;
  std::vector<std::complex<double>> impedance;
  double start = 0.0; ///< test time, s; NaN: unknown
};
SpectrumData spectrum_data(const Spectrum& spectrum, std::string name);

struct EisFit {
  impedance::CircuitFit fit;
  std::string weighting;                     ///< "modulus"
  bool profiled = false;                     ///< low and high of the parameters are profile intervals
  std::string model;                         ///< name of the model when it was searched for; else empty
  std::vector<impedance::ModelResult> tried; ///< all models of a search, the chosen one first
  std::vector<impedance::ElementConductivity> conductivities; ///< of the electrolyte, when model and geometry are known
};

struct EisSeries {
  std::vector<SpectrumData> spectra;
  std::vector<impedance::CircuitFit> fits;
  std::optional<impedance::ContactSeries> contact;
  std::string contact_parameter; ///< "R1"
};

struct DcAnswer {
  std::string name;
  impedance::Held held;
  impedance::PolarisationOptions options;
  impedance::Polarisation result;
};

/// Plain text ending in a newline.
std::string text_eis_inspect(const std::vector<SpectrumData>& spectra, const std::vector<impedance::SpectrumQuality>& quality);
std::string text_eis_kk(const SpectrumData& data, const impedance::SpectrumQuality& quality);
std::string text_eis_fit(const SpectrumData& data, const EisFit& answer);
std::string text_eis_drt(const SpectrumData& data, const impedance::Drt& drt);
std::string text_eis_series(const EisSeries& series);
std::string text_dc(const DcAnswer& answer);

/// JSON answers, docs/formats/json.md.
std::string json_eis_inspect(const std::vector<SpectrumData>& spectra, const std::vector<impedance::SpectrumQuality>& quality);
std::string json_eis_kk(const SpectrumData& data, const impedance::SpectrumQuality& quality);
std::string json_eis_fit(const SpectrumData& data, const EisFit& answer);
std::string json_eis_drt(const SpectrumData& data, const impedance::Drt& drt);
std::string json_eis_series(const EisSeries& series);
std::string json_dc(const DcAnswer& answer);

/// Figures, each an SVG of its own. `model` may be empty.
std::string nyquist_figure(const SpectrumData& data, const std::vector<std::complex<double>>& model, const std::string& what);
std::string bode_figure(const SpectrumData& data, const std::vector<std::complex<double>>& model, const std::string& what);
std::string residual_figure(const SpectrumData& data, const std::vector<std::complex<double>>& model, const std::string& what);
std::string drt_figure(const SpectrumData& data, const impedance::Drt& drt);
std::string eis_series_figure(const EisSeries& series);
std::string contact_figure(const EisSeries& series);
std::string dc_figure(const DcAnswer& answer);

} // namespace platen::report
