#include "report/calibrate.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <fmt/format.h>

namespace platen::report {
namespace {

using calibrate::Calibration;
using calibrate::Number;

bool pure(const Number& n) { return n.shown_in.empty() || n.shown_in == "1"; }

std::string start_line(const Calibration& c) {
  std::size_t same = 0, failed = 0;
  double best = c.fit.starts.front().cost;
  for (const calibrate::Start& s : c.fit.starts) best = std::min(best, s.cost);
  for (const calibrate::Start& s : c.fit.starts) {
    same += s.cost < best + 0.1 ? 1 : 0;
    failed += s.simulated ? 0 : 1;
  }
  return fmt::format("{} start{}: {} came to the lowest minimum{}{}", c.fit.starts.size(), c.fit.starts.size() == 1 ? "" : "s", same,
                     failed > 0 ? fmt::format(", {} could not be simulated", failed) : "", c.fit.converged ? "" : "; the fit has NOT converged");
}

std::string terms_text(const Calibration& c) {
  std::vector<std::vector<std::string>> rows{{"term", "residuals", "squares"}};
  for (const calibrate::Term& t : c.problem.terms) {
    double sum = 0.0;
    for (std::size_t i = 0; i < t.count; ++i) sum += c.fit.residuals[t.first + i] * c.fit.residuals[t.first + i];
    rows.push_back({plain(t.label), std::to_string(t.count), number(sum)});
  }
  return columns(rows, "lrr");
}

std::string posterior_text(const Calibration& c) {
  if (!c.posterior) return "";
  double worst = 1.0, least = 1e300;
  for (const calibrate::Convergence& v : c.posterior->convergence) {
    worst = std::max(worst, v.r_hat);
    least = std::min(least, v.effective);
  }
  return fmt::format("\nposterior: {} draws of {} steps per chain, R-hat at most {:.3f}, at least {:.0f} independent draws, {:.0f} % of the steps taken{}\n", c.posterior->draws.size(),
                     c.posterior->steps, worst, least, 100.0 * c.posterior->acceptance, c.posterior->converged ? "" : "; it has NOT converged: ask for more draws");
}

} // namespace

std::string shown_number(const Number& n, double si, int digits) { return number(pure(n) ? si : in_unit(si, n.shown_in), digits); }

std::string shown_quantity(const Number& n, double si, int digits) { return shown_number(n, si, digits) + (pure(n) ? "" : " " + n.shown_in); }

std::string shown_interval(const Number& n, const calibrate::Knowledge& k) {
  if (k.low && k.high) return shown_number(n, *k.low, 3) + " - " + shown_number(n, *k.high, 3);
  if (k.low) return "> " + shown_number(n, *k.low, 3);
  if (k.high) return "< " + shown_number(n, *k.high, 3);
  return "open";
}

std::string text_calibration(const Calibration& c) {
  std::string out = fmt::format("{}\n{} residuals, {} numbers, -2 ln likelihood (but for a constant) {:.4g}\n{}\n\n", plain(c.file.name), c.problem.residuals,
                                c.problem.numbers.size(), c.fit.deviance, start_line(c));
  std::vector<std::vector<std::string>> rows{{"number", "value", "95 %", "unit", "from", "the data say"}};
  std::size_t own = 0;
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j) {
    const Number& n = c.problem.numbers[j];
    if (!of_laws(n)) {
      ++own;
      continue;
    }
    rows.push_back({n.key, shown_number(n, c.fit.values[j], 3), shown_interval(n, c.knowledge[j]), pure(n) ? "1" : n.shown_in, c.knowledge[j].from,
                    std::string(label(c.knowledge[j].standing))});
  }
  out += columns(rows, "lrrlll");
  if (own > 0) out += fmt::format("and {} of single cells and instruments (offsets, gains, stiffness), in the JSON and the report\n", own);
  out += "\n" + terms_text(c) + posterior_text(c);
  if (!c.words.empty()) out += "\nwhat the data do not determine:\n";
  for (const std::string& w : c.words) out += "- " + plain(w) + "\n";
  if (c.interrupted) out += "\ninterrupted: what is missing goes on from the journal when the command is given again\n";
  return out;
}

} // namespace platen::report
