// Errors of lines and levels under white noise and noise with memory: how often they hold the truth, and how wide they are against those of
// least squares that was told the noise.

#include "numerics/noise_memory.hpp"

#include "numerics/random.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <vector>

namespace platen::numerics {
namespace {

struct Study {
  double inside = 0.0, width = 0.0, remembers = 0.0; ///< share of the intervals that hold the truth, median width over that with the true noise, share with a memory
};

/// `count` readings 1 s apart of a polynomial of that order, asked for its value in the middle (order 4) or its slope (order 1).
Study studied(std::size_t count, int order, const NoiseShape& truth, double lead) {
  constexpr int seeds = 200;
  Study out;
  std::vector<double> widths;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomStream r(seed, "noise study");
    std::vector<double> time, y;
    double state = std::sqrt(truth.slow) * r.normal();
    const double keep = truth.time > 0.0 ? std::exp(-1.0 / truth.time) : 0.0;
    for (std::size_t k = 0; k < count; ++k) {
      time.push_back(static_cast<double>(k));
      y.push_back(state + r.normal());
      state = keep * state + std::sqrt(truth.slow * (1.0 - keep * keep)) * r.normal();
    }
    std::vector<std::vector<double>> columns;
    for (int p = 0; p <= order; ++p) {
      columns.emplace_back();
      for (const double t : time) columns.back().push_back(std::cos(p * std::acos(std::clamp(2.0 * t / time.back() - 1.0, -1.0, 1.0))));
    }
    const auto asked = [&](const LinearWithNoise& fit) {
      std::vector<double> weight(columns.size());
      for (std::size_t p = 0; p < columns.size(); ++p) weight[p] = order == 1 ? (p == 1 ? 1.0 : 0.0) : std::cos(static_cast<double>(p) * std::acos(0.0));
      double value = 0.0, variance = 0.0;
      for (std::size_t a = 0; a < columns.size(); ++a) {
        value += weight[a] * fit.coefficients[a];
        for (std::size_t b = 0; b < columns.size(); ++b) variance += weight[a] * weight[b] * fit.covariance[a * columns.size() + b];
      }
      return std::pair(value, std::sqrt(variance));
    };
    const LinearWithNoise fit = fit_linear(time, {}, y, columns, NoiseLimits{.lead = lead});
    const auto [value, error] = asked(fit);
    NoiseFit told;
    told.shape = truth;
    told.variance = 1.0;
    out.inside += std::abs(value) < 1.96 * error ? 1.0 / seeds : 0.0;
    out.remembers += fit.noise.shape.slow > 0.0 ? 1.0 / seeds : 0.0;
    widths.push_back(error / asked(fit_linear(time, {}, y, columns, told)).second);
  }
  out.width = median(widths);
  return out;
}

struct Case {
  const char* name;
  NoiseShape truth;
};
constexpr std::array cases{Case{"white", {}}, Case{"weak, 3 readings", {0.3, 3.0}}, Case{"3 readings", {1.0, 3.0}}, Case{"10 readings", {1.0, 10.0}}, Case{"strong, 10 readings", {4.0, 10.0}}};

/// What a criterion costs and gains: without one, white noise is taken for one with memory in two cases of three.
TEST(NoiseStudy, WhiteNoiseAndNoiseWithMemory) {
  for (const int order : {4, 1}) {
    for (const std::size_t count : {80U, 200U})
      for (const Case& c : cases) {
        if (order == 1 && count > 80U) continue;
        const Study free = studied(count, order, c.truth, 0.0), asked = studied(count, order, c.truth, 4.0);
        fmt::print("{} from {:>3} readings, {:<19}: covers {:.0f} %, width {:.2f}, memory seen in {:.0f} %; with the criterion {:.0f} %, {:.2f}, {:.0f} %\n",
                   order == 1 ? "slope" : "level", count, c.name, 100 * free.inside, free.width, 100 * free.remembers, 100 * asked.inside, asked.width, 100 * asked.remembers);
        EXPECT_GE(free.inside, 0.75) << c.name;
        if (c.truth.slow > 0.0) continue;
        EXPECT_GE(free.remembers, 0.5);
        EXPECT_LE(asked.remembers, 0.1);
        EXPECT_GE(asked.inside, 0.91);
        EXPECT_GT(free.width, 1.05);
        EXPECT_NEAR(asked.width, 1.0, 0.04);
      }
  }
}

} // namespace
} // namespace platen::numerics
