// The grammar of a test's sentences.
#include "study/sentence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using testing::AllOf;
using testing::HasSubstr;

template <class T> T read(std::string_view sentence) { return std::get<T>(parse_sentence(sentence).kind); }

std::string fault(std::string_view sentence) {
  try {
    parse_sentence(sentence);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

/// The text over the caret.
std::string marked(std::string_view sentence) {
  try {
    parse_sentence(sentence);
  } catch (const Error& error) {
    const Place& p = *error.diagnostics().front().place;
    return p.text.substr(p.column - 1, p.length);
  }
  return "accepted";
}

TEST(StudySentence, Hold) {
  const auto hold = read<step::Hold>("Hold at 25 MPa for 30 min at 40 degC");
  EXPECT_DOUBLE_EQ(hold.pressure, 25e6);
  EXPECT_DOUBLE_EQ(hold.duration, 1800);
  ASSERT_TRUE(hold.temperature.has_value());
  EXPECT_DOUBLE_EQ(*hold.temperature, 313.15);
  EXPECT_FALSE(read<step::Hold>("hold AT 25MPa For 30min").temperature.has_value());
}

TEST(StudySentence, HoldVoltage) {
  const auto until = read<step::HoldVoltage>("Hold at 4.3 V until 0.02 mA/cm2");
  EXPECT_DOUBLE_EQ(until.voltage, 4.3);
  EXPECT_DOUBLE_EQ(*until.current_density, 0.2);
  EXPECT_FALSE(until.duration.has_value());
  EXPECT_DOUBLE_EQ(*read<step::HoldVoltage>("Hold at 4.3 V for 1 h").duration, 3600);
  const auto both = read<step::HoldVoltage>("Hold at 4.3 V until 0.02 mA/cm2 or for 1 h");
  EXPECT_TRUE(both.current_density && both.duration);
}

TEST(StudySentence, PressureAndTemperatureAndRest) {
  EXPECT_DOUBLE_EQ(read<step::Release>("Release to 5 MPa").pressure, 5e6);
  EXPECT_DOUBLE_EQ(read<step::SetStackPressure>("Set stack pressure to 50 bar").pressure, 5e6);
  read<step::FitSprings>("Fit springs");
  const auto heat = read<step::Heat>("Heat to 40 degC in 1 h");
  EXPECT_DOUBLE_EQ(heat.temperature, 313.15);
  EXPECT_DOUBLE_EQ(heat.duration, 3600);
  EXPECT_DOUBLE_EQ(read<step::Heat>("Cool to 298.15 K in 20 min").temperature, 298.15);
  EXPECT_DOUBLE_EQ(read<step::Rest>("Rest for 1 d").duration, 86400);
}

TEST(StudySentence, RampByTime) {
  const auto ramp =
      read<step::Ramp>("Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short");
  EXPECT_DOUBLE_EQ(ramp.start, 1.27);
  EXPECT_DOUBLE_EQ(ramp.increment, 1.27);
  EXPECT_DOUBLE_EQ(*ramp.duration, 900);
  EXPECT_TRUE(ramp.until_short);
  EXPECT_EQ(ramp.cycles_per_step, 1);
  EXPECT_FALSE(ramp.upper || ramp.capacity || ramp.lower_voltage || ramp.upper_voltage);
}

TEST(StudySentence, RampWithEverything) {
  const auto ramp = read<step::Ramp>("Ramp from 0.127 mA/cm2 to 2.5 mA/cm2 in steps of 0.127 mA/cm2, 0.5 "
                                     "mAh/cm2 per half cycle, 3 cycles per step");
  EXPECT_DOUBLE_EQ(*ramp.upper, 25);
  EXPECT_DOUBLE_EQ(*ramp.capacity, 18000);
  EXPECT_EQ(ramp.cycles_per_step, 3);
  EXPECT_FALSE(ramp.until_short);
}

TEST(StudySentence, RampBetweenVoltages) {
  for (const char* s :
       {"Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V, until short",
        "Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2, until short, between 2.5 V and 4.3 V"}) {
    const auto ramp = read<step::Ramp>(s);
    EXPECT_DOUBLE_EQ(*ramp.lower_voltage, 2.5);
    EXPECT_DOUBLE_EQ(*ramp.upper_voltage, 4.3);
    EXPECT_FALSE(ramp.duration.has_value());
  }
}

TEST(StudySentence, UnitsMayBeSpaced) {
  EXPECT_DOUBLE_EQ(read<step::ConstantCurrent>("Plate at 0.5 mA / cm2 for 1 h").current_density, 5);
  EXPECT_DOUBLE_EQ(read<step::Heat>("Heat to 40 deg C in 1 h").temperature, 313.15);
}

TEST(StudySentence, ConstantCurrent) {
  const auto plate = read<step::ConstantCurrent>("Plate at 0.5 mA/cm2 until 3 mAh/cm2");
  EXPECT_EQ(plate.direction, 1);
  EXPECT_DOUBLE_EQ(plate.current_density, 5);
  EXPECT_DOUBLE_EQ(*plate.capacity, 108000);
  EXPECT_EQ(read<step::ConstantCurrent>("Strip at 0.5 mA/cm2 for 1 h").direction, -1);
  EXPECT_DOUBLE_EQ(*read<step::ConstantCurrent>("Charge at 0.5 mA/cm2 until 4.3 V").voltage, 4.3);
  const auto discharge = read<step::ConstantCurrent>("Discharge at 0.5 mA/cm2 until 2.5 V or for 10 h");
  EXPECT_EQ(discharge.direction, -1);
  EXPECT_TRUE(discharge.voltage && discharge.duration && !discharge.capacity);
}

TEST(StudySentence, ImpedanceAndPolarisation) {
  const auto eis = read<step::MeasureImpedance>("Measure impedance from 10 MHz to 0.1 Hz with 10 mV");
  EXPECT_DOUBLE_EQ(eis.f_high, 1e7);
  EXPECT_DOUBLE_EQ(eis.f_low, 0.1);
  EXPECT_DOUBLE_EQ(eis.amplitude, 0.01);
  EXPECT_EQ(eis.points_per_decade, 10);
  const auto usual = read<step::MeasureImpedance>("measure impedance"); // Ham et al. 2022: 10 MHz to 0.1 Hz, 10 mV
  EXPECT_EQ(usual.f_high, 10e6);
  EXPECT_EQ(usual.f_low, 0.1);
  EXPECT_EQ(usual.amplitude, 10e-3);
  EXPECT_EQ(usual.points_per_decade, 10);
  const auto brief = read<step::MeasureImpedance>("Measure impedance with 5 mV, 7 points per decade");
  EXPECT_DOUBLE_EQ(brief.amplitude, 5e-3);
  EXPECT_EQ(brief.points_per_decade, 7);
  EXPECT_EQ(read<step::MeasureImpedance>("Measure impedance, 1 point per decade").points_per_decade, 1);
  EXPECT_EQ(read<step::MeasureImpedance>("Measure impedance from 1 Hz to 1 MHz, 3 points per decade").f_high, 1e6);
  EXPECT_THAT(fault("Measure impedance from 1 Hz to 1 Hz"), HasSubstr("the two frequencies are the same"));
  EXPECT_EQ(marked("Measure impedance from 1 Hz to 1 Hz"), "1 Hz to 1 Hz");
  EXPECT_THAT(fault("Measure impedance using 10 mV"), AllOf(HasSubstr("C102"), HasSubstr("`from` or `with` or `,`")));
  EXPECT_THAT(fault("Measure impedance from 10 MHz to 0.1 Hz at 10 mV"), AllOf(HasSubstr("C102"), HasSubstr("`with` or `,`")));
  EXPECT_THAT(fault("Measure impedance, 0 points per decade"), HasSubstr("C107"));
  EXPECT_THAT(fault("Measure impedance, 10 points per hour"), HasSubstr("C102"));
  EXPECT_THAT(fault("Measure impedance from 1e-300 Hz to 1 MHz, 1000 points per decade"), AllOf(HasSubstr("C113"), HasSubstr("more than 10000")));
  const auto dc = read<step::Polarise>("Polarise at 100 mV for 3 min");
  EXPECT_DOUBLE_EQ(dc.voltage, 0.1);
  EXPECT_DOUBLE_EQ(dc.duration, 180);
}

TEST(StudySentence, RepeatAndEveryHoldOthers) {
  const auto repeat = read<step::Repeat>(
      "Repeat 50 times: Plate at 0.5 mA/cm2 for 1 h; Strip at 0.5 mA/cm2 for 1 h; Rest for 1 min");
  EXPECT_EQ(repeat.count, 50);
  ASSERT_EQ(repeat.steps.size(), 3u);
  EXPECT_EQ(repeat.steps[1].sentence, "Strip at 0.5 mA/cm2 for 1 h");
  EXPECT_EQ(repeat.steps[1].place.column, 47u);
  const auto every = read<step::Every>("Every 20 min: Measure impedance from 10 MHz to 0.1 Hz with 10 mV");
  EXPECT_DOUBLE_EQ(every.interval, 1200);
  ASSERT_EQ(every.steps.size(), 1u);
  const auto nested =
      read<step::Repeat>("Repeat 2 times: Rest for 1 h; Every 5 min: Rest for 1 s; Rest for 2 s");
  ASSERT_EQ(nested.steps.size(), 2u);
  EXPECT_EQ(std::get<step::Every>(nested.steps[1].kind).steps.size(), 2u);
}

TEST(StudySentence, EveryFormIsReadable) {
  for (const SentenceForm& form : sentence_forms())
    EXPECT_NO_THROW(parse_sentence(form.example)) << form.example;
}

TEST(StudySentence, UnknownWordsAreSuggestedUnderTheCaret) {
  EXPECT_THAT(fault("Hould at 25 MPa for 30 min"), AllOf(HasSubstr("C101"), HasSubstr("did you mean `Hold`?"),
                                                         HasSubstr("starts with Hold, Release")));
  EXPECT_EQ(marked("Hould at 25 MPa for 30 min"), "Hould");
  EXPECT_THAT(fault("Hold at 25 MPa four 30 min"), AllOf(HasSubstr("C102"), HasSubstr("did you mean `for`?"),
                                                         HasSubstr("written: Hold at 25 MPa")));
  EXPECT_EQ(marked("Hold at 25 MPa four 30 min"), "four");
  EXPECT_EQ(marked("Ramp from 0.1 mA/cm2 in stops of 0.1 mA/cm2, until short"), "stops");
  EXPECT_THAT(fault("Ramp from 0.1 mA/cm2 in steps of 0.1 mA/cm2, untill short"),
              HasSubstr("did you mean `until`?"));
  EXPECT_THAT(fault("Set stak pressure to 5 MPa"), HasSubstr("did you mean `stack`?"));
}

TEST(StudySentence, QuantitiesSayWhatIsWanted) {
  EXPECT_THAT(fault("Release to 5"), AllOf(HasSubstr("C104"), HasSubstr("pressure (\"5 MPa\")")));
  EXPECT_THAT(fault("Release to 5 mA/cm2"),
              AllOf(HasSubstr("C106"), HasSubstr("current density"), HasSubstr("pressure (\"5 MPa\")")));
  EXPECT_EQ(marked("Release to 5 mA/cm2"), "5 mA/cm2");
  EXPECT_THAT(fault("Release to 5 Mpa"), AllOf(HasSubstr("C105"), HasSubstr("did you mean `MPa`?")));
  EXPECT_THAT(fault("Release to five MPa"), AllOf(HasSubstr("C103"), HasSubstr("`five`")));
  EXPECT_THAT(fault("Release to 0 MPa"), HasSubstr("C107"));
  EXPECT_THAT(fault("Heat to 400 degC in 1 h"),
              AllOf(HasSubstr("C107"), HasSubstr("at least -73.15 degC and at most 179.85 degC")));
  EXPECT_THAT(fault("Ramp from 0,127 mA/cm2 in steps of 0.1 mA/cm2, until short"),
              AllOf(HasSubstr("C111"), HasSubstr("write `0.127`")));
  EXPECT_THAT(fault("Plate at 0.5 mA/cm2 until 3 MPa"),
              AllOf(HasSubstr("areal capacity"), HasSubstr("voltage")));
}

TEST(StudySentence, EndsAreRequiredOnceEach) {
  EXPECT_THAT(fault("Ramp from 0.1 mA/cm2 in steps of 0.1 mA/cm2, until short"), HasSubstr("C109"));
  EXPECT_THAT(fault("Ramp from 0.1 mA/cm2 in steps of 0.1 mA/cm2, 1 h per half cycle, 1 mAh/cm2 per half "
                    "cycle, until short"),
              HasSubstr("C109"));
  EXPECT_THAT(fault("Ramp from 0.1 mA/cm2 in steps of 0.1 mA/cm2, 1 h per half cycle"), HasSubstr("C110"));
  EXPECT_THAT(
      fault(
          "Ramp from 0.1 mA/cm2 in steps of 0.1 mA/cm2, 1 h per half cycle, 2 h per half cycle, until short"),
      HasSubstr("C113"));
  EXPECT_THAT(fault("Ramp from 2 mA/cm2 to 1 mA/cm2 in steps of 0.1 mA/cm2, 1 h per half cycle"),
              HasSubstr("C113"));
  EXPECT_THAT(fault("Ramp from 2 mA/cm2 in steps of 0.1 mA/cm2 between 4 V and 2 V, until short"),
              HasSubstr("C113"));
  EXPECT_THAT(fault("Plate at 0.5 mA/cm2"), AllOf(HasSubstr("C102"), HasSubstr("`until` or `for`")));
  EXPECT_THAT(fault("Plate at 0.5 mA/cm2 for 1 h or for 2 h"), HasSubstr("C113"));
}

TEST(StudySentence, LeftoversAndStrayMarks) {
  EXPECT_THAT(fault("Rest for 1 h please"), HasSubstr("C108"));
  EXPECT_EQ(marked("Rest for 1 h please now"), "please now");
  EXPECT_THAT(fault("Rest for 1 h; Rest for 2 h"),
              AllOf(HasSubstr("C108"), HasSubstr("its own place in the list")));
  EXPECT_THAT(fault(""), HasSubstr("C100"));
  EXPECT_THAT(fault("Repeat 3 times:"), HasSubstr("C100"));
  EXPECT_THAT(fault("Repeat 0 times: Rest for 1 h"), HasSubstr("C107"));
  EXPECT_THAT(fault("Repeat 2.5 times: Rest for 1 h"), HasSubstr("C103"));
}

TEST(StudySentence, FaultsOfAllInnerSentencesTogether) {
  try {
    parse_sentence("Repeat 3 times: Rst for 1 h; Plate at 5 MPa for 1 h; Rest for 1 h");
    FAIL();
  } catch (const Error& error) {
    ASSERT_EQ(error.diagnostics().size(), 2u);
    EXPECT_EQ(error.diagnostics()[0].code, "C101");
    EXPECT_EQ(error.diagnostics()[1].code, "C106");
  }
}

TEST(StudySentence, DeepNestingIsRefused) {
  std::string deep;
  for (int k = 0; k < 10000; ++k) deep += "Repeat 2 times: ";
  EXPECT_THAT(fault(deep + "Rest for 1 h"), HasSubstr("C112"));
}

} // namespace
