#pragma once
// Draws from what data and priors leave possible, by chains that learn their steps. Theory: docs/theory/calibration.md.

#include "calibrate/convergence.hpp"
#include "calibrate/fit.hpp"
#include "calibrate/kept.hpp"

#include <cstdint>
#include <vector>

namespace platen::calibrate {

struct PosteriorOptions {
  std::size_t draws = 1000;     ///< kept at the end, and wanted as effective sample size of every number
  std::size_t chains = 4;
  std::size_t block = 50;       ///< steps of every chain between two looks at all of them
  std::size_t steps = 0;        ///< of each chain at most; 0: 100 times `draws` over the chains, and no less than 20 blocks
  std::uint64_t seed = 1;
  unsigned threads = 0;         ///< 0: all cores; the draws do not depend on it
};

/// Of the second halves of the chains.
struct Posterior {
  std::vector<std::vector<double>> draws; ///< SI, each one value per number; evenly out of all chains
  std::vector<double> costs;              ///< C of each draw
  std::vector<Convergence> convergence;   ///< per number
  double acceptance = 0.0;                ///< share of the steps taken
  std::size_t steps = 0;                  ///< of each chain
  bool converged = false;                 ///< every R-hat below `largest_r_hat`, every effective sample size at least `draws`, or 400 if that is less

  double quantile(std::size_t number, double p) const; ///< SI
};
inline constexpr double largest_r_hat = 1.01;

/// Adaptive Metropolis: steps are normal with the covariance that all chains have shown so far, their length learnt from how many are taken; both
/// learn ever less. Chains begin around the fit, wider than its covariance says. Blocks are found again in `kept`.
/// Source: Haario, Saksman, Tamminen, Bernoulli 7 (2001) 223; Andrieu, Thoms, Stat. Comput. 18 (2008) 343.
/// @throws Cancelled.
Posterior sample(const Problem& problem, const Fit& fit, const PosteriorOptions& options = {}, const Kept& kept = {}, const work::Task& task = {});

} // namespace platen::calibrate
