#include "referee/measure.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::referee {
namespace {

using corpus::Condition;

constexpr std::array durations{0.0, 30.0, 120.0, 600.0, 3600.0, std::numeric_limits<double>::infinity()}; // s
constexpr std::array shares{0.02, 0.1, 0.2, 0.35, 0.6, 0.9, 1.01};

bool has_short(const Judged& j) {
  const Condition c = j.label.condition;
  return c == Condition::soft_short || c == Condition::hard_short || c == Condition::fake_stable;
}
bool is_sound(const Judged& j) { return j.label.condition == Condition::healthy || j.label.condition == Condition::contact_loss; }
bool is_healthy(const Judged& j) { return j.label.condition == Condition::healthy; }
bool is_hard(const Judged& j) { return j.label.condition == Condition::hard_short; }
bool is_long_soft(const Judged& j) { return j.label.condition == Condition::soft_short && j.label.duration > soft_asked_for; }
bool is_old(const Judged& j) { return j.label.condition == Condition::fake_stable; }
bool onset_right(const Judged& j) { return j.answer.onset_error && std::abs(*j.answer.onset_error) <= tolerance(j.label); }

template <class Which, class Hit> Rate rate(const std::vector<Judged>& cells, Which which, Hit hit) {
  Rate out;
  for (const Judged& j : cells)
    if (which(j)) out.count(hit(j));
  return out;
}

bool found(const Judged& j) { return j.answer.found; }
bool alarm(const Judged& j) { return j.answer.alarm; }

std::vector<Aim> aims(const std::vector<Judged>& cells) {
  const auto found_with_onset = [](auto which) { return [which](const Judged& j) { return which(j) && j.answer.found; }; };
  std::vector<Aim> out;
  out.push_back({"hard shorts found", rate(cells, is_hard, found), 0.99, true});
  out.push_back({"soft shorts longer than 2 min found", rate(cells, is_long_soft, found), 0.95, true});
  out.push_back({"onset of found hard shorts within a sample or 30 s", rate(cells, found_with_onset(is_hard), onset_right), 0.99, true});
  out.push_back({"onset of found soft shorts within a sample or 30 s", rate(cells, found_with_onset(is_long_soft), onset_right), 0.95, true});
  out.push_back({"healthy cells called shorted", rate(cells, is_healthy, alarm), 0.0, false});
  return out;
}

std::vector<OperatingPoint> curve(const std::vector<Judged>& cells) {
  std::vector<OperatingPoint> out;
  for (int k = 1; k < 20; ++k) {
    const double score = 0.05 * k;
    const auto reached = [&](const Judged& j) { return j.answer.score_in_short >= score; };
    out.push_back({score, rate(cells, is_hard, reached), rate(cells, is_long_soft, reached), rate(cells, is_old, reached),
                   rate(cells, is_healthy, [&](const Judged& j) { return j.answer.score >= score; })});
  }
  return out;
}

template <std::size_t N, class Which, class Value>
std::vector<Bin> bins(const std::vector<Judged>& cells, const std::array<double, N>& edges, Which which, Value value) {
  std::vector<Bin> out;
  for (std::size_t k = 0; k + 1 < N; ++k) {
    const auto in_bin = [&](const Judged& j) { return which(j) && value(j) >= edges[k] && value(j) < edges[k + 1]; };
    out.push_back({edges[k], std::min(edges[k + 1], N == shares.size() ? 1.0 : edges[k + 1]), rate(cells, in_bin, found)});
  }
  return out;
}

OnsetErrors onset_errors(const std::vector<Judged>& cells) {
  std::vector<double> errors;
  OnsetErrors out;
  for (const Judged& j : cells) {
    if (!has_short(j) || !j.answer.found || !j.answer.onset_error) continue;
    errors.push_back(*j.answer.onset_error);
    out.early += j.answer.early ? 1U : 0U;
  }
  out.count = errors.size();
  const auto at = [&](double p) { return errors.empty() ? std::numeric_limits<double>::quiet_NaN() : numerics::quantile(errors, p); };
  out.least = at(0.0);
  out.low = at(0.025);
  out.median = at(0.5);
  out.high = at(0.975);
  out.most = at(1.0);
  return out;
}

void add(Rate& rate, std::size_t hits, std::size_t of) {
  rate.hits += hits;
  rate.of += of;
}

std::vector<KindRow> by_kind(const std::vector<Judged>& cells) {
  std::vector<KindRow> out;
  for (const corpus::Generator g : {corpus::Generator::simulated, corpus::Generator::described})
    for (const std::string& kind : corpus::kinds(g)) {
      KindRow row{kind, 0, {}, {}, {}};
      for (const Judged& j : cells) {
        if (j.generator != g || j.label.kind != kind) continue;
        ++row.cells;
        if (has_short(j)) row.found.count(j.answer.found);
        else if (is_sound(j)) row.alarms.count(j.answer.alarm);
        else row.faint.count(j.answer.alarm);
      }
      if (row.cells > 0) out.push_back(std::move(row));
    }
  return out;
}

std::vector<Worth> worths(const std::vector<Judged>& cells) {
  std::vector<Worth> out;
  for (const std::string_view name : evidence_names()) {
    Worth w{std::string(name), 0, 0, 0, {}, 0, 0};
    for (const Judged& j : cells) {
      const auto there = std::find_if(j.without.begin(), j.without.end(), [&](const Ablation& a) { return a.test == name; });
      const bool made = there != j.without.end();
      w.made += made ? 1U : 0U;
      const bool found_without = made ? there->found : j.answer.found, alarm_without = made ? there->alarm : j.answer.alarm;
      if (has_short(j)) {
        w.found.count(found_without);
        w.lost += j.answer.found && !found_without ? 1U : 0U;
        w.gained += !j.answer.found && found_without ? 1U : 0U;
      } else if (is_sound(j)) {
        w.alarms_more += !j.answer.alarm && alarm_without ? 1U : 0U;
        w.alarms_less += j.answer.alarm && !alarm_without ? 1U : 0U;
      }
    }
    if (w.made > 0) out.push_back(std::move(w));
  }
  return out;
}

/// Likelier found than not, by who knows the habits of healthy cells.
bool can_be_found(const Bound& bound) { return power(bound.habits) >= 0.5; }
bool can_be_dated(const Judged& j) { return j.bound->told_after && *j.bound->told_after <= tolerance(j.label); }

template <class Which> Possible possible(const std::vector<Judged>& cells, std::string name, Which which) {
  Possible out;
  out.name = std::move(name);
  for (const Judged& j : cells) {
    if (!which(j) || !j.bound) continue;
    ++out.cells;
    out.known += power(j.bound->known);
    out.habits += power(j.bound->habits);
    out.within += power(j.bound->within);
    out.found += j.answer.found ? 1U : 0U;
    if (!can_be_found(*j.bound)) ++out.hidden;
    else if (!j.answer.found) ++out.missed;
  }
  return out;
}

template <class Which> Dated dated(const std::vector<Judged>& cells, std::string name, Which which) {
  Dated out;
  out.name = std::move(name);
  for (const Judged& j : cells) {
    if (!which(j) || !j.bound || !j.answer.found) continue;
    const bool can = can_be_dated(j);
    out.told.count(can);
    (can ? out.right : out.by_luck).count(onset_right(j));
  }
  return out;
}

} // namespace

std::vector<Judged> judge_cells(const Plan& plan, const work::Task& task) {
  std::vector<Judged> out(plan.generators.size() * plan.cells);
  const auto one = [&](std::size_t k) {
    const corpus::Generator generator = plan.generators[k / plan.cells];
    const work::Task stop{task.stop, {}};
    const std::uint64_t seed = corpus::seed_of(plan.set, plan.first + k % plan.cells);
    out[k] = judge_cell(corpus::make_cell(generator, seed, stop), plan.ablation);
    if (plan.bound && has_short(out[k])) out[k].bound = bound_of(corpus::make_twins(generator, seed, stop));
  };
  work::parallel_for(out.size(), one, plan.threads, task);
  return out;
}

double Rate::value() const {
  return of == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(hits) / static_cast<double>(of);
}

numerics::Bounds Rate::bounds() const { return numerics::binomial_bounds(hits, of); }

std::optional<bool> Aim::met() const {
  if (rate.of == 0) return std::nullopt;
  return at_least ? rate.value() >= wanted : rate.value() <= wanted;
}

Summary summarise(const std::vector<Judged>& cells, std::string name) {
  Summary out;
  out.name = std::move(name);
  out.cells = cells.size();
  for (const Judged& j : cells) {
    out.rows += j.rows;
    const auto row = std::find(conditions.begin(), conditions.end(), j.label.condition) - conditions.begin();
    const auto column = std::find(verdicts.begin(), verdicts.end(), j.answer.verdict) - verdicts.begin();
    ++out.confusion[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
    if (j.label.condition == Condition::faint_leak) continue;
    add(out.before, j.half_cycles.before_called, j.half_cycles.before);
    add(out.during, j.half_cycles.during_called, j.half_cycles.during);
    add(out.after, j.half_cycles.after_called, j.half_cycles.after);
  }
  out.aims = aims(cells);
  out.curve = curve(cells);
  out.by_duration = bins(cells, durations, has_short, [](const Judged& j) { return j.label.duration; });
  out.by_share = bins(cells, shares, [](const Judged& j) { return !is_sound(j); }, [](const Judged& j) { return j.label.share; });
  out.onset = onset_errors(cells);
  out.kinds = by_kind(cells);
  if (std::any_of(cells.begin(), cells.end(), [](const Judged& j) { return !j.without.empty(); })) out.tests = worths(cells);
  if (std::any_of(cells.begin(), cells.end(), [](const Judged& j) { return j.bound.has_value(); })) {
    out.possible = {possible(cells, "hard shorts", is_hard), possible(cells, "soft shorts longer than 2 min", is_long_soft)};
    out.dated = {dated(cells, "hard shorts", is_hard), dated(cells, "soft shorts longer than 2 min", is_long_soft)};
  }
  return out;
}

std::vector<Summary> summaries(const std::vector<Judged>& cells) {
  std::vector<Summary> out;
  for (const corpus::Generator g : {corpus::Generator::simulated, corpus::Generator::described}) {
    std::vector<Judged> some;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(some), [&](const Judged& j) { return j.generator == g; });
    if (!some.empty()) out.push_back(summarise(some, std::string(label(g))));
  }
  if (out.size() > 1) out.push_back(summarise(cells, "all"));
  return out;
}

} // namespace platen::referee
