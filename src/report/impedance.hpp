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
  std::vector<std::size_t> left_out; ///< points that the user had dropped, by their place in the file, from 0
};
SpectrumData spectrum_data(const Spectrum& spectrum, std::string name);

struct EisFit {
  impedance::CircuitFit fit;
  std::string weighting;                     ///< "modulus"
  bool profiled = false;                     ///< low and high of the parameters are profile intervals
  std::string model;                         ///< name of the model when it was searched for; else empty
  std::vector<impedance::ModelResult> tried; ///< all models of a search, or circuits that were compared, the chosen one first
  std::vector<impedance::ElementConductivity> conductivities; ///< of the electrolyte, when model and geometry are known
  std::vector<impedance::ElementInterface> interfaces;        ///< one side of a symmetric cell, when the area is known
};

struct EisSeries {
  std::vector<SpectrumData> spectra;
  std::vector<impedance::CircuitFit> fits;
  std::optional<impedance::ContactSeries> contact;
  std::string contact_parameter; ///< "R1"
};

/// Elements over temperature, and what an arc is.
struct EisArrhenius {
  struct Line {
    std::string what; ///< "R1", "total"
    std::string unit; ///< "S/m"; "S" without geometry
    std::vector<impedance::Uncertain> value; ///< at each temperature
    std::optional<impedance::Activation> activation; ///< with two temperatures or more; without the error of the geometry
    double geometry = 0.0;                           ///< relative error of length over area, which all values have in common
    impedance::Uncertain at(double temperature) const; ///< by the line, with every error
  };
  std::vector<SpectrumData> spectra;
  std::vector<impedance::CircuitFit> fits;
  std::vector<double> temperature; ///< K, of each spectrum
  std::vector<Line> lines;
  std::optional<impedance::ArcVerdict> verdict;
  std::string arc, electrolyte; ///< "R2", "R1"
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
std::string text_eis_arrhenius(const EisArrhenius& answer);
std::string text_dc(const DcAnswer& answer);

/// JSON answers, docs/formats/json.md.
std::string json_eis_inspect(const std::vector<SpectrumData>& spectra, const std::vector<impedance::SpectrumQuality>& quality);
std::string json_eis_kk(const SpectrumData& data, const impedance::SpectrumQuality& quality);
std::string json_eis_fit(const SpectrumData& data, const EisFit& answer);
std::string json_eis_drt(const SpectrumData& data, const impedance::Drt& drt);
std::string json_eis_series(const EisSeries& series);
std::string json_eis_arrhenius(const EisArrhenius& answer);
std::string json_dc(const DcAnswer& answer);

/// Figures. `model` may be empty. Without an id each is an SVG file of its own, else part of a page on which the id is unique.
std::string nyquist_figure(const SpectrumData& data, const std::vector<std::complex<double>>& model, const std::string& what, const std::string& id = "");
std::string bode_figure(const SpectrumData& data, const std::vector<std::complex<double>>& model, const std::string& what, const std::string& id = "");
std::string residual_figure(const SpectrumData& data, const std::vector<std::complex<double>>& model, const std::string& what, const std::string& id = "");
std::string drt_figure(const SpectrumData& data, const impedance::Drt& drt, const std::string& id = "");
std::string eis_series_figure(const EisSeries& series, const std::string& id = "");
std::string contact_figure(const EisSeries& series, const std::string& id = "");
/// Up to eight of the spectra in one impedance plane.
std::string spectra_figure(const std::vector<SpectrumData>& spectra, const std::string& id = "");
std::string arrhenius_figure(const EisArrhenius& answer);
std::string dc_figure(const DcAnswer& answer);

} // namespace platen::report
