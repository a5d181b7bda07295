// Strings and the way from their characters back to the columns of the file.
#include "config/node.hpp"

#include <array>
#include <fmt/format.h>

namespace platen::config {
namespace {

std::size_t code_point_bytes(char lead) {
  const auto c = static_cast<unsigned char>(lead);
  return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/// UTF-8 bytes of the code point whose hexadecimal digits are `digits`.
std::size_t escaped_bytes(std::string_view digits) {
  unsigned long value = 0;
  for (const char c : digits) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    value = value * 16 + (digit == std::string_view::npos ? 0 : digit);
  }
  return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

/// Walks the written form of a TOML string in step with the bytes it stands for.
class Walker {
public:
  Walker(std::string_view raw, std::size_t line, std::size_t column)
      : raw_(raw), line_(line), column_(column) {
    const char quote = raw.empty() ? '\0' : raw.front();
    basic_ = quote == '"';
    const std::array<char, 3> triple{quote, quote, quote};
    if (raw.starts_with(std::string_view(triple.data(), 3))) {
      step(3);
      if (raw_.starts_with("\r\n"))
        step(2);
      else if (raw_.starts_with("\n"))
        step(1); // a line end right after the quotes does not count
    } else {
      step(1);
    }
  }

  void advance(std::size_t bytes) {
    std::size_t done = 0;
    while (done < bytes && !raw_.empty()) done += take();
    skip_continued_line();
  }
  std::size_t line() const noexcept { return line_; }
  std::size_t column() const noexcept { return column_; }

private:
  /// Consumes one written character; returns how many bytes of the value it made.
  std::size_t take() {
    skip_continued_line();
    if (raw_.empty()) return 1;
    if (!basic_ || raw_.front() != '\\' || raw_.size() < 2) {
      const std::size_t bytes = code_point_bytes(raw_.front());
      step(bytes);
      return bytes;
    }
    const std::size_t digits = raw_[1] == 'u' ? 4 : raw_[1] == 'U' ? 8 : 0;
    const std::size_t bytes = digits > 0 ? escaped_bytes(raw_.substr(2, digits)) : 1;
    step(2 + digits);
    return bytes;
  }

  /// A backslash at the end of a line swallows the white space up to the next character.
  void skip_continued_line() {
    if (!basic_ || !raw_.starts_with('\\')) return;
    const std::size_t next = raw_.find_first_not_of(" \t\r", 1);
    if (next == std::string_view::npos || raw_[next] != '\n') return;
    const std::size_t end = raw_.find_first_not_of(" \t\r\n", next);
    step(end == std::string_view::npos ? raw_.size() : end);
  }

  void step(std::size_t bytes) {
    bytes = bytes < raw_.size() ? bytes : raw_.size();
    for (std::size_t k = 0; k < bytes; ++k) {
      if (raw_[k] == '\n') {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(raw_[k]) & 0xC0U) != 0x80U) {
        ++column_;
      }
    }
    raw_.remove_prefix(bytes);
  }

  std::string_view raw_;
  std::size_t line_, column_;
  bool basic_ = false;
};

} // namespace

Place Text::place() const { return node_ != nullptr ? node_->span.place() : Place{}; }

Place Text::place(std::size_t offset, std::size_t length) const {
  if (node_ == nullptr || node_->span.source == nullptr) return {};
  const Span& span = node_->span;
  const std::size_t begin = span.source->offset(span.line, span.column);
  const std::size_t end = span.source->offset(span.end_line, span.end_column);
  const std::string_view raw =
      std::string_view(span.source->text()).substr(begin, end > begin ? end - begin : 0);
  Walker walker(raw, span.line, span.column);
  walker.advance(offset);
  const std::size_t line = walker.line();
  const std::size_t column = walker.column();
  walker.advance(length);
  return span.source->place(line, column, walker.line() == line ? walker.column() - column : 1);
}

std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out + "\"";
}

} // namespace platen::config
