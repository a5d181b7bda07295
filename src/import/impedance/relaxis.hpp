#pragma once
// Spectra that RelaxIS writes as text, one below the other or side by side. docs/formats/impedance-files.md.

#include "record/record.hpp"

#include <string>
#include <string_view>

namespace platen {

/// By its first line, "RelaxIS 3.0 Spectrum export". Never throws.
bool is_relaxis(std::string_view bytes) noexcept;

/// @param name stands for the file in messages. @throws Error D351 (no point).
Record read_relaxis(std::string bytes, const std::string& name);

} // namespace platen
