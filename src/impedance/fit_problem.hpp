#pragma once
// A fit as the solver sees it: free coordinates (logarithms of scales), bounds, weighted residuals. Inside this room only.

#include "impedance/fit.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/random.hpp"

namespace platen::impedance {

class FitProblem {
public:
  /// @throws as `fit`.
  FitProblem(const Circuit& circuit, std::span<const double> frequency,
             std::span<const std::complex<double>> impedance, const FitOptions& options);

  std::size_t coordinates() const { return free_.size(); }
  std::size_t residual_count() const { return 2 * z_.size(); }

  /// All parameters of the circuit from the free coordinates, and back.
  void expand(std::span<const double> x, std::span<double> p) const;
  std::vector<double> reduce(std::span<const double> p) const;

  /// Lowers the cost from `x`. `polish`: to rounding; else only far enough to tell minima apart.
  numerics::LeastSquaresResult minimise(std::span<double> x, bool polish);
  double cost(std::span<const double> x);
  /// The cost of a circuit without impedance: what costs are small against.
  double size() const;

  const numerics::LeastSquares& solver() const { return solver_; }
  /// The free coordinate of a parameter; nothing when it is fixed or tied.
  std::optional<std::size_t> coordinate(std::size_t parameter) const;
  bool is_scale(std::size_t parameter) const { return circuit_.role(parameter).positive; }
  const std::vector<bool>& pinned() const { return pinned_; }
  /// The parameter that a tied one takes its value from; itself when not tied.
  std::size_t source(std::size_t parameter) const { return source_[parameter]; }
  Standing standing(std::size_t parameter) const { return standing_[parameter]; }
  bool at_bound(std::size_t coordinate, double x) const;

  std::vector<double> lower, upper; ///< of the coordinates
  const Circuit& circuit() const { return circuit_; }
  std::span<const double> frequency() const { return frequency_; }
  std::span<const std::complex<double>> data() const { return z_; }
  CircuitModel& model() { return model_; }

private:
  void constrain(const FitOptions& options);
  void bound(const FitOptions& options);
  void weigh(const FitOptions& options);
  bool residuals(std::span<const double> x, std::span<double> r, std::span<double> jacobian);

  const Circuit& circuit_;
  std::vector<double> frequency_;
  std::vector<std::complex<double>> z_;
  CircuitModel model_;
  std::vector<double> weight_real_, weight_imaginary_;
  std::vector<std::size_t> free_;   ///< parameter of each coordinate
  std::vector<std::size_t> source_; ///< of each parameter: the parameter it takes its value from
  std::vector<double> factor_, fixed_;
  std::vector<bool> pinned_;
  std::vector<Standing> standing_;
  std::vector<double> p_;
  std::vector<std::complex<double>> value_, slope_;
  numerics::LeastSquares solver_;
  numerics::Residuals call_;
};

/// Parameters to start a fit from, made of the data: resistances share the span of the real part, time constants the window of
/// frequencies. `draw` varies them; without it they are spread evenly.
std::vector<double> starting_values(const Circuit& circuit, std::span<const double> frequency,
                                    std::span<const std::complex<double>> impedance, numerics::RandomStream* draw);

} // namespace platen::impedance
