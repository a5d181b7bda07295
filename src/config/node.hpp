#pragma once
// The tree of located values behind Table. Read from TOML once, merged along `extends`, then never changed.

#include "base/error.hpp"
#include "config/table.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace platen::config {

/// One text that was read, with the start of each line.
class Source {
public:
  Source(std::string name, std::filesystem::path folder, std::string text);
  const std::string& name() const noexcept { return name_; }
  const std::string& text() const noexcept { return text_; }
  /// Where relative paths written in this text start.
  const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Line `number` (from 1) without its end, control characters made visible; empty when too long to show.
  std::string line(std::size_t number) const;
  /// Byte offset of a line and column, both from 1, columns counted in code points. At most text().size().
  std::size_t offset(std::size_t line, std::size_t column) const;
  Place place(std::size_t line, std::size_t column, std::size_t length) const;

private:
  std::string name_;
  std::filesystem::path folder_;
  std::string text_;
  std::vector<std::size_t> starts_;
};

/// From `line:column` up to, not including, `end_line:end_column`.
struct Span {
  const Source* source = nullptr;
  std::size_t line = 0, column = 0, end_line = 0, end_column = 0;
  /// The span as a place; a span over several lines is cut at the end of its first.
  Place place() const;
};

enum class Kind { text, whole, real, boolean, date, list, table };

struct Member;

struct Node {
  Kind kind = Kind::table;
  Span span;
  std::string text; ///< of Kind::text
  std::int64_t whole = 0;
  double real = 0.0; ///< of Kind::real and Kind::whole
  bool boolean = false;
  std::vector<Node> items;     ///< of Kind::list
  std::vector<Member> members; ///< of Kind::table, in the file's order

  const Member* find(std::string_view key) const;
};

struct Member {
  std::string key;
  Span key_span;
  Node value;
};

/// A text's value, a number or switch as its digits stand in the file ("4.0"), a list of numbers as "[1, 2]"; empty for other lists, tables and
/// dates.
std::string written(const Node& node);

/// "text", "a whole number" ...: what a value is, for messages.
std::string_view describe(Kind kind);

/// "an area", "a pressure".
std::string with_article(std::string_view noun);

/// The unit as the user wrote it: "MPa" of "5 MPa".
std::string_view unit_of(std::string_view text);

/// @throws Error C001 with the place of the first fault.
Node parse_toml(const Source& source);

/// Everything of `over` laid on `base`: tables key by key, the rest replaced.
void merge(Node& base, Node&& over);

struct Asked {
  std::string path;
  std::set<std::string, std::less<>> keys;
};

struct State {
  std::vector<std::unique_ptr<Source>> sources; ///< the top file first
  Node root;
  Diagnostics diagnostics;
  std::vector<Resolved> resolved;
  std::map<const Node*, Asked> asked; ///< keys that getters wanted, by table
};

} // namespace platen::config
