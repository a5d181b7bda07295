#pragma once
// The Chinese words of cyclers' programs (Neware BTSDA, LANHE, Land) as the English ones that the same programs write.

#include "record/columns.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platen::text {

/// The English heading key ("current") of a Chinese one without unit and blanks; empty when the word is not known.
std::string_view english_heading(std::string_view key) noexcept;

/// What a step does by its Chinese name; empty when it is not one of these words.
std::optional<StepType> chinese_step_type(std::string_view label) noexcept;

/// Full-width brackets, slash, colon, comma and blank become those of ASCII: the form in which units are found.
std::string narrow_marks(std::string_view text);

} // namespace platen::text
