#pragma once
// What every drawing is made of: inks as attributes, the width of a text, the <svg> around it.

#include "report/svg_plot.hpp"

#include <string>
#include <string_view>

namespace platen::report {

constexpr double left_margin = 84.0, right_margin = 14.0; ///< of a Figure, beside its panels, px
constexpr double text_size = 12.5, small_size = 11.5; ///< px

/// Width of a text in px: no font is at hand, so the mean advance of common sans-serif faces, a little generous.
double text_width(std::string_view text, double size);

/// Class names let the page recolour what follows its text in the dark; the attributes serve an SVG that stands alone.
std::string stroke(Ink ink);
std::string fill(Ink ink);

/// The whole <svg> element around `body` (SVG already); `title` is read aloud. With `standalone` it has a namespace.
std::string svg_element(double width, double height, std::string_view title, bool standalone, std::string_view body);

} // namespace platen::report
