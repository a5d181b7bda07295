// The identities in every experiment of Ham et al. (2022), and that the number of cores changes nothing. A new study of
// studies/ham2022 is covered by being there.

#include "assess/assessment.hpp"
#include "identities.hpp"
#include "simulate/simulate.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <gtest/gtest.h>

namespace platen {
namespace {

const std::vector<Study>& studies() {
  static const std::vector<Study> all = [] {
    std::vector<Study> out = ham2022_studies();
    for (Study& study : out) study.output.parts = true;
    return out;
  }();
  return all;
}

/// "hold_1min" of "studies/ham2022/hold-1min.toml".
std::string name_of(const Study& study) {
  std::string name = std::filesystem::path(study.sources.front().first).stem().string();
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class EveryStudyOfThePaper : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Identities, EveryStudyOfThePaper, ::testing::Range<std::size_t>(0, studies().size()),
                         [](const auto& i) { return name_of(studies()[i.param]); });

TEST_P(EveryStudyOfThePaper, HoldsEveryIdentity) {
  const Study& study = studies()[GetParam()];
  identities::hold_every_one(study, simulate(study));
}

std::vector<Record> run_on(unsigned threads) {
  std::vector<Record> out(studies().size());
  work::parallel_for(out.size(), [&](std::size_t k) { out[k] = simulate(studies()[k]); }, threads);
  return out;
}

TEST(StudiesOfThePaper, OneCoreAndManyGiveTheSameRecords) {
  const std::vector<Record> one = run_on(1), many = run_on(4);
  for (std::size_t k = 0; k < one.size(); ++k) {
    SCOPED_TRACE(name_of(studies()[k]));
    ASSERT_GT(one[k].rows(), 100U);
    identities::are_the_same(one[k], many[k]);
  }
}

} // namespace
} // namespace platen
