#include "import/xlsx/xlsx.hpp"

#include "import/text/number.hpp"
#include "import/text/text.hpp"
#include "import/xlsx/choose.hpp"
#include "import/xlsx/own.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <memory>
#include <utility>

namespace platen {
namespace {

using namespace xlsx;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The rows of one sheet and of those that go on with it.
class ChainedLines : public text::LineSource {
public:
  ChainedLines(Container& container, const Workbook& book, const std::vector<Candidate>& sheets)
      : container_(container), book_(book), sheets_(sheets) {
    open();
  }

  bool next(text::Line& line) override {
    for (;;) {
      const std::size_t first = sheets_[at_].dialect.first_line;
      while (lines_->next(line)) {
        if (at_ > 0 && line.number < first) continue;
        line.offset += static_cast<std::size_t>(before_);
        // A later sheet may begin higher up than the first, whose rows are counted from its own headings.
        if (at_ > 0) line.number = std::max(line.number, sheets_.front().dialect.first_line);
        return true;
      }
      if (at_ + 1 == sheets_.size()) return false;
      before_ += lines_->bytes();
      ++at_;
      open();
    }
  }

private:
  void open() {
    lines_ = std::make_unique<SheetLines>(container_, book_, sheets_[at_].sheet);
    lines_->expect_columns(sheets_.front().dialect.headings.size());
    lines_->texts_have_commas(sheets_[at_].head.texts_have_commas);
  }

  Container& container_;
  const Workbook& book_;
  const std::vector<Candidate>& sheets_;
  std::unique_ptr<SheetLines> lines_;
  std::size_t at_ = 0;
  std::uint64_t before_ = 0;
};

class WorkbookReader {
public:
  WorkbookReader(std::string_view bytes, const std::string& name, const ImportOptions& options, const work::Task& task)
      : container_(bytes, name, {.largest_expansion = 500}), options_(options), task_(task), book_(read_workbook(container_)) {}

  bool is_own() { return is_own_workbook(container_, book_); }

  Record read() {
    if (is_own()) return read_own_workbook(container_, book_);
    choose();
    text::TextTable table = read_rows(choice_.rows, {col::voltage, col::current});
    for (const Candidate& channels : choice_.channels) join(table, channels);
    table.layout = fmt::format("sheet `{}` of the workbook, headings in row {}", choice_.rows.front().sheet.name,
                               choice_.rows.front().dialect.header_line);
    Record record = text::build_record(table, options_);
    record.metadata["workbook layout"] = table.layout;
    record.provenance.format = format();
    for (const Candidate& information : choice_.information) read_information(information, record.metadata);
    record.warnings.insert(record.warnings.begin(), notes_.items().begin(), notes_.items().end());
    return record;
  }

  std::string describe() {
    if (is_own()) return "Platen record (XLSX)";
    choose();
    return fmt::format("{}, sheet `{}`", format(), choice_.rows.front().sheet.name);
  }

private:
  void choose() {
    choice_ = choose_sheets(container_, book_, options_.cell ? options_.cell->columns : std::map<std::string, ColumnMapping>{});
    if (!choice_.left_out.empty())
      notes_.warning("D383", fmt::format("the workbook holds other tests, which were left out: sheets {}", fmt::join(choice_.left_out, ", ")),
                     whole_file(container_.file()), {"save each test as a workbook of its own"});
  }

  std::string format() const { return choice_.program.empty() ? "XLSX" : choice_.program + " XLSX"; }

  text::TextTable read_rows(const std::vector<Candidate>& sheets, std::vector<std::string_view> core) {
    text::TableOptions wanted;
    if (options_.cell && !core.empty()) wanted.mapping = options_.cell->columns;
    wanted.core = std::move(core);
    std::uint64_t bytes = 0;
    for (const Candidate& sheet : sheets) bytes += container_.member(sheet.sheet.member).unpacked;
    ChainedLines lines(container_, book_, sheets);
    return text::read_table(sheets.front().head.text, '\t', lines, static_cast<std::size_t>(bytes),
                            fmt::format("{}, sheet {}", container_.file(), sheets.front().sheet.name), wanted, task_);
  }

  /// Columns of a sheet of auxiliary channels, put beside the rows with the same number.
  void join(text::TextTable& table, const Candidate& channels) {
    const auto ours = record_number(table.dialect.headings), theirs = record_number(channels.dialect.headings);
    if (!ours || table.columns[*ours].kind != text::Kind::number) return note_unjoined(channels, "the rows have no number of the record");
    text::TextTable aux;
    try {
      aux = read_rows({channels}, {});
    } catch (const Error& e) {
      return note_unjoined(channels, e.diagnostics().front().message);
    }
    if (aux.columns[*theirs].kind != text::Kind::number) return note_unjoined(channels, "its numbers of the record cannot be read");
    const std::vector<std::size_t> row = rows_of(aux.columns[*theirs].values, table.columns[*ours].values);
    for (text::TextColumn& column : aux.columns) {
      const bool number = column.kind == text::Kind::number && column.heading.raw != aux.columns[*theirs].heading.raw;
      const bool there = std::any_of(table.columns.begin(), table.columns.end(), [&](const text::TextColumn& c) {
        return c.heading.raw == column.heading.raw || (!column.column.empty() && c.column == column.column);
      });
      if (!number || (there && !column.column.empty())) continue; // clocks and counts are there already
      std::vector<double> values(table.rows, nan);
      for (std::size_t k = 0; k < row.size(); ++k)
        if (row[k] < table.rows) values[row[k]] = column.values[k];
      column.values = std::move(values);
      column.core = false;
      table.columns.push_back(std::move(column));
    }
  }

  void note_unjoined(const Candidate& channels, std::string_view why) {
    notes_.warning("D384", fmt::format("the auxiliary channels of sheet `{}` were left out: {}", channels.sheet.name, why),
                   whole_file(container_.file()));
  }

  /// For each of `theirs` the row of `ours` with the same number; one beyond the last where there is none.
  static std::vector<std::size_t> rows_of(const std::vector<double>& theirs, const std::vector<double>& ours) {
    std::vector<std::pair<double, std::size_t>> sorted;
    sorted.reserve(ours.size());
    for (std::size_t k = 0; k < ours.size(); ++k)
      if (!std::isnan(ours[k])) sorted.emplace_back(ours[k], k);
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::size_t> out(theirs.size(), ours.size());
    for (std::size_t k = 0; k < theirs.size(); ++k) {
      if (std::isnan(theirs[k])) continue;
      const auto found = std::lower_bound(sorted.begin(), sorted.end(), std::pair(theirs[k], std::size_t{0}));
      if (found != sorted.end() && found->first == theirs[k]) out[k] = found->second;
    }
    return out;
  }

  /// Names and values side by side (Neware's `test` and `unit`), or a row of names over a row of values (Arbin's Global_Info).
  static void read_information(const Candidate& sheet, std::map<std::string, std::string>& metadata) {
    constexpr std::size_t most_lines = 100, most_entries = 300;
    text::Lines lines(sheet.head.text);
    std::vector<std::string_view> names;
    for (text::Line line; line.number < most_lines && metadata.size() < most_entries && lines.next(line);) {
      const auto fields = text::split(line.text, '\t');
      std::vector<std::string_view> filled;
      for (const std::string_view f : fields)
        if (!f.empty()) filled.push_back(f);
      const std::string key = filled.empty() ? std::string() : text::heading_key(filled.front());
      if (filled.size() >= 3 && key == "channel") {
        names = fields;
      } else if (!names.empty()) {
        for (std::size_t c = 0; c < std::min(names.size(), fields.size()); ++c)
          if (!names[c].empty() && !fields[c].empty()) metadata.emplace(names[c], fields[c]);
        names.clear();
      } else if (key == "step index" || key == "step" || key == "step number") {
        return; // the table of steps below
      } else {
        for (std::size_t c = 0; c + 1 < filled.size(); c += 2)
          if (!text::parse_number(filled[c], '.')) metadata.emplace(filled[c], filled[c + 1]);
      }
    }
  }

  Container container_;
  const ImportOptions& options_;
  const work::Task& task_;
  Workbook book_;
  Choice choice_;
  Diagnostics notes_;
};

} // namespace

bool looks_like_xlsx(std::string_view bytes) noexcept {
  return bytes.starts_with("PK\x03\x04") && bytes.find("xl/workbook") != std::string_view::npos;
}

std::string describe_xlsx(std::string_view bytes, const std::string& name) {
  try {
    const ImportOptions options;
    const work::Task task;
    return WorkbookReader(bytes, name, options, task).describe();
  } catch (const Error& e) {
    return "Excel workbook: " + e.diagnostics().front().message;
  }
}

Record read_xlsx(std::string_view bytes, const std::string& name, const ImportOptions& options, const work::Task& task) {
  return WorkbookReader(bytes, name, options, task).read();
}

} // namespace platen
