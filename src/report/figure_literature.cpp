#include "report/format.hpp"
#include "report/groups.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

double shown(double si) { return in_unit(si, "mA/cm2"); }

/// Where a published row stands on the x axis; empty: nowhere.
using Place = std::optional<double> (*)(const groups::Published&);
using CellPlace = std::optional<double> (*)(const groups::CcdRow&);

std::optional<double> celsius(const groups::Published& p) { return p.temperature ? std::optional(in_unit(*p.temperature, "degC")) : std::nullopt; }
std::optional<double> celsius(const groups::CcdRow& row) {
  const groups::Factor* t = row.find("temperature");
  return t != nullptr && t->number ? std::optional(in_unit(*t->number, "degC")) : std::nullopt;
}
std::optional<double> capacity(const groups::CcdRow& row) {
  return row.capacity_per_half_cycle ? std::optional(in_unit(*row.capacity_per_half_cycle, "mAh/cm2")) : std::nullopt;
}
std::optional<double> capacity(const groups::Published& p) { return capacity(p.row); }

/// A CCD on the axes: a mark, an interval, or an arrow for a bound.
void draw(Panel& panel, double x, const groups::Interval& i, Shape shape, Ink ink, bool filled, const std::string& tip) {
  if (i.exact()) {
    panel.markers.push_back({x, shown(i.high), shape, ink, filled, tip});
    return;
  }
  const double reach = 0.08 * panel.y.high;
  const double low = i.left_censored() ? std::max(0.0, shown(i.high) - reach) : shown(i.low);
  const double high = i.right_censored() ? shown(i.low) + reach : shown(i.high);
  panel.intervals.push_back({x, low, high, ink, i.right_censored(), i.left_censored(), false, tip});
  panel.markers.push_back({x, i.left_censored() ? high : i.right_censored() ? low : 0.5 * (low + high), shape, ink, filled, tip});
}

Shape shape_of(const groups::CcdRow& row) {
  const groups::Factor* kind = row.find("configuration");
  return kind != nullptr && kind->word == "full" ? Shape::square : Shape::circle;
}
Shape shape_of(const groups::Published& p) { return p.lithium_metal ? shape_of(p.row) : Shape::cross; }

double top_of(const Published& literature, const groups::Comparison* c) {
  double out = 1.0;
  const auto take = [&](const groups::Interval& i) { out = std::max({out, shown(i.low) * 1.08, i.right_censored() ? 0.0 : shown(i.high)}); };
  for (const groups::Published& p : literature) take(groups::interval_of(p.row));
  if (c != nullptr)
    for (const groups::CcdRow& row : c->rows) take(groups::interval_of(row));
  return out;
}

Panel panel_for(const Published& literature, const groups::Comparison* c) {
  Panel panel;
  panel.name = "critical current density";
  panel.unit = "mA/cm2";
  panel.height = 300.0;
  panel.y = {0.0, 1.1 * top_of(literature, c), Scale::linear};
  panel.keys = {{"published, symmetric cell", Ink::ink, Key::Sign::marker, Shape::circle, false},
                {"full cell", Ink::ink, Key::Sign::marker, Shape::square, false},
                {"no lithium metal", Ink::grey, Key::Sign::marker, Shape::cross, false}};
  if (c == nullptr) return panel;
  const auto any = [&](Shape shape) { return std::any_of(c->rows.begin(), c->rows.end(), [&](const groups::CcdRow& row) { return shape_of(row) == shape; }); };
  const bool both = any(Shape::circle) && any(Shape::square);
  if (any(Shape::circle)) panel.keys.push_back({both ? "these symmetric cells" : "these cells", Ink::blue, Key::Sign::marker, Shape::circle, true});
  if (any(Shape::square)) panel.keys.push_back({both ? "these full cells" : "these cells", Ink::blue, Key::Sign::marker, Shape::square, true});
  return panel;
}

/// Everything that has a place on the x axis. @returns whether there is anything.
bool fill(Panel& panel, Figure& figure, const Published& literature, const groups::Comparison* c, Place place, CellPlace cell_place, double aside) {
  std::vector<std::pair<double, double>> taken; // marks at one place stand side by side
  const auto free_place = [&](double x, double y) {
    double at = x;
    for (int k = 1; std::any_of(taken.begin(), taken.end(), [&](const auto& t) { return std::abs(t.first - at) < 0.7 * aside && std::abs(t.second - y) < 0.03 * panel.y.high; }); ++k)
      at = x + aside * (k % 2 == 1 ? (k + 1) / 2 : -k / 2);
    taken.emplace_back(at, y);
    return at;
  };
  const auto height = [](const groups::Interval& i) { return i.right_censored() ? shown(i.low) : shown(i.high); };
  bool any = false;
  for (const groups::Published& p : literature) {
    const auto x = place(p);
    if (!x) continue;
    any = true;
    const groups::Interval i = groups::interval_of(p.row);
    draw(panel, free_place(*x, height(i)), i, shape_of(p), p.lithium_metal ? Ink::ink : Ink::grey, false,
         fmt::format("{} {} {}: {} mA/cm2 ({}; {})", p.electrolyte, p.stack, p.preparation, p.as_stated, p.reference, p.basis));
  }
  if (c != nullptr)
    for (const groups::CcdRow& row : c->rows)
      if (const auto x = cell_place(row)) {
        any = true;
        const groups::Interval i = groups::interval_of(row);
        draw(panel, free_place(*x, height(i)), i, shape_of(row), Ink::blue, true, fmt::format("{}: {} mA/cm2", row.name, interval_text(i)));
      }
  for (const auto& [x, y] : taken) {
    if (figure.x.low > 0.0) figure.x.low = std::min(figure.x.low, x - aside);
    figure.x.high = std::max(figure.x.high, x + aside);
  }
  return any;
}

std::string drawn(Figure& figure, const Published& literature, const groups::Comparison* c, Place place, CellPlace cell_place, double aside) {
  Panel panel = panel_for(literature, c);
  if (!fill(panel, figure, literature, c, place, cell_place, aside)) return "";
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 9);
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace

std::string literature_by_temperature(const Published& literature, const groups::Comparison* c, const std::string& id) {
  Figure figure;
  figure.id = id;
  figure.title = "Published critical current densities against temperature";
  figure.x_name = "temperature of the test";
  figure.x_unit = "degC";
  figure.x = {18.0, 66.0, Scale::linear};
  return drawn(figure, literature, c, celsius, celsius, 0.7);
}

std::string literature_by_capacity(const Published& literature, const groups::Comparison* c, const std::string& id) {
  Figure figure;
  figure.id = id;
  figure.title = "Published critical current densities against areal capacity per half cycle";
  figure.x_name = "areal capacity per half cycle";
  figure.x_unit = "mAh/cm2";
  figure.x = {0.0, 9.0, Scale::linear};
  return drawn(figure, literature, c, capacity, capacity, 0.06);
}

} // namespace platen::report
