// Tables of overrides, and that a variant is the study that a file with the same values gives.
#include "base/file.hpp"
#include "study/read.hpp"
#include "study/sections.hpp"
#include "study/variants.hpp"

#include <bit>
#include <cmath>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <thread>

namespace {

using namespace platen;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

const std::string full_cell = R"(extends = "full-25.5-springs.toml"
test = [
  "Hold at {pressing} for {hold} at 25 degC",
  "Release to {stack}",
  "Fit springs if any",
  "Heat to 40 degC in 1 h",
  "Set stack pressure to {stack}",
  "Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V, {rounds} cycles per step, {end}",
]
[values]
pressing = "25 MPa"
hold = "30 min"
stack = "5 MPa"
rounds = 1
end = "until short"
)";

const std::string symmetric_cell = R"(extends = "symmetric.toml"
test = ["Hold at 25 MPa for {hold} at 25 degC", "Release to 5 MPa", "Plate at 0.1 mA/cm2 for 1 h"]
[values]
hold = "30 min"
)";

/// The bits of everything a run depends on, and what is listed.
std::map<std::string, std::string> content(const Study& study) {
  std::map<std::string, std::string> out;
  for (const config::Resolved& r : study.resolved) out["listed " + r.key] = std::isnan(r.si) ? r.text : std::to_string(std::bit_cast<std::uint64_t>(r.si)) + r.unit + r.basis;
  for (const physics::ParameterInfo& row : physics::parameter_registry())
    out["parameter " + std::string(row.name)] = std::to_string(std::bit_cast<std::uint64_t>(study.parameters.*row.member));
  for (const MechanismInfo& row : mechanism_registry()) out["switch " + std::string(row.name)] = study.mechanisms.*row.member ? "on" : "off";
  std::string toml = resolved_toml(study);
  out["cell and test"] = toml.substr(toml.find("seed ="), toml.find("[override]") - toml.find("seed ="));
  return out;
}

Study of_file(const std::string& text) { return parse_study(text, "study.toml", folder); }

/// The variant of `base` by a table of one row.
Study of_row(const std::string& base, const std::string& csv) {
  const OverrideTable table = parse_overrides(csv, "table.csv");
  const Variants variants = Variants::parse(base, "study.toml", folder, table.columns);
  return variants.study(table.row(0), table.origin(0));
}

std::string fault(const std::string& csv) {
  try {
    parse_overrides(csv, "t.csv");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(StudyVariants, NothingOverriddenIsTheStudy) {
  const Study variant = of_row(full_cell, "flaw.depth [um],values.hold [min]\n,\n");
  EXPECT_EQ(content(variant), content(of_file(full_cell)));
}

struct Pair {
  const char* heading;
  const char* value;
  const char* toml; ///< what says the same at the end of a full cell's study
};

class Override : public testing::TestWithParam<Pair> {};

/// Every kind of key: the row and the file give the same study, bit by bit, and not the study without.
TEST_P(Override, IsTheStudyOfTheFile) {
  const Pair& p = GetParam();
  const Study variant = of_row(full_cell, std::string(p.heading) + "\n" + p.value + "\n");
  std::string text = full_cell;
  const std::string toml = p.toml;
  if (toml.starts_with("{")) { // a value: takes the place of the line of its name
    const std::string name = toml.substr(1, toml.find('}') - 1);
    const std::size_t at = text.find("\n" + name + " = ") + 1;
    text.replace(at, text.find('\n', at) - at, name + " = " + toml.substr(toml.find('}') + 1));
  } else if (toml.starts_with("^")) {
    text = toml.substr(1) + "\n" + text;
  } else {
    text += toml + "\n";
  }
  EXPECT_EQ(content(variant), content(of_file(text)));
  EXPECT_NE(content(variant), content(of_file(full_cell)));
}

INSTANTIATE_TEST_SUITE_P(
    StudyVariants, Override,
    testing::Values(Pair{"contact.closure_time [min]", "21.3", "[override]\n\"contact.closure_time\" = \"21.3 min\""},
                    Pair{"contact.initial [1]", "0.3", "[override]\n\"contact.initial\" = 0.3"},
                    Pair{"electrolyte.compaction_strength [MPa]", "200", "[override]\n\"electrolyte.compaction_strength\" = \"200 MPa\""},
                    Pair{"cathode.active_share [%]", "70", "[override]\n\"cathode.active_share\" = \"70 %\""},
                    Pair{"fixture.friction [MPa]", "0.07", "[fixture]\nfriction = \"0.07 MPa\""},
                    Pair{"mechanisms.pressure_swing", "false", "[mechanisms]\npressure_swing = false"},
                    Pair{"mechanisms.yielding_gap", "TRUE", "[mechanisms]\nyielding_gap = true"},
                    Pair{"seed", "41", "^seed = 41"}, Pair{"temperature [degC]", "31.7", "^temperature = \"31.7 degC\""},
                    Pair{"cell.area [cm2]", "0.9", "[cell]\narea = \"0.9 cm2\""},
                    Pair{"fabrication.densification_pressure [MPa]", "300", "[fabrication]\ndensification_pressure = \"300 MPa\""},
                    Pair{"fabrication.foil_thickness [um]", "80", "[fabrication]\nfoil_thickness = \"80 um\""},
                    Pair{"fixture.kind", "Fixed gap", "[fixture]\nkind = \"fixed gap\""},
                    Pair{"output.tolerance", "1e-8", "[output]\ntolerance = 1e-8"},
                    Pair{"values.hold [min]", "7.25", "{hold}\"7.25 min\""}, Pair{"values.stack [MPa]", "3", "{stack}\"3 MPa\""},
                    Pair{"values.rounds", "3", "{rounds}3"}));

TEST(StudyVariants, AValueMayBeWords) {
  const std::string base = replaced(full_cell, "in steps", "{last} in steps") + "last = \"to 5 mA/cm2\"\n";
  const Study variant = of_row(base, "values.last\nto 3 mA/cm2\n");
  EXPECT_EQ(content(variant), content(of_file(replaced(base, "to 5 mA/cm2", "to 3 mA/cm2"))));
  EXPECT_EQ(std::get<step::Ramp>(variant.test.back().kind).upper, 30.0);
}

TEST(StudyVariants, LayersAreTheStudyOfTheFile) {
  const std::string layers = "[cell]\nlayers = [{ material = \"NCM811\", loading = \"40 mg/cm2\", loading_of = \"composite\" }, "
                             "{ material = \"LPSCl\", mass = \"60 mg\" }, { material = \"Li\", thickness = \"50 um\" }]\n";
  const auto listed = content(of_file(full_cell + layers));
  const auto variant = content(of_row(full_cell, "cell.cathode.loading [mg/cm2],cell.electrolyte.mass [mg],cell.lithium.thickness [um]\n40,60,50\n"));
  for (const auto& [key, value] : listed) {
    if (key.starts_with("listed cell.layers")) continue;
    EXPECT_EQ(variant.at(key), value) << key;
  }
  EXPECT_EQ(variant.at("listed cell.layers[0].areal_capacity"), listed.at("listed cell.layers[0].areal_capacity"));
  EXPECT_EQ(variant.at("listed cell.layers[1].thickness"), listed.at("listed cell.layers[1].thickness"));
}

TEST(StudyVariants, SpringsAreTheStudyOfTheFile) {
  const auto variant = content(of_row(full_cell, "fixture.springs.count,fixture.springs.rate [lbf/mm],fixture.springs.load_limit [lb],fixture.springs.travel [mm]\n4,6,60,12\n"));
  const auto file = content(of_file(full_cell + "[fixture]\nsprings = { count = 4, rate = \"6 lbf/mm\", load_limit = \"60 lb\", travel = \"12 mm\" }\n"));
  EXPECT_EQ(variant, file);
  EXPECT_NE(variant, content(of_file(full_cell)));
}

TEST(StudyVariants, ManyThreadsGiveTheSameStudies) {
  std::string csv = "values.hold [min],contact.initial,cell.electrolyte.mass [mg]\n";
  for (int k = 1; k <= 200; ++k) csv += std::to_string(k) + "," + std::to_string(0.001 * k) + "," + std::to_string(50 + 0.2 * k) + "\n";
  const OverrideTable table = parse_overrides(csv, "t.csv");
  const Variants variants = Variants::parse(symmetric_cell, "study.toml", folder, table.columns);
  std::vector<std::string> alone(table.rows()), together(table.rows());
  for (std::size_t k = 0; k < table.rows(); ++k) alone[k] = resolved_toml(variants.study(table.row(k)));
  {
    std::vector<std::jthread> pool;
    for (std::size_t t = 0; t < 4; ++t)
      pool.emplace_back([&, t] {
        for (std::size_t k = t; k < table.rows(); k += 4) together[k] = resolved_toml(variants.study(table.row(k)));
      });
  }
  EXPECT_EQ(alone, together);
}

TEST(StudyVariants, AllFaultsOfATableTogetherWithTheirPlaces) {
  const std::string said = fault("flaw.dept [um],flaw.depth [MPa],contact.initial,contact.closure_time,values.hold [min],mechanisms.fatigue\n"
                                 "1,2,0.2,20,30,true\n"
                                 "1,2,1.5,20,thirty,maybe\n"
                                 "1,2,0.3\n");
  EXPECT_THAT(said, AllOf(HasSubstr("C120"), HasSubstr("did you mean `flaw.depth`?"), HasSubstr("t.csv:1:1\n"), HasSubstr("C121"),
                          HasSubstr("t.csv:1:16\n"), HasSubstr("C123"), HasSubstr("t.csv:3:5\n"), HasSubstr("write `contact.closure_time [min]`")));
  EXPECT_THAT(said, AllOf(HasSubstr("C122"), HasSubstr("t.csv:3:12\n"), HasSubstr("t.csv:3:19\n"), HasSubstr("C126"), HasSubstr("3 fields under 6 headings")));
  EXPECT_THAT(said, HasSubstr(" 3 | 1,2,1.5,20,thirty,maybe\n   |            ^~~~~~\n"));
}

TEST(StudyVariants, MoreFaults) {
  EXPECT_THAT(fault(""), HasSubstr("C126"));
  EXPECT_THAT(fault("flaw.depth [um]\n"), HasSubstr("no row"));
  EXPECT_THAT(fault("weight\n1\n"), HasSubstr("no column overrides anything"));
  EXPECT_THAT(fault("flaw.depth [um],flaw.depth [nm]\n1,2\n"), HasSubstr("C124"));
  EXPECT_THAT(fault("seed\n1.5\n"), HasSubstr("whole number"));
  EXPECT_THAT(fault("flaw.depth [um],weight\n1,-1\n"), HasSubstr("a weight is a number of zero or more"));
  EXPECT_THAT(fault("flaw.depth [um];seed\n1,5;2\n"), HasSubstr("C122"));
  EXPECT_THAT(fault("fixture.kind [MPa]\nsprings\n"), HasSubstr("is a word and has no unit"));
  EXPECT_THAT(fault("flaw.depth [um]\n1e999\n"), HasSubstr("C122"));
}

TEST(StudyVariants, WhatTheStudyLacksIsRefused) {
  const auto said = [&](const std::string& heading, const std::string& value) {
    try {
      of_row(symmetric_cell, heading + "\n" + value + "\n");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(said("cell.cathode.loading [mg/cm2]", "20"), AllOf(HasSubstr("C125"), HasSubstr("no layer of cathode"), HasSubstr("table.csv:1:1")));
  EXPECT_THAT(said("fixture.springs.count", "3"), AllOf(HasSubstr("C125"), HasSubstr("no springs")));
  EXPECT_THAT(said("values.stack [MPa]", "3"), AllOf(HasSubstr("C125"), HasSubstr("`stack` in [values]")));
  EXPECT_THAT(said("fabrication.foil_thickness [um]", "20"), HasSubstr("C125"));
  EXPECT_THAT(said("values.hold [min]", "30"), HasSubstr("accepted"));
}

TEST(StudyVariants, AVariantThatCannotBeSaysWhich) {
  try {
    of_row(full_cell, "values.stack [MPa],contact.initial\n9.4,0.2\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(std::string(error.what()), AllOf(HasSubstr("C057"), HasSubstr("table.csv:2: values.stack = 9.4 MPa, contact.initial = 0.2")));
  }
}

TEST(StudyVariants, TablesAreWrittenAsTheyAreRead) {
  const std::string csv = "weight,flaw.depth [um],mechanisms.fatigue,values.end,explanation\n"
                          "0.25,5.125,true,until short,\"deep, and tired\"\n"
                          "0.75,,false,\"to 2 mA/cm2, until short\",\n";
  const OverrideTable table = parse_overrides(csv, "t.csv");
  EXPECT_EQ(overrides_csv(table), csv);
  EXPECT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.weights, (std::vector{0.25, 0.75}));
  EXPECT_EQ(table.explanations[0], "deep, and tired");
}

TEST(StudyVariants, TheDocumentListsEveryKey) {
  const std::string text = read_file(std::filesystem::path(PLATEN_SOURCE_DIR) / "docs" / "formats" / "overrides.md");
  for (const std::string& key : override_key_names()) {
    if (physics::find_parameter(key) || key.starts_with("mechanisms.")) continue;
    const std::size_t dot = key.rfind('.');
    const std::string last = dot == std::string::npos ? key : key.substr(dot);
    EXPECT_TRUE(text.find("`" + key + "`") != std::string::npos || text.find("`" + last + "`") != std::string::npos) << key;
  }
}

TEST(StudyValues, StandInSentences) {
  const Study study = of_file(symmetric_cell);
  EXPECT_EQ(study.test[0].sentence, "Hold at 25 MPa for 30 min at 25 degC");
  EXPECT_EQ(std::get<step::Hold>(study.test[0].kind).duration, 1800.0);
  EXPECT_THAT(resolved_toml(study), Not(HasSubstr("{hold}")));
}

TEST(StudyValues, FaultsPointAtTheBraces) {
  // longer than its name in braces, so that columns behind it differ
  const std::string cell = replaced(symmetric_cell, "\"30 min\"", "\"1440.5 min\"");
  const auto said = [&](const std::string& from, const std::string& to) {
    try {
      of_file(replaced(cell, from, to));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(said("{hold}", "{hould}"), AllOf(HasSubstr("C114"), HasSubstr("did you mean `{hold}`?"), HasSubstr("study.toml:2:29\n")));
  EXPECT_THAT(said("{hold}", "{hold"), HasSubstr("C114"));
  EXPECT_THAT(said("{hold}", "hold}"), HasSubstr("C114"));
  EXPECT_THAT(said("\"1440.5 min\"", "\"30 MPa\""), AllOf(HasSubstr("C106"), HasSubstr("study.toml:2:29\n"), HasSubstr("^~~~~~\n")));
  EXPECT_THAT(said("at 25 degC\"", "at 25 MPa\""), AllOf(HasSubstr("C106"), HasSubstr("study.toml:2:39\n")));
  EXPECT_THAT(said("hold = \"1440.5 min\"", "hold = [1]"), HasSubstr("C010"));
  const Study unused = of_file(symmetric_cell + "other = 5\n");
  ASSERT_EQ(unused.warnings.size(), 1u);
  EXPECT_EQ(unused.warnings[0].code, "C072");
}

TEST(StudyValues, SpringsThatMayBeMissing) {
  const std::string gap = full_cell + "[fixture]\nkind = \"fixed gap\"\n";
  const auto fits = [](const Study& study) {
    return std::count_if(study.test.begin(), study.test.end(), [](const Step& s) { return std::holds_alternative<step::FitSprings>(s.kind); });
  };
  EXPECT_EQ(fits(of_file(full_cell)), 1);
  EXPECT_EQ(fits(of_file(gap)), 0);
  EXPECT_THROW(of_file(replaced(gap, "Fit springs if any", "Fit springs")), Error);
}

} // namespace
