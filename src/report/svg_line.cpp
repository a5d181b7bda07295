#include "report/svg_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <utility>

namespace platen::report {
namespace {

/// The rows of one pixel column that must be drawn.
struct PixelColumn {
  std::int64_t pixel = 0;
  std::array<Point, 4> points; ///< first, lowest, highest, last
  std::array<std::size_t, 4> rows{};

  PixelColumn(std::int64_t at, Point p, std::size_t row) : pixel(at) {
    points.fill(p);
    rows.fill(row);
  }
  void add(Point p, std::size_t row) {
    const auto keep = [&](std::size_t k) {
      points[k] = p;
      rows[k] = row;
    };
    if (p.y < points[1].y) keep(1);
    if (p.y > points[2].y) keep(2);
    keep(3);
  }
  void flush(std::vector<Point>& stroke) const {
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
    for (std::size_t k = 0; k < order.size(); ++k)
      if (k == 0 || rows[order[k]] != rows[order[k - 1]]) stroke.push_back(points[order[k]]);
  }
};

/// Square of the distance from p to the piece between a and b (to its nearer end where the foot falls outside).
double squared_distance(const Point& p, const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
  const double t = squared > 0.0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / squared, 0.0, 1.0) : 0.0;
  const double ex = p.x - a.x - t * dx, ey = p.y - a.y - t * dy;
  return ex * ex + ey * ey;
}

} // namespace

std::vector<std::vector<Point>> thin(std::span<const double> x, std::span<const double> y, const ToPixel& to_x,
                                     const ToPixel& to_y, double left, double right) {
  constexpr double far = 1e5; // pixels; beyond it renderers lose precision
  std::vector<std::vector<Point>> strokes;
  std::vector<Point> stroke;
  std::optional<PixelColumn> open;
  const auto end_column = [&] {
    if (open) open->flush(stroke);
    open.reset();
  };
  const auto end_stroke = [&] {
    end_column();
    if (!stroke.empty()) strokes.push_back(std::move(stroke));
    stroke.clear();
  };
  const std::size_t rows = std::min(x.size(), y.size());
  const auto finite = [&](std::size_t k) { return std::isfinite(x[k]) && std::isfinite(y[k]); };
  // whether any of the straight piece from row a to row b lies in the window
  const auto crosses = [&](std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax({to_x(x[a]), to_x(x[b])});
    return low <= right && high >= left;
  };
  for (std::size_t k = 0; k < rows; ++k) {
    const bool needed = finite(k) && (crosses(k, k) || (k > 0 && finite(k - 1) && crosses(k - 1, k)) ||
                                      (k + 1 < rows && finite(k + 1) && crosses(k, k + 1)));
    if (!needed) {
      end_stroke();
      continue;
    }
    const Point p{std::clamp(to_x(x[k]), -far, far), std::clamp(to_y(y[k]), -far, far)};
    const auto pixel = static_cast<std::int64_t>(std::floor(p.x));
    if (open && open->pixel == pixel) {
      open->add(p, k);
    } else {
      end_column();
      open.emplace(pixel, p, k);
    }
  }
  end_stroke();
  return strokes;
}

std::vector<Point> simplify(const std::vector<Point>& stroke, double tolerance) {
  if (stroke.size() < 3) return stroke;
  std::vector<char> keep(stroke.size(), 0);
  keep.front() = keep.back() = 1;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, stroke.size() - 1}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    double worst = tolerance * tolerance;
    std::size_t at = 0;
    for (std::size_t k = a + 1; k < b; ++k)
      if (const double d = squared_distance(stroke[k], stroke[a], stroke[b]); d > worst) {
        worst = d;
        at = k;
      }
    if (at == 0) continue;
    keep[at] = 1;
    open.emplace_back(a, at);
    open.emplace_back(at, b);
  }
  std::vector<Point> out;
  for (std::size_t k = 0; k < stroke.size(); ++k)
    if (keep[k] != 0) out.push_back(stroke[k]);
  return out;
}

std::string path_data(const std::vector<std::vector<Point>>& strokes) {
  std::string d;
  // tenths of a pixel as integers: half the bytes of a formatted double
  const auto put = [&](double value) {
    const long tenths = std::lround(value * 10.0);
    if (tenths % 10 == 0) fmt::format_to(std::back_inserter(d), "{}", tenths / 10);
    else fmt::format_to(std::back_inserter(d), "{}{}.{}", tenths < 0 ? "-" : "", std::abs(tenths) / 10, std::abs(tenths) % 10);
  };
  for (const auto& stroke : strokes) {
    for (std::size_t k = 0; k < stroke.size(); ++k) {
      d += k == 0 ? 'M' : k == 1 ? 'L' : ' ';
      put(stroke[k].x);
      d += ',';
      put(stroke[k].y);
    }
    if (stroke.size() == 1) d += "h0";
  }
  return d;
}

} // namespace platen::report
