#pragma once
// Arbin's results file .res, an Access database. docs/formats/arbin-res.md.

#include "import/import.hpp"

#include <string>
#include <string_view>

namespace platen {

bool looks_like_res(std::string_view bytes) noexcept;

/// "Arbin .res (Jet 4 (Access 2000 to 2003), Results File 5.23)"; says what is wrong where it cannot be opened.
std::string describe_res(std::string_view bytes, const std::string& name);

/// The first test of the file: Channel_Normal_Table in the order of Data_Point, every auxiliary channel beside it.
/// Current is positive while the channel charges, as Arbin writes it.
/// @throws Error D371 to D374; D007 to D009 as for text; Cancelled.
Record read_res(std::string_view bytes, const std::string& name, const ImportOptions& options, const work::Task& task);

} // namespace platen
