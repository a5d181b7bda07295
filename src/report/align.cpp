#include "report/align.hpp"

#include "align/estimate.hpp"
#include "report/report.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

double longest_gap(const JoinedLog& joined) {
  double out = 0.0;
  for (const align::Gap& gap : joined.gaps) out = std::max(out, gap.to - gap.from);
  return out;
}

Quantity quantity(double value, const Dimension& dimension) { return {value, dimension, ""}; }

/// A curve over test hours.
struct Curve {
  std::vector<double> hours, values;
};

Panel panel_of(std::string name, std::string unit, const Curve& curve, Ink ink, double least) {
  Panel panel;
  panel.name = std::move(name);
  panel.unit = std::move(unit);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double v : curve.values)
    if (std::isfinite(v)) {
      low = std::min(low, v);
      high = std::max(high, v);
    }
  if (low <= high) panel.y = padded(low, high, least);
  panel.lines.push_back({curve.hours, curve.values, {}, {}, ink, "", false, 1.2});
  return panel;
}

/// The log with its clock moved by `by` (s per s and s), in hours of `axis` from `zero` and MPa.
Curve moved_log(const align::Log& log, const align::ClockMap& clock, double zero) {
  Curve out;
  for (std::size_t i = 0; i < log.time.size(); ++i) {
    out.hours.push_back((clock.to_data(log.time[i]) - zero) / 3600.0);
    out.values.push_back(log.value[i] * 1e-6);
  }
  return out;
}

} // namespace

std::string text(const JoinedLog& joined) {
  const align::ClockMap& c = joined.clock;
  std::string out = fmt::format("method       {}\nrests on     {}\n", joined.method, joined.rests_on);
  const auto line = [&](const char* name, std::string value) {
    out += fmt::format("{:<12} {}\n", name, value);
  };
  if (joined.estimate) {
    const align::Estimate& e = *joined.estimate;
    line("offset", fmt::format("{:.6g} +- {:.2g} s (one standard deviation) at {:.6g} s of the log's clock",
                               c.offset, e.offset_sigma, c.pivot));
    line("drift", fmt::format("{:.3g} +- {:.2g} ppm", c.drift * 1e6, e.drift_sigma * 1e6));
    line("evidence", fmt::format("chi squared {:.4g}; the next best offset is worse by {}", e.evidence,
                                 std::isfinite(e.runner_up) ? fmt::format("{:.4g}", e.runner_up)
                                                            : "more than any other that was found"));
    line("swing", fmt::format("{:.3g} MPa, noise {:.2g} MPa", e.swing * 1e-6, e.noise * 1e-6));
  } else {
    line("offset", fmt::format("{:.6g} s", c.offset));
    line("drift", fmt::format("{:.3g} ppm", c.drift * 1e6));
  }
  line("against", joined.axis);
  if (!joined.load.zone.empty()) line("zone", joined.load.zone);
  line("rows", fmt::format("{} of {} with a pressure", joined.rows_with_pressure, joined.rows));
  line("gaps", joined.gaps.empty()
                   ? "none"
                   : fmt::format("{}, the longest {:.4g} s", joined.gaps.size(), longest_gap(joined)));
  for (const align::Jump& jump : joined.retightened)
    line("re-tightened", fmt::format("{:+.3g} MPa at {:.6g} s", jump.size * 1e-6, jump.time));
  return out;
}

std::string json(const JoinedLog& joined, const std::string& output) {
  const auto known = [&](auto member, const Dimension& d) -> decltype(Field::value) {
    if (!joined.estimate) return std::monostate{};
    return quantity((*joined.estimate).*member, d);
  };
  return json("platen.align/1", {{"method", joined.method},
                                 {"rests_on", joined.rests_on},
                                 {"axis", joined.axis},
                                 {"zone", joined.load.zone},
                                 {"offset", quantity(joined.clock.offset, dim::time)},
                                 {"offset_at", quantity(joined.clock.pivot, dim::time)},
                                 {"offset_uncertainty", known(&align::Estimate::offset_sigma, dim::time)},
                                 {"drift", quantity(joined.clock.drift, dim::none)},
                                 {"drift_uncertainty", known(&align::Estimate::drift_sigma, dim::none)},
                                 {"swing", known(&align::Estimate::swing, dim::pressure)},
                                 {"noise", known(&align::Estimate::noise, dim::pressure)},
                                 {"rows", static_cast<std::int64_t>(joined.rows)},
                                 {"rows_with_pressure", static_cast<std::int64_t>(joined.rows_with_pressure)},
                                 {"gaps", static_cast<std::int64_t>(joined.gaps.size())},
                                 {"longest_gap", quantity(longest_gap(joined), dim::time)},
                                 {"retightened", static_cast<std::int64_t>(joined.retightened.size())},
                                 {"output", output}});
}

std::string align_picture(const JoinedLog& joined, const Record& record) {
  const std::vector<double>& time = joined.load.log.time;
  const auto axis = record.real(joined.axis);
  const double zero = axis.empty() ? 0.0 : axis.front();
  Curve charge;
  if (record.has(col::current)) {
    const align::Course course = align::course_of(record, joined.axis);
    for (std::size_t i = 0; i < course.time.size(); ++i) {
      charge.hours.push_back((course.time[i] - zero) / 3600.0);
      charge.values.push_back(course.charge[i] / 3.6);
    }
  }
  // Two instruments that both count seconds are shown as if they had begun together.
  const bool one_clock = joined.axis == col::unix_time || !joined.load.log.dated;
  const align::ClockMap as_it_stood{one_clock ? 0.0 : zero - time.front(), 0.0, 0.0};
  const Curve before = moved_log(joined.load.log, as_it_stood, zero),
              after = moved_log(joined.load.log, joined.clock, zero);
  Curve fitted;
  if (joined.estimate)
    for (std::size_t i = 0; i < joined.estimate->fitted.size(); ++i) {
      fitted.hours.push_back((joined.clock.to_data(joined.estimate->fitted_time[i]) - zero) / 3600.0);
      fitted.values.push_back(joined.estimate->fitted[i] * 1e-6);
    }
  Figure figure;
  figure.id = "clocks";
  figure.title = "The load-cell log against the charge, before and after its clock was brought to the data's";
  figure.standalone = true;
  figure.x_name = "time since the first row of the data";
  figure.x_unit = "h";
  const double end = axis.empty() ? 1.0 : (axis.back() - zero) / 3600.0;
  figure.x = padded(0.0, end, 1e-3);
  figure.x_ticks = time_ticks(figure.x.low, figure.x.high, {"h", 3600.0}, 8);
  if (!charge.hours.empty()) figure.panels.push_back(panel_of("charge", "mAh", charge, Ink::blue, 1e-6));
  figure.panels.push_back(panel_of("log, clock as it stood", "MPa", before, Ink::grey, 1e-3));
  figure.panels.push_back(panel_of("log, clock as decided", "MPa", after, Ink::green, 1e-3));
  if (!fitted.hours.empty()) {
    figure.panels.back().lines.push_back(
        {fitted.hours, fitted.values, {}, {}, Ink::vermillion, "what follows the charge", false, 1.0});
  }
  return render(figure);
}

} // namespace platen::report
