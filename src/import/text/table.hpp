#pragma once
// A delimited text as columns of numbers, still in the file's own units: the layout, what each column is, the
// rows, and every line that could not be used. Data files and load-cell logs both start here.

#include "base/error.hpp"
#include "import/cell_file.hpp"
#include "import/text/header.hpp"
#include "import/text/sniff.hpp"
#include "import/text/time.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace platen::text {

enum class Kind { skip, number, duration, date, label };

struct TextColumn {
  Heading heading;
  std::string column;         ///< registry name; empty: none
  int rank = 0;               ///< of the heading, see KnownHeading
  Kind kind = Kind::skip;     ///< durations are read in s, dates in s since 1970, labels as StepType
  Unit unit;                  ///< of the numbers
  bool unit_known = false;    ///< stated or assumed; otherwise the numbers are taken as they are
  bool unit_assumed = false;  ///< the file names no unit
  bool core = false;          ///< a row without a number here is refused
  bool in_si = false;         ///< the numbers are in SI already, and `unit` has the factor 1
  std::vector<double> values; ///< NaN where the file has nothing
  std::size_t bad = 0;        ///< fields that were something else than `kind`
  std::size_t bad_line = 0;   ///< the first of them
  std::string bad_text;
};

struct TextTable {
  std::string file;
  Dialect dialect;
  std::string encoding;
  DateOrder date_order = DateOrder::month_first;
  bool doubtful_date = false; ///< every date seen could also have day and month the other way round
  bool zoned_dates = false;   ///< the dates say their offset from UTC
  std::vector<TextColumn> columns;
  std::size_t rows = 0;
  std::size_t refused = 0;
  std::vector<Reject> rejects; ///< the first Record::kept_rejects of `refused`
  std::string metadata_text;   ///< what stands above the header, UTF-8
  std::string layout;          ///< in words, where the columns do not come from a text; empty: `guess`

  /// The line a row was read from.
  std::size_t line_of(std::size_t row) const;
  /// The column that is `registry_name`, nullptr when there is none.
  TextColumn* find(std::string_view registry_name);
  const TextColumn* find(std::string_view registry_name) const;
  /// Takes out the rows for which `keep` is 0; lines of the others stay known. @param keep one entry per row.
  void keep_rows(const std::vector<char>& keep);
  /// A table of the rows for which `keep` is not 0, columns and lines as here, without rejects.
  TextTable with_rows(const std::vector<char>& keep) const;
  /// The place of the header line; the whole file when there is none.
  Place header_place() const;
  /// "guessed: tab between fields, `.` as decimal mark, header on line 99"
  std::string guess() const;

  struct Jump {
    std::size_t row, line; ///< rows from `row` on stand on lines from `line` on
  };
  std::vector<Jump> jumps;
};

/// What the caller needs of a table.
struct TableOptions {
  std::map<std::string, ColumnMapping> mapping; ///< heading -> registry column and unit
  std::vector<std::string_view> core;           ///< registry columns without which a row is refused
  bool log = false; ///< a load-cell log: several pressures or forces are not an instrument's
  std::optional<char> decimal;   ///< as stated by the user; else found
  std::optional<bool> day_first; ///< as stated by the user; else found
};

/// Reads all rows. @param text as `decode` gives it. @param file its name for messages.
/// @throws Error D006 (no table of numbers, no usable row), D008 (a mapped heading is not there), D009 (a
/// mapped unit does
///   not fit); Cancelled.
TextTable read_table(std::string_view text, const std::string& file, const TableOptions& options,
                     const work::Task& task);

/// Lines that come one by one from somewhere else than a text in memory (rows of a sheet).
class LineSource {
public:
  virtual ~LineSource() = default;
  /// The next line; its text is good until the next call, its offset says how much has been read. @throws Error.
  virtual bool next(Line& line) = 0;
};

/// Reads all rows of a source. @param head the first lines as text, one per line of the source and numbered alike, from
/// which the layout is found. @param bytes what the source will give in all, as far as is known: it decides how much
/// memory is asked for at once, so it must be bounded by bytes that are there.
/// @throws Error as above, and whatever the source throws.
TextTable read_table(std::string_view head, char delimiter, LineSource& source, std::size_t bytes, const std::string& file,
                     const TableOptions& options, const work::Task& task);

/// The columns of a table: what each is, from its heading, the mapping and the first rows.
/// @throws Error D008, D009.
void plan_columns(TextTable& table, std::string_view text, const TableOptions& options);

/// What each column is, for columns whose heading and kind are known already (a database has no text to look at). Dates
/// must be in s since 1970, durations in s. @param text where there is one: a log without headings is named by its rows.
/// @throws Error D008, D009.
void name_columns(TextTable& table, const TableOptions& options, std::string_view text = {});

/// "CC Chg", "discharge CC", "Rest", Maccor's "D" ...; StepType::unknown for anything else.
StepType parse_step_type(std::string_view label) noexcept;

} // namespace platen::text
