// The solver against problems whose solutions are known: orders, roots, restarts, failures.

#include "solver/solver.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace platen::solver {
namespace {

using State = std::vector<double>;

/// A system written as lambdas.
struct Problem final : System {
  using Rate = std::function<void(double, std::span<const double>, std::span<double>)>;
  Problem(std::vector<std::string> state_names, Rate r, double tolerance = 1e-12)
      : names(std::move(state_names)), rate(std::move(r)), absolute(tolerance) {}

  std::size_t size() const override { return names.size(); }
  void derivative(double t, std::span<const double> y, std::span<double> dydt) override { rate(t, y, dydt); }
  std::size_t roots() const override { return root_functions.size(); }
  void root(double t, std::span<const double> y, std::span<double> out) override {
    for (std::size_t k = 0; k < root_functions.size(); ++k) out[k] = root_functions[k](t, y);
  }
  std::string state_name(std::size_t index) const override { return names[index]; }
  double absolute_tolerance(std::size_t) const override { return absolute; }
  std::span<const Relaxing> relaxing() const override { return decays; }

  std::vector<Relaxing> decays;
  std::vector<std::string> names;
  Rate rate;
  double absolute;
  std::vector<std::function<double(double, std::span<const double>)>> root_functions;
};

Problem logistic() {
  return {{"share"}, [](double, std::span<const double> y, std::span<double> f) { f[0] = y[0] * (1.0 - y[0]); }};
}
State logistic_solution(double t) { return {1.0 / (1.0 + 9.0 * std::exp(-t))}; }

Problem oscillator() {
  return {{"position", "speed"}, [](double, std::span<const double> y, std::span<double> f) {
            f[0] = y[1];
            f[1] = -y[0];
          }};
}
State oscillator_solution(double t) { return {std::cos(t), -std::sin(t)}; }

double distance(std::span<const double> y, const State& exact) {
  double out = 0.0;
  for (std::size_t k = 0; k < exact.size(); ++k) out = std::max(out, std::abs(y[k] - exact[k]));
  return out;
}

struct Errors {
  double at_end = 0.0, inside = 0.0; ///< largest error at the end and at four points inside every step
};

template <class Exact> Errors run(Problem problem, const Options& options, double t_end, Exact exact) {
  Integrator integrator(problem, options);
  integrator.restart(0.0, exact(0.0));
  Errors out;
  State inside(problem.size());
  while (integrator.time() < t_end) {
    const double from = integrator.time();
    integrator.step(t_end);
    for (double share : {0.2, 0.4, 0.6, 0.8}) {
      const double t = from + share * (integrator.time() - from);
      integrator.interpolate(t, inside);
      out.inside = std::max(out.inside, distance(inside, exact(t)));
    }
  }
  out.at_end = distance(integrator.state(), exact(t_end));
  return out;
}

/// With a tolerance that never objects every step is `h` long: what is left is the order of the method.
Options fixed_step(double h) { return {Method::explicit_runge_kutta, 1e3, h, 200000}; }

template <class Exact> void expect_order_five(Problem (*problem)(), double t_end, double longest, Exact exact) {
  Errors coarse = run(problem(), fixed_step(longest), t_end, exact);
  for (double h : {longest / 2, longest / 4, longest / 8}) {
    const Errors fine = run(problem(), fixed_step(h), t_end, exact);
    const double end = std::log2(coarse.at_end / fine.at_end), inside = std::log2(coarse.inside / fine.inside);
    std::printf("h = %.4f  error %.3e  order %.3f   between steps %.3e  order %.3f\n", h, fine.at_end, end, fine.inside, inside);
    EXPECT_NEAR(end, 5.0, 0.2);
    // The interpolant is one order below the method: its error per step is that of order 4 globally, h^5.
    EXPECT_NEAR(inside, 5.0, 0.2);
    coarse = fine;
  }
}

TEST(ExplicitOrder, IsFiveOnANonlinearEquation) { expect_order_five(&logistic, 2.0, 0.1, logistic_solution); }
TEST(ExplicitOrder, IsFiveOnAnOscillator) { expect_order_five(&oscillator, 10.0, 0.1, oscillator_solution); }

class BothEngines : public ::testing::TestWithParam<Method> {};
INSTANTIATE_TEST_SUITE_P(Solver, BothEngines, ::testing::Values(Method::explicit_runge_kutta, Method::implicit_bdf),
                         [](const auto& i) { return i.param == Method::implicit_bdf ? "bdf" : "explicit_rk"; });

TEST_P(BothEngines, ErrorsFallWithTheTolerance) {
  // Error per step is held to the tolerance, so the error at the end is proportional to it up to a slowly varying factor
  // (the number of steps); a hundredfold tighter tolerance must gain at least a factor of ten.
  for (const auto& [problem, exact] : {std::pair{&logistic, &logistic_solution}, std::pair{&oscillator, &oscillator_solution}}) {
    double before = std::numeric_limits<double>::infinity();
    for (double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
      const double error = run(problem(), {GetParam(), tolerance, 0.0, 200000}, 10.0, *exact).at_end;
      std::printf("tolerance %.0e  error %.2e\n", tolerance, error);
      EXPECT_LT(error, before / 10.0);
      before = error;
    }
    EXPECT_LT(before, 1e-7);
  }
}

/// y' = cos(t) - rate y from y = 1, and its solution.
Problem driven(double rate) {
  return {{"driven", "passed"}, [rate](double t, std::span<const double> y, std::span<double> f) {
            f[0] = std::cos(t) - rate * y[0];
            f[1] = std::cos(t);
          }};
}
State driven_solution(double rate, double t) {
  const double scale = 1.0 / (1.0 + rate * rate), start = 1.0 - rate * scale;
  return {scale * (rate * std::cos(t) + std::sin(t)) + start * std::exp(-rate * t), std::sin(t)};
}

TEST(ExplicitRelaxing, AQuickDecayIsExactAndDoesNotHoldTheStep) {
  for (const double rate : {1e-3, 0.3, 3.0, 100.0, 1e4, 1e6}) {
    Problem problem = driven(rate);
    problem.decays = {{0, rate}};
    const Errors errors = run(problem, {.relative_tolerance = 1e-8}, 10.0, [&](double t) { return driven_solution(rate, t); });
    std::printf("decay %g /s: error %.1e at the end, %.1e inside the steps\n", rate, errors.at_end, errors.inside);
    EXPECT_LT(errors.at_end, 1e-7);
    EXPECT_LT(errors.inside, 1e-6);

    Integrator integrator(problem, {.relative_tolerance = 1e-8});
    integrator.restart(0.0, driven_solution(rate, 0.0));
    while (integrator.time() < 10.0) integrator.step(10.0);
    EXPECT_LT(integrator.statistics().steps, 150) << "3 over the rate is where an explicit step becomes unstable";
  }
}

TEST(ExplicitRelaxing, TheOrderIsFive) {
  const auto error = [](double step) {
    Problem problem = driven(2.0);
    problem.decays = {{0, 2.0}};
    return run(problem, {.relative_tolerance = 1e3, .maximum_step = step}, 4.0, [](double t) { return driven_solution(2.0, t); }).at_end;
  };
  double last = error(0.5);
  for (const double step : {0.25, 0.125}) {
    const double now = error(step);
    std::printf("step %g: error %.2e, order %.2f\n", step, now, std::log2(last / now));
    EXPECT_GT(std::log2(last / now), 4.8);
    last = now;
  }
}

TEST(Bdf, FollowsASlowSolutionOfAStiffEquationInFewSteps) {
  // y' = -1e6 (y - cos t) - sin t, y = cos t: an explicit method would need 1e6 t/3 steps.
  const auto stiff = [] {
    return Problem({"stiff"}, [](double t, std::span<const double> y, std::span<double> f) {
      f[0] = -1e6 * (y[0] - std::cos(t)) - std::sin(t);
    });
  };
  Problem problem = stiff();
  Integrator integrator(problem, {Method::implicit_bdf, 1e-8, 0.0, 200000});
  integrator.restart(0.0, State{1.0});
  while (integrator.time() < 10.0) integrator.step(10.0);
  EXPECT_NEAR(integrator.state()[0], std::cos(10.0), 1e-7);
  EXPECT_LT(integrator.statistics().steps, 5000);
}

TEST_P(BothEngines, RootsAreFoundWhereTheSolutionCrosses) {
  // y = t is exact in both methods: what is left is the root finder.
  Problem clock({"clock"}, [](double, std::span<const double>, std::span<double> f) { f[0] = 1.0; });
  clock.root_functions = {[](double, std::span<const double> y) { return y[0] - std::numbers::pi; },
                          [](double, std::span<const double> y) { return std::numbers::e - y[0]; }};
  Integrator integrator(clock, {GetParam(), 1e-6, 0.0, 200000});
  integrator.restart(0.0, State{0.0});
  std::vector<Outcome> found;
  while (integrator.time() < 5.0) {
    Outcome outcome = integrator.step(5.0);
    if (outcome.stop == Stop::root) found.push_back(outcome);
  }
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].t, std::numbers::e, 1e-12);
  EXPECT_EQ(found[0].roots, (std::vector<int>{0, -1}));
  EXPECT_NEAR(found[1].t, std::numbers::pi, 1e-12);
  EXPECT_EQ(found[1].roots, (std::vector<int>{1, 0}));
  EXPECT_EQ(integrator.time(), 5.0);
}

TEST_P(BothEngines, RootsOfACurvedSolutionAreAsGoodAsTheSolution) {
  for (double tolerance : {1e-6, 1e-9}) {
    Problem problem = oscillator();
    problem.root_functions = {[](double, std::span<const double> y) { return y[0]; }};
    Integrator integrator(problem, {GetParam(), tolerance, 0.0, 200000});
    integrator.restart(0.0, State{1.0, 0.0});
    Outcome outcome;
    while (outcome.stop != Stop::root) outcome = integrator.step(10.0);
    EXPECT_EQ(outcome.roots, std::vector<int>{-1});
    // Speed 1 at the crossing: an error of the position is one of the time. Some tens of steps of one tolerance each.
    EXPECT_NEAR(outcome.t, std::numbers::pi / 2.0, 100.0 * tolerance);
    EXPECT_NEAR(integrator.state()[0], 0.0, 1e-12);
    EXPECT_EQ(integrator.time(), outcome.t);
  }
}

/// y' = source - 3 y, whose source is switched from outside.
struct Switched {
  double source = 1.0;
  Problem problem{{"level"}, [this](double, std::span<const double> y, std::span<double> f) { f[0] = source - 3.0 * y[0]; }};
};

double relaxed(double y0, double source, double t) { return source / 3.0 + (y0 - source / 3.0) * std::exp(-3.0 * t); }

TEST_P(BothEngines, ARestartIsExactAtASwitch) {
  Switched system;
  Integrator integrator(system.problem, {GetParam(), 1e-10, 0.0, 200000});
  integrator.restart(0.0, State{2.0});
  while (integrator.time() < 1.0) integrator.step(1.0);
  const double at_switch = relaxed(2.0, 1.0, 1.0);
  ASSERT_EQ(integrator.time(), 1.0);
  EXPECT_NEAR(integrator.state()[0], at_switch, 1e-8);
  system.source = -5.0;
  integrator.restart(1.0, State(integrator.state().begin(), integrator.state().end()));
  while (integrator.time() < 1.7) integrator.step(1.7);
  EXPECT_NEAR(integrator.state()[0], relaxed(at_switch, -5.0, 0.7), 1e-8);
}

TEST_P(BothEngines, NothingBeforeARestartInfluencesWhatFollows) {
  // Two integrators, one with a past and one without, must take the same steps to the last bit.
  Switched system;
  Integrator with_past(system.problem, {GetParam(), 1e-6, 0.0, 200000});
  with_past.restart(0.0, State{2.0});
  while (with_past.time() < 1.0) with_past.step(1.0);
  system.source = -5.0;
  with_past.restart(1.0, State{0.25});
  Integrator fresh(system.problem, {GetParam(), 1e-6, 0.0, 200000});
  fresh.restart(1.0, State{0.25});
  int steps = 0;
  while (fresh.time() < 4.0) {
    fresh.step(4.0);
    with_past.step(4.0);
    ++steps;
    ASSERT_EQ(with_past.time(), fresh.time()) << "step " << steps;
    ASSERT_EQ(with_past.state()[0], fresh.state()[0]) << "step " << steps;
  }
  EXPECT_EQ(fresh.statistics().steps, steps);
  EXPECT_GT(with_past.statistics().steps, steps) << "the counters run on across a restart";
  EXPECT_EQ(with_past.statistics().restarts, 2);
}

TEST_P(BothEngines, StepsEndAtTheStatedTime) {
  Problem problem = oscillator();
  Integrator integrator(problem, {GetParam(), 1e-6, 0.0, 200000});
  integrator.restart(0.0, State{1.0, 0.0});
  for (double end : {0.1, 0.1 + 1e-7, 3.0}) {
    while (integrator.time() < end) ASSERT_LE(integrator.step(end).t, end);
    EXPECT_EQ(integrator.time(), end);
  }
}

/// Falls at a constant speed to a floor, where it is held.
struct Falling final : System {
  std::size_t size() const override { return 1; }
  void derivative(double, std::span<const double>, std::span<double> dydt) override { dydt[0] = held ? 0.0 : -1.0; }
  bool settle(double, std::span<double> y) override {
    const bool changed = !held && y[0] <= 0.0;
    if (changed) {
      y[0] = 0.0;
      held = true;
    }
    return changed;
  }
  std::string state_name(std::size_t) const override { return "height"; }
  double absolute_tolerance(std::size_t) const override { return 1e-9; }
  bool held = false;
};

TEST_P(BothEngines, AStateIsSettledBeforeTheNextStep) {
  Falling system;
  Integrator integrator(system, {GetParam(), 1e-6, 0.3, 200000});
  integrator.restart(0.0, State{1.0});
  State inside(1);
  while (integrator.time() < 3.0) {
    const double from = integrator.time();
    integrator.step(3.0);
    // Within the step the unsettled solution is a straight line, and can be read as such.
    const double middle = 0.5 * (from + integrator.time());
    integrator.interpolate(middle, inside);
    EXPECT_NEAR(inside[0], system.held ? 0.0 : 1.0 - middle, 1e-6);
  }
  EXPECT_TRUE(system.held);
  EXPECT_EQ(integrator.state()[0], 0.0);
}

/// The message of the Error that `f` must throw.
std::string message_of(const std::function<void()>& f, std::string_view code) {
  try {
    f();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, code);
    return e.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST_P(BothEngines, ABlowUpNamesItsState) {
  // y' = y^2 from 1 is 1/(1 - t); its neighbour does nothing remarkable.
  Problem problem({"calm", "runaway"}, [](double, std::span<const double> y, std::span<double> f) {
    f[0] = -y[0];
    f[1] = y[1] * y[1];
  });
  Integrator integrator(problem, {GetParam(), 1e-6, 0.0, 200000});
  integrator.restart(0.0, State{1.0, 1.0});
  const std::string text = message_of([&] { while (integrator.time() < 2.0) integrator.step(2.0); }, "S001");
  EXPECT_NEAR(integrator.time(), 1.0, 1e-3); // the methods' own errors shift the pole
  EXPECT_THAT(text, ::testing::HasSubstr("worst states: runaway"));
}

TEST_P(BothEngines, ARateThatIsNoNumberNamesItsState) {
  Problem problem({"calm", "impossible", "busy"}, [](double t, std::span<const double> y, std::span<double> f) {
    f[0] = -y[0];
    f[1] = std::sqrt(1.0 - t);
    f[2] = 100.0 * std::cos(50.0 * t);
  });
  Integrator integrator(problem, {GetParam(), 1e-6, 0.0, 200000});
  integrator.restart(0.0, State{1.0, 0.0, 0.0});
  const std::string text = message_of([&] { while (integrator.time() < 2.0) integrator.step(2.0); }, "S001");
  EXPECT_THAT(text, ::testing::ContainsRegex("no finite rate"));
  EXPECT_THAT(text, ::testing::HasSubstr("worst states: impossible"));
  EXPECT_NEAR(integrator.time(), 1.0, 1e-6); // smaller steps were tried up to the edge
}

TEST_P(BothEngines, ASpanOfOneRoundingErrorIsNoFailure) {
  Problem problem = oscillator();
  Integrator integrator(problem, {GetParam(), 1e-6, 0.0, 200000});
  const double t = 12345.678, next = std::nextafter(t, 1e9);
  integrator.restart(t, State{1.0, 0.0});
  while (integrator.time() < next) integrator.step(next);
  EXPECT_EQ(integrator.time(), next);
  EXPECT_NEAR(integrator.state()[0], 1.0, 1e-9);
}

TEST_P(BothEngines, AnErrorOfTheSystemPassesThrough) {
  for (bool in_root : {false, true}) {
    const auto refuse = [](double t) {
      if (t > 0.5) throw Error("C090", "no further");
    };
    Problem problem({"x"}, [=](double t, std::span<const double>, std::span<double> f) {
      if (!in_root) refuse(t);
      f[0] = 1.0;
    });
    problem.root_functions = {[=](double t, std::span<const double>) {
      if (in_root) refuse(t);
      return 1.0;
    }};
    Integrator integrator(problem, {GetParam(), 1e-6, 0.01, 200000});
    integrator.restart(0.0, State{0.0});
    const std::string text = message_of([&] { while (integrator.time() < 1.0) integrator.step(1.0); }, "C090");
    EXPECT_THAT(text, ::testing::HasSubstr("no further"));
    // It can be used again afterwards.
    integrator.restart(0.0, State{0.0});
    while (integrator.time() < 0.25) integrator.step(0.25);
    EXPECT_NEAR(integrator.state()[0], 0.25, 1e-12);
  }
}

} // namespace
} // namespace platen::solver
