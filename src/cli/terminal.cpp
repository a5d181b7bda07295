#include "cli/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <numeric>
#include <unistd.h>

namespace platen::cli {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

extern "C" void on_interrupt(int) { stop.store(true); }

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool colour_on_stderr() {
  const char* no_colour = std::getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): nobody calls setenv
  return stderr_is_terminal() && (no_colour == nullptr || *no_colour == '\0');
}

/// Names and lines of files may hold anything; an escape sequence must not reach the terminal. Tabs stay, carets count them.
void make_plain(std::string& text) {
  for (char& c : text)
    if (c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)) c = '?';
}

Diagnostic plain(Diagnostic d) {
  make_plain(d.message);
  for (std::string& hint : d.hints) make_plain(hint);
  if (d.place) {
    make_plain(d.place->file);
    make_plain(d.place->text);
  }
  return d;
}

constexpr std::string_view clear_line = "\r\033[K";

} // namespace

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void note(std::string_view text) {
  if (stderr_is_terminal()) std::fwrite(clear_line.data(), 1, clear_line.size(), stderr);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void redraw(std::string_view text) {
  if (!stderr_is_terminal()) return;
  const std::string line = fmt::format("{}{}", clear_line, text);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void tell(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += render(plain(d), colour_on_stderr());
  if (!text.empty()) note(text);
}

void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw Error("D002", fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

void watch_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND); // the second one has its usual effect
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

const std::atomic<bool>& stop_flag() { return stop; }

Progress::Progress(std::string label, std::size_t count)
    : label_(std::move(label)), fractions_(count, 0.0), shown_(stderr_is_terminal()) {}

Progress::~Progress() {
  if (shown_) std::fwrite(clear_line.data(), 1, clear_line.size(), stderr);
}

work::Task Progress::task(std::size_t index) {
  work::Task out{.stop = &stop_flag(), .progress = {}};
  if (shown_) out.progress = [this, index](double fraction) { update(index, fraction); };
  return out;
}

void Progress::update(std::size_t index, double fraction) {
  const std::lock_guard lock(mutex_);
  fractions_[index] = std::clamp(fraction, 0.0, 1.0);
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  const double sum = std::accumulate(fractions_.begin(), fractions_.end(), 0.0);
  const auto finished = std::count(fractions_.begin(), fractions_.end(), 1.0);
  std::string line = fmt::format("{}{}: {:.0f} %", clear_line, label_, 100.0 * sum / static_cast<double>(fractions_.size()));
  if (fractions_.size() > 1) line += fmt::format(" ({} of {} done)", finished, fractions_.size());
  std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace platen::cli
