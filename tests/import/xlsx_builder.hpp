#pragma once
// Workbooks made by hand for the tests: every kind of cell, in the XML that ECMA-376 describes.

#include "ndax_builder.hpp"

#include <charconv>
#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace platen::xlsx_builder {

/// One cell. `xml` stands as it is in the place of the cell.
struct Cell {
  enum class Kind { none, number, shared, inlined, formula_text, boolean, xml } kind = Kind::none;
  std::string text;
  int style = 0;
};

inline std::string digits(double value) {
  char out[32];
  return {out, std::to_chars(out, out + sizeof out, value).ptr};
}
inline Cell n(double value, int style = 0) { return {Cell::Kind::number, digits(value), style}; }
inline Cell s(std::string text) { return {Cell::Kind::shared, std::move(text), 0}; }
inline Cell in(std::string text) { return {Cell::Kind::inlined, std::move(text), 0}; }
inline Cell none() { return {}; }

using Rows = std::vector<std::vector<Cell>>;

struct Sheet {
  std::string name;
  Rows rows;
  std::vector<std::size_t> numbers = {}; ///< of the rows; empty: 1, 2, 3 ...
};

inline std::string letters(std::size_t column) {
  std::string out;
  for (++column; column > 0; column = (column - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (column - 1) % 26));
  return out;
}

inline std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

struct Book {
  std::vector<Sheet> sheets;
  bool from_1904 = false;
  bool references = true; ///< cells say where they are
  std::string prefix = {}; ///< of the namespace, "x:"
  bool packed = true;

  /// Styles: 0 general, 1 date and time (built in), 2 [h]:mm:ss (own), 3 yyyy/mm/dd hh:mm:ss.000 (own), 4 0.000 (own).
  std::string build() const { return ndax_builder::zip(members(), packed); }

  ndax_builder::Members members() const {
    std::vector<std::string> strings;
    ndax_builder::Members out{{"[Content_Types].xml", "<Types/>"}};
    std::string list, relations;
    for (std::size_t k = 0; k < sheets.size(); ++k) {
      const std::string id = std::to_string(k + 1);
      list += "<" + prefix + "sheet name=\"" + sheets[k].name + "\" sheetId=\"" + id + "\" r:id=\"rId" + id + "\"/>";
      relations += "<Relationship Id=\"rId" + id + "\" Type=\"worksheet\" Target=\"worksheets/sheet" + id + ".xml\"/>";
    }
    relations += "<Relationship Id=\"rId99\" Type=\"sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>";
    out.emplace_back("xl/workbook.xml", "<?xml version=\"1.0\"?><" + prefix + "workbook><" + prefix + "workbookPr date1904=\"" +
                                                (from_1904 ? "1" : "0") + "\"/><" + prefix + "sheets>" + list + "</" + prefix +
                                                "sheets></" + prefix + "workbook>");
    out.emplace_back("xl/_rels/workbook.xml.rels", "<Relationships>" + relations + "</Relationships>");
    out.emplace_back("xl/styles.xml",
                         "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[h]:mm:ss\"/><numFmt numFmtId=\"165\" "
                         "formatCode=\"yyyy/mm/dd\\ hh:mm:ss.000\"/><numFmt numFmtId=\"166\" formatCode=\"0.000&quot; days&quot;\"/>"
                         "</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>"
                         "<xf numFmtId=\"166\"/></cellXfs></styleSheet>");
    for (std::size_t k = 0; k < sheets.size(); ++k)
      out.emplace_back("xl/worksheets/sheet" + std::to_string(k + 1) + ".xml", sheet_xml(sheets[k], strings));
    std::string shared = "<sst>";
    for (const std::string& text : strings) // one in two runs, with a note on how it is pronounced
      shared += text.size() < 2 ? "<si><t>" + escaped(text) + "</t></si>"
                                : "<si><r><t>" + escaped(text.substr(0, 1)) + "</t></r><r><rPr/><t xml:space=\"preserve\">" +
                                      escaped(text.substr(1)) + "</t></r><rPh><t>no</t></rPh></si>";
    out.emplace_back("xl/sharedStrings.xml", shared + "</sst>");
    return out;
  }

private:
  std::string sheet_xml(const Sheet& sheet, std::vector<std::string>& strings) const {
    const std::string& p = prefix;
    std::string out = "<?xml version=\"1.0\"?><!-- made by hand --><" + p + "worksheet><" + p + "sheetData>";
    for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
      const std::string number = std::to_string(sheet.numbers.empty() ? r + 1 : sheet.numbers[r]);
      out += "<" + p + "row r=\"" + number + "\">";
      for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) {
        const Cell& cell = sheet.rows[r][c];
        const std::string where = references ? " r=\"" + letters(c) + number + "\"" : "";
        const std::string head = "<" + p + "c" + where + (cell.style != 0 ? " s=\"" + std::to_string(cell.style) + "\"" : "");
        const std::string v = "<" + p + "v>", end = "</" + p + "v></" + p + "c>";
        switch (cell.kind) {
        case Cell::Kind::none:
          if (!references) out += head + "/>";
          break;
        case Cell::Kind::number: out += head + ">" + v + cell.text + end; break;
        case Cell::Kind::shared:
          strings.push_back(cell.text);
          out += head + " t=\"s\">" + v + std::to_string(strings.size() - 1) + end;
          break;
        case Cell::Kind::inlined:
          out += head + " t=\"inlineStr\"><" + p + "is><" + p + "t>" + escaped(cell.text) + "</" + p + "t></" + p + "is></" + p + "c>";
          break;
        case Cell::Kind::formula_text:
          out += head + " t=\"str\"><" + p + "f>A1&amp;\"&gt;\"</" + p + "f>" + v + escaped(cell.text) + end;
          break;
        case Cell::Kind::boolean: out += head + " t=\"b\">" + v + cell.text + end; break;
        case Cell::Kind::xml: out += cell.text; break;
        }
      }
      out += "</" + p + "row>";
    }
    return out + "</" + p + "sheetData></" + p + "worksheet>";
  }
};

/// A test of Neware's: `rows` records in the layout of BTSDA's export, beginning at record `first`.
inline Sheet neware_record(std::size_t rows, std::size_t first = 1, std::string name = "record") {
  Sheet out{std::move(name), {}, {}};
  out.rows.push_back({s("DataPoint"), s("Cycle Index"), s("Step Index"), s("Step Type"), s("Time"), s("Total Time"),
                      s("Current(mA)"), s("Voltage(V)"), s("Capacity(mAh)"), s("Date"), s("T1(\xE2\x84\x83)")});
  for (std::size_t k = 0; k < rows; ++k) {
    const std::size_t point = first + k, second = 60 * (point - 1);
    char total[64];
    std::snprintf(total, sizeof total, "%02zu:%02zu:%02zu", second / 3600, second / 60 % 60, second % 60);
    const bool rest = point % 4 == 1, charge = point % 2 == 0;
    out.rows.push_back({n(double(point)), n(1 + double(point / 8)), n(1 + double(point % 4)), s(rest ? "Rest" : charge ? "CC Chg" : "CC DChg"),
                        s("00:00:00"), s(total), n(rest ? 0.0 : charge ? 0.5 : -0.5), n(3.5 + 0.125 * double(point % 8)),
                        n(rest ? 0.0 : 0.25), n(45000.0 + double(second) / 86400.0, 3), n(25.5)});
  }
  return out;
}

} // namespace platen::xlsx_builder
