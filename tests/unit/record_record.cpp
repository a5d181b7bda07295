#include "record/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using testing::HasSubstr;

namespace {
Record two_columns() {
  Record r;
  r.set(col::voltage, std::vector<double>{1, 2});
  r.set(col::step_count, std::vector<std::int32_t>{1, 1});
  return r;
}

template <class F> Diagnostic fault(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.diagnostics().front();
  }
  ADD_FAILURE() << "no error";
  return {};
}
} // namespace

TEST(Record, GivesBackWhatWasSet) {
  Record r = two_columns();
  EXPECT_EQ(r.rows(), 2u);
  EXPECT_EQ(r.real(col::voltage)[1], 2.0);
  EXPECT_EQ(r.integer(col::step_count)[0], 1);
  EXPECT_EQ(r.find(col::voltage)->unit, "V");
  r.real(col::voltage)[1] = 5.0;
  EXPECT_EQ(std::as_const(r).real(col::voltage)[1], 5.0);
  r.set(col::voltage, std::vector<double>{7, 8}); // replaces, does not add
  EXPECT_EQ(r.columns().size(), 2u);
  EXPECT_EQ(r.real(col::voltage)[0], 7.0);
  EXPECT_EQ(Record{}.rows(), 0u);
}

TEST(Record, NamesTheMissingColumnAndThoseThatExist) {
  const Record r = two_columns();
  const Diagnostic d = fault([&] { r.real("voltagee"); });
  EXPECT_EQ(d.code, "D060");
  EXPECT_THAT(d.message, HasSubstr("`voltagee`"));
  ASSERT_EQ(d.hints.size(), 2u);
  EXPECT_THAT(d.hints[0], HasSubstr("`voltage`"));
  EXPECT_THAT(d.hints[1], HasSubstr("voltage, step_count"));
  EXPECT_EQ(fault([&] { r.real(col::step_count); }).code, "D060");
  EXPECT_EQ(fault([&] { r.integer(col::voltage); }).code, "D060");
  EXPECT_THAT(fault([] { Record{}.integer("x"); }).hints.back(), HasSubstr("no columns"));
}

TEST(Record, RefusesColumnsThatDoNotFit) {
  Record r = two_columns();
  EXPECT_EQ(fault([&] { r.set("theta", std::vector<double>{1, 2}); }).code, "B003");
  EXPECT_EQ(fault([&] { r.set(col::current, std::vector<double>{1}); }).code, "B003");
  EXPECT_EQ(fault([&] { r.set(col::current, std::vector<std::int32_t>{1, 2}); }).code, "B003");
  EXPECT_EQ(fault([&] { r.set(Column{"voltage", "mV", "", std::vector<double>{1, 2}}); }).code, "B003");
  EXPECT_EQ(fault([&] { r.set(Column{"theta", "1", "", std::vector<double>{1}}); }).code, "B003");
  r.set(Column{"theta", "1", "contact", std::vector<double>{1, 0.5}});
  EXPECT_EQ(r.real("theta")[1], 0.5);
  Record single;
  single.set(col::voltage, std::vector<double>{1, 2});
  single.set(col::voltage, std::vector<double>{1, 2, 3}); // the only column may change its length
  EXPECT_EQ(single.rows(), 3u);
}

TEST(CellInfo, ConfigurationsHaveWords) {
  for (const Configuration c : {Configuration::unknown, Configuration::empty_fixture, Configuration::symmetric, Configuration::full})
    EXPECT_EQ(parse_configuration(label(c)), c);
  EXPECT_EQ(parse_configuration("half"), std::nullopt);
}
