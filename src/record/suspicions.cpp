#include "record/suspicions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace platen {
namespace {

constexpr double day = 86400.0, year = 365.25 * day;
constexpr std::size_t few_rows = 20; ///< too few to know what is usual

/// s, min, h or days, whichever is readable.
std::string show_time(double seconds) {
  const double size = std::abs(seconds);
  if (size < 120.0) return fmt::format("{:.4g} s", seconds);
  if (size < 2.0 * 3600.0) return fmt::format("{:.4g} min", seconds / 60.0);
  if (size < 2.0 * day) return fmt::format("{:.4g} h", seconds / 3600.0);
  return size < 2.0 * year ? fmt::format("{:.4g} d", seconds / day)
                           : fmt::format("{:.4g} years", seconds / year);
}

std::string times(std::size_t n) { return n == 1 ? "once" : fmt::format("{} times", n); }

/// Steps in time between neighbouring rows; not finite where a time is missing.
std::vector<double> steps_of(std::span<const double> t) {
  std::vector<double> out(t.size() > 0 ? t.size() - 1 : 0);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = t[i + 1] - t[i];
  return out;
}

/// The value that a share `part` of the positive ones lies below; 0 when there are none.
double quantile_of_positive(std::vector<double> values, double part) {
  std::erase_if(values, [](double v) { return !(v > 0.0) || !std::isfinite(v); });
  if (values.empty()) return 0.0;
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

/// Looks at one record; a class because every check reads it and adds to the list.
class Inspector {
public:
  explicit Inspector(const Record& record) : record_(record) {
    time_ = real(col::test_time);
    steps_ = steps_of(time_);
  }

  std::vector<Diagnostic> look() {
    backwards();
    gaps();
    standstill();
    limits();
    units();
    missing();
    clock();
    signs();
    spectra();
    counters();
    return notes_.items();
  }

private:
  std::span<const double> real(std::string_view name) const {
    const Column* column = record_.find(name);
    const auto* values = column != nullptr ? std::get_if<std::vector<double>>(&column->values) : nullptr;
    return values != nullptr ? std::span<const double>(*values) : std::span<const double>();
  }
  std::span<const std::int32_t> integer(std::string_view name) const {
    const Column* column = record_.find(name);
    const auto* values =
        column != nullptr ? std::get_if<std::vector<std::int32_t>>(&column->values) : nullptr;
    return values != nullptr ? std::span<const std::int32_t>(*values) : std::span<const std::int32_t>();
  }
  void note(const char* code, std::string message, std::vector<std::string> hints = {}) {
    notes_.warning(code, std::move(message), std::nullopt, std::move(hints));
  }
  /// Whether a step of the program begins at a row.
  bool step_begins(std::size_t row) const {
    for (const std::string_view name : {col::step_count, col::step_index, col::cycle_count})
      if (const auto n = integer(name); row > 0 && row < n.size() && n[row] != n[row - 1]) return true;
    return false;
  }

  void backwards() {
    std::size_t count = 0, first = 0, at_steps = 0, single = 0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (!(steps_[i] < 0.0)) continue;
      if (count++ == 0) first = i;
      at_steps += step_begins(i + 1) ? 1 : 0;
      single += i + 2 < time_.size() && time_[i + 2] >= time_[i] ? 1 : 0;
    }
    if (count == 0) return;
    std::vector<std::string> hints;
    if (at_steps * 2 > count)
      hints.push_back("it falls where steps begin: the writer seems to have put the time of the step where "
                      "that of the test belongs");
    if (single > 0)
      hints.push_back(
          fmt::format("{} of the falls are single rows; the row behind them goes on from before", single));
    note("D340",
         fmt::format("test time runs backwards {}, first in row {} from {} to {}", times(count), first + 2,
                     show_time(time_[first]), show_time(time_[first + 1])),
         std::move(hints));
  }

  /// Whether a spectrum was measured between two times; its points are no rows.
  bool spectrum_between(double from, double to) const {
    return std::any_of(record_.spectra.begin(), record_.spectra.end(),
                       [&](const Spectrum& s) { return s.start >= from && s.start <= to; });
  }

  /// A cycler writes at latest after its longest interval, so the usual long interval is known from the data.
  void gaps() {
    if (steps_.size() < few_rows) return;
    const double usual = quantile_of_positive(steps_, 0.95);
    const double limit = std::max(20.0 * usual, 600.0);
    double reached = time_.front(), longest = 0.0, at = 0.0; // a time that comes back from a fall is no gap
    std::size_t count = 0;
    for (const double t : time_) {
      if (t - reached > limit && !spectrum_between(reached, t)) {
        ++count;
        if (t - reached > longest) {
          longest = t - reached;
          at = reached;
        }
      }
      if (!(t <= reached)) reached = t;
    }
    if (usual > 0.0 && count > 0)
      note("D341",
           fmt::format("{} gap{} in time, the longest of {} after {}; rows are usually at most {} apart",
                       count, count == 1 ? "" : "s", show_time(longest), show_time(at), show_time(usual)));
  }

  void standstill() {
    if (steps_.size() < few_rows) return;
    const auto still = static_cast<std::size_t>(std::count(steps_.begin(), steps_.end(), 0.0));
    if (still * 4 > steps_.size())
      note("D342", fmt::format("{} of {} rows have the time of the row before", still, time_.size()),
           {"the time may have been rounded, or several channels written below one another"});
  }

  /// Rows that hold the very largest (or smallest) value one after another, where neighbours elsewhere nearly
  /// always differ.
  std::optional<std::string> at_limit(std::string_view name, std::span<const double> v, std::string_view unit,
                                      double factor) const {
    constexpr std::size_t long_run = 30;
    if (v.size() < 4 * long_run) return std::nullopt;
    std::size_t same = 0;
    for (std::size_t i = 1; i < v.size(); ++i) same += v[i] == v[i - 1] ? 1 : 0;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double x : v) {
      if (std::isnan(x)) continue;
      low = std::min(low, x);
      high = std::max(high, x);
    }
    if (!(high > low)) return std::nullopt;
    for (const double limit : {high, low}) {
      std::size_t longest = 0, run = 0, all = 0;
      for (const double x : v) {
        run = x == limit ? run + 1 : 0;
        all += x == limit ? 1 : 0;
        longest = std::max(longest, run);
      }
      const std::size_t others = v.size() - all, same_others = same - std::min(same, all);
      if (longest >= long_run && limit != 0.0 && others > all / 4 && same_others * 10 < others)
        return fmt::format("`{}` stays at exactly {:.6g} {} for {} rows", name, limit * factor, unit,
                           longest);
    }
    return std::nullopt;
  }

  /// Sensors only: a constant voltage or current is what a cycler is for.
  void limits() {
    std::vector<std::string> found;
    for (const Column& c : record_.columns()) {
      const auto* v = std::get_if<std::vector<double>>(&c.values);
      if (v == nullptr || (c.unit != "Pa" && c.unit != "N" && c.unit != "K")) continue;
      if (auto text = at_limit(c.name, *v, c.unit, 1.0)) found.push_back(std::move(*text));
    }
    if (!found.empty())
      note("D343", fmt::format("{}: the sensor may be at the end of its range", fmt::join(found, "; ")),
           {"the true value may be beyond it"});
  }

  struct Range {
    std::string_view name;
    double smallest, largest; ///< what the largest size in a channel may be, SI
    std::string_view words;
  };

  void units() {
    // A cell has neither 60 V nor 10 kA; 60 V is 60 mV written as V or a stack, both worth a look.
    constexpr std::array ranges{
        Range{col::voltage, 0.0, 60.0, "above 60 V; millivolts?"},
        Range{col::current, 0.0, 1000.0, "above 1000 A; milliamperes?"},
        Range{col::stack_pressure, 1e3, 5e9, "not between 1 kPa and 5 GPa"},
        Range{col::temperature, 150.0, 800.0, "not between 150 and 800 K; kelvin or degrees Celsius?"},
    };
    std::vector<std::string> found;
    for (const Range& range : ranges) {
      double size = 0.0;
      for (const double v : real(range.name))
        if (std::isfinite(v)) size = std::max(size, std::abs(v));
      if (size > 0.0 && (size > range.largest || size < range.smallest))
        found.push_back(fmt::format("`{}` reaches {:.4g} {}, {}", range.name, size,
                                    find_column(range.name)->unit, range.words));
    }
    if (!time_.empty()) {
      const double lasts = time_.back() - time_.front();
      const double usual = quantile_of_positive(steps_, 0.5);
      if (lasts > 10.0 * year && std::isfinite(lasts))
        found.push_back(fmt::format("the test lasts {} with rows {} apart; a time in another unit?",
                                    show_time(lasts), show_time(usual)));
      if (const auto wrong = charge_against_current()) found.push_back(*wrong);
    }
    if (!found.empty()) note("D344", fmt::format("wrong-looking units: {}", fmt::join(found, "; ")));
  }

  /// The charge a file states against the integral of its current: they differ by rounding and by what
  /// happened between the rows, not by a factor of ten.
  std::optional<std::string> charge_against_current() const {
    const auto current = real(col::current);
    if (current.empty() || time_.size() < few_rows) return std::nullopt;
    std::array<double, 2> integral{}; // charging, discharging
    for (std::size_t i = 0; i + 1 < time_.size(); ++i) {
      const double charge = 0.5 * (current[i] + current[i + 1]) * steps_[i];
      if (std::isfinite(charge) && steps_[i] > 0.0) integral[charge > 0.0 ? 0 : 1] += std::abs(charge);
    }
    const std::array names{col::charging_capacity, col::discharging_capacity};
    for (std::size_t k = 0; k < 2; ++k) {
      const auto stated = real(names[k]);
      if (stated.empty() || !(integral[k] > 0.0)) continue;
      const double ratio = (stated.back() - stated.front()) / integral[k];
      if (ratio > 10.0 || (ratio > 0.0 && ratio < 0.1))
        return fmt::format("`{}` is {:.3g} times the integral of the current over time", names[k], ratio);
    }
    return std::nullopt;
  }

  void missing() {
    std::vector<std::string> found;
    for (const std::string_view name : {col::voltage, col::current, col::stack_pressure, col::temperature}) {
      const auto v = real(name);
      const auto empty =
          static_cast<std::size_t>(std::count_if(v.begin(), v.end(), [](double x) { return std::isnan(x); }));
      if (empty * 2 > v.size()) found.push_back(fmt::format("`{}` in {} of {} rows", name, empty, v.size()));
    }
    if (!found.empty()) note("D345", fmt::format("missing values: {}", fmt::join(found, ", ")));
  }

  void clock() {
    const auto unix = real(col::unix_time);
    if (unix.empty() || unix.size() != time_.size()) return;
    std::vector<std::string> found;
    std::size_t back = 0, first = 0, hours = 0;
    for (std::size_t i = 0; i + 1 < unix.size(); ++i) {
      const double step = unix[i + 1] - unix[i];
      if (step < 0.0 && back++ == 0) first = i;
      if (std::abs(std::abs(step - steps_[i]) - 3600.0) < 5.0) ++hours;
    }
    if (back > 0)
      found.push_back(fmt::format("it runs backwards {}, first in row {} by {}", times(back), first + 2,
                                  show_time(unix[first] - unix[first + 1])));
    if (hours > 0)
      found.push_back(
          fmt::format("it jumps by one hour against test time {}; daylight saving?", times(hours)));
    const double passed = unix.back() - unix.front(), lasted = time_.back() - time_.front();
    // Pauses make a test shorter than its dates; nothing makes it longer.
    if (lasted > 1.01 * passed + 3700.0 && passed >= 0.0)
      found.push_back(fmt::format("test time lasts {}, the dates {}", show_time(lasted), show_time(passed)));
    if (unix.front() < 0.0 || unix.back() > 4.1e9) found.push_back("its years are not between 1970 and 2100");
    if (!found.empty()) note("D346", fmt::format("the clock (unix time): {}", fmt::join(found, "; ")));
  }

  static int direction(StepType type) {
    switch (type) {
    case StepType::cc_charge:
    case StepType::cv_charge:
    case StepType::cccv_charge:
    case StepType::cp_charge:
    case StepType::cr_charge:
      return 1;
    case StepType::cc_discharge:
    case StepType::cv_discharge:
    case StepType::cccv_discharge:
    case StepType::cp_discharge:
    case StepType::cr_discharge:
      return -1;
    default:
      return 0;
    }
  }

  /// Only where most rows of a kind are wrong: the first row of a step is often measured before the current
  /// is switched, and a constant voltage may push either way.
  void signs() {
    const auto current = real(col::current);
    const auto type = integer(col::step_type);
    if (type.size() != current.size()) return;
    double largest = 0.0;
    for (const double i : current)
      if (std::isfinite(i)) largest = std::max(largest, std::abs(i));
    struct Tally {
      std::size_t rows = 0, wrong = 0;
      bool is_wrong() const { return rows >= 5 && wrong * 2 > rows; }
    };
    Tally charging, discharging, resting;
    for (std::size_t i = 0; i < current.size(); ++i) {
      const auto what = static_cast<StepType>(type[i]);
      const bool flows = std::abs(current[i]) > 0.01 * largest;
      const int wanted = direction(what);
      if (what == StepType::rest) {
        ++resting.rows;
        resting.wrong += flows ? 1 : 0;
      } else if (wanted != 0 && flows) {
        Tally& tally = wanted > 0 ? charging : discharging;
        ++tally.rows;
        tally.wrong += current[i] * wanted < 0.0 ? 1 : 0;
      }
    }
    std::vector<std::string> found;
    const auto say = [&](const Tally& tally, std::string_view steps, std::string_view have) {
      if (tally.is_wrong())
        found.push_back(fmt::format("{} of {} rows of {} have {}", tally.wrong, tally.rows, steps, have));
    };
    say(charging, "charging steps", "a negative current");
    say(discharging, "discharging steps", "a positive current");
    say(resting, "rests", "a current");
    if (!found.empty())
      note("D347", fmt::format("currents against the type of their step: {}", fmt::join(found, "; ")));
  }

  void spectra() {
    std::size_t negative = 0, inductive = 0, far = 0;
    for (const Spectrum& s : record_.spectra) {
      const auto more_than_half = [&](const std::vector<double>& v, auto&& wrong) {
        return static_cast<std::size_t>(std::count_if(v.begin(), v.end(), wrong)) * 2 > s.size();
      };
      // The counter electrode's voltage against the working electrode's current has the other sign.
      if (s.label.ends_with("counter electrode")) continue;
      if (more_than_half(s.real, [](double z) { return z < 0.0; })) ++negative;
      if (s.size() >= few_rows && more_than_half(s.imaginary, [](double z) { return z > 0.0; })) ++inductive;
      if (std::any_of(s.frequency.begin(), s.frequency.end(), [](double f) { return f < 1e-7 || f > 1e10; }))
        ++far;
    }
    std::vector<std::string> found;
    if (negative > 0)
      found.push_back(fmt::format("a negative real part at most frequencies in {}", negative));
    if (inductive > 0)
      found.push_back(fmt::format(
          "inductive at most frequencies: {} (a coil, a hard short, or the other sign?)", inductive));
    if (far > 0) found.push_back(fmt::format("frequencies outside 0.1 uHz to 10 GHz in {}", far));
    if (!found.empty())
      note("D348", fmt::format("of {} spectra: {}", record_.spectra.size(), fmt::join(found, "; ")));
  }

  void counters() {
    std::vector<std::string> found;
    for (const std::string_view name : {col::cycle_count, col::step_count}) {
      const auto n = integer(name);
      std::size_t falls = 0, first = 0;
      for (std::size_t i = 1; i < n.size(); ++i)
        if (n[i] < n[i - 1] && falls++ == 0) first = i;
      if (falls > 0)
        found.push_back(fmt::format("`{}` falls {}, first in row {} from {} to {}", name, times(falls),
                                    first + 1, n[first - 1], n[first]));
    }
    if (!found.empty()) note("D349", fmt::format("{}", fmt::join(found, "; ")));
  }

  const Record& record_;
  std::span<const double> time_;
  std::vector<double> steps_;
  Diagnostics notes_;
};

} // namespace

std::vector<Diagnostic> suspicions(const Record& record) { return Inspector(record).look(); }

} // namespace platen
