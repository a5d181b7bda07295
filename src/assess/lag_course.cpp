#include "assess/lag_course.hpp"

#include "assess/thresholds.hpp"
#include "numerics/block_covariance.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace platen::assessing {
namespace {

constexpr std::size_t most_points = 40;   ///< of a half cycle: means of rows
constexpr std::size_t curve_points = 240; ///< of a half cycle that others are compared with
constexpr std::size_t least_rows = 16, least_points = 8;
constexpr std::size_t own = 6, shared = 3; ///< habits of one half cycle; of all
constexpr double inf = std::numeric_limits<double>::infinity();

/// Means of as many rows as leave `most` of them.
struct Means {
  std::vector<double> time, charge, volts; ///< s, C, V
};
Means means_of(const Stroke& s, std::size_t most, double until) {
  Means out;
  const auto rows = static_cast<std::size_t>(std::upper_bound(s.time.begin(), s.time.end(), until) - s.time.begin());
  const std::size_t block = std::max<std::size_t>(1, (rows + most - 1) / most);
  for (std::size_t k = 0; k + block <= rows; k += block) {
    double t = 0, q = 0, v = 0;
    for (std::size_t j = k; j < k + block; ++j) {
      t += s.time[j];
      q += s.charge[j];
      v += s.voltage[j];
    }
    const double n = static_cast<double>(block);
    out.time.push_back(t / n);
    out.charge.push_back(q / n);
    out.volts.push_back(v / n);
  }
  return out;
}

/// Charge that passed when a half cycle showed a voltage, and how steep it was there.
class Curve {
public:
  explicit Curve(const Stroke& s) : direction_(s.half_cycle.direction), means_(means_of(s, curve_points, inf)) {
    double furthest = -inf; // noise on a plateau goes back and forth
    for (double& v : means_.volts) v = direction_ * (furthest = std::max(furthest, direction_ * v));
  }
  double end() const { return means_.volts.back(); } ///< V
  struct Place {
    double charge, slope; ///< C, V/C (magnitude)
  };
  std::optional<Place> at(double volts) const {
    const auto before = [this](double a, double b) { return direction_ * a < direction_ * b; };
    const auto above = std::upper_bound(means_.volts.begin(), means_.volts.end(), volts, before);
    if (above == means_.volts.begin() || above == means_.volts.end()) return std::nullopt;
    const auto k = static_cast<std::size_t>(above - means_.volts.begin());
    const double dv = means_.volts[k] - means_.volts[k - 1], x = dv != 0 ? (volts - means_.volts[k - 1]) / dv : 0.5;
    constexpr std::size_t beside = 3;
    const std::size_t left = k > beside ? k - beside : 0, right = std::min(k + beside, means_.volts.size() - 1);
    const double slope = std::abs(means_.volts[right] - means_.volts[left]) / std::max(means_.charge[right] - means_.charge[left], 1e-30);
    if (!(slope > 0)) return std::nullopt;
    return Place{means_.charge[k - 1] + x * (means_.charge[k] - means_.charge[k - 1]), slope};
  }

  /// V, after as much charge; NaN outside of what passed.
  double volts_after(double charge) const {
    const auto above = std::lower_bound(means_.charge.begin(), means_.charge.end(), charge);
    if (above == means_.charge.begin() || above == means_.charge.end()) return std::numeric_limits<double>::quiet_NaN();
    const auto k = static_cast<std::size_t>(above - means_.charge.begin());
    const double x = (charge - means_.charge[k - 1]) / std::max(means_.charge[k] - means_.charge[k - 1], 1e-30);
    return means_.volts[k - 1] + x * (means_.volts[k] - means_.volts[k - 1]);
  }

  /// V, median by which the beginning of another half cycle lies above this one at equal charge: a resistance alone would be taken for a long way on a plateau.
  double beside(const Means& other) const {
    constexpr double from = 0.05, to = 0.4; // of the charge that passed here
    std::vector<double> apart;
    for (std::size_t j = 0; j < other.charge.size(); ++j) {
      const double q = other.charge[j] / means_.charge.back();
      if (q < from || q > to) continue;
      const auto above = std::lower_bound(means_.charge.begin(), means_.charge.end(), other.charge[j]);
      if (above != means_.charge.begin() && above != means_.charge.end()) apart.push_back(other.volts[j] - means_.volts[static_cast<std::size_t>(above - means_.charge.begin())]);
    }
    return apart.empty() ? 0.0 : numerics::median(apart);
  }

private:
  int direction_;
  Means means_;
};

/// One point of a half cycle: how far the charge in the cell lags behind that which passed.
struct Point {
  double charge;        ///< C, passed in the half cycle
  double lag, weight;   ///< C, 1/C
  double slope;         ///< V/C
  double current_time;  ///< s, time under current since the first half cycle
  double volts;         ///< V
  std::array<double, own> habits;    ///< C for one standard deviation
  std::array<double, shared> common; ///< the same
};
struct Piece {
  std::vector<Point> points;
  double began = 0, current = 0, resistance = 0; ///< s (time under current), A, ohm
};

/// One number per point of all pieces.
template <class Value> std::vector<double> column_of(const std::vector<Piece>& pieces, const Value& value) {
  std::vector<double> out;
  for (const Piece& p : pieces)
    for (const Point& x : p.points) out.push_back(value(p, x));
  return out;
}

/// What rows are known to, what half cycles differ by anyway, and what they share.
numerics::BlockCovariance covariance_of(const std::vector<Piece>& pieces) {
  numerics::BlockedRows rows;
  rows.begins.push_back(0);
  for (const Piece& p : pieces) rows.begins.push_back(rows.begins.back() + p.points.size());
  rows.variance = column_of(pieces, [](const Piece&, const Point& x) { return 1.0 / (x.weight * x.weight); });
  std::vector<double> common;
  const auto append = [](std::vector<double>& to, const std::vector<double>& column) { to.insert(to.end(), column.begin(), column.end()); };
  for (std::size_t c = 0; c < own; ++c) append(rows.own, column_of(pieces, [c](const Piece&, const Point& x) { return x.habits[c]; }));
  for (std::size_t c = 0; c < shared; ++c) append(common, column_of(pieces, [c](const Piece&, const Point& x) { return x.common[c]; }));
  return {std::move(rows), common};
}

/// `noise`: V, standard deviation of a row. Times are those since the half cycle began.
std::vector<Point> points_of(const Stroke& s, const Curve& like, double until, double noise, LagQuestion question) {
  constexpr double level = 0.02, shift = 0.05, stretch = 5e-3, settling = 0.02, step = 0.1, voids = 0.1; // V, 1, 1, V, V, V: what half cycles differ by
  constexpr double unforeseen = 5e-4, place_known = 3e-3, held = 2e-3;                      // V, 1, V: what points do
  constexpr double flattest = 1e-3;                                                         // 1: that a covariance stays finite
  const Means means = means_of(s, most_points, until);
  const double off = like.beside(means), all = s.charge.back();
  // what happened suddenly is not a lag: contact that returned lets the voltage of a charge fall as well
  const auto most = std::max_element(s.changes.begin(), s.changes.end(), [](const SuddenChange& a, const SuddenChange& b) { return std::abs(a.size) < std::abs(b.size); });
  std::vector<Point> out;
  for (std::size_t j = 0; j < means.time.size(); ++j) {
    if (s.charging() && means.volts[j] > like.end() - held) break; // from there on it may be held
    const auto place = like.at(means.volts[j] - off);
    if (!place) continue;
    const double q = means.charge[j], further = q - place->charge, above = means.volts[j] - off - like.volts_after(q);
    // what a voltage far beside the other one costs in charge is not told by the slope where the other one had it: at the steep end of a discharge that voids cut short
    const bool apart = question == LagQuestion::whether && std::abs(further) > place_known * all && std::isfinite(above);
    const double slope = apart ? std::clamp(std::abs(above / further), flattest * place->slope, place->slope) : place->slope;
    const double after = most != s.changes.end() && means.time[j] >= most->time ? step : 0.0;
    Point x{};
    x.charge = q;
    x.lag = s.half_cycle.direction * further;
    x.weight = 1.0 / std::hypot(std::hypot(noise, unforeseen) / slope, place_known * all);
    x.slope = place->slope;
    x.volts = means.volts[j];
    x.current_time = means.time[j] - s.half_cycle.start;
    x.habits = {level / slope, shift * all, stretch * q, settling * std::exp(-6.0 * q / all) / slope, after / slope, s.charging() ? 0.0 : voids * (q / all) * (q / all) / slope};
    out.push_back(x);
  }
  return out;
}

/// The half cycles from `first` to `found` that can be compared with the first of their direction.
std::vector<Piece> pieces_of(const std::vector<Stroke>& strokes, std::size_t first, std::size_t found, double until, double resistance, LagQuestion question) {
  constexpr double other_stretch = 0.02, first_stretch = 0.2, fade = 5e-3; // 1: all charges, all discharges beside the first; 1 per cycle
  std::vector<Piece> out;
  std::array<std::optional<Curve>, 2> curves;
  double under_current = 0;
  for (std::size_t k = first; k <= found; ++k) {
    const Stroke& s = strokes[k];
    const double began = under_current;
    under_current += s.half_cycle.end - s.half_cycle.start;
    if (!comparable(s)) continue;
    std::optional<Curve>& like = curves[s.charging() ? 1 : 0];
    if (!like) {
      like.emplace(s);
      continue;
    }
    const double since_first = 0.5 * static_cast<double>(k - first);
    Piece piece{points_of(s, *like, until, std::isfinite(strokes[first].quiet) ? strokes[first].quiet : s.noise, question), began, std::abs(s.half_cycle.current), resistance};
    for (Point& x : piece.points) {
      x.current_time += began;
      x.common = {s.charging() ? (first == 0 ? first_stretch : other_stretch) * x.charge : 0.0, s.charging() ? 0.0 : other_stretch * x.charge,
                  (s.charging() ? -1.0 : 1.0) * fade * since_first * x.charge};
    }
    if (piece.points.size() < least_points) continue;
    out.push_back(std::move(piece));
  }
  return out;
}

/// Lag of a leak whose conductance (S) is that power of the time under current (s) since `from`.
double lag_of(const Piece& p, const Point& x, double from, double power) {
  const double since = std::max(0.0, x.current_time - from), at_start = std::max(0.0, p.began - from);
  const double gathered = (std::pow(since, power + 1.0) - std::pow(at_start, power + 1.0)) / (power + 1.0);
  return x.volts * (gathered + std::pow(since, power) * p.resistance / x.slope);
}

/// Clock of a time under current.
double clock_of(const std::vector<Stroke>& strokes, std::size_t first, std::size_t found, double under_current) {
  for (std::size_t k = first; k <= found; ++k) {
    const double span = strokes[k].half_cycle.end - strokes[k].half_cycle.start;
    if (under_current <= span) return strokes[k].half_cycle.start + under_current;
    under_current -= span;
  }
  return strokes[found].half_cycle.end;
}

/// What a leak that grows as a power of the time under current explains best.
struct Fitted {
  double gain = 0;                      ///< 1, by which it lessens chi squared
  double counts = 0, low = 0, high = 0; ///< s under current: where it takes leak_counts of it, and the range of what is about as likely
};

Fitted fit(const std::vector<Piece>& pieces, std::span<const double> powers) {
  constexpr std::size_t starts = 40;
  constexpr double told = 3.84; // 95 % of chi squared
  const numerics::BlockCovariance covariance = covariance_of(pieces);
  const auto lag = covariance.see(column_of(pieces, [](const Piece&, const Point& x) { return x.lag; }));
  const Piece& last = pieces.back();
  const double end = last.points.back().current_time;
  const double never = 2.0 * end; // for a mean that stays finite
  const double conductance = thresholds::leak_counts / (1.0 - thresholds::leak_counts) * last.current / std::max(1.0, last.points.back().volts);
  std::vector<std::pair<double, double>> candidates; // gain, s under current
  Fitted out{0.0, 0.0, inf, -inf};
  for (const double power : powers)
    for (std::size_t k = 0; k < starts; ++k) {
      const double back = (static_cast<double>(k) + 0.5) / static_cast<double>(starts), from = end * (1.0 - back * back); // what began lately is told more finely
      const auto leak = covariance.see(column_of(pieces, [&](const Piece& p, const Point& x) { return lag_of(p, x, from, power); }));
      const double size = covariance.product(leak, leak), both = covariance.product(leak, lag);
      if (!(size > 0) || !(both > 0)) continue;
      const double grown = both / size; // S/s^power
      const double reached = power > 0 ? from + std::pow(conductance / grown, 1.0 / power) : grown > conductance ? from : never;
      candidates.emplace_back(both * grown, std::min(reached, never));
      out.gain = std::max(out.gain, both * grown);
    }
  double weights = 0;
  for (const auto& [gain, time] : candidates) {
    const double weight = std::exp(-0.5 * (out.gain - gain));
    weights += weight;
    out.counts += weight * time;
    if (out.gain - gain > told) continue;
    out.low = std::min(out.low, time);
    out.high = std::max(out.high, time);
  }
  out.counts /= weights;
  return out;
}

/// Ohm, what the current through a leak takes from the voltage at once: of the jumps of the voltage where the current is switched on the lower
/// ones, because part of a jump is slow.
double resistance_of(const std::vector<Stroke>& strokes, std::size_t first, std::size_t found) {
  std::vector<double> jumps;
  for (std::size_t k = first; k <= found; ++k)
    if (strokes[k].at_switch > 0) jumps.push_back(strokes[k].at_switch);
  return jumps.empty() ? 0.0 : numerics::quantile(jumps, 0.25);
}

} // namespace

bool comparable(const Stroke& s) { return s.passed_before == 0 && !s.broken && s.time.size() >= least_rows; }

std::size_t first_alike(const std::vector<Stroke>& strokes, std::size_t found, double ratio) {
  constexpr std::size_t most_back = 12;
  const std::size_t earliest = found > most_back ? found - most_back : 0;
  std::size_t first = found;
  while (first > earliest) {
    const Stroke& s = strokes[first - 1];
    const double other = std::abs(s.half_cycle.current / strokes[found].half_cycle.current);
    if (s.gaps != strokes[found].gaps || (s.passed_before == 0 && std::max(other, 1.0 / other) > ratio)) break;
    --first;
  }
  return first == 0 && found > 4 ? 1 : first; // a first charge takes more than any other
}

std::optional<LagCourse> lag_course(const std::vector<Stroke>& strokes, std::size_t first, std::size_t found, double until, LagQuestion question) {
  constexpr std::array powers{0.0, 1.0, 1.5, 2.0, 3.0};
  const std::vector<Piece> pieces = pieces_of(strokes, first, found, until, resistance_of(strokes, first, found), question);
  if (pieces.empty()) return std::nullopt;
  const Fitted best = fit(pieces, question == LagQuestion::when ? std::span(powers).subspan(1) : std::span(powers));
  if (!(best.gain > 0)) return std::nullopt;
  const auto clock = [&](double time) { return clock_of(strokes, first, found, time); };
  return LagCourse{best.gain, clock(best.counts), {clock(best.low), clock(best.high)}};
}

std::optional<LagCourse> leak_growth(const std::vector<Stroke>& strokes, std::size_t found, double seen) {
  constexpr std::size_t parts = 16, least_back = 4;
  constexpr double like_current = 1.5;
  std::size_t first = first_alike(strokes, found, like_current);
  if (found - first < least_back) first = first_alike(strokes, found);
  const auto grown = [&](double until) {
    std::optional<LagCourse> course = lag_course(strokes, first, found, std::min(until, seen), LagQuestion::when);
    if (course && !(course->gain > thresholds::lag_gain && course->counts < until)) course.reset();
    return course;
  };
  // Back through halves of half cycles, up to where no leak shows: what passes again, as what follows a reversal does, was none. One that is shorted
  // may go on for much longer than those before.
  double longest = 0.0; // s
  for (std::size_t k = first; k < found; ++k) longest = std::max(longest, strokes[k].half_cycle.end - strokes[k].half_cycle.start);
  std::vector<std::pair<double, double>> halves; // s, from and to
  for (std::size_t k = first; k <= found; ++k) {
    const double start = strokes[k].half_cycle.start, span = strokes[k].half_cycle.end - start, half = 0.5 * (longest > 0.0 ? std::min(span, longest) : span);
    halves.emplace_back(start, start + half);
    if (start + half < seen) halves.emplace_back(start + half, start + 2.0 * half);
  }
  std::size_t from = halves.size();
  while (from > 0 && grown(halves[from - 1].second)) --from;
  if (from == halves.size()) return std::nullopt;
  // As few rows as show it: later the leak is not small any more, and its growth may have ended.
  for (std::size_t part = 1; part <= parts; ++part)
    if (const auto course = grown(halves[from].first + (halves[from].second - halves[from].first) * static_cast<double>(part) / static_cast<double>(parts))) return course;
  return std::nullopt;
}

} // namespace platen::assessing
