#pragma once
// Writes small .nda files for tests and benchmarks, from docs/formats/nda.md and not from the reader's code.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace nda_builder {

template <class T> void place(std::string& in, std::size_t at, T value) { std::memcpy(in.data() + at, &value, sizeof value); }
inline void place_text(std::string& in, std::size_t at, std::string_view text) { std::copy(text.begin(), text.end(), in.begin() + static_cast<std::ptrdiff_t>(at)); }

/// A row, a note (`code`) or an auxiliary value of versions 8 to 29.
struct Row {
  std::uint32_t index = 1, cycle = 0;
  int step_index = 1, step_type = 4, step_mark = 1;
  std::uint64_t step_time = 0; ///< ms (version 8: s)
  std::int32_t voltage = 0, current = 0, range = 1000;
  std::int64_t charged = 0, discharged = 0, energy_in = 0, energy_out = 0;
  std::uint64_t unix_time = 1500000000; ///< versions 8, 22, 23
  int year = 2024, month = 2, day = 29, hour = 12, minute = 30, second = 15;
};

inline std::string row_8(const Row& r) {
  std::string out(59, '\0');
  place(out, 1, r.index);
  place(out, 5, r.cycle);
  place(out, 9, static_cast<std::uint8_t>(r.step_index));
  place(out, 10, static_cast<std::uint8_t>(r.step_type));
  place(out, 11, static_cast<std::uint32_t>(r.step_time));
  place(out, 15, r.voltage);
  place(out, 19, r.current);
  place(out, 31, r.charged);
  place(out, 39, r.energy_in);
  place(out, 47, r.unix_time);
  return out;
}

inline std::string row_86(const Row& r, bool unix_clock) {
  std::string out(86, '\0');
  out[0] = 0x55;
  place(out, 2, r.index);
  place(out, 6, r.cycle);
  place(out, 10, static_cast<std::uint16_t>(r.step_index));
  place(out, 12, static_cast<std::uint8_t>(r.step_type));
  place(out, 13, static_cast<std::uint8_t>(r.step_mark));
  place(out, 14, r.step_time);
  place(out, 22, r.voltage);
  place(out, 26, r.current);
  place(out, 38, r.charged);
  place(out, 46, r.discharged);
  place(out, 54, r.energy_in);
  place(out, 62, r.energy_out);
  if (unix_clock) {
    place(out, 70, r.unix_time);
  } else {
    place(out, 70, static_cast<std::uint16_t>(r.year));
    std::size_t at = 72;
    for (const int part : {r.month, r.day, r.hour, r.minute, r.second}) place(out, at++, static_cast<std::uint8_t>(part));
  }
  place(out, 78, r.range);
  return out;
}

inline std::string note_86(std::uint32_t index, int code, bool finished = false) {
  std::string out = row_86({.index = index, .step_type = finished ? 6 : 4}, true);
  out[0] = static_cast<char>(0xAA);
  place(out, 30, static_cast<std::uint32_t>(code));
  return out;
}

inline std::string aux_86(std::uint32_t index, int channel, std::int32_t voltage, std::int16_t temperature) {
  std::string out(86, '\0');
  out[0] = 0x65;
  place(out, 1, static_cast<std::uint8_t>(channel));
  place(out, 2, index);
  place(out, 22, voltage);
  place(out, 34, temperature);
  return out;
}

/// A file of version 8 to 29 around its records.
inline std::string old_file(int version, const std::string& records) {
  constexpr std::size_t start = 0xC00, info = 0x82A;
  std::string out(start, '\0');
  place_text(out, 0, "NEWARE20240229");
  place(out, 14, static_cast<std::uint16_t>(version));
  place(out, 0x18, static_cast<std::uint32_t>(info));
  place(out, 0x1C, std::uint32_t{0x17F});
  place(out, 0x40, static_cast<std::uint32_t>(start));
  place(out, 0x44, version == 8 ? 0U : static_cast<std::uint32_t>(records.size()));
  place(out, 0x98, std::uint32_t{12500});
  place(out, info, std::uint8_t{7});
  place(out, info + 1, std::uint8_t{2});
  place(out, info + 2, std::uint8_t{5});
  place(out, info + 3, std::uint16_t{1234});
  place_text(out, info + (version == 8 ? 0x24 : 0x25), "2024-02-29 12:30:15");
  if (version != 8) {
    place_text(out, info + 0x89, "batch 1");
    place_text(out, info + 0xE3, "\xD5\xFD\xBC\xAB left over"); // GBK
    place_text(out, info + 0xE3 + 4, std::string_view("\0", 1));
  }
  return out + records;
}

/// A row of BTS 9.0 (times in microseconds) or 9.1.
struct Row9 {
  std::uint32_t index = 1, cycle = 0;
  int step_index = 1, step_type = 4;
  std::uint64_t time = 0, clock = 1500000000000000; ///< microseconds; in the step (9.0) or in the test (9.1); since 1970
  float voltage = 0.0F, current = 0.0F, charge = 0.0F, energy = 0.0F; ///< V, mA, mAs, mWs
};

inline std::string row_90(const Row9& r) {
  std::string out(88, '\0');
  place_text(out, 0, std::string_view("\x12\x50\x00\x07\x55\x81\x01\x06", 8));
  place(out, 9, static_cast<std::uint8_t>(r.step_index));
  place(out, 10, static_cast<std::uint8_t>(r.step_type));
  place(out, 16, r.index);
  place(out, 28, r.time);
  place(out, 36, r.voltage);
  place(out, 40, r.current);
  place(out, 60, r.charge);
  place(out, 64, r.energy);
  place(out, 68, r.clock);
  return out;
}

/// @param values the float32 at the end
inline std::string row_91(const Row9& r, std::initializer_list<float> values = {}) {
  std::string out(52, '\0');
  out[0] = 0x55;
  out[1] = 0x06;
  place(out, 2, static_cast<std::uint8_t>(r.step_index));
  place(out, 3, static_cast<std::uint8_t>(r.step_type));
  place(out, 8, r.index);
  place(out, 12, static_cast<std::uint32_t>(r.time / 1000000));
  place(out, 16, static_cast<std::uint32_t>(r.time % 1000000 * 1000));
  place(out, 20, r.current);
  place(out, 24, r.voltage);
  place(out, 28, r.charge);
  place(out, 32, r.energy);
  place(out, 36, r.cycle);
  place(out, 44, static_cast<std::uint32_t>(r.clock / 1000000));
  place(out, 48, static_cast<std::uint32_t>(r.clock % 1000000 * 1000));
  for (const float value : values) {
    out.resize(out.size() + 4);
    place(out, out.size() - 4, value);
  }
  return out;
}

/// A file of version 130: header, records, and the information behind them.
inline std::string new_file(bool v91, const std::string& records) {
  std::string out(0x400, '\0');
  place_text(out, 0, "NEWARE20240403");
  place(out, 14, std::uint16_t{130});
  place(out, 0x52, std::uint64_t{0x400});
  place(out, 0x5A, static_cast<std::uint64_t>(records.size()));
  place_text(out, 0x102, v91 ? "9.1.5.7.20240403.R5" : "9.0.3.16616.20160408.R5");
  std::string head(0x17B, '\0'), info(0x240, '\0');
  place(head, 2, std::uint8_t{8});
  place(head, 3, std::uint8_t{3});
  place(head, 14, std::uint32_t{2});
  place_text(info, v91 ? 0x08 : 0x0C, "admin");
  if (v91) {
    place_text(info, 0x108, "a remark");
    place_text(info, 0x148, "CELL 7");
  }
  const std::size_t numbers = v91 ? 0x1A8 : 0x18C;
  place(info, numbers, std::uint32_t{61});
  place(info, numbers + (v91 ? 8 : 4), std::uint64_t{1461068461483000});
  const auto head_at = static_cast<std::uint64_t>(out.size() + records.size());
  place(out, 0x12, head_at);
  place(out, 0x1A, std::uint64_t{0x17B});
  place(out, 0x22, head_at + head.size());
  place(out, 0x2A, static_cast<std::uint64_t>(info.size()));
  return out + records + head + info;
}

} // namespace nda_builder
