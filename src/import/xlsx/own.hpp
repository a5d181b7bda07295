#pragma once
// Workbooks that Platen wrote (write_xlsx), back as records.

#include "import/xlsx/workbook.hpp"
#include "record/record.hpp"

namespace platen::xlsx {

/// Whether the workbook has a sheet `record` and says in `provenance` that Platen wrote it.
bool is_own_workbook(Container& container, const Workbook& book);

/// Everything but the hints of warnings and texts longer than a cell. @throws Error D070 to D079 as for Battery Data Format CSV; D385 for
/// a number of the cell that cannot be.
Record read_own_workbook(Container& container, const Workbook& book);

} // namespace platen::xlsx
