#pragma once
// One law held against one hold: fit, noise, profile.

#include "assess/pressure_result.hpp"
#include "numerics/noise_memory.hpp"

#include <functional>
#include <span>
#include <vector>

namespace platen::assessing {

/// Readings of a hold, merged; pressures in MPa so that all parameters are of the order of one.
struct HoldReadings {
  std::vector<double> time, pressure, count; ///< s since the start, MPa, readings in each
  std::vector<double> temperature;           ///< K from its mean; empty: not in the fit
  double interval = 0, length = 0;           ///< s
  numerics::NoiseLimits limits;              ///< MPa^2, s
};

/// The parameters of a law: pressures in MPa, ln of times in s; last, where there is a temperature, MPa/K.
class FittedLaw {
public:
  /// `data` must outlive it.
  FittedLaw(RelaxationKind kind, const HoldReadings& data);

  RelaxationKind kind() const { return kind_; }
  const std::vector<double>& x() const { return x_; }
  const numerics::NoiseFit& noise() const { return noise_; }
  std::size_t unknowns() const { return x_.size(); }
  std::vector<double> fitted() const; ///< MPa, temperature left out
  /// Standard error of a parameter, and of any function of them.
  double error(std::size_t parameter) const;
  double error_of(const std::function<double(const double*)>& g) const;
  double covariance(std::size_t a, std::size_t b) const { return covariance_[a * x_.size() + b]; }

  /// (R15): where chi squared, allowing for the readings' memory, rises by `threshold` when g is held at a value, on both sides of where it is now; g is not
  /// followed beyond [least, most]: a side that stays below the threshold to there is open.
  struct Band {
    double low = 0, high = 0;
    bool open_low = false, open_high = false;
  };
  Band profile(const std::function<double(const double*)>& g, double threshold, double least, double most) const;

private:
  double minimise(std::vector<double>& x, const std::function<double(const double*)>* g, double target, double weight) const;
  double weight(std::size_t reading) const;
  void find_covariance();
  double error_with(const std::vector<double>& covariance, const std::function<double(const double*)>& g) const;
  void bound_amplitudes();
  void start();
  bool residuals(std::span<const double> x, std::span<double> r, std::span<double> jacobian) const;
  std::vector<std::vector<double>> derivatives(const std::vector<double>& x) const;

  RelaxationKind kind_;
  const HoldReadings* data_;
  std::vector<double> x_, lower_, upper_, covariance_, naive_; ///< naive: as if errors had no memory
  numerics::NoiseFit noise_;
};

} // namespace platen::assessing
