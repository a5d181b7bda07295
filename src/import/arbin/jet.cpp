#include "import/arbin/jet.hpp"

#include "import/bytes.hpp"
#include "import/container.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <numeric>
#include <utility>

namespace platen::jet {

/// Where things stand on pages of the two generations.
struct Database::Layout {
  std::size_t page_bytes;
  std::size_t row_count; ///< on a data page; offsets of rows follow
  // in a table's definition
  std::size_t stated_rows, columns, real_indices, usage, indices_end, index_bytes;
  // in the entry of a column there
  std::size_t column_bytes, number, variable, flags, fixed_offset, size;
  std::size_t name_length_bytes;
  // in a row
  std::size_t count_bytes; ///< of the number of columns and of each offset
};

namespace {

using namespace std::string_view_literals;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t longest_definition = 1 << 20, most_columns = 255, most_overflows = 4;
constexpr std::uint16_t deleted_flag = 0x8000, overflow_flag = 0x4000, offset_mask = 0x1FFF;
constexpr std::uint8_t data_page = 1, definition_page = 2, usage_page = 5;
constexpr std::uint32_t catalogue = 2; ///< the page where MSysObjects is defined
constexpr std::string_view signature = "\x00\x01\x00\x00Standard "sv;

/// RC4 (the cipher of Jet's headers) over a copy of `text`.
std::string rc4(std::string_view key, std::string_view text) {
  std::array<std::uint8_t, 256> s{};
  std::iota(s.begin(), s.end(), std::uint8_t{0});
  for (unsigned i = 0, j = 0; i < 256; ++i) {
    j = (j + s[i] + static_cast<std::uint8_t>(key[i % key.size()])) & 0xFFU;
    std::swap(s[i], s[j]);
  }
  std::string out(text);
  unsigned i = 0, j = 0;
  for (char& c : out) {
    i = (i + 1) & 0xFFU;
    j = (j + s[i]) & 0xFFU;
    std::swap(s[i], s[j]);
    c = static_cast<char>(static_cast<std::uint8_t>(c) ^ s[(s[i] + s[j]) & 0xFFU]);
  }
  return out;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c == 0) return;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

void append_utf16(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i + 2 <= bytes.size(); i += 2) {
    const auto c = load<std::uint16_t>(bytes.data() + i);
    append_utf8(out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c); // no letters beyond the first plane in names met so far
  }
}

/// Bytes above 0x7F are taken as Latin-1: Jet 3 has the code page of the computer it was written on.
void append_bytes(std::string& out, std::string_view bytes) {
  for (const char c : bytes) append_utf8(out, static_cast<std::uint8_t>(c));
}

/// Jet 4 packs a text that begins with FF FE: one byte per letter, a zero byte switches to two and back.
std::string unpack_text(std::string_view bytes, bool jet4) {
  std::string out;
  if (!jet4) {
    append_bytes(out, bytes);
  } else if (!bytes.starts_with("\xFF\xFE"sv)) {
    append_utf16(out, bytes);
  } else {
    bytes.remove_prefix(2);
    bool packed = true;
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, bytes.find('\0'));
      if (packed) append_bytes(out, part);
      std::size_t taken = part.size();
      if (!packed) {
        taken = 0;
        while (taken + 2 <= bytes.size() && load<std::uint16_t>(bytes.data() + taken) != 0) taken += 2;
        append_utf16(out, bytes.substr(0, taken));
      }
      bytes.remove_prefix(std::min(bytes.size(), taken + 1));
      packed = !packed;
    }
  }
  return out;
}

} // namespace

std::optional<std::size_t> Table::find(std::string_view column) const {
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (columns[c].name == column) return c;
  return std::nullopt;
}

// ---- rows

std::optional<std::string_view> Row::value(const Column& column) const {
  if (column.number >= columns_) return std::nullopt; // the column was added after the row was written
  const bool set = (static_cast<std::uint8_t>(mask_[column.number / 8]) >> (column.number % 8) & 1U) != 0;
  if (!set) return std::nullopt;
  if (column.fixed) {
    const std::size_t from = fixed_start_ + column.fixed_offset;
    if (from > bytes_.size() || column.size > bytes_.size() - from) return std::nullopt;
    return bytes_.substr(from, column.size);
  }
  if (column.variable + 1 >= variables_.size()) return std::nullopt;
  const std::size_t from = variables_[column.variable], to = variables_[column.variable + 1];
  if (from > to || to > bytes_.size()) return std::nullopt;
  return bytes_.substr(from, to - from);
}

double Row::number(const Column& column) const {
  if (static_cast<Type>(column.type) == Type::boolean) // a boolean is its bit in the mask
    return column.number < columns_ &&
                   (static_cast<std::uint8_t>(mask_[column.number / 8]) >> (column.number % 8) & 1U) != 0
               ? 1.0
               : 0.0;
  const auto bytes = value(column);
  if (!bytes) return nan;
  const auto as = [&]<class T>(T) { return bytes->size() >= sizeof(T) ? static_cast<double>(load<T>(bytes->data())) : nan; };
  switch (static_cast<Type>(column.type)) {
  case Type::byte: return as(std::uint8_t{});
  case Type::integer: return as(std::int16_t{});
  case Type::long_integer: return as(std::int32_t{});
  case Type::money: return as(std::int64_t{}) / 1e4;
  case Type::single: return as(float{});
  case Type::real:
  case Type::date: return as(double{});
  default: return nan;
  }
}

std::string Row::text(const Column& column) const {
  const auto bytes = value(column);
  if (!bytes) return {};
  if (static_cast<Type>(column.type) == Type::text) return unpack_text(*bytes, jet4_);
  constexpr std::size_t memo_head = 12;
  constexpr std::uint32_t inside = 0x80000000;
  if (static_cast<Type>(column.type) == Type::memo && bytes->size() >= memo_head &&
      (load<std::uint32_t>(bytes->data()) & inside) != 0)
    return unpack_text(bytes->substr(memo_head), jet4_);
  return {};
}

// ---- the file

namespace {

std::string_view generation(std::uint8_t version) {
  constexpr std::array names{"Jet 3 (Access 97)"sv, "Jet 4 (Access 2000 to 2003)"sv, "ACE 12 (Access 2007)"sv,
                             "ACE 14 (Access 2010)"sv, "ACE 15 (Access 2013)"sv, "ACE 16 (Access 2016)"sv};
  return version < names.size() ? names[version] : "of an unknown version"sv;
}

} // namespace

bool Database::is(std::string_view bytes) noexcept {
  return bytes.starts_with(signature) && (bytes.substr(signature.size(), 6) == "Jet DB" || bytes.substr(signature.size(), 6) == "ACE DB");
}

std::string Database::version() const { return std::string(generation(version_)); }

Error Database::damaged(std::string what) const {
  return Error("D373", fmt::format("the database `{}` is damaged: {}", file_, what), whole_file(file_),
               {"copy the file again from the instrument's computer, or open it there with Access and let it be repaired"});
}

Database::Database(std::string_view bytes, std::string file) : bytes_(bytes), file_(std::move(file)) {
  static constexpr Layout jet3{2048, 8, 12, 25, 31, 35, 43, 8, 18, 1, 3, 13, 14, 16, 1, 1};
  static constexpr Layout jet4{4096, 12, 16, 45, 51, 55, 63, 12, 25, 5, 7, 15, 21, 23, 2, 2};
  constexpr std::size_t version_at = 0x14, cipher_at = 0x18, key_at = 0x3E;
  if (!is(bytes_) || bytes_.size() < jet3.page_bytes)
    throw Error("D371", fmt::format("`{}` is no Access database, or is cut off in its first page", file_), whole_file(file_),
                {"copy the file again from the instrument's computer"});
  version_ = static_cast<std::uint8_t>(bytes_[version_at]);
  if (version_ > 5)
    throw Error("D372", fmt::format("`{}` is an Access database of version {}, which is not known", file_, version_), whole_file(file_),
                {"versions 0 (Access 97) to 5 (Access 2016) are read; export the test as CSV with Arbin's Data Watcher"});
  layout_ = version_ == 0 ? &jet3 : &jet4;
  const std::string head = rc4("\xC7\xDA\x39\x6B"sv, bytes_.substr(cipher_at, version_ == 0 ? 126 : 128));
  if (load<std::uint32_t>(head.data() + (key_at - cipher_at)) != 0)
    throw Error("D372", fmt::format("`{}` is an encrypted Access database", file_), whole_file(file_),
                {"export the test as CSV or XLSX with Arbin's Data Watcher, or save the database without encryption"});

  const Table objects = define("MSysObjects", catalogue);
  const auto id = objects.find("Id"), name = objects.find("Name"), type = objects.find("Type");
  if (!id || !name || !type) throw damaged("its list of tables has no Id, Name or Type");
  rows(objects, [&](const Row& row) {
    const double kind = row.number(objects.columns[*type]), object = row.number(objects.columns[*id]);
    std::string found = row.text(objects.columns[*name]);
    if (kind != 1.0 || !(object > 0.0 && object < 0x1000000) || found.empty() || found.starts_with("MSys")) return;
    tables_.try_emplace(std::move(found), static_cast<std::uint32_t>(object));
  });
}

std::vector<std::string> Database::names() const {
  std::vector<std::string> out;
  for (const auto& [name, page] : tables_) out.push_back(name);
  return out;
}

std::string_view Database::page(std::uint32_t number) const {
  const std::uint64_t from = std::uint64_t{number} * layout_->page_bytes;
  if (from >= bytes_.size() || layout_->page_bytes > bytes_.size() - from) return {};
  return bytes_.substr(from, layout_->page_bytes);
}

Table Database::open(std::string_view name) const {
  const auto found = tables_.find(name);
  if (found == tables_.end())
    throw Error("D374", fmt::format("the database `{}` has no table `{}`", file_, name), whole_file(file_),
                {fmt::format("it has: {}", fmt::join(names(), ", "))});
  return define(found->first, found->second);
}

/// The definition's pages put together, each without its head of 8 bytes but the first.
std::string Database::definition_bytes(std::uint32_t first, const std::string& name) const {
  std::string out;
  for (std::uint32_t at = first; out.size() < longest_definition;) {
    const std::string_view bytes = page(at);
    if (bytes.empty() || bytes[0] != definition_page)
      throw damaged(fmt::format("page {} should define the table `{}` and does not", at, name));
    out += out.empty() ? bytes : bytes.substr(8);
    at = load<std::uint32_t>(bytes.data() + 4);
    if (at == 0) return out;
  }
  throw damaged(fmt::format("the definition of `{}` has no end", name));
}

Table Database::define(std::string name, std::uint32_t definition) const {
  const std::string bytes = definition_bytes(definition, name);
  const Layout& l = *layout_;
  const std::size_t count = load<std::uint16_t>(bytes.data() + l.columns);
  const std::size_t indices = load<std::uint32_t>(bytes.data() + l.real_indices);
  const auto short_of = [&] { return damaged(fmt::format("the definition of `{}` is cut off", name)); };
  if (count == 0 || count > most_columns) throw damaged(fmt::format("`{}` has {} columns", name, count));
  if (indices > bytes.size() / l.index_bytes) throw short_of();
  std::size_t at = l.indices_end + indices * l.index_bytes;
  if (at > bytes.size() || count * l.column_bytes > bytes.size() - at) throw short_of();

  Table table;
  table.definition = definition;
  table.stated_rows = load<std::uint32_t>(bytes.data() + l.stated_rows);
  for (std::size_t c = 0; c < count; ++c, at += l.column_bytes) {
    const char* entry = bytes.data() + at;
    Column column;
    column.type = static_cast<std::uint8_t>(entry[0]);
    column.number = load<std::uint16_t>(entry + l.number);
    column.variable = load<std::uint16_t>(entry + l.variable);
    column.fixed = (static_cast<std::uint8_t>(entry[l.flags]) & 1U) != 0;
    column.fixed_offset = load<std::uint16_t>(entry + l.fixed_offset);
    column.size = load<std::uint16_t>(entry + l.size);
    table.columns.push_back(std::move(column));
  }
  for (Column& column : table.columns) {
    if (l.name_length_bytes > bytes.size() - at) throw short_of();
    const std::size_t length =
        l.name_length_bytes == 1 ? static_cast<std::uint8_t>(bytes[at]) : load<std::uint16_t>(bytes.data() + at);
    at += l.name_length_bytes;
    if (length > bytes.size() - at) throw short_of();
    const std::string_view raw = std::string_view(bytes).substr(at, length);
    if (version_ == 0)
      append_bytes(column.name, raw);
    else
      append_utf16(column.name, raw);
    at += length;
  }
  table.name = std::move(name);
  table.pages = data_pages(definition, load<std::uint32_t>(bytes.data() + l.usage));
  return table;
}

/// Pages of data that name the table as their owner, among those that its map of pages lists. Without a readable map,
/// all that name it. @param usage_row where the map is: row in the lowest byte, page above.
std::vector<std::uint32_t> Database::data_pages(std::uint32_t definition, std::uint32_t usage_row) const {
  const auto count = static_cast<std::uint32_t>(bytes_.size() / layout_->page_bytes);
  std::vector<bool> listed;
  const auto mark = [&](std::uint64_t first, std::string_view bits) {
    for (std::size_t b = 0; b < bits.size() * 8 && first + b < count; ++b)
      if ((static_cast<std::uint8_t>(bits[b / 8]) >> (b % 8) & 1U) != 0) listed[first + b] = true;
  };
  std::uint16_t flags = 0;
  const auto map = row_bytes(page(usage_row >> 8), usage_row & 0xFFU, flags);
  if (map && map->size() >= 5) {
    listed.resize(count, false);
    if ((*map)[0] == 0) mark(load<std::uint32_t>(map->data() + 1), map->substr(5));
    const std::uint64_t per_page = (layout_->page_bytes - 4) * 8;
    if ((*map)[0] == 1)
      for (std::size_t k = 0; 1 + (k + 1) * 4 <= map->size() && k * per_page < count; ++k) {
        const std::string_view bits = page(load<std::uint32_t>(map->data() + 1 + k * 4));
        if (!bits.empty() && bits[0] == usage_page) mark(k * per_page, bits.substr(4));
      }
  }
  std::vector<std::uint32_t> out;
  for (std::uint32_t number = 1; number < count; ++number) {
    if (!listed.empty() && !listed[number]) continue;
    const std::string_view bytes = page(number);
    if (bytes[0] == data_page && load<std::uint32_t>(bytes.data() + 4) == definition) out.push_back(number);
  }
  return out;
}

/// The bytes of a row on a page of data and the flags of its offset; empty when the page has no such row.
std::optional<std::string_view> Database::row_bytes(std::string_view page, std::size_t index, std::uint16_t& flags) const {
  if (page.empty() || page[0] != data_page) return std::nullopt;
  const std::size_t table = layout_->row_count + 2;
  if (index >= load<std::uint16_t>(page.data() + layout_->row_count) || table + 2 * (index + 1) > page.size())
    return std::nullopt;
  const auto offset = load<std::uint16_t>(page.data() + table + 2 * index);
  flags = offset & static_cast<std::uint16_t>(~offset_mask);
  const std::size_t from = offset & offset_mask;
  const std::size_t to = index == 0 ? page.size() : load<std::uint16_t>(page.data() + table + 2 * (index - 1)) & offset_mask;
  if (from > to || to > page.size()) return std::nullopt;
  return page.substr(from, to - from);
}

/// Finds the parts of a row. @returns false when they do not fit into it.
bool Database::crack(std::string_view bytes, bool any_variable, Row& row) const {
  const std::size_t width = layout_->count_bytes;
  const auto read = [&](std::size_t at) -> std::size_t {
    return width == 1 ? static_cast<std::uint8_t>(bytes[at]) : load<std::uint16_t>(bytes.data() + at);
  };
  if (bytes.size() < width) return false;
  row.bytes_ = bytes;
  row.jet4_ = version_ != 0;
  row.fixed_start_ = width;
  row.columns_ = read(0);
  row.variables_.clear();
  const std::size_t mask = (row.columns_ + 7) / 8;
  if (mask == 0 || bytes.size() < width + mask) return false;
  std::size_t end = bytes.size() - mask;
  row.mask_ = bytes.substr(end);
  if (!any_variable) return true;
  if (end < 2 * width) return false;
  end -= width;
  const std::size_t variables = read(end);
  // Jet 3 has offsets of one byte; before them stands, for every 256 bytes, the first value that begins beyond.
  std::size_t jumps = width == 1 ? (bytes.size() - 1) / 256 : 0;
  const std::size_t jump_end = end;
  if (jumps > end) return false;
  end -= jumps;
  if (jumps > 0 && end >= 1 + variables && (end - 1 - variables) / 256 < jumps) --jumps; // the last one is there for nothing
  if ((variables + 1) * width > end) return false;
  std::size_t jumped = 0;
  for (std::size_t v = 0; v <= variables; ++v) {
    while (jumped < jumps && static_cast<std::uint8_t>(bytes[jump_end - 1 - jumped]) == v) ++jumped;
    row.variables_.push_back(read(end - (v + 1) * width) + jumped * 256);
  }
  return true;
}

std::size_t Database::rows(const Table& table, const std::function<void(const Row&)>& take) const {
  const bool any_variable = std::any_of(table.columns.begin(), table.columns.end(), [](const Column& c) { return !c.fixed; });
  std::size_t damaged_rows = 0, seen_bytes = 0;
  Row row;
  for (const std::uint32_t number : table.pages) {
    const std::string_view bytes = page(number);
    const std::size_t count = load<std::uint16_t>(bytes.data() + layout_->row_count);
    const std::size_t room = (bytes.size() - layout_->row_count - 2) / 2;
    for (std::size_t r = 0; r < std::min(count, room); ++r) {
      std::uint16_t flags = 0;
      auto found = row_bytes(bytes, r, flags);
      if (found && (flags & deleted_flag) != 0) continue;
      // A row that outgrew its page left a pointer behind: row and page of where it is now.
      for (std::size_t hop = 0; found && (flags & overflow_flag) != 0; ++hop) {
        if (found->size() < 4 || hop == most_overflows) {
          found.reset();
          break;
        }
        const auto pointer = load<std::uint32_t>(found->data());
        found = row_bytes(page(pointer >> 8), pointer & 0xFFU, flags);
      }
      if (!found || !crack(*found, any_variable, row) || row.columns_ * 2 < table.columns.size()) {
        ++damaged_rows;
        continue;
      }
      seen_bytes += found->size(); // pointers could name one row again and again
      if (seen_bytes > bytes_.size()) throw damaged(fmt::format("rows of `{}` lie over each other", table.name));
      take(row);
    }
  }
  return damaged_rows;
}

} // namespace platen::jet
