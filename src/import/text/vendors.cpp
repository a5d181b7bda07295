#include "import/text/vendors.hpp"

#include "base/file.hpp"
#include "import/text/encoding.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace platen::text {
namespace {

constexpr std::size_t largest_metadata = 1 << 20;
constexpr std::size_t most_unknown = 10; ///< codes named one by one

/// Facts from public readers of Novonix files. Some versions write 1 for a discharge as well, so its current
/// decides.
StepType novonix_step(int code, double current) {
  switch (code) {
  case 0:
    return StepType::rest;
  case 1:
    return current < 0.0 ? StepType::cc_discharge : StepType::cc_charge;
  case 2:
    return StepType::cc_discharge;
  case 7:
    return StepType::cc_charge;
  case 8:
    return StepType::cv_charge;
  case 9:
    return StepType::cc_discharge;
  case 10:
    return StepType::cv_discharge;
  default:
    return StepType::unknown;
  }
}

} // namespace

void translate_step_codes(TextTable& table, Diagnostics& notes) {
  if (table.find(col::step_type) != nullptr || table.metadata_text.find("Novonix") == std::string::npos)
    return;
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), [](const TextColumn& c) {
    return c.kind == Kind::number && c.column.empty() && heading_key(c.heading.name) == "step type";
  });
  if (found == table.columns.end()) return;
  const TextColumn* current = table.find(col::current);
  std::set<int> unknown;
  for (std::size_t i = 0; i < found->values.size(); ++i) {
    double& value = found->values[i];
    if (std::isnan(value)) continue;
    const int code = std::abs(value) < 1e9 ? static_cast<int>(value) : -1;
    const double flowing = current != nullptr && i < current->values.size() ? current->values[i] : 0.0;
    const StepType type = novonix_step(code, flowing);
    if (type == StepType::unknown && unknown.size() < most_unknown) unknown.insert(code);
    value = static_cast<double>(static_cast<int>(type));
  }
  found->column = col::step_type;
  found->kind = Kind::label;
  for (const int code : unknown)
    notes.warning("D047",
                  fmt::format("step types of code {} are not known; their rows are kept as `Unknown`", code),
                  table.header_place());
}

std::map<std::string, std::string> maccor_header(std::string_view preamble) {
  std::map<std::string, std::string> out;
  const std::string_view line = preamble.substr(0, std::min(preamble.find('\n'), preamble.size()));
  if (!line.starts_with("Today's Date") || line.size() > 2000) return out;
  constexpr std::array<std::string_view, 5> keys{
      "Today's Date", "Date of Test:", "Filename:", "Procedure:", "Comment/Barcode:"};
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view key : keys)
    if (const std::size_t at = line.find(key); at != std::string_view::npos) found.emplace_back(at, key);
  std::sort(found.begin(), found.end());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t begin = found[i].first + found[i].second.size();
    const std::size_t end = i + 1 < found.size() ? found[i + 1].first : line.size();
    std::string_view value = begin < end ? line.substr(begin, end - begin) : std::string_view();
    if (value.ends_with('\r')) value.remove_suffix(1);
    std::string_view key = found[i].second;
    if (key.ends_with(':')) key.remove_suffix(1);
    if (!trim(value).empty()) out.emplace(key, to_utf8(trim(value)));
  }
  return out;
}

void add_arbin_metadata(Record& record, const TextTable& table, const std::filesystem::path& data) {
  const bool arbin = std::any_of(table.columns.begin(), table.columns.end(), [](const TextColumn& c) {
    return heading_key(c.heading.name) == "data point";
  });
  std::filesystem::path path = data;
  path.replace_filename(data.stem().string() + "_Metadata.csv");
  std::error_code fault;
  if (!arbin || !std::filesystem::is_regular_file(path, fault) ||
      std::filesystem::file_size(path, fault) > largest_metadata)
    return;
  const std::string bytes = read_file(path);
  if (!is_arbin_metadata(bytes)) return;
  Lines lines(bytes);
  Line names, values;
  if (!lines.next(names) || !lines.next(values)) return;
  const auto keys = split(names.text, ','), words = split(values.text, ',');
  for (std::size_t i = 0; i < std::min(keys.size(), words.size()); ++i) {
    std::string_view word = trim(words[i]);
    while (word.ends_with(',')) word.remove_suffix(1);
    if (!keys[i].empty() && !word.empty()) record.metadata.emplace(to_utf8(keys[i]), to_utf8(word));
  }
  record.provenance.sources.push_back({path.string(), sha256(bytes)});
}

bool is_arbin_metadata(std::string_view bytes) noexcept {
  const std::string_view line = bytes.substr(0, std::min<std::size_t>(bytes.find('\n'), 2000));
  return line.find("test_id,") != std::string_view::npos &&
         line.find("schedule_file_name") != std::string_view::npos;
}

} // namespace platen::text
