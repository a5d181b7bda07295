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

namespace {

/// "1,circuit,2,R0-C1" of the analysis with this number.
std::string beginning(const Analysis& a, std::size_t number) {
  std::string out = fmt::format("{},", number);
  csv::append_quoted(out, a.kind);
  out += ',';
  if (a.spectrum != 0) out += fmt::format("{}", a.spectrum);
  out += ',';
  csv::append_quoted(out, a.method);
  return out;
}

} // namespace

std::string to_analyses_csv(const std::vector<Analysis>& analyses) {
  std::string out = "analysis,kind,spectrum,method,name,value,standard_error,low,high,unit,note\n";
  for (std::size_t k = 0; k < analyses.size(); ++k) {
    const std::string begin = beginning(analyses[k], k + 1);
    out += begin + ",verdict,,,,,,";
    csv::append_quoted(out, analyses[k].verdict);
    out += '\n';
    for (const AnalysisValue& v : analyses[k].values) {
      out += begin + ',';
      csv::append_quoted(out, v.name);
      for (const double x : {v.value, v.error, v.low, v.high}) {
        out += ',';
        csv::append_number(out, x);
      }
      for (const std::string* text : {&v.unit, &v.note}) {
        out += ',';
        csv::append_quoted(out, *text);
      }
      out += '\n';
    }
  }
  return out;
}

std::string to_curves_csv(const std::vector<Analysis>& analyses) {
  std::string out = "analysis,kind,spectrum,method,curve,unit,point,value\n";
  for (std::size_t k = 0; k < analyses.size(); ++k) {
    const std::string begin = beginning(analyses[k], k + 1);
    for (const AnalysisCurve& c : analyses[k].curves)
      for (std::size_t point = 0; point < c.values.size(); ++point) {
        out += begin + ',';
        csv::append_quoted(out, c.name);
        out += ',';
        csv::append_quoted(out, c.unit);
        out += fmt::format(",{},", point + 1);
        csv::append_number(out, c.values[point]);
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
