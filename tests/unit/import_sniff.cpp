#include "import/text/encoding.hpp"
#include "import/text/sniff.hpp"

#include <gtest/gtest.h>

namespace platen::text {
namespace {

TEST(ImportSniff, TellsDelimiterAndDecimalMark) {
  struct Case {
    const char* text;
    char delimiter, decimal;
  };
  const Case cases[] = {
      {"time/s,Ewe/V,I/mA\n0,1.5,0.4\n10,1.25,0.4\n", ',', '.'},
      {"time/s;Ewe/V;I/mA\n0;1,5;0,4\n10;1,25;0,4\n", ';', ','},
      {"time/s\tEwe/V\tI/mA\n0,0\t1,5\t0,4\n10,0\t1,25\t0,4\n", '\t', ','},
      {"time/s|Ewe/V|I/mA\n0|1.5|0.4\n10|1.25|0.4\n", '|', '.'},
      {"time/s  Ewe/V   I/mA\n 0    1.5   0.4\n 10   1.25  0.4\n", ' ', '.'},
      {"Date;Current(A);Voltage(V)\n18.05.2022 10:00:00;0,1;3,5\n18.05.2022 10:00:10;0,1;3,5\n", ';', ','},
      {"\"Time (s)\",\"Voltage (V)\"\n\"0,5\",\"3,25\"\n\"1,5\",\"3,5\"\n", ',', ','},
  };
  for (const Case& c : cases) {
    const Dialect d = sniff(c.text);
    EXPECT_EQ(delimiter_name(d.delimiter), delimiter_name(c.delimiter)) << c.text;
    EXPECT_EQ(d.decimal, c.decimal) << c.text;
    EXPECT_EQ(d.header_line, 1u) << c.text;
    EXPECT_EQ(d.first_line, 2u) << c.text;
    EXPECT_FALSE(d.doubtful_decimal) << c.text;
  }
}

TEST(ImportSniff, SaysWhenTheDecimalMarkIsInDoubt) {
  const Dialect d = sniff("time/s;Ewe/V\n1;1,234\n2;1,235\n");
  EXPECT_EQ(d.decimal, ',');
  EXPECT_TRUE(d.doubtful_decimal);
  EXPECT_FALSE(sniff("time/s;Ewe/V\n1;1,234\n2;0,235\n").doubtful_decimal);
}

TEST(ImportSniff, FindsTheHeaderBelowAPreamble) {
  const Dialect d = sniff("Cell: 12\nMass (g): 1.000\n1,2,3\n\ntime/s,Ewe/V,I/mA\n\n0,1.5,0.4\nbroken "
                          "line\n10,1.25,0.4\n20,1.25,0.4\n");
  EXPECT_EQ(d.header_line, 5u);
  EXPECT_EQ(d.first_line, 7u);
  EXPECT_EQ(d.headings, (std::vector<std::string>{"time/s", "Ewe/V", "I/mA"}));
}

TEST(ImportSniff, BelievesTheCountOfHeaderLines) {
  const Dialect d = sniff("EC-Lab ASCII FILE\nNb header lines : 5      \n\nNs    0    1    "
                          "2\ntime/s\tEwe/V\t\n1.0E+000\t2.0E+000\t\n");
  EXPECT_EQ(d.program, "EC-Lab");
  EXPECT_EQ(d.header_line, 5u);
  EXPECT_EQ(d.first_line, 6u);
  EXPECT_EQ(d.headings.size(), 2u);
}

TEST(ImportSniff, DoesNotBelieveAWrongCount) {
  const Dialect d =
      sniff("EC-Lab ASCII FILE\nNb header lines : 3\nUser :\ntime/s\tEwe/V\n1.0\t2.0\n2.0\t2.0\n");
  EXPECT_EQ(d.header_line, 4u);
  EXPECT_EQ(sniff("EC-Lab ASCII FILE\nNb header lines : 99999999999999999999\ntime/s\tEwe/V\n1.0\t2.0\n")
                .header_line,
            3u);
}

TEST(ImportSniff, ReadsALineOfUnits) {
  const Dialect d = sniff("Time,Voltage,Current\ns,mV,(mA)\n0,1,2\n1,1,2\n");
  EXPECT_EQ(d.units, (std::vector<std::string>{"s", "mV", "(mA)"}));
  EXPECT_EQ(d.first_line, 3u);
}

TEST(ImportSniff, NamesColumnsWithoutHeader) {
  const Dialect d = sniff("0,1.5,0.4\n10,1.25,0.4\n");
  EXPECT_EQ(d.header_line, 0u);
  EXPECT_EQ(d.headings.at(2), "column 3");
  EXPECT_EQ(d.first_byte, 0u);
}

TEST(ImportSniff, FindsNothingInProse) {
  EXPECT_EQ(sniff("It was the best of times,\nit was the worst of times.\n").first_line, 0u);
  EXPECT_EQ(sniff("").first_line, 0u);
  EXPECT_EQ(sniff("\n\n\n").first_line, 0u);
}

TEST(ImportSniff, WalksLinesOfAnyKind) {
  Lines lines("a\r\nb\n\nc");
  Line line;
  std::vector<std::string> seen;
  std::vector<std::size_t> numbers;
  while (lines.next(line)) {
    seen.emplace_back(line.text);
    numbers.push_back(line.number);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(numbers, (std::vector<std::size_t>{1, 2, 3, 4}));
  EXPECT_FALSE(lines.ended());
}

TEST(ImportEncoding, ReadsMarksAndUtf16) {
  using namespace std::string_literals;
  EXPECT_EQ(decode("\xEF\xBB\xBFtime").text, "time");
  EXPECT_EQ(decode("\xFF\xFEt\0\xB5\0"s).text, "t\xC2\xB5");
  EXPECT_EQ(decode("\xFE\xFF\0t\0\xB0"s).text, "t\xC2\xB0");
  EXPECT_EQ(decode("\xFF\xFE\x3D\xD8\x00\xDE"s).text, "\xF0\x9F\x98\x80"); // surrogate pair
  EXPECT_EQ(decode("\xFF\xFE\x3D\xD8x"s).text, "\xEF\xBF\xBD");            // half of one, then half a unit
  EXPECT_EQ(decode("a\rb\r").text, "a\nb\n");
  EXPECT_EQ(to_utf8("Temperature/\xB0"
                    "C"),
            "Temperature/\xC2\xB0"
            "C");
  EXPECT_EQ(to_utf8("\xB5"
                    "A \x80"),
            "\xC2\xB5"
            "A \xE2\x82\xAC");
  EXPECT_EQ(to_utf8("\xC2\xB0"
                    "C"),
            "\xC2\xB0"
            "C");
}

TEST(ImportEncoding, TellsBinaryFromText) {
  using namespace std::string_literals;
  EXPECT_TRUE(looks_binary("abc\0def"s));
  EXPECT_TRUE(looks_binary("\x01\x02\x03\x04"));
  EXPECT_FALSE(looks_binary("time/s\tEwe/V\r\n\xB0"));
  EXPECT_FALSE(looks_binary("\xFF\xFEt\0i\0"s));
}

} // namespace
} // namespace platen::text
