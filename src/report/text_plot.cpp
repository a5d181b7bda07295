#include "report/text_plot.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace platen::report {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void take(double v) {
    if (!std::isfinite(v)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  bool empty() const { return !(low <= high); }
  /// A constant stands in the middle.
  void open() {
    if (low < high) return;
    const double margin = low == 0.0 ? 1.0 : 0.05 * std::abs(low);
    low -= margin;
    high += margin;
  }
  /// Of `cells` equal parts the one that holds v.
  std::size_t cell(double v, std::size_t cells) const {
    const double share = (v - low) / (high - low);
    return std::min(cells - 1, static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(cells))));
  }
};

/// A canvas of dots; row 0 is the lowest.
class Dots {
public:
  Dots(std::size_t width, std::size_t height) : width_(width), height_(height), cells_(width * height, 0) {}
  std::size_t columns() const { return 2 * width_; }
  std::size_t rows() const { return 4 * height_; }

  void set(std::size_t column, std::size_t row) {
    // Bits of U+2800 from the top: left column 0, 1, 2, 6, right column 3, 4, 5, 7.
    static constexpr std::uint8_t bit[2][4] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
    cells_[(height_ - 1 - row / 4) * width_ + column / 2] |= bit[column % 2][row % 4];
  }

  std::string line(std::size_t from_top) const {
    std::string out;
    for (std::size_t k = 0; k < width_; ++k) {
      const unsigned dots = cells_[from_top * width_ + k];
      out += {static_cast<char>(0xE2), static_cast<char>(0xA0 | dots >> 6), static_cast<char>(0x80 | (dots & 0x3F))};
    }
    return out;
  }

private:
  std::size_t width_, height_;
  std::vector<std::uint8_t> cells_;
};

/// A number short enough for an axis.
std::string tick(double v, int digits) {
  std::string out = number(v, digits);
  if (out.find('.') != std::string::npos && out.find('e') == std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.')) out.pop_back();
  }
  return out;
}

/// Both axes of the points that are finite; empty when there are none.
std::optional<std::pair<Range, Range>> axes_of(std::span<const double> x, std::span<const double> y) {
  Range rx, ry;
  for (std::size_t k = 0; k < x.size(); ++k)
    if (std::isfinite(x[k]) && std::isfinite(y[k])) rx.take(x[k]), ry.take(y[k]);
  if (rx.empty()) return std::nullopt;
  rx.open(), ry.open();
  return std::pair(rx, ry);
}

std::string framed(const TextPlot& plot, const Dots& dots, const Range& x, const Range& y) {
  int digits = 3; // more where the ends of the axis would look the same
  while (digits < 9 && tick(y.high, digits) == tick(y.low, digits)) ++digits;
  const std::string top = tick(y.high, digits), bottom = tick(y.low, digits);
  const std::size_t margin = std::max(top.size(), bottom.size());
  std::string out = fmt::format("{}\n", plot.title);
  for (std::size_t k = 0; k < plot.height; ++k)
    out += fmt::format("{:>{}} |{}|\n", k == 0 ? top : k + 1 == plot.height ? bottom : "", margin, dots.line(k));
  const std::string from = tick(x.low, 3), to = fmt::format("{} {}", tick(x.high, 3), plot.x_name);
  const std::size_t room = plot.width + 2 > from.size() ? plot.width + 2 - from.size() : 0;
  return out + fmt::format("{:>{}} {}{:>{}}\n", "", margin, from, to, room);
}

} // namespace

std::string plot_run(const TextPlot& plot, std::span<const double> x, std::span<const double> y) {
  const auto axes = axes_of(x, y);
  if (!axes) return {};
  const auto [rx, ry] = *axes;
  Dots dots(plot.width, plot.height);
  std::vector<Range> columns(dots.columns());
  std::size_t last = columns.size();
  double before = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!std::isfinite(x[k]) || !std::isfinite(y[k])) {
      last = columns.size();
      continue;
    }
    const std::size_t column = rx.cell(x[k], columns.size());
    // A line from the row before: a column without a row of its own holds what was last measured.
    if (last < column)
      for (std::size_t c = last + 1; c < column; ++c) columns[c].take(before);
    columns[column].take(y[k]);
    last = column;
    before = y[k];
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].empty()) continue;
    const std::size_t to = ry.cell(columns[c].high, dots.rows());
    for (std::size_t row = ry.cell(columns[c].low, dots.rows()); row <= to; ++row) dots.set(c, row);
  }
  return framed(plot, dots, rx, ry);
}

std::string plot_points(const TextPlot& plot, std::span<const double> x, std::span<const double> y) {
  const auto axes = axes_of(x, y);
  if (!axes) return {};
  const auto [rx, ry] = *axes;
  Dots dots(plot.width, plot.height);
  for (std::size_t k = 0; k < x.size(); ++k)
    if (std::isfinite(x[k]) && std::isfinite(y[k])) dots.set(rx.cell(x[k], dots.columns()), ry.cell(y[k], dots.rows()));
  return framed(plot, dots, rx, ry);
}

} // namespace platen::report
