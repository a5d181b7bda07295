#pragma once
// Answers of the library, as text and as JSON (docs/formats/library.md).

#include "library/library.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

/// {"schema", "columns": [...], "rows": [[...]], "cut"}.
std::string json(std::string_view schema, const library::Table& table);
/// Columns padded, numbers right; "-" for NULL. Says when rows were left out.
std::string text(const library::Table& table);

/// The cells of the view `overview`: one row each with what a lab asks first.
std::string text_list(const library::Table& overview);

/// One cell with everything.
std::string json(const library::Shown& cell);
std::string text(const library::Shown& cell);

/// Every table as a list of objects, stored answers as JSON within.
std::string json_everything(const std::vector<library::Table>& tables);

} // namespace platen::report
