// Several files that are one test: in order, with one clock, every source remembered; or refused.
#include "import/read_test.hpp"

#include "mpr_builder.hpp"
#include "record/segments.hpp"
#include "text_files.hpp"

#include <algorithm>
#include <cmath>

namespace platen::test {
namespace {

using mpr_builder::Column;
using mpr_builder::Spec;

/// Ten rows a second apart from `first` on, of a test that began on 2023-08-11 12:00:00 on channel 5.
Spec part(double first, double voltage) {
  Spec spec = mpr_builder::simple();
  spec.channel = 4;
  spec.serial = 6701;
  for (int i = 0; i < 10; ++i) {
    spec.columns[1].values[i] = first + i;
    spec.columns[2].values[i] = voltage;
  }
  return spec;
}

TEST(TestJoin, TechniquesOfOneSeriesByTheirTime) {
  const TemporaryFolder folder;
  folder.write("c_02_CP_C05.mpr", mpr_builder::build(part(50, 2.0)));
  folder.write("c_01_GCPL_C05.mpr", mpr_builder::build(part(0, 1.0)));
  folder.write("notes.txt", "seen at noon\n");
  const Record record = read_test({folder.path()});
  ASSERT_EQ(record.rows(), 20u);
  EXPECT_EQ(record.real("voltage")[0], 1.0);
  EXPECT_EQ(record.real("voltage")[10], 2.0);
  EXPECT_EQ(record.real("test_time")[10], 50.0) << "a gap stays a gap";
  EXPECT_DOUBLE_EQ(record.real("unix_time")[10], 1691755250.0);
  EXPECT_EQ(record.integer("file")[9], 1);
  EXPECT_EQ(record.integer("file")[10], 2);
  EXPECT_EQ(record.integer("step_count")[9], 2) << "charge and rest of the first";
  EXPECT_EQ(record.integer("step_count")[10], 3);
  EXPECT_EQ(record.integer("step_count")[19], 4);
  ASSERT_EQ(record.provenance.sources.size(), 2u);
  EXPECT_NE(record.provenance.sources[0].path.find("c_01"), std::string::npos);
  ASSERT_NE(warning(record, "D336"), nullptr);
  EXPECT_NE(warning(record, "D336")->message.find("notes.txt"), std::string::npos);
  ASSERT_EQ(record.events.size(), 2u);
  EXPECT_EQ(record.events[1].time, 50.0);
}

TEST(TestJoin, ATestStartedAgainKeepsTheGapOfTheClocks) {
  const TemporaryFolder folder;
  Spec later = part(0, 2.0);
  later.start = 45149.5 + 100.0 / 86400.0;
  const auto first = folder.write("a.mpr", mpr_builder::build(part(0, 1.0))), second = folder.write("b.mpr", mpr_builder::build(later));
  const Record record = read_test({second, first}); // given the wrong way round
  ASSERT_EQ(record.rows(), 20u);
  EXPECT_NEAR(record.real("test_time")[10], 100.0, 1e-3);
  EXPECT_EQ(record.real("voltage")[10], 2.0);
  EXPECT_EQ(warning(record, "D334"), nullptr);
  EXPECT_EQ(read_test({folder.path()}).rows(), 20u) << "the folder of both";
}

TEST(TestJoin, WithoutClocksTestsArePutEndToEnd) {
  const TemporaryFolder folder;
  const std::string rows = "time/s\tEwe/V\tI/mA\n5\t1\t1\n6\t1\t1\n7\t1\t1\n";
  const Record record = read_test({folder.write("a.txt", rows), folder.write("b.txt", rows + "8\t2\t1\n")});
  ASSERT_EQ(record.rows(), 7u);
  EXPECT_EQ(record.real("test_time")[3], 7.0);
  EXPECT_EQ(record.real("test_time")[6], 10.0);
  EXPECT_FALSE(record.has("unix_time"));
  EXPECT_NE(warning(record, "D334"), nullptr);
}

TEST(TestJoin, LoopsOfTwoTechniquesTakeTurns) {
  const TemporaryFolder folder;
  Spec sweep, run = part(0, 1.0);
  sweep.technique = 0x1E;
  sweep.start = run.start;
  sweep.channel = run.channel;
  sweep.serial = run.serial;
  sweep.columns = {Column{32, 'f', {100, 10, 100, 10}}, Column{37, 'f', {1, 2, 3, 4}}, Column{38, 'f', {1, 1, 1, 1}},
                   Column{4, 'd', {4.25, 4.5, 10.25, 10.5}}, Column{76, 'f', {0, 0, 0, 0}}};
  run.columns[3].values.assign(10, 1.5);
  run.flags.assign(10, 1);
  run.columns[0].values.assign(10, 0);
  folder.write("c_01_GEIS.mpr", mpr_builder::build(sweep));
  folder.write("c_02_GCPL.mpr", mpr_builder::build(run));
  const Record record = read_test({folder.path()});
  ASSERT_EQ(record.spectra.size(), 2u);
  EXPECT_EQ(record.spectra[0].start, 4.25);
  ASSERT_EQ(record.rows(), 10u);
  EXPECT_EQ(record.integer("step_count")[4], 1);
  EXPECT_EQ(record.integer("step_count")[5], 2) << "a sweep lies between";
  const Segments segments = find_segments(record);
  ASSERT_EQ(segments.half_cycles.size(), 2u) << "the current was off while the spectrum was measured";
  EXPECT_EQ(segments.half_cycles[0].last, 4u);
}

TEST(TestJoin, ATechniqueInTwoFormatsIsTakenOnce) {
  const TemporaryFolder folder;
  folder.write("c_01_GCPL.txt", "time/s\tEwe/V\tI/mA\n0\t9\t1\n1\t9\t1\n");
  folder.write("c_01_GCPL.mpr", mpr_builder::build(part(0, 1.0)));
  folder.write("c_02_CP.mpr", mpr_builder::build(part(20, 1.0)));
  const Record record = read_test({folder.path()});
  EXPECT_EQ(record.rows(), 20u);
  EXPECT_NE(warning(record, "D336"), nullptr);
}

TEST(TestJoin, WhatDoesNotBelongTogetherIsRefused) {
  const TemporaryFolder folder;
  Spec other = part(50, 2.0);
  other.channel = 6;
  const auto a = folder.write("c_01_GCPL.mpr", mpr_builder::build(part(0, 1.0)));
  const Diagnostic channels = fault_of([&] { read_test({a, folder.write("c_02_CP.mpr", mpr_builder::build(other))}); });
  EXPECT_EQ(channels.code, "D333");
  EXPECT_NE(channels.message.find("5 (SN 6701)"), std::string::npos) << channels.message;
  EXPECT_EQ(fault_of([&] { read_test({a, folder.write("copy_01_GCPL.mpr", mpr_builder::build(part(0, 1.0)))}); }).code, "D333") << "one file twice";
  EXPECT_EQ(fault_of([&] { read_test({a, folder.write("c_03_CP.mpr", mpr_builder::build(part(0.5, 2.0)))}); }).code, "D333") << "rows take turns";
  Spec overlapping = part(0, 2.0);
  overlapping.start = 45149.5 + 5.0 / 86400.0;
  EXPECT_EQ(fault_of([&] { read_test({a, folder.write("d.mpr", mpr_builder::build(overlapping))}); }).code, "D333") << "begins before the other ends";
  Spec with_a_gap = part(0, 1.0), within = part(0, 2.0);
  for (std::size_t i = 5; i < 10; ++i) with_a_gap.columns[1].values[i] += 1000.0;
  within.start = 45149.5 + 500.0 / 86400.0;
  EXPECT_EQ(fault_of([&] {
              read_test({folder.write("e.mpr", mpr_builder::build(with_a_gap)), folder.write("f.mpr", mpr_builder::build(within))});
            }).code,
            "D333")
      << "in a gap of the other";
  Spec nameless = part(50, 2.0);
  nameless.start.reset();
  EXPECT_EQ(fault_of([&] { read_test({a, folder.write("other_02_CP.mpr", mpr_builder::build(nameless))}); }).code, "D333") << "another name and no start";
}

TEST(TestJoin, EmptyFoldersAndBadFilesAreSaid) {
  const TemporaryFolder folder;
  EXPECT_EQ(fault_of([&] { read_test({folder.path()}); }).code, "D335");
  EXPECT_EQ(fault_of([&] { read_test({}); }).code, "D335");
  const auto good = folder.write("c_01_GCPL.mpr", mpr_builder::build(part(0, 1.0)));
  const auto bad = folder.write("c_02_CP.mpr", "BIO-LOGIC MODULAR FILE\x1a");
  EXPECT_EQ(fault_of([&] { read_test({folder.path()}); }).code, "D320");
  EXPECT_EQ(read_test({good}).rows(), 10u);
}

TEST(TestJoin, ColumnsThatAFileDoesNotHaveAreMissingThere) {
  const TemporaryFolder folder;
  Spec with = part(50, 2.0);
  with.columns.push_back(Column{16, 'f', std::vector<double>(10, 0.5)});
  with.columns.push_back(Column{468, 'I', std::vector<double>(10, 4)});
  const Record record = read_test({folder.write("c_01_GCPL.mpr", mpr_builder::build(part(0, 1.0))), folder.write("c_02_CP.mpr", mpr_builder::build(with))});
  EXPECT_TRUE(std::isnan(record.real("analog_in_1")[0]));
  EXPECT_EQ(record.real("analog_in_1")[19], 0.5);
  EXPECT_EQ(record.integer("cycle_count")[0], 0);
  EXPECT_EQ(record.integer("cycle_count")[19], 2);
  EXPECT_NE(warning(record, "D337"), nullptr);
}

TEST(TestJoin, TheCellThatShorts) {
  NEEDS_SHARED_DATA("lili_soft_short/01_GCPL.mpr");
  const Record record = read_test({shared("lili_soft_short")});
  const PlainTable loops(read_file(shared("lili_soft_short/per_loop.csv")), ',');
  EXPECT_EQ(record.rows(), 109u + 76807u);
  ASSERT_EQ(record.spectra.size(), 45u);
  const auto time = record.real("test_time");
  EXPECT_TRUE(std::is_sorted(time.begin(), time.end()));
  EXPECT_NEAR(record.real("unix_time").back() - record.real("unix_time")[0], time.back() - time[0], 1e-3);
  // Each loop: a sweep, then its rows.
  for (std::size_t k = 0; k < loops.rows; ++k) {
    const double begins = loops.number("t_start_s", k);
    EXPECT_LT(record.spectra[k].start, begins + 5e-6 * begins);
    const auto row = std::lower_bound(time.begin(), time.end(), begins - 5e-6 * begins) - time.begin();
    EXPECT_NEAR(time[static_cast<std::size_t>(row)], begins, 5e-6 * begins) << k;
    EXPECT_EQ(record.integer("cycle_count")[static_cast<std::size_t>(row)], static_cast<int>(k) + 1);
  }
  // Ten minutes, then 45 times an hour at 0.4 mA, a sweep before each.
  const Segments segments = find_segments(record);
  ASSERT_EQ(segments.half_cycles.size(), 46u);
  for (const HalfCycle& h : segments.half_cycles) EXPECT_NEAR(h.current, 0.4e-3, 2e-6);
  EXPECT_EQ(record.provenance.sources.size(), 5u) << "three of data, a loop file, the protocol";
  EXPECT_NE(warning(record, "D331"), nullptr);
}

} // namespace
} // namespace platen::test
