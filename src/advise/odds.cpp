#include "advise/odds.hpp"

#include "base/error.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace platen::advise {
namespace {

/// Sets that have cells, their weights adding up to 1.
struct Weighted {
  std::vector<const SetOfCells*> sets;
  std::vector<double> weights;
};
Weighted weighted(std::span<const SetOfCells> sets) {
  Weighted out;
  double sum = 0.0;
  for (const SetOfCells& s : sets)
    if (!s.cells.empty() && s.weight > 0.0) {
      out.sets.push_back(&s);
      out.weights.push_back(s.weight);
      sum += s.weight;
    }
  if (out.sets.empty()) throw Error("B004", "chances of no cells were asked for");
  for (double& w : out.weights) w /= sum;
  return out;
}

using Value = std::function<double(const Cell01&)>;

/// Mean and variance (n - 1) over the cells of a set; without a second cell the variance is not known: 0 and so counted.
struct Moments {
  double mean = 0.0, variance = 0.0;
};
Moments moments(const SetOfCells& set, const Value& value) {
  Moments out;
  for (const Cell01& c : set.cells) out.mean += value(c);
  out.mean /= static_cast<double>(set.cells.size());
  if (set.cells.size() < 2) return out;
  for (const Cell01& c : set.cells) out.variance += (value(c) - out.mean) * (value(c) - out.mean);
  out.variance /= static_cast<double>(set.cells.size() - 1);
  return out;
}

/// One mechanism: its sets by index, the sum of their weights and the weighted mean.
struct Group {
  std::vector<std::size_t> members;
  double weight = 0.0, mean = 0.0;
};

VarianceSplit split(const Weighted& w, const Value& value) {
  VarianceSplit out;
  std::vector<Moments> of_set;
  std::map<std::string, Group> groups;
  double mean = 0.0;
  for (std::size_t j = 0; j < w.sets.size(); ++j) {
    of_set.push_back(moments(*w.sets[j], value));
    out.cells += w.weights[j] * of_set[j].variance;
    mean += w.weights[j] * of_set[j].mean;
    Group& g = groups[w.sets[j]->mechanisms];
    g.members.push_back(j);
    g.weight += w.weights[j];
    g.mean += w.weights[j] * of_set[j].mean;
  }
  // What the means of sets scatter within a mechanism, less what their few cells make of it.
  double seen = 0.0, by_cells = 0.0, share = 0.0;
  for (auto& [name, g] : groups) {
    g.mean /= g.weight;
    for (const std::size_t j : g.members) {
      const double within = w.weights[j] / g.weight, noise = of_set[j].variance / static_cast<double>(w.sets[j]->cells.size());
      seen += w.weights[j] * (of_set[j].mean - g.mean) * (of_set[j].mean - g.mean);
      by_cells += w.weights[j] * (1.0 - within) * noise;
      share += w.weights[j] * within;
    }
  }
  if (share < 1.0 - 1e-12) out.parameters = std::max(0.0, (seen - by_cells) / (1.0 - share));
  // What the mechanisms' means scatter, less what their few sets and cells make of it.
  for (const auto& [name, g] : groups) {
    out.mechanisms += g.weight * (g.mean - mean) * (g.mean - mean);
    for (const std::size_t j : g.members) {
      const double within = w.weights[j] / g.weight;
      out.mechanisms -= g.weight * (1.0 - g.weight) * within * within * (out.parameters + of_set[j].variance / static_cast<double>(w.sets[j]->cells.size()));
    }
  }
  out.mechanisms = std::max(0.0, out.mechanisms);
  return out;
}

/// Variance of the weighted mean over sets when sets are drawn anew.
double error_by_sets(const Weighted& w, const std::vector<double>& of_set) {
  double mean = 0.0, squares = 0.0, sum = 0.0;
  for (std::size_t j = 0; j < of_set.size(); ++j) mean += w.weights[j] * of_set[j];
  for (std::size_t j = 0; j < of_set.size(); ++j) {
    squares += w.weights[j] * w.weights[j];
    sum += w.weights[j] * w.weights[j] * (of_set[j] - mean) * (of_set[j] - mean);
  }
  return squares < 1.0 - 1e-12 && sum > 1e-24 ? std::sqrt(sum / (1.0 - squares)) : 0.0; // below: rounding of equal shares
}

/// Interval of the mean of trials that agree as much as `error` says; where all agree, of as many trials as there are sets.
Span90 simulated_span(double p, double error, std::size_t sets) {
  const double trials = error > 0.0 && p > 0.0 && p < 1.0 ? std::max(p * (1.0 - p) / (error * error), 1.0) : static_cast<double>(sets);
  const auto range = numerics::binomial_interval(p * trials, trials, 0.9);
  return {range.low, range.high};
}

} // namespace

Span90 beta_span(double mean, double variance) {
  const double most = mean * (1.0 - mean);
  if (!(variance > 1e-12) || !(most > 0.0)) return {mean, mean};
  const double size = std::max(most / variance - 1.0, 0.02); // nearer to yes or no the beta distribution is two points
  const double a = mean * size, b = (1.0 - mean) * size;
  const auto quantile = [&](double p) {
    double low = 0.0, high = 1.0;
    for (int k = 0; k < 60; ++k) {
      const double middle = 0.5 * (low + high);
      (numerics::incomplete_beta(a, b, middle) < p ? low : high) = middle;
    }
    return 0.5 * (low + high);
  };
  // Nearly two points, the distribution can have its mean beyond its 95 % point; a band beside a mean that it leaves out helps nobody.
  return {std::min(quantile(0.05), mean), std::max(quantile(0.95), mean)};
}

Odds odds_of(std::span<const SetOfCells> sets) {
  const Weighted w = weighted(sets);
  const Value reached = [](const Cell01& c) { return c.reached ? 1.0 : 0.0; };
  Odds out;
  std::vector<double> of_set;
  for (std::size_t j = 0; j < w.sets.size(); ++j) {
    of_set.push_back(moments(*w.sets[j], reached).mean);
    out.probability += w.weights[j] * of_set.back();
  }
  if (std::abs(out.probability - std::round(out.probability)) < 1e-12) out.probability = std::round(out.probability); // weights add up to 1 but for rounding
  out.error = error_by_sets(w, of_set);
  out.simulated = simulated_span(out.probability, out.error, w.sets.size());
  out.reached = split(w, reached);
  out.quantity = split(w, [](const Cell01& c) { return c.quantity; });
  out.unknown = beta_span(out.probability, out.reached.parameters + out.reached.mechanisms);
  return out;
}

Gain gain_of(std::span<const SetOfCells> before, std::span<const SetOfCells> after) {
  std::vector<SetOfCells> both;
  for (std::size_t j = 0; j < before.size(); ++j)
    if (!before[j].cells.empty() && before[j].cells.size() == after[j].cells.size()) both.push_back(before[j]);
    else both.push_back({});
  const Weighted w = weighted(both);
  std::vector<double> differences;
  Gain out;
  std::size_t k = 0;
  for (std::size_t j = 0; j < before.size(); ++j) {
    if (both[j].cells.empty() || !(both[j].weight > 0.0)) continue;
    double difference = 0.0;
    for (std::size_t i = 0; i < before[j].cells.size(); ++i)
      difference += (after[j].cells[i].reached ? 1.0 : 0.0) - (before[j].cells[i].reached ? 1.0 : 0.0);
    differences.push_back(difference / static_cast<double>(before[j].cells.size()));
    out.mean += w.weights[k++] * differences.back();
  }
  out.error = error_by_sets(w, differences);
  return out;
}

} // namespace platen::advise
