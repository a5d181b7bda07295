#pragma once
// Errors that show where: one diagnostic is a code, a message, a place and hints; an Error carries all faults found.

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

enum class Severity { warning, error };

/// Where in an input a fault sits. `line` and `column` count from 1; 0 means "the whole file" or "the whole line".
struct Place {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
  std::size_t length = 1; ///< columns under the caret
  std::string text;       ///< the source line, shown with a gutter; may be empty (binary files)
};

/// One fault. `code` is stable and listed in docs/errors.md; its first letter says whose fault it is:
/// C study, D data, S solver, U usage, B bug.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;
  std::string message;
  std::optional<Place> place = std::nullopt;
  std::vector<std::string> hints = {};
};

/// The text of one diagnostic in the shape described in docs/errors.md, ending in a newline.
std::string render(const Diagnostic& diagnostic, bool colour = false);

/// Thrown for every foreseen failure; never empty.
class Error : public std::exception {
public:
  explicit Error(Diagnostic diagnostic);
  explicit Error(std::vector<Diagnostic> diagnostics);
  Error(std::string code, std::string message, std::optional<Place> place = std::nullopt,
        std::vector<std::string> hints = {});

  const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }
  const char* what() const noexcept override { return text_.c_str(); }

private:
  std::vector<Diagnostic> diagnostics_;
  std::string text_;
};

/// Thrown when a stop was asked for (Ctrl-C); not a fault.
class Cancelled : public std::exception {
public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// Collects faults so that all of them are reported together.
class Diagnostics {
public:
  void add(Diagnostic diagnostic) { items_.push_back(std::move(diagnostic)); }
  void error(std::string code, std::string message, std::optional<Place> place = std::nullopt,
             std::vector<std::string> hints = {});
  void warning(std::string code, std::string message, std::optional<Place> place = std::nullopt,
               std::vector<std::string> hints = {});
  bool has_errors() const noexcept;
  const std::vector<Diagnostic>& items() const noexcept { return items_; }
  std::vector<Diagnostic> warnings() const;
  /// @throws Error with every error collected so far, if there is one.
  void throw_if_errors() const;

private:
  std::vector<Diagnostic> items_;
};

/// The candidate nearest to `word` (edit distance, case ignored) if near enough to be a slip of the pen.
std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

} // namespace platen
