#pragma once
// A system linearised at one instant, and its answer to a small sine. Theory: docs/theory/impedance.md, (I1) to (I4).

#include "solver/solver.hpp"

#include <complex>
#include <functional>
#include <span>
#include <vector>

namespace platen::solver {

/// y' = A y + b u, v = c y + d u: changes of states, one input and one output about an instant.
struct Linearised {
  std::size_t states = 0;
  std::vector<double> A; ///< states x states, row by row
  std::vector<double> b, c;
  double d = 0.0;
};

/// What is needed of a system besides its rates.
struct Port {
  std::function<void(double)> set;                                 ///< the input
  std::function<double(double t, std::span<const double>)> output; ///< at a state and the present input
  double input = 0.0;                                              ///< at the instant
  double step = 0.0;                                               ///< by which it is moved up and down
};

/// Central differences of the rates and of the output, each state moved by a millionth of itself and ten times its absolute tolerance.
/// Where a law has a corner at the state, this is the mean of both sides: the first harmonic of what a small sine would cause.
Linearised linearise(System& system, double t, std::span<const double> y, const Port& port);

/// Without the states that the input does not reach or the output does not see; the answer is the same.
Linearised without_idle(const Linearised& system);

/// d + c (s - A)^-1 b for many s = j omega. Equations (I2) to (I4): one inverse and one reduction to Hessenberg's form, then of the order
/// of the states squared for each frequency. Rates from 1e-6 to 1e12 1/s may stand side by side.
class FrequencyResponse {
public:
  /// @param middle rad/s, about the geometric mean of the frequencies wanted: where rates are resolved best.
  FrequencyResponse(const Linearised& system, double middle);
  /// At omega (rad/s); allocates nothing.
  std::complex<double> at(double omega);
  /// States that count.
  std::size_t size() const { return n_; }

private:
  std::size_t n_ = 0;
  double shift_ = 0.0, d_ = 0.0;
  std::vector<double> H_, g_, c_;      ///< of the reduced system
  std::vector<double> real_, imaginary_; ///< the matrix of one frequency, upper triangle and one line below
  std::vector<std::complex<double>> x_;
};

} // namespace platen::solver
