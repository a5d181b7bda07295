#include "work/work.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace platen::work {

void Task::check() const {
  if (stop_requested()) throw Cancelled();
}

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body, unsigned threads, const Task& task) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> failed{false};
  std::exception_ptr first;
  std::mutex mutex;
  const auto worker = [&] {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t i = next.fetch_add(1);
      if (i >= count) return;
      try {
        task.check();
        body(i);
        const std::lock_guard lock(mutex);
        task.report(static_cast<double>(++done) / static_cast<double>(count));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t t = 1; t < std::min<std::size_t>(threads, count); ++t) pool.emplace_back(worker);
    worker();
  }
  if (first) std::rethrow_exception(first);
}

} // namespace platen::work
