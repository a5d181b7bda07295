#pragma once
// The judge measured: how often it finds what is there, and says what is not. Theory: docs/theory/corpus.md.

#include "numerics/proportion.hpp"
#include "referee/judged.hpp"
#include "work/work.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace platen::referee {

struct Plan {
  corpus::Set set = corpus::Set::development;
  std::vector<corpus::Generator> generators{corpus::Generator::simulated, corpus::Generator::described};
  std::size_t cells = 1200;  ///< of each generator
  std::uint64_t first = 0;   ///< number of the first cell within the set
  bool ablation = true;
  bool bound = false;        ///< also what could be known at all, from the twins without a leak
  unsigned threads = 0;      ///< 0: all cores; the result does not depend on it
};

/// Makes and judges the cells of a plan, generator by generator in the order of their numbers.
/// @throws Cancelled; what `corpus::make_cell` and `assess` throw.
std::vector<Judged> judge_cells(const Plan& plan, const work::Task& task = {});

/// `hits` of `of`, with bounds that hold 95 % of the time (Clopper and Pearson).
struct Rate {
  std::size_t hits = 0, of = 0;
  double value() const;            ///< NaN of nothing
  numerics::Bounds bounds() const;
  void count(bool hit) {
    ++of;
    hits += hit ? 1U : 0U;
  }
};

/// What was asked of the judge. `met` compares the figure itself; the bounds say how sure that is.
struct Aim {
  std::string name;
  Rate rate;
  double wanted = 0.0;   ///< 1
  bool at_least = true;  ///< false: at most
  std::optional<bool> met() const; ///< empty of nothing
};

inline constexpr std::array conditions{corpus::Condition::healthy,    corpus::Condition::contact_loss, corpus::Condition::faint_leak,
                                       corpus::Condition::soft_short, corpus::Condition::hard_short,   corpus::Condition::fake_stable};
inline constexpr std::array verdicts{Verdict::healthy,    Verdict::contact_loss, Verdict::soft_short,
                                     Verdict::hard_short, Verdict::fake_stable,  Verdict::cannot_tell};
/// Cells by what they are (rows) and what they are called (columns), in the orders above.
using Confusion = std::array<std::array<std::size_t, verdicts.size()>, conditions.size()>;

/// One setting of the decisive score.
struct OperatingPoint {
  double score = 0.0;
  Rate hard, soft, fake, alarms; ///< found of hard shorts, of soft ones longer than 2 min, of those older than the test; false alarms of healthy cells
};

struct Bin {
  double low = 0.0, high = 0.0;
  Rate rate;
};

/// Distribution of the onset's errors over found shorts, s; NaN without any.
struct OnsetErrors {
  std::size_t count = 0, early = 0;
  double least = 0, low = 0, median = 0, high = 0, most = 0; ///< 2.5, 50 and 97.5 % between the extremes
};

struct KindRow {
  std::string kind;
  std::size_t cells = 0;
  Rate found;   ///< of cells with a short of at least a tenth
  Rate alarms;  ///< of healthy cells and those with contact loss
  Rate faint;   ///< alarms of faint leaks
};

/// What one test is worth: the same cells without it.
struct Worth {
  std::string test;
  std::size_t made = 0;            ///< cells on which it was made
  std::size_t lost = 0, gained = 0; ///< shorts found only with it, only without it
  Rate found;                      ///< of shorts, without it
  std::size_t alarms_more = 0, alarms_less = 0; ///< false alarms that appear, that vanish without it
};

/// What could be found at all of the shorts that an aim asks for, whoever judges.
struct Possible {
  std::string name;
  std::size_t cells = 0, found = 0;
  double known = 0.0, habits = 0.0, within = 0.0; ///< cells that the best judge finds on average, by what it knows (Bound)
  std::size_t hidden = 0;  ///< cells that who knows the habits finds less than every other time
  std::size_t missed = 0;  ///< other cells that the judge missed
};
/// Onsets of the shorts that the judge found.
struct Dated {
  std::string name;
  Rate told;    ///< its rows say within the tolerance that something has begun
  Rate right;   ///< of those, onset right
  Rate by_luck; ///< of the others, onset right
};

/// Everything measured of one generator's cells, or of all.
struct Summary {
  std::string name; ///< "simulated", "described", "all"
  std::size_t cells = 0, rows = 0;
  Confusion confusion{};
  std::vector<Aim> aims;
  std::vector<OperatingPoint> curve;
  std::vector<Bin> by_duration;  ///< of shorts (no faint ones), s under current
  std::vector<Bin> by_share;     ///< of shorts and faint leaks, mean share of the current beside the electrolyte
  OnsetErrors onset;
  Rate before, during, after;    ///< half cycles called shorted: false, true, and after a short was over
  std::vector<KindRow> kinds;
  std::vector<Worth> tests;      ///< empty without ablation
  std::vector<Possible> possible; ///< empty unless asked for
  std::vector<Dated> dated;       ///< likewise
};

Summary summarise(const std::vector<Judged>& cells, std::string name);
/// One summary per generator, and one of all where there are several.
std::vector<Summary> summaries(const std::vector<Judged>& cells);

} // namespace platen::referee
