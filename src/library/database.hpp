#pragma once
// SQLite behind a small face: connections, statements, transactions. No type of SQLite leaves database.cpp.

#include "library/table.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace platen::library {

enum class Access { read, write };

/// Called once when another program's lock has been waited for longer than a second, with the file and for how long (s) it is waited at most.
using Waiting = std::function<void(const std::filesystem::path& path, int most)>;

/// One open file. Not for several threads at once. What SQLite refuses becomes an Error: D500 no database at all, D502 damaged,
/// D503 may not be written, D504 locked by another program for longer than `patience`, D505 the disk is full or fails,
/// U021 wrong SQL, B030 a rule of the schema was broken.
class Connection {
public:
  /// Opens a file that exists. Reading also brings back to order what a program that was killed while it wrote left behind;
  /// that alone needs the right to write. @throws Error as above.
  Connection(const std::filesystem::path& path, Access access, Waiting waiting = {});
  /// Makes a new file; for a temporary path. @throws Error as above.
  static Connection create(const std::filesystem::path& path);

  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;

  /// Runs statements without results.
  void run(const std::string& sql);
  /// Nothing can be written through this connection any more, no file be attached, no setting changed. For SQL of users.
  void guard(const std::atomic<bool>* stop);
  const std::filesystem::path& path() const { return path_; }
  std::int64_t last_id() const;
  std::int64_t changes() const;

  static constexpr int patience = 30'000; ///< ms that another program's lock is waited for

private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  Connection(const std::filesystem::path& path, int flags, Waiting waiting = {});
  void open(int flags);
  void bring_to_order();
  [[noreturn]] void fail(std::string_view sql = {}) const;

  /// How long a lock of another program has been waited for.
  struct Lock {
    Waiting tell;
    std::filesystem::path path;
    std::chrono::steady_clock::time_point since;
    bool told = false;
  };
  static int wait(void* lock, int times) noexcept;

  std::filesystem::path path_;
  std::unique_ptr<Lock> lock_; ///< where it stands when the connection moves, and for as long as the database
  std::unique_ptr<sqlite3, Close> database_;
};

/// One prepared statement: bind in order, then step.
class Statement {
public:
  Statement(Connection& connection, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(double value); ///< NaN becomes NULL
  Statement& bind(std::string_view value);
  Statement& bind(const std::string& value) { return bind(std::string_view(value)); }
  Statement& bind(const char* value) { return bind(std::string_view(value)); }
  Statement& bind(const std::optional<double>& value);
  Statement& bind(const std::optional<std::int64_t>& value);
  /// An empty text becomes NULL.
  Statement& bind_text_or_null(std::string_view value);
  Statement& bind(const Value& value);

  /// @returns whether there is a row.
  bool step();
  /// Runs to the end and makes ready for the next bindings.
  void run();

  std::size_t columns() const;
  std::string name(std::size_t column) const;
  Value value(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  std::string text(std::size_t column) const; ///< NULL: empty
  std::optional<double> real(std::size_t column) const;
  /// Whether it changes nothing, and whether there is anything after it but blanks and comments.
  bool reads_only() const;
  const std::string& rest() const { return rest_; }
  bool empty() const { return statement_ == nullptr; }

private:
  struct Finish {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  void check(int code);
  Connection* connection_;
  std::unique_ptr<sqlite3_stmt, Finish> statement_;
  std::string sql_, rest_;
  int next_ = 1;
};

/// All rows of a statement, at most `limit` (0: all).
Table rows_of(Statement& statement, std::size_t limit = 0);

/// Everything until `commit` or nothing. To write, it takes the lock at once, so that two writers wait for one another instead of
/// meeting half-way; to read, it sees one state from beginning to end.
class Transaction {
public:
  Transaction(Connection& connection, Access access);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

private:
  Connection* connection_;
  bool open_ = true;
};

} // namespace platen::library
