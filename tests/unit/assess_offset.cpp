// The zero error of the voltage (A1), where it is known.

#include "assess/offset.hpp"
#include "assess/thresholds.hpp"
#include "assess/trace.hpp"
#include "assess_waveforms.hpp"
#include "numerics/proportion.hpp"
#include "numerics/statistics.hpp"

#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>
#include <numbers>

namespace platen {
namespace {

using namespace assessing;

/// A ramp of ten steps, 10 min each way, a row every 10 s.
struct Made {
  double zero = 1e-3, drift = 0.0; ///< V; V over the test
  double unequal = 0.0;            ///< relative difference of the directions
  double resistance = 30.0, rising = 0.0; ///< ohm; relative, from half cycle to half cycle
  double rest = 0.0;               ///< s, after each half cycle
  double relaxing = 0.0, relaxes_in = 20.0; ///< share of the voltage before that a rest begins with, but for its first row; s in which it falls to 1/e
  std::size_t per_step = 2;        ///< half cycles at one current
  double becomes_unequal = 0.0;    ///< by which `unequal` has changed at the end
  double wander = 0.0;             ///< V, by which the zero goes up and down within a day
  double open = 0.0;               ///< V at rest, of the cell itself
  double pulse = 0.0;              ///< A in the last row of each rest, always in one direction
  double held = 0.0;               ///< share of the voltage before, in the first row of each rest
  std::size_t from = 20;           ///< half cycle from which 30 % is left of the voltage in one direction
  std::uint64_t seed = 1;
  double duration() const { return 20.0 * (600.0 + rest); }
  double at(double time) const { return zero + drift * time / duration() + wander * std::sin(2.0 * std::numbers::pi * time / 86400.0); }
  Record record() const {
    numerics::RandomStream draws(seed, "offset");
    std::vector<double> t, i, v;
    for (std::size_t h = 0; h < 20; ++h) {
      const double sign = h % 2 == 0 ? 1.0 : -1.0, current = sign * 1e-4 * static_cast<double>(h / per_step + 1);
      const double left = h >= from && h % 2 == from % 2 ? 0.3 : 1.0;
      for (double x = 10.0; x <= 600.0 + rest; x += 10.0) {
        t.push_back(static_cast<double>(h) * (600.0 + rest) + x);
        i.push_back(x <= 600.0 ? current : x > 595.0 + rest ? pulse : 0.0);
        const double factor = left * (1.0 + 0.5 * sign * (unequal + becomes_unequal * static_cast<double>(h) / 20.0)) * (1.0 + rising * static_cast<double>(h));
        const double remains = x <= 600.0 ? 1.0 : x < 615.0 ? held : relaxing * std::exp(-(x - 600.0) / relaxes_in);
        const double rests = x > 600.0 ? open + i.back() * resistance : 0.0;
        v.push_back(at(t.back()) + current * resistance * factor * remains + rests + 2e-5 * draws.normal());
      }
    }
    return waveforms::symmetric_record(std::move(t), std::move(i), std::move(v));
  }
};

Offset offset_of(const Record& record) { return find_offset(rows_of(record), find_segments(record)); }

/// Largest error at the start of a half cycle, V.
double largest_error(const Made& m) {
  const Offset found = offset_of(m.record());
  double out = 0.0;
  for (std::size_t h = 0; h < 20; ++h) out = std::max(out, std::abs(found.at(static_cast<double>(h) * (600.0 + m.rest)) - m.at(static_cast<double>(h) * (600.0 + m.rest))));
  return out;
}

TEST(AssessOffset, UnequalInterfacesAndADriftAreToldApart) {
  Made m;
  m.drift = 0.5e-3;
  EXPECT_LT(largest_error(m), 0.5e-3) << "in a ramp the load grows with the time";
  m.unequal = 0.14;
  EXPECT_LT(largest_error(m), 0.5e-3) << "half-sums are off by up to 2 mV";
}

TEST(AssessOffset, AShortInOneDirectionMovesItLittle) {
  for (const std::size_t from : {4u, 5u, 9u, 14u}) {
    Made m;
    m.from = from;
    EXPECT_LT(largest_error(m), 0.3e-3) << from << ": half-sums are off by up to 10 mV";
  }
}

TEST(AssessOffset, RestsTellIt) {
  Made m;
  m.from = 0; // a short in one direction from the first half cycle on: half-sums tell nothing
  m.rest = 30.0;
  m.drift = 1e-3;
  EXPECT_LT(largest_error(m), 0.1e-3);
}

TEST(AssessOffset, TheFirstRowOfARestIsReadBeforeTheCurrentIsOff) {
  for (const double rest : {20.0, 30.0}) {
    Made m;
    m.from = 0;
    m.rest = rest;
    m.held = 1.0;
    EXPECT_LT(largest_error(m), 0.1e-3) << rest;
  }
}

TEST(AssessOffset, RestsFollowAZeroThatWandersWithTheRoom) {
  Made m;
  m.rest = 3600.0;
  m.wander = 0.25e-3;
  EXPECT_LT(largest_error(m), 0.1e-3) << "no straight line of the time does";
}

TEST(AssessOffset, ThisIsNoRest) {
  Made open; // a cell that is open, or has a voltage of its own
  open.rest = 30.0;
  open.open = 20e-3;
  EXPECT_LT(largest_error(open), 0.5e-3);
  Made pulsed; // too short for a half cycle
  pulsed.rest = 20.0;
  pulsed.resistance = 4.0;
  pulsed.pulse = 1e-3;
  EXPECT_LT(largest_error(pulsed), 0.5e-3);
}

TEST(AssessOffset, ItsErrorOverTheTestKnowsHowFarItWanders) {
  Made steady, wandering;
  steady.rest = wandering.rest = 30.0;
  wandering.drift = 3e-3;
  const double rms = 3e-3 / std::sqrt(12.0); // of a straight line about its middle
  EXPECT_LT(offset_of(steady.record()).typical_error(), 0.1e-3);
  EXPECT_NEAR(offset_of(wandering.record()).typical_error(), rms, 0.15 * rms);
}

TEST(AssessOffset, WithNeitherRestNorPairNothingIsKnown) {
  std::vector<double> t, i, v;
  for (double x = 10.0; x <= 600.0; x += 10.0) {
    t.push_back(x);
    i.push_back(1e-4);
    v.push_back(5e-3);
  }
  const Record record = waveforms::symmetric_record(std::move(t), std::move(i), std::move(v));
  const Offset found = offset_of(record);
  EXPECT_FALSE(found.known);
  EXPECT_FALSE(assess(record).voltage_offset_error) << "0 is no reading of it";
  EXPECT_EQ(found.at(300.0), 0.0);
  EXPECT_EQ(found.error_at(300.0), thresholds::unknown_offset);
}

TEST(AssessOffset, ItsStatedErrorHolds) {
  constexpr std::size_t each = 60;
  const auto between = [](auto& draws, double low, double high) { return low + (high - low) * draws.uniform(); };
  const auto study = [&](const char* name, auto change) {
    std::size_t held = 0;
    std::vector<double> errors;
    for (std::size_t k = 0; k < each; ++k) {
      numerics::RandomStream draws(1000 + k, "offset");
      Made m;
      m.seed = k;
      m.zero = 1.5e-3 * draws.normal();
      m.drift = between(draws, -1e-3, 1e-3);
      m.unequal = between(draws, -0.15, 0.15);
      m.resistance = std::exp(between(draws, std::log(3.0), std::log(300.0)));
      change(m, draws);
      const Offset found = offset_of(m.record());
      const double time = 0.5 * m.duration();
      errors.push_back(std::abs(found.at(time) - m.at(time)));
      held += errors.back() <= found.error_at(time);
    }
    std::cout << fmt::format("OFFSET {}: within its error {} of {}, off by {:.3f} mV in the median\n", name, held, each, numerics::median(errors) * 1e3);
    EXPECT_GE(numerics::binomial_bounds(held, each).high, 0.95) << name;
  };
  study("pairs", [](Made&, auto&) {});
  study("rests", [](Made& m, auto&) { m.rest = 60.0; });
  study("resistance that rises", [&](Made& m, auto& d) { m.rising = between(d, 0.0, 0.1); });
  study("resistance that falls", [&](Made& m, auto& d) { m.rising = -between(d, 0.0, 0.04); });
  study("interphase that grows in many half cycles at one current", [&](Made& m, auto& d) {
    m.per_step = 10;
    m.rising = between(d, 0.0, 0.1);
  });
  study("one interface that ages", [&](Made& m, auto& d) {
    m.unequal = 0.0;
    m.becomes_unequal = between(d, -0.3, 0.3);
  });
  study("rests that relax", [&](Made& m, auto& d) {
    m.rest = 60.0;
    m.relaxing = between(d, 0.0, 0.3);
    m.relaxes_in = between(d, 5.0, 25.0);
  });
  study("rests that relax slowly", [&](Made& m, auto& d) {
    m.rest = 60.0;
    m.relaxing = between(d, 0.0, 0.01);
    m.relaxes_in = 600.0;
  });
  study("short in one direction", [&](Made& m, auto& d) { m.from = 4 + static_cast<std::size_t>(14.0 * d.uniform()); });
}

} // namespace
} // namespace platen
