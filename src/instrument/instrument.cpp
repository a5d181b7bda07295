#include "instrument/instrument.hpp"

#include "instrument/timeline.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check(bool good, std::string_view what) {
  if (!good) throw Error("B005", fmt::format("an instrument cannot have {}", what));
}

void check(const Instrument& instrument) {
  for (const Channel* c : {&instrument.voltage, &instrument.current, &instrument.pressure, &instrument.temperature}) {
    check(c->noise >= 0.0 && c->quantum >= 0.0, "negative noise or resolution");
    check(!(c->low && c->high && *c->low > *c->high), "limits in the wrong order");
  }
  check(instrument.impedance.noise >= 0.0, "negative noise or resolution");
  check(instrument.sample_interval >= 0.0 && instrument.pressure_interval >= 0.0, "a negative interval");
  check(instrument.dropout_share >= 0.0 && instrument.dropout_share <= 1.0, "a share of dropouts outside 0 to 1");
}

/// To the nearest multiple of `quantum`. For 1e-4 and its like the division by 1e4 gives the number with four decimals
/// exactly, which the multiplication does not.
double round_to(double value, double quantum) {
  if (quantum == 0.0) return value;
  const double inverse = 1.0 / quantum;
  const double whole = std::round(inverse);
  if (whole >= 1.0 && std::abs(inverse - whole) <= 1e-9 * whole) return std::round(value * whole) / whole;
  return std::round(value / quantum) * quantum;
}

/// Offset, gain and drift; `elapsed` is the time since the first row, s.
double systematic(double value, const Channel& channel, double elapsed) {
  return (value + channel.offset) * channel.gain + channel.drift * elapsed;
}

double read_out(double value, const Channel& channel, double elapsed, numerics::RandomStream& stream) {
  double out = systematic(value, channel, elapsed) + channel.noise * stream.normal();
  if (channel.low && out < *channel.low) out = *channel.low;
  if (channel.high && out > *channel.high) out = *channel.high;
  return round_to(out, channel.quantum);
}

/// Times at which the cycler writes a row.
std::vector<double> sample_times(const Timeline& ideal, double interval) {
  if (interval == 0.0) return ideal.times();
  std::vector<double> out;
  const double span = ideal.times().back() - ideal.times().front();
  const auto last = static_cast<std::size_t>(std::floor(span / interval * (1.0 + 1e-12)));
  for (std::size_t k = 0; k <= last; ++k) out.push_back(ideal.times().front() + static_cast<double>(k) * interval);
  return out;
}

/// Gain and cables, then the delay, then noise.
Spectrum read_out(Spectrum spectrum, const Analyser& analyser, numerics::RandomStream& draws) {
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double omega = 2.0 * std::numbers::pi * spectrum.frequency[k];
    const std::complex<double> whole(spectrum.real[k], spectrum.imaginary[k] + omega * analyser.inductance);
    const std::complex<double> seen = analyser.gain * whole * std::polar(1.0, -omega * analyser.delay);
    const double sigma = analyser.noise * std::abs(seen);
    spectrum.real[k] = seen.real() + sigma * draws.normal();
    spectrum.imaginary[k] = seen.imag() + sigma * draws.normal();
  }
  return spectrum;
}

class Measurement {
public:
  Measurement(const Record& ideal, const Instrument& instrument, std::uint64_t seed)
      : ideal_(ideal), instrument_(instrument), seed_(seed), timeline_(ideal) {}

  Record run() {
    if (timeline_.times().empty()) return with_provenance();
    times_ = sample_times(timeline_, instrument_.sample_interval);
    rows_ = instrument_.sample_interval == 0.0 ? timeline_.own_rows() : timeline_.rows_before(times_);
    out_.set(col::test_time, times_);
    channel(col::voltage, instrument_.voltage);
    channel(col::current, instrument_.current);
    if (ideal_.has(col::stack_pressure)) out_.set(col::stack_pressure, pressure());
    channel(col::temperature, instrument_.temperature);
    for (const std::string_view name : {col::step_index, col::step_count, col::cycle_count, col::step_type}) keep(name);
    integrals();
    return with_provenance();
  }

private:
  numerics::RandomStream stream(std::string_view name) const { return {seed_, fmt::format("instrument/{}", name)}; }
  double start() const { return timeline_.times().front(); }

  void channel(std::string_view name, const Channel& c) {
    if (!ideal_.has(name)) return;
    const std::span<const double> values = ideal_.real(name);
    const bool held = name == col::current;
    numerics::RandomStream draws = stream(name);
    std::vector<double> out(times_.size());
    for (std::size_t k = 0; k < out.size(); ++k) {
      const double value = held ? values[rows_[k]] : timeline_.value_at(values, rows_[k], times_[k]);
      out[k] = read_out(value, c, times_[k] - start(), draws);
    }
    out_.set(name, std::move(out));
  }

  void keep(std::string_view name) {
    if (!ideal_.has(name)) return;
    const std::span<const std::int32_t> values = ideal_.integer(name);
    std::vector<std::int32_t> out(rows_.size());
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = values[rows_[k]];
    out_.set(name, std::move(out));
  }

  /// One reading of the logger at the true time `at`.
  double reading(std::span<const double> values, double at, numerics::RandomStream& noise, numerics::RandomStream& lost) const {
    const double out = read_out(timeline_.value_at(values, timeline_.row_before(at), at), instrument_.pressure, at - start(), noise);
    return lost.uniform() < instrument_.dropout_share ? nan : out;
  }

  std::vector<double> pressure() const {
    const std::span<const double> values = ideal_.real(col::stack_pressure);
    numerics::RandomStream noise = stream("pressure"), lost = stream("dropouts");
    const double interval = instrument_.pressure_interval, ahead = instrument_.pressure_clock_offset;
    const double end = timeline_.times().back();
    std::vector<double> out(times_.size(), nan);
    if (interval == 0.0) { // read with every row; the logger's stamp of `t` was taken at the true time t - ahead
      for (std::size_t k = 0; k < out.size(); ++k)
        if (const double at = times_[k] - ahead; at >= start()) out[k] = reading(values, std::min(at, end), noise, lost);
      return out;
    }
    std::vector<double> log;
    for (std::size_t k = 0;; ++k) {
      const double at = start() + static_cast<double>(k) * interval;
      if (at > end) break;
      log.push_back(reading(values, at, noise, lost));
    }
    for (std::size_t k = 0; k < out.size(); ++k) {
      // An ulp lost in the difference must not show the reading before the one with this very stamp.
      const double index = std::floor((times_[k] - start() - ahead) / interval + 1e-9);
      if (index >= 0.0) out[k] = log[static_cast<std::size_t>(std::min(index, static_cast<double>(log.size() - 1)))];
    }
    return out;
  }

  void integrals() {
    if (!ideal_.has(col::current)) return;
    std::vector<double> seen(timeline_.times().size());
    const std::span<const double> current = ideal_.real(col::current);
    for (std::size_t row = 0; row < seen.size(); ++row)
      seen[row] = systematic(current[row], instrument_.current, timeline_.times()[row] - start());
    const Charges charges = timeline_.integrate(seen, rows_, times_);
    out_.set(col::net_capacity, charges.net);
    out_.set(col::charging_capacity, charges.charging);
    out_.set(col::discharging_capacity, charges.discharging);
    if (!ideal_.has(col::step_count)) return;
    out_.set(col::step_time, timeline_.step_time(rows_, times_));
    out_.set(col::step_capacity, charges.step);
  }

  Record with_provenance() {
    out_.cell = ideal_.cell;
    out_.study = ideal_.study;
    out_.warnings = ideal_.warnings;
    out_.provenance = ideal_.provenance;
    out_.provenance.origin = "simulated through instrument";
    out_.provenance.seed = seed_;
    out_.metadata["instrument"] = instrument_.name;
    if (ideal_.provenance.seed != 0) out_.metadata["simulation_seed"] = fmt::format("{}", ideal_.provenance.seed);
    std::copy_if(ideal_.events.begin(), ideal_.events.end(), std::back_inserter(out_.events),
                 [](const Event& e) { return e.kind == "step" || e.kind == "impedance"; });
    numerics::RandomStream draws = stream("impedance");
    for (const Spectrum& spectrum : ideal_.spectra) out_.spectra.push_back(read_out(spectrum, instrument_.impedance, draws));
    return std::move(out_);
  }

  const Record& ideal_;
  const Instrument& instrument_;
  std::uint64_t seed_;
  Timeline timeline_;
  std::vector<double> times_;
  std::vector<std::size_t> rows_; ///< of the ideal record: the last one at or before each sample
  Record out_;
};

} // namespace

// Basis of each number in docs/formats/record.md.
constexpr Analyser usual_analyser{.noise = 2e-3, .gain = 1.001, .inductance = 0.3e-6, .delay = 0.3e-9};

Instrument typical_instrument(double voltage_offset) {
  Instrument i;
  i.name = "cycler 5 V / 10 mA with load-cell reader";
  i.voltage = {.offset = voltage_offset, .gain = 1.0, .drift = 0.0, .noise = 0.15e-3, .quantum = 1e-4, .low = -5.0, .high = 5.0};
  i.current = {.offset = 0.5e-6, .gain = 1.0002, .drift = 0.0, .noise = 0.1e-6, .quantum = 1e-7, .low = -10e-3, .high = 10e-3};
  i.pressure = {.offset = 0.0, .gain = 1.0, .drift = 0.1, .noise = 5e3, .quantum = 1e3, .low = 0.0, .high = {}};
  i.temperature = {.offset = 0.0, .gain = 1.0, .drift = 0.0, .noise = 0.05, .quantum = 0.1, .low = {}, .high = {}};
  i.impedance = usual_analyser;
  i.sample_interval = 10.0;
  i.pressure_interval = 10.0;
  i.pressure_clock_offset = 2.0;
  i.dropout_share = 0.001;
  return i;
}

Instrument sensitive_instrument() {
  Instrument i = typical_instrument();
  i.name = "potentiostat 1 uA with load-cell reader";
  i.voltage = {.offset = 0.2e-3, .gain = 1.0, .drift = 0.0, .noise = 20e-6, .quantum = 1e-5, .low = -10.0, .high = 10.0};
  i.current = {.offset = 2e-9, .gain = 1.002, .drift = 0.0, .noise = 1e-9, .quantum = 5e-10, .low = -1e-6, .high = 1e-6};
  i.sample_interval = 0.5;
  return i;
}

Record measure(const Record& ideal, const Instrument& instrument, std::uint64_t seed) {
  check(instrument);
  return Measurement(ideal, instrument, seed).run();
}

} // namespace platen
