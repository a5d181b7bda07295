#pragma once
// The two streams and the terminal behind them: results to stdout, everything else to stderr.

#include "base/error.hpp"
#include "work/work.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

/// Writes a result to stdout.
void print(std::string_view text);
/// Writes to stderr, without disturbing a progress line.
void note(std::string_view text);
/// Puts `text` in the place of the progress line on stderr; nothing where stderr is no terminal.
void redraw(std::string_view text);
/// Diagnostics to stderr, in colour where stderr is a terminal and NO_COLOR is not set.
void tell(const std::vector<Diagnostic>& diagnostics);
/// @throws Error D002 when stdout could not be written (disk full, closed).
void finish_output();

/// Catches Ctrl-C and SIGTERM: the first sets the flag that long work looks at, the second ends the program at once.
void watch_for_interrupts();
const std::atomic<bool>& stop_flag();

/// A progress line over `count` pieces of work on stderr; silent where stderr is no terminal.
class Progress {
public:
  Progress(std::string label, std::size_t count);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// What piece `index` is given: the stop flag, and a callback that moves the line.
  work::Task task(std::size_t index);

private:
  void update(std::size_t index, double fraction);

  std::string label_;
  std::vector<double> fractions_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point drawn_{};
  bool shown_ = false;
};

} // namespace platen::cli
