#include "import/xlsx/markup.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace platen::xlsx {
namespace {

constexpr std::size_t longest_token = 4 << 20, npos = std::string::npos;

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void append_letter(std::string& out, std::uint32_t c) {
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr unsigned lead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(lead[more] | (c >> (6 * more)));
  for (int k = more; k-- > 0;) out += static_cast<char>(0x80 | ((c >> (6 * k)) & 0x3F));
}

/// One reference, "&#176;": appended. @returns its length, 0 when it is none.
std::size_t append_reference(std::string& out, std::string_view text) {
  constexpr std::size_t longest = 12;
  const std::size_t end = text.substr(0, longest).find(';');
  if (end == npos || end < 3) return 0;
  std::string_view name = text.substr(1, end - 1);
  if (name.front() == '#') {
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    name.remove_prefix(hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [stop, fault] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
    if (fault != std::errc() || stop != name.data() + name.size()) return 0;
    append_letter(out, code);
    return end + 1;
  }
  constexpr std::pair<std::string_view, char> names[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [word, letter] : names)
    if (name == word) {
      out += letter;
      return end + 1;
    }
  return 0;
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == npos ? name : name.substr(colon + 1);
}

} // namespace

std::string_view attribute(std::string_view attributes, std::string_view name) {
  for (std::size_t at = 0; at < attributes.size();) {
    while (at < attributes.size() && is_space(attributes[at])) ++at;
    const std::size_t equals = attributes.find('=', at);
    if (equals == npos || equals + 1 >= attributes.size()) return {};
    std::size_t stop = equals;
    while (stop > at && is_space(attributes[stop - 1])) --stop;
    const std::size_t open = attributes.find_first_of("\"'", equals + 1);
    if (open == npos) return {};
    const std::size_t close = attributes.find(attributes[open], open + 1);
    if (close == npos) return {};
    if (attributes.substr(at, stop - at) == name) return attributes.substr(open + 1, close - open - 1);
    at = close + 1;
  }
  return {};
}

void append_text(std::string& out, const Token& token) {
  if (token.literal || std::memchr(token.text.data(), '&', token.text.size()) == nullptr)
    out += token.text;
  else
    out += decoded(token.text);
}

std::string decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = std::min(text.find('&'), text.size());
    out += text.substr(0, at);
    text.remove_prefix(at);
    if (text.empty()) break;
    std::size_t taken = append_reference(out, text);
    if (taken == 0) {
      out += '&';
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return out;
}

Error Markup::broken(std::string_view what) const {
  return Error("D382", fmt::format("`{}` inside `{}` is no XML: {}", member_, file_, what), whole_file(file_),
               {"save the workbook again with the program that wrote it"});
}

/// Drops what was read and takes the next piece in.
bool Markup::more() {
  window_.erase(0, at_);
  at_ = 0;
  if (window_.size() > longest_token) throw broken("a tag or text without an end");
  return stream_.append_to(window_);
}

/// Where `what` begins at or after `at_ + from`, as a distance from `at_`; npos at the end of the member.
std::size_t Markup::find(std::string_view what, std::size_t from) {
  for (;;) {
    const std::size_t found = window_.find(what, at_ + from);
    if (found != npos) return found - at_;
    const std::size_t have = window_.size() - at_;
    from = std::max(from, have - std::min(have, what.size() - 1));
    if (!more()) return npos;
  }
}

/// The distance of the `>` that ends a tag; one inside quotes is part of a value.
std::size_t Markup::tag_end(std::size_t from) {
  char quote = '\0';
  for (std::size_t k = from;; ++k) {
    while (at_ + k >= window_.size())
      if (!more()) throw broken("it ends inside a tag");
    const char c = window_[at_ + k];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return k;
    }
  }
}

const Token& Markup::next() {
  token_ = {};
  for (;;) {
    if (at_ >= window_.size() && !more()) return token_;
    if (window_[at_] != '<') {
      const std::size_t end = find("<", 0);
      if (end == npos) { // blanks behind the last tag
        at_ = window_.size();
        return token_;
      }
      token_.mark = Mark::text;
      token_.text = std::string_view(window_).substr(at_, end);
      at_ += end;
      return token_;
    }
    while (window_.size() - at_ < 9 && more()) {}
    const std::string_view rest = std::string_view(window_).substr(at_);
    if (rest.size() > 1 && rest[1] != '!' && rest[1] != '?') return tag();
    if (rest.starts_with("<!--") || rest.starts_with("<?")) {
      const std::string_view mark = rest[1] == '?' ? "?>" : "-->";
      const std::size_t end = find(mark, 2);
      if (end == npos) throw broken("it ends inside a comment");
      at_ += end + mark.size();
      continue;
    }
    if (rest.starts_with("<![CDATA[")) {
      const std::size_t end = find("]]>", 9);
      if (end == npos) throw broken("it ends inside a CDATA section");
      token_.mark = Mark::text;
      token_.literal = true;
      token_.text = std::string_view(window_).substr(at_ + 9, end - 9);
      at_ += end + 3;
      return token_;
    }
    throw broken(rest.size() < 2 ? "it ends inside a tag" : "a document type, which workbooks do not have");
  }
}

/// The tag that begins at `at_`.
const Token& Markup::tag() {
  const std::size_t end = tag_end(1);
  std::string_view tag = std::string_view(window_).substr(at_ + 1, end - 1);
  at_ += end + 1;
  const bool close = tag.starts_with('/');
  const bool empty = !close && tag.ends_with('/');
  if (close) tag.remove_prefix(1);
  if (empty) tag.remove_suffix(1);
  std::size_t name = 0;
  while (name < tag.size() && !is_space(tag[name])) ++name;
  token_.mark = close ? Mark::close : empty ? Mark::empty : Mark::open;
  token_.name = local_name(tag.substr(0, name));
  token_.attributes = tag.substr(name);
  return token_;
}

std::optional<std::string_view> Markup::take_value() {
  constexpr std::string_view head = "<v>", tail = "</v></c>";
  const std::string_view rest = std::string_view(window_).substr(at_);
  if (!rest.starts_with(head)) return std::nullopt;
  const std::size_t end = rest.find('<', head.size());
  if (end == npos || rest.substr(end, tail.size()) != tail) return std::nullopt;
  at_ += end + tail.size();
  return rest.substr(head.size(), end - head.size());
}

void Markup::skip() {
  for (std::size_t depth = 1; depth > 0;) {
    const Token& token = next();
    if (token.mark == Mark::end) return;
    if (token.mark == Mark::open) ++depth;
    if (token.mark == Mark::close) --depth;
  }
}

} // namespace platen::xlsx
