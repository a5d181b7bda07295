#include "report/mechanisms.hpp"

#include "report/format.hpp"
#include "report/html_parts.hpp"
#include "report/svg_plot.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using calibrate::Experiment;
using calibrate::LeftOut;
using calibrate::MechanismComparison;
using calibrate::Ranked;
using Json = nlohmann::ordered_json;

std::string dump(const Json& answer) { return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string aicc(const Ranked& r) { return r.aicc ? number(*r.aicc, 4) : "undefined"; }
std::string cells(const Experiment& e) { return e.cells ? std::to_string(*e.cells) : "no number"; }

std::size_t survivors(const MechanismComparison& c) {
  return static_cast<std::size_t>(std::count_if(c.ranking.begin(), c.ranking.end(), [](const Ranked& r) { return r.survives; }));
}

constexpr std::string_view laws = "H1 static pressure deepens flaws, H2 a rising pressure extends them, H3 stripping opens voids, H4 the gap gives way, H5 the cathode\nfocuses the current, F fatigue. ";

/// What the columns mean.
std::string legend(const MechanismComparison& c) {
  const std::string numbers = "numbers: fitted, of which the data determine about as many as stand in brackets.";
  if (c.published())
    return fmt::format("{}score: ln of the predictive likelihood of rows whose figure was left out; behind: of the best, with its\nstandard error. {}\n", laws, numbers);
  std::string out;
  if (std::any_of(c.ranking.begin(), c.ranking.end(), [](const Ranked& r) { return r.explanation.name.starts_with("H1") || r.explanation.name.starts_with("H2"); })) out += laws;
  if (c.left_out == 0) return fmt::format("{}behind: half of the difference in AICc to the best. {}\n", out, numbers);
  return fmt::format("{}score: ln of the predictive likelihood of records and targets that were left out in turn ({} groups), but for a constant; predicted: how\n"
                     "many of their observations lay within 95 % of what was expected; behind: of the best score, with its standard error.\n{}\n",
                     out, c.left_out, numbers);
}

std::string predicted(const Ranked& r) { return r.predicted == 0 ? "-" : fmt::format("{} of {}", r.hits, r.predicted); }
std::string score(const MechanismComparison& c, const Ranked& r) { return c.left_out == 0 ? "-" : fmt::format("{:.1f}", r.log_score); }

/// What to read from AICc, and where it says nothing.
std::string aicc_words(const MechanismComparison& c) {
  const double n = static_cast<double>(c.ranking.front().rows);
  if (std::any_of(c.ranking.begin(), c.ranking.end(), [](const Ranked& r) { return !r.aicc; }))
    return fmt::format("AICc is undefined where {:.0f} observations are not at least two more than the fitted numbers: nothing is to be read from it there.\n", n);
  if (c.published()) return fmt::format("AICc corrects for {:.0f} rows and nearly as many numbers by a term larger than most differences of fit: it ranks by the count of numbers.\n", n);
  std::vector<const Ranked*> order;
  for (const Ranked& r : c.ranking) order.push_back(&r);
  std::stable_sort(order.begin(), order.end(), [](const Ranked* a, const Ranked* b) { return *a->aicc < *b->aicc; });
  const double ahead = *order[1]->aicc - *order[0]->aicc;
  const auto close = std::count_if(order.begin(), order.end(), [&](const Ranked* r) { return *r->aicc - *order[0]->aicc < 2.0; });
  if (close > 1) return fmt::format("By AICc ({:.0f} observations) {} explanations are level: within 2 of the lowest.\n", n, close);
  return fmt::format("By AICc ({:.0f} observations) {} is the best; {} follows {:.1f} behind (level would be less than 2).\n", n, order[0]->explanation.name, order[1]->explanation.name, ahead);
}

/// Who survives, and by what.
std::string standing(const MechanismComparison& c) {
  const std::size_t left = survivors(c);
  const std::string_view what = c.published() ? "left-out rows" : "left-out records and targets";
  if (c.left_out == 0) {
    const std::string alone = "There is a single record or target: nothing could be left out and predicted";
    const bool undefined = std::any_of(c.ranking.begin(), c.ranking.end(), [](const Ranked& r) { return !r.aicc; });
    if (undefined) return fmt::format("These data cannot tell. {}, and AICc, which would rank the fits, is undefined.\n", alone);
    if (left > 1) return fmt::format("These data cannot tell: {} of {} explanations have nearly the same AICc. {}.\n", left, c.ranking.size(), alone);
    return fmt::format("Of {} explanations one has an AICc that leaves all others behind: {}. {}.\n", c.ranking.size(), c.ranking.front().explanation.name, alone);
  }
  if (left > 1) return fmt::format("These data cannot tell: of {} explanations {} predict the {} about equally well.\n", c.ranking.size(), left, what);
  return fmt::format("Of {} explanations one predicts the {} better than all others: {}.\n", c.ranking.size(), what, c.ranking.front().explanation.name);
}

std::string ccd(double si) { return number(si / 10.0, 3); }

/// Lowest and highest CCD that survivors expect.
std::string expected(const Experiment& e) {
  const auto [low, high] = std::minmax_element(e.expectations.begin(), e.expectations.end(), [](const auto& a, const auto& b) { return a.median < b.median; });
  return e.expectations.empty() ? "-" : fmt::format("{} to {}", ccd(low->median), ccd(high->median));
}

std::vector<Tick> numbered(std::size_t count) {
  std::vector<Tick> out;
  for (std::size_t k = 1; k <= count; ++k) out.push_back({static_cast<double>(k), std::to_string(k)});
  return out;
}

std::string score_figure(const MechanismComparison& c) {
  Figure figure;
  Panel panel;
  panel.name = "ln predictive likelihood behind the best";
  panel.height = 190.0;
  double most = 1.0;
  for (std::size_t k = 0; k < c.ranking.size(); ++k) {
    const Ranked& r = c.ranking[k];
    const double x = static_cast<double>(k + 1);
    const Ink ink = r.survives ? Ink::blue : Ink::vermillion;
    const std::string tip = fmt::format("{}: {:.1f} behind, standard error {:.1f}", r.explanation.name, r.behind, r.behind_error);
    panel.intervals.push_back({x, r.behind - r.behind_error, r.behind + r.behind_error, ink, false, false, false, tip});
    panel.markers.push_back({x, r.behind, r.survives ? Shape::circle : Shape::square, ink, true, tip});
    most = std::max(most, r.behind + r.behind_error);
  }
  panel.y = {-0.15 * most, 1.08 * most, Scale::linear};
  panel.keys = {{"survives", Ink::blue, Key::Sign::marker, Shape::circle, true}, {"falls behind", Ink::vermillion, Key::Sign::marker, Shape::square, true}};
  figure.id = "scores";
  figure.title = "How far each explanation's predictions fall behind the best";
  figure.x_name = "explanation, number in the table";
  figure.x = {0.5, static_cast<double>(c.ranking.size()) + 0.5, Scale::linear};
  figure.x_ticks = numbered(c.ranking.size());
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string experiment_figure(const MechanismComparison& c) {
  static constexpr std::array inks{Ink::blue, Ink::vermillion, Ink::green, Ink::orange, Ink::purple, Ink::sky, Ink::grey, Ink::ink};
  static constexpr std::array shapes{Shape::circle, Shape::square, Shape::triangle, Shape::diamond, Shape::cross};
  Figure figure;
  Panel panel;
  panel.name = "CCD";
  panel.unit = "mA/cm2";
  panel.height = 260.0;
  double low = 10.0, high = 0.01;
  for (std::size_t k = 0; k < c.experiments.size(); ++k) {
    const Experiment& e = c.experiments[k];
    const double n = static_cast<double>(e.expectations.size());
    for (std::size_t j = 0; j < e.expectations.size(); ++j) {
      const auto& one = e.expectations[j];
      const double x = static_cast<double>(k + 1) + 0.7 * (static_cast<double>(j) + 0.5) / n - 0.35;
      const double at = one.median / 10.0, up = std::exp(one.deviation);
      const std::string tip = fmt::format("{}: {} expects {} mA/cm2", e.name, one.explanation, ccd(one.median));
      panel.intervals.push_back({x, at / up, at * up, inks[j % inks.size()], false, false, false, tip});
      panel.markers.push_back({x, at, shapes[j % shapes.size()], inks[j % inks.size()], true, tip});
      low = std::min(low, at / up);
      high = std::max(high, at * up);
    }
  }
  if (!c.experiments.empty())
    for (std::size_t j = 0; j < c.experiments.front().expectations.size(); ++j)
      panel.keys.push_back({c.experiments.front().expectations[j].explanation, inks[j % inks.size()], Key::Sign::marker, shapes[j % shapes.size()], true});
  panel.y = {0.9 * low, 1.1 * high, Scale::log};
  figure.id = "experiments";
  figure.title = "What the surviving explanations expect of each experiment";
  figure.x_name = "experiment, number in the table";
  figure.x = {0.5, static_cast<double>(c.experiments.size()) + 0.5, Scale::linear};
  figure.x_ticks = numbered(c.experiments.size());
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string ranking_table(const MechanismComparison& c) {
  Table table({{"", true}, {"explanation", false}, {"numbers", true}, {"misfit", true}, {"AICc", true}, {"predicted", true}, {"score", true}, {"behind", true}, {"weight", true}, {"cannot explain", false}});
  for (std::size_t k = 0; k < c.ranking.size(); ++k) {
    const Ranked& r = c.ranking[k];
    table.row({std::to_string(k + 1), fmt::format("<b>{}</b><br/>{}", escape(r.explanation.name), escape(r.explanation.meaning)), fmt::format("{} ({:.0f})", r.numbers, r.effective), number(r.deviance, 3), aicc(r),
               predicted(r), typeset(score(c, r)), fmt::format("{:.1f} ± {:.1f}", r.behind, r.behind_error),
               r.survives ? fmt::format("{:.2f}", r.weight) : "–", escape(fmt::format("{}", fmt::join(r.missed, ", ")))});
  }
  return table.html();
}

std::string experiment_table(const MechanismComparison& c) {
  Table table({{"", true}, {"experiment", false}, {"expected CCD, mA/cm²", false}, {"gain of one cell, bits", true}, {"furthest apart", false}, {"deviations", true}, {"cells until 2 deviations", true}});
  for (std::size_t k = 0; k < c.experiments.size(); ++k) {
    const Experiment& e = c.experiments[k];
    table.row({std::to_string(k + 1), fmt::format("{}<br/><span class=\"soft\">{}</span>", escape(e.description.empty() ? e.name : e.description), escape(e.study)), escape(expected(e)), number(e.gain, 2),
               escape(fmt::format("{} and {}", e.first, e.second)), number(e.separation, 2), cells(e)});
  }
  return table.html();
}

} // namespace

std::string conclusion(const MechanismComparison& c) {
  if (c.ranking.empty()) return "Nothing was compared.\n";
  const std::size_t left = survivors(c);
  std::string out = standing(c) + aicc_words(c);
  if (c.experiments.empty() || left < 2) return out;
  const Experiment& e = c.experiments.front();
  out += fmt::format("The experiment that would tell most: {} ({}). One cell is expected to bring {:.2f} of the {:.2f} bits that are open.\n", e.description.empty() ? e.name : e.description, e.study, e.gain, c.undecided);
  if (e.cells) out += fmt::format("{} bring{} {} and {} two deviations apart.\n", *e.cells == 1 ? "1 cell" : fmt::format("{} cells", *e.cells), *e.cells == 1 ? "s" : "", e.first, e.second);
  return out;
}

std::string text(const MechanismComparison& c) {
  std::vector<std::vector<std::string>> rows{{"explanation", "numbers", "misfit", "AICc", "predicted", "score", "behind", "weight", "cannot explain"}};
  for (const Ranked& r : c.ranking)
    rows.push_back({r.explanation.name, fmt::format("{} ({:.0f})", r.numbers, r.effective), number(r.deviance, 3), aicc(r), predicted(r), score(c, r),
                    fmt::format("{:.1f} +- {:.1f}", r.behind, r.behind_error), r.survives ? fmt::format("{:.2f}", r.weight) : "-", fmt::format("{}", fmt::join(r.missed, c.published() ? " " : ", "))});
  std::string out = columns(rows, "lrrrrrrrl") + legend(c) + "\n";
  if (!c.experiments.empty()) {
    rows = {{"experiment", "CCD mA/cm2", "gain bits", "deviations", "cells", "between"}};
    for (const Experiment& e : c.experiments)
      rows.push_back({e.name, expected(e), number(e.gain, 2), number(e.separation, 2), cells(e), fmt::format("{} | {}", e.first, e.second)});
    out += columns(rows, "lrrrrl") + "gain: expected from one cell about which explanation holds. cells: until the two of the last column are two deviations apart.\n\n";
  }
  return out + conclusion(c);
}

std::string json(const MechanismComparison& c) {
  Json ranking = Json::array(), experiments = Json::array();
  for (const Ranked& r : c.ranking)
    ranking.push_back({{"explanation", r.explanation.name}, {"meaning", r.explanation.meaning}, {"fitted_numbers", r.numbers}, {"determined_numbers", r.effective}, {"rows", r.rows},
                       {"deviance", r.deviance}, {"aicc", r.aicc ? Json(*r.aicc) : Json(nullptr)}, {"log_evidence", r.evidence}, {"predicted", r.predicted}, {"hits", r.hits},
                       {"log_score", c.left_out > 0 ? Json(r.log_score) : Json(nullptr)}, {"behind", r.behind}, {"behind_error", r.behind_error}, {"survives", r.survives}, {"weight", r.weight}, {"missed", r.missed}});
  for (const Experiment& e : c.experiments) {
    Json expected = Json::array();
    for (const auto& x : e.expectations)
      expected.push_back({{"explanation", x.explanation}, {"ccd", {{"value", x.median}, {"unit", "A/m2"}}}, {"deviation_of_logarithm", x.deviation}});
    experiments.push_back({{"name", e.name}, {"description", e.description}, {"study", e.study}, {"gain_bits", e.gain}, {"separation", e.separation}, {"first", e.first}, {"second", e.second},
                           {"cells", e.cells ? Json(*e.cells) : Json(nullptr)}, {"expected", std::move(expected)}});
  }
  return dump({{"schema", "platen.mechanisms/1"}, {"publication", c.published() ? Json("ham2022") : Json(nullptr)}, {"subject", c.subject}, {"groups_left_out", c.left_out}, {"undecided_bits", c.undecided}, {"ranking", std::move(ranking)}, {"experiments", std::move(experiments)}});
}

std::string html(const MechanismComparison& c, std::string_view program) {
  std::string body = fmt::format("<h1>Rival explanations of {}</h1>\n", c.published() ? "Ham et al. 2022" : escape(c.subject));
  body += fmt::format("<p class=\"soft\">{}</p>\n<p>{}</p>\n", escape(program), escape(conclusion(c)));
  body += "<h2>What each explanation predicts</h2>\n" + figure(score_figure(c), c.left_out > 0 ? "Predictions of what was left out of the fit. Bars: standard error of the difference to the best."
                                                                                              : "Half the difference in AICc to the best: nothing could be left out.");
  body += ranking_table(c);
  body += fmt::format("<p class=\"soft\">{} Misfit: −2 ln likelihood. Cannot explain: what the fit to everything misses.</p>\n", escape(legend(c)));
  if (!c.experiments.empty()) {
    body += "<h2>Experiments that would tell</h2>\n" + figure(experiment_figure(c), "Median over draws of each explanation's numbers; bars: one deviation of what it does not know of its own numbers. Cells scatter besides.");
    body += experiment_table(c);
  }
  return document("Rival explanations", body);
}

std::string headline(const LeftOut& l) {
  const calibrate::LeftOutCount n = calibrate::count(l);
  return fmt::format("Predicted without their figure: {} are met, with {} fitted numbers.\nThe fits themselves expected {:.1f} of the {} with a probability (Brier score {:.2f}; 0 the best, 0.25 a coin). {}.\n",
                     calibrate::phrase(n), l.numbers, n.expected, n.with_probability, n.brier, l.program);
}

std::string in_sample(const std::vector<TargetResult>& targets) {
  const TargetCounts n = count(targets);
  std::vector<std::string> missed;
  for (const TargetResult& r : targets)
    if (r.target.target_class == "model" && r.verdict == TargetVerdict::missed) missed.push_back(r.target.id);
  return fmt::format("In sample, where {} numbers of the laws were fitted to these rows, {} of {} model rows are met, {} missed{}, {} not evaluated: that is no evidence. "
                     "Of the {} model rows to which nothing was fitted, {} are met.\n",
                     n.fitted_numbers, n.model_met, n.model, missed.size(), missed.empty() ? "" : fmt::format(" ({})", fmt::join(missed, ", ")), n.model - n.model_evaluated, n.unfitted,
                     n.unfitted_met);
}

std::string text(const LeftOut& l) {
  std::vector<std::vector<std::string>> rows{{"figure", "row", "class", "paper", "accepted", "predicted", "unit", "verdict", "probability"}};
  const std::vector<Target> targets = ham2022_targets();
  for (const auto& r : l.rows) {
    const Target& t = *std::find_if(targets.begin(), targets.end(), [&](const Target& one) { return one.id == r.row; });
    const std::string low = t.low ? number(*t.low) : "", high = t.high ? number(*t.high) : "";
    rows.push_back({r.figure, r.row, r.row_class, t.value ? number(*t.value) : t.value_text, fmt::format("{} - {}", low, high), r.platen, r.unit, std::string(label(r.verdict)),
                    r.in_band ? fmt::format("{:.2f}", *r.in_band) : "-"});
  }
  return columns(rows, "lllrrrllr") + "\n" + headline(l);
}

std::string json(const LeftOut& l) {
  const calibrate::LeftOutCount n = calibrate::count(l);
  Json rows = Json::array();
  for (const auto& r : l.rows)
    rows.push_back({{"figure", r.figure}, {"row", r.row}, {"class", r.row_class}, {"predicted", r.platen}, {"unit", r.unit}, {"verdict", label(r.verdict)}, {"probability", r.in_band ? Json(*r.in_band) : Json(nullptr)}});
  return dump({{"schema", "platen.left-out/1"}, {"publication", "ham2022"}, {"program", l.program}, {"fitted_numbers", l.numbers}, {"model_rows", n.rows}, {"model_met", n.hits},
               {"rate_low", n.bounds.low}, {"rate_high", n.bounds.high}, {"expected_hits", n.expected}, {"rows_with_probability", n.with_probability}, {"brier", n.brier}, {"rows", std::move(rows)}});
}

} // namespace platen::report
