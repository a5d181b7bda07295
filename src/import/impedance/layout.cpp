#include "import/impedance/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace platen::impedance_files {
namespace {

constexpr std::size_t most_points = 300; // the integral costs their square
constexpr double same_frequency = 1e-6;  // relative
constexpr double largest_misfit = 10.0 / 180.0 * std::numbers::pi;
// How much worse every other layout must fit. Parts are what nearly all files hold, and near 57 ohm a small
// imaginary part in ohm is nearly the phase in degrees, so modulus and phase must be clearer.
constexpr double margin_of_parts = 2.0, margin_of_polar = 5.0;
constexpr double quarter = std::numbers::pi * std::numbers::pi / 4.0;

/// Integral of ln coth(x/2) from 0 to u; odd in u, pi^2/4 at infinity. The power series below 1, the
/// exponential one above.
double weight(double u) {
  if (u < 0.0) return -weight(-u);
  if (u == 0.0) return 0.0;
  if (u < 1.0) return u - u * std::log(u / 2.0) + u * u * u / 36.0 - 7.0 * std::pow(u, 5) / 7200.0;
  double sum = 0.0;
  for (int n = 1; n < 20; n += 2) sum += std::exp(-n * u) / (n * n);
  return quarter - 2.0 * sum;
}

/// ln f and ln |Z| in rising order; points at one frequency are one, with their mean.
struct Curve {
  std::vector<double> x, y;
  std::vector<std::size_t> point;
};

Curve curve_of(std::span<const double> frequency, std::span<const double> modulus) {
  std::vector<std::size_t> order(frequency.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return frequency[a] < frequency[b]; });
  Curve all;
  std::size_t together = 0;
  for (const std::size_t i : order) {
    const double x = std::log(frequency[i]), y = std::log(modulus[i]);
    if (!all.x.empty() && x - all.x.back() < same_frequency) {
      ++together;
      all.y.back() += (y - all.y.back()) / static_cast<double>(together);
      continue;
    }
    together = 1;
    all.x.push_back(x);
    all.y.push_back(y);
    all.point.push_back(i);
  }
  if (all.x.size() <= most_points) return all;
  Curve some;
  for (std::size_t k = 0; k < most_points; ++k) {
    const std::size_t i = k * (all.x.size() - 1) / (most_points - 1);
    some.x.push_back(all.x[i]);
    some.y.push_back(all.y[i]);
    some.point.push_back(all.point[i]);
  }
  return some;
}

/// Slope of the points from `first` to `last` (inclusive) by least squares.
double slope(const Curve& c, std::size_t first, std::size_t last) {
  const auto n = static_cast<double>(last - first + 1);
  double mx = 0.0, my = 0.0, sxx = 0.0, sxy = 0.0;
  for (std::size_t i = first; i <= last; ++i) mx += c.x[i] / n, my += c.y[i] / n;
  for (std::size_t i = first; i <= last; ++i)
    sxx += (c.x[i] - mx) * (c.x[i] - mx), sxy += (c.x[i] - mx) * (c.y[i] - my);
  return sxx > 0.0 ? sxy / sxx : 0.0;
}

bool is_polar(Layout layout) { return layout != Layout::parts && layout != Layout::turned_parts; }

/// Mean deviation of the phase of `a` and `b`, read as `layout`, from the one their modulus asks for;
/// infinite when they cannot be read so.
double misfit(Layout layout, std::span<const double> frequency, std::span<const double> a,
              std::span<const double> b) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const bool polar = is_polar(layout);
  const bool radians = layout == Layout::radians || layout == Layout::turned_radians;
  const double turn = radians ? std::numbers::pi : 180.0;
  if (polar && std::any_of(b.begin(), b.end(), [&](double v) { return std::abs(v) > turn; })) return never;
  if (polar && std::any_of(a.begin(), a.end(), [](double v) { return v <= 0.0; })) return never;
  const Parts z = read_as(layout, a, b);
  std::vector<double> modulus(a.size());
  for (std::size_t i = 0; i < modulus.size(); ++i) {
    modulus[i] = std::hypot(z.real[i], z.imaginary[i]);
    if (!(modulus[i] > 0.0) || !std::isfinite(modulus[i])) return never;
  }
  const ExpectedPhase expected = phase_of_modulus(frequency, modulus);
  if (expected.point.empty()) return never;
  double sum = 0.0;
  for (std::size_t k = 0; k < expected.point.size(); ++k) {
    const std::size_t i = expected.point[k];
    sum += std::abs(std::atan2(z.imaginary[i], z.real[i]) - expected.phase[k]);
  }
  return sum / static_cast<double>(expected.point.size());
}

bool mostly_capacitive(std::span<const double> frequency, std::span<const double> imaginary) {
  const auto [low, high] = std::minmax_element(frequency.begin(), frequency.end());
  const double limit = std::pow(*low, 1.0 / 3.0) * std::pow(*high, 2.0 / 3.0);
  std::size_t points = 0, capacitive = 0;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (frequency[i] > limit) continue;
    ++points;
    if (imaginary[i] < 0.0) ++capacitive;
  }
  return capacitive * 2 > points;
}

} // namespace

ExpectedPhase phase_of_modulus(std::span<const double> frequency, std::span<const double> modulus) {
  const Curve c = curve_of(frequency, modulus);
  const std::size_t n = c.x.size();
  ExpectedPhase out;
  if (n < 3) return out;
  const double half_decade = std::log(10.0) / 2.0;
  std::size_t low = 1, high = n - 2; // last point of the lowest half decade, first one of the highest
  while (low + 1 < n && c.x[low + 1] <= c.x[0] + half_decade) ++low;
  while (high > 0 && c.x[high - 1] >= c.x[n - 1] - half_decade) --high;
  const double below = slope(c, 0, low), above = slope(c, high, n - 1);
  out.point = c.point;
  for (std::size_t k = 0; k < n; ++k) {
    double sum =
        below * (weight(c.x[0] - c.x[k]) + quarter) + above * (quarter - weight(c.x[n - 1] - c.x[k]));
    double before = weight(c.x[0] - c.x[k]);
    for (std::size_t j = 0; j + 1 < n; ++j) {
      const double after = weight(c.x[j + 1] - c.x[k]);
      sum += (c.y[j + 1] - c.y[j]) / (c.x[j + 1] - c.x[j]) * (after - before);
      before = after;
    }
    out.phase.push_back(sum / std::numbers::pi);
  }
  return out;
}

Parts read_as(Layout layout, std::span<const double> a, std::span<const double> b) {
  const bool turned =
      layout == Layout::turned_parts || layout == Layout::turned_degrees || layout == Layout::turned_radians;
  const bool degrees = layout == Layout::degrees || layout == Layout::turned_degrees;
  const double factor = (turned ? -1.0 : 1.0) * (degrees ? std::numbers::pi / 180.0 : 1.0);
  Parts out{{a.begin(), a.end()}, {b.begin(), b.end()}};
  for (double& v : out.imaginary) v *= factor;
  if (!is_polar(layout)) return out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double phase = out.imaginary[i];
    out.real[i] = a[i] * std::cos(phase);
    out.imaginary[i] = a[i] * std::sin(phase);
  }
  return out;
}

std::optional<Layout> find_layout(std::span<const double> frequency, std::span<const double> a,
                                  std::span<const double> b, std::span<const Layout> candidates) {
  double best = std::numeric_limits<double>::infinity(), next = best;
  std::optional<Layout> out;
  for (const Layout layout : candidates) {
    const double now = misfit(layout, frequency, a, b);
    if (now < best) {
      next = best;
      best = now;
      out = layout;
    } else {
      next = std::min(next, now);
    }
  }
  if (!out || best > largest_misfit || next < (is_polar(*out) ? margin_of_polar : margin_of_parts) * best)
    return std::nullopt;
  return mostly_capacitive(frequency, read_as(*out, a, b).imaginary) ? out : std::nullopt;
}

std::optional<Layout> find_layout(std::span<const double> frequency, std::span<const double> a,
                                  std::span<const double> b) {
  constexpr std::array all{Layout::parts,          Layout::turned_parts, Layout::degrees,
                           Layout::turned_degrees, Layout::radians,      Layout::turned_radians};
  return find_layout(frequency, a, b, all);
}

bool are_frequencies(std::span<const double> values) {
  if (values.size() < 5) return false;
  if (std::any_of(values.begin(), values.end(), [](double v) { return !std::isfinite(v) || v <= 0.0; }))
    return false;
  std::vector<double> steps;
  for (std::size_t i = 1; i < values.size(); ++i) steps.push_back(std::log(values[i] / values[i - 1]));
  const bool up = steps.front() > 0.0;
  if (std::any_of(steps.begin(), steps.end(), [&](double s) { return up ? s <= 0.0 : s >= 0.0; }))
    return false;
  if (std::abs(std::log(values.back() / values.front())) < std::log(10.0)) return false;
  std::sort(steps.begin(), steps.end());
  const double low = steps[steps.size() / 10], high = steps[steps.size() - 1 - steps.size() / 10];
  return std::min(std::abs(low), std::abs(high)) > 0.5 * std::max(std::abs(low), std::abs(high));
}

} // namespace platen::impedance_files
