#include "import/biologic/layout.hpp"

#include "import/bytes.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::biologic {
namespace {

/// How the head of a data module is laid out.
struct Generation {
  bool wide;             ///< the module's header is that of EC-Lab 11.50 and later
  std::uint32_t version;
  std::size_t codes_at;  ///< the codes of the columns
  std::size_t code_bytes;
  std::size_t head;      ///< the rows begin here
};
constexpr std::array generations{
    Generation{false, 0, 5, 1, 100}, Generation{false, 2, 5, 2, 405},  Generation{false, 3, 5, 2, 406},
    Generation{true, 10, 6, 2, 1007}, Generation{true, 11, 6, 2, 1007},
};

const Generation* find_generation(const Module& data) {
  for (const Generation& g : generations)
    if (g.wide == data.wide && g.version == data.version) return &g;
  return nullptr;
}

struct Head {
  std::size_t rows = 0;
  std::vector<std::uint16_t> codes;
};

Head read_head(const Module& data, const Generation& g, const Place& place) {
  const std::string_view bytes = data.bytes;
  if (bytes.size() < g.head)
    throw Error("D320", fmt::format("the file ends within the head of its data, after {} of {} bytes", bytes.size(), g.head), place,
                {"copy the file again, or export it as text with EC-Lab"});
  Head out;
  out.rows = load<std::uint32_t>(bytes.data());
  const std::size_t count = g.codes_at == 6 ? load<std::uint16_t>(bytes.data() + 4) : load<std::uint8_t>(bytes.data() + 4);
  if (count == 0 || g.codes_at + count * g.code_bytes > g.head)
    throw Error("D320", fmt::format("the head of the data names {} columns, which does not fit", count), place,
                {"the file is damaged; export it as text with EC-Lab"});
  for (std::size_t i = 0; i < count; ++i) {
    const char* at = bytes.data() + g.codes_at + i * g.code_bytes;
    out.codes.push_back(g.code_bytes == 1 ? load<std::uint8_t>(at) : load<std::uint16_t>(at));
  }
  return out;
}

/// The columns of a row but the flags, in order; the place of the flags is that of the first of them.
struct Columns {
  std::vector<ColumnCode> codes;
  std::vector<bool> known;
  std::vector<const FlagBits*> flags;
  std::size_t flags_before = 0; ///< columns before the byte of flags

  std::size_t bytes() const {
    std::size_t sum = flags.empty() ? 0 : 1;
    for (const ColumnCode& c : codes) sum += size_of(c.raw);
    return sum;
  }
};

Columns sort_codes(const std::vector<std::uint16_t>& codes) {
  Columns out;
  for (const std::uint16_t code : codes) {
    if (const FlagBits* flag = find_flag(code)) {
      if (out.flags.empty()) out.flags_before = out.codes.size();
      if (std::find(out.flags.begin(), out.flags.end(), flag) == out.flags.end()) out.flags.push_back(flag);
      continue;
    }
    const auto known = find_code(code);
    out.codes.push_back(known ? *known : ColumnCode{code, fmt::format("unknown_{}", code), Raw::f32, false});
    out.known.push_back(known.has_value());
  }
  return out;
}

/// Gives the columns in `open` the one type with which a row has `row_bytes`. @returns whether there is one.
bool solve(Columns& columns, const std::vector<std::size_t>& open, std::size_t row_bytes) {
  std::size_t others = columns.bytes();
  for (const std::size_t i : open) others -= size_of(columns.codes[i].raw);
  if (open.empty() || row_bytes <= others) return false;
  const std::size_t rest = row_bytes - others;
  Raw raw = Raw::flag;
  if (rest == 4 * open.size()) raw = Raw::f32;
  else if (rest == 8 * open.size()) raw = Raw::f64;
  else if (open.size() == 1 && rest == 2) raw = Raw::u16;
  else if (open.size() == 1 && rest == 1) raw = Raw::u8;
  if (raw == Raw::flag) return false;
  for (const std::size_t i : open) {
    ColumnCode& c = columns.codes[i];
    if (raw == Raw::f64)
      if (const auto wide = find_wide_code(c.code)) c = *wide;
    c.raw = raw;
  }
  return true;
}

std::vector<std::size_t> where(const Columns& columns, auto&& test) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < columns.codes.size(); ++i)
    if (test(i)) out.push_back(i);
  return out;
}

std::string list(const Columns& columns, const std::vector<std::size_t>& which) {
  std::vector<std::string> out;
  for (const std::size_t i : which) out.push_back(fmt::format("{}", columns.codes[i].code));
  return fmt::format("{} {}", out.size() == 1 ? "code" : "codes", fmt::join(out, ", "));
}

class Solver {
public:
  Solver(const Module& data, const Generation& g, const Head& head, Place place, Diagnostics& notes)
      : data_(data), g_(g), head_(head), place_(std::move(place)), notes_(notes), columns_(sort_codes(head.codes)) {}

  Layout layout() {
    const std::size_t promised = data_.declared - g_.head; // the header speaks of a file that is not cut
    const std::size_t here = data_.bytes.size() - g_.head;
    find_row_bytes(promised);
    out_.rows = std::min(head_.rows, here / out_.row_bytes);
    if (out_.rows < head_.rows)
      notes_.warning("D322", fmt::format("the file was cut off: {} of {} rows are in it", out_.rows, head_.rows), place_,
                     {"copy the file again from the computer that runs EC-Lab"});
    out_.rows_begin = data_.bytes.substr(g_.head, out_.rows * out_.row_bytes);
    out_.generation = fmt::format("data version {}", data_.version);
    return std::move(out_);
  }

private:
  void find_row_bytes(std::size_t promised) {
    const auto unknown = where(columns_, [&](std::size_t i) { return !columns_.known[i]; });
    const std::size_t row_bytes = head_.rows > 0 && promised % head_.rows == 0 ? promised / head_.rows : 0;
    if (unknown.empty() && (head_.rows == 0 || columns_.bytes() == row_bytes)) return place_all();
    const auto guessed = where(columns_, [&](std::size_t i) { return !columns_.codes[i].seen; });
    if (row_bytes > 0 && (solve(columns_, unknown, row_bytes) || solve(columns_, guessed, row_bytes))) {
      note_unknown(unknown);
      return place_all();
    }
    if (guessed.empty()) return place_without_promise(promised);
    if (row_bytes == 0)
      throw Error("D324", fmt::format("{} of the data are not known, and {} bytes are no whole number of {} rows",
                                      list(columns_, guessed), promised, head_.rows),
                  place_, {"export the file as text with EC-Lab; the codes are listed in docs/formats/mpr.md"});
    place_around(guessed, row_bytes);
  }

  void note_unknown(const std::vector<std::size_t>& unknown) {
    for (const std::size_t i : unknown)
      notes_.warning("D323", fmt::format("column code {} is not known; the column is kept as `{}`, {} bytes each read as {}", columns_.codes[i].code,
                                         columns_.codes[i].heading, size_of(columns_.codes[i].raw),
                                         columns_.codes[i].raw == Raw::f32 || columns_.codes[i].raw == Raw::f64 ? "a real number" : "a whole number"),
                     place_, {"EC-Lab's text export names it"});
  }

  void place_all() {
    out_.row_bytes = place_range(0, columns_.codes.size(), 0);
    if (out_.row_bytes == 0) throw Error("D320", "the head of the data names no columns", place_);
  }

  /// Every type is certain, so the count of rows or the length is wrong: what is there is read.
  void place_without_promise(std::size_t promised) {
    place_all();
    notes_.warning("D327", fmt::format("{} rows of {} bytes are promised, the data have {} bytes", head_.rows, out_.row_bytes, promised), place_,
                   {"the file may have been copied while it was written"});
  }

  /// Only the columns before the first and behind the last one of uncertain length have a place.
  void place_around(const std::vector<std::size_t>& open, std::size_t row_bytes) {
    const std::size_t before = place_range(0, open.front(), 0);
    std::size_t behind = 0;
    for (std::size_t i = open.back() + 1; i < columns_.codes.size(); ++i) behind += size_of(columns_.codes[i].raw);
    const bool flags_behind = !columns_.flags.empty() && columns_.flags_before > open.back();
    if (before + behind + (flags_behind ? 1 : 0) >= row_bytes)
      throw Error("D324", fmt::format("a row has {} bytes, fewer than its columns need", row_bytes), place_,
                  {"the file is damaged; export it as text with EC-Lab"});
    place_range(open.back() + 1, columns_.codes.size(), row_bytes - behind - (flags_behind ? 1 : 0));
    out_.row_bytes = row_bytes;
    notes_.warning("D323", fmt::format("the lengths of the columns with {} cannot be told from rows of {} bytes; they and those between them are left out",
                                       list(columns_, open), row_bytes),
                   place_, {"export the file as text with EC-Lab to have them"});
  }

  /// Columns [first, last) from `at` on. @returns where they end.
  std::size_t place_range(std::size_t first, std::size_t last, std::size_t at) {
    for (std::size_t i = first; i <= last; ++i) {
      const bool end = i == last;
      if (!columns_.flags.empty() && columns_.flags_before == i && (!end || first == 0 || i == columns_.codes.size())) {
        out_.flags = columns_.flags;
        out_.flags_offset = at++;
      }
      if (end) break;
      out_.fields.push_back({columns_.codes[i], at, columns_.known[i]});
      at += size_of(columns_.codes[i].raw);
    }
    return at;
  }

  const Module& data_;
  const Generation& g_;
  const Head& head_;
  Place place_;
  Diagnostics& notes_;
  Columns columns_;
  Layout out_;
};

} // namespace

Layout read_layout(const Module& data, const std::string& file, Diagnostics& notes) {
  Place place;
  place.file = file;
  const Generation* g = find_generation(data);
  if (g == nullptr)
    throw Error("D321", fmt::format("an EC-Lab file whose data module has version {}{}, which is not known", data.version,
                                    data.wide ? " with the header of EC-Lab 11.50 and later" : ""),
                place, {"versions 0, 2, 3, 10 and 11 are read; export the file as text with EC-Lab"});
  const Head head = read_head(data, *g, place);
  return Solver(data, *g, head, place, notes).layout();
}

} // namespace platen::biologic
