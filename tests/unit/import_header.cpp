#include "import/text/header.hpp"
#include "record/columns.hpp"

#include <gtest/gtest.h>

namespace platen::text {
namespace {

struct Case {
  const char* raw;
  const char* column; ///< "" : unknown
  double factor;      ///< of the unit to SI
};

TEST(ImportHeader, KnowsTheHeadingsOfInstruments) {
  const Case cases[] = {
      {"time/s", "test_time", 1.0},
      {"Time (h)", "test_time", 3600.0},
      {"Run Time (h)", "test_time", 3600.0},
      {"Test (Sec)", "test_time", 1.0},
      {"test_time_s", "test_time", 1.0},
      {"Test Time / s", "test_time", 1.0},
      {"test_time_second", "test_time", 1.0},
      {"Time, min", "test_time", 60.0},
      {"step time/s", "step_time", 1.0},
      {"Step (Sec)", "step_time", 1.0},
      {"Ewe/V", "voltage", 1.0},
      {"Ecell/V", "voltage", 1.0},
      {"<Ewe>/V", "voltage", 1.0},
      {"<Ewe/V>", "voltage", 1.0},
      {"<I/mA>", "current", 1e-3},
      {"Voltage(mV)", "voltage", 1e-3},
      {"Voltage / V", "voltage", 1.0},
      {"voltage_volt", "voltage", 1.0},
      {"U[mV]", "voltage", 1e-3},
      {"Potential (V)", "voltage", 1.0},
      {"I/mA", "current", 1e-3},
      {"<I>/mA", "current", 1e-3},
      {"Current(A)", "current", 1.0},
      {"current_mA", "current", 1e-3},
      {"Current [uA]", "current", 1e-6},
      {"I/\xC2\xB5"
       "A",
       "current", 1e-6},
      {"Pressure_Psi", "stack_pressure", 6894.757293168361},
      {"Stack pressure / MPa", "stack_pressure", 1e6},
      {"P (bar)", "stack_pressure", 1e5},
      {"Force (N)", "stack_pressure", 1.0},
      {"Load, lbf", "stack_pressure", 4.4482216152605},
      {"Load (kg)", "stack_pressure", 9.80665},
      {"Pressure(kPa)", "stack_pressure", 1e3},
      {"Temperature/\xC2\xB0"
       "C",
       "temperature", 1.0},
      {"Temperature (\xEF\xBF\xBD"
       "C)",
       "temperature", 1.0},
      {"Q discharge/mA.h", "discharging_capacity", 3.6},
      {"(Q-Qo)/mA.h", "net_capacity", 3.6},
      {"Chg. Cap.(Ah)", "charging_capacity", 3600.0},
  };
  for (const Case& c : cases) {
    const Heading heading = split_heading(c.raw);
    const auto known = know_heading(heading);
    ASSERT_TRUE(known) << c.raw;
    EXPECT_EQ(known->column, c.column) << c.raw;
    const auto unit = read_unit(heading.unit, column_dimension(known->column));
    ASSERT_TRUE(unit) << c.raw << " unit " << heading.unit;
    EXPECT_DOUBLE_EQ(unit->factor, c.factor) << c.raw;
  }
}

TEST(ImportHeader, KnowsCountsAndDates) {
  const std::pair<const char*, const char*> cases[] = {{"Cycle Index", "cycle_count"},
                                                       {"cycle number", "cycle_count"},
                                                       {"Cycle C", "cycle_count"},
                                                       {"Cyc#", "cycle_count"},
                                                       {"Ns", "step_index"},
                                                       {"Step", "step_index"},
                                                       {"Step_Index", "step_index"},
                                                       {"Step Type", "step_type"},
                                                       {"Md", "step_type"},
                                                       {"Date", "unix_time"},
                                                       {"DPt Time", "unix_time"},
                                                       {"date_time_iso_string", "unix_time"},
                                                       {"Date and Time", "unix_time"}};
  for (const auto& [raw, column] : cases) {
    const auto known = know_heading(split_heading(raw));
    ASSERT_TRUE(known) << raw;
    EXPECT_EQ(known->column, column) << raw;
  }
}

TEST(ImportHeader, LeavesOthersAlone) {
  for (const char* raw : {"I Range", "|Ewe|/V", "|I|/A", "control/V/mA", "control/V", "ox/red",
                          "Capacity (%)", "Spec. Cap.(mAh/g)", "Voltage(A)", "half cycle", "x", "P/W",
                          "dQ/dV(mAh/V)", "V1(V)", "T1(degC)", "", "counter inc."})
    EXPECT_FALSE(know_heading(split_heading(raw))) << raw;
}

TEST(ImportHeader, NamesAuxiliaryColumns) {
  EXPECT_EQ(auxiliary_name(split_heading("T1(degC)")), "aux_temperature_1");
  EXPECT_EQ(auxiliary_name(split_heading("temperature_2_C")), "aux_temperature_2");
  EXPECT_EQ(auxiliary_name(split_heading("V12(V)")), "aux_voltage_12");
  EXPECT_EQ(auxiliary_name(split_heading("dQ/dV(mAh/V)")), "dq_dv");
  EXPECT_EQ(auxiliary_name(split_heading("|Energy|/W.h")), "energy");
  EXPECT_EQ(auxiliary_name(split_heading("?!")), "column");
}

TEST(ImportHeader, ReadsUnitsOfInstruments) {
  EXPECT_DOUBLE_EQ(read_unit("mA.h")->factor, 3.6);
  EXPECT_EQ(read_unit("mAh/V.g")->dimension, dim::charge / dim::voltage / dim::mass);
  EXPECT_EQ(read_unit("C")->dimension, dim::charge);
  EXPECT_EQ(read_unit("C", dim::temperature)->dimension, dim::temperature);
  EXPECT_DOUBLE_EQ(read_unit("degF")->factor * 77.0 + read_unit("degF")->offset, 298.15);
  EXPECT_DOUBLE_EQ(read_unit("mO")->factor, 1e-3);
  EXPECT_DOUBLE_EQ(read_unit("\xEF\xBF\xBD"
                             "F")
                       ->factor,
                   1e-6);
  EXPECT_EQ(read_unit("S", dim::time)->dimension, dim::time);
  EXPECT_FALSE(read_unit("furlong"));
  EXPECT_FALSE(read_unit(""));
}

} // namespace
} // namespace platen::text
