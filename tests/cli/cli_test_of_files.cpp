// A folder, or several files with --join, are one test.

#include "process.hpp"

#include "../import/mpr_builder.hpp"

namespace platen::test {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class TestOfFiles : public Program {
protected:
  void SetUp() override {
    Program::SetUp();
    fs::create_directories(folder / "cell");
    mpr_builder::Spec spec = mpr_builder::simple();
    write(folder / "cell" / "c_01_CP.mpr", mpr_builder::build(spec));
    for (double& t : spec.columns[1].values) t += 60.0;
    write(folder / "cell" / "c_02_CP.mpr", mpr_builder::build(spec));
    write(folder / "cell" / "a.cell.toml", "area = \"0.785 cm2\"\n");
  }
};

TEST_F(TestOfFiles, InspectAndAssessTakeAFolder) {
  const Said inspected = run({"inspect", "cell/"});
  EXPECT_EQ(inspected.code, 0) << inspected.err;
  EXPECT_THAT(inspected.out, HasSubstr("2 files: BioLogic mpr, GCPL, data version 11, 20 rows"));
  EXPECT_THAT(inspected.err, HasSubstr("a.cell.toml"));
  const Said judged = run({"assess", "cell"});
  EXPECT_EQ(judged.code, 0) << judged.err;
  EXPECT_THAT(judged.out, HasSubstr("20 rows"));
}

TEST_F(TestOfFiles, ConvertWritesOneRecord) {
  const Said folder_given = run({"convert", "cell", "--to", "csv", "--output", "out/"});
  EXPECT_EQ(folder_given.code, 0) << folder_given.err;
  EXPECT_THAT(slurp(folder / "out" / "cell.csv"), HasSubstr("Voltage / V"));
  const Said joined = run({"convert", "--join", "cell/c_01_CP.mpr", "cell/c_02_CP.mpr", "--to", "hdf5", "--output", "j.h5"});
  EXPECT_EQ(joined.code, 0) << joined.err;
  EXPECT_THAT(joined.out, HasSubstr("(20 rows)"));
  const Said apart = run({"convert", "cell/c_01_CP.mpr", "cell/c_02_CP.mpr", "--to", "hdf5", "--output", "both"});
  EXPECT_THAT(apart.out, HasSubstr("(10 rows)"));
}

TEST_F(TestOfFiles, APatternOfNamesIsOneTest) {
  mpr_builder::Spec other = mpr_builder::simple();
  other.channel = 7;
  write(folder / "cell" / "d_01_CP.mpr", mpr_builder::build(other)); // of another test, and not of the pattern
  const Said inspected = run({"inspect", "cell/c_0?_CP.mpr"});
  EXPECT_EQ(inspected.code, 0) << inspected.err;
  EXPECT_THAT(inspected.out, HasSubstr("2 files: BioLogic mpr, GCPL, data version 11, 20 rows"));
  EXPECT_THAT(inspected.err, HasSubstr("a.cell.toml"));
  const Said converted = run({"convert", "cell/c_*.mpr", "cell/d_01_CP.mpr", "--to", "csv", "--output", "out"});
  EXPECT_EQ(converted.code, 0) << converted.err;
  EXPECT_THAT(converted.out, HasSubstr("(20 rows)"));
  EXPECT_TRUE(fs::exists(folder / "out" / "c_.csv")) << converted.out;
  const Said none = run({"inspect", "cell/x_*.mpr"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("error[D335]"));
}

TEST_F(TestOfFiles, AFolderOfTwoTestsIsRefused) {
  mpr_builder::Spec other = mpr_builder::simple();
  other.channel = 7;
  write(folder / "cell" / "d_01_CP.mpr", mpr_builder::build(other));
  const Said said = run({"inspect", "cell"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("error[D333]"));
}

} // namespace
} // namespace platen::test
