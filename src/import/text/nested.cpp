#include "import/text/nested.hpp"

#include "import/text/header.hpp"
#include "import/text/number.hpp"
#include "import/text/sniff.hpp"

#include <algorithm>
#include <vector>

namespace platen::text {
namespace {

constexpr std::string_view new_headings = "Cycle Index,Step Index,Step Count,Step Type";

std::size_t leading_empty(const std::vector<std::string_view>& fields) {
  std::size_t n = 0;
  while (n < fields.size() && trim(fields[n]).empty()) ++n;
  return n;
}

std::size_t find_heading(const std::vector<std::string_view>& headings, std::string_view key) {
  const auto found =
      std::find_if(headings.begin(), headings.end(), [&](auto h) { return heading_key(h) == key; });
  return static_cast<std::size_t>(found - headings.begin());
}

/// What the lines of cycles and steps said last.
struct Group {
  std::string cycle, step_index, step_count, step_type;

  void take_cycle(std::string_view field) { cycle = short_field(field); }
  void take_step(const std::vector<std::string_view>& fields, std::size_t from) {
    if (from + 3 > fields.size()) return;
    step_index = short_field(fields[from]);
    step_count = short_field(fields[from + 1]);
    step_type = short_field(fields[from + 2]);
  }

private:
  /// Numbers and names of steps are short; they are repeated on every line.
  static std::string_view short_field(std::string_view field) { return trim(field).substr(0, 40); }
};

/// The three lines of headings: "Cycle Index,...", ",Step Index,Step Number,Step Type,...",
/// ",,DataPoint,...".
bool has_three_levels(const std::vector<std::string_view>& cycle, const std::vector<std::string_view>& step,
                      const std::vector<std::string_view>& record) {
  return leading_empty(cycle) == 0 && leading_empty(step) == 1 && leading_empty(record) == 2 &&
         record.size() > 4 && heading_key(cycle[0]) == "cycle index" && step.size() > 3 &&
         heading_key(step[1]) == "step index" && heading_key(step[2]) == "step number" &&
         find_heading(step, "step type") == 3;
}

} // namespace

std::optional<std::string> flatten_nested(std::string_view text) {
  Lines lines(text);
  Line cycle_line, step_line, record_line;
  if (!lines.next(cycle_line) || !lines.next(step_line) || !lines.next(record_line)) return std::nullopt;
  if (cycle_line.text.size() > 4096 || step_line.text.size() > 4096 || record_line.text.size() > 4096)
    return std::nullopt;
  const auto cycles = split(cycle_line.text, ',');
  if (!has_three_levels(cycles, split(step_line.text, ','), split(record_line.text, ',')))
    return std::nullopt;

  std::string out;
  out.reserve(text.size() + text.size() / 4);
  out += "\n\n";
  out += new_headings;
  out += record_line.text.substr(record_line.text.find(',') + 1);
  out += '\n';
  Group group;
  for (Line line; lines.next(line); out += '\n') {
    if (!line.text.starts_with(",,")) {
      const auto fields = split(line.text, ',');
      // The first cycle's line goes on with its first step; the others have lines of their own.
      const std::size_t empty = leading_empty(fields);
      if (empty == 0 && !fields.empty()) group.take_cycle(fields[0]);
      if (empty == 0)
        group.take_step(fields, cycles.size());
      else
        group.take_step(fields, 1);
      continue;
    }
    out.append(group.cycle).append(",").append(group.step_index).append(",");
    out.append(group.step_count).append(",").append(group.step_type);
    out += line.text.substr(1);
    if (!lines.ended()) return out;
  }
  return out;
}

} // namespace platen::text
