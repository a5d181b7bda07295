#include "ranks/ranks.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <fmt/format.h>
#include <list>
#include <mpi.h>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace platen::ranks {
namespace {

using Clock = std::chrono::steady_clock;

/// Messages: rank 0 sends runs (64-bit numbers) or stop; the others send results ("17 done,,0.635"), that they were asked to stop by
/// somebody else, and as the last that they left.
enum Tag : int { runs_tag = 1, stop_tag, result_tag, asked_tag, left_tag };

/// MPI's own waiting burns a core; looking so often costs a hundredth of one.
constexpr auto nap = std::chrono::microseconds(100);
/// A rank is sent as many runs ahead as it does in so much time, so that it never waits for rank 0.
constexpr double seconds_ahead = 2e-3;
constexpr double most_ahead = 64;

std::vector<char> receive(const MPI_Status& status) {
  int length = 0;
  MPI_Get_count(&status, MPI_CHAR, &length);
  std::vector<char> out(static_cast<std::size_t>(length));
  MPI_Recv(out.data(), length, MPI_CHAR, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return out;
}

std::optional<MPI_Status> waiting_message() {
  int there = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
  return there != 0 ? std::optional(status) : std::nullopt;
}

/// Messages on their way: their bytes stay until they have arrived.
class Outbox {
public:
  void send(int rank, Tag tag, std::vector<std::uint64_t> content) {
    Letter& letter = letters_.emplace_back();
    letter.content = std::move(content);
    MPI_Isend(letter.content.data(), static_cast<int>(letter.content.size() * sizeof(std::uint64_t)), MPI_CHAR, rank, tag, MPI_COMM_WORLD, &letter.request);
  }
  void clear_arrived() {
    std::erase_if(letters_, [](Letter& letter) {
      int arrived = 0;
      MPI_Test(&letter.request, &arrived, MPI_STATUS_IGNORE);
      return arrived != 0;
    });
  }
  bool empty() const { return letters_.empty(); }

private:
  struct Letter {
    std::vector<std::uint64_t> content;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  std::list<Letter> letters_;
};

/// How many runs a rank should have, from how fast it does them.
class Pace {
public:
  void did_one() {
    const auto now = Clock::now();
    if (count_++ == 0) begun_ = now;
    latest_ = now;
  }
  std::size_t ahead() const {
    if (count_ < 2) return 2;
    const double each = std::chrono::duration<double>(latest_ - begun_).count() / static_cast<double>(count_ - 1);
    return 1 + static_cast<std::size_t>(std::clamp(std::ceil(seconds_ahead / std::max(each, 1e-9)), 0.0, most_ahead));
  }

private:
  std::uint64_t count_ = 0;
  Clock::time_point begun_{}, latest_{};
};

/// The thread of rank 0 that carries runs out, while its first one talks to the others.
class OwnWork {
public:
  OwnWork(const campaign::Campaign& campaign, const work::Task& task) : campaign_(campaign), task_(task), thread_([this] { work(); }) {}
  ~OwnWork() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;

  std::size_t outstanding() const { return outstanding_; }
  std::size_t ahead() const { return pace_.ahead(); }
  void give(std::uint64_t run) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(run);
    }
    ++outstanding_;
    wake_.notify_one();
  }
  /// @throws what the work threw.
  std::vector<std::pair<std::uint64_t, std::string>> take() {
    const std::lock_guard lock(mutex_);
    if (fault_) std::rethrow_exception(fault_);
    auto out = std::exchange(results_, {});
    outstanding_ -= out.size();
    for (std::size_t k = 0; k < out.size(); ++k) pace_.did_one();
    return out;
  }

private:
  void work() {
    for (;;) {
      std::uint64_t run = 0;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return over_ || !queue_.empty(); });
        if (over_) return;
        run = queue_.front();
        queue_.pop_front();
      }
      try {
        std::string end = campaign_.carry_out(run, task_);
        const std::lock_guard lock(mutex_);
        results_.emplace_back(run, std::move(end));
      } catch (...) {
        const std::lock_guard lock(mutex_);
        fault_ = std::current_exception();
        return;
      }
    }
  }

  const campaign::Campaign& campaign_;
  const work::Task& task_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::uint64_t> queue_;
  std::vector<std::pair<std::uint64_t, std::string>> results_;
  std::exception_ptr fault_;
  bool over_ = false;
  std::size_t outstanding_ = 0; ///< of the first thread alone, as is the pace
  Pace pace_;
  std::thread thread_;
};

/// Rank 0: hands out, keeps.
class Leader {
public:
  Leader(const campaign::Campaign& campaign, campaign::Store& store, const work::Task& task, const campaign::OnKept& kept, int size)
      : store_(store), task_(task), kept_(kept), ranks_(static_cast<std::size_t>(size)), own_(campaign, task) {}

  void lead() {
    while (store_.done() < store_.runs()) {
      task_.check();
      bool news = false;
      for (auto& [run, end] : own_.take()) {
        keep(run, end);
        news = true;
      }
      while (const auto status = waiting_message()) {
        take(*status);
        news = true;
      }
      hand_out();
      outbox_.clear_arrived();
      if (!news) std::this_thread::sleep_for(nap);
    }
  }

private:
  struct Other {
    std::size_t outstanding = 0;
    Pace pace;
  };

  void keep(std::uint64_t run, std::string_view end) {
    store_.keep(run, end);
    const auto now = Clock::now();
    if (std::chrono::duration<double>(now - synced_).count() > campaign::sync_interval) {
      store_.sync();
      synced_ = now;
    }
    if (kept_) kept_(store_);
  }

  void take(const MPI_Status& status) {
    const std::vector<char> letter = receive(status);
    if (status.MPI_TAG == asked_tag) throw Cancelled(); // one is stopped, and so is the job
    std::uint64_t run = 0;
    const char* end = letter.data() + letter.size();
    const char* blank = std::from_chars(letter.data(), end, run).ptr;
    Other& other = ranks_[static_cast<std::size_t>(status.MPI_SOURCE)];
    --other.outstanding;
    other.pace.did_one();
    keep(run, std::string_view(blank + 1, static_cast<std::size_t>(end - blank - 1)));
  }

  std::optional<std::uint64_t> next() {
    next_ = store_.next_missing(next_);
    return next_ < store_.runs() ? std::optional(next_++) : std::nullopt;
  }

  /// Near the end everybody is sent less ahead, that nobody sits on what others could do.
  std::size_t wanted(std::size_t ahead) const {
    const std::uint64_t left = store_.runs() - std::min(store_.runs(), next_);
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(left / (2 * ranks_.size()), 1, ahead));
  }

  void hand_out() {
    while (own_.outstanding() < wanted(own_.ahead())) {
      const auto run = next();
      if (!run) return;
      own_.give(*run);
    }
    for (std::size_t r = 1; r < ranks_.size(); ++r) {
      Other& other = ranks_[r];
      const std::size_t want = wanted(other.pace.ahead());
      if (2 * other.outstanding > want) continue; // a few runs in one message
      std::vector<std::uint64_t> runs;
      while (other.outstanding + runs.size() < want) {
        const auto run = next();
        if (!run) break;
        runs.push_back(*run);
      }
      other.outstanding += runs.size();
      if (!runs.empty()) outbox_.send(static_cast<int>(r), runs_tag, std::move(runs));
    }
  }

  campaign::Store& store_;
  const work::Task& task_;
  const campaign::OnKept& kept_;
  std::vector<Other> ranks_;
  OwnWork own_;
  Outbox outbox_;
  std::uint64_t next_ = 0;
  Clock::time_point synced_ = Clock::now();
};

/// Another rank: what it was sent and has not done.
class Follower {
public:
  Follower(const campaign::Campaign& campaign, const work::Task& task) : campaign_(campaign), task_(task) {}

  void follow() {
    while (!over_) {
      bool news = false;
      while (const auto status = waiting_message()) {
        take(*status);
        news = true;
      }
      if (over_) return;
      if (task_.stop_requested()) return wait_for_the_end();
      if (!queue_.empty()) carry_out();
      else if (!news) std::this_thread::sleep_for(nap);
    }
  }

private:
  void take(const MPI_Status& status) {
    const std::vector<char> letter = receive(status);
    if (status.MPI_TAG == stop_tag) {
      over_ = true;
      return;
    }
    std::vector<std::uint64_t> runs(letter.size() / sizeof(std::uint64_t));
    std::memcpy(runs.data(), letter.data(), letter.size());
    queue_.insert(queue_.end(), runs.begin(), runs.end());
  }

  void carry_out() {
    const std::uint64_t run = queue_.front();
    queue_.pop_front();
    try {
      const std::string result = fmt::format("{} {}", run, campaign_.carry_out(run, task_));
      MPI_Send(result.data(), static_cast<int>(result.size()), MPI_CHAR, 0, result_tag, MPI_COMM_WORLD);
    } catch (const Cancelled&) {
      wait_for_the_end();
    }
  }

  /// Says that it was asked to stop, and waits for rank 0 to stop everybody.
  void wait_for_the_end() {
    MPI_Send(nullptr, 0, MPI_CHAR, 0, asked_tag, MPI_COMM_WORLD);
    while (!over_) {
      if (const auto status = waiting_message()) take(*status);
      else std::this_thread::sleep_for(nap);
    }
  }

  const campaign::Campaign& campaign_;
  const work::Task& task_;
  std::deque<std::uint64_t> queue_;
  bool over_ = false;
};

} // namespace

Ranks::Ranks(int& argc, char**& argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  if (provided < MPI_THREAD_FUNNELED) throw Error("U041", "this MPI does not allow a thread beside the one that talks to it");
}

Ranks::~Ranks() { MPI_Finalize(); }

int Ranks::largest(int number) const {
  int out = number;
  MPI_Allreduce(&number, &out, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return out;
}

bool Ranks::same_everywhere(const std::string& text) const {
  std::array<char, 256> theirs{};
  text.copy(theirs.data(), theirs.size() - 1);
  const std::array<char, 256> mine = theirs;
  MPI_Bcast(theirs.data(), static_cast<int>(theirs.size()), MPI_CHAR, 0, MPI_COMM_WORLD);
  return largest(mine == theirs ? 0 : 1) == 0;
}

void Ranks::lead(const campaign::Campaign& campaign, campaign::Store& store, const work::Task& task, const campaign::OnKept& kept) const {
  std::exception_ptr fault;
  try {
    Leader(campaign, store, task, kept, size_).lead();
    store.sync();
  } catch (...) {
    fault = std::current_exception();
  }
  dismiss();
  if (fault) std::rethrow_exception(fault);
}

void Ranks::follow(const campaign::Campaign& campaign, const work::Task& task) const {
  Follower(campaign, task).follow();
  MPI_Send(nullptr, 0, MPI_CHAR, 0, left_tag, MPI_COMM_WORLD);
}

void Ranks::dismiss() const {
  for (int r = 1; r < size_; ++r) MPI_Send(nullptr, 0, MPI_CHAR, r, stop_tag, MPI_COMM_WORLD);
  for (int here = size_ - 1; here > 0;) { // what they had sent before must be received, or they never get rid of it
    const auto status = waiting_message();
    if (!status) {
      std::this_thread::sleep_for(nap);
      continue;
    }
    receive(*status);
    if (status->MPI_TAG == left_tag) --here;
  }
}

} // namespace platen::ranks
