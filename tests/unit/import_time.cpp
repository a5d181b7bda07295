#include "import/text/time.hpp"

#include <gtest/gtest.h>

namespace platen::text {
namespace {

constexpr auto month = DateOrder::month_first;
constexpr auto day = DateOrder::day_first;

TEST(ImportTime, ReadsClockTimes) {
  EXPECT_EQ(parse_duration("00:00:00"), 0.0);
  EXPECT_EQ(parse_duration("144:02:18"), 518538.0);
  EXPECT_EQ(parse_duration("0:00:01.250"), 1.25);
  EXPECT_EQ(parse_duration("0:00:01,250"), 1.25);
  EXPECT_EQ(parse_duration("1d 02:03:04.5"), 93784.5);
  EXPECT_EQ(parse_duration("2-03:04:05"), 183845.0);
  EXPECT_EQ(parse_duration("1.02:03:04"), 93784.0);
}

TEST(ImportTime, RefusesOtherClockTimes) {
  for (const char* text : {"", "12", "12:34", "12:34:56:78", "1:61:00", "1:00:61", "-1:00:00", "a:b:c",
                           "1:2:3 PM", "99999999999:00:00", "3.7"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(ImportTime, ReadsDates) {
  EXPECT_EQ(parse_date("1970-01-02", month), 86400.0);
  EXPECT_EQ(parse_date("2022-05-18 16:27:52", month), 1652891272.0);
  EXPECT_EQ(parse_date("2022-05-18T16:27:52.000Z", day), 1652891272.0);
  EXPECT_EQ(parse_date("2022-05-18T18:27:52+02:00", day), 1652891272.0);
  EXPECT_EQ(parse_date("2022-05-18T10:57:52-0530", day), 1652891272.0);
  EXPECT_EQ(parse_date("2022/05/18 16:27:52", month), 1652891272.0);
  EXPECT_EQ(parse_date("05/18/2022 16:27:52", month), 1652891272.0);
  EXPECT_EQ(parse_date("18.05.2022 16:27:52", day), 1652891272.0);
  EXPECT_EQ(parse_date("18-May-2022 16:27:52", month), 1652891272.0);
  EXPECT_EQ(parse_date("5/18/2022 4:27:52 PM", month), 1652891272.0);
  EXPECT_EQ(parse_date("05/18/2022 12:27:52 AM", month), 1652833672.0);
  EXPECT_EQ(parse_date("2024-02-29 00:00:00", month), 1709164800.0);
  EXPECT_EQ(parse_date("05/17/2024 14:09:11.952", month), 1715954951.952);
}

TEST(ImportTime, RefusesDatesThatDoNotExist) {
  for (const char* text : {"", "2022-13-01", "2023-02-29", "18/05/2022x", "2022-05-18 25:00:00",
                           "2022-05-18 10:61:00", "0000-01-01", "05/18/22", "2022-05", "1.5", "12:00:00",
                           "2022-05-18 10:00:00 +99:00", "2022-05-18 13:00 PM"})
    EXPECT_FALSE(parse_date(text, month)) << text;
  EXPECT_FALSE(parse_date("05/18/2022", day));
}

TEST(ImportTime, KnowsWhichDatesAreAmbiguous) {
  EXPECT_TRUE(is_ambiguous_date("05/06/2024 10:00:00"));
  EXPECT_FALSE(is_ambiguous_date("05/05/2024")); // the same either way
  EXPECT_FALSE(is_ambiguous_date("05/17/2024"));
  EXPECT_FALSE(is_ambiguous_date("17/05/2024"));
  EXPECT_FALSE(is_ambiguous_date("2024-05-06"));
  EXPECT_NE(parse_date("05/06/2024", month), parse_date("05/06/2024", day));
}

} // namespace
} // namespace platen::text
