#include "impedance/circuit.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace platen::impedance {
namespace {

constexpr std::size_t most_elements = 64;
constexpr std::size_t deepest = 32;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// What stands at a place, for a message: never half of a byte sequence.
std::string shown(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the end";
  const char c = text[at];
  if (c > ' ' && c < 0x7f) return fmt::format("\"{}\"", c);
  return "this character";
}

} // namespace

/// Recursive descent; names that are unknown or used twice are noted and reading goes on, wrong brackets end it.
class CircuitParser {
public:
  explicit CircuitParser(std::string_view text) : text_(text) {}

  Circuit parse() {
    const auto whole = series(0);
    if (whole) {
      blanks();
      if (at_ < text_.size())
        fail("U100", at_, 1, fmt::format("{} was not expected here", shown(text_, at_)),
             text_[at_] == ')' ? "there is no bracket to close" : "join elements with \"-\", or in parallel: p(R1,C1)");
    }
    faults_.throw_if_errors();
    sweep(*whole);
    return std::move(circuit_);
  }

private:
  using Index = std::optional<std::size_t>; ///< of a part; nothing after a fault that ended the reading

  void fail(std::string code, std::size_t at, std::size_t length, std::string message, std::string hint) {
    std::string line(text_);
    for (char& c : line)
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    faults_.error(std::move(code), std::move(message), Place{"circuit", 1, at + 1, length, std::move(line)},
                  {std::move(hint)});
  }

  void blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::size_t add(Part part) {
    circuit_.parts_.push_back(std::move(part));
    return circuit_.parts_.size() - 1;
  }

  /// Joins, flattening what is joined the same way already: R0-(R1-R2) is R0-R1-R2.
  std::size_t join(Part::Kind kind, const std::vector<std::size_t>& members) {
    if (members.size() == 1) return members.front();
    Part part{kind, 0, {}};
    for (const std::size_t m : members) {
      const Part& member = circuit_.parts_[m];
      if (member.kind == kind)
        part.children.insert(part.children.end(), member.children.begin(), member.children.end());
      else
        part.children.push_back(m);
    }
    return add(std::move(part));
  }

  /// Leaves out parts that flattening has emptied.
  void sweep(std::size_t whole) {
    std::vector<Part>& parts = circuit_.parts_;
    std::vector<bool> used(parts.size(), false);
    used[whole] = true;
    for (std::size_t k = parts.size(); k-- > 0;)
      for (const std::size_t child : parts[k].children) used[child] = used[child] || used[k];
    std::vector<std::size_t> place(parts.size());
    std::size_t kept = 0;
    for (std::size_t k = 0; k < parts.size(); ++k) {
      if (!used[k]) continue;
      place[k] = kept;
      for (std::size_t& child : parts[k].children) child = place[child];
      if (kept != k) parts[kept] = std::move(parts[k]);
      ++kept;
    }
    parts.resize(kept);
  }

  Index series(std::size_t depth) {
    if (depth > deepest) {
      fail("U105", at_, 1, fmt::format("brackets are nested more than {} deep", deepest), "write a simpler circuit");
      return {};
    }
    std::vector<std::size_t> members;
    do {
      const Index member = term(depth);
      if (!member) return {};
      members.push_back(*member);
    } while (take('-'));
    return join(Part::Kind::series, members);
  }

  Index close(std::size_t opened, Index part) {
    if (!part) return {};
    if (take(')')) return part;
    blanks();
    fail("U104", at_, 1, fmt::format("\")\" was expected, found {}", shown(text_, at_)),
         fmt::format("the bracket opened in column {} is not closed", opened + 1));
    return {};
  }

  Index term(std::size_t depth) {
    blanks();
    const std::size_t from = at_;
    if (take('(')) return close(from, series(depth + 1));
    std::size_t letters = from, end = from;
    while (letters < text_.size() && is_letter(text_[letters])) ++letters;
    for (end = letters; end < text_.size() && is_digit(text_[end]);) ++end;
    if (letters == from) {
      fail("U100", from, 1, fmt::format("an element was expected, found {}", shown(text_, from)),
           "a circuit looks like R0-p(R1,CPE1)-W1");
      return {};
    }
    at_ = end;
    if (text_.substr(from, end - from) == "p") return parallel(from, depth);
    return element(from, letters, end, depth);
  }

  Index parallel(std::size_t from, std::size_t depth) {
    if (!take('(')) {
      blanks();
      fail("U104", at_, 1, fmt::format("\"(\" was expected after \"p\", found {}", shown(text_, at_)),
           "write parallel branches as p(R1,C1)");
      return {};
    }
    const std::size_t opened = at_ - 1;
    std::vector<std::size_t> members;
    do {
      const Index member = series(depth + 1);
      if (!member) return {};
      members.push_back(*member);
    } while (take(','));
    if (!close(opened, members.front())) return {};
    if (members.size() < 2)
      fail("U103", from, at_ - from, "p(...) has one branch only", "separate branches with a comma: p(R1,C1)");
    return join(Part::Kind::parallel, members);
  }

  Index element(std::size_t from, std::size_t letters, std::size_t end, std::size_t depth) {
    const std::string_view word = text_.substr(from, letters - from);
    const std::string name(text_.substr(from, end - from));
    const auto types = element_types();
    const auto type = std::find_if(types.begin(), types.end(), [&](const auto& t) { return t.word == word; });
    if (type == types.end())
      unknown(from, end - from, word);
    else if (std::any_of(circuit_.elements_.begin(), circuit_.elements_.end(),
                         [&](const Element& e) { return e.name == name; }))
      fail("U102", from, end - from, fmt::format("the name {} is used twice", name), "number the elements: R1, R2");
    if (circuit_.elements_.size() >= most_elements) {
      fail("U105", from, end - from, fmt::format("a circuit has at most {} elements", most_elements),
           "no spectrum determines so many");
      return {};
    }
    Part part;
    const bool line = type != types.end() && type->kind == ElementKind::line;
    blanks();
    const std::size_t bracket = at_;
    if (line && !take('(')) {
      fail("U106", from, end - from, fmt::format("{} needs the circuit between its rails in brackets", name),
           fmt::format("for example {}(p(R9,CPE9))", name));
      return {};
    }
    if (line) {
      const Index inner = close(bracket, series(depth + 1));
      if (!inner) return {};
      part.children.push_back(*inner);
    }
    part.element = circuit_.elements_.size();
    declare(name, type == types.end() ? types.front() : *type);
    return add(std::move(part));
  }

  void declare(const std::string& name, const ElementType& type) {
    const std::size_t element = circuit_.elements_.size();
    circuit_.elements_.push_back({name, type.kind, circuit_.parameters_.size(), type.parameters.size()});
    for (std::size_t k = 0; k < type.parameters.size(); ++k)
      circuit_.parameters_.push_back({type.parameters.size() == 1 ? name : fmt::format("{}.{}", name, type.parameters[k].symbol),
                                      type.parameters[k].unit, element, k});
  }

  void unknown(std::size_t at, std::size_t length, std::string_view word) {
    std::vector<std::string> words;
    for (const ElementType& t : element_types()) words.emplace_back(t.word);
    const auto near = did_you_mean(word, words);
    fail("U101", at, length, fmt::format("there is no element \"{}\"", word),
         near ? fmt::format("did you mean {}?", *near) : fmt::format("the elements are {}", fmt::join(words, ", ")));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Circuit circuit_;
  Diagnostics faults_;
};

Circuit Circuit::parse(std::string_view text) { return CircuitParser(text).parse(); }

} // namespace platen::impedance
