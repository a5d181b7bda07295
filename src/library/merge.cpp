// Two libraries become one: nothing that either says is lost, and what they say differently is told.

#include "library/rows.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::library {
namespace {

constexpr std::string_view judgement_columns =
    "judged_at, program, rules, verdict, program_verdict, reason, onset_s, onset_half_cycle, onset_cycle, ccd_last_passed_A_m2, ccd_failing_step_A_m2, "
    "ccd_grid_A_m2, ccd_refused, capacity_per_half_cycle_C_m2, capacity_to_failure_C_m2, voltage_offset_V, ionic_floor_ohm_m2, half_cycles, "
    "pressure_minimum_Pa, pressure_maximum_Pa, pressure_largest_swing_Pa, pressure_largest_change_Pa, pressure_after_release_Pa, answer";

std::string marks(std::size_t count) {
  std::string out = "?";
  for (std::size_t k = 1; k < count; ++k) out += ", ?";
  return out;
}

std::size_t count_columns(std::string_view list) { return 1 + static_cast<std::size_t>(std::count(list.begin(), list.end(), ',')); }

/// Rows of `table` of one cell that ours does not have yet, by the columns that make a row what it is. @returns how many were new.
struct Rows {
  std::string_view table, columns, same; ///< `columns` are copied; `same` compares "ours" with what is bound as ?1, ?2 ...
  std::string_view extra_columns = {}, extra_values = {}; ///< set to constants in ours
};

std::size_t copy_new(Connection& ours, Connection& theirs, const Rows& what, std::int64_t our_cell, std::int64_t their_cell) {
  const std::size_t n = count_columns(what.columns);
  Statement from(theirs, fmt::format("SELECT {} FROM {} WHERE cell = ? ORDER BY rowid", what.columns, what.table));
  from.bind(their_cell);
  std::size_t added = 0;
  while (from.step()) {
    Statement insert(ours, fmt::format("INSERT INTO {0} ({1}, cell{2}) SELECT {3}, ?{5}{4} WHERE NOT EXISTS (SELECT 1 FROM {0} WHERE cell = ?{5} AND {6})",
                                       what.table, what.columns, what.extra_columns, marks(n), what.extra_values, n + 1, what.same));
    for (std::size_t k = 0; k < n; ++k) insert.bind(from.value(k));
    insert.bind(our_cell).run();
    added += static_cast<std::size_t>(ours.changes());
  }
  return added;
}

void copy_rules(Connection& ours, Connection& theirs) {
  Statement rules(theirs, "SELECT hash, first_used_at FROM rules");
  while (rules.step()) {
    Statement(ours, "INSERT OR IGNORE INTO rules (hash, first_used_at) VALUES (?, ?)").bind(rules.value(0)).bind(rules.value(1)).run();
    if (ours.changes() == 0) continue;
    Statement thresholds(theirs, "SELECT name, value, unit FROM thresholds WHERE rules = ? ORDER BY rowid");
    thresholds.bind(rules.value(0));
    Statement insert(ours, "INSERT INTO thresholds (rules, name, value, unit) VALUES (?, ?, ?, ?)");
    while (thresholds.step()) insert.bind(rules.value(0)).bind(thresholds.value(0)).bind(thresholds.value(1)).bind(thresholds.value(2)).run();
  }
}

class Merger {
public:
  Merger(Library& other, Connection& ours, Connection& theirs) : other_(other), ours_(ours), theirs_(theirs) {}

  Merged run() {
    Statement cells(theirs_, "SELECT id, fingerprint, name FROM cells ORDER BY id");
    while (cells.step()) {
      their_ = cells.integer(0);
      name_ = cells.text(2);
      Statement known(ours_, "SELECT id FROM cells WHERE fingerprint = ?");
      if (known.bind(cells.value(1)).step()) {
        our_ = known.integer(0);
        ++out_.known;
        join();
      } else {
        take();
        ++out_.cells;
      }
    }
    return std::move(out_);
  }

private:
  void conflict(std::string what) {
    out_.conflicts.push_back({Severity::warning, "D510", fmt::format("`{}`: {}", name_, what),
                              Place{.file = other_.path().string(), .text = {}}, {}});
  }

  /// A cell that ours does not have.
  void take() {
    const std::string name = free_name(ours_, name_);
    if (name != name_) conflict(fmt::format("another cell has this name; it is called `{}` here", name));
    Statement cell(theirs_, "SELECT fingerprint, origin, format, row_count, study, added_at, added_by, removed_at, removed_reason FROM cells WHERE id = ?");
    cell.bind(their_).step();
    Statement insert(ours_, "INSERT INTO cells (fingerprint, origin, format, row_count, study, added_at, added_by, removed_at, removed_reason, name) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t k = 0; k < cell.columns(); ++k) insert.bind(cell.value(k));
    insert.bind(name).run();
    our_ = ours_.last_id();
    const Remembered there = other_.remember({their_, name_, ""});
    std::vector<std::filesystem::path> inputs;
    for (const Whereabouts& input : there.inputs) inputs.push_back(input.path);
    put_inputs(ours_, our_, inputs);
    for (const Whereabouts& f : there.files) put_file(ours_, our_, {f.role, f.path.string(), f.sha256, size_of(f), f.content});
    copy({"files", "role, path, sha256, size_bytes, content", "sha256 = ?3", ", is_current", ", 0"});
    const auto all = [&](std::string_view table, std::string_view columns) { return copy({table, columns, "0"}); };
    all("preparation", "key, value, unit, text, source, stated_at, is_current");
    all("study_values", "key, value, unit, text, basis");
    all("metadata", "key, value");
    out_.judgements += all("judgements", fmt::format("{}, is_current", judgement_columns));
    out_.notes += all("notes", "written_at, text");
    out_.overrules += all("overrules", "verdict, reason, stated_at");
  }

  std::optional<std::int64_t> size_of(const Whereabouts& file) {
    Statement size(theirs_, "SELECT size_bytes FROM files WHERE cell = ? AND sha256 = ? AND size_bytes IS NOT NULL");
    size.bind(their_).bind(file.sha256);
    return size.step() ? std::optional(size.integer(0)) : std::nullopt;
  }

  std::size_t copy(const Rows& what) { return copy_new(ours_, theirs_, what, our_, their_); }

  /// A cell that both have.
  void join() {
    join_facts();
    join_judgements();
    out_.notes += copy({"notes", "written_at, text", "written_at = ?1 AND text = ?2"});
    join_overrules();
    copy({"files", "role, path, sha256, size_bytes, content", "sha256 = ?3", ", is_current", ", 0"});
    copy({"study_values", "key, value, unit, text, basis", "key = ?1"});
    copy({"metadata", "key, value", "key = ?1"});
    join_removal();
  }

  void join_facts() {
    const std::vector<Fact> here = current_facts(ours_, our_);
    for (Fact fact : current_facts(theirs_, their_)) {
      const auto mine = std::find_if(here.begin(), here.end(), [&](const Fact& f) { return f.key == fact.key; });
      const bool same = mine != here.end() && mine->value == fact.value && mine->unit == fact.unit && (fact.value || mine->text == fact.text);
      if (same) continue;
      if (mine == here.end()) {
        put_fact(ours_, our_, fact, true);
        ++out_.facts;
        continue;
      }
      fact.source = "other library";
      Statement known(ours_, "SELECT 1 FROM preparation WHERE cell = ? AND key = ? AND value IS ? AND text IS ? AND is_current = 0");
      known.bind(our_).bind(fact.key).bind(fact.value).bind_text_or_null(fact.text);
      if (known.step()) continue; // was said when it was taken in
      put_fact(ours_, our_, fact, false);
      ++out_.facts;
      const auto shown = [](const Fact& f) { return f.value ? fmt::format("{} {}", *f.value, f.unit) : f.text; };
      conflict(fmt::format("{} is {} here and {} there; ours stays, theirs is kept beside it", fact.key, shown(*mine), shown(fact)));
    }
  }

  void join_judgements() {
    const Remembered here = current(ours_, our_), there = current(theirs_, their_);
    const std::size_t fresh = copy({"judgements", judgement_columns, "judged_at = ?1 AND program = ?2 AND rules = ?3 AND answer = ?24", ", is_current", ", 0"});
    out_.judgements += fresh;
    const Judgement &a = here.before, &b = there.before;
    if (fresh > 0 && (a.verdict != b.verdict || a.ccd_failing_step != b.ccd_failing_step || a.ccd_last_passed != b.ccd_last_passed))
      conflict(fmt::format("judged {} here ({}) and {} there ({}); ours stays, theirs is kept as history", a.verdict, here.program, b.verdict, there.program));
  }

  /// Verdict and CCD that are current.
  static Remembered current(Connection& connection, std::int64_t cell) {
    Remembered out;
    Statement judged(connection, "SELECT verdict, ccd_last_passed_A_m2, ccd_failing_step_A_m2, program FROM judgements WHERE cell = ? AND is_current = 1");
    if (!judged.bind(cell).step()) return out;
    out.before.verdict = judged.text(0);
    out.before.ccd_last_passed = judged.real(1);
    out.before.ccd_failing_step = judged.real(2);
    out.program = judged.text(3);
    return out;
  }

  void join_overrules() {
    Statement count(ours_, "SELECT count(*) FROM overrules WHERE cell = ?");
    count.bind(our_).step();
    const bool had = count.integer(0) > 0;
    const std::size_t fresh = copy({"overrules", "verdict, reason, stated_at", "verdict IS ?1 AND reason = ?2 AND stated_at = ?3"});
    out_.overrules += fresh;
    if (had && fresh > 0) conflict("both libraries overrule the verdict; the later one counts, all are kept");
  }

  void join_removal() {
    Statement there(theirs_, "SELECT removed_reason, removed_at FROM cells WHERE id = ? AND removed_at IS NOT NULL");
    if (!there.bind(their_).step()) return;
    Statement here(ours_, "SELECT 1 FROM cells WHERE id = ? AND removed_at IS NOT NULL");
    if (here.bind(our_).step()) return;
    const std::string text = fmt::format("removed in another library: {}", there.text(0));
    Statement(ours_, "INSERT INTO notes (cell, written_at, text) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM notes WHERE cell = ?1 AND "
                     "written_at = ?2 AND text = ?3)")
        .bind(our_)
        .bind(there.text(1))
        .bind(text)
        .run();
    if (ours_.changes() == 0) return;
    ++out_.notes;
    conflict(fmt::format("removed there ({}); it stays here, the reason is kept as a note", there.text(0)));
  }

  Library& other_;
  Connection &ours_, &theirs_;
  std::int64_t our_ = 0, their_ = 0;
  std::string name_;
  Merged out_;
};

} // namespace

Merged Library::merge(Library& other) {
  Transaction still(other.connection_, Access::read);
  Transaction transaction(connection_, Access::write);
  copy_rules(connection_, other.connection_);
  Merged out = Merger(other, connection_, other.connection_).run();
  transaction.commit();
  return out;
}

} // namespace platen::library
