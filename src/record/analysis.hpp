#pragma once
// What was concluded from the spectra or curves of a record, kept with it. docs/formats/record.md lists kinds and names.

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// One number of a result; NaN where something of it is not known.
struct AnalysisValue {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::string name; ///< "R1", "noise", "theta"
  std::string unit; ///< SI, "1" for pure numbers
  double value = none;
  double error = none;           ///< standard error
  double low = none, high = none; ///< 95 %
  std::string note; ///< "free", "at bound"; why a point should be dropped
};

/// Numbers that belong together by their place.
struct AnalysisCurve {
  std::string name, unit;
  std::vector<double> values;
};

struct Analysis {
  std::string kind;         ///< "kramers-kronig", "circuit", "relaxation times", "contact", "activation", "polarisation"
  std::size_t spectrum = 0; ///< number of the spectrum, from 1; 0: several of them, or the rows
  std::string method;       ///< tells analyses of one kind apart: the circuit, the parameter
  std::string verdict;      ///< one sentence for people
  std::map<std::string, std::string> settings;
  std::vector<AnalysisValue> values;
  std::vector<AnalysisCurve> curves;

  /// Values of a curve; empty when there is none of that name.
  const std::vector<double>& curve(std::string_view name) const;
  /// The first value of that name; null when there is none.
  const AnalysisValue* value(std::string_view name) const;
  /// A setting; empty when there is none of that name.
  std::string setting(const std::string& name) const;
};

/// Adds an analysis, or puts it in the place of the one with its kind, spectrum and method.
void keep(std::vector<Analysis>& all, Analysis analysis);

/// The first analysis of a kind and spectrum; null when there is none.
const Analysis* find_analysis(const std::vector<Analysis>& all, std::string_view kind, std::size_t spectrum);

} // namespace platen
