#include "report/format.hpp"
#include "report/paper.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {
namespace {

using targets::Cells;

/// "T14: 0.730 MPa, stated: ..."
std::string tip_of(const PublishedMark& m) {
  const auto shown = [](const std::optional<double>& from, const std::optional<double>& to) {
    return from ? number(*from) + (to ? " to " + number(*to) : "") : std::string();
  };
  const bool upright = !m.y;
  const std::string value = upright ? shown(m.x, m.x_to) : shown(m.y, m.y_to);
  const std::string unit = typeset_unit(upright ? m.x_unit : m.y_unit);
  return fmt::format("Ham et al. (2022){}{}: {}{} {}, {}: {}", m.rows.empty() ? "" : ", ", fmt::join(m.rows, ", "),
                     m.at_least && !m.y_to ? "at least " : "", value, unit, m.basis, m.source);
}

/// One entry for each kind of mark, whatever number of series has it.
void add_key(Panel& panel, Key key) {
  const bool known = std::any_of(panel.keys.begin(), panel.keys.end(), [&](const Key& k) { return k.label == key.label; });
  if (!known) panel.keys.push_back(std::move(key));
}

} // namespace

PaperCells::PaperCells(const std::vector<Page>& pages) : pages_(pages) {
  for (const Page& page : pages) cells_.push_back({&page.record, &page.assessment});
}

const Page* PaperCells::page_of(const JudgedCell* cell) const {
  return cell == nullptr ? nullptr : &pages_[static_cast<std::size_t>(cell - cells_.data())];
}

const Page* PaperCells::held(double minutes) const { return page_of(targets::with_hold(cells_, minutes * targets::minute)); }

std::vector<const Page*> PaperCells::held() const {
  std::vector<const Page*> out;
  for (const JudgedCell& cell : cells_)
    if (targets::held_at_room_temperature(cell)) out.push_back(page_of(&cell));
  return out;
}

const Page* PaperCells::pressed(Configuration configuration, double celsius) const {
  return page_of(targets::pressed(cells_, configuration, from_unit(celsius, "degC")));
}

const Page* PaperCells::full(std::string_view fixture, double loading, double pressure, targets::Test test) const {
  return page_of(targets::full_cell(cells_, test, fixture, loading * targets::mg_per_cm2, pressure * targets::MPa));
}

PaperMarks::PaperMarks(std::string_view figure, const std::vector<TargetResult>& targets) : targets_(targets) {
  for (PublishedMark& mark : ham2022_marks())
    if (mark.figure == figure) marks_.push_back(std::move(mark));
}

std::vector<const PublishedMark*> PaperMarks::of(std::string_view series) const {
  std::vector<const PublishedMark*> out;
  for (const PublishedMark& mark : marks_)
    if (mark.series == series) out.push_back(&mark);
  return out;
}

/// What the row of the targets accepts, where the mark shows that row's own number.
void PaperMarks::accepted(Panel& panel, const PublishedMark& mark, double x) const {
  if (mark.rows.size() != 1) return;
  for (const TargetResult& r : targets_) {
    if (r.target.id != mark.rows.front() || r.target.value != mark.y || !r.target.low || !r.target.high) continue;
    panel.intervals.push_back({x, *r.target.low, *r.target.high, Ink::orange, false, false, true,
                               fmt::format("{}: accepted {} to {} {}", r.target.id, number(*r.target.low), number(*r.target.high),
                                           typeset_unit(r.target.unit))});
    add_key(panel, {"accepted by the target", Ink::orange, Key::Sign::broad, Shape::circle, true});
  }
}

void PaperMarks::point(Panel& panel, const PublishedMark& mark, double x, const MarkStyle& style) const {
  const bool stated = mark.basis == "stated";
  accepted(panel, mark, x);
  if (mark.at_least)
    panel.intervals.push_back({x, *mark.y, *mark.y + 0.08 * (panel.y.high - panel.y.low), style.ink, true, false, false, tip_of(mark)});
  panel.markers.push_back({x, *mark.y, style.shape, style.ink, stated, tip_of(mark)});
  add_key(panel, {fmt::format("{}{}, {}", style.name, style.name.empty() ? "paper" : " in the paper", stated ? "stated" : "inferred"),
                  style.ink, Key::Sign::marker, style.shape, stated});
}

void PaperMarks::draw(Panel& panel, std::string_view series, const MarkStyle& style) const {
  for (const PublishedMark* mark : of(series)) {
    const PublishedMark& m = *mark;
    if (!m.y || m.y_unit != panel.unit) continue;
    const auto x_of = [&](double x) { return x * style.x_factor + style.aside; };
    if (m.place == "cycling" || m.x_to) {
      const double from = m.x ? x_of(*m.x) : style.start, to = m.x_to ? x_of(*m.x_to) : style.end;
      panel.zones.push_back({from, to, *m.y, m.y_to.value_or(*m.y), Ink::sky, tip_of(m)});
      add_key(panel, {m.y_to ? "paper: range" : "paper, while cycling", Ink::sky, Key::Sign::broad, Shape::circle, true});
    } else if (m.x || !m.place.empty()) {
      point(panel, m, m.x ? x_of(*m.x) : m.place == "start" ? style.start : style.first_charge, style);
    } else {
      panel.levels.push_back({*m.y, fmt::format("paper: {}{}short at {:g} {}", style.name, style.name.empty() ? "" : ", ", *m.y,
                                                typeset_unit(m.y_unit)),
                              style.ink});
    }
  }
}

void PaperMarks::draw_upright(Figure& figure, std::string_view series, std::string_view label, Ink ink) const {
  for (const PublishedMark* mark : of(series))
    if (mark->x && !mark->y) figure.marks.push_back({*mark->x, fmt::format("{} {:g}", label, *mark->x), ink});
}

} // namespace platen::report
