#include "library/schema.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "record/cell_info.hpp"

#include <array>
#include <fmt/format.h>

namespace platen::library {
namespace {

// Numbers are SI and say so in the name of the column, or in `unit` beside them. Times of writing are UTC, ISO 8601.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE about (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE cells (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64 AND fingerprint NOT GLOB '*[^0-9a-f]*'),
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
  origin TEXT NOT NULL,
  format TEXT NOT NULL,
  row_count INTEGER NOT NULL CHECK (row_count >= 0),
  study TEXT,
  added_at TEXT NOT NULL,
  added_by TEXT NOT NULL,
  removed_at TEXT,
  removed_reason TEXT,
  CHECK ((removed_at IS NULL) = (removed_reason IS NULL)),
  CHECK (removed_reason IS NULL OR trim(removed_reason) <> '')
) STRICT;

CREATE TABLE inputs (
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  path TEXT NOT NULL CHECK (path <> ''),
  path_from_library TEXT,
  PRIMARY KEY (cell, position)
) STRICT;

CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('data', 'beside', 'cell file', 'origin')),
  path TEXT NOT NULL CHECK (path <> ''),
  path_from_library TEXT,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
  size_bytes INTEGER CHECK (size_bytes >= 0),
  content TEXT,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  CHECK (role = 'cell file' OR content IS NULL)
) STRICT;
CREATE INDEX files_of_cell ON files (cell);
CREATE INDEX files_by_checksum ON files (sha256);

CREATE TABLE preparation (
  id INTEGER PRIMARY KEY,
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  key TEXT NOT NULL CHECK (key <> ''),
  value REAL,
  unit TEXT,
  text TEXT,
  source TEXT NOT NULL CHECK (source IN ('data', 'cell file', 'given', 'other library')),
  stated_at TEXT NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  CHECK ((value IS NULL) = (unit IS NULL)),
  CHECK (value IS NOT NULL OR text IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX preparation_now ON preparation (cell, key) WHERE is_current = 1;
CREATE INDEX preparation_of_cell ON preparation (cell, key);

CREATE TABLE metadata (
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (cell, key)
) STRICT;

CREATE TABLE rules (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
  first_used_at TEXT NOT NULL
) STRICT;

CREATE TABLE thresholds (
  rules TEXT NOT NULL REFERENCES rules (hash),
  name TEXT NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (rules, name)
) STRICT;

CREATE TABLE judgements (
  id INTEGER PRIMARY KEY,
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  judged_at TEXT NOT NULL,
  program TEXT NOT NULL CHECK (program <> ''),
  rules TEXT NOT NULL REFERENCES rules (hash),
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  verdict TEXT NOT NULL CHECK (verdict <> ''),
  program_verdict TEXT,
  reason TEXT NOT NULL,
  onset_s REAL,
  onset_half_cycle INTEGER,
  onset_cycle INTEGER,
  ccd_last_passed_A_m2 REAL CHECK (ccd_last_passed_A_m2 >= 0),
  ccd_failing_step_A_m2 REAL CHECK (ccd_failing_step_A_m2 > 0),
  ccd_grid_A_m2 REAL,
  ccd_refused TEXT,
  capacity_per_half_cycle_C_m2 REAL,
  capacity_to_failure_C_m2 REAL,
  voltage_offset_V REAL,
  ionic_floor_ohm_m2 REAL,
  half_cycles INTEGER NOT NULL CHECK (half_cycles >= 0),
  pressure_minimum_Pa REAL,
  pressure_maximum_Pa REAL,
  pressure_largest_swing_Pa REAL,
  pressure_largest_change_Pa REAL,
  pressure_after_release_Pa REAL,
  answer TEXT NOT NULL CHECK (substr(answer, 1, 1) = '{'),
  CHECK (ccd_last_passed_A_m2 IS NULL OR ccd_failing_step_A_m2 IS NULL OR ccd_failing_step_A_m2 > ccd_last_passed_A_m2)
) STRICT;
CREATE UNIQUE INDEX judgement_now ON judgements (cell) WHERE is_current = 1;
CREATE INDEX judgements_of_cell ON judgements (cell);

CREATE TABLE overrules (
  id INTEGER PRIMARY KEY,
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  verdict TEXT CHECK (verdict <> ''),
  reason TEXT NOT NULL CHECK (trim(reason) <> ''),
  stated_at TEXT NOT NULL
) STRICT;
CREATE INDEX overrules_of_cell ON overrules (cell);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  written_at TEXT NOT NULL,
  text TEXT NOT NULL CHECK (trim(text) <> '')
) STRICT;
CREATE INDEX notes_of_cell ON notes (cell);
)sql";

// What the study of a simulated cell says, one row per key; and the published CCDs that the program carries.
constexpr std::string_view version_2 = R"sql(
CREATE TABLE study_values (
  cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  key TEXT NOT NULL CHECK (key <> ''),
  value REAL,
  unit TEXT,
  text TEXT NOT NULL,
  basis TEXT NOT NULL,
  PRIMARY KEY (cell, key),
  CHECK ((value IS NULL) = (unit IS NULL))
) STRICT;

CREATE TABLE published (
  name TEXT PRIMARY KEY,
  as_stated_mA_cm2 TEXT NOT NULL,
  ccd_last_passed_A_m2 REAL,
  ccd_failing_step_A_m2 REAL,
  electrolyte TEXT NOT NULL,
  stack TEXT NOT NULL,
  preparation TEXT NOT NULL,
  temperature_K REAL,
  capacity_low_C_m2 REAL,
  capacity_high_C_m2 REAL,
  lithium_metal INTEGER NOT NULL CHECK (lithium_metal IN (0, 1)),
  method TEXT NOT NULL,
  reference TEXT NOT NULL,
  confidence TEXT NOT NULL,
  basis TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;
)sql";

constexpr std::array steps{version_1, version_2};
constexpr std::array<std::string_view, 13> tables{"about", "cells", "inputs", "files", "preparation", "study_values", "metadata", "rules", "thresholds",
                                                  "judgements", "overrules", "notes", "published"};

std::int64_t pragma(Connection& connection, std::string_view name) {
  Statement statement(connection, fmt::format("PRAGMA {}", name));
  return statement.step() ? statement.integer(0) : 0;
}

/// SQL that shows an SI `value` in `unit`.
std::string shown(std::string_view value, std::string_view unit) {
  const Unit u = parse_unit(unit).value();
  std::string out(value);
  if (u.offset != 0.0) out = fmt::format("({} - {})", out, u.offset);
  return u.factor != 1.0 ? fmt::format("{} / {}", out, u.factor) : out;
}

/// The current value of a key of `preparation`.
std::string stated(std::string_view key, std::string_view column) {
  return fmt::format("(SELECT p.{} FROM preparation AS p WHERE p.cell = c.id AND p.key = '{}' AND p.is_current = 1)", column, key);
}

struct ShownColumn {
  std::string_view si, key, unit; ///< column of `judgements` in SI; name and unit that people read
};
constexpr std::array judged{
    ShownColumn{"ccd_last_passed_A_m2", "ccd_last_passed", "mA/cm2"},
    ShownColumn{"ccd_failing_step_A_m2", "ccd_failing_step", "mA/cm2"},
    ShownColumn{"ccd_grid_A_m2", "ccd_grid", "mA/cm2"},
    ShownColumn{"capacity_per_half_cycle_C_m2", "capacity_per_half_cycle", "mAh/cm2"},
    ShownColumn{"capacity_to_failure_C_m2", "capacity_to_failure", "mAh/cm2"},
    ShownColumn{"onset_s", "onset", "h"},
    ShownColumn{"ionic_floor_ohm_m2", "ionic_floor", "ohm cm2"},
    ShownColumn{"pressure_minimum_Pa", "pressure_minimum", "MPa"},
    ShownColumn{"pressure_maximum_Pa", "pressure_maximum", "MPa"},
    ShownColumn{"pressure_largest_swing_Pa", "pressure_largest_swing", "MPa"},
};

/// Views follow the program's table of what is known of cells: a new key there is a new column here, without a migration.
void refresh_overview(Connection& connection) {
  const std::string wanted = overview_sql();
  {
    Statement now(connection, "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = 'overview'");
    if (now.step() && now.text(0) == wanted) return;
  }
  Transaction transaction(connection, Access::write);
  connection.run("DROP VIEW IF EXISTS overview");
  connection.run(wanted);
  transaction.commit();
}

} // namespace

std::span<const std::string_view> migrations() { return steps; }
std::span<const std::string_view> data_tables() { return tables; }

std::string with_unit(std::string_view key, std::string_view unit) {
  if (unit == "1") return std::string(key);
  std::string out = fmt::format("{}_{}", key, unit == "%" ? "percent" : unit);
  for (char& c : out)
    if (c == '/' || c == ' ') c = '_';
  return out;
}

std::string overview_sql() {
  std::string out = "CREATE VIEW overview AS SELECT c.id, c.name, coalesce(o.verdict, j.verdict) AS verdict, coalesce(j.program_verdict, j.verdict) AS judged, "
                    "(o.verdict IS NOT NULL OR j.program_verdict IS NOT NULL) AS overruled";
  for (const ShownColumn& column : judged)
    out += fmt::format(", {} AS {}", shown(fmt::format("j.{}", column.si), column.unit), with_unit(column.key, column.unit));
  out += ", j.ccd_refused, j.half_cycles";
  for (const std::string_view key : {"configuration", "electrolyte", "fixture"}) out += fmt::format(", {} AS {}", stated(key, "text"), key);
  for (const CellField& field : cell_fields())
    out += fmt::format(", {} AS {}", shown(stated(field.key, "value"), field.shown_in), with_unit(field.key, field.shown_in));
  out += ", c.origin, c.format, c.row_count, (SELECT count(*) FROM notes AS n WHERE n.cell = c.id) AS notes, "
         "(SELECT i.path FROM inputs AS i WHERE i.cell = c.id AND i.position = 1) AS file, c.fingerprint, j.program, j.rules, j.judged_at, "
         "c.added_at, c.removed_at IS NOT NULL AS removed, c.removed_reason FROM cells AS c "
         "LEFT JOIN judgements AS j ON j.cell = c.id AND j.is_current = 1 "
         "LEFT JOIN overrules AS o ON o.id = (SELECT l.id FROM overrules AS l WHERE l.cell = c.id ORDER BY l.stated_at DESC, l.id DESC "
         "LIMIT 1)";
  return out;
}

void migrate(Connection& connection, std::span<const std::string_view> to) {
  const auto last = static_cast<std::int64_t>(to.size());
  if (pragma(connection, "user_version") == last) return;
  Transaction transaction(connection, Access::write); // the version is read under the lock: another program may be doing the same
  const std::int64_t version = pragma(connection, "user_version");
  if (version > last)
    throw Error("D501", fmt::format("the library has version {}; this program knows versions up to {}", version, last),
                Place{.file = connection.path().string(), .text = {}}, {"update Platen; nothing was changed"});
  for (std::int64_t k = version; k < last; ++k) {
    connection.run(std::string(to[static_cast<std::size_t>(k)]));
    connection.run(fmt::format("PRAGMA user_version = {}", k + 1));
  }
  transaction.commit();
}

void accept(Connection& connection, Access access) {
  const Place place{.file = connection.path().string(), .text = {}};
  if (pragma(connection, "application_id") != application_id)
    throw Error("D500", "the file is no library of Platen: it is empty, or the database of another program", place, {"`platen library init FILE` makes a new one"});
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (access == Access::write) {
    migrate(connection, migrations());
    refresh_overview(connection);
    return refresh_published(connection);
  }
  const std::int64_t version = pragma(connection, "user_version");
  if (version > newest)
    throw Error("D501", fmt::format("the library has version {}; this program knows versions up to {}", version, newest), place,
                {"update Platen; nothing was changed"});
  if (version < newest)
    throw Error("D508", fmt::format("the library has the older version {} and was opened for reading only", version), place,
                {"a verb that writes brings it up to date, such as `platen library reassess`"});
}

} // namespace platen::library
