#pragma once
// A campaign on the ranks of an MPI job. Rank 0 keeps the journal and hands out runs, and carries runs out itself beside that; the
// others ask for nothing and never wait: they are sent a few runs ahead.

#include "campaign/campaign.hpp"
#include "work/work.hpp"

#include <string>

namespace platen::ranks {

/// One per process, from the start of main to its end.
class Ranks {
public:
  /// @throws Error U041 when MPI cannot be used with threads beside it.
  Ranks(int& argc, char**& argv);
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }
  bool first() const noexcept { return rank_ == 0; }

  /// The largest of all ranks' numbers, on every rank.
  int largest(int number) const;
  /// Whether `text` is that of rank 0, on every rank.
  bool same_everywhere(const std::string& text) const;

  /// On rank 0: carries out what is missing in the store, with the help of the others, which are in `follow` or about to be.
  /// @throws Cancelled; what `Store::keep` throws. The others have been told to stop before.
  void lead(const campaign::Campaign& campaign, campaign::Store& store, const work::Task& task, const campaign::OnKept& kept) const;
  /// On the others: carries out what rank 0 sends until it says stop.
  void follow(const campaign::Campaign& campaign, const work::Task& task) const;
  /// On rank 0, where `lead` is never called: sends the others home.
  void dismiss() const;

private:
  int rank_ = 0, size_ = 1;
};

} // namespace platen::ranks
