#pragma once
// Small plots for a terminal, drawn with Braille dots (U+2800), two by four to a character.

#include <span>
#include <string>
#include <string_view>

namespace platen::report {

struct TextPlot {
  std::string_view title;  ///< "voltage, V"
  std::string_view x_name; ///< "h"
  std::size_t width = 64;  ///< characters inside the frame
  std::size_t height = 5;
};

/// `y` over `x` (equal lengths, any units), with the ends of both axes as numbers. A run: every column of dots spans what
/// lies in it, so that a spike of one row in a million is seen. NaN leaves a gap. Empty when there is nothing finite.
std::string plot_run(const TextPlot& plot, std::span<const double> x, std::span<const double> y);

/// Points only, as for a spectrum in the complex plane.
std::string plot_points(const TextPlot& plot, std::span<const double> x, std::span<const double> y);

} // namespace platen::report
