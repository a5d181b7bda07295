#pragma once
// ZPlot and ZView `.z` (Solartron, Scribner), and `Z60W` text that Autolab's and other programs write for
// ZView. docs/formats/impedance-files.md.

#include "record/record.hpp"

#include <string>
#include <string_view>

namespace platen {

/// By its first line: "ZPLOT2 ..." or "Z60W Data File ...". Never throws.
bool is_zplot(std::string_view bytes) noexcept;

/// @param name stands for the file in messages. @throws Error D351 (no point), D360 (not its text form).
Record read_zplot(std::string bytes, const std::string& name);

} // namespace platen
