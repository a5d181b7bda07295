// Figures of merit of simulated cells against what the simulator knows, and of real files.

#include "assess/assessment.hpp"
#include "import/import.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <unistd.h>

using namespace platen;
using testing::HasSubstr;

namespace {

const std::filesystem::path shared = PLATEN_SHARED_DATA;

Merit figure(const Assessment& a, std::string_view key) {
  const Merit* m = a.merit.find(key);
  if (m == nullptr) throw std::runtime_error("no figure " + std::string(key));
  return *m;
}

Record simulated(const std::string& steps) {
  const auto path = std::filesystem::temp_directory_path() / ("platen-merit-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path) << "extends = \"" << PLATEN_SOURCE_DIR << "/studies/examples/first.toml\"\ntest = [" << steps << "]\n";
  const Study study = read_study(path);
  std::filesystem::remove(path);
  return simulate(study, {});
}

/// First step at whose end one electrode's voids, which no instrument sees, cover more than `share` of its contact; A/m2.
double voids_begin(const Record& r, double share) {
  const Segments s = find_segments(r);
  for (const HalfCycle& h : s.half_cycles)
    if (r.real(h.direction > 0 ? "void_left" : "void_right")[h.last] > share) return s.current_steps[h.step].current / *r.cell.area;
  return INFINITY;
}

TEST(MeritOfSimulatedCells, StrippingIsNeverBlamedBeforeThereAreVoids) {
  const Record r = simulated(R"("Hold at 25 MPa for 30 min at 25 degC", "Release to 1 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 1 MPa",
    "Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 60 min per half cycle, until short")");
  const Assessment a = assess(r);
  const Merit strip = figure(a, "critical_stripping"), plate = figure(a, "critical_plating");
  ASSERT_TRUE(strip.high) << strip.refused << strip.remark;
  std::cout << "voids above 10 % of the contact from " << voids_begin(r, 0.1) * 0.1 << " mA/cm2 on; the overpotential shows them at " << *strip.high * 0.1 << " mA/cm2\n";
  EXPECT_GE(*strip.high, voids_begin(r, 0.1));
  EXPECT_LE(*strip.high, voids_begin(r, 0.9) * 1.3) << "with nine tenths of the contact gone everybody sees it";
  EXPECT_EQ(plate.bound, Bound::at_least) << "the electrode that shorts had lost its contact";
}

TEST(MeritOfSimulatedCells, WithoutVoidsTheShortIsThatOfPlating) {
  const Record r = simulated(R"("Hold at 25 MPa for 30 min at 25 degC", "Release to 5 MPa", "Heat to 40 degC in 1 h", "Set stack pressure to 5 MPa",
    "Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short")");
  const Assessment a = assess(r);
  EXPECT_EQ(figure(a, "critical_stripping").bound, Bound::at_least);
  EXPECT_EQ(figure(a, "critical_plating").bound, Bound::between);
  EXPECT_DOUBLE_EQ(*figure(a, "critical_plating").high, *a.ccd->failing_step);
  EXPECT_NEAR(*figure(a, "capacity_to_failure").value(), *a.capacity_to_failure, 1e-6 * *a.capacity_to_failure);
  for (const Contradiction& c : a.checklist.contradictions) ADD_FAILURE() << c.text;
  for (const char* key : {"electrolyte_density", "area", "contact_hold_time", "ramp_increment"}) EXPECT_EQ(a.checklist.find(key)->statements.front().from, "study") << key;
}

TEST(MeritOfRealFiles, TheCellThatSoftShortsHasALifeAndNoCcd) {
  const auto path = shared / "lili_soft_short/03_GCPL.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT " << path;
  CellFile cell;
  cell.cell.configuration = Configuration::symmetric;
  cell.cell.current = 0.4e-3;
  ImportOptions options;
  options.cell = cell;
  const Record r = read_measurement(path, options);
  const Assessment a = assess(r);
  EXPECT_THAT(figure(a, "ccd").refused, HasSubstr("area"));
  EXPECT_THAT(figure(a, "critical_current").refused, HasSubstr("single current"));
  const Merit time = figure(a, "life_time"), cycles = figure(a, "life_cycles"), charge = figure(a, "charge_to_failure");
  EXPECT_EQ(time.bound, Bound::exact);
  EXPECT_EQ(charge.unit, "C");
  // 0.4 mA for an hour per loop: the charge follows from the loops that were passed and the time in the one that was not
  EXPECT_NEAR(*charge.value(), 0.4e-3 * (3600.0 * *cycles.value() + (*a.onset - find_segments(r).half_cycles[*a.onset_half_cycle].start)), 0.01 * *charge.value());
  EXPECT_EQ(a.checklist.find("area")->knowledge, Knowledge::missing);
  EXPECT_EQ(a.checklist.find("ramp_increment")->knowledge, Knowledge::not_needed);
  EXPECT_TRUE(a.checklist.contradictions.empty());
}

TEST(MeritOfRealFiles, EveryFigureOfEveryFileIsFiniteOrRefusedWithAReason) {
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "SHARED DATA ABSENT " << shared;
  std::size_t files = 0, stated = 0, refused = 0;
  for (const auto* folder : {"neware", "arbin", "maccor", "bdf", "landt", "novonix"})
    for (const auto& entry : std::filesystem::directory_iterator(shared / folder)) {
      const std::string name = entry.path().filename().string();
      if (name.find("LICENSE") != std::string::npos || name.find(".csv.gz") != std::string::npos || name.find("Metadata") != std::string::npos) continue;
      for (const auto& area : {std::optional<double>(), std::optional(1e-4)}) {
        CellFile cell;
        cell.cell.configuration = Configuration::full;
        cell.cell.area = area;
        ImportOptions options;
        options.cell = cell;
        Assessment a;
        try {
          a = assess(read_measurement(entry.path(), options));
        } catch (const Error&) {
          continue; // no measurement of a cell: the readers' tests say what it is
        }
        ++files;
        ASSERT_FALSE(a.merit.figures.empty()) << name;
        for (const Merit& m : a.merit.figures) {
          if (!m.refused.empty()) {
            ++refused;
            continue;
          }
          ++stated;
          EXPECT_TRUE(m.low || m.high) << name << " " << m.key;
          for (const auto& value : {m.low, m.high, m.uncertainty}) EXPECT_TRUE(!value || std::isfinite(*value)) << name << " " << m.key;
          if (m.low && m.high) {
            EXPECT_LE(*m.low, *m.high) << name << " " << m.key;
          }
          if (!area) {
            EXPECT_EQ(m.unit.find("m2"), std::string::npos) << name << " " << m.key << ": no area, no density";
          }
        }
        EXPECT_EQ(a.checklist.find("configuration")->knowledge, Knowledge::known) << name;
      }
    }
  std::cout << files / 2 << " files read twice, with and without an area: " << stated << " figures stated, " << refused << " refused\n";
  EXPECT_GT(stated, 0u);
  EXPECT_GT(refused, 0u);
}

} // namespace
