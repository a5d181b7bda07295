// Rows between samples against rows that are worked out one by one: the same steps, seen on a fine and on a coarse grid.

#include "simulate/sampling.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <map>

namespace platen {
namespace {

Record run(const std::string& base, double interval) {
  Study study = parse_study("extends = \"" + base + ".toml\"\n", "rows.toml", std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
  study.output.interval = interval;
  study.output.parts = true;
  return simulate(study);
}

class SampledRows : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Studies, SampledRows, ::testing::Values("hold-30min", "hold-1440min", "full-25.5-fixed", "full-25.5-springs"));

TEST_P(SampledRows, AreWhatEachRowByItselfWouldBe) {
  const Record fine = run(GetParam(), 5.0), coarse = run(GetParam(), 300.0);
  const auto key = [](const Record& r, std::size_t k) { return std::pair{r.integer(col::step_count)[k], r.real(col::step_time)[k]}; };
  std::map<std::pair<std::int32_t, double>, std::size_t> place;
  for (std::size_t k = 0; k < fine.rows(); ++k) place.emplace(key(fine, k), k);
  for (const Column& column : coarse.columns()) {
    if (!std::holds_alternative<std::vector<double>>(column.values)) continue;
    // balances follow the rows as written, `limit` is a name, the residual of a balance is as small as its errors
    if (column.name == "limit" || column.name.find("balance") != std::string::npos) continue;
    const auto a = coarse.real(column.name), b = fine.real(column.name);
    double size = 0.0, off = 0.0;
    std::size_t paired = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const auto found = place.find(key(coarse, k));
      if (found == place.end() || !std::isfinite(a[k])) continue;
      ++paired;
      size = std::max(size, std::abs(a[k]));
      off = std::max(off, std::abs(a[k] - b[found->second]));
    }
    // 1e-6 of the column at the two places of each step where it is compared
    EXPECT_LE(off, 1e-5 * size) << column.name;
    if (column.name == col::voltage) {
      EXPECT_GT(paired, 100U);
      std::printf("%s: voltage off by %.1e of its largest over %zu rows\n", GetParam(), off / size, paired);
    }
  }
}

TEST(Samples, APolynomialOfDegreeFiveIsExactAndAConstantStaysToTheBit) {
  using namespace simulation;
  const auto polynomial = [](double s) { return 0.3 + s * (-2.0 + s * (1.5 + s * (4.0 + s * (-3.0 + s * 0.7)))); };
  std::array<double, sample_nodes.size()> values, constant;
  constant.fill(0.1);
  for (std::size_t j = 0; j < values.size(); ++j) values[j] = polynomial(sample_nodes[j]);
  const std::array<double, 5> places{0.0, 0.03, 0.5, 0.77, 1.0};
  std::array<double, (sample_nodes.size() - 1) * places.size()> weights;
  std::array<double, places.size()> out;
  sample_weights(places, weights);
  interpolate_samples(values, weights, out);
  for (std::size_t k = 0; k < places.size(); ++k) EXPECT_NEAR(out[k], polynomial(places[k]), 1e-14);
  interpolate_samples(constant, weights, out);
  for (const double v : out) EXPECT_EQ(v, 0.1);
}

} // namespace
} // namespace platen
