#pragma once
// A sentence cut into words, numbers and punctuation, and the reading of quantities from them.

#include "base/error.hpp"
#include "base/units.hpp"
#include "study/sentence.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::sentence {

struct Word {
  std::string_view text;
  std::size_t offset = 0; ///< bytes from the start of the sentence
  bool number = false;    ///< starts like a number
  bool mark = false;      ///< one of , ; :
};

/// Valid as long as `sentence`.
std::vector<Word> cut(std::string_view sentence);

/// What a quantity may measure at this point of a sentence, and between which limits (SI).
struct Wanted {
  Dimension dimension;
  double low, high;
  bool above_low = true; ///< `low` itself is refused
};

struct Value {
  double si = 0.0;
  Dimension dimension{};
};

/// Walks through the words of one sentence. Every `expect` throws Error with a caret and the verb's forms.
class Reader {
public:
  Reader(std::string_view sentence, std::span<const Word> words, const PlaceOf& place_of)
      : sentence_(sentence), words_(words), place_of_(place_of) {}

  bool at_end() const noexcept { return next_ >= words_.size(); }
  std::size_t position() const noexcept { return next_; }
  std::span<const Word> rest() const { return words_.subspan(next_); }
  void set_verb(std::string_view verb) { verb_ = verb; }

  /// True and consumed when the next words are these (case ignored).
  bool take(std::initializer_list<std::string_view> words);
  void expect(std::initializer_list<std::string_view> words);
  /// Consumes one of `choices`; @returns its index.
  std::size_t expect_one_of(std::initializer_list<std::string_view> choices);
  /// A number and its unit, measuring one of `wanted`.
  Value expect_quantity(std::initializer_list<Wanted> wanted);
  double expect_quantity(const Wanted& wanted) { return expect_quantity({wanted}).si; }
  /// A whole number in [1, high].
  int expect_count(int high);
  bool next_is_number() const { return !at_end() && words_[next_].number; }
  void expect_end();

  /// @throws Error with `code`, the caret under word `index` (or behind the last), `hints` and the verb's
  /// forms.
  [[noreturn]] void fail(std::string code, std::string message, std::size_t index, std::size_t count = 1,
                         std::vector<std::string> hints = {}) const;

private:
  bool is(std::size_t index, std::string_view word) const;
  [[noreturn]] void unexpected(const std::vector<std::string>& wanted) const;
  /// How many words after the number at `next_` make its unit.
  std::size_t unit_words() const;

  std::string_view sentence_;
  std::span<const Word> words_;
  const PlaceOf& place_of_;
  std::size_t next_ = 0;
  std::string_view verb_;
};

/// "Hold", "HOLD" and "hold" are one word.
bool same_word(std::string_view a, std::string_view b);

} // namespace platen::sentence
