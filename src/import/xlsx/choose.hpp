#pragma once
// Which sheets of a workbook hold the measured rows, which go on with them, and which bring auxiliary channels.

#include "import/cell_file.hpp"
#include "import/text/sniff.hpp"
#include "import/xlsx/sheet.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace platen::xlsx {

struct Candidate {
  SheetEntry sheet;
  Head head;
  text::Dialect dialect;
};

struct Choice {
  std::string program;            ///< "Neware", "Arbin", "Landt"; empty: not known
  std::vector<Candidate> rows;    ///< the first has the rows, the others go on with it
  std::vector<Candidate> channels; ///< auxiliary channels, by number of the record
  std::vector<Candidate> information; ///< about the test
  std::vector<std::string> left_out; ///< sheets of measured rows that belong to another test
};

/// The column with the number of the record ("DataPoint", "Record Index", "Data_Point"); empty when there is none.
std::optional<std::size_t> record_number(const std::vector<std::string>& headings);

/// @param mapping of the user's, whose headings make a sheet one of measured rows as well.
/// @throws Error D381 when no sheet has a time and something measured over it; D031, D382.
Choice choose_sheets(Container& container, const Workbook& book, const std::map<std::string, ColumnMapping>& mapping);

} // namespace platen::xlsx
