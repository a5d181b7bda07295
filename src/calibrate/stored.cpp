#include "calibrate/stored.hpp"

#include <charconv>
#include <fmt/format.h>

namespace platen::calibrate {

std::optional<double> number_of(std::string_view text) {
  double out = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::string text_of(std::span<const double> numbers, char mark) {
  std::string out;
  for (const double v : numbers) {
    if (!out.empty()) out += mark;
    out += fmt::format("{}", v);
  }
  return out;
}

std::optional<std::vector<double>> numbers_of(std::string_view text, char mark) {
  std::vector<double> out;
  if (text.empty()) return out;
  for (const std::string_view word : split(text, mark)) {
    const auto value = number_of(word);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

} // namespace platen::calibrate
