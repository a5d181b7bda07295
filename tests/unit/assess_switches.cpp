// Small tests by name, and what is left of a judgement when one of them is not made.

#include "assess_waveforms.hpp"

#include "assess/assessment.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen {
namespace {

std::vector<std::string> all_but(std::string_view kept) {
  std::vector<std::string> out;
  for (const std::string_view name : evidence_names())
    if (name != kept) out.emplace_back(name);
  return out;
}

TEST(AssessSwitches, EveryTestOfAHalfCycleCanBeLeftOutByName) {
  const Record record = waveforms::ended_by_a_short();
  const Assessment all = assess(record);
  ASSERT_FALSE(all.half_cycles.empty());
  for (const Evidence& e : all.half_cycles.front().evidence) {
    EXPECT_THAT(evidence_names(), testing::Contains(e.name));
    const Assessment a = assess(record, {{e.name}});
    for (const HalfCycleAssessment& h : a.half_cycles)
      for (const Evidence& one : h.evidence) {
        if (one.name != e.name) continue;
        EXPECT_FALSE(one.fired);
        EXPECT_TRUE(std::isnan(one.figure));
        EXPECT_EQ(one.reason, "not made: switched off");
      }
  }
}

TEST(AssessSwitches, AHardShortIsStillFoundByAnyOneOfItsDecidingTests) {
  const Record record = waveforms::ended_by_a_short();
  for (const std::string_view name : {"voltage drop at constant current", "resistance below the ionic floor",
                                      "overpotential no longer follows the current"}) {
    const Assessment a = assess(record, {all_but(name)});
    EXPECT_TRUE(a.onset_half_cycle) << name << ": " << a.reason;
  }
  const Assessment none = assess(record, {all_but("")});
  EXPECT_EQ(none.verdict, Verdict::healthy) << none.reason;
}

TEST(AssessSwitches, ANameThatIsNoTestIsRefused) {
  try {
    assess(waveforms::ended_by_a_short(), {{"nois"}});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.diagnostics().front().code, "D105");
    EXPECT_THAT(error.diagnostics().front().message, testing::HasSubstr("\"nois\""));
  }
}

} // namespace
} // namespace platen
