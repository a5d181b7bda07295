#include "import/text/metadata.hpp"

#include "import/text/number.hpp"
#include "import/text/sniff.hpp"

#include <charconv>

namespace platen::text {
namespace {
constexpr std::size_t most_entries = 200;
constexpr std::size_t longest_entry = 500; // Novonix writes its whole protocol as one line
} // namespace

std::map<std::string, std::string> read_metadata(std::string_view preamble) {
  std::map<std::string, std::string> out;
  Lines lines(preamble);
  for (Line line; out.size() < most_entries && lines.next(line);) {
    // "t1 (h:m:s)" is a row of the settings table.
    if (line.text.size() > longest_entry || line.text.find("(h:m:s)") != std::string_view::npos) continue;
    std::size_t at = line.text.find(':');
    // "C:\data" and "11:23:46" are values; a key ends before a blank, a tab or, as in "Name:KIT", a word.
    if (at == std::string_view::npos || line.text.substr(at).starts_with(":\\")) at = line.text.find('\t', 1);
    if (at == std::string_view::npos || at == 0) continue;
    const std::string_view key = trim(line.text.substr(0, at));
    std::string_view value = trim(line.text.substr(at + 1));
    while (!value.empty() && value.back() == ',') value.remove_suffix(1);
    if (key.empty() || value.empty() || key.front() == '{' || key.front() == '[') continue;
    out.emplace(key, value);
  }
  return out;
}

std::optional<std::string> acquisition_start(const std::map<std::string, std::string>& metadata) {
  for (const char* key : {"Acquisition started on", "Technique started on"})
    if (const auto found = metadata.find(key); found != metadata.end()) return found->second;
  return std::nullopt;
}

std::string eclab_technique(std::string_view preamble) {
  Lines lines(preamble);
  Line line;
  if (!lines.next(line) || line.text.find("-Lab ASCII FILE") == std::string_view::npos || !lines.next(line)) return {};
  while (lines.next(line)) {
    const std::string_view words = trim(line.text);
    if (words.empty()) continue;
    return words.find(':') == std::string_view::npos && words.size() < longest_entry ? std::string(words) : std::string();
  }
  return {};
}

std::filesystem::path loop_file_of(const std::filesystem::path& data) {
  std::filesystem::path out = data;
  out.replace_filename(data.stem().string() + "_LOOP.txt");
  return out;
}

std::vector<std::int64_t> parse_loops(std::string_view text) {
  Lines lines(text);
  Line line;
  if (!lines.next(line) || line.text.find("LOOP INDEXES") == std::string_view::npos) return {};
  std::vector<std::int64_t> out;
  while (lines.next(line)) {
    const std::string_view field = trim(line.text);
    if (field.empty()) continue;
    std::int64_t first = 0;
    const auto [stop, fault] = std::from_chars(field.data(), field.data() + field.size(), first);
    if (fault != std::errc() || stop != field.data() + field.size()) return {};
    if (out.empty() ? first != 0 : first <= out.back()) return {};
    out.push_back(first);
  }
  return out;
}

} // namespace platen::text
