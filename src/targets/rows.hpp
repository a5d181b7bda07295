#pragma once

#include "base/embedded.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::targets {

/// The CSV files of data/targets, embedded.
std::span<const EmbeddedText> published();
/// The rows of one of them ("ham2022") without its header; a quoted field may hold commas.
/// @throws Error B020 when a row has another number of fields.
std::vector<std::vector<std::string>> published_rows(std::string_view name, std::size_t fields);
/// The number that is the whole of `text`; empty when it is none.
std::optional<double> whole_number(std::string_view text);

/// The files of studies/ham2022, embedded; bases that others extend among them.
std::span<const EmbeddedText> study_files();

} // namespace platen::targets
