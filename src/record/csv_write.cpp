#include "record/io.hpp"

#include "base/file.hpp"
#include "record/bdf_names.hpp"
#include "record/overrules.hpp"
#include "record/csv_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace platen {
namespace csv {

void append_number(std::string& out, double value) {
  if (std::isnan(value)) return;
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

void append_quoted(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n#") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  out += '"';
}

namespace {

void append_value(std::string& out, const Field& f, std::size_t row) {
  if (std::holds_alternative<std::vector<double>>(f.column->values)) {
    append_number(out, f.real(row));
    return;
  }
  const std::int32_t value = std::get<std::vector<std::int32_t>>(f.column->values)[row];
  if (f.words) {
    out += step_type_label(static_cast<StepType>(value));
    return;
  }
  std::array<char, 16> text;
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

} // namespace

void append_rows(std::string& out, const Record& record, std::span<const Field> fields) {
  out.reserve(out.size() + record.rows() * fields.size() * 8);
  for (std::size_t row = 0; row < record.rows(); ++row) {
    const std::size_t start = out.size();
    for (std::size_t k = 0; k < fields.size(); ++k) {
      if (k > 0) out += ',';
      append_value(out, fields[k], row);
    }
    if (out.size() == start) out += "nan"; // a lone empty field would be a blank line, which readers skip
    out += '\n';
  }
}

} // namespace csv

namespace {

void append_comment(std::string& out, std::string_view comment) {
  while (true) {
    const std::size_t end = comment.find('\n');
    out += comment.empty() ? "#" : "# ";
    for (const char c : comment.substr(0, end)) out += c == '\r' ? ' ' : c;
    out += '\n';
    if (end == std::string_view::npos) return;
    comment.remove_prefix(end + 1);
  }
}

} // namespace

std::string to_csv(const Record& record, const std::vector<std::string>& comments) {
  std::string out;
  for (const std::string& comment : comments) append_comment(out, comment);
  for (const auto& [key, text] : record.metadata)
    if (overrule_number(key) > 0) append_comment(out, key + ": " + text);
  const std::vector<ShownColumn> shown_fields = shown_columns(record);
  for (std::size_t k = 0; k < shown_fields.size(); ++k) {
    if (k > 0) out += ',';
    csv::append_quoted(out, bdf_label(*shown_fields[k].column));
  }
  out += '\n';
  csv::append_rows(out, record, shown_fields);
  return out;
}

void write_csv(const Record& record, const std::filesystem::path& path, const std::vector<std::string>& comments) {
  write_file(path, to_csv(record, comments));
}

} // namespace platen
