#include "assess/relaxation.hpp"

#include "assess/relaxation_law.hpp"
#include "numerics/distributions.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen::assessing {
namespace {

constexpr double shortest_hold = 50.0;     // s: a hold of a minute, but for its last reading
constexpr std::size_t least_readings = 20, most_holds = 3;
constexpr double widening = 0.03;          // merged readings span at most this share of the time since the start
constexpr double steady = 0.3, moved = 3.0; // K: no temperature in the fit below, no law above
constexpr double not_excluded = 0.05;      // Akaike weight
constexpr double good_enough = 0.01;       // of the whole change: none of the laws is exact, so one this near is not ruled out for the future
constexpr double lead_of_constant = 4.0;   // AICc by which a law must beat a constant level
constexpr double MPa = 1e6;
constexpr double best_accuracy = 1e-4;     // of the pressure: no load cell is better, and no law either
constexpr double memory_of_length = 0.25;  // what is slower is the relaxation, not the noise
constexpr double horizon = 1e4;            // lengths of the hold: a forecast beyond is none

HoldReadings readings_of(const FoundHold& found, const PressureSeries& s) {
  const PressureHold& hold = found.hold;
  HoldReadings out;
  out.length = hold.end - hold.start;
  std::vector<std::size_t> rows;
  std::vector<double> steps;
  for (std::size_t k = found.first; k <= found.last; ++k)
    if (s.spoiled[k] == 0) rows.push_back(k);
  for (std::size_t k = 1; k < rows.size(); ++k)
    if (s.time[rows[k]] > s.time[rows[k - 1]]) steps.push_back(s.time[rows[k]] - s.time[rows[k - 1]]);
  out.interval = steps.empty() ? out.length : numerics::median(steps);
  for (std::size_t from = 0; from < rows.size();) {
    const double span = widening * (s.time[rows[from]] - hold.start);
    double t = 0, p = 0, T = 0;
    std::size_t to = from;
    for (; to < rows.size() && (to == from || s.time[rows[to]] - s.time[rows[from]] < span); ++to) {
      t += s.time[rows[to]] - hold.start;
      p += s.pressure[rows[to]];
      if (!s.temperature.empty()) T += s.temperature[rows[to]];
    }
    const auto n = static_cast<double>(to - from);
    out.time.push_back(t / n);
    out.pressure.push_back(p / n / MPa);
    out.count.push_back(n);
    if (!s.temperature.empty()) out.temperature.push_back(T / n);
    from = to;
  }
  out.limits.least_variance = std::pow(std::max(best_accuracy * std::abs(numerics::median(out.pressure)), hold.resolution / MPa * 0.5), 2);
  out.limits.longest = memory_of_length * out.length;
  return out;
}

/// ln of the time from which less than `level` (MPa) is still to come of two exponentials of one sign.
double last_time(const double* x, double level, double from, double to) {
  const auto left = [&](double ln_t) {
    const double t = std::exp(ln_t);
    return std::abs(x[1] * std::exp(-t * std::exp(-x[3])) + x[2] * std::exp(-t * std::exp(-x[4])));
  };
  double low = from, high = to;
  if (left(low) <= level) return low;
  if (left(high) > level) return high;
  for (int k = 0; k < 50; ++k) {
    const double middle = 0.5 * (low + high);
    (left(middle) > level ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// ln of the time at which 90 % of the whole change is over.
double ln_ninety(RelaxationKind kind, const double* x, double from, double to) {
  if (kind == RelaxationKind::stretched) return x[2] + std::log(std::numbers::ln10) / x[3];
  return last_time(x, 0.1 * std::abs(x[1] + x[2]), from, to);
}

/// ln of the time from which less than `level` (MPa) is still to come.
double ln_quiet(RelaxationKind kind, const double* x, double level, double from, double to) {
  if (kind == RelaxationKind::two_exponentials) return last_time(x, level, from, to);
  const double ratio = std::abs(x[1]) / level;
  return ratio > 1.0 ? std::max(from, x[2] + std::log(std::log(ratio)) / x[3]) : from;
}

std::vector<NamedNumber> parameters_of(const FittedLaw& law) {
  const std::vector<double>& x = law.x();
  const auto pressure = [&](const char* name, std::size_t k) { return NamedNumber{name, "Pa", {x[k] * MPa, law.error(k) * MPa}}; };
  const auto time = [&](const char* name, std::size_t k) { return NamedNumber{name, "s", {std::exp(x[k]), std::exp(x[k]) * law.error(k)}}; };
  std::vector<NamedNumber> out;
  switch (law.kind()) {
  case RelaxationKind::logarithmic: out = {pressure("P_0", 0), pressure("c", 1), time("tau", 2)}; break;
  case RelaxationKind::stretched: out = {pressure("P_inf", 0), pressure("A", 1), time("tau", 2), {"beta", "1", {x[3], law.error(3)}}}; break;
  case RelaxationKind::two_exponentials:
    out = {pressure("P_inf", 0), pressure("A_1", 1), pressure("A_2", 2), time("tau_1", 3), time("tau_2", 4)};
    break;
  }
  if (x.size() > out.size()) out.push_back({"gamma", "Pa/K", {x.back() * MPa, law.error(x.size() - 1) * MPa}});
  return out;
}

double aicc(double likelihood, double unknowns, double n) { // (R14)
  return likelihood + 2.0 * unknowns + (n > unknowns + 1.0 ? 2.0 * unknowns * (unknowns + 1.0) / (n - unknowns - 1.0) : 1e9);
}

double noise_unknowns(const numerics::NoiseFit& noise) { return noise.shape.slow > 0.0 ? 3.0 : 1.0; }

Forecast band_in_time(const FittedLaw& law, const std::function<double(const double*)>& g, double threshold, double from, double to) {
  const FittedLaw::Band band = law.profile(g, threshold, from, to);
  const double value = g(law.x().data());
  return {value >= to ? std::numeric_limits<double>::infinity() : std::exp(value), band.open_low ? 0.0 : std::exp(band.low),
          band.open_high ? std::numeric_limits<double>::infinity() : std::exp(band.high)};
}

void forecast(RelaxationLaw& out, const FittedLaw& law, const HoldReadings& data, double resolution) {
  const RelaxationKind kind = law.kind();
  const double n = static_cast<double>(data.pressure.size()), freedom = std::max(1.0, n - static_cast<double>(law.unknowns()));
  const double t = numerics::student_quantile(0.975, freedom), threshold = t * t; // (R15)
  const double from = std::log(0.01 * data.interval), to = std::log(horizon * data.length);
  if (kind != RelaxationKind::logarithmic) {
    out.ninety = band_in_time(law, [=](const double* x) { return ln_ninety(kind, x, from, to); }, threshold, from, to);
    const double level = resolution / MPa;
    if (level > 1e-7 * std::abs(data.pressure.front()))
      out.below_noise = band_in_time(law, [=](const double* x) { return ln_quiet(kind, x, level, from, to); }, threshold, from, to);
  }
  const double end = data.length;
  const auto later = [=](const double* x) { return relaxation_law(kind, 2.0 * end, x) - relaxation_law(kind, end, x); };
  const double most = 2.0 * std::abs(data.pressure.front()) + 1.0;
  const FittedLaw::Band band = law.profile(later, threshold, -most, most);
  out.next = Forecast{later(law.x().data()) * MPa, band.low * MPa, band.high * MPa};
}

/// Root mean square of what a law leaves, over the change that it describes; each moment of the logarithm of time counts alike, as
/// the merged readings do.
double misfit(const FittedLaw& law, const HoldReadings& data) {
  const std::vector<double> model = law.fitted();
  double sum = 0.0;
  for (std::size_t k = 0; k < model.size(); ++k) {
    const double warm = data.temperature.empty() ? 0.0 : law.x().back() * data.temperature[k];
    sum += std::pow(data.pressure[k] - warm - model[k], 2);
  }
  return std::sqrt(sum / static_cast<double>(model.size())) / std::max(1e-12, std::abs(model.front() - model.back()));
}

void widen(std::optional<Forecast>& all, const std::optional<Forecast>& one) {
  if (!one) return;
  if (!all) {
    all = one;
    return;
  }
  all->low = std::min(all->low, one->low);
  all->high = std::max(all->high, one->high);
}

/// (R17): the best law fitted to the first half alone, held against the end.
void look_back(PressureHold& hold, RelaxationKind kind, const HoldReadings& data) {
  HoldReadings half{{}, {}, {}, {}, data.interval, 0.5 * data.length, data.limits};
  half.limits.longest *= 0.5;
  for (std::size_t k = 0; k < data.time.size() && data.time[k] <= half.length; ++k) {
    half.time.push_back(data.time[k]);
    half.pressure.push_back(data.pressure[k]);
    half.count.push_back(data.count[k]);
    if (!data.temperature.empty()) half.temperature.push_back(data.temperature[k]);
  }
  if (half.time.size() < 12) return;
  const FittedLaw law(kind, half);
  const std::size_t parameters = law.unknowns() - (data.temperature.empty() ? 0 : 1);
  double weights = 0.0, missed = 0.0, last = 0.0; // over the last twentieth
  for (std::size_t k = 0; k < data.time.size(); ++k) {
    if (data.time[k] < 0.95 * data.length) continue;
    const double warm = data.temperature.empty() ? 0.0 : law.x()[parameters] * data.temperature[k];
    missed += data.count[k] * (data.pressure[k] - warm - relaxation_law(kind, data.time[k], law.x().data()));
    last += data.count[k] * data.time[k];
    weights += data.count[k];
  }
  if (!(weights > 0.0)) return;
  missed /= weights;
  last /= weights;
  const double error = law.error_of([&](const double* x) { return relaxation_law(kind, last, x); });
  const double noise = std::sqrt(law.noise().variance * (law.noise().shape.slow + 1.0 / weights));
  hold.hindcast = missed * MPa;
  hold.hindcast_failed = std::isfinite(error) && std::abs(missed) > 2.6 * std::hypot(error, noise); // one in a hundred
  if (!hold.hindcast_failed) return;
  const bool more_than_foretold = missed * (data.pressure.back() - data.pressure.front()) > 0.0;
  for (std::optional<Forecast>* f : {&hold.ninety, &hold.below_noise}) {
    if (!*f) continue;
    if (more_than_foretold)
      (*f)->high = std::numeric_limits<double>::infinity();
    else
      (*f)->low = 0.0;
  }
  if (hold.next) { // twice as far ahead as the half was
    const double more = 2.0 * missed * MPa;
    (more < 0.0 ? hold.next->low : hold.next->high) += more;
  }
}

std::string say(double seconds) {
  if (!std::isfinite(seconds)) return "never";
  return seconds < 180.0 ? fmt::format("{:.3g} s", seconds) : seconds < 10800.0 ? fmt::format("{:.3g} min", seconds / 60.0)
         : seconds < 864000.0 ? fmt::format("{:.3g} h", seconds / 3600.0) : fmt::format("{:.3g} d", seconds / 86400.0);
}

std::string saturation_of(const PressureHold& h) {
  if (!h.relaxes) return "no relaxation is seen beyond the noise";
  if (!h.ninety) return "the logarithmic law alone describes it, and that one never saturates";
  const std::string open = std::isfinite(h.ninety->high) ? fmt::format("{} to {}", say(h.ninety->low), say(h.ninety->high))
                                                         : fmt::format("{} at least, no upper bound", say(h.ninety->low));
  const std::string when = std::isfinite(h.ninety->value)
                               ? fmt::format("90 % of the change is over after {} (95 %: {})", say(h.ninety->value), open)
                               : fmt::format("no end is seen: 90 % of the change would take {}", open);
  const bool never = !h.laws.empty() && h.laws.front().kind == RelaxationKind::logarithmic;
  const std::string best = never ? "no end is in sight: the logarithmic law, which never saturates, describes the hold best; if one of the others is right, which are within 1 % of it, " : "";
  const auto logarithm = std::find_if(h.laws.begin(), h.laws.end(), [](const RelaxationLaw& law) { return law.kind == RelaxationKind::logarithmic; });
  const bool likely = logarithm != h.laws.end() && logarithm->weight >= not_excluded;
  const std::string unless = !h.may_not_saturate || never ? ""
                             : likely ? "; the data do not exclude the logarithmic law, which never saturates"
                                      : "; the logarithmic law, which never saturates, is worse but within 1 % of the change inside the hold";
  const double length = h.end - h.start;
  const std::string beyond =
      h.ninety->value > length && std::isfinite(h.ninety->value) ? fmt::format(", beyond the hold of {}: an extrapolation", say(length)) : "";
  const std::string missed =
      h.hindcast_failed ? fmt::format("; but fitted to the first half alone the law misses the end by {:+.2g} MPa, so the band is open", *h.hindcast * 1e-6) : "";
  return best + when + beyond + unless + missed;
}

} // namespace

std::vector<FoundHold> find_holds(const PressureSeries& s) {
  std::vector<FoundHold> all;
  for (std::size_t k = 0; k < s.size();) {
    if (s.half_cycle[k] >= 0 || s.spoiled[k] != 0) {
      ++k;
      continue;
    }
    std::size_t last = k, readings = 0;
    for (std::size_t j = k; j < s.size() && s.half_cycle[j] < 0 && s.level[j] == s.level[k]; ++j) {
      if (s.spoiled[j] != 0) continue;
      last = j;
      ++readings;
    }
    const double length = s.time[last] - s.time[k];
    if (length >= shortest_hold && readings >= least_readings) {
      PressureHold h;
      h.start = s.time[k];
      h.end = s.time[last];
      h.first = s.pressure[k];
      h.last = s.pressure[last];
      h.readings = readings;
      h.resolution = s.resolution;
      all.push_back({std::move(h), k, last});
    }
    k = last + 1;
  }
  while (all.size() > most_holds)
    all.erase(std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.hold.end - a.hold.start < b.hold.end - b.hold.start; }));
  return all;
}

void fit_relaxation(FoundHold& found, const PressureSeries& s) {
  PressureHold& hold = found.hold;
  HoldReadings data = readings_of(found, s);
  if (!data.temperature.empty()) {
    hold.temperature = numerics::mean(data.temperature);
    hold.temperature_range = numerics::quantile(data.temperature, 0.99) - numerics::quantile(data.temperature, 0.01);
    if (*hold.temperature_range > moved) {
      hold.refused = fmt::format("the temperature moved by {:.3g} K, and every law has its own rate at each temperature", *hold.temperature_range);
      return;
    }
    if (*hold.temperature_range < steady) data.temperature.clear();
    for (double& T : data.temperature) T -= *hold.temperature;
  }
  if (data.pressure.size() < 12) {
    hold.refused = "fewer than 12 readings";
    return;
  }
  const double n = static_cast<double>(data.pressure.size());
  std::vector<std::vector<double>> level{std::vector<double>(data.pressure.size(), 1.0)};
  if (!data.temperature.empty()) level.push_back(data.temperature);
  const numerics::NoiseFit flat = numerics::fit_linear(data.time, data.count, data.pressure, level, data.limits).noise;
  const double constant = aicc(flat.likelihood, static_cast<double>(level.size()) + noise_unknowns(flat), n);

  std::vector<FittedLaw> fitted;
  for (const RelaxationKind kind : {RelaxationKind::logarithmic, RelaxationKind::stretched, RelaxationKind::two_exponentials})
    fitted.emplace_back(kind, data);
  const auto score = [&](const FittedLaw& law) {
    return aicc(law.noise().likelihood, static_cast<double>(law.unknowns()) + noise_unknowns(law.noise()), n);
  };
  std::stable_sort(fitted.begin(), fitted.end(), [&](const FittedLaw& a, const FittedLaw& b) { return score(a) < score(b); });
  double weights = 0.0;
  for (const FittedLaw& law : fitted) weights += std::exp(-0.5 * (score(law) - score(fitted.front())));
  hold.relaxes = constant > score(fitted.front()) + lead_of_constant;
  for (const FittedLaw& law : fitted) {
    RelaxationLaw out;
    out.kind = law.kind();
    out.parameters = parameters_of(law);
    out.noise = std::sqrt(law.noise().variance) * MPa;
    out.slow_noise = std::sqrt(law.noise().variance * law.noise().shape.slow) * MPa;
    out.memory = law.noise().shape.slow > 0.0 ? law.noise().shape.time : 0.0;
    out.aicc = score(law);
    out.behind = out.aicc - score(fitted.front());
    out.weight = std::exp(-0.5 * out.behind) / weights;
    if (out.kind != RelaxationKind::logarithmic) out.final_pressure = law.x()[0] * MPa;
    for (const double p : law.fitted()) out.fitted.push_back(p * MPa);
    if (hold.relaxes && (out.weight >= not_excluded || misfit(law, data) < good_enough)) { // (R15)
      forecast(out, law, data, hold.resolution);
      widen(hold.ninety, out.ninety);
      widen(hold.below_noise, out.below_noise);
      widen(hold.next, out.next);
      hold.may_not_saturate = hold.may_not_saturate || out.kind == RelaxationKind::logarithmic;
    }
    hold.laws.push_back(std::move(out));
  }
  if (hold.may_not_saturate)
    for (std::optional<Forecast>* f : {&hold.ninety, &hold.below_noise})
      if (*f) (*f)->high = std::numeric_limits<double>::infinity();
  const FittedLaw& best = fitted.front();
  if (hold.relaxes) look_back(hold, best.kind(), data);
  const double* x = best.x().data();
  for (std::size_t k = 0; k < data.time.size(); ++k) {
    const double t = data.time[k];
    const auto since = [&, t](const double* at) { return relaxation_law(best.kind(), t, at) - relaxation_law(best.kind(), 0.0, at); };
    hold.change.push_back(since(x) * MPa);
    hold.change_error.push_back(best.error_of(since) * MPa);
    const double warm = data.temperature.empty() ? 0.0 : x[best.unknowns() - 1] * data.temperature[k];
    hold.pressure.push_back((data.pressure[k] - warm) * MPa);
  }
  hold.time = data.time;
  hold.start_error = std::abs(relaxation_law(best.kind(), data.interval, x) - relaxation_law(best.kind(), 0.0, x)) * MPa / std::sqrt(12.0);
  hold.saturation = saturation_of(hold);
}

} // namespace platen::assessing
