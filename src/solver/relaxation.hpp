#pragma once
// One state that relaxes by itself, over one step. Only this room's sources include this file.

#include <array>
#include <cstddef>

namespace platen::solver {

/// Equation (J1): y' = b - rate y with b sampled at the stages of a Runge-Kutta step. Between the samples b is the polynomial through them,
/// whose convolution with the decay is exact however fast that is: an exponential Runge-Kutta method of collocation type.
class Relaxation {
public:
  static constexpr std::size_t samples = 6;

  /// A step of length `h` (s) from `y`, with b sampled at these shares of it, of which the first is 0.
  Relaxation(double rate, double h, double y, const std::array<double, samples>& places) : rate_(rate), h_(h), y_(y), places_(places) {}

  void sample(double b);
  /// y at a share of the step, from the samples so far.
  double at(double share) const;

private:
  double rate_, h_, y_;
  std::array<double, samples> places_;
  std::array<double, samples> differences_{}; ///< the lower edge of the table of divided differences
  std::array<double, samples> powers_{};      ///< coefficients of the polynomial in the share of the step
  std::array<double, samples> newton_{1.0};   ///< coefficients of the product of (s - place) over the samples so far
  std::size_t count_ = 0;
};

} // namespace platen::solver
