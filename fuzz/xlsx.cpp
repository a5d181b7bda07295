// Excel workbooks: the sheet's XML is put into a workbook with everything else in order, so that the fuzzer need not find its way
// through checksums and packing. Bytes that begin like a zip are taken as a whole workbook.

#include "fuzz.hpp"

#include "../tests/import/ndax_builder.hpp"
#include "import/xlsx/xlsx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  std::string bytes = fuzz::bytes_of(data, size);
  if (!bytes.starts_with("PK")) {
    // Parts are divided by a zero byte: sheet, second sheet, shared strings, styles, workbook.
    std::vector<std::string> parts(1);
    for (const char c : bytes) {
      if (c == '\0' && parts.size() < 5) parts.emplace_back();
      else parts.back() += c;
    }
    parts.resize(5);
    if (parts[4].empty())
      parts[4] = "<workbook><sheets><sheet name=\"record\" r:id=\"a\"/><sheet name=\"aux\" r:id=\"b\"/></sheets></workbook>";
    bytes = ndax_builder::zip({{"xl/workbook.xml", parts[4]},
                               {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"a\" Target=\"worksheets/1.xml\"/>"
                                                              "<Relationship Id=\"b\" Target=\"worksheets/2.xml\"/>"
                                                              "<Relationship Id=\"c\" Target=\"sharedStrings.xml\"/></Relationships>"},
                               {"xl/worksheets/1.xml", parts[0]},
                               {"xl/worksheets/2.xml", parts[1]},
                               {"xl/sharedStrings.xml", parts[2]},
                               {"xl/styles.xml", parts[3]}},
                              false);
  }
  return fuzz::try_reading([&] { return read_xlsx(bytes, "fuzz.xlsx", {}, {}); });
}
