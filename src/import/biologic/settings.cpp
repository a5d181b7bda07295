#include "import/biologic/settings.hpp"

#include "import/bytes.hpp"
#include "import/text/encoding.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::biologic {
namespace {

/// Numbers and texts at fixed places of a module that may be shorter than usual.
class Fields {
public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}

  template <class T> std::optional<T> number(std::size_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(T)) return std::nullopt;
    return load<T>(bytes_.data() + at);
  }

  /// A length and that many characters; empty when it does not fit or holds control characters but line ends.
  std::string text(std::size_t at, std::size_t most) const {
    if (at >= bytes_.size()) return {};
    const std::size_t length = static_cast<unsigned char>(bytes_[at]);
    if (length > most || bytes_.size() - at - 1 < length) return {};
    std::string out(bytes_.substr(at + 1, length));
    const bool words = std::all_of(out.begin(), out.end(), [](char c) {
      const auto u = static_cast<unsigned char>(c);
      return u >= 0x20 || c == '\r' || c == '\n' || c == '\t';
    });
    if (!words) return {};
    std::erase(out, '\r');
    while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
    return text::to_utf8(out);
  }

private:
  std::string_view bytes_;
};

struct Numbered {
  std::uint8_t number;
  std::string_view code, name;
};
constexpr std::array techniques{
    Numbered{0x04, "GCPL", "Galvanostatic Cycling with Potential Limitation"},
    Numbered{0x06, "CV", "Cyclic Voltammetry"},
    Numbered{0x0B, "OCV", "Open Circuit Voltage"},
    Numbered{0x16, "MP", "Modular Potentio"},
    Numbered{0x18, "CA", "Chronoamperometry / Chronocoulometry"},
    Numbered{0x19, "CP", "Chronopotentiometry"},
    Numbered{0x1C, "WAIT", "Wait"},
    Numbered{0x1D, "PEIS", "Potentio Electrochemical Impedance Spectroscopy"},
    Numbered{0x1E, "GEIS", "Galvano Electrochemical Impedance Spectroscopy"},
    Numbered{0x30, "CV", "Cyclic Voltammetry"},
    Numbered{0x32, "ZIR", "IR compensation (PEIS)"},
    Numbered{0x33, "CVA", "Cyclic Voltammetry Advanced"},
    Numbered{0x6C, "LSV", "Linear Sweep Voltammetry"},
    Numbered{0x75, "CoV", "Constant Voltage"},
    Numbered{0x76, "CoC", "Constant Current"},
    Numbered{0x77, "GCPL", "Galvanostatic Cycling with Potential Limitation"},
    Numbered{0x7F, "MB", "Modulo Bat"},
    Numbered{0x88, "BCD", "Battery Capacity Determination"},
};

void put(std::map<std::string, std::string>& into, const char* key, std::string value) {
  if (!value.empty()) into[key] = std::move(value);
}

/// "0.875 mg"; nothing for a number that cannot be meant.
std::string measure(std::optional<float> value, std::string_view unit) {
  if (!value || !std::isfinite(*value) || *value < 0.0F) return {};
  return fmt::format("{:.6g} {}", *value, unit);
}

std::string_view area_unit(std::optional<std::uint8_t> code) { return code == 2 ? "cm2" : code == 3 ? "mm2" : "(unit not known)"; }
std::string_view mass_unit(std::optional<std::uint8_t> code) { return code == 1 ? "g" : code == 2 ? "mg" : "(unit not known)"; }

/// Days since 1899-12-30, as spreadsheets count them.
constexpr double epoch_day = 25569.0, seconds_per_day = 86400.0;

std::string date_words(double seconds) {
  const auto milli = static_cast<std::int64_t>(std::llround(seconds * 1000.0));
  const std::int64_t day = milli / 86'400'000, rest = milli % 86'400'000;
  // Civil date from days since 1970, after H. Hinnant, "chrono-compatible low-level date algorithms".
  const std::int64_t z = day + 719468, era = z / 146097, doe = z % 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}.{:03}", month, doy - (153 * mp + 2) / 5 + 1,
                     yoe + era * 400 + (month <= 2 ? 1 : 0), rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
}

/// The log of EC-Lab before 10.x keeps its clock elsewhere. A day between 2009 and 2064 is taken for a date.
std::optional<double> find_start(const Fields& fields) {
  for (const std::size_t at : {585, 465, 469, 473}) {
    const auto days = fields.number<double>(at);
    if (days && *days > 40000.0 && *days < 60000.0)
      return std::round((*days - epoch_day) * seconds_per_day * 1000.0) / 1000.0; // the clock counts milliseconds
  }
  return std::nullopt;
}

} // namespace

std::optional<std::string> name_of_technique(std::string_view code) {
  const auto found = std::find_if(techniques.begin(), techniques.end(), [&](const Numbered& t) { return t.code == code; });
  return found != techniques.end() ? std::optional(std::string(found->name)) : std::nullopt;
}

Settings read_settings(const Module& module) {
  Settings out;
  const Fields fields(module.bytes);
  const auto number = fields.number<std::uint8_t>(0);
  const auto found = std::find_if(techniques.begin(), techniques.end(), [&](const Numbered& t) { return t.number == number; });
  if (number && found != techniques.end()) out.technique = Technique{std::string(found->code), std::string(found->name)};
  else if (number) out.metadata["technique"] = fmt::format("number {}", *number);
  put(out.metadata, "Comments", fields.text(0x07, 255));
  put(out.metadata, "Mass of active material", measure(fields.number<float>(0x107), "mg"));
  put(out.metadata, "Electrode material", fields.text(0x11E, 160));
  put(out.metadata, "Electrolyte", fields.text(0x1C0, 80));
  put(out.metadata, "Electrode surface area", measure(fields.number<float>(0x211), area_unit(fields.number<std::uint8_t>(0x250))));
  put(out.metadata, "Reference electrode", fields.text(0x215, 54));
  put(out.metadata, "Characteristic mass", measure(fields.number<float>(0x24C), mass_unit(fields.number<std::uint8_t>(0x251))));
  put(out.metadata, "Battery capacity", measure(fields.number<float>(0x25C), "mA.h"));
  return out;
}

Log read_log(const Module& module) {
  Log out;
  const Fields fields(module.bytes);
  out.start = find_start(fields);
  if (out.start) out.metadata["Acquisition started on"] = date_words(*out.start);
  if (module.bytes.size() < 0x3E0) return out; // short logs of old versions have their fields elsewhere
  const auto channel = fields.number<std::uint8_t>(0x09);
  const auto serial = fields.number<std::uint32_t>(0xAB);
  if (channel && serial) out.metadata["Run on channel"] = fmt::format("{} (SN {})", *channel + 1, *serial);
  put(out.metadata, "File", fields.text(0x251, 255));
  put(out.metadata, "Host", fields.text(0x351, 50));
  put(out.metadata, "Address", fields.text(0x384, 50));
  put(out.metadata, "EC-Lab version", fields.text(0x3B7, 6));
  put(out.metadata, "Firmware version", fields.text(0x3BE, 6));
  put(out.metadata, "Device SN", fields.text(0x3CF, 16));
  return out;
}

std::vector<std::int64_t> read_loops(const Module& module, std::size_t rows) {
  const Fields fields(module.bytes);
  std::vector<std::int64_t> out;
  const std::size_t count = std::min<std::size_t>(fields.number<std::uint32_t>(0).value_or(0), module.bytes.size() / 4);
  for (std::size_t i = 0; i < count; ++i) {
    const auto first = fields.number<std::uint32_t>(4 + 4 * i);
    if (!first || *first >= rows) break; // the last entry is where the next loop would begin
    if (out.empty() ? *first != 0 : static_cast<std::int64_t>(*first) <= out.back()) break;
    out.push_back(*first);
  }
  if (out.size() < 2) out.clear();
  return out;
}

std::array<std::string, 3> read_external(const Module& module) {
  // A flag, a name, and the range of the input in volts and in its unit; 45 bytes each. Newer versions begin a byte later.
  constexpr std::size_t stride = 45, name_room = 27;
  const Fields fields(module.bytes);
  std::array<std::string, 3> out;
  for (const std::size_t first : {0x36, 0x37}) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = fields.text(first + i * stride, name_room);
    if (std::any_of(out.begin(), out.end(), [](const std::string& s) { return !s.empty(); })) break;
  }
  return out;
}

} // namespace platen::biologic
