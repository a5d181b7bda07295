#include "assess/events.hpp"

#include "assess/thresholds.hpp"
#include "numerics/distributions.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace platen::assessing {
namespace {

constexpr std::size_t left_out = 2;        ///< rows after a switch of the current: capacitances are charged, and the rows are not at the same time
constexpr std::size_t rows_beside = 5;     ///< of which the median is the level before
constexpr std::array<double, rows_beside + 1> median_error{0.0, 1.0, 0.71, 0.67, 0.55, 0.54}; ///< of so many rows, in standard deviations of one
constexpr double returned_share = 0.7;     ///< of the depth
constexpr double elevated = 0.25;          ///< above the expected voltage: contact that is being lost comes and goes
constexpr double sudden = 0.5;             ///< of the depth, from the row before to the first
constexpr double returns_within = 900.0;   ///< s
constexpr std::size_t returns_rows = 8;    ///< and at least so many rows
constexpr std::size_t lasting_rows = 3;    ///< what somebody does to a cable shows in one row, or two
constexpr std::array<double, event_strengths> strengths{1.0, 1.5, 2.25}; ///< times thresholds::event_noise
constexpr std::array<double, event_strengths> rarer{10.0, 10.0, 100.0};  ///< healthy events that last, than brief ones: of the clearest noise makes none

/// Rows of one half cycle as seen from one side: events are falls.
class Side {
public:
  Side(const Trace& trace, const Beside& beside, double level, int side)
      : trace_(trace), beside_(beside), level_(-side * level), side_(side),
        longest_(trace.interval * static_cast<double>(trace.raw.size()) > returns_within
                     ? std::max(returns_rows, static_cast<std::size_t>(returns_within / trace.interval)) : std::max(returns_rows, trace.raw.size())) {}

  /// The event that begins at `row`, its depth 0 where none does.
  Event from(std::size_t row) const {
    const std::size_t earlier = std::min(rows_beside, row - left_out);
    Event out{row, 1, side_, 0.0, beside_.sigma[row] * std::hypot(1.0, median_error[earlier])};
    const double u = trace_.raw[row] / (1.0 + beside_.rho[row]); // V, expected
    const double enough = std::max({thresholds::event_share, thresholds::event_noise * out.error, thresholds::event_steps * trace_.resolution / u});
    const double edge = at(row - 1) - at(row);
    if (edge < sudden * enough) return out;
    const double before = level_before(row, earlier), fall = before - at(row);
    // contact that comes and goes does so where it was being lost; the end of an event is none of the other kind
    if (fall < enough || edge < sudden * fall || level_ - at(row) < returned_share * fall || -side_ * before > elevated) return out;
    if (side_ < 0 && beside_.rho[row] > 0.0) return out;
    const double back = before - (1.0 - returned_share) * fall;
    std::size_t j = row + 1;
    while (j < size() && j <= row + longest_ && at(j) < back) ++j;
    if (j == size() || j > row + longest_) return out; // it stays, or nobody knows
    out.rows = j - row;
    out.depth = fall;
    return out;
  }

private:
  double at(std::size_t row) const { return -side_ * beside_.rho[row]; }
  std::size_t size() const { return beside_.rho.size(); }
  /// Median of the rows before one.
  double level_before(std::size_t row, std::size_t rows) const {
    std::array<double, rows_beside> x{};
    for (std::size_t j = 0; j < rows; ++j) x[j] = at(row - rows + j);
    return numerics::median(std::span(x).first(rows));
  }

  const Trace& trace_;
  const Beside& beside_;
  double level_;
  int side_;
  std::size_t longest_;
};

/// Of that many events downwards and more, where `ups` were seen upwards: at rates that are gamma distributed beforehand with that shape, `share` of all rows counting.
double minus_log_chance(double downs, double ups, double shape, double share) {
  if (downs == 0.0) return 0.0;
  return -std::log(std::max(numerics::incomplete_beta(downs, ups + shape, share), std::numeric_limits<double>::min()));
}

} // namespace

std::vector<Event> find_events(const Trace& trace, const Beside& beside) {
  std::vector<Event> out;
  const std::size_t n = beside.rho.size();
  if (n <= left_out || !(trace.middle > 0)) return out;
  const double level = numerics::median(beside.rho);
  for (const int side : {-1, 1}) {
    const Side rows(trace, beside, level, side);
    for (std::size_t k = std::max(left_out, n / 20) + 1; k < n;) {
      const Event e = rows.from(k);
      if (e.depth > 0.0) out.push_back(e);
      k += e.depth > 0.0 ? e.rows + 1 : 1;
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Event& a, const Event& b) { return a.row < b.row; });
  return out;
}

EventCounts count_events(const Trace& trace, const Beside& beside) {
  EventCounts out;
  out.rows = static_cast<double>(beside.rho.size());
  for (const Event& e : find_events(trace, beside)) {
    for (std::size_t s = 0; s < event_strengths && e.depth >= strengths[s] * thresholds::event_noise * e.error; ++s) {
      if (e.side < 0 && out.downs(s) == 0.0) out.first[s] = trace.time[e.row];
      out.of[s][e.rows >= lasting_rows][e.side > 0] += 1.0;
    }
  }
  return out;
}

double unlike_healthy(const EventCounts& since, const EventCounts& all, std::size_t strength) {
  double usual = 0.0, changed = thresholds::event_change, habit = 0.0;
  // noise with heavy tails makes three rows of brief ones by chance
  const double brief = (since.of[strength][0][0] + since.of[strength][0][1]) / since.rows, in_a_row = thresholds::event_rare * std::pow(brief, 3);
  const double lasts = in_a_row * rarer[strength] > 1.0 ? std::max(1.0, 1.0 / in_a_row) : rarer[strength];
  for (const std::size_t lasting : {0, 1}) {
    const double times = lasting == 1 ? lasts : 1.0, rare = thresholds::event_rare * times;
    const auto [downs, ups] = since.of[strength][lasting];
    usual += minus_log_chance(downs, all.of[strength][lasting][1], 1.0, since.rows / (since.rows + all.rows + rare));
    changed += minus_log_chance(downs, ups, 1.0, since.rows / (2.0 * since.rows + rare));
    habit += minus_log_chance(downs, ups, thresholds::event_habit / times, 0.5);
  }
  const double least = std::min({usual, changed, habit});
  return least - std::log1p(least); // a product of two chances is smaller than either
}

EventCounts& EventCounts::operator+=(const EventCounts& other) { return add(other, 1.0); }

EventCounts& EventCounts::add(const EventCounts& other, double times) {
  rows += times * other.rows;
  for (std::size_t s = 0; s < event_strengths; ++s)
    for (const std::size_t lasting : {0, 1})
      for (const std::size_t up : {0, 1}) of[s][lasting][up] += times * other.of[s][lasting][up];
  return *this;
}

EventOdds odds_of_events(const EventCounts& here, const std::vector<EventCounts>& sums) {
  EventOdds out;
  const std::size_t n = sums.size();
  EventCounts all = here;
  if (n > 0) all += sums.back();
  std::size_t starts = 0;
  // from here on, from 1, 2, 4 ... half cycles before, from the first
  for (std::size_t back = 0, next = 1; back <= n; back = back == n ? n + 1 : std::min(n, next), next = 2 * back) {
    ++starts;
    EventCounts since = all;
    if (back < n) since.add(sums[n - back - 1], -1.0);
    for (std::size_t s = 0; s < event_strengths; ++s) {
      if (here.downs(s) == 0.0) continue;
      const double nats = unlike_healthy(since, all, s);
      if (nats > out.nats) out = {nats, 0.0, since.downs(s), since.ups(s), since.rows, s};
    }
  }
  out.needed = thresholds::event_odds + std::log(static_cast<double>(2 * event_strengths * starts)); // brief or lasting, how clear, since when
  return out;
}

} // namespace platen::assessing
