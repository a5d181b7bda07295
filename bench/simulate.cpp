// Speed of the simulator with its accuracy beside it:
//   build/bench/bench_simulate [PART OF A CASE'S NAME]
// Every case is run many times; the fastest run and the median are printed, for machines are seldom alone. Accuracy is the
// deviation from a run with 100 times tighter tolerances, over every row of the record, after a short too.

#include "assess/assessment.hpp"
#include "base/memory.hpp"
#include "numerics/statistics.hpp"
#include "simulate/runner.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace platen;

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

Study study_of(const std::string& text) { return parse_study(text, "bench", folder); }

struct Times {
  double fastest, median; ///< ms
};

template <class Work> Times milliseconds(int repeats, Work work) {
  std::vector<double> times;
  for (int k = 0; k < repeats; ++k) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return {*std::min_element(times.begin(), times.end()), numerics::median(times)};
}

struct Deviation {
  double voltage = 0.0, pressure = 0.0; ///< largest, over the largest magnitude of the reference
  double worst = 0.0; ///< s, where the voltage is furthest off
  std::size_t rows = 0, paired = 0;
};

/// A half cycle may end a little earlier in one run than in the other: rows are paired by step and time in it.
Deviation deviation(const Record& a, const Record& b) {
  const auto key = [](const Record& r, std::size_t k) {
    return std::pair{r.integer(col::step_count)[k], std::llround(r.real(col::step_time)[k] * 1e3)};
  };
  std::map<std::pair<std::int32_t, long long>, std::size_t> other;
  for (std::size_t k = 0; k < b.rows(); ++k) other.emplace(key(b, k), k);
  const auto Va = a.real(col::voltage), Vb = b.real(col::voltage), Pa = a.real(col::stack_pressure), Pb = b.real(col::stack_pressure);
  Deviation out;
  out.rows = a.rows();
  double V = 0.0, P = 0.0;
  for (std::size_t k = 0; k < a.rows(); ++k) {
    const auto found = other.find(key(a, k));
    if (found == other.end()) continue;
    ++out.paired;
    V = std::max(V, std::abs(Vb[found->second]));
    P = std::max(P, std::abs(Pb[found->second]));
    const double off = std::abs(Va[k] - Vb[found->second]);
    if (off > out.voltage) out.worst = a.real(col::test_time)[k];
    out.voltage = std::max(out.voltage, off);
    out.pressure = std::max(out.pressure, std::abs(Pa[k] - Pb[found->second]));
  }
  out.voltage /= V;
  out.pressure /= P;
  return out;
}

double failing_step(const Record& record) {
  const Assessment a = assess(record);
  return a.ccd && a.ccd->failing_step ? *a.ccd->failing_step / 10.0 : 0.0;
}

std::size_t half_cycles(const Record& record) {
  std::set<std::int32_t> steps;
  const auto current = record.real(col::current);
  for (std::size_t k = 0; k < record.rows(); ++k)
    if (current[k] != 0.0) steps.insert(record.integer(col::step_count)[k]);
  return steps.size();
}

/// ns of one right-hand side and of one evaluation of the root functions after it.
struct Costs {
  double rate, root;
};

Costs costs(const Study& study) {
  simulation::CellSystem system(study, {});
  std::vector<double> y = system.initial_state(), rate(y.size()), roots(system.roots());
  y[system.layout().pressure] = 5e6;
  system.control = {simulation::Control::Mode::current, 5.0};
  constexpr int calls = 100000;
  double sum = 0.0;
  const auto timed = [&](auto work) {
    return 1e6 / calls * milliseconds(5, [&] {
             for (int k = 0; k < calls; ++k) {
               y[system.layout().pressure] = 5e6 + k;
               system.derivative(0.0, y, rate);
               work();
               sum += rate[0];
             }
           }).fastest;
  };
  const double alone = timed([] {}), both = timed([&] { system.root(0.0, y, roots); });
  if (!std::isfinite(sum)) std::abort();
  return {alone, both - alone};
}

void report(const char* name, const Study& study, int repeats) {
  Study tight = study, without = study, split = study;
  split.output.parts = true;
  tight.output.relative_tolerance /= 100.0;
  without.output.events_only = true;
  const Record record = simulate(study), reference = simulate(tight);
  simulation::Runner runner(without, {});
  const Record bare_record = runner.run();
  const solver::Statistics s = runner.statistics();
  const Times bare = milliseconds(repeats, [&] { simulate(without); }), full = milliseconds(repeats, [&] { simulate(study); });
  const Times with_parts = milliseconds(repeats, [&] { simulate(split); });
  const Times solving = milliseconds(repeats, [&] { simulation::Runner(without, {}).run(); });
  const Deviation d = deviation(record, reference);
  const double cycles = static_cast<double>(half_cycles(bare_record));
  const Costs c = costs(study);
  const auto share = [&](double ns) { return 100.0 * ns * 1e-6 / full.fastest; };
  std::printf("%s\n", name);
  std::printf("  without grid %.2f ms (median %.2f), with the %g s record %.2f ms (median %.2f), with the report's parts too %.2f ms, %zu rows\n",
              bare.fastest, bare.median, study.output.interval, full.fastest, full.median, with_parts.fastest, record.rows());
  std::printf("  deviation over %zu of %zu rows: voltage %.1e (at %.0f s), pressure %.1e; failing step %.3f, at the tight tolerance %.3f mA/cm2\n",
              d.paired, d.rows, d.voltage, d.worst, d.pressure, failing_step(record), failing_step(reference));
  std::printf("  %.0f half cycles: %.1f steps each, %.1f right-hand sides, %.1f root functions, %.1f restarts, %ld steps refused in all\n",
              cycles, static_cast<double>(s.steps) / cycles, static_cast<double>(s.evaluations) / cycles,
              static_cast<double>(s.root_evaluations) / cycles, static_cast<double>(s.restarts) / cycles, s.error_failures);
  std::printf("  %.0f ns per right-hand side, %.0f ns per set of root functions after it\n", c.rate, c.root);
  std::printf("  of the run with rows: %.0f %% right-hand sides, %.0f %% root functions, %.0f %% (%.0f ns) per row, %.0f %% around the run\n\n",
              share(c.rate * static_cast<double>(s.evaluations)), share(c.root * static_cast<double>(s.root_evaluations)),
              share(1e6 * (full.fastest - bare.fastest)),
              1e6 * (full.fastest - bare.fastest) / static_cast<double>(record.rows() - bare_record.rows()),
              share(1e6 * (bare.fastest - solving.fastest)));
}

} // namespace

int main(int count, char** words) {
  keep_freed_memory(); // as the program does
  const std::string wanted = count > 1 ? words[1] : "";
  const auto maybe = [&](const std::string& name, const Study& study, int repeats) {
    if (name.find(wanted) != std::string::npos) report(name.c_str(), study, repeats);
  };
  const std::string hold = "\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to 5 MPa\", \"Heat to 40 degC in 1 h\", "
                           "\"Set stack pressure to 5 MPa\", ";
  maybe("symmetric, 80 half cycles, shorts off",
         study_of("extends = \"symmetric.toml\"\ntest = [" + hold +
                  "\"Ramp from 0.05 mA/cm2 to 2 mA/cm2 in steps of 0.05 mA/cm2, 15 min per half cycle\"]\n"
                  "[mechanisms]\nfilament = false\n"),
         51);
  maybe("symmetric, 30 min hold, until short", study_of("extends = \"hold-30min.toml\"\n"), 51);
  for (const char* study : {"full-25.5-fixed", "full-25.5-springs", "life-fixed"})
    maybe(study, study_of("extends = \"" + std::string(study) + ".toml\"\n"), 11);
}
