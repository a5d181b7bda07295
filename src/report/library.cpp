#include "report/library.hpp"

#include "base/units.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;
using library::Shown;
using library::Table;
using library::Value;

std::string answer_text(const Json& answer) { return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json value_json(const Value& value) {
  return std::visit(
      []<class T>(const T& v) -> Json {
        if constexpr (std::is_same_v<T, std::monostate>) return nullptr;
        else if constexpr (std::is_same_v<T, double>) return std::isfinite(v) ? Json(v) : Json(nullptr);
        else return v;
      },
      value);
}

/// A stored answer of `assess` is JSON already.
Json member_json(const std::string& column, const Value& value) {
  if (column == "answer")
    if (const auto* text = std::get_if<std::string>(&value)) return Json::parse(*text, nullptr, false);
  return value_json(value);
}

Json objects(const Table& table) {
  Json out = Json::array();
  for (const auto& row : table.rows) {
    Json object = Json::object();
    for (std::size_t k = 0; k < row.size(); ++k) object[table.columns[k]] = member_json(table.columns[k], row[k]);
    out.push_back(std::move(object));
  }
  return out;
}

std::string shown(const Value& value) {
  return std::visit(
      []<class T>(const T& v) -> std::string {
        if constexpr (std::is_same_v<T, std::monostate>) return "-";
        else if constexpr (std::is_same_v<T, std::int64_t>) return fmt::format("{}", v);
        else if constexpr (std::is_same_v<T, double>) return fmt::format("{:.6g}", v);
        else return plain(v);
      },
      value);
}

/// A checksum in a page for people: its beginning tells it from any other of a lab.
std::string shortened(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const bool sum = text != nullptr && text->size() == 64 && text->find_first_not_of("0123456789abcdef") == std::string::npos;
  return sum ? text->substr(0, 12) + "..." : shown(value);
}

bool is_number(const Value& value) { return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value); }

/// 'r' for columns in which every value that is there is a number.
std::string alignment(const Table& table) {
  std::string out;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const bool numbers = std::all_of(table.rows.begin(), table.rows.end(),
                                     [&](const auto& row) { return is_number(row[k]) || std::holds_alternative<std::monostate>(row[k]); });
    out += numbers && !table.rows.empty() ? 'r' : 'l';
  }
  return out;
}

/// A row of the overview by the names of its columns.
struct Row {
  const Table& table;
  const std::vector<Value>& values;

  const Value& at(std::string_view column) const {
    static const Value none;
    const auto found = std::find(table.columns.begin(), table.columns.end(), column);
    return found != table.columns.end() ? values[static_cast<std::size_t>(found - table.columns.begin())] : none;
  }
  std::string text(std::string_view column) const { return shown(at(column)); }
  std::optional<double> real(std::string_view column) const {
    const auto* value = std::get_if<double>(&at(column));
    return value != nullptr ? std::optional(*value) : std::nullopt;
  }
  bool yes(std::string_view column) const {
    const auto* value = std::get_if<std::int64_t>(&at(column));
    return value != nullptr && *value != 0;
  }
  std::string number_or_dash(std::string_view column) const {
    const auto value = real(column);
    return value ? number(*value) : "-";
  }
};

std::string interval(const Row& row) {
  const auto passed = row.real("ccd_last_passed_mA_cm2"), failed = row.real("ccd_failing_step_mA_cm2");
  if (passed && failed) return fmt::format("{} - {}", number(*passed), number(*failed));
  if (failed) return fmt::format("< {}", number(*failed));
  return passed ? fmt::format("> {}", number(*passed)) : "-";
}

/// A number in SI as people read it, with its unit.
std::pair<double, std::string> as_read(double si, const std::string& si_unit) {
  const std::string unit = si_unit == "K" ? "degC" : si_unit == "s" ? (std::abs(si) < 7200.0 ? "min" : "h") : shown_unit(si_unit, si);
  return {in_unit(si, unit), unit};
}

/// `preparation` with its numbers in the units that people read.
void show_preparation(Table& table) {
  const auto place = [&](std::string_view name) { return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), name) - table.columns.begin()); };
  const std::size_t value = place("value"), unit = place("unit");
  if (std::max(value, unit) >= table.columns.size()) return;
  for (std::vector<Value>& row : table.rows) {
    const auto* si = std::get_if<double>(&row[value]);
    const auto* si_unit = std::get_if<std::string>(&row[unit]);
    if (si == nullptr || si_unit == nullptr || !parse_unit(*si_unit)) continue;
    auto [number, name] = as_read(*si, *si_unit);
    row[value] = number;
    row[unit] = std::move(name);
  }
}

/// `judgements` with its CCDs, charges and onsets in the units that their names then say.
void show_judgements(Table& table) {
  struct Ending {
    std::string_view stored, shown, unit;
  };
  constexpr std::array endings{Ending{"_A_m2", "_mA_cm2", "mA/cm2"}, Ending{"_C_m2", "_mAh_cm2", "mAh/cm2"}, Ending{"_s", "_h", "h"}};
  for (std::size_t k = 0; k < table.columns.size(); ++k)
    for (const Ending& e : endings) {
      std::string& name = table.columns[k];
      if (!name.ends_with(e.stored)) continue;
      name.replace(name.size() - e.stored.size(), std::string::npos, e.shown);
      for (std::vector<Value>& row : table.rows)
        if (const auto* si = std::get_if<double>(&row[k])) row[k] = in_unit(*si, std::string(e.unit));
      break;
    }
}

/// The table of a cell under its name, unless it is empty.
void add_section(std::string& out, const Table& table) {
  if (table.rows.empty()) return;
  std::vector<std::vector<std::string>> rows{table.columns};
  for (const auto& row : table.rows) {
    auto& line = rows.emplace_back();
    for (const Value& value : row) line.push_back(shortened(value));
  }
  out += fmt::format("\n{}\n{}", table.name, columns(rows, alignment(table)));
}

/// Of the overview what is there, one line each.
std::string facts(const Table& overview) {
  std::vector<std::vector<std::string>> rows;
  if (overview.rows.empty()) return {};
  for (std::size_t k = 0; k < overview.columns.size(); ++k)
    if (const Value& value = overview.rows.front()[k]; !std::holds_alternative<std::monostate>(value)) rows.push_back({overview.columns[k], shortened(value)});
  return columns(rows, "ll");
}

} // namespace

std::string json(std::string_view schema, const Table& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json line = Json::array();
    for (const Value& value : row) line.push_back(value_json(value));
    rows.push_back(std::move(line));
  }
  return answer_text({{"schema", std::string(schema)}, {"columns", table.columns}, {"rows", std::move(rows)}, {"cut", table.cut}});
}

std::string text(const Table& table) {
  std::vector<std::vector<std::string>> rows(1);
  for (const std::string& name : table.columns) rows.front().push_back(plain(name));
  for (const auto& row : table.rows) {
    auto& line = rows.emplace_back();
    for (const Value& value : row) line.push_back(shown(value));
  }
  return columns(rows, alignment(table));
}

std::string text_list(const Table& overview) {
  std::vector<std::vector<std::string>> rows{{"cell", "kind", "electrolyte", "hold", "stack MPa", "verdict", "CCD mA/cm2", "mAh/cm2", "notes"}};
  bool overruled = false;
  for (const auto& values : overview.rows) {
    const Row row{overview, values};
    const auto hold = row.real("contact_hold_time_h");
    overruled = overruled || row.yes("overruled");
    rows.push_back({row.text("name"), row.text("configuration"), row.text("electrolyte"), hold ? duration(*hold * 3600.0) : "-",
                    row.number_or_dash("stack_pressure_MPa"),
                    row.yes("removed") ? "removed" : row.text("verdict") + (row.yes("overruled") ? " *" : ""), interval(row),
                    row.number_or_dash("capacity_to_failure_mAh_cm2"), row.text("notes")});
  }
  std::string out = columns(rows, "lllrrlrrr");
  if (overruled) out += "* a person's verdict over the program's; `platen library show` has both\n";
  return out;
}

std::string json(const Shown& cell) {
  Json out = {{"schema", "platen.library-show/1"}, {"id", cell.cell.id}, {"name", cell.cell.name}};
  for (const Table& table : cell.tables) {
    Json rows = objects(table);
    out[table.name] = table.name == "overview" && !rows.empty() ? rows.front() : std::move(rows);
  }
  out["assessment"] = cell.answer.empty() ? Json(nullptr) : Json::parse(cell.answer, nullptr, false);
  return answer_text(out);
}

std::string text(const Shown& cell) {
  std::string out = plain(cell.cell.name) + "\n";
  for (const Table& table : cell.tables) {
    if (table.name == "overview") out += facts(table);
    else if (table.name != "study_values") { // a hundred rows; `--json` and `query` have them
      Table shown = table;
      if (table.name == "preparation") show_preparation(shown);
      if (table.name == "judgements") show_judgements(shown);
      add_section(out, shown);
    }
  }
  return out;
}

std::string json_everything(const std::vector<Table>& tables) {
  Json members = Json::object();
  for (const Table& table : tables) members[table.name] = objects(table);
  return answer_text({{"schema", "platen.library-export/1"}, {"tables", std::move(members)}});
}

} // namespace platen::report
