// Spectra in a simulated test: when they are taken, what is said of them, and what interrupts a sentence.

#include "simulate/impedance.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using testing::ElementsAre;

namespace {

Record run(const std::string& sentences, const std::string& base = "symmetric.toml", const std::string& more = "") {
  return simulate(parse_study("extends = \"" + base + "\"\nname = \"spectra\"\ntest = [" + sentences + "]\n" + more, "spectra.toml",
                              std::filesystem::path(PLATEN_SOURCE_DIR) / "studies/ham2022"));
}

std::vector<double> starts(const Record& record) {
  std::vector<double> out;
  for (const Spectrum& s : record.spectra) out.push_back(s.start);
  return out;
}

std::vector<std::string> kinds(const Record& record) {
  std::vector<std::string> out;
  for (const Event& e : record.events) out.push_back(e.kind);
  return out;
}

} // namespace

TEST(Sweep, IsEvenInTheLogarithmAndEndsExactly) {
  const auto usual = simulation::sweep_frequencies({});
  ASSERT_EQ(usual.size(), 81U);
  EXPECT_EQ(usual.front(), 10e6);
  EXPECT_EQ(usual.back(), 0.1);
  EXPECT_EQ(usual[50], 100.0);
  const auto odd = simulation::sweep_frequencies({.f_high = 3e5, .f_low = 0.07, .points_per_decade = 6});
  EXPECT_EQ(odd.front(), 3e5);
  EXPECT_EQ(odd.back(), 0.07);
  for (std::size_t k = 2; k < odd.size(); ++k) EXPECT_NEAR(odd[k] / odd[k - 1], odd[1] / odd[0], 1e-12);
  EXPECT_THAT(simulation::sweep_frequencies({.f_high = 2.0, .f_low = 1.9, .points_per_decade = 1}), ElementsAre(2.0, 1.9));
}

TEST(Spectra, SayWhenAndUnderWhatTheyWereTaken) {
  const Record record = run(R"("Set stack pressure to 25 MPa", "Measure impedance with 5 mV", "Hold at 25 MPa for 1 h at 30 degC",
                              "Every 20 min: measure impedance", "Measure impedance from 1 MHz to 1 Hz, 2 points per decade")");
  EXPECT_THAT(starts(record), ElementsAre(0.0, 1200.0, 2400.0, 3600.0));
  EXPECT_THAT(kinds(record), ElementsAre("step", "step", "impedance", "step", "impedance", "impedance", "step", "impedance"));
  EXPECT_TRUE(std::is_sorted(record.events.begin(), record.events.end(), [](const Event& a, const Event& b) { return a.time < b.time; }));
  EXPECT_EQ(record.events.back().text, "impedance 4: 13 points from 1e+06 Hz to 1 Hz");
  const Spectrum& first = record.spectra.front();
  EXPECT_EQ(first.label, "impedance 1");
  EXPECT_EQ(first.amplitude, 5e-3);
  EXPECT_EQ(first.modulation, Modulation::voltage);
  EXPECT_EQ(first.dc_voltage, 0.0);
  EXPECT_EQ(first.dc_current, 0.0);
  EXPECT_EQ(first.temperature, 298.15);
  EXPECT_EQ(record.spectra[1].temperature, 303.15);
  EXPECT_EQ(record.spectra[3].size(), 13U);
  EXPECT_GT(first.real.back(), 2.0 * record.spectra[3].real.back()) << "contact has closed";
  const auto type = record.integer(col::step_type);
  EXPECT_EQ(std::count(type.begin(), type.end(), static_cast<std::int32_t>(StepType::impedance)), 2) << "one row for each sentence of its own";
}

TEST(Spectra, AreTakenWhileCurrentFlowsAndWhileAVoltageIsHeld) {
  const Record record = run(R"("Hold at 25 MPa for 30 min", "Release to 5 MPa", "Plate at 0.2 mA/cm2 for 30 min", "Every 10 min: measure impedance",
                              "Hold at 20 mV for 5 min", "Every 2 min: measure impedance")");
  EXPECT_THAT(starts(record), ElementsAre(2400.0, 3000.0, 3720.0, 3840.0));
  EXPECT_NEAR(*record.spectra[0].dc_current, 0.2 * 0.785e-3, 1e-12);
  EXPECT_NEAR(*record.spectra[2].dc_voltage, 20e-3, 1e-12);
  EXPECT_GT(*record.spectra[2].dc_current, 0.0);
}

TEST(Spectra, FollowARampThroughItsHalfCycles) {
  const Record record = run(R"("Hold at 25 MPa for 30 min", "Release to 5 MPa", "Ramp from 0.1 mA/cm2 to 0.2 mA/cm2 in steps of 0.1 mA/cm2, 15 min per half cycle",
                              "Every 10 min: measure impedance")");
  EXPECT_THAT(starts(record), ElementsAre(2400.0, 3000.0, 3600.0, 4200.0, 4800.0)) << "one on the switch at 3600 s belongs to the half cycle that begins";
  EXPECT_LT(*record.spectra[1].dc_current, 0.0);
  EXPECT_GT(*record.spectra[2].dc_current, 0.0);
  EXPECT_EQ(record.spectra[1].cycle_count, 1);
  EXPECT_EQ(record.spectra[2].cycle_count, 2);
}

TEST(Spectra, GoOnThroughWhatIsRepeated) {
  const Record record = run(R"("Hold at 25 MPa for 30 min", "Repeat 2 times: Plate at 0.1 mA/cm2 for 10 min; Strip at 0.1 mA/cm2 for 10 min", "Every 15 min: measure impedance")");
  EXPECT_THAT(starts(record), ElementsAre(2700.0, 3600.0));
  EXPECT_LT(*record.spectra[0].dc_current, 0.0);
}

TEST(Spectra, OfADynamicRunAreThoseOfTheQuasiStaticOne) {
  const std::string test = R"("Hold at 25 MPa for 30 min", "Every 10 min: measure impedance")", dynamic = "[output]\ncapacitances = \"dynamic\"\n";
  const Record still = run(test), moving = run(test, "symmetric.toml", dynamic);
  ASSERT_EQ(still.spectra.size(), 2U);
  ASSERT_EQ(moving.spectra.size(), 2U);
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t k = 0; k < still.spectra[s].size(); ++k) {
      EXPECT_NEAR(still.spectra[s].real[k], moving.spectra[s].real[k], 1e-4 * still.spectra[s].real[k]);
      EXPECT_NEAR(still.spectra[s].imaginary[k], moving.spectra[s].imaginary[k], 1e-4 * still.spectra[s].real[k]);
    }
}

TEST(Spectra, OfAnEmptyFixtureAreRefused) {
  try {
    run(R"("Hold at 25 MPa for 30 min", "Every 10 min: measure impedance")", "empty-fixture.toml");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "C060");
  }
}

TEST(Interruptions, StopAndResumeWhatTheyInterrupt) {
  const Record record = run(R"("Hold at 25 MPa for 30 min", "Release to 5 MPa", "Plate at 0.2 mA/cm2 for 30 min", "Every 10 min: Rest for 1 min; Measure impedance")");
  EXPECT_THAT(starts(record), ElementsAre(2460.0, 3060.0)) << "after a minute of rest each";
  ASSERT_EQ(record.spectra.size(), 2U);
  EXPECT_EQ(*record.spectra[0].dc_current, 0.0);
  const auto time = record.real(col::test_time), passed = record.real(col::net_capacity);
  EXPECT_EQ(time.back(), 3600.0) << "the clock of the sentence goes on";
  EXPECT_NEAR(passed.back(), 0.2 * 0.785e-3 * (1800.0 - 120.0), 1e-6);
}

TEST(Interruptions, LeaveTheLimitsOfWhatTheyInterrupt) {
  const Record record = run(R"("Hold at 25 MPa for 30 min", "Release to 5 MPa", "Charge at 0.2 mA/cm2 until 3.65 V", "Every 10 min: Rest for 30 s")", "full-25.5-fixed.toml");
  const auto voltage = record.real(col::voltage);
  EXPECT_NEAR(voltage.back(), 3.65, 1e-6);
  EXPECT_LE(*std::max_element(voltage.begin(), voltage.end()), 3.65 + 1e-6);
}
