#include "import/neware/nda.hpp"

#include "import/bytes.hpp"
#include "import/container.hpp"
#include "import/neware/nda_parts.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace platen {
namespace nda {

void Reading::warn(std::string code, std::string message, std::vector<std::string> hints) {
  faults.warning(std::move(code), std::move(message), whole_file(name), std::move(hints));
}

void Reading::refuse(std::size_t record, std::string reason) {
  ++refused;
  if (rejects.size() >= Record::kept_rejects) return;
  Place place = whole_file(name);
  place.line = record;
  rejects.push_back({std::move(place), std::move(reason)});
}

void warn_cut_off(Reading& reading, const Header& header, std::size_t rest) {
  if (header.missing > 0)
    reading.warn("D303", fmt::format("the last {} bytes of the records of `{}` are missing; the whole records before are kept",
                                     header.missing, reading.name),
                 {"copy the file again from the instrument's computer"});
  else if (rest > 0)
    reading.warn("D303", fmt::format("the last record of `{}` is cut off after {} bytes and left out", reading.name, rest),
                 {"the test may have been running while the file was copied"});
}

bool Rows::add(std::uint32_t index, std::size_t offset, std::size_t record) {
  if (index == 0) {
    reading_.refuse(record, "its index is 0, which no row has");
    return false;
  }
  if (index <= largest_) {
    if (seen_.empty()) seen_.insert(indices_.begin(), indices_.end());
    if (seen_.contains(index)) {
      ++repeated_;
      reading_.refuse(record, fmt::format("a row of index {} was read before", index));
      return false;
    }
    ++backwards_;
  }
  if (!seen_.empty()) seen_.insert(index);
  largest_ = std::max(largest_, index);
  offsets_.push_back(offset);
  indices_.push_back(index);
  return true;
}

void Rows::finish(Table& table) {
  if (repeated_ > 0)
    reading_.warn("D305", fmt::format("{} records repeat the index of a row that was read before and are refused", repeated_));
  if (backwards_ > 0)
    reading_.warn("D306", fmt::format("the index of the rows falls back {} times; they are kept in the order of the file",
                                      backwards_));
  if (const std::size_t others = reading_.refused - repeated_; others > 0)
    reading_.warn("D304", fmt::format("{} records are of no known kind and are refused", others),
                  {"the file may be damaged: copy it again from the instrument's computer"});
  for (const std::uint32_t index : indices_) table.slots.add(index - std::uint64_t{1}, 1);
  table.slots.finish();
  table.has_interpolated = false;
  table.allocate(offsets_.size());
}

namespace {

constexpr std::string_view magic = "NEWARE", zip_magic = "PK\x03\x04";

bool ends_in_nda(std::string_view name) {
  constexpr std::string_view ending = ".nda";
  return name.size() >= ending.size() &&
         std::equal(ending.begin(), ending.end(), name.end() - ending.size(),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

/// The one .nda of a zip, unpacked. What the archiver of a Mac adds is no file of the user's.
std::string unzip(std::string_view bytes, const std::string& name) {
  Container container(bytes, name);
  std::vector<std::string> files = container.names();
  std::erase_if(files, [](const std::string& f) { return f.ends_with('/') || f.starts_with("__MACOSX/"); });
  if (files.size() != 1)
    throw Error("D308", fmt::format("`{}` holds {} files; a zip is read directly when it holds one .nda and nothing else", name,
                                    files.size()),
                whole_file(name), {"unpack it and give Platen the files inside", fmt::format("it holds: {}", fmt::join(files, ", "))});
  return container.unpack(files.front());
}

std::string format_name(const Header& header) {
  return fmt::format("Neware nda {}{}", header.version,
                     header.bts9 == Bts9::v91 ? " (BTS 9.1)" : header.bts9 == Bts9::v90 ? " (BTS 9.0)" : "");
}

/// Codes whose meaning shows from where they stand: before the first row of every test, and with the step type End.
std::string note_text(int code) {
  if (code == 8) return "test started";
  if (code == 1) return "test finished";
  return fmt::format("note of the instrument, code {}", code);
}

std::vector<Event> events_of(const Reading& reading, const Table& table) {
  std::vector<Event> out;
  if (table.rows() == 0) return out;
  for (std::size_t k = 0; k < reading.notes.size(); ++k) {
    const Note& note = reading.notes[k];
    if (k > 0 && note == reading.notes[k - 1]) continue; // the end of a test is often noted several times
    const std::size_t row = note.index > 0 ? table.slots.row_of(note.index - std::uint64_t{1}) : neware::SlotMap::none;
    const double time = row != neware::SlotMap::none ? table.test_time[row] : table.test_time.back();
    out.push_back({time, "instrument", note_text(note.code)});
  }
  std::stable_sort(out.begin(), out.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  return out;
}

void warn_clock(Reading& reading, const Table& table) {
  std::size_t backwards = 0;
  for (std::size_t row = 1; row < table.rows(); ++row) backwards += table.unix_time[row] < table.unix_time[row - 1] ? 1 : 0;
  if (backwards > 0)
    reading.warn("D311", fmt::format("the instrument's clock is set back {} times while the test runs: unix_time runs backwards "
                                     "there, test_time does not", backwards));
}

Record read_plain(std::string_view bytes, const std::string& name, const work::Task& task) {
  task.check();
  Reading reading{bytes, name, task};
  const Header header = read_header(reading);
  Table table = header.version == 130 ? read_bts9(reading, header) : read_counts(reading, header);
  Record record;
  record.metadata = read_metadata(reading, header);
  const bool true_clock = header.version <= 23;
  if (const auto start = record.metadata.find("start_time"); true_clock && table.rows() > 0 && start != record.metadata.end())
    if (std::string zone = neware::zone_of(start->second, table.unix_time.front()); !zone.empty())
      record.metadata["time_zone"] = std::move(zone);
  if (const auto barcode = record.metadata.find("barcode"); barcode != record.metadata.end())
    record.cell.name = barcode->second;
  record.events = events_of(reading, table);
  warn_clock(reading, table);
  table.move_to(record);
  for (Column& column : reading.channels) record.set(std::move(column));
  record.provenance.origin = "measured";
  record.provenance.format = format_name(header);
  record.warnings = reading.faults.warnings();
  record.rejects = std::move(reading.rejects);
  task.report(1.0);
  return record;
}

} // namespace
} // namespace nda

bool looks_like_nda(std::string_view head) noexcept {
  constexpr std::size_t local_header = 30, name_size = 26;
  if (head.starts_with(nda::magic)) return true;
  if (head.size() < local_header || !head.starts_with(nda::zip_magic)) return false;
  return nda::ends_in_nda(head.substr(local_header, load<std::uint16_t>(head.data() + name_size)));
}

std::string describe_nda(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with(nda::zip_magic)) return describe_nda(nda::unzip(bytes, name), name) + ", zipped";
  const work::Task task;
  try {
    return nda::format_name(nda::read_header(nda::Reading{bytes, name, task}));
  } catch (const Error&) {
    return "Neware nda of a version that is not read";
  }
}

Record read_nda(std::string_view bytes, const std::string& name, const work::Task& task) {
  if (!bytes.starts_with(nda::zip_magic)) return nda::read_plain(bytes, name, task);
  const std::string unpacked = nda::unzip(bytes, name);
  return nda::read_plain(unpacked, name, task);
}

} // namespace platen
