#pragma once
// Have chains of a sampler come to the same distribution, and how many independent draws are they worth?

#include <span>
#include <vector>

namespace platen::calibrate {

struct Convergence {
  double r_hat = 1.0;     ///< split R-hat, (B11): 1 where all halves of all chains agree
  double effective = 0.0; ///< independent draws that tell the mean as well, (B12)
};

/// Of one number's draws, chain by chain, all of one length of at least 8.
/// Source: Vehtari, Gelman, Simpson, Carpenter, Burkner, Bayesian Anal. 16 (2021) 667, without ranks; Geyer, Stat. Sci. 7 (1992) 473.
Convergence convergence(const std::vector<std::vector<double>>& chains);

} // namespace platen::calibrate
