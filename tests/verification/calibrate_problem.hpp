#pragma once
// A problem of one group from a plain function.

#include "calibrate/problem.hpp"

#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace platen::calibrate {

using Values = std::span<const double>;
using Residuals = std::span<double>;

inline Problem problem(std::vector<Number> numbers, std::size_t residuals, std::function<bool(Values, Residuals)> model) {
  Problem p;
  p.numbers = std::move(numbers);
  p.residuals = residuals;
  p.terms = {{"all", "all", 0, residuals}};
  p.evaluate = [model = std::move(model)](Values v, Residuals r, const work::Task&) { return model(v, r); };
  return p;
}

} // namespace platen::calibrate
