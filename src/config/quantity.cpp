// The words for what is wrong with a quantity.
#include "config/node.hpp"

#include <charconv>
#include <fmt/format.h>

namespace platen::config {

std::string with_article(std::string_view noun) {
  const bool vowel = !noun.empty() && std::string_view("aeio").find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

std::string_view unit_of(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t+");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  double ignored = 0.0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  if (fault != std::errc()) return {};
  const std::string_view unit = text.substr(static_cast<std::size_t>(stop - text.data()));
  const std::size_t first = unit.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{}
                                         : unit.substr(first, unit.find_last_not_of(" \t") - first + 1);
}

Diagnostic quantity_fault(std::string_view subject, const Dimension& wanted, std::string_view unit,
                          std::string_view text, const QuantityResult& read) {
  const std::string noun = with_article(describe(wanted));
  const std::string example = fmt::format("for example \"{}\"", example_quantity(wanted));
  switch (read.fault) {
  case QuantityFault::no_unit:
    return {Severity::error,
            "C006",
            fmt::format("`{}` is {}: \"{}\" has no unit", subject, noun, text),
            std::nullopt,
            {unit.empty() ? example : fmt::format("write \"{} {}\"", text, unit)}};
  case QuantityFault::wrong_dimension:
    return {Severity::error,
            "C007",
            fmt::format("`{}` is {}, but \"{}\" is {}", subject, noun, text, with_article(read.detail)),
            std::nullopt,
            {example}};
  case QuantityFault::unknown_unit:
    return {Severity::error,
            "C008",
            fmt::format("unknown unit `{}` in \"{}\"", read.detail, text),
            std::nullopt,
            {fmt::format("`{}` is {}, {}", subject, noun, example)}};
  default:
    return {Severity::error,
            "C008",
            fmt::format("`{}` is {}, but \"{}\" does not start with a number", subject, noun, text),
            std::nullopt,
            {example}};
  }
}

} // namespace platen::config
