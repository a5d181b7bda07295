#include "import/xlsx/own.hpp"

#include "import/text/number.hpp"
#include "import/xlsx/sheet.hpp"
#include "record/io.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <utility>

namespace platen::xlsx {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// `record`, and `record 2`, `record 3` ... behind it.
std::vector<const SheetEntry*> sheets_of(const Workbook& book, std::string_view table) {
  std::vector<const SheetEntry*> out;
  for (const SheetEntry& s : book.sheets) {
    const std::string_view name = s.name;
    const bool next = name.starts_with(table) && name.size() > table.size() + 1 && name[table.size()] == ' ' &&
                      name.find_first_not_of("0123456789", table.size() + 1) == std::string_view::npos;
    if (name == table || next) out.push_back(&s);
  }
  return out;
}

using Fields = std::vector<std::string_view>;

Fields split(std::string_view line) {
  Fields out;
  for (;;) {
    const std::size_t end = line.find('\t');
    out.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return out;
    line.remove_prefix(end + 1);
  }
}

std::string_view at(const Fields& fields, std::size_t k) { return k < fields.size() ? fields[k] : std::string_view(""); }

double number(const Fields& fields, std::size_t k) { return text::parse_number(at(fields, k), '.').value_or(nan); }

std::optional<double> maybe(const Fields& fields, std::size_t k) { return text::parse_number(at(fields, k), '.'); }

std::size_t count(const Fields& fields, std::size_t k) {
  const double value = number(fields, k);
  return value >= 0.0 && value < 1e9 ? static_cast<std::size_t>(value) : 0;
}

/// Rows below the headings.
void each_row(Container& container, const Workbook& book, std::string_view table, const std::function<void(const Fields&)>& take) {
  for (const SheetEntry* sheet : sheets_of(book, table)) {
    SheetLines lines(container, book, *sheet);
    lines.keep_quotes();
    for (text::Line line; lines.next(line);)
      if (line.number > 1) take(split(line.text));
  }
}

Record read_rows(Container& container, const Workbook& book) {
  std::string csv;
  bool first = true;
  for (const SheetEntry* sheet : sheets_of(book, "record")) {
    SheetLines lines(container, book, *sheet);
    std::size_t columns = 0;
    for (text::Line line; lines.next(line);) {
      const Fields fields = split(line.text);
      if (line.number == 1) columns = fields.size();
      if (line.number == 1 && !std::exchange(first, false)) continue;
      for (std::size_t c = 0; c < columns; ++c) {
        if (c > 0) csv += ',';
        const std::string_view field = at(fields, c);
        const bool quoted = field.find_first_of(",#") != std::string_view::npos;
        if (quoted) csv += '"';
        csv += field;
        if (quoted) csv += '"';
      }
      if (columns == 1 && at(fields, 0).empty()) csv += "nan";
      csv += '\n';
    }
  }
  return parse_bdf_csv(csv, container.file());
}

void read_spectra(Container& container, const Workbook& book, Record& record) {
  std::size_t last = 0;
  each_row(container, book, "spectra", [&](const Fields& f) {
    const std::size_t n = count(f, 0);
    if (n == 0) return;
    if (n != last) {
      last = n;
      Spectrum& s = record.spectra.emplace_back();
      s.label = at(f, 5);
      s.start = number(f, 6);
      s.unix_time = number(f, 7);
      s.cycle_count = static_cast<std::int32_t>(count(f, 8));
      s.modulation = at(f, 9) == "voltage" ? Modulation::voltage : at(f, 9) == "current" ? Modulation::current : Modulation::unknown;
      s.amplitude = maybe(f, 10);
      s.dc_voltage = maybe(f, 11);
      s.dc_current = maybe(f, 12);
      s.temperature = maybe(f, 13);
    }
    Spectrum& s = record.spectra.back();
    s.frequency.push_back(number(f, 1));
    s.real.push_back(number(f, 2));
    s.imaginary.push_back(number(f, 3));
    s.time.push_back(number(f, 4));
  });
  for (Spectrum& s : record.spectra)
    if (std::all_of(s.time.begin(), s.time.end(), [](double t) { return std::isnan(t); })) s.time.clear();
}

/// A number of the cell, as a person may have changed it in the sheet. @throws Error D385, every one, when all are read.
void read_cell(Container& container, const Workbook& book, CellInfo& cell) {
  Diagnostics faults;
  each_row(container, book, "cell", [&](const Fields& f) {
    const std::string_view key = at(f, 0), value = at(f, 1);
    if (key == "configuration") cell.configuration = parse_configuration(value).value_or(Configuration::unknown);
    for (const CellText& text : cell_texts())
      if (key == text.key) cell.*text.member = value;
    if (!at(f, 5).empty()) cell.known_from.insert_or_assign(std::string(key), KnownFrom{std::string(at(f, 5)), std::string(at(f, 6))});
    const CellField* field = find_cell_field(key);
    const auto unit = field != nullptr ? parse_unit(at(f, 2)) : std::nullopt;
    if (!unit || unit->dimension != field->dimension) return;
    const auto shown = maybe(f, 1);
    const double value_si = shown ? *shown * unit->factor + unit->offset : field->low;
    if (value_si < field->low || value_si > field->high)
      faults.error("D385", fmt::format("`{}` of the cell is {} {}, which cannot be", key, value, at(f, 2)), whole_file(container.file()),
                   {"correct the sheet `cell`, or delete its row where nothing is known"});
    else if (shown) cell.*field->member = value_si;
    if (const auto error = maybe(f, 4)) cell.uncertainty.insert_or_assign(std::string(key), *error * unit->factor);
  });
  faults.throw_if_errors();
}

void read_provenance(Container& container, const Workbook& book, Record& record) {
  Provenance& p = record.provenance;
  p = {};
  each_row(container, book, "provenance", [&](const Fields& f) {
    const std::string_view key = at(f, 0);
    const std::string value(at(f, 1));
    if (key == "origin") p.origin = value;
    if (key == "program") p.program = value;
    if (key == "format") p.format = value;
    if (key == "seed") std::from_chars(value.data(), value.data() + value.size(), p.seed);
    if (key == "source") p.sources.push_back({value, std::string(at(f, 2))});
    if (key == "metadata") record.metadata[value] = at(f, 2);
    if (key == "study") record.study += value + "\n";
    if (key == "column")
      if (const Column* column = record.find(value); column != nullptr && find_column(value) == nullptr) {
        Column described = *column;
        described.description = at(f, 3);
        record.set(std::move(described));
      }
  });
}

Place place_of(const Fields& f, std::size_t file) { return {std::string(at(f, file)), count(f, file + 1), 0, 1, {}}; }

} // namespace

bool is_own_workbook(Container& container, const Workbook& book) {
  if (sheets_of(book, "record").empty()) return false;
  for (const SheetEntry* sheet : sheets_of(book, "provenance")) {
    SheetLines lines(container, book, *sheet);
    text::Line line;
    return lines.next(line) && line.text.starts_with("Platen record");
  }
  return false;
}

Record read_own_workbook(Container& container, const Workbook& book) {
  Record record = read_rows(container, book);
  read_provenance(container, book, record);
  read_cell(container, book, record.cell);
  read_spectra(container, book, record);
  each_row(container, book, "events", [&](const Fields& f) {
    record.events.push_back({number(f, 0), std::string(at(f, 1)), std::string(at(f, 2))});
  });
  each_row(container, book, "warnings", [&](const Fields& f) {
    Diagnostic d{at(f, 0) == "error" ? Severity::error : Severity::warning, std::string(at(f, 1)), std::string(at(f, 2))};
    if (!at(f, 3).empty()) d.place = place_of(f, 3);
    if (!at(f, 5).empty()) d.hints.emplace_back(at(f, 5));
    if (!d.message.empty()) record.warnings.push_back(std::move(d));
  });
  each_row(container, book, "rejects", [&](const Fields& f) {
    if (record.rejects.size() < Record::kept_rejects) record.rejects.push_back({place_of(f, 0), std::string(at(f, 2))});
  });
  return record;
}

} // namespace platen::xlsx
