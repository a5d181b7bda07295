#pragma once
// A curve of any length as an SVG path of bounded length: gaps stay gaps, extremes stay extremes.

#include <span>
#include <string>
#include <vector>

namespace platen::report {

/// A point in pixels of the drawing.
struct Point {
  double x = 0.0, y = 0.0;
};

/// A linear map from a stored number to pixels: pixel = offset + factor * value.
struct ToPixel {
  double offset = 0.0, factor = 1.0;
  double operator()(double value) const { return offset + factor * value; }
};

/// Thins a curve to at most four points per pixel column: the first, the lowest, the highest and the last row in it, in
/// their order, so that no spike of one row is lost and nothing is averaged. A row whose x or y is not finite ends a
/// stroke; a stroke of one row survives. Only rows with x in [left, right] pixels and their direct neighbours are kept.
/// @returns strokes, each with at least one point. `x` and `y` have the same length.
std::vector<std::vector<Point>> thin(std::span<const double> x, std::span<const double> y, const ToPixel& to_x,
                                     const ToPixel& to_y, double left, double right);

/// Leaves out points that lie within `tolerance` pixels of the straight piece that replaces them (Ramer, Douglas and
/// Peucker); end points stay.
std::vector<Point> simplify(const std::vector<Point>& stroke, double tolerance);

/// The `d` attribute of a path through the strokes, a tenth of a pixel fine; a stroke of one point becomes a dot.
std::string path_data(const std::vector<std::vector<Point>>& strokes);

} // namespace platen::report
