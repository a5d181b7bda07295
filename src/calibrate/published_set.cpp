#include "calibrate/published_set.hpp"

#include "base/embedded.hpp"
#include "base/error.hpp"
#include "base/units.hpp"
#include "calibrate/published.hpp"
#include "material/built_in.hpp"
#include "physics/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::calibrate {
namespace {

constexpr double normal_95 = 1.959964; ///< deviations to either side that hold 95 %

// Every term moves every number a little; these decide.
constexpr std::string_view pressure_rows = "T01 to T06, T14 to T16, T21 and T22", failure_rows = "T07 to T10, T17 to T20, T23, T25 to T31 and T36";

std::string quantity(double si, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.4g}", si) : fmt::format("\"{:.4g} {}\"", in_unit(si, unit), unit);
}

std::string entry(const Number& n, double value, double deviation, std::string_view note) {
  const physics::ParameterInfo& limits = *physics::find_parameter(n.key);
  const double x = n.scaled(value), wide = normal_95 * deviation;
  const double low = std::max(n.unscaled(x - wide), limits.low), high = std::min(n.unscaled(x + wide), limits.high);
  const bool pressure = n.key.starts_with("fixture.");
  return fmt::format("{} = {{ value = {}, range = [{}, {}], basis = \"fitted\", source = \"{} of Ham 2022, all at once (docs/theory/fit.md)\"{} }}", n.key.substr(n.key.find('.') + 1),
                     quantity(value, n.shown_in), quantity(std::min(low, value), n.shown_in), quantity(std::max(high, value), n.shown_in),
                     pressure ? pressure_rows : failure_rows, note);
}

/// `, note = "..."` of a line, empty when it has none.
std::string_view note_of(std::string_view line) {
  const std::size_t at = line.find(", note = ");
  const std::string_view note = at == std::string_view::npos ? "" : line.substr(at, line.rfind(" }") - at);
  return note.find("at the end of its range") == std::string_view::npos ? note : ""; // said of the number that was there
}

} // namespace

std::string set_with(std::string text, std::span<const Number> numbers, std::span<const double> values, std::span<const double> deviations) {
  constexpr std::string_view by_hand = "Nineteen numbers are fitted,"; // the head of a set that was fitted by hand
  if (const std::size_t head = text.find(by_hand); head != std::string::npos)
    text.replace(head, by_hand.size(), fmt::format("{} numbers are fitted at once,", std::count_if(numbers.begin(), numbers.end(), [](const Number& n) { return n.key != cell_scatter; })));
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const std::string& key = numbers[k].key;
    if (key == cell_scatter) continue;
    const std::size_t dot = key.find('.');
    const std::size_t section = text.find(fmt::format("\n[{}]", key.substr(0, dot)));
    const std::size_t at = section == std::string::npos ? section : text.find(fmt::format("\n{} = {{", key.substr(dot + 1)), section);
    const std::size_t next = section == std::string::npos ? section : text.find("\n[", section + 1);
    if (at == std::string::npos || at > next) throw Error("B041", fmt::format("the set has no line for {}", key));
    const std::size_t end = text.find('\n', at + 1);
    const std::string line = text.substr(at + 1, end - at - 1);
    text.replace(at + 1, line.size(), entry(numbers[k], values[k], deviations[k], note_of(line)));
  }
  return text;
}

std::string built_in_set_text() {
  for (const EmbeddedText& file : material::built_in_sets())
    if (file.name == "Ham2022") return std::string(file.text);
  throw Error("B041", "set Ham2022 is not part of the program");
}

} // namespace platen::calibrate
