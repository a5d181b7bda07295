// The registry, the code's names and the tables of docs/formats/record.md say the same.

#include "base/error.hpp"
#include "base/file.hpp"
#include "record/bdf_names.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

using namespace platen;

namespace {
const std::string page = read_file(std::filesystem::path(PLATEN_SOURCE_DIR) / "docs/formats/record.md");
}

TEST(RecordDocs, EveryColumnHasItsRow) {
  for (const ColumnInfo& c : column_registry()) {
    const std::string row = fmt::format("| `{}` | {} | `{}` | {} | {} |\n", c.name, c.unit, bdf_label({std::string(c.name), {}, {}, {}}),
                                        c.kind == ColumnKind::real ? "real" : "integer", c.description);
    EXPECT_THAT(page, testing::HasSubstr(row));
  }
}

TEST(RecordDocs, EveryCellFieldHasItsRow) {
  for (const CellField& f : cell_fields()) {
    const std::string row = fmt::format("| `{}` | {} | {} | {} |\n", f.key, f.shown_in, si_unit(f.dimension), f.description);
    EXPECT_THAT(page, testing::HasSubstr(row));
  }
}

TEST(RecordDocs, EveryStepTypeIsListed) {
  for (int k = 0; k <= static_cast<int>(StepType::end); ++k) {
    const std::string_view word = step_type_label(static_cast<StepType>(k));
    EXPECT_THAT(page, testing::HasSubstr(fmt::format("| {} | {} |", k, word)));
    EXPECT_EQ(parse_step_type(word), static_cast<StepType>(k));
  }
  EXPECT_EQ(step_type_label(static_cast<StepType>(99)), "Unknown");
  EXPECT_EQ(parse_step_type("waltz"), std::nullopt);
}

TEST(RecordRegistry, HoldsEveryNameOfTheCode) {
  for (const std::string_view name :
       {col::test_time, col::unix_time, col::current, col::voltage, col::stack_pressure, col::temperature, col::step_index,
        col::step_count, col::step_type, col::cycle_count, col::step_time, col::step_capacity, col::step_energy,
        col::net_capacity, col::charging_capacity, col::discharging_capacity, col::interpolated})
    EXPECT_NE(find_column(name), nullptr) << name;
  EXPECT_EQ(column_registry().size(), 17u); // a new column needs a name above and a row in the docs
  EXPECT_EQ(find_column("voltag"), nullptr);
}

TEST(RecordRegistry, UnitsAreKnownAndFitTogether) {
  std::set<std::string_view> names, labels;
  for (const ColumnInfo& c : column_registry()) {
    EXPECT_TRUE(names.insert(c.name).second && labels.insert(c.bdf_name).second) << c.name;
    const auto inside = parse_unit(c.unit), file = parse_unit(c.bdf_unit), people = parse_unit(c.shown_in);
    ASSERT_TRUE(inside && file && people) << c.name;
    EXPECT_TRUE(inside->factor == 1.0 && inside->offset == 0.0) << c.name << " is not SI inside";
    EXPECT_TRUE(inside->dimension == file->dimension && inside->dimension == people->dimension) << c.name;
    const BdfHeading back = read_bdf_heading(bdf_label({std::string(c.name), {}, {}, {}}));
    EXPECT_EQ(back.info, &c);
  }
  for (const CellField& f : cell_fields()) EXPECT_EQ(parse_unit(f.shown_in)->dimension, f.dimension) << f.key;
}
