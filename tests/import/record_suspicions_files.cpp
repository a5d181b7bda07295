// No false alarms on real files, and the known-bad ones are caught.

#include "text_files.hpp"

#include "record/suspicions.hpp"

#include <algorithm>

namespace platen::test {
namespace {

std::string codes_of(const Record& record) {
  std::string out;
  for (const Diagnostic& d : suspicions(record)) out += (out.empty() ? "" : " ") + d.code + ": " + d.message;
  return out;
}

/// The files with a wrong time, by the end of their names.
bool is_bad(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with("Time_Bug.bdf.csv") || name.ends_with("POCV__25degC__Basytec.bdf.csv") || name == "TestFile.nda.zip";
}

TEST(SuspiciousFiles, GoodFilesRaiseNoAlarm) {
  NEEDS_SHARED_DATA("README.md");
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PLATEN_SHARED_DATA)) {
    if (!entry.is_regular_file() || is_bad(entry.path())) continue;
    try {
      const Record record = read_measurement(entry.path());
      EXPECT_EQ(codes_of(record), "") << entry.path();
      ++read;
    } catch (const Error&) { // licences, references, kinds that are not read
    }
  }
  EXPECT_GE(read, 40u);
}

// Each step begins with one row whose time is 0, the step's own.
TEST(SuspiciousFiles, TheKnownTimeBugIsCaught) {
  NEEDS_SHARED_DATA("bdf/sample.bdf.csv");
  const Record record = read_measurement(shared("bdf/SINTEF__SLPBA842124HV__2024-10-23__Rate_25degC__Neware__Time_Bug.bdf.csv"));
  const auto found = suspicions(record);
  ASSERT_EQ(found.size(), 1u) << codes_of(record);
  EXPECT_EQ(found[0].code, "D340");
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_NE(found[0].message.find("runs backwards 19 times, first in row 723 from 2 h to 0 s"), std::string::npos) << found[0].message;
  ASSERT_EQ(found[0].hints.size(), 2u);
  EXPECT_NE(found[0].hints[0].find("where steps begin"), std::string::npos);
  EXPECT_NE(found[0].hints[1].find("19 of the falls are single rows"), std::string::npos);
  EXPECT_NE(warning(record, "D076"), nullptr); // the reader says it with the line of the file
}

// Rows ten seconds apart in a test of two days: the file says ten hours and 17 years, 3600 times as much.
TEST(SuspiciousFiles, ATimeInAWrongUnitIsCaught) {
  NEEDS_SHARED_DATA("bdf/sample.bdf.csv");
  const Record record = read_measurement(shared("bdf/DLR__LiLNMOHydra0b__20221125__POCV__25degC__Basytec.bdf.csv"));
  const auto found = suspicions(record);
  ASSERT_EQ(found.size(), 1u) << codes_of(record);
  EXPECT_EQ(found[0].code, "D344");
  EXPECT_NE(found[0].message.find("16.81 years with rows 10 h apart"), std::string::npos) << found[0].message;
}

// Somebody set the cycler's clock: the vendor's export has 01:25:55 in row 4915 and 01:23:10 in the next.
TEST(SuspiciousFiles, AClockThatWasSetBackIsCaught) {
  NEEDS_SHARED_DATA("neware/TestFile.nda.zip");
  const Record record = read_measurement(shared("neware/TestFile.nda.zip"));
  const auto found = suspicions(record);
  ASSERT_EQ(found.size(), 1u) << codes_of(record);
  EXPECT_EQ(found[0].code, "D346");
  EXPECT_NE(found[0].message.find("runs backwards once, first in row 4916 by 2.75 min"), std::string::npos) << found[0].message;
}

} // namespace
} // namespace platen::test
