#pragma once
// A sentence with places for values: "Hold at 25 MPa for {hold}". The values stand in [values] of the study.

#include "config/table.hpp"
#include "study/sentence.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen {

/// Names in braces and what is written for them: {"hold", "30 min"}.
using Values = std::vector<std::pair<std::string, std::string>>;
const std::string* find_value(const Values& values, std::string_view name);

class Pattern {
public:
  /// Takes the sentence apart. Braces that do not pair are a fault (C114).
  Pattern(config::Text text, Diagnostics& diagnostics);

  const config::Text& text() const noexcept { return text_; }
  bool uses(std::string_view name) const;

  struct Filled {
    std::string sentence;
    std::optional<Step> step; ///< empty after a fault
  };
  /// The sentence with its values, and what it says. Faults carry the place in the file: that of the name in braces where the
  /// value is at fault.
  Filled fill(const Values& values, Diagnostics& diagnostics) const;

private:
  /// `length` bytes from `offset` of the sentence, braces included.
  struct Hole {
    std::string name;
    std::size_t offset, length;
  };
  config::Text text_;
  std::vector<Hole> holes_;
};

} // namespace platen
