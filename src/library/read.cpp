#include "library/rows.hpp"
#include "library/schema.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::library {
namespace {

bool all_of(std::string_view word, std::string_view allowed) {
  return !word.empty() && word.find_first_not_of(allowed) == std::string_view::npos;
}

/// Where a file or folder is now.
std::filesystem::path found_at(const std::filesystem::path& library, const std::string& path, const std::string& beside) {
  if (!beside.empty()) {
    std::filesystem::path moved = std::filesystem::absolute(library).lexically_normal().parent_path() / beside;
    std::error_code fault;
    if (std::filesystem::exists(moved, fault)) return moved;
  }
  return path;
}

Table table_of(Connection& connection, std::string name, const std::string& sql, std::int64_t cell) {
  Statement statement(connection, sql);
  statement.bind(cell);
  Table out = rows_of(statement);
  out.name = std::move(name);
  return out;
}

} // namespace

Known Library::named(const std::string& word) {
  const std::string columns = "SELECT id, name, coalesce(removed_reason, '') FROM cells WHERE ";
  const auto first = [](Statement& s) { return Known{s.integer(0), s.text(1), s.text(2)}; };
  {
    Statement by_name(connection_, columns + "name = ?");
    if (by_name.bind(word).step()) return first(by_name);
  }
  if (all_of(word, "0123456789") && word.size() < 18) {
    Statement by_id(connection_, columns + "id = ?");
    if (by_id.bind(std::string_view(word)).step()) return first(by_id);
  }
  if (word.size() >= 6 && all_of(word, "0123456789abcdef")) {
    Statement by_sum(connection_, columns + "fingerprint GLOB ?");
    if (by_sum.bind(word + "*").step()) {
      Known out = first(by_sum);
      if (!by_sum.step()) return out;
      throw Error("U024", fmt::format("several cells have a checksum that begins with {}", word), std::nullopt, {"give more digits, or the name"});
    }
  }
  std::vector<std::string> names;
  Statement all(connection_, "SELECT name FROM cells ORDER BY name");
  while (all.step()) names.push_back(all.text(0));
  const auto meant = did_you_mean(word, names);
  throw Error("U023", fmt::format("the library has no cell `{}`", word), std::nullopt,
              {meant ? fmt::format("did you mean `{}`?", *meant) : "`platen library list` shows the cells it has"});
}

std::vector<Known> Library::cells(bool with_removed) {
  std::vector<Known> out;
  Statement statement(connection_, "SELECT id, name, coalesce(removed_reason, '') FROM cells WHERE ? OR removed_at IS NULL ORDER BY name");
  statement.bind(std::int64_t{with_removed});
  while (statement.step()) out.push_back({statement.integer(0), statement.text(1), statement.text(2)});
  return out;
}

std::vector<Remembered> Library::stale(const Rules& rules, bool all) {
  std::vector<Remembered> out;
  for (const Known& cell : cells(false)) {
    Remembered known = remember(cell);
    if (all || known.rules != rules.hash) out.push_back(std::move(known));
  }
  return out;
}

Remembered Library::remember(const Known& cell) {
  Remembered out;
  out.cell = cell;
  Statement judged(connection_, "SELECT j.id, j.rules, j.program, c.fingerprint, j.verdict, j.reason, j.onset_s, j.ccd_last_passed_A_m2, "
                                "j.ccd_failing_step_A_m2, j.capacity_to_failure_C_m2, j.ccd_refused, j.program_verdict FROM judgements AS j "
                                "JOIN cells AS c ON c.id = j.cell WHERE c.id = ? AND j.is_current = 1");
  if (judged.bind(cell.id).step()) {
    out.judgement = judged.integer(0);
    out.rules = judged.text(1);
    out.program = judged.text(2);
    out.fingerprint = judged.text(3);
    out.before.verdict = judged.text(4);
    out.before.reason = judged.text(5);
    out.before.onset = judged.real(6);
    out.before.ccd_last_passed = judged.real(7);
    out.before.ccd_failing_step = judged.real(8);
    out.before.capacity_to_failure = judged.real(9);
    out.before.ccd_refused = judged.text(10);
    out.follows_overrule = !judged.text(11).empty();
  }
  Statement overruled(connection_, "SELECT o.verdict, o.reason FROM overrules AS o WHERE o.cell = ? ORDER BY o.stated_at DESC, o.id DESC LIMIT 1");
  if (overruled.bind(cell.id).step() && !overruled.text(0).empty()) out.overrule = fmt::format("cell: {}, {}", overruled.text(0), overruled.text(1));
  Statement inputs(connection_, "SELECT path, path_from_library FROM inputs WHERE cell = ? ORDER BY position");
  inputs.bind(cell.id);
  while (inputs.step()) out.inputs.push_back({found_at(path(), inputs.text(0), inputs.text(1)), inputs.text(0), "", "", ""});
  Statement files(connection_, "SELECT path, path_from_library, sha256, role, content FROM files WHERE cell = ? AND is_current = 1 ORDER BY id");
  files.bind(cell.id);
  while (files.step()) out.files.push_back({found_at(path(), files.text(0), files.text(1)), files.text(0), files.text(2), files.text(3), files.text(4)});
  for (Fact& fact : current_facts(connection_, cell.id))
    if (fact.source == "given" || fact.source == "other library") out.given.push_back(std::move(fact));
  return out;
}

std::vector<std::string> Library::changed_thresholds(const std::string& stored, const Rules& now) {
  std::vector<Rules::Threshold> before;
  Statement statement(connection_, "SELECT name, value, unit FROM thresholds WHERE rules = ? ORDER BY rowid");
  statement.bind(stored);
  while (statement.step()) before.push_back({statement.text(0), statement.real(1).value_or(0.0), statement.text(2)});
  const auto find = [](const std::vector<Rules::Threshold>& in, const std::string& name) {
    return std::find_if(in.begin(), in.end(), [&](const auto& t) { return t.name == name; });
  };
  const auto shown = [](const Rules::Threshold& t) { return t.unit == "1" ? fmt::format("{}", t.value) : fmt::format("{} {}", t.value, t.unit); };
  std::vector<std::string> out;
  for (const auto& t : now.thresholds) {
    const auto old = find(before, t.name);
    if (old == before.end()) out.push_back(fmt::format("{} is new: {}", t.name, shown(t)));
    else if (old->value != t.value || old->unit != t.unit) out.push_back(fmt::format("{} {} -> {}", t.name, shown(*old), shown(t)));
  }
  for (const auto& t : before)
    if (find(now.thresholds, t.name) == now.thresholds.end()) out.push_back(fmt::format("{} is gone: {}", t.name, shown(t)));
  return out;
}

Table Library::overview(const std::string& where, bool with_removed) {
  const std::string condition = where.empty() ? "1" : where;
  Connection guarded(path(), Access::read, waiting_);
  guarded.guard(nullptr);
  // The line end keeps a comment in the condition from hiding the bracket behind it.
  Statement statement(guarded, fmt::format("SELECT * FROM overview WHERE ({}\n) AND (removed = 0 OR {}) ORDER BY name, id", condition, with_removed ? 1 : 0));
  if (const auto& rest = statement.rest(); rest.find_first_not_of(" \t\r\n;") != std::string::npos)
    throw Error("U022", "a condition is one expression of SQL", std::nullopt, {"as in --where \"stack_pressure_MPa < 10 AND verdict = 'healthy'\""});
  Table out = rows_of(statement);
  out.name = "overview";
  return out;
}

Shown Library::show(const Known& cell) {
  Shown out;
  out.cell = cell;
  const auto add = [&](std::string name, const std::string& sql) { out.tables.push_back(table_of(connection_, std::move(name), sql, cell.id)); };
  add("overview", "SELECT * FROM overview WHERE id = ?");
  add("inputs", "SELECT path FROM inputs WHERE cell = ? ORDER BY position");
  add("files", "SELECT role, path, sha256, size_bytes, is_current FROM files WHERE cell = ? ORDER BY is_current DESC, id");
  add("preparation", "SELECT key, value, unit, text, source, stated_at, is_current FROM preparation WHERE cell = ? ORDER BY key, id");
  add("study_values", "SELECT key, value, unit, text, basis FROM study_values WHERE cell = ? ORDER BY rowid");
  add("metadata", "SELECT key, value FROM metadata WHERE cell = ? ORDER BY key");
  add("judgements", "SELECT judged_at, program, rules, is_current, verdict, program_verdict, reason, ccd_last_passed_A_m2, ccd_failing_step_A_m2, onset_s, "
                    "capacity_to_failure_C_m2 FROM judgements WHERE cell = ? ORDER BY id");
  add("overrules", "SELECT stated_at, verdict, reason FROM overrules WHERE cell = ? ORDER BY stated_at, id");
  add("notes", "SELECT written_at, text FROM notes WHERE cell = ? ORDER BY written_at, id");
  Statement answer(connection_, "SELECT answer FROM judgements WHERE cell = ? AND is_current = 1");
  if (answer.bind(cell.id).step()) out.answer = answer.text(0);
  return out;
}

Table Library::query(const std::string& sql, std::size_t limit, const std::atomic<bool>* stop) {
  Connection guarded(path(), Access::read, waiting_); // of its own: what is guarded stays guarded
  guarded.guard(stop);
  Statement statement(guarded, sql);
  if (statement.empty()) throw Error("U021", "there is no SQL", std::nullopt, {"as in `platen library query \"SELECT name, verdict FROM overview\"`"});
  if (statement.rest().find_first_not_of(" \t\r\n;") != std::string::npos)
    throw Error("U022", "a query is one statement; there is more behind it", std::nullopt, {"run them one by one"});
  return rows_of(statement, limit);
}

std::vector<Table> Library::everything() {
  std::vector<Table> out;
  Transaction still(connection_, Access::read); // one state of all tables while another program writes
  const auto add = [&](std::string_view name) {
    Statement statement(connection_, fmt::format("SELECT * FROM {}", name));
    out.push_back(rows_of(statement));
    out.back().name = name;
  };
  for (const std::string_view name : data_tables()) add(name);
  add("overview");
  return out;
}

} // namespace platen::library
