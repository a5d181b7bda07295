// A study file becomes a Study.
#include "base/file.hpp"
#include "physics/compaction.hpp"
#include "study/read.hpp"
#include "study/sections.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

using namespace platen;
using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string head = "name = \"t\"\ntest = [\"Hold at 25 MPa for 30 min\"]\n";
const std::string cell = "[cell]\narea = \"0.785 cm2\"\nlayers = [{ material = \"Li\", thickness = \"100 "
                         "um\" }, { material = \"LPSCl\", "
                         "mass = \"75 mg\" }, { material = \"Li\", thickness = \"50 um\" "
                         "}]\n[fabrication]\ndensification_pressure = \"370 MPa\"\n";

/// 25.5 mg/cm2 of NCM811 on 75 mg of LPSCl.
std::string full_cell(const std::string& loading_of) {
  return "[cell]\narea = \"0.785 cm2\"\nlayers = [{ material = \"NCM811\", loading = \"25.5 mg/cm2\", loading_of = \"" +
         loading_of +
         "\" }, { material = \"LPSCl\", mass = \"75 mg\" }, { material = \"Li\", thickness = \"100 um\" "
         "}]\n[fabrication]\ndensification_pressure = \"370 MPa\"\n";
}

Study parse(const std::string& text) { return parse_study(text, "t.toml", {}); }

const config::Resolved* find(const Study& study, std::string_view key) {
  const auto found =
      std::find_if(study.resolved.begin(), study.resolved.end(), [&](const auto& r) { return r.key == key; });
  return found != study.resolved.end() ? &*found : nullptr;
}

void expect_same_numbers(const Study& a, const Study& b) {
  for (const physics::ParameterInfo& row : physics::parameter_registry())
    EXPECT_EQ(a.parameters.*row.member, b.parameters.*row.member) << row.name;
  for (const MechanismInfo& row : mechanism_registry())
    EXPECT_EQ(a.mechanisms.*row.member, b.mechanisms.*row.member) << row.name;
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.description, b.description);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.temperature, b.temperature);
  EXPECT_EQ(a.cell.configuration, b.cell.configuration);
  EXPECT_EQ(a.cell.area, b.cell.area);
  EXPECT_EQ(a.cell.electrolyte_thickness, b.cell.electrolyte_thickness);
  EXPECT_EQ(a.cell.electrolyte_density, b.cell.electrolyte_density);
  EXPECT_EQ(a.cell.electrolyte_mass, b.cell.electrolyte_mass);
  EXPECT_EQ(a.cell.lithium_left, b.cell.lithium_left);
  EXPECT_EQ(a.cell.lithium_right, b.cell.lithium_right);
  ASSERT_EQ(a.cell.cathode.has_value(), b.cell.cathode.has_value());
  if (a.cell.cathode) {
    EXPECT_EQ(a.cell.cathode->loading, b.cell.cathode->loading);
    EXPECT_EQ(a.cell.cathode->areal_capacity, b.cell.cathode->areal_capacity);
    EXPECT_EQ(a.cell.cathode->active_thickness, b.cell.cathode->active_thickness);
    EXPECT_EQ(a.cell.cathode->thickness, b.cell.cathode->thickness);
  }
  EXPECT_EQ(a.fixture.kind, b.fixture.kind);
  EXPECT_EQ(a.fixture.springs.has_value(), b.fixture.springs.has_value());
  if (a.fixture.springs && b.fixture.springs) {
    EXPECT_EQ(a.fixture.springs->count, b.fixture.springs->count);
    EXPECT_EQ(a.fixture.springs->rate, b.fixture.springs->rate);
    EXPECT_EQ(a.fixture.springs->load_limit, b.fixture.springs->load_limit);
    EXPECT_EQ(a.fixture.springs->travel, b.fixture.springs->travel);
  }
  EXPECT_EQ(a.fabrication.densification_pressure, b.fabrication.densification_pressure);
  EXPECT_EQ(a.output.interval, b.output.interval);
  EXPECT_EQ(a.output.events_only, b.output.events_only);
  EXPECT_EQ(a.output.dynamic_capacitances, b.output.dynamic_capacitances);
  EXPECT_EQ(a.output.relative_tolerance, b.output.relative_tolerance);
  ASSERT_EQ(a.test.size(), b.test.size());
  for (std::size_t k = 0; k < a.test.size(); ++k) {
    EXPECT_EQ(a.test[k].sentence, b.test[k].sentence);
    EXPECT_EQ(a.test[k].kind.index(), b.test[k].kind.index());
  }
}

TEST(StudyRead, CellFromLayers) {
  const Study s = parse(head + cell);
  EXPECT_EQ(s.cell.configuration, Configuration::symmetric);
  EXPECT_DOUBLE_EQ(s.cell.area, 0.785e-4);
  EXPECT_DOUBLE_EQ(s.cell.lithium_left, 100e-6);
  EXPECT_DOUBLE_EQ(s.cell.lithium_right, 50e-6);
  EXPECT_DOUBLE_EQ(s.cell.electrolyte_mass, 75e-6);
  EXPECT_EQ(s.cell.electrolyte, "LPSCl");
  EXPECT_EQ(s.parameter_set, "Ham2022");
  EXPECT_DOUBLE_EQ(s.temperature, 298.15);
  EXPECT_TRUE(s.warnings.empty());
}

TEST(StudyRead, ThicknessFollowsFromMassAndPressing) {
  const Study s = parse(head + cell);
  // 75 mg / (0.785 cm2 * 1.86 g/cm3 * 0.87) = 590 um, by hand; MODEL section 1 gives 0.56 to 0.63 mm
  EXPECT_NEAR(s.cell.electrolyte_thickness, 590.4e-6, 0.3e-6);
  const Study soft = parse(head + cell.substr(0, cell.find("[fabrication]")) +
                           "[fabrication]\ndensification_pressure = \"50 MPa\"\n");
  EXPECT_LT(soft.cell.electrolyte_density, s.cell.electrolyte_density);
  EXPECT_GT(soft.cell.electrolyte_thickness, s.cell.electrolyte_thickness);
  const config::Resolved* r = find(s, "cell.layers[1].thickness");
  ASSERT_NE(r, nullptr);
  EXPECT_EQ(r->origin, "derived");
  EXPECT_EQ(r->basis, "derived");
}

TEST(StudyRead, FoilThicknessOfTheFabricationFillsIn) {
  const Study s = parse(
      head + "[cell]\narea = \"0.785 cm2\"\nlayers = [{ material = \"Li\" }, { material = \"LPSCl\", "
             "thickness = \"600 um\" }, "
             "{ material = \"Li\", thickness = \"50 um\" }]\n[fabrication]\nfoil_thickness = \"30 um\"\n");
  EXPECT_DOUBLE_EQ(s.cell.lithium_left, 30e-6);
  EXPECT_DOUBLE_EQ(s.cell.lithium_right, 50e-6);
  EXPECT_DOUBLE_EQ(s.cell.electrolyte_thickness, 600e-6);
  EXPECT_EQ(s.cell.electrolyte_mass, 0.0);
}

TEST(StudyRead, NoLayersIsTheEmptyFixture) {
  for (const char* layers : {"", "layers = []\n"}) {
    const Study s = parse(head + "[cell]\narea = \"0.785 cm2\"\n" + layers);
    EXPECT_EQ(s.cell.configuration, Configuration::empty_fixture);
    EXPECT_EQ(s.cell.lithium_left, 0.0);
  }
}

TEST(StudyRead, SwitchesOutputAndSprings) {
  const Study plain = parse(head + cell);
  EXPECT_EQ(plain.fixture.kind, FixtureKind::fixed_gap);
  EXPECT_TRUE(plain.mechanisms.intrusion);
  EXPECT_DOUBLE_EQ(plain.output.interval, 10);
  EXPECT_FALSE(plain.output.dynamic_capacitances);
  const Study s = parse("name = \"t\"\nseed = 3\ntemperature = \"40 degC\"\ntest = [\"Hold at 5 MPa for 1 "
                        "h\", \"Fit springs\"]\n" +
                        cell +
                        "[fixture]\nkind = \"springs\"\nsprings = { count = 3, rate = \"5.5 lb/mm\", "
                        "load_limit = \"53 lb\", travel = \"9.6 mm\" }\n"
                        "[mechanisms]\nintrusion = false\n[output]\ninterval = \"1 min\"\nevents_only = "
                        "true\ncapacitances = \"dynamic\"\ntolerance = 1e-5\n");
  EXPECT_EQ(s.seed, 3u);
  EXPECT_DOUBLE_EQ(s.temperature, 313.15);
  EXPECT_EQ(s.fixture.kind, FixtureKind::springs);
  ASSERT_TRUE(s.fixture.springs.has_value());
  EXPECT_EQ(s.fixture.springs->count, 3);
  EXPECT_NEAR(s.fixture.springs->rate, 5.5 * 4.4482216152605 / 1e-3,
              1e-6); // 1 lbf = 4.4482216152605 N, exact
  EXPECT_NEAR(s.fixture.springs->load_limit, 53 * 4.4482216152605, 1e-9);
  EXPECT_DOUBLE_EQ(s.fixture.springs->travel, 9.6e-3);
  EXPECT_FALSE(s.mechanisms.intrusion);
  EXPECT_TRUE(s.mechanisms.seating);
  EXPECT_DOUBLE_EQ(s.output.interval, 60);
  EXPECT_TRUE(s.output.events_only);
  EXPECT_TRUE(s.output.dynamic_capacitances);
  EXPECT_DOUBLE_EQ(s.output.relative_tolerance, 1e-5);
}

TEST(StudyRead, FullCellFromLayers) {
  const Study s = parse(head + full_cell("composite"));
  EXPECT_EQ(s.cell.configuration, Configuration::full);
  EXPECT_EQ(s.cell.lithium_left, 0.0);
  EXPECT_DOUBLE_EQ(s.cell.lithium_right, 100e-6);
  ASSERT_TRUE(s.cell.cathode.has_value());
  const Cathode& c = *s.cell.cathode;
  EXPECT_EQ(c.material, "NCM811");
  EXPECT_DOUBLE_EQ(c.loading, 0.255);
  // by hand: 25.5 mg/cm2 * 0.66 = 16.83 mg/cm2; * 200 mAh/g = 3.366 mAh/cm2; / 4.77 g/cm3 = 35.28 um;
  // 25.5 mg/cm2 / 2.70 g/cm3 = 94.44 um
  EXPECT_NEAR(c.areal_capacity, 3.366 * 36e3, 1e-6);
  EXPECT_NEAR(c.active_thickness, 35.283e-6, 1e-9);
  EXPECT_NEAR(c.thickness, 94.444e-6, 1e-9);
  const config::Resolved* capacity = find(s, "cell.layers[0].areal_capacity");
  ASSERT_NE(capacity, nullptr);
  EXPECT_EQ(capacity->text, "3.366 mAh/cm2");
  EXPECT_EQ(capacity->basis, "derived");
  EXPECT_EQ(capacity->si, c.areal_capacity);
  ASSERT_NE(find(s, "cell.layers[0].active_thickness"), nullptr);
  ASSERT_NE(find(s, "cell.layers[0].thickness"), nullptr);
}

TEST(StudyRead, ActiveLoadingIsMoreCathode) {
  const Study active = parse(head + full_cell("active"));
  const Study composite = parse(head + full_cell("composite"));
  // by hand: 25.5 mg/cm2 of NCM811 at 200 mAh/g is 5.1 mAh/cm2, in 38.64 mg/cm2 of composite
  EXPECT_NEAR(active.cell.cathode->areal_capacity, 5.1 * 36e3, 1e-6);
  EXPECT_NEAR(active.cell.cathode->loading, 0.386364, 1e-6);
  EXPECT_NEAR(active.cell.cathode->areal_capacity / composite.cell.cathode->areal_capacity, 1.0 / 0.66, 1e-12);
  ASSERT_NE(find(active, "cell.layers[0].composite_loading"), nullptr);
  expect_same_numbers(active, parse_study(resolved_toml(active), "resolved.toml", {}));
}

TEST(StudyRead, CellsWithoutACathodeHaveNoneOfItsNumbers) {
  const Study s = parse(head + cell);
  EXPECT_FALSE(s.cell.cathode.has_value());
  for (const physics::ParameterInfo& row : physics::parameter_registry())
    if (row.home == physics::Home::cathode_card) {
      EXPECT_EQ(s.parameters.*row.member, 0.0) << row.name;
      EXPECT_EQ(find(s, row.name), nullptr) << row.name;
      EXPECT_EQ(resolved_toml(s).find(row.name), std::string::npos) << row.name;
    }
}

TEST(StudyRead, RivalMechanismsAreSwitches) {
  const Study s = parse(head + full_cell("composite") +
                        "[mechanisms]\npressure_swing = true\nyielding_gap = false\nuneven_current = false\nfatigue = false\n");
  EXPECT_TRUE(s.mechanisms.pressure_swing);
  EXPECT_FALSE(s.mechanisms.yielding_gap || s.mechanisms.uneven_current || s.mechanisms.fatigue);
  expect_same_numbers(s, parse_study(resolved_toml(s), "resolved.toml", {}));
}

TEST(StudyRead, PrecedenceOfParameters) {
  const std::string text =
      head + cell +
      "[fixture]\nfriction = \"0.1 MPa\"\njoint_exponent = 1.0\n[override]\n\"contact.closure_time\" = \"20 "
      "min\"\n"
      "\"fixture.joint_exponent\" = 2.0\nelectrolyte.conductivity = \"3 mS/cm\"\n"
      "\"flaw.depth\" = { value = \"7 um\", basis = \"fitted\", source = \"our cells\" }\n";
  const Study s = parse(text);
  EXPECT_DOUBLE_EQ(s.parameters.contact_closure_time, 1200);
  EXPECT_DOUBLE_EQ(s.parameters.friction, 1e5);
  EXPECT_DOUBLE_EQ(s.parameters.joint_exponent, 2.0);
  EXPECT_DOUBLE_EQ(s.parameters.conductivity, 0.3);
  EXPECT_DOUBLE_EQ(s.parameters.flaw_depth, 7e-6);
  EXPECT_EQ(find(s, "flaw.depth")->basis, "fitted");
  EXPECT_EQ(find(s, "flaw.depth")->source, "our cells");
  EXPECT_EQ(find(s, "flaw.depth")->origin, "t.toml:15");
  EXPECT_EQ(find(s, "contact.closure_time")->text, "20 min");
  EXPECT_EQ(find(s, "contact.initial")->origin, "set Ham2022");
  EXPECT_EQ(find(s, "electrolyte.density")->origin, "card LPSCl");
}

TEST(StudyRead, EveryParameterIsResolvedOnceWithBasis) {
  const Study s = parse(head + full_cell("composite") + "[override]\n\"flaw.depth\" = \"7 um\"\n");
  for (const physics::ParameterInfo& row : physics::parameter_registry()) {
    const auto count =
        std::count_if(s.resolved.begin(), s.resolved.end(), [&](const auto& r) { return r.key == row.name; });
    EXPECT_EQ(count, 1) << row.name;
    const config::Resolved* r = find(s, row.name);
    ASSERT_NE(r, nullptr) << row.name;
    EXPECT_EQ(r->si, s.parameters.*row.member) << row.name;
    EXPECT_FALSE(r->basis.empty()) << row.name;
    EXPECT_FALSE(r->origin.empty()) << row.name;
  }
  for (const config::Resolved& r : s.resolved) EXPECT_FALSE(r.key.starts_with("override")) << r.key;
}

TEST(StudyRead, RegistryIsConsistent) {
  std::vector<std::string_view> names;
  for (const physics::ParameterInfo& row : physics::parameter_registry()) {
    names.push_back(row.name);
    EXPECT_LT(row.low, row.high) << row.name;
    const auto unit = parse_unit(row.shown_in);
    ASSERT_TRUE(unit.has_value()) << row.name;
    EXPECT_EQ(unit->dimension, row.dimension) << row.name << " is shown in " << row.shown_in;
    const auto si = parse_unit(si_unit(row.dimension));
    ASSERT_TRUE(si.has_value()) << row.name;
    EXPECT_EQ(si->factor, 1.0) << row.name;
    EXPECT_EQ(physics::find_parameter(row.name), &row);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  // a member without a row could not be set by anybody
  EXPECT_EQ(names.size() * sizeof(double), sizeof(physics::Parameters));
  EXPECT_EQ(physics::find_parameter("nosuch"), nullptr);
}

TEST(StudyRead, ResolvedTomlReadsBackToTheSameNumbers) {
  const std::string rich =
      "seed = 7\ntemperature = \"33.3 degC\"\ndescription = \"a \\\"b\\\" \\\\ µ\"\n" + head + cell +
      "[fixture]\nkind = \"fixed gap\"\nsprings = { count = 3, rate = \"5.5 lbf/mm\", load_limit = \"53 "
      "lbf\", travel = \"9.6 mm\" }\n"
      "[mechanisms]\nintrusion = false\n[output]\ninterval = \"0.3 min\"\nevents_only = true\ncapacitances = "
      "\"dynamic\"\ntolerance = 3e-5\n"
      "[override]\n\"flaw.depth\" = \"7.1 um\"\n\"interphase.charge\" = \"0.12 uAh/cm2 per nm\"\n";
  for (const std::string& text :
       {rich, head + full_cell("composite") + "[override]\n\"cathode.capacity\" = \"195.3 mAh/g\"\n", head + "[cell]\narea = \"1.33 cm2\"\n",
        head + "[cell]\narea = \"0.785 cm2\"\nlayers = [{ material = \"Li\", thickness = \"33 um\" }, { "
               "material = \"LPSCl\", thickness = "
               "\"601 um\", mass = \"75 mg\" }, { material = \"Li\", thickness = \"50 um\" }]\n"}) {
    const Study first = parse(text);
    const std::string written = resolved_toml(first);
    const Study second = parse_study(written, "resolved.toml", {});
    expect_same_numbers(first, second);
    EXPECT_EQ(find(second, "contact.initial")->basis, find(first, "contact.initial")->basis);
    EXPECT_EQ(find(second, "contact.initial")->source, find(first, "contact.initial")->source);
  }
}

TEST(StudyRead, OwnSetNextToTheStudy) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("platen-study-set-{}", getpid());
  fs::create_directories(folder / "base");
  write_file(folder / "base/my-set.toml", "extends = \"Ham2022\"\nname = \"mine\"\n[flaw]\ndepth = { value = "
                                          "\"9 um\", basis = \"fitted\", source = \"our cells\" }\n");
  write_file(folder / "base/base.toml", "set = \"./my-set.toml\"\n" + head + cell);
  write_file(folder / "top.toml", "extends = \"base/base.toml\"\nname = \"top\"\n");
  const Study s = read_study(folder / "top.toml");
  EXPECT_EQ(s.name, "top");
  EXPECT_EQ(s.parameter_set, "mine");
  EXPECT_DOUBLE_EQ(s.parameters.flaw_depth, 9e-6);
  EXPECT_THAT(find(s, "flaw.depth")->origin, HasSubstr("my-set.toml:4"));
  EXPECT_EQ(find(s, "contact.initial")->origin, "set Ham2022");
  std::vector<std::string> read;
  for (const auto& [path, text] : s.sources) read.push_back(path);
  EXPECT_THAT(read, testing::Contains(HasSubstr("my-set.toml")));
  EXPECT_THAT(read, testing::Contains("set Ham2022"));
  expect_same_numbers(s, parse_study(resolved_toml(s), "resolved.toml", {})); // without the set's file
  fs::remove_all(folder);
}

TEST(StudyRead, OwnCathodeCardNextToTheStudy) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("platen-study-card-{}", getpid());
  fs::create_directories(folder);
  write_file(folder / "mine.toml", "extends = \"NCM811\"\nname = \"mine\"\ncapacity = { value = \"180 mAh/g\", "
                                   "basis = \"stated\", source = \"our half cells\" }\n");
  std::string text = head + full_cell("composite");
  text.replace(text.find("NCM811"), 6, "./mine.toml");
  write_file(folder / "own.toml", text);
  const Study s = read_study(folder / "own.toml");
  EXPECT_EQ(s.cell.cathode->material, "mine");
  EXPECT_NEAR(s.cell.cathode->areal_capacity, 3.366 * 36e3 * 0.9, 1e-6);
  expect_same_numbers(s, parse_study(resolved_toml(s), "resolved.toml", {})); // without the card's file
  fs::remove_all(folder);
}

TEST(StudyRead, EveryStudyOfTheProjectIsSound) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(PLATEN_SOURCE_DIR) / "studies")) {
    if (entry.path().extension() != ".toml") continue;
    ++count;
    try {
      const Study s = read_study(entry.path());
      EXPECT_TRUE(s.warnings.empty()) << entry.path();
      EXPECT_FALSE(s.test.empty()) << entry.path();
      expect_same_numbers(s, parse_study(resolved_toml(s), "resolved.toml", {}));
    } catch (const Error& error) {
      ADD_FAILURE() << entry.path() << '\n' << error.what();
    }
  }
  EXPECT_GE(count, 34u);
}

} // namespace
