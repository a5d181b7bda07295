#include "report/svg_pieces.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {

double text_width(std::string_view text, double size) {
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return 0.56 * size * static_cast<double>(characters);
}

std::string stroke(Ink ink) { return fmt::format("class=\"s{}\" stroke=\"{}\"", static_cast<int>(ink), hex(ink)); }
std::string fill(Ink ink) { return fmt::format("class=\"f{}\" fill=\"{}\"", static_cast<int>(ink), hex(ink)); }

std::string svg_element(double width, double height, std::string_view title, bool standalone, std::string_view body) {
  return fmt::format("<svg{4} viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
                     "height=\"{1:.0f}\" role=\"img\" aria-label=\"{2}\" font-family=\"Helvetica, Arial, 'Liberation "
                     "Sans', 'DejaVu Sans', sans-serif\" font-size=\"{3}\" fill=\"none\" stroke-linejoin=\"round\" "
                     "stroke-linecap=\"round\">\n{5}</svg>\n",
                     width, height, escape(title), text_size, standalone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", body);
}

} // namespace platen::report
