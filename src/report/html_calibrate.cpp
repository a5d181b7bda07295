#include "report/calibrate.hpp"
#include "report/format.hpp"
#include "report/html_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using calibrate::Calibration;
using calibrate::Number;
using calibrate::Observed;

std::string interval_html(const Number& n, const calibrate::Knowledge& k) {
  std::string out = shown_interval(n, k);
  if (const std::size_t dash = out.find(" - "); dash != std::string::npos) out.replace(dash, 3, " – ");
  return escape(out);
}

std::string prior_html(const Number& n) {
  if (!n.prior) return fmt::format("{} – {}", escape(shown_number(n, n.low, 3)), escape(shown_number(n, n.high, 3)));
  const double centre = n.unscaled(n.prior->mean);
  if (n.logarithmic) return fmt::format("{} ×/÷ {:.3g}", escape(shown_number(n, centre, 3)), std::exp(n.prior->deviation));
  return fmt::format("{} ± {}", escape(shown_number(n, centre, 3)), escape(shown_number(n, n.prior->deviation, 2)));
}

std::string numbers_table(const Calibration& c, bool laws) {
  Table table({{"#", true}, {"number", false}, {"value", true}, {"95 %", true}, {"unit", false}, {"from", false}, {"prior or bounds", true}, {"learnt", true}, {"the data say", false}});
  std::size_t place = 0;
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j) {
    const Number& n = c.problem.numbers[j];
    if (of_laws(n) != laws) continue;
    const calibrate::Knowledge& k = c.knowledge[j];
    table.row({std::to_string(++place), fmt::format("<code>{}</code>", escape(n.key)), typeset(shown_number(n, c.fit.values[j])), interval_html(n, k),
               n.shown_in.empty() || n.shown_in == "1" ? "1" : typeset_unit(n.shown_in), escape(k.from), prior_html(n), n.prior ? fmt::format("{:.0f} %", 100.0 * k.learnt) : "–",
               escape(label(k.standing))});
  }
  return table.empty() ? "" : table.html();
}

std::string starts_part(const Calibration& c) {
  Table table({{"start", true}, {"−2 ln posterior", true}, {"iterations", true}, {"", false}}, "narrow");
  for (std::size_t k = 0; k < c.fit.starts.size(); ++k) {
    const calibrate::Start& s = c.fit.starts[k];
    table.row({std::to_string(k + 1), std::isfinite(s.cost) ? fmt::format("{:.2f}", s.cost) : "–", std::to_string(s.iterations),
               !s.simulated ? "could not be simulated" : s.converged ? "converged" : "not converged"});
  }
  return folded("Starts and where they led", table.html());
}

std::string terms_part(const Calibration& c) {
  Table table({{"term", false}, {"group", false}, {"residuals", true}, {"sum of squares", true}}, "narrow");
  for (const calibrate::Term& t : c.problem.terms) {
    double sum = 0.0;
    for (std::size_t i = 0; i < t.count; ++i) sum += c.fit.residuals[t.first + i] * c.fit.residuals[t.first + i];
    table.row({escape(t.label), escape(t.group), std::to_string(t.count), number(sum)});
  }
  return folded("Terms of the likelihood", table.html());
}

std::string fits_part(const Calibration& c) {
  std::string out = "<h2>Fit and residuals</h2>\n";
  for (const Observed o : {Observed::ccd, Observed::life, Observed::first_swing, Observed::pressure_after_half_cycle})
    out += figure(events_figure(c, o, fmt::format("events-{}", static_cast<int>(o))),
                  "What each test said, as an interval (an arrow: no short seen), and what the fit says: the median cell with 95 %, and where 95 % of new cells would fail.");
  for (std::size_t s = 0; s < c.comparison.series.size(); ++s) {
    const calibrate::Compared& v = c.comparison.series[s];
    const std::string memory = v.noise.shape.slow > 0.0
                                   ? fmt::format("Its errors remember each other: a part with {:.2g} times the white variance over {}; {:.0f} independent points.", v.noise.shape.slow,
                                                 escape(duration(v.noise.shape.time)), v.noise.effective)
                                   : std::string("Its errors look white.");
    out += figure(fit_figure(c, s, fmt::format("fit-{}", s)), fmt::format("{}: {}. {}", escape(v.record), escape(label(v.observed)), memory));
  }
  return out;
}

std::string profiles_part(const Calibration& c) {
  if (!c.profiles) return "";
  std::vector<Picture> pictures;
  for (std::size_t k = 0; k < c.profiles->profiles.size(); ++k) {
    const Number& n = c.problem.numbers[c.profiles->profiles[k].number];
    if (of_laws(n)) pictures.push_back({fmt::format("<code>{}</code>", escape(n.key)), profile_figure(c, k, fmt::format("profile-{}", k))});
  }
  return "<h2>Profiles</h2>\n" + figure(pictures, "How much the minimum of −2 ln posterior rises when one number is held elsewhere and all others are fitted again. Below the dotted line lie 95 %.");
}

std::string posterior_part(const Calibration& c) {
  if (!c.posterior) return "";
  std::string out = "<h2>Posterior</h2>\n";
  double worst = 1.0, least = 1e300;
  for (const calibrate::Convergence& v : c.posterior->convergence) worst = std::max(worst, v.r_hat), least = std::min(least, v.effective);
  out += fmt::format("<p>{} draws; {} steps per chain; R-hat at most {:.3f}; at least {:.0f} independent draws.{}</p>\n", c.posterior->draws.size(), c.posterior->steps, worst, least,
                     c.posterior->converged ? "" : " <strong>The chains have not converged: intervals from them are too narrow or off.</strong>");
  std::vector<Picture> pictures;
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j)
    if (of_laws(c.problem.numbers[j])) pictures.push_back({fmt::format("<code>{}</code>", escape(c.problem.numbers[j].key)), posterior_figure(c, j, fmt::format("posterior-{}", j))});
  return out + figure(pictures, "Draws of what data and priors leave possible.");
}

} // namespace

std::string html_calibration(const Calibration& c, const calibrate::Inputs& inputs, std::string_view program) {
  std::string body = fmt::format("<h1>{}</h1>\n<p>{}</p>\n<p class=\"soft\">{}; {} residuals, {} numbers; −2 ln likelihood (but for a constant) {}{}.</p>\n", escape(c.file.name),
                                 escape(c.file.description), escape(program), c.problem.residuals, c.problem.numbers.size(), typeset(number(c.fit.deviance, 5)),
                                 c.interrupted ? "; interrupted before all was done" : "");
  if (!c.fit.converged) body += "<p><strong>The fit has not converged.</strong></p>\n";
  body += "<h2>Numbers</h2>\n" + numbers_table(c, true);
  body += "<p class=\"soft\">“Learnt” is the share of the prior's variance that the data took away. Where it is small, the value is the prior's.</p>\n";
  if (!c.words.empty()) {
    body += "<h2>What the data do not determine</h2>\n<ul>\n";
    for (const std::string& w : c.words) body += fmt::format("<li>{}</li>\n", escape(w));
    body += "</ul>\n";
  }
  body += fits_part(c) + profiles_part(c) + posterior_part(c);
  if (const std::string svg = correlation_figure(c, "correlation"); !svg.empty())
    body += "<h2>Correlations</h2>\n" + figure(svg, "Area of a square: size of the correlation. Numbers as in the first table.");
  if (const std::string own = numbers_table(c, false); !own.empty()) body += folded("Numbers of single cells and instruments", own);
  body += starts_part(c) + terms_part(c);
  Table read({{"file", false}, {"SHA-256", false}});
  for (const auto& [name, checksum] : inputs) read.row({escape(name), fmt::format("<code>{}</code>", escape(checksum))});
  if (!read.empty()) body += folded("Files read", read.html());
  return document(c.file.name, body);
}

} // namespace platen::report
