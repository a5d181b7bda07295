#include "import/load/zone.hpp"

#include <algorithm>
#include <cmath>
#include <date/tz.h>
#include <limits>
#include <optional>
#include <stdexcept>

namespace platen::load {
namespace {

constexpr double day = 86400.0;
constexpr double first_year = -2208988800.0; // 1900-01-01
constexpr double last_year = 7289654400.0;   // 2201-01-01

/// A stretch of UTC with one offset of the wall clock.
struct Stretch {
  double begin = 0, end = 0, offset = 0; ///< s; local = UTC + offset
};

double seconds(date::sys_seconds t) { return static_cast<double>(t.time_since_epoch().count()); }

std::vector<Stretch> stretches(const std::string& zone, double from, double to) {
  const date::time_zone* const rules = date::locate_zone(zone);
  std::vector<Stretch> out;
  for (double at = from; at < to;) {
    const date::sys_info info = rules->get_info(date::sys_seconds(std::chrono::seconds(std::llround(at))));
    const double end = std::min(seconds(info.end), to);
    const auto offset = static_cast<double>(info.offset.count());
    // A change of the abbreviation alone leaves the clock as it is.
    if (!out.empty() && out.back().offset == offset)
      out.back().end = end;
    else
      out.push_back({std::max(seconds(info.begin), from), end, offset});
    if (end <= at) break;
    at = end;
  }
  return out;
}

class Walk {
public:
  Walk(std::span<const double> local, std::vector<Stretch> rules, double interval)
      : local_(local), rules_(std::move(rules)), slack_(std::max(5.0 * interval, 60.0)) {
    out_.utc.assign(local.size(), std::numeric_limits<double>::quiet_NaN());
  }

  Zoned run() {
    for (std::size_t i = 0; i < local_.size();) {
      if (!std::isfinite(local_[i])) {
        ++i;
        continue;
      }
      const Choice choice = choices(local_[i]);
      if (stays_unmoved(i, choice)) {
        if (choice.count == 0) ++out_.skipped;
        take(i, local_[i] - unmoved_->offset);
        ++i;
      } else if (choice.count == 2) {
        i = repeated_hour(i, choice);
      } else {
        take_single(i++, choice);
      }
    }
    return std::move(out_);
  }

private:
  /// What a wall-clock time can be in UTC: one time, two, or none (then the stretch before the skipped hour).
  struct Choice {
    std::size_t count = 0;
    double first = 0, second = 0;
    const Stretch* before = nullptr;
  };

  Choice choices(double local) const {
    Choice out;
    auto k = std::upper_bound(rules_.begin(), rules_.end(), local - day,
                              [](double t, const Stretch& s) { return t < s.end; });
    for (; k != rules_.end() && k->begin <= local + day; ++k) {
      const double utc = local - k->offset;
      const auto next = k + 1;
      if (utc >= k->end && next != rules_.end() && local - next->offset < next->begin) out.before = &*k;
      if (utc < k->begin || utc >= k->end) continue;
      (out.count == 0 ? out.first : out.second) = utc;
      ++out.count;
    }
    if (out.count > 2) out.count = 2;
    if (out.count == 0 && out.before == nullptr) { // outside of 1900 to 2200
      out.count = 1;
      out.first = local - (rules_.empty() ? 0.0 : rules_.front().offset);
    }
    return out;
  }

  void take(std::size_t row, double utc) {
    out_.utc[row] = utc;
    last_ = row;
  }

  void take_single(std::size_t row, const Choice& choice) {
    if (choice.count == 1) return take(row, choice.first);
    if (out_.skipped++ == 0) out_.first_skipped = row;
    unmoved_ = choice.before;
    take(row, local_[row] - choice.before->offset);
  }

  /// Whether a clock that was found not to be put forward still shows the old time in this row.
  bool stays_unmoved(std::size_t row, const Choice& choice) {
    if (unmoved_ == nullptr) return false;
    const double same = local_[row] - unmoved_->offset;
    const bool agrees =
        (choice.count >= 1 && choice.first == same) || (choice.count == 2 && choice.second == same);
    const double shift = (unmoved_ + 1)->offset - unmoved_->offset; // what follows a skipped hour exists
    const double step = local_[row] - local_[*last_];
    const bool put_forward =
        step >= 0.5 * shift && step <= shift + slack_ && same - out_.utc[*last_] > slack_;
    if (agrees || put_forward) unmoved_ = nullptr;
    return unmoved_ != nullptr;
  }

  /// All rows from `begin` on that can be meant twice. @returns the row after them.
  std::size_t repeated_hour(std::size_t begin, const Choice& choice) {
    const double shift = choice.second - choice.first;
    std::size_t end = begin, back = 0;
    for (; end < local_.size(); ++end) {
      if (!std::isfinite(local_[end])) continue;
      const Choice c = choices(local_[end]);
      if (c.count != 2 || std::abs(local_[end] - local_[begin]) > 2.0 * shift) break;
      if (back == 0 && end > begin && local_[end] < local_[end - 1]) back = end;
    }
    const std::size_t turn = back > 0 ? back : turn_of_single_pass(begin, end, shift);
    for (std::size_t i = begin; i < end; ++i)
      if (std::isfinite(local_[i])) {
        const Choice c = choices(local_[i]);
        take(i, i < turn ? c.first : c.second);
      }
    return end;
  }

  /// `end` when the only pass through [begin, end) is the first one, `begin` when it is the second.
  std::size_t turn_of_single_pass(std::size_t begin, std::size_t end, double shift) {
    const Choice start = choices(local_[begin]), stop = choices(local_[end - 1]);
    std::optional<double> before, after;
    if (last_) before = start.first - out_.utc[*last_];
    if (end < local_.size() && std::isfinite(local_[end]) && stop.count == 2) {
      const Choice next = choices(local_[end]);
      if (next.count == 1) after = next.first - stop.first;
    }
    if (before && *before >= 0.0 && *before <= slack_) {
      if (after && *after >= shift && *after <= shift + slack_ && out_.holes++ == 0) out_.first_hole = end;
      return end;
    }
    const bool joins_after = after && *after - shift >= 0.0 && *after - shift <= slack_;
    if (joins_after || (before && *before < 0.0)) return begin;
    if (out_.doubtful == 0) out_.first_doubtful = begin;
    out_.doubtful += end - begin;
    return end;
  }

  std::span<const double> local_;
  std::vector<Stretch> rules_;
  double slack_;
  const Stretch* unmoved_ = nullptr; ///< the stretch whose offset a clock kept that was not put forward
  std::optional<std::size_t> last_;  ///< the row taken last
  Zoned out_;
};

} // namespace

bool is_zone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

Zoned to_utc(std::span<const double> local, const std::string& zone, double interval) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double t : local) {
    if (!(t >= first_year && t <= last_year)) continue;
    low = std::min(low, t);
    high = std::max(high, t);
  }
  std::vector<Stretch> rules;
  if (low <= high) rules = stretches(zone, low - 2.0 * day, high + 2.0 * day);
  return Walk(local, std::move(rules), interval).run();
}

} // namespace platen::load
