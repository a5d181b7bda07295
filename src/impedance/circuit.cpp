#include "impedance/circuit.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::impedance {
namespace {

constexpr double any = std::numeric_limits<double>::infinity();
constexpr std::array<ElementParameter, 1> resistor{{{"R", "ohm"}}};
constexpr std::array<ElementParameter, 1> capacitor{{{"C", "F"}}};
constexpr std::array<ElementParameter, 1> inductor{{{"L", "H"}}};
constexpr std::array<ElementParameter, 2> cpe{{{"Q", "S s^n"}, {"n", "1", 0.0, 1.0, false}}};
constexpr std::array<ElementParameter, 1> warburg{{{"sigma", "ohm s^-0.5"}}};
constexpr std::array<ElementParameter, 2> relaxation{{{"R", "ohm"}, {"tau", "s"}}};
constexpr std::array<ElementParameter, 4> havriliak{
    {{"R", "ohm"}, {"tau", "s"}, {"n", "1", 0.0, 1.0, false}, {"b", "1", 0.0, 1.0, false}}};
constexpr std::array<ElementParameter, 3> zarc{{{"R", "ohm"}, {"tau", "s"}, {"n", "1", 0.0, 1.0, false}}};
constexpr std::array<ElementParameter, 2> line{{{"Rion", "ohm"}, {"Rel", "ohm"}}};
constexpr std::array<ElementParameter, 3> constriction{{{"R", "ohm"}, {"tau", "s"}, {"C", "F", 0.0, any}}};

// In the order of ElementKind.
constexpr std::array<ElementType, 12> types{{
    {ElementKind::resistor, "R", "resistance", resistor},
    {ElementKind::capacitor, "C", "capacitance", capacitor},
    {ElementKind::inductor, "L", "inductance", inductor},
    {ElementKind::cpe, "CPE", "constant phase element", cpe},
    {ElementKind::warburg, "W", "diffusion into the infinite", warburg},
    {ElementKind::warburg_short, "Ws", "diffusion through a layer to a source", relaxation},
    {ElementKind::warburg_open, "Wo", "diffusion in a layer with a closed end", relaxation},
    {ElementKind::gerischer, "G", "diffusion with a reaction", relaxation},
    {ElementKind::havriliak, "HN", "relaxation after Havriliak and Negami", havriliak},
    {ElementKind::zarc, "ZARC", "resistance parallel to a constant phase element", zarc},
    {ElementKind::line, "TL", "transmission line of a composite electrode", line},
    {ElementKind::constriction, "K", "constriction at contact spots", constriction},
}};

} // namespace

std::span<const ElementType> element_types() { return types; }

const ElementType& element_type(ElementKind kind) { return types[static_cast<std::size_t>(kind)]; }

const ElementParameter& Circuit::role(std::size_t parameter) const {
  const Parameter& p = parameters_[parameter];
  return element_type(elements_[p.element].kind).parameters[p.role];
}

std::size_t Circuit::find(std::string_view parameter) const {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < parameters_.size(); ++k) {
    if (parameters_[k].name == parameter) return k;
    names.push_back(parameters_[k].name);
  }
  std::vector<std::string> hints;
  if (const auto near = did_you_mean(parameter, names)) hints.push_back(fmt::format("did you mean `{}`?", *near));
  hints.push_back(fmt::format("its parameters are {}", fmt::join(names, ", ")));
  throw Error("U107", fmt::format("the circuit {} has no parameter \"{}\"", text(), parameter), std::nullopt, hints);
}

std::string Circuit::text() const {
  std::vector<std::string> of(parts_.size());
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const Part& part = parts_[k];
    std::vector<std::string> inner;
    for (const std::size_t child : part.children) inner.push_back(of[child]);
    switch (part.kind) {
    case Part::Kind::element:
      of[k] = elements_[part.element].name;
      if (!inner.empty()) of[k] += fmt::format("({})", inner.front());
      break;
    case Part::Kind::series:
      of[k] = fmt::format("{}", fmt::join(inner, "-"));
      break;
    case Part::Kind::parallel:
      of[k] = fmt::format("p({})", fmt::join(inner, ","));
      break;
    }
  }
  return of.back();
}

} // namespace platen::impedance
