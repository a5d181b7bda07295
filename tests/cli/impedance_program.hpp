#pragma once
// Spectra as files, and the verbs of impedance run on them.

#include "process.hpp"

#include "impedance/circuit.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::test {

class Impedance : public Program {
protected:
  /// A text export with the headings of EC-Lab.
  void spectrum(const std::string& name, const std::string& circuit, const std::vector<double>& p, double low = 0.1, double high = 1e6) {
    std::vector<double> f;
    for (int k = 0; k < 60; ++k) f.push_back(high * std::pow(low / high, k / 59.0));
    const auto z = impedance::impedance(impedance::Circuit::parse(circuit), p, f);
    std::string text = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n";
    for (std::size_t k = 0; k < f.size(); ++k) text += fmt::format("{:.9e}\t{:.9e}\t{:.9e}\n", f[k], z[k].real(), -z[k].imag());
    write(folder / name, text);
  }

  nlohmann::json answer(const std::vector<std::string>& words) {
    const Said said = run(words);
    EXPECT_EQ(said.code, 0) << said.err;
    return nlohmann::json::parse(said.out);
  }
};

} // namespace platen::test
