#pragma once
// Writes small .ndax files for tests and benchmarks, from docs/formats/ndax.md and not from the reader's code.

#include <cstdint>
#include <cstring>
#include <libdeflate.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ndax_builder {

template <class T> void put(std::string& to, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  to.append(raw, sizeof value);
}

template <class T> void place(std::string& in, std::size_t at, T value) { std::memcpy(in.data() + at, &value, sizeof value); }

using Members = std::vector<std::pair<std::string, std::string>>;

inline std::string deflate(const std::string& bytes) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> packer(libdeflate_alloc_compressor(1),
                                                                                        libdeflate_free_compressor);
  std::string out(libdeflate_deflate_compress_bound(packer.get(), bytes.size()), '\0');
  out.resize(libdeflate_deflate_compress(packer.get(), bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

/// A zip of the members, in order.
inline std::string zip(const Members& members, bool packed = true) {
  std::string out, table;
  for (const auto& [name, bytes] : members) {
    const std::string body = packed ? deflate(bytes) : bytes;
    std::string common;
    put<std::uint16_t>(common, 20);
    put<std::uint16_t>(common, 0);
    put<std::uint16_t>(common, packed ? 8 : 0);
    put<std::uint32_t>(common, 0);
    put<std::uint32_t>(common, libdeflate_crc32(0, bytes.data(), bytes.size()));
    put<std::uint32_t>(common, static_cast<std::uint32_t>(body.size()));
    put<std::uint32_t>(common, static_cast<std::uint32_t>(bytes.size()));
    put<std::uint16_t>(common, static_cast<std::uint16_t>(name.size()));
    put<std::uint16_t>(common, 0);
    put<std::uint32_t>(table, 0x02014b50);
    put<std::uint16_t>(table, 20);
    table += common;
    table.append(10, '\0');
    put<std::uint32_t>(table, static_cast<std::uint32_t>(out.size()));
    table += name;
    put<std::uint32_t>(out, 0x04034b50);
    out += common + name + body;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out += table;
  put<std::uint32_t>(out, 0x06054b50);
  put<std::uint32_t>(out, 0);
  put<std::uint16_t>(out, static_cast<std::uint16_t>(members.size()));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(members.size()));
  put<std::uint32_t>(out, static_cast<std::uint32_t>(table.size()));
  put<std::uint32_t>(out, start);
  put<std::uint16_t>(out, 0);
  return out;
}

/// Pages of one .ndc member. Records are appended one by one; `skip` leaves a slot empty.
class Pages {
public:
  Pages(int kind, int version, std::size_t record, std::size_t page = 4096, std::size_t first = 132)
      : record_(record), page_(page), first_(first), capacity_((page - first - 4) / record) {
    put<std::uint16_t>(bytes_, static_cast<std::uint16_t>(kind));
    put<std::uint16_t>(bytes_, static_cast<std::uint16_t>(version));
    put<std::uint32_t>(bytes_, 1);
    bytes_.resize(page_);
    kind_ = kind;
  }
  void add(const std::string& record) {
    open_page();
    const std::size_t start = bytes_.size() - page_, k = slot_ % capacity_;
    bytes_.replace(start + first_ + k * record_, record_, record);
    bytes_[start + 4 + k / 8] = static_cast<char>(bytes_[start + 4 + k / 8] | 1 << (k % 8));
    ++filled_;
    close_slot();
  }
  void skip() {
    open_page();
    close_slot();
  }
  std::string finish() {
    if (slot_ % capacity_ != 0) seal();
    return std::move(bytes_);
  }

private:
  void open_page() {
    if (slot_ % capacity_ == 0) {
      bytes_.resize(bytes_.size() + page_);
      filled_ = 0;
    }
  }
  void close_slot() {
    if (++slot_ % capacity_ == 0) seal();
  }
  void seal() {
    const std::size_t start = bytes_.size() - page_;
    place(bytes_, start, static_cast<std::uint16_t>(kind_ + 1));
    place(bytes_, start + 2, static_cast<std::uint16_t>(filled_));
    place(bytes_, start + page_ - 4, libdeflate_crc32(0, bytes_.data() + start, page_ - 4));
  }

  std::string bytes_;
  std::size_t record_, page_, first_, capacity_, slot_ = 0, filled_ = 0;
  int kind_ = 0;
};

inline std::string sample(float voltage, float current) {
  std::string out;
  put(out, voltage);
  put(out, current);
  return out;
}

struct Mark {
  std::uint32_t index = 0, step_count = 0;
  std::uint32_t step_time = 0; ///< ms
  std::int32_t interval = 0;   ///< ms
  float charged = 0.0F, discharged = 0.0F, energy_in = 0.0F, energy_out = 0.0F;
  std::uint32_t clock = 0; ///< s since 1970
  std::uint16_t clock_ms = 0;
};

inline std::size_t mark_bytes(int version) { return version == 11 ? 47 : version == 14 ? 55 : 100; }
inline std::size_t step_bytes(int version) { return version <= 14 ? 37 : 100; }

inline std::string mark(int version, const Mark& m) {
  std::string out(mark_bytes(version), '\0');
  place(out, 0, m.step_time);
  place(out, 5, m.charged);
  place(out, 9, m.discharged);
  place(out, 13, m.energy_in);
  place(out, 17, m.energy_out);
  place(out, 29, m.interval);
  place(out, 33, m.clock);
  place(out, 37, m.step_count);
  place(out, 41, m.index);
  place(out, 45, m.clock_ms);
  return out;
}

inline std::string step(int version, std::uint32_t cycle, std::uint32_t index, int type, std::uint32_t first_row) {
  std::string out(step_bytes(version), '\0');
  place(out, 0, cycle);
  place(out, 4, index);
  place(out, 24, static_cast<std::uint8_t>(type));
  place(out, 33, first_row);
  return out;
}

/// A record of data.ndc of ndc 2 or 5.
struct Whole {
  std::uint32_t index = 0, cycle = 0;
  int step_index = 1, step_type = 4;
  std::uint64_t step_time = 0; ///< ms
  std::int32_t voltage = 0, current = 0, range = 0;
  std::int64_t charged = 0, discharged = 0, energy_in = 0, energy_out = 0;
  int year = 2024, month = 2, day = 29, hour = 12, minute = 30, second = 15;
};

inline std::string whole(const Whole& w) {
  std::string out(94, '\0');
  out[0] = 0x55;
  place(out, 8, w.index);
  place(out, 12, w.cycle);
  place(out, 16, static_cast<std::uint8_t>(w.step_index));
  place(out, 17, static_cast<std::uint8_t>(w.step_type));
  place(out, 23, w.step_time);
  place(out, 31, w.voltage);
  place(out, 35, w.current);
  place(out, 43, w.charged);
  place(out, 51, w.discharged);
  place(out, 59, w.energy_in);
  place(out, 67, w.energy_out);
  place(out, 75, static_cast<std::uint16_t>(w.year));
  for (const auto& [at, value] : {std::pair{77, w.month}, {78, w.day}, {79, w.hour}, {80, w.minute}, {81, w.second}})
    place(out, static_cast<std::size_t>(at), static_cast<std::uint8_t>(value));
  place(out, 82, w.range);
  return out;
}

/// The same record in ndc 5: without the seven bytes behind the first.
inline std::string whole_5(const std::string& ndc2) { return ndc2.substr(0, 1) + ndc2.substr(8); }

inline std::string test_info(std::string_view attributes = "", std::string_view children = "") {
  return std::string("<?xml version=\"1.0\" encoding=\"GB2312\"?><root><config type=\"Test Info File\"><TestInfo ") +
         std::string(attributes) + ">" + std::string(children) + "</TestInfo></config></root>";
}

inline std::string version_info() {
  return "<?xml version=\"1.0\" encoding=\"GB2312\"?><root><config><ZwjVersion SvrVer=\"BTSServer 8\" "
         "CurrClientVer=\"BTS Client 8.0.1\" ZwjVersion=\"4S\" MainXwjVer=\"M04\" /></config></root>";
}

inline std::string step_info() {
  return "<?xml version=\"1.0\" encoding=\"GB2312\"?><root><config><Head_Info><Remark Value=\"from the steps\" /><SCQ "
         "Value=\"12500\" /></Head_Info><Step_Info Num=\"2\"><Step1 Step_ID=\"1\" Step_Type=\"1\"><Limit><Main><Curr "
         "Value=\"2000\" /><Time Value=\"30000\" /><Stop_Volt Value=\"42000\" /></Main></Limit></Step1><Step2 "
         "Step_ID=\"2\" Step_Type=\"6\" /></Step_Info></config></root>";
}

inline Members xml_members() {
  return {{"VersionInfo.xml", version_info()}, {"TestInfo.xml", test_info("AuxCount=\"0\"")}, {"Step.xml", step_info()}};
}

} // namespace ndax_builder
