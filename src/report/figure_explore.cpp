#include "report/explore.hpp"
#include "report/format.hpp"
#include "report/svg_bars.hpp"
#include "report/svg_pieces.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

using campaign::Findings;

constexpr std::array inks{Ink::blue, Ink::vermillion, Ink::green, Ink::orange, Ink::purple, Ink::sky, Ink::ink};

std::string with_unit(double value, const std::string& unit) { return unit.empty() || unit == "1" ? number(value) : number(value) + " " + typeset_unit(unit); }
std::string bounded(const numerics::Bounded& b) { return fmt::format("{} (95 %: {} to {})", number(b.value), number(b.low), number(b.high)); }

/// A range over everything that was shown of a panel.
class Span {
public:
  void add(double v) {
    if (!std::isfinite(v)) return;
    low_ = std::min(low_, v);
    high_ = std::max(high_, v);
  }
  bool empty() const { return !(low_ <= high_); }
  /// With some air; down to zero where the values come near it.
  Range range() const {
    const double from = low_ >= 0.0 && low_ < 0.5 * high_ ? 0.0 : low_;
    return from == 0.0 ? Range{0.0, 1.08 * std::max(high_, 1e-12), Scale::linear} : padded(low_, high_, 0.05 * std::abs(high_));
  }

private:
  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
};

bool log_axis(const campaign::ExploredAxis& axis) {
  const auto levels = campaign::levels(axis);
  return axis.log || (levels.size() > 2 && levels.front() > 0.0 && levels.back() / levels.front() > 50.0);
}

/// The x axis of a figure over an axis of numbers.
void over(Figure& figure, const campaign::ExploredAxis& axis) {
  const auto levels = campaign::levels(axis);
  figure.x_name = axis.name;
  figure.x_unit = axis.unit;
  if (log_axis(axis)) {
    figure.x = {levels.front() / 1.15, levels.back() * 1.15, Scale::log};
    figure.x_ticks = log_ticks(figure.x.low, figure.x.high);
  } else {
    figure.x = padded(levels.front(), levels.back(), 1e-12);
    figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 9);
  }
}

std::string spot_tip(const campaign::Curve& curve, std::size_t k, const Findings& f) {
  const campaign::Spot& s = curve.spots[k];
  std::string out = fmt::format("{}: {}{}", number(curve.x[k]), s.beyond ? "more than " : "", with_unit(s.middle, f.explored.result.unit));
  if (s.tally.runs > 1) out += fmt::format(", {} to {} in {} runs", number(s.low), number(s.high), s.tally.runs - s.tally.missing);
  if (s.tally.missing > 0) out += fmt::format(", {} without a result", s.tally.missing);
  return out;
}

/// What frames the panel: known values. Bounds may lie far above, where a ramp went on without a short.
Range frame_of(const std::vector<campaign::Curve>& curves) {
  Span known, all;
  for (const campaign::Curve& curve : curves)
    for (const campaign::Spot& s : curve.spots)
      for (const double v : {s.low, s.middle, s.high}) {
        all.add(v);
        if (s.tally.beyond + s.tally.open == 0) known.add(v);
      }
  return known.empty() ? all.range() : known.range();
}

/// Medians that are bounds, at the upper edge where they lie beyond it.
void draw_bounds(Panel& panel, const campaign::Curve& curve, const Findings& f, Ink ink) {
  for (std::size_t k = 0; k < curve.x.size(); ++k)
    if (curve.spots[k].beyond)
      panel.markers.push_back({curve.x[k], std::fmin(curve.spots[k].middle, panel.y.low + 0.96 * (panel.y.high - panel.y.low)), Shape::triangle, ink, false, spot_tip(curve, k, f)});
}

void draw_curve(Panel& panel, const campaign::Curve& curve, const Findings& f, Ink ink) {
  Ribbon ribbon;
  ribbon.ink = ink;
  bool scatter = false;
  for (std::size_t k = 0; k < curve.x.size(); ++k) {
    const campaign::Spot& s = curve.spots[k];
    if (!std::isfinite(s.low)) continue;
    ribbon.x.push_back(curve.x[k]);
    ribbon.low.push_back(s.low);
    ribbon.high.push_back(s.high);
    scatter = scatter || s.high > s.low;
    if (!s.beyond) panel.markers.push_back({curve.x[k], s.middle, Shape::circle, ink, true, spot_tip(curve, k, f)});
  }
  if (scatter) panel.ribbons.push_back(std::move(ribbon));
}

/// Takes away labels of markers that would lie on another label or marker, the first ones first; a label may also go below.
void keep_free_labels(const Figure& figure, Panel& panel) {
  struct Box {
    double left, right, top, bottom;
    bool meets(const Box& b) const { return left < b.right && b.left < right && top < b.bottom && b.top < bottom; }
  };
  const double across = figure.width - left_margin - right_margin;
  std::vector<Box> taken;
  const auto place = [&](const Marker& m) { return std::pair{figure.x.place(m.x) * across, (1.0 - panel.y.place(m.y)) * panel.height}; };
  for (const Marker& m : panel.markers) {
    const auto [x, y] = place(m);
    taken.push_back({x - 5, x + 5, y - 5, y + 5});
  }
  for (Marker& m : panel.markers) {
    const auto [x, y] = place(m);
    const double width = text_width(m.label, small_size);
    const bool turned = x + 9 + width > across; // as the drawing does it
    const double left = turned ? x - 7 - width : x + 7;
    const auto try_at = [&](double base) {
      const Box box{left, left + width, base - 10, base + 3};
      const bool inside = box.left > 0.0 && box.top > 0.0 && box.bottom < panel.height;
      const bool free = inside && std::none_of(taken.begin(), taken.end(), [&](const Box& b) { return b.meets(box); });
      if (free) taken.push_back(box);
      return free;
    };
    if (try_at(y - 6)) continue;
    m.label_below = try_at(y + 15);
    if (!m.label_below) m.label.clear();
  }
}

} // namespace

std::string level_text(double level) {
  if (level == 0.0 || !std::isfinite(level)) return fmt::format("{:g}", level);
  const int left = static_cast<int>(std::floor(std::log10(std::abs(level)))) + 1;
  return fmt::format("{:.{}g}", level, std::clamp(left, 3, 15));
}

std::string share_text(double share) {
  if (!std::isfinite(share)) return "-";
  return fmt::format("{:.3f}", std::abs(share) < 0.0005 ? 0.0 : share);
}

std::string tally_text(const campaign::Tally& t) {
  std::string out = fmt::format("{} runs", t.runs);
  if (t.missing > 0) out += fmt::format(", {} without a result", t.missing);
  if (t.beyond > 0) out += fmt::format(", {} lower bounds", t.beyond);
  if (t.open > 0) out += fmt::format(", {} without a short", t.open);
  return out;
}

std::string indices_figure(const Findings& f, bool standalone) {
  if (!f.sobol) return "";
  Bars bars;
  bars.title = fmt::format("Sobol indices of {}", f.explored.result.name);
  bars.x_name = fmt::format("share of the variance of {}", f.explored.result.name);
  bars.standalone = standalone;
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::SobolIndex& i = f.sobol->factors[a];
    bars.rows.push_back({f.explored.axes[a].name,
                         {{i.first.value, i.first.low, i.first.high, Ink::blue, false, "alone: " + bounded(i.first)},
                          {i.total.value, i.total.low, i.total.high, Ink::orange, false, "with interactions: " + bounded(i.total)}}});
  }
  bars.keys = {{"alone (first order)", Ink::blue, Key::Sign::broad}, {"with interactions (total)", Ink::orange, Key::Sign::broad}, {"95 %", Ink::ink, Key::Sign::interval}};
  return render(bars);
}

std::string effects_figure(const Findings& f, bool standalone) {
  if (f.morris.empty()) return "";
  Bars bars;
  bars.title = fmt::format("Elementary effects on {}", f.explored.result.name);
  bars.x_name = fmt::format("change of {} over the whole range", f.explored.result.name);
  bars.x_unit = f.explored.result.unit;
  bars.standalone = standalone;
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::MorrisEffect& e = f.morris[a];
    bars.rows.push_back({f.explored.axes[a].name,
                         {{e.mean_absolute.value, e.mean_absolute.low, e.mean_absolute.high, Ink::blue, false, "mean magnitude: " + bounded(e.mean_absolute)},
                          {e.mean.value, e.mean.low, e.mean.high, Ink::vermillion, true, "mean with its sign: " + bounded(e.mean)}}});
  }
  bars.keys = {{"mean magnitude (mu*)", Ink::blue, Key::Sign::broad}, {"mean with its sign (mu)", Ink::vermillion, Key::Sign::marker}, {"95 % of mu*", Ink::ink, Key::Sign::interval}};
  return render(bars);
}

std::string morris_plane(const Findings& f, const std::string& id, bool standalone) {
  if (f.morris.empty()) return "";
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("Morris plane of {}", f.explored.result.name);
  figure.x_name = fmt::format("mean magnitude of the effect on {}", f.explored.result.name);
  figure.x_unit = f.explored.result.unit;
  figure.standalone = standalone;
  Span across, up;
  for (const numerics::MorrisEffect& e : f.morris) {
    across.add(e.mean_absolute.value);
    up.add(e.deviation.value);
  }
  if (across.empty() || up.empty()) return "";
  figure.x = {0.0, 1.12 * std::max(across.range().high, 1e-12), Scale::linear};
  figure.x_ticks = linear_ticks(0.0, figure.x.high, 9);
  Panel panel;
  panel.name = "scatter of the effect";
  panel.unit = f.explored.result.unit;
  panel.height = 300.0;
  panel.y = {0.0, up.range().high, Scale::linear};
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::MorrisEffect& e = f.morris[a];
    panel.markers.push_back({e.mean_absolute.value, e.deviation.value, Shape::circle, Ink::blue, true,
                             fmt::format("{}: mu* {}, sigma {}", f.explored.axes[a].name, number(e.mean_absolute.value), number(e.deviation.value)),
                             f.explored.axes[a].name});
  }
  keep_free_labels(figure, panel);
  const std::vector<double> ends{0.0, std::min(figure.x.high, panel.y.high)};
  panel.lines.push_back({.x = ends, .y = ends, .ink = Ink::grey, .label = "above: the effect depends on the other factors more than it amounts to", .dashed = true});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string curves_figure(const Findings& f, const std::string& id, bool standalone) {
  if (f.curves.empty()) return "";
  const campaign::ExploredAxis& axis = f.explored.axes[f.curve_axis];
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("{} against {}", f.explored.result.name, axis.name);
  figure.standalone = standalone;
  over(figure, axis);
  Panel panel;
  panel.name = f.explored.result.name;
  panel.unit = f.explored.result.unit;
  panel.height = 300.0;
  std::vector<std::vector<double>> middles(f.curves.size());
  bool bounds = false, any = false;
  panel.y = frame_of(f.curves);
  for (std::size_t c = 0; c < f.curves.size(); ++c) {
    const campaign::Curve& curve = f.curves[c];
    const Ink ink = inks[c % inks.size()];
    draw_curve(panel, curve, f, ink);
    draw_bounds(panel, curve, f, ink);
    for (const campaign::Spot& s : curve.spots) {
      middles[c].push_back(s.beyond ? std::nan("") : s.middle);
      bounds = bounds || s.beyond;
      any = any || std::isfinite(s.low);
    }
    panel.lines.push_back({.x = curve.x, .y = middles[c], .ink = ink, .label = f.group_axis ? curve.name : "", .dashed = c >= inks.size(), .width = 1.8});
  }
  if (!any) return "";
  if (!panel.ribbons.empty()) panel.keys.push_back({"least to greatest of the runs", panel.ribbons.front().ink, Key::Sign::broad});
  if (bounds) panel.keys.push_back({"at least so much: no short seen", inks[0], Key::Sign::marker, Shape::triangle, false});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string best_figure(const Findings& f) {
  if (f.sobol) return indices_figure(f, true);
  if (!f.morris.empty()) return effects_figure(f, true);
  if (f.chart) return chart_figure(f, "map", true);
  if (!f.curves.empty()) return curves_figure(f, "curves", true);
  return surface_map(f, "surface", true);
}

} // namespace platen::report
