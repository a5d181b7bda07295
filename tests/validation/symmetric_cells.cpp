// The symmetric cells of Ham et al. 2022, and the judge against cells whose fate is known.

#include "assess/assessment.hpp"
#include "instrument/instrument.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"
#include "targets/targets.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <set>

namespace platen {
namespace {

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

TEST(Ham2022, SymmetricRows) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("hold-") && entry.path().stem() != "hold-40degC") files.push_back(entry.path());
  ASSERT_EQ(files.size(), 11U);
  std::vector<Record> records(files.size());
  std::vector<Assessment> assessments(files.size());
  work::parallel_for(files.size(), [&](std::size_t k) {
    records[k] = simulate(read_study(files[k]));
    assessments[k] = assess(records[k]);
  });
  std::vector<JudgedCell> cells;
  for (std::size_t k = 0; k < files.size(); ++k) cells.push_back({&records[k], &assessments[k]});
  // Missed even in sample by the calibrated set: one failing step, which the scatter between cells lets it leave low (docs/theory/fit.md).
  const std::set<std::string> missed{"T08"};
  std::size_t evaluated = 0;
  std::printf("id   class    Platen    band            verdict  (fitted to)\n");
  for (const TargetResult& r : evaluate_targets(cells)) {
    const bool of_cells = r.target.target_class == "model" || r.target.target_class == "fitted";
    if (r.verdict == TargetVerdict::not_evaluated || !of_cells) continue;
    ++evaluated;
    std::printf("%s  %-7s %8.3f  %6.3f..%-6.3f  %-8s %s\n", r.target.id.c_str(), r.target.target_class.c_str(), *r.platen,
                r.target.low.value_or(NAN), r.target.high.value_or(NAN), std::string(label(r.verdict)).c_str(), r.note.c_str());
    EXPECT_EQ(r.verdict, missed.contains(r.target.id) ? TargetVerdict::missed : TargetVerdict::met) << r.target.id << " gives " << *r.platen;
  }
  EXPECT_EQ(evaluated, 8U) << "T01, T02, T03, T06 to T10";
}

struct Fate {
  bool shorted = false;
  double step = 0.0; ///< A/m2, the ramp's step in which the cell shorted
};

/// What happened, from the simulator's own events; the judge never sees them.
Fate fate(const Record& ideal) {
  Fate out;
  for (const Event& e : ideal.events) {
    if (e.kind != "soft short" && e.kind != "hard short") continue;
    const auto t = ideal.real(col::test_time), i = ideal.real(col::current);
    for (std::size_t k = 0; k < t.size() && t[k] <= e.time; ++k) out.step = std::abs(i[k]) / *ideal.cell.area;
    out.shorted = true;
    return out;
  }
  return out;
}

struct Count {
  int right = 0, wrong_step = 0, missed = 0, false_alarms = 0, not_shorted = 0;
};

Count judge_population(bool filament, int cells) {
  // Conditions vary with the cell so that no single waveform is learned by heart.
  static constexpr const char* holds[] = {"1 min", "5 min", "20 min", "30 min", "60 min", "120 min", "600 min"};
  std::vector<std::pair<Fate, Assessment>> results(static_cast<std::size_t>(cells));
  work::parallel_for(results.size(), [&](std::size_t k) {
    const std::string hold = holds[k % std::size(holds)];
    const std::string text = "extends = \"symmetric.toml\"\nname = \"cell\"\nseed = " + std::to_string(k + 1) +
                             "\ntest = [\"Hold at 25 MPa for " + hold + " at 25 degC\", \"Release to 5 MPa\", "
                             "\"Heat to 40 degC in 1 h\", \"Set stack pressure to 5 MPa\", \"Ramp from 0.127 mA/cm2" +
                             (filament ? " in steps of 0.127 mA/cm2, 15 min per half cycle, until short\"]"
                                       : " to 2.1 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle\"]") +
                             "\n[mechanisms]\nfilament = " + (filament ? "true" : "false") + "\n";
    const Record ideal = simulate(parse_study(text, "seeded", folder));
    results[k] = {fate(ideal), assess(measure(ideal, typical_instrument(), k + 1))};
  });
  Count count;
  for (std::size_t k = 0; k < results.size(); ++k) {
    const auto& [truth, judged] = results[k];
    const bool said = judged.ccd && judged.ccd->failing_step;
    if (!truth.shorted) {
      ++count.not_shorted;
      const bool alarm = said || judged.verdict == Verdict::soft_short || judged.verdict == Verdict::hard_short ||
                         judged.verdict == Verdict::fake_stable;
      if (alarm) {
        ++count.false_alarms;
        std::printf("cell %zu: false alarm: %s\n", k, judged.reason.c_str());
      }
    } else if (!said) {
      ++count.missed;
      std::printf("cell %zu: short at %.3f mA/cm2 missed: %s %s\n", k, truth.step / 10, judged.reason.c_str(), judged.ccd_refused.c_str());
    } else if (std::abs(*judged.ccd->failing_step - truth.step) > 0.5 * 1.27) {
      ++count.wrong_step;
      std::printf("cell %zu: short at %.3f, reported %.3f: %s\n", k, truth.step / 10, *judged.ccd->failing_step / 10, judged.reason.c_str());
    } else {
      ++count.right;
    }
  }
  return count;
}

TEST(Judge, FindsTheFailingStepOfSeededCells) {
  const Count c = judge_population(true, 200);
  std::printf("200 seeded cells: failing step right %d, wrong %d, short missed %d, not shorted %d (false alarms %d)\n", c.right,
              c.wrong_step, c.missed, c.not_shorted, c.false_alarms);
  EXPECT_EQ(c.not_shorted, 0);
  EXPECT_GE(c.right, 196);
}

TEST(Judge, RaisesNoAlarmOnHealthyCells) {
  const Count c = judge_population(false, 200);
  std::printf("200 healthy cells: false alarms %d\n", c.false_alarms);
  EXPECT_EQ(c.not_shorted, 200);
  EXPECT_EQ(c.false_alarms, 0);
}

} // namespace
} // namespace platen
