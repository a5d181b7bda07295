// docs/formats/delimited-text.md promises headings; the reader keeps the promise.

#include "import/text/header.hpp"
#include "record/columns.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace platen::text {
namespace {

TEST(ImportDocs, EveryHeadingInTheTableIsKnown) {
  std::ifstream page(PLATEN_SOURCE_DIR "/docs/formats/delimited-text.md");
  ASSERT_TRUE(page);
  std::size_t names = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const std::size_t bar = line.find("` | ");
    const std::string column = line.substr(3, bar - 3);
    ASSERT_NE(find_column(column), nullptr) << line;
    for (std::size_t at = bar + 1; (at = line.find('`', at)) != std::string::npos;) {
      const std::size_t end = line.find('`', at + 1);
      const std::string name = line.substr(at + 1, end - at - 1);
      const auto known = know_heading({name, name, ""});
      ASSERT_TRUE(known) << name;
      EXPECT_EQ(known->column, column) << name;
      ++names;
      at = end + 1;
    }
  }
  EXPECT_GT(names, 90u);
}

} // namespace
} // namespace platen::text
