#include "solver/solver.hpp"

#include "solver/engine.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::solver {
namespace {

/// A state and how far it is from being followed; `badness` is in the unit that `measure` says.
struct Suspect {
  std::size_t index;
  bool undefined;
  double badness;
};

std::string measure(const Suspect& s, bool has_errors) {
  if (s.undefined) return "its rate is not finite";
  return has_errors ? fmt::format("error {:.2g} of its tolerance", s.badness)
                    : fmt::format("changes by {:.2g} of its tolerance per second", s.badness);
}

} // namespace

Engine::Engine(System& s, const Options& o) : system(s), options(o), absolute(s.size()) {
  for (std::size_t i = 0; i < s.size(); ++i) absolute[i] = s.absolute_tolerance(i);
}

std::optional<std::size_t> Engine::not_finite(std::span<const double> rates) {
  // A sum is finite only if every part is; the search is for the rare case.
  double sum = 0.0;
  for (const double rate : rates) sum += 0.0 * rate;
  if (sum == 0.0) return std::nullopt;
  const auto bad = std::find_if(rates.begin(), rates.end(), [](double v) { return !std::isfinite(v); });
  return static_cast<std::size_t>(bad - rates.begin());
}

void Engine::give_up(const std::string& why, std::span<const double> errors) {
  const auto y = state();
  std::vector<double> measured(errors.begin(), errors.end());
  const auto last_undefined = undefined;
  if (errors.empty()) {
    measured.resize(y.size());
    system.derivative(t, y, measured);
    for (std::size_t i = 0; i < y.size(); ++i) measured[i] /= absolute[i] + options.relative_tolerance * std::abs(y[i]);
  }
  std::vector<Suspect> suspects;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double badness = std::abs(measured[i]);
    suspects.push_back({i, i == last_undefined || !std::isfinite(badness), std::isfinite(badness) ? badness : 0.0});
  }
  std::sort(suspects.begin(), suspects.end(), [](const Suspect& a, const Suspect& b) {
    return a.undefined != b.undefined ? a.undefined : a.badness > b.badness;
  });
  std::string names;
  for (std::size_t k = 0; k < std::min<std::size_t>(3, suspects.size()); ++k) {
    const Suspect& s = suspects[k];
    names += fmt::format("{}{} = {:.4g} ({})", k > 0 ? ", " : "", system.state_name(s.index), y[s.index],
                         measure(s, !errors.empty()));
  }
  throw Error("S001", fmt::format("the solver gave up at t = {:.6g} s: {}", t, why), std::nullopt,
              {"worst states: " + names,
               "a contact fraction or void near its limit means contact was lost; a filament means a short faster than the "
               "tolerance can follow: check the overridden parameters with `platen validate`"});
}

Integrator::Integrator(System& system, const Options& options)
    : engine_(options.method == Method::implicit_bdf ? make_bdf_engine(system, options) : make_explicit_engine(system, options)) {}

Integrator::~Integrator() = default;

void Integrator::restart(double t, std::span<const double> y) { engine_->restart(t, y); }
Outcome Integrator::step(double t_end) { return engine_->step(t_end); }
void Integrator::interpolate(double t, std::span<double> y) { engine_->interpolate(t, y); }
std::span<const double> Integrator::state() const { return engine_->state(); }
double Integrator::time() const { return engine_->t; }
Statistics Integrator::statistics() const { return engine_->count(); }

} // namespace platen::solver
