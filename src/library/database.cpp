#include "library/database.hpp"

#include "base/error.hpp"
#include "record/csv_text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <string>
#include <utility>

namespace platen::library {
namespace {

constexpr std::string_view restore_hint = "put back a copy that is whole; without one, `sqlite3 FILE .recover` saves what can be read";

std::vector<std::string> texts_of(sqlite3* database, const char* sql) {
  std::vector<std::string> out;
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &raw, nullptr) != SQLITE_OK) return out;
  while (sqlite3_step(raw) == SQLITE_ROW) out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)));
  sqlite3_finalize(raw);
  return out;
}

/// Columns of the tables that the statement names; of all where it names none.
std::vector<std::string> columns_for(sqlite3* database, const std::vector<std::string>& tables, std::string_view sql) {
  std::vector<std::string> out;
  for (const bool all : {false, true}) {
    for (const std::string& table : tables)
      if (all || sql.find(table) != std::string_view::npos)
        for (std::string& column : texts_of(database, fmt::format("SELECT name FROM pragma_table_info('{}')", table).c_str())) out.push_back(std::move(column));
    if (!out.empty()) break;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// What SQLite says, in words of this program; `word`: what it stumbled over.
struct Reworded {
  std::string message, word;
  enum class Asks { nothing, tables, columns } asks = Asks::nothing;
};
Reworded reworded(const std::string& said) {
  const auto after = [&](std::string_view start) -> std::optional<std::string> {
    return said.starts_with(start) ? std::optional(said.substr(start.size())) : std::nullopt;
  };
  const auto last = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
  if (auto name = after("no such column: ")) return {fmt::format("there is no column `{}`", *name), last(*name), Reworded::Asks::columns};
  if (auto name = after("no such table: ")) return {fmt::format("there is no table `{}`", *name), last(*name), Reworded::Asks::tables};
  if (auto name = after("no such function: ")) return {fmt::format("there is no function `{}`", *name), {}, {}};
  if (auto text = after("unrecognized token: ")) return {fmt::format("{} is not understood: a text stands between two '", *text), {}, {}};
  if (said == "incomplete input") return {"the SQL ends too early: a bracket, a ' or the second half of a comparison is missing", {}, {}};
  if (const std::size_t end = said.find(": syntax error"); said.starts_with("near ") && end != std::string::npos)
    return {fmt::format("{} was not expected there", said.substr(5, end - 5)), {}, Reworded::Asks::columns};
  return {said, {}, {}};
}

Error wrong_sql(sqlite3* database, std::string_view sql) {
  const std::string said = sqlite3_errmsg(database);
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
  sqlite3_set_authorizer(database, nullptr, nullptr); // to ask for names; the statement has failed already
  const Reworded fault = reworded(said);
  const auto tables = texts_of(database, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name");
  const auto names = fault.asks == Reworded::Asks::nothing ? std::vector<std::string>{} : fault.asks == Reworded::Asks::tables ? tables : columns_for(database, tables, sql);
  std::vector<std::string> hints;
  if (const auto meant = fault.word.empty() ? std::nullopt : did_you_mean(fault.word, names)) hints.push_back(fmt::format("did you mean `{}`?", *meant));
  if (!names.empty()) hints.push_back(fmt::format("{}: {}", fault.asks == Reworded::Asks::tables ? "tables" : "columns", fmt::join(names, ", ")));
  hints.emplace_back("for example \"stack_pressure_MPa < 10 AND verdict = 'healthy'\", or SELECT verdict, count(*) FROM overview GROUP BY verdict; docs/formats/library.md has all columns");
  return Error("U021", fmt::format("SQL that is not understood: {}", fault.message), std::move(place), std::move(hints));
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

Connection::Connection(const std::filesystem::path& path, int flags, Waiting waiting) : path_(path), lock_(new Lock{std::move(waiting), path, {}, false}) { open(flags); }

Connection::Connection(const std::filesystem::path& path, Access access, Waiting waiting) : path_(path), lock_(new Lock{std::move(waiting), path, {}, false}) {
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
  sqlite3_busy_handler(raw, wait, lock_.get());
  // What a file of others says in views and triggers must not reach beyond that file.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_exec(raw, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
}

/// Called by SQLite whenever it finds the lock taken; 0 gives up.
int Connection::wait(void* state, int times) noexcept {
  constexpr int most_nap = 50; // ms
  constexpr std::chrono::seconds silent{1};
  Lock& lock = *static_cast<Lock*>(state);
  const auto now = std::chrono::steady_clock::now();
  if (times == 0) lock.since = now;
  if (now - lock.since > std::chrono::milliseconds(patience)) return 0;
  if (!lock.told && lock.tell && now - lock.since > silent) {
    lock.told = true;
    try {
      lock.tell(lock.path, patience / 1000);
    } catch (...) { // whoever cannot be told waits all the same
    }
  }
  sqlite3_sleep(std::min(most_nap, 1 + times));
  return 1;
}

void Connection::bring_to_order() {
  const auto touch = [](sqlite3* database) { return sqlite3_exec(database, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr); };
  const int code = touch(database_.get());
  const int family = code & 0xFF;
  if (family != SQLITE_READONLY && family != SQLITE_CANTOPEN) return; // whatever else is wrong is said by the first question
  { // a journal is left of a writer that was killed: opening to write rolls it back
    Connection writer(path_, SQLITE_OPEN_READWRITE, lock_->tell);
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
