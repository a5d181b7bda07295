#pragma once
// Maps: one number over two axes as coloured cells, written out where there is room, with contour lines where there is not.

#include "report/svg_axis.hpp"

#include <limits>
#include <string>
#include <vector>

namespace platen::report {

struct MapCell {
  enum class Kind {
    value,   ///< coloured by its value
    bound,   ///< coloured by a value that is only a lower bound: hatched
    failed,  ///< a run failed: crossed out
    nothing, ///< not asked for
  };
  Kind kind = Kind::nothing;
  double value = std::numeric_limits<double>::quiet_NaN(); ///< in the unit of the map
  std::string text; ///< written into the cell when it fits
  std::string tip;
};

/// A dot where something was calculated, in cells from the lower left corner.
struct MapPoint {
  double x = 0.0, y = 0.0;
};

struct Map {
  std::string id;    ///< unique on a page, [a-z0-9-]
  std::string title; ///< read aloud instead of the picture
  std::string x_name, x_unit, y_name, y_unit;
  std::vector<Tick> x_ticks, y_ticks; ///< in cells from the lower left corner
  std::size_t columns = 0, rows = 0;
  std::vector<MapCell> cells; ///< columns x rows, the lowest row first
  std::string name, unit;     ///< of the values
  bool contours = false;      ///< lines through the cells' middles, labelled
  std::vector<MapPoint> points;
  double width = 860.0, height = 380.0; ///< px; the height is that of the frame
  bool standalone = false;
};

/// One <svg>; empty when no cell has a value.
std::string render(const Map& map);

} // namespace platen::report
