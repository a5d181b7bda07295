// Auxiliary channels: one .ndc member per channel, or per module with a voltage and a temperature input.
// docs/formats/ndax.md, "Auxiliary channels".

#include "base/constants.hpp"
#include "import/bytes.hpp"
#include "import/neware/ndax_parts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <optional>

namespace platen::ndax {
namespace {

/// What an auxiliary value measures; SI = (stored + offset) / per_unit, which gives the double nearest to 296.55 K where
/// tenths of a degree are stored.
struct Quantity {
  std::string_view name, unit, description;
  double per_unit = 1.0, offset = 0.0;
};
constexpr Quantity temperature{"temperature", "K", "auxiliary temperature", 1.0, constants::zero_celsius};
constexpr Quantity setpoint{"temperature_setpoint", "K", "set point of the temperature chamber", 1.0,
                            constants::zero_celsius};
constexpr Quantity humidity{"humidity", "1", "relative humidity", 100.0, 0.0};
constexpr Quantity voltage{"voltage", "V", "auxiliary voltage", 1.0, 0.0};

/// Where a value sits in a record.
enum class Storage { float32, int32, int16 };
struct Field {
  Quantity quantity;
  Storage storage = Storage::float32;
  std::size_t offset = 0;
  bool drop_if_zero = false; ///< an input that nothing is connected to reads zero throughout
  int tag = -1;              ///< only records that begin with this byte have the field; -1: all
};

/// The same, stored in units `times` smaller.
constexpr Quantity finer(Quantity quantity, double times) {
  quantity.per_unit *= times;
  quantity.offset *= times;
  return quantity;
}

struct Layout {
  PageShape pages;
  std::vector<Field> fields;
  std::size_t index_at = 0; ///< offset of the index in a record; 0: the index is the slot plus one
  std::vector<int> tags = {}; ///< what the first byte of a record may be; none: anything

  bool takes(char first) const {
    return tags.empty() || std::find(tags.begin(), tags.end(), static_cast<unsigned char>(first)) != tags.end();
  }
};

constexpr int plain_tag = 0x65, chamber_tag = 0x74; ///< first byte of a record; the second has a set point

/// The stored unit of ChlType codes that are known; docs/formats/ndax.md.
std::optional<Quantity> quantity_of(int kind) {
  switch (kind) {
  case 103: return temperature;
  case 335: return setpoint;
  case 345: return humidity;
  default: return std::nullopt;
  }
}

const char* first_record(const Member& member, const PageShape& shape) {
  const std::size_t at = shape.page + shape.first_record;
  return member.bytes.size() >= at + shape.record ? member.bytes.data() + at : nullptr;
}

Layout single_value(const AuxElement& element) {
  const std::optional<Quantity> known = quantity_of(element.kind);
  const Quantity unknown{"channel", "1", "auxiliary channel of a kind that is not known, as stored, in an unknown unit"};
  return {wide_pages(4), {{known.value_or(unknown), Storage::float32, 0, false}}};
}

Layout tagged_pair() {
  return {wide_pages(7),
          {{finer(voltage, 1e4), Storage::float32, 1, true}, {finer(temperature, 10.0), Storage::int16, 5, true}},
          0, {plain_tag}};
}

/// @param shift by how much the fields stand before those of ndc 2
Layout whole_record(const PageShape& pages, std::size_t shift) {
  return {pages,
          {{finer(voltage, 1e4), Storage::int32, 31 - shift, true},
           {finer(temperature, 10.0), Storage::int16, 41 - shift, true},
           {finer(setpoint, 10.0), Storage::int16, 43 - shift, true, chamber_tag}},
          8 - shift, {plain_tag, chamber_tag}};
}

Layout chamber_record() {
  return {wide_pages(88), {{finer(temperature, 10.0), Storage::int16, 35, false}}, 1, {chamber_tag}};
}

/// Empty when this version's auxiliary members are not known.
std::optional<Layout> layout_of(const Member& member, const AuxElement& element) {
  switch (member.header.version) {
  case 2: return whole_record(whole_pages(2), 0);
  case 5: return whole_record(whole_pages(5), 7);
  case 11: {
    const char* first = first_record(member, wide_pages(1));
    return first != nullptr && *first == chamber_tag ? chamber_record() : tagged_pair();
  }
  case 14:
  case 17: return single_value(element);
  case 16: return tagged_pair();
  default: return std::nullopt;
  }
}

double stored_value(const char* at, Storage storage) {
  switch (storage) {
  case Storage::float32: return static_cast<double>(load<float>(at));
  case Storage::int32: return load<std::int32_t>(at);
  case Storage::int16: return load<std::int16_t>(at);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// One column of stored numbers, NaN where the channel has no value. Empty when it is to be dropped.
std::vector<double> column_of(const Pages& pages, const Layout& layout, const Field& field, const SlotMap& slots) {
  std::vector<double> values(slots.rows(), std::numeric_limits<double>::quiet_NaN());
  bool all_zero = true;
  pages.for_each_run([&](std::size_t slot, const char* at, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k, at += layout.pages.record) {
      if (!layout.takes(*at) || (field.tag >= 0 && static_cast<unsigned char>(*at) != field.tag)) continue;
      const std::uint64_t index = layout.index_at > 0 ? load<std::uint32_t>(at + layout.index_at) : slot + k + 1;
      const std::size_t row = index > 0 ? slots.row_of(index - 1) : SlotMap::none;
      if (row == SlotMap::none) continue;
      const double stored = stored_value(at + field.offset, field.storage);
      all_zero = all_zero && stored == 0.0;
      values[row] = (stored + field.quantity.offset) / field.quantity.per_unit;
    }
  });
  if (field.drop_if_zero && all_zero) values.clear();
  return values;
}

/// A member whose name ends in _<number>.ndc, with the numbers before the ending.
struct Candidate {
  std::string name;
  std::vector<int> numbers; ///< channel, ?, type; or the auxiliary's id
  bool by_channel = false;  ///< data_AUX_<channel>_<?>_<type>.ndc
};

std::optional<Candidate> candidate(const std::string& name) {
  constexpr std::string_view ending = ".ndc", prefix = "data_AUX_";
  if (!name.ends_with(ending)) return std::nullopt;
  Candidate out{name, {}, name.starts_with(prefix)};
  std::string_view rest = std::string_view(name).substr(0, name.size() - ending.size());
  const std::size_t wanted = out.by_channel ? 3 : 1;
  while (out.numbers.size() < wanted) {
    const std::size_t bar = rest.rfind('_');
    if (bar == std::string_view::npos) return std::nullopt;
    int number = 0;
    const char* end = rest.data() + rest.size();
    const auto [stop, fault] = std::from_chars(rest.data() + bar + 1, end, number);
    if (fault != std::errc() || stop != end) return std::nullopt;
    out.numbers.insert(out.numbers.begin(), number);
    rest = rest.substr(0, bar);
  }
  return out;
}

std::vector<Candidate> candidates(const Container& container) {
  std::vector<Candidate> out;
  for (const std::string& name : container.names())
    if (auto found = candidate(name)) out.push_back(std::move(*found));
  std::stable_sort(out.begin(), out.end(),
                   [](const Candidate& a, const Candidate& b) { return a.numbers < b.numbers; });
  return out;
}

/// Takes the element that describes a member out of `described`. Several elements may share a channel, so the best match
/// is taken first: channel and type, then channel, then the only one left for the only member left.
std::optional<AuxElement> take(std::vector<AuxElement>& described, const Candidate& member, bool only_one_left) {
  const auto find = [&](auto&& fits) { return std::find_if(described.begin(), described.end(), fits); };
  auto found = described.end();
  if (member.by_channel) {
    found = find([&](const AuxElement& e) { return e.channel == member.numbers[0] && e.type == member.numbers[2]; });
    if (found == described.end()) found = find([&](const AuxElement& e) { return e.channel == member.numbers[0]; });
  } else {
    found = find([&](const AuxElement& e) { return e.id == member.numbers[0]; });
  }
  if (found == described.end() && only_one_left && described.size() == 1) found = described.begin();
  if (found == described.end()) return std::nullopt;
  const AuxElement out = *found;
  described.erase(found);
  return out;
}

std::string free_name(const Record& record, std::string_view quantity, int id) {
  const std::string name = fmt::format("aux_{}_{}", quantity, id);
  std::string out = name;
  for (int twin = 2; record.has(out); ++twin) out = fmt::format("{}_{}", name, twin);
  return out;
}

void add_channel(Reading& reading, const SlotMap& slots, const Member& member, const AuxElement& element, Record& record) {
  const std::optional<Layout> layout = layout_of(member, element);
  if (!layout) {
    reading.warn("D049", fmt::format("auxiliary channel `{}` is of ndc version {}, which is not known, and is left out",
                                     member.name, member.header.version));
    return;
  }
  const Pages pages(member.bytes, layout->pages);
  reading.report_damage(member, pages);
  const char* first = first_record(member, layout->pages);
  if (first != nullptr && pages.filled() > 0 && !layout->takes(*first)) {
    reading.warn("D049", fmt::format("auxiliary channel `{}` holds records of an unknown kind ({:#04x}) and is left out",
                                     member.name, static_cast<unsigned char>(*first)));
    return;
  }
  for (const Field& field : layout->fields) {
    std::vector<double> values = column_of(pages, *layout, field, slots);
    if (values.empty() && slots.rows() > 0) continue;
    record.set(Column{free_name(record, field.quantity.name, element.id), std::string(field.quantity.unit),
                      fmt::format("{} ({})", field.quantity.description, member.name), std::move(values)});
  }
}

} // namespace

void read_auxiliaries(Reading& reading, const SlotMap& slots, std::vector<AuxElement> described, Record& record) {
  std::vector<Candidate> members = candidates(reading.container);
  constexpr std::size_t most = 256; // a rack has some tens; a damaged table of members must not cost memory
  if (members.size() > most) {
    reading.warn("D049", fmt::format("only the first {} of {} auxiliary channels are read", most, members.size()));
    members.resize(most);
  }
  int next_id = 1;
  std::vector<std::string> unexplained;
  for (std::size_t k = 0; k < members.size(); ++k) {
    reading.task.check();
    Member member;
    try {
      member = reading.open(members[k].name, Kind::auxiliary);
    } catch (const Error& fault) {
      reading.warn("D049", fmt::format("auxiliary channel `{}` is left out: {}", members[k].name,
                                       fault.diagnostics().front().message));
      continue;
    }
    std::optional<AuxElement> element = take(described, members[k], k + 1 == members.size());
    const bool one_value = member.header.version == 14 || member.header.version == 17;
    if (one_value && (!element || !quantity_of(element->kind)))
      unexplained.push_back(element ? fmt::format("{} (ChlType {})", members[k].name, element->kind) : members[k].name);
    if (!element) element = AuxElement{.id = next_id};
    constexpr int largest_id = 1'000'000;
    next_id = std::max(next_id, std::min(element->id, largest_id)) + 1;
    add_channel(reading, slots, member, *element, record);
  }
  if (!unexplained.empty())
    reading.warn("D043", fmt::format("TestInfo.xml does not say what these auxiliary channels measure, they are kept as "
                                     "stored and without a unit: {}", fmt::join(unexplained, ", ")));
}

} // namespace platen::ndax
