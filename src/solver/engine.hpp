#pragma once
// What both engines have in common. Only this room's sources include this file.

#include "solver/solver.hpp"

#include <optional>

namespace platen::solver {

struct Engine {
  Engine(System& s, const Options& o);
  virtual ~Engine() = default;
  virtual void restart(double when, std::span<const double> from) = 0;
  virtual Outcome step(double t_end) = 0;
  virtual void interpolate(double when, std::span<double> out) = 0;
  virtual std::span<const double> state() const = 0;
  virtual Statistics count() const = 0;

  /// Index of the first rate that is no number.
  static std::optional<std::size_t> not_finite(std::span<const double> rates);
  /// Throws S001 with the states that are hardest to follow. Local errors in units of their tolerance, if there are any;
  /// otherwise the states that change fastest against their tolerance are named.
  [[noreturn]] void give_up(const std::string& why, std::span<const double> errors);

  System& system;
  Options options;
  std::vector<double> absolute; ///< tolerances
  double t = 0.0;
  std::optional<std::size_t> undefined; ///< state whose rate was last seen not to be finite, in the present step
};

std::unique_ptr<Engine> make_explicit_engine(System& system, const Options& options);
std::unique_ptr<Engine> make_bdf_engine(System& system, const Options& options);

} // namespace platen::solver
