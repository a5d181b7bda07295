#include "calibrate/posterior.hpp"

#include "numerics/dense.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::calibrate {
namespace {

constexpr double wanted_acceptance = 0.25;
constexpr std::size_t enough_draws = 400; ///< a 95 % interval is then good to some 3 % of a deviation (Vehtari et al. 2021)

struct Chain {
  std::vector<double> x; ///< fitted scale
  double cost = std::numeric_limits<double>::infinity();
  std::vector<std::vector<double>> path; ///< per number
  std::vector<double> costs;
  double log_length = 0.0; ///< of a step, over 2.38 / sqrt(n)
  std::size_t taken = 0;
};

class Sampler {
public:
  Sampler(const Problem& problem, const Fit& fit, const PosteriorOptions& options, const Kept& kept, const work::Task& task)
      : problem_(problem), fit_(fit), options_(options), kept_(kept), task_{task.stop, {}}, n_(problem.numbers.size()) {
    for (const Number& number : problem.numbers) {
      low_.push_back(number.scaled(number.low));
      high_.push_back(number.scaled(number.high));
    }
    begin_covariance();
    factorise(covariance_);
    chains_.resize(options.chains);
    for (std::size_t c = 0; c < chains_.size(); ++c) begin(c);
  }

  /// One block of every chain, from what was kept or anew.
  void advance() {
    const std::size_t row = n_ + 3, count = options_.block * row; // x, cost, length of the step, taken or not
    std::vector<std::vector<double>> blocks(chains_.size());
    work::parallel_for(
        chains_.size(),
        [&](std::size_t c) {
          blocks[c] = kept_.made(fmt::format("posterior {} {}", c, blocks_), count, [&] { return walked(c); });
        },
        options_.threads, task_);
    for (std::size_t c = 0; c < chains_.size(); ++c)
      for (std::size_t k = 0; k < options_.block; ++k) take(chains_[c], {&blocks[c][k * row], row});
    ++blocks_;
    learn();
  }

  std::size_t steps() const { return blocks_ * options_.block; }
  Posterior result() const;

private:
  /// That of the fit; numbers that it does not determine, or took as known at a bound, get their own scale, apart from the others.
  void begin_covariance() {
    covariance_.assign(n_ * n_, 0.0);
    const auto broad = [&](std::size_t j) { return std::pow(0.25 * scale_of(problem_.numbers[j]), 2); };
    const auto usable = [&](std::size_t j) {
      const double variance = fit_.covariance[j * n_ + j];
      return variance > 0.0 && variance < broad(j);
    };
    for (std::size_t j = 0; j < n_; ++j)
      for (std::size_t k = 0; k < n_; ++k) {
        if (usable(j) && usable(k)) covariance_[j * n_ + k] = fit_.covariance[j * n_ + k];
        else if (j == k) covariance_[j * n_ + j] = 0.1 * broad(j);
      }
  }

  void factorise(std::vector<double> covariance) {
    for (std::size_t j = 0; j < n_; ++j) covariance[j * n_ + j] *= 1.0 + 1e-9;
    if (!numerics::cholesky(covariance, n_)) { // the diagonal alone
      std::vector<double> diagonal(n_ * n_, 0.0);
      for (std::size_t j = 0; j < n_; ++j) diagonal[j * n_ + j] = std::sqrt(covariance_[j * n_ + j]);
      covariance = diagonal;
    }
    factor_ = std::move(covariance);
  }

  double cost_at(std::span<const double> x) const {
    for (std::size_t j = 0; j < n_; ++j)
      if (x[j] < low_[j] || x[j] > high_[j]) return std::numeric_limits<double>::infinity();
    std::vector<double> values(n_), residuals(problem_.residuals);
    for (std::size_t j = 0; j < n_; ++j) values[j] = problem_.numbers[j].unscaled(x[j]);
    return posterior_cost(problem_, values, residuals, task_);
  }

  /// x + length x G z
  std::vector<double> stepped(std::span<const double> x, double length, numerics::RandomStream& random) const {
    std::vector<double> z(n_), out(x.begin(), x.end());
    for (double& v : z) v = random.normal();
    for (std::size_t j = 0; j < n_; ++j)
      for (std::size_t k = 0; k <= j; ++k) out[j] += length * factor_[j * n_ + k] * z[k];
    return out;
  }

  /// A place twice as far from the fit as its covariance says, inside the bounds and where cells can be simulated.
  void begin(std::size_t c) {
    Chain& chain = chains_[c];
    chain.path.resize(n_);
    std::vector<double> best(n_);
    for (std::size_t j = 0; j < n_; ++j) best[j] = std::clamp(problem_.numbers[j].scaled(fit_.values[j]), low_[j], high_[j]);
    numerics::RandomStream random(options_.seed, "posterior begins", c);
    const std::vector<double> row = kept_.made(fmt::format("posterior {} begins", c), n_ + 1, [&] {
      double length = 2.0;
      for (int k = 0; k < 20; ++k, length *= 0.8) {
        std::vector<double> x = stepped(best, length, random);
        for (std::size_t j = 0; j < n_; ++j) x[j] = std::clamp(x[j], low_[j], high_[j]);
        x.push_back(cost_at(x));
        if (std::isfinite(x.back())) return x;
      }
      std::vector<double> x = best;
      x.push_back(fit_.cost);
      return x;
    });
    chain.x.assign(row.begin(), row.end() - 1);
    chain.cost = row.back();
  }

  /// The rows of the next block of a chain: equation (B10).
  std::vector<double> walked(std::size_t c) const {
    const Chain& chain = chains_[c];
    std::vector<double> x = chain.x, rows;
    double cost = chain.cost, log_length = chain.log_length;
    for (std::size_t k = 0; k < options_.block; ++k) {
      const std::size_t number = steps() + k;
      numerics::RandomStream random(options_.seed, fmt::format("posterior {}", c), number);
      const double length = 2.38 / std::sqrt(static_cast<double>(n_)) * std::exp(log_length);
      const std::vector<double> tried = stepped(x, length, random);
      const double there = cost_at(tried);
      const double chance = std::isfinite(there) ? std::min(1.0, std::exp(0.5 * (cost - there))) : 0.0;
      const bool take_it = random.uniform() < chance;
      if (take_it) x = tried, cost = there;
      log_length += (chance - wanted_acceptance) / std::pow(1.0 + static_cast<double>(number), 0.6);
      rows.insert(rows.end(), x.begin(), x.end());
      rows.insert(rows.end(), {cost, log_length, take_it ? 1.0 : 0.0});
    }
    return rows;
  }

  void take(Chain& chain, std::span<const double> row) const {
    chain.x.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(n_));
    chain.cost = row[n_];
    chain.log_length = row[n_ + 1];
    chain.taken += row[n_ + 2] > 0.5;
    for (std::size_t j = 0; j < n_; ++j) chain.path[j].push_back(row[j]);
    chain.costs.push_back(row[n_]);
  }

  /// The covariance of the second halves of all chains, with the first guess weighing as much as a few draws per number.
  void learn() {
    const std::size_t all = steps(), from = all / 2;
    const double weight = 10.0 * static_cast<double>(n_), count = static_cast<double>((all - from) * chains_.size());
    if (count < weight) return;
    std::vector<double> mean(n_, 0.0), sum(n_ * n_, 0.0);
    for (const Chain& chain : chains_)
      for (std::size_t j = 0; j < n_; ++j)
        for (std::size_t k = from; k < all; ++k) mean[j] += chain.path[j][k] / count;
    for (const Chain& chain : chains_)
      for (std::size_t i = 0; i < n_; ++i)
        for (std::size_t j = 0; j <= i; ++j)
          for (std::size_t k = from; k < all; ++k) sum[i * n_ + j] += (chain.path[i][k] - mean[i]) * (chain.path[j][k] - mean[j]);
    std::vector<double> mixed(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j <= i; ++j)
        mixed[i * n_ + j] = mixed[j * n_ + i] = (sum[i * n_ + j] + weight * covariance_[i * n_ + j]) / (count + weight);
    factorise(std::move(mixed));
  }

  const Problem& problem_;
  const Fit& fit_;
  const PosteriorOptions& options_;
  const Kept& kept_;
  work::Task task_;
  std::size_t n_, blocks_ = 0;
  std::vector<double> low_, high_, covariance_, factor_;
  std::vector<Chain> chains_;
};

Posterior Sampler::result() const {
  Posterior out;
  const std::size_t all = steps(), from = all / 2, length = all - from, rows = length * chains_.size();
  out.steps = all;
  for (const Chain& chain : chains_) out.acceptance += static_cast<double>(chain.taken) / static_cast<double>(all * chains_.size());
  out.converged = true;
  const double wanted = static_cast<double>(std::min(options_.draws, enough_draws));
  for (std::size_t j = 0; j < n_; ++j) {
    std::vector<std::vector<double>> of_chains;
    for (const Chain& chain : chains_) of_chains.emplace_back(chain.path[j].begin() + static_cast<std::ptrdiff_t>(from), chain.path[j].end());
    out.convergence.push_back(convergence(of_chains));
    out.converged = out.converged && out.convergence.back().r_hat < largest_r_hat && out.convergence.back().effective >= wanted;
  }
  const std::size_t draws = std::min(options_.draws, rows);
  for (std::size_t k = 0; k < draws; ++k) {
    const std::size_t row = k * rows / draws;
    const Chain& chain = chains_[row / length];
    std::vector<double> values(n_);
    for (std::size_t j = 0; j < n_; ++j) {
      const Number& n = problem_.numbers[j];
      values[j] = std::clamp(n.unscaled(chain.path[j][from + row % length]), n.low, n.high);
    }
    out.draws.push_back(std::move(values));
    out.costs.push_back(chain.costs[from + row % length]);
  }
  return out;
}

} // namespace

double Posterior::quantile(std::size_t number, double p) const {
  std::vector<double> column;
  for (const std::vector<double>& draw : draws) column.push_back(draw[number]);
  return numerics::quantile(column, p);
}

Posterior sample(const Problem& problem, const Fit& fit, const PosteriorOptions& options, const Kept& kept, const work::Task& task) {
  const std::size_t least = 20 * options.block;
  const std::size_t most = std::max(least, options.steps > 0 ? options.steps : 100 * options.draws / options.chains);
  Sampler sampler(problem, fit, options, kept, task);
  Posterior out;
  std::size_t next_look = least;
  while (sampler.steps() < most) {
    task.check();
    sampler.advance();
    task.report(static_cast<double>(sampler.steps()) / static_cast<double>(most));
    if (sampler.steps() < next_look && sampler.steps() < most) continue;
    next_look = sampler.steps() + sampler.steps() / 5;
    out = sampler.result();
    const bool enough = std::all_of(out.convergence.begin(), out.convergence.end(),
                                    [&](const Convergence& c) { return c.effective >= static_cast<double>(options.draws); });
    if (out.converged && enough) break;
  }
  return out;
}

} // namespace platen::calibrate
