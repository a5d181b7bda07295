// Dormand, Prince, J. Comput. Appl. Math. 6 (1980) 19: an explicit Runge-Kutta pair of orders 5 and 4 whose last stage is the
// first of the next step. Between steps the interpolant of order 4 of Shampine, Math. Comput. 46 (1986) 135.

#include "solver/engine.hpp"
#include "solver/relaxation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::solver {
namespace {

constexpr std::size_t stages = 7;
constexpr std::array<double, stages> nodes{0.0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1.0, 1.0};
/// Of what drives a relaxing state, that is all stages but the last.
constexpr std::array<double, Relaxation::samples> sample_places{0.0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1.0};
constexpr std::array<std::array<double, 6>, stages> weights{{
    {},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0.0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
}};
/// Solution of order 5 less that of order 4.
constexpr std::array<double, stages> difference{71.0 / 57600,      0.0,         -71.0 / 16695, 71.0 / 1920,
                                                -17253.0 / 339200, 22.0 / 525, -1.0 / 40};
/// Of the interpolant's last coefficient.
constexpr std::array<double, stages> dense{-12715105075.0 / 11282082432.0, 0.0, 87487479700.0 / 32700410799.0,
                                           -10690763975.0 / 1880347072.0,  701980252875.0 / 199316789632.0,
                                           -1453857185.0 / 822651844.0,    69997945.0 / 29380423.0};

/// The estimate is held to a tenth of the tolerance: between the ends of a long step the interpolant errs about that much more.
constexpr double error_bias = 10.0;
constexpr double safety = 0.9, most_growth = 10.0, most_shrinking = 0.1;
/// Exponents of the error of this step and of the last one in the factor of the step (proportional-integral control).
constexpr double proportional = 0.17, integral = 0.04;
constexpr double least_error = 1e-4; ///< as far as the control of the step is concerned
/// What is left of a step where a stage has no finite rate.
constexpr double after_undefined = 0.25;
/// (lambda h)^5 over the error of a step of a solution with the one rate lambda, roughly; only first guesses hang on it.
constexpr double first_step_constant = 1e3;
/// A first step is no longer than this (s), whatever the span.
constexpr double longest_first_step = 1e5;
/// Vectors are filled up with zeros to a multiple of this, so that loops need no rest.
constexpr std::size_t lanes = 4;
/// Roots are located to this many roundings of the time.
constexpr double root_roundings = 16.0;

constexpr double rounding = std::numeric_limits<double>::epsilon();

struct ExplicitEngine final : Engine {
  ExplicitEngine(System& s, const Options& o)
      : Engine(s, o), n(s.size()), padded((n + lanes - 1) / lanes * lanes), y(padded), end(padded), start(padded), trial(padded),
        error(padded), weight(padded), rates(stages * padded), interpolant(4 * padded), before(s.roots()), after(s.roots()) {}

  void restart(double when, std::span<const double> from) override {
    ++counters.restarts;
    t = when;
    std::copy(from.begin(), from.end(), y.begin());
    h = 0.0;
    last_error = least_error;
    rates_hold = roots_hold = false;
    undefined.reset();
  }

  Outcome step(double t_end) override {
    begin();
    const double least = 4.0 * rounding * std::max(std::abs(t), std::isfinite(t_end) ? std::abs(t_end) : 0.0);
    if (t_end - t <= least) return arrive(t_end); // nothing can change in such a span
    if (h <= 0.0) h = first_step(t_end - t);
    undefined.reset();
    for (long tries = 0;; ++tries) {
      if (tries >= options.maximum_steps) give_up("too many steps were needed", {});
      if (h <= least) give_up(undefined ? "the laws gave no finite rate" : "the error test failed again and again", failed_errors());
      const bool last = t + 1.01 * h >= t_end;
      taken = last ? t_end - t : h;
      begin_relaxing();
      take_stages();
      const std::optional<double> e = error_norm();
      if (!e) {
        undefined = undefined_in_stages();
        h = after_undefined * taken;
      } else if (*e > 1.0) {
        ++counters.error_failures;
        h = taken * std::max(most_shrinking, safety * std::pow(*e, -0.2));
      } else {
        accept(*e, last ? t_end : t + taken);
        return look_for_roots();
      }
    }
  }

  void interpolate(double when, std::span<double> out) override {
    if (!interpolant_known) build_interpolant();
    const double s = (when - t_start) / taken, r = 1.0 - s;
    const double *a = interpolant.data(), *b = a + padded, *c = b + padded, *d = c + padded, *from = start.data();
    double* __restrict to = out.data();
    for (std::size_t i = 0; i < n; ++i) to[i] = from[i] + s * (a[i] + r * (b[i] + s * (c[i] + r * d[i])));
    for (const Relaxed& relaxed : relaxing) to[relaxed.index] = relaxed.over.at(s);
  }
  std::span<const double> state() const override { return {y.data(), n}; }
  Statistics count() const override { return counters; }

private:
  double* rate(std::size_t stage) { return rates.data() + stage * padded; }

  void evaluate(double when, const std::vector<double>& there, std::size_t stage) {
    ++counters.evaluations;
    system.derivative(when, {there.data(), n}, {rate(stage), n});
  }
  /// A state that relaxes, and how it does over the present step.
  struct Relaxed {
    std::size_t index;
    double rate;
    Relaxation over;
    double before_end = 0.0; ///< state at the end of the step, from one sample less
  };

  void begin_relaxing() {
    relaxing.clear();
    for (const auto& [index, decay] : system.relaxing()) {
      relaxing.push_back({index, decay, Relaxation(decay, taken, y[index], sample_places)});
      relaxing.back().over.sample(rate(0)[index] + decay * y[index]);
    }
  }
  void evaluate_roots(double when, std::span<const double> there, std::vector<double>& out) {
    ++counters.root_evaluations;
    system.root(when, there, out);
  }

  /// Settles the state and makes rates and root functions at the start of the step known.
  void begin() {
    if (system.settle(t, {y.data(), n})) rates_hold = roots_hold = false;
    if (rates_hold)
      std::swap_ranges(rate(0), rate(0) + padded, rate(stages - 1));
    else
      evaluate(t, y, 0);
    rates_hold = interpolant_known = false;
    undefined = not_finite({rate(0), n});
    if (undefined) give_up("the laws gave no finite rate", {});
    if (!roots_hold && !before.empty()) evaluate_roots(t, state(), before);
    roots_hold = true;
    for (std::size_t i = 0; i < n; ++i) weight[i] = 1.0 / (absolute[i] + options.relative_tolerance * std::abs(y[i]));
  }

  Outcome arrive(double t_end) {
    start = end = y;
    relaxing.clear();
    t_start = t;
    taken = std::max(t_end - t, std::numeric_limits<double>::min());
    for (std::size_t stage = 1; stage < stages; ++stage) std::copy(rate(0), rate(0) + padded, rate(stage));
    t = t_end;
    return {Stop::time, t, {}};
  }

  /// Largest part in tolerances, `nullopt` where one is no number.
  std::optional<double> norm(const std::vector<double>& v) const {
    std::array<double, lanes> most{};
    std::array<bool, lanes> finite{true, true, true, true};
    for (std::size_t i = 0; i < padded; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double part = std::abs(v[i + lane]) * weight[i + lane];
        most[lane] = part > most[lane] ? part : most[lane];
        finite[lane] = finite[lane] && part <= std::numeric_limits<double>::max();
      }
    if (!(finite[0] && finite[1] && finite[2] && finite[3])) return std::nullopt;
    return std::max(std::max(most[0], most[1]), std::max(most[2], most[3]));
  }

  /// A first step from the rates at two points close together: the ratio of their difference to themselves is taken for the
  /// one rate of the system. Too long a guess costs as much as one too short, so it is not a careful one.
  double first_step(double span) {
    double longest = std::min(span, longest_first_step);
    if (options.maximum_step > 0.0) longest = std::min(longest, options.maximum_step);
    std::copy(rate(0), rate(0) + padded, error.begin());
    for (const Relaxing& r : system.relaxing()) error[r.state] = 0.0;
    const double slope = norm(error).value_or(0.0);
    if (slope * longest < 1e-6) return longest;
    const double probe = std::min(1e-3 * longest, 10.0 / slope);
    for (std::size_t i = 0; i < n; ++i) trial[i] = y[i] + probe * rate(0)[i];
    evaluate(t + probe, trial, 1);
    for (std::size_t i = 0; i < n; ++i) error[i] = (rate(1)[i] - rate(0)[i]) / probe;
    for (const Relaxing& r : system.relaxing()) error[r.state] = 0.0;
    const std::optional<double> bend = norm(error);
    if (!bend) return probe;
    const double lambda = *bend / slope; // 1/s
    if (lambda * longest < 0.1) return longest;
    return std::clamp(std::pow(first_step_constant * lambda / slope, 0.2) / lambda, probe, longest);
  }

  template <std::size_t stage> void take_stage() {
    std::vector<double>& there = stage + 1 == stages ? end : trial;
    double* __restrict to = there.data();
    const double *from = y.data(), *r = rates.data();
    for (std::size_t i = 0; i < padded; ++i) {
      double sum = weights[stage][0] * r[i];
      for (std::size_t j = 1; j < stage; ++j)
        if (weights[stage][j] != 0.0) sum += weights[stage][j] * r[j * padded + i];
      to[i] = from[i] + taken * sum;
    }
    for (Relaxed& one : relaxing) {
      to[one.index] = one.over.at(nodes[stage]);
      if (stage + 2 == stages) one.before_end = to[one.index];
    }
    evaluate(t + nodes[stage] * taken, there, stage);
    if (stage + 1 < stages)
      for (Relaxed& one : relaxing) one.over.sample(rate(stage)[one.index] + one.rate * to[one.index]);
  }
  void take_stages() {
    take_stage<1>();
    take_stage<2>();
    take_stage<3>();
    take_stage<4>();
    take_stage<5>();
    take_stage<6>();
  }

  std::optional<double> error_norm() {
    const double *r = rates.data();
    for (std::size_t i = 0; i < padded; ++i)
      error[i] = error_bias * taken * (difference[0] * r[i] + difference[2] * r[2 * padded + i] + difference[3] * r[3 * padded + i] +
                          difference[4] * r[4 * padded + i] + difference[5] * r[5 * padded + i] + difference[6] * r[6 * padded + i]);
    // Two polynomials of b, of which the better one has one sample more.
    for (const Relaxed& one : relaxing) error[one.index] = error_bias * (end[one.index] - one.before_end);
    return norm(error);
  }

  std::optional<std::size_t> undefined_in_stages() {
    for (std::size_t stage = 1; stage < stages; ++stage)
      if (const auto bad = not_finite({rate(stage), n})) return bad;
    return std::nullopt;
  }
  /// Errors of the last trial in units of their tolerance; none where a rate was no number.
  std::span<const double> failed_errors() {
    if (undefined) return {};
    for (std::size_t i = 0; i < n; ++i) error[i] *= weight[i];
    return {error.data(), n};
  }

  void accept(double e, double t_new) {
    ++counters.steps;
    const double growth = safety * std::pow(std::max(e, 1e-10), -proportional) * std::pow(last_error, integral);
    h = std::clamp(growth, most_shrinking, most_growth) * taken;
    if (options.maximum_step > 0.0) h = std::min(h, options.maximum_step);
    last_error = std::max(e, least_error);
    t_start = t;
    t = t_new;
    start.swap(y);
    std::copy(end.begin(), end.end(), y.begin());
    rates_hold = true;
  }

  void build_interpolant() {
    double *a = interpolant.data(), *b = a + padded, *c = b + padded, *d = c + padded;
    const double *first = rate(0), *last = rate(stages - 1);
    for (std::size_t i = 0; i < padded; ++i) {
      a[i] = end[i] - start[i];
      b[i] = taken * first[i] - a[i];
      c[i] = a[i] - taken * last[i] - b[i];
      double sum = dense[0] * first[i] + dense[6] * last[i];
      for (std::size_t stage = 2; stage < 6; ++stage) sum += dense[stage] * rates[stage * padded + i];
      d[i] = taken * sum;
    }
    interpolant_known = true;
  }

  static int crossing(double from, double to) { return from > 0.0 ? (to > 0.0 ? 0 : -1) : (to > 0.0 ? 1 : 0); }

  /// Ends the step at the first crossing inside, a rounding beyond it, so that it is not found again.
  Outcome look_for_roots() {
    if (before.empty()) return {Stop::time, t, {}};
    evaluate_roots(t, state(), after);
    double first = t;
    bool crossed = false;
    for (std::size_t root = 0; root < before.size(); ++root)
      if (crossing(before[root], after[root]) != 0) {
        first = std::min(first, locate(root, t_start, before[root], t, after[root]));
        crossed = true;
      }
    if (!crossed) {
      before.swap(after);
      return {Stop::time, t, {}};
    }
    if (first < t) {
      t = first;
      interpolate(t, {y.data(), n});
      evaluate_roots(t, state(), after);
      rates_hold = false;
    }
    Outcome out{Stop::root, t, std::vector<int>(before.size())};
    for (std::size_t root = 0; root < before.size(); ++root) out.roots[root] = crossing(before[root], after[root]);
    before.swap(after);
    return out;
  }

  /// Time of one root function's change of sign between two times, by the Illinois variant of regula falsi with bisection
  /// where that does not close in.
  double locate(std::size_t root, double lower, double g_lower, double upper, double g_upper) {
    std::vector<double> g(before.size());
    const double close = root_roundings * rounding * std::max(std::abs(lower), std::abs(upper));
    int same_side = 0;
    double w_lower = g_lower, w_upper = g_upper;
    for (int tries = 0; upper - lower > close && tries < 200; ++tries) {
      double middle = tries % 8 == 7 || w_upper == w_lower ? 0.5 * (lower + upper) : upper - w_upper * (upper - lower) / (w_upper - w_lower);
      middle = std::clamp(middle, lower + 0.25 * close, upper - 0.25 * close);
      interpolate(middle, {trial.data(), n});
      evaluate_roots(middle, {trial.data(), n}, g);
      if (crossing(g_lower, g[root]) != 0) {
        upper = middle;
        w_upper = g[root];
        if (same_side == 1) w_lower *= 0.5;
        same_side = 1;
      } else {
        lower = middle;
        w_lower = g[root];
        if (same_side == -1) w_upper *= 0.5;
        same_side = -1;
      }
    }
    return upper;
  }

  std::size_t n, padded;
  std::vector<double> y, end, start, trial, error, weight; ///< `start`, `end`: of the last step, before it was settled
  std::vector<double> rates;                               ///< one vector per stage
  std::vector<double> interpolant;                         ///< four coefficients
  std::vector<double> before, after;                       ///< root functions at the start and end of a step
  std::vector<Relaxed> relaxing;
  double h = 0.0, taken = 1.0, t_start = 0.0, last_error = least_error;
  bool rates_hold = false; ///< the last stage's rates are those of the present state
  bool roots_hold = false; ///< `before` is that of the present state
  bool interpolant_known = false;
  Statistics counters;
};

} // namespace

std::unique_ptr<Engine> make_explicit_engine(System& system, const Options& options) {
  return std::make_unique<ExplicitEngine>(system, options);
}

} // namespace platen::solver
