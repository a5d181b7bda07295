#include "import/impedance/flat.hpp"

#include "import/text/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace platen::impedance_files {

FlatTable::FlatTable(std::vector<std::string> headings)
    : text_(fmt::format("{}\n", fmt::join(headings, "\t"))), columns_(headings.size()) {}

void FlatTable::add(std::size_t line, const std::vector<std::string_view>& fields) {
  if (rows_++ == 0) first_ = last_ = line;
  // Empty lines stand for what was between two rows, so that line numbers stay those of the file.
  text_.append(line - last_, '\n');
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text_ += '\t';
    text_ += fields[i];
  }
  last_ = line;
}

Record FlatTable::read(const std::string& name, const ImportOptions& options, const work::Task& task) {
  Record record = text::read_text(std::move(text_) + "\n", name, options, task);
  const auto place = [&](Place& p) { // line 2 of the text is the first row
    if (p.line >= 2)
      p.line += first_ - 2;
    else if (p.line == 1)
      p.line = first_ > 1 ? first_ - 1 : 1;
  };
  for (Diagnostic& d : record.warnings)
    if (d.place) place(*d.place);
  for (Reject& r : record.rejects) place(r.place);
  return record;
}

} // namespace platen::impedance_files
