#pragma once
// Access databases (Jet 3 and Jet 4) from memory, as far as Arbin's .res files need them: the list of tables, the
// definition of a table, its rows. docs/formats/arbin-res.md describes the pages.

#include "base/error.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::jet {

/// The numbers that Access gives its types of columns.
enum class Type : std::uint8_t {
  boolean = 1, byte = 2, integer = 3, long_integer = 4, money = 5, single = 6, real = 7, date = 8, binary = 9, text = 10,
  ole = 11, memo = 12, identifier = 15, decimal = 16
};

struct Column {
  std::string name; ///< UTF-8
  std::uint8_t type = 0;
  bool fixed = false;               ///< at `fixed_offset`; otherwise the `variable`-th value of variable length
  std::size_t number = 0;           ///< its bit in a row's mask of values that are not null
  std::size_t fixed_offset = 0;
  std::size_t variable = 0;
  std::size_t size = 0;             ///< bytes of a fixed value
};

struct Table {
  std::string name;
  std::uint32_t definition = 0; ///< page of its definition, which its data pages name as their owner
  std::size_t stated_rows = 0;  ///< what the definition says; may be wrong in a file that was cut off
  std::vector<Column> columns;  ///< in the order in which they were made
  std::vector<std::uint32_t> pages; ///< data pages, ascending

  std::optional<std::size_t> find(std::string_view column) const;
};

/// One row while it is being looked at; not to be kept.
class Row {
public:
  /// NaN when null or no number. Dates are days since 1899-12-30.
  double number(const Column& column) const;
  /// UTF-8; empty when null or no text. Long texts kept outside the row come back empty.
  std::string text(const Column& column) const;

private:
  friend class Database;
  std::optional<std::string_view> value(const Column& column) const;
  std::string_view bytes_;
  std::string_view mask_;              ///< one bit per column, set: not null
  std::vector<std::size_t> variables_; ///< where values of variable length begin, and where the last ends
  std::size_t fixed_start_ = 0;
  std::size_t columns_ = 0;
  bool jet4_ = true;
};

class Database {
public:
  /// The bytes must outlive the database. @throws Error D371 when they are no Access database, D372 when its version or
  /// encryption is not read here, D373 when the list of tables is damaged.
  Database(std::string_view bytes, std::string file);

  static bool is(std::string_view bytes) noexcept; ///< by the signature of its first page

  std::string version() const; ///< "Jet 4 (Access 2000)"
  bool has(std::string_view table) const { return tables_.contains(table); }
  std::vector<std::string> names() const; ///< tables of the user, sorted

  /// @throws Error D373 when the definition is damaged, D374 when there is no such table.
  Table open(std::string_view name) const;

  /// Calls `take` for every row that is not deleted, in the order of the pages. @returns how many rows were damaged and
  /// left out.
  std::size_t rows(const Table& table, const std::function<void(const Row&)>& take) const;

private:
  struct Layout;
  std::string_view page(std::uint32_t number) const; ///< empty when it lies outside the file
  Table define(std::string name, std::uint32_t definition) const;
  std::string definition_bytes(std::uint32_t first, const std::string& name) const;
  std::vector<std::uint32_t> data_pages(std::uint32_t definition, std::uint32_t usage_row) const;
  std::optional<std::string_view> row_bytes(std::string_view page, std::size_t index, std::uint16_t& flags) const;
  bool crack(std::string_view bytes, bool any_variable, Row& row) const;
  Error damaged(std::string what) const;

  std::string_view bytes_;
  std::string file_;
  const Layout* layout_ = nullptr;
  std::uint8_t version_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> tables_;
};

} // namespace platen::jet
