// One made-up record per situation that the judgement must get right, and what it must say.

#include "assess/assessment.hpp"
#include "assess_waveforms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using testing::HasSubstr;
using waveforms::Fault;

namespace {

waveforms::Ramp ordinary() {
  waveforms::Ramp p;
  p.noise = 2e-4;
  p.quantum = 1e-4;
  p.offset = 3e-3;
  p.voids = 0.5;
  return p;
}

Assessment judge(const waveforms::Ramp& p) { return assess(waveforms::make(p).record); }

TEST(Assess, AHealthyRampGivesALowerBound) {
  const Assessment a = judge(ordinary());
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  EXPECT_FALSE(a.onset);
  ASSERT_TRUE(a.ccd);
  EXPECT_FALSE(a.ccd->failing_step);
  EXPECT_NEAR(*a.ccd->last_passed, 17 * 1.27, 1e-9);
  EXPECT_NEAR(a.ccd->grid, 1.27, 1e-9);
  EXPECT_NEAR(*a.ccd->capacity_per_half_cycle, 17 * 1.27 * 900.0, 17 * 1.27 * 10.0);
  EXPECT_EQ(a.steps.size(), 17u);
  EXPECT_EQ(a.half_cycles.size(), 34u);
  EXPECT_THAT(a.reason, HasSubstr("no sign of a short in 34 half cycles from 0.127 mA/cm2 to 2.16 mA/cm2"));
}

TEST(Assess, ExchangedColumnsAreSuspected) {
  const auto told = [](const Assessment& a) { return std::any_of(a.warnings.begin(), a.warnings.end(), [](const Diagnostic& d) { return d.code == "D108"; }); };
  Record record = waveforms::make(ordinary()).record;
  EXPECT_FALSE(told(assess(record)));
  const std::vector<double> voltage(record.real(col::voltage).begin(), record.real(col::voltage).end()), current(record.real(col::current).begin(), record.real(col::current).end());
  record.set(col::voltage, current);
  record.set(col::current, voltage);
  EXPECT_TRUE(told(assess(record)));
}

TEST(Assess, TheOffsetIsReportedAndDoesNotEnterTheResistance) {
  for (const double offset : {-6e-3, 0.0, 6e-3}) {
    waveforms::Ramp p = ordinary();
    p.offset = offset;
    p.voids = 0.0;
    const Assessment a = judge(p);
    EXPECT_NEAR(a.voltage_offset, offset, 1e-4);
    ASSERT_TRUE(a.voltage_offset_error);
    EXPECT_LE(std::abs(a.voltage_offset - offset), 3.0 * *a.voltage_offset_error);
    EXPECT_LT(*a.voltage_offset_error, 1e-3);
    for (const StepAssessment& s : a.steps) {
      EXPECT_NEAR(s.resistance, 60.0, 1.0);
      EXPECT_NEAR(s.offset, offset, 1e-4);
      EXPECT_NEAR(*s.asr, 60.0 * 0.785e-4, 1e-4);
    }
    for (const HalfCycleAssessment& h : a.half_cycles) EXPECT_NEAR(*h.asr, 60.0 * 0.785e-4, 4e-4);
  }
}

TEST(Assess, AHardShortGivesTheIntervalTheOnsetAndASentence) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::hard;
  p.failing_step = 12;
  p.life_after = 120.0;
  const waveforms::Waveform w = waveforms::make(p);
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::hard_short);
  ASSERT_TRUE(a.ccd);
  EXPECT_NEAR(*a.ccd->failing_step, 13 * 1.27, 1e-9);
  EXPECT_NEAR(*a.ccd->last_passed, 12 * 1.27, 1e-9);
  EXPECT_NEAR(a.ccd->grid, 1.27, 1e-9);
  EXPECT_NEAR(*a.onset, w.onset, 10.0);
  EXPECT_EQ(*a.onset_half_cycle, 24u);
  EXPECT_TRUE(a.steps[12].failed);
  EXPECT_FALSE(a.steps[11].failed);
  EXPECT_EQ(a.half_cycles[24].verdict, Verdict::hard_short);
  EXPECT_GT(a.half_cycles[24].score, 0.9);
  EXPECT_LT(a.half_cycles[23].score, 0.3);
  EXPECT_THAT(a.reason, testing::MatchesRegex("at 1.65 mA/cm2 the voltage fell from .* mV to .* mV within .* s .*threshold 30 %.*"));
  // two half cycles per step of 1.27 to 15.24 A/m2, and half of the one that failed
  EXPECT_NEAR(*a.capacity_to_failure, 1.27 * 900.0 * (2.0 * 78.0 + 0.5 * 13.0), 1.27 * 900.0);
  ASSERT_FALSE(a.evidence.empty());
  EXPECT_EQ(a.evidence[0].name, "voltage drop at constant current");
  EXPECT_TRUE(a.evidence[0].fired);
  EXPECT_GT(a.evidence[0].figure, a.evidence[0].threshold);
}

TEST(Assess, AShortInTheVeryLastRowIsSeen) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::hard;
  p.failing_step = 9;
  p.life_after = 0.0;
  const waveforms::Waveform w = waveforms::make(p);
  ASSERT_DOUBLE_EQ(w.onset, w.record.real(col::test_time).back());
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::hard_short) << a.reason;
  EXPECT_NEAR(*a.ccd->failing_step, 10 * 1.27, 1e-9);
  EXPECT_NEAR(*a.onset, w.onset, 10.0);
}

TEST(Assess, ALastRowReadAfterTheSwitchIsNoShort) {
  waveforms::Waveform w = waveforms::make(ordinary());
  const Segments s = find_segments(w.record);
  auto v = w.record.real(col::voltage);
  for (const HalfCycle& h : s.half_cycles) v[h.last] = 0.0;
  v[s.half_cycles.back().last] = v[s.half_cycles.back().last - 1];
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(Assess, ASoftShortComesAndGoes) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::soft;
  p.failing_step = 8;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_NEAR(*a.ccd->failing_step, 9 * 1.27, 1e-9);
}

TEST(Assess, ACellShortedBeforeTheFirstStepIsFakeStableAndHasNoCcd) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::shorted_before;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::fake_stable) << a.reason;
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, HasSubstr("already shorted"));
  EXPECT_FALSE(a.onset);
  EXPECT_TRUE(a.evidence[1].fired) << a.evidence[1].reason;
  EXPECT_THAT(a.reason, HasSubstr("ohm cm2"));
}

TEST(Assess, NoiseOfTheFirstStepsDoesNotTurnAnOldShortIntoACcd) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    waveforms::Ramp p = ordinary();
    p.fault = Fault::shorted_before;
    p.resistance = 40.0;
    p.short_resistance = 8.0;
    p.noise = 1.5e-3;
    p.seed = seed;
    const Assessment a = judge(p);
    EXPECT_EQ(a.verdict, Verdict::fake_stable) << a.reason;
    EXPECT_FALSE(a.ccd) << seed << " " << a.reason;
    EXPECT_FALSE(a.onset);
  }
}

TEST(Assess, ACellShortedAtTenOhmStaysBelowItsFloorToo) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::shorted_before;
  p.resistance = 40.0;
  p.short_resistance = 10.0;
  p.floor_share = 0.6;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::fake_stable) << a.reason;
}

TEST(Assess, RisingVoltageIsContactLossAndNotAShort) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::contact;
  p.failing_step = 10;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
  ASSERT_TRUE(a.ccd);
  EXPECT_FALSE(a.ccd->failing_step);
  EXPECT_NEAR(*a.ccd->last_passed, 10 * 1.27, 1e-9);
}

TEST(Assess, ContactLostInOneHalfCycleAndBackInTheNextIsNotAShort) {
  waveforms::Waveform w = waveforms::make(ordinary());
  const Segments s = find_segments(w.record);
  auto v = w.record.real(col::voltage);
  auto i = w.record.real(col::current);
  const HalfCycle& h = s.half_cycles[20];
  for (std::size_t k = h.first + 40; k <= h.last; ++k) { // runs into the 5 V limit, where the current tapers
    const double rise = std::exp(static_cast<double>(k - h.first - 40) / 8.0);
    const double wanted = v[k] * rise;
    v[k] = std::min(5.0, wanted);
    i[k] *= v[k] / wanted;
  }
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
  EXPECT_EQ(a.half_cycles[20].verdict, Verdict::contact_loss);
  EXPECT_EQ(a.half_cycles[21].verdict, Verdict::healthy);
}

TEST(Assess, VoidsThatOpenAndAreRefilledAreHealthy) {
  waveforms::Ramp p = ordinary();
  p.voids = 4.0;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(Assess, HeatingWhileCyclingIsNotAShort) {
  for (const bool sudden : {false, true}) {
    waveforms::Ramp p = ordinary();
    p.voids = 0.0;
    waveforms::Waveform w = waveforms::make(p);
    auto v = w.record.real(col::voltage);
    std::vector<double> temperature;
    const std::size_t between = find_segments(w.record).half_cycles[11].first;
    for (std::size_t k = 0; k < w.record.rows(); ++k) {
      const double share = sudden ? (k < between ? 0.0 : 1.0) : std::clamp(static_cast<double>(k) / 1500.0, 0.0, 1.0);
      temperature.push_back(298.15 + 15.0 * share);
      v[k] = p.offset + (v[k] - p.offset) * std::exp(4178.0 * (1.0 / temperature.back() - 1.0 / 298.15));
    }
    w.record.set(col::temperature, temperature);
    const Assessment a = assess(w.record);
    EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
    EXPECT_NEAR(*a.ionic_floor, 30.0 * 0.785e-4 * std::exp(4178.0 * (1.0 / 313.15 - 1.0 / 298.15)), 2e-6);
  }
}

TEST(Assess, WithoutCyclingNothingCanBeTold) {
  waveforms::Ramp p = ordinary();
  p.steps = 0;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::cannot_tell);
  EXPECT_FALSE(a.ccd);
  EXPECT_FALSE(a.ccd_refused.empty());
  EXPECT_FALSE(a.capacity_to_failure);
}

TEST(Assess, AnEmptyRecordCannotBeTold) {
  Record r;
  r.set(col::test_time, std::vector<double>{});
  r.set(col::voltage, std::vector<double>{});
  r.set(col::current, std::vector<double>{});
  EXPECT_EQ(assess(r).verdict, Verdict::cannot_tell);
}

TEST(Assess, MissingColumnsAreErrors) {
  Record r = waveforms::make(ordinary()).record;
  Record without_voltage;
  without_voltage.set(col::test_time, std::vector<double>(10, 0.0));
  without_voltage.set(col::current, std::vector<double>(10, 0.0));
  EXPECT_THROW(assess(without_voltage), Error);
  EXPECT_THROW(assess(Record{}), Error);
}

TEST(Assess, ASingleHalfCycleIsJudgedOnlyWithAFloor) {
  waveforms::Ramp p = ordinary();
  p.steps = 1;
  waveforms::Waveform w = waveforms::make(p);
  const Segments s = find_segments(w.record);
  auto i = w.record.real(col::current);
  for (std::size_t k = s.half_cycles[1].first; k <= s.half_cycles[1].last; ++k) i[k] = 0.0;
  auto v = w.record.real(col::voltage);
  for (std::size_t k = s.half_cycles[1].first; k <= s.half_cycles[1].last; ++k) v[k] = 0.0;
  EXPECT_EQ(assess(w.record).verdict, Verdict::healthy);
  EXPECT_THAT(assess(w.record).ccd_refused, HasSubstr("a single current"));
  w.record.cell.electrolyte_thickness.reset();
  EXPECT_EQ(assess(w.record).verdict, Verdict::cannot_tell);
}

TEST(Assess, WithoutAreaTheCcdIsRefusedInMilliampere) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::hard;
  p.failing_step = 12;
  waveforms::Waveform w = waveforms::make(p);
  w.record.cell.area.reset();
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::hard_short);
  EXPECT_FALSE(a.ccd);
  EXPECT_FALSE(a.capacity_to_failure);
  EXPECT_THAT(a.ccd_refused, HasSubstr("area"));
  EXPECT_THAT(a.ccd_refused, HasSubstr("1.296 mA"));
  EXPECT_THAT(a.reason, HasSubstr("1.3 mA"));
}

TEST(Assess, OneCurrentIsNoRamp) {
  waveforms::Ramp p = ordinary();
  p.steps = 1;
  p.cycles_per_step = 6;
  p.fault = Fault::hard;
  p.failing_step = 0;
  p.first = 5.0;
  const Assessment a = judge(p);
  EXPECT_EQ(a.verdict, Verdict::hard_short) << a.reason;
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, HasSubstr("single current"));
}

TEST(Assess, AnInterruptedLastStepDoesNotCountAsPassed) {
  const waveforms::Waveform whole = waveforms::make(ordinary());
  const HalfCycle last = find_segments(whole.record).half_cycles.back();
  const auto cut = [&](std::string_view name) {
    const auto column = whole.record.real(name);
    return std::vector<double>(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(last.first + 30));
  };
  Record r;
  for (const auto name : {col::test_time, col::current, col::voltage}) r.set(name, cut(name));
  r.cell = whole.record.cell;
  const Assessment a = assess(r);
  EXPECT_EQ(a.verdict, Verdict::healthy);
  EXPECT_NEAR(*a.ccd->last_passed, 16 * 1.27, 1e-9);
}

TEST(Assess, WithoutGeometryARampIsStillJudgedAndSaysWhatIsMissing) {
  waveforms::Ramp p = ordinary();
  waveforms::Waveform w = waveforms::make(p);
  w.record.cell.electrolyte_thickness.reset();
  w.record.cell.temperature.reset();
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  EXPECT_FALSE(a.ionic_floor);
  ASSERT_FALSE(a.warnings.empty());
  EXPECT_EQ(a.warnings[0].code, "D100");
  EXPECT_THAT(a.warnings[0].message, HasSubstr("electrolyte_thickness"));
}

TEST(Assess, AFullCellIsNotJudgedAsASymmetricOne) {
  waveforms::Waveform w = waveforms::make(ordinary());
  for (double& v : w.record.real(col::voltage)) v += 3.7;
  w.record.cell.configuration = Configuration::unknown;
  EXPECT_EQ(assess(w.record).verdict, Verdict::cannot_tell);
}

TEST(Assess, WhatDrivesCurrentIsNoSymmetricCell) {
  waveforms::Waveform w = waveforms::make(ordinary());
  for (double& v : w.record.real(col::voltage)) v = 0.1 + 0.5 * std::abs(v); // half a cell of graphite: never 1 V, never negative
  w.record.cell.configuration = Configuration::unknown;
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::cannot_tell);
  EXPECT_THAT(a.reason, HasSubstr("the cell drives it"));
  waveforms::Waveform shorted = waveforms::make(ordinary());
  for (double& v : shorted.record.real(col::voltage)) v = 0.004 + 1e-3 * v; // nothing but the zero error of the cycler
  shorted.record.cell.configuration = Configuration::unknown;
  EXPECT_THAT(assess(shorted.record).reason, Not(HasSubstr("drives")));
}

TEST(Assess, StackPressureIsSummedUpPerCycle) {
  waveforms::Waveform w = waveforms::make(ordinary());
  const Segments s = find_segments(w.record);
  std::vector<double> pressure(w.record.rows(), 4.9e6);
  for (std::size_t c = 0; c < 17; ++c)
    for (std::size_t k = s.half_cycles[2 * c].first; k <= s.half_cycles[2 * c + 1].last; ++k) {
      const double x = static_cast<double>(k - s.half_cycles[2 * c].first) / 179.0;
      pressure[k] = 5e6 + 1e5 * static_cast<double>(c) + 2e4 * (1.0 - std::abs(2.0 * x - 1.0));
    }
  pressure[s.half_cycles[0].first + 50] = std::nan("");
  pressure[s.half_cycles[0].first + 60] = 9e6; // a spike of the load cell
  w.record.set(col::stack_pressure, pressure);
  const Assessment a = assess(w.record);
  ASSERT_EQ(a.pressure.cycles.size(), 17u);
  EXPECT_NEAR(a.pressure.cycles[0].swing, 2e4, 5e2);
  EXPECT_NEAR(a.pressure.cycles[3].minimum, 5.3e6, 5e2);
  EXPECT_NEAR(*a.pressure.largest_change_while_cycling, 1.62e6, 1e3);
  EXPECT_NEAR(*a.pressure.after_release, 5e6, 5e2);
}

TEST(Assess, WithoutVoltagesNothingCanBeTold) {
  waveforms::Waveform w = waveforms::make(ordinary());
  for (double& v : w.record.real(col::voltage)) v = std::nan("");
  const Assessment a = assess(w.record);
  EXPECT_EQ(a.verdict, Verdict::cannot_tell);
  EXPECT_THAT(a.reason, HasSubstr("missing"));
}

TEST(Assess, GarbageIsJudgedWithoutHarm) {
  constexpr double odd[] = {0.0, -0.0, 1e300, -1e300, 1e-300, INFINITY, -INFINITY, NAN, 1.0, -1.0, 5.0};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    numerics::RandomStream draws(seed, "garbage");
    waveforms::Ramp p = ordinary();
    p.steps = 1 + seed % 4;
    p.interval = seed % 3 == 0 ? 300.0 : 30.0;
    waveforms::Waveform w = waveforms::make(p);
    std::vector<double> temperature(w.record.rows(), 300.0), pressure(w.record.rows(), 5e6), clock(w.record.rows(), 0.0);
    w.record.set(col::temperature, temperature);
    w.record.set(col::stack_pressure, pressure);
    w.record.set(col::step_time, clock);
    const double share = std::pow(draws.uniform(), 3.0);
    for (const auto name : {col::test_time, col::current, col::voltage, col::temperature, col::stack_pressure, col::step_time})
      for (double& v : w.record.real(name))
        if (draws.uniform() < share) v = odd[draws.bits() % std::size(odd)];
    const Assessment a = assess(w.record);
    EXPECT_FALSE(a.reason.empty());
    EXPECT_TRUE(a.ccd || !a.ccd_refused.empty());
    for (const HalfCycleAssessment& h : a.half_cycles) EXPECT_TRUE(h.score >= 0.0 && h.score <= 1.0) << seed << " " << h.score;
  }
}

TEST(Assess, AHundredThousandRowsAreJudged) {
  waveforms::Ramp p = ordinary();
  p.interval = 0.3;
  const waveforms::Waveform w = waveforms::make(p);
  ASSERT_GT(w.record.rows(), 100000u);
  EXPECT_EQ(assess(w.record).verdict, Verdict::healthy);
}

} // namespace
