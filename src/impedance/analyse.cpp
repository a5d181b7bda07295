#include "impedance/analyse.hpp"

#include "base/error.hpp"
#include "impedance/stored.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::impedance {
namespace {

constexpr std::size_t banded = 4; // relaxation times of more spectra are told without bands, which cost ten times the rest
constexpr std::size_t least_points = 5;

bool has(const Record& record, std::string_view kind, std::size_t spectrum) {
  return find_analysis(record.analyses, kind, spectrum) != nullptr;
}

void say(Record& record, std::string_view kind, std::size_t spectrum, const Error& error) {
  keep(record.analyses, {std::string(kind), spectrum, "", error.diagnostics().front().message, {}, {}, {}});
}

/// One spectrum on its way: the usable points, and whether the tests of the data passed.
struct Looked {
  std::size_t number = 0; ///< from 1
  Points points;
  bool consistent = false;
};

/// Tests of the data; nothing when the spectrum has too few points for any analysis.
std::optional<Looked> look(Record& record, std::size_t index) {
  const std::size_t number = index + 1;
  const Points all = points_of(record.spectra[index]);
  try {
    const SpectrumQuality quality = inspect(all.frequency, all.impedance);
    Looked out{number, picked(all, quality.usable), quality.consistent};
    if (!has(record, kind::kramers_kronig, number)) keep(record.analyses, stored(quality, out.points.frequency, number));
    return out;
  } catch (const Error& error) {
    if (!has(record, kind::kramers_kronig, number)) say(record, kind::kramers_kronig, number, error);
    return std::nullopt;
  }
}

FitFacts facts_of(const Record& record, const ModelResult& found, const CircuitFit& fit) {
  FitFacts facts;
  facts.model = found.model;
  const ModelResult here{found.model, fit, found.wires, found.sound, 0.0};
  const CellInfo& cell = record.cell;
  if (cell.area && cell.electrolyte_thickness)
    facts.conductivities = conductivities(fit, electrolyte_resistances(here), {*cell.electrolyte_thickness, 0.0}, {*cell.area, 0.0});
  if (cell.area) facts.interfaces = interfaces(fit, interface_resistances(here), {*cell.area, 0.0});
  return facts;
}

/// The circuit found on one spectrum, followed through all of them.
struct Followed {
  ModelResult found;
  std::vector<CircuitFit> fits; ///< of each spectrum that was looked at
};

std::optional<Followed> follow(Record& record, const std::vector<Looked>& all, const work::Task& task) {
  const auto first = std::find_if(all.begin(), all.end(), [](const Looked& l) { return l.consistent; });
  const Looked& reference = first != all.end() ? *first : all.front();
  auto tried = find_model(reference.points.frequency, reference.points.impedance, kind_of(record));
  if (tried.empty()) throw Error("D209", "the spectrum has too few points for any of the named circuits");
  Followed out{std::move(tried.front()), {}};
  const Circuit circuit = Circuit::parse(out.found.fit.circuit);
  FitOptions options;
  options.start = out.found.fit.values();
  for (const Looked& l : all) {
    task.check();
    out.fits.push_back(&l == &reference ? out.found.fit : fit(circuit, l.points.frequency, l.points.impedance, options));
    options.start = out.fits.back().values();
    options.starts = 5; // those of a series, which begins near its end
    task.report(0.2 + 0.5 * static_cast<double>(out.fits.size()) / static_cast<double>(all.size()));
  }
  return out;
}

/// Contact fraction from the interfaces' resistance during the hold.
void tell_contact(Record& record, const std::vector<Looked>& all, const Followed& followed) {
  const CellInfo& cell = record.cell;
  if (cell.configuration != Configuration::symmetric || !cell.area) return;
  const auto names = interface_resistances(followed.found);
  if (names.empty() || has(record, kind::contact, 0)) return;
  const double end = first_current(record);
  std::vector<ContactReading> readings;
  double begin = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double start = record.spectra[all[k].number - 1].start;
    const auto pressure = pressure_at(record, start);
    const auto& parameters = followed.fits[k].parameters;
    const auto R = std::find_if(parameters.begin(), parameters.end(), [&](const FittedParameter& p) { return p.name == names.front(); });
    if (!(start < end) || !pressure || R == parameters.end() || R->standing != Standing::free || !(R->standard_error > 0.0)) continue;
    if (readings.empty()) begin = start;
    readings.push_back({start - begin, *pressure, interface_resistance({R->value, R->standard_error}, {*cell.area, 0.0})});
  }
  if (readings.size() < 5) return;
  try {
    ContactAssumptions assumptions;
    assumptions.conductivity = cell.electrolyte_conductivity.value_or(0.0);
    keep(record.analyses, stored(contact_series(readings, assumptions), names.front()));
  } catch (const Error& error) {
    say(record, kind::contact, 0, error);
  }
}

void tell_circuits(Record& record, const std::vector<Looked>& all, const work::Task& task) {
  const bool missing = std::any_of(all.begin(), all.end(), [&](const Looked& l) { return !has(record, kind::circuit, l.number); });
  if (all.empty() || !missing) return;
  try {
    const auto followed = follow(record, all, task);
    for (std::size_t k = 0; k < all.size(); ++k)
      if (!has(record, kind::circuit, all[k].number))
        keep(record.analyses, stored(followed->fits[k], facts_of(record, followed->found, followed->fits[k]), all[k].points.frequency, all[k].number));
    tell_contact(record, all, *followed);
  } catch (const Error& error) {
    for (const Looked& l : all)
      if (!has(record, kind::circuit, l.number)) say(record, kind::circuit, l.number, error);
  }
}

void tell_relaxations(Record& record, const std::vector<Looked>& all, const work::Task& task) {
  DrtOptions options;
  if (all.size() > banded) options.samples = 0;
  for (const Looked& l : all) {
    task.check();
    if (has(record, kind::relaxation_times, l.number)) continue;
    try {
      keep(record.analyses, stored(relaxation_times(l.points.frequency, l.points.impedance, options), l.points.frequency, l.number));
    } catch (const Error& error) {
      say(record, kind::relaxation_times, l.number, error);
    }
  }
}

} // namespace

Points points_of(const Spectrum& s) {
  Points out{s.frequency, {}};
  for (std::size_t k = 0; k < s.size(); ++k) out.impedance.emplace_back(s.real[k], s.imaginary[k]);
  return out;
}

Points picked(const Points& all, const std::vector<std::size_t>& which) {
  Points out;
  for (const std::size_t k : which) {
    out.frequency.push_back(all.frequency[k]);
    out.impedance.push_back(all.impedance[k]);
  }
  return out;
}

CellKind kind_of(const Record& record) {
  if (record.cell.configuration == Configuration::symmetric) return CellKind::symmetric;
  if (record.cell.configuration == Configuration::blocking) return CellKind::blocking;
  return record.cell.configuration == Configuration::full ? CellKind::full : CellKind::unknown;
}

std::vector<std::size_t> analysed_spectra(std::size_t count) {
  std::vector<std::size_t> out;
  const std::size_t shown = std::min(count, most_spectra);
  for (std::size_t k = 0; k < shown; ++k) out.push_back(shown < 2 ? 0 : k * (count - 1) / (shown - 1));
  return out;
}

std::optional<double> pressure_at(const Record& record, double time) {
  if (record.has(col::stack_pressure) && record.has(col::test_time)) {
    const auto times = record.real(col::test_time), pressures = record.real(col::stack_pressure);
    auto row = static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time) - times.begin());
    while (row > 0 && !std::isfinite(pressures[row - 1])) --row;
    if (row > 0) return pressures[row - 1];
  }
  for (const auto& p : {record.cell.contact_hold_pressure, record.cell.stack_pressure})
    if (p) return p;
  return std::nullopt;
}

double first_current(const Record& record) {
  constexpr double nothing = 1e-3; // of the largest current
  if (record.rows() == 0 || !record.has(col::current) || !record.has(col::test_time)) return std::numeric_limits<double>::infinity();
  const auto current = record.real(col::current), time = record.real(col::test_time);
  double most = 0.0;
  for (const double i : current)
    if (std::isfinite(i)) most = std::max(most, std::abs(i));
  for (std::size_t k = 0; k < current.size(); ++k)
    if (std::abs(current[k]) > nothing * most) return time[k];
  return std::numeric_limits<double>::infinity();
}

void analyse(Record& record, const work::Task& task) {
  if (record.spectra.empty()) return;
  std::vector<Looked> all;
  for (const std::size_t index : analysed_spectra(record.spectra.size())) {
    task.check();
    if (auto looked = look(record, index); looked && looked->points.frequency.size() >= least_points) all.push_back(std::move(*looked));
  }
  task.report(0.2);
  tell_circuits(record, all, task);
  tell_relaxations(record, all, task);
}

} // namespace platen::impedance
