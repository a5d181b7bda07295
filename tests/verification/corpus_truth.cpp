// Labels held against what can be known without them: the simulator's own charges and events, and the curves themselves.

#include "corpus/corpus.hpp"
#include "corpus/described.hpp"
#include "corpus/simulated.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

namespace platen::corpus {
namespace {

std::uint64_t seed(std::uint64_t number) { return seed_of(Set::development, number); }

/// Charge (C) that the moments send beside the electrolyte.
struct Beside {
  double net = 0.0;
  double both_ways = 0.0; ///< without its sign: half cycles after a short cancel each other in `net`
};

Beside charge_beside(const Record& ideal, const std::vector<Moment>& moments) {
  const auto t = ideal.real(col::test_time), i = ideal.real(col::current);
  Beside out;
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double moved = 0.5 * (moments[k].share * i[k] + moments[k - 1].share * i[k - 1]) * (t[k] - t[k - 1]);
    out.net += moved;
    out.both_ways += std::abs(moved);
  }
  return out;
}

TEST(CorpusTruth, SimulatedSharesAddUpToTheChargeThatTheSolverSentThroughFilaments) {
  int checked = 0;
  for (const simulated::Kind& kind : simulated::table) {
    if (kind.course != simulated::Course::ramp) continue;
    for (std::uint64_t n = 0; n < 12; ++n) {
      const Record ideal = simulate(parse_study(simulated::draw(kind, seed(n)).study, "drawn", "."));
      const auto through = ideal.real("shorted_charge");
      const double wanted = through.back() * *ideal.cell.area;
      if (std::abs(wanted) < 0.01) continue;
      // rows show the flickering contact, the state its mean: bridges dominate, and both agree there
      const Beside beside = charge_beside(ideal, simulated::moments_of(ideal));
      EXPECT_NEAR((beside.net - wanted) / beside.both_ways, 0.0, 0.1) << "seed " << seed(n);
      ++checked;
    }
  }
  EXPECT_GE(checked, 4);
}

TEST(CorpusTruth, SimulatedOnsetFollowsFirstContact) {
  int checked = 0;
  for (const simulated::Kind& kind : simulated::table) {
    if (kind.course != simulated::Course::short_ramp) continue;
    for (std::uint64_t n = 0; n < 30; ++n) {
      const Record ideal = simulate(parse_study(simulated::draw(kind, seed(n)).study, "drawn", "."));
      const auto event = [&](std::string_view what) {
        return std::find_if(ideal.events.begin(), ideal.events.end(), [&](const Event& e) { return e.kind == what; });
      };
      Label label;
      label.interval = 10.0;
      describe_leak(simulated::moments_of(ideal), label);
      const auto soft = event("soft short"), hard = event("hard short");
      if (soft == ideal.events.end()) {
        EXPECT_TRUE(label.shorts.empty()) << "seed " << seed(n);
        continue;
      }
      if (hard == ideal.events.end()) continue; // contact may stay fainter than a leak
      ASSERT_TRUE(label.onset_from) << "seed " << seed(n);
      EXPECT_GE(*label.onset_from, soft->time) << "seed " << seed(n);
      EXPECT_LE(*label.onset_from, hard->time + 120.0) << "seed " << seed(n);
      ++checked;
    }
  }
  EXPECT_GE(checked, 5);
}

/// Median of |V/I| over the rows of a stretch of time at one sign and size of the current.
double resistance(const Record& record, double from, double to, double like) {
  const auto t = record.real(col::test_time), u = record.real(col::voltage), i = record.real(col::current);
  std::vector<double> r;
  for (std::size_t k = 0; k < t.size(); ++k)
    if (t[k] >= from && t[k] <= to && std::abs(i[k] - like) <= 1e-9) r.push_back(u[k] / i[k]);
  if (r.size() < 3) return NAN;
  std::nth_element(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(r.size() / 2), r.end());
  return r[r.size() / 2];
}

TEST(CorpusTruth, DescribedCollapseIsWhereTheLabelSaysAndAsDeep) {
  described::Kind kind{};
  for (const described::Kind& k : described::table)
    if (k.leak == LeakKind::collapse && !k.full) kind = k;
  int checked = 0;
  for (std::uint64_t n = 0; n < 60; ++n) {
    const described::Test test = described::symmetric_cell(kind, seed(n), {});
    Label label;
    label.interval = test.bench.interval;
    describe_leak(test.moments, label);
    if (label.condition != Condition::hard_short) continue;
    const auto t = test.ideal.real(col::test_time), i = test.ideal.real(col::current);
    const auto at = static_cast<std::size_t>(std::lower_bound(t.begin(), t.end(), *label.onset_to) - t.begin());
    const double like = i[std::min(at, t.size() - 1)];
    const double wide = 20.0 * test.bench.interval;
    const double before = resistance(test.ideal, *label.onset_from - wide, *label.onset_from - 0.5 * test.bench.ideal_interval(), like);
    // closing takes up to half a minute per time constant, charged interfaces as long again
    const double after = resistance(test.ideal, *label.onset_to + 150.0, *label.onset_to + 150.0 + wide, like);
    if (!std::isfinite(before) || !std::isfinite(after)) continue;
    EXPECT_LT(after, 0.45 * before) << "seed " << seed(n);
    ++checked;
  }
  EXPECT_GE(checked, 10);
}

TEST(CorpusTruth, DescribedVoltageObeysOhmBesideItsLeak) {
  // V = I/(1/R + G): with the share s = G R/(1 + G R) of the moments, V G = s I once the interfaces are charged.
  for (const described::Kind& kind : described::table) {
    if (kind.full || kind.leak != LeakKind::from_the_start) continue;
    for (std::uint64_t n = 0; n < 10; ++n) {
      const described::Test test = described::symmetric_cell(kind, seed(n), {});
      const auto t = test.ideal.real(col::test_time), u = test.ideal.real(col::voltage), i = test.ideal.real(col::current);
      std::map<double, const Moment*> at;
      for (const Moment& m : test.moments) at[m.time] = &m;
      std::vector<double> off;
      for (std::size_t k = 0; k < t.size(); ++k)
        if (const auto m = at.find(t[k]); i[k] != 0.0 && m != at.end() && m->second->half_cycle >= 0) off.push_back(u[k] * m->second->conductance / (m->second->share * i[k]));
      if (off.size() < 50) continue;
      std::nth_element(off.begin(), off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2), off.end());
      EXPECT_NEAR(off[off.size() / 2], 1.0, 0.03) << "seed " << seed(n);
    }
  }
}

TEST(CorpusTruth, DescribedFullCellLosesWhatItsLeakTakes) {
  // Charge in minus charge out over closed cycles is what the leak took: coulombic efficiency knows of the label.
  for (const described::Kind& kind : described::table) {
    if (!kind.full || (kind.leak != LeakKind::none && kind.leak != LeakKind::percolation)) continue;
    for (std::uint64_t n = 0; n < 6; ++n) {
      const described::Test test = described::full_cell(kind, seed(n), {});
      const auto t = test.ideal.real(col::test_time), i = test.ideal.real(col::current), u = test.ideal.real(col::voltage);
      std::map<double, double> conductance;
      for (const Moment& m : test.moments) conductance[m.time] = m.conductance;
      double net = 0.0, leaked = 0.0, passed = 0.0;
      for (std::size_t k = 1; k < t.size(); ++k) {
        const double step = t[k] - t[k - 1];
        net += i[k] * step;
        passed += std::abs(i[k]) * step;
        leaked += conductance[t[k]] * u[k] * step;
      }
      if (kind.leak == LeakKind::none) {
        EXPECT_EQ(leaked, 0.0);
      } else if (leaked > 0.2 * passed) {
        EXPECT_GT(net, 0.5 * leaked) << kind.name << ", seed " << seed(n);
      }
    }
  }
}

TEST(CorpusTruth, RecordsHideWhatNobodySees) {
  for (std::uint64_t n = 0; n < 100; ++n)
    for (const Generator g : {Generator::simulated, Generator::described}) {
      const Cell cell = make_cell(g, seed(n));
      EXPECT_TRUE(cell.record.study.empty());
      for (const Column& column : cell.record.columns()) EXPECT_NE(find_column(column.name), nullptr) << column.name;
      for (const Event& e : cell.record.events) EXPECT_EQ(e.kind, "step");
      EXPECT_GT(cell.record.rows(), 20u) << label(g) << " " << n;
    }
}

} // namespace
} // namespace platen::corpus
