#pragma once
// TOML read into located values. Each getter states key, dimension, range and default; what is wrong is
// collected with file, line, caret and hint, and thrown together. Study, cell, card and parameter-set files
// all go through it.
//
//   auto document = config::Document::read(path);
//   config::Table cell = document.root().table("cell");
//   const double area = cell.quantity({.key = "area", .dimension = dim::area, .unit = "cm2", .above = 0.0});
//   const auto mass = cell.optional_quantity({.key = "mass", .dimension = dim::mass, .unit = "mg", .above =
//   0.0}); const auto kind = cell.choice("kind", {"fixed gap", "springs"}, "fixed gap"); document.finish();
//   // unknown keys become errors; throws every fault of the file and of its bases

#include "base/error.hpp"
#include "base/units.hpp"
#include "config/resolved.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::config {

struct Node;  // a located TOML value (config/node.hpp)
struct State; // what the tables of one document share: sources, faults, values read

/// A TOML text that can be inherited from by name: `extends = "Ham2022"`.
struct BuiltIn {
  std::string origin; ///< shown as the file name in errors, "set Ham2022"
  std::string text;
};
/// Looks a name of `extends` up among built-ins before it is taken as a path. Empty: no such built-in.
using FindBuiltIn = std::function<std::optional<BuiltIn>(std::string_view name)>;

/// What a getter wants. Bounds are SI; `unit` is the one people use, shown in hints when the text has none.
struct Field {
  std::string_view key;
  Dimension dimension = dim::none;
  std::string_view unit = "";
  double low = -std::numeric_limits<double>::infinity();   ///< smallest allowed
  double high = std::numeric_limits<double>::infinity();   ///< largest allowed
  double above = -std::numeric_limits<double>::infinity(); ///< must be larger than this
  std::string_view fallback = "";                          ///< "10 s"; empty: no default
};

/// A string from the file with the way back to its characters.
class Text {
public:
  Text() = default;
  Text(std::string value, const Node* node) : value_(std::move(value)), node_(node) {}
  const std::string& value() const noexcept { return value_; }
  bool present() const noexcept { return node_ != nullptr; }
  /// The whole string as written in the file, quotes included.
  Place place() const;
  /// The `length` bytes of `value()` that start at byte `offset`, as columns of the file (escapes and lines
  /// counted).
  Place place(std::size_t offset, std::size_t length) const;

private:
  std::string value_;
  const Node* node_ = nullptr;
};

/// One table of a document: cheap to copy, valid as long as the Document. A table that the file lacks can be
/// read all the same: its getters give their defaults and a required key is an error that names the section.
class Table {
public:
  bool exists() const noexcept { return node_ != nullptr; }
  /// True when the file has `key` here. Also makes `key` a known one.
  bool has(std::string_view key) const;
  /// Keys the file has here, in the file's order (for tables whose keys are free: overrides, column
  /// mappings). Does not make them known: reading them does.
  std::vector<std::string> keys() const;
  /// True when `key` holds a table (inline or with a header of its own).
  bool is_table(std::string_view key) const;

  /// A required number, SI. Reads `"5 MPa"` text, and bare numbers when the dimension is dim::none.
  /// @returns NaN after a fault (missing without default, bare number, wrong dimension, out of range), which
  /// is collected.
  double quantity(const Field& field) const;
  /// As `quantity`, but a missing key is no fault.
  std::optional<double> optional_quantity(const Field& field) const;
  /// A whole number in [low, high]; `fallback` when missing. @returns low after a fault.
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high,
                       std::optional<std::int64_t> fallback = std::nullopt) const;
  bool flag(std::string_view key, bool fallback) const;
  /// Text; `fallback` when missing, and an error when there is none.
  Text text(std::string_view key, std::optional<std::string> fallback = std::nullopt) const;
  std::optional<Text> optional_text(std::string_view key) const;
  /// One of `allowed` (case ignored, returned as spelled in `allowed`); anything else is an error with a
  /// suggestion.
  /// @returns an empty string after a fault.
  std::string choice(std::string_view key, const std::vector<std::string>& allowed,
                     std::optional<std::string> fallback = std::nullopt) const;
  /// A list of strings, empty when missing.
  std::vector<Text> texts(std::string_view key) const;
  /// A list [low, high] of two quantities with low <= high.
  std::optional<std::pair<double, double>> span(const Field& field) const;
  /// The table under `key`; one that does not exist when missing.
  Table table(std::string_view key) const;
  /// A list of tables (`[[key]]` or `key = [{...}, {...}]`), empty when missing.
  std::vector<Table> tables(std::string_view key) const;

  /// Where `key` is written (its name), or the table when it is missing.
  Place key_place(std::string_view key) const;
  /// Where the value of `key` is written, or the table when it is missing.
  Place value_place(std::string_view key) const;
  /// Header of the table; the whole file for the root or a missing table.
  Place place() const;
  /// The value of `key` in the user's words: "5 MPa"; empty when missing or not a text, number or switch.
  std::string written(std::string_view key) const;
  /// "study.toml:12", where the value of `key` came from; empty when missing.
  std::string origin(std::string_view key) const;
  /// The folder of the file that `key` was written in: where a relative path in its value starts.
  std::filesystem::path folder(std::string_view key) const;
  /// "cell.layers[1]"; empty for the root.
  const std::string& path() const noexcept { return path_; }
  /// "[cell]" for messages; "the file" for the root.
  std::string title() const;
  Diagnostics& diagnostics() const;

private:
  friend class Document;
  Table(State* state, const Node* node, std::string path)
      : state_(state), node_(node), path_(std::move(path)) {}
  const Node* find(std::string_view key) const;
  void record(std::string_view key, std::string text, double value) const;
  std::string full_key(std::string_view key) const;
  void missing(const Field& field) const;
  void wrong_type(std::string_view key, const Node& node, std::string_view wanted, std::string example) const;
  std::optional<double> read_quantity(const Field& field, const Node& node) const;
  std::optional<double> read_number(const Field& field, const Node& node) const;
  bool in_range(const Field& field, const Node& node, std::string_view text, double value) const;

  State* state_ = nullptr;
  const Node* node_ = nullptr;
  std::string path_;
};

/// A TOML file with everything it extends, merged: tables key by key, scalars and arrays replaced. Every
/// value remembers the file and line it was written in.
class Document {
public:
  /// @throws Error D001 (unreadable), C001 (not TOML), C002 (a base that is missing), C003 (bases in a circle
  /// or too
  ///   deep), C012 (too large): all of them at once for the file and its bases.
  static Document read(const std::filesystem::path& path, const FindBuiltIn& find = {});
  /// The same from text. `name` is shown in errors, relative `extends` are looked up in `folder`.
  static Document parse(std::string text, std::string name, const std::filesystem::path& folder,
                        const FindBuiltIn& find = {});
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Table root() const;
  Diagnostics& diagnostics() const;
  /// Makes every key that no getter asked for an error, with the nearest of those asked for as the
  /// suggestion.
  void refuse_unknown_keys() const;
  /// refuse_unknown_keys, then @throws Error with every fault collected, in the order of the files.
  void finish() const;
  /// Every value read so far: basis "stated" when from the file, "assumed" when a default.
  const std::vector<Resolved>& resolved() const;
  /// Every file read, the top one first: path (or built-in's origin) and text.
  std::vector<std::pair<std::string, std::string>> sources() const;

private:
  explicit Document(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What is wrong with a quantity's text, as a diagnostic without a place: C006 (no unit), C007 (wrong
/// dimension), C008 (not a number, unknown unit). `subject` is what it is for ("area"), `unit` the unit
/// people use there. Requires read.fault != QuantityFault::none.
Diagnostic quantity_fault(std::string_view subject, const Dimension& wanted, std::string_view unit,
                          std::string_view text, const QuantityResult& read);

/// `value` as TOML text in double quotes, escaped.
std::string quoted(std::string_view value);

} // namespace platen::config
