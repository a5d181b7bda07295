// TestInfo.xml, Step.xml and VersionInfo.xml: what the test was. docs/formats/ndax.md, "XML members".

#include "import/charset.hpp"
#include "import/neware/ndax_parts.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <pugixml.hpp>

namespace platen::ndax {
namespace {

constexpr std::size_t largest_xml = std::size_t{1} << 24;

/// The encoding the prolog states, if it is one that Neware's programs write.
const char* stated_encoding(std::string_view xml) {
  const std::string_view prolog = xml.substr(0, xml.find("?>"));
  if (prolog.find("utf-8") != std::string_view::npos || prolog.find("UTF-8") != std::string_view::npos) return "UTF-8";
  return "GB2312";
}

/// An XML member as far as it can be read.
struct Xml {
  pugi::xml_document tree;
  pugi::xml_node config() const { return tree.child("root").child("config"); }
};

void read_xml(Reading& reading, const std::string& name, Xml& xml) {
  if (!reading.container.has(name)) {
    reading.warn("D042", fmt::format("`{}` holds no {}", reading.container.file(), name));
    return;
  }
  std::string bytes;
  try {
    bytes = reading.container.unpack(name);
  } catch (const Error& fault) {
    reading.warn("D042", fault.diagnostics().front().message);
    return;
  }
  if (bytes.size() > largest_xml) {
    reading.warn("D042", fmt::format("`{}` has {} bytes and is not read", name, bytes.size()));
    return;
  }
  const char* encoding = stated_encoding(bytes);
  std::optional<std::string> text = to_utf8(bytes, encoding, false);
  if (!text) {
    reading.warn("D042", fmt::format("`{}` holds bytes that are no {} text; the rest of it is used", name, encoding));
    text = to_utf8(bytes, "GB18030", true);
  }
  if (!text) return;
  const pugi::xml_parse_result result =
      xml.tree.load_buffer(text->data(), text->size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result)
    reading.warn("D042", fmt::format("`{}` is damaged at byte {} ({}); what stands before is used", name, result.offset,
                                     result.description()));
}

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// "2 A" from "2000" and 1e-3; the text itself when it is no number.
std::string with_unit(std::string_view text, double factor, std::string_view unit) {
  const std::optional<double> value = number(text);
  return value ? fmt::format("{:.10g} {}", *value * factor, unit) : std::string(text);
}

/// Where a piece of metadata stands and how its number is to be shown; no unit: as it stands.
struct Entry {
  const char* key;
  const char* source;
  double factor = 1.0;
  const char* unit = nullptr;
};
constexpr Entry test_entries[] = {
    {"device", "DevID"},          {"device_type", "DevType"},   {"unit", "UnitID"},
    {"channel", "ChlID"},         {"test_id", "TestID"},        {"test_guid", "TestGuid"},
    {"barcode", "Barcode"},       {"remark", "Remark"},         {"start_time", "StartTime"},
    {"end_time", "EndTime"},      {"step_file", "StepName"},    {"serial_number", "SN"},
    {"current_range", "CurrRange", 1.0, "mA"},                  {"voltage_range", "VoltRange", 1.0, "V"},
};
// SCQ is in micrograms, as every public reader takes it; MultCap is the capacity to which the C-rates refer, in mAs.
constexpr Entry step_entries[] = {
    {"creator", "Creator"},       {"remark", "Remark"},         {"serial_number", "PN"},
    {"active_mass", "SCQ", 1e-3, "mg"},                         {"nominal_capacity", "MultCap", 1.0 / 3600.0, "mAh"},
};
constexpr Entry version_entries[] = {
    {"server_version", "SvrVer"},           {"client_version", "CurrClientVer"},
    {"control_unit_version", "ZwjVersion"}, {"tester_version", "MainXwjVer"},
};

template <std::size_t n, class ValueOf>
void collect(const Entry (&entries)[n], ValueOf&& value_of, std::map<std::string, std::string>& metadata) {
  for (const Entry& e : entries) {
    const std::string text = value_of(e.source);
    if (!text.empty()) metadata.try_emplace(e.key, e.unit != nullptr ? with_unit(text, e.factor, e.unit) : text);
  }
}

/// The limits of a step with units people read.
constexpr Entry limit_entries[] = {
    {"", "Curr", 1.0, "mA"},           {"", "Volt", 1e-4, "V"},           {"", "Power", 1.0, "mW"},
    {"", "Rate", 1.0, "C"},            {"", "Time", 1e-3, "s"},           {"until", "Stop_Volt", 1e-4, "V"},
    {"until", "Stop_Curr", 1.0, "mA"}, {"until", "Stop_Rate", 1.0, "C"},  {"until", "Cap", 1.0 / 3600.0, "mAh"},
    {"back to step", "Start_Step"},    {"times", "Cycle_Count"},
};

std::string_view step_word(int code) {
  if (code == 5) return "Cycle"; // a loop back, which no row ever carries
  std::set<int> unknown;
  return step_type_label(neware::step_type(code, unknown));
}

/// "2. CC DChg, 500 mA, 18000 s, until 2.5 V".
std::string step_line(const pugi::xml_node& step) {
  const int code = step.attribute("Step_Type").as_int();
  std::string line = fmt::format("{}. {}", step.attribute("Step_ID").as_string(), step_word(code));
  for (const char* group : {"Main", "Other"})
    for (const pugi::xml_node& limit : step.child("Limit").child(group).children()) {
      const std::string value = limit.attribute("Value").as_string();
      const Entry* known = nullptr;
      for (const Entry& e : limit_entries)
        if (std::string_view(e.source) == limit.name()) known = &e;
      const std::string shown = known != nullptr && known->unit != nullptr ? with_unit(value, known->factor, known->unit) : value;
      const std::string_view word = known != nullptr ? known->key : limit.name();
      line += word.empty() ? fmt::format(", {}", shown) : fmt::format(", {} {}", word, shown);
    }
  return line;
}

std::string step_table(const pugi::xml_node& steps) {
  std::string out;
  for (const pugi::xml_node& step : steps.children()) {
    if (!out.empty()) out += '\n';
    out += step_line(step);
  }
  return out;
}

bool starts_with_aux(std::string_view name) {
  return name.starts_with("Aux") || name.starts_with("AUX") || name.starts_with("aux");
}

void read_test_info(Reading& reading, TestDescription& out) {
  Xml xml;
  read_xml(reading, "TestInfo.xml", xml);
  const pugi::xml_node info = xml.config().child("TestInfo");
  collect(test_entries, [&](const char* name) { return std::string(info.attribute(name).as_string()); }, out.metadata);
  for (const pugi::xml_node& child : info.children())
    if (starts_with_aux(child.name()))
      out.auxiliaries.push_back({child.attribute("AuxID").as_int(), child.attribute("RealChlID").as_int(-1),
                                 child.attribute("ChlType").as_int(-1), child.attribute("TypeID").as_int(-1)});
  const int stated = info.attribute("AuxCount").as_int(-1);
  if (stated >= 0 && static_cast<std::size_t>(stated) != out.auxiliaries.size())
    reading.warn("D042", fmt::format("`TestInfo.xml` states {} auxiliary channels but describes {}", stated,
                                     out.auxiliaries.size()));
}

} // namespace

TestDescription read_description(Reading& reading) {
  TestDescription out;
  read_test_info(reading, out);
  Xml steps, versions;
  read_xml(reading, "Step.xml", steps);
  const pugi::xml_node head = steps.config().child("Head_Info");
  collect(step_entries, [&](const char* name) { return std::string(head.child(name).attribute("Value").as_string()); },
          out.metadata);
  if (std::string table = step_table(steps.config().child("Step_Info")); !table.empty())
    out.metadata["step_table"] = std::move(table);
  read_xml(reading, "VersionInfo.xml", versions);
  const pugi::xml_node version = versions.config().child("ZwjVersion");
  collect(version_entries, [&](const char* name) { return std::string(version.attribute(name).as_string()); },
          out.metadata);
  return out;
}

} // namespace platen::ndax
