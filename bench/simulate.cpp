// Speed of the simulator with its accuracy beside it:
//   build/bench/bench_simulate
// Every case is run many times and the median is printed; accuracy is the deviation from a run with 100 times tighter
// tolerances, over the rows that both records share.

#include "assess/assessment.hpp"
#include "numerics/statistics.hpp"
#include "simulate/cell_system.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace platen;

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

Study study_of(const std::string& text) { return parse_study(text, "bench", folder); }

double milliseconds(const Study& study, int repeats) {
  std::vector<double> times;
  for (int k = 0; k < repeats; ++k) {
    const auto start = std::chrono::steady_clock::now();
    const Record record = simulate(study);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    if (record.rows() == 0) std::abort();
  }
  return numerics::median(times);
}

/// Largest deviation of a column over the largest magnitude of the reference.
double deviation(const Record& a, const Record& b, std::string_view column) {
  const auto x = a.real(column), y = b.real(column);
  double worst = 0.0, scale = 0.0;
  for (std::size_t k = 0; k < std::min(x.size(), y.size()); ++k) {
    worst = std::max(worst, std::abs(x[k] - y[k]));
    scale = std::max(scale, std::abs(y[k]));
  }
  return worst / scale;
}

double failing_step(const Record& record) {
  const Assessment a = assess(record);
  return a.ccd && a.ccd->failing_step ? *a.ccd->failing_step / 10.0 : 0.0;
}

void report(const char* name, Study study, int repeats) {
  Study tight = study;
  tight.output.relative_tolerance /= 100.0;
  const Record record = simulate(study), reference = simulate(tight);
  Study without = study;
  without.output.events_only = true;
  const double bare = milliseconds(without, repeats), full = milliseconds(study, repeats);
  std::printf("%-44s %8.2f ms %8.2f ms %8zu  %9.1e %9.1e  %.3f / %.3f\n", name, bare, full, record.rows(),
              deviation(record, reference, col::voltage), deviation(record, reference, col::stack_pressure), failing_step(record),
              failing_step(reference));
}

void time_right_hand_side(const char* name, const Study& study) {
  simulation::CellSystem system(study, {});
  std::vector<double> y = system.initial_state(), rate(y.size());
  y[simulation::state::pressure] = 5e6;
  system.control = {simulation::Control::Mode::current, 5.0};
  constexpr int calls = 200000;
  const auto start = std::chrono::steady_clock::now();
  double sum = 0.0;
  for (int k = 0; k < calls; ++k) {
    y[simulation::state::pressure] = 5e6 + k;
    system.derivative(0.0, y, rate);
    sum += rate[simulation::state::pressure];
  }
  const double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / calls;
  std::printf("%-44s %8.0f ns per right-hand side of %zu states (%s)\n", name, ns, y.size(), std::isfinite(sum) ? "finite" : "not finite");
}

} // namespace

int main() {
  const std::string hold = "\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to 5 MPa\", \"Heat to 40 degC in 1 h\", "
                           "\"Set stack pressure to 5 MPa\", ";
  const Study symmetric = study_of("extends = \"symmetric.toml\"\ntest = [" + hold +
                                   "\"Ramp from 0.05 mA/cm2 to 2 mA/cm2 in steps of 0.05 mA/cm2, 15 min per half cycle\"]\n"
                                   "[mechanisms]\nfilament = false\n");
  const Study shorted = study_of("extends = \"hold-30min.toml\"\n");
  const Study full = study_of("extends = \"full-25.5-fixed.toml\"\n");
  std::printf("%-44s %11s %11s %8s  %9s %9s  %s\n", "", "no grid", "10 s grid", "rows", "voltage", "pressure",
              "failing step, and at tight tolerance");
  report("symmetric, 80 half cycles, shorts off", symmetric, 21);
  report("symmetric, 30 min hold, until short", shorted, 21);
  report("full cell, 25.5 mg/cm2, until short", full, 7);
  time_right_hand_side("symmetric", symmetric);
  time_right_hand_side("full cell", full);
}
