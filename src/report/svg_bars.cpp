#include "report/svg_bars.hpp"

#include "report/format.hpp"
#include "report/svg_pieces.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace platen::report {
namespace {

constexpr double bar_height = 13.0, row_gap = 9.0, right_edge = 22.0;

class Drawing {
public:
  explicit Drawing(const Bars& bars) : bars_(bars) {
    double low = 0.0, high = 0.0;
    for (const BarRow& row : bars.rows) {
      left_ = std::max(left_, 12.0 + text_width(row.name, text_size));
      for (const Bar& bar : row.bars)
        for (const double v : {bar.value, bar.low, bar.high})
          if (std::isfinite(v)) {
            low = std::min(low, v);
            high = std::max(high, v);
          }
    }
    left_ = std::min(left_, 0.45 * bars.width);
    if (!(high > low)) high = low + 1.0;
    range_ = {low - (low < 0.0 ? 0.04 * (high - low) : 0.0), high + 0.04 * (high - low), Scale::linear};
  }

  std::string render() {
    double y = legend(8.0);
    const double top = y;
    double bottom = top + row_gap;
    for (const BarRow& row : bars_.rows) bottom += lanes(row) * bar_height + row_gap;
    axis(top, bottom);
    y += row_gap;
    for (const BarRow& row : bars_.rows) {
      put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"end\">{}</text>\n", left_ - 7, y + 0.5 * lanes(row) * bar_height + 4.2,
          fill(Ink::ink), escape(row.name));
      y = draw(row, y) + row_gap;
    }
    put("<path d=\"M{:.1f},{:.1f}V{:.1f}\" {} stroke-width=\"0.9\"/>\n", px(0.0), top, bottom, stroke(Ink::ink));
    return svg_element(bars_.width, bottom + 44.0, bars_.title, bars_.standalone, out_);
  }

private:
  template <class... T> void put(fmt::format_string<T...> pattern, T&&... values) {
    fmt::format_to(std::back_inserter(out_), pattern, std::forward<T>(values)...);
  }
  double px(double x) const { return left_ + range_.place(x) * (bars_.width - right_edge - left_); }
  static double lanes(const BarRow& row) {
    return std::max(1.0, static_cast<double>(std::count_if(row.bars.begin(), row.bars.end(), [](const Bar& b) { return !b.mark; })));
  }

  double legend(double top) {
    if (bars_.keys.empty()) return top;
    double x = left_, y = top + 12.0;
    for (const Key& key : bars_.keys) {
      const double width = 26.0 + text_width(key.label, small_size) + 12.0;
      if (x + width > bars_.width && x > left_) {
        x = left_;
        y += 16.0;
      }
      if (key.sign == Key::Sign::broad) put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"16\" height=\"10\" {} fill-opacity=\"0.75\"/>\n", x, y - 9, fill(key.ink));
      else if (key.sign == Key::Sign::interval) whisker(x, x + 16.0, y - 4.0, key.ink);
      else diamond(x + 8.0, y - 4.0, key.ink, "");
      put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} font-size=\"{}\">{}</text>\n", x + 22, y, fill(Ink::ink), small_size, escape(key.label));
      x += width;
    }
    return y + 8.0;
  }

  void axis(double top, double bottom) {
    const double right = bars_.width - right_edge;
    for (const Tick& tick : linear_ticks(range_.low, range_.high, static_cast<int>((right - left_) / 80.0))) {
      if (tick.label.empty()) continue;
      const double x = px(tick.value);
      put("<path d=\"M{0:.1f},{1:.1f}V{2:.1f}\" class=\"grid\" stroke=\"#d4d8dc\" stroke-width=\"0.7\"/>\n", x, top, bottom);
      put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"middle\">{}</text>\n", x, bottom + 16, fill(Ink::ink), escape(tick.label));
    }
    put("<path d=\"M{:.1f},{:.1f}H{:.1f}\" {} stroke-width=\"0.9\"/>\n", left_, bottom, right, stroke(Ink::ink));
    const std::string unit = bars_.x_unit == "1" ? std::string() : typeset_unit(bars_.x_unit);
    const std::string name = unit.empty() ? bars_.x_name : bars_.x_name + " (" + unit + ")";
    // centred below the axis, but never beyond the picture's edge
    const double half = 0.5 * text_width(name, text_size);
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"middle\">{}</text>\n", std::clamp(0.5 * (left_ + right), std::min(half, 0.5 * bars_.width), std::max(bars_.width - half, 0.5 * bars_.width)),
        bottom + 36, fill(Ink::ink), escape(name));
  }

  double draw(const BarRow& row, double y) {
    double lane = y - bar_height;
    for (const Bar& bar : row.bars) {
      if (!bar.mark) lane += bar_height;
      const double middle = std::max(lane, y) + 0.5 * bar_height;
      if (!std::isfinite(bar.value)) {
        put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} font-size=\"{}\">{}</text>\n", px(0.0) + 5, middle + 4, fill(Ink::grey), small_size, "not known");
        continue;
      }
      if (bar.mark) {
        diamond(px(bar.value), middle, bar.ink, bar.tip);
        continue;
      }
      const double from = px(std::min(0.0, bar.value)), to = px(std::max(0.0, bar.value));
      put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {} fill-opacity=\"0.75\"><title>{}</title></rect>\n", from, lane + 1,
          to - from, bar_height - 2, fill(bar.ink), escape(bar.tip));
      if (std::isfinite(bar.low) && std::isfinite(bar.high)) whisker(px(bar.low), px(bar.high), middle, Ink::ink);
    }
    return y + lanes(row) * bar_height;
  }

  void whisker(double from, double to, double y, Ink ink) {
    put("<path d=\"M{:.1f},{:.1f}v7M{:.1f},{:.1f}H{:.1f}m0,-3.5v7\" {} stroke-width=\"1.3\"/>\n", from, y - 3.5, from, y, to, stroke(ink));
  }
  void diamond(double x, double y, Ink ink, std::string_view tip) {
    put("<path d=\"M{:.1f},{:.1f}l4.5,4.5l-4.5,4.5l-4.5,-4.5z\" {}><title>{}</title></path>\n", x, y - 4.5, fill(ink), escape(tip));
  }

  const Bars& bars_;
  Range range_;
  double left_ = 60.0;
  std::string out_;
};

} // namespace

std::string render(const Bars& bars) { return bars.rows.empty() ? std::string() : Drawing(bars).render(); }

} // namespace platen::report
