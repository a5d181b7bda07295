#include "assess/pressure.hpp"

#include "numerics/noise_memory.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr double same_start = 0.02; // of the pressure
constexpr double same_warmth = 2.0; // K

const PressureHold& first_fitted(const PressureAssessment& a, const char* which) {
  for (const PressureHold& h : a.holds)
    if (!h.laws.empty()) return h;
  throw Error("D440",
              fmt::format("{} has no hold that could be compared{}", which,
                          a.holds.empty() ? ": no stretch of a minute and 20 readings without current or a jump of the pressure"
                                          : ": " + a.holds.front().refused),
              std::nullopt, {"`platen pressure` of that file alone shows what was found in it"});
}

double between(const std::vector<double>& time, const std::vector<double>& value, double at) {
  const auto after = std::lower_bound(time.begin(), time.end(), at);
  if (after == time.begin()) return value.front();
  if (after == time.end()) return value.back();
  const auto k = static_cast<std::size_t>(after - time.begin());
  return value[k - 1] + (at - time[k - 1]) / (time[k] - time[k - 1]) * (value[k] - value[k - 1]);
}

/// (R16): the difference of two holds as a smooth course of the logarithm of time, by least squares that knows the noise's memory.
class Difference {
public:
  Difference(const std::vector<double>& time, const std::vector<double>& values, double interval)
      : scale_(std::max(interval, time.back() / fastest)), end_(std::log1p(time.back() / scale_)) {
    std::vector<std::vector<double>> columns;
    const double n = static_cast<double>(time.size());
    double lowest = std::numeric_limits<double>::infinity();
    const int most = std::min(highest, static_cast<int>(time.size()) / 2 - 2), first = std::max(0, std::min(least, most));
    for (int order = 0; order <= std::max(first, most) && fits_.size() < best_ + 3; ++order) {
      columns.emplace_back();
      for (const double t : time) columns.back().push_back(basis(order, t));
      if (order < first) continue;
      fits_.push_back(numerics::fit_linear(time, {}, values, columns));
      const double unknowns = static_cast<double>(columns.size()) + (fits_.back().noise.shape.slow > 0.0 ? 3.0 : 1.0);
      const double score = fits_.back().noise.likelihood + 2.0 * unknowns * n / std::max(1.0, n - unknowns - 1.0); // Akaike's, corrected
      if (!(score < lowest) && fits_.size() > 1) continue;
      lowest = score;
      best_ = fits_.size() - 1;
    }
  }
  /// Change since the start; known no better than by the courses of one degree less and one more.
  Measured at(double t) const {
    Measured out = change(fits_[best_], t);
    for (std::size_t k = best_ - std::min<std::size_t>(1, best_); k < std::min(best_ + 2, fits_.size()); ++k) out.error = std::max(out.error, change(fits_[k], t).error);
    return out;
  }

  /// Where it begins.
  double level() const {
    double out = 0.0;
    for (std::size_t k = 0; k < fits_[best_].coefficients.size(); ++k) out += basis(static_cast<int>(k), 0.0) * fits_[best_].coefficients[k];
    return out;
  }

private:
  static constexpr int least = 4, highest = 10; ///< degrees; two that are no better end the search
  static constexpr double fastest = 300.0;
  Measured change(const numerics::LinearWithNoise& fit, double t) const {
    std::vector<double> c;
    for (std::size_t k = 0; k < fit.coefficients.size(); ++k) c.push_back(basis(static_cast<int>(k), t) - basis(static_cast<int>(k), 0.0));
    Measured out;
    double variance = 0.0;
    for (std::size_t a = 0; a < c.size(); ++a) {
      out.value += c[a] * fit.coefficients[a];
      for (std::size_t b = 0; b < c.size(); ++b) variance += c[a] * c[b] * fit.covariance[a * c.size() + b];
    }
    out.error = std::sqrt(std::max(0.0, variance));
    return out;
  }
  /// Chebyshev's polynomials: they stay apart.
  double basis(int k, double t) const { return std::cos(k * std::acos(std::clamp(2.0 * std::log1p(t / scale_) / end_ - 1.0, -1.0, 1.0))); }

  double scale_, end_;
  std::vector<numerics::LinearWithNoise> fits_;
  std::size_t best_ = 0;
};

} // namespace

FixtureComparison compare_with_empty(const PressureAssessment& loaded, const PressureAssessment& empty, const std::string& file) {
  const PressureHold &a = first_fitted(loaded, "the record"), &b = first_fitted(empty, "the run of the empty fixture");
  FixtureComparison out;
  out.file = file;
  out.loaded_start = a.first;
  out.empty_start = b.first;
  const double common = std::min(a.time.back(), b.time.back());
  std::vector<double> times;
  for (const double t : {60.0, 600.0, 1800.0, 3600.0, 7200.0, 18000.0, 36000.0, 86400.0, 172800.0})
    if (t < 0.95 * common) times.push_back(t);
  times.push_back(common);
  std::vector<double> difference;
  for (std::size_t k = 0; k < a.time.size() && a.time[k] <= common; ++k) {
    out.time.push_back(a.time[k]);
    out.loaded.push_back(a.pressure[k]);
    out.empty.push_back(between(b.time, b.pressure, a.time[k]));
    difference.push_back(out.loaded.back() - out.empty.back());
  }
  const Difference smooth(out.time, difference, out.time.size() > 1 ? out.time[1] - out.time[0] : 1.0);
  const double start_error = std::hypot(a.start_error, b.start_error);
  for (const double t : times) {
    PressureRemainder r;
    r.time = t;
    r.remains = smooth.at(t);
    r.remains.error = std::hypot(r.remains.error, start_error);
    r.loaded = between(a.time, a.pressure, t) - a.pressure.front();
    r.empty = r.loaded - r.remains.value;
    out.at.push_back(r);
  }
  const PressureRemainder& last = out.at.back();
  if (const double error = std::hypot(between(a.time, a.change_error, common), a.start_error); std::abs(last.loaded) > 4.0 * error) {
    const double rest = last.remains.value / last.loaded;
    out.share = Measured{1.0 - rest, std::hypot(last.remains.error, rest * error) / std::abs(last.loaded)};
  }
  const double apart = smooth.level();
  for (std::size_t k = 0; k < out.time.size(); ++k) {
    out.loaded[k] -= a.pressure.front();
    out.remainder.push_back(difference[k] - apart);
    out.empty[k] = out.loaded[k] - out.remainder[k];
  }
  if (std::abs(a.first - b.first) > same_start * std::abs(a.first))
    out.notes.push_back(fmt::format("the holds begin at {:.4g} and {:.4g} MPa: what the fixture takes grows with the load", a.first * 1e-6, b.first * 1e-6));
  if (a.temperature && b.temperature && std::abs(*a.temperature - *b.temperature) > same_warmth)
    out.notes.push_back(fmt::format("the holds were at {:.1f} and {:.1f} degC: the warmer fixture settles faster", *a.temperature - 273.15,
                                    *b.temperature - 273.15));
  const double reach = 1.96 * last.remains.error;
  const int places = std::clamp(1 - static_cast<int>(std::floor(std::log10(std::max(1e-9, reach * 1e-6)))), 0, 6); // two digits of what is not known
  out.reason = fmt::format("after {:.3g} h the loaded fixture has changed by {:+.3g} MPa, the empty one by {:+.3g} MPa: {:+.{}f} +- {:.{}f} MPa (95 %) remain{}",
                           common / 3600.0, last.loaded * 1e-6, last.empty * 1e-6, last.remains.value * 1e-6, places, reach * 1e-6, places,
                           std::abs(last.remains.value) > reach ? " for what lies in it" : ", nothing that could be told from zero");
  return out;
}

} // namespace platen::assessing
