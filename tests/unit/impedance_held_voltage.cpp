// Which stretch of a record is the polarisation.
#include "base/error.hpp"
#include "impedance/polarisation.hpp"

#include <gtest/gtest.h>

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

} // namespace
