// The protocol that lies beside a data file.

#include "base/file.hpp"
#include "import/biologic/mps.hpp"
#include "import/biologic/settings.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace platen::biologic {
namespace {

namespace fs = std::filesystem;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "C05": the channel at the end of a name.
bool is_channel(std::string_view part) {
  return part.size() == 3 && part[0] == 'C' && is_digit(part[1]) && is_digit(part[2]);
}

std::optional<fs::path> protocol_beside(const fs::path& data, const DataName& name) {
  const fs::path folder = data.has_parent_path() ? data.parent_path() : fs::path(".");
  std::error_code fault;
  if (!name.base.empty() && fs::is_regular_file(folder / (name.base + ".mps"), fault)) return folder / (name.base + ".mps");
  std::vector<fs::path> found;
  for (fs::directory_iterator it(folder, fault), end; !fault && it != end; it.increment(fault))
    if (it->path().extension() == ".mps") found.push_back(it->path());
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

void set_current(Record& record, const ProtocolTechnique& technique, const Place& place) {
  const auto current = constant_current(technique);
  if (!current) {
    record.warnings.push_back({Severity::warning, "D332",
                               fmt::format("the file has no current, and technique {} of the settings beside it does not hold one current alone", technique.number),
                               place,
                               {"export the current as well, or state it in the cell file: current = \"0.4 mA\""}});
    return;
  }
  record.set(col::current, std::vector<double>(record.rows(), *current));
  std::erase_if(record.warnings, [](const Diagnostic& d) { return d.code == "D018"; });
  record.warnings.push_back({Severity::warning, "D331",
                             fmt::format("the file has no current; {:.6g} mA was taken for every row from technique {} of the settings beside it",
                                         *current * 1e3, technique.number),
                             place,
                             {"export the current as well to have what was measured"}});
}

} // namespace

std::optional<DataName> parse_data_name(const fs::path& path) {
  std::vector<std::string> parts(1);
  for (const char c : path.stem().string()) {
    if (c == '_') parts.emplace_back();
    else parts.back() += c;
  }
  if (parts.size() > 2 && is_channel(parts.back())) parts.pop_back();
  if (parts.size() < 2) return std::nullopt;
  DataName out;
  out.technique = parts.back();
  const std::string& number = parts[parts.size() - 2];
  const auto upper = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (number.size() != 2 || !is_digit(number[0]) || !is_digit(number[1]) || out.technique.empty() ||
      !std::all_of(out.technique.begin(), out.technique.end(), upper))
    return std::nullopt;
  out.number = 10 * (number[0] - '0') + (number[1] - '0');
  for (std::size_t i = 0; i + 2 < parts.size(); ++i) out.base += (i > 0 ? "_" : "") + parts[i];
  return out;
}

void apply_protocol(Record& record, const fs::path& data, bool may_set_current) {
  const auto name = parse_data_name(data);
  if (!name) return;
  const auto technique_name = name_of_technique(name->technique);
  const auto path = technique_name ? protocol_beside(data, *name) : std::nullopt;
  if (!path) return;
  const Place place{path->string(), 0, 0, 1, {}};
  try {
    const std::string bytes = read_file(*path);
    if (!is_protocol(bytes)) return;
    const Protocol protocol = read_protocol(bytes, path->string());
    const ProtocolTechnique* technique = protocol.find(name->number);
    const bool same = technique != nullptr && technique->name == *technique_name;
    if (!same) {
      record.warnings.push_back({Severity::warning, "D332",
                                 fmt::format("the settings beside the data have no technique {} {} and were not used", name->number, *technique_name), place, {}});
      return;
    }
    record.metadata["protocol"] = describe(protocol);
    record.metadata["protocol technique"] = fmt::format("{}", name->number);
    record.provenance.sources.push_back({path->string(), sha256(bytes)});
    if (may_set_current && record.rows() > 0 && !record.has(col::current) && record.has(col::voltage)) set_current(record, *technique, place);
  } catch (const Error& error) {
    Diagnostic first = error.diagnostics().front();
    first.severity = Severity::warning;
    record.warnings.push_back(std::move(first));
  }
}

} // namespace platen::biologic
