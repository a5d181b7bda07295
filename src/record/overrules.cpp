#include "record/overrules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr std::string_view said = "overrule ", program = "program verdict ";

std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return out;
}

unsigned number_after(std::string_view key, std::string_view prefix) {
  unsigned number = 0;
  if (!key.starts_with(prefix)) return 0;
  const char* first = key.data() + prefix.size();
  const auto [end, fault] = std::from_chars(first, key.data() + key.size(), number);
  return fault == std::errc{} && end == key.data() + key.size() ? number : 0;
}

} // namespace

unsigned overrule_number(std::string_view key) { return std::max(number_after(key, said), number_after(key, program)); }

std::vector<std::pair<unsigned, std::string>> kept_overrules(const Record& record) {
  std::vector<std::pair<unsigned, std::string>> out;
  for (const auto& [key, text] : record.metadata)
    if (const unsigned number = number_after(key, said)) out.emplace_back(number, text);
  std::sort(out.begin(), out.end());
  return out;
}

void keep_overrule(Record& record, std::string_view text) {
  const auto before = kept_overrules(record);
  const unsigned number = before.empty() ? 1 : before.back().first + 1;
  record.metadata[fmt::format("{}{}", said, number)] = one_line(text);
}

void keep_program_verdict(Record& record, unsigned number, std::string_view text) {
  record.metadata[fmt::format("{}{}", program, number)] = one_line(text);
}

} // namespace platen
