// Damaged Battery Data Format files: an error with a place or a record whose columns have one length.

#include "record/io.hpp"

#include <gtest/gtest.h>

using namespace platen;

TEST(DamagedCsv, SurvivesEveryTruncationAndByte) {
  const std::string whole = "# c\n\"Test Time / s\",Voltage / V,Step Type,cycle_count,x\n0,3.7,Rest,1,\"a\"\"b\"\n1,3.6,\"CC Chg\",2,4\n";
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    for (int byte = 0; byte < 256; byte += 3) {
      std::string text = whole.substr(0, n);
      if (n > 0) text[n - 1] = static_cast<char>(byte);
      text += byte % 2 == 0 ? whole.substr(n) : "";
      try {
        const Record r = parse_bdf_csv(text, "x");
        for (const Column& c : r.columns()) EXPECT_EQ(std::visit([](const auto& v) { return v.size(); }, c.values), r.rows());
      } catch (const Error& e) {
        EXPECT_EQ(e.diagnostics().front().code.substr(0, 2), "D0");
      }
    }
  }
}
