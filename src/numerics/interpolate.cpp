#include "numerics/interpolate.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::numerics {

double interpolate(std::span<const double> x, std::span<const double> y, double at, Outside outside) {
  if (x.size() != y.size())
    throw Error("B004", fmt::format("interpolation needs as many x as y, got {} and {}", x.size(), y.size()));
  if (x.empty() || std::isnan(at)) return std::numeric_limits<double>::quiet_NaN();
  if (at < x.front() || at > x.back()) {
    if (outside == Outside::nan) return std::numeric_limits<double>::quiet_NaN();
    return at < x.front() ? y.front() : y.back();
  }
  const auto above = std::lower_bound(x.begin(), x.end(), at);
  const auto k = static_cast<std::size_t>(above - x.begin());
  if (x[k] == at) return y[k];
  const double share = (at - x[k - 1]) / (x[k] - x[k - 1]);
  return y[k - 1] + share * (y[k] - y[k - 1]);
}

} // namespace platen::numerics
