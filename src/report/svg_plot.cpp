#include "report/svg_plot.hpp"

#include "report/format.hpp"
#include "report/svg_pieces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <set>

namespace platen::report {
namespace {

constexpr double bottom_margin = 46.0;
constexpr double row_height = 16.0;

class Drawing {
public:
  explicit Drawing(const Figure& figure) : figure_(figure), right_(figure.width - right_margin) {}

  std::string render();

private:
  template <class... T> void put(fmt::format_string<T...> pattern, T&&... values) {
    fmt::format_to(std::back_inserter(out_), pattern, std::forward<T>(values)...);
  }
  double px(double x) const { return left_margin + figure_.x.place(x) * (right_ - left_margin); }
  static double py(const Panel& p, double top, double y) { return top + (1.0 - p.y.place(y)) * p.height; }

  void mark_labels();
  void happenings(double y);
  double legend(const Panel& panel, double top);
  void key(const Key& entry, double x, double y);
  void panel(const Panel& panel, double top, std::size_t index);
  void frame_and_ticks(const Panel& panel, double top, bool last);
  void bands(double top, double height);
  void line(const Panel& panel, const Line& line, double top);
  void interval(const Panel& panel, const Interval& bar, double top);
  void zone(const Panel& panel, const Zone& zone, double top);
  void ribbon(const Panel& panel, const Ribbon& ribbon, double top);
  void marker(double x, double y, Shape shape, Ink ink, bool filled, std::string_view tip);
  void level(const Panel& panel, const Level& level, double top);
  void x_axis(double bottom);
  void marks(double top, double bottom);

  const Figure& figure_;
  double right_;
  double top_ = 8.0; ///< where the next thing is drawn
  std::string out_;
};

std::string Drawing::render() {
  if (!figure_.marks.empty()) mark_labels();
  if (!figure_.happenings.empty()) {
    happenings(top_);
    top_ += 9.0;
  }
  std::vector<double> tops;
  for (std::size_t k = 0; k < figure_.panels.size(); ++k) {
    const Panel& p = figure_.panels[k];
    top_ += legend(p, top_);
    panel(p, top_, k);
    tops.push_back(top_);
    top_ += p.height + (k + 1 < figure_.panels.size() ? 14.0 : 0.0);
  }
  if (!tops.empty()) marks(tops.front(), top_); // from the frame: a line through the legend would strike it out
  x_axis(top_);
  return svg_element(figure_.width, top_ + bottom_margin, figure_.title, figure_.standalone, out_);
}

void Drawing::mark_labels() {
  struct Placed {
    double from, to;
  };
  std::vector<std::vector<Placed>> rows;
  for (const Mark& mark : figure_.marks) {
    const double x = px(mark.x);
    if (mark.label.empty() || !(x >= left_margin && x <= right_)) continue;
    constexpr double bold = 1.12; // as wide as plain letters
    const double width = bold * text_width(mark.label, text_size);
    const bool to_left = x + 4 + width > figure_.width - 4;
    const Placed place{to_left ? x - 4 - width : x + 4, to_left ? x - 4 : x + 4 + width};
    const auto free = [&](const std::vector<Placed>& row) {
      return std::none_of(row.begin(), row.end(),
                          [&](const Placed& p) { return place.from < p.to + 8 && place.to > p.from - 8; });
    };
    const auto row = std::find_if(rows.begin(), rows.end(), free);
    const auto index = static_cast<std::size_t>(row - rows.begin());
    if (row == rows.end()) {
      if (rows.size() == 3) continue; // the line itself is still drawn
      rows.emplace_back();
    }
    rows[index].push_back(place);
    const double y = top_ + 11 + row_height * static_cast<double>(index);
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"{}\" font-weight=\"600\">{}</text>\n", to_left ? x - 4 : x + 4, y,
        fill(mark.ink), to_left ? "end" : "start", escape(mark.label));
  }
  top_ += row_height * static_cast<double>(rows.size()) + (rows.empty() ? 0.0 : 4.0);
}

void Drawing::happenings(double y) {
  std::set<long> drawn; // one tick per pixel is enough
  for (const Happening& h : figure_.happenings) {
    const double x = px(h.x);
    if (!(x >= left_margin && x <= right_) || !drawn.insert(std::lround(x)).second) continue;
    put("<path d=\"M{:.1f},{:.1f}v6\" {} stroke-width=\"1.2\"><title>{}</title></path>\n", x, y, stroke(Ink::grey),
        escape(h.tip));
  }
}

double Drawing::legend(const Panel& panel, double top) {
  std::vector<Key> entries;
  for (const Line& l : panel.lines)
    if (!l.label.empty())
      entries.push_back({l.label, l.ink, l.dashed ? Key::Sign::dashed : Key::Sign::line, Shape::circle, true});
  entries.insert(entries.end(), panel.keys.begin(), panel.keys.end());
  for (const Level& l : panel.levels)
    if (!l.label.empty()) entries.push_back({l.label, l.ink, Key::Sign::dotted, Shape::circle, true});
  if (entries.empty() && panel.note.empty()) return 0.0;
  double x = left_margin, y = top + 12;
  for (const Key& entry : entries) {
    const double width = 30 + 0.93 * text_width(entry.label, small_size) + 14; // regular type is narrower than bold
    if (x + width > right_ + 16 && x > left_margin) {
      x = left_margin;
      y += row_height;
    }
    key(entry, x, y - 4);
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} font-size=\"{}\">{}</text>\n", x + (entry.sign == Key::Sign::none ? 0.0 : 28.0), y, fill(Ink::ink), small_size,
        escape(entry.label));
    x += width;
  }
  if (!panel.note.empty()) {
    if (x + text_width(panel.note, small_size) > right_) y += row_height;
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} font-size=\"{}\" text-anchor=\"end\">{}</text>\n", right_, y, fill(Ink::grey),
        small_size, escape(panel.note));
  }
  return y - top + 7;
}

void Drawing::key(const Key& entry, double x, double y) {
  switch (entry.sign) {
    case Key::Sign::none: return;
    case Key::Sign::line:
    case Key::Sign::dashed:
    case Key::Sign::dotted:
      put("<path d=\"M{:.1f},{:.1f}h22\" {} stroke-width=\"2\"{}/>\n", x, y, stroke(entry.ink),
          entry.sign == Key::Sign::dashed   ? " stroke-dasharray=\"5 3.5\""
          : entry.sign == Key::Sign::dotted ? " stroke-dasharray=\"2 4\""
                                            : "");
      return;
    case Key::Sign::marker: marker(x + 11, y, entry.shape, entry.ink, entry.filled, ""); return;
    case Key::Sign::interval:
      put("<path d=\"M{0:.1f},{1:.1f}h8m-4,0v12m-4,0h8\" {2} stroke-width=\"2\"/>\n", x + 7, y - 6, stroke(entry.ink));
      return;
    case Key::Sign::broad:
      put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"14\" height=\"12\" {} fill-opacity=\"0.35\"/>\n", x + 4, y - 6,
          fill(entry.ink));
      return;
  }
}

void Drawing::panel(const Panel& panel, double top, std::size_t index) {
  const bool last = index + 1 == figure_.panels.size();
  const std::string clip = fmt::format("{}-{}", figure_.id, index);
  bands(top, panel.height);
  frame_and_ticks(panel, top, last);
  put("<clipPath id=\"{}\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/></clipPath>\n", clip,
      left_margin, top, right_ - left_margin, panel.height);
  put("<g clip-path=\"url(#{})\">\n", clip);
  for (const Zone& z : panel.zones) zone(panel, z, top);
  for (const Ribbon& r : panel.ribbons) ribbon(panel, r, top);
  for (const Interval& bar : panel.intervals)
    if (bar.broad) interval(panel, bar, top);
  for (const Level& l : panel.levels) level(panel, l, top);
  for (const Line& l : panel.lines) line(panel, l, top);
  for (const Interval& bar : panel.intervals)
    if (!bar.broad) interval(panel, bar, top);
  for (const Marker& m : panel.markers) {
    const double x = px(m.x), y = py(panel, top, m.y);
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    marker(x, y, m.shape, m.ink, m.filled, m.tip);
    if (m.label.empty()) continue;
    const bool turned = x + 9 + text_width(m.label, small_size) > right_; // else the frame would cut it off
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} font-size=\"{}\" text-anchor=\"{}\">{}</text>\n", turned ? x - 7 : x + 7,
        m.label_below ? y + 15 : y - 6, fill(Ink::ink), small_size, turned ? "end" : "start", escape(m.label));
  }
  put("</g>\n");
}

void Drawing::bands(double top, double height) {
  std::string d;
  for (const Band& band : figure_.bands) {
    const double from = std::max(left_margin, px(band.from)), to = std::min(right_, px(band.to));
    if (to > from) fmt::format_to(std::back_inserter(d), "M{:.1f},{:.1f}h{:.1f}v{:.1f}h{:.1f}z", from, top, to - from, height, from - to);
  }
  if (!d.empty()) put("<path d=\"{}\" class=\"band\" fill=\"#eceff2\"/>\n", d);
}

void Drawing::frame_and_ticks(const Panel& panel, double top, bool last) {
  std::string grid, ticks;
  const auto y_ticks = panel.y.scale == Scale::log
                           ? log_ticks(panel.y.low, panel.y.high)
                           : linear_ticks(panel.y.low, panel.y.high, std::max(2, static_cast<int>(panel.height / 30.0)));
  for (const Tick& tick : y_ticks) {
    const double y = py(panel, top, tick.value);
    fmt::format_to(std::back_inserter(ticks), "M{:.1f},{:.1f}h{}", left_margin, y, tick.label.empty() ? 3 : 5);
    if (tick.label.empty()) continue;
    fmt::format_to(std::back_inserter(grid), "M{:.1f},{:.1f}H{:.1f}", left_margin, y, right_);
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"end\">{}</text>\n", left_margin - 7, y + 4.2, fill(Ink::ink),
        escape(tick.label));
  }
  for (const Tick& tick : figure_.x_ticks) {
    const double x = px(tick.value);
    if (!(x >= left_margin - 0.5 && x <= right_ + 0.5)) continue;
    fmt::format_to(std::back_inserter(ticks), "M{:.1f},{:.1f}v{}", x, top + panel.height, tick.label.empty() ? -3 : -5);
    if (!last && !tick.label.empty())
      fmt::format_to(std::back_inserter(ticks), "M{:.1f},{:.1f}v5", x, top);
  }
  put("<path d=\"{}\" class=\"grid\" stroke=\"#d4d8dc\" stroke-width=\"0.7\"/>\n", grid);
  put("<path d=\"{}M{:.1f},{:.1f}H{:.1f}V{:.1f}H{:.1f}z\" {} stroke-width=\"0.9\" stroke-linejoin=\"miter\"/>\n", ticks,
      left_margin, top, right_, top + panel.height, left_margin, stroke(Ink::ink));
  const double middle = top + 0.5 * panel.height;
  const std::string unit = panel.unit.empty() || panel.unit == "1" ? std::string() : typeset_unit(panel.unit);
  const auto rotated = [&](double x, std::string_view text, Ink ink) {
    put("<text transform=\"translate({:.1f},{:.1f}) rotate(-90)\" {} text-anchor=\"middle\">{}</text>\n", x, middle,
        fill(ink), escape(text));
  };
  rotated(unit.empty() ? 24 : 15, panel.name, Ink::ink);
  if (!unit.empty()) rotated(31, "(" + unit + ")", Ink::ink);
}

void Drawing::line(const Panel& panel, const Line& l, double top) {
  if (figure_.x.scale != Scale::linear || panel.y.scale != Scale::linear) {
    std::string d; // few points: no thinning on a log scale
    for (std::size_t k = 0; k < std::min(l.x.size(), l.y.size()); ++k) {
      const double x = px(l.x_shown(l.x[k])), y = py(panel, top, l.y_shown(l.y[k]));
      if (std::isfinite(x) && std::isfinite(y)) fmt::format_to(std::back_inserter(d), "{}{:.1f},{:.1f}", d.empty() ? 'M' : 'L', x, y);
    }
    if (!d.empty())
      put("<path d=\"{}\" {} stroke-width=\"{}\"{}/>\n", d, stroke(l.ink), l.width, l.dashed ? " stroke-dasharray=\"5 3.5\"" : "");
    return;
  }
  const double x_scale = (right_ - left_margin) / (figure_.x.high - figure_.x.low);
  const double y_scale = -panel.height / (panel.y.high - panel.y.low);
  const ToPixel to_x{left_margin + (l.x_shown.offset - figure_.x.low) * x_scale, l.x_shown.factor * x_scale};
  const ToPixel to_y{top + panel.height + (l.y_shown.offset - panel.y.low) * y_scale, l.y_shown.factor * y_scale};
  auto strokes = thin(l.x, l.y, to_x, to_y, left_margin, right_);
  for (auto& s : strokes) s = simplify(s, 0.08); // below what a printer resolves
  const std::string d = path_data(strokes);
  if (!d.empty())
    put("<path d=\"{}\" {} stroke-width=\"{}\"{}/>\n", d, stroke(l.ink), l.width,
        l.dashed ? " stroke-dasharray=\"5 3.5\"" : "");
}

void Drawing::interval(const Panel& panel, const Interval& bar, double top) {
  const double x = px(bar.x), low = py(panel, top, bar.low), high = py(panel, top, bar.high);
  if (!std::isfinite(x) || !std::isfinite(low) || !std::isfinite(high)) return;
  if (bar.broad) {
    put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"22\" height=\"{:.1f}\" {} fill-opacity=\"0.35\"><title>{}</title></rect>\n",
        x - 11, high, std::max(1.0, low - high), fill(bar.ink), escape(bar.tip));
    return;
  }
  const std::string_view upper = bar.open_top ? "m-5,7l5,-7l5,7m-5,-7" : "m-5,0h10m-5,0";
  const std::string_view lower = bar.open_bottom ? "m-5,-7l5,7l5,-7" : "m-5,0h10";
  put("<path d=\"M{:.1f},{:.1f}{}V{:.1f}{}\" {} stroke-width=\"2\"><title>{}</title></path>\n", x, high, upper, low, lower,
      stroke(bar.ink), escape(bar.tip));
}

void Drawing::zone(const Panel& panel, const Zone& z, double top) {
  const double from = std::max(left_margin, px(z.from)), to = std::min(right_, px(z.to));
  const double low = py(panel, top, z.low), high = py(panel, top, z.high);
  if (!std::isfinite(low) || !std::isfinite(high) || !(to > from)) return;
  const double height = std::max(8.0, low - high); // a single value shows beside its curve
  put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {} fill-opacity=\"{}\"><title>{}</title></rect>\n", from,
      0.5 * (low + high - height), to - from, height, fill(z.ink), z.strong ? 0.8 : 0.28, escape(z.tip));
}

void Drawing::ribbon(const Panel& panel, const Ribbon& r, double top) {
  std::string there, back;
  const std::size_t n = std::min({r.x.size(), r.low.size(), r.high.size()});
  for (std::size_t k = 0; k < n; ++k) {
    const double x = px(r.x[k]), low = py(panel, top, r.low[k]), high = py(panel, top, r.high[k]);
    if (!std::isfinite(x) || !std::isfinite(low) || !std::isfinite(high)) continue;
    fmt::format_to(std::back_inserter(there), "{}{:.1f},{:.1f}", there.empty() ? 'M' : 'L', x, high);
    back.insert(0, fmt::format("L{:.1f},{:.1f}", x, low));
  }
  if (!there.empty()) put("<path d=\"{}{}z\" {} fill-opacity=\"0.28\"/>\n", there, back, fill(r.ink));
}

void Drawing::marker(double x, double y, Shape shape, Ink ink, bool filled, std::string_view tip) {
  std::string d;
  switch (shape) {
    case Shape::circle: d = fmt::format("M{:.1f},{:.1f}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z", x - 4, y); break;
    case Shape::square: d = fmt::format("M{:.1f},{:.1f}h7.2v7.2h-7.2z", x - 3.6, y - 3.6); break;
    case Shape::triangle: d = fmt::format("M{:.1f},{:.1f}l4.6,8h-9.2z", x, y - 4.8); break;
    case Shape::diamond: d = fmt::format("M{:.1f},{:.1f}l5,5l-5,5l-5,-5z", x, y - 5); break;
    case Shape::cross: d = fmt::format("M{:.1f},{:.1f}l8,8m0,-8l-8,8", x - 4, y - 4); break;
  }
  const bool solid = filled && shape != Shape::cross;
  // a hollow marker is filled with the paper, so that a curve does not run through it
  const std::string look = solid ? fill(ink)
                                 : fmt::format("class=\"s{} paper\" stroke=\"{}\" fill=\"{}\" stroke-width=\"{}\"", static_cast<int>(ink),
                                               hex(ink), shape == Shape::cross ? "none" : "#ffffff",
                                               shape == Shape::cross ? 2.2 : 1.6);
  if (tip.empty()) put("<path d=\"{}\" {}/>\n", d, look);
  else put("<path d=\"{}\" {}><title>{}</title></path>\n", d, look, escape(tip));
}

void Drawing::level(const Panel& panel, const Level& l, double top) {
  const double y = py(panel, top, l.y);
  if (!(y >= top && y <= top + panel.height)) return;
  put("<path d=\"M{:.1f},{:.1f}H{:.1f}\" {} stroke-width=\"1.4\" stroke-dasharray=\"2 4\"/>\n", left_margin, y, right_,
      stroke(l.ink));
}

void Drawing::x_axis(double bottom) {
  double written = -figure_.width; // right end of the last label
  for (const Tick& tick : figure_.x_ticks) {
    const double x = px(tick.value);
    if (tick.label.empty() || !(x >= left_margin - 0.5 && x <= right_ + 0.5)) continue;
    // a centred label at the right edge would be cut off
    const double half = 0.6 * text_width(tick.label, text_size); // a little more: digits are wide
    const double centre = std::min(x, figure_.width - half - 1);
    if (centre - half < written) continue; // its tick stands without it
    written = centre + half;
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"middle\">{}</text>\n", centre, bottom + 16, fill(Ink::ink), escape(tick.label));
  }
  const std::string unit = typeset_unit(figure_.x_unit);
  put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"middle\">{}</text>\n", 0.5 * (left_margin + right_), bottom + 36,
      fill(Ink::ink), escape(unit.empty() ? figure_.x_name : figure_.x_name + " (" + unit + ")"));
}

void Drawing::marks(double top, double bottom) {
  for (const Mark& mark : figure_.marks) {
    const double x = px(mark.x);
    if (!(x >= left_margin - 0.5 && x <= right_ + 0.5)) continue;
    put("<path d=\"M{:.1f},{:.1f}V{:.1f}\" {} stroke-width=\"1.4\" stroke-dasharray=\"6 3\"><title>{}</title></path>\n", x,
        top - 4, bottom, stroke(mark.ink), escape(mark.label));
  }
}

} // namespace

std::string_view hex(Ink ink) {
  switch (ink) {
    case Ink::ink: return "#1c2126";
    case Ink::blue: return "#0072B2";
    case Ink::vermillion: return "#D55E00";
    case Ink::green: return "#009E73";
    case Ink::orange: return "#E69F00";
    case Ink::sky: return "#56B4E9";
    case Ink::purple: return "#CC79A7";
    case Ink::grey: return "#6b7278";
  }
  return "#000000";
}

std::string render(const Figure& figure) { return Drawing(figure).render(); }

} // namespace platen::report
