// The page that explains the thresholds and the table that the code uses say the same.

#include "assess/thresholds.hpp"
#include "base/file.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

TEST(AssessThresholds, ThePageListsExactlyTheTableOfTheCode) {
  const std::string page = platen::read_file(std::filesystem::path(PLATEN_SOURCE_DIR) / "docs/theory/assessment.md");
  const std::string table = page.substr(page.find("## Thresholds"));
  for (const platen::thresholds::Row& row : platen::thresholds::table)
    EXPECT_THAT(table, testing::HasSubstr(fmt::format("\n| {} | {} | {} |", row.name, row.value, row.unit)));
  std::size_t rows = 0;
  for (std::size_t at = table.find("\n| "); at != std::string::npos; at = table.find("\n| ", at + 1)) ++rows;
  EXPECT_EQ(rows, platen::thresholds::table.size() + 1); // and the heading
}

TEST(AssessThresholds, NoSupportingTestDecidesAlone) {
  using namespace platen::thresholds;
  for (const double weight : {weight_noise, weight_jumps, weight_flat, weight_mean, weight_history,
                              weight_cutoff, weight_stall, weight_efficiency}) EXPECT_LT(weight, score_short);
  EXPECT_LT(unfired_cap, score_short);
}

} // namespace
