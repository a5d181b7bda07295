// The clock found from the data, held against clocks that are known: errors against the Cramer-Rao bound,
// coverage of the intervals, and refusals where the data cannot tell. Waveforms made here know nothing of the
// estimator.

#include "align_cases.hpp"

#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <string>

namespace platen::align::test {
namespace {

/// Cycling of a cell: rests and strokes at constant current, capacities that fade.
struct Cell {
  Course course;
  std::vector<double> corner, charge; ///< of the charge: straight between them

  double q(double t) const {
    if (t <= corner.front()) return charge.front();
    if (t >= corner.back()) return charge.back();
    const auto after = std::upper_bound(corner.begin(), corner.end(), t) - corner.begin();
    const auto k = static_cast<std::size_t>(after);
    return charge[k - 1] + (t - corner[k - 1]) / (corner[k] - corner[k - 1]) * (charge[k] - charge[k - 1]);
  }
  double rate(double t) const { return (q(t + 0.5) - q(t - 0.5)) / 1.0; }
};

struct Schedule {
  double rest = 1800, pause = 300, current = 1e-3, capacity = 4.0;
  int cycles = 4;
  double fade = 0.02;
  bool symmetric = false;
};

Cell make_cell(const Schedule& s, double every) {
  Cell out;
  double t = 0.0, q = 0.0;
  const auto corner = [&](double dt, double dq) {
    out.corner.push_back(t += dt);
    out.charge.push_back(q += dq);
  };
  corner(0.0, 0.0);
  if (s.rest > 0.0) corner(s.rest, 0.0);
  double capacity = s.capacity;
  for (int k = 0; k < s.cycles; ++k) {
    corner(capacity / s.current, capacity);
    if (s.pause > 0.0) corner(s.pause, 0.0);
    corner(capacity / s.current, -capacity);
    if (s.pause > 0.0) corner(s.pause, 0.0);
    capacity *= 1.0 - s.fade;
  }
  // Rows at the switches and every so often between them.
  for (std::size_t k = 0; k + 1 < out.corner.size(); ++k)
    for (double at = out.corner[k]; at < out.corner[k + 1]; at += every) out.course.time.push_back(at);
  out.course.time.push_back(out.corner.back());
  for (std::size_t i = 0; i < out.course.time.size(); ++i) {
    out.course.charge.push_back(out.q(out.course.time[i]));
    const double before = i > 0 ? out.course.time[i - 1] : out.course.time[i];
    out.course.current.push_back(
        i > 0 ? (out.q(out.course.time[i]) - out.q(before)) / (out.course.time[i] - before) : 0.0);
  }
  return out;
}

/// P = P0 + b q + c q^2 + relaxation + creep: none of the time constants is the estimator's.
struct Pressure {
  double level = 5e6, b = 1e5, c = 0.0, relaxation = 0.0, slowness = 3600, creep = 0.0;
  double operator()(const Cell& cell, double t) const {
    const double q = cell.q(t);
    return level + b * q + c * q * q + relaxation * std::exp(-(t + 4000.0) / slowness) + creep * t;
  }
};

struct Drawn {
  Cell cell;
  Pressure pressure;
  Logger logger;
  double swing = 0.0;
};

Drawn draw(RandomStream& r) {
  const auto between = [&](double a, double b) { return a + (b - a) * r.uniform(); };
  Drawn out;
  Schedule s;
  s.rest = between(900, 5400);
  s.pause = r.uniform() < 0.3 ? 0.0 : between(60, 900);
  s.capacity = between(3.0, 12.0);
  s.current = s.capacity / between(1200, 9000);
  s.cycles = 2 + static_cast<int>(6.0 * r.uniform());
  s.fade = between(0.0, 0.03);
  out.cell = make_cell(s, between(5, 60));
  const double length = out.cell.corner.back();
  out.swing = between(0.1e6, 2e6);
  out.pressure.b = out.swing / s.capacity;
  out.pressure.c = between(-0.3, 0.3) * out.swing / (s.capacity * s.capacity);
  out.pressure.relaxation = between(0.0, 0.5) * out.swing;
  out.pressure.slowness = between(0.05, 0.6) * length;
  out.pressure.creep = between(-0.2, 0.2) * out.swing / length;
  Logger& l = out.logger;
  l.interval = between(5, 40);
  l.begin = between(-3000, 0.05 * length);
  l.end = length + between(-0.05 * length, 3000);
  l.offset = between(-7200, 7200);
  l.drift = 2e-4 * r.normal(); // as the clocks that the estimate expects
  l.noise = out.swing * std::exp(between(std::log(0.002), std::log(0.08)));
  l.memory = r.uniform() < 0.3 ? between(0.3, 0.9) : 0.0;
  l.quantum = r.uniform() < 0.25 ? 0.0 : l.noise * std::exp(between(std::log(0.3), std::log(3.0)));
  l.lost = between(0.0, 0.1);
  const double gap = between(0.0, 0.15) * length, at = between(0.1, 0.8) * length;
  if (r.uniform() < 0.5) l.gaps.emplace_back(at, at + gap);
  return out;
}

/// What may stand between charge and pressure in any cell and is not known of this one: bends of the curve,
/// backlash, lag, and a swing that changes with time.
struct Hysteresis {
  std::vector<std::vector<double>> columns;

  /// @param q charge at a time, @param low, high its range, @param stroke s.
  Hysteresis(const std::function<double(double)>& charge, double low, double high, double end, double stroke,
             const Case& c) {
    const double middle = 0.5 * (low + high), half = 0.5 * (high - low), lag = 0.03 * stroke,
                 dt = std::min(lag / 30.0, 10.0);
    columns.resize(20);
    const auto q_at = [&](double t) { return (charge(t) - middle) / half; };
    double narrow = q_at(0.0), wide = narrow, late = narrow, fullest = narrow, at = 0.0;
    for (const double t : c.true_time) {
      for (; at < std::min(t, end); at += dt) {
        const double q = q_at(at);
        narrow = std::clamp(narrow, q - 0.04, q + 0.04);
        wide = std::clamp(wide, q - 0.15, q + 0.15);
        fullest = std::max(fullest, q);
        late += (q - late) * dt / lag;
      }
      const double q = q_at(t), s = t / end;
      const double first = std::exp(-4.0 * s);
      const std::array<double, 20> row{q,          q * q,    q * q * q, q * q * q * q, q * q * q * q * q,
                                       narrow,     wide,     late,      s * q,         s * q * q,
                                       s * narrow, s * wide, s * late,  fullest,       fullest * fullest,
                                       std::pow(q, 6), std::pow(q, 7), first * q,
                                       std::pow(fullest, 3), std::pow(fullest, 4)};
      for (std::size_t k = 0; k < row.size(); ++k) columns[k].push_back(row[k]);
    }
  }
};

/// Truth at the estimate's pivot, and the bound for what this truth has unknown besides the clock.
void judge(const Drawn& d, const Case& c, const Estimate& e, Tally& tally) {
  std::vector<double> mean, slope, one, q, q2, relaxed, time;
  const auto [low, high] = std::minmax_element(d.cell.charge.begin(), d.cell.charge.end());
  std::vector<double> strokes;
  for (std::size_t k = 1; k < d.cell.corner.size(); ++k)
    if (d.cell.charge[k] != d.cell.charge[k - 1]) strokes.push_back(d.cell.corner[k] - d.cell.corner[k - 1]);
  const Hysteresis unknown([&](double t) { return d.cell.q(t); }, *low, *high, d.cell.corner.back(),
                           strokes[strokes.size() / 2], c);
  for (const double t : c.true_time) {
    mean.push_back(d.pressure(d.cell, t));
    const double charge = d.cell.q(t);
    slope.push_back((d.pressure.b + 2.0 * d.pressure.c * charge) * d.cell.rate(t));
    one.push_back(1.0);
    q.push_back(charge);
    q2.push_back(charge * charge);
    relaxed.push_back(std::exp(-(t + 4000.0) / d.pressure.slowness));
    time.push_back(t);
  }
  const double end = d.cell.corner.back();
  std::vector<std::vector<double>> columns{one, q, q2, relaxed, time};
  const Bound known = bound(c, d.logger, mean, slope, columns, e.clock.pivot, 0.0, end);
  columns.erase(columns.begin() + 1, columns.begin() + 3); // the bends are among the unknowns
  columns.insert(columns.end(), unknown.columns.begin(), unknown.columns.end());
  const Bound b = bound(c, d.logger, mean, slope, columns, e.clock.pivot, 0.0, end);
  const double first = d.logger.begin - d.logger.offset;
  const double truth = e.clock.pivot + d.logger.offset + d.logger.drift * (e.clock.pivot - first);
  tally.add(e, b, e.clock.to_data(e.clock.pivot) - truth, e.clock.drift - d.logger.drift);
  tally.known += b.offset / known.offset;
  tally.known_drift += b.drift / known.drift;
}

void print(const char* what, const Tally& tally, const std::map<std::string, int>& refused) {
  fmt::print("{}: {} of {} answered; RMS error over Cramer-Rao bound {:.3f} (offset), {:.3f} (drift); stated "
             "sigma over bound {:.3f};\n"
             "(which hysteresis raises by {:.2f}, {:.2f}) 95 % intervals cover {:.1f} % (offset), {:.1f} % "
             "(drift); worst {:.2f} sigma; beyond 5 sigma {}\n",
             what, tally.answered, tally.asked, tally.rms(), tally.rms_drift(),
             tally.claimed / static_cast<double>(tally.answered),
             tally.known / static_cast<double>(tally.answered),
             tally.known_drift / static_cast<double>(tally.answered), 100 * tally.share(tally.inside),
             100 * tally.share(tally.inside_drift), tally.worst, tally.far);
  for (const auto& [code, n] : refused) fmt::print("  refused {}: {}\n", code, n);
}

Question full_cell() {
  Question out;
  out.configuration = Configuration::full;
  return out;
}

TEST(AlignTruth, TwoHundredFullCells) {
  Tally tally;
  std::map<std::string, int> refused;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomStream random(seed, "align truth");
    const Drawn d = draw(random);
    const Case c = record_log(
        d.logger, [&](double t) { return d.pressure(d.cell, t); }, random);
    ++tally.asked;
    try {
      judge(d, c, estimate(c.log, d.cell.course, full_cell()), tally);
    } catch (const Error& fault) {
      ++refused[fault.diagnostics().front().code];
    }
  }
  print("full cells", tally, refused);
  EXPECT_GE(tally.answered, 170u); // two cycles of which the log has one and a half are told apart by nothing
  EXPECT_LE(tally.rms(), 2.0);
  EXPECT_LE(tally.rms_drift(), 2.0);
  EXPECT_GE(tally.share(tally.inside), 0.90);
  EXPECT_LE(tally.share(tally.inside), 0.98);
  EXPECT_GE(tally.share(tally.inside_drift), 0.90);
  EXPECT_LE(tally.share(tally.inside_drift), 0.98);
  EXPECT_EQ(tally.far, 0u);
}

/// The pressure of a simulated full cell, as the simulator gives it, and its slope.
class Simulated {
public:
  Simulated() {
    const Study study =
        parse_study(R"(extends = "full-25.5-fixed.toml"
name = "two clocks"
temperature = "40 degC"
test = [
  "Hold at 25 MPa for 2 h at 40 degC",
  "Set stack pressure to 5 MPa",
  "Rest for 1 h",
  "Repeat 3 times: Charge at 0.25 mA/cm2 until 4.3 V; Discharge at 0.25 mA/cm2 until 2.5 V",
  "Rest for 1 h",
]
[output]
interval = "20 s"
)",
                    "clocks.toml", std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
    const Record record = simulate(study);
    course = course_of(record, col::test_time);
    const auto t = record.real(col::test_time), p = record.real(col::stack_pressure);
    for (std::size_t i = 0; i < t.size(); ++i)
      if (time_.empty() || t[i] > time_.back()) {
        time_.push_back(t[i]);
        pressure_.push_back(p[i]);
      }
  }
  double operator()(double t) const {
    if (t <= time_.front()) return pressure_.front();
    if (t >= time_.back()) return pressure_.back();
    const auto k = static_cast<std::size_t>(std::upper_bound(time_.begin(), time_.end(), t) - time_.begin());
    return pressure_[k - 1] +
           (t - time_[k - 1]) / (time_[k] - time_[k - 1]) * (pressure_[k] - pressure_[k - 1]);
  }
  double charge(double t) const {
    const auto after = std::upper_bound(course.time.begin(), course.time.end(), t) - course.time.begin();
    const auto k = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(after, 1, static_cast<std::ptrdiff_t>(course.time.size()) - 1));
    const double share =
        std::clamp((t - course.time[k - 1]) / (course.time[k] - course.time[k - 1]), 0.0, 1.0);
    return course.charge[k - 1] + share * (course.charge[k] - course.charge[k - 1]);
  }
  double slope(double t) const { return ((*this)(t + 10.0) - (*this)(t - 10.0)) / 20.0; }
  double end() const { return time_.back(); }

  Course course;

private:
  std::vector<double> time_, pressure_;
};

double rms_in_strokes(double squares, std::size_t n) { return std::sqrt(squares / static_cast<double>(n)); }

TEST(AlignTruth, TwoHundredLogsOfASimulatedFullCell) {
  const Simulated cell;
  Tally tally;
  const double stroke = cell.end() / 6.0; // about
  double squares = 0.0;
  std::map<std::string, int> refused;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomStream random(seed, "align simulated");
    const auto between = [&](double a, double b) { return a + (b - a) * random.uniform(); };
    Logger l;
    l.interval = between(10, 60);
    l.begin = between(7400, 10000); // after the hold
    l.end = cell.end() - between(0, 1800);
    l.offset = between(-7200, 7200);
    l.drift = 2e-4 * random.normal();
    l.noise = 1e6 * std::exp(between(std::log(0.005), std::log(0.08)));
    l.quantum = l.noise * between(0.3, 2.0);
    l.lost = between(0.0, 0.1);
    const double at = between(0.2, 0.8) * cell.end();
    if (random.uniform() < 0.5) l.gaps.emplace_back(at, at + between(0.0, 0.1) * cell.end());
    const Case c = record_log(
        l, [&](double t) { return cell(t); }, random);
    ++tally.asked;
    try {
      const Estimate e = estimate(c.log, cell.course, full_cell());
      std::vector<double> mean, slope, one, time;
      for (const double t : c.true_time) {
        mean.push_back(cell(t));
        slope.push_back(cell.slope(t));
        one.push_back(1.0);
        time.push_back(t);
      }
      const auto [low, high] = std::minmax_element(cell.course.charge.begin(), cell.course.charge.end());
      std::vector<std::vector<double>> columns =
          Hysteresis([&](double t) { return cell.charge(t); }, *low, *high, cell.end(), stroke, c).columns;
      columns.insert(columns.end(), {one, time});
      const Bound b = bound(c, l, mean, slope, columns, e.clock.pivot, 0.0, cell.end());
      const double truth = e.clock.pivot + l.offset + l.drift * (e.clock.pivot - (l.begin - l.offset));
      const double error = e.clock.to_data(e.clock.pivot) - truth;
      tally.add(e, b, error, e.clock.drift - l.drift);
      squares += error * error / (stroke * stroke);
    } catch (const Error& fault) {
      ++refused[fault.diagnostics().front().code];
    }
  }
  print("simulated full cell", tally, refused);
  fmt::print("  RMS error {:.2f} % of a stroke\n", 100.0 * rms_in_strokes(squares, tally.answered));
  // Laws that the estimator does not know stand between charge and pressure here.
  EXPECT_GE(tally.answered, 180u);
  EXPECT_LE(tally.rms(), 2.0);
  EXPECT_LE(tally.rms_drift(), 2.0);
  EXPECT_GE(tally.share(tally.inside), 0.90);
  EXPECT_LE(tally.share(tally.inside), 0.98);
  EXPECT_GE(tally.share(tally.inside_drift), 0.90);
  EXPECT_EQ(tally.far, 0u);
  EXPECT_LT(rms_in_strokes(squares, tally.answered), 0.01);
}

/// A symmetric cell under a load cell that sees noise, relaxation, a daily wave of temperature and steps of
/// its resolution.
TEST(AlignTruth, FiftySymmetricCellsWithoutSwingAreRefused) {
  std::map<std::string, int> refused;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    RandomStream random(seed, "align symmetric");
    Drawn d = draw(random);
    d.pressure.b = d.pressure.c = 0.0;
    const double wave = seed % 2 == 0 ? 0.0 : d.swing * 0.1 * random.uniform(),
                 phase = 86400.0 * random.uniform();
    const Case c = record_log(
        d.logger,
        [&](double t) { return d.pressure(d.cell, t) + wave * std::sin(2.0 * M_PI * (t + phase) / 86400.0); },
        random);
    for (const Configuration configuration :
         {Configuration::symmetric, Configuration::full, Configuration::unknown}) {
      Question question;
      question.configuration = configuration;
      try {
        const Estimate e = estimate(c.log, d.cell.course, question);
        ADD_FAILURE() << "seed " << seed << " as " << label(configuration) << ": offset " << e.clock.offset
                      << " +- " << e.offset_sigma << ", evidence " << e.evidence;
      } catch (const Error& fault) {
        ++refused[fault.diagnostics().front().code];
      }
    }
  }
  for (const auto& [code, n] : refused)
    fmt::print("no swing, 50 cells asked as symmetric, full, unknown: refused {}: {}\n", code, n);
}

TEST(AlignTruth, CyclesThatRepeatAreRefusedWithTheAlternatives) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomStream random(seed, "align periodic");
    Schedule s;
    s.rest = 0.0;
    s.fade = 0.0;
    s.cycles = 12;
    s.capacity = 4.0;
    s.current = 4.0 / 3600.0;
    const Cell cell = make_cell(s, 30);
    const double period = 2.0 * (3600.0 + 300.0);
    Pressure pressure;
    pressure.b = 2.5e5;
    Logger l;
    l.begin = period * (1.0 + random.uniform());
    l.end = l.begin + 8.0 * period;
    l.noise = 1e4;
    l.offset = 100.0 * random.normal();
    const Case c = record_log(
        l, [&](double t) { return pressure(cell, t); }, random);
    try {
      estimate(c.log, cell.course, full_cell());
      ADD_FAILURE() << "seed " << seed << " was answered";
    } catch (const Error& fault) {
      EXPECT_EQ(fault.diagnostics().front().code, "D423") << fault.what();
    }
    // With what the user knows, one is left.
    Question question = full_cell();
    question.around = 0.0;
    question.within = 1800.0;
    const Estimate e = estimate(c.log, cell.course, question);
    EXPECT_NEAR(e.clock.to_data(e.clock.pivot) - e.clock.pivot, l.offset, 5.0 * e.offset_sigma);
    EXPECT_LT(e.offset_sigma, 30.0);
  }
}

TEST(AlignTruth, AClockThatWasSetIsRefused) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RandomStream random(seed, "align set");
    const Cell cell = make_cell({}, 30);
    Pressure pressure;
    pressure.b = 2.5e5;
    Logger l;
    l.begin = -1000;
    l.end = cell.corner.back() + 1000;
    l.noise = 1e4;
    Case c = record_log(
        l, [&](double t) { return pressure(cell, t); }, random);
    for (std::size_t i = c.log.time.size() / 2; i < c.log.time.size(); ++i)
      c.log.time[i] += 600.0; // ten minutes put forward
    Question question = full_cell();
    question.around = 0.0;
    question.within = 1800.0;
    try {
      const Estimate e = estimate(c.log, cell.course, question);
      ADD_FAILURE() << "seed " << seed << " was answered: drift " << e.clock.drift;
    } catch (const Error& fault) {
      EXPECT_EQ(fault.diagnostics().front().code, "D425") << fault.what();
    }
  }
}

/// Where the pressure does not follow the charge it may still move when the current is switched.
TEST(AlignTruth, StepEdgesOfSymmetricCells) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    RandomStream random(seed, "align edges");
    Schedule s;
    s.rest = 1800;
    s.pause = 600;
    s.cycles = 5;
    s.capacity = 3.6;
    s.current = 1e-3;
    const Cell cell = make_cell(s, 20);
    const auto flows = [&](double t) { return std::abs(cell.rate(t)) > 1e-6 ? 1.0 : 0.0; };
    Logger l;
    l.begin = -600;
    l.end = cell.corner.back() + 600;
    l.interval = 5.0 + 15.0 * random.uniform();
    l.noise = 5e3;
    l.quantum = 5e3;
    l.lost = 0.03;
    l.offset = 3600.0 * (random.uniform() - 0.5);
    l.drift = 1e-4 * (random.uniform() - 0.5);
    const Case c = record_log(
        l, [&](double t) { return 5e6 + 4e4 * flows(t); }, random);
    Question question;
    question.configuration = Configuration::symmetric;
    const Estimate e = estimate(c.log, cell.course, question);
    EXPECT_EQ(e.follows, Follows::edges);
    const double truth = e.clock.pivot + l.offset + l.drift * (e.clock.pivot - (l.begin - l.offset));
    const double error = e.clock.to_data(e.clock.pivot) - truth;
    ++tally.answered;
    tally.inside += std::abs(error) <= 1.959964 * e.offset_sigma ? 1 : 0;
    tally.far += std::abs(error) > 5.0 * e.offset_sigma ? 1 : 0;
    EXPECT_LT(e.offset_sigma, l.interval);
  }
  fmt::print("step edges: {} answered, 95 % intervals cover {:.0f} %, beyond 5 sigma {}\n", tally.answered,
             100 * tally.share(tally.inside), tally.far);
  EXPECT_GE(tally.share(tally.inside), 0.90);
  EXPECT_EQ(tally.far, 0u);
}

} // namespace
} // namespace platen::align::test
