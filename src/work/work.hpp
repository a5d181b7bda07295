#pragma once
// Long work: a stop token, a progress callback, and a parallel loop whose result does not depend on the thread count.

#include <atomic>
#include <cstddef>
#include <functional>

namespace platen::work {

/// What long work gets from its caller. Copyable; refers to, never owns, the stop flag.
struct Task {
  const std::atomic<bool>* stop = nullptr;
  std::function<void(double fraction)> progress; ///< called now and then with 0..1, from any thread, one call at a time

  bool stop_requested() const noexcept { return stop != nullptr && stop->load(std::memory_order_relaxed); }
  /// @throws Cancelled when a stop was asked for.
  void check() const;
  void report(double fraction) const {
    if (progress) progress(fraction);
  }
};

/// Calls body(i) for i in [0, count) on `threads` threads (0: all cores). The first exception stops the loop and is
/// rethrown once every thread has finished. @throws Cancelled; whatever body throws.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body, unsigned threads = 0,
                  const Task& task = {});

} // namespace platen::work
