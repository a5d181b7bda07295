#include "library/rows.hpp"

#include <fmt/format.h>

namespace platen::library {

std::string now(Connection& connection) {
  Statement statement(connection, "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')");
  statement.step();
  return statement.text(0);
}

std::string free_name(Connection& connection, const std::string& wanted) {
  constexpr std::size_t longest = 190;
  std::string stem = wanted.empty() ? "cell" : wanted;
  if (stem.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xC0) == 0x80) --end; // not inside a character
    stem.resize(end);
  }
  std::string name = stem;
  for (int k = 2;; ++k) {
    Statement taken(connection, "SELECT 1 FROM cells WHERE name = ?");
    if (!taken.bind(name).step()) return name;
    name = fmt::format("{} ({})", stem, k);
  }
}

std::string from_library(const std::filesystem::path& library, const std::filesystem::path& path) {
  const auto folder = std::filesystem::absolute(library).lexically_normal().parent_path();
  const auto relative = path.lexically_relative(folder);
  return relative.empty() || *relative.begin() == ".." ? std::string() : relative.string();
}

void put_inputs(Connection& connection, std::int64_t cell, const std::vector<std::filesystem::path>& paths) {
  Statement insert(connection, "INSERT INTO inputs (cell, position, path, path_from_library) VALUES (?, ?, ?, ?)");
  std::int64_t position = 0;
  for (const auto& path : paths)
    insert.bind(cell).bind(++position).bind(std::string_view(path.string())).bind_text_or_null(from_library(connection.path(), path)).run();
}

void put_file(Connection& connection, std::int64_t cell, const File& file) {
  Statement(connection, "INSERT INTO files (cell, role, path, path_from_library, sha256, size_bytes, content, is_current) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, 1)")
      .bind(cell)
      .bind(file.role)
      .bind(file.path)
      .bind_text_or_null(file.role == "origin" ? "" : from_library(connection.path(), file.path))
      .bind(file.sha256)
      .bind(file.size)
      .bind_text_or_null(file.content)
      .run();
}

void put_fact(Connection& connection, std::int64_t cell, const Fact& fact, bool is_current) {
  if (is_current)
    Statement(connection, "UPDATE preparation SET is_current = 0 WHERE cell = ? AND key = ? AND is_current = 1").bind(cell).bind(fact.key).run();
  Statement insert(connection, "INSERT INTO preparation (cell, key, value, unit, text, source, stated_at, is_current) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(cell)
      .bind(fact.key)
      .bind(fact.value)
      .bind_text_or_null(fact.unit)
      .bind_text_or_null(fact.text)
      .bind(fact.source)
      .bind(now(connection))
      .bind(std::int64_t{is_current})
      .run();
}

void put_rules(Connection& connection, const Rules& rules) {
  Statement(connection, "INSERT OR IGNORE INTO rules (hash, first_used_at) VALUES (?, ?)").bind(rules.hash).bind(now(connection)).run();
  if (connection.changes() == 0) return;
  Statement insert(connection, "INSERT INTO thresholds (rules, name, value, unit) VALUES (?, ?, ?, ?)");
  for (const auto& t : rules.thresholds) insert.bind(rules.hash).bind(t.name).bind(t.value).bind(t.unit).run();
}

void put_judgement(Connection& connection, std::int64_t cell, const Judgement& j) {
  put_rules(connection, j.rules);
  run_for(connection, "UPDATE judgements SET is_current = 0 WHERE cell = ? AND is_current = 1", cell);
  Statement insert(connection,
                   "INSERT INTO judgements (cell, judged_at, program, rules, is_current, verdict, reason, onset_s, onset_half_cycle, "
                   "onset_cycle, ccd_last_passed_A_m2, ccd_failing_step_A_m2, ccd_grid_A_m2, ccd_refused, capacity_per_half_cycle_C_m2, "
                   "capacity_to_failure_C_m2, voltage_offset_V, ionic_floor_ohm_m2, half_cycles, pressure_minimum_Pa, pressure_maximum_Pa, "
                   "pressure_largest_swing_Pa, pressure_largest_change_Pa, pressure_after_release_Pa, answer) "
                   "VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, json(?))");
  insert.bind(cell).bind(now(connection)).bind(j.program).bind(j.rules.hash).bind(j.verdict).bind(j.reason);
  insert.bind(j.onset).bind(j.onset_half_cycle).bind(j.onset_cycle);
  insert.bind(j.ccd_last_passed).bind(j.ccd_failing_step).bind(j.ccd_grid).bind_text_or_null(j.ccd_refused);
  insert.bind(j.capacity_per_half_cycle).bind(j.capacity_to_failure).bind(j.voltage_offset).bind(j.ionic_floor).bind(j.half_cycles);
  insert.bind(j.pressure_minimum).bind(j.pressure_maximum).bind(j.pressure_largest_swing).bind(j.pressure_largest_change);
  insert.bind(j.pressure_after_release).bind(j.answer).run();
  // What a person said in the data or the cell file is part of the answer, beside what the program had said of the cell.
  run_for(connection, "UPDATE judgements SET program_verdict = (SELECT json_extract(o.value, '$.program_verdict') FROM json_each(answer, '$.overruled') AS o "
                      "WHERE json_extract(o.value, '$.half_cycle') IS NULL LIMIT 1) WHERE id = ?", connection.last_id());
}

void put_study_values(Connection& connection, std::int64_t cell, const std::vector<StudyValue>& values) {
  run_for(connection, "DELETE FROM study_values WHERE cell = ?", cell);
  Statement insert(connection, "INSERT OR IGNORE INTO study_values (cell, key, value, unit, text, basis) VALUES (?, ?, ?, ?, ?, ?)");
  for (const StudyValue& v : values)
    insert.bind(cell).bind(v.key).bind(v.value).bind_text_or_null(v.unit).bind(v.text).bind(v.basis).run();
}

void run_for(Connection& connection, std::string_view sql, std::int64_t id) { Statement(connection, sql).bind(id).run(); }

std::vector<Fact> current_facts(Connection& connection, std::int64_t cell) {
  std::vector<Fact> out;
  Statement facts(connection, "SELECT key, value, unit, text, source FROM preparation WHERE cell = ? AND is_current = 1 ORDER BY key");
  facts.bind(cell);
  while (facts.step()) out.push_back({facts.text(0), facts.real(1), facts.text(2), facts.text(3), facts.text(4)});
  return out;
}

} // namespace platen::library
