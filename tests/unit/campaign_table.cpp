// The table of a campaign is read as it was written, row by row and whole, and anything else is refused with its line.
#include "campaign/table.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::campaign;
using testing::AllOf;
using testing::HasSubstr;

const TableHead head{{"platen campaign \"holds\"", "two"},
                     {{"values.hold", "min"}, {"fixture.kind", ""}},
                     {{"ccd", "mA/cm2"}, {"end", ""}}};

std::vector<TableRow> rows() {
  return {{0, 0, 1, {"1", "fixed gap"}, true, "", {"0.635", "shorted"}},
          {1, 1, 2, {"1", "fixed gap"}, false, "S001: \"steps\", too many", {"", ""}},
          {2, 0, 1, {"0.1", "springs"}, true, "", {"", "completed"}}};
}

std::string text() {
  std::string out = head_text(head);
  for (const TableRow& row : rows()) out += row_start(row) + row_end(row) + "\n";
  return out;
}

TEST(CampaignTable, IsWrittenAsDocumented) {
  EXPECT_EQ(text(), "# platen campaign \"holds\"\n# two\n"
                    "run,replicate,seed,values.hold [min],fixture.kind,status,reason,ccd [mA/cm2],end\n"
                    "0,0,1,1,fixed gap,done,,0.635,shorted\n"
                    "1,1,2,1,fixed gap,failed,\"S001: \"\"steps\"\", too many\",,\n"
                    "2,0,1,0.1,springs,done,,,completed\n");
}

TEST(CampaignTable, IsReadAsItWasWritten) {
  TableReader reader(text(), "t.csv");
  EXPECT_EQ(reader.head().comments, head.comments);
  EXPECT_EQ(head_text(reader.head()), head_text(head));
  EXPECT_EQ(reader.axis("fixture.kind"), 1u);
  EXPECT_EQ(reader.result("ccd"), 0u);
  EXPECT_FALSE(reader.result("values.hold"));
  std::string again = head_text(reader.head());
  for (TableRow row; reader.next(row);) again += row_start(row) + row_end(row) + "\n";
  EXPECT_EQ(again, text());
}

std::string fault(const std::string& content) {
  try {
    TableReader reader(content, "t.csv");
    for (TableRow row; reader.next(row);) {}
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CampaignTable, AnythingElseIsRefused) {
  EXPECT_THAT(fault(""), HasSubstr("D525"));
  EXPECT_THAT(fault("time,voltage\n1,2\n"), AllOf(HasSubstr("D525"), HasSubstr("t.csv:1")));
  EXPECT_THAT(fault("run,replicate,seed,status\n"), HasSubstr("D525"));
  EXPECT_THAT(fault("run,replicate,seed,status,reason\n0,0,0,done,\n0,0,0,done\n"), AllOf(HasSubstr("t.csv:3"), HasSubstr("4 fields under 5 headings")));
  EXPECT_THAT(fault("run,replicate,seed,status,reason\n0,x,0,done,\n"), HasSubstr("whole numbers"));
  EXPECT_THAT(fault("run,replicate,seed,status,reason\n0,0,0,perhaps,\n"), HasSubstr("neither `done` nor `failed`"));
  EXPECT_EQ(fault("run,replicate,seed,status,reason\n0,0,0,done,\n"), "accepted");
}

} // namespace
