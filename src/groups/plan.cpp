#include "groups/plan.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace platen::groups {
namespace {

constexpr std::uint64_t counted_deals = 5000;

void check(const PlanQuestion& q) {
  const auto shown = [](double si) { return fmt::format("{:.4g} mA/cm2", in_unit(si, "mA/cm2")); };
  std::string fault;
  if (!(q.sigma > 0.0) || !std::isfinite(q.sigma)) fault = fmt::format("the scatter {:.4g} of the logarithm is not positive", q.sigma);
  else if (!(q.median > 0.0)) fault = fmt::format("the median {} is not positive", shown(q.median));
  else if (!(q.median + q.difference > 0.0)) fault = fmt::format("a difference of {} from a median of {} leaves no CCD", shown(q.difference), shown(q.median));
  else if (q.difference == 0.0) fault = "there is no difference to see";
  else if (!(q.ramp.start > 0.0) || !(q.ramp.increment > 0.0)) fault = fmt::format("a ramp from {} in steps of {}", shown(q.ramp.start), shown(q.ramp.increment));
  else if (!(q.ramp.cap >= q.ramp.start)) fault = fmt::format("a ramp from {} to {} has no step", shown(q.ramp.start), shown(q.ramp.cap));
  if (!fault.empty())
    throw Error("D467", "no plan can be made: " + fault, std::nullopt, {"`--difference`, `--scatter`, `--grid`, `--start` and `--cap` say what to plan for"});
}

/// CCD of one cell; `scale` is exp of the intercept.
double draw(const PlanQuestion& q, double median, numerics::RandomStream& stream) {
  const double w = standard_quantile(q.distribution, stream.uniform()) - standard_quantile(q.distribution, 0.5);
  return median * std::exp(q.sigma * w);
}

/// Two-sided p-value of the sum of the scores of the first half.
double p_value(std::span<const double> scores, std::span<const std::size_t> group, double deals) {
  if (deals <= static_cast<double>(counted_deals))
    return permute_groups(scores, group, {.seed = 1, .deals = 1, .most_exact = counted_deals}).p_value;
  const double n = static_cast<double>(scores.size());
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    sum += group[i] == 0 ? scores[i] : 0.0;
    squares += scores[i] * scores[i];
  }
  const double variance = squares * 0.25 * n / (n - 1.0); // (X17), halves of equal size
  return variance > 0.0 ? std::erfc(std::abs(sum) / std::sqrt(2.0 * variance)) : 1.0;
}

/// Whether one simulated comparison finds the difference. Cells of a larger comparison begin with those of a smaller one.
bool finds(const PlanQuestion& q, std::size_t per_group, std::uint64_t simulation, double deals) {
  std::vector<Interval> sample;
  std::vector<std::size_t> group;
  for (std::size_t g = 0; g < 2; ++g) {
    numerics::RandomStream stream(q.seed, g == 0 ? "planned cells" : "planned other cells", simulation);
    for (std::size_t k = 0; k < per_group; ++k) {
      sample.push_back(observe(draw(q, q.median + (g == 1 ? q.difference : 0.0), stream), q.ramp));
      group.push_back(g);
    }
  }
  return p_value(scores_of(q.scores, sample, turnbull(sample, {}, 1e-8)), group, deals) <= q.level;
}

double deals_of(std::size_t per_group) {
  const double n = static_cast<double>(per_group);
  return std::exp(std::lgamma(2.0 * n + 1.0) - 2.0 * std::lgamma(n + 1.0));
}

} // namespace

Interval observe(double ccd, const RampGrid& ramp) {
  const auto step = [&](double k) { return ramp.start + k * ramp.increment; };
  const double failing = std::max(0.0, std::ceil((ccd - ramp.start) / ramp.increment - 1e-9));
  const double last = std::floor((ramp.cap - ramp.start) / ramp.increment + 1e-9);
  if (failing > last) return {step(last), std::numeric_limits<double>::infinity()};
  return {failing > 0.0 ? step(failing - 1.0) : 0.0, step(failing)};
}

PowerPoint power_of(const PlanQuestion& question, std::size_t per_group, const work::Task& task) {
  std::vector<char> found(question.simulations);
  const double deals = deals_of(per_group);
  work::parallel_for(question.simulations, [&](std::size_t k) { found[k] = finds(question, per_group, k, deals) ? 1 : 0; }, 0,
                     {.stop = task.stop, .progress = {}});
  const double n = static_cast<double>(question.simulations);
  const double power = static_cast<double>(std::accumulate(found.begin(), found.end(), 0)) / n;
  return {per_group, power, std::sqrt(power * (1.0 - power) / n)};
}

Plan plan(const PlanQuestion& question, const work::Task& task) {
  check(question);
  Plan out{question, {}, {}, {}, {}};
  const auto ask = [&](std::size_t n) {
    const auto place = std::lower_bound(out.points.begin(), out.points.end(), n, [](const PowerPoint& p, std::size_t k) { return p.per_group < k; });
    if (place != out.points.end() && place->per_group == n) return *place;
    return *out.points.insert(place, power_of(question, n, task));
  };
  constexpr std::array<std::size_t, 17> ladder{3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150};
  std::size_t below = 1, above = 0;
  for (const std::size_t n : ladder) {
    if (n > question.most) break;
    const double power = ask(n).power;
    task.report(static_cast<double>(n) / static_cast<double>(question.most));
    if (power >= question.wanted && above == 0) above = n;
    if (power < question.wanted && above == 0) below = n;
    if (power > 0.5 * (1.0 + question.wanted)) break;
  }
  while (above > below + 1) {
    const std::size_t middle = (above + below) / 2;
    (ask(middle).power >= question.wanted ? above : below) = middle;
  }
  if (above > 0) out.needed = above;
  for (const PowerPoint& p : out.points) {
    if (!out.at_least && p.power + 2.0 * p.error >= question.wanted) out.at_least = p.per_group;
    if (!out.at_most && p.power - 2.0 * p.error >= question.wanted) out.at_most = p.per_group;
  }
  return out;
}

} // namespace platen::groups
