// Circuits damaged at random: read or refused with a place inside the text, never a crash; what is read can be written,
// read again, and has an impedance.
#include "base/error.hpp"
#include "impedance/circuit.hpp"

#include <gtest/gtest.h>
#include <random>

namespace {

using namespace platen;
using namespace platen::impedance;

void check(const std::string& text) {
  try {
    const Circuit circuit = Circuit::parse(text);
    const std::string again = circuit.text();
    ASSERT_EQ(Circuit::parse(again).text(), again) << text;
    const std::vector<double> frequency{1e-2, 1e3};
    CircuitModel model(circuit, frequency);
    const std::vector<double> p(model.parameters(), 0.5);
    std::vector<std::complex<double>> z(2), d(2 * p.size());
    model.evaluate(p, z, d);
    ASSERT_FALSE(circuit.parts().empty());
  } catch (const Error& error) {
    ASSERT_FALSE(error.diagnostics().empty());
    for (const Diagnostic& d : error.diagnostics()) {
      ASSERT_EQ(d.code.substr(0, 2), "U1") << error.what();
      ASSERT_TRUE(d.place.has_value());
      ASSERT_LE(d.place->column, text.size() + 1) << error.what();
      ASSERT_EQ(d.place->text.size(), text.size());
    }
  }
}

TEST(FuzzCircuit, DamagedCircuitsAreReadOrRefused) {
  const std::vector<std::string> seeds{"R0-p(R1,CPE1)-p(R2,CPE2)-W1", "TL1(p(R1,CPE1-Ws2))-L1", "p(p(R1,C1)-(R2-(R3-R4)),K1)",
                                       "((HN1-ZARC2))-G3-Wo1"};
  constexpr std::string_view marks = "pRCLWsoGHNZAKTQ()-,0123456789 \t\n\xff\x00";
  std::mt19937_64 random(7);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  for (int round = 0; round < 40000; ++round) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t edits = 1 + below(6); edits > 0 && !text.empty(); --edits) {
      const std::size_t place = below(text.size());
      switch (below(4)) {
      case 0:
        text[place] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(place, 1 + below(5));
        break;
      case 2:
        text.insert(place, text.substr(place, 1 + below(12)));
        break;
      default:
        text.insert(place, 1, marks[below(marks.size())]);
      }
    }
    check(text);
    if (HasFatalFailure()) return;
  }
}

TEST(FuzzCircuit, LongAndDeepOnesAreRefused) {
  for (const std::string piece : {"(", "p(", "TL1(", "R1-", ",", "p(R1,"}) {
    std::string text;
    for (int k = 0; k < 20000; ++k) text += piece;
    check(text);
    if (HasFatalFailure()) return;
  }
}

} // namespace
