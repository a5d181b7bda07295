#include "import/sweeps.hpp"

#include <algorithm>
#include <cmath>

namespace platen {
namespace {

constexpr double same_frequency = 1e-6; // relative; instruments repeat a frequency to the last digits of a float

/// -1, 0 or +1: how the frequency goes from one row to the next.
int turn(double from, double to) {
  if (std::abs(to - from) <= same_frequency * std::max(from, to)) return 0;
  return to > from ? 1 : -1;
}

/// Where the sweep that begins at `first` ends (one past its last row).
std::size_t end_of_sweep(const ImpedanceRows& rows, std::size_t first) {
  const auto& f = rows.frequency;
  int direction = 0;
  for (std::size_t i = first + 1; i < f.size(); ++i) {
    if (!(f[i] > 0.0) || (!rows.cycle.empty() && rows.cycle[i] != rows.cycle[first])) return i;
    const int now = turn(f[i - 1], f[i]);
    if (now * direction < 0) {
      // The point at which it turns may have been measured twice: the second one opens the next sweep.
      const bool twice = i >= first + 2 && turn(f[i - 2], f[i - 1]) == 0;
      return twice ? i - 1 : i;
    }
    if (now != 0) direction = now;
  }
  return f.size();
}

class Mean {
public:
  void add(double value) {
    if (!std::isfinite(value)) return;
    sum_ += value;
    ++count_;
  }
  std::optional<double> value() const {
    return count_ > 0 ? std::optional(sum_ / static_cast<double>(count_)) : std::nullopt;
  }

private:
  double sum_ = 0.0;
  std::size_t count_ = 0;
};

std::optional<double> median(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Spectrum make_spectrum(const ImpedanceRows& rows, std::size_t first, std::size_t end) {
  Spectrum out;
  Mean voltage, current, temperature;
  std::vector<double> amplitudes;
  for (auto* column : {&out.frequency, &out.real, &out.imaginary}) column->reserve(end - first);
  if (!rows.time.empty()) out.time.reserve(end - first);
  if (!rows.amplitude.empty()) amplitudes.reserve(end - first);
  for (std::size_t i = first; i < end; ++i) {
    if (!std::isfinite(rows.real[i]) || !std::isfinite(rows.imaginary[i])) continue;
    if (out.frequency.empty()) {
      if (!rows.time.empty()) out.start = rows.time[i];
      if (!rows.unix_time.empty()) out.unix_time = rows.unix_time[i];
    }
    out.frequency.push_back(rows.frequency[i]);
    out.real.push_back(rows.real[i]);
    out.imaginary.push_back(rows.imaginary[i]);
    if (!rows.time.empty()) out.time.push_back(rows.time[i]);
    if (!rows.dc_voltage.empty()) voltage.add(rows.dc_voltage[i]);
    if (!rows.dc_current.empty()) current.add(rows.dc_current[i]);
    if (!rows.temperature.empty()) temperature.add(rows.temperature[i]);
    if (!rows.amplitude.empty()) amplitudes.push_back(rows.amplitude[i]);
  }
  out.dc_voltage = voltage.value();
  out.dc_current = current.value();
  out.temperature = temperature.value();
  out.amplitude = median(std::move(amplitudes));
  out.modulation = rows.modulation;
  out.label = rows.label;
  if (!rows.cycle.empty()) out.cycle_count = rows.cycle[first];
  return out;
}

} // namespace

std::vector<Spectrum> split_sweeps(const ImpedanceRows& rows) {
  std::vector<Spectrum> out;
  for (std::size_t i = 0; i < rows.frequency.size();) {
    if (!(rows.frequency[i] > 0.0)) {
      ++i;
      continue;
    }
    const std::size_t end = end_of_sweep(rows, i);
    Spectrum spectrum = make_spectrum(rows, i, end);
    if (spectrum.size() > 0) out.push_back(std::move(spectrum));
    i = end;
  }
  return out;
}

void set_polar(ImpedanceRows& rows, const std::vector<double>& modulus, const std::vector<double>& phase) {
  rows.real.resize(modulus.size());
  rows.imaginary.resize(modulus.size());
  for (std::size_t i = 0; i < modulus.size(); ++i) {
    rows.real[i] = modulus[i] * std::cos(phase[i]);
    rows.imaginary[i] = modulus[i] * std::sin(phase[i]);
  }
}

} // namespace platen
