// What limits (A90): at the end of a discharge an empty cathode's voltage jumps when the current is switched off as that of lost contact does.

#include "assess/full_cell.hpp"
#include "corpus/corpus.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <vector>

namespace platen::assessing {
namespace {

// Full cells of the development set, simulated, that never short: those that lose contact and every third of the others below 1200.
constexpr std::array lost{108, 162, 281, 324, 454, 527, 635, 662, 835, 854, 1081, 1127};
constexpr std::array intact{827, 535, 70, 81, 1143, 262, 608, 154, 381, 1043, 954, 227, 1154, 1059, 351, 54, 308, 462, 586, 8, 505, 554, 962, 254, 878, 386, 754, 581, 808, 689, 713, 681, 708, 870, 862};

/// The voltage's jump per current where a discharge ended over that where it began, the median of a cell.
double jump_of(int number, corpus::Condition condition) {
  const corpus::Cell cell = corpus::make_cell(corpus::Generator::simulated, corpus::seed_of(corpus::Set::development, static_cast<std::uint64_t>(number)));
  EXPECT_EQ(cell.label.condition, condition) << number;
  std::vector<double> jumps;
  for (const Stroke& s : make_strokes(cell.record, rows_of(cell.record), find_segments(cell.record)))
    if (!s.charging() && s.at_switch > 0.0 && s.after_switch > 0.0) jumps.push_back(s.after_switch / s.at_switch);
  return numerics::median(jumps);
}

TEST(ContactLimits, TheJumpAtTheEndOfADischargeDoesNotTellAnEmptyCathode) {
  std::vector<double> of_lost, of_intact;
  for (const int number : lost) of_lost.push_back(jump_of(number, corpus::Condition::contact_loss));
  for (const int number : intact) of_intact.push_back(jump_of(number, corpus::Condition::healthy));
  const auto least_to_most = [](std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return fmt::format("{:.1f} to {:.1f}, median {:.1f}", v.front(), v.back(), numerics::median(v));
  };
  fmt::print("jump at the end of a discharge over that at its beginning: contact lost {}; intact {}\n", least_to_most(of_lost), least_to_most(of_intact));
  const auto above = [&](double jump) { return std::count_if(of_intact.begin(), of_intact.end(), [&](double v) { return v > jump; }); };
  EXPECT_GE(above(numerics::median(of_lost)), std::ssize(of_intact) / 4) << "a threshold that finds half of them calls as many intact cells";
}

} // namespace
} // namespace platen::assessing
