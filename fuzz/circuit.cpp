// The notation of circuits: read or refused; what is read can be written and read again, and has an impedance.

#include "fuzz.hpp"

#include "impedance/circuit.hpp"

#include <complex>
#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen::impedance;
  try {
    const Circuit circuit = Circuit::parse(platen::fuzz::bytes_of(data, size));
    if (Circuit::parse(circuit.text()).text() != circuit.text()) std::abort();
    const double frequency[] = {1e-2, 1e3};
    CircuitModel model(circuit, frequency);
    const std::vector<double> p(model.parameters(), 0.5);
    std::vector<std::complex<double>> z(2), slopes(2 * p.size());
    model.evaluate(p, z, slopes);
  } catch (const platen::Error&) {
  }
  return 0;
}
