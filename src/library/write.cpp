#include "library/rows.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::library {
namespace {

/// Facts that changed become current, what they replace stays as history. What the data or the cell file no longer say is history too;
/// what a person gave on the command line or another library said stays.
void update_facts(Connection& connection, std::int64_t cell, const std::vector<Fact>& facts) {
  const std::vector<Fact> before = current_facts(connection, cell);
  const auto by_key = [](const std::vector<Fact>& all, const std::string& key) {
    return std::find_if(all.begin(), all.end(), [&](const Fact& f) { return f.key == key; });
  };
  for (const Fact& fact : facts) {
    const auto old = by_key(before, fact.key);
    if (old == before.end() || !(*old == fact)) put_fact(connection, cell, fact, true);
  }
  for (const Fact& old : before)
    if ((old.source == "data" || old.source == "cell file") && by_key(facts, old.key) == facts.end())
      Statement(connection, "UPDATE preparation SET is_current = 0 WHERE cell = ? AND key = ? AND is_current = 1").bind(cell).bind(old.key).run();
}

void update_files(Connection& connection, std::int64_t cell, const std::vector<File>& files) {
  std::vector<std::pair<std::string, std::string>> kept;
  {
    Statement now(connection, "SELECT path, sha256 FROM files WHERE cell = ? AND is_current = 1");
    now.bind(cell);
    while (now.step()) kept.emplace_back(now.text(0), now.text(1));
  }
  const auto is_same = [&](const std::pair<std::string, std::string>& k, const File& f) { return k.first == f.path && k.second == f.sha256; };
  for (const auto& k : kept)
    if (std::none_of(files.begin(), files.end(), [&](const File& f) { return is_same(k, f); }))
      Statement(connection, "UPDATE files SET is_current = 0 WHERE cell = ? AND path = ? AND sha256 = ?").bind(cell).bind(k.first).bind(k.second).run();
  for (const File& f : files)
    if (std::none_of(kept.begin(), kept.end(), [&](const auto& k) { return is_same(k, f); })) put_file(connection, cell, f);
}

std::optional<Known> find_in(Connection& connection, const std::string& fingerprint) {
  Statement found(connection, "SELECT id, name, coalesce(removed_reason, '') FROM cells WHERE fingerprint = ?");
  if (!found.bind(fingerprint).step()) return std::nullopt;
  return Known{found.integer(0), found.text(1), found.text(2)};
}

} // namespace

std::optional<Known> Library::find(const std::string& fingerprint) { return find_in(connection_, fingerprint); }

Added Library::add(const Entry& entry) {
  Transaction transaction(connection_, Access::write);
  if (auto known = find_in(connection_, entry.inputs.fingerprint)) return {std::move(*known), false, false}; // another writer was faster
  const std::string name = free_name(connection_, entry.name);
  Statement insert(connection_, "INSERT INTO cells (fingerprint, name, origin, format, row_count, study, added_at, added_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(entry.inputs.fingerprint).bind(name).bind(entry.origin).bind(entry.format).bind(entry.rows).bind_text_or_null(entry.study);
  insert.bind(now(connection_)).bind(entry.judgement.program).run();
  const std::int64_t cell = connection_.last_id();
  put_inputs(connection_, cell, entry.inputs.paths);
  for (const File& file : entry.files) put_file(connection_, cell, file);
  for (const Fact& fact : entry.facts) put_fact(connection_, cell, fact, true);
  put_study_values(connection_, cell, entry.study_values);
  Statement metadata(connection_, "INSERT INTO metadata (cell, key, value) VALUES (?, ?, ?)");
  for (const auto& [key, value] : entry.metadata) metadata.bind(cell).bind(key).bind(value).run();
  put_judgement(connection_, cell, entry.judgement);
  for (const std::string& text : entry.notes)
    Statement(connection_, "INSERT INTO notes (cell, written_at, text) VALUES (?, ?, ?)").bind(cell).bind(now(connection_)).bind(text).run();
  transaction.commit();
  return {{cell, name, ""}, true, name != entry.name};
}

void Library::note(std::int64_t cell, const std::string& text) {
  Transaction transaction(connection_, Access::write);
  Statement(connection_, "INSERT INTO notes (cell, written_at, text) VALUES (?, ?, ?)").bind(cell).bind(now(connection_)).bind(text).run();
  transaction.commit();
}

void Library::overrule(std::int64_t cell, const std::optional<Verdict>& verdict, const std::string& reason) {
  Transaction transaction(connection_, Access::write);
  Statement insert(connection_, "INSERT INTO overrules (cell, verdict, reason, stated_at) VALUES (?, ?, ?, ?)");
  insert.bind(cell).bind_text_or_null(verdict ? label(*verdict) : "").bind(reason).bind(now(connection_)).run();
  transaction.commit();
}

bool Library::remove(std::int64_t cell, const std::string& reason) {
  Transaction transaction(connection_, Access::write);
  Statement(connection_, "UPDATE cells SET removed_at = ?, removed_reason = ? WHERE id = ? AND removed_at IS NULL")
      .bind(now(connection_))
      .bind(reason)
      .bind(cell)
      .run();
  const bool done = connection_.changes() > 0;
  transaction.commit();
  return done;
}

bool Library::restore(std::int64_t cell) {
  Transaction transaction(connection_, Access::write);
  Statement(connection_, "INSERT INTO notes (cell, written_at, text) SELECT id, ?, 'restored; it had been removed: ' || removed_reason "
                         "FROM cells WHERE id = ? AND removed_at IS NOT NULL")
      .bind(now(connection_))
      .bind(cell)
      .run();
  const bool done = connection_.changes() > 0;
  run_for(connection_, "UPDATE cells SET removed_at = NULL, removed_reason = NULL WHERE id = ?", cell);
  transaction.commit();
  return done;
}

bool Library::rejudge(const Remembered& before, const Entry& now_known) {
  Transaction transaction(connection_, Access::write);
  {
    Statement same(connection_, "SELECT 1 FROM judgements WHERE id = ? AND is_current = 1");
    if (!same.bind(before.judgement).step()) return false;
  }
  update_facts(connection_, before.cell.id, now_known.facts);
  update_files(connection_, before.cell.id, now_known.files);
  put_study_values(connection_, before.cell.id, now_known.study_values);
  put_judgement(connection_, before.cell.id, now_known.judgement);
  transaction.commit();
  return true;
}

void Library::move_files(std::int64_t cell, const std::vector<Move>& moves) {
  Transaction transaction(connection_, Access::write);
  for (const std::string_view table : {"files", "inputs"}) {
    Statement update(connection_, fmt::format("UPDATE {} SET path = ?, path_from_library = ? WHERE cell = ? AND path = ?", table));
    for (const Move& move : moves) update.bind(move.to).bind_text_or_null(move.from_library).bind(cell).bind(move.from).run();
  }
  transaction.commit();
}

} // namespace platen::library
