#pragma once
// A campaign ready to run: any run by its number, the same whoever runs it, and where its results go.

#include "campaign/plan.hpp"
#include "campaign/table.hpp"
#include "work/journal.hpp"
#include "work/work.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace platen::campaign {

class Results;

class Campaign {
public:
  /// Reads the file and what it names, and makes sure that its study can be run. `program` is who runs it, "platen 0.1.0 (commit)".
  /// @throws Error with every fault of the campaign file or of the study.
  Campaign(const std::filesystem::path& path, std::string program);
  ~Campaign();

  const Plan& plan() const noexcept { return plan_; }
  std::uint64_t runs() const { return plan_.runs(); }
  /// Head of a journal: what was run, by whom. Two campaigns with the same identity have the same table.
  std::string identity() const;
  TableHead head() const;

  /// What is known of a run before it: numbers, seed, values of the axes.
  TableRow planned(std::uint64_t run) const;
  /// Carries a run out. From any thread. @returns the end of its row (`row_end`); what went wrong becomes a failed row.
  /// @throws Cancelled.
  std::string carry_out(std::uint64_t run, const work::Task& task = {}) const;
  /// The study of a run. @throws Error where the values of its axes do not fit together.
  Study study(std::uint64_t run) const;

private:
  std::uint64_t seed_of(std::uint64_t run) const;

  Plan plan_;
  std::string program_, identity_;
  std::unique_ptr<const Variants> variants_;
  std::unique_ptr<const Results> results_;
};

/// Which runs are done, on disk: the journal of a campaign.
class Store {
public:
  /// Begins the journal or goes on with it. @throws what JournalWriter throws; D521 for a record that is none of this campaign.
  Store(const Campaign& campaign, const std::filesystem::path& journal);

  std::uint64_t runs() const noexcept { return done_.size(); }
  std::uint64_t done() const noexcept { return count_; }
  std::uint64_t failed() const noexcept { return failed_; }
  /// The lowest number of a run that failed, and its reason; only where one did.
  std::uint64_t first_failed() const noexcept { return first_failed_; }
  const std::string& reason() const noexcept { return reason_; }
  /// Keeps the result of a run. Not for two threads at once. @throws Error D002.
  void keep(std::uint64_t run, std::string_view row_end);
  /// The first run from `from` on that is not done; runs() when there is none.
  std::uint64_t next_missing(std::uint64_t from) const;
  void sync() { journal_.sync(); }

private:
  void mark(std::uint64_t run, std::string_view row_end);

  std::vector<bool> done_;
  std::uint64_t count_ = 0, failed_ = 0, first_failed_ = 0;
  std::string reason_;
  work::JournalWriter journal_;
};

/// Writes the table of a complete journal aside and renames it. Holds a bounded piece of the journal's places, never the results.
/// @throws Error D002, D521.
void write_table(const Campaign& campaign, const std::filesystem::path& journal, const std::filesystem::path& output);

/// Told after every result that was kept.
using OnKept = std::function<void(const Store&)>;

/// Carries out what is missing on `threads` threads (0: one per core). @throws Cancelled, with all results kept that were there.
void run_threads(const Campaign& campaign, Store& store, unsigned threads, const work::Task& task, const OnKept& kept = {});

/// How often the journal is synced to the disk, s.
inline constexpr double sync_interval = 5.0;

} // namespace platen::campaign
