// What each column of a text file is: heading and mapping say it, the first rows confirm it.

#include "import/text/chinese.hpp"
#include "import/text/encoding.hpp"
#include "import/text/number.hpp"
#include "import/text/table.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <set>
#include <tuple>
#include <utility>

namespace platen::text {
namespace {

constexpr std::size_t sampled_rows = 200;

struct Counts {
  std::size_t filled = 0, number = 0, duration = 0, date = 0, ambiguous = 0, month_only = 0, day_only = 0, zoned = 0;
};

/// @param from where to begin: a byte at the start of a line.
std::vector<Counts> count_kinds(std::string_view text, const TextTable& table, std::size_t from) {
  const Dialect& dialect = table.dialect;
  std::vector<Counts> out(table.columns.size());
  Lines lines(text, from);
  Line line;
  for (std::size_t n = 0; n < sampled_rows && lines.next(line); ++n) {
    const auto fields = split(line.text, dialect.delimiter);
    for (std::size_t c = 0; c < std::min(fields.size(), out.size()); ++c) {
      const std::string_view field = trim(fields[c]);
      if (field.empty()) continue;
      Counts& k = out[c];
      ++k.filled;
      if (parse_number(field, dialect.decimal)) {
        ++k.number;
        continue;
      }
      if (parse_duration(field)) {
        ++k.duration;
        continue;
      }
      const bool month_first = parse_date(field, DateOrder::month_first).has_value();
      const bool day_first = parse_date(field, DateOrder::day_first).has_value();
      if (month_first || day_first) ++k.date;
      if (month_first && !day_first) ++k.month_only;
      if (day_first && !month_first) ++k.day_only;
      if (month_first && day_first && is_ambiguous_date(field)) ++k.ambiguous;
      if ((month_first || day_first) && has_zone(field)) ++k.zoned;
    }
  }
  return out;
}

/// @param numbers_expected the heading says so; then a file full of broken lines still has its columns.
Kind kind_of(const Counts& k, bool numbers_expected) {
  if (k.filled == 0) return Kind::skip;
  const std::size_t most = std::max({k.number, k.duration, k.date});
  if (most == 0 || (!numbers_expected && most * 2 < k.filled)) return Kind::label;
  if (most == k.number) return Kind::number;
  return most == k.duration ? Kind::duration : Kind::date;
}

/// The line of a text that begins last among those with some hundred bytes each behind it.
std::size_t near_end(std::string_view text, std::size_t first) {
  constexpr std::size_t tail = 16384;
  if (text.size() - first <= tail) return text.size();
  return std::min(text.find('\n', text.size() - tail), text.size() - 1) + 1;
}

/// Time from the first to the last date of `text` when its dates are read in this order; empty when they run
/// backwards or are none.
std::optional<double> span_of_dates(std::string_view text, const TextTable& table, std::size_t column, DateOrder order) {
  std::optional<double> first, last;
  bool rising = true;
  for (const std::size_t from : {table.dialect.first_byte, near_end(text, table.dialect.first_byte)}) {
    Lines lines(text, from);
    Line line;
    for (std::size_t n = 0; n < sampled_rows && lines.next(line); ++n) {
      const auto fields = split(line.text, table.dialect.delimiter);
      const auto date = column < fields.size() ? parse_date(fields[column], order) : std::nullopt;
      if (!date) continue;
      if (!first) first = date;
      rising = rising && (!last || *date >= *last - 86400.0); // a clock set back by an hour says nothing here
      last = date;
    }
  }
  return rising && first ? std::optional(*last - *first) : std::nullopt;
}

/// Where no date settles the order, the order of the rows may: read the wrong way round, a log that passes midnight
/// leaps by a month or runs backwards. @returns votes for month and day first.
std::pair<std::size_t, std::size_t> votes_of_midnights(std::string_view text, const TextTable& table,
                                                       const std::vector<Counts>& counts) {
  std::pair<std::size_t, std::size_t> votes{0, 0};
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c].ambiguous == 0) continue;
    const auto month = span_of_dates(text, table, c, DateOrder::month_first);
    const auto day = span_of_dates(text, table, c, DateOrder::day_first);
    if (month && (!day || *month < 0.2 * *day)) ++votes.first;
    if (day && (!month || *day < 0.2 * *month)) ++votes.second;
  }
  return votes;
}

/// Day or month first: what some date settles, or the order of the rows; else the order that goes with the mark, "." in
/// day.month, "/" in month/day.
void decide_date_order(TextTable& table, const std::vector<Counts>& counts, std::string_view text) {
  std::size_t month = 0, day = 0, ambiguous = 0;
  const std::vector<Counts> end = count_kinds(text, table, near_end(text, table.dialect.first_byte));
  for (const std::vector<Counts>& sample : {counts, end})
    for (const Counts& k : sample) {
      month += k.month_only;
      day += k.day_only;
      ambiguous += k.ambiguous;
      table.zoned_dates = table.zoned_dates || k.zoned > 0;
    }
  // "Acquisition started on : 11/20/2024" above the table settles it as well.
  for (std::size_t at = 0; at + 10 <= table.metadata_text.size(); ++at) {
    const char c = table.metadata_text[at];
    if (c < '0' || c > '9' ||
        (at > 0 && table.metadata_text[at - 1] >= '0' && table.metadata_text[at - 1] <= '9'))
      continue;
    const std::string_view date = std::string_view(table.metadata_text).substr(at, 10);
    const bool month_first = parse_date(date, DateOrder::month_first).has_value();
    const bool day_first = parse_date(date, DateOrder::day_first).has_value();
    if (month_first && !day_first) ++month;
    if (day_first && !month_first) ++day;
  }
  // EC-Lab and BT-Lab write the month first whatever the marks are.
  const bool lab = !table.dialect.program.empty();
  if (month == 0 && day == 0 && ambiguous > 0) std::tie(month, day) = votes_of_midnights(text, table, counts);
  const std::string_view sample = text.substr(table.dialect.first_byte, 4096);
  const bool dots = !lab && sample.find('/') == std::string_view::npos;
  table.date_order = month != day ? (month > day ? DateOrder::month_first : DateOrder::day_first)
                     : dots       ? DateOrder::day_first
                                  : DateOrder::month_first;
  table.doubtful_date = !lab && ambiguous > 0 && month == 0 && day == 0;
}

/// Which column the user's heading means: the whole heading, its name without unit, or either with case and
/// marks ignored.
std::optional<std::size_t> find_heading(const TextTable& table, std::string_view wanted) {
  const auto search = [&](auto&& same) -> std::optional<std::size_t> {
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (same(table.columns[c].heading)) return c;
    return std::nullopt;
  };
  if (const auto c = search([&](const Heading& h) { return h.raw == wanted; })) return c;
  if (const auto c = search([&](const Heading& h) { return h.name == wanted; })) return c;
  const std::string key = heading_key(wanted);
  return search([&](const Heading& h) {
    return !key.empty() && (heading_key(h.raw) == key || heading_key(h.name) == key);
  });
}

void set_unit(TextColumn& column, std::string_view unit, Dimension wanted) {
  if (const auto known = read_unit(unit, wanted)) {
    column.unit = *known;
    column.unit_known = true;
  }
}

void apply_mapping(TextTable& table, const TableOptions& options, std::vector<bool>& mapped) {
  Diagnostics faults;
  for (const auto& [wanted, mapping] : options.mapping) {
    const auto at = find_heading(table, wanted);
    if (!at) {
      std::vector<std::string> headings;
      for (const TextColumn& c : table.columns) headings.push_back(c.heading.raw);
      std::vector<std::string> hints;
      if (const auto near = did_you_mean(wanted, headings))
        hints.push_back(fmt::format("did you mean `{}`?", *near));
      hints.push_back(fmt::format("the file has: {}", fmt::join(headings, ", ")));
      faults.error("D008", fmt::format("[columns] names `{}`, which `{}` does not have", wanted, table.file),
                   table.header_place(), std::move(hints));
      continue;
    }
    TextColumn& column = table.columns[*at];
    mapped[*at] = true;
    column.column = mapping.column;
    column.rank = -1;
    const std::string unit = mapping.unit.empty() ? column.heading.unit : mapping.unit;
    set_unit(column, unit, column_dimension(mapping.column));
    const bool counts = column_dimension(mapping.column) == dim::none;
    const bool clock =
        column.kind == Kind::duration || column.kind == Kind::date || column.kind == Kind::label;
    const bool log_volts = options.log && mapping.column == col::stack_pressure;
    if (counts || clock || mapping.column == col::unix_time || (log_volts && column.unit_known)) continue;
    if (column.unit_known && fits_column(mapping.column, column.unit.dimension)) continue;
    if (log_volts && !column.unit_known) continue; // the log's own `unit` may say it
    faults.error(
        "D009",
        column.unit_known ? fmt::format("`{}` is mapped to `{}` in `{}`, which measures a {}", wanted,
                                        mapping.column, unit, describe(column.unit.dimension))
                          : fmt::format("`{}` is mapped to `{}`, but its unit `{}` is not known", wanted,
                                        mapping.column, unit),
        table.header_place(),
        {fmt::format("give the unit in [columns]: \"{}\" = {{ column = \"{}\", unit = \"{}\" }}", wanted,
                     mapping.column,
                     find_column(mapping.column) != nullptr ? find_column(mapping.column)->shown_in : "s")});
  }
  faults.throw_if_errors();
}

/// What the heading alone says.
void recognise_heading(TextColumn& column) {
  const auto known = know_heading(column.heading);
  if (!known) {
    const bool warm = heading_key(column.heading.name).find("temp") != std::string::npos ||
                      auxiliary_name(column.heading).starts_with("aux_temperature");
    if (warm)
      set_unit(column, column.heading.unit, dim::temperature);
    else if (const auto unit = read_unit(column.heading.unit)) {
      column.unit = *unit;
      column.unit_known = true;
    } else if (const auto usual = read_unit(usual_unit(column.heading))) {
      column.unit = *usual;
      column.unit_known = column.unit_assumed = true;
    }
    return;
  }
  column.column = known->column;
  column.rank = known->rank;
  const Dimension wanted = column_dimension(known->column);
  set_unit(column, column.heading.unit, wanted);
  if (!column.unit_known && !known->assumed_unit.empty() && column.heading.unit.empty()) {
    column.unit_assumed = true;
    set_unit(column, known->assumed_unit, wanted);
  }
}

/// Whether a column of this kind can be what its heading says. A "time" full of dates is a date; numbers
/// cannot be labels.
void agree_with_kind(TextColumn& column) {
  if (column.column.empty()) return;
  const bool time = column.column == col::test_time || column.column == col::step_time;
  if (time && column.kind == Kind::date) {
    column.column = col::unix_time;
    column.rank += 10;
    return;
  }
  const bool good = column.column == col::unix_time ? column.kind == Kind::date || column.kind == Kind::number
                    : time ? column.kind == Kind::number || column.kind == Kind::duration
                    : column.column == col::step_type ? column.kind == Kind::label
                                                      : column.kind == Kind::number;
  const bool needs_unit = column_dimension(column.column) != dim::none && column.kind == Kind::number;
  const bool has_unit =
      column.unit_known || column.column == col::unix_time || column.column == col::stack_pressure;
  if (!good || (needs_unit && !has_unit)) column.column.clear();
}

/// The numbers of one column in the first rows.
std::vector<double> first_numbers(const TextTable& table, std::string_view text, std::size_t column) {
  std::vector<double> out;
  Lines lines(text, table.dialect.first_byte);
  Line line;
  for (std::size_t n = 0; n < sampled_rows && lines.next(line); ++n) {
    const auto fields = split(line.text, table.dialect.delimiter);
    if (const auto v = column < fields.size() ? parse_number(fields[column], table.dialect.decimal) : std::nullopt)
      out.push_back(*v);
  }
  return out;
}

/// A log without a known heading for its time: dates and clock times are what they look like; without headings and any of
/// these, the first column of numbers that always rises is the time, in seconds (since 1970 where it is that large).
void name_by_content(TextTable& table, std::string_view text) {
  const auto claim = [&](Kind kind, std::string_view name) {
    if (table.find(name) != nullptr) return;
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const TextColumn& c) { return c.kind == kind && c.column.empty(); });
    if (found != table.columns.end()) found->column = name;
  };
  const auto has_time = [&] {
    return table.find(col::unix_time) != nullptr || table.find(col::test_time) != nullptr || table.find(col::step_time) != nullptr;
  };
  if (has_time()) return;
  claim(Kind::date, col::unix_time);
  claim(Kind::duration, col::test_time);
  if (has_time() || table.dialect.header_line > 0) return;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    TextColumn& column = table.columns[c];
    if (column.kind != Kind::number || !column.column.empty()) continue;
    const std::vector<double> values = first_numbers(table, text, c);
    const bool rises = std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
    if (values.size() < 2 || !rises) continue;
    column.column = values.front() > 1e8 ? col::unix_time : col::test_time;
    column.unit_assumed = true;
    set_unit(column, "s", dim::time);
    return;
  }
}

/// One heading per registry column: the smallest rank, then the first in the file.
void settle_claims(TextTable& table) {
  const auto claimed_better = [&](std::string_view name, const TextColumn* than) {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const TextColumn& c) {
      return &c != than && c.column == name && (c.rank < than->rank || (c.rank == than->rank && &c < than));
    });
  };
  std::vector<TextColumn*> losers;
  for (TextColumn& c : table.columns)
    if (!c.column.empty() && claimed_better(c.column, &c)) losers.push_back(&c);
  const bool has_step_time = table.find(col::step_time) != nullptr;
  for (TextColumn* c : losers) {
    // "Time" beside "Total Time" is the time in the step.
    const bool step_time = c->column == col::test_time && c->rank >= 50 && !has_step_time;
    c->column = step_time ? std::string(col::step_time) : std::string();
  }
  // Neware's "Capacity" is counted per step; elsewhere the word says too little.
  const bool neware = std::any_of(table.columns.begin(), table.columns.end(), [](const TextColumn& c) {
    const std::string key = heading_key(c.heading.name);
    return key == "dchg cap" || key == "datapoint";
  });
  for (TextColumn& c : table.columns)
    if ((c.column == col::step_capacity || c.column == col::step_energy) && c.rank >= 50 && !neware)
      c.column.clear();
}

} // namespace

StepType parse_step_type(std::string_view label) noexcept {
  std::array<char, 32> low{};
  label = trim(label);
  if (label.size() > low.size()) return StepType::unknown;
  if (const auto chinese = chinese_step_type(label)) return *chinese;
  std::transform(label.begin(), label.end(), low.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::string_view word(low.data(), label.size());
  const auto has = [&](std::string_view part) { return word.find(part) != std::string_view::npos; };
  if (word == "rest" || word == "r" || word == "ocv" || has("rest")) return StepType::rest;
  if (word == "pause" || word == "p") return StepType::pause;
  if (word == "end" || word == "stop" || word == "finish") return StepType::end;
  if (word == "pulse") return StepType::pulse;
  if (word == "sim") return StepType::simulation;
  if (word == "control") return StepType::control;
  if (word == "impedance" || has("eis")) return StepType::impedance;
  if (word == "ccc" || word == "ratec") return StepType::cc_charge; // Landt's; by a rate is at a constant current
  if (word == "ccd" || word == "rated") return StepType::cc_discharge;
  const bool discharge = has("dchg") || has("disch") || word == "d";
  const bool charge = !discharge && (has("chg") || has("charge") || word == "c");
  if (!charge && !discharge) return StepType::unknown;
  const auto pick = [&](StepType up, StepType down) { return charge ? up : down; };
  if (has("cccv") || has("cc-cv")) return pick(StepType::cccv_charge, StepType::cccv_discharge);
  if (has("cv")) return pick(StepType::cv_charge, StepType::cv_discharge);
  if (has("cp")) return pick(StepType::cp_charge, StepType::cp_discharge);
  if (has("cr")) return pick(StepType::cr_charge, StepType::cr_discharge);
  return pick(StepType::cc_charge, StepType::cc_discharge);
}

void plan_columns(TextTable& table, std::string_view text, const TableOptions& options) {
  const Dialect& dialect = table.dialect;
  for (std::size_t c = 0; c < dialect.headings.size(); ++c) {
    TextColumn column;
    column.heading = split_heading(dialect.headings[c]);
    if (column.heading.raw.empty())
      column.heading.raw = column.heading.name = fmt::format("column {}", c + 1);
    if (column.heading.unit.empty() && c < dialect.units.size()) {
      std::string_view unit = trim(dialect.units[c]);
      if (unit.size() > 2 && (unit.front() == '(' || unit.front() == '['))
        unit = unit.substr(1, unit.size() - 2);
      column.heading.unit = unit;
    }
    table.columns.push_back(std::move(column));
  }
  const std::vector<Counts> counts = count_kinds(text, table, dialect.first_byte);
  decide_date_order(table, counts, text);
  if (options.day_first) {
    table.date_order = *options.day_first ? DateOrder::day_first : DateOrder::month_first;
    table.doubtful_date = false;
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto known = know_heading(table.columns[c].heading);
    table.columns[c].kind = kind_of(counts[c], known && known->column != col::step_type);
  }
  name_columns(table, options, text);
}

void name_columns(TextTable& table, const TableOptions& options, std::string_view text) {
  std::vector<bool> mapped(table.columns.size(), false);
  apply_mapping(table, options, mapped);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!mapped[c]) recognise_heading(table.columns[c]);
    agree_with_kind(table.columns[c]);
  }
  if (options.log) name_by_content(table, text);
  settle_claims(table);
  for (TextColumn& c : table.columns) {
    if (c.kind == Kind::label && c.column != col::step_type) c.kind = Kind::skip;
    c.core = std::find(options.core.begin(), options.core.end(), c.column) != options.core.end();
  }
  // Every row needs a time; which one depends on what there is.
  for (const std::string_view time : {col::test_time, col::step_time, col::unix_time}) {
    TextColumn* column = table.find(time);
    if (column == nullptr) continue;
    column->core = true;
    break;
  }
}

} // namespace platen::text
