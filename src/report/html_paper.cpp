#include "report/format.hpp"
#include "report/html_parts.hpp"
#include "report/paper.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

const std::vector<double>& loadings() {
  static const std::vector<double> all{6.4, 12.8, 25.5, 51.0}; // mg/cm2, of Figure 3
  return all;
}

/// Does the row speak of this figure? `figure` of a row may name several: "3d 4e".
bool speaks_of(const Target& target, std::string_view figure) {
  std::string_view rest = target.figure;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == figure) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool in_figure(const TargetResult& r, const std::vector<std::string_view>& labels, const std::vector<PublishedMark>& marks) {
  const auto named = [&](std::string_view label) {
    return speaks_of(r.target, label) || std::any_of(marks.begin(), marks.end(), [&](const PublishedMark& m) {
             return m.figure == label && std::find(m.rows.begin(), m.rows.end(), r.target.id) != m.rows.end();
           });
  };
  return std::any_of(labels.begin(), labels.end(), named);
}

/// "T14 missed (0.424 for 0.730 MPa)".
std::string row_text(const TargetResult& r) {
  const Target& t = r.target;
  if (r.verdict != TargetVerdict::missed || !r.platen || !t.value) return fmt::format("{} {}", t.id, label(r.verdict));
  return fmt::format("{} {} ({} for {} {})", t.id, label(r.verdict), typeset(number(*r.platen)), typeset(number(*t.value)), typeset_unit(t.unit));
}

/// What of the figure is fitted and what predicted, from the rows that it shows.
std::string owed(const std::vector<TargetResult>& targets, const std::vector<std::string_view>& labels) {
  const std::vector<PublishedMark> marks = ham2022_marks();
  std::vector<std::string> fitted, predicted;
  for (const TargetResult& r : targets)
    if (in_figure(r, labels, marks)) (r.fitted.empty() && r.target.target_class == "model" ? predicted : fitted).push_back(row_text(r));
  std::string out;
  if (!fitted.empty()) out += fmt::format(" <b>Fitted</b>, so that meeting it proves nothing: {}.", escape(fmt::format("{}", fmt::join(fitted, ", "))));
  if (!predicted.empty()) out += fmt::format(" <b>Predicted</b>, nothing was fitted to it: {}.", escape(fmt::format("{}", fmt::join(predicted, ", "))));
  return out.empty() ? "" : "<br/>" + out.substr(1);
}

std::string part(std::string_view heading, const std::string& figure_html) {
  return figure_html.empty() ? "" : fmt::format("<h3>{}</h3>\n{}", heading, figure_html);
}

std::string symmetric_part(const PaperCells& cells, const Targets& targets) {
  std::string out;
  out += part("Figure 1b. Stack pressure of the cell held for a day",
              figure(paper_hold(cells, targets),
                     "25 MPa at room temperature, release to 5 MPa, heating to 40 °C, then plating and stripping (shaded). What settles under "
                     "25 MPa does not come back at 5 MPa, and in a symmetric cell one side gains the lithium that the other loses: so the "
                     "pressure stays while cycling." + owed(targets, {"1b", "1"})));
  out += part("Figures 1c and 1d. The same fixture with and without a cell",
              figure({{"1c, room temperature", paper_pressed(cells, targets, false)}, {"1d, 40 °C", paper_pressed(cells, targets, true)}},
                     "Cell and empty fixture lose nearly the same: the fall belongs to the fixture's joints more than to the lithium, so it "
                     "does not measure the contact that was gained. Warm, the joints settle faster; that the cell is pressed before it is "
                     "heated is assumed, the paper does not say." + owed(targets, {"1c", "1d"})));
  out += part("Figure 2a. Ramps after a short and a long contact hold",
              figure(paper_ramps(cells, targets),
                     "Symmetric cells at 5 MPa and 40 °C, current raised step by step until they short. After 1 min lithium touches less of the "
                     "electrolyte: the same current costs more voltage, and the local current opens a flaw earlier. Dotted: steps at which the "
                     "paper's cells shorted; when they did is not stated, and half cycles of 15 min are assumed." + owed(targets, {"2a"})));
  out += part("Figure 2b. Critical current density against contact hold",
              figure(paper_ccd_of_hold(cells, targets),
                     "Bars: from the last step passed to the failing step, which is what the field quotes; an arrow upwards is a lower bound. "
                     "Contact closes within the first half hour; held longer, lithium is pressed into the deciding flaw. The paper states two "
                     "points and the range; which hold gave its lowest CCD is inferred." + owed(targets, {"2b", "2a"})));
  return out;
}

std::string full_part(const PaperCells& cells, const Targets& targets) {
  std::string out;
  std::vector<Picture> pictures;
  for (const double loading : loadings())
    pictures.push_back({fmt::format("{:g} mg/cm²", loading), paper_loading(cells, targets, loading, loadings())});
  out += part("Figure 3b. Full cells of four loadings while the current is raised",
              figure(pictures,
                     "NCM811 | LPSCl | Li in a fixed gap, set to 5 MPa at 40 °C; all pressures on one scale. Charging plates lithium, which the "
                     "cathode's shrinking does not make up for: the pressure rises with every charge, the more the thicker the cathode. The "
                     "range is that of the paper's currents; its times are not stated." + owed(targets, {"3b"})));
  out += part("Figures 3c and 3d. What the loading does",
              figure({{"3c, change of the pressure in the first cycle", paper_swings(cells, targets)}, {"3d, critical current density", paper_ccd_of_loading(cells, targets)}},
                     "3c: largest minus smallest pressure of the first cycle. A fixed gap turns plated thickness into pressure through its "
                     "stiffness; on springs friction alone makes the swing, so that above 10 mg/cm² it hardly depends on the loading: a prediction, the "
                     "paper states none. 3d: bars from the last step passed to the failing step, joined at the failing steps. The paper states a range "
                     "and the value at 25.5 mg/cm²; hollow points are inferred." + owed(targets, {"3c", "3d"})));
  out += part("Figures 4c to 4f. Fixed gap and springs at 25.5 mg/cm²",
              figure({{"4c, 4e: fixed gap", paper_fixture(cells, targets, "fixed gap")}, {"4d, 4f: springs", paper_fixture(cells, targets, "springs")}},
                     "The same cell twice, pressures on one scale. Springs give way to the plated lithium; what is left of the swing is the friction "
                     "of their guides. Diamonds stand where Platen's first charge ends; dotted: steps at which the paper's cells shorted." +
                         owed(targets, {"4c", "4d", "4e", "4f"})));
  out += part("Figure 5. Fixed gap and springs at three pressures",
              figure(paper_ccd_of_pressure(cells, targets),
                     "12.8 mg/cm² at 40 °C; bars from the last step passed to the failing step, joined at the failing steps. At low pressure creep feeds too little lithium to the stripped interface, with springs or without; "
                     "the paper sees springs help from 3 MPa on. Equal points stand side by side." + owed(targets, {"5"})));
  out += part("Figure S6. Life at 0.5 mA/cm²",
              figure(paper_life(cells, targets),
                     "Charge of every half cycle, 25.5 mg/cm² at 5 MPa; shaded: formation, which is assumed to be two cycles at 0.2 mA/cm². A "
                     "charge that takes far more than the discharge gives back went through a short." + owed(targets, {"S6"})));
  return out;
}

/// Contact fraction of the right electrode when cycling starts, of a simulated cell.
std::optional<double> contact_after_hold(const Page* page) {
  if (page == nullptr || page->assessment.half_cycles.empty() || !page->record.has("contact_right")) return std::nullopt;
  return page->record.real("contact_right")[page->assessment.half_cycles.front().half_cycle.first];
}

/// What has no counterpart, and why.
std::string without_counterpart(const PaperCells& cells, const Targets& targets) {
  std::string contact;
  const auto brief = contact_after_hold(cells.held(1)), half_hour = contact_after_hold(cells.held(30));
  if (brief && half_hour)
    contact = fmt::format(" It has one number for what 2d shows: when cycling starts {} of the interface touches after 1 min, {} after 30 min.",
                          typeset(number(*brief, 2)), typeset(number(*half_hour, 2)));
  std::string impedance;
  for (const TargetResult& r : targets)
    if ((r.target.id == "T11" || r.target.id == "T12") && r.verdict == TargetVerdict::not_evaluated)
      impedance += (impedance.empty() ? "" : " and ") + r.target.figure;
  std::string out = "<h3>Figures without a counterpart</h3>\n<p>1a, 3a, 4a, 4b and S2 are drawings of cell and fixture, S1 is a survey of the "
                    "literature. 2c and S4 (X-ray tomography of a shorted cell) and 2d (electron microscopy of the interface) are images: Platen "
                    "computes a flaw's depth, a filament's length and a contact fraction, no shapes." + contact;
  if (!impedance.empty()) out += fmt::format(" {} (impedance in the hold, DC polarisation) are not simulated by these studies.", escape(impedance));
  return out + "</p>\n";
}

} // namespace

std::string paper_part(const std::vector<Page>& pages, const std::vector<TargetResult>& targets) {
  const PaperCells cells(pages);
  const std::string figures = symmetric_part(cells, targets) + full_part(cells, targets);
  if (figures.empty()) return "";
  return "<h2>Figures of Ham et al. (2022)</h2>\n<p>The paper's numbers over what these cells did. Filled marks are stated in the paper's text, hollow "
         "ones inferred from it; ranges are pale; nothing was read off a picture. Rest the pointer on a mark to read its source.</p>\n" +
         figures + without_counterpart(cells, targets);
}

} // namespace platen::report
