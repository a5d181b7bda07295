#include "advise/ensemble.hpp"

#include "base/embedded.hpp"
#include "material/material.hpp"
#include "numerics/random.hpp"
#include "study/parameters.hpp"
#include "study/sections.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <span>

namespace platen::advise {

std::span<const EmbeddedText> built_in_ensembles();

namespace {

/// A number of the set that may be anything in its range.
struct Uncertain {
  const physics::ParameterInfo* row;
  double value, low, high;
};

/// The study's parameter set, with its ranges: a built-in or one of the files that the study was read from.
std::optional<material::ParameterSet> set_of(const Study& study) {
  const std::vector<material::Wanted> wanted = wanted_of_set();
  const auto names = material::set_names();
  std::vector<std::string> requests;
  if (std::find(names.begin(), names.end(), study.parameter_set) != names.end()) requests.push_back(study.parameter_set);
  else
    for (const auto& [path, text] : study.sources) requests.push_back(path);
  for (const std::string& request : requests) {
    try {
      material::ParameterSet set = material::read_set({.name = request}, wanted);
      if (set.name == study.parameter_set) return set;
    } catch (const Error&) { // the study file itself, or a card
      continue;
    }
  }
  return std::nullopt;
}

/// Parameters of an explanation that differ from the study's and lie outside their set's range.
std::vector<std::string> outside_of(const Study& explanation, const Study& study, const std::optional<material::ParameterSet>& set) {
  std::vector<std::string> out;
  if (!set) return out;
  for (const material::Property& p : set->properties) {
    const physics::ParameterInfo* row = physics::find_parameter(p.key);
    if (row == nullptr || !p.range) continue;
    const double value = explanation.parameters.*row->member;
    const bool outside = value < p.range->first - 1e-9 * std::abs(p.range->first) || value > p.range->second + 1e-9 * std::abs(p.range->second);
    if (outside && value != study.parameters.*row->member) out.push_back(p.key);
  }
  return out;
}

std::vector<Uncertain> uncertain_of(const Study& study, const material::ParameterSet& set) {
  std::vector<Uncertain> out;
  for (const material::Property& p : set.properties) {
    const physics::ParameterInfo* row = physics::find_parameter(p.key);
    if (row == nullptr || p.basis != "fitted" || !p.range || !(p.range->first < p.range->second)) continue;
    if (study.parameters.*row->member != p.value) continue; // the study knows better
    out.push_back({row, p.value, p.range->first, p.range->second});
  }
  return out;
}

/// Quantile of the triangular distribution on [0, 1] with its mode at `mode`.
double triangular(double u, double mode) {
  return u < mode ? std::sqrt(u * mode) : 1.0 - std::sqrt((1.0 - u) * (1.0 - mode));
}

/// In the logarithm where a range spans a factor of three or more.
double drawn(const Uncertain& p, double u) {
  if (p.low > 0.0 && p.high / p.low >= 3.0) {
    const double low = std::log(p.low), width = std::log(p.high) - low;
    return std::exp(low + width * triangular(u, (std::log(p.value) - low) / width));
  }
  return p.low + (p.high - p.low) * triangular(u, (p.value - p.low) / (p.high - p.low));
}

std::vector<std::size_t> shuffled(std::size_t count, numerics::RandomStream& stream) {
  std::vector<double> keys;
  for (std::size_t k = 0; k < count; ++k) keys.push_back(stream.uniform());
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  std::sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  return out;
}

/// Rival explanations of docs/theory/mechanisms.md, each one switch away from the study; the study's own counts as much as all of them.
std::vector<std::pair<double, Mechanisms>> rivals(const Mechanisms& own) {
  constexpr std::array<bool Mechanisms::*, 4> switches{&Mechanisms::pressure_swing, &Mechanisms::yielding_gap, &Mechanisms::uneven_current, &Mechanisms::fatigue};
  std::vector<std::pair<double, Mechanisms>> out{{0.5, own}};
  for (const auto member : switches) {
    Mechanisms other = own;
    other.*member = !(own.*member);
    out.emplace_back(0.5 / static_cast<double>(switches.size()), other);
  }
  return out;
}

} // namespace

std::string mechanisms_in_words(const Mechanisms& of, const Mechanisms& study) {
  std::string out;
  for (const MechanismInfo& row : mechanism_registry())
    if (of.*row.member != study.*row.member) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", row.name, of.*row.member ? "on" : "off");
  return out.empty() ? "as in the study" : out;
}

std::vector<std::size_t> systematic_draw(const std::vector<double>& weights, std::size_t count, std::uint64_t seed) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double offset = numerics::RandomStream(seed, "advise rows").uniform();
  std::vector<std::size_t> out;
  double upto = 0.0;
  for (std::size_t row = 0; row < weights.size(); ++row) {
    upto += weights[row] / sum * static_cast<double>(count);
    while (out.size() < count && static_cast<double>(out.size()) + offset < upto) out.push_back(row);
  }
  while (out.size() < count && !weights.empty()) out.push_back(weights.size() - 1); // rounding of the last sum
  return out;
}

Ensemble ensemble_of_table(const Variants& variants, const OverrideTable& table, std::size_t sets, std::uint64_t seed) {
  Ensemble out;
  out.conditioned = true;
  const std::vector<double> weights = table.weights.empty() ? std::vector<double>(table.rows(), 1.0) : table.weights;
  if (!(std::accumulate(weights.begin(), weights.end(), 0.0) > 0.0)) throw Error("C087", "no row of the ensemble has a weight", Place{.file = table.name, .text = {}});
  std::map<std::size_t, std::size_t> copies;
  for (const std::size_t row : systematic_draw(weights, sets, seed)) ++copies[row];
  const auto set = set_of(variants.base());
  std::optional<Error> first;
  std::size_t refused = 0, drawn_rows = 0;
  for (const auto& [row, count] : copies) {
    try {
      Explanation e{variants.study(table.row(row), table.origin(row)), {}, 1.0, {}};
      e.mechanisms = table.explanations.empty() || table.explanations[row].empty() ? mechanisms_in_words(e.study.mechanisms, variants.base().mechanisms) : table.explanations[row];
      e.outside = outside_of(e.study, variants.base(), set);
      e.study.resolved.clear();
      e.study.sources.clear();
      for (std::size_t k = 0; k < count; ++k) out.sets.push_back(e);
      drawn_rows += 1;
    } catch (const Error& error) {
      if (!first) first = error;
      refused += count;
    }
  }
  if (out.sets.empty()) throw *first;
  for (Explanation& e : out.sets) e.weight = 1.0 / static_cast<double>(out.sets.size());
  if (refused > 0)
    out.warnings.push_back({Severity::warning, "C087", fmt::format("{} of {} members of the ensemble give no study and are left out: {}", refused, sets, first->diagnostics().front().message), std::nullopt, {}});
  out.name = fmt::format("{} of {} rows of {}", drawn_rows, table.rows(), table.name);
  return out;
}

OverrideTable without_stated(const OverrideTable& table, const Study& study, std::vector<std::string>& left_out) {
  std::vector<std::size_t> kept;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto stated = std::find_if(study.resolved.begin(), study.resolved.end(), [&](const config::Resolved& r) { return r.key == table.columns[c].key; });
    const bool own = physics::find_parameter(table.columns[c].key) != nullptr && stated != study.resolved.end() && !stated->origin.starts_with("set ") && !stated->origin.starts_with("card ");
    if (own) left_out.push_back(fmt::format("`{}`", table.columns[c].key));
    else kept.push_back(c);
  }
  OverrideTable out = table;
  out.columns.clear();
  out.values.clear();
  for (const std::size_t c : kept) out.columns.push_back(table.columns[c]);
  for (std::size_t row = 0; row < table.rows(); ++row)
    for (const std::size_t c : kept) out.values.push_back(table.row(row)[c]);
  return out;
}

Ensemble ensemble_for(const Study& study, const std::filesystem::path& study_file, const EnsembleRequest& request) {
  if (!request.table.empty()) {
    const OverrideTable table = read_overrides(request.table);
    return ensemble_of_table(Variants::read(study_file, table.columns), table, request.sets, request.seed);
  }
  for (const EmbeddedText& built_in : built_in_ensembles())
    if (built_in.name == study.parameter_set + "-ensemble") {
      std::vector<std::string> left_out;
      const OverrideTable table = without_stated(parse_overrides(built_in.text, fmt::format("the built-in ensemble {}", built_in.name)), study, left_out);
      Ensemble out = ensemble_of_table(Variants::read(study_file, table.columns), table, request.sets, request.seed);
      if (!left_out.empty())
        out.warnings.push_back({Severity::warning, "C088", fmt::format("the study states {} itself: the ensemble does not change it, though its other numbers were fitted together with it", fmt::join(left_out, ", ")), std::nullopt, {}});
      return out;
    }
  return ensemble_of_ranges(study, request.sets, request.seed);
}

Ensemble ensemble_of_ranges(const Study& study, std::size_t sets, std::uint64_t seed) {
  Ensemble out;
  const auto set = set_of(study);
  const std::vector<Uncertain> uncertain = set ? uncertain_of(study, *set) : std::vector<Uncertain>{};
  const auto mechanisms = rivals(study.mechanisms);
  std::vector<double> weights;
  for (const auto& [weight, m] : mechanisms) weights.push_back(weight);
  const std::vector<std::size_t> which = systematic_draw(weights, sets, seed);
  out.name = fmt::format("{} fitted numbers of {} drawn one by one from their ranges, {} mechanisms", uncertain.size(), study.parameter_set, mechanisms.size());
  for (std::size_t j = 0; j < sets; ++j) {
    Explanation e{study, mechanisms_in_words(mechanisms[which[j]].second, study.mechanisms), 1.0 / static_cast<double>(sets), {}};
    e.study.mechanisms = mechanisms[which[j]].second;
    e.study.resolved.clear();
    e.study.sources.clear();
    out.sets.push_back(std::move(e));
  }
  for (const Uncertain& p : uncertain) {
    numerics::RandomStream stream(seed, fmt::format("advise {}", p.row->name));
    const std::vector<std::size_t> places = shuffled(sets, stream);
    for (std::size_t j = 0; j < sets; ++j)
      out.sets[j].study.parameters.*p.row->member = drawn(p, (static_cast<double>(places[j]) + stream.uniform()) / static_cast<double>(sets));
  }
  return out;
}

} // namespace platen::advise
