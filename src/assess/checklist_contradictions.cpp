// Statements held against each other and against the data, within their uncertainties.

#include "assess/checklist_parts.hpp"
#include "assess/lithium.hpp"
#include "assess/merit_parts.hpp"
#include "assess/thresholds.hpp"
#include "base/constants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen::assessing {
namespace {

namespace th = thresholds;

std::string shown(double si, std::string_view unit) { return fmt::format("{:.4g} {}", in_unit(si, unit), unit); }

class Checker {
public:
  Checker(const Record& record, const Segments& segments, const Assessment& judged, const std::vector<ChecklistItem>& items)
      : cell_(record.cell), record_(record), segments_(segments), judged_(judged), items_(items) {
    if (cell_.area && *cell_.area > 0) area_ = cell_.area;
  }

  std::vector<Contradiction> all() {
    pellet();
    round_electrodes();
    cathode();
    ramp();
    half_cycles();
    pressure();
    temperature();
    cut_offs();
    lithium();
    kind_of_cell();
    return std::move(out_);
  }

private:
  using Keys = std::vector<std::string>;

  /// Relative standard uncertainty of what `keys` multiply to; notes whether one of them is assumed.
  double combined(const Keys& keys, bool& assumed) const {
    double sum = 0;
    for (const std::string& key : keys) {
      const Relative u = relative_uncertainty(cell_, key);
      sum = std::hypot(sum, u.value);
      assumed = assumed || !u.stated;
    }
    return sum;
  }

  /// (U9) Two figures that should be equal: a contradiction from two combined standard uncertainties on.
  void hold(const Keys& keys, double found, double expected, double relative, bool assumed, std::string_view si, std::string text) {
    if (!(found > 0) || !(expected > 0)) return;
    const double deviation = std::abs(std::log(found / expected)) / relative;
    if (deviation > th::contradiction) out_.push_back({keys, std::move(text), found, expected, std::string(si), deviation, assumed});
  }

  void impossible(const Keys& keys, double found, double expected, std::string_view si, std::string text) {
    out_.push_back({keys, std::move(text), found, expected, std::string(si), std::numeric_limits<double>::infinity(), false});
  }

  /// (U10) Mass, area, thickness and density of the pellet.
  void pellet() {
    const auto &m = cell_.electrolyte_mass, &d = cell_.electrolyte_thickness, &rho = cell_.electrolyte_density, &solid = cell_.electrolyte_true_density;
    if (rho && solid && *rho > 0 && *solid > 0) denser({"electrolyte_density", "electrolyte_true_density"}, *rho, *solid, "the stated density of the pellet");
    if (!m || !area_ || !d || !(*d > 0)) return;
    const double density = *m / (*area_ * *d);
    if (rho) {
      const Keys keys{"electrolyte_mass", "area", "electrolyte_thickness", "electrolyte_density"};
      bool assumed = false;
      const double u = combined(keys, assumed);
      hold(keys, density, *rho, u, assumed, "kg/m3",
           fmt::format("{} of electrolyte on {} and {} are {}, stated are {}", shown(*m, "mg"), shown(*area_, "cm2"), shown(*d, "um"), shown(density, "g/cm3"), shown(*rho, "g/cm3")));
    } else if (solid && *solid > 0) {
      denser({"electrolyte_mass", "area", "electrolyte_thickness", "electrolyte_true_density"}, density, *solid,
             fmt::format("{} of electrolyte on {} and {}", shown(*m, "mg"), shown(*area_, "cm2"), shown(*d, "um")));
    }
  }

  /// No pellet is denser than its material.
  void denser(const Keys& keys, double density, double solid, const std::string& what) {
    bool assumed = false;
    const double u = combined(keys, assumed);
    if (density <= solid) return;
    hold(keys, density, solid, u, assumed, "kg/m3", fmt::format("{}: {}, more than the {} of the material without pores", what, shown(density, "g/cm3"), shown(solid, "g/cm3")));
  }

  /// (U11)
  void round_electrodes() {
    if (!area_ || !cell_.diameter) return;
    const double round = 0.25 * std::numbers::pi * *cell_.diameter * *cell_.diameter;
    bool assumed = false;
    const double u = std::hypot(combined({"area"}, assumed), 2.0 * combined({"diameter"}, assumed));
    hold({"area", "diameter"}, *area_, round, u, assumed, "m2", fmt::format("an area of {} is stated, a diameter of {} makes {}", shown(*area_, "cm2"), shown(*cell_.diameter, "mm"), shown(round, "cm2")));
  }

  /// (U12) Areal capacity against loading, share of active material and specific capacity; and against what was passed.
  void cathode() {
    const auto &q = cell_.areal_capacity, &m = cell_.cathode_loading, &w = cell_.cathode_active_fraction, &c = cell_.cathode_specific_capacity;
    if (q && m && w && c) {
      const Keys keys{"areal_capacity", "cathode_loading", "cathode_active_fraction", "cathode_specific_capacity"};
      bool assumed = false;
      const double u = combined(keys, assumed), expected = *m * *w * *c;
      hold(keys, *q, expected, u, assumed, "C/m2",
           fmt::format("{} with {:.3g} % of active material of {} make {}, stated are {}", shown(*m, "mg/cm2"), 100.0 * *w, shown(*c, "mAh/g"), shown(expected, "mAh/cm2"), shown(*q, "mAh/cm2")));
    }
    if (!q || !area_ || cell_.configuration != Configuration::full || judged_.verdict != Verdict::healthy) return;
    double most = 0;
    for (const HalfCycle& h : segments_.half_cycles) most = std::max(most, std::abs(h.charge) / *area_);
    if (most > *q)
      hold({"areal_capacity", "half_cycle_capacity"}, most, *q, std::log(th::stated_excess) / th::contradiction, true, "C/m2",
           fmt::format("a half cycle of a healthy cell passed {}, the stated capacity is {}", shown(most, "mAh/cm2"), shown(*q, "mAh/cm2")));
  }

  /// (U13) The ramp as stated against the currents of the steps.
  void ramp() {
    if (!area_) return;
    const double area = relative_uncertainty(cell_, "area").value;
    for (const auto& [key, what, value] : {std::tuple("ramp_start", "the first step", cell_.ramp_start), std::tuple("ramp_increment", "the usual increment", cell_.ramp_increment)}) {
      const Statement* data = found_in_data(items_, key);
      if (!value || !(*value > 0) || data == nullptr || data->high) continue;
      const double current = *data->value * *area_;
      hold({key, "area"}, *data->value, *value, std::hypot(area, th::assumed_mass), !relative_uncertainty(cell_, "area").stated, "A/m2",
           fmt::format("{} has {}, {} on the stated area, but {} are stated: they fit an area of {}", what, shown(current, "mA"), shown(*data->value, "mA/cm2"), shown(*value, "mA/cm2"), shown(current / *value, "cm2")));
    }
  }

  /// (U13) Time and charge of half cycles as stated, against those that ran to their end.
  void half_cycles() {
    for (const auto& [key, unit, si, value] : {std::tuple("half_cycle_time", "min", "s", cell_.half_cycle_time), std::tuple("half_cycle_capacity", "mAh/cm2", "C/m2", cell_.half_cycle_capacity)}) {
      const Statement* data = found_in_data(items_, key);
      if (!value || !(*value > 0) || data == nullptr) continue;
      const bool time = std::string_view(key) == "half_cycle_time";
      const double relative = time ? th::same_limit : std::hypot(relative_uncertainty(cell_, "area").value, th::same_limit);
      const double found = data->high ? std::clamp(*value, *data->value, *data->high) : *data->value;
      hold({key}, found, *value, relative, !time, si, fmt::format("half cycles of {} are stated, the data have {}{}", shown(*value, unit), shown(*data->value, unit), data->high ? " to " + shown(*data->high, unit) : std::string()));
    }
  }

  void pressure() {
    const Statement* data = found_in_data(items_, "stack_pressure");
    if (cell_.stack_pressure && data != nullptr) {
      const Relative u = relative_uncertainty(cell_, "stack_pressure");
      hold({"stack_pressure"}, *data->value, *cell_.stack_pressure, std::hypot(u.value, th::assumed_other), true, "Pa",
           fmt::format("a stack pressure of {} is stated, the log has {} when cycling starts", shown(*cell_.stack_pressure, "MPa"), shown(*data->value, "MPa")));
    }
    const auto& change = judged_.pressure.largest_change_while_cycling;
    if (cell_.fixture == "constant pressure" && data != nullptr && change)
      hold({"fixture", "stack_pressure"}, *data->value + *change, *data->value, std::log1p(th::pressure_change) / th::contradiction, true, "Pa",
           fmt::format("the pressure is said to be constant, the log moves by {} at {}", shown(*change, "MPa"), shown(*data->value, "MPa")));
  }

  void temperature() {
    const Statement* data = found_in_data(items_, "temperature");
    if (!cell_.temperature || data == nullptr) return;
    const auto stated = cell_.uncertainty.find("temperature");
    const double u = std::hypot(stated != cell_.uncertainty.end() ? stated->second : th::assumed_temperature, th::steady_temperature);
    const double deviation = std::abs(*data->value - *cell_.temperature) / u;
    if (deviation > th::contradiction)
      out_.push_back({{"temperature"}, fmt::format("a temperature of {} is stated, the data have {} while current flows", shown(*cell_.temperature, "degC"), shown(*data->value, "degC")), *data->value,
                      *cell_.temperature, "K", deviation, true});
  }

  /// Voltages beyond the cut-offs while current flows.
  void cut_offs() {
    const auto &low = cell_.lower_voltage, &high = cell_.upper_voltage;
    if (low && high && *low >= *high) impossible({"lower_voltage", "upper_voltage"}, *low, *high, "V", fmt::format("the lower cut-off of {} lies above the upper one of {}", shown(*low, "V"), shown(*high, "V")));
    if (!record_.has(col::voltage)) return;
    const auto v = record_.real(col::voltage);
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (const HalfCycle& h : segments_.half_cycles)
      for (std::size_t k = h.first + 1; k < h.last; ++k) { // medians of three: one bad row is no voltage
        const double middle = std::max(std::min(v[k - 1], v[k]), std::min(std::max(v[k - 1], v[k]), v[k + 1]));
        least = std::min(least, middle);
        most = std::max(most, middle);
      }
    if (high && most > *high + th::charge_below) impossible({"upper_voltage"}, most, *high, "V", fmt::format("the upper cut-off is stated as {}, the voltage reached {} with current flowing", shown(*high, "V"), shown(most, "V")));
    if (low && least < *low - th::charge_below && !judged_.onset)
      impossible({"lower_voltage"}, least, *low, "V", fmt::format("the lower cut-off is stated as {}, the voltage fell to {} with current flowing", shown(*low, "V"), shown(least, "V")));
  }

  /// (U14) A foil cannot give more lithium than it has.
  void lithium() {
    const auto& foil = cell_.lithium_thickness;
    if (!foil || !area_ || !(*foil > 0) || cell_.configuration != Configuration::symmetric) return;
    double most = 0, net = 0; // the second: one direction only
    for (const HalfCycle& h : segments_.half_cycles) {
      net += h.charge;
      most = std::max(most, std::abs(net));
    }
    const double needed = most / *area_ * lithium_molar_volume / constants::F;
    const Keys keys{"lithium_thickness", "area"};
    bool assumed = false;
    if (const double u = combined(keys, assumed); needed > *foil)
      hold(keys, needed, *foil, u, assumed, "m", fmt::format("{} in one direction take {} of lithium from a foil of {}", shown(most / *area_, "mAh/cm2"), shown(needed, "um"), shown(*foil, "um")));
  }

  void kind_of_cell() {
    if (cell_.configuration != Configuration::symmetric) return;
    for (const auto& [key, value] : {std::pair("cathode_loading", cell_.cathode_loading), std::pair("areal_capacity", cell_.areal_capacity)})
      if (value && *value > 0) impossible({"configuration", key}, *value, 0.0, key == std::string_view("areal_capacity") ? "C/m2" : "kg/m2", fmt::format("the cell is said to be symmetric, yet `{}` is stated", key));
  }

  const CellInfo& cell_;
  const Record& record_;
  const Segments& segments_;
  const Assessment& judged_;
  const std::vector<ChecklistItem>& items_;
  std::optional<double> area_;
  std::vector<Contradiction> out_;
};

} // namespace

std::vector<Contradiction> find_contradictions(const Record& record, const Segments& segments, const Assessment& judged, const std::vector<ChecklistItem>& items) {
  return Checker(record, segments, judged, items).all();
}

} // namespace platen::assessing
