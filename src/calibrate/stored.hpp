#pragma once
// Texts that calibrations leave: those that the program carries, how their lines come apart, what becomes of those of another run.

#include "base/embedded.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// Results of data/calibrations and data/sets that calibrations wrote, embedded.
std::span<const EmbeddedText> stored_calibrations();

/// Renames a file of kept work that is taken up no more to PATH.old, or PATH.old2 ...: it may have cost hours. @throws std::filesystem::filesystem_error.
inline void set_aside(const std::filesystem::path& path) {
  const std::string old = path.string() + ".old";
  std::string free = old;
  for (int k = 2; std::filesystem::exists(free); ++k) free = old + std::to_string(k);
  std::filesystem::rename(path, free);
}

/// The pieces of `text` between every two `mark`s, empty ones too.
inline std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t end = text.find(mark);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// One number and nothing else, as `fmt` writes it; empty for any other text.
std::optional<double> number_of(std::string_view text);
/// Numbers with a mark between every two, and back; none for an empty text, empty where a piece is no number.
std::string text_of(std::span<const double> numbers, char mark);
std::optional<std::vector<double>> numbers_of(std::string_view text, char mark);

} // namespace platen::calibrate
