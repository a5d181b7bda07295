#pragma once
// Excel workbooks as cyclers' programs export them (Neware, Arbin, Landt), and as Platen writes records. docs/formats/xlsx.md.

#include "import/import.hpp"

#include <string>
#include <string_view>

namespace platen {

/// A zip that names the main part of a workbook.
bool looks_like_xlsx(std::string_view bytes) noexcept;

/// "Neware XLSX, sheet `record`"; says what is wrong where it cannot be opened.
std::string describe_xlsx(std::string_view bytes, const std::string& name);

/// The sheet of measured rows, those that go on with it, and sheets of auxiliary channels joined by the number of the record.
/// @throws Error D030 to D033, D380 to D382; D006 to D009 and D020 as for text; Cancelled.
Record read_xlsx(std::string_view bytes, const std::string& name, const ImportOptions& options, const work::Task& task);

} // namespace platen
