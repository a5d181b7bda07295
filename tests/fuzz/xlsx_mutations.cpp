// Damaged workbooks: whatever the bytes, the reader gives a Record or an Error, and what it gives is sound. The mutations
// follow from a seed, so a failure can be run again.

#include "../import/xlsx_builder.hpp"
#include "import/xlsx/xlsx.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace platen::test {
namespace {

using namespace xlsx_builder;

std::vector<ndax_builder::Members> seeds() {
  std::vector<ndax_builder::Members> out;
  Sheet aux{"aux", {{s("DataPoint"), s("T2(\xE2\x84\x83)")}}, {}};
  for (int k = 1; k < 20; ++k) aux.rows.push_back({n(k), n(20 + k)});
  Book book{{neware_record(12), neware_record(9, 13, "record1"), aux}};
  out.push_back(book.members());
  book.references = false;
  book.prefix = "x:";
  out.push_back(book.members());
  Book own{{{"record", {{s("Test Time / s"), s("Voltage / V"), s("Step Type / 1")}, {n(0), n(3.5), s("Rest")}, {n(1), n(3.25), s("CC Chg")}}, {}},
            {"spectra", {{s("Spectrum"), s("Frequency / Hz")}, {n(1), n(1000), n(5), n(-1)}, {n(1), n(100), n(6), n(-2)}}, {}},
            {"cell", {{s("Key"), s("Value"), s("Unit")}, {s("area"), n(0.785), s("cm2")}}, {}},
            {"events", {{s("Test Time / s"), s("Kind")}, {n(1), s("step")}}, {}},
            {"provenance", {{s("Platen record"), n(1)}, {s("metadata"), s("a"), s("b")}}, {}}}};
  out.push_back(own.members());
  return out;
}

std::string mutate(std::string text, std::mt19937_64& random) {
  static const std::vector<std::string> pieces{"<", ">", "/>", "\"", "&", "&#x10FFFF;", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<row>", "</row>", "<c>", "</c>",
                                               "<v>", "</v>", "r=\"XFD9\"", "r=\"99999999999999999999\"", "t=\"s\"", "t=\"e\"", "s=\"3\"", "s=\"99\"", "1e999", "-5", "NaN",
                                               "45000", "\xFF\xFE", std::string(1, '\0'), std::string(300, 'A'), "DataPoint", "Total Time"};
  const std::size_t changes = 1 + random() % 6;
  for (std::size_t k = 0; k < changes && !text.empty(); ++k) {
    const std::size_t at = random() % text.size();
    switch (random() % 6) {
    case 0: text[at] = static_cast<char>(random()); break;
    case 1: text.insert(at, pieces[random() % pieces.size()]); break;
    case 2: text.erase(at, 1 + random() % 30); break;
    case 3: text.resize(at); break;
    case 4: text.insert(at, text.substr(random() % text.size(), random() % 300)); break;
    default: std::swap(text[at], text[random() % text.size()]);
    }
  }
  return text;
}

void expect_sound(const Record& record) {
  for (const Column& c : record.columns()) {
    ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, c.values), record.rows()) << c.name;
    ASSERT_FALSE(c.unit.empty()) << c.name;
  }
  for (const Spectrum& s : record.spectra) ASSERT_EQ(s.real.size(), s.size());
  for (const Diagnostic& d : record.warnings) ASSERT_FALSE(render(d).empty());
}

/// @returns whether it was a record.
bool try_reading(const std::string& bytes) {
  try {
    expect_sound(read_xlsx(bytes, "f.xlsx", {}, {}));
    return true;
  } catch (const Error& e) {
    EXPECT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
    return false;
  }
}

TEST(XlsxMutations, EveryPartDamagedGivesARecordOrAnError) {
  std::mt19937_64 random(2007);
  const auto files = seeds();
  std::size_t records = 0, errors = 0;
  for (std::size_t k = 0; k < 6000; ++k) {
    SCOPED_TRACE(k);
    ndax_builder::Members members = files[k % files.size()];
    std::string& part = members[random() % members.size()].second;
    part = mutate(part, random);
    ++(try_reading(ndax_builder::zip(members, k % 2 == 0)) ? records : errors);
    if (HasFailure()) return;
  }
  EXPECT_GT(records, 1000u);
  EXPECT_GT(errors, 500u);
}

TEST(XlsxMutations, DamagedZips) {
  std::mt19937_64 random(42);
  const std::string whole = ndax_builder::zip(seeds().front());
  std::size_t errors = 0;
  for (std::size_t k = 0; k < 3000; ++k) {
    SCOPED_TRACE(k);
    std::string bytes = whole;
    for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (!try_reading(bytes)) ++errors;
    if (HasFailure()) return;
  }
  EXPECT_GT(errors, 2000u); // the checksums see nearly all of it
}

TEST(XlsxMutations, EveryPrefix) {
  const std::string whole = ndax_builder::zip(seeds().front());
  for (std::size_t length = 0; length < whole.size(); length += 7) EXPECT_FALSE(try_reading(whole.substr(0, length)));
}

} // namespace
} // namespace platen::test
