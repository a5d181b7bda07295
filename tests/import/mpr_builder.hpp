#pragma once
// EC-Lab binary files made up for tests and benchmarks, written from docs/formats/mpr.md alone.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::mpr_builder {

template <class T> void put(std::string& into, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof value);
  into.append(bytes, sizeof value);
}

template <class T> void place(std::string& in, std::size_t at, T value) { std::memcpy(in.data() + at, &value, sizeof value); }

/// A column: its code, how its values are stored ('d' f64, 'f' f32, 'I' u32, 'H' u16, 'B' u8), and the values.
struct Column {
  std::uint16_t code;
  char kind;
  std::vector<double> values;
};

struct Spec {
  bool wide = true;            ///< module headers of EC-Lab 11.50 and later
  std::uint32_t version = 11;  ///< of the data
  std::uint8_t technique = 4;  ///< GCPL
  std::vector<Column> columns;
  std::vector<std::uint16_t> flag_codes; ///< stand before the columns
  std::vector<std::uint8_t> flags;       ///< the byte of each row
  std::optional<double> start;           ///< days since 1899-12-30
  std::size_t start_at = 585;            ///< in the log
  std::uint8_t channel = 0;              ///< from 0
  std::uint32_t serial = 0;
  std::vector<std::uint32_t> loops;
  std::array<std::string, 3> external;
};

inline std::string module(std::string_view name, std::string_view body, bool wide, std::uint32_t version) {
  std::string out = "MODULE", names(name);
  names.resize(10, ' ');
  out += names;
  out += std::string(25, ' ');
  if (wide) put(out, std::uint32_t{0xFFFFFFFF});
  put(out, static_cast<std::uint32_t>(body.size()));
  put(out, std::uint32_t{wide ? 0 : version});
  if (wide) put(out, version);
  out += "08/11/23";
  out += body;
  return out;
}

inline void put_value(std::string& into, char kind, double value) {
  if (kind == 'd') put(into, value);
  else if (kind == 'f') put(into, static_cast<float>(value));
  else if (kind == 'I') put(into, static_cast<std::uint32_t>(value));
  else if (kind == 'H') put(into, static_cast<std::uint16_t>(value));
  else put(into, static_cast<std::uint8_t>(value));
}

inline std::string data(const Spec& spec) {
  std::vector<std::uint16_t> codes = spec.flag_codes;
  for (const Column& c : spec.columns) codes.push_back(c.code);
  const std::size_t rows = spec.columns.empty() ? spec.flags.size() : spec.columns.front().values.size();
  std::string out;
  put(out, static_cast<std::uint32_t>(rows));
  if (spec.wide) put(out, static_cast<std::uint16_t>(codes.size()));
  else put(out, static_cast<std::uint8_t>(codes.size()));
  for (const std::uint16_t code : codes) {
    if (!spec.wide && spec.version == 0) put(out, static_cast<std::uint8_t>(code));
    else put(out, code);
  }
  out.resize(spec.wide ? 1007 : spec.version == 0 ? 100 : spec.version == 2 ? 405 : 406, '\0');
  for (std::size_t i = 0; i < rows; ++i) {
    if (!spec.flag_codes.empty()) put(out, spec.flags[i]);
    for (const Column& c : spec.columns) put_value(out, c.kind, c.values[i]);
  }
  return out;
}

inline std::string build(const Spec& spec) {
  std::string out = "BIO-LOGIC MODULAR FILE\x1a";
  out.resize(48, ' ');
  out.resize(52, '\0');
  std::string settings(0x300, '\0');
  settings[0] = static_cast<char>(spec.technique);
  out += module("VMP Set", settings, spec.wide, spec.wide ? 10 : 0);
  if (!spec.external[0].empty() || !spec.external[1].empty() || !spec.external[2].empty()) {
    std::string device(0xC0, '\0');
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t at = (spec.wide ? 0x37 : 0x36) + 45 * i;
      device[at] = static_cast<char>(spec.external[i].size());
      device.replace(at + 1, spec.external[i].size(), spec.external[i]);
    }
    out += module("VMP ExtDev", device, spec.wide, spec.wide ? 10 : 0);
  }
  out += module("VMP data", data(spec), spec.wide, spec.version);
  if (spec.start) {
    std::string log(0x400, '\0');
    place(log, spec.start_at, *spec.start);
    log[9] = static_cast<char>(spec.channel);
    place(log, 0xAB, spec.serial);
    out += module("VMP LOG", log, spec.wide, spec.wide ? 10 : 0);
  }
  if (!spec.loops.empty()) {
    std::string loop;
    put(loop, static_cast<std::uint32_t>(spec.loops.size()));
    for (const std::uint32_t first : spec.loops) put(loop, first);
    loop.resize(268, '\0');
    out += module("VMP loop", loop, spec.wide, spec.wide ? 10 : 0);
  }
  return out;
}

/// Ten rows of a galvanostatic step and a rest: time, Ewe, I, Ns and flags, started on 2023-08-11 12:00:00.
inline Spec simple() {
  Spec out;
  Column time{4, 'd', {}}, voltage{6, 'f', {}}, current{8, 'f', {}}, ns{131, 'H', {}};
  for (int i = 0; i < 10; ++i) {
    time.values.push_back(100.0 + i);
    voltage.values.push_back(0.5 + 0.25 * i);
    current.values.push_back(i < 6 ? 1.5 : 0.0);
    ns.values.push_back(i < 6 ? 0 : 1);
    out.flags.push_back(static_cast<std::uint8_t>(i < 6 ? 1 : i == 6 ? 0x23 : 3));
  }
  out.flag_codes = {1, 2, 3, 21, 31, 65};
  out.columns = {ns, time, voltage, current};
  out.start = 45149.5;
  return out;
}

} // namespace platen::mpr_builder
