// A person's verdict beside the program's: read, judged by, kept through files.

#include "assess_waveforms.hpp"

#include "assess/overrule.hpp"
#include "base/file.hpp"
#include "record/io.hpp"
#include "record/overrules.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace platen {
namespace {

std::string refusal(const std::string& text) {
  try {
    parse_overrule(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.diagnostics().front().code, "D106");
    return error.diagnostics().front().message;
  }
  return "not refused";
}

TEST(AssessOverrule, ASentenceIsRead) {
  const Overrule o = parse_overrule(" half cycle 12: healthy, the cable was touched, twice ");
  EXPECT_EQ(o.half_cycle, 11U);
  EXPECT_EQ(o.verdict, Verdict::healthy);
  EXPECT_EQ(o.reason, "the cable was touched, twice");
  const Overrule cell = parse_overrule("cell: hard short, seen under the microscope");
  EXPECT_FALSE(cell.half_cycle);
  EXPECT_EQ(cell.verdict, Verdict::hard_short);
}

TEST(AssessOverrule, WhatCannotBeReadIsRefusedWithWhatIsMissing) {
  EXPECT_THAT(refusal("half cycle 12: healthy"), testing::HasSubstr("no reason"));
  EXPECT_THAT(refusal("half cycle 12: fine, x"), testing::HasSubstr("\"fine\" is no verdict"));
  EXPECT_THAT(refusal("half cycle 0: healthy, x"), testing::HasSubstr("\"0\" is not the number"));
  EXPECT_THAT(refusal("half cycle 12th: healthy, x"), testing::HasSubstr("\"12th\" is not the number"));
  EXPECT_THAT(refusal("half cycle twelve: healthy, x"), testing::HasSubstr("\"twelve\""));
  EXPECT_THAT(refusal("step 3: healthy, x"), testing::HasSubstr("neither"));
  EXPECT_THAT(refusal("healthy because I say so"), testing::HasSubstr("no colon"));
  EXPECT_THAT(refusal(""), testing::HasSubstr("no colon"));
}

TEST(AssessOverrule, AHealthyHalfCycleMovesTheShortAndBothVerdictsStand) {
  Record record = waveforms::ended_by_a_short();
  const Assessment program = assess(record);
  ASSERT_TRUE(program.onset_half_cycle);
  const std::size_t first = *program.onset_half_cycle;
  add_overrule(record, "half cycle " + std::to_string(first + 1) + ": healthy, the cable was touched");
  const Assessment a = assess(record);
  EXPECT_EQ(a.half_cycles[first].verdict, Verdict::healthy);
  EXPECT_EQ(a.half_cycles[first].program_verdict, program.half_cycles[first].verdict);
  ASSERT_EQ(a.overruled.size(), 1U);
  EXPECT_EQ(a.overruled[0].half_cycle, first);
  EXPECT_EQ(a.overruled[0].given, Verdict::healthy);
  EXPECT_EQ(a.overruled[0].program, program.half_cycles[first].verdict);
  EXPECT_EQ(a.overruled[0].reason, "the cable was touched");
  EXPECT_FALSE(a.overruled[0].program_reason.empty());
  ASSERT_TRUE(a.onset_half_cycle);
  EXPECT_EQ(*a.onset_half_cycle, first + 1) << a.reason;
}

TEST(AssessOverrule, AHealthyCellHasNoOnsetAndALowerBound) {
  Record record = waveforms::ended_by_a_short();
  add_overrule(record, "cell: healthy, the potentiostat was broken");
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::healthy);
  EXPECT_FALSE(a.onset);
  ASSERT_TRUE(a.ccd) << a.ccd_refused;
  EXPECT_FALSE(a.ccd->failing_step);
  EXPECT_EQ(a.overruled.at(0).program, Verdict::hard_short);
  EXPECT_THAT(a.reason, testing::HasSubstr("the potentiostat was broken"));
  EXPECT_THAT(a.reason, testing::HasSubstr("the program said hard short"));
}

TEST(AssessOverrule, AShortWithoutAHalfCycleGivesNoCcd) {
  Record record = waveforms::make(waveforms::draw(7, waveforms::Fault::none)).record;
  ASSERT_EQ(assess(record).verdict, Verdict::healthy);
  add_overrule(record, "cell: hard short, seen under the microscope");
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::hard_short);
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, testing::HasSubstr("not in which half cycle"));
  EXPECT_EQ(a.overruled.at(0).program, Verdict::healthy);
}

TEST(AssessOverrule, AHalfCycleThatIsNotThereIsRefused) {
  Record record = waveforms::ended_by_a_short();
  add_overrule(record, "half cycle 5000: healthy, x");
  try {
    assess(record);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.diagnostics().front().code, "D107");
  }
}

TEST(AssessOverrule, BothVerdictsAreKeptInHdf5AndCsv) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("platen_overrule_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  Record record = waveforms::ended_by_a_short();
  add_overrule(record, "cell: healthy, first line\nsecond line");
  keep_program_verdicts(record, assess(record), "platen 0.1.0");
  write_hdf5(record, folder / "judged.h5");
  write_csv(record, folder / "judged.csv");
  for (const Record& back : {read_hdf5(folder / "judged.h5"), read_bdf_csv(folder / "judged.csv")}) {
    ASSERT_EQ(kept_overrules(back).size(), 1U);
    EXPECT_EQ(kept_overrules(back)[0].second, "cell: healthy, first line second line");
    EXPECT_THAT(back.metadata.at("program verdict 1"), testing::HasSubstr("hard short"));
    EXPECT_THAT(back.metadata.at("program verdict 1"), testing::HasSubstr("platen 0.1.0"));
    EXPECT_EQ(assess(back).verdict, Verdict::healthy);
    EXPECT_EQ(assess(back).overruled.at(0).program, Verdict::hard_short);
  }
  std::filesystem::remove_all(folder);
}

} // namespace
} // namespace platen
