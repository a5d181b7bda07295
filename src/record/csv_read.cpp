#include "record/io.hpp"

#include "base/file.hpp"
#include "base/memory.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "record/bdf_names.hpp"
#include "record/overrules.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <utility>

namespace platen {
namespace {

constexpr std::size_t most_faults_shown = 20;
constexpr std::size_t most_columns = 4096; // more are no table of an instrument
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Walks over the lines of a text; knows the number of the line it stands on.
class Lines {
public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  }
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    ended_ = end != std::string_view::npos;
    rest_.remove_prefix(ended_ ? end + 1 : rest_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }
  /// Whether the present line ended with a line feed: a last line without one may have been cut.
  bool ended() const { return ended_; }

private:
  std::string_view rest_;
  std::size_t number_ = 0;
  bool ended_ = true;
};

bool blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

struct Cell {
  std::string_view text; ///< without quotes; doubled quotes still doubled
  std::size_t column = 1;
};

/// Splits at commas; a quoted field may hold commas and doubled quotes. @returns false when a quote is not closed.
bool split(std::string_view line, std::vector<Cell>& cells) {
  cells.clear();
  std::size_t at = 0;
  while (true) {
    if (at < line.size() && line[at] == '"') {
      std::size_t end = at + 1;
      while (end < line.size() && (line[end] != '"' || (end + 1 < line.size() && line[end + 1] == '"')))
        end += line[end] == '"' ? 2 : 1;
      if (end >= line.size()) return false;
      cells.push_back({line.substr(at + 1, end - at - 1), at + 2});
      if (end + 1 == line.size()) return true;
      if (line[end + 1] != ',') return false;
      at = end + 2;
      continue;
    }
    const std::size_t end = line.find(',', at);
    cells.push_back({line.substr(at, end == std::string_view::npos ? end : end - at), at + 1});
    if (end == std::string_view::npos) return true;
    at = end + 1;
  }
}

std::string unquote(std::string_view text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    out += text[k];
    if (text[k] == '"' && k + 1 < text.size() && text[k + 1] == '"') ++k;
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  if (scan_number(text.data(), end, '.', value) == end) return value;
  // Infinities and NaN, which we write ourselves.
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A column being filled.
struct Target {
  BdfHeading heading;
  Unit unit;
  bool convert = false; ///< whether `unit` is other than SI
  std::string si;       ///< unit inside
  std::vector<double> reals;
  std::vector<std::int32_t> integers;
  std::size_t missing = 0;         ///< empty fields of a column of whole numbers
  std::size_t unknown_words = 0;   ///< step types that are not ours
  std::string dropped;             ///< why the column is left out; empty: it is kept

  bool is_integer() const { return heading.info != nullptr && heading.info->kind == ColumnKind::integer; }
  void reserve(std::size_t rows) {
    const auto make_room = [&](auto& values) {
      values.reserve(rows);
      prefer_large_pages(values.data() + values.size(), (values.capacity() - values.size()) * sizeof values[0]);
    };
    if (is_integer()) make_room(integers);
    else make_room(reals);
  }
};

class Reader {
public:
  Reader(std::string_view bytes, std::string name) : bytes_(bytes), lines_(bytes), name_(std::move(name)) {}

  Record read() {
    read_header();
    if (faults_.empty()) read_rows();
    throw_if_faults();
    return finish();
  }

private:
  Place place(std::size_t column, std::size_t length) const {
    // Long lines are not shown: what a caret would point at is then off the screen.
    constexpr std::size_t longest_shown = 160;
    return {name_, lines_.number(), column, std::max<std::size_t>(length, 1),
            line_.size() <= longest_shown ? std::string(line_) : std::string()};
  }

  void fault(std::string code, std::string message, std::optional<Place> at, std::vector<std::string> hints = {}) {
    if (++fault_count_ <= most_faults_shown)
      faults_.push_back({Severity::error, std::move(code), std::move(message), std::move(at), std::move(hints)});
  }

  void warn(std::string code, std::string message, std::optional<Place> at, std::vector<std::string> hints = {}) {
    warnings_.push_back({Severity::warning, std::move(code), std::move(message), std::move(at), std::move(hints)});
  }

  void throw_if_faults() {
    if (faults_.empty()) return;
    if (fault_count_ > most_faults_shown)
      faults_.push_back({Severity::error, "D079", fmt::format("{} more faults in this file", fault_count_ - most_faults_shown),
                         Place{name_, 0, 0, 1, {}}, {"mend those above first; the rest often have the same cause"}});
    throw Error(std::move(faults_));
  }

  void read_comment(std::string_view line) {
    line.remove_prefix(1);
    line = trim(line);
    if (!comment_.empty()) comment_ += '\n';
    comment_ += line;
    if (const std::size_t colon = line.find(": "); colon != std::string_view::npos && overrule_number(line.substr(0, colon)) > 0)
      notes_[std::string(line.substr(0, colon))] = line.substr(colon + 2);
    constexpr std::string_view key = "origin: ";
    if (!line.starts_with(key)) return;
    const std::string_view origin = line.substr(key.size());
    if (origin == "measured" || origin == "simulated" || origin == "simulated through instrument") origin_ = origin;
  }

  void read_header() {
    while (lines_.next(line_)) {
      if (line_.starts_with('#')) read_comment(line_);
      else if (!blank(line_)) break;
      line_ = {};
    }
    std::vector<Cell> cells;
    if (line_.empty()) {
      fault("D070", "the file has no header", Place{name_, 0, 0, 1, {}}, {"a Battery Data Format file starts with a line like "
                                                                         "`Test Time / s,Voltage / V,Current / A`"});
      return;
    }
    if (!split(line_, cells)) {
      fault("D074", "a quote in the header is not closed", place(1, line_.size()));
      return;
    }
    if (cells.size() > most_columns) {
      fault("D070", fmt::format("{} columns; at most {} are read", cells.size(), most_columns), place(1, 1));
      return;
    }
    for (const Cell& cell : cells) read_heading(cell);
    const bool any = std::any_of(targets_.begin(), targets_.end(), [](const Target& t) { return t.heading.info != nullptr; });
    if (!any && faults_.empty())
      fault("D070", "no column of the Battery Data Format in the header", place(1, line_.size()),
            {"expected labels such as `Test Time / s`, `Voltage / V`, or machine names such as `voltage_volt`",
             "other delimited text is read with a column mapping in the cell file"});
  }

  void read_heading(const Cell& cell) {
    Target target;
    target.heading = read_bdf_heading(unquote(cell.text));
    const BdfHeading& h = target.heading;
    for (const Target& other : targets_)
      if (other.heading.name == h.name && !h.name.empty())
        fault("D072", fmt::format("column `{}` appears twice", h.name), place(cell.column, cell.text.size()),
              {"keep one of them"});
    if (h.info != nullptr) read_registry_unit(target, cell);
    else read_other_unit(target, cell);
    targets_.push_back(std::move(target));
  }

  void read_registry_unit(Target& target, const Cell& cell) {
    const ColumnInfo& info = *target.heading.info;
    const Dimension wanted = parse_unit(info.unit).value_or(Unit{}).dimension;
    target.si = info.unit;
    const auto unit = target.heading.unit ? parse_unit(*target.heading.unit) : std::optional<Unit>(Unit{});
    if (unit && unit->dimension == wanted) {
      target.unit = *unit;
      target.convert = unit->factor != 1.0 || unit->offset != 0.0;
      if (info.name == col::step_capacity || info.name == col::step_energy) warn_of_sign(target, cell);
      return;
    }
    const std::string label = bdf_label({std::string(info.name), {}, {}, {}});
    if (!target.heading.unit)
      fault("D071", fmt::format("header `{}` has no unit", cell.text), place(cell.column, cell.text.size()),
            {fmt::format("write it as `{}`", label)});
    else
      fault("D071", fmt::format("`{}` is not a unit of `{}`", *target.heading.unit, info.name),
            place(cell.column, cell.text.size()), {fmt::format("a {} was expected, as in `{}`", describe(wanted), label)});
  }

  /// Earlier versions of the format did not say whether "Step Capacity" is signed.
  void warn_of_sign(const Target& target, const Cell& cell) {
    const std::string label = bdf_label({std::string(target.heading.info->name), {}, {}, {}});
    const std::string current_name = label.substr(0, label.find(" / "));
    if (std::string_view(cell.text).substr(0, current_name.size()) == current_name || cell.text.starts_with("step_net_"))
      return;
    warn("D077", fmt::format("`{}` is an earlier name of `{}` that does not state its sign; the numbers are taken as signed like the current",
                             cell.text, label),
         place(cell.column, cell.text.size()));
  }

  void read_other_unit(Target& target, const Cell& cell) {
    target.si = target.heading.unit.value_or("1");
    if (target.heading.name.empty()) {
      target.heading.name = fmt::format("column {}", targets_.size() + 1);
      target.dropped = "its header is empty";
      return;
    }
    const auto unit = parse_unit(target.si);
    if (!unit) {
      warn("D077", fmt::format("unit `{}` is not known; the numbers are kept as they are", target.si),
           place(cell.column, cell.text.size()));
      return;
    }
    if (unit->factor == 1.0 && unit->offset == 0.0) return;
    target.unit = *unit;
    target.convert = true;
    target.si = unit->dimension == dim::none ? "1" : si_unit(unit->dimension);
  }

  /// Once some rows are read: room for all, if the rest is like them. Columns that double their room instead would copy
  /// themselves and hold twice what they need.
  void make_room() {
    constexpr std::size_t sample = 4096;
    if (line_of_row_.size() != sample) return;
    const double read = static_cast<double>(line_.data() + line_.size() - bytes_.data()) / static_cast<double>(bytes_.size());
    const auto rows = static_cast<std::size_t>(1.02 * sample / read) + 1;
    for (Target& target : targets_) target.reserve(rows);
    line_of_row_.reserve(rows);
  }

  void read_rows() {
    std::vector<Cell> cells;
    while (lines_.next(line_)) {
      if (blank(line_)) continue;
      if (!split(line_, cells)) {
        fault("D074", "a quote is not closed", place(1, line_.size()));
      } else if (cells.size() == targets_.size()) {
        for (std::size_t k = 0; k < cells.size(); ++k) read_cell(targets_[k], cells[k]);
        line_of_row_.push_back(lines_.number());
        make_room();
      } else if (cells.size() < targets_.size() && !lines_.ended()) {
        warn("D078", fmt::format("the last line is cut off ({} of {} fields) and left out", cells.size(), targets_.size()),
             place(1, line_.size()));
      } else {
        fault("D073", fmt::format("{} fields where the header has {}", cells.size(), targets_.size()), place(1, line_.size()),
              {"decimal commas split numbers in two; numbers here use `.`"});
      }
    }
  }

  void read_cell(Target& target, const Cell& cell) {
    if (!target.dropped.empty()) return;
    const std::string_view text = trim(cell.text);
    if (target.heading.info != nullptr && target.heading.info->name == col::step_type) {
      const auto type = parse_step_type(text);
      if (!type && !text.empty()) ++target.unknown_words;
      target.integers.push_back(static_cast<std::int32_t>(type.value_or(StepType::unknown)));
      return;
    }
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto value = text.empty() ? std::optional(nan) : parse_number(text);
    if (!value) {
      bad_cell(target, cell, "a number");
    } else if (target.is_integer()) {
      read_integer(target, cell, *value);
    } else {
      target.reals.push_back(target.convert ? *value * target.unit.factor + target.unit.offset : *value);
    }
  }

  void read_integer(Target& target, const Cell& cell, double value) {
    if (std::isnan(value)) {
      ++target.missing;
      return;
    }
    const bool fits = value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
    if (!fits || value != std::floor(value)) bad_cell(target, cell, "a whole number");
    else target.integers.push_back(static_cast<std::int32_t>(value));
  }

  void bad_cell(Target& target, const Cell& cell, std::string_view expected) {
    if (target.heading.info != nullptr) {
      fault("D074", fmt::format("`{}` is not {}, in column `{}`", cell.text.substr(0, 40), expected, target.heading.name),
            place(cell.column, cell.text.size()), {"leave the field empty where nothing was measured"});
      return;
    }
    target.dropped = fmt::format("`{}` in line {} is not {}", cell.text.substr(0, 40), lines_.number(), expected);
    target.reals.clear();
  }

  Record finish() {
    Record record;
    for (Target& target : targets_) keep(record, target);
    ensure_test_time(record);
    note_gaps(record);
    record.metadata = std::move(notes_);
    if (!comment_.empty()) record.metadata["comment"] = comment_;
    record.provenance.origin = origin_;
    record.provenance.format = "Battery Data Format CSV";
    record.warnings = std::move(warnings_);
    return record;
  }

  void keep(Record& record, Target& target) {
    if (target.missing > 0) target.dropped = fmt::format("{} of its fields are empty", target.missing);
    if (!target.dropped.empty()) {
      warn("D075", fmt::format("column `{}` is left out: {}", target.heading.name, target.dropped), Place{name_, 0, 0, 1, {}});
      return;
    }
    if (target.unknown_words > 0)
      warn("D075", fmt::format("{} step types are not known and kept as `Unknown`", target.unknown_words), Place{name_, 0, 0, 1, {}});
    const std::string description = target.heading.info != nullptr ? std::string(target.heading.info->description) : "";
    Column column{target.heading.name, target.si, description, {}};
    if (target.is_integer()) column.values = std::move(target.integers);
    else column.values = std::move(target.reals);
    record.set(std::move(column));
  }

  void ensure_test_time(Record& record) {
    if (record.has(col::test_time)) return;
    if (!record.has(col::unix_time))
      throw Error("D070", "the file has no time", Place{name_, 0, 0, 1, {}}, {"a column `Test Time / s` or `Unix Time / s` is needed"});
    const std::span<const double> clock = std::as_const(record).real(col::unix_time);
    std::vector<double> time(clock.begin(), clock.end());
    for (std::size_t row = time.size(); row-- > 0;) time[row] -= time.front();
    record.set(col::test_time, std::move(time));
    warn("D077", "`Test Time / s` is missing; it is counted from the first `Unix Time / s`", Place{name_, 0, 0, 1, {}});
  }

  void note_gaps(const Record& record) {
    for (const std::string_view name : {col::voltage, col::current})
      if (!record.has(name))
        warn("D077", fmt::format("the file has no column `{}`", bdf_label({std::string(name), {}, {}, {}})), Place{name_, 0, 0, 1, {}});
    const std::span<const double> time = record.real(col::test_time);
    std::size_t backwards = 0, first = 0;
    for (std::size_t row = 1; row < time.size(); ++row)
      if (time[row] < time[row - 1] && backwards++ == 0) first = row;
    if (backwards > 0)
      warn("D076", fmt::format("the time runs backwards {} times, first from {} s to {} s", backwards, time[first - 1], time[first]),
           Place{name_, line_of_row_[first], 0, 1, {}}, {"the writer may have put the time of the step where the time of the test belongs"});
  }

  std::string_view bytes_;
  Lines lines_;
  std::string name_;
  std::string_view line_;
  std::string comment_;
  std::map<std::string, std::string> notes_; ///< what a person said against a verdict
  std::string origin_ = "measured";
  std::vector<Target> targets_;
  std::vector<std::size_t> line_of_row_;
  std::vector<Diagnostic> faults_;
  std::vector<Diagnostic> warnings_;
  std::size_t fault_count_ = 0;
};

} // namespace

Record parse_bdf_csv(std::string_view bytes, const std::string& name) { return Reader(bytes, name).read(); }

Record read_bdf_csv(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  Record record = parse_bdf_csv(bytes, path.string());
  record.provenance.sources.push_back({path.string(), sha256(bytes)});
  return record;
}

bool is_bdf_csv(std::string_view bytes) {
  Lines lines(bytes);
  std::string_view line;
  do {
    if (!lines.next(line)) return false;
  } while (blank(line) || line.starts_with('#'));
  std::vector<Cell> cells;
  if (!split(line, cells)) return false;
  return std::any_of(cells.begin(), cells.end(), [](const Cell& cell) {
    const BdfHeading h = read_bdf_heading(unquote(cell.text));
    return h.info != nullptr && h.unit && !h.info->bdf_unit.empty() && h.info->bdf_unit != "1" && parse_unit(*h.unit);
  });
}

} // namespace platen
