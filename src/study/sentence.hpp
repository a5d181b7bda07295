#pragma once
// The words of a test: "Hold at 25 MPa for 30 min at 25 degC". Grammar in docs/formats/study.md.

#include "base/error.hpp"
#include "study/study.hpp"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace platen {

/// How a sentence is written, for hints and documentation: its verb and one line a user can copy.
struct SentenceForm {
  std::string_view verb;
  std::string_view example;
};
const std::vector<SentenceForm>& sentence_forms();

/// Where `length` bytes of the sentence from byte `offset` stand in the file.
using PlaceOf = std::function<Place(std::size_t offset, std::size_t length)>;

/// Reads one sentence; faults (C100 to C113, with the caret inside the sentence) are added to `diagnostics`.
/// @returns nothing after a fault.
std::optional<Step> parse_sentence(std::string_view sentence, const PlaceOf& place_of,
                                   Diagnostics& diagnostics);

/// The same for a sentence that stands alone. @throws Error with every fault.
Step parse_sentence(std::string_view sentence);

} // namespace platen
