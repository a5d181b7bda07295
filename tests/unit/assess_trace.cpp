// A half cycle as levels, noise, scatter and sinking: what each is made of, on rows that are given.

#include "assess/trace.hpp"
#include "assess_waveforms.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace platen::assessing {
namespace {

constexpr double current = 1e-3, interval = 5.0; // A, s
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Half cycles at 1 mA in turns, each with so many rows; V as recorded along the current, by half cycle and row.
struct Rowed {
  std::vector<std::size_t> rows{400};
  std::function<double(std::size_t, std::size_t)> volts = [](std::size_t, std::size_t) { return 0.06; };
  double noise = 0.0; ///< V
  double step = 0.0;  ///< V, in which the instrument writes

  Record record() const {
    numerics::RandomStream draws(5, "trace");
    std::vector<double> t, i, v;
    double clock = 0.0;
    for (std::size_t h = 0; h < rows.size(); ++h)
      for (std::size_t k = 0; k < rows[h]; ++k, clock += interval) {
        const double sign = h % 2 == 0 ? 1.0 : -1.0, u = volts(h, k) + noise * draws.normal();
        t.push_back(clock);
        i.push_back(sign * current);
        v.push_back(sign * (step > 0.0 ? step * std::round(u / step) : u));
      }
    return waveforms::symmetric_record(std::move(t), std::move(i), std::move(v));
  }
  std::vector<Trace> traces() const { return traces_of(record()); }
  static std::vector<Trace> traces_of(const Record& r) {
    return make_traces(r, rows_of(r), find_segments(r), {0.0, true, {0.0}, {0.0}, {1e-3}});
  }
  Trace first() const { return traces().front(); }
};

TEST(Trace, ScatterIsThatAboutAMeanOfTwentyOneRows) {
  Rowed r;
  r.volts = [](std::size_t, std::size_t k) { return 0.06 + 1e-3 * std::sin(2.0 * std::numbers::pi * static_cast<double>(k) / 42.0); };
  const double mean = 1.0 / (21.0 * std::sin(std::numbers::pi / 42.0)); // of half a wave, over its amplitude
  EXPECT_NEAR(r.first().scatter, 1e-3 * (1.0 - mean) * 1.4826 * std::sqrt(0.5), 2e-5);
}

TEST(Trace, ABurstIsSoughtOnceCapacitancesAreCharged) {
  Rowed r;
  const auto noisy_at = [&](std::size_t from) {
    r.volts = [=](std::size_t, std::size_t k) { return 0.06 + (k >= from && k < from + 21 ? (k % 2 == 0 ? 5e-3 : -5e-3) : 0.0); };
    return r.first().burst;
  };
  EXPECT_LT(noisy_at(0), 1e-4);
  EXPECT_GT(noisy_at(63), 5e-3);
}

TEST(Trace, TheLowLevelIsOfMeansThatNoiseBarelyMovesAndLastsATenth) {
  Rowed r;
  r.noise = 12e-3; // a fifth of 60 mV: 44 rows are known to 3 %
  const Trace t = r.first();
  EXPECT_GT(t.low, 54.0);
  EXPECT_NEAR(t.middle, 60.0, 5.0 * 12.0 * 1.2533 / std::sqrt(400.0));
  EXPECT_NEAR(t.level_noise, t.noise / std::sqrt(std::ceil(std::pow(t.noise / (0.03 * 0.06), 2))), 2e-4);
  EXPECT_NEAR(t.middle_noise, 1.2533 * t.noise / std::sqrt(400.0), 1e-5);
  const auto low_for = [](std::size_t rows) {
    Rowed low;
    low.volts = [=](std::size_t, std::size_t k) { return k >= 100 && k < 100 + rows ? 0.03 : 0.06; };
    return low.first().low;
  };
  EXPECT_NEAR(low_for(60), 30.0, 1e-6);
  EXPECT_NEAR(low_for(20), 60.0, 1e-6);
}

TEST(Trace, StepsOfTheVoltageBlurALevelUnlessNoiseSpreadsThem) {
  Rowed r;
  r.step = 1e-3;
  r.volts = [](std::size_t, std::size_t k) { return 0.02 + 1e-4 * static_cast<double>(k); };
  const Trace quiet = r.first();
  EXPECT_NEAR(quiet.resolution, 1e-3, 1e-9);
  EXPECT_GE(quiet.noise, 1e-3 / std::sqrt(12.0) - 1e-12);
  EXPECT_GE(quiet.level_noise, 0.25e-3 - 1e-9);
  EXPECT_GE(quiet.middle_noise, 0.25e-3 - 1e-9);
  EXPECT_GE(quiet.noise_of_means.at(16), 0.25e-3 - 1e-9);
  r.noise = 2e-3;
  const Trace noisy = r.first();
  EXPECT_NEAR(noisy.resolution, 1e-3, 1e-9);
  EXPECT_EQ(noisy.rounding, 0.0);
  EXPECT_LT(noisy.middle_noise, 0.25e-3);
  Rowed coarse; // 12 bits of 5 V
  coarse.step = 1.2e-3;
  coarse.volts = [](std::size_t, std::size_t k) { return k % 20 < 10 ? 3.5e-3 : 4.3e-3; };
  const Trace low = coarse.first();
  EXPECT_NEAR(low.resolution, 1.2e-3, 1e-9);
  EXPECT_GE(low.noise, 1.2e-3 / std::sqrt(12.0) - 1e-9);
  EXPECT_GE(low.level_noise, 0.3e-3 - 1e-9) << "however many rows there are";
  EXPECT_GE(low.sunk_error, std::sqrt(2.0) * 0.3e-3 / 4.8e-3 - 1e-9);
  EXPECT_NEAR(noise_of({0.0, 0.0, 0.0, 0.0, 1e-4, 1e-4, 1e-4, 1e-4}), 1e-4 / std::sqrt(12.0), 1e-12);
  Rowed fine;
  fine.rows = {6000};
  fine.noise = 1e-5;
  EXPECT_EQ(fine.first().resolution, 0.0) << "many small changes that are no multiples of the least";
  r.step = 2e-3;
  EXPECT_EQ(r.first().resolution, 0.0) << "nobody writes a voltage in 2 mV";
  r.step = 0.0;
  EXPECT_EQ(r.first().resolution, 0.0) << "changes that are no multiples";
  EXPECT_EQ(rounding_blur({0.0, 1e-4, 0.0, 2e-4}, 1e-4), 0.0);
  EXPECT_NEAR(rounding_blur({0.0, 1e-4, 0.0, 2e-4}, 1e-6), 1e-4 / std::sqrt(12.0), 1e-12);
}

TEST(Trace, SinkingIsFromTheThirdToTheFifthTenthToTheEnd) {
  Rowed r;
  r.volts = [](std::size_t, std::size_t k) { return k < 118 ? 0.08 : k < 202 ? 0.06 : k < 338 ? 0.057 : 0.054; };
  const Trace t = r.first();
  EXPECT_NEAR(t.sunk, std::log(0.9), 0.005);
  EXPECT_NEAR(t.late, 54.0, 0.1);
  r.volts = [](std::size_t, std::size_t) { return 0.06; };
  r.noise = 1e-3;
  const Trace noisy = r.first();
  EXPECT_NEAR(noisy.sunk_error, std::sqrt(2.0 / 60.0) * noisy.noise / 0.06, 0.05 * noisy.sunk_error) << "60 rows in the last 15 %";
}

TEST(Trace, NoiseIsThatOfHalfCyclesLongEnoughAndNotOfShortedOnes) {
  Rowed r;
  r.noise = 1e-3;
  r.rows = {7, 7, 7, 7, 7, 7, 400, 400};
  r.volts = [](std::size_t, std::size_t) { return 0.06; };
  Rowed quiet = r;
  quiet.noise = 0.0;
  quiet.volts = [](std::size_t h, std::size_t k) { return 0.06 + (h >= 6 ? (k % 3 == 0 ? 1.5e-3 : -0.75e-3) : 0.0); };
  EXPECT_GT(quiet.traces().back().noise, 1e-3) << "seven rows of one number say nothing";
  r.rows = {400, 400, 400, 400};
  r.volts = [](std::size_t h, std::size_t k) { return 0.06 + (h >= 2 ? (k % 4 < 2 ? 20e-3 : -20e-3) : 0.0); };
  EXPECT_LT(r.traces().back().noise, 1.5e-3);
  EXPECT_LT(r.traces().back().noise_of_means.at(2), 1.5e-3);
}

TEST(Trace, NoiseThatWandersDoesNotAverageOut) {
  Rowed r;
  r.noise = 0.2e-3;
  r.volts = [](std::size_t, std::size_t k) { return 0.06 + 2e-3 * std::sin(0.15 * static_cast<double>(k)); };
  const Trace t = r.first();
  EXPECT_GT(t.noise_of_means.at(16), 3.0 * t.noise / 4.0);
  NoiseModel model;
  model.deviation = {5.0, 4.0, 3.0, 2.0, 1.0};
  EXPECT_DOUBLE_EQ(model.at(1), 5.0);
  EXPECT_DOUBLE_EQ(model.at(3), 4.0 * std::sqrt(2.0 / 3.0));
  EXPECT_DOUBLE_EQ(model.at(64), 0.5);
  EXPECT_EQ(noise_model(std::vector<double>{1, 2, 1, 2, 1, 2, 1, 5, 1, 2}).deviation[1], 0.0) << "five means are too few";
}

TEST(Trace, ATemperatureThatCannotBeIsThatOfTheCellFile) {
  Record r = Rowed{}.record();
  r.cell.temperature = 333.15;
  const auto kelvin = [&](double logged) {
    r.set(col::temperature, std::vector<double>(r.rows(), logged));
    return Rowed::traces_of(r).front().temperature;
  };
  EXPECT_DOUBLE_EQ(kelvin(313.15), 313.15);
  EXPECT_DOUBLE_EQ(kelvin(25.0), 333.15) << "degrees Celsius under the wrong name";
  EXPECT_DOUBLE_EQ(kelvin(nan), 333.15);
}

TEST(Trace, TheLastRowStandsOnlyWhereTheRecordEnds) {
  EXPECT_EQ(without_outliers({1.0, 1.0, 1.0, 5.0}, true).back(), 5.0);
  EXPECT_EQ(without_outliers({1.0, 1.0, 1.0, 5.0}, false).back(), 1.0);
  Trace t;
  t.half_cycle.current = current;
  t.u = {0.01, 0.01};
  EXPECT_FALSE(t.has_levels());
  t.last_of_record = true;
  EXPECT_TRUE(t.has_levels());
  t.u = {-0.01, -0.01};
  EXPECT_FALSE(t.has_levels()) << "against the current";
}

TEST(Trace, IsBelowAResistanceFromWhereItStays) {
  Trace t;
  t.half_cycle.start = 100.0;
  for (std::size_t k = 0; k < 60; ++k) {
    t.time.push_back(105.0 + interval * static_cast<double>(k));
    t.r.push_back(k == 10 || k == 11 || k >= 30 ? 20.0 : 60.0);
  }
  EXPECT_DOUBLE_EQ(first_below(t, 30.0), t.time[30]) << "two rows are none";
  t.r.assign(60, 20.0);
  EXPECT_DOUBLE_EQ(first_below(t, 30.0), 100.0) << "from the switch on";
}

/// Rows every 10 s; after each of `crowds` equally spaced moments nine more, 0.2 s apart.
Trace timed(std::size_t rows, std::size_t crowds) {
  Trace t;
  for (std::size_t k = 0; k < rows; ++k) {
    const double at = 10.0 * static_cast<double>(k);
    const bool crowd = crowds > 0 && k % std::max<std::size_t>(1, rows / crowds) == 1 && k + 1 < rows;
    for (int j = 0; j < (crowd ? 10 : 1); ++j) {
      t.time.push_back(at + 0.2 * j);
      t.u.push_back(j == 0 ? 0.06 : 0.05);
      t.current.push_back(current);
    }
  }
  return t;
}

TEST(EvenTime, RowsThatAVoltageTriggeredWeighNoMoreThanTheirTime) {
  Trace plain = timed(100, 0);
  make_even_in_time(plain);
  EXPECT_EQ(plain.time.size(), 100u);
  Trace crowded = timed(100, 30); // of 370 rows 270 are crowded: most of the intervals are short
  make_even_in_time(crowded);
  EXPECT_NEAR(static_cast<double>(crowded.time.size()), 99.0, 2.0);
  for (std::size_t k = 1; k < crowded.time.size(); ++k) EXPECT_NEAR(crowded.time[k] - crowded.time[k - 1], 10.0, 1e-6);
  EXPECT_LT(*std::min_element(crowded.u.begin(), crowded.u.end()), 0.058) << "but no less";
  Trace single = timed(400, 1); // nine of 409: left out, the others stand as they were
  make_even_in_time(single);
  EXPECT_EQ(single.time.size(), 400u);
  EXPECT_DOUBLE_EQ(single.time[5], 50.0);
  Trace uneven = timed(100, 0);
  for (std::size_t k = 0; k < 100; k += 2) uneven.time[k] += 5.0; // 5 and 15 s: a third
  const std::vector<double> before = uneven.time;
  make_even_in_time(uneven);
  EXPECT_EQ(uneven.time, before);
  Trace few = timed(6, 2);
  make_even_in_time(few);
  EXPECT_EQ(few.time.size(), 6u) << "too few for means";
}

} // namespace
} // namespace platen::assessing
