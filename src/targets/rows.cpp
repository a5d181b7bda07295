#include "targets/rows.hpp"

#include "base/error.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr std::size_t fields_per_row = 12;

/// Splits one CSV line; a quoted field may hold commas.
std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

Target to_target(std::vector<std::string> f) {
  Target t;
  t.id = std::move(f[0]);
  t.figure = std::move(f[1]);
  t.study = std::move(f[2]);
  t.quantity = std::move(f[3]);
  t.compare = std::move(f[4]);
  t.value = targets::whole_number(f[5]);
  if (!t.value) t.value_text = f[5];
  t.low = targets::whole_number(f[6]);
  t.high = targets::whole_number(f[7]);
  t.unit = std::move(f[8]);
  t.basis = std::move(f[9]);
  t.target_class = std::move(f[10]);
  t.note = std::move(f[11]);
  return t;
}

} // namespace

namespace targets {

std::optional<double> whole_number(std::string_view text) {
  double value = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::vector<std::string>> published_rows(std::string_view name, std::size_t fields) {
  const auto files = published();
  const auto file = std::find_if(files.begin(), files.end(), [&](const EmbeddedText& f) { return f.name == name; });
  if (file == files.end()) throw Error("B020", fmt::format("data/targets/{}.csv is not part of the program", name));
  std::string_view text = file->text;
  std::vector<std::vector<std::string>> out;
  for (bool header = true; !text.empty(); header = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (header || line.empty()) continue;
    out.push_back(split(line));
    if (out.back().size() != fields)
      throw Error("B020", fmt::format("data/targets/{}.csv: row `{}` has {} fields, not {}", name, line, out.back().size(), fields));
  }
  return out;
}

} // namespace targets

std::string_view label(TargetVerdict verdict) {
  static constexpr std::array<std::string_view, 3> names{"met", "missed", "not evaluated"};
  return names[static_cast<std::size_t>(verdict)];
}

std::vector<Target> ham2022_targets() {
  std::vector<Target> out;
  for (auto& fields : targets::published_rows("ham2022", fields_per_row)) out.push_back(to_target(std::move(fields)));
  return out;
}

TargetVerdict judge(const Target& target, double value) {
  const bool above = !target.low || value >= *target.low;
  const bool below = !target.high || value <= *target.high;
  return above && below ? TargetVerdict::met : TargetVerdict::missed;
}

} // namespace platen
