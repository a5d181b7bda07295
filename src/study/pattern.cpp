#include "study/pattern.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen {

const std::string* find_value(const Values& values, std::string_view name) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
  return found != values.end() ? &found->second : nullptr;
}

Pattern::Pattern(config::Text text, Diagnostics& diagnostics) : text_(std::move(text)) {
  const std::string& sentence = text_.value();
  for (std::size_t at = sentence.find_first_of("{}"); at != std::string::npos; at = sentence.find_first_of("{}", at)) {
    const std::size_t end = sentence.find_first_of("{}", at + 1);
    if (sentence[at] == '}' || end == std::string::npos || sentence[end] == '{') {
      diagnostics.error("C114", "braces hold the name of a value, `{hold}`, and come in pairs", text_.place(at, 1));
      holes_.clear();
      return;
    }
    holes_.push_back({std::string(trim(std::string_view(sentence).substr(at + 1, end - at - 1))), at, end - at + 1});
    at = end + 1;
  }
}

bool Pattern::uses(std::string_view name) const {
  return std::any_of(holes_.begin(), holes_.end(), [&](const Hole& hole) { return hole.name == name; });
}

Pattern::Filled Pattern::fill(const Values& values, Diagnostics& diagnostics) const {
  const std::string& written = text_.value();
  struct Piece {
    std::size_t filled, length;   ///< of the value, in the filled sentence
    std::size_t written, written_length;
  };
  std::vector<Piece> pieces;
  Filled out;
  std::size_t done = 0;
  bool known = true;
  for (const Hole& hole : holes_) {
    out.sentence.append(written, done, hole.offset - done);
    done = hole.offset + hole.length;
    const std::string* value = find_value(values, hole.name);
    if (value == nullptr) {
      known = false;
      std::vector<std::string> names;
      for (const auto& [name, text] : values) names.push_back(name);
      const auto meant = did_you_mean(hole.name, names);
      diagnostics.error("C114", fmt::format("[values] has no `{}`", hole.name), text_.place(hole.offset, hole.length),
                        {meant ? fmt::format("did you mean `{{{}}}`?", *meant)
                               : fmt::format("for example `{} = \"30 min\"` in [values]", hole.name.empty() ? "hold" : hole.name)});
      continue;
    }
    pieces.push_back({out.sentence.size(), value->size(), hole.offset, hole.length});
    out.sentence += *value;
  }
  out.sentence.append(written, done);
  if (!known) return out;
  const PlaceOf place_of = [&](std::size_t offset, std::size_t length) {
    std::size_t begin = offset, end = offset + length;
    std::ptrdiff_t shift = 0; // written minus filled, behind the pieces passed
    for (const Piece& piece : pieces) {
      if (offset >= piece.filled && offset < piece.filled + std::max<std::size_t>(1, piece.length))
        return text_.place(piece.written, piece.written_length);
      if (offset < piece.filled) break;
      shift = static_cast<std::ptrdiff_t>(piece.written + piece.written_length) - static_cast<std::ptrdiff_t>(piece.filled + piece.length);
    }
    begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(begin) + shift);
    end = std::min(static_cast<std::size_t>(static_cast<std::ptrdiff_t>(end) + shift), std::max(begin, written.size()));
    return text_.place(begin, end - begin);
  };
  out.step = parse_sentence(out.sentence, place_of, diagnostics);
  return out;
}

} // namespace platen
