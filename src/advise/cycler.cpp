#include "advise/cycler.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::advise {
namespace {

class Writer {
public:
  Writer(const Study& study, std::span<const double> borne, Diagnostics& diagnostics)
      : area_(study.cell.area), borne_(borne), diagnostics_(diagnostics) {}

  std::vector<CyclerStep> write(const std::vector<Step>& test) {
    for (std::size_t k = 0; k < test.size(); ++k) {
      sentence_ = k + 1;
      step(test, k);
    }
    return std::move(out_);
  }

private:
  /// An interruption stands in front of the sentence that it interrupts: a cycler must know it before that step begins.
  void step(const std::vector<Step>& list, std::size_t k) {
    if (std::holds_alternative<step::Every>(list[k].kind)) return;
    const auto* every = k + 1 < list.size() ? std::get_if<step::Every>(&list[k + 1].kind) : nullptr;
    if (every != nullptr) interrupt(*every);
    place_ = list[k].place;
    std::visit([&](const auto& s) { write(s, list[k]); }, list[k].kind);
  }

  void body(const std::vector<Step>& list) {
    for (std::size_t k = 0; k < list.size(); ++k) step(list, k);
  }

  CyclerStep& add(CyclerMode mode) {
    out_.push_back({});
    out_.back().mode = mode;
    out_.back().sentence = sentence_;
    return out_.back();
  }

  void by_hand(const Step& s) { add(CyclerMode::by_hand).note = s.sentence; }
  void rest(double duration, std::string note = {}) {
    CyclerStep& row = add(CyclerMode::rest);
    row.duration = duration;
    row.note = std::move(note);
  }

  void write(const step::Hold& hold, const Step& s) {
    by_hand(s);
    rest(hold.duration);
  }
  void write(const step::Release&, const Step& s) { by_hand(s); }
  void write(const step::SetStackPressure&, const Step& s) { by_hand(s); }
  void write(const step::FitSprings&, const Step& s) { by_hand(s); }
  void write(const step::Heat& heat, const Step& s) { rest(heat.duration, s.sentence); }
  void write(const step::Rest& r, const Step&) { rest(r.duration); }

  CyclerStep& constant_current(double current_density) {
    CyclerStep& row = add(current_density > 0.0 ? CyclerMode::charge : CyclerMode::discharge);
    row.current = current_density * area_;
    return row;
  }

  void write(const step::ConstantCurrent& c, const Step&) {
    CyclerStep& row = constant_current(c.direction * c.current_density);
    row.until_voltage = c.voltage;
    row.duration = c.duration;
    if (c.capacity) row.until_capacity = *c.capacity * area_;
  }

  void half_cycle(const step::Ramp& ramp, double current_density) {
    CyclerStep& row = constant_current(current_density);
    row.until_voltage = current_density > 0.0 ? ramp.upper_voltage : ramp.lower_voltage;
    row.duration = ramp.duration;
    if (ramp.capacity) row.until_capacity = *ramp.capacity * area_;
  }

  /// Number of steps of a ramp, and of those that are listed.
  int steps_of(const step::Ramp& ramp) {
    double last = ramp.upper.value_or(ramp_end_unknown);
    if (!ramp.upper && sentence_ <= borne_.size() && borne_[sentence_ - 1] > 0.0)
      last = std::max(ramp_reserve * borne_[sentence_ - 1], ramp.start + ramp.increment);
    const double count = std::max(1.0, std::floor((last - ramp.start) / ramp.increment + 1e-9) + 1.0);
    if (count <= most_ramp_steps) return static_cast<int>(count);
    diagnostics_.warning("C070", fmt::format("the ramp has {:.0f} steps; the first {} are listed", count, most_ramp_steps), place_,
                         {"a cycler's program rarely holds more; larger steps need fewer"});
    return most_ramp_steps;
  }

  void write(const step::Ramp& ramp, const Step&) {
    const int count = steps_of(ramp);
    for (int k = 0; k < count; ++k) {
      const double i = ramp.start + k * ramp.increment;
      const std::size_t first = out_.size() + 1;
      half_cycle(ramp, i);
      half_cycle(ramp, -i);
      if (ramp.cycles_per_step > 1) loop(first, ramp.cycles_per_step);
    }
  }

  void write(const step::HoldVoltage& hold, const Step&) {
    CyclerStep& row = add(CyclerMode::voltage);
    row.voltage = hold.voltage;
    row.duration = hold.duration;
    if (hold.current_density) row.until_current = *hold.current_density * area_;
  }

  void write(const step::Polarise& polarise, const Step&) {
    CyclerStep& row = add(CyclerMode::voltage);
    row.voltage = polarise.voltage;
    row.duration = polarise.duration;
  }

  void write(const step::MeasureImpedance&, const Step& s) { add(CyclerMode::impedance).note = s.sentence; }

  void loop(std::size_t first, int times) {
    CyclerStep& row = add(CyclerMode::loop);
    row.back_to = first;
    row.times = times;
  }

  void write(const step::Repeat& repeat, const Step&) {
    const std::size_t first = out_.size() + 1;
    body(repeat.steps);
    if (out_.size() + 1 > first) loop(first, repeat.count);
  }

  void write(const step::Every&, const Step&) {}

  void interrupt(const step::Every& every) {
    const std::size_t at = out_.size();
    add(CyclerMode::interrupt).duration = every.interval;
    body(every.steps);
    const std::size_t count = out_.size() - at - 1;
    out_[at].note = fmt::format("the next {} interrupt{} what follows {}", count == 1 ? "step" : fmt::format("{} steps", count),
                                count == 1 ? "s" : "", count == 1 ? "it" : "them");
  }

  double area_;
  std::span<const double> borne_;
  Diagnostics& diagnostics_;
  std::size_t sentence_ = 0;
  Place place_;
  std::vector<CyclerStep> out_;
};

} // namespace

std::vector<CyclerStep> cycler_steps(const Study& study, std::span<const double> borne, Diagnostics& diagnostics) {
  return Writer(study, borne, diagnostics).write(study.test);
}

} // namespace platen::advise
