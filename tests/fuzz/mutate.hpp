#pragma once
// Damage that follows from a seed, for texts of any format.

#include <random>
#include <string>
#include <vector>

namespace platen::test {

/// `text` with one to `most` changes: a byte replaced, one of `pieces` put in, some bytes taken out, a part of it repeated, the rest cut
/// off, two bytes swapped.
inline std::string mutate(std::string text, const std::vector<std::string>& pieces, std::size_t most, std::mt19937_64& random) {
  const std::size_t changes = 1 + random() % most;
  for (std::size_t k = 0; k < changes && !text.empty(); ++k) {
    const std::size_t at = random() % text.size();
    switch (random() % 6) {
    case 0: text[at] = static_cast<char>(random()); break;
    case 1: text.insert(at, pieces[random() % pieces.size()]); break;
    case 2: text.erase(at, 1 + random() % 12); break;
    case 3: text.resize(at); break;
    case 4: text.insert(at, text.substr(random() % text.size(), random() % 200)); break;
    default: std::swap(text[at], text[random() % text.size()]); break;
    }
  }
  return text;
}

} // namespace platen::test
