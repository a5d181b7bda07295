#include "impedance/drt.hpp"

#include "base/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/nonnegative.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen::impedance {
namespace {

using Complex = std::complex<double>;
constexpr double least_height = 0.03; // of the highest: below it all places are alike
constexpr int rounds = 2; // of the weights
constexpr double edge = 3.1622776601683795; // the distribution reaches half a decade past the window

/// The linear problem: unknowns are gamma at every tau, then the series elements.
struct Problem {
  std::size_t n = 0, gammas = 0, rows = 0;
  double step = 0.0; ///< of ln tau
  std::vector<double> tau, scale; ///< scale: unit of each unknown, so that the matrix is near 1
  std::vector<double> a, b;       ///< weighted, column by column; rows real, then imaginary
  std::vector<double> gram, right, roughness; ///< A^T A, A^T b, the matrix of (H2)
  std::size_t inductance = 0, elastance = 0; ///< columns; 0: none
};

void columns(Problem& p, std::span<const double> frequency, std::span<const Complex> z, const DrtOptions& options) {
  const std::size_t N = z.size();
  p.gammas = p.tau.size();
  p.n = p.gammas + 1;
  if (options.inductance) p.inductance = p.n++;
  if (options.capacitance) p.elastance = p.n++;
  p.rows = 2 * N;
  p.a.resize(p.rows * p.n);
  p.b.resize(p.rows);
  double size = 0.0;
  for (const Complex& v : z) size += std::log(std::abs(v)) / static_cast<double>(N);
  p.scale.assign(p.n, std::exp(size));
  const auto [low, high] = std::minmax_element(frequency.begin(), frequency.end());
  if (p.inductance) p.scale[p.inductance] /= 2.0 * std::numbers::pi * *high;
  if (p.elastance) p.scale[p.elastance] *= 2.0 * std::numbers::pi * *low;
  for (std::size_t i = 0; i < N; ++i) {
    const double weight = 1.0 / std::abs(z[i]), omega = 2.0 * std::numbers::pi * frequency[i];
    const auto put = [&](std::size_t k, Complex v) {
      p.a[k * p.rows + i] = weight * p.scale[k] * v.real();
      p.a[k * p.rows + N + i] = weight * p.scale[k] * v.imag();
    };
    for (std::size_t k = 0; k < p.gammas; ++k) put(k, p.step / Complex(1.0, omega * p.tau[k])); // (H1)
    put(p.gammas, 1.0);
    if (p.inductance) put(p.inductance, {0.0, omega});
    if (p.elastance) put(p.elastance, {0.0, -1.0 / omega});
    p.b[i] = weight * z[i].real();
    p.b[N + i] = weight * z[i].imag();
  }
}

void normal_equations(Problem& p) {
  p.gram.assign(p.n * p.n, 0.0);
  p.right.resize(p.n);
  for (std::size_t j = 0; j < p.n; ++j) {
    const double* u = &p.a[j * p.rows];
    p.right[j] = numerics::dot(u, p.b.data(), p.rows);
    for (std::size_t k = 0; k <= j; ++k)
      p.gram[j * p.n + k] = p.gram[k * p.n + j] = numerics::dot(u, &p.a[k * p.rows], p.rows);
  }
}

/// The integral of the squared second derivative, (H2); gamma is zero beyond both ends. `weight` of each place, two more than gammas.
void roughen(Problem& p, std::span<const double> weight) {
  p.roughness.assign(p.n * p.n, 0.0);
  const auto last = static_cast<std::ptrdiff_t>(p.gammas) - 1;
  const double share = 1.0 / (p.step * p.step * p.step);
  for (std::ptrdiff_t centre = -1; centre <= last + 1; ++centre)
    for (std::ptrdiff_t i = -1; i <= 1; ++i)
      for (std::ptrdiff_t j = -1; j <= 1; ++j) {
        const std::ptrdiff_t r = centre + i, c = centre + j;
        if (r < 0 || c < 0 || r > last || c > last) continue;
        p.roughness[static_cast<std::size_t>(r) * p.n + static_cast<std::size_t>(c)] +=
            share * weight[static_cast<std::size_t>(centre + 1)] * (i == 0 ? -2.0 : 1.0) * (j == 0 ? -2.0 : 1.0);
      }
}

/// Weights for a distribution like `gamma`: where it is high it may bend more. `size`: the modulus at 1/tau, over its largest.
std::vector<double> relative_weights(std::span<const double> gamma, std::span<const double> size) {
  double highest = 0.0;
  for (const double g : gamma) highest = std::max(highest, g);
  std::vector<double> weight(gamma.size() + 2);
  for (std::size_t c = 0; c < weight.size(); ++c) {
    double local = 0.0, modulus = 0.0; // the highest of the three that the difference is made of
    for (std::size_t i = c < 2 ? 0 : c - 2; i < std::min(c + 1, gamma.size()); ++i) {
      local = std::max(local, gamma[i]);
      modulus = std::max(modulus, size[i]);
    }
    weight[c] = 1.0 / std::max(highest > 0.0 ? local / highest : 0.0, least_height * modulus);
  }
  return weight;
}

/// |Z| at omega = 1/tau over its largest, by the nearest point: the scale that a distribution may have there.
std::vector<double> local_size(std::span<const double> tau, std::span<const double> frequency, std::span<const Complex> z) {
  std::vector<double> size;
  double most = 0.0;
  for (const Complex& v : z) most = std::max(most, std::abs(v));
  for (const double t : tau) {
    std::size_t near = 0;
    for (std::size_t i = 1; i < z.size(); ++i)
      if (std::abs(std::log(2.0 * std::numbers::pi * frequency[i] * t)) < std::abs(std::log(2.0 * std::numbers::pi * frequency[near] * t)))
        near = i;
    size.push_back(std::abs(z[near]) / most);
  }
  return size;
}

void regularised(const Problem& p, double lambda, std::vector<double>& H) {
  for (std::size_t k = 0; k < H.size(); ++k) H[k] = p.gram[k] + lambda * p.roughness[k];
  // Series elements without any influence (no inductance in the data) must not make the matrix singular.
  for (std::size_t k = p.gammas; k < p.n; ++k) H[k * p.n + k] *= 1.0 + 1e-12;
}

/// Misfit plus smoothing, from the residuals themselves: differences of large sums would end at rounding.
double penalised(const Problem& p, double lambda, std::span<const double> x) {
  std::vector<double> r(p.b);
  for (std::size_t k = 0; k < p.n; ++k)
    for (std::size_t i = 0; i < p.rows; ++i) r[i] -= x[k] * p.a[k * p.rows + i];
  double bent = 0.0;
  for (std::size_t k = 0; k < p.gammas; ++k) bent += x[k] * numerics::dot(&p.roughness[k * p.n], x.data(), p.gammas);
  return numerics::dot(r.data(), r.data(), p.rows) + lambda * std::max(bent, 0.0) + 1e-300;
}

/// Equation (H3): twice the negative logarithm of how likely the data are with this smoothing, whatever the distribution.
double unlikelihood(const Problem& p, double lambda, std::vector<double>& H, std::vector<double>& x) {
  regularised(p, lambda, H);
  if (!numerics::cholesky(H, p.n)) return std::numeric_limits<double>::infinity();
  double log_det = 0.0;
  for (std::size_t k = 0; k < p.n; ++k) log_det += 2.0 * std::log(H[k * p.n + k]);
  x = p.right;
  numerics::cholesky_solve(H, p.n, x);
  return static_cast<double>(p.rows - (p.n - p.gammas)) * std::log(penalised(p, lambda, x)) + log_det -
         static_cast<double>(p.gammas) * std::log(lambda);
}

double choose_smoothing(const Problem& p) {
  std::vector<double> H(p.n * p.n), x;
  // A scan by half decades finds the valley, the golden section its foot.
  double best = 0.0, lowest = std::numeric_limits<double>::infinity();
  for (double exponent = -10.0; exponent <= 2.0; exponent += 1.0) {
    const double value = unlikelihood(p, std::pow(10.0, exponent), H, x);
    if (value < lowest) {
      lowest = value;
      best = exponent;
    }
  }
  double from = best - 1.0, to = best + 1.0;
  const double golden = 0.5 * (std::sqrt(5.0) - 1.0);
  double a = to - golden * (to - from), b = from + golden * (to - from);
  double at_a = unlikelihood(p, std::pow(10.0, a), H, x), at_b = unlikelihood(p, std::pow(10.0, b), H, x);
  while (to - from > 0.1) {
    if (at_a < at_b) {
      to = b, b = a, at_b = at_a;
      a = to - golden * (to - from);
      at_a = unlikelihood(p, std::pow(10.0, a), H, x);
    } else {
      from = a, a = b, at_a = at_b;
      b = from + golden * (to - from);
      at_b = unlikelihood(p, std::pow(10.0, b), H, x);
    }
  }
  return std::pow(10.0, 0.5 * (from + to));
}

struct Span {
  std::size_t top = 0, from = 0, to = 0; ///< highest point, valleys beside it
};

/// Summits with the valleys between them; those that hold less than 0.2 % of the whole area are waves of the smoothing.
std::vector<Span> summits(std::span<const double> gamma) {
  std::vector<Span> all;
  const std::size_t n = gamma.size();
  double whole = 0.0;
  for (const double g : gamma) whole += g;
  for (std::size_t k = 0; k < n; ++k) {
    const double before = k > 0 ? gamma[k - 1] : 0.0, after = k + 1 < n ? gamma[k + 1] : 0.0;
    if (!(gamma[k] > before && gamma[k] >= after)) continue;
    Span s{k, k, k};
    while (s.from > 0 && gamma[s.from - 1] < gamma[s.from]) --s.from;
    while (s.to + 1 < n && gamma[s.to + 1] < gamma[s.to]) ++s.to;
    double area = 0.0;
    for (std::size_t i = s.from; i <= s.to; ++i) area += gamma[i];
    if (area > 0.002 * whole) all.push_back(s);
  }
  return all;
}

double area(std::span<const double> gamma, const Span& s, double step) {
  double sum = 0.0;
  for (std::size_t i = s.from; i <= s.to; ++i) sum += gamma[i] * (i == s.from || i == s.to ? 0.5 : 1.0);
  if (s.from == s.to) sum = gamma[s.top];
  return step * sum;
}

/// ln tau of the highest point between the valleys, by the parabola through it and its neighbours.
double top(std::span<const double> gamma, const Span& s, std::span<const double> tau, double step) {
  std::size_t k = s.from;
  for (std::size_t i = s.from; i <= s.to; ++i)
    if (gamma[i] > gamma[k]) k = i;
  if (k == 0 || k + 1 >= gamma.size()) return std::log(tau[k]);
  const double bend = gamma[k - 1] - 2.0 * gamma[k] + gamma[k + 1];
  const double shift = bend < 0.0 ? 0.5 * (gamma[k - 1] - gamma[k + 1]) / bend : 0.0;
  return std::log(tau[k]) + step * std::clamp(shift, -0.5, 0.5);
}

/// Equation (H5): the data and the prior shaken together, minimised anew each time.
std::vector<std::vector<double>> shake(const Problem& p, std::span<const double> H, double noise, numerics::NonnegativeQuadratic& solver,
                                       const DrtOptions& options) {
  std::vector<double> factor(H.begin(), H.end());
  std::vector<std::vector<double>> samples;
  if (!numerics::cholesky(factor, p.n)) return samples;
  std::vector<double> normal(p.n), right(p.n), x(p.n);
  numerics::RandomStream random(options.seed, "relaxation times");
  for (std::size_t s = 0; s < options.samples; ++s) {
    for (double& v : normal) v = random.normal();
    for (std::size_t k = 0; k < p.n; ++k)
      right[k] = p.right[k] + noise * numerics::dot(&factor[k * p.n], normal.data(), k + 1);
    if (!solver.minimise(H, right, x)) break;
    samples.push_back(x);
  }
  return samples;
}

void bands(Drt& drt, const Problem& p, const std::vector<std::vector<double>>& samples) {
  std::vector<double> values(samples.size());
  const auto between = [&](double& low, double& high) {
    low = numerics::quantile(values, 0.025);
    high = numerics::quantile(values, 0.975);
  };
  drt.low.resize(p.gammas);
  drt.high.resize(p.gammas);
  for (std::size_t k = 0; k < p.gammas; ++k) {
    for (std::size_t s = 0; s < samples.size(); ++s) values[s] = samples[s][k] * p.scale[k];
    between(drt.low[k], drt.high[k]);
  }
  const std::vector<Span> spans = summits(drt.gamma);
  for (std::size_t m = 0; m < spans.size(); ++m) {
    DrtPeak& peak = drt.peaks[m];
    const auto gamma_of = [&](std::size_t s) { return std::span(samples[s]).first(p.gammas); };
    for (std::size_t s = 0; s < samples.size(); ++s) values[s] = area(gamma_of(s), spans[m], p.step) * p.scale[0];
    between(peak.resistance_low, peak.resistance_high);
    for (std::size_t s = 0; s < samples.size(); ++s) values[s] = std::exp(top(gamma_of(s), spans[m], drt.tau, p.step));
    between(peak.tau_low, peak.tau_high);
  }
}

void read_out(Drt& drt, const Problem& p, std::span<const double> x, std::span<const double> frequency,
              std::span<const Complex> z) {
  for (std::size_t k = 0; k < p.gammas; ++k) drt.gamma.push_back(x[k] * p.scale[k]);
  drt.resistance = x[p.gammas] * p.scale[p.gammas];
  if (p.inductance) drt.inductance = x[p.inductance] * p.scale[p.inductance];
  if (p.elastance) drt.elastance = x[p.elastance] * p.scale[p.elastance];
  for (const double g : drt.gamma) drt.polarisation += p.step * g;
  double squares = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double omega = 2.0 * std::numbers::pi * frequency[i];
    Complex model{drt.resistance, omega * drt.inductance - drt.elastance / omega};
    for (std::size_t k = 0; k < p.gammas; ++k) model += p.step * drt.gamma[k] / Complex(1.0, omega * drt.tau[k]);
    drt.model.push_back(model);
    squares += std::norm(model - z[i]) / std::norm(z[i]);
  }
  drt.residual = std::sqrt(squares / static_cast<double>(z.size()));
  for (const Span& s : summits(drt.gamma)) {
    DrtPeak peak;
    peak.tau = std::exp(top(drt.gamma, s, drt.tau, p.step));
    peak.resistance = area(drt.gamma, s, p.step);
    peak.at_edge = peak.tau < drt.tau.front() * edge * edge || peak.tau > drt.tau.back() / (edge * edge);
    drt.peaks.push_back(peak);
  }
}

} // namespace

Drt relaxation_times(std::span<const double> frequency, std::span<const Complex> impedance, const DrtOptions& options) {
  if (frequency.size() != impedance.size() || frequency.size() < 5)
    throw Error("D209", fmt::format("relaxation times need 5 points, got {} frequencies and {} impedances", frequency.size(),
                                    impedance.size()));
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i]))
      throw Error("D208", fmt::format("a spectrum needs positive frequencies; point {} has {} Hz", i + 1, frequency[i]));
    if (!std::isfinite(std::abs(impedance[i])) || impedance[i] == 0.0)
      throw Error("D209", fmt::format("the impedance at {} Hz is zero or not finite", frequency[i]));
  }
  Problem p;
  const auto [low, high] = std::minmax_element(frequency.begin(), frequency.end());
  const double first = 1.0 / (2.0 * std::numbers::pi * *high * edge), last = edge / (2.0 * std::numbers::pi * *low);
  const auto count = static_cast<std::size_t>(std::ceil(std::log10(last / first) * std::clamp(options.points_per_decade, 2.0, 30.0)));
  p.step = std::log(last / first) / static_cast<double>(count);
  for (std::size_t k = 0; k <= count; ++k) p.tau.push_back(first * std::exp(p.step * static_cast<double>(k)));
  columns(p, frequency, impedance, options);
  normal_equations(p);

  Drt drt;
  drt.tau = p.tau;
  std::vector<double> H(p.n * p.n), x(p.n);
  numerics::NonnegativeQuadratic solver(p.n);
  const std::vector<double> size = local_size(p.tau, frequency, impedance);
  std::vector<double> weight = relative_weights(size, size);
  for (int round = 0; round < rounds; ++round) {
    roughen(p, weight);
    drt.smoothing = options.smoothing ? *options.smoothing : choose_smoothing(p);
    regularised(p, drt.smoothing, H);
    solver.forget();
    if (!(drt.smoothing > 0.0) || !solver.minimise(H, p.right, x))
      throw Error("D212", fmt::format("the relaxation times cannot be told with a smoothing of {}", drt.smoothing));
    weight = relative_weights(std::span(x).first(p.gammas), size);
  }
  read_out(drt, p, x, frequency, impedance);
  // (H4): residuals and roughness together, over the degrees of freedom that the prior leaves.
  drt.noise = std::sqrt(penalised(p, drt.smoothing, x) / static_cast<double>(p.rows - (p.n - p.gammas)));
  if (options.samples > 0) bands(drt, p, shake(p, H, drt.noise, solver, options));
  return drt;
}

} // namespace platen::impedance
