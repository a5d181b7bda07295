// Every column that the simulator adds stands in docs/formats/record.md, with its unit and meaning, and none besides.

#include "base/file.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

using namespace platen;

namespace {

const std::filesystem::path root = PLATEN_SOURCE_DIR;

/// The rows that a record asks for.
void collect(const Record& record, std::set<std::string>& rows) {
  for (const Column& column : record.columns()) {
    if (find_column(column.name) != nullptr) continue;
    std::string name = fmt::format("`{}`", column.name), meaning = column.description;
    for (const std::string side : {"left", "right"}) {
      const std::string suffix = "_" + side, electrode = fmt::format(", {} electrode", side);
      if (!column.name.ends_with(suffix)) continue;
      const std::string stem = column.name.substr(0, column.name.size() - suffix.size());
      name = fmt::format("`{0}_left`, `{0}_right`", stem);
      if (meaning.ends_with(electrode)) meaning.erase(meaning.size() - electrode.size());
      if (const auto at = meaning.find(side + " "); at != std::string::npos) meaning.erase(at, side.size() + 1);
    }
    rows.insert(fmt::format("| {} | {} | {} |\n", name, column.unit, meaning));
  }
}

} // namespace

TEST(SimulateDocs, EveryColumnHasItsRow) {
  std::set<std::string> rows;
  for (const auto& [base, more] : {std::pair{"symmetric.toml", ""}, std::pair{"full-6.4-springs.toml", ", \"Fit springs\""}}) {
    Study study = parse_study(fmt::format("extends = \"{}\"\nname = \"columns\"\ntest = [\"Hold at 5 MPa for 1 min at 25 degC\"{}]\n", base, more),
                              "columns.toml", root / "studies/ham2022");
    study.output.parts = true;
    collect(simulate(study), rows);
    study.output.parts = false;
    const Record brief = simulate(study);
    EXPECT_FALSE(brief.has("voltage_grains") || brief.has("pressure_set") || brief.has("limit"));
    EXPECT_TRUE(brief.has("contact_right") && brief.has("force_balance"));
  }
  const std::string page = read_file(root / "docs/formats/record.md");
  const auto begin = page.find("## Columns of the simulator"), end = page.find("\n## ", begin + 3);
  ASSERT_NE(begin, std::string::npos);
  const std::string section = page.substr(begin, end - begin);
  for (const std::string& row : rows) EXPECT_NE(section.find(row), std::string::npos) << row;
  std::size_t lines = 0;
  for (std::size_t at = section.find("\n| `"); at != std::string::npos; at = section.find("\n| `", at + 1)) ++lines;
  EXPECT_EQ(lines, rows.size());
}
