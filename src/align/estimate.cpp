#include "align/estimate.hpp"

#include "align/fit.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace platen::align {
namespace {

constexpr std::size_t most_readings = 6000; // of the last fit
constexpr std::size_t fewest_readings = 40;
constexpr std::size_t coarse_readings = 1500; // of the search
constexpr double steps_per_stroke = 10.0;
constexpr std::size_t most_steps = 6000;
constexpr double searched_drift = 1e-3; // crystals are better than 2e-4; computers' software clocks are worse
constexpr double largest_drift = 2e-3;  // in the answer
constexpr int nearby_steps = 25;
constexpr double nearby_reach = 0.25;   // of a stroke
constexpr double least_overlap = 0.5;   // of the shorter of log and data
constexpr double least_evidence = 60.0; // chi squared (W7)
constexpr double least_lead = 30.0;     // chi squared (W8)
constexpr std::size_t rivals_refined = 8;
constexpr double outlier = 6.0; // robust standard deviations
constexpr double most_outliers = 0.02;
constexpr double halves_agree = 5.0;    // standard deviations
constexpr double halves_differ = 0.003; // of a stroke: a first cycle is not like a later one
constexpr double most_uncertain = 0.1;  // of a stroke

double duration(const std::vector<double>& time) { return time.back() - time.front(); }

struct Interval {
  double low = 0.0, high = 0.0;
};

struct Candidate {
  ClockMap clock;
  LinearFit fit;
  bool valid = false;
};

/// Looks for the clock of one log in one course.
class Search {
public:
  Search(const Log& log, const Course& course, Follows follows, const Question& question)
      : question_(question), follows_(follows), interval_(usual_interval(log.time)),
        patterns_(course, follows, Detail::plain, interval_),
        rich_(course, follows, Detail::rich, interval_) {
    all_ = samples_of(log, most_readings);
    coarse_ = samples_of(log, std::max(coarse_readings, needed_readings(log)));
  }

  Estimate run() {
    check_material();
    find_range();
    scan();
    refine_best();
    check_evidence();
    check_rivals();
    final_fit();
    check_halves();
    check_certainty();
    return answer();
  }

private:
  [[noreturn]] void refuse(std::string code, std::string message, std::vector<std::string> hints) const {
    hints.push_back(
        "or state the offset: clock_offset = \"10 s\" in [pressure_log], --offset for `platen align`");
    throw Error(std::move(code), std::move(message), question_.place, std::move(hints));
  }

  std::size_t needed_readings(const Log& log) const {
    if (!patterns_.any() || log.time.size() < 2) return 0;
    const double strokes = duration(log.time) / patterns_.stroke();
    return std::min(most_readings, static_cast<std::size_t>(12.0 * strokes));
  }

  void check_material() const {
    if (!patterns_.any())
      refuse("D420", fmt::format("the data have no {} that the load-cell log could follow", label(follows_)),
             {"the current never flowed, or never changed"});
    if (all_.size() < fewest_readings)
      refuse("D421",
             fmt::format("{} readings of the load-cell log are too few to find its clock from", all_.size()),
             {fmt::format("at least {} are needed", fewest_readings)});
  }

  /// Offsets at which log and data share half of the shorter one.
  void find_range() {
    middle_ = 0.5 * (all_.time.front() + all_.time.back());
    const double course = patterns_.end() - patterns_.begin();
    const double shared = least_overlap * std::min(duration(all_.time), course);
    range_ = {patterns_.begin() - all_.time.back() + shared, patterns_.end() - all_.time.front() - shared};
    if (question_.around && question_.within) {
      range_.low = std::max(range_.low, *question_.around - *question_.within);
      range_.high = std::min(range_.high, *question_.around + *question_.within);
      bounded_ = true;
    }
    if (!(range_.low < range_.high))
      refuse("D421", "at no offset within the search do log and data share half of the shorter one",
             {"check the stated offset and `clock_search`"});
    step_ = std::max(patterns_.stroke() / steps_per_stroke,
                     (range_.high - range_.low) / static_cast<double>(most_steps));
  }

  Candidate at(double offset, double drift) const {
    Candidate out{{offset, drift, middle_}, {}, false};
    out.fit = fit_at(coarse_, patterns_, out.clock, 0.0, true);
    out.valid = out.fit.count() > out.fit.coefficients.size() + 10 &&
                (follows_ != Follows::charge || out.fit.rise > 0.0);
    return out;
  }

  double null_sum(const LinearFit& fit, const ClockMap& clock) const {
    (void)fit;
    return fit_at(coarse_, patterns_, clock, 0.0, false).sum;
  }

  /// What the course explains at a clock, Pa^2: (W7) before it is divided.
  double gain(const Candidate& c) const { return null_sum(c.fit, c.clock) - c.fit.sum; }

  /// (W8): readings outside of the course are taken as well explained there, so that a clock with less in
  /// common is not ruled out by that alone.
  double cost(const Candidate& c) const {
    return c.fit.sum + static_cast<double>(coarse_.size() - c.fit.count()) * variance_;
  }

  /// The profile over all offsets: the best drift at each.
  void scan() {
    const double reach = searched_drift * 0.5 * duration(all_.time);
    const int drifts = std::min(5, static_cast<int>(std::floor(reach / step_)));
    const auto steps = static_cast<std::size_t>(std::ceil((range_.high - range_.low) / step_));
    for (std::size_t k = 0; k <= steps; ++k) {
      const double offset =
          range_.low + (range_.high - range_.low) * static_cast<double>(k) / static_cast<double>(steps);
      Candidate best;
      for (int d = -drifts; d <= drifts; ++d) {
        Candidate tried = at(offset, drifts == 0 ? 0.0 : searched_drift * d / drifts);
        if (tried.valid && (!best.valid || tried.fit.sum < best.fit.sum)) best = std::move(tried);
      }
      profile_.push_back(std::move(best));
      profile_gain_.push_back(profile_.back().valid ? gain(profile_.back()) : 0.0);
      if (profile_.back().valid) strip(profile_.back().fit);
    }
  }

  /// The profile keeps sums only.
  static void strip(LinearFit& fit) { fit.residual = fit.white = fit.slope = {}; }

  Candidate improved(const Candidate& from) const {
    const ClockFit fit = refine(coarse_, patterns_, from.clock, 0.0, false, step_);
    Candidate out{fit.clock, fit.linear, false};
    out.valid = from.valid && (follows_ != Follows::charge || fit.linear.rise > 0.0);
    return out;
  }

  double offset_at_middle(const ClockMap& clock) const { return clock.to_data(middle_) - middle_; }

  void refine_best() {
    const auto top = std::max_element(profile_gain_.begin(), profile_gain_.end());
    if (!(*top > 0.0)) nothing_follows(0.0);
    best_ = improved(profile_[static_cast<std::size_t>(top - profile_gain_.begin())]);
    const double freedom = static_cast<double>(best_.fit.count() - best_.fit.coefficients.size() - 1);
    variance_ = std::max(best_.fit.sum / freedom, coarse_.quantum * coarse_.quantum / 12.0);
    inflation_ = inflation_of(best_.fit.residual);
  }

  [[noreturn]] void nothing_follows(double evidence) const {
    const bool symmetric = question_.configuration == Configuration::symmetric;
    refuse(
        "D422",
        fmt::format("the clock of the load-cell log cannot be found: its pressure does not follow the {} "
                    "(chi squared {:.3g}, {:.0f} would be needed)",
                    label(follows_), evidence, least_evidence),
        {symmetric
             ? "in a symmetric cell what one side plates the other strips: the pressure has almost no swing"
             : "the swing is smaller than the noise of the log, or one of the files is another cell's"});
  }

  void check_evidence() {
    evidence_ = gain(best_) / (variance_ * inflation_);
    if (!(evidence_ >= least_evidence)) nothing_follows(evidence_);
    const double edge = offset_at_middle(best_.clock);
    if (edge <= range_.low + 0.5 * step_ || edge >= range_.high - 0.5 * step_)
      refuse("D424",
             fmt::format("the best offset, {:.6g} s, lies at the end of the search ({:.6g} to {:.6g} s)",
                         edge, range_.low, range_.high),
             {bounded_ ? "make `clock_search` larger"
                       : "log and data share half of the shorter one there, or less"});
  }

  /// Every other dip of the profile, its bottom refined, against the best.
  void check_rivals() {
    std::vector<std::pair<double, std::size_t>> dips;
    for (std::size_t k = 0; k < profile_.size(); ++k) {
      if (!profile_[k].valid) continue;
      const auto lower = [&](std::size_t other) {
        return other < profile_.size() && profile_[other].valid && cost(profile_[other]) < cost(profile_[k]);
      };
      if (lower(k + 1) || (k > 0 && lower(k - 1))) continue;
      dips.emplace_back(cost(profile_[k]), k);
    }
    std::sort(dips.begin(), dips.end());
    if (dips.size() > rivals_refined) dips.resize(rivals_refined);
    const double best = offset_at_middle(best_.clock), unit = variance_ * inflation_;
    for (const auto& [_, k] : dips) {
      Candidate rival = improved(profile_[k]);
      const double offset = offset_at_middle(rival.clock);
      if (!rival.valid || std::abs(offset - best) < 2.0 * step_ || offset < range_.low - step_ ||
          offset > range_.high + step_)
        continue;
      const double behind = (cost(rival) - cost(best_)) / unit;
      runner_up_ = std::min(runner_up_, behind);
      if (behind < least_lead) rivals_.push_back(offset);
    }
    if (rivals_.empty()) return;
    rivals_.push_back(best);
    std::sort(rivals_.begin(), rivals_.end());
    std::vector<std::string> shown;
    for (const double r : rivals_) shown.push_back(fmt::format("{:.6g} s", r));
    refuse("D423", fmt::format("several offsets of the clock fit the data alike: {}", fmt::join(shown, ", ")),
           {"cycles that repeat look the same one period later; log the beginning or the end of the test too",
            "if the offset is known to within less than a period, say so: clock_offset = \"0 s\" and "
            "clock_search = \"20 min\", "
            "--within for `platen align`"});
  }

  /// Readings far from the model say nothing about the clock.
  void drop_outliers(const LinearFit& fit) {
    const double sigma = std::max(numerics::robust_sigma(fit.residual), all_.quantum / std::sqrt(12.0));
    std::vector<std::size_t> bad;
    for (std::size_t i = 0; i < fit.residual.size(); ++i)
      if (std::abs(fit.residual[i]) > outlier * sigma) bad.push_back(fit.first + i);
    if (bad.empty() || static_cast<double>(bad.size()) > most_outliers * static_cast<double>(fit.count()))
      return;
    const auto thin = [&](std::vector<double>& v) {
      std::size_t next = 0, kept = 0;
      for (std::size_t i = 0; i < v.size(); ++i) {
        if (next < bad.size() && bad[next] == i) {
          ++next;
          continue;
        }
        v[kept++] = v[i];
      }
      v.resize(kept);
    };
    thin(all_.time);
    thin(all_.value);
    for (auto& column : all_.own) thin(column);
  }

  void final_fit() {
    final_ = refine(all_, rich_, best_.clock, 0.0, true, step_);
    drop_outliers(final_.linear);
    memory_ = memory_of(all_, final_.linear);
    for (int round = 0; round < 2; ++round) {
      final_ = refine(all_, rich_, final_.clock, memory_, true, step_);
      memory_ = memory_of(all_, final_.linear);
    }
    widen(final_);
    final_.offset_sigma = std::max(final_.offset_sigma, sigma_nearby());
    if (std::abs(final_.clock.drift) > largest_drift)
      refuse(
          "D425",
          fmt::format("the best drift of the clock, {:.3g} %, is none of a clock",
                      100.0 * final_.clock.drift),
          {"the clock may have been set, or the logger restarted: cut the log in two and align each part"});
    if (!final_.converged ||
        std::abs(offset_at_middle(final_.clock) - offset_at_middle(best_.clock)) > 2.0 * step_) {
      check_halves(); // a clock that was set is the better reason
      refuse("D426", "no best clock was found: the fit does not settle",
             {"the pressure may follow something else as well"});
    }
  }

  struct Nearby {
    ClockMap clock;
    double cost = std::numeric_limits<double>::infinity(); ///< Pa^2
  };
  /// The profile of the rich model around the answer of the plain one: with hysteresis it may have several
  /// dips.
  std::vector<Nearby> nearby() const {
    std::vector<Nearby> out;
    const double unit =
        final_.linear.sum / static_cast<double>(std::max<std::size_t>(1, final_.linear.count()));
    for (int k = -nearby_steps; k <= nearby_steps; ++k) {
      ClockMap clock = final_.clock;
      clock.offset += nearby_reach * patterns_.stroke() * k / nearby_steps;
      const LinearFit fit = fit_at(coarse_, rich_, clock, coarse_memory(), true);
      out.push_back({clock, fit.sum + static_cast<double>(coarse_.size() - fit.count()) * unit});
    }
    return out;
  }
  /// Averages of several readings remember less.
  double coarse_memory() const {
    return std::pow(memory_, static_cast<double>(coarse_.merged) / static_cast<double>(all_.merged));
  }

  /// s: the standard deviation that the profile has, from how far away chi squared is still within 36 of its least; within nine,
  /// where it may have several dips, all are alike.
  double sigma_nearby() const {
    const LinearFit here = fit_at(coarse_, rich_, final_.clock, coarse_memory(), true);
    const double variance = here.sum / static_cast<double>(std::max<std::size_t>(1, here.count()));
    const double unit =
        variance * std::max(inflation_of(here.white),
                            slow_inflation_of(here.white, block_of(here), here.coefficients.size()));
    const double best = here.sum + static_cast<double>(coarse_.size() - here.count()) * variance;
    double out = 0.0;
    for (const Nearby& n : nearby()) {
      const double chi2 = (n.cost - best) / unit;
      if (chi2 < 36.0) out = std::max(out, std::abs(n.clock.offset - final_.clock.offset) / std::sqrt(std::max(chi2, 9.0)));
    }
    return out;
  }

  /// (W6): what the whitened residuals still remember, and that an edge may lie anywhere between two
  /// readings.
  void widen(ClockFit& fit) const {
    const double factor = std::sqrt(
        std::max(inflation_of(fit.linear.white),
                 slow_inflation_of(fit.linear.white, block_of(fit.linear), fit.linear.coefficients.size())));
    fit.offset_sigma *= factor;
    fit.drift_sigma *= factor;
    if (follows_ == Follows::edges)
      fit.offset_sigma = std::hypot(fit.offset_sigma, interval_ / std::sqrt(12.0));
  }

  /// Readings in a sixteenth of a stroke.
  std::size_t block_of(const LinearFit& fit) const {
    const double blocks = duration(all_.time) / patterns_.stroke() * 16.0;
    return std::max<std::size_t>(
        2, static_cast<std::size_t>(static_cast<double>(fit.white.size()) / std::max(16.0, blocks)));
  }

  void check_halves() const {
    const std::size_t middle = all_.size() / 2;
    if (middle < 2 * fewest_readings) return;
    ClockFit first = refine(part_of(all_, 0, middle), patterns_, final_.clock, memory_, false, step_);
    ClockFit second =
        refine(part_of(all_, middle, all_.size()), patterns_, final_.clock, memory_, false, step_);
    widen(first);
    widen(second);
    // What stands between charge and pressure is the same in both, so the plain patterns do. Their drift is
    // that of the whole log, which is uncertain too.
    const double apart = second.clock.pivot - first.clock.pivot;
    const double a = first.clock.to_data(first.clock.pivot) - final_.clock.to_data(first.clock.pivot);
    const double b = second.clock.to_data(second.clock.pivot) - final_.clock.to_data(second.clock.pivot);
    const double sigma =
        std::hypot(first.offset_sigma, second.offset_sigma, halves_differ * patterns_.stroke());
    if (std::abs(a - b) <= halves_agree * std::max(sigma, final_.drift_sigma * apart)) return;
    refuse(
        "D425",
        fmt::format(
            "the two halves of the load-cell log disagree about its clock by {:.3g} s (uncertainty {:.2g} s)",
            std::abs(a - b), sigma),
        {"the clock may have been set, or the logger restarted: cut the log in two and align each part"});
  }

  void check_certainty() const {
    if (final_.offset_sigma <= most_uncertain * patterns_.stroke()) return;
    refuse("D426",
           fmt::format(
               "the offset of the clock is uncertain by {:.3g} s, more than a tenth of a stroke of {:.3g} s",
               final_.offset_sigma, patterns_.stroke()),
           {"a longer log, or one with less noise, would tell more"});
  }

  Estimate answer() const {
    Estimate out;
    out.follows = follows_;
    out.clock = final_.clock;
    out.offset_sigma = final_.offset_sigma;
    out.drift_sigma = final_.drift_sigma;
    out.correlation = final_.correlation;
    out.swing = final_.linear.swing;
    out.noise = std::sqrt(final_.variance);
    out.memory = memory_;
    out.evidence = evidence_;
    out.runner_up = runner_up_;
    out.readings = final_.linear.count() * all_.merged;
    for (std::size_t i = 0; i < final_.linear.count(); ++i) {
      const std::size_t row = final_.linear.first + i;
      out.fitted_time.push_back(all_.time[row]);
      out.fitted.push_back(all_.value[row] - final_.linear.residual[i]);
    }
    return out;
  }

  const Question& question_;
  Follows follows_;
  double interval_;
  Patterns patterns_, rich_;
  Samples all_, coarse_;
  double middle_ = 0.0, step_ = 0.0;
  Interval range_;
  bool bounded_ = false;
  std::vector<Candidate> profile_;
  std::vector<double> profile_gain_;
  Candidate best_;
  double variance_ = 0.0, inflation_ = 1.0, evidence_ = 0.0, memory_ = 0.0;
  double runner_up_ = std::numeric_limits<double>::infinity();
  std::vector<double> rivals_;
  ClockFit final_;
};

} // namespace

Estimate estimate(const Log& log, const Course& course, const Question& question) {
  if (log.time.size() < fewest_readings || course.time.size() < 2)
    throw Error("D421", "the load-cell log or the data are too short to find a clock from", question.place,
                {fmt::format("at least {} readings are needed", fewest_readings)});
  const bool symmetric = question.configuration == Configuration::symmetric ||
                         question.configuration == Configuration::empty_fixture;
  if (question.follows || symmetric || question.configuration == Configuration::full)
    return Search(log, course, question.follows.value_or(symmetric ? Follows::edges : Follows::charge),
                  question)
        .run();
  try {
    return Search(log, course, Follows::charge, question).run();
  } catch (const Error& fault) {
    if (fault.diagnostics().front().code != "D422") throw;
  }
  return Search(log, course, Follows::edges, question).run();
}

} // namespace platen::align
