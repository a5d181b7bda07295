#include "numerics/proportion.hpp"

#include "base/error.hpp"
#include "numerics/distributions.hpp"

namespace platen::numerics {
namespace {

/// x with I_x(a, b) = p: the incomplete beta function rises in x, and halving finds every bit of it.
double beta_quantile(double p, double a, double b) {
  double low = 0.0, high = 1.0;
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (low + high);
    (incomplete_beta(a, b, middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

} // namespace

Bounds binomial_bounds(std::size_t successes, std::size_t trials, double confidence) {
  if (successes > trials || !(confidence > 0.0 && confidence < 1.0))
    throw Error("B004", "bounds of a share need at most as many successes as trials, and a confidence between 0 and 1");
  Bounds out;
  if (trials == 0) return out;
  const double tail = 0.5 * (1.0 - confidence), k = static_cast<double>(successes), n = static_cast<double>(trials);
  if (successes > 0) out.low = beta_quantile(tail, k, n - k + 1.0);
  if (successes < trials) out.high = beta_quantile(1.0 - tail, k + 1.0, n - k);
  return out;
}

} // namespace platen::numerics
