#include "groups/turnbull.hpp"

#include "base/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/nonnegative.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

namespace platen::groups {
namespace {

/// (X2) An interval begins just after its low end and holds its high end; a point holds itself.
std::vector<Mass> innermost(std::span<const Interval> sample) {
  struct End {
    double at;
    int order; ///< at one value: a point begins, then intervals end, then intervals begin
    bool begins;
  };
  std::vector<End> ends;
  for (const Interval& i : sample) {
    ends.push_back({i.low, i.exact() ? 0 : 2, true});
    ends.push_back({i.high, 1, false});
  }
  std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return std::tie(a.at, a.order) < std::tie(b.at, b.order); });
  std::vector<Mass> out;
  for (std::size_t k = 0; k + 1 < ends.size(); ++k)
    if (ends[k].begins && !ends[k + 1].begins) out.push_back({ends[k].at, ends[k + 1].at, 0.0});
  return out;
}

/// Like intervals counted once: cells on one grid are few different ones.
struct Counted {
  std::vector<Interval> intervals;
  std::vector<double> weights;
};
Counted count_alike(std::span<const Interval> sample, std::span<const double> weights) {
  std::map<std::pair<double, double>, double> all;
  for (std::size_t i = 0; i < sample.size(); ++i) all[{sample[i].low, sample[i].high}] += weights.empty() ? 1.0 : weights[i];
  Counted out;
  for (const auto& [ends, weight] : all) {
    if (!(weight > 0.0)) continue;
    out.intervals.push_back({ends.first, ends.second});
    out.weights.push_back(weight);
  }
  return out;
}

/// The likelihood as a function of the masses.
class Likelihood {
public:
  Likelihood(const Counted& sample, const std::vector<Mass>& masses)
      : n_(sample.intervals.size()), m_(masses.size()), inside_(n_ * m_), weight_(sample.weights), share_(n_), slope_(m_),
        curvature_(m_ * m_), right_(m_), next_(m_), quadratic_(m_) {
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < m_; ++j) inside_[i * m_ + j] = holds(sample.intervals[i], masses[j]) ? 1.0 : 0.0;
    total_ = std::accumulate(weight_.begin(), weight_.end(), 0.0);
  }

  double total() const { return total_; }
  std::span<const double> slope() const { return slope_; }

  /// Sum of w log P; minus infinity when a cell would be impossible. Leaves the P in share_.
  double value(std::span<const double> p) {
    double out = 0.0;
    for (std::size_t i = 0; i < n_; ++i) {
      share_[i] = numerics::dot(&inside_[i * m_], p.data(), m_);
      out += weight_[i] * std::log(share_[i]);
    }
    return std::isnan(out) ? -std::numeric_limits<double>::infinity() : out;
  }

  /// After `value`: the slopes of (X4).
  void differentiate() {
    std::fill(slope_.begin(), slope_.end(), 0.0);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < m_; ++j)
        slope_[j] += weight_[i] * inside_[i * m_ + j] / share_[i];
  }

  /// One step of expectation and maximisation: always upwards.
  void expect(std::span<double> p) const {
    for (std::size_t j = 0; j < m_; ++j) p[j] *= slope_[j] / total_;
  }

  /// The masses at which the quadratic model of the likelihood is largest; empty when it has no minimum.
  std::span<const double> newton(std::span<const double> p) {
    std::fill(curvature_.begin(), curvature_.end(), 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      const double scale = weight_[i] / (share_[i] * share_[i]);
      for (std::size_t j = 0; j < m_; ++j)
        if (inside_[i * m_ + j] != 0.0)
          for (std::size_t k = 0; k <= j; ++k) curvature_[j * m_ + k] += scale * inside_[i * m_ + k];
    }
    // Masses that the data do not tell apart make it singular; the pull towards where we are vanishes at the maximum.
    double largest = 0.0;
    for (std::size_t j = 0; j < m_; ++j) largest = std::max(largest, curvature_[j * m_ + j]);
    const double pull = 1e-9 * largest;
    for (std::size_t j = 0; j < m_; ++j) {
      for (std::size_t k = 0; k < j; ++k) curvature_[k * m_ + j] = curvature_[j * m_ + k];
      curvature_[j * m_ + j] += pull;
      right_[j] = 2.0 * slope_[j] - total_ + pull * p[j];
    }
    quadratic_.forget();
    if (!quadratic_.minimise(curvature_, right_, next_)) return {};
    const double sum = std::accumulate(next_.begin(), next_.end(), 0.0);
    if (!(sum > 0.0)) return {};
    for (double& v : next_) v /= sum;
    return next_;
  }

private:
  std::size_t n_, m_;
  std::vector<double> inside_, weight_, share_, slope_, curvature_, right_, next_;
  numerics::NonnegativeQuadratic quadratic_;
  double total_ = 0.0;
};

/// From p along the line to `target`, halved until the likelihood rises. @returns false when it does not.
bool climb(Likelihood& likelihood, std::vector<double>& p, std::span<const double> target, double& value) {
  std::vector<double> trial(p.size());
  for (double step = 1.0; step > 1e-6; step *= 0.5) {
    for (std::size_t j = 0; j < p.size(); ++j) trial[j] = p[j] + step * (target[j] - p[j]);
    const double there = likelihood.value(trial);
    if (there > value) {
      value = there;
      p = trial;
      return true;
    }
  }
  return false;
}

} // namespace

bool holds(const Interval& observation, const Mass& mass) noexcept {
  if (observation.exact()) return mass.low == mass.high && mass.low == observation.low;
  if (mass.low == mass.high) return observation.low < mass.low && mass.low <= observation.high;
  return observation.low <= mass.low && mass.high <= observation.high;
}

Turnbull turnbull(std::span<const Interval> sample, std::span<const double> weights, double tolerance) {
  const Counted counted = count_alike(sample, weights);
  if (counted.intervals.empty()) throw Error("B004", "an estimate of how many cells pass needs at least one cell");
  Turnbull out;
  out.masses = innermost(counted.intervals);
  const std::size_t m = out.masses.size();
  Likelihood likelihood(counted, out.masses);
  std::vector<double> p(m, 1.0 / static_cast<double>(m));
  double value = likelihood.value(p);
  constexpr int most = 500;
  for (out.iterations = 0; out.iterations < most; ++out.iterations) {
    likelihood.differentiate();
    out.gap = *std::max_element(likelihood.slope().begin(), likelihood.slope().end()) / likelihood.total() - 1.0;
    if (out.gap <= tolerance) break;
    const auto target = out.iterations < 3 ? std::span<const double>{} : likelihood.newton(p);
    if (target.empty() || !climb(likelihood, p, target, value)) {
      likelihood.expect(p);
      value = likelihood.value(p);
    } else {
      value = likelihood.value(p);
    }
  }
  for (std::size_t j = 0; j < m; ++j) out.masses[j].probability = p[j];
  out.log_likelihood = value;
  return out;
}

Share Turnbull::passing(double x) const {
  Share out{0.0, 0.0};
  for (const Mass& m : masses) {
    const bool point = m.low == m.high;
    if (point ? m.low > x : m.low >= x) out.low += m.probability;
    if (m.high > x) out.high += m.probability;
  }
  return out;
}

Interval Turnbull::quantile(double p) const {
  double below = 0.0;
  for (const Mass& m : masses) {
    below += m.probability;
    if (m.probability > 0.0 && below >= p - 1e-12) return {m.low, m.high};
  }
  return {masses.back().low, masses.back().high};
}

} // namespace platen::groups
