#include "base/error.hpp"
#include "groups/compare.hpp"
#include "groups/published.hpp"
#include "groups/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen::groups {
namespace {

TEST(GroupsTable, CcdsAreReadInEveryFormPeopleWrite) {
  const auto rows = read_ccd_table("name\tCCD (mA/cm2)\tgrid (mA/cm2)\tloading\n"
                                   "a\t0.9 - 1.0\t\t12.8 mg/cm2\nb\t> 2.1\t\t\nc\t< 0.13\t\t6.4 mg/cm2\nd\t1.0\t0.1\t\ne\t1.0\t\t\nf\t0.9\xE2\x80\x93" "1.0\t\t\ng\t\t\t\n",
                                   "t.tsv");
  ASSERT_EQ(rows.size(), 7);
  EXPECT_NEAR(*rows[0].last_passed, 9, 1e-9);
  EXPECT_NEAR(*rows[0].failing_step, 10, 1e-9);
  EXPECT_NEAR(*rows[1].last_passed, 21, 1e-9);
  EXPECT_FALSE(rows[1].failing_step);
  EXPECT_FALSE(rows[2].last_passed);
  EXPECT_NEAR(*rows[2].failing_step, 1.3, 1e-9);
  EXPECT_NEAR(*rows[3].last_passed, 9, 1e-9);
  EXPECT_EQ(*rows[4].last_passed, *rows[4].failing_step);
  EXPECT_NEAR(*rows[5].last_passed, 9, 1e-9);
  EXPECT_EQ(rows[6].refused, "the table states no CCD");
  ASSERT_NE(rows[0].find("cathode_loading"), nullptr);
  EXPECT_NEAR(*rows[0].find("cathode_loading")->number, 0.128, 1e-12);
  EXPECT_EQ(rows[0].source, "t.tsv:2");
}

TEST(GroupsTable, DecimalCommasAndQuotesAreRead) {
  const auto rows = read_ccd_table("\xEF\xBB\xBF# made by hand\r\ncell;last_passed / mA/cm2;failing_step / mA/cm2;note\r\n\"a;1\";0,5;0,6;\"he said \"\"ok\"\"\"\r\n", "t.csv");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].name, "a;1");
  EXPECT_NEAR(*rows[0].last_passed, 5, 1e-9);
  EXPECT_EQ(rows[0].find("note")->word, "he said \"ok\"");
}

TEST(GroupsTable, AnyBytesAreAnsweredOrRefused) {
  const std::string seed = "cell,last_passed / mA/cm2,failing_step / mA/cm2,hold_time / min\na,0.5,0.6,30\nb,>,,1e999\nc,-,\"x,\n";
  std::uint32_t state = 1;
  const auto next = [&] { return state = state * 1664525u + 1013904223u; };
  for (int round = 0; round < 20000; ++round) {
    std::string text = seed;
    for (int k = 0; k < 4; ++k) text[(next() >> 8) % text.size()] = static_cast<char>(next() >> 24);
    if (round % 3 == 0) text.resize((next() >> 8) % text.size());
    try {
      for (const CcdRow& row : read_ccd_table(text, "t"))
        for (const Factor& f : row.factors) EXPECT_TRUE(!f.number || std::isfinite(*f.number) || std::isinf(*f.number));
      (void)read_mapping(text, "t");
    } catch (const Error& error) {
      EXPECT_THAT(error.diagnostics().front().code, testing::StartsWith("D46"));
    }
  }
}

TEST(GroupsTable, WhatNoConditionCanBeIsRefusedLineByLine) {
  const auto faults_of = [](const std::string& text, bool mapping = false) {
    std::vector<std::string> out;
    try {
      if (mapping) (void)read_mapping(text, "t.csv");
      else (void)read_ccd_table(text, "t.csv");
    } catch (const Error& error) {
      for (const Diagnostic& d : error.diagnostics()) out.push_back(d.code + " " + std::to_string(d.place->line) + " " + d.message);
    }
    return out;
  };
  const std::string head = "cell,ccd / mA/cm2,hold_time / min,stack_pressure / MPa,cathode_active_fraction,contact_hold_temperature / degC\n";
  EXPECT_THAT(faults_of(head + "a,1,0,5,1,-20\n"), testing::IsEmpty()) << "no hold, 253 K";
  EXPECT_THAT(faults_of(head + "a,1,-15,5,,\nb,1,15,-5,1.2,-300\n"),
              testing::UnorderedElementsAre(testing::HasSubstr("D463 2 `-15` of `hold_time` cannot be: nothing below 0"), testing::HasSubstr("D463 3 `-5` of `stack_pressure`"),
                                            testing::HasSubstr("D463 3 `1.2` of `cathode_active_fraction` cannot be: a share from 0 to 1"), testing::HasSubstr("D463 3 `-300`")));
  EXPECT_THAT(faults_of("file,hold\na.csv,-5 min\n", true), testing::ElementsAre(testing::HasSubstr("`-5 min` of `hold`")));
  EXPECT_THAT(faults_of("cell,ccd / mA/cm2,grid / mA/cm2,capacity_per_half_cycle / mAh/cm2\na,1,-0.1,-1\n"),
              testing::UnorderedElementsAre(testing::HasSubstr("`grid`"), testing::HasSubstr("`capacity_per_half_cycle`")));
}

TEST(GroupsTable, MappingsWinAndSayWhatTheyDoNotName) {
  auto rows = read_ccd_table("cell,ccd / mA/cm2,stack_pressure\na,1,1 MPa\nb,1,2 MPa\n", "runs/t.csv");
  rows[0].source = "runs/a-1.h5";
  auto mapping = read_mapping("file,stack_pressure / MPa,batch\na-1,5,x\nnobody,7,y\n", "m.csv");
  Diagnostics notes;
  apply_mapping(rows, mapping, "m.csv", notes);
  EXPECT_NEAR(*rows[0].find("stack_pressure")->number, 5e6, 1e-6);
  EXPECT_EQ(rows[0].find("batch")->word, "x");
  EXPECT_NEAR(*rows[1].find("stack_pressure")->number, 2e6, 1e-6);
  ASSERT_EQ(notes.items().size(), 2);
  EXPECT_EQ(notes.items()[0].code, "D466");
  EXPECT_EQ(notes.items()[1].place->line, 3);
  EXPECT_FALSE(notes.has_errors());
}

TEST(GroupsTable, OnlyHeadingsOfCcdsMakeATable) {
  EXPECT_TRUE(is_ccd_table("cell,ccd / mA/cm2\n"));
  EXPECT_TRUE(is_ccd_table("# remark\ncell;failing_step [mA/cm2]\n"));
  EXPECT_FALSE(is_ccd_table("Test Time / s,Voltage / V\n"));
  EXPECT_FALSE(is_ccd_table(""));
}

TEST(GroupsRow, AssessmentsBecomeIntervals) {
  Assessment a;
  a.ccd = CriticalCurrentDensity{.last_passed = 5.0, .failing_step = std::nullopt, .grid = 1.0, .capacity_per_half_cycle = 900.0};
  CellInfo cell;
  cell.fixture = "springs";
  cell.contact_hold_time = 1800.0;
  const CcdRow open = row_of("a", "a.h5", a, cell);
  EXPECT_TRUE(interval_of(open).right_censored());
  EXPECT_EQ(open.find("fixture")->word, "springs");
  EXPECT_EQ(shown(*open.find("contact_hold_time")), "30 min");
  a.ccd->failing_step = 6.0;
  a.ccd->last_passed.reset();
  EXPECT_TRUE(interval_of(row_of("a", "", a, cell)).left_censored());
  a.ccd->failing_step.reset();
  EXPECT_FALSE(row_of("a", "", a, cell).refused.empty());
  a.ccd.reset();
  a.ccd_refused = "the area of the cell is not known";
  EXPECT_EQ(row_of("a", "", a, cell).refused, a.ccd_refused);
}

TEST(GroupsCompare, MixedConditionsAndMissingOnesAreNamed) {
  const auto row = [](const std::string& name, Factor f) {
    CcdRow out;
    out.name = name;
    out.last_passed = 1.0;
    out.failing_step = 2.0;
    out.set(std::move(f));
    return out;
  };
  const auto by = [](const std::string& factor) {
    CompareOptions out;
    out.by = factor;
    out.simulations = 100;
    return out;
  };
  const Factor minutes{"x", 60.0, dim::time, "min", {}}, pressure{"x", 5e6, dim::pressure, "MPa", {}}, word{"x", {}, {}, {}, "long"};
  EXPECT_THROW((void)compare({row("a", minutes), row("b", pressure)}, by("x")), Error);
  EXPECT_THROW((void)compare({row("a", minutes), row("b", word)}, by("x")), Error);
  EXPECT_THROW((void)compare({row("a", minutes)}, by("y")), Error);
  const Comparison half = compare({row("a", minutes), row("b", {"y", 1.0, {}, {}, {}})}, by("x"));
  EXPECT_EQ(half.rows.size(), 1);
  ASSERT_EQ(half.left_out.size(), 1);
  EXPECT_EQ(half.left_out[0].reason, "its x is not known");
  try {
    (void)compare({row("a", {"fixture", {}, {}, {}, "springs"})}, by("fixtre"));
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.diagnostics().front().hints.front(), "did you mean `fixture`?");
  }
}

TEST(GroupsCompare, CellsOfOneNameAndConditionsThatDoNotDifferAreTold) {
  std::vector<CcdRow> rows;
  for (const char* name : {"a", "b", "a"}) {
    CcdRow row;
    row.name = name;
    row.last_passed = 1.0 + static_cast<double>(rows.size());
    row.failing_step = *row.last_passed + 1.0;
    row.set({"x", 60.0 * static_cast<double>(1 + rows.size()), dim::time, "min", {}});
    row.set({"area", 1e-4, dim::area, "cm2", {}});
    rows.push_back(std::move(row));
  }
  CompareOptions options;
  options.by = "x";
  options.terms = {{.factor = "area"}};
  options.simulations = 100;
  const std::vector<std::string> notes = compare(rows, options).notes;
  EXPECT_THAT(notes, testing::Contains(testing::HasSubstr("several cells have one name: a (2)")));
  EXPECT_THAT(notes, testing::Contains("every cell has the same area: the model leaves it out"));
}

/// A library lists cells of one name in any order: no bit of the tests may hang on it.
TEST(GroupsCompare, TheTestsHangOnNoOrderOfTheCells) {
  const auto rows = [](bool backwards) {
    std::vector<CcdRow> out;
    for (int k = 0; k < 40; ++k) {
      CcdRow row;
      row.name = "same name";
      row.last_passed = 5.0 + 0.173 * (k * 37 % 41);
      row.failing_step = *row.last_passed + 1.27;
      row.set({"x", k < 18 ? 60.0 : 1800.0, dim::time, "min", {}});
      out.push_back(std::move(row));
    }
    if (backwards) std::reverse(out.begin(), out.end());
    return out;
  };
  CompareOptions options;
  options.by = "x";
  options.simulations = 100;
  options.deals = 200; // fewer than all there are: random ones
  const Comparison a = compare(rows(false), options), b = compare(rows(true), options);
  ASSERT_TRUE(a.log_rank && b.log_rank && a.wilcoxon && b.wilcoxon);
  EXPECT_EQ(a.log_rank->statistic, b.log_rank->statistic);
  EXPECT_EQ(a.log_rank->p_value, b.log_rank->p_value);
  EXPECT_EQ(a.wilcoxon->statistic, b.wilcoxon->statistic);
  EXPECT_EQ(a.wilcoxon->p_value, b.wilcoxon->p_value);
}

TEST(GroupsPublished, EveryRowHasABasisAndAReference) {
  const auto rows = published_ccds();
  EXPECT_GE(rows.size(), 25);
  for (const Published& p : rows) {
    EXPECT_THAT(p.basis, testing::AnyOf("stated", "read", "recalled", "derived", "assumed", "fitted"));
    EXPECT_FALSE(p.reference.empty()) << p.row.name;
    EXPECT_TRUE(p.row.refused.empty()) << p.row.name;
    const Interval i = interval_of(p.row);
    if (p.as_stated.starts_with('>')) {
      EXPECT_TRUE(i.right_censored()) << p.row.name;
    }
    if (p.as_stated.starts_with('<')) {
      EXPECT_TRUE(i.left_censored()) << p.row.name;
    }
  }
  EXPECT_NEAR(*rows[1].row.failing_step, 21.5, 1e-9);
  EXPECT_NEAR(*rows[1].temperature, 313.15, 1e-9);
}

} // namespace
} // namespace platen::groups
