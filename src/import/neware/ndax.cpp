#include "import/neware/ndax.hpp"

#include "base/file.hpp"
#include "import/bytes.hpp"
#include "import/neware/ndax_parts.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen {
namespace ndax {

void Reading::warn(std::string code, std::string message, std::vector<std::string> hints) {
  faults.warning(std::move(code), std::move(message), whole_file(container.file()), std::move(hints));
}

Member Reading::open(const std::string& name, Kind kind) {
  Member out{name, container.unpack(name), {}};
  out.header = read_ndc_header(out.bytes, container.file(), name);
  if (out.header.kind != static_cast<int>(kind))
    throw Error("D035",
                fmt::format("`{}` inside `{}` says that it is a member of kind {}; kind {} was expected", name,
                            container.file(), out.header.kind, static_cast<int>(kind)),
                whole_file(container.file()), {"the file is damaged: copy it again from the instrument's computer"});
  return out;
}

void Reading::report_damage(const Member& member, const Pages& pages) {
  if (const std::size_t bad = pages.bad_pages(); bad > 0)
    warn("D040", fmt::format("{} of {} pages of `{}` fail their checksum; their rows are kept but may be wrong", bad,
                             pages.pages(), member.name),
         {"copy the file again from the instrument's computer"});
  if (pages.cut_off())
    warn("D041", fmt::format("`{}` ends inside a page; the whole rows of that page are kept", member.name));
}

namespace {

constexpr const char* samples = "data.ndc";

bool contains(std::span<const int> versions, int version) {
  return std::find(versions.begin(), versions.end(), version) != versions.end();
}

Error unknown_version(const Reading& reading, int version, const TestDescription& description) {
  std::vector<int> known(whole_versions().begin(), whole_versions().end());
  known.insert(known.end(), split_versions().begin(), split_versions().end());
  const auto client = description.metadata.find("client_version");
  return Error("D034",
               fmt::format("`{}` was recognised as a Neware .ndax{}, but its data are of ndc version {}; versions {} are "
                           "read", reading.container.file(),
                           client != description.metadata.end() ? fmt::format(" (written by {})", client->second) : "",
                           version, fmt::join(known, ", ")),
               whole_file(reading.container.file()),
               {"export the test as text from BTSDA and read that", "send the file along with a report of this message"});
}

void warn_unchecked(Reading& reading, int version) {
  if (version == 11)
    reading.warn("D309", fmt::format("the layout of ndc version {} is known from other readers only and could not be checked "
                                     "against a file with the vendor's export", version),
                 {"compare a few rows with BTSDA before you rely on them"});
}

/// The clock of the marks is UTC, the start in TestInfo.xml is local.
void add_zone(TestDescription& description, const Table& table) {
  const auto start = description.metadata.find("start_time");
  if (!table.has_interpolated || table.rows() == 0 || start == description.metadata.end()) return;
  if (std::string zone = neware::zone_of(start->second, table.unix_time.front()); !zone.empty())
    description.metadata["time_zone"] = std::move(zone);
}

/// Unpacks the large members of a split file and makes room for its rows meanwhile, as the first touch of fresh memory takes
/// about as long as filling it. Only where the packed bytes make so many rows plausible.
Table make_room(Container& container) {
  constexpr const char* marks = "data_runInfo.ndc";
  constexpr std::uint64_t sample_bytes = 8, plausible_expansion = 16;
  Table table;
  const Container::Size size = container.size(samples);
  if (!container.has(marks) || size.unpacked / plausible_expansion > size.packed) return table;
  container.unpack_ahead(std::array<std::string_view, 2>{samples, marks}, [&] { table.allocate(size.unpacked / sample_bytes); });
  return table;
}

Table read_table(Reading& reading, const TestDescription& description, int& version) {
  Table table = make_room(reading.container);
  Member data = reading.open(samples, Kind::samples);
  version = data.header.version;
  if (contains(whole_versions(), version)) return read_whole(reading, data);
  if (contains(split_versions(), version)) return read_split(reading, std::move(data), std::move(table));
  throw unknown_version(reading, version, description);
}

} // namespace
} // namespace ndax

bool looks_like_ndax(std::span<const std::byte> head) noexcept {
  constexpr std::size_t header = 30;
  constexpr std::array<std::string_view, 5> starts = {"VersionInfo", "TestInfo", "Step", "EditStep", "NdaxConfig"};
  const std::string_view bytes(reinterpret_cast<const char*>(head.data()), head.size());
  if (bytes.size() < header || !bytes.starts_with("PK\x03\x04")) return false;
  const std::string_view name = bytes.substr(header, load<std::uint16_t>(bytes.data() + 26));
  return name.ends_with(".ndc") || (name.ends_with(".xml") && std::any_of(starts.begin(), starts.end(), [&](auto start) {
                                      return name.starts_with(start);
                                    }));
}

std::string describe_ndax(std::string_view bytes, const std::string& name) {
  Container container(bytes, name);
  const work::Task task;
  ndax::Reading reading{container, task, {}};
  try {
    return fmt::format("Neware ndax, ndc {}", reading.open(ndax::samples, ndax::Kind::samples).header.version);
  } catch (const Error&) {
    return "Neware ndax";
  }
}

Record read_ndax(std::string_view bytes, const std::string& name, const work::Task& task) {
  Container container(bytes, name);
  ndax::Reading reading{container, task, {}};
  task.check();
  ndax::TestDescription description = ndax::read_description(reading);
  Record record;
  int version = 0;
  ndax::Table table = ndax::read_table(reading, description, version);
  ndax::warn_unchecked(reading, version);
  ndax::add_zone(description, table);
  table.move_to(record);
  ndax::read_auxiliaries(reading, table.slots, std::move(description.auxiliaries), record);
  record.metadata = std::move(description.metadata);
  if (const auto barcode = record.metadata.find("barcode"); barcode != record.metadata.end())
    record.cell.name = barcode->second;
  record.provenance.origin = "measured";
  record.provenance.format = fmt::format("Neware ndax, ndc {}", version);
  record.warnings = reading.faults.warnings();
  task.report(1.0);
  return record;
}

Record read_ndax(const std::filesystem::path& path, const work::Task& task) {
  const std::string bytes = read_file(path);
  Record record = read_ndax(bytes, path.string(), task);
  record.provenance.sources.push_back({path.string(), sha256(bytes)});
  return record;
}

} // namespace platen
