#include "import/neware/ndax.hpp"

#include "base/file.hpp"
#include "import/bytes.hpp"
#include "import/neware/ndax_parts.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <utility>

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

void Table::allocate(std::size_t rows) {
  for (auto* column : {&test_time, &unix_time, &step_time, &capacity, &energy}) column->resize(rows);
  step_count.resize(rows);
  if (has_interpolated) interpolated.assign(rows, 1);
  if (!has_steps) return;
  for (auto* column : {&step_index, &step_type, &cycle}) column->resize(rows);
}

StepType step_type(int code, std::set<int>& unknown) {
  switch (code) {
  case 1: return StepType::cc_charge;
  case 2: return StepType::cc_discharge;
  case 3: return StepType::cv_charge;
  case 4:
  case 22: return StepType::rest; // 22: open circuit
  case 5:
  case 21: return StepType::control; // 5: a loop, which has no rows of its own
  case 6: return StepType::end;
  case 7:
  case 18: return StepType::cccv_charge; // 18: with a preceding constant power
  case 8:
  case 26: return StepType::cp_discharge; // 26: followed by constant voltage
  case 9:
  case 27: return StepType::cp_charge;
  case 10: return StepType::cr_discharge;
  case 13: return StepType::pause;
  case 16: return StepType::pulse;
  case 17: return StepType::simulation;
  case 19: return StepType::cv_discharge;
  case 20: return StepType::cccv_discharge;
  default: unknown.insert(code); return StepType::unknown;
  }
}

void warn_unknown_steps(Reading& reading, const std::set<int>& unknown) {
  if (!unknown.empty())
    reading.warn("D047", fmt::format("step types of code {} are not known; their rows are kept with step type `unknown`",
                                     fmt::join(unknown, ", ")));
}

std::int32_t clamp_int(std::uint64_t value) noexcept {
  return static_cast<std::int32_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int32_t>::max()));
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

Table read_table(Reading& reading, const TestDescription& description, int& version) {
  Member data = reading.open(samples, Kind::samples);
  version = data.header.version;
  if (contains(whole_versions(), version)) return read_whole(reading, data);
  if (contains(split_versions(), version)) return read_split(reading, std::move(data));
  throw unknown_version(reading, version, description);
}

void move_columns(Table& table, Record& record) {
  record.set(col::test_time, std::move(table.test_time));
  record.set(col::unix_time, std::move(table.unix_time));
  record.set(col::current, std::move(table.current));
  record.set(col::voltage, std::move(table.voltage));
  if (table.has_steps) record.set(col::step_index, std::move(table.step_index));
  record.set(col::step_count, std::move(table.step_count));
  if (table.has_steps) {
    record.set(col::step_type, std::move(table.step_type));
    record.set(col::cycle_count, std::move(table.cycle));
  }
  record.set(col::step_time, std::move(table.step_time));
  record.set(col::step_capacity, std::move(table.capacity));
  record.set(col::step_energy, std::move(table.energy));
  if (table.has_interpolated)
    record.set(Column{std::string(col::interpolated), "1",
                      "1: the instrument stored voltage and current of this row, but its time, capacity and energy are "
                      "filled in from the last stored ones",
                      std::move(table.interpolated)});
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
  ndax::move_columns(table, record);
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
