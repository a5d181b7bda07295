#include "library/database.hpp"

#include "base/error.hpp"
#include "record/csv_text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <string>

namespace platen::library {
namespace {

constexpr std::string_view restore_hint = "put back a copy that is whole; without one, `sqlite3 FILE .recover` saves what can be read";

/// Names that exist where the message of SQLite says that one does not.
std::vector<std::string> names_for(sqlite3* database, std::string_view message) {
  std::vector<std::string> names;
  const auto collect = [&](const char* sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database, sql, -1, &raw, nullptr) != SQLITE_OK) return;
    while (sqlite3_step(raw) == SQLITE_ROW) names.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)));
    sqlite3_finalize(raw);
  };
  if (message.find("no such table") != std::string_view::npos)
    collect("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name");
  if (message.find("no such column") != std::string_view::npos)
    collect("SELECT DISTINCT c.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c WHERE s.type IN ('table', 'view') AND "
            "s.name NOT LIKE 'sqlite_%' ORDER BY c.name");
  return names;
}

Error wrong_sql(sqlite3* database, std::string_view sql) {
  const std::string message = sqlite3_errmsg(database);
  std::optional<Place> place;
  if (const int at = sqlite3_error_offset(database); at >= 0 && !sql.empty()) {
    const auto offset = static_cast<std::size_t>(at);
    const std::size_t line_start = offset == 0 ? 0 : sql.rfind('\n', offset - 1) + 1;
    const std::size_t line_end = std::min(sql.find('\n', offset), sql.size());
    place = Place{.file = "SQL",
                  .line = 1 + static_cast<std::size_t>(std::count(sql.begin(), sql.begin() + at, '\n')),
                  .column = offset - line_start + 1,
                  .text = std::string(sql.substr(line_start, line_end - line_start))};
  }
  std::vector<std::string> hints;
  sqlite3_set_authorizer(database, nullptr, nullptr); // to ask for names; the statement has failed already
  if (const auto names = names_for(database, message); !names.empty()) {
    const std::string word = message.substr(message.find_last_of(" .") + 1);
    if (const auto meant = did_you_mean(word, names)) hints.push_back(fmt::format("did you mean `{}`?", *meant));
    hints.push_back(fmt::format("names: {}", fmt::join(names, ", ")));
  }
  if (hints.empty()) hints.push_back("tables and columns: docs/formats/library.md");
  return Error("U021", fmt::format("SQL that is not understood: {}", message), std::move(place), std::move(hints));
}

} // namespace

void Connection::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
void Statement::Finish::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

void Connection::fail(std::string_view sql) const {
  sqlite3* database = database_.get();
  const int code = sqlite3_extended_errcode(database);
  const std::string said = sqlite3_errmsg(database);
  const Place place{.file = path_.string(), .text = {}};
  switch (code & 0xFF) {
  case SQLITE_NOTADB:
    throw Error("D500", "the file is no library of Platen: it is no SQLite database", place, {"`platen library init FILE` makes a new one"});
  case SQLITE_CORRUPT:
    throw Error("D502", fmt::format("the library is damaged: {}", said), place, {std::string(restore_hint)});
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_CANTOPEN:
    throw Error("D503", fmt::format("the library cannot be written here: {}", said), place,
                {"the file and its folder must be writable, also for a moment after a program was stopped while it wrote"});
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    throw Error("D504", fmt::format("another program has held the library for more than {} s", patience / 1000), place,
                {"wait until it is done, then try again; nothing was written"});
  case SQLITE_FULL:
  case SQLITE_IOERR:
    throw Error("D505", fmt::format("the library could not be read or written: {}", said), place,
                {"check the disk and its space; nothing half-written stays"});
  case SQLITE_INTERRUPT: throw Cancelled();
  case SQLITE_NOMEM: throw std::bad_alloc();
  case SQLITE_AUTH:
    throw Error("U022", "a query may only read: SELECT, WITH and VALUES", std::nullopt,
                {"`platen library add`, `note`, `overrule` and `remove` change the library"});
  case SQLITE_ERROR: throw wrong_sql(database, sql);
  default: throw Error("B030", fmt::format("SQLite refused: {} (code {})", said, code), place, {"please report it with the command"});
  }
}

Connection::Connection(const std::filesystem::path& path, int flags) : path_(path) { open(flags); }

Connection::Connection(const std::filesystem::path& path, Access access) : path_(path) {
  open(access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  if (access == Access::read) bring_to_order();
}

Connection Connection::create(const std::filesystem::path& path) { return {path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE}; }

void Connection::open(int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database_.reset(raw);
  if (raw == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) fail();
  sqlite3_busy_timeout(raw, patience);
  // What a file of others says in views and triggers must not reach beyond that file.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_exec(raw, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
}

void Connection::bring_to_order() {
  const auto touch = [](sqlite3* database) { return sqlite3_exec(database, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr); };
  const int code = touch(database_.get());
  const int family = code & 0xFF;
  if (family != SQLITE_READONLY && family != SQLITE_CANTOPEN) return; // whatever else is wrong is said by the first question
  { // a journal is left of a writer that was killed: opening to write rolls it back
    Connection writer(path_, SQLITE_OPEN_READWRITE);
    if (touch(writer.database_.get()) != SQLITE_OK) writer.fail();
  }
  open(SQLITE_OPEN_READONLY);
}

void Connection::run(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

void Connection::guard(const std::atomic<bool>* stop) {
  sqlite3* database = database_.get();
  run("PRAGMA query_only = ON");
  sqlite3_set_authorizer(
      database,
      [](void*, int action, const char* first, const char*, const char*, const char*) {
        switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_FUNCTION:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_PRAGMA: return std::string_view(first) == "table_info" ? SQLITE_OK : SQLITE_DENY;
        default: return SQLITE_DENY;
        }
      },
      nullptr);
  if (stop != nullptr)
    sqlite3_progress_handler(
        database, 10'000, [](void* flag) { return static_cast<const std::atomic<bool>*>(flag)->load() ? 1 : 0; },
        const_cast<std::atomic<bool>*>(stop));
}

std::int64_t Connection::last_id() const { return sqlite3_last_insert_rowid(database_.get()); }
std::int64_t Connection::changes() const { return sqlite3_changes64(database_.get()); }

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection), sql_(sql) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  if (sqlite3_prepare_v2(connection.database_.get(), sql_.c_str(), static_cast<int>(sql_.size()) + 1, &raw, &tail) != SQLITE_OK)
    connection.fail(sql_);
  statement_.reset(raw);
  rest_ = tail;
}

void Statement::check(int code) {
  if (code != SQLITE_OK) connection_->fail(sql_);
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), next_++, value));
  return *this;
}

Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(statement_.get(), next_++, value));
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  check(sqlite3_bind_text64(statement_.get(), next_++, value.data() != nullptr ? value.data() : "", value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(const std::optional<double>& value) {
  return value ? bind(*value) : bind(Value{});
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
  return value ? bind(*value) : bind(Value{});
}

Statement& Statement::bind_text_or_null(std::string_view value) { return value.empty() ? bind(Value{}) : bind(value); }

Statement& Statement::bind(const Value& value) {
  std::visit(
      [&]<class T>(const T& v) {
        if constexpr (std::is_same_v<T, std::monostate>) check(sqlite3_bind_null(statement_.get(), next_++));
        else if constexpr (std::is_same_v<T, std::string>) bind(std::string_view(v));
        else bind(v);
      },
      value);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_->fail(sql_);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  check(sqlite3_reset(statement_.get()));
  next_ = 1;
}

std::size_t Statement::columns() const { return static_cast<std::size_t>(sqlite3_column_count(statement_.get())); }
std::string Statement::name(std::size_t column) const { return sqlite3_column_name(statement_.get(), static_cast<int>(column)); }

Value Statement::value(std::size_t column) const {
  switch (sqlite3_column_type(statement_.get(), static_cast<int>(column))) {
  case SQLITE_INTEGER: return integer(column);
  case SQLITE_FLOAT: return sqlite3_column_double(statement_.get(), static_cast<int>(column));
  case SQLITE_NULL: return {};
  default: return text(column);
  }
}

std::int64_t Statement::integer(std::size_t column) const { return sqlite3_column_int64(statement_.get(), static_cast<int>(column)); }

std::string Statement::text(std::size_t column) const {
  const int at = static_cast<int>(column);
  const unsigned char* text = sqlite3_column_text(statement_.get(), at);
  const int bytes = sqlite3_column_bytes(statement_.get(), at);
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes));
}

std::optional<double> Statement::real(std::size_t column) const {
  const int at = static_cast<int>(column);
  if (sqlite3_column_type(statement_.get(), at) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_double(statement_.get(), at);
}

bool Statement::reads_only() const { return sqlite3_stmt_readonly(statement_.get()) != 0; }

Table rows_of(Statement& statement, std::size_t limit) {
  Table out;
  for (std::size_t k = 0; k < statement.columns(); ++k) out.columns.push_back(statement.name(k));
  while (statement.step()) {
    if (limit > 0 && out.rows.size() == limit) {
      out.cut = true;
      break;
    }
    auto& row = out.rows.emplace_back();
    for (std::size_t k = 0; k < out.columns.size(); ++k) row.push_back(statement.value(k));
  }
  return out;
}

std::string to_csv(const Table& table) {
  std::string out;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    if (k > 0) out += ',';
    csv::append_quoted(out, table.columns[k]);
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k > 0) out += ',';
      if (const auto* text = std::get_if<std::string>(&row[k])) csv::append_quoted(out, *text);
      if (const auto* whole = std::get_if<std::int64_t>(&row[k])) out += fmt::format("{}", *whole);
      if (const auto* real = std::get_if<double>(&row[k])) csv::append_number(out, *real);
    }
    out += '\n';
  }
  return out;
}

Transaction::Transaction(Connection& connection, Access access) : connection_(&connection) {
  connection.run(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_->run("ROLLBACK");
  } catch (...) { // SQLite has rolled back on its own after some faults
  }
}

void Transaction::commit() {
  connection_->run("COMMIT");
  open_ = false;
}

} // namespace platen::library
