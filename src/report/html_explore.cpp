#include "report/explore.hpp"
#include "report/format.hpp"
#include "report/html_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using campaign::Findings;

std::string value(double v, int digits = 3) { return std::isfinite(v) ? typeset(number(v, digits)) : "–"; }
std::string bounds(const numerics::Bounded& b) { return std::isfinite(b.low) ? fmt::format("{} – {}", value(b.low), value(b.high)) : std::string("–"); }
std::string share(double v) { return typeset(share_text(v)); }
std::string share_bounds(const numerics::Bounded& b) { return std::isfinite(b.low) ? fmt::format("{} – {}", share(b.low), share(b.high)) : std::string("–"); }
std::string in(const std::string& name, const std::string& unit) { return unit.empty() || unit == "1" ? escape(name) : fmt::format("{} ({})", escape(name), typeset_unit(unit)); }

std::string range_of(const campaign::ExploredAxis& axis) {
  if (!axis.words.empty()) {
    std::string out;
    for (const std::string& word : axis.words) out += (out.empty() ? "" : ", ") + word;
    return escape(out);
  }
  return fmt::format("{} – {}{}", value(axis.low), value(axis.high), axis.log ? ", logarithmic" : "");
}

std::string sobol_part(const Findings& f) {
  if (!f.sobol) return "";
  std::string out = figure(indices_figure(f), "Which share of the variance a factor explains alone, and which share is left when all others are known. Whiskers: 95 % of "
                                              "what rows drawn with replacement give.");
  Table table({{"factor", false}, {"range", false}, {"alone", true}, {"95 %", true}, {"with interactions", true}, {"95 %", true}, {"rows", true}});
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::SobolIndex& i = f.sobol->factors[a];
    table.row({in(f.explored.axes[a].name, f.explored.axes[a].unit), range_of(f.explored.axes[a]), share(i.first.value), share_bounds(i.first), share(i.total.value), share_bounds(i.total),
               i.missing > 0 ? fmt::format("{} ({} lost)", i.rows, i.missing) : std::to_string(i.rows)});
  }
  const numerics::SobolIndices& s = *f.sobol;
  return out + table.html() +
         fmt::format("<p>Over these ranges the mean is {0}{2} and the standard deviation {1}{2}. Interactions make {3} of the variance ({4}).</p>\n", value(s.mean), value(std::sqrt(s.variance)), f.explored.result.unit.empty() ? "" : " " + typeset_unit(f.explored.result.unit),
                     share(s.interactions.value), share_bounds(s.interactions));
}

std::string morris_part(const Findings& f, const std::string& id) {
  if (f.morris.empty()) return "";
  std::string out = figure(effects_figure(f), "By how much the result changes while a factor moves across its whole range, on average over places. A mean with its sign that is "
                                              "smaller than the mean magnitude says that the effect changes its sign.");
  out += figure(morris_plane(f, id + "-plane"), "To the right: strong. Upwards: the effect depends on where one stands, by curvature or by other factors.");
  Table table({{"factor", false}, {"range", false}, {"mean magnitude mu*", true}, {"95 %", true}, {"mean mu", true}, {"scatter sigma", true}, {"95 %", true}, {"effects", true}});
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::MorrisEffect& e = f.morris[a];
    table.row({in(f.explored.axes[a].name, f.explored.axes[a].unit), range_of(f.explored.axes[a]), value(e.mean_absolute.value), bounds(e.mean_absolute), value(e.mean.value),
               value(e.deviation.value), bounds(e.deviation), e.missing > 0 ? fmt::format("{} ({} lost)", e.effects, e.missing) : std::to_string(e.effects)});
  }
  return out + table.html();
}

std::string levels_part(const Findings& f, const std::string& id) {
  return figure(curves_figure(f, id + "-curves"), "The median of the runs at each place; the pale band spans all of them.") +
         figure(chart_figure(f, id + "-map"), "The median of the runs at each pair of values.");
}

std::string surface_part(const Findings& f, const std::string& id) {
  if (!f.surface) return "";
  if (!f.surface->surface) return fmt::format("<p>No surface is drawn: {}.</p>\n", escape(f.surface->why_not));
  const numerics::ResponseSurface& s = *f.surface->surface;
  std::string out = fmt::format("<p>A surface of {} terms ({}) through {} runs foresees {:.0f} % of the variance of runs it has not seen; its error on them is {}{}.</p>\n",
                                s.terms(), escape(numerics::label(s.shape())), s.results(), 100.0 * s.foreseen(), value(s.error()),
                                f.explored.result.unit.empty() ? "" : " " + typeset_unit(f.explored.result.unit));
  out += figure(surface_map(f, id + "-surface"), "The surface over the two strongest factors, the mean over all others. Dots: runs.");
  std::vector<Picture> pictures;
  const auto order = campaign::by_influence(f);
  for (std::size_t k = 0; k < std::min<std::size_t>(order.size(), 8); ++k)
    pictures.push_back({escape(f.explored.axes[order[k]].name), surface_effects(f, fmt::format("{}-effect-{}", id, k), order[k])});
  out += figure(pictures, "The surface along each factor, the mean over all others, on one scale. Band: the error on runs not seen.");
  return out + figure(surface_shares(f), "What the surface owes to each factor. It is as good as the surface; Sobol indices with bounds need a design of their own.");
}

std::string result_section(const Findings& f, const std::string& id) {
  std::string out = fmt::format("<h2>{}</h2>\n", in(f.explored.result.name, f.explored.result.unit));
  out += fmt::format("<p class=\"soft\">{}</p>\n", tally_text(f.tally));
  if (!f.notes.empty()) {
    out += "<ul class=\"warnings\">\n";
    for (const std::string& note : f.notes) out += fmt::format("<li>{}</li>\n", escape(note));
    out += "</ul>\n";
  }
  return out + sobol_part(f) + morris_part(f, id) + levels_part(f, id) + surface_part(f, id);
}

} // namespace

std::string html_explored(std::string_view title, const std::vector<Findings>& results, std::string_view program) {
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{}</p>\n", escape(title), escape(program));
  for (std::size_t k = 0; k < results.size(); ++k) body += result_section(results[k], fmt::format("result-{}", k + 1));
  return document(title, body);
}

} // namespace platen::report
