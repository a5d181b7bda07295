#include "study/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fmt/format.h>

namespace platen::sentence {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// A comma or point between two digits belongs to the number; elsewhere it separates clauses.
bool separates(std::string_view s, std::size_t at) {
  if (s[at] == ';' || s[at] == ':') return true;
  if (s[at] != ',') return false;
  return at == 0 || at + 1 >= s.size() || !is_digit(s[at - 1]) || !is_digit(s[at + 1]);
}

bool starts_number(std::string_view word) {
  if (!word.empty() && (word.front() == '+' || word.front() == '-')) word.remove_prefix(1);
  if (!word.empty() && word.front() == '.') word.remove_prefix(1);
  return !word.empty() && is_digit(word.front());
}

/// Words that end a unit. "in" is never the inch here.
constexpr std::array<std::string_view, 12> structure{"at", "to",   "in",   "for", "until", "and",
                                                     "of", "with", "from", "per", "or",    "between"};

/// Units people write in sentences, to suggest one when a slip is near.
constexpr std::array<std::string_view, 16> usual_units{"MPa", "kPa", "bar", "mA/cm2", "A/m2", "mAh/cm2",
                                                       "min", "h",   "s",   "V",      "mV",   "degC",
                                                       "K",   "Hz",  "kHz", "MHz"};

std::string in_words(std::initializer_list<Wanted> wanted) {
  std::vector<std::string> parts;
  for (const Wanted& w : wanted)
    parts.push_back(w.dimension == dim::none
                        ? "number"
                        : fmt::format("{} (\"{}\")", describe(w.dimension), example_quantity(w.dimension)));
  return fmt::format("{}", fmt::join(parts, " or "));
}

/// The unit as the user wrote it: "MPa" of "5 MPa" and of "5MPa". Requires a text that parse_quantity took.
std::string_view unit_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double ignored = 0.0;
  const char* stop = std::from_chars(text.data(), text.data() + text.size(), ignored).ptr;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::vector<std::string> unit_hints(std::string_view unit, std::initializer_list<Wanted> wanted) {
  std::vector<std::string> candidates;
  for (const std::string_view usual : usual_units)
    for (const Wanted& w : wanted)
      if (const auto parsed = parse_unit(usual); parsed && parsed->dimension == w.dimension)
        candidates.emplace_back(usual);
  if (const auto meant = did_you_mean(unit, candidates)) return {fmt::format("did you mean `{}`?", *meant)};
  return {};
}

} // namespace

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

std::vector<Word> cut(std::string_view s) {
  std::vector<Word> out;
  for (std::size_t at = 0; at < s.size();) {
    if (is_space(s[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    const bool mark = separates(s, at);
    while (!mark && end < s.size() && !is_space(s[end]) && !separates(s, end)) ++end;
    const std::string_view text = s.substr(at, end - at);
    out.push_back({text, at, !mark && starts_number(text), mark});
    at = end;
  }
  return out;
}

bool Reader::is(std::size_t index, std::string_view word) const {
  return index < words_.size() && same_word(words_[index].text, word);
}

bool Reader::take(std::initializer_list<std::string_view> words) {
  std::size_t at = next_;
  for (const std::string_view word : words)
    if (!is(at++, word)) return false;
  next_ = at;
  return true;
}

void Reader::expect(std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (!is(next_, word)) unexpected({std::string(word)});
    ++next_;
  }
}

std::size_t Reader::expect_one_of(std::initializer_list<std::string_view> choices) {
  for (const std::string_view& choice : choices) {
    if (!is(next_, choice)) continue;
    ++next_;
    return static_cast<std::size_t>(&choice - choices.begin());
  }
  unexpected({choices.begin(), choices.end()});
}

void Reader::unexpected(const std::vector<std::string>& wanted) const {
  const std::string list = fmt::format("`{}`", fmt::join(wanted, "` or `"));
  if (at_end()) fail("C102", fmt::format("the sentence ends where {} is expected", list), next_);
  const std::string word(words_[next_].text);
  std::vector<std::string> hints;
  if (const auto meant = did_you_mean(word, wanted))
    hints.push_back(fmt::format("did you mean `{}`?", *meant));
  fail("C102", fmt::format("`{}` stands where {} is expected", word, list), next_, 1, std::move(hints));
}

std::size_t Reader::unit_words() const {
  std::size_t last = next_ + 1;
  const auto ends = [&](const Word& w) {
    return w.mark || w.number || std::any_of(structure.begin(), structure.end(), [&](std::string_view s) {
             return same_word(w.text, s);
           });
  };
  while (last < words_.size() && last < next_ + 5 && !ends(words_[last])) ++last;
  // "25 MPa four 30 min": the longest run that is a unit, so that the caret falls on the word that is wrong
  for (std::size_t count = last - next_ - 1; count > 0; --count) {
    const Word& first = words_[next_ + 1];
    const Word& final = words_[next_ + count];
    if (parse_unit(sentence_.substr(first.offset, final.offset + final.text.size() - first.offset)))
      return count;
  }
  return last > next_ + 1 ? 1 : 0;
}

Value Reader::expect_quantity(std::initializer_list<Wanted> wanted) {
  if (at_end())
    fail("C103", fmt::format("the sentence ends where a {} is expected", in_words(wanted)), next_);
  const Word& first = words_[next_];
  if (!first.number)
    fail("C103", fmt::format("`{}` stands where a {} is expected", first.text, in_words(wanted)), next_);
  if (const std::size_t comma = first.text.find(','); comma != std::string_view::npos) {
    std::string fixed(first.text);
    fixed[comma] = '.';
    fail("C111", fmt::format("`{}` has a decimal comma", first.text), next_, 1,
         {fmt::format("write `{}`: a comma separates the parts of a sentence", fixed)});
  }
  const bool glued = !is_digit(first.text.back()) && first.text.back() != '.'; // "30min"
  const std::size_t count = glued ? 1 : 1 + unit_words();
  const Word& last = words_[next_ + count - 1];
  const std::string_view text = sentence_.substr(first.offset, last.offset + last.text.size() - first.offset);

  QuantityResult read;
  const Wanted* fitting = nullptr;
  for (const Wanted& w : wanted) {
    read = parse_quantity(text, w.dimension);
    if (read.fault == QuantityFault::none) fitting = &w;
    if (fitting != nullptr) break;
  }
  switch (read.fault) {
  case QuantityFault::none:
    break;
  case QuantityFault::no_unit:
    fail("C104", fmt::format("`{}` lacks a unit: a {} is expected", text, in_words(wanted)), next_, count);
  case QuantityFault::unknown_unit:
    fail("C105", fmt::format("unknown unit `{}`: a {} is expected", read.detail, in_words(wanted)), next_,
         count, unit_hints(read.detail, wanted));
  case QuantityFault::wrong_dimension:
    fail("C106", fmt::format("`{}` measures {}, but a {} is expected", text, read.detail, in_words(wanted)),
         next_, count);
  case QuantityFault::not_a_number:
    fail("C103", fmt::format("`{}` is not a number", text), next_, count);
  }
  const double si = read.quantity.value;
  if (si < fitting->low || si > fitting->high || (fitting->above_low && si == fitting->low)) {
    const std::string_view unit = unit_of(text);
    fail("C107",
         fmt::format("`{}` must be {} {} and at most {}", text, fitting->above_low ? "above" : "at least",
                     show(fitting->low, unit, 6), show(fitting->high, unit, 6)),
         next_, count);
  }
  next_ += count;
  return {si, fitting->dimension};
}

int Reader::expect_count(int high) {
  if (at_end()) fail("C103", "the sentence ends where a whole number is expected", next_);
  const std::string_view text = words_[next_].text;
  int value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size())
    fail("C103", fmt::format("`{}` stands where a whole number is expected", text), next_);
  if (value < 1 || value > high)
    fail("C107", fmt::format("`{}` must be at least 1 and at most {}", text, high), next_);
  ++next_;
  return value;
}

void Reader::expect_end() {
  if (at_end()) return;
  if (words_[next_].text == ";")
    fail("C108", "`;` joins sentences only after `Repeat ... times:` and `Every ...:`", next_, 1,
         {"give each sentence its own place in the list"});
  fail("C108", fmt::format("the sentence should end before `{}`", words_[next_].text), next_,
       words_.size() - next_);
}

void Reader::fail(std::string code, std::string message, std::size_t index, std::size_t count,
                  std::vector<std::string> hints) const {
  std::size_t from = sentence_.empty() ? 0 : sentence_.size() - 1;
  std::size_t length = 1;
  if (index < words_.size()) {
    const Word& last = words_[std::min(index + count, words_.size()) - 1];
    from = words_[index].offset;
    length = last.offset + last.text.size() - from;
  } else if (!words_.empty()) {
    from = words_.back().offset;
    length = words_.back().text.size();
  }
  for (const SentenceForm& form : sentence_forms())
    if (!verb_.empty() && same_word(form.verb, verb_))
      hints.push_back(fmt::format("written: {}", form.example));
  throw Error(std::move(code), std::move(message), place_of_(from, length), std::move(hints));
}

} // namespace platen::sentence
