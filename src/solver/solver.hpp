#pragma once
// The solver behind a small face: a system sees spans and names, never a solver's vector. Theory: docs/theory/numerics.md.

#include "base/error.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace platen::solver {

/// A state that relaxes by itself: y' = b(t, y) - rate y, with a rate (1/s) that stays what it is during a step.
struct Relaxing {
  std::size_t state;
  double rate;
};

/// A set of ordinary differential equations y' = f(t, y) with root functions.
class System {
public:
  virtual ~System() = default;
  virtual std::size_t size() const = 0;
  /// dydt = f(t, y); both spans have size() entries. May throw Error for a state that has no meaning (that is reported as
  /// a solver failure with the state's name).
  virtual void derivative(double t, std::span<const double> y, std::span<double> dydt) = 0;
  /// Called with the state from which a step is about to start. May draw it back to where it means something (a share that a
  /// step took below zero) and switch what `derivative` depends on; both stay fixed during a step.
  /// @returns whether anything changed, so that rates known from the last step do not hold any more.
  virtual bool settle(double, std::span<double>) { return false; }
  /// States whose b hardly depends on themselves, asked for at the start of every step after its first `derivative`. The explicit
  /// engine follows their decay exactly, so that it does not hold the step; the implicit one needs no help.
  virtual std::span<const Relaxing> relaxing() const { return {}; }
  /// Number of root functions; an event is a change of sign of one of them.
  virtual std::size_t roots() const { return 0; }
  virtual void root(double, std::span<const double>, std::span<double>) {}
  virtual std::string state_name(std::size_t index) const = 0;
  /// Absolute tolerance of a state, in its own unit: changes below it do not matter.
  virtual double absolute_tolerance(std::size_t index) const = 0;
};

enum class Method {
  explicit_runge_kutta, ///< Dormand and Prince 5(4): slow states only, cheapest restarts
  implicit_bdf          ///< CVODE BDF with a dense Newton matrix: capacitances among the states, shorted cells
};

struct Options {
  Method method = Method::explicit_runge_kutta;
  double relative_tolerance = 1e-6;
  double maximum_step = 0.0; ///< s, 0: none
  long maximum_steps = 200000; ///< tried between two calls that return
};

struct Statistics {
  long steps = 0, evaluations = 0, error_failures = 0, restarts = 0, root_evaluations = 0;
};

enum class Stop { time, root };

/// What a step came to.
struct Outcome {
  Stop stop = Stop::time;
  double t = 0.0;
  std::vector<int> roots; ///< per root function: 0, +1 rising, -1 falling; empty unless stop is root
};

struct Engine;

/// Advances one system in time. Steps are chosen by the error control alone; output is read by interpolation within the
/// last step.
class Integrator {
public:
  Integrator(System& system, const Options& options);
  ~Integrator();
  Integrator(const Integrator&) = delete;
  Integrator& operator=(const Integrator&) = delete;

  /// Starts anew at (t, y), e.g. after a switch of the current; nothing before `t` influences what follows.
  void restart(double t, std::span<const double> y);
  /// Takes one internal step, ending no later than `t_end`, or at a root.
  /// @throws Error S001 with the names of the worst states when the solver gives up.
  Outcome step(double t_end);
  /// State at a time within the last step; y has size() entries.
  void interpolate(double t, std::span<double> y);
  /// State at the end of the last step.
  std::span<const double> state() const;
  double time() const;
  Statistics statistics() const;

private:
  std::unique_ptr<Engine> engine_;
};

} // namespace platen::solver
