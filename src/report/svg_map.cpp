#include "report/svg_map.hpp"

#include "report/format.hpp"
#include "report/svg_pieces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <optional>

namespace platen::report {
namespace {

constexpr double top_margin = 30.0, scale_width = 16.0;

struct Colour {
  double red, green, blue;
};
/// From pale to deep: lightness falls evenly, so that the order survives print in grey and every common colour blindness.
constexpr std::array<Colour, 5> shades{{{255, 246, 205}, {176, 219, 201}, {86, 170, 206}, {24, 104, 172}, {12, 44, 97}}};

std::string shade(double t) {
  const double place = std::clamp(t, 0.0, 1.0) * (shades.size() - 1);
  const std::size_t k = std::min(static_cast<std::size_t>(place), shades.size() - 2);
  const double w = place - static_cast<double>(k);
  const auto mixed = [&](double a, double b) { return static_cast<int>(std::lround(a + w * (b - a))); };
  const Colour &a = shades[k], &b = shades[k + 1];
  return fmt::format("#{:02x}{:02x}{:02x}", mixed(a.red, b.red), mixed(a.green, b.green), mixed(a.blue, b.blue));
}
/// What can be read on a shade; cells keep their colours in the dark, so the text on them does too.
std::string_view on_shade(double t) { return t > 0.55 ? "#ffffff" : "#1c2126"; }

class Drawing {
public:
  explicit Drawing(const Map& map) : map_(map) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const bool known = std::any_of(map.cells.begin(), map.cells.end(), [](const MapCell& c) { return c.kind == MapCell::Kind::value && std::isfinite(c.value); });
    for (const MapCell& c : map.cells)
      if (std::isfinite(c.value) && (c.kind == MapCell::Kind::value || !known)) { // a bound may lie far above what is known
        low = std::min(low, c.value);
        high = std::max(high, c.value);
      }
    if (!(low <= high)) return;
    drawn_ = true;
    if (!(high > low)) high = low + std::max(1e-12, 0.1 * std::abs(low));
    range_ = {low, high, Scale::linear};
    for (const Tick& t : map.y_ticks) left_ = std::max(left_, 48.0 + text_width(t.label, text_size));
    right_ = map.width - 104.0;
  }

  std::string render() {
    if (!drawn_) return "";
    for (const std::string_view ink : {"#1c2126", "#ffffff", "#808890"}) // on pale cells, on deep ones, in the legend
      put("<defs><pattern id=\"{}-{}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
          "<path d=\"M0,0V8\" stroke=\"{}\" stroke-width=\"1.4\" stroke-opacity=\"0.6\"/></pattern></defs>\n", map_.id, ink.substr(1), ink);
    legend();
    put("<g shape-rendering=\"crispEdges\">\n"); // no seams between neighbours
    for (std::size_t r = 0; r < map_.rows; ++r)
      for (std::size_t c = 0; c < map_.columns; ++c) patch(c, r);
    put("</g>\n");
    for (std::size_t r = 0; r < map_.rows; ++r)
      for (std::size_t c = 0; c < map_.columns; ++c) writing(c, r);
    if (map_.contours)
      for (const Tick& t : linear_ticks(range_.low, range_.high, 7))
        if (!t.label.empty()) contour(t);
    for (const MapPoint& p : map_.points)
      put("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"1.6\" fill=\"#1c2126\" fill-opacity=\"0.55\"/>\n", px(p.x), py(p.y));
    put("<path d=\"M{0:.1f},{1:.1f}H{2:.1f}V{3:.1f}H{0:.1f}z\" {4} stroke-width=\"0.9\"/>\n", left_, top_margin, right_, bottom(), stroke(Ink::ink));
    axes();
    colour_scale();
    return svg_element(map_.width, bottom() + 46.0, map_.title, map_.standalone, out_);
  }

private:
  template <class... T> void put(fmt::format_string<T...> pattern, T&&... values) {
    fmt::format_to(std::back_inserter(out_), pattern, std::forward<T>(values)...);
  }
  double bottom() const { return top_margin + map_.height; }
  double px(double x) const { return left_ + x / static_cast<double>(map_.columns) * (right_ - left_); }
  double py(double y) const { return bottom() - y / static_cast<double>(map_.rows) * map_.height; }
  const MapCell& at(std::size_t column, std::size_t row) const { return map_.cells[row * map_.columns + column]; }

  void legend() {
    double x = left_;
    const auto entry = [&](MapCell::Kind kind, std::string_view says) {
      if (std::none_of(map_.cells.begin(), map_.cells.end(), [&](const MapCell& c) { return c.kind == kind; })) return;
      put("<rect x=\"{:.1f}\" y=\"9\" width=\"18\" height=\"12\" fill=\"{}\" {} stroke-width=\"0.6\"/>\n", x,
          kind == MapCell::Kind::bound ? fmt::format("url(#{}-808890)", map_.id) : "none", stroke(Ink::grey));
      if (kind == MapCell::Kind::failed) put("<path d=\"M{:.1f},9l18,12m0,-12l-18,12\" {} stroke-width=\"1\"/>\n", x, stroke(Ink::vermillion));
      put("<text x=\"{:.1f}\" y=\"19\" {} font-size=\"{}\">{}</text>\n", x + 23, fill(Ink::ink), small_size, escape(says));
      x += 23 + text_width(says, small_size) + 16;
    };
    entry(MapCell::Kind::bound, "more than that: no short seen");
    entry(MapCell::Kind::failed, "run failed");
    entry(MapCell::Kind::nothing, "not calculated");
  }

  struct Box {
    double x, y, width, height;
  };
  Box box(std::size_t column, std::size_t row) const {
    const double x = px(static_cast<double>(column)), y = py(static_cast<double>(row + 1));
    return {x, y, px(static_cast<double>(column + 1)) - x, py(static_cast<double>(row)) - y};
  }

  void patch(std::size_t column, std::size_t row) {
    const MapCell& c = at(column, row);
    if (!std::isfinite(c.value)) return;
    const Box b = box(column, row);
    put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"", b.x, b.y, b.width + 0.1, b.height + 0.1, shade(range_.place(c.value)));
    if (c.tip.empty()) put("/>\n");
    else put("><title>{}</title></rect>\n", escape(c.tip));
  }

  /// What lies on a cell: the cross of a failed run, the hatch of a bound, the number.
  void writing(std::size_t column, std::size_t row) {
    const MapCell& c = at(column, row);
    const Box b = box(column, row);
    if (c.kind == MapCell::Kind::failed)
      put("<path d=\"M{0:.1f},{1:.1f}l{2:.1f},{3:.1f}m0,-{3:.1f}l-{2:.1f},{3:.1f}\" {4} stroke-width=\"1\"><title>{5}</title></path>\n", b.x, b.y, b.width, b.height,
          stroke(Ink::vermillion), escape(c.tip));
    if (c.kind == MapCell::Kind::bound && !std::isfinite(c.value)) open_end(c, b);
    if (!std::isfinite(c.value)) return;
    const double t = range_.place(c.value), x = b.x + 0.5 * b.width, y = b.y + 0.5 * b.height;
    if (c.kind == MapCell::Kind::bound)
      put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"url(#{}-{})\"/>\n", b.x, b.y, b.width, b.height, map_.id, on_shade(t).substr(1));
    if (c.text.empty() || text_width(c.text, text_size) > b.width - 4 || b.height < 15) return;
    if (c.kind == MapCell::Kind::bound) backed(x, y, 0.5 * text_width(c.text, text_size), t);
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"{}\" text-anchor=\"middle\">{}</text>\n", x, y + 4.3, on_shade(t), escape(c.text));
  }

  /// A bound that nobody said where it is: hatched paper with its words.
  void open_end(const MapCell& c, const Box& b) {
    put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"url(#{}-808890)\"><title>{}</title></rect>\n", b.x, b.y, b.width, b.height, map_.id,
        escape(c.tip));
    if (text_width(c.text, small_size) <= b.width - 4 && b.height >= 15)
      put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} font-size=\"{}\" text-anchor=\"middle\">{}</text>\n", b.x + 0.5 * b.width, b.y + 0.5 * b.height + 4.3, fill(Ink::ink),
          small_size, escape(c.text));
  }

  /// A patch of a shade under a text.
  void backed(double x, double y, double half, double t) {
    put("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"15\" fill=\"{}\"/>\n", x - half, y - 7.5, 2.0 * half, shade(t));
  }

  /// Where a level crosses between two cells' middles; nothing when it does not or a value is missing.
  std::optional<MapPoint> crossing(std::size_t c0, std::size_t r0, std::size_t c1, std::size_t r1, double level) const {
    const double a = at(c0, r0).value, b = at(c1, r1).value;
    if (!std::isfinite(a) || !std::isfinite(b) || (a < level) == (b < level)) return std::nullopt;
    const double w = (level - a) / (b - a);
    return MapPoint{static_cast<double>(c0) + 0.5 + w * (static_cast<double>(c1) - static_cast<double>(c0)),
                    static_cast<double>(r0) + 0.5 + w * (static_cast<double>(r1) - static_cast<double>(r0))};
  }

  /// Marching squares. A saddle's four crossings are joined in turn, which may pick the other way round it: half a cell.
  void contour(const Tick& level) {
    std::string d;
    std::vector<MapPoint> middles;
    for (std::size_t r = 0; r + 1 < map_.rows; ++r)
      for (std::size_t c = 0; c + 1 < map_.columns; ++c) {
        std::vector<MapPoint> on;
        for (const auto& p : {crossing(c, r, c + 1, r, level.value), crossing(c + 1, r, c + 1, r + 1, level.value),
                              crossing(c, r + 1, c + 1, r + 1, level.value), crossing(c, r, c, r + 1, level.value)})
          if (p) on.push_back(*p);
        for (std::size_t k = 0; k + 1 < on.size(); k += 2) {
          fmt::format_to(std::back_inserter(d), "M{:.1f},{:.1f}L{:.1f},{:.1f}", px(on[k].x), py(on[k].y), px(on[k + 1].x), py(on[k + 1].y));
          middles.push_back({0.5 * (on[k].x + on[k + 1].x), 0.5 * (on[k].y + on[k + 1].y)});
        }
      }
    if (d.empty()) return;
    const std::string_view ink = on_shade(range_.place(level.value));
    put("<path d=\"{}\" stroke=\"{}\" stroke-width=\"1.1\"/>\n", d, ink);
    label_contour(level, middles, ink);
  }

  /// The label goes where the line is farthest from the frame and no other label stands.
  void label_contour(const Tick& level, const std::vector<MapPoint>& middles, std::string_view ink) {
    const double half = 0.5 * text_width(level.label, small_size) + 4.0;
    double best = 0.0;
    MapPoint place;
    for (const MapPoint& m : middles) {
      const double x = px(m.x), y = py(m.y);
      double room = std::min({x - left_ - half, right_ - x - half, y - top_margin - 9.0, bottom() - y - 9.0});
      for (const MapPoint& other : labels_)
        room = std::min(room, std::max(std::abs(x - other.x) - 2.0 * half, std::abs(y - other.y) - 16.0));
      if (room > best) {
        best = room;
        place = {x, y};
      }
    }
    if (best <= 0.0) return;
    labels_.push_back(place);
    backed(place.x, place.y, half - 2.0, range_.place(level.value));
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"{}\" font-size=\"{}\" text-anchor=\"middle\">{}</text>\n", place.x, place.y + 4, ink, small_size,
        escape(level.label));
  }

  void axes() {
    double last = -1e9;
    for (const Tick& t : map_.x_ticks) {
      const double x = px(t.value), half = 0.5 * text_width(t.label, text_size);
      put("<path d=\"M{:.1f},{:.1f}v{}\" {} stroke-width=\"0.9\"/>\n", x, bottom(), t.label.empty() ? 3 : 5, stroke(Ink::ink));
      if (t.label.empty() || x - half < last + 5) continue; // labels that would touch are left out
      put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"middle\">{}</text>\n", x, bottom() + 18, fill(Ink::ink), escape(t.label));
      last = x + half;
    }
    last = 1e9;
    for (const Tick& t : map_.y_ticks) {
      const double y = py(t.value);
      put("<path d=\"M{:.1f},{:.1f}h-{}\" {} stroke-width=\"0.9\"/>\n", left_, y, t.label.empty() ? 3 : 5, stroke(Ink::ink));
      if (t.label.empty() || y > last - 13) continue;
      put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"end\">{}</text>\n", left_ - 8, y + 4.2, fill(Ink::ink), escape(t.label));
      last = y;
    }
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" {} text-anchor=\"middle\">{}</text>\n", 0.5 * (left_ + right_), bottom() + 38, fill(Ink::ink),
        escape(named(map_.x_name, map_.x_unit)));
    put("<text transform=\"translate(17,{:.1f}) rotate(-90)\" {} text-anchor=\"middle\">{}</text>\n", top_margin + 0.5 * map_.height, fill(Ink::ink),
        escape(named(map_.y_name, map_.y_unit)));
  }

  void colour_scale() {
    const double x = right_ + 18.0;
    put("<defs><linearGradient id=\"{}-scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">", map_.id);
    for (std::size_t k = 0; k < shades.size(); ++k) {
      const double t = static_cast<double>(k) / (shades.size() - 1);
      put("<stop offset=\"{}\" stop-color=\"{}\"/>", t, shade(t));
    }
    put("</linearGradient></defs>\n<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" fill=\"url(#{}-scale)\"/>\n", x, top_margin, scale_width,
        map_.height, map_.id);
    for (const Tick& t : linear_ticks(range_.low, range_.high, 8)) {
      if (t.label.empty()) continue;
      const double y = bottom() - range_.place(t.value) * map_.height;
      put("<path d=\"M{:.1f},{:.1f}h4\" {} stroke-width=\"0.9\"/>\n<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x + scale_width, y, stroke(Ink::ink),
          x + scale_width + 7, y + 4.2, fill(Ink::ink), escape(t.label));
    }
    put("<text x=\"{:.1f}\" y=\"20\" {} text-anchor=\"end\">{}</text>\n", map_.width - 4, fill(Ink::ink), escape(named(map_.name, map_.unit)));
  }

  static std::string named(const std::string& name, const std::string& unit) {
    return unit.empty() || unit == "1" ? name : name + " (" + typeset_unit(unit) + ")";
  }

  const Map& map_;
  bool drawn_ = false;
  Range range_;
  double left_ = 60.0, right_ = 0.0;
  std::vector<MapPoint> labels_; ///< of contours, px
  std::string out_;
};

} // namespace

std::string render(const Map& map) { return Drawing(map).render(); }

} // namespace platen::report
