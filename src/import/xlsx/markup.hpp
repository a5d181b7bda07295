#pragma once
// The XML of sheets and shared strings, tag by tag while it is unpacked: a sheet of a million rows as a tree in memory would
// take many times its numbers.

#include "import/container_stream.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platen::xlsx {

enum class Mark { open, close, empty, text, end };

/// One tag or the text between two. Views are good until the next call of `next`.
struct Token {
  Mark mark = Mark::end;
  std::string_view name;       ///< of a tag, without the prefix of its namespace
  std::string_view attributes; ///< of an open or empty tag, as in the file
  std::string_view text;       ///< with character references still in it, unless `literal`
  bool literal = false;        ///< text of a CDATA section
};

/// The value of an attribute; empty when it is not there. Character references stay in it.
std::string_view attribute(std::string_view attributes, std::string_view name);

/// `&amp;`, `&#176;` and the like replaced; what is no reference stays.
void append_text(std::string& out, const Token& text);
std::string decoded(std::string_view text);

class Markup {
public:
  Markup(Container& container, std::string_view member) : stream_(container, member), file_(container.file()), member_(member) {}

  /// @throws Error D031 when the member is damaged; D382 when it is no XML or has a tag longer than 4 MB.
  const Token& next();
  /// Skips everything inside the element just opened.
  void skip();
  /// The text of `<v>text</v></c>`, which nearly every cell of a sheet is, without going tag by tag. Empty, and nothing read,
  /// when something else comes next.
  std::optional<std::string_view> take_value();

  std::uint64_t read() const noexcept { return stream_.done() - (window_.size() - at_); }
  std::uint64_t size() const noexcept { return stream_.size(); }

private:
  const Token& tag();
  bool more();
  std::size_t find(std::string_view what, std::size_t from);
  std::size_t tag_end(std::size_t from);
  Error broken(std::string_view what) const;

  MemberStream stream_;
  std::string file_, member_, window_;
  std::size_t at_ = 0;
  Token token_;
};

} // namespace platen::xlsx
