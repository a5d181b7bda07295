#pragma once
// A lab's notebook in one SQLite file: cells, their preparation, files with checksums, verdicts with the rules that gave them, notes.
// docs/formats/library.md. Writing is whole cells at a time: after a kill at any instant a cell is there with everything or not at all.

#include "library/database.hpp"
#include "library/entry.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::library {

/// A cell that a library has.
struct Known {
  std::int64_t id = 0;
  std::string name;
  std::string removed; ///< why it was removed; empty: it was not
};

struct Added {
  Known cell;
  bool fresh = true;    ///< false: these data were there already, nothing was written
  bool renamed = false; ///< the wanted name was another cell's
};

/// A file or folder as it is remembered, to be found again.
struct Whereabouts {
  std::filesystem::path path; ///< where it is now: beside the library if it moved with it, else where it was
  std::string stored;         ///< where it was when it was stored
  std::string sha256;         ///< empty for inputs
  std::string role;
  std::string content;
};

/// A file that is somewhere else from now on.
struct Move {
  std::string from, to;     ///< as stored; absolute
  std::string from_library; ///< relative to the folder of the library; empty: not below it
};

/// What is needed to judge a cell again.
struct Remembered {
  Known cell;
  std::int64_t judgement = 0; ///< the one that is current
  std::string rules, program;
  std::string fingerprint;
  std::vector<Whereabouts> inputs, files;
  std::vector<Fact> given;
  Judgement before; ///< without rules and answer
  std::string overrule; ///< what a person says of the verdict, "cell: soft short, REASON"; empty: nothing
  bool follows_overrule = false; ///< whether the current judgement was made with a person's verdict of the cell
};

/// One cell with everything, as tables of one row or more.
struct Shown {
  Known cell;
  std::vector<Table> tables; ///< overview, inputs, files, preparation, metadata, judgements, overrules, notes
  std::string answer;        ///< JSON of the judgement that is current
};

struct Merged {
  std::size_t cells = 0, known = 0, judgements = 0, notes = 0, overrules = 0, facts = 0; ///< cells new and known; rows that were new
  std::vector<Diagnostic> conflicts; ///< D510: what the two libraries say differently
};

class Library {
public:
  /// A new, empty library. @throws Error U020 when there is something at `path`, D002, D503.
  static void create(const std::filesystem::path& path, const std::string& program);
  /// @throws Error U025 there is no such file; D500 to D508.
  Library(const std::filesystem::path& path, Access access, Waiting waiting = {});

  const std::filesystem::path& path() const { return connection_.path(); }

  std::optional<Known> find(const std::string& fingerprint);
  /// By name, id or the first six or more digits of the fingerprint. @throws Error U023 none, with the nearest name; U024 several.
  Known named(const std::string& word);

  /// Stores a cell with everything, in one transaction. The same data are not stored twice.
  Added add(const Entry& entry);
  void note(std::int64_t cell, const std::string& text);
  /// A person's verdict over the program's; both are kept. Without a verdict the one before is withdrawn, for a reason too.
  void overrule(std::int64_t cell, const std::optional<Verdict>& verdict, const std::string& reason);
  /// Hides a cell, for a reason that is kept; nothing is erased. @returns whether it was there to be removed.
  bool remove(std::int64_t cell, const std::string& reason);
  bool restore(std::int64_t cell);

  std::vector<Known> cells(bool with_removed);
  /// Cells (not the removed ones) whose current verdict was given by other rules than `rules`, or all of them.
  std::vector<Remembered> stale(const Rules& rules, bool all);
  Remembered remember(const Known& cell);
  /// Stores a new judgement with what is known now; the one before, and facts and files that changed, stay as history.
  /// @returns false when another program judged the cell since `before` was read; nothing is written then.
  bool rejudge(const Remembered& before, const Entry& now);
  /// Thresholds that differ between the rules of a stored judgement and others, one line each: "drop_share 0.3 -> 0.25".
  std::vector<std::string> changed_thresholds(const std::string& stored, const Rules& now);

  /// Rows of the view `overview` that fulfil the SQL condition `where` (empty: all), by name. @throws Error U021.
  Table overview(const std::string& where, bool with_removed);
  Shown show(const Known& cell);
  /// One reading statement of a user, at most `limit` rows (0: all). @throws Error U021, U022; Cancelled when `stop` is set.
  Table query(const std::string& sql, std::size_t limit, const std::atomic<bool>* stop);
  /// Every table, in an order in which each only points to earlier ones, then the overview.
  std::vector<Table> everything();

  /// Takes in all cells of another library. What both have is joined: judgements, notes, overrules and facts of both are kept; where
  /// they differ ours stays current and the other is kept beside it and said. One transaction.
  Merged merge(Library& other);
  /// A copy of the library, whole and compact, in a new file. @throws Error D002, D505.
  void copy_to(const std::filesystem::path& path);
  /// Says where the files of a cell are from now on.
  void move_files(std::int64_t cell, const std::vector<Move>& moves);

  /// What is wrong: the database itself, pointers to nothing, cells that are not whole. Empty: nothing.
  std::vector<Diagnostic> check();

private:
  Waiting waiting_;
  Connection connection_;
};

} // namespace platen::library
