#pragma once
// Pieces of a page: the shell with its style, tables, badges, folded parts. All output is well-formed XML.

#include "report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

/// The whole document around `body` (already HTML). `title` is plain text.
std::string document(std::string_view title, std::string_view body);

/// The style of every page; no url(), no @import.
std::string_view stylesheet();

/// A table whose cells are HTML already.
class Table {
public:
  struct Head {
    std::string text; ///< plain
    bool numeric = false;
  };
  explicit Table(std::vector<Head> heads, std::string_view css_class = "");
  void row(const std::vector<std::string>& cells, std::string_view css_class = "");
  /// A row that says how many rows were left out.
  void gap(std::size_t rows);
  /// A row of its own that heads those below it.
  void section(std::string_view html);
  /// A small row over the whole width that belongs to the row above it.
  void note(std::string_view html);
  bool empty() const { return rows_ == 0; }
  std::string html() const;

private:
  std::vector<Head> heads_;
  std::string class_, body_;
  std::size_t rows_ = 0;
  bool stacked_ = false; ///< so many columns that in a narrow window every cell gets a line of its own, after its heading
};

std::string badge(Verdict verdict);
std::string badge(TargetVerdict verdict);

/// A folded part; open in print.
std::string folded(std::string_view summary_html, std::string_view body, bool open = false);

/// <figure> with a caption (HTML); empty when there is no picture.
std::string figure(std::string_view svg, std::string_view caption_html);

/// Several pictures side by side where there is room, each under its name (HTML), with one caption; empty ones are left out.
struct Picture {
  std::string name, svg;
};
std::string figure(const std::vector<Picture>& pictures, std::string_view caption_html);

/// The paper's figures with these cells in them; empty when the cells are none of the paper's.
std::string paper_part(const std::vector<Page>& pages, const std::vector<TargetResult>& targets);

/// Spectra, circuits, relaxation times, contact and direct current as the record's analyses have them; empty without any. `id` prefixes
/// every id inside.
std::string impedance_part(const Record& record, const std::string& id);

/// One cell's section. `id` prefixes every id inside; `level` is the level of its heading (1 or 2).
std::string cell_section(const Page& page, const std::string& id, int level);

} // namespace platen::report
