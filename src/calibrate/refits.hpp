#pragma once
// The published rows fitted again: with rival explanations, and without one figure at a time, whose rows are then predicted.
// Theory: docs/theory/fit.md, docs/theory/mechanisms.md.

#include "calibrate/published.hpp"
#include "work/journal.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// A combination of the rival explanations H1 to H5 and fatigue.
struct Explanation {
  std::string name;    ///< "H1 H2 H3 H5 F"
  std::string meaning; ///< in words
  Mechanisms mechanisms;
};

/// Sensible combinations, that of set Ham2022 first and then with one law more or less, or one for another.
std::vector<Explanation> ham2022_explanations();

/// Figures that can be left out, in the order of the paper.
std::vector<std::string> ham2022_figures();

/// A row as a fit to other rows predicts it, or, where no figure was left out, as the fit to it meets it.
struct RowForecast {
  std::string row;
  std::optional<double> platen; ///< in the row's unit, by the same judge as `reproduce`
  std::string platen_text;      ///< where the row is a word
  TargetVerdict verdict = TargetVerdict::not_evaluated;
  std::optional<double> in_band;    ///< probability of meeting the row, over the draws
  std::optional<double> likelihood; ///< of the row's term, over the draws

  bool operator==(const RowForecast&) const = default;
};

struct Refit {
  std::string explanation;
  std::string left_out;   ///< figure; empty: none
  std::vector<double> values; ///< SI, one per number of the explanation
  double cost = 0.0;      ///< -2 ln posterior but for a constant
  double deviance = 0.0;  ///< -2 ln likelihood but for a constant
  double evidence = 0.0;  ///< ln of the marginal likelihood, Laplace's approximation, but for the same constant
  double effective = 0.0; ///< numbers that the rows determine beyond what the priors say
  std::size_t rows = 0;   ///< fitted
  bool converged = false;
  std::vector<std::vector<double>> draws; ///< of the posterior's normal approximation, SI
  std::vector<RowForecast> forecasts;     ///< rows of the figure left out; of every row where none was

  bool operator==(const Refit&) const = default;
};

struct RefitOptions {
  std::size_t starts = 1;   ///< the priors' centre, then the best of some points of the priors: never a fit to all rows
  std::size_t draws = 16;
  int iterations = 25;      ///< of one start
  double share = 1e-4;      ///< a descent ends when a step lowers -2 ln of the posterior by less than this share of it
  unsigned threads = 0;     ///< 0: all cores; the result does not depend on it
};

/// @throws Error S020 when no start could be simulated; B041 when there is no such figure; Cancelled.
Refit refit(const Explanation& explanation, std::string_view left_out, const RefitOptions& options = {}, const work::Task& task = {});

/// The rows held against studies that are simulated with these numbers, as `reproduce` does it.
std::vector<TargetResult> judged_rows(const Explanation& explanation, std::span<const double> values, std::span<const std::string> rows, const work::Task& task = {});

/// Whether a fit that left `figure` out (empty: none) predicts a row: it was read from that figure first, or from none that any fit uses, as T11.
bool predicts(std::string_view figure, const Target& row);

/// Head of a journal: what must not have changed for a fit to be taken from it (terms, numbers, priors, options, what the laws say at the priors' centre), and
/// the program.
std::string refits_identity(std::string_view program, const RefitOptions& options);

/// Refits kept in a journal (work/journal.hpp) as they come. Safe from several threads.
class RefitJournal {
public:
  /// Without a path nothing is kept. @throws what work::JournalWriter and work::JournalReader throw: D522 for a journal of another identity.
  RefitJournal(const std::optional<std::filesystem::path>& path, const std::string& identity);

  std::optional<Refit> find(std::string_view explanation, std::string_view left_out) const;
  /// On the disk on return. @throws Error D002.
  void add(const Refit& refit);
  std::size_t size() const;

private:
  mutable std::mutex mutex_;
  std::vector<Refit> refits_;
  std::unique_ptr<work::JournalWriter> writer_;
};

/// One record of the journal and back; empty where it is none.
std::string refit_text(const Refit& refit);
std::optional<Refit> parse_refit(std::string_view text);

/// The fits that the program carries, of every explanation: data/calibrations/ham2022-fits.txt.
struct StoredRefits {
  std::string program; ///< that made them
  std::vector<Refit> refits;
};
/// @throws Error B041 when they are damaged.
StoredRefits stored_refits();

/// Every explanation with each of `figures` left out in turn (empty: none is): side by side, those in the journal not again.
std::vector<Refit> refit_all(std::span<const Explanation> explanations, std::span<const std::string> figures, const RefitOptions& options, RefitJournal& journal,
                             const work::Task& task = {});

} // namespace platen::calibrate
