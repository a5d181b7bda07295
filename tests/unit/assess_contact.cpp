// Contact that is lost: found where the voltage shows it, and not called a short; nor is a short called contact.

#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"
#include "assess_made.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

/// Twelve half cycles of 600 s at 1 mA and 60 ohm with 0.1 mV of noise, `times` the resistance.
Record symmetric(const std::function<double(std::size_t half_cycle, double into)>& times) {
  numerics::RandomStream draws(3, "contact");
  std::vector<double> time, current, voltage;
  double clock = 0.0;
  for (; clock < 600.0; clock += 10.0) {
    time.push_back(clock);
    current.push_back(0.0);
    voltage.push_back(1e-4 * draws.normal());
  }
  for (std::size_t h = 0; h < 12; ++h)
    for (int k = 0; k < 60; ++k, clock += 10.0) {
      const double i = h % 2 == 0 ? 1e-3 : -1e-3;
      time.push_back(clock);
      current.push_back(i);
      voltage.push_back(i * 60.0 * times(h, (k + 1) / 60.0) + 1e-4 * draws.normal());
    }
  return waveforms::symmetric_record(time, current, voltage);
}

TEST(AssessContact, FourTimesTheResistanceIsLostContact) {
  const auto divergent = [](double most) {
    return [most](std::size_t h, double into) { return h == 8 ? 1.0 + (most - 1.0) * std::pow(into, 3) : 1.0; };
  };
  EXPECT_EQ(assess(symmetric(divergent(4.4))).verdict, Verdict::contact_loss);
  EXPECT_EQ(assess(symmetric(divergent(3.6))).verdict, Verdict::healthy); // voids that are refilled
}

TEST(AssessContact, AFirstHalfCycleThatRisesLostItAndOneThatFallsDidNot) {
  const Assessment rises = assess(symmetric([](std::size_t h, double into) { return h == 0 ? 1.0 + 5.0 * into * into : 1.0; }));
  EXPECT_EQ(rises.half_cycles[0].verdict, Verdict::contact_loss);
  const Assessment falls = assess(symmetric([](std::size_t h, double into) { return h == 0 && into < 0.5 ? 6.0 : 1.0; }));
  EXPECT_NE(falls.half_cycles[0].verdict, Verdict::contact_loss) << falls.reason;
}

TEST(AssessContact, NoiseAtASmallCurrentIsNoLostContact) {
  // 60 uV of overpotential under 0.1 mV of noise
  Record r = symmetric([](std::size_t, double) { return 1e-3; });
  EXPECT_NE(assess(r).verdict, Verdict::contact_loss);
}

/// A full cell of 100 ohm between 2.5 and 4.3 V, five cycles at 0.2 mA; from cycle 3 on `times` the resistance. `drained`: charge that
/// the cell loses at rest after the last charge, share of the capacity. `slow`: ohm that follow the current with 5 min, as diffusion does.
Record full(double times, double drained = 0.0, double slow = 0.0) {
  numerics::RandomStream draws(4, "contact");
  constexpr double capacity = 30.0, i = 2e-4;
  std::vector<double> time, current, voltage;
  double clock = 0.0, x = 0.0, behind = 0.0;
  const auto open_circuit = [](double at) { return 3.5 + 0.6 * at - 0.9 * std::exp(-60.0 * at); };
  const auto row = [&](double now, double v) {
    time.push_back(clock);
    current.push_back(now);
    voltage.push_back(v + 2e-4 * draws.normal());
  };
  for (int k = 0; k < 30; ++k, clock += 60.0) row(0.0, open_circuit(x));
  for (int cycle = 0; cycle < 5; ++cycle) {
    const double R = 100.0 * (cycle >= 3 ? times : 1.0);
    for (const double now : {i, -i}) {
      for (double v = 3.0; now > 0 ? v < 4.2 : v > 2.5;) {
        clock += 60.0;
        x += now * 60.0 / capacity;
        behind += (now * slow - behind) * -std::expm1(-60.0 / 300.0);
        row(now, v = open_circuit(x) + now * R + behind);
      }
      if (now > 0 && cycle == 4) x -= drained;
      for (int k = 0; k < 10; ++k) {
        clock += 60.0;
        behind *= std::exp(-60.0 / 300.0);
        row(0.0, open_circuit(x) + behind);
      }
    }
  }
  return waveforms::record_of(Configuration::full, time, current, voltage, 1e-4);
}

/// A level that is another one from half cycle 6 on; `pressed`: Pa, a stack pressure that was logged.
Assessment another_level(double plus, double minus, double pressed = 0.0) {
  Record r = symmetric([&](std::size_t h, double) { return h < 6 ? 1.0 : h % 2 == 0 ? plus : minus; });
  if (pressed > 0.0) r.set(col::stack_pressure, std::vector<double>(r.rows(), pressed));
  return assess(r);
}

TEST(AssessContact, ASteadyFallBetweenHalfCyclesMayBeScrewsThatWereTurned) {
  const Assessment turned = another_level(0.6, 0.6);
  EXPECT_EQ(turned.verdict, Verdict::cannot_tell) << turned.reason;
  EXPECT_TRUE(turned.reason.starts_with("an old short or contact that got better, no stack pressure tells")) << turned.reason;
  EXPECT_FALSE(turned.onset);
  EXPECT_FALSE(turned.onset_half_cycle);
  EXPECT_EQ(another_level(0.6, 0.6, 5e6).verdict, Verdict::fake_stable) << "the pressure says that nobody turned a screw";
  EXPECT_EQ(another_level(0.3, 0.3).verdict, Verdict::hard_short) << "contact that got better leaves half of the resistance at least";
  EXPECT_NE(another_level(0.6, 1.0).verdict, Verdict::cannot_tell) << "screws press on both directions";
}

TEST(AssessContact, AFullCellShowsItBeforeItsCapacitySuffers) {
  const Assessment lost = assess(full(6.0));
  EXPECT_EQ(lost.verdict, Verdict::contact_loss) << lost.reason;
  EXPECT_EQ(lost.half_cycles[5].verdict, Verdict::healthy);
  EXPECT_EQ(lost.half_cycles[7].verdict, Verdict::contact_loss);
  const Evidence& e = waveforms::evidence_of(lost, 7, "resistance rises and capacity is lost");
  EXPECT_TRUE(e.fired);
  EXPECT_GT(e.strength, 0.999) << "what fired lies beyond its threshold";
  EXPECT_GT(e.error, 0.0);
  EXPECT_NE(lost.reason.find("charge and discharge lay apart by"), std::string::npos) << lost.reason;
  EXPECT_EQ(assess(full(3.0)).verdict, Verdict::healthy);
  EXPECT_EQ(assess(full(1.0)).verdict, Verdict::healthy);
}

TEST(AssessContact, DiffusionDoesNotHideIt) {
  const Assessment lost = assess(full(6.0, 0.0, 200.0)); // 2.7 times between charge and discharge, 6 times at the switch
  EXPECT_EQ(lost.verdict, Verdict::contact_loss) << lost.reason;
  EXPECT_NE(lost.reason.find("(thresholds 2 and 4 times)"), std::string::npos) << lost.reason;
  EXPECT_EQ(assess(full(1.0, 0.0, 200.0)).verdict, Verdict::healthy);
  EXPECT_EQ(assess(full(6.0, 0.0, 900.0)).verdict, Verdict::healthy) << "what is not twice as much altogether is not asked";
}

/// s, when the rest after the second charge, the second discharge ... begins.
double rest_after(const Record& r, std::size_t half_cycle) { return find_segments(r).half_cycles[half_cycle].end + 100.0; }

TEST(AssessContact, TapersAreNoMeasureOfTheUsualJump) {
  Stroke plain, taper;
  plain.at_switch = 100.0;
  taper.at_switch = 1.0;
  taper.passed_before = 5.0;
  Earlier earlier;
  earlier.charges = {&taper, &plain, &taper};
  EXPECT_EQ(earlier.usual_jump(1, &Stroke::at_switch), 100.0);
}

TEST(AssessContact, OfAFullCellAnArcThatGrowsSaysIt) {
  const char* const arc = "interfacial arc that grows";
  Record r = full(3.0);
  EXPECT_EQ(assess(r).verdict, Verdict::healthy);
  for (const std::size_t h : {1U, 3U, 5U}) r.spectra.push_back(waveforms::spectrum(rest_after(r, h), 60.0, 40.0));
  r.spectra.push_back(waveforms::spectrum(rest_after(r, 7), 60.0, 240.0));
  Assessment a = assess(r);
  EXPECT_TRUE(waveforms::evidence_of(a, 7, arc).fired) << waveforms::evidence_of(a, 7, arc).reason;
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
  EXPECT_NE(a.reason.find("the interfaces had 240 ohm at 1 Hz"), std::string::npos) << a.reason;
  EXPECT_EQ(assess(r, {{arc}}).verdict, Verdict::healthy);
  // after charges a cathode is another one than after discharges
  for (std::size_t k = 0; k < 3; ++k) r.spectra[k] = waveforms::spectrum(rest_after(r, 2 * k), 60.0, 40.0);
  a = assess(r);
  EXPECT_TRUE(std::isnan(waveforms::evidence_of(a, 7, arc).figure));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessContact, ResistanceBetweenChargeAndDischarge) {
  const Record r = full(6.0);
  const auto strokes = make_strokes(r, rows_of(r), find_segments(r));
  ASSERT_EQ(strokes.size(), 10U);
  EXPECT_TRUE(std::isnan(strokes[0].cycle_resistance));
  for (std::size_t k = 1; k < 6; ++k) EXPECT_NEAR(strokes[k].cycle_resistance, 100.0, 3.0) << k;
  EXPECT_NEAR(strokes[6].cycle_resistance, 350.0, 10.0); // half of it is the discharge with contact
  for (std::size_t k = 7; k < 10; ++k) EXPECT_NEAR(strokes[k].cycle_resistance, 600.0, 10.0) << k;
}

TEST(AssessContact, ChargeThatIsLostMovesTheCurvesApartButIsNoContact) {
  const Assessment a = assess(full(1.0, 0.25));
  for (const HalfCycleAssessment& h : a.half_cycles) EXPECT_NE(h.verdict, Verdict::contact_loss) << a.reason;
  const Record r = full(1.0, 0.25);
  EXPECT_GT(make_strokes(r, rows_of(r), find_segments(r))[9].cycle_resistance, 400.0); // the jump at the switch tells them apart
}

} // namespace
} // namespace platen::assessing
