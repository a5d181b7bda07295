// Does config say exactly what is wrong, and where?
#include "config/table.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using config::Document;
using config::Table;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Diagnostic> faults_of(const Document& document) {
  try {
    document.finish();
  } catch (const Error& error) {
    return error.diagnostics();
  }
  return {};
}

std::string rendered(const Document& document) {
  std::string out;
  for (const Diagnostic& d : faults_of(document)) out += render(d);
  return out;
}

Document parse(std::string text) { return Document::parse(std::move(text), "study.toml", {}); }

constexpr config::Field area{.key = "area", .dimension = dim::area, .unit = "cm2", .high = 1.0, .above = 0.0};
constexpr config::Field pressure{
    .key = "stack_pressure", .dimension = dim::pressure, .unit = "MPa", .low = 0.0, .high = 1e8};

TEST(ConfigTable, ReadsQuantitiesInSi) {
  const Document d = parse("[cell]\narea = \"0.785 cm2\"\nq = 1.5\nr = \"5 %\"\nn = 3\n");
  const Table cell = d.root().table("cell");
  EXPECT_DOUBLE_EQ(cell.quantity(area), 0.785e-4);
  EXPECT_DOUBLE_EQ(cell.quantity({.key = "q"}), 1.5);
  EXPECT_DOUBLE_EQ(cell.quantity({.key = "r"}), 0.05);
  EXPECT_DOUBLE_EQ(cell.quantity({.key = "n"}), 3.0);
  EXPECT_FALSE(cell.optional_quantity(pressure).has_value());
  EXPECT_TRUE(faults_of(d).empty());
}

TEST(ConfigTable, UnknownKeyHasCaretAndSuggestion) {
  const Document d = parse("# a\n[cell]\nstack_presure = \"5 MPa\"\n");
  d.root().table("cell").optional_quantity(pressure);
  EXPECT_EQ(rendered(d), "error[C004]: unknown key `stack_presure` in [cell]\n"
                         "  --> study.toml:3:1\n"
                         " 3 | stack_presure = \"5 MPa\"\n"
                         "   | ^~~~~~~~~~~~~\n"
                         "hint: did you mean `stack_pressure`?\n");
}

TEST(ConfigTable, BareNumberNamesAnExampleWithTheUsersNumber) {
  const Document d = parse("area = 0.785\n");
  EXPECT_TRUE(std::isnan(d.root().quantity(area)));
  EXPECT_THAT(rendered(d), AllOf(HasSubstr("error[C006]"), HasSubstr("study.toml:1:8"),
                                 HasSubstr("`area = \"0.785 cm2\"`")));
}

TEST(ConfigTable, WrongDimensionNamesWhatWasGivenAndWhatIsWanted) {
  const Document d = parse("area = \"5 MPa\"\n");
  d.root().quantity(area);
  EXPECT_THAT(rendered(d),
              AllOf(HasSubstr("error[C007]"), HasSubstr("is an area, but \"5 MPa\" is a pressure"),
                    HasSubstr("0.785 cm2")));
}

TEST(ConfigTable, OutOfRangeSpeaksTheUsersUnit) {
  const Document d = parse("stack_pressure = \"2000 bar\"\n");
  d.root().quantity(pressure);
  EXPECT_THAT(rendered(d), AllOf(HasSubstr("error[C009]"),
                                 HasSubstr("at least 0 bar and at most 1000 bar, but is 2000 bar")));
}

TEST(ConfigTable, BoundsThatAreExcludedAreRefused) {
  const Document d = parse("area = \"0 cm2\"\n");
  d.root().quantity(area);
  EXPECT_THAT(rendered(d), HasSubstr("above 0 cm2"));
}

TEST(ConfigTable, InfiniteAndOverflowingNumbersAreRefused) {
  for (const char* text : {"x = inf", "x = nan", "x = \"1e999\"", "x = \"inf\""}) {
    const Document d = parse(text);
    d.root().quantity({.key = "x"});
    EXPECT_THAT(rendered(d), HasSubstr("error[C008]")) << text;
  }
  const Document d = parse("x = \"1e308 Mm\"");
  d.root().quantity({.key = "x", .dimension = dim::length});
  EXPECT_THAT(rendered(d), HasSubstr("error[C008]"));
}

TEST(ConfigTable, AllFaultsOfAFileInItsOrder) {
  const Document d = parse("b = 1\nkind = \"spring\"\narea = 3\nflag = 1\nseed = -4\nname = 5\n[nosuch]\n");
  const Table root = d.root();
  root.text("name");
  root.integer("seed", 0, 10, 0);
  root.flag("flag", true);
  root.quantity(area);
  EXPECT_EQ(root.choice("kind", {"fixed gap", "springs"}, "fixed gap"), "");
  root.quantity(pressure);
  std::vector<std::string> codes;
  for (const Diagnostic& f : faults_of(d)) codes.push_back(f.code);
  EXPECT_THAT(codes, ElementsAre("C005", "C004", "C011", "C006", "C010", "C009", "C010", "C004"));
}

TEST(ConfigTable, ChoiceIgnoresCaseAndSuggests) {
  const Document d = parse("a = \"Fixed Gap\"\nb = \"sprngs\"\n");
  EXPECT_EQ(d.root().choice("a", {"fixed gap", "springs"}), "fixed gap");
  d.root().choice("b", {"fixed gap", "springs"});
  EXPECT_THAT(rendered(d), HasSubstr("did you mean \"springs\"?"));
}

TEST(ConfigTable, MissingSectionGivesDefaultsAndNamesRequiredKeys) {
  const Document d = parse("name = \"x\"\n");
  d.root().text("name");
  const Table output = d.root().table("output");
  EXPECT_FALSE(output.exists());
  EXPECT_DOUBLE_EQ(output.quantity({.key = "interval", .dimension = dim::time, .fallback = "10 s"}), 10.0);
  d.root().table("cell").quantity(area);
  const auto faults = faults_of(d);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "C005");
  EXPECT_THAT(faults[0].message, HasSubstr("`area` in [cell]"));
}

TEST(ConfigTable, RemembersWordsOriginAndBasis) {
  const Document d = parse("[cell]\n\narea = \"0.785 cm2\"\nk = 4.0\n");
  const Table cell = d.root().table("cell");
  cell.quantity(area);
  cell.quantity({.key = "k"});
  cell.quantity({.key = "t", .dimension = dim::time, .fallback = "10 s"});
  const auto& r = d.resolved();
  ASSERT_EQ(r.size(), 3u);
  EXPECT_EQ(r[0].key, "cell.area");
  EXPECT_EQ(r[0].text, "0.785 cm2");
  EXPECT_DOUBLE_EQ(r[0].si, 0.785e-4);
  EXPECT_EQ(r[0].unit, "m2");
  EXPECT_EQ(r[0].origin, "study.toml:3");
  EXPECT_EQ(r[0].basis, "stated");
  EXPECT_EQ(r[1].text, "4.0");
  EXPECT_EQ(r[2].origin, "default");
  EXPECT_EQ(r[2].basis, "assumed");
}

TEST(ConfigTable, PlacesInsideStringsCountEscapesAndLines) {
  const Document d = parse(
      "t = [\"ab \\u00B5 cd\", \"tab\\there\", 'plain µ x', \"\"\"\n  one\\\n     two\n three\"\"\"]\n");
  const auto texts = d.root().texts("t");
  ASSERT_EQ(texts.size(), 4u);
  ASSERT_EQ(texts[0].value(), "ab µ cd");
  EXPECT_EQ(texts[0].place(6, 2).column, 17u); // after a two-byte µ that is written with six characters
  EXPECT_EQ(texts[0].place(6, 2).length, 2u);
  ASSERT_EQ(texts[1].value(), "tab\there");
  EXPECT_EQ(texts[1].place(4, 4).column, 28u);
  ASSERT_EQ(texts[2].value(), "plain µ x");
  EXPECT_EQ(texts[2].place(9, 1).column, 44u);
  ASSERT_EQ(texts[3].value(), "  onetwo\n three");
  EXPECT_EQ(texts[3].place(5, 3).line, 3u);
  EXPECT_EQ(texts[3].place(5, 3).column, 6u);
  EXPECT_EQ(texts[3].place(10, 5).line, 4u);
  EXPECT_EQ(texts[3].place(10, 5).column, 2u);
  EXPECT_EQ(texts[3].place(1000, 5).line, 4u); // never beyond the string
}

TEST(ConfigTable, QuotedTextReadsBack) {
  const std::string odd = "a \"b\" \\ \t\n\x01 µ";
  const Document d = parse("t = " + config::quoted(odd) + "\n");
  EXPECT_EQ(d.root().text("t").value(), odd);
}

TEST(ConfigTable, SpanWantsTwoInOrder) {
  const Document d = parse("a = [\"1 um\", \"3 um\"]\nb = [\"3 um\", \"1 um\"]\nc = [\"1 um\"]\n");
  const auto a = d.root().span({.key = "a", .dimension = dim::length});
  ASSERT_TRUE(a.has_value());
  EXPECT_DOUBLE_EQ(a->first, 1e-6);
  EXPECT_DOUBLE_EQ(a->second, 3e-6);
  EXPECT_FALSE(d.root().span({.key = "b", .dimension = dim::length}).has_value());
  EXPECT_FALSE(d.root().span({.key = "c", .dimension = dim::length}).has_value());
  EXPECT_EQ(faults_of(d).size(), 2u);
}

TEST(ConfigTable, SyntaxErrorHasAPlaceAndKnowsTheForgottenQuotes) {
  try {
    parse("name = \"x\"\narea = 0.785 cm2\n");
    FAIL() << "accepted a quantity without quotes";
  } catch (const Error& error) {
    const Diagnostic& d = error.diagnostics().front();
    EXPECT_EQ(d.code, "C001");
    ASSERT_TRUE(d.place.has_value());
    EXPECT_EQ(d.place->line, 2u);
    EXPECT_EQ(d.place->column, 14u);
    ASSERT_FALSE(d.hints.empty());
    EXPECT_THAT(d.hints.front(), HasSubstr("area = \"0.785 cm2\""));
  }
}

TEST(ConfigTable, HostileBytesAreAnErrorNotACrash) {
  const std::vector<std::string> inputs = {std::string("a = \"\0\"", 7),
                                           "\xff\xfe\x00",
                                           "a = \"\xc3\x28\"",
                                           std::string(100000, '['),
                                           "a = " + std::string(100000, '['),
                                           "a = \"\\uD800\"",
                                           "a = 99999999999999999999",
                                           "[a]\n[a]\n",
                                           "a.b = 1\na = 2\n",
                                           "a = \"unterminated",
                                           "\"\" = \"\"\n= 1"};
  for (const std::string& input : inputs) {
    try {
      const Document d = parse(input);
      d.finish();
    } catch (const Error& error) {
      EXPECT_FALSE(error.diagnostics().empty());
    }
  }
}

} // namespace
