#pragma once
// Bars that lie, one row per name, with bounds: names of any length stand where they can be read.

#include "report/svg_plot.hpp"

#include <string>
#include <vector>

namespace platen::report {

/// From zero to `value`, with a whisker from `low` to `high` when both are finite. With `mark` only a marker at the value.
struct Bar {
  double value = 0.0, low = 0.0, high = 0.0; ///< in the unit of the axis
  Ink ink = Ink::blue;
  bool mark = false;
  std::string tip;
};

struct BarRow {
  std::string name;
  std::vector<Bar> bars; ///< below each other; marks lie on the bar before them
};

struct Bars {
  std::string title; ///< read aloud instead of the picture
  std::string x_name, x_unit;
  std::vector<BarRow> rows;
  std::vector<Key> keys; ///< of kinds broad, marker and interval
  double width = 860.0;  ///< px
  bool standalone = false;
};

/// One <svg>; empty without rows. The axis spans zero and all bounds.
std::string render(const Bars& bars);

} // namespace platen::report
