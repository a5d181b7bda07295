#include "campaign/table.hpp"

#include "base/csv.hpp"
#include "base/number.hpp"
#include "record/csv_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <sstream>

namespace platen::campaign {
namespace {

constexpr std::array front{run_column, replicate_column, seed_column};
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

void append_fields(std::string& out, std::span<const std::string> fields) {
  for (const std::string& field : fields) {
    csv::append_quoted(out, field);
    out += ',';
  }
}

bool read_count(const std::string& text, std::uint64_t& out) {
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, out);
  return fault == std::errc() && stop == end;
}

double number_or_nothing(const std::string& text) {
  double value = nothing;
  const char* end = text.data() + text.size();
  return scan_number(text.data(), end, '.', value) == end ? value : nothing;
}

/// Columns of which no field is a number but some are text are columns of words.
void sort_out(std::vector<double>& numbers, std::vector<std::string>& words) {
  const bool any_word = std::any_of(words.begin(), words.end(), [](const std::string& w) { return !w.empty(); });
  bool wordy = false;
  for (std::size_t k = 0; k < words.size(); ++k) wordy = wordy || (!words[k].empty() && std::isnan(numbers[k]));
  if (!any_word || !wordy) words.clear();
}

} // namespace

std::string TableColumn::heading() const { return unit.empty() ? name : fmt::format("{} [{}]", name, unit); }

std::string head_text(const TableHead& head) {
  std::string out;
  for (const std::string& comment : head.comments) out += fmt::format("# {}\n", comment);
  for (const std::string_view name : front) out += fmt::format("{},", name);
  const auto add = [&](const std::vector<TableColumn>& columns) {
    for (const TableColumn& column : columns) {
      csv::append_quoted(out, column.heading());
      out += ',';
    }
  };
  add(head.axes);
  out += fmt::format("{},{},", status_column, reason_column);
  add(head.results);
  out.back() = '\n';
  return out;
}

std::string row_start(const TableRow& row) {
  std::string out = fmt::format("{},{},{},", row.run, row.replicate, row.seed);
  append_fields(out, row.axes);
  return out;
}

std::string row_end(const TableRow& row) {
  std::string out = fmt::format("{},", row.done ? done_status : failed_status);
  csv::append_quoted(out, row.reason);
  out += ',';
  append_fields(out, row.results);
  out.pop_back();
  return out;
}

struct TableReader::Source {
  std::ifstream file;
  std::istringstream text;
  std::istream& stream() { return file.is_open() ? static_cast<std::istream&>(file) : text; }
};

TableReader::TableReader(const std::filesystem::path& path) : name_(path.string()), source_(std::make_unique<Source>()) {
  source_->file.open(path, std::ios::binary);
  if (!source_->file.is_open())
    throw Error("D001", fmt::format("cannot read {}: {}", name_, std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
  read_head();
}

TableReader::TableReader(std::string text, std::string name) : name_(std::move(name)), source_(std::make_unique<Source>()) {
  source_->text.str(std::move(text));
  read_head();
}

TableReader::~TableReader() = default;

void TableReader::refuse(std::string message) const {
  throw Error("D525", std::move(message), Place{name_, line_, 0, 1, ""}, {"give the table that `platen campaign` wrote, unchanged"});
}

bool TableReader::line(std::string& out) {
  if (!std::getline(source_->stream(), out)) return false;
  ++line_;
  if (out.ends_with('\r')) out.pop_back();
  return true;
}

void TableReader::read_head() {
  std::string text;
  bool found = false;
  while (!found && line(text)) {
    if (!text.starts_with('#')) found = true;
    else head_.comments.push_back(text.substr(std::min<std::size_t>(text.size(), text.starts_with("# ") ? 2 : 1)));
  }
  if (!found) refuse("there is no heading");
  const std::vector<CsvField> fields = split_csv(text, ',');
  const auto status = std::find_if(fields.begin(), fields.end(), [](const CsvField& f) { return f.text == status_column; });
  bool fits = fields.size() >= front.size() + 2 && status != fields.end() && status - fields.begin() >= static_cast<std::ptrdiff_t>(front.size()) &&
              status + 1 != fields.end() && (status + 1)->text == reason_column;
  for (std::size_t k = 0; fits && k < front.size(); ++k) fits = fields[k].text == front[k];
  if (!fits) refuse("this is no table of a campaign: its heading has not `run`, `replicate`, `seed`, the axes, `status`, `reason`, the results");
  for (auto field = fields.begin() + static_cast<std::ptrdiff_t>(front.size()); field != fields.end(); ++field) {
    if (field == status || field == status + 1) continue;
    CsvName name = csv_name(field->text);
    (field < status ? head_.axes : head_.results).push_back({std::move(name.name), std::move(name.unit)});
  }
}

std::optional<std::size_t> TableReader::axis(std::string_view name) const {
  for (std::size_t k = 0; k < head_.axes.size(); ++k)
    if (head_.axes[k].name == name) return k;
  return std::nullopt;
}

std::optional<std::size_t> TableReader::result(std::string_view name) const {
  for (std::size_t k = 0; k < head_.results.size(); ++k)
    if (head_.results[k].name == name) return k;
  return std::nullopt;
}

bool TableReader::next(TableRow& row) {
  std::string text;
  do {
    if (!line(text)) return false;
  } while (text.empty());
  std::vector<CsvField> fields = split_csv(text, ',');
  const std::size_t wanted = front.size() + head_.axes.size() + 2 + head_.results.size();
  if (fields.size() != wanted) refuse(fmt::format("{} fields under {} headings", fields.size(), wanted));
  if (!read_count(fields[0].text, row.run) || !read_count(fields[1].text, row.replicate) || !read_count(fields[2].text, row.seed))
    refuse("run, replicate and seed are whole numbers");
  std::size_t at = front.size();
  row.axes.resize(head_.axes.size());
  for (std::string& field : row.axes) field = std::move(fields[at++].text);
  const std::string& status = fields[at++].text;
  row.done = status == done_status;
  if (!row.done && status != failed_status) refuse(fmt::format("the status is \"{}\" and neither `done` nor `failed`", status));
  row.reason = std::move(fields[at++].text);
  row.results.resize(head_.results.size());
  for (std::string& field : row.results) field = std::move(fields[at++].text);
  return true;
}

NumberTable read_table(const std::filesystem::path& path) {
  TableReader reader(path);
  NumberTable out;
  out.head = reader.head();
  out.axes.resize(out.head.axes.size());
  out.axis_words.resize(out.axes.size());
  out.results.resize(out.head.results.size());
  out.result_words.resize(out.results.size());
  const auto take = [](const std::vector<std::string>& fields, auto& numbers, auto& words) {
    for (std::size_t k = 0; k < fields.size(); ++k) {
      numbers[k].push_back(number_or_nothing(fields[k]));
      words[k].push_back(fields[k]);
    }
  };
  for (TableRow row; reader.next(row);) {
    out.runs.push_back(row.run);
    out.replicates.push_back(row.replicate);
    out.seeds.push_back(row.seed);
    out.done.push_back(row.done);
    take(row.axes, out.axes, out.axis_words);
    take(row.results, out.results, out.result_words);
  }
  for (std::size_t k = 0; k < out.axes.size(); ++k) sort_out(out.axes[k], out.axis_words[k]);
  for (std::size_t k = 0; k < out.results.size(); ++k) sort_out(out.results[k], out.result_words[k]);
  return out;
}

} // namespace platen::campaign
