#include "corpus/simulated.hpp"

#include "physics/voids.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <span>
#include <utility>

namespace platen::corpus::simulated {
namespace {

constexpr double mA_per_cm2 = 10.0, mAh_per_cm2 = 3.6e4, minute = 60.0, hour = 3600.0;
constexpr double usual_resistance = 2e-3; ///< ohm m2, of these cells
constexpr double before_current = 900.0; ///< s that are kept of what comes before the first current

bool is_full(Course c) { return c == Course::full_ramp || c == Course::full_life || c == Course::full_intact; }
bool is_intact(Course c) { return c == Course::intact_ramp || c == Course::intact_life || c == Course::full_intact; }

/// The sentences that carry current, with the scales that a bench is drawn for.
struct Test {
  std::string sentences;
  double half_cycle = 0.0, current_density = 0.0, duration = 0.0; ///< s, A/m2, s
};

Test draw_ramp(Draws& d, Course course) {
  const double increment = d.one_of(std::array{0.05, 0.1, 0.127, 0.2, 0.25}); // mA/cm2
  const double minutes = d.one_of(std::array{5.0, 10.0, 15.0, 15.0, 30.0, 60.0});
  const int cycles = static_cast<int>(d.one_of(std::array{1.0, 1.0, 1.0, 2.0, 3.0}));
  const double last = course == Course::short_ramp ? std::max(4.0 * increment, d.between(0.3, 1.2)) : d.between(1.2, 3.5);
  const double steps = std::floor(last / increment);
  Test t;
  t.half_cycle = minutes * minute;
  t.current_density = last * mA_per_cm2;
  t.duration = 2.0 * steps * cycles * t.half_cycle;
  t.sentences = fmt::format("\"Ramp from {:g} mA/cm2 to {:g} mA/cm2 in steps of {:g} mA/cm2, {:g} min per half cycle, {} cycle{} per step{}\"", increment,
                            increment * steps, increment, minutes, cycles, cycles == 1 ? "" : "s",
                            course == Course::ramp && d.chance(0.5) ? ", until short" : "");
  return t;
}

Test draw_life(Draws& d, Course course) {
  const bool one_way = course == Course::one_way;
  const double current = d.one_of(std::array{0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5}); // mA/cm2
  const double minutes = d.one_of(std::array{15.0, 30.0, 60.0, 60.0});
  const int count = 6 + static_cast<int>(d.below(one_way ? 14 : 20));
  const std::string rest = one_way || d.chance(0.4) ? fmt::format("; Rest for {:g} min", d.one_of(std::array{5.0, 10.0, 30.0})) : "";
  Test t;
  t.half_cycle = minutes * minute;
  t.current_density = current * mA_per_cm2;
  t.duration = (one_way ? 1.5 : 2.0) * count * t.half_cycle;
  t.sentences = fmt::format("\"Repeat {} times: Plate at {:g} mA/cm2 for {:g} min{}", count, current, minutes, rest);
  t.sentences += one_way ? "\"" : fmt::format("; Strip at {:g} mA/cm2 for {:g} min{}\"", current, minutes, rest);
  return t;
}

Test draw_full(Draws& d, Course course, double capacity) {
  const bool life = course == Course::full_life || (course == Course::full_intact && d.chance(0.5));
  const std::string cutoffs = d.chance(0.5) ? "2.5 V and 4.3 V" : "2.7 V and 4.2 V";
  const double first = 0.1 * std::ceil(10.0 * d.between(0.08, 0.3) * capacity / mAh_per_cm2); // mA/cm2, about C/12 to C/3
  Test t;
  t.half_cycle = capacity / (first * mA_per_cm2);
  if (life) {
    const int count = 4 + static_cast<int>(d.below(12));
    const double current = first * d.between(1.5, 3.5);
    const std::string rest = d.chance(0.5) ? "; Rest for 10 min" : "";
    t.half_cycle /= current / first;
    t.current_density = current * mA_per_cm2;
    t.duration = 2.0 * count * t.half_cycle;
    const std::string hold = course == Course::full_intact && d.chance(0.4) ? fmt::format("; Hold at 4.2 V until {:.4f} mA/cm2", 0.2 * current) : "";
    t.sentences = fmt::format("\"Charge at {0:g} mA/cm2 until 4.2 V\", \"Discharge at {0:g} mA/cm2 until 2.5 V\", \"Repeat {1} times: Charge at {2:.4f} "
                              "mA/cm2 until 4.2 V{3}{4}; Discharge at {2:.4f} mA/cm2 until 2.5 V{4}\"",
                              first, count, current, hold, rest);
    return t;
  }
  const double increment = d.one_of(std::array{0.1, 0.2});
  const int steps = 4 + static_cast<int>(d.below(7));
  t.current_density = (first + increment * (steps - 1)) * mA_per_cm2;
  t.duration = 1.2 * steps * t.half_cycle;
  t.half_cycle *= first / (first + increment * (steps - 1));
  t.sentences = fmt::format("\"Ramp from {0:g} mA/cm2 to {1:g} mA/cm2 in steps of {2:g} mA/cm2 between {3}\"", first, first + increment * (steps - 1),
                            increment, cutoffs);
  return t;
}

/// Numbers of the laws that nobody knows to better than their order of magnitude, and those that differ between cells.
std::string draw_overrides(Draws& d, Course course) {
  std::string out = fmt::format("[override]\n\"interface.resistance\" = \"{:.3f} ohm cm2\"\n\"contact.initial\" = {:.3f}\n"
                                "\"flaw.depth\" = \"{:.2f} um\"\n\"filament.growth\" = {:.0f}\n",
                                d.log_between(3.0, 9.0), d.between(0.05, 0.4), course == Course::cracked ? 0.0 : d.log_between(2.0, 12.0),
                                course == Course::stopped ? d.log_between(10.0, 60.0) : d.log_between(60.0, 5000.0));
  if (course == Course::cracked) {
    const auto depth = out.find("\"flaw.depth\"");
    out.erase(depth, out.find('\n', depth) - depth + 1);
  }
  return out;
}

std::string draw_short(Draws& d) {
  return fmt::format("\"short.soft_from\" = {:.2f}\n\"short.soft_resistance\" = \"{:.1f} ohm\"\n\"short.soft_flicker\" = {:.2f}\n"
                     "\"short.soft_flicker_time\" = \"{:.1f} s\"\n\"short.resistance\" = \"{:.2f} ohm\"\n\"short.closing_time\" = \"{:.2f} s\"\n",
                     d.between(0.6, 0.95), d.log_between(5.0, 400.0), d.between(0.0, 1.5), d.log_between(2.0, 300.0), d.log_between(1.0, 10.0),
                     d.log_between(0.5, 30.0));
}

/// A crack through most of the pellet, and a steady bridge in it.
std::string draw_crack(Draws& d, double pellet) {
  return fmt::format("\"flaw.depth\" = \"{:.1f} um\"\n\"scatter.flaw_modulus\" = 0\n\"short.soft_from\" = 0.5\n\"short.soft_resistance\" = \"{:.2f} ohm\"\n"
                     "\"short.soft_flicker\" = 0\n", 1e6 * pellet * d.between(0.85, 0.97), d.log_between(2.0, 20.0));
}

/// The rows from shortly before the first current on, up to `end` (s).
Record rows_between(const Record& ideal, double end) {
  const auto current = ideal.real(col::current);
  const auto time = ideal.real(col::test_time);
  const auto flows = static_cast<std::size_t>(std::find_if(current.begin(), current.end(), [](double i) { return i != 0.0; }) - current.begin());
  const double start = flows < current.size() ? time[flows] - before_current : time.front();
  const auto from = std::lower_bound(time.begin(), time.end(), start) - time.begin(), to = std::upper_bound(time.begin(), time.end(), end) - time.begin();
  Record out;
  out.cell = ideal.cell;
  out.events = ideal.events;
  out.provenance = ideal.provenance;
  for (Column column : ideal.columns()) {
    std::visit([&](auto& values) { values = {values.begin() + from, values.begin() + to}; }, column.values);
    out.set(std::move(column));
  }
  return out;
}

/// When somebody stops a test whose voltage has become restless: between first contact and the bridge.
double stopped_at(const Record& ideal, std::uint64_t seed) {
  const double end = ideal.real(col::test_time).back();
  const auto first = [&](std::string_view kind) {
    const auto e = std::find_if(ideal.events.begin(), ideal.events.end(), [&](const Event& event) { return event.kind == kind; });
    return e == ideal.events.end() ? end : e->time;
  };
  const double soft = first("soft short"), hard = first("hard short");
  Draws d(seed, "corpus/simulated/stopped");
  return soft + d.between(0.3, 0.98) * (hard - soft);
}

} // namespace

Drawn draw(const Kind& kind, std::uint64_t seed) {
  Draws d(seed, "corpus/simulated");
  const bool full = is_full(kind.course);
  const double area = d.one_of(std::array{0.5, 0.785, 1.0, 1.13});               // cm2
  const double thickness = d.log_between(300.0, 1000.0);                          // um
  const double loading = d.one_of(std::array{6.4, 12.8, 19.0, 25.5, 38.0});       // mg/cm2
  const double capacity = loading * 0.132 * mAh_per_cm2;                          // C/m2, as the card's composite
  const double celsius = d.one_of(std::array{25.0, 30.0, 40.0, 40.0, 60.0});
  const double pressure = d.log_between(2.0, 10.0);                               // MPa
  const bool springs = full && d.chance(0.5);
  const double hold = d.log_between(1.0, 180.0);                                  // min
  const bool loops = kind.course == Course::life || kind.course == Course::intact_life || kind.course == Course::one_way ||
                     (kind.course == Course::cracked && d.chance(0.3));
  const Test test = full ? draw_full(d, kind.course, capacity) : loops ? draw_life(d, kind.course) : draw_ramp(d, kind.course);
  Drawn out;
  out.bench = draw_bench(d, {test.half_cycle, test.duration, test.current_density * area * 1e-4, full ? driving_voltage : test.current_density * usual_resistance}, seed);
  std::string& s = out.study;
  s = fmt::format("name = \"{}\"\nset = \"Ham2022\"\ntemperature = \"25 degC\"\nseed = {}\n", kind.name, seed);
  s += fmt::format("test = [\"Hold at {:.1f} MPa for {:.1f} min at 25 degC\", \"Release to {:.2f} MPa\", {}", d.between(10.0, 40.0), hold, pressure,
                   springs ? "\"Fit springs\", " : "");
  s += celsius > 25.0 ? fmt::format("\"Heat to {:g} degC in 1 h\", ", celsius) : "\"Rest for 20 min\", ";
  s += fmt::format("\"Set stack pressure to {:.2f} MPa\", {}]\n", pressure, test.sentences);
  s += fmt::format("[cell]\narea = \"{:g} cm2\"\nlayers = [{}, {{ material = \"LPSCl\", thickness = \"{:.0f} um\" }}, {{ material = \"Li\", thickness = "
                   "\"150 um\" }}]\n", area,
                   full ? fmt::format("{{ material = \"NCM811\", loading = \"{:g} mg/cm2\", loading_of = \"composite\" }}", loading)
                        : "{ material = \"Li\", thickness = \"150 um\" }", thickness);
  s += springs ? "[fixture]\nkind = \"springs\"\nsprings = { count = 3, rate = \"5.5 lbf/mm\", load_limit = \"200 lbf\", travel = \"40 mm\" }\n"
               : "[fixture]\nkind = \"fixed gap\"\n";
  s += fmt::format("[output]\ninterval = \"{:g} s\"\n", out.bench.ideal_interval());
  if (is_intact(kind.course) || kind.course == Course::cracked) s += "[mechanisms]\nfilament = false\nintrusion = false\npressure_swing = false\n";
  s += draw_overrides(d, kind.course);
  s += kind.course == Course::cracked ? draw_crack(d, thickness * 1e-6) : draw_short(d);
  return out;
}

std::vector<Moment> moments_of(const Record& ideal) {
  const auto t = ideal.real(col::test_time), i = ideal.real(col::current), u = ideal.real(col::voltage), through = ideal.real("short_current_density");
  const auto step = ideal.integer(col::step_count);
  const double area = ideal.cell.area.value_or(1.0);
  const bool full = ideal.cell.configuration == Configuration::full;
  std::vector<Moment> out;
  for (std::size_t k = 0; k < t.size(); ++k) {
    const double shorted = std::abs(through[k]) * area, flowing = std::abs(i[k]);
    Moment m{t[k], 0.0, std::abs(u[k]) > 0.0 ? shorted / std::abs(u[k]) : 0.0, flowing > 0.0 ? step[k] : -1};
    if (flowing > 0.0) m.share = full ? share_of_full(m.conductance, flowing) : std::min(1.0, shorted / flowing);
    out.push_back(m);
  }
  return out;
}

double times_resistance(std::span<const Side> lithium, double polarisation) {
  double closed = std::abs(polarisation);
  for (const Side& side : lithium) closed -= (1.0 - physics::contact_left(side.void_filled, side.spread)) * std::abs(side.voltage);
  return closed > 0.0 ? std::abs(polarisation) / closed : std::numeric_limits<double>::infinity();
}

std::vector<Stretch> lost_contact_of(const Record& ideal, const std::vector<Moment>& moments, double spread) {
  const auto t = ideal.real(col::test_time), i = ideal.real(col::current), u = ideal.real(col::voltage);
  const bool full = ideal.cell.configuration == Configuration::full;
  const auto zero = [&](std::size_t k) { return full ? ideal.real("voltage_open_circuit")[k] + ideal.real("voltage_cathode_diffusion")[k] : 0.0; };
  std::vector<std::string> sides{"right"};
  if (!full) sides.emplace_back("left");
  std::vector<Stretch> out;
  bool losing = false;
  for (std::size_t k = 0; k < t.size(); ++k) {
    std::vector<Side> lithium;
    for (const std::string& side : sides)
      lithium.push_back({ideal.real("void_" + side)[k], spread, ideal.real("voltage_film_" + side)[k] + ideal.real("voltage_transfer_" + side)[k]});
    const bool lost = i[k] != 0.0 && moments[k].share < leak_begins && times_resistance(lithium, u[k] - zero(k)) > lost_rise;
    if (lost && !losing) out.push_back({t[k], t[k], 0.0});
    if (lost) out.back().end = t[k];
    losing = lost;
  }
  return out;
}

std::string without_leak(const std::string& study) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t end; (end = study.find('\n', from)) != std::string::npos; from = end + 1) {
    std::string line = study.substr(from, end - from);
    if (line.starts_with("\"short.resistance\"") || line.starts_with("\"short.soft_resistance\"")) continue;
    if (const auto until = line.find(", until short"); until != std::string::npos) line.erase(until, std::string_view(", until short").size());
    out += line + "\n";
  }
  return out + "\"short.resistance\" = \"1e6 ohm\"\n\"short.soft_resistance\" = \"1e9 ohm\"\n"; // the largest that the laws take
}

namespace {

/// Rows [first, last] of a step.
struct StepRows {
  std::size_t first, last;
};
std::map<std::int32_t, StepRows> steps_of(const Record& record) {
  std::map<std::int32_t, StepRows> out;
  const auto step = record.integer(col::step_count);
  for (std::size_t k = 0; k < step.size(); ++k) out.try_emplace(step[k], StepRows{k, k}).first->second.last = k;
  return out;
}

/// Puts the columns of the twin beside `ideal`, as far as `healthy` is in the same step, which it began at the same time: a leak
/// moves the times at which cut-offs are met.
void set_twin(Record& ideal, const Record& healthy) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), same = 1e-3; // s
  const std::span<const double> t = std::as_const(ideal).real(col::test_time), u = std::as_const(ideal).real(col::voltage), th = healthy.real(col::test_time), uh = healthy.real(col::voltage);
  const auto steps = steps_of(ideal), twins = steps_of(healthy);
  std::vector<double> voltage(t.size(), nan), leaked(t.size(), nan);
  for (const auto& [step, rows] : steps) {
    const auto twin = twins.find(step);
    // what is kept of the record may begin within its first step
    if (twin == twins.end() || (rows.first > 0 && std::abs(th[twin->second.first] - t[rows.first]) > same)) continue;
    std::size_t j = twin->second.first;
    for (std::size_t k = rows.first; k <= rows.last && t[k] <= th[twin->second.last] + same; ++k) {
      while (j < twin->second.last && th[j + 1] <= t[k]) ++j;
      const double span = j < twin->second.last ? th[j + 1] - th[j] : 0.0;
      const double x = span > 0.0 ? std::clamp((t[k] - th[j]) / span, 0.0, 1.0) : 0.0;
      voltage[k] = span > 0.0 ? uh[j] + x * (uh[j + 1] - uh[j]) : uh[j];
      leaked[k] = u[k] - voltage[k];
    }
  }
  ideal.set(twin_column(twin_healthy, std::move(voltage)));
  ideal.set(twin_column(twin_leaked, std::move(leaked)));
  ideal.set(twin_column(twin_unforeseen, std::vector<double>(t.size(), 0.0)));
}

} // namespace

Twins make(const Kind& kind, std::uint64_t seed, WithTwin with_twin, const work::Task& task) {
  const Drawn drawn = draw(kind, seed);
  Study study = parse_study(drawn.study, "a cell of the corpus", ".");
  study.output.parts = true; // of the voltage: the label asks for what lost contact adds
  const Record whole = simulate(study, task);
  Record ideal = rows_between(whole, kind.course == Course::stopped ? stopped_at(whole, seed) : whole.real(col::test_time).back());
  std::vector<Moment> moments = moments_of(ideal);
  if (with_twin == WithTwin::yes) set_twin(ideal, simulate(parse_study(without_leak(drawn.study), "a cell of the corpus", "."), task));
  Label label;
  label.kind = kind.name;
  label.lost_contact = lost_contact_of(ideal, moments, study.parameters.void_spread);
  Benched benched = record_on(drawn.bench, ideal, std::move(moments), std::move(label), with_twin);
  return {{Generator::simulated, seed, std::move(benched.record), std::move(benched.label)}, std::move(benched.twin)};
}

} // namespace platen::corpus::simulated
