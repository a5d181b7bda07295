// Rows T11 and T12 of Ham et al. 2022: spectra and polarisation simulated, read through an instrument and analysed.

#include "assess/assessment.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"
#include "targets/targets.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace platen {
namespace {

TargetResult row(const std::string& id, const std::string& file, const std::string& more = "") {
  const Record record = simulate(parse_study("extends = \"" + file + "\"\nname = \"row\"\n" + more, "row.toml",
                                             std::filesystem::path(PLATEN_SOURCE_DIR) / "studies/ham2022"));
  const Assessment assessment = assess(record);
  const JudgedCell cell{&record, &assessment};
  for (TargetResult& r : evaluate_targets({&cell, 1}))
    if (r.target.id == id) {
      std::printf("%s %s: %.4g %s, %s\n", id.c_str(), more.c_str(), r.platen.value_or(NAN), r.target.unit.c_str(), std::string(label(r.verdict)).c_str());
      return std::move(r);
    }
  return {};
}

TEST(Ham2022, ImpedanceFallsFirst) {
  EXPECT_EQ(row("T11", "impedance-hold.toml").verdict, TargetVerdict::met);
  const TargetResult slow = row("T11", "impedance-hold.toml", "[override]\n\"contact.closure_time\" = \"3 h\"\n");
  EXPECT_EQ(slow.verdict, TargetVerdict::missed) << "a contact that closes in hours";
  EXPECT_LT(*slow.platen, 0.7);
  EXPECT_EQ(row("T11", "hold-30min.toml").verdict, TargetVerdict::not_evaluated);
}

TEST(Ham2022, PolarisationGivesTheConductivityBack) {
  const TargetResult result = row("T12", "polarisation.toml");
  EXPECT_EQ(result.verdict, TargetVerdict::met);
  EXPECT_NE(*result.platen, 1.8e-8) << "it went through an instrument";
  EXPECT_EQ(row("T12", "polarisation.toml", "[override]\n\"electrolyte.electronic_conductivity\" = \"2.5e-8 S/cm\"\n").verdict, TargetVerdict::missed);
  EXPECT_EQ(row("T12", "impedance-hold.toml").verdict, TargetVerdict::not_evaluated);
}

} // namespace
} // namespace platen
