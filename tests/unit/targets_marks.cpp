// The paper's numbers of its figures: all there, none twice, each with its basis and its words.

#include "targets/marks.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace platen {
namespace {

const PublishedMark& mark(std::string_view figure, std::string_view series, std::optional<double> x, std::string_view place = "") {
  static const std::vector<PublishedMark> all = ham2022_marks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const PublishedMark& m) {
    return m.figure == figure && m.series == series && m.x == x && m.place == place;
  });
  if (found == all.end()) throw std::runtime_error("no such mark");
  return *found;
}

TEST(Marks, EveryFigureWithACounterpartHasSome) {
  std::set<std::string> figures;
  for (const PublishedMark& m : ham2022_marks()) figures.insert(m.figure);
  EXPECT_EQ(figures, (std::set<std::string>{"1b", "1c", "1d", "2a", "2b", "3b", "3c", "3d", "4c", "4d", "4e", "4f", "5", "S6"}));
}

TEST(Marks, EachSaysWhereItIsFromAndInWhatUnit) {
  for (const PublishedMark& m : ham2022_marks()) {
    EXPECT_THAT(m.basis, testing::AnyOf("stated", "read", "derived")) << m.figure << " " << m.series;
    EXPECT_FALSE(m.source.empty()) << m.figure << " " << m.series;
    EXPECT_EQ(m.x.has_value(), !m.x_unit.empty()) << m.figure << " " << m.series;
    EXPECT_EQ(m.y.has_value(), !m.y_unit.empty()) << m.figure << " " << m.series;
    EXPECT_TRUE(m.x || m.y) << m.figure << " " << m.series;
  }
}

TEST(Marks, ANumberThatIsATargetIsTakenFromThere) {
  EXPECT_DOUBLE_EQ(mark("3c", "fixed gap", 6.4).y.value_or(0), 0.73);
  EXPECT_THAT(mark("3c", "fixed gap", 6.4).rows, testing::ElementsAre("T14"));
  EXPECT_EQ(mark("3c", "fixed gap", 6.4).basis, "stated");
  EXPECT_EQ(mark("5", "springs", 5.0).basis, "derived") << "T36 is inferred";
  EXPECT_DOUBLE_EQ(mark("1c", "cell and empty fixture", 0.5).y.value_or(0), 25.0 - 2.2);
  EXPECT_THAT(mark("1c", "cell and empty fixture", 0.5).rows, testing::ElementsAre("T04"));
  EXPECT_DOUBLE_EQ(mark("4d", "springs", std::nullopt, "first charge").y.value_or(0), 5.21);
  const PublishedMark& range = mark("3d", "range", 6.4);
  EXPECT_DOUBLE_EQ(range.y.value_or(0), 0.3);
  EXPECT_DOUBLE_EQ(range.y_to.value_or(0), 1.0);
  EXPECT_DOUBLE_EQ(range.x_to.value_or(0), 51.0);
  EXPECT_TRUE(mark("3d", "fixed gap", 6.4).at_least);
  EXPECT_FALSE(mark("3d", "fixed gap", 25.5).at_least);
}

TEST(Marks, NoNumberIsWrittenTwice) {
  const std::vector<Target> targets = ham2022_targets();
  for (const PublishedMark& m : ham2022_marks()) {
    if (!m.rows.empty()) continue;
    for (const Target& t : targets)
      if (t.unit == m.y_unit && t.figure.find(m.figure) != std::string::npos) {
        EXPECT_NE(t.value, m.y) << m.figure << " " << m.series << " is " << t.id;
      }
  }
}

} // namespace
} // namespace platen
