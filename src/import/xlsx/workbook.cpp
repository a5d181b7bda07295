#include "import/xlsx/workbook.hpp"

#include "import/xlsx/markup.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <pugixml.hpp>

namespace platen::xlsx {
namespace {

constexpr std::size_t most_sheets = 1024, largest_part = 64 << 20;

/// The small parts are read as trees; prefixes of namespaces are taken off ("x:sheet" of some libraries).
std::string_view local(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

template <class Take> void each(const pugi::xml_node& parent, std::string_view name, Take&& take) {
  for (const pugi::xml_node& child : parent.children())
    if (local(child) == name) take(child);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& c : parent.children())
    if (local(c) == name) return c;
  return {};
}

pugi::xml_document parse(Container& container, const std::string& member) {
  const std::string bytes = container.unpack(member);
  pugi::xml_document out;
  const pugi::xml_parse_result result =
      bytes.size() > largest_part ? pugi::xml_parse_result{} : out.load_buffer(bytes.data(), bytes.size());
  if (!result)
    throw Error("D382", fmt::format("`{}` inside `{}` is no XML: {}", member, container.file(),
                                    bytes.size() > largest_part ? "it is too long" : result.description()),
                whole_file(container.file()), {"save the workbook again with the program that wrote it"});
  return out;
}

/// "worksheets/sheet1.xml" of a relationship, as the name of a member.
std::string resolved(std::string_view folder, std::string_view target) {
  std::string out(target.starts_with('/') ? "" : folder);
  while (target.starts_with('/')) target.remove_prefix(1);
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    out.clear(); // the only folder above xl/ is the root
  }
  return out + std::string(target);
}

std::string parent_of(std::string_view member) {
  const std::size_t slash = member.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(member.substr(0, slash + 1));
}

std::map<std::string, std::string> relationships(Container& container, const std::string& of) {
  const std::string folder = parent_of(of), member = folder + "_rels/" + of.substr(folder.size()) + ".rels";
  std::map<std::string, std::string> out;
  if (!container.has(member)) return out;
  const pugi::xml_document document = parse(container, member);
  each(child(document, "Relationships"), "Relationship", [&](const pugi::xml_node& r) {
    out.emplace(r.attribute("Id").value(), resolved(folder, r.attribute("Target").value()));
  });
  return out;
}

/// Number formats that have a number and no code (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are East Asian dates).
Shown built_in(unsigned id) {
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return Shown::duration;
  if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return Shown::date;
  return Shown::number;
}

std::vector<Shown> read_styles(Container& container, const std::string& member) {
  std::vector<Shown> out;
  if (!container.has(member)) return out;
  const pugi::xml_document document = parse(container, member);
  const pugi::xml_node sheet = child(document, "styleSheet");
  std::map<unsigned, Shown> own;
  each(child(sheet, "numFmts"), "numFmt", [&](const pugi::xml_node& f) {
    own[f.attribute("numFmtId").as_uint()] = shown_by(f.attribute("formatCode").value());
  });
  each(child(sheet, "cellXfs"), "xf", [&](const pugi::xml_node& x) {
    const unsigned id = x.attribute("numFmtId").as_uint();
    const auto found = own.find(id);
    out.push_back(found != own.end() ? found->second : built_in(id));
  });
  return out;
}

/// `r:id` under whatever prefix.
std::string relation_of(const pugi::xml_node& sheet) {
  for (const pugi::xml_attribute& a : sheet.attributes()) {
    const std::string_view name = a.name();
    if (name.ends_with(":id")) return a.value();
  }
  return {};
}

} // namespace

Shown shown_by(std::string_view code) {
  bool date = false, time = false;
  for (std::size_t k = 0; k < code.size(); ++k) {
    const char c = code[k];
    if (c == '"') {
      k = std::min(code.find('"', k + 1), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++k;
    } else if (c == '[') {
      const std::size_t close = std::min(code.find(']', k), code.size());
      const std::string_view inside = code.substr(k + 1, close - k - 1);
      // "[h]" counts on; "[Red]", "[$-409]" and "[>100]" are something else.
      if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos) return Shown::duration;
      k = close;
    } else if (c == ';') {
      break; // what follows is for negative numbers
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      date = true;
    } else if (c == 'h' || c == 'H' || c == 's' || c == 'S') {
      time = true;
    } else if (c == 'G' || c == 'g') { // "General"
      return Shown::number;
    }
  }
  return date ? Shown::date : time ? Shown::duration : Shown::number;
}

void SharedStrings::read(Container& container, std::string_view member) {
  Markup markup(container, member);
  bool in_text = false;
  for (;;) {
    const Token& token = markup.next();
    switch (token.mark) {
    case Mark::end: return;
    case Mark::open:
      if (token.name == "t") in_text = true;
      else if (token.name == "rPh") markup.skip(); // how Japanese is pronounced
      break;
    case Mark::close:
      if (token.name == "t") in_text = false;
      if (token.name == "si") ends_.push_back(text_.size());
      break;
    case Mark::empty:
      if (token.name == "si") ends_.push_back(text_.size());
      break;
    case Mark::text:
      if (in_text) append_text(text_, token);
    }
  }
}

Workbook read_workbook(Container& container) {
  std::string main = "xl/workbook.xml";
  if (!container.has(main))
    for (const std::string& name : container.names()) // some libraries put it elsewhere
      if (name.ends_with("/workbook.xml") || name == "workbook.xml") main = name;
  if (!container.has(main))
    throw Error("D380", fmt::format("the zip `{}` holds no Excel workbook", container.file()), whole_file(container.file()),
                {container.has("xl/workbook.bin") ? "it is a binary workbook (.xlsb): save it as .xlsx or CSV"
                                                  : "unpack it and give Platen the file inside"});
  Workbook out;
  const pugi::xml_document document = parse(container, main);
  const pugi::xml_node book = child(document, "workbook");
  out.from_1904 = child(book, "workbookPr").attribute("date1904").as_bool();
  const auto targets = relationships(container, main);
  each(child(book, "sheets"), "sheet", [&](const pugi::xml_node& s) {
    const auto target = targets.find(relation_of(s));
    if (target == targets.end() || !container.has(target->second) || out.sheets.size() >= most_sheets) return;
    if (target->second.find("chartsheet") != std::string::npos) return;
    out.sheets.push_back({s.attribute("name").value(), target->second});
  });
  const std::string folder = parent_of(main);
  out.styles = read_styles(container, folder + "styles.xml");
  for (const auto& [id, member] : targets)
    if (member.ends_with("sharedStrings.xml") && container.has(member)) {
      out.strings.read(container, member);
      break;
    }
  return out;
}

} // namespace platen::xlsx
