// Which stretch of a record is the polarisation.
#include "base/error.hpp"
#include "impedance/polarisation.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <string>

namespace {

using namespace platen;
using namespace platen::impedance;

/// Rest, 50 mV for 20 s, rest, 100 mV for 60 s, rest; one row a second.
Record two_steps(bool with_voltage = true) {
  std::vector<double> time, voltage, current;
  for (int t = 0; t < 120; ++t) {
    const double v = t >= 10 && t < 30 ? 0.05 : t >= 40 && t < 100 ? 0.1 : 0.0;
    time.push_back(t);
    voltage.push_back(v == 0.0 ? 1e-5 : v * (1 + 0.001 * (t % 3)));
    current.push_back(v * 1e-6);
  }
  Record record;
  record.set(col::test_time, time);
  record.set(col::current, current);
  if (with_voltage) record.set(col::voltage, voltage);
  return record;
}

TEST(ImpedanceHeldVoltage, TheLongestStretchIsTaken) {
  const Held held = held_voltage(two_steps(), std::nullopt);
  ASSERT_EQ(held.time.size(), 60u);
  EXPECT_EQ(held.time.front(), 1.0); // counted from the last row without the voltage
  EXPECT_EQ(held.time.back(), 60.0);
  EXPECT_NEAR(held.voltage, 0.1, 2e-4);
  EXPECT_NEAR(held.current.front(), 1e-7, 1e-15);
}

TEST(ImpedanceHeldVoltage, AVoltageThatIsNamedIsTaken) {
  EXPECT_EQ(held_voltage(two_steps(), 0.05).time.size(), 20u);
  EXPECT_THROW(held_voltage(two_steps(), 0.3), Error);
}

TEST(ImpedanceHeldVoltage, WithoutVoltagesTheWholeRecordIsTaken) {
  const Held held = held_voltage(two_steps(false), 0.1);
  EXPECT_EQ(held.time.size(), 120u);
  EXPECT_NEAR(held.voltage, 0.1, 1e-12);
  EXPECT_THROW(held_voltage(two_steps(false), std::nullopt), Error);
  EXPECT_THROW(held_voltage(Record{}, 0.1), Error);
}

/// `n` rows, one a second, of what `voltage` and `current` say of each.
Record curves(std::size_t n, double (*voltage)(double), double (*current)(double)) {
  std::vector<double> t, v, i;
  for (std::size_t k = 0; k < n; ++k) {
    t.push_back(static_cast<double>(k));
    v.push_back(voltage(t.back()));
    i.push_back(current(t.back()));
  }
  Record record;
  record.set(col::test_time, t);
  record.set(col::voltage, v);
  record.set(col::current, i);
  return record;
}

std::string refusal(const Record& record) {
  try {
    held_voltage(record, std::nullopt);
  } catch (const Error& error) {
    return error.diagnostics().front().code;
  }
  return "taken";
}

double scatter(double t) { return std::fmod(t * 7919.0, 11.0) / 5.0 - 1.0; } // from -1 to 1, unlike its neighbours
double falls(double t) { return 2e-8 + 1e-6 * std::exp(-t / 30.0); }

TEST(ImpedanceHeldVoltage, AHeldVoltageMayBeNoisyAndTheCurrentConstant) {
  EXPECT_EQ(refusal(curves(300, [](double t) { return 0.1 + 1e-4 * scatter(t); }, falls)), "taken");
  EXPECT_EQ(refusal(curves(300, [](double t) { return 0.1 + 1e-3 * scatter(t); }, falls)), "taken");
  // A pellet of pure electronic conduction: a constant current at a constant voltage.
  EXPECT_EQ(refusal(curves(300, [](double t) { return 0.1 + 1e-5 * scatter(t); }, [](double t) { return 2e-8 + 1e-10 * scatter(t + 3); })), "taken");
  EXPECT_EQ(refusal(curves(300, [](double) { return 0.1; }, [](double) { return 2e-8; })), "taken");
}

TEST(ImpedanceHeldVoltage, AHeldCurrentIsRefused) {
  const auto constant = [](double) { return 1e-5; };
  EXPECT_EQ(refusal(curves(300, [](double t) { return 2.90 + 2e-4 * t; }, constant)), "D218");           // it wanders by 2 %
  EXPECT_EQ(refusal(curves(300, [](double t) { return 3.0 + 1e-5 * t + 1e-6 * scatter(t); }, constant)), "D218"); // by 0.1 %, but certainly
  Record stepped = curves(300, [](double) { return 0.1; }, falls);
  stepped.set(col::step_type, std::vector<std::int32_t>(300, static_cast<std::int32_t>(StepType::cv_charge)));
  EXPECT_EQ(refusal(stepped), "taken");
  stepped.set(col::step_type, std::vector<std::int32_t>(300, static_cast<std::int32_t>(StepType::cc_charge)));
  EXPECT_EQ(refusal(stepped), "D218");
  stepped.set(col::step_type, std::vector<std::int32_t>(300, static_cast<std::int32_t>(StepType::rest)));
  EXPECT_EQ(refusal(stepped), "D218");
}

} // namespace
