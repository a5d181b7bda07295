#include "calibrate/mechanisms.hpp"

#include <algorithm>

namespace platen::calibrate {
namespace {

Explanation make(std::string name, std::string meaning) {
  Mechanisms m;
  const auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  m.intrusion = has("H1");
  m.pressure_swing = has("H2");
  m.stripping_voids = has("H3");
  m.yielding_gap = has("H4");
  m.uneven_current = has("H5");
  m.fatigue = name.ends_with(" F");
  return {std::move(name), std::move(meaning), m};
}

} // namespace

std::vector<Explanation> ham2022_explanations() {
  return {
      make("H1 H2 H3 H5 F", "all but the yielding gap, as in set Ham2022"),
      make("H1 H2 H3 H5", "the same without fatigue"),
      make("H1 H3 H5 F", "no swing: nothing but supply and current tells the fixtures apart"),
      make("H1 H3 H4 H5 F", "a gap that gives way instead of the swing"),
      make("H1 H2 H3 H4 H5 F", "all of them"),
      make("H1 H2 H3 F", "the composite does not focus the current"),
      make("H1 H2 H5 F", "no voids: the areal capacity acts by the swing alone"),
      make("H2 H3 H5 F", "static pressure does not deepen flaws"),
  };
}

std::vector<std::string> ham2022_figures() {
  std::vector<std::string> out;
  for (const RowTerm& term : ham2022_terms())
    for (const std::string& figure : term.figures)
      if (std::find(out.begin(), out.end(), figure) == out.end()) out.push_back(figure);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> telling_figures() {
  std::vector<std::string> out{""};
  for (std::string& figure : ham2022_figures())
    if (figure != "1") out.push_back(std::move(figure));
  return out;
}

} // namespace platen::calibrate
