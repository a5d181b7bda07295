#include "import/text/number.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

namespace platen::text {
namespace {

TEST(ImportNumber, NothingIsNoNumber) {
  EXPECT_FALSE(parse_number("", '.'));
  EXPECT_FALSE(parse_number(std::string_view(), '.')) << "not even where there is no memory behind it";
}

TEST(ImportNumber, ReadsEverySpelling) {
  EXPECT_EQ(parse_number("1.5", '.'), 1.5);
  EXPECT_EQ(parse_number("  -2,5E-3 ", ','), -2.5e-3);
  EXPECT_EQ(parse_number("9.076301776229229E+002", '.'), 9.076301776229229e2);
  EXPECT_EQ(parse_number("1D-3", '.'), 1e-3);
  EXPECT_EQ(parse_number("1,25d+2", ','), 125.0);
  EXPECT_EQ(parse_number("+7", '.'), 7.0);
  EXPECT_EQ(parse_number("+1.00000000000000000001", '.'), 1.0);
  EXPECT_EQ(parse_number(".5", '.'), 0.5);
  EXPECT_EQ(parse_number("5.", '.'), 5.0);
  EXPECT_TRUE(std::signbit(*parse_number("-0.0", '.')));
  EXPECT_EQ(parse_number("1e-400", '.'), 0.0);
}

TEST(ImportNumber, RefusesWhatIsNone) {
  for (const char* text : {"", " ", "-", ".", "E5", "1E", "1.2.3", "1 2", "12abc", "0x10", "inf", "1e999",
                           "--1", "1,2,3", "1.5,5"})
    EXPECT_FALSE(parse_number(text, '.')) << text;
  EXPECT_FALSE(parse_number(std::string(500, '1') + "x", '.'));
}

TEST(ImportNumber, ReadsNotANumber) {
  for (const char* text : {"NaN", "nan", "-NaN", "-nan(ind)", "1.#QNAN", "N/A"}) {
    const auto value = parse_number(text, '.');
    ASSERT_TRUE(value) << text;
    EXPECT_TRUE(std::isnan(*value)) << text;
  }
}

TEST(ImportNumber, TakesThousandsMarksOnlyInGroupsOfThree) {
  EXPECT_EQ(parse_number("1,234.5", '.'), 1234.5);
  EXPECT_EQ(parse_number("-1.234.567,25", ','), -1234567.25);
  EXPECT_EQ(parse_number("12'345.5", '.'), 12345.5);
  EXPECT_FALSE(parse_number("1,23", '.'));
  EXPECT_FALSE(parse_number("1,2345", '.'));
  EXPECT_FALSE(parse_number("0,123", '.'));
  EXPECT_FALSE(parse_number("1234,567", '.'));
}

TEST(ImportNumber, KnowsWhatIsAmbiguous) {
  EXPECT_EQ(reads_as("0,5", ','), Reading::certain);
  EXPECT_EQ(reads_as("12,3456", ','), Reading::certain);
  EXPECT_EQ(reads_as("1,234", ','), Reading::either);
  EXPECT_EQ(reads_as("1,234", '.'), Reading::either);
  EXPECT_EQ(reads_as("0,123", '.'), Reading::no);
  EXPECT_EQ(reads_as("1,234.5", '.'), Reading::certain);
  EXPECT_EQ(reads_as("Rest", '.'), Reading::no);
}

// Every digit string, however long and wherever its point, must be the double nearest to it: strtod in the C
// locale is the independent judge.
TEST(ImportNumber, RoundsLikeTheCLibrary) {
  std::mt19937_64 random(1);
  for (int n = 0; n < 20000; ++n) {
    std::string text = (random() & 1) != 0 ? "-" : "";
    const std::size_t digits = 1 + random() % 24, point = random() % (digits + 1);
    for (std::size_t i = 0; i < digits; ++i) {
      if (i == point) text += '.';
      text += static_cast<char>('0' + random() % 10);
    }
    if (random() % 3 != 0) text += "E" + std::to_string(static_cast<int>(random() % 80) - 40);
    EXPECT_EQ(parse_number(text, '.'), std::strtod(text.c_str(), nullptr)) << text;
    std::string comma = text;
    for (char& c : comma)
      if (c == '.') c = ',';
    EXPECT_EQ(parse_number(comma, ','), std::strtod(text.c_str(), nullptr)) << comma;
  }
}

TEST(ImportNumber, StopsAtTheEndItIsGiven) {
  const std::string text = "12.5E+3";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string exact = text.substr(0, length); // its own allocation: the sanitizer sees a read beyond
    double value = 0.0;
    const char* stop = scan_number(exact.data(), exact.data() + exact.size(), '.', value);
    if (stop != nullptr) {
      EXPECT_LE(stop, exact.data() + exact.size());
    } else {
      EXPECT_EQ(length, 0u);
    }
  }
}

} // namespace
} // namespace platen::text
