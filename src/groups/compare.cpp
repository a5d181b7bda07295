#include "groups/compare.hpp"

#include "base/error.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace platen::groups {
namespace {

constexpr double usual_difference = 2.0; // A/m2

/// Takes out what has no CCD or does not say a factor that is asked for.
void part_rows(std::vector<CcdRow> rows, const CompareOptions& options, Comparison& out) {
  std::vector<std::string> wanted;
  if (!out.by.empty()) wanted.push_back(out.by);
  for (const Term& term : options.terms)
    if (std::find(wanted.begin(), wanted.end(), term.factor) == wanted.end()) wanted.push_back(term.factor);
  for (CcdRow& row : rows) {
    std::string reason = row.refused;
    for (const std::string& factor : wanted)
      if (reason.empty() && row.find(factor) == nullptr) reason = fmt::format("its {} is not known", factor);
    if (reason.empty()) out.rows.push_back(std::move(row));
    else out.left_out.push_back({row.name, row.source, reason});
  }
  if (!out.rows.empty()) return;
  std::set<std::string> known;
  for (const CcdRow& row : rows)
    for (const Factor& f : row.factors) known.insert(f.name);
  std::vector<std::string> hints;
  if (!out.left_out.empty()) hints.push_back(fmt::format("{}: {}", out.left_out.front().name, out.left_out.front().reason));
  for (const std::string& factor : wanted)
    if (!known.contains(factor))
      if (const auto meant = did_you_mean(factor, {known.begin(), known.end()})) hints.insert(hints.begin(), fmt::format("did you mean `{}`?", *meant));
  if (!known.empty()) hints.push_back(fmt::format("conditions that are known: {}", fmt::join(known, ", ")));
  hints.emplace_back("`--table cells.csv` adds conditions, one row per file");
  throw Error("D469", fmt::format("none of the {} cells has a CCD{}", rows.size(), wanted.empty() ? "" : fmt::format(" and a known {}", fmt::join(wanted, ", "))),
              std::nullopt, std::move(hints));
}

/// A factor given in two dimensions cannot make groups.
void refuse_mixed(const Comparison& c) {
  if (c.by.empty()) return;
  const Factor& first = *c.rows.front().find(c.by);
  for (const CcdRow& row : c.rows) {
    const Factor& f = *row.find(c.by);
    if (f.number.has_value() == first.number.has_value() && f.dimension == first.dimension) continue;
    throw Error("D464", fmt::format("`{}` of `{}` is {}, of `{}` {}: words or units are mixed", c.by, row.name, shown(f), c.rows.front().name, shown(first)),
                std::nullopt, {"a condition is a word in all cells, or a number of one kind of unit"});
  }
}

void make_groups(Comparison& c) {
  std::vector<Interval> all;
  for (const CcdRow& row : c.rows) all.push_back(interval_of(row));
  merge_ends(all);
  std::vector<std::pair<Factor, std::vector<std::size_t>>> levels;
  for (std::size_t k = 0; k < c.rows.size(); ++k) {
    const Factor f = c.by.empty() ? Factor{.name = {}, .number = {}, .dimension = {}, .shown_in = {}, .word = "all cells"} : *c.rows[k].find(c.by);
    const auto found = std::find_if(levels.begin(), levels.end(), [&](const auto& l) { return same_level(l.first, f); });
    if (found == levels.end()) levels.push_back({f, {k}});
    else found->second.push_back(k);
  }
  std::sort(levels.begin(), levels.end(), [](const auto& a, const auto& b) { return lower_level(a.first, b.first); });
  for (auto& [level, members] : levels) {
    Group g;
    g.name = shown(level);
    g.members = std::move(members);
    for (const std::size_t k : g.members) g.sample.push_back(all[k]);
    g.counts = count(g.sample);
    c.groups.push_back(std::move(g));
  }
}

Bounds as_ccd(const Bounds& b) { return {std::exp(b.low), std::exp(b.high)}; }

GroupFit fit_group(Distribution distribution, const Group& g) {
  const Design design = intercept_only(g.sample.size());
  GroupFit out;
  out.fit = fit_aft(distribution, g.sample, design, 0.5);
  out.median = std::exp(out.fit.beta[0]);
  out.aicc = aicc(out.fit.log_likelihood, 2, g.sample.size());
  out.median_bounds = as_ccd(profile_beta(out.fit, g.sample, design, 0, Cut::small_group, 0.95, 0.5));
  const AftFit low = fit_aft(distribution, g.sample, design, 0.1);
  out.tenth = std::exp(low.beta[0]);
  out.tenth_bounds = as_ccd(profile_beta(low, g.sample, design, 0, Cut::small_group, 0.95, 0.1));
  out.sigma_bounds = profile_sigma(out.fit, g.sample, design, 0.95, 0.5);
  return out;
}

void describe_group(Group& g, const CompareOptions& options, std::size_t index, const work::Task& task) {
  g.turnbull = turnbull(g.sample);
  g.band = confidence_band(g.sample, g.turnbull, {.seed = options.seed + index, .resamples = options.resamples}, task);
  if (g.counts.cells < 2) g.no_fit = "one cell alone has no scatter";
  else if (g.counts.failed() == 0) g.no_fit = "no short was seen in any of its cells: all that is known is what they passed";
  else if (g.counts.failed() == g.counts.left) g.no_fit = "every short came in the first step: the ramp began too high";
  if (!g.no_fit.empty()) return;
  for (const Distribution d : {Distribution::weibull, Distribution::log_normal}) g.fits.push_back(fit_group(d, g));
  std::stable_sort(g.fits.begin(), g.fits.end(), [](const GroupFit& a, const GroupFit& b) { return a.aicc < b.aicc; });
}

void test_groups(Comparison& c, const CompareOptions& options) {
  if (c.groups.size() < 2) {
    c.no_test = c.by.empty() ? "no condition was named to compare by" : fmt::format("every cell has the same {}: there is nothing to compare", c.by);
    return;
  }
  std::vector<Interval> pooled;
  std::vector<std::size_t> group;
  std::vector<double> place;
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    std::vector<Interval> sample = c.groups[g].sample; // in an order of its own: sums and random deals hang on no order of files
    std::sort(sample.begin(), sample.end(), [](const Interval& a, const Interval& b) { return std::pair(a.low, a.high) < std::pair(b.low, b.high); });
    pooled.insert(pooled.end(), sample.begin(), sample.end());
    group.insert(group.end(), sample.size(), g);
    place.insert(place.end(), sample.size(), static_cast<double>(g));
  }
  const Turnbull all = turnbull(pooled);
  const auto log_rank = scores_of(Scores::log_rank, pooled, all), wilcoxon = scores_of(Scores::wilcoxon, pooled, all);
  const auto differ = [](const std::vector<double>& s) { return std::any_of(s.begin(), s.end(), [&](double v) { return std::abs(v - s.front()) > 1e-9; }); };
  if (!differ(log_rank) && !differ(wilcoxon)) {
    c.no_test = "the intervals of all cells overlap, or no short was seen: nothing tells the groups apart";
    return;
  }
  const PermutationOptions permutation{.seed = options.seed, .deals = options.deals};
  c.log_rank = permute_groups(log_rank, group, permutation);
  c.wilcoxon = permute_groups(wilcoxon, group, permutation);
  if (c.groups.size() > 2 && c.rows.front().find(c.by)->number) c.trend = permute_trend(log_rank, place, permutation);
}

/// The intervals in the order of the rows.
std::vector<Interval> sample_of(const Comparison& c) {
  std::vector<Interval> out(c.rows.size());
  for (const Group& g : c.groups)
    for (std::size_t k = 0; k < g.members.size(); ++k) out[g.members[k]] = g.sample[k];
  return out;
}

void model(Comparison& c, const CompareOptions& options) {
  std::vector<Term> terms = options.terms;
  if (terms.empty() && !c.by.empty() && c.groups.size() > 1) terms.push_back({c.by, Term::Kind::category});
  if (terms.empty()) {
    c.no_regression = "no condition differs between the cells";
    return;
  }
  try {
    c.regressions = regress(c.rows, sample_of(c), terms);
  } catch (const Error& error) {
    if (error.diagnostics().front().code != "D468") throw;
    c.no_regression = error.diagnostics().front().message;
  }
}

/// The ramp that the cells went through: their usual grid, the first step where cells failed in it, and the highest step that was tried.
RampGrid usual_ramp(const Comparison& c, const CompareOptions& options) {
  std::vector<double> grids;
  double highest = 0.0;
  for (const CcdRow& row : c.rows) {
    if (row.grid) grids.push_back(*row.grid);
    highest = std::max({highest, row.last_passed.value_or(0.0), row.failing_step.value_or(0.0)});
  }
  for (const Group& g : c.groups)
    for (const Interval& i : g.sample)
      if (grids.empty() && !i.right_censored() && !i.exact()) grids.push_back(i.high - i.low);
  RampGrid out;
  out.increment = options.grid.value_or(grids.empty() ? 1.0 : numerics::median(grids));
  out.start = options.start.value_or(out.increment);
  out.cap = options.cap.value_or(highest);
  return out;
}

/// The model with one median per group and one scatter: a term that fits badly would add what it misses to the scatter.
std::optional<Regression> scatter_within(const Comparison& c) {
  if (c.groups.size() < 2) return std::nullopt;
  try {
    return regress(c.rows, sample_of(c), std::vector<Term>{{c.by, Term::Kind::category}}).front();
  } catch (const Error&) { // too few cells for that
    return std::nullopt;
  }
}

void make_plan(Comparison& c, const CompareOptions& options, const work::Task& task) {
  PlanQuestion q;
  q.seed = options.seed;
  q.simulations = options.simulations;
  q.difference = options.difference.value_or(usual_difference);
  q.ramp = usual_ramp(c, options);
  const GroupFit* alone = nullptr;
  for (const Group& g : c.groups)
    if (alone == nullptr && !g.fits.empty()) alone = &g.fits.front();
  if (const auto within = scatter_within(c); within && within->fit.standing == Standing::regular) {
    q.distribution = within->distribution;
    q.sigma = within->fit.sigma;
  } else if (alone != nullptr && alone->fit.standing == Standing::regular) {
    q.distribution = alone->fit.distribution;
    q.sigma = alone->fit.sigma;
  }
  if (alone != nullptr) q.median = alone->median;
  if (options.scatter) q.sigma = *options.scatter;
  if (options.median) q.median = *options.median;
  if (!(q.sigma > 0.0) || !(q.median > 0.0)) {
    c.no_plan = "the scatter between cells is not known: name it with --scatter, and --median";
    return;
  }
  // A cap below the higher median would hide the very difference that is asked for.
  if (!options.cap) q.ramp.cap = std::max(q.ramp.cap, (q.median + std::max(0.0, q.difference)) * std::exp(2.0 * q.sigma));
  c.plan = plan(q, task);
}

/// Seeds that simulated cells of several groups have in common.
std::string shared_seeds(const Comparison& c) {
  std::map<double, std::set<std::size_t>> groups;
  for (std::size_t g = 0; g < c.groups.size(); ++g)
    for (const std::size_t k : c.groups[g].members)
      if (const Factor* seed = c.rows[k].find("seed"); seed != nullptr && seed->number && *seed->number != 0.0) groups[*seed->number].insert(g);
  std::vector<std::string> out;
  for (const auto& [seed, among] : groups)
    if (among.size() > 1) out.push_back(fmt::format("{:.17g}", seed));
  if (out.size() > 5) {
    out.resize(5);
    out.emplace_back("...");
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

/// Names that several rows bear, with their number.
std::string alike(const Comparison& c) {
  std::map<std::string, std::size_t> names;
  for (const CcdRow& row : c.rows) ++names[row.name];
  std::string out;
  for (const auto& [name, times] : names)
    if (times > 1) out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", name, times);
  return out;
}

/// Conditions that are known of every cell, alike within each group and not in all of them: nothing tells their effect from that of the groups.
std::vector<std::string> going_along(const Comparison& c) {
  std::vector<std::string> out;
  if (c.groups.size() < 2) return out;
  for (const Factor& f : c.rows.front().factors) {
    if (f.name == c.by || f.name == "seed") continue;
    const auto of = [&](std::size_t row) { return c.rows[row].find(f.name); };
    const bool known = std::all_of(c.rows.begin(), c.rows.end(), [&](const CcdRow& row) { return row.find(f.name) != nullptr; });
    const auto alike = [&](const Group& g) { return std::all_of(g.members.begin(), g.members.end(), [&](std::size_t k) { return same_level(*of(k), *of(g.members.front())); }); };
    const auto as_first = [&](const Group& g) { return same_level(*of(g.members.front()), *of(c.groups.front().members.front())); };
    if (known && std::all_of(c.groups.begin(), c.groups.end(), alike) && !std::all_of(c.groups.begin(), c.groups.end(), as_first)) out.push_back(f.name);
  }
  return out;
}

/// Whether symmetric and full cells stand in one group.
bool kinds_mixed(const Comparison& c) {
  const auto kind = [&](std::size_t row) {
    const Factor* f = c.rows[row].find("configuration");
    return f != nullptr ? f->word : std::string();
  };
  return std::any_of(c.groups.begin(), c.groups.end(), [&](const Group& g) {
    return std::any_of(g.members.begin(), g.members.end(), [&](std::size_t k) { return kind(k) != kind(g.members.front()); });
  });
}

void remark(Comparison& c, const CompareOptions& options) {
  if (kinds_mixed(c))
    c.notes.push_back("cells of several kinds (symmetric, full) stand in one group: they are charged and fail in other ways; compare each kind by itself, or name `configuration` in --factors");
  if (const std::vector<std::string> along = going_along(c); !along.empty())
    c.notes.push_back(fmt::format("what changes with the groups as well: {}; the difference may be theirs, no comparison of these cells can tell", fmt::join(along, ", ")));
  if (const std::string names = alike(c); !names.empty())
    c.notes.push_back(fmt::format("several cells have one name: {}; if they are the same cell, it is counted more than once", names));
  for (const Term& term : options.terms)
    if (std::all_of(c.rows.begin(), c.rows.end(), [&](const CcdRow& row) { return same_level(*row.find(term.factor), *c.rows.front().find(term.factor)); }))
      c.notes.push_back(fmt::format("every cell has the same {}: the model leaves it out", term.factor));
  std::vector<std::string> few;
  for (const Group& g : c.groups)
    if (g.counts.cells < 5) few.push_back(g.name);
  if (!few.empty())
    c.notes.push_back(fmt::format("fewer than five cells: {}; intervals of so few are wide where they are right (docs/theory/groups.md has the measured coverage)",
                                  fmt::join(few, ", ")));
  if (const std::string twins = shared_seeds(c); !twins.empty())
    c.notes.push_back(fmt::format("cells of different groups were simulated from the same seeds ({}): they share their scatter and are not independent", twins));
  for (const Group& g : c.groups) {
    for (const GroupFit& f : g.fits)
      if (f.fit.standing == Standing::no_scatter)
        c.notes.push_back(fmt::format("{}: the steps of the ramp are too coarse to show a scatter; the {} fit gives limits alone", g.name, label(f.fit.distribution)));
  }
  if (c.log_rank && c.log_rank->smallest > 0.05)
    c.notes.push_back(fmt::format("so few cells cannot give a p-value below {:.3g}, whatever they do", c.log_rank->smallest));
}

} // namespace

Comparison compare(std::vector<CcdRow> rows, const CompareOptions& options, const work::Task& task) {
  Comparison out;
  out.by = std::string(factor_key(options.by));
  part_rows(std::move(rows), options, out);
  refuse_mixed(out);
  make_groups(out);
  for (std::size_t g = 0; g < out.groups.size(); ++g) {
    task.check();
    describe_group(out.groups[g], options, g, task);
  }
  test_groups(out, options);
  model(out, options);
  make_plan(out, options, task);
  remark(out, options);
  return out;
}

} // namespace platen::groups
