#pragma once
// How shorts of described kinds come and go: conductances beside the electrolyte, made up from what the literature says it
// sees, without any law of the simulator. Sources: docs/theory/corpus.md.

#include "corpus/draws.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace platen::corpus {

/// Where a test stands.
struct Instant {
  double time = 0.0;        ///< s
  double step = 0.0;        ///< s since the instant before
  double current = 0.0;     ///< A, signed
  double resistance = 0.0;  ///< of the cell without a short, ohm
  double into = 0.0;        ///< share of the half cycle that has passed
  int half_cycle = 0;       ///< number; of a rest that of the half cycle before
};

class Leak {
public:
  virtual ~Leak() = default;
  /// Conductance, S. Asked in the order of time.
  virtual double conductance(const Instant& at) = 0;
};

/// When something begins.
struct Beginning {
  int half_cycle = 0;
  double into = 0.0; ///< share of the half cycle
  bool reached(const Instant& at) const { return at.half_cycle > half_cycle || (at.half_cycle == half_cycle && at.into >= into); }
};

/// Conductance that takes `share` of the current of a cell of `resistance` (ohm).
inline double taking(double share, double resistance) { return share / (1.0 - share) / resistance; }

enum class LeakKind {
  none, collapse, staircase, dips, flicker, percolation, dissolves, one_direction, burns_out, from_the_start, faint
};
std::string_view label(LeakKind kind); ///< "collapse to a wire", "dips with recovery" ...

/// `half_cycle`: usual duration, s. `plating`: direction of the current in which the leak grows.
std::unique_ptr<Leak> make_leak(LeakKind kind, const Beginning& beginning, double half_cycle, int plating, std::uint64_t seed);

} // namespace platen::corpus
