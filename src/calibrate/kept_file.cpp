#include "calibrate/kept_file.hpp"

#include "calibrate/stored.hpp"

#include <fmt/format.h>

#include <charconv>

namespace platen::calibrate {
namespace {

constexpr std::string_view kind = "calibration 1 ";

/// Key and numbers, parted by tabs.
std::string text_of(const std::string& key, std::span<const double> numbers) {
  std::string text = key;
  for (const double v : numbers) text += fmt::format("\t{}", v);
  return text;
}

/// Empty for a text that is none of `text_of`.
std::optional<std::pair<std::string, std::vector<double>>> row_of(std::string_view text) {
  std::pair<std::string, std::vector<double>> out;
  const std::size_t end = text.find('\t');
  out.first = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find('\t'));
    double v = 0.0;
    const auto [last, fault] = std::from_chars(word.data(), word.data() + word.size(), v);
    if (fault != std::errc() || last != word.data() + word.size()) return std::nullopt;
    out.second.push_back(v);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

} // namespace

KeptFile::KeptFile(std::filesystem::path path, const std::string& fingerprint, Foreign foreign) {
  const std::string head = std::string(kind) + fingerprint;
  if (std::filesystem::exists(path)) {
    work::JournalReader reader(path);
    const bool same = reader.head() == head;
    std::string_view text;
    while (same && reader.next(text))
      if (auto row = row_of(text)) rows_[row->first] = std::move(row->second);
    if (!same && foreign == Foreign::set_aside) set_aside(path); // else the writer refuses it
  }
  writer_ = std::make_unique<work::JournalWriter>(path, head);
}

Kept KeptFile::kept() {
  return {[this](const std::string& key) -> std::optional<std::vector<double>> {
            const std::lock_guard lock(guard_);
            const auto at = rows_.find(key);
            return at == rows_.end() ? std::nullopt : std::optional(at->second);
          },
          [this](const std::string& key, std::span<const double> numbers) {
            writer_->append(text_of(key, numbers));
            const std::lock_guard lock(guard_);
            rows_[key].assign(numbers.begin(), numbers.end());
          }};
}

std::size_t KeptFile::rows() const {
  const std::lock_guard lock(guard_);
  return rows_.size();
}

} // namespace platen::calibrate
