#include "report/html_parts.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {
namespace {

constexpr std::size_t least_stacked = 3; ///< columns that no telephone shows beside each other

} // namespace

std::string document(std::string_view title, std::string_view body) {
  return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                     "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
                     escape(title), stylesheet(), body);
}

Table::Table(std::vector<Head> heads, std::string_view css_class)
    : heads_(std::move(heads)), class_(css_class), stacked_(heads_.size() >= least_stacked) {
  if (stacked_) class_ += class_.empty() ? "stacked" : " stacked";
}

void Table::row(const std::vector<std::string>& cells, std::string_view css_class) {
  body_ += css_class.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", css_class);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const bool headed = k < heads_.size();
    body_ += fmt::format("<td{}{}>{}</td>", headed && heads_[k].numeric ? " class=\"n\"" : "",
                         stacked_ && headed && !heads_[k].text.empty() ? fmt::format(" data-head=\"{}\"", escape(heads_[k].text)) : "", cells[k]);
  }
  body_ += "</tr>\n";
  ++rows_;
}

void Table::gap(std::size_t rows) {
  body_ += fmt::format("<tr class=\"gap\"><td colspan=\"{}\">… {} rows left out; the JSON answer has all of them</td></tr>\n",
                       heads_.size(), rows);
}

void Table::section(std::string_view html) {
  body_ += fmt::format("<tr class=\"section\"><th colspan=\"{}\" scope=\"colgroup\">{}</th></tr>\n", heads_.size(), html);
}

void Table::note(std::string_view html) {
  body_ += fmt::format("<tr class=\"note\"><td colspan=\"{}\">{}</td></tr>\n", heads_.size(), html);
}

std::string Table::html() const {
  std::string out = fmt::format("<div class=\"scroll\"><table{}>\n", class_.empty() ? "" : fmt::format(" class=\"{}\"", class_));
  if (std::any_of(heads_.begin(), heads_.end(), [](const Head& h) { return !h.text.empty(); })) {
    out += "<thead><tr>";
    for (const Head& head : heads_)
      out += fmt::format("<th{} scope=\"col\">{}</th>", head.numeric ? " class=\"n\"" : "", escape(head.text));
    out += "</tr></thead>\n";
  }
  return out + "<tbody>\n" + body_ + "</tbody>\n</table></div>\n";
}

std::string badge(Verdict verdict) {
  std::string name(label(verdict));
  std::string css = name;
  for (char& c : css)
    if (c == ' ') c = '-';
  return fmt::format("<span class=\"badge {}\">{}</span>", css, escape(name));
}

std::string badge(TargetVerdict verdict) {
  const std::string_view css = verdict == TargetVerdict::met ? "met" : verdict == TargetVerdict::missed ? "missed" : "open";
  return fmt::format("<span class=\"badge {}\">{}</span>", css, escape(label(verdict)));
}

std::string folded(std::string_view summary_html, std::string_view body, bool open) {
  return fmt::format("<details{}>\n<summary>{}</summary>\n{}</details>\n", open ? " open=\"open\"" : "", summary_html, body);
}

std::string figure(std::string_view svg, std::string_view caption_html) {
  if (svg.empty()) return "";
  return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", svg, caption_html);
}

std::string figure(const std::vector<Picture>& pictures, std::string_view caption_html) {
  std::string row;
  for (const Picture& picture : pictures)
    if (!picture.svg.empty()) row += fmt::format("<div><p class=\"name\">{}</p>\n{}</div>\n", picture.name, picture.svg);
  if (row.empty()) return "";
  return fmt::format("<figure>\n<div class=\"pair\">\n{}</div>\n<figcaption>{}</figcaption>\n</figure>\n", row, caption_html);
}

} // namespace platen::report
