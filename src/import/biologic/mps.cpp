#include "import/biologic/mps.hpp"

#include "import/text/encoding.hpp"
#include "import/text/metadata.hpp"
#include "import/text/number.hpp"
#include "import/text/sniff.hpp"
#include "import/text/time.hpp"
#include "import/text/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace platen::biologic {
namespace {

constexpr std::size_t column_width = 20; // characters of a name and of each value
constexpr std::size_t most_techniques = 1000, most_sequences = 1000, most_parameters = 1000;

/// The characters [first, first + count) of a UTF-8 text, blanks off.
std::string_view characters(std::string_view line, std::size_t first, std::size_t count) {
  const auto offset = [&](std::size_t from, std::size_t n) {
    std::size_t at = from;
    for (; n > 0 && at < line.size(); --n)
      do ++at;
      while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80);
    return at;
  };
  const std::size_t begin = offset(0, first), end = offset(begin, count);
  return trim(line.substr(begin, end - begin));
}

std::size_t length_in_characters(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<int> technique_number(std::string_view line) {
  if (!line.starts_with("Technique")) return std::nullopt;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view digits = trim(line.substr(colon + 1));
  int out = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return fault == std::errc() && stop == digits.data() + digits.size() && out > 0 ? std::optional(out) : std::nullopt;
}

void add_parameter(ProtocolTechnique& technique, std::string_view line) {
  if (technique.parameters.size() >= most_parameters) return;
  const std::string_view name = characters(line, 0, column_width);
  if (name.empty()) return;
  if (name == "Ns") {
    const std::size_t values = (length_in_characters(line) - 1) / column_width;
    technique.sequences = std::clamp<std::size_t>(values, 1, most_sequences);
  }
  std::vector<std::string> values;
  if (technique.sequences == 1) values.emplace_back(characters(line, column_width, line.size()));
  else
    for (std::size_t i = 0; i < technique.sequences; ++i) values.emplace_back(characters(line, column_width * (i + 1), column_width));
  technique.parameters.emplace_back(name, std::move(values));
}

/// Seconds of "1:00:0.0000"; 0 for anything else.
double duration(const ProtocolTechnique& t, std::string_view parameter, std::size_t sequence) {
  std::string words = t.value(parameter, sequence);
  std::replace(words.begin(), words.end(), ',', '.');
  return text::parse_duration(words).value_or(0.0);
}

/// "0.400 mA", from a number and a unit that stand in two rows.
std::string with_unit(const ProtocolTechnique& t, std::string_view parameter, std::string_view unit, std::size_t sequence) {
  return t.value(parameter, sequence) + " " + t.value(unit, sequence);
}

std::string span(double seconds) {
  if (seconds >= 3600.0) return fmt::format("{:.6g} h", seconds / 3600.0);
  if (seconds >= 60.0) return fmt::format("{:.6g} min", seconds / 60.0);
  return fmt::format("{:.6g} s", seconds);
}

void add_limit(std::string& out, const ProtocolTechnique& t, std::string_view parameter, std::size_t sequence, std::string_view unit) {
  const std::string value = t.value(parameter, sequence);
  if (!value.empty() && value != "pass") out += fmt::format(", limit {} {}", value, unit);
}

/// GCPL: current for t1 to the potential EM, held there for tM, then rest for tR.
std::string galvanostatic(const ProtocolTechnique& t, std::size_t i) {
  std::vector<std::string> parts;
  const bool by_rate = !t.value("Set I/C", i).empty() && t.value("Set I/C", i) != "I";
  const bool idle = !by_rate && t.number_of("Is", i) == 0.0;
  const double t1 = duration(t, "t1 (h:m:s)", i), hold = duration(t, "tM (h:m:s)", i), rest = duration(t, "tR (h:m:s)", i);
  if (t1 > 0.0 && !idle) {
    std::string what = by_rate ? fmt::format("{}, N = {}", t.value("Set I/C", i), t.value("N", i))
                               : with_unit(t, "Is", "unit Is", i) + (t.value("I sign", i) == "< 0" ? " (negative)" : "");
    what += " for " + span(t1);
    add_limit(what, t, "EM (V)", i, "V");
    parts.push_back(std::move(what));
  }
  if (hold > 0.0) parts.push_back(fmt::format("{} V held for {}", t.value("EM (V)", i), span(hold)));
  if (rest > 0.0) parts.push_back("rest for " + span(rest));
  if (parts.empty()) return "nothing";
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : ", then ") + p;
  return out;
}

std::string impedance(const ProtocolTechnique& t, std::size_t i) {
  std::string out = fmt::format("{} to {}", with_unit(t, "fi", "unit fi", i), with_unit(t, "ff", "unit ff", i));
  if (const std::string nd = t.value("Nd", i); !nd.empty()) out += fmt::format(", {} points {}", nd, t.value("Points", i));
  if (const std::string va = t.value("Va (mV)", i); !va.empty()) out += fmt::format(", {} mV", va);
  else if (!t.value("Ia", i).empty()) out += ", " + with_unit(t, "Ia", "unit  Ia", i);
  return out;
}

/// Every parameter that says something.
std::string everything(const ProtocolTechnique& t, std::size_t i) {
  std::string out;
  for (const auto& [name, values] : t.parameters) {
    const std::string value = t.value(name, i);
    if (name == "Ns" || value.empty() || value == "pass") continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : "; ", name, value);
  }
  return out;
}

std::string sentence(const ProtocolTechnique& t, std::size_t i) {
  const auto named = [&](std::string_view words) { return t.name.find(words) != std::string::npos; };
  if (named("Galvanostatic Cycling")) return galvanostatic(t, i);
  if (named("Impedance")) return impedance(t, i);
  if (named("Chronopotentiometry")) {
    std::string out = with_unit(t, "Is", "unit Is", i) + " for " + span(duration(t, "ts (h:m:s)", i));
    add_limit(out, t, "EM (V)", i, "V");
    return out;
  }
  if (named("Chronoamperometry"))
    return fmt::format("{} V vs. {} for {}", t.value("Ei (V)", i), t.value("vs.", i), span(duration(t, "ti (h:m:s)", i)));
  if (named("Open Circuit Voltage")) return "rest for " + span(duration(t, "tR (h:m:s)", i));
  if (t.name == "Loop") return fmt::format("back to technique {}, {} times more", t.value("goto Ne", i), t.value("nt times", i));
  return everything(t, i);
}

} // namespace

std::string ProtocolTechnique::value(std::string_view parameter, std::size_t sequence) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == parameter; });
  return found != parameters.end() && sequence < found->second.size() ? found->second[sequence] : std::string();
}

std::optional<double> ProtocolTechnique::number_of(std::string_view parameter, std::size_t sequence) const {
  std::string words = value(parameter, sequence);
  std::replace(words.begin(), words.end(), ',', '.');
  return text::parse_number(words, '.');
}

const ProtocolTechnique* Protocol::find(int number) const {
  const auto found = std::find_if(techniques.begin(), techniques.end(), [&](const ProtocolTechnique& t) { return t.number == number; });
  return found != techniques.end() ? &*found : nullptr;
}

bool is_protocol(std::string_view bytes) {
  return bytes.starts_with("EC-LAB SETTING FILE") || bytes.starts_with("BT-LAB SETTING FILE");
}

Protocol read_protocol(std::string_view bytes, const std::string& file) {
  const std::string words = text::to_utf8(bytes);
  Protocol out;
  text::Lines lines(words);
  std::size_t preamble = words.size();
  bool named = true;
  for (text::Line line; lines.next(line);) {
    if (const auto number = technique_number(line.text)) {
      if (out.techniques.size() >= most_techniques) break;
      preamble = std::min(preamble, line.offset);
      out.techniques.push_back({*number, {}, 1, {}});
      named = false;
      continue;
    }
    if (out.techniques.empty() || trim(line.text).empty()) continue;
    if (!named) out.techniques.back().name = trim(line.text);
    else add_parameter(out.techniques.back(), line.text);
    named = true;
  }
  if (out.techniques.empty())
    throw Error("D330", "the settings file holds no technique", Place{file, 0, 0, 1, {}}, {"save the settings again with EC-Lab"});
  out.metadata = text::read_metadata(std::string_view(words).substr(0, preamble));
  return out;
}

std::string describe(const Protocol& protocol) {
  std::string out;
  for (const ProtocolTechnique& t : protocol.techniques) {
    out += fmt::format("{} {}{}", t.number, t.name, t.sequences > 1 ? "\n" : ": ");
    for (std::size_t i = 0; i < t.sequences; ++i) {
      if (t.sequences > 1) out += fmt::format("    Ns {}: ", i);
      out += sentence(t, i) + "\n";
    }
  }
  return out;
}

std::optional<double> constant_current(const ProtocolTechnique& t) {
  const bool cycling = t.name.find("Galvanostatic Cycling") != std::string::npos;
  if (!cycling && t.name.find("Chronopotentiometry") == std::string::npos) return std::nullopt;
  std::optional<double> out;
  for (std::size_t i = 0; i < t.sequences; ++i) {
    const double flows = duration(t, cycling ? "t1 (h:m:s)" : "ts (h:m:s)", i);
    // A potential held or a rest is no constant current.
    if (cycling && (duration(t, "tM (h:m:s)", i) > 0.0 || duration(t, "tR (h:m:s)", i) > 0.0)) return std::nullopt;
    if (flows <= 0.0) continue;
    const auto amount = t.number_of("Is", i);
    const auto unit = text::read_unit(t.value("unit Is", i), dim::current);
    const bool by_rate = cycling && !t.value("Set I/C", i).empty() && t.value("Set I/C", i) != "I";
    const bool relative = !t.value("vs.", i).empty() && t.value("vs.", i) != "<None>";
    if (!amount || !unit || unit->dimension != dim::current || by_rate || relative) return std::nullopt;
    double current = *amount * unit->factor;
    if (cycling && t.value("I sign", i) == "< 0" && current > 0.0) current = -current;
    if (out && *out != current) return std::nullopt;
    out = current;
  }
  return out;
}

Record protocol_record(std::string_view bytes, const std::string& file) {
  const Protocol protocol = read_protocol(bytes, file);
  Record out;
  out.metadata = protocol.metadata;
  out.metadata["protocol"] = describe(protocol);
  out.provenance.origin = "measured";
  out.provenance.format = "EC-Lab settings";
  return out;
}

} // namespace platen::biologic
