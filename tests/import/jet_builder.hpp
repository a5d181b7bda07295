#pragma once
// Small Access databases made by hand, in the layout of docs/formats/arbin-res.md, for the tests of the .res reader.

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace platen::jet_builder {

template <class T> void put(std::string& out, std::size_t at, T value) { std::memcpy(out.data() + at, &value, sizeof value); }
template <class T> void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

enum Type : std::uint8_t { boolean = 1, byte = 2, integer = 3, long_integer = 4, single = 6, real = 7, text = 10 };

inline std::size_t width_of(Type type) {
  switch (type) {
  case byte: return 1;
  case integer: return 2;
  case long_integer:
  case single: return 4;
  case real: return 8;
  default: return 0;
  }
}

struct Column {
  std::string name;
  Type type;
};

/// A value, or nothing (null).
using Value = std::variant<std::monostate, double, std::string>;

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;
};

class Builder {
public:
  explicit Builder(bool jet4) : jet4_(jet4), page_bytes_(jet4 ? 4096 : 2048) { pages_.resize(3, std::string(page_bytes_, '\0')); }

  bool packed_texts = true;        ///< Jet 4: one byte per letter
  std::size_t moved_row = no_row;  ///< this row of every table stands on another page, behind a pointer
  std::size_t deleted_row = no_row; ///< this row of every table is marked as deleted
  bool with_map = true;            ///< the maps of pages are there

  std::string build(const std::vector<Table>& tables) {
    Table objects{"MSysObjects", {{"Id", long_integer}, {"ParentId", long_integer}, {"Name", text}, {"Type", integer}, {"Flags", long_integer}, {"LvProp", text}}, {}};
    std::uint32_t page = 3;
    for (const Table& t : tables) objects.rows.push_back({double(page++), 251658241.0, t.name, 1.0, 0.0, Value{}});
    pages_.resize(page, std::string(page_bytes_, '\0'));
    const std::size_t moved = std::exchange(moved_row, no_row), deleted = std::exchange(deleted_row, no_row);
    add(objects, 2);
    moved_row = moved;
    deleted_row = deleted;
    page = 3;
    for (const Table& t : tables) add(t, page++);
    write_head();
    write_maps();
    std::string out;
    for (const std::string& p : pages_) out += p;
    return out;
  }

private:
  static constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();

  void write_head() {
    std::string& head = pages_[0];
    head.replace(0, 19, std::string("\x00\x01\x00\x00Standard Jet DB", 19));
    head[0x14] = jet4_ ? 1 : 0;
    std::string clear(jet4_ ? 128 : 126, '\0');
    put<std::uint16_t>(clear, 0x3C - 0x18, 1252);
    head.replace(0x18, clear.size(), cipher(clear));
  }

  static std::string cipher(std::string text) {
    const std::array<std::uint8_t, 4> key{0xC7, 0xDA, 0x39, 0x6B};
    std::array<std::uint8_t, 256> s{};
    std::iota(s.begin(), s.end(), std::uint8_t{0});
    for (unsigned i = 0, j = 0; i < 256; ++i) {
      j = (j + s[i] + key[i % 4]) & 0xFFU;
      std::swap(s[i], s[j]);
    }
    unsigned i = 0, j = 0;
    for (char& c : text) {
      i = (i + 1) & 0xFFU;
      j = (j + s[i]) & 0xFFU;
      std::swap(s[i], s[j]);
      c = static_cast<char>(static_cast<std::uint8_t>(c) ^ s[(s[i] + s[j]) & 0xFFU]);
    }
    return text;
  }

  std::string letters(const std::string& ascii) const {
    std::string out;
    for (const char c : ascii) {
      out += c;
      if (jet4_) out += '\0';
    }
    return out;
  }

  std::string stored_text(const std::string& ascii) const {
    return jet4_ && packed_texts ? "\xFF\xFE" + ascii : letters(ascii);
  }

  void write_count(std::string& out, std::size_t value) const {
    if (jet4_)
      append<std::uint16_t>(out, static_cast<std::uint16_t>(value));
    else
      out += static_cast<char>(value);
  }

  std::string row(const Table& table, const std::vector<Value>& values) const {
    std::string out, mask((table.columns.size() + 7) / 8, '\0'), variable;
    std::vector<std::size_t> starts;
    write_count(out, table.columns.size());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const Type type = table.columns[c].type;
      const auto* number = std::get_if<double>(&values[c]);
      const bool there = type == boolean ? number != nullptr && *number != 0.0 : values[c].index() != 0;
      if (there) mask[c / 8] = static_cast<char>(mask[c / 8] | (1 << (c % 8)));
      const double v = number != nullptr ? *number : 0.0;
      switch (type) {
      case byte: out += static_cast<char>(v); break;
      case integer: append<std::int16_t>(out, static_cast<std::int16_t>(v)); break;
      case long_integer: append<std::int32_t>(out, static_cast<std::int32_t>(v)); break;
      case single: append<float>(out, static_cast<float>(v)); break;
      case real: append<double>(out, v); break;
      case text:
        starts.push_back(variable.size());
        if (there) variable += stored_text(std::get<std::string>(values[c]));
        break;
      default: break;
      }
    }
    if (!starts.empty()) {
      const std::size_t base = out.size();
      out += variable;
      starts.push_back(variable.size());
      for (std::size_t v = starts.size(); v-- > 0;) write_count(out, (base + starts[v]) & (jet4_ ? 0xFFFFU : 0xFFU));
      if (!jet4_) {
        const std::size_t jumps = (out.size() + mask.size()) / 256; // one more byte follows: the number of texts
        for (std::size_t j = jumps; j-- > 0;) {
          std::size_t first = 0;
          while (first < starts.size() && base + starts[first] < 256 * (j + 1)) ++first;
          out += static_cast<char>(first < starts.size() ? first : 0xFF);
        }
      }
      write_count(out, starts.size() - 1);
    }
    return out + mask;
  }

  /// Rows on a page of data, from its end upwards. @returns their slot; the page is full when it has no room.
  bool place(std::uint32_t page, std::string_view bytes, std::uint16_t flags) {
    std::string& p = pages_[page];
    const std::size_t count_at = jet4_ ? 12 : 8;
    std::uint16_t count = 0, lowest = static_cast<std::uint16_t>(page_bytes_);
    std::memcpy(&count, p.data() + count_at, 2);
    if (count > 0) std::memcpy(&lowest, p.data() + count_at + 2 * count, 2);
    lowest &= 0x1FFF;
    const std::size_t table_end = count_at + 2 + 2 * (count + 1U);
    if (lowest < table_end + bytes.size()) return false;
    const auto at = static_cast<std::uint16_t>(lowest - bytes.size());
    p.replace(at, bytes.size(), bytes);
    put<std::uint16_t>(p, count_at + 2 + 2 * count, static_cast<std::uint16_t>(at | flags));
    put<std::uint16_t>(p, count_at, static_cast<std::uint16_t>(count + 1));
    return true;
  }

  std::uint32_t new_page(std::uint32_t owner) {
    pages_.emplace_back(page_bytes_, '\0');
    pages_.back()[0] = 1;
    pages_.back()[1] = 1;
    put<std::uint32_t>(pages_.back(), 4, owner);
    return static_cast<std::uint32_t>(pages_.size() - 1);
  }

  void add(const Table& table, std::uint32_t definition) {
    define(table, definition);
    std::uint32_t page = new_page(definition);
    std::vector<std::uint32_t> used{page};
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      std::string bytes = row(table, table.rows[r]);
      std::uint16_t flags = r == deleted_row ? 0x8000 : 0;
      if (r == moved_row) {
        const std::uint32_t away = new_page(definition);
        used.push_back(away);
        place(away, bytes, 0x8000);
        bytes.clear();
        append<std::uint32_t>(bytes, away << 8);
        flags = 0x4000;
      }
      if (place(page, bytes, flags)) continue;
      used.push_back(page = new_page(definition));
      place(page, bytes, flags);
    }
    used_[definition] = used;
  }

  void define(const Table& table, std::uint32_t page) {
    std::string d(jet4_ ? 63 : 43, '\0');
    d[0] = 2;
    d[1] = 1;
    std::uint16_t variables = 0;
    for (const Column& c : table.columns) variables = static_cast<std::uint16_t>(variables + (c.type == text));
    const auto count = static_cast<std::uint16_t>(table.columns.size());
    put<std::uint32_t>(d, jet4_ ? 16 : 12, static_cast<std::uint32_t>(table.rows.size() - (deleted_row < table.rows.size())));
    d[jet4_ ? 40 : 20] = 0x4E;
    put<std::uint16_t>(d, jet4_ ? 41 : 21, count);
    put<std::uint16_t>(d, jet4_ ? 43 : 23, variables);
    put<std::uint16_t>(d, jet4_ ? 45 : 25, count);
    // The map of the pages in use is row `maps_` of page 1, that of pages with room the same.
    const auto map = static_cast<std::uint32_t>(maps_.size() | (1U << 8));
    put<std::uint32_t>(d, jet4_ ? 55 : 35, map);
    put<std::uint32_t>(d, jet4_ ? 59 : 39, map);
    maps_.push_back(page);
    std::size_t fixed = 0, variable = 0;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const Type type = table.columns[c].type;
      std::string e(jet4_ ? 25 : 18, '\0');
      e[0] = static_cast<char>(type);
      put<std::uint16_t>(e, jet4_ ? 5 : 1, static_cast<std::uint16_t>(c));
      put<std::uint16_t>(e, jet4_ ? 7 : 3, static_cast<std::uint16_t>(type == text ? variable++ : 0));
      put<std::uint16_t>(e, jet4_ ? 9 : 5, static_cast<std::uint16_t>(c));
      e[jet4_ ? 15 : 13] = type == text ? 2 : 3;
      put<std::uint16_t>(e, jet4_ ? 21 : 14, static_cast<std::uint16_t>(fixed));
      put<std::uint16_t>(e, jet4_ ? 23 : 16, static_cast<std::uint16_t>(type == text ? 250 : width_of(type)));
      fixed += width_of(type);
      d += e;
    }
    for (const Column& c : table.columns) {
      const std::string name = letters(c.name);
      write_count(d, name.size());
      d += name;
    }
    put<std::uint32_t>(d, 8, static_cast<std::uint32_t>(d.size()));
    pages_[page].replace(0, d.size(), d);
  }

  void write_maps() {
    pages_[1][0] = 1;
    pages_[1][1] = 1;
    if (!with_map) return;
    for (const std::uint32_t table : maps_) {
      std::string map(69, '\0'); // type 0, from page 0 on, one bit per page
      for (const std::uint32_t page : used_[table])
        map[5 + page / 8] = static_cast<char>(map[5 + page / 8] | (1 << (page % 8)));
      place(1, map, 0);
    }
  }

  bool jet4_;
  std::size_t page_bytes_;
  std::vector<std::string> pages_;
  std::vector<std::uint32_t> maps_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> used_;
};

/// The tables of a small results file: `points` rows of test 1 with two auxiliary channels, and one row of test 2.
inline std::vector<Table> arbin_tables(std::size_t points, bool second_test = false) {
  Table main{"Channel_Normal_Table",
             {{"Test_ID", long_integer}, {"Data_Point", long_integer}, {"Test_Time", real}, {"Step_Time", real},
              {"DateTime", real}, {"Step_Index", integer}, {"Cycle_Index", integer}, {"Is_FC_Data", byte}, {"Current", single},
              {"Voltage", single}, {"Charge_Capacity", real}, {"Discharge_Capacity", real}, {"dV/dt", single}},
             {}};
  Table aux{"Auxiliary_Table",
            {{"Test_ID", long_integer}, {"Data_Point", long_integer}, {"Auxiliary_Index", integer}, {"Data_Type", integer},
             {"X", single}, {"dX/dt", single}},
            {}};
  for (std::size_t k = 0; k < points; ++k) {
    const double t = 10.0 * double(k) + 0.25, i = k % 4 == 0 ? 0.0 : k % 2 == 0 ? -0.5 : 0.5;
    main.rows.push_back({1.0, double(k + 1), t, t, 43062.75 + t / 86400, 1.0 + double(k % 4), 1.0 + double(k / 4), 0.0, i,
                         3.5 + 0.125 * double(k % 8), 0.25 * double(k), 0.125 * double(k), 0.0});
    aux.rows.push_back({1.0, double(k + 1), 0.0, 1.0, 25.5 + double(k), 0.5});
    aux.rows.push_back({1.0, double(k + 1), 1.0, 2.0, 5.0 + 0.5 * double(k), Value{}});
  }
  if (second_test) main.rows.push_back({2.0, 1.0, 0.0, 0.0, 43063.0, 1.0, 1.0, 0.0, 9.0, 9.0, 0.0, 0.0, 0.0});
  return {main, aux,
          {"Global_Table",
           {{"Test_ID", long_integer}, {"Test_Name", text}, {"Channel_Index", integer}, {"Log_Aux_Data_Flag", boolean}, {"Comments", text}, {"Schedule_File_Name", text}},
           {{1.0, std::string("ramp"), 4.0, 1.0, Value{}, std::string(240, 's')}}},
          {"Aux_Global_Data_Table",
           {{"Channel_Index", integer}, {"Auxiliary_Index", integer}, {"Data_Type", integer}, {"Nickname", text}, {"Unit", text}},
           {{0.0, 0.0, 1.0, std::string("top"), std::string("C")}, {0.0, 1.0, 2.0, std::string("load cell"), std::string("MPa")}}},
          {"Version_Table", {{"Version_Schema_Field", text}}, {{std::string("Results File 5.23")}}}};
}

} // namespace platen::jet_builder
