// What is refused when a study is looked at as a whole, and what is said.
#include "study/read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string area = "[cell]\narea = \"0.785 cm2\"\n";
const std::string layers = "layers = [{ material = \"Li\", thickness = \"100 um\" }, { material = \"LPSCl\", "
                           "thickness = \"600 um\" }, { material = "
                           "\"Li\", thickness = \"100 um\" }]\n";
const std::string springs = "[fixture]\nkind = \"springs\"\nsprings = { count = 3, rate = \"5.5 lbf/mm\", "
                            "load_limit = \"53 lbf\", travel = \"9.6 mm\" }\n";

std::string test_of(std::initializer_list<std::string> sentences) {
  std::string out = "test = [";
  for (const std::string& s : sentences) out += "\n  \"" + s + "\",";
  return out + "\n]\n";
}

std::string fault(const std::string& text) {
  try {
    parse_study(text, "t.toml", {});
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string warning(const std::string& text) {
  const Study s = parse_study(text, "t.toml", {});
  return s.warnings.empty() ? "none" : render(s.warnings.front());
}

std::string with_layers(const std::string& list) {
  return test_of({"Hold at 25 MPa for 1 h"}) + area + "layers = [" + list + "]\n";
}

TEST(StudyChecks, SentenceFaultsPointIntoTheFile) {
  const std::string said =
      fault("name = \"x\"\ntest = [\n  \"Hold at 25 MPa four 30 min\",\n]\n" + area + layers);
  EXPECT_EQ(said, "error[C102]: `four` stands where `for` is expected\n"
                  "  --> t.toml:3:19\n"
                  " 3 |   \"Hold at 25 MPa four 30 min\",\n"
                  "   |                   ^~~~\n"
                  "hint: did you mean `for`?\n"
                  "hint: written: Hold at 25 MPa for 30 min at 25 degC\n"
                  "hint: written: Hold at 4.3 V until 0.02 mA/cm2\n");
}

TEST(StudyChecks, AllFaultsTogether) {
  const std::string said =
      fault(test_of({"Hould at 25 MPa for 1 h", "Rest for 1"}) +
            "seed = \"x\"\n[cell]\narea = 0.785\nlayer = []\n[override]\n\"flaw.dept\" = \"1 um\"\n"
            "\"flaw.depth\" = \"1 MPa\"\n[fixture]\nkind = \"spring\"\n");
  for (const char* code : {"C101", "C104", "C010", "C006", "C004", "C055", "C007", "C011"})
    EXPECT_THAT(said, HasSubstr(code));
}

TEST(StudyChecks, StacksThatCannotBeSimulated) {
  EXPECT_THAT(fault(with_layers("{ material = \"Li\", thickness = \"1 um\" }")), HasSubstr("C050"));
  EXPECT_THAT(fault(with_layers("{ material = \"LPSCl\", thickness = \"1 um\" }, { material = \"Li\", "
                                "thickness = \"1 um\" }, { material = \"Li\", thickness = \"1 um\" }")),
              AllOf(HasSubstr("C050"), HasSubstr("LPSCl | Li | Li")));
}

TEST(StudyChecks, LayersSayWhatTheyNeed) {
  const std::string li = "{ material = \"Li\", thickness = \"100 um\" }";
  EXPECT_THAT(fault(with_layers(li + ", { material = \"LPSCl\" }, " + li)), HasSubstr("C052"));
  EXPECT_THAT(
      fault(with_layers("{ material = \"Li\" }, { material = \"LPSCl\", thickness = \"1 mm\" }, " + li)),
      HasSubstr("C052"));
  EXPECT_THAT(fault(with_layers("{ material = \"Li\", mass = \"1 mg\", thickness = \"1 um\" }, { material = "
                                "\"LPSCl\", thickness = \"1 mm\" }, " +
                                li)),
              HasSubstr("C052"));
  EXPECT_THAT(fault(with_layers(li + ", { material = \"LPSCl\", mass = \"75 mg\" }, " + li)),
              HasSubstr("C065"));
  EXPECT_THAT(fault(with_layers(
                  li + ", { material = \"LPSCl\", thickness = \"1 mm\", role = \"electrode\" }, " + li)),
              HasSubstr("C051"));
  EXPECT_THAT(fault(with_layers(li + ", { material = \"LPSCL\", thickness = \"1 mm\" }, " + li)),
              AllOf(HasSubstr("C030"), HasSubstr("did you mean \"LPSCl\"?")));
}

const std::string ncm = "{ material = \"NCM811\", loading = \"25.5 mg/cm2\", loading_of = \"composite\" }";
const std::string separator = "{ material = \"LPSCl\", thickness = \"600 um\" }";
const std::string foil = "{ material = \"Li\", thickness = \"100 um\" }";

TEST(StudyChecks, TheCathodeIsOnTheLeft) {
  EXPECT_EQ(fault(with_layers(ncm + "," + separator + "," + foil)), "accepted");
  EXPECT_THAT(fault(with_layers(foil + "," + separator + "," + ncm)),
              AllOf(HasSubstr("C050"), HasSubstr("the other way round")));
  EXPECT_THAT(fault(with_layers(ncm + "," + separator + "," + ncm)),
              AllOf(HasSubstr("C050"), HasSubstr("cathode, electrolyte, lithium")));
}

TEST(StudyChecks, ALoadingSaysOfWhat) {
  const auto cathode = [](const std::string& rest) {
    return fault(with_layers("{ material = \"NCM811\"" + rest + " }," + separator + "," + foil));
  };
  EXPECT_THAT(cathode(", loading = \"25.5 mg/cm2\""),
              AllOf(HasSubstr("C068"), HasSubstr("\"composite\""), HasSubstr("\"active\""), HasSubstr("1.5")));
  EXPECT_THAT(cathode(", loading = \"25.5 mg/cm2\", loading_of = \"activ\""), HasSubstr("C011"));
  EXPECT_THAT(cathode(", loading_of = \"active\""), AllOf(HasSubstr("C052"), HasSubstr("no loading")));
  EXPECT_THAT(cathode(", loading = \"3 mAh/cm2\", loading_of = \"active\""), HasSubstr("C007"));
  EXPECT_THAT(cathode(", loading = \"-1 mg/cm2\", loading_of = \"active\""), HasSubstr("C009"));
  EXPECT_THAT(cathode(", mass = \"20 mg\", loading = \"1 mg/cm2\", loading_of = \"active\""), HasSubstr("C052"));
  EXPECT_THAT(cathode(", thickness = \"90 um\", loading = \"1 mg/cm2\", loading_of = \"active\""), HasSubstr("C052"));
  EXPECT_THAT(fault(with_layers(foil + "," + separator + ", { material = \"Li\", thickness = \"1 um\", loading = \"1 mg/cm2\" }")),
              AllOf(HasSubstr("C052"), HasSubstr("only a cathode")));
}

TEST(StudyChecks, LithiumLeavesTheCathodeOnCharging) {
  EXPECT_THAT(fault(with_layers(ncm + "," + separator + "," + foil) + "[override]\n\"cathode.charged\" = 0.9\n\"cathode.discharged\" = 0.8\n"),
              HasSubstr("C069"));
}

TEST(StudyChecks, FullCellsAreChargedAndDischarged) {
  const auto does = [](const std::string& s) {
    return fault(test_of({"Hold at 25 MPa for 1 h", s}) + area + "layers = [" + ncm + "," + separator + "," + foil + "]\n");
  };
  for (const char* s : {"Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V, until short",
                        "Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2, 1 h per half cycle, until short",
                        "Repeat 2 times: Charge at 0.5 mA/cm2 until 4.3 V; Discharge at 0.5 mA/cm2 until 2.5 V",
                        "Hold at 4.3 V until 0.02 mA/cm2", "Plate at 0.5 mA/cm2 for 1 h"})
    EXPECT_EQ(does(s), "accepted") << s;
  for (const char* s : {"Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 1.4 V and 4.3 V, until short",
                        "Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 5.1 V, until short",
                        "Repeat 2 times: Charge at 0.5 mA/cm2 until 5.5 V", "Discharge at 0.5 mA/cm2 until 0.2 V",
                        "Hold at 0.1 V for 1 h", "Polarise at 100 mV for 3 min"})
    EXPECT_THAT(does(s), AllOf(HasSubstr("C066"), HasSubstr("1.5 to 5 V"))) << s;
  EXPECT_THAT(does("Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 4.3 V and 2.5 V, until short"), HasSubstr("C113"));
  EXPECT_THAT(fault(test_of({"Charge at 0.5 mA/cm2 until 4.3 V"}) + area + "layers = [" + ncm + "," + separator + "," + foil + "]\n"),
              HasSubstr("C062"));
}

TEST(StudyChecks, MassAndThicknessMustAgree) {
  const auto pellet = [](const char* thickness) {
    return with_layers("{ material = \"Li\", thickness = \"100 um\" }, { material = \"LPSCl\", mass = \"75 "
                       "mg\", thickness = \"" +
                       std::string(thickness) + "\" }, { material = \"Li\", thickness = \"100 um\" }") +
           "[fabrication]\ndensification_pressure = \"370 MPa\"\n";
  };
  EXPECT_EQ(warning(pellet("590 um")), "none");
  EXPECT_THAT(warning(pellet("800 um")), AllOf(HasSubstr("warning[C053]"), HasSubstr("64 % density")));
  EXPECT_THAT(fault(pellet("400 um")), HasSubstr("C054"));
}

TEST(StudyChecks, SetsAreSuggested) {
  EXPECT_THAT(fault("set = \"Ham2020\"\n" + test_of({"Hold at 25 MPa for 1 h"}) + area),
              AllOf(HasSubstr("C031"), HasSubstr("did you mean \"Ham2022\"?"), HasSubstr("t.toml:1:7")));
}

TEST(StudyChecks, OverridesAreSuggested) {
  EXPECT_THAT(
      fault(test_of({"Hold at 25 MPa for 1 h"}) + area + "[override]\ncontact.closure_tme = \"1 min\"\n"),
      AllOf(HasSubstr("C055"), HasSubstr("\"contact.closure_time\""), HasSubstr("t.toml:7:9")));
  EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h"}) + area + "[override]\n\"contact.initial\" = 1.5\n"),
              HasSubstr("C009"));
}

TEST(StudyChecks, TheEmptyFixtureCarriesNoCurrent) {
  for (const char* s : {"Plate at 1 mA/cm2 for 1 h", "Polarise at 1 mV for 1 h",
                        "Measure impedance from 1 MHz to 1 Hz with 1 mV", "Hold at 1 V for 1 h",
                        "Repeat 2 times: Plate at 1 mA/cm2 for 1 h"})
    EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h", s}) + area), HasSubstr("C060")) << s;
  EXPECT_EQ(fault(test_of({"Hold at 25 MPa for 1 h", "Heat to 40 degC in 1 h", "Rest for 1 h",
                           "Release to 5 MPa"}) +
                  area),
            "accepted");
}

TEST(StudyChecks, FaultyLayersAreNoEmptyFixture) {
  const std::string said =
      fault(test_of({"Hold at 25 MPa for 1 h", "Plate at 1 mA/cm2 for 1 h"}) + area + "layers = 3\n");
  EXPECT_THAT(said, AllOf(HasSubstr("C010"), Not(HasSubstr("C060"))));
}

TEST(StudyChecks, SymmetricCellsHaveNoFullCellSentences) {
  const auto refused = [](const char* s) {
    return fault(test_of({"Hold at 25 MPa for 1 h", s}) + area + layers);
  };
  EXPECT_THAT(refused("Ramp from 1 mA/cm2 in steps of 1 mA/cm2 between 2.5 V and 4.3 V, until short"),
              HasSubstr("C061"));
  EXPECT_THAT(refused("charge at 1 mA/cm2 until 4.3 V"), AllOf(HasSubstr("C061"), HasSubstr("write Plate")));
  EXPECT_THAT(refused("Discharge at 1 mA/cm2 for 1 h"), HasSubstr("C061"));
  EXPECT_EQ(refused("Plate at 1 mA/cm2 for 1 h"), "accepted");
  EXPECT_THAT(warning(test_of({"Hold at 25 MPa for 1 h", "Plate at 1 mA/cm2 until 1 V"}) + area + layers),
              HasSubstr("C064"));
}

TEST(StudyChecks, PressureComesBeforeCurrent) {
  EXPECT_THAT(fault(test_of({"Plate at 1 mA/cm2 for 1 h", "Hold at 25 MPa for 1 h"}) + area + layers),
              HasSubstr("C062"));
  EXPECT_EQ(fault(test_of({"Set stack pressure to 5 MPa", "Plate at 1 mA/cm2 for 1 h"}) + area + layers),
            "accepted");
}

TEST(StudyChecks, EveryNeedsSomethingToInterrupt) {
  EXPECT_THAT(fault(test_of({"Every 20 min: Rest for 1 s"}) + area), HasSubstr("C063"));
  EXPECT_THAT(fault(test_of({"Release to 5 MPa", "Every 20 min: Rest for 1 s"}) + area), HasSubstr("C063"));
  EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h", "Measure impedance", "Every 20 min: Rest for 1 s"}) + area + layers), HasSubstr("C063"));
  EXPECT_EQ(fault(test_of({"Hold at 25 MPa for 1 h", "Every 20 min: Rest for 1 s"}) + area), "accepted");
}

TEST(StudyChecks, SpringsAreFittedOnceTheyAreThere) {
  EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h", "Release to 5 MPa", "Fit springs"}) + area + layers),
              HasSubstr("C059"));
  EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h"}) + area + layers + springs),
              AllOf(HasSubstr("C059"), HasSubstr("never fits")));
  EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h"}) + area + layers + "[fixture]\nkind = \"springs\"\n"),
              HasSubstr("C056"));
  EXPECT_EQ(fault(test_of({"Hold at 25 MPa for 1 h", "Release to 5 MPa", "Fit springs",
                           "Set stack pressure to 5 MPa"}) +
                  area + layers + springs),
            "accepted");
}

TEST(StudyChecks, SpringsHaveALimitAndATravel) {
  // 9.2 MPa on 0.785 cm2 over 3: 54.1 lbf, above 53; 9 MPa: 52.9 lbf and 9.63 mm, above 9.6 mm but below the
  // limit
  const auto set_to = [](const char* pressure) {
    return fault(test_of({"Hold at 25 MPa for 1 h", "Release to 5 MPa", "Fit springs",
                          "Set stack pressure to " + std::string(pressure)}) +
                 area + layers + springs);
  };
  EXPECT_THAT(set_to("9.2 MPa"), AllOf(HasSubstr("C057"), HasSubstr("54.1")));
  EXPECT_THAT(set_to("9 MPa"), AllOf(HasSubstr("C058"), HasSubstr("9.6")));
  EXPECT_EQ(set_to("8.9 MPa"), "accepted");
  EXPECT_THAT(fault(test_of({"Hold at 25 MPa for 1 h", "Fit springs"}) + area + layers + springs),
              HasSubstr("C057"));
}

TEST(StudyChecks, ATestNeedsSentences) {
  EXPECT_THAT(fault("test = []\n" + area), HasSubstr("C067"));
  EXPECT_THAT(fault(area), AllOf(HasSubstr("C005"), HasSubstr("`test`")));
  EXPECT_THAT(fault("test = \"Rest for 1 h\"\n" + area), AllOf(HasSubstr("C010"), Not(HasSubstr("C067"))));
}

TEST(StudyChecks, RepeatedFaultOfACardIsReportedOnce) {
  const std::string said = fault(with_layers("{ material = \"./nosuch.toml\" }"));
  EXPECT_THAT(said, HasSubstr("C030"));
  EXPECT_EQ(said.find("C030"), said.rfind("C030"));
}

} // namespace
