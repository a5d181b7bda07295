// The truth behind made-up cells is found again, and the intervals hold it as often as they say. The long run is build/bench/bench_calibrate.

#include "base/memory.hpp"
#include "calibrate/record_model.hpp"
#include "calibrate/recovery.hpp"
#include "calibrate/rivals.hpp"
#include "calibrate/set_file.hpp"
#include "calibrate/weakest.hpp"
#include "instrument/instrument.hpp"
#include "material/material.hpp"
#include "physics/parameters.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"
#include "study/variants.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

namespace platen::calibrate {
namespace {

Study cell() { return read_study(PLATEN_SOURCE_DIR "/examples/calibrate/cell.toml"); }

/// A record of the median cell by a cycler that errs by noise and rounding alone.
Observation observed(std::vector<Observed> what) {
  Instrument exact = typical_instrument(0.0);
  exact.current.gain = 1.0, exact.current.offset = 0.0, exact.pressure.drift = 0.0, exact.pressure_clock_offset = 0.0;
  Observation o;
  o.entry.name = "cell";
  o.entry.observed = std::move(what);
  o.study = cell();
  o.record = measure(simulate(o.study), exact, 5);
  return o;
}

TEST(CalibrateRecords, ModelDrivenByTheRecordMeetsItAtTheTruth) {
  const Observation o = observed({Observed::voltage, Observed::stack_pressure, Observed::ccd});
  const RecordModel model(record_data(o.entry, o.record, o.study), {});
  std::vector<double> usual; // the cell and its instruments are the usual ones, but that this reader is asked at every row
  for (const Number& n : model.numbers()) usual.push_back(n.key == "cell: pressure behind by" ? 0.0 : n.start);
  const auto predicted = model.predict(usual, {});
  ASSERT_EQ(predicted.size(), 2u);
  for (std::size_t s = 0; s < 2; ++s) {
    const Series& series = model.data().series[s];
    ASSERT_GT(series.time.size(), 20u);
    double squares = 0.0;
    for (std::size_t i = 0; i < predicted[s].size(); ++i)
      squares += std::pow((predicted[s][i] - series.measured[i]) / series.reading, 2) * series.merged[i] / static_cast<double>(predicted[s].size());
    // Noise of the means about the truth is that of the readings; the mean square of some fifty of them lies within 0.5 to 1.7 but for one case in a thousand.
    EXPECT_GT(squares, 0.4) << label(series.observed);
    EXPECT_LT(squares, 1.8) << label(series.observed);
  }
  ASSERT_TRUE(model.data().ccd.has_value());
  const auto events = model.events(usual, {});
  // The record is of the cell of median strength on both sides; of cells that are drawn half fail below 0.87 of it, as their weaker side decides.
  const double of_two = Population::of_flaws(1.0, 2, events.at(0).scatter).median;
  EXPECT_GE(events[0].predicted, 0.98 * of_two * model.data().ccd->low);
  EXPECT_LE(events[0].predicted, 1.02 * of_two * model.data().ccd->high);
}

/// Deviances of two explanations that say the same; of the one numbered `noisy` the first fit left errors ten times larger.
std::vector<double> deviances(std::size_t noisy) {
  const std::vector<Observation> seen{observed({Observed::voltage, Observed::stack_pressure})};
  CalibrationFile file;
  file.name = "two";
  file.numbers = {{"interface.resistance", 5e-4, 1e-4, 5e-3, true, Prior{std::log(5e-4), std::log(2.0)}, "ohm m2"}};
  for (const char* name : {"a", "b"}) file.rivals.push_back({.name = name, .meaning = name, .switches = {}, .numbers = {}, .place = {}});
  const Data data(file.numbers, seen, {});
  Kept kept;
  kept.find = [&](const std::string& key) -> std::optional<std::vector<double>> {
    std::vector<double> row;
    if (key.starts_with("first ") && key.ends_with(" values"))
      for (const Number& n : data.problem().numbers) row.push_back(n.start);
    else if (key.starts_with("first ") && key.ends_with(" noise"))
      for (const SeriesNoise& n : data.noise()) row.insert(row.end(), {n.shape.slow, n.shape.time, n.variance * (key == "first " + std::to_string(noisy) + " noise" ? 100.0 : 1.0), n.effective});
    else
      return std::nullopt;
    return row;
  };
  std::vector<double> out;
  for (const Ranked& r : compare_rivals(file, seen, {}, {}, {.threads = 1}, kept).comparison.ranking) out.push_back(r.deviance);
  return out;
}

TEST(CalibrateRivals, SeeTheirRecordsWithOneNoiseThatOfTheBest) {
  const std::vector<double> first = deviances(0), second = deviances(1), neither = deviances(2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_NEAR(first[0], first[1], 1e-6 * std::abs(first[0])) << "whoever left larger errors is judged by the smaller ones as well";
  EXPECT_NEAR(second[0], second[1], 1e-6 * std::abs(first[0]));
  EXPECT_NEAR(first[0], neither[0], 1e-6 * std::abs(first[0])) << "the larger ones have no part";
  EXPECT_NEAR(second[0], neither[0], 1e-6 * std::abs(first[0])) << "whichever of them it is";
}

TEST(CalibrateRecords, ResistancesAtSwitchesAreThoseOfTheVoltage) {
  const Observation o = observed({Observed::dc_resistance});
  const RecordModel model(record_data(o.entry, o.record, o.study), {});
  std::vector<double> usual;
  for (const Number& n : model.numbers()) usual.push_back(n.start);
  const auto predicted = model.predict(usual, {});
  const Series& series = model.data().series.at(0);
  for (std::size_t i = 0; i < series.time.size(); ++i)
    EXPECT_NEAR(predicted.at(0)[i], series.measured[i], 5.0 * series.reading / std::sqrt(series.merged[i])) << i;
}

TEST(CalibrateRecords, CurrentFlowsUntilItIsSwitchedNotUntilItWasLastSeen) {
  // Rows are 10 s apart; half cycles of 15 min follow each other without a rest.
  const Observation o = observed({Observed::voltage});
  const RecordData data = record_data(o.entry, o.record, o.study);
  std::size_t currents = 0;
  for (const Step& s : data.driven.test)
    if (const auto* current = std::get_if<step::ConstantCurrent>(&s.kind)) {
      EXPECT_NEAR(current->duration.value_or(0.0), 900.0, 1e-6) << currents;
      ++currents;
    } else if (currents > 0) {
      ADD_FAILURE() << "between half cycles: " << s.sentence;
    }
  EXPECT_GT(currents, 4u);
}

TEST(CalibrateRecords, AReadingOfThePressureIsUpToOneIntervalOld) {
  for (const double interval : {10.0, 30.0}) {
    Instrument slow = typical_instrument(0.0);
    slow.pressure_interval = interval;
    Observation o = observed({Observed::stack_pressure});
    o.record = measure(simulate(o.study), slow, 5);
    const RecordModel model(record_data(o.entry, o.record, o.study), {});
    const auto late = std::find_if(model.numbers().begin(), model.numbers().end(), [](const Number& n) { return n.key == "cell: pressure behind by"; });
    ASSERT_NE(late, model.numbers().end());
    EXPECT_NEAR(late->prior->mean, 0.5 * interval, 1e-9);
    EXPECT_NEAR(late->prior->deviation, std::sqrt(25.0 + interval * interval / 12.0), 1e-9); // 5 s that the clocks may differ by
  }
}

TEST(CalibrateRecords, OfTwoFlawsTheWeakerDecides) {
  const Observation o = observed({Observed::ccd});
  const RecordModel model(record_data(o.entry, o.record, o.study), {});
  std::vector<double> values;
  for (const Number& n : model.numbers()) values.push_back(n.start);
  const double scatter = values.back(), strongest = *ccd_of(test_outcome(until_short(o.study), simulate(until_short(o.study))));
  // Of two Weibull strengths the weaker has 2^(-1/modulus) of the median.
  EXPECT_NEAR(model.events(values, {}).at(0).predicted / strongest, std::pow(2.0, -scatter * std::sqrt(6.0) / std::numbers::pi), 1e-6);
}

TEST(CalibrateRecords, CellsThatAreDrawnFailWhereThePopulationSays) {
  Study study = until_short(cell());
  const double strongest = *ccd_of(test_outcome(study, simulate(study)));
  const Population expected = Population::of_flaws(strongest, loaded_flaws(study), std::numbers::pi / (study.parameters.scatter_flaw_modulus * std::sqrt(6.0)));
  constexpr int cells = 200;
  std::map<double, int> below;
  for (int seed = 1; seed <= cells; ++seed) {
    study.seed = static_cast<std::uint64_t>(seed);
    const double ccd = *ccd_of(test_outcome(study, simulate(study)));
    for (const double q : {0.1, 0.5, 0.9}) below[q] += ccd < expected.quantile(q) ? 1 : 0;
  }
  // Four deviations of such a count, and a tenth because CCDs are not quite proportional to strengths: of cells with one flaw 29 % would lie below the median.
  for (const auto& [q, count] : below) EXPECT_NEAR(static_cast<double>(count) / cells, q, 4.0 * std::sqrt(q * (1.0 - q) / cells) + 0.02) << q;
}

TEST(CalibrateRecords, ReadingsAfterTheShortAreNotUsed) {
  const Observation o = observed({Observed::voltage});
  const RecordData data = record_data(o.entry, o.record, o.study);
  double contact = 0.0;
  for (const Event& e : simulate(o.study).events)
    if (e.kind == "hard short" || e.kind == "soft short") {
      contact = e.time;
      break;
    }
  ASSERT_GT(contact, 0.0);
  EXPECT_LT(data.series.at(0).readings.back(), contact);
  EXPECT_GT(data.series.at(0).readings.back(), contact - 3600.0);
}

TEST(CalibrateRecords, ARecordCannotDriveATestThatIsSetAnewInBetween) {
  Observation o = observed({Observed::voltage});
  o.study.test.push_back({step::SetStackPressure{3e6}, "Set stack pressure to 3 MPa", {}});
  try {
    record_data(o.entry, o.record, o.study);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "C206");
  }
}

TEST(CalibrateRecovery, IntervalsHoldTheTruth) {
  keep_freed_memory();
  RecoveryOptions options;
  options.cells = 1;
  constexpr std::size_t laboratories = 6;
  std::map<std::string, std::size_t> covered;
  double squares = 0.0, count = 0.0;
  for (std::size_t k = 1; k <= laboratories; ++k)
    for (const Recovered& r : recover(1000 + k, options)) {
      covered[r.key] += r.intervals.at(Source::covariance).holds(r.truth);
      squares += std::pow(r.off / r.deviation, 2);
      count += 1.0;
    }
  ASSERT_EQ(covered.size(), 5u);
  // Of six intervals that hold the truth with 95 %, fewer than three do in one case of 11,000.
  for (const auto& [key, number] : covered) EXPECT_GE(number, 3u) << key;
  // 30 squares; those of one laboratory hang together, so that they are worth some 15: the mean of as many leaves 0.25 to 2.5 once in a thousand cases.
  EXPECT_GT(squares / count, 0.25);
  EXPECT_LT(squares / count, 2.5);
}

TEST(CalibrateResult, SetAndDrawsReadBack) {
  RecoveryOptions options;
  options.cells = 1;
  Calibration c = calibration_of(1, options);
  c.file.name = "mine";
  c.draws = {c.fit.values, c.fit.values};
  const auto folder = std::filesystem::temp_directory_path() / "platen-calibrate-set";
  std::filesystem::create_directories(folder);
  const auto path = folder / "mine.toml";
  std::ofstream(path) << fitted_set_toml(c, {{"a.csv", "00"}}, "platen test");
  std::vector<material::Wanted> wanted;
  for (const physics::ParameterInfo& row : physics::parameter_registry())
    wanted.push_back({std::string(row.name), row.dimension, std::string(row.shown_in), row.low, row.high, row.home == physics::Home::set});
  const material::ParameterSet set = material::read_set({.name = path.string()}, wanted);
  std::filesystem::remove_all(folder);
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j) {
    if (physics::find_parameter(c.problem.numbers[j].key) == nullptr) continue;
    const material::Property* p = set.find(c.problem.numbers[j].key);
    ASSERT_NE(p, nullptr);
    EXPECT_NEAR(p->value, c.fit.values[j], 1e-6 * c.fit.values[j]) << p->key;
    EXPECT_EQ(p->basis, "fitted");
    ASSERT_TRUE(p->range.has_value());
    EXPECT_NEAR(p->range->first, c.knowledge[j].low.value_or(c.problem.numbers[j].low), 1e-4 * p->value) << p->key;
  }
  const OverrideTable table = parse_overrides(draws_csv(c), "posterior.csv");
  ASSERT_EQ(table.rows(), 2u);
  ASSERT_EQ(table.columns.size(), 5u);
  EXPECT_EQ(table.columns[3].heading(), "flaw.depth [um]");
  EXPECT_NEAR(table.row(1)[3], 1e6 * c.fit.values[3], 1e-9 * 1e6 * c.fit.values[3]);
}

} // namespace
} // namespace platen::calibrate
