#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t left_out = 3;   ///< rows after a switch of the current: capacitances are charged
constexpr std::size_t touched_rows = 2; ///< somebody may have touched a cable: one moment, which may show in two rows
constexpr double touched = 0.4;       ///< of a dip or a rise that such a moment counts
constexpr double comes_back = 0.7;    ///< share of a dip's depth
constexpr double returns_within = 900.0; ///< s
constexpr std::size_t returns_rows = 3;  ///< and at least so many rows

} // namespace

Dips find_dips(const Trace& trace, const Reference& before) {
  Dips out;
  const std::vector<double>& u = trace.raw;
  const std::size_t n = u.size();
  if (!before.settled || before.course.empty() || n < 2 * left_out + 1) return out;
  const double current = trace.mean_current(), noise = std::max(trace.noise, before.scatter);
  const double least = std::max({std::sqrt(1.5) * thresholds::jump_noise * noise, thresholds::jump_share * trace.middle * current, 1.5 * trace.resolution});
  for (std::size_t k = std::max(left_out, n / 20); k + 2 < n; ++k) {
    const double beside = std::min(u[k - 1], u[k + 1]), above = std::max(u[k - 1], u[k + 1]);
    const bool single = u[k] < beside - least, fallen = u[k] < u[k - 1] - least && u[k + 1] < u[k - 1] - least;
    const double low = (1.0 - thresholds::jump_share) * before.course[trace.part_of(k)] / trace.thermal * current;
    // the end of a dip is no rise
    const bool risen = u[k] > u[k - 1] + least && u[k + 1] > u[k - 1] + least;
    if (u[k - 1] >= low && (risen || u[k] > above + least)) out.bumps += risen && u[k + 2] > u[k - 1] + least ? 1.0 : touched;
    if (!(single || fallen) || !(u[k] < low)) continue; // contact that comes and goes ends at what the cell had
    bool back = single;
    std::size_t rows = 0; // after the first that are low still
    for (std::size_t j = k + 1; !back && j < n && (j <= k + returns_rows || trace.time[j] - trace.time[k] < returns_within); ++j, ++rows)
      back = u[j] > u[k] + comes_back * (u[k - 1] - u[k]);
    if (!back) continue;
    if (out.dips == 0.0) out.first = trace.time[k];
    out.dips += rows > touched_rows ? 1.0 : touched;
  }
  return out;
}

Evidence brief_dips(const Trace& trace, const Dips& here, const Context& context) {
  const Reference& before = context.before;
  Evidence e{"brief dips below the course", std::numeric_limits<double>::quiet_NaN(), thresholds::jump_count, "1", false, trace.half_cycle.start, {}};
  if (!before.settled) {
    e.reason = "not made: there is no earlier course to compare with";
    return e;
  }
  e.figure = here.dips + before.dips;
  const double bumps = here.bumps + before.bumps;
  weigh(e, std::sqrt(std::max(1.0, e.figure)), 1); // of a count
  // a cable that is touched, and contact that goes and comes, raise the voltage as well
  e.fired = here.dips > 0.0 && e.figure >= e.threshold && 2.0 * bumps <= e.figure;
  if (here.dips > 0.0) e.time = here.first;
  e.reason = fmt::format("up to the half cycle at {} the voltage dipped {:.3g} times below all that the cell had at that point and came back, and rose so {:.3g} times (two rows or one count {:.1g}) "
                         "(threshold {:.0f} dips, and half as many rises)", say_current(trace.mean_current(), context.area), e.figure, bumps, touched, e.threshold);
  return e;
}

} // namespace platen::assessing
