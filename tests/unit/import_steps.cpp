#include "import/text/metadata.hpp"
#include "import/text/nested.hpp"
#include "import/text/table.hpp"

#include <gtest/gtest.h>

namespace platen::text {
namespace {

TEST(ImportSteps, ReadsLabelsOfSeveralMakers) {
  EXPECT_EQ(parse_step_type("CC Chg"), StepType::cc_charge);
  EXPECT_EQ(parse_step_type("CC DChg"), StepType::cc_discharge);
  EXPECT_EQ(parse_step_type("CCCV Chg"), StepType::cccv_charge);
  EXPECT_EQ(parse_step_type("CV_Chg"), StepType::cv_charge);
  EXPECT_EQ(parse_step_type("discharge CC"), StepType::cc_discharge);
  EXPECT_EQ(parse_step_type("charge CC"), StepType::cc_charge);
  EXPECT_EQ(parse_step_type("CP DChg"), StepType::cp_discharge);
  EXPECT_EQ(parse_step_type(" Rest "), StepType::rest);
  EXPECT_EQ(parse_step_type("D"), StepType::cc_discharge);
  EXPECT_EQ(parse_step_type("Pause"), StepType::pause);
  EXPECT_EQ(parse_step_type("something else"), StepType::unknown);
  EXPECT_EQ(parse_step_type(std::string(1000, 'c')), StepType::unknown);
}

TEST(ImportSteps, ReadsLoopFiles) {
  EXPECT_EQ(parse_loops("VMP EXPERIMENT LOOP INDEXES\r\n0\r\n709\r\n1104\r\n"),
            (std::vector<std::int64_t>{0, 709, 1104}));
  EXPECT_TRUE(parse_loops("VMP EXPERIMENT LOOP INDEXES\n0\n5\n5\n").empty());
  EXPECT_TRUE(parse_loops("VMP EXPERIMENT LOOP INDEXES\n3\n5\n").empty());
  EXPECT_TRUE(parse_loops("VMP EXPERIMENT LOOP INDEXES\n0\nx\n").empty());
  EXPECT_TRUE(parse_loops("0\n5\n").empty());
  EXPECT_EQ(loop_file_of("/data/03_GCPL.txt"), "/data/03_GCPL_LOOP.txt");
}

TEST(ImportSteps, ReadsPreambles) {
  const auto m = read_metadata(
      "EC-Lab ASCII FILE\nAcquisition started on : 05/17/2024 14:09:11.952\nUser : \n\tHost : 1.2.3.4\n"
      "Name:\tKIT-2\nNs   0   1\n\tDirectory : C:\\data\\x\n{\"a\": 1}\ncell id: 7,,,,\n");
  EXPECT_EQ(m.at("Acquisition started on"), "05/17/2024 14:09:11.952");
  EXPECT_EQ(m.at("Host"), "1.2.3.4");
  EXPECT_EQ(m.at("Name"), "KIT-2");
  EXPECT_EQ(m.at("Directory"), "C:\\data\\x");
  EXPECT_EQ(m.at("cell id"), "7");
  EXPECT_EQ(m.size(), 5u);
  EXPECT_EQ(acquisition_start(m), "05/17/2024 14:09:11.952");
}

TEST(ImportSteps, FlattensThreeLevels) {
  const auto flat = flatten_nested(
      "Cycle Index,Chg. Cap.(Ah)\n,Step Index,Step Number,Step Type,Step Time\n,,DataPoint,Time,Current(A)\n"
      "1,0.5,1,1,Rest,00:00:20\n,,1,00:00:00,0.0\n,2,2,CC Chg,00:01:00\n,,2,00:00:00,0.5\n2,0.6\n,2,3,CC "
      "Chg,0\n,,3,0,0.5");
  ASSERT_TRUE(flat);
  EXPECT_EQ(*flat, "\n\nCycle Index,Step Index,Step Count,Step "
                   "Type,DataPoint,Time,Current(A)\n\n1,1,1,Rest,1,00:00:00,0.0\n\n"
                   "1,2,2,CC Chg,2,00:00:00,0.5\n\n\n2,2,3,CC Chg,3,0,0.5");
  EXPECT_FALSE(flatten_nested("time/s,Ewe/V\n0,1\n1,1\n"));
}

} // namespace
} // namespace platen::text
