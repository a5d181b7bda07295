#include "record/io.hpp"

#include "base/file.hpp"
#include "record/csv_text.hpp"

#include <fmt/format.h>

namespace platen {
namespace {

/// Time stays in seconds, which every program can subtract; other columns are in the unit people read.
std::string plain_unit(const Column& column) {
  const ColumnInfo* info = find_column(column.name);
  if (info == nullptr) return column.unit;
  return info->unit == "s" ? "s" : std::string(info->shown_in);
}

std::string plain_heading(const Column& column) {
  const std::string unit = plain_unit(column);
  std::string out = unit.empty() || unit == "1" ? column.name : fmt::format("{}_{}", column.name, unit);
  for (char& c : out)
    if (c == ' ' || c == '/') c = '_';
  return out;
}

} // namespace

std::string to_plain_csv(const Record& record) {
  std::vector<csv::Field> fields;
  for (const Column& column : record.columns()) {
    const Unit unit = find_column(column.name) != nullptr ? parse_unit(plain_unit(column)).value_or(Unit{}) : Unit{};
    fields.push_back({&column, unit, column.name == col::step_type});
  }
  std::string out;
  for (std::size_t k = 0; k < fields.size(); ++k) {
    if (k > 0) out += ',';
    csv::append_quoted(out, plain_heading(*fields[k].column));
  }
  out += '\n';
  csv::append_rows(out, record, fields);
  return out;
}

std::string to_spectra_csv(const std::vector<Spectrum>& spectra) {
  std::string out = "spectrum,label,cycle,time_s,frequency_Hz,real_ohm,imaginary_ohm\n";
  for (std::size_t k = 0; k < spectra.size(); ++k) {
    const Spectrum& s = spectra[k];
    for (std::size_t point = 0; point < s.size(); ++point) {
      out += fmt::format("{},", k + 1);
      csv::append_quoted(out, s.label);
      out += ',';
      if (s.cycle_count != 0) out += fmt::format("{}", s.cycle_count);
      for (const double v : {s.time.empty() ? s.start : s.time[point], s.frequency[point], s.real[point], s.imaginary[point]}) {
        out += ',';
        csv::append_number(out, v);
      }
      out += '\n';
    }
  }
  return out;
}

std::string to_rejects_csv(const std::vector<Reject>& rejects) {
  std::string out = "file,line,column,reason,text\n";
  for (const Reject& r : rejects) {
    csv::append_quoted(out, r.place.file);
    out += fmt::format(",{},{},", r.place.line, r.place.column);
    csv::append_quoted(out, r.reason);
    out += ',';
    csv::append_quoted(out, r.place.text);
    out += '\n';
  }
  return out;
}

} // namespace platen
