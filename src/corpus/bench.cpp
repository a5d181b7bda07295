#include "corpus/bench.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace platen::corpus {
namespace {

constexpr std::array intervals{1.0, 2.0, 5.0, 10.0, 30.0, 60.0}; // s
constexpr std::array ranges{1e-4, 1e-3, 1e-2, 1e-1, 1.0};        // A, of cyclers' channels

/// Shares of the largest healthy voltage that resolution and noise may have.
constexpr double seen_quantum = 0.05, seen_noise = 0.02;

/// Between a dozen rows and some hundreds in a half cycle, and some ten thousand in a test where that leaves a dozen.
double draw_interval(Draws& draws, double half_cycle, double duration) {
  std::vector<double> fitting;
  for (const double interval : intervals)
    if (half_cycle / interval >= 12.0 && half_cycle / interval <= 720.0) fitting.push_back(interval);
  if (fitting.empty()) return half_cycle < 12.0 * intervals.front() ? intervals.front() : intervals.back();
  while (fitting.size() > 1 && duration / fitting.front() > 2e4) fitting.erase(fitting.begin());
  return fitting[draws.below(fitting.size())];
}

/// All of a record but its columns.
Record bare(const Record& record) {
  Record out;
  out.cell = record.cell;
  out.metadata = record.metadata;
  out.events = record.events;
  out.provenance = record.provenance;
  out.spectra = record.spectra;
  return out;
}

/// The rows `kept`, without the columns `hidden`.
Record part_of(const Record& record, const std::vector<std::size_t>& kept, const std::vector<std::string_view>& hidden) {
  Record out = bare(record);
  for (const Column& column : record.columns()) {
    if (std::find(hidden.begin(), hidden.end(), column.name) != hidden.end()) continue;
    Column thinned{column.name, column.unit, column.description, {}};
    std::visit(
        [&](const auto& values) {
          std::remove_cvref_t<decltype(values)> some;
          some.reserve(kept.size());
          for (const std::size_t k : kept) some.push_back(values[k]);
          thinned.values = std::move(some);
        },
        column.values);
    out.set(std::move(thinned));
  }
  return out;
}

std::vector<std::string_view> hidden_columns(const Bench& bench) {
  std::vector<std::string_view> out;
  if (!bench.pressure) out.push_back(col::stack_pressure);
  if (!bench.temperature) out.push_back(col::temperature);
  if (!bench.steps) out.insert(out.end(), {col::step_index, col::step_count, col::step_type, col::cycle_count, col::step_time, col::step_capacity});
  return out;
}

/// Rows in the order of a cycler that writes on time and on a change of the voltage.
std::vector<std::size_t> rows_written(const Bench& bench, const Record& record, double end, Draws& draws) {
  const auto t = record.real(col::test_time), u = record.real(col::voltage), i = record.real(col::current);
  const double switched = 0.01 * std::abs(*std::max_element(i.begin(), i.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < t.size() && t[k] <= end; ++k) {
    if (bench.voltage_step > 0.0 && !out.empty()) {
      const std::size_t last = out.back();
      const bool before_switch = k + 1 < t.size() && std::abs(i[k + 1] - i[k]) > switched, after_switch = std::abs(i[k] - i[last]) > switched;
      if (!before_switch && !after_switch && t[k] - t[last] < bench.interval && std::abs(u[k] - u[last]) < bench.voltage_step) continue;
    }
    if (bench.lost_rows > 0.0 && draws.chance(bench.lost_rows)) continue;
    out.push_back(k);
  }
  return out;
}

void shift(double& time, double from, double by) {
  if (time > from) time += by;
}

/// The clock went on while nothing was recorded.
void pause(Record& record, std::vector<Moment>& course, Label& label, double from, double by) {
  for (double& t : record.real(col::test_time)) shift(t, from, by);
  for (Event& e : record.events) shift(e.time, from, by);
  for (Spectrum& s : record.spectra) {
    shift(s.start, from, by);
    for (double& t : s.time) shift(t, from, by);
  }
  for (Moment& m : course) shift(m.time, from, by);
  for (Stretch& s : label.lost_contact) {
    shift(s.start, from, by);
    shift(s.end, from, by);
  }
}

/// What is on the cell's sheet.
void fill_in_sheet(const Bench& bench, CellInfo& cell) {
  if (cell.electrolyte_thickness) *cell.electrolyte_thickness *= bench.thickness_error;
  if (cell.electrolyte_conductivity) *cell.electrolyte_conductivity *= bench.conductivity_error;
  if (bench.geometry) return;
  cell.electrolyte_thickness.reset();
  cell.electrolyte_conductivity.reset();
  cell.electrolyte_mass.reset();
  if (!bench.area) cell.area.reset();
}

/// A column of the ideal record, sampled as the voltage is, without errors.
std::vector<double> sampled(const Bench& bench, const Record& ideal, std::string_view column, const std::vector<std::size_t>& kept) {
  Record one;
  for (const std::string_view name : {col::test_time, column})
    one.set(name == column ? col::voltage : name, std::vector<double>(ideal.real(name).begin(), ideal.real(name).end()));
  if (ideal.has(col::step_count)) one.set(col::step_count, std::vector<std::int32_t>(ideal.integer(col::step_count).begin(), ideal.integer(col::step_count).end()));
  Instrument clock;
  clock.sample_interval = bench.instrument.sample_interval;
  const Record rows = measure(one, clock, bench.seed);
  const std::span<const double> values = rows.real(col::voltage);
  std::vector<double> out;
  out.reserve(kept.size());
  for (const std::size_t k : kept) out.push_back(values[k]);
  return out;
}

Twin twin_of(const Bench& bench, const Record& ideal, const std::vector<std::size_t>& kept) {
  Twin out{sampled(bench, ideal, twin_healthy, kept), sampled(bench, ideal, twin_leaked, kept), {}};
  const Channel& v = bench.instrument.voltage;
  const double instrument = v.noise * v.noise + v.quantum * v.quantum / 12.0;
  for (const double unforeseen : sampled(bench, ideal, twin_unforeseen, kept)) out.noise.push_back(std::sqrt(instrument + unforeseen * unforeseen));
  return out;
}

double usual_interval(std::span<const double> times) {
  std::vector<double> steps;
  for (std::size_t k = 1; k < times.size(); ++k)
    if (times[k] > times[k - 1]) steps.push_back(times[k] - times[k - 1]);
  return steps.empty() ? 0.0 : numerics::median(steps);
}

} // namespace

Bench draw_bench(Draws& draws, const Need& need, std::uint64_t seed) {
  Bench b;
  b.seed = seed;
  b.interval = draw_interval(draws, need.half_cycle, need.duration);
  if (b.interval >= 5.0 && draws.chance(0.2)) b.voltage_step = draws.one_of(std::array{1e-3, 2e-3, 5e-3, 1e-2});
  Instrument& i = b.instrument;
  i.name = "drawn";
  i.sample_interval = b.voltage_step == 0.0 && draws.chance(0.4) ? b.interval : 0.0; // a logger's own clock, or a cycler's rows
  double quantum = draws.one_of(std::array{0.0, 1e-6, 1e-5, 1e-4, 1e-4, 1e-4, 3e-4, 1e-3});
  while (quantum > seen_quantum * need.voltage) quantum *= 0.1;
  const double noise = std::min(draws.log_between(2e-5, 1e-3), seen_noise * need.voltage);
  i.voltage = {.offset = 1.5e-3 * draws.normal(), .gain = 1.0 + 5e-4 * draws.normal(), .drift = draws.between(-1e-3, 1e-3) / need.duration,
               .noise = noise, .quantum = quantum, .low = -5.0, .high = 5.0};
  double range = ranges.back();
  for (auto r = ranges.rbegin(); r != ranges.rend(); ++r)
    if (*r >= need.current) range = *r;
  i.current = {.offset = 5e-5 * range * draws.normal(), .gain = 1.0 + 3e-4 * draws.normal(), .drift = 0.0,
               .noise = range * draws.log_between(1e-6, 1e-4), .quantum = range * draws.one_of(std::array{0.0, 1e-6, 1e-5, 1e-4}),
               .low = -1.2 * range, .high = 1.2 * range};
  i.pressure = {.offset = 2e4 * draws.normal(), .gain = 1.0 + 0.005 * draws.normal(), .drift = draws.between(-2e4, 2e4) / need.duration,
                .noise = draws.log_between(5e2, 2e4), .quantum = draws.one_of(std::array{0.0, 1e3, 1e4}), .low = 0.0, .high = {}};
  i.temperature = {.offset = 0.3 * draws.normal(), .gain = 1.0, .drift = 0.0, .noise = 0.05, .quantum = 0.1, .low = {}, .high = {}};
  i.pressure_interval = draws.chance(0.5) ? 0.0 : draws.one_of(std::array{1.0, 10.0, 60.0});
  i.pressure_clock_offset = draws.chance(0.5) ? 0.0 : draws.between(-30.0, 30.0);
  i.dropout_share = draws.chance(0.3) ? draws.log_between(1e-3, 0.05) : 0.0;
  if (draws.chance(0.2)) b.lost_rows = draws.log_between(1e-3, 0.05);
  if (draws.chance(0.12)) b.ends_at = draws.between(0.3, 1.0);
  if (draws.chance(0.08)) {
    b.gap_at = draws.between(0.1, 0.9);
    b.gap = draws.log_between(600.0, 2e5);
  }
  b.thickness_error = std::exp(0.05 * draws.normal());
  b.conductivity_error = std::exp(0.08 * draws.normal());
  b.geometry = draws.chance(0.7);
  b.area = draws.chance(0.6);
  b.pressure = draws.chance(0.5);
  b.temperature = draws.chance(0.5);
  b.steps = draws.chance(0.7);
  return b;
}

Benched record_on(const Bench& bench, const Record& ideal, std::vector<Moment> course, Label label, WithTwin with_twin) {
  Benched out{measure(ideal, bench.instrument, bench.seed), std::move(label), {}};
  Record& record = out.record;
  Draws draws(bench.seed, "corpus/rows");
  record.spectra = ideal.spectra;
  const double start = record.real(col::test_time).front();
  const double end = start + bench.ends_at * (record.real(col::test_time).back() - start);
  const std::vector<std::size_t> kept = rows_written(bench, record, end, draws);
  record = part_of(record, kept, hidden_columns(bench));
  if (with_twin == WithTwin::yes) out.twin = twin_of(bench, ideal, kept);
  std::erase_if(course, [&](const Moment& m) { return m.time > end; });
  std::erase_if(out.label.lost_contact, [&](const Stretch& s) { return s.start > end; });
  std::erase_if(record.spectra, [&](const Spectrum& s) { return s.start > end; });
  std::erase_if(record.events, [&](const Event& e) { return e.time > end; });
  if (bench.gap > 0.0) pause(record, course, out.label, start + bench.gap_at * (end - start), bench.gap);
  fill_in_sheet(bench, record.cell);
  record.study.clear();
  const CellInfo& cell = record.cell;
  out.label.full_cell = cell.configuration == Configuration::full;
  out.label.geometry_known = cell.area && cell.electrolyte_thickness && cell.electrolyte_conductivity;
  out.label.interval = usual_interval(record.real(col::test_time));
  describe_leak(course, out.label);
  return out;
}

} // namespace platen::corpus
