// Full cells whose fate the simulator's events tell; the judge sees the curves alone.

#include "assess/assessment.hpp"
#include "instrument/instrument.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace platen {
namespace {

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

struct Case {
  std::string study;
  bool springs;
};
const std::vector<Case> cases{{"full-6.4-fixed", false},         {"full-12.8-fixed", false},        {"full-25.5-fixed", false},
                              {"full-51.0-fixed", false},        {"full-12.8-springs", true},       {"full-25.5-springs", true},
                              {"full-12.8-fixed-1MPa", false},   {"full-12.8-fixed-3MPa", false},   {"full-12.8-springs-1MPa", true},
                              {"full-12.8-springs-3MPa", true}};

/// The ramp's current density at a time: that of the charge it lies in, or of the discharge after it, A/m2.
double step_at(const Record& ideal, double time) {
  const auto t = ideal.real(col::test_time), i = ideal.real(col::current);
  double out = 0.0;
  for (std::size_t k = 0; k < t.size() && t[k] <= time; ++k) out = std::abs(i[k]) / *ideal.cell.area;
  return out;
}

TEST(FullCells, FailingStepIsThatOfTheEvent) {
  std::vector<Record> ideal(cases.size()), seen(cases.size());
  std::vector<Assessment> judged(cases.size()), through(cases.size());
  work::parallel_for(cases.size(), [&](std::size_t k) {
    ideal[k] = simulate(read_study(folder / (cases[k].study + ".toml")));
    judged[k] = assess(ideal[k]);
    through[k] = assess(measure(ideal[k], typical_instrument(), k + 1));
  });
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const auto event = std::find_if(ideal[k].events.begin(), ideal[k].events.end(),
                                    [](const Event& e) { return e.kind == "soft short" || e.kind == "hard short"; });
    ASSERT_NE(event, ideal[k].events.end()) << cases[k].study;
    // a short at the very switch to the charge belongs to either
    const double here = step_at(ideal[k], event->time), next = step_at(ideal[k], event->time + 60.0);
    for (const Assessment* a : {&judged[k], &through[k]}) {
      EXPECT_TRUE(a->verdict == Verdict::soft_short || a->verdict == Verdict::hard_short) << cases[k].study << ": " << a->reason;
      ASSERT_TRUE(a->ccd && a->ccd->failing_step) << cases[k].study << ": " << a->ccd_refused;
      EXPECT_TRUE(std::abs(*a->ccd->failing_step - here) < 0.5 || std::abs(*a->ccd->failing_step - next) < 0.5)
          << cases[k].study << ": judged " << *a->ccd->failing_step << ", happened at " << here << ": " << a->reason;
      EXPECT_NEAR(a->onset.value_or(0.0), event->time, 900.0) << cases[k].study;
    }
    std::printf("%-24s short at %.1f mA/cm2, judged %.1f, onset %+.0f s from the event\n", cases[k].study.c_str(), next / 10,
                *judged[k].ccd->failing_step / 10, *judged[k].onset - event->time);
  }
}

TEST(FullCells, WithoutAFilamentTheyAreHealthy) {
  std::vector<Assessment> judged(cases.size()), through(cases.size());
  work::parallel_for(cases.size(), [&](std::size_t k) {
    std::string pressure = cases[k].study.ends_with("1MPa") ? "1 MPa" : cases[k].study.ends_with("3MPa") ? "3 MPa" : "5 MPa";
    const std::string text = "extends = \"" + cases[k].study + ".toml\"\ntest = [\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to " +
                             pressure + "\", " + (cases[k].springs ? "\"Fit springs\", " : "") +
                             "\"Heat to 40 degC in 1 h\", \"Set stack pressure to " + pressure +
                             "\", \"Ramp from 0.2 mA/cm2 to 0.6 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V\"]\n"
                             "[mechanisms]\nfilament = false\n";
    const Record ideal = simulate(parse_study(text, "healthy", folder));
    judged[k] = assess(ideal);
    through[k] = assess(measure(ideal, typical_instrument(), k + 1));
  });
  for (std::size_t k = 0; k < cases.size(); ++k)
    for (const Assessment* a : {&judged[k], &through[k]}) {
      // at low pressure voids may take the contact, which is no short
      EXPECT_TRUE(a->verdict == Verdict::healthy || a->verdict == Verdict::contact_loss) << cases[k].study << ": " << a->reason;
      EXPECT_FALSE(a->onset) << cases[k].study << ": " << a->reason;
    }
}

} // namespace
} // namespace platen
