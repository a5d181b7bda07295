#include "record/bdf_names.hpp"
#include "record/io.hpp"
#include "record/shown.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <xlsxwriter.h>

namespace platen {
namespace {

constexpr lxw_row_t sheet_rows = 1'048'576;     // of Excel, the headings' row included
constexpr std::size_t longest_cell = 32'767;    // letters in a cell of Excel
constexpr double column_width = 16.0;

struct CloseWorkbook {
  void operator()(lxw_workbook* book) const noexcept { lxw_workbook_free(book); }
};

/// A cell's text: valid letters, no longer than Excel allows. Control characters have no place in XML.
std::string cell_text(std::string_view text) {
  if (text.size() > longest_cell) {
    std::size_t end = longest_cell;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end; // not inside a letter
    text = text.substr(0, end);
  }
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = ' ';
  return out;
}

/// A table over one sheet or several: `record`, `record 2`, ...
class Table {
public:
  Table(lxw_workbook* book, lxw_format* bold, std::string name, std::vector<std::string> headings)
      : book_(book), bold_(bold), name_(std::move(name)), headings_(std::move(headings)) {
    begin_sheet();
  }
  void begin_row() {
    if (++row_ == sheet_rows) begin_sheet();
    column_ = 0;
  }
  Table& add(double value) {
    if (std::isfinite(value)) worksheet_write_number(sheet_, row_, column_, value, nullptr);
    else if (!std::isnan(value)) worksheet_write_string(sheet_, row_, column_, value > 0 ? "inf" : "-inf", nullptr);
    ++column_;
    return *this;
  }
  Table& add(std::string_view text) {
    if (!text.empty()) worksheet_write_string(sheet_, row_, column_, cell_text(text).c_str(), nullptr);
    ++column_;
    return *this;
  }
  Table& add(const std::optional<double>& value) {
    if (value) return add(*value);
    ++column_;
    return *this;
  }

private:
  void begin_sheet() {
    const std::string name = ++sheets_ == 1 ? name_ : fmt::format("{} {}", name_, sheets_);
    sheet_ = workbook_add_worksheet(book_, name.c_str());
    if (sheet_ == nullptr) throw std::bad_alloc();
    worksheet_set_column(sheet_, 0, static_cast<lxw_col_t>(headings_.size()), column_width, nullptr);
    worksheet_freeze_panes(sheet_, 1, 0);
    for (std::size_t c = 0; c < headings_.size(); ++c)
      worksheet_write_string(sheet_, 0, static_cast<lxw_col_t>(c), cell_text(headings_[c]).c_str(), bold_);
    row_ = sheets_ == 1 ? 0 : 1;
  }

  lxw_workbook* book_;
  lxw_format* bold_;
  std::string name_;
  std::vector<std::string> headings_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_row_t row_ = 0;
  lxw_col_t column_ = 0;
  int sheets_ = 0;
};

class Writer {
public:
  Writer(const Record& record, lxw_workbook* book) : record_(record), book_(book), bold_(workbook_add_format(book)) {
    format_set_bold(bold_);
  }

  void write() {
    write_rows();
    if (!record_.spectra.empty()) write_spectra();
    if (!record_.analyses.empty()) write_analyses();
    write_cell();
    write_events();
    write_warnings();
    if (!record_.rejects.empty()) write_rejects();
    write_provenance();
  }

private:
  Table table(std::string name, std::vector<std::string> headings) { return {book_, bold_, std::move(name), std::move(headings)}; }

  void write_rows() {
    const std::vector<ShownColumn> columns = shown_columns(record_);
    std::vector<std::string> headings;
    for (const ShownColumn& c : columns) headings.push_back(bdf_label(*c.column));
    Table out = table("record", std::move(headings));
    for (std::size_t row = 0; row < record_.rows(); ++row) {
      out.begin_row();
      for (const ShownColumn& c : columns) {
        if (std::holds_alternative<std::vector<double>>(c.column->values)) {
          out.add(c.real(row));
          continue;
        }
        const std::int32_t value = std::get<std::vector<std::int32_t>>(c.column->values)[row];
        if (c.words) out.add(step_type_label(static_cast<StepType>(value)));
        else out.add(static_cast<double>(value));
      }
    }
  }

  /// One row per point; what belongs to the whole spectrum stands in its first row.
  void write_spectra() {
    Table out = table("spectra", {"Spectrum", "Frequency / Hz", "Real Impedance / ohm", "Imaginary Impedance / ohm", "Test Time / s",
                                  "Label", "Start / s", "Unix Time / s", "Cycle Count / 1", "Modulation", "Amplitude",
                                  "DC Voltage / V", "DC Current / A", "Temperature / K"});
    for (std::size_t n = 0; n < record_.spectra.size(); ++n) {
      const Spectrum& s = record_.spectra[n];
      for (std::size_t k = 0; k < s.size(); ++k) {
        out.begin_row();
        out.add(static_cast<double>(n + 1)).add(s.frequency[k]).add(s.real[k]).add(s.imaginary[k]);
        out.add(s.time.empty() ? std::optional<double>() : s.time[k]);
        if (k > 0) continue;
        out.add(s.label).add(s.start).add(s.unix_time).add(static_cast<double>(s.cycle_count));
        out.add(s.modulation == Modulation::voltage   ? std::string_view("voltage")
                : s.modulation == Modulation::current ? std::string_view("current")
                                                      : std::string_view());
        out.add(s.amplitude).add(s.dc_voltage).add(s.dc_current).add(s.temperature);
      }
    }
  }

  /// One row per number; the first row of each analysis has its verdict.
  void write_analyses() {
    Table out = table("analyses", {"Analysis", "Kind", "Spectrum", "Method", "Name", "Value", "Standard Error", "From (95 %)", "To (95 %)", "Unit", "Note"});
    for (std::size_t n = 0; n < record_.analyses.size(); ++n) {
      const Analysis& a = record_.analyses[n];
      const auto begin = [&](std::string_view name) {
        out.begin_row();
        out.add(static_cast<double>(n + 1)).add(a.kind).add(static_cast<double>(a.spectrum)).add(a.method).add(name);
      };
      begin("verdict");
      for (int k = 0; k < 5; ++k) out.add(std::string_view());
      out.add(a.verdict);
      for (const AnalysisValue& v : a.values) {
        begin(v.name);
        out.add(v.value).add(v.error).add(v.low).add(v.high).add(v.unit).add(v.note);
      }
    }
  }

  void write_cell() {
    Table out = table("cell", {"Key", "Value", "Unit", "Meaning", "Uncertainty", "Known From", "Place"});
    const CellInfo& cell = record_.cell;
    const auto known = [&](std::string_view key) {
      if (const auto from = cell.known_from.find(key); from != cell.known_from.end()) out.add(from->second.kind).add(from->second.place);
    };
    const auto words = [&](std::string_view key, std::string_view value, std::string_view meaning) {
      if (value.empty()) return;
      out.begin_row();
      out.add(key).add(value).add(std::string_view()).add(meaning).add(std::string_view());
      known(key);
    };
    if (cell.configuration != Configuration::unknown) words("configuration", label(cell.configuration), "What kind of cell it is.");
    for (const CellText& t : cell_texts()) words(t.key, cell.*t.member, t.description);
    for (const CellField& f : cell_fields()) {
      const auto unit = parse_unit(f.shown_in);
      if (!(cell.*f.member) || !unit) continue;
      const auto uncertainty = cell.uncertainty.find(f.key);
      out.begin_row();
      out.add(f.key).add((*(cell.*f.member) - unit->offset) / unit->factor).add(f.shown_in).add(f.description);
      out.add(uncertainty != cell.uncertainty.end() ? std::optional(uncertainty->second / unit->factor) : std::nullopt);
      known(f.key);
    }
  }

  void write_events() {
    Table out = table("events", {"Test Time / s", "Kind", "Text"});
    for (const Event& e : record_.events) {
      out.begin_row();
      out.add(e.time).add(e.kind).add(e.text);
    }
  }

  static void add_place(Table& out, const std::optional<Place>& place) {
    out.add(place ? std::string_view(place->file) : std::string_view());
    out.add(place && place->line > 0 ? std::optional(static_cast<double>(place->line)) : std::nullopt);
  }

  void write_warnings() {
    Table out = table("warnings", {"Severity", "Code", "Message", "File", "Line", "What to do"});
    for (const Diagnostic& d : record_.warnings) {
      out.begin_row();
      out.add(d.severity == Severity::error ? "error" : "warning").add(d.code).add(d.message);
      add_place(out, d.place);
      std::string hints;
      for (const std::string& hint : d.hints) hints += (hints.empty() ? "" : "\n") + hint;
      out.add(hints);
    }
  }

  void write_rejects() {
    Table out = table("rejects", {"File", "Line", "Why"});
    for (const Reject& r : record_.rejects) {
      out.begin_row();
      add_place(out, r.place);
      out.add(r.reason);
    }
  }

  void write_provenance() {
    Table out = table("provenance", {"Platen record", "1"});
    const auto entry = [&](std::string_view key, std::string_view value, std::string_view more = {}, std::string_view yet_more = {}) {
      out.begin_row();
      out.add(key).add(value).add(more).add(yet_more);
    };
    const Provenance& p = record_.provenance;
    entry("origin", p.origin);
    entry("program", p.program);
    entry("format", p.format);
    if (p.seed != 0) entry("seed", fmt::format("{}", p.seed));
    for (const auto& s : p.sources) entry("source", s.path, s.sha256);
    for (const auto& [key, value] : record_.metadata) entry("metadata", key, value);
    for (const Column& c : record_.columns())
      if (find_column(c.name) == nullptr) entry("column", c.name, c.unit, c.description);
    // A study is longer than a cell may be; its lines are not.
    for (std::string_view rest = record_.study; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      entry("study", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  const Record& record_;
  lxw_workbook* book_;
  lxw_format* bold_;
};

Error cannot_write(const std::filesystem::path& path, std::string_view why) {
  return Error("D002", fmt::format("cannot write {}: {}", path.string(), why), Place{path.string(), 0, 0, 1, {}});
}

} // namespace

void write_xlsx(const Record& record, const std::filesystem::path& path) {
  write_aside(path, [&](const std::filesystem::path& aside) {
    // The library would print its own words when the file cannot be made.
    if (std::FILE* probe = std::fopen(aside.c_str(), "wb")) std::fclose(probe);
    else throw cannot_write(path, std::strerror(errno));
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.use_zip64 = LXW_TRUE;
    std::unique_ptr<lxw_workbook, CloseWorkbook> book(workbook_new_opt(aside.c_str(), &options));
    if (!book) throw cannot_write(path, "the workbook cannot be begun");
    lxw_doc_properties properties{};
    properties.created = 315'532'800; // 1980-01-01: equal records make equal files
    workbook_set_properties(book.get(), &properties);
    Writer(record, book.get()).write();
    const lxw_error fault = workbook_close(book.release()); // frees the workbook whatever happens
    if (fault != LXW_NO_ERROR) throw cannot_write(path, lxw_strerror(fault));
  });
}

} // namespace platen
