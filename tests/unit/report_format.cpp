#include "report/format.hpp"

#include <cmath>
#include <gmock/gmock.h>

using namespace platen;
using namespace platen::report;

TEST(ReportFormat, NumbersKeepTheirDigits) {
  EXPECT_EQ(number(2.0312), "2.03");
  EXPECT_EQ(number(0.9), "0.900");
  EXPECT_EQ(number(0.9996), "1.00");
  EXPECT_EQ(number(9.996), "10.0");
  EXPECT_EQ(number(12345.0), "12345");
  EXPECT_EQ(number(-0.05), "-0.0500");
  EXPECT_EQ(number(1.234e-8), "1.23e-8");
  EXPECT_EQ(number(6.5e12), "6.50e12");
  EXPECT_EQ(number(0.0), "0");
  EXPECT_EQ(number(std::nan("")), "-");
}

TEST(ReportFormat, TypesettingWritesPowersAndSigns) {
  EXPECT_EQ(typeset("-1.23e-8"), "−1.23×10⁻⁸");
  EXPECT_EQ(typeset("5.1e-07"), "5.1×10⁻⁷");
  EXPECT_EQ(typeset("2.03"), "2.03");
  EXPECT_EQ(typeset("-"), "–");
  EXPECT_EQ(typeset_unit("mA/cm2"), "mA/cm²");
  EXPECT_EQ(typeset_unit("ohm cm2"), "Ω cm²");
  EXPECT_EQ(typeset_unit("um"), "µm");
}

TEST(ReportFormat, AValueHasThePlacesOfItsError) {
  EXPECT_EQ(with_error(0.02223, 0.0044), "0.0222 +- 0.0044");
  EXPECT_EQ(with_error(-0.0638, 8.8e-4), "-0.06380 +- 0.00088");
  EXPECT_EQ(with_error(-3.5e-4, 0.002), "-0.0003 +- 0.0020");
  EXPECT_EQ(with_error(-1e-6, 0.002), "0.0000 +- 0.0020");
  EXPECT_EQ(with_error(1234.0, 120.0), "1234 +- 120");
  EXPECT_EQ(with_error(-17.893492, 3e-9), "-17.89 +- 3.0e-9");
  EXPECT_EQ(with_error(2.5, std::numeric_limits<double>::quiet_NaN()), "2.500 +- ?");
  EXPECT_EQ(with_error(3.2e-5, 1.1e-6), "3.200e-5 +- 1.1e-6");
}

TEST(ReportFormat, ProseIsTypesetAndNothingElseInIt) {
  EXPECT_EQ(typeset_words("at 1.02 mA/cm2 it had 2.3 ohm cm2 (of 15.1 ohm cm2), at 40 degC."), "at 1.02 mA/cm² it had 2.3 Ω cm² (of 15.1 Ω cm²), at 40 °C.");
  EXPECT_EQ(typeset_words("-19.8 MPa by -0.0638 +- 0.00088 MPa/K; only 1.8e-06 mAh/cm2"), "−19.8 MPa by −0.0638 ± 0.00088 MPa/K; only 1.8×10⁻⁶ mAh/cm²");
  EXPECT_EQ(typeset_words("the number of cells, a medium column - not um"), "the number of cells, a medium column - not µm");
  EXPECT_EQ(typeset_words("a < b & cell-1e5.csv  (.) inf"), "a &lt; b &amp; cell-1e5.csv  (.) inf");
  EXPECT_EQ(typeset_words(""), "");
}

TEST(ReportFormat, QuantitiesAreShownInTheUnitPeopleRead) {
  EXPECT_EQ(quantity(21.5, "A/m2"), "2.15 mA/cm2");
  EXPECT_EQ(quantity(5e6, "Pa"), "5.00 MPa");
  EXPECT_EQ(quantity(7e-4, "ohm m2"), "7.00 ohm cm2");
  EXPECT_EQ(quantity(0.02, "V"), "20.0 mV");
  EXPECT_EQ(quantity(4.3, "V"), "4.30 V");
  EXPECT_EQ(quantity(0.3, "1"), "0.300");
  EXPECT_EQ(quantity(3.0, "furlong"), "3.00 furlong") << "a unit of a stranger's column must not stop a report";
  EXPECT_EQ(quantity_html(7e-4, "ohm m2"), "7.00 Ω cm²");
  EXPECT_EQ(quantity_html(1.0, "<b>"), "1.00 &lt;b&gt;");
}

TEST(ReportFormat, DurationsReadAsPeopleSayThem) {
  EXPECT_EQ(duration(42.0), "42 s");
  EXPECT_EQ(duration(60.0), "1 min");
  EXPECT_EQ(duration(1800.0), "30 min");
  EXPECT_EQ(duration(7.42 * 3600), "7.42 h");
  EXPECT_EQ(duration(86400.0), "24 h");
  EXPECT_EQ(duration(12 * 86400.0), "12 d");
}

TEST(ReportFormat, EscapingLeavesNoMarkupAndNoBadBytes) {
  EXPECT_EQ(escape("<script>a & 'b' \"c\"</script>"), "&lt;script&gt;a &amp; &#39;b&#39; &quot;c&quot;&lt;/script&gt;");
  EXPECT_EQ(escape("µm Ω"), "µm Ω");
  EXPECT_EQ(escape("a\x01"
                   "b\x1B[31m"), "a\uFFFDb\uFFFD[31m");
  EXPECT_EQ(escape("\xE2\x82"), "\uFFFD\uFFFD") << "cut short";
  EXPECT_EQ(escape("\xC0\xAF"), "\uFFFD\uFFFD") << "overlong";
  EXPECT_EQ(escape("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "surrogate";
  EXPECT_EQ(escape("caf\xE9"), "caf\uFFFD") << "Latin-1";
  EXPECT_EQ(escape("\xF0\x9F\x94\x8B"), "\xF0\x9F\x94\x8B");
}

TEST(ReportFormat, TheCcdIsSaidAsAnInterval) {
  Assessment a;
  a.ccd_refused = "the area is not known";
  EXPECT_EQ(ccd_phrase(a), "not stated: the area is not known");
  EXPECT_EQ(ccd_interval(a.ccd), "-");
  a.ccd = CriticalCurrentDensity{20.3, 21.5, 1.27, 0.0};
  EXPECT_EQ(ccd_phrase(a), "last passed 2.03, failed at 2.15 mA/cm2");
  EXPECT_EQ(ccd_interval(a.ccd), "2.03 - 2.15");
  a.ccd->failing_step.reset();
  EXPECT_EQ(ccd_phrase(a), "no short up to 2.03 mA/cm2 (lower bound)");
  EXPECT_EQ(ccd_interval(a.ccd), "> 2.03");
  a.ccd = CriticalCurrentDensity{std::nullopt, 1.27, 1.27, 0.0};
  EXPECT_EQ(ccd_phrase(a), "failed at the first step, 0.127 mA/cm2");
  EXPECT_EQ(ccd_interval(a.ccd), "< 0.127");
}

TEST(ReportFormat, AShortWithoutAnOnsetWasThereBefore) {
  Assessment a;
  a.verdict = Verdict::healthy;
  EXPECT_EQ(onset_missing(a), "none seen");
  a.verdict = Verdict::fake_stable;
  EXPECT_EQ(onset_missing(a), "not in the record");
}

TEST(ReportFormat, LongTablesShowTheirEndsAndWhatMatters) {
  const auto all = rows_shown(10, 6, 4);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().last, 9u);
  const auto some = rows_shown(1000, 12, 6, 500, 3);
  ASSERT_EQ(some.size(), 3u);
  EXPECT_EQ(some[0].last, 11u);
  EXPECT_EQ(some[1].first, 497u);
  EXPECT_EQ(some[1].last, 503u);
  EXPECT_EQ(some[2].first, 994u);
  EXPECT_EQ(rows_shown(1000, 12, 6, 999, 3).size(), 2u);
  EXPECT_EQ(rows_shown(1000, 12, 6, 1, 3).front().last, 11u);
  EXPECT_TRUE(rows_shown(0, 12, 6).empty());
}
