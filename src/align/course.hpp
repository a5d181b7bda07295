#pragma once
// What the cycler did, as curves that can be asked for their value and slope at any time.

#include "align/estimate.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace platen::align {

/// A curve of straight pieces; constant beyond its ends.
class Polyline {
public:
  Polyline() = default;
  /// Lengths equal, `time` rising.
  Polyline(std::vector<double> time, std::vector<double> value)
      : time_(std::move(time)), value_(std::move(value)) {}

  /// The same curve with as few corners as keep it within `tolerance`.
  Polyline simplified(double tolerance) const;

  struct Point {
    double value = 0.0, slope = 0.0;
  };
  /// @param hint where to begin to look; updated. Fast for times that rise.
  Point at(double t, std::size_t& hint) const;

  const std::vector<double>& time() const { return time_; }
  const std::vector<double>& value() const { return value_; }

private:
  std::vector<double> time_, value_;
};

/// What the pressure may follow at one time of the data's clock, and how fast each of it changes there.
struct Pattern {
  static constexpr std::size_t most = 20;
  std::array<double, most> value{}, slope{};
};

/// How much is allowed for: `plain` for the search, `rich` for the answer, with hysteresis, lag, a swing that changes,
/// fast at first, and bends of the first charge that no later one has.
enum class Detail { plain, rich };

/// The patterns of a course: (W3) for charge, (W4) for edges.
class Patterns {
public:
  /// @param interval usual time between readings of the log, s: an edge is no sharper than that.
  Patterns(const Course& course, Follows follows, Detail detail, double interval);

  std::size_t count() const {
    return follows_ == Follows::charge && detail_ == Detail::rich ? Pattern::most : 3;
  }
  double begin() const { return begin_; }
  double end() const { return end_; }
  /// s: usual time between two changes of direction (charge) or two switchings (edges).
  double stroke() const { return stroke_; }
  /// Whether the course has what the pressure could follow.
  bool any() const { return any_; }

  /// @param hints one per curve, kept between calls.
  using Hints = std::array<std::size_t, 5>;
  Pattern at(double t, Hints& hints) const;

private:
  void set_charge(const Course& course);
  void set_edges(const Course& course);
  Polyline::Point smooth(const Polyline& integral, double t, std::size_t& low, std::size_t& high) const;

  Follows follows_;
  Detail detail_;
  double width_ = 0.0;
  double begin_ = 0.0, end_ = 0.0, stroke_ = 0.0;
  bool any_ = false;
  Polyline charge_;              ///< scaled to -1 ... 1
  std::array<Polyline, 2> play_; ///< what follows the charge through a backlash
  Polyline highest_;             ///< the fullest so far: what yields for good
  Polyline lagging_;             ///< what follows the charge late
  Polyline signed_, magnitude_; ///< integrals of the current and of its magnitude over the largest current, s
  Polyline warm_;               ///< magnitude of the current as something slow follows it
};

} // namespace platen::align
