#pragma once
// The parts of the .nda reader: nda.cpp puts them together, nda_header.cpp reads what stands before and after the records,
// nda_counts.cpp the records of versions 8 to 29, nda_bts9.cpp those of version 130.

#include "import/neware/table.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace platen::nda {

using neware::Table;

/// Something the instrument noted at a row.
struct Note {
  std::uint32_t index = 0; ///< of the row
  int code = 0;
  friend bool operator==(const Note&, const Note&) = default;
};

/// What the parts share while one file is read.
struct Reading {
  std::string_view bytes;
  std::string name;
  const work::Task& task;
  Diagnostics faults = {};
  std::vector<Reject> rejects = {};
  std::size_t refused = 0; ///< all rejects, those not kept included
  std::vector<Note> notes = {};
  std::vector<Column> channels = {}; ///< what some rows have besides the table; NaN elsewhere

  void warn(std::string code, std::string message, std::vector<std::string> hints = {});
  /// @param record counted from 1
  void refuse(std::size_t record, std::string reason);
};

/// The files of version 130 are of two kinds.
enum class Bts9 { none, v90, v91 };

/// A stretch of the file.
struct Extent {
  std::size_t offset = 0, size = 0;
};

/// The header as far as the records need it. Everything lies inside the file.
struct Header {
  int version = 0;
  Bts9 bts9 = Bts9::none;
  Extent info;          ///< what the test was
  Extent records;       ///< as far as the file holds them
  bool located = false; ///< the header says where the records begin; else `records` is empty
  std::size_t missing = 0; ///< bytes of records that the header states and the file does not hold
};

/// @throws Error D300 when the version is not one of those read here; D301 when the file is too short for a header.
Header read_header(const Reading& reading);
/// What the file says about the test: documented keys of docs/formats/nda.md.
std::map<std::string, std::string> read_metadata(const Reading& reading, const Header& header);

/// Warns (D303) when the file ends before its records do. @param rest bytes behind the last whole record
void warn_cut_off(Reading& reading, const Header& header, std::size_t rest);

/// The rows that are taken of the records, in the order of the file. An index that comes twice, or is 0, is refused
/// (D305); one that falls back is reported (D306).
class Rows {
public:
  explicit Rows(Reading& reading) : reading_(reading) {}
  /// @param record counted from 1. @returns whether the record is a row.
  bool add(std::uint32_t index, std::size_t offset, std::size_t record);
  /// Writes the warnings and gives `table` its size and its map of indices.
  void finish(Table& table);
  const std::vector<std::size_t>& offsets() const noexcept { return offsets_; }

private:
  Reading& reading_;
  std::vector<std::size_t> offsets_;
  std::vector<std::uint32_t> indices_;
  std::unordered_set<std::uint32_t> seen_; ///< filled once an index falls back
  std::uint32_t largest_ = 0;
  std::size_t repeated_ = 0, backwards_ = 0;
};

/// Calls use(row, address of its record) for every row; looks after stopping and progress.
template <class Use> void for_each_row(Reading& reading, const Rows& rows, Use&& use) {
  const std::vector<std::size_t>& offsets = rows.offsets();
  for (std::size_t row = 0; row < offsets.size(); ++row) {
    if (row % 65536 == 0) {
      reading.task.check();
      reading.task.report(0.2 + 0.7 * static_cast<double>(row) / static_cast<double>(offsets.size()));
    }
    use(row, reading.bytes.data() + offsets[row]);
  }
}

/// Versions 8 to 29. @throws Error D301; Cancelled.
Table read_counts(Reading& reading, const Header& header);
/// Version 130. @throws Error D301; Cancelled.
Table read_bts9(Reading& reading, const Header& header);

} // namespace platen::nda
