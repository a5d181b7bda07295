#include "solver/solver.hpp"

#include <algorithm>
#include <arkode/arkode_erkstep.h>
#include <cmath>
#include <cvode/cvode.h>
#include <fmt/format.h>
#include <nvector/nvector_serial.h>
#include <optional>
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

} // namespace

/// What both engines share: vectors, the system, an exception that must not cross the C library.
struct Integrator::Engine {
  Engine(System& s, const Options& o)
      : system(s), options(o), context(make_context()), y(N_VNew_Serial(static_cast<sunindextype>(s.size()), context.get())),
        tolerance(N_VNew_Serial(static_cast<sunindextype>(s.size()), context.get())),
        work(N_VNew_Serial(static_cast<sunindextype>(s.size()), context.get())),
        work2(N_VNew_Serial(static_cast<sunindextype>(s.size()), context.get())), found(s.roots(), 0) {
    for (std::size_t i = 0; i < s.size(); ++i) values(tolerance.get())[i] = s.absolute_tolerance(i);
    N_VConst(0.0, y.get());
  }
  virtual ~Engine() = default;
  virtual void restart() = 0;
  virtual int evolve(double t_end) = 0; ///< flag of the library; `t` and `y` are updated, to the last good step if it fails
  virtual int root_return() const = 0;
  virtual void root_info() = 0;
  virtual void interpolate(double when, N_Vector out) = 0;
  virtual std::string explain(int flag) = 0;
  virtual bool is_error_test(int flag) const = 0; ///< the flag says that the error test failed
  virtual void errors(N_Vector local_errors, N_Vector weights) = 0;
  virtual Statistics count() const = 0;

  /// A span no longer than the rounding of the time, which the library refuses to start: nothing can change in it.
  int arrive(double t_end, int flag) {
    t = t_end;
    return flag;
  }

  static int derivative(realtype when, N_Vector state, N_Vector rate, void* self) {
    auto& engine = *static_cast<Engine*>(self);
    try {
      engine.system.derivative(when, values(state), values(rate));
    } catch (...) {
      engine.thrown = std::current_exception();
      return -1;
    }
    const auto rates = values(rate);
    const auto bad = std::find_if(rates.begin(), rates.end(), [](double v) { return !std::isfinite(v); });
    if (bad == rates.end()) return 0;
    // A trial step may leave the laws' range; a positive flag asks for a smaller one.
    engine.undefined = static_cast<std::size_t>(bad - rates.begin());
    return 1;
  }
  static int roots(realtype when, N_Vector state, realtype* out, void* self) {
    auto& engine = *static_cast<Engine*>(self);
    try {
      engine.system.root(when, values(state), {out, engine.system.roots()});
    } catch (...) {
      engine.thrown = std::current_exception();
      return -1;
    }
    return 0;
  }

  System& system;
  Options options;
  Context context;
  Vector y, tolerance, work, work2;
  double t = 0.0;
  std::vector<int> found;
  std::exception_ptr thrown;
  std::optional<std::size_t> undefined; ///< state whose rate was last seen not to be finite, in the present step
  int standing = 0;                     ///< steps in a row after which the time was the same
  Statistics before;                    ///< of runs before the last restart
};

struct Integrator::ExplicitEngine final : Engine {
  ExplicitEngine(System& s, const Options& o) : Engine(s, o) {
    memory = ERKStepCreate(&Engine::derivative, 0.0, y.get(), context.get());
    if (memory == nullptr) throw Error("B010", "ERKStepCreate failed");
    Engine* self = this;
    require(ERKStepSetUserData(memory, self), "ERKStepSetUserData");
    require(ERKStepSetErrHandlerFn(memory, &be_silent, nullptr), "ERKStepSetErrHandlerFn");
    require(ERKStepSVtolerances(memory, o.relative_tolerance, tolerance.get()), "ERKStepSVtolerances");
    require(ERKStepSetMaxNumSteps(memory, o.maximum_steps), "ERKStepSetMaxNumSteps");
    require(ERKStepSetOrder(memory, 4), "ERKStepSetOrder");
    if (o.maximum_step > 0) require(ERKStepSetMaxStep(memory, o.maximum_step), "ERKStepSetMaxStep");
    if (s.roots() > 0) require(ERKStepRootInit(memory, static_cast<int>(s.roots()), &Engine::roots), "ERKStepRootInit");
  }
  ~ExplicitEngine() override { ERKStepFree(&memory); }
  void restart() override {
    before = count();
    ++before.restarts;
    require(ERKStepReInit(memory, &Engine::derivative, t, y.get()), "ERKStepReInit");
  }
  int evolve(double t_end) override {
    const double from = t;
    N_VScale(1.0, y.get(), work.get());
    ERKStepSetStopTime(memory, t_end);
    int flag = ERKStepEvolve(memory, t_end, y.get(), &t, ARK_ONE_STEP);
    // ERKStep gives up where a stage has no finite rate, CVODE tries a smaller step. A one-step method loses nothing by
    // starting anew from the last good state; a failed call leaves the time of the failed stage in `t`.
    for (int tries = 0; flag == ARK_UNREC_RHSFUNC_ERR && t > from && tries < 10; ++tries) {
      const double smaller = 0.25 * (t - from);
      go_back(from);
      restart();
      --before.restarts; // not one that was asked for
      require(ERKStepSetInitStep(memory, smaller), "ERKStepSetInitStep");
      ERKStepSetStopTime(memory, t_end);
      flag = ERKStepEvolve(memory, t_end, y.get(), &t, ARK_ONE_STEP);
      require(ERKStepSetInitStep(memory, 0.0), "ERKStepSetInitStep");
    }
    if (flag == ARK_TOO_CLOSE) return arrive(t_end, ARK_TSTOP_RETURN);
    if (flag < 0) go_back(from);
    return flag;
  }
  void go_back(double from) {
    t = from;
    N_VScale(1.0, work.get(), y.get());
  }
  int root_return() const override { return ARK_ROOT_RETURN; }
  void root_info() override { ERKStepGetRootInfo(memory, found.data()); }
  void interpolate(double when, N_Vector out) override { require(ERKStepGetDky(memory, when, 0, out), "ERKStepGetDky"); }
  std::string explain(int flag) override {
    switch (flag) {
    case ARK_TOO_MUCH_WORK: return "too many steps were needed";
    case ARK_ERR_FAILURE: return "the error test failed again and again";
    case ARK_RHSFUNC_FAIL:
    case ARK_FIRST_RHSFUNC_ERR:
    case ARK_UNREC_RHSFUNC_ERR:
    case ARK_REPTD_RHSFUNC_ERR: return "the laws gave no finite rate";
    default: return fmt::format("flag {} of ARKODE", flag);
    }
  }
  bool is_error_test(int flag) const override { return flag == ARK_ERR_FAILURE; }
  void errors(N_Vector local_errors, N_Vector weights) override {
    ERKStepGetEstLocalErrors(memory, local_errors);
    ERKStepGetErrWeights(memory, weights);
  }
  Statistics count() const override {
    Statistics s = before;
    long steps = 0, evaluations = 0, fails = 0;
    ERKStepGetNumSteps(memory, &steps);
    ERKStepGetNumRhsEvals(memory, &evaluations);
    ERKStepGetNumErrTestFails(memory, &fails);
    s.steps += steps;
    s.evaluations += evaluations;
    s.error_failures += fails;
    return s;
  }
  void* memory = nullptr;
};

struct Integrator::BdfEngine final : Engine {
  BdfEngine(System& s, const Options& o)
      : Engine(s, o), matrix(SUNDenseMatrix(static_cast<sunindextype>(s.size()), static_cast<sunindextype>(s.size()),
                                            context.get())),
        linear(SUNLinSol_Dense(y.get(), matrix.get(), context.get())), memory(CVodeCreate(CV_BDF, context.get())) {
    if (memory == nullptr) throw Error("B010", "CVodeCreate failed");
    Engine* self = this;
    require(CVodeInit(memory, &Engine::derivative, 0.0, y.get()), "CVodeInit");
    require(CVodeSetUserData(memory, self), "CVodeSetUserData");
    require(CVodeSetErrHandlerFn(memory, &be_silent, nullptr), "CVodeSetErrHandlerFn");
    require(CVodeSVtolerances(memory, o.relative_tolerance, tolerance.get()), "CVodeSVtolerances");
    require(CVodeSetMaxNumSteps(memory, o.maximum_steps), "CVodeSetMaxNumSteps");
    if (o.maximum_step > 0) require(CVodeSetMaxStep(memory, o.maximum_step), "CVodeSetMaxStep");
    require(CVodeSetLinearSolver(memory, linear.get(), matrix.get()), "CVodeSetLinearSolver");
    if (s.roots() > 0) require(CVodeRootInit(memory, static_cast<int>(s.roots()), &Engine::roots), "CVodeRootInit");
  }
  ~BdfEngine() override { CVodeFree(&memory); }
  void restart() override {
    before = count();
    ++before.restarts;
    require(CVodeReInit(memory, t, y.get()), "CVodeReInit");
  }
  int evolve(double t_end) override {
    CVodeSetStopTime(memory, t_end);
    const int flag = CVode(memory, t_end, y.get(), &t, CV_ONE_STEP);
    return flag == CV_TOO_CLOSE ? arrive(t_end, CV_TSTOP_RETURN) : flag;
  }
  int root_return() const override { return CV_ROOT_RETURN; }
  void root_info() override { CVodeGetRootInfo(memory, found.data()); }
  void interpolate(double when, N_Vector out) override { require(CVodeGetDky(memory, when, 0, out), "CVodeGetDky"); }
  std::string explain(int flag) override {
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
  bool is_error_test(int flag) const override { return flag == CV_ERR_FAILURE; }
  void errors(N_Vector local_errors, N_Vector weights) override {
    CVodeGetEstLocalErrors(memory, local_errors);
    CVodeGetErrWeights(memory, weights);
  }
  Statistics count() const override {
    Statistics s = before;
    long steps = 0, evaluations = 0, jacobian = 0, fails = 0;
    CVodeGetNumSteps(memory, &steps);
    CVodeGetNumRhsEvals(memory, &evaluations);
    CVodeGetNumLinRhsEvals(memory, &jacobian);
    CVodeGetNumErrTestFails(memory, &fails);
    s.steps += steps;
    s.evaluations += evaluations + jacobian;
    s.error_failures += fails;
    return s;
  }
  Matrix matrix;
  Linear linear;
  void* memory = nullptr;
};

Integrator::Integrator(System& system, const Options& options) {
  if (options.method == Method::implicit_bdf)
    engine_ = std::make_unique<BdfEngine>(system, options);
  else
    engine_ = std::make_unique<ExplicitEngine>(system, options);
}

Integrator::~Integrator() = default;

void Integrator::restart(double t, std::span<const double> y) {
  engine_->t = t;
  engine_->standing = 0;
  engine_->undefined.reset();
  std::copy(y.begin(), y.end(), values(engine_->y.get()).begin());
  engine_->restart();
}

namespace {

/// A state and how far it is from being followed; `badness` is in the unit that `measure` says.
struct Suspect {
  std::size_t index;
  bool undefined;
  double badness;
};

} // namespace

Outcome Integrator::step(double t_end) {
  Engine& e = *engine_;
  e.thrown = nullptr;
  const double from = e.t;
  const int flag = e.evolve(t_end);
  if (e.thrown) std::rethrow_exception(e.thrown);
  if (flag < 0) give_up(e.explain(flag), e.is_error_test(flag));
  Outcome outcome{Stop::time, e.t, {}};
  if (flag == e.root_return()) {
    e.root_info();
    outcome.stop = Stop::root;
    outcome.roots = e.found;
  }
  if (e.t > from || outcome.stop == Stop::root) {
    e.standing = 0;
    e.undefined.reset();
  } else if (++e.standing > most_standing_steps) {
    give_up(e.undefined ? "the laws give no finite rate beyond it" : "the steps became too short to advance the time", false);
  }
  return outcome;
}

/// Throws S001 with the states that are hardest to follow. Only a failed error test leaves meaningful error estimates;
/// otherwise the states that change fastest against their tolerance are named.
void Integrator::give_up(const std::string& why, bool has_errors) {
  Engine& e = *engine_;
  e.errors(e.work.get(), e.work2.get());
  const auto undefined = e.undefined;
  if (!has_errors) Engine::derivative(e.t, e.y.get(), e.work.get(), &e);
  std::vector<Suspect> suspects;
  for (std::size_t i = 0; i < e.system.size(); ++i) {
    const double badness = std::abs(values(e.work.get())[i] * values(e.work2.get())[i]);
    suspects.push_back({i, i == undefined || !std::isfinite(badness), std::isfinite(badness) ? badness : 0.0});
  }
  std::sort(suspects.begin(), suspects.end(), [](const Suspect& a, const Suspect& b) {
    return a.undefined != b.undefined ? a.undefined : a.badness > b.badness;
  });
  std::string names;
  for (std::size_t k = 0; k < std::min<std::size_t>(3, suspects.size()); ++k) {
    const Suspect& s = suspects[k];
    const std::string measure = s.undefined  ? "its rate is not finite"
                                : has_errors ? fmt::format("error {:.2g} of its tolerance", s.badness)
                                             : fmt::format("changes by {:.2g} of its tolerance per second", s.badness);
    names += fmt::format("{}{} = {:.4g} ({})", k > 0 ? ", " : "", e.system.state_name(s.index), values(e.y.get())[s.index],
                         measure);
  }
  throw Error("S001", fmt::format("the solver gave up at t = {:.6g} s: {}", e.t, why), std::nullopt,
              {"worst states: " + names,
               "a contact fraction or void near its limit means contact was lost; a filament means a short faster than the "
               "tolerance can follow: check the overridden parameters with `platen validate`"});
}

void Integrator::interpolate(double t, std::span<double> y) {
  engine_->interpolate(t, engine_->work.get());
  std::copy_n(values(engine_->work.get()).begin(), y.size(), y.begin());
}

std::span<const double> Integrator::state() const { return values(engine_->y.get()); }
double Integrator::time() const { return engine_->t; }
Statistics Integrator::statistics() const { return engine_->count(); }

} // namespace platen::solver
