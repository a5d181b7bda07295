#pragma once
// Carries out the sentences of a test one after another.

#include "simulate/recorder.hpp"
#include "work/work.hpp"

namespace platen::simulation {

class Runner {
public:
  Runner(const Study& study, const work::Task& task);
  /// Runs the whole test and returns the ideal record. @throws Error S001; Cancelled.
  Record run();
  /// What the solver has done so far.
  solver::Statistics statistics() const;

private:
  /// Why a span of time ended before its stated end.
  enum class End { time, voltage_limit, current_limit, seat_lost };

  void run(const std::vector<Step>& steps);
  void carry_out(const Step& step);
  void carry_out(const step::Hold& s);
  void carry_out(const step::Release& s) { set_pressure(s.pressure); }
  void carry_out(const step::SetStackPressure& s) { set_pressure(s.pressure); }
  void carry_out(const step::FitSprings& s);
  void carry_out(const step::Heat& s);
  void carry_out(const step::Rest& s);
  void carry_out(const step::Ramp& s);
  void carry_out(const step::ConstantCurrent& s);
  void carry_out(const step::HoldVoltage& s);
  void carry_out(const step::Polarise& s);
  void carry_out(const step::MeasureImpedance& s);
  void carry_out(const step::Repeat& s);
  void carry_out(const step::Every& s);

  /// Constant current at a signed density until a voltage (V), for at most `duration` (s). A full cell's channel also stops
  /// at a charge far beyond its capacity, which only a shorted cell reaches.
  End constant_current(double current_density, double voltage, double duration);
  /// One half cycle of a ramp at a signed current density; false when the cell could not carry it: for as long as it should, or, where a
  /// voltage ends it, at all.
  bool half_cycle(const step::Ramp& s, double current_density);
  void set_pressure(double P);
  void release_slider();
  /// Starts the solver anew from the present state, with the engine that the cell asks for.
  void restart();
  /// Switches the instrument and integrates until `t_end` or a limit, with the interruptions of a following "Every" sentence.
  End advance(double t_end, StepType type);
  void wait(double duration, StepType type) { advance(t_ + duration, type); }
  /// The same without interruptions that take time, writing rows on the grid of this step.
  End stretch(double t_end, StepType type);
  /// Carries out what interrupts, with the instrument as it was before and after.
  void interrupt();
  void measure(const step::MeasureImpedance& sweep, double t, std::span<const double> y);
  /// Takes the spectra that are due before `before` and not after `until`, which is within the last step; the run does not notice.
  void measure_due(double until, double before);
  End handle(const solver::Outcome& outcome);
  void write_grid(double until);
  /// Whether a voltage has just been put on capacitors: their current falls by orders of magnitude between two rows of the grid, so that
  /// every step of the solver becomes a row.
  bool charging_at_once() const;
  void found(Root root);

  const Study& study_;
  const work::Task& task_;
  Scatter scatter_;
  CellSystem system_;
  std::unique_ptr<solver::Integrator> integrator_;
  bool stiff_;                       ///< the integrator is the implicit one
  solver::Statistics before_short_;  ///< of the explicit one
  Recorder recorder_;

  double t_ = 0.0;
  std::vector<double> y_, grid_, within_;
  Mark mark_;
  double rows_written_ = 0.0; ///< on the grid of the present step
  /// What interrupts the present sentence, if anything.
  struct Interruption {
    const step::Every* every;
    double start;      ///< of the sentence, s
    double count = 1.0; ///< of the next one
    bool instant;      ///< only measures impedance, which takes no time

    double due() const { return start + count * every->interval; }
  };
  std::optional<Interruption> interruption_;
  double bypassed_ = 0.0; ///< share of the current beside the electrolyte at the end of the last half cycle
  bool over_ = false; ///< the fixture no longer holds the cell
};

} // namespace platen::simulation
