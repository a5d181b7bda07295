#pragma once
// Figures of stacked panels over one shared x axis, as SVG that stands alone or inline in XHTML.

#include "report/svg_axis.hpp"
#include "report/svg_line.hpp"

#include <span>
#include <string>
#include <vector>

namespace platen::report {

/// Colours of Okabe and Ito (2008), told apart with every common kind of colour blindness; `ink` follows the page's text.
enum class Ink { ink, blue, vermillion, green, orange, sky, purple, grey };
std::string_view hex(Ink ink); ///< "#0072B2"

enum class Shape { circle, square, triangle, diamond, cross };

/// A curve over stored (SI) numbers; the maps take them to the units of the axes. The spans must outlive the drawing.
struct Line {
  std::span<const double> x, y;
  ToPixel x_shown{}, y_shown{}; ///< SI -> unit of the axis
  Ink ink = Ink::ink;
  std::string label; ///< empty: not in the legend
  bool dashed = false;
  double width = 1.3;
};

struct Marker {
  double x = 0.0, y = 0.0; ///< in the units of the axes
  Shape shape = Shape::circle;
  Ink ink = Ink::blue;
  bool filled = true;
  std::string tip; ///< shown when a pointer rests on it
  std::string label = {}; ///< written beside it, to the right and above
  bool label_below = false;
};

/// An upright bar from `low` to `high`. An open end is drawn as an arrow (a bound), a closed one as a cap; a broad bar is
/// a pale band without caps.
struct Interval {
  double x = 0.0, low = 0.0, high = 0.0;
  Ink ink = Ink::blue;
  bool open_top = false, open_bottom = false, broad = false;
  std::string tip;
};

/// A pale rectangle in the units of the axes: a range on one axis or on both, drawn behind everything else.
struct Zone {
  double from = 0.0, to = 0.0, low = 0.0, high = 0.0;
  Ink ink = Ink::sky;
  std::string tip;
  bool strong = false; ///< the thing itself, not something behind it
};

/// A horizontal dotted line, named in the legend: a label inside the frame would sit on some curve.
struct Level {
  double y = 0.0;
  std::string label;
  Ink ink = Ink::grey;
};

/// An entry of a legend that no labelled line provides.
struct Key {
  std::string label;
  Ink ink = Ink::ink;
  enum class Sign { line, dashed, dotted, marker, interval, broad, none } sign = Sign::marker;
  Shape shape = Shape::circle;
  bool filled = true;
};

/// A pale band between two curves, in the units of the axes.
struct Ribbon {
  std::vector<double> x, low, high; ///< equally long
  Ink ink = Ink::blue;
};

struct Panel {
  std::string name, unit; ///< "voltage", "mV" (plain spelling; typeset when drawn)
  double height = 120.0;  ///< px
  Range y;
  std::vector<Line> lines;
  std::vector<Marker> markers;
  std::vector<Interval> intervals;
  std::vector<Zone> zones;
  std::vector<Level> levels;
  std::vector<Key> keys;
  std::vector<Ribbon> ribbons;
  std::string note; ///< one short remark, above the frame at its right end
};

struct Band {
  double from = 0.0, to = 0.0; ///< on the x axis
};

/// An upright line through all panels with a label above them.
struct Mark {
  double x = 0.0;
  std::string label;
  Ink ink = Ink::vermillion;
};

/// A small tick above the panels: something happened.
struct Happening {
  double x = 0.0;
  std::string tip;
};

struct Figure {
  std::string id;    ///< unique on a page, [a-z0-9-]
  std::string title; ///< read aloud instead of the picture
  std::string x_name, x_unit;
  Range x;
  std::vector<Tick> x_ticks;
  std::vector<Panel> panels;
  std::vector<Band> bands;
  std::vector<Mark> marks;
  std::vector<Happening> happenings;
  double width = 860.0; ///< px
  bool standalone = false; ///< a file of its own, which needs the SVG namespace; inside HTML it does not
};

/// The figure as one <svg> element: well-formed XML, no scripts, no references outside itself.
std::string render(const Figure& figure);

} // namespace platen::report
