#include "calibrate/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

namespace platen::calibrate {
namespace {

/// One side of one profile while it is walked.
struct Walk {
  std::size_t number = 0;
  int direction = 0;
  std::vector<ProfilePoint> points; ///< outwards, without the fit
  Open open = Open::closed;
};

class Walker {
public:
  Walker(const Problem& problem, const Fit& fit, const ProfileOptions& options, const Kept& kept, const work::Task& task)
      : problem_(problem), fit_(fit), options_(options), kept_(kept), task_{task.stop, {}} {
    options_.descent.threads = 1;
    options_.descent.starts = 1;
  }

  void walk(Walk& w) const {
    const Number& n = problem_.numbers[w.number];
    const double end = n.scaled(w.direction < 0 ? n.low : n.high), origin = n.scaled(fit_.values[w.number]);
    double x = origin, root = 0.0, stride = first_stride(w.number);
    int refusals = 0, overshoots = 0;
    while (true) {
      if (w.direction * (end - x) <= 1e-9 * scale_of(n)) return void(w.open = Open::bound);
      if (w.points.size() == options_.points) return void(w.open = Open::unbounded);
      const double next = w.direction * (end - x) <= stride ? end : x + w.direction * stride;
      const std::optional<ProfilePoint> point = best_at(w, next);
      if (!point) {
        stride *= 0.5;
        if (++refusals == 4) return void(w.open = Open::not_simulated);
        continue;
      }
      const double now = std::sqrt(std::max(point->rise, 0.0));
      if (now - root > 2.0 * options_.step && overshoots < 8) { // too far for a straight line to the end of the interval
        stride = std::abs(next - x) * std::max(options_.step / (now - root), 0.2);
        ++overshoots;
        continue;
      }
      w.points.push_back(*point);
      x = next;
      if (point->rise > options_.rise) return;
      stride *= std::clamp(options_.step / std::max(now - root, 0.25 * options_.step), 0.5, 2.0);
      root = now;
    }
  }

private:
  double first_stride(std::size_t j) const {
    const double deviation = fit_.deviation(j), scale = scale_of(problem_.numbers[j]);
    return std::isfinite(deviation) && deviation > 0.0 ? std::min(options_.step * deviation, 0.5 * scale) : 0.05 * scale;
  }

  /// Where the others should be once the number stands at `x`: along the ridge of the covariance from the fit, then straight on.
  std::vector<double> guess(const Walk& w, double x) const {
    const std::size_t n = problem_.numbers.size(), j = w.number;
    const auto at = [&](std::size_t points_back, std::size_t k) {
      const std::vector<double>& v = points_back < w.points.size() ? w.points[w.points.size() - 1 - points_back].values : fit_.values;
      return problem_.numbers[k].scaled(v[k]);
    };
    const double variance = fit_.covariance[j * n + j];
    std::vector<double> out(n);
    for (std::size_t k = 0; k < n; ++k) {
      double slope = 0.0;
      if (!w.points.empty()) slope = (at(0, k) - at(1, k)) / (at(0, j) - at(1, j));
      else if (std::isfinite(variance) && variance > 0.0) slope = fit_.covariance[k * n + j] / variance;
      const Number& number = problem_.numbers[k];
      out[k] = k == j ? number.unscaled(x) : number.unscaled(at(0, k) + slope * (x - at(0, j)));
      out[k] = std::clamp(out[k], number.low, number.high);
    }
    return out;
  }

  std::optional<ProfilePoint> best_at(const Walk& w, double x) const {
    const std::size_t n = problem_.numbers.size();
    const std::string key =
        fmt::format("profile {} {} {} {}", problem_.numbers[w.number].key, w.direction < 0 ? "down" : "up", w.points.size() + 1, x);
    const std::vector<double> row = kept_.made(key, n + 1, [&] {
      const std::size_t held[] = {w.number};
      Start found = descend(problem_, guess(w, x), held, options_.descent, task_);
      found.values.push_back(found.cost);
      return found.values;
    });
    if (!std::isfinite(row[n])) return std::nullopt;
    return ProfilePoint{{row.begin(), row.end() - 1}, row[n] - fit_.cost};
  }

  const Problem& problem_;
  const Fit& fit_;
  ProfileOptions options_;
  const Kept& kept_;
  work::Task task_;
};

/// Where the root of the rise reaches that of the options, on the line through the last two points.
double crossing(const Number& n, const ProfilePoint& inner, const ProfilePoint& outer, std::size_t j, double rise) {
  const double from = n.scaled(inner.values[j]), to = n.scaled(outer.values[j]);
  const double a = std::sqrt(std::max(inner.rise, 0.0)), b = std::sqrt(outer.rise);
  return n.unscaled(from + (to - from) * (std::sqrt(rise) - a) / (b - a));
}

Profile put_together(const Problem& problem, const Fit& fit, const Walk& down, const Walk& up, double rise) {
  Profile out;
  out.number = down.number;
  const ProfilePoint best{fit.values, 0.0};
  const auto end = [&](const Walk& w) {
    if (w.points.empty()) return fit.values[w.number];
    const ProfilePoint& inner = w.points.size() > 1 ? w.points[w.points.size() - 2] : best;
    if (w.open != Open::closed) return w.points.back().values[w.number];
    return crossing(problem.numbers[w.number], inner, w.points.back(), w.number, rise);
  };
  out.points.assign(down.points.rbegin(), down.points.rend());
  out.points.push_back(best);
  out.points.insert(out.points.end(), up.points.begin(), up.points.end());
  out.low = end(down), out.high = end(up);
  out.low_open = down.open, out.high_open = up.open;
  return out;
}

} // namespace

Profiles profile(const Problem& problem, const Fit& fit, std::span<const std::size_t> numbers, const ProfileOptions& options, const Kept& kept,
                 const work::Task& task) {
  std::vector<Walk> walks;
  for (std::size_t j = 0; j < problem.numbers.size(); ++j) {
    if (!numbers.empty() && std::find(numbers.begin(), numbers.end(), j) == numbers.end()) continue;
    walks.push_back({j, -1, {}, Open::closed});
    walks.push_back({j, +1, {}, Open::closed});
  }
  const Walker walker(problem, fit, options, kept, task);
  work::parallel_for(walks.size(), [&](std::size_t k) { walker.walk(walks[k]); }, options.descent.threads, task);
  Profiles out;
  double lowest = -0.05;
  for (std::size_t k = 0; k < walks.size(); k += 2) {
    out.profiles.push_back(put_together(problem, fit, walks[k], walks[k + 1], options.rise));
    for (const ProfilePoint& p : out.profiles.back().points)
      if (p.rise < lowest) {
        lowest = p.rise;
        out.better = p.values;
      }
  }
  return out;
}

} // namespace platen::calibrate
