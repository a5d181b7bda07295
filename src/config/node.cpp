#include "config/node.hpp"

#include <algorithm>

namespace platen::config {
namespace {

/// Longer lines are not shown: nobody reads a caret 400 columns out.
constexpr std::size_t longest_shown_line = 400;

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

} // namespace

Source::Source(std::string name, std::filesystem::path folder, std::string text)
    : name_(std::move(name)), folder_(std::move(folder)), text_(std::move(text)) {
  starts_.push_back(0);
  for (std::size_t k = 0; k < text_.size(); ++k)
    if (text_[k] == '\n') starts_.push_back(k + 1);
}

std::string Source::line(std::size_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t begin = starts_[number - 1];
  const std::size_t end = number < starts_.size() ? starts_[number] - 1 : text_.size();
  if (end - begin > longest_shown_line) return {};
  std::string out = text_.substr(begin, end - begin);
  if (!out.empty() && out.back() == '\r') out.pop_back();
  for (char& c : out)
    if (c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)) c = '?';
  return out;
}

std::size_t Source::offset(std::size_t line, std::size_t column) const {
  if (line == 0 || line > starts_.size()) return text_.size();
  std::size_t at = starts_[line - 1];
  for (std::size_t c = 1; c < column && at < text_.size(); ++c) {
    ++at;
    while (at < text_.size() && !starts_code_point(text_[at])) ++at;
  }
  return at;
}

Place Source::place(std::size_t line_number, std::size_t column, std::size_t length) const {
  return {name_, line_number, column, std::max<std::size_t>(length, 1), line(line_number)};
}

Place Span::place() const {
  if (source == nullptr) return {};
  std::size_t length = 1;
  if (end_line == line && end_column > column) length = end_column - column;
  if (end_line > line) {
    const std::string shown = source->line(line);
    const auto columns =
        static_cast<std::size_t>(std::count_if(shown.begin(), shown.end(), starts_code_point));
    length = columns >= column ? columns - column + 1 : 1;
  }
  return source->place(line, column, length);
}

const Member* Node::find(std::string_view key) const {
  for (const Member& member : members)
    if (member.key == key) return &member;
  return nullptr;
}

namespace {

bool is_numbers(const Node& list) {
  return !list.items.empty() && std::all_of(list.items.begin(), list.items.end(), [](const Node& n) { return n.kind == Kind::whole || n.kind == Kind::real; });
}

} // namespace

std::string written(const Node& node) {
  if (node.kind == Kind::text) return node.text;
  if (node.kind == Kind::list && is_numbers(node)) {
    std::string out;
    for (const Node& item : node.items) out += (out.empty() ? "[" : ", ") + written(item);
    return out + "]";
  }
  if (node.kind == Kind::list || node.kind == Kind::table || node.kind == Kind::date) return {};
  const Span& s = node.span;
  const std::size_t begin = s.source->offset(s.line, s.column);
  const std::size_t end = s.source->offset(s.end_line, s.end_column);
  return s.source->text().substr(begin, end > begin ? end - begin : 0);
}

std::string_view describe(Kind kind) {
  switch (kind) {
  case Kind::text:
    return "text";
  case Kind::whole:
    return "a whole number";
  case Kind::real:
    return "a number";
  case Kind::boolean:
    return "true or false";
  case Kind::date:
    return "a date or time";
  case Kind::list:
    return "a list";
  case Kind::table:
    return "a table";
  }
  return "a value";
}

void merge(Node& base, Node&& over) {
  std::map<std::string, std::size_t, std::less<>> index;
  for (std::size_t k = 0; k < base.members.size(); ++k) index.emplace(base.members[k].key, k);
  for (Member& member : over.members) {
    const auto existing = index.find(member.key);
    if (existing == index.end()) {
      base.members.push_back(std::move(member));
      continue;
    }
    Member& old = base.members[existing->second];
    if (old.value.kind == Kind::table && member.value.kind == Kind::table) {
      old.key_span = member.key_span;
      merge(old.value, std::move(member.value));
    } else {
      old = std::move(member);
    }
  }
  base.span = over.span;
}

} // namespace platen::config
