// CVODE of SUNDIALS: backward differentiation formulas of orders 1 to 5 with a dense Newton matrix.

#include "solver/engine.hpp"

#include <algorithm>
#include <cvode/cvode.h>
#include <exception>
#include <fmt/format.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

namespace platen::solver {
namespace {

struct FreeContext {
  void operator()(SUNContext c) const { SUNContext_Free(&c); }
};
using Context = std::unique_ptr<std::remove_pointer_t<SUNContext>, FreeContext>;
struct FreeVector {
  void operator()(N_Vector v) const { N_VDestroy(v); }
};
using Vector = std::unique_ptr<std::remove_pointer_t<N_Vector>, FreeVector>;
struct FreeMatrix {
  void operator()(SUNMatrix m) const { SUNMatDestroy(m); }
};
using Matrix = std::unique_ptr<std::remove_pointer_t<SUNMatrix>, FreeMatrix>;
struct FreeLinear {
  void operator()(SUNLinearSolver s) const { SUNLinSolFree(s); }
};
using Linear = std::unique_ptr<std::remove_pointer_t<SUNLinearSolver>, FreeLinear>;

Context make_context() {
  SUNContext raw = nullptr;
  if (SUNContext_Create(nullptr, &raw) != 0) throw Error("B010", "SUNDIALS could not be started");
  return Context(raw);
}

void require(int flag, const char* call) {
  if (flag < 0) throw Error("B011", fmt::format("SUNDIALS refused {} (flag {})", call, flag));
}

std::span<double> values(N_Vector v) {
  return {N_VGetArrayPointer(v), static_cast<std::size_t>(N_VGetLength(v))};
}

/// In a row, before the solver gives up: steps below the rounding of the time go on for ever.
constexpr int most_standing_steps = 100;

/// SUNDIALS prints its messages unless given a handler; ours come from the flags.
void be_silent(int, const char*, const char*, char*, void*) {}

std::string explain(int flag) {
  switch (flag) {
  case CV_TOO_MUCH_WORK: return "too many steps were needed";
  case CV_ERR_FAILURE: return "the error test failed again and again";
  case CV_CONV_FAILURE: return "Newton's method did not converge";
  case CV_RHSFUNC_FAIL:
  case CV_FIRST_RHSFUNC_ERR:
  case CV_UNREC_RHSFUNC_ERR:
  case CV_REPTD_RHSFUNC_ERR: return "the laws gave no finite rate";
  default: return fmt::format("flag {} of CVODE", flag);
  }
}

struct BdfEngine final : Engine {
  BdfEngine(System& s, const Options& o)
      : Engine(s, o), context(make_context()), y(new_vector()), work(new_vector()), work2(new_vector()), tolerance(new_vector()),
        found(s.roots(), 0), matrix(SUNDenseMatrix(length(), length(), context.get())),
        linear(SUNLinSol_Dense(y.get(), matrix.get(), context.get())), memory(CVodeCreate(CV_BDF, context.get())) {
    if (memory == nullptr) throw Error("B010", "CVodeCreate failed");
    N_VConst(0.0, y.get());
    std::copy(absolute.begin(), absolute.end(), values(tolerance.get()).begin());
    require(CVodeInit(memory, &derivative, 0.0, y.get()), "CVodeInit");
    require(CVodeSetUserData(memory, this), "CVodeSetUserData");
    require(CVodeSetErrHandlerFn(memory, &be_silent, nullptr), "CVodeSetErrHandlerFn");
    require(CVodeSVtolerances(memory, o.relative_tolerance, tolerance.get()), "CVodeSVtolerances");
    require(CVodeSetMaxNumSteps(memory, o.maximum_steps), "CVodeSetMaxNumSteps");
    if (o.maximum_step > 0) require(CVodeSetMaxStep(memory, o.maximum_step), "CVodeSetMaxStep");
    require(CVodeSetLinearSolver(memory, linear.get(), matrix.get()), "CVodeSetLinearSolver");
    if (s.roots() > 0) require(CVodeRootInit(memory, static_cast<int>(s.roots()), &roots), "CVodeRootInit");
  }
  ~BdfEngine() override { CVodeFree(&memory); }
  BdfEngine(const BdfEngine&) = delete;
  BdfEngine& operator=(const BdfEngine&) = delete;

  void restart(double when, std::span<const double> from) override {
    t = when;
    standing = 0;
    undefined.reset();
    std::copy(from.begin(), from.end(), values(y.get()).begin());
    start_anew();
    ++before.restarts;
  }

  Outcome step(double t_end) override {
    thrown = nullptr;
    if (system.settle(t, values(y.get()))) start_anew();
    const double from = t;
    series_known = false;
    CVodeSetStopTime(memory, t_end);
    int flag = CVode(memory, t_end, y.get(), &t, CV_ONE_STEP);
    if (flag == CV_TOO_CLOSE) { // a span no longer than the rounding of the time: nothing can change in it
      t = t_end;
      flag = CV_TSTOP_RETURN;
    }
    if (thrown) std::rethrow_exception(thrown);
    if (flag < 0) give_up_now(explain(flag), flag == CV_ERR_FAILURE);
    Outcome outcome{Stop::time, t, {}};
    if (flag == CV_ROOT_RETURN) {
      CVodeGetRootInfo(memory, found.data());
      outcome.stop = Stop::root;
      outcome.roots = found;
    }
    if (t > from || outcome.stop == Stop::root) {
      standing = 0;
      undefined.reset();
    } else if (++standing > most_standing_steps) {
      give_up_now(undefined ? "the laws give no finite rate beyond it" : "the steps became too short to advance the time", false);
    }
    return outcome;
  }

  void interpolate(double when, std::span<double> out) override {
    if (!series_known) build_series();
    const double since = when - series_at;
    const std::size_t n = out.size();
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0.0;
      for (std::size_t k = series.size() / n; k-- > 0;) sum = sum * since + series[k * n + i];
      out[i] = sum;
    }
  }
  std::span<const double> state() const override { return values(y.get()); }

  Statistics count() const override {
    Statistics s = before;
    long steps = 0, evaluations = 0, jacobian = 0, fails = 0, root_evaluations = 0;
    CVodeGetNumSteps(memory, &steps);
    CVodeGetNumRhsEvals(memory, &evaluations);
    CVodeGetNumLinRhsEvals(memory, &jacobian);
    CVodeGetNumErrTestFails(memory, &fails);
    CVodeGetNumGEvals(memory, &root_evaluations);
    s.steps += steps;
    s.evaluations += evaluations + jacobian;
    s.error_failures += fails;
    s.root_evaluations += root_evaluations;
    return s;
  }

private:
  sunindextype length() const { return static_cast<sunindextype>(system.size()); }
  Vector new_vector() const { return Vector(N_VNew_Serial(length(), context.get())); }

  /// The method's polynomial about the end of the last step: one reading of it serves every row inside the step.
  void build_series() {
    int order = 0;
    require(CVodeGetLastOrder(memory, &order), "CVodeGetLastOrder");
    require(CVodeGetCurrentTime(memory, &series_at), "CVodeGetCurrentTime");
    const std::size_t n = system.size();
    series.resize(n * static_cast<std::size_t>(order + 1));
    double factorial = 1.0;
    for (int k = 0; k <= order; factorial *= ++k) {
      require(CVodeGetDky(memory, series_at, k, work.get()), "CVodeGetDky");
      for (std::size_t i = 0; i < n; ++i) series[static_cast<std::size_t>(k) * n + i] = values(work.get())[i] / factorial;
    }
    series_known = true;
  }

  void start_anew() {
    before = count();
    require(CVodeReInit(memory, t, y.get()), "CVodeReInit");
  }

  [[noreturn]] void give_up_now(const std::string& why, bool has_errors) {
    if (!has_errors) give_up(why, {});
    CVodeGetEstLocalErrors(memory, work.get());
    CVodeGetErrWeights(memory, work2.get());
    N_VProd(work.get(), work2.get(), work.get());
    give_up(why, values(work.get()));
  }

  static int derivative(realtype when, N_Vector state, N_Vector rate, void* self) {
    auto& engine = *static_cast<BdfEngine*>(self);
    try {
      engine.system.derivative(when, values(state), values(rate));
    } catch (...) { // must not cross the C library
      engine.thrown = std::current_exception();
      return -1;
    }
    const auto bad = not_finite(values(rate));
    if (!bad) return 0;
    // A trial step may leave the laws' range; a positive flag asks for a smaller one.
    engine.undefined = bad;
    return 1;
  }
  static int roots(realtype when, N_Vector state, realtype* out, void* self) {
    auto& engine = *static_cast<BdfEngine*>(self);
    try {
      engine.system.root(when, values(state), {out, engine.system.roots()});
    } catch (...) {
      engine.thrown = std::current_exception();
      return -1;
    }
    return 0;
  }

  Context context;
  Vector y, work, work2, tolerance;
  std::vector<int> found;
  std::exception_ptr thrown;
  std::vector<double> series; ///< coefficients, one vector per power of the time since series_at
  double series_at = 0.0;
  bool series_known = false;
  int standing = 0;  ///< steps in a row after which the time was the same
  Statistics before; ///< of runs before the last restart
  Matrix matrix;
  Linear linear;
  void* memory = nullptr;
};

} // namespace

std::unique_ptr<Engine> make_bdf_engine(System& system, const Options& options) {
  return std::make_unique<BdfEngine>(system, options);
}

} // namespace platen::solver
