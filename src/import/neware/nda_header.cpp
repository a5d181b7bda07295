// Header and metadata. docs/formats/nda.md, "Header" and "What the test was".

#include "import/bytes.hpp"
#include "import/charset.hpp"
#include "import/container.hpp"
#include "import/neware/nda_parts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace platen::nda {
namespace {

constexpr std::array<int, 6> versions = {8, 22, 23, 26, 29, 130};
constexpr std::size_t version_at = 14;
constexpr std::size_t old_records = 0x40, old_info = 0x18;  ///< u32 offset, u32 size
constexpr std::size_t new_records = 0x52, new_info = 0x22;  ///< u64 offset, u64 size
constexpr char row_mark = 0x55;
constexpr std::size_t new_first_record = 0x400, old_first_section = 0x800;

/// A stretch as far as it lies inside the file; empty when it does not begin there.
Extent inside(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset >= bytes.size()) return {};
  return {static_cast<std::size_t>(offset), static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes.size() - offset))};
}

/// @param size as stated; empty: the records go on to the end of the file
void place_records(std::string_view bytes, std::uint64_t offset, std::optional<std::uint64_t> size, std::size_t lowest,
                   Header& header) {
  header.located = offset >= lowest && offset <= bytes.size();
  if (!header.located) return;
  const std::size_t there = bytes.size() - static_cast<std::size_t>(offset);
  const std::uint64_t stated = size.value_or(there);
  header.records = {static_cast<std::size_t>(offset), static_cast<std::size_t>(std::min<std::uint64_t>(stated, there))};
  header.missing = static_cast<std::size_t>(stated) - header.records.size;
}

Error too_short(const Reading& reading) {
  return Error("D301", fmt::format("`{}` begins like a Neware .nda, but ends before its first record", reading.name),
               whole_file(reading.name), {"copy the file again from the instrument's computer"});
}

/// A text field: up to its first NUL (what follows is left over from other uses of the memory), GBK or ASCII.
std::string text(std::string_view bytes, std::size_t at, std::size_t size) {
  if (at >= bytes.size()) return {};
  std::string_view field = bytes.substr(at, size);
  field = field.substr(0, field.find('\0'));
  while (!field.empty() && field.back() == ' ') field.remove_suffix(1);
  return to_utf8(field, "GB18030", true).value_or(std::string());
}

/// Keeps what is no empty text.
class Collected {
public:
  void add(const char* key, std::string value) {
    if (!value.empty()) all.emplace(key, std::move(value));
  }
  std::map<std::string, std::string> all;
};

/// "2016-04-19 12:21:01.483" of microseconds since 1970, UTC; empty for no time at all.
std::string utc(std::uint64_t microseconds) {
  constexpr std::uint64_t year_2100 = 4102444800000000;
  if (microseconds == 0 || microseconds > year_2100) return {};
  const auto seconds = static_cast<std::time_t>(microseconds / 1000000);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03} UTC", fmt::gmtime(seconds), microseconds / 1000 % 1000);
}

void old_metadata(const Reading& reading, const Header& header, Collected& out) {
  const std::string_view info = reading.bytes.substr(header.info.offset, header.info.size);
  const bool first = header.version == 8;
  if (info.size() >= 5) {
    out.add("device", fmt::format("{}", load<std::uint8_t>(info.data())));
    out.add("unit", fmt::format("{}", load<std::uint8_t>(info.data() + 1)));
    out.add("channel", fmt::format("{}", load<std::uint8_t>(info.data() + 2)));
    out.add("test_id", fmt::format("{}", load<std::uint16_t>(info.data() + 3)));
  }
  constexpr std::size_t start = 0x25, start_8 = 0x24, date = 19, creator = 40;
  const std::size_t at = first ? start_8 : start;
  out.add("start_time", text(info, at, date));
  if (!first) out.add("end_time", text(info, at + date + 1, date));
  out.add("creator", text(info, at + creator, creator));
  if (!first) {
    out.add("batch", text(info, 0x89, 90));
    out.add("remark", text(info, 0xE3, 100));
    constexpr std::size_t mass = 0x98; // micrograms, of the whole file
    if (const auto stored = load<std::uint32_t>(reading.bytes.data() + mass); stored > 0)
      out.add("active_mass", fmt::format("{:.10g} mg", 1e-3 * stored));
  }
  constexpr std::size_t program = 0x70, slot = 50; // two slots of the server, then the client
  if (reading.bytes.substr(program).starts_with("BTS_"))
    out.add("tester_version", text(reading.bytes, program, slot));
  const std::string_view head = reading.bytes.substr(0, std::max(header.records.offset, old_first_section));
  if (const std::size_t server = head.find("BTSServer"); server != std::string_view::npos) {
    out.add("server_version", text(head, server, slot));
    out.add("client_version", text(head, server + 2 * slot, slot));
  }
}

void new_metadata(const Reading& reading, const Header& header, Collected& out) {
  const std::string_view info = reading.bytes.substr(header.info.offset, header.info.size);
  const std::size_t head_at = 0x12; // the section before: device, unit, channel
  const Extent head = inside(reading.bytes, load<std::uint64_t>(reading.bytes.data() + head_at),
                             load<std::uint64_t>(reading.bytes.data() + head_at + 8));
  if (head.size >= 18) {
    const char* at = reading.bytes.data() + head.offset;
    out.add("device", fmt::format("{}", load<std::uint32_t>(at + 14)));
    out.add("unit", fmt::format("{}", load<std::uint8_t>(at + 2)));
    out.add("channel", fmt::format("{}", load<std::uint8_t>(at + 3)));
  }
  const bool v91 = header.bts9 == Bts9::v91;
  out.add("creator", text(info, v91 ? 0x08 : 0x0C, 32));
  if (v91) {
    constexpr std::size_t label = 64;
    out.add("batch", text(info, 0x28, 160));
    out.add("step_file", text(info, 0xC8, label));
    out.add("remark", text(info, 0x108, label));
    out.add("barcode", text(info, 0x148, 32));
  }
  const std::size_t numbers = v91 ? 0x1A8 : 0x18C; // test, rows, start, end
  if (info.size() >= numbers + 24) {
    out.add("test_id", fmt::format("{}", load<std::uint32_t>(info.data() + numbers)));
    const std::size_t times = numbers + (v91 ? 8 : 4);
    out.add("start_time", utc(load<std::uint64_t>(info.data() + times)));
    out.add("end_time", utc(load<std::uint64_t>(info.data() + times + 8)));
  }
  const std::string_view before = reading.bytes.substr(0, new_first_record);
  if (const std::size_t at = before.find(v91 ? "9.1." : "9.0."); at != std::string_view::npos)
    out.add("server_version", text(before, at, 64));
}

} // namespace

Header read_header(const Reading& reading) {
  const std::string_view bytes = reading.bytes;
  if (bytes.size() < version_at + 2) throw too_short(reading);
  Header header;
  header.version = load<std::uint16_t>(bytes.data() + version_at);
  if (std::find(versions.begin(), versions.end(), header.version) == versions.end())
    throw Error("D300",
                fmt::format("`{}` was recognised as a Neware .nda, but it is of version {}; versions {} are read",
                            reading.name, header.version, fmt::join(versions, ", ")),
                whole_file(reading.name),
                {"export the test as text from BTSDA, or save it as .ndax there, and read that",
                 "send the file along with a report of this message"});
  const bool bts9 = header.version == 130;
  if (bytes.size() <= (bts9 ? new_first_record + 5 : old_first_section)) throw too_short(reading);
  if (bts9) {
    const auto number = [&](std::size_t at) { return load<std::uint64_t>(bytes.data() + at); };
    header.info = inside(bytes, number(new_info), number(new_info + 8));
    place_records(bytes, number(new_records), number(new_records + 8), new_first_record, header);
    const std::size_t first = header.records.size > 4 ? header.records.offset : new_first_record;
    if (bytes[first] == row_mark) header.bts9 = Bts9::v91;
    else if (bytes[first + 4] == row_mark) header.bts9 = Bts9::v90;
    return header;
  }
  const auto number = [&](std::size_t at) { return load<std::uint32_t>(bytes.data() + at); };
  header.info = inside(bytes, number(old_info), number(old_info + 4));
  const std::uint64_t size = number(old_records + 4);
  place_records(bytes, number(old_records), size > 0 ? std::optional(size) : std::nullopt, old_first_section, header);
  return header;
}

std::map<std::string, std::string> read_metadata(const Reading& reading, const Header& header) {
  Collected out;
  if (header.version == 130) new_metadata(reading, header, out);
  else old_metadata(reading, header, out);
  return std::move(out.all);
}

} // namespace platen::nda
