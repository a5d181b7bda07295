#include "study/read.hpp"
#include "targets/rows.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <variant>

namespace platen {
namespace {

/// Files that only others extend; they are no experiment of their own.
constexpr std::array<std::string_view, 4> bases{"symmetric", "full", "full-fixed", "full-springs"};

std::string file_name(std::string_view stem) { return fmt::format("studies/ham2022/{}.toml", stem); }

std::optional<config::BuiltIn> find_study(std::string_view name) {
  for (const EmbeddedText& file : targets::study_files())
    if (name == fmt::format("{}.toml", file.name)) return config::BuiltIn{file_name(file.name), std::string(file.text)};
  return std::nullopt;
}

Study read(const EmbeddedText& file) { return parse_study(std::string(file.text), file_name(file.name), {}, find_study); }

bool life_test(const Study& study) {
  return std::any_of(study.test.begin(), study.test.end(), [](const Step& s) { return std::holds_alternative<step::Repeat>(s.kind); });
}

bool is_row(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t k) { return k < text.size() && text[k] >= '0' && text[k] <= '9'; };
  return text[at] == 'T' && digit(at + 1) && digit(at + 2) && !digit(at + 3);
}

/// "T07, T09 to T11" in prose: T07, T09, T10, T11.
std::vector<std::string> rows_named(std::string_view text) {
  std::vector<int> rows;
  bool range = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (!is_row(text, k)) continue;
    const int row = 10 * (text[k + 1] - '0') + (text[k + 2] - '0');
    for (int r = range && !rows.empty() ? rows.back() + 1 : row; r < row; ++r) rows.push_back(r);
    rows.push_back(row);
    range = text.substr(k + 3).starts_with(" to T");
  }
  std::vector<std::string> out;
  for (const int r : rows) out.push_back(fmt::format("T{:02}", r));
  return out;
}

} // namespace

std::vector<Study> ham2022_studies() {
  std::vector<Study> out;
  for (const EmbeddedText& file : targets::study_files())
    if (std::find(bases.begin(), bases.end(), file.name) == bases.end()) out.push_back(read(file));
  std::stable_sort(out.begin(), out.end(), [](const Study& a, const Study& b) { return life_test(a) && !life_test(b); });
  return out;
}

std::vector<FittedNumber> ham2022_fitted() {
  std::vector<FittedNumber> out;
  const auto files = targets::study_files();
  // a full cell uses every card and the whole set
  const auto file = std::find_if(files.begin(), files.end(), [](const EmbeddedText& f) { return f.name == "full-springs"; });
  for (const config::Resolved& value : read(*file).resolved) {
    if (value.basis != "fitted" && value.basis != "derived") continue;
    FittedNumber number{value.key, value.basis, rows_named(value.source)};
    if (value.basis == "fitted" || !number.rows.empty()) out.push_back(std::move(number));
  }
  return out;
}

} // namespace platen
