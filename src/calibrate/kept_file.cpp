#include "calibrate/kept_file.hpp"

#include "calibrate/stored.hpp"

#include <utility>

namespace platen::calibrate {
namespace {

constexpr std::string_view kind = "calibration 1 ";

/// Key and numbers, parted by tabs.
std::string row_text(const std::string& key, std::span<const double> numbers) { return numbers.empty() ? key : key + '\t' + text_of(numbers, '\t'); }

/// Empty for a text that is none of `row_text`.
std::optional<std::pair<std::string, std::vector<double>>> row_of(std::string_view text) {
  const std::size_t end = text.find('\t');
  auto numbers = numbers_of(end == std::string_view::npos ? std::string_view{} : text.substr(end + 1), '\t');
  if (!numbers) return std::nullopt;
  return std::pair(std::string(text.substr(0, end)), std::move(*numbers));
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
            writer_->append(row_text(key, numbers));
            const std::lock_guard lock(guard_);
            rows_[key].assign(numbers.begin(), numbers.end());
          }};
}

std::size_t KeptFile::rows() const {
  const std::lock_guard lock(guard_);
  return rows_.size();
}

} // namespace platen::calibrate
