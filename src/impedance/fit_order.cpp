#include "impedance/fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace platen::impedance {
namespace {

/// A part's elements and joins without numbers: "p(R,CPE)". Alike parts have the same.
std::string shape(const Circuit& circuit, std::size_t at) {
  const Part& part = circuit.parts()[at];
  std::string text = part.kind == Part::Kind::element
                         ? std::string(element_type(circuit.elements()[part.element].kind).word)
                         : std::string(part.kind == Part::Kind::series ? "s" : "p");
  if (part.children.empty()) return text;
  text += '(';
  for (const std::size_t child : part.children) text += shape(circuit, child) + ',';
  return text + ')';
}

/// The parameters of a part, in an order that alike parts share.
void collect(const Circuit& circuit, std::size_t at, std::vector<std::size_t>& into) {
  const Part& part = circuit.parts()[at];
  for (const std::size_t child : part.children) collect(circuit, child, into);
  if (part.kind != Part::Kind::element) return;
  const Element& e = circuit.elements()[part.element];
  for (std::size_t k = 0; k < e.count; ++k) into.push_back(e.first + k);
}

struct Storage {
  double resistance = 0.0; ///< all resistors and arcs of a part
  double time = 0.0;       ///< the first time constant stated by an element
  double capacity = 0.0, exponent = 1.0, inductance = 0.0;
  double first = 0.0; ///< the first parameter
};

void gather(const Circuit& circuit, std::size_t at, std::span<const double> p, Storage& s) {
  const Part& part = circuit.parts()[at];
  for (const std::size_t child : part.children) gather(circuit, child, p, s);
  if (part.kind != Part::Kind::element) return;
  const Element& e = circuit.elements()[part.element];
  const double* v = &p[e.first];
  if (s.first == 0.0) s.first = v[0];
  if (e.kind == ElementKind::inductor) s.inductance = v[0];
  if ((e.kind == ElementKind::capacitor || e.kind == ElementKind::cpe) && s.capacity == 0.0) {
    s.capacity = v[0];
    s.exponent = e.kind == ElementKind::cpe ? std::max(v[1], 1e-3) : 1.0;
  }
  for (std::size_t k = 0; k < e.count; ++k) {
    if (circuit.parameters()[e.first + k].unit == "ohm") s.resistance += v[k];
    if (circuit.parameters()[e.first + k].unit == "s" && s.time == 0.0) s.time = v[k];
  }
}

} // namespace

double time_constant(const Circuit& circuit, std::size_t part, std::span<const double> values) {
  Storage s;
  gather(circuit, part, values, s);
  if (s.capacity > 0.0 && s.resistance > 0.0) return std::pow(s.resistance * s.capacity, 1.0 / s.exponent);
  if (s.time > 0.0) return s.time;
  if (s.inductance > 0.0 && s.resistance > 0.0) return s.inductance / s.resistance;
  return s.first;
}

std::vector<double> ordered(const Circuit& circuit, std::span<const double> values, const std::vector<bool>& pinned) {
  std::vector<double> result(values.begin(), values.end());
  // Parts stand after what they are made of, so inner branches are in order before outer ones are compared.
  for (const Part& part : circuit.parts()) {
    std::map<std::string, std::vector<std::size_t>> alike;
    for (const std::size_t child : part.children) {
      std::vector<std::size_t> own;
      collect(circuit, child, own);
      if (std::none_of(own.begin(), own.end(), [&](std::size_t k) { return pinned[k]; }))
        alike[shape(circuit, child)].push_back(child);
    }
    for (const auto& [name, members] : alike) {
      std::vector<std::pair<double, std::vector<double>>> blocks;
      for (const std::size_t child : members) {
        std::vector<std::size_t> own;
        collect(circuit, child, own);
        std::vector<double> block;
        for (const std::size_t k : own) block.push_back(result[k]);
        blocks.emplace_back(time_constant(circuit, child, result), std::move(block));
      }
      std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t m = 0; m < members.size(); ++m) {
        std::vector<std::size_t> own;
        collect(circuit, members[m], own);
        for (std::size_t k = 0; k < own.size(); ++k) result[own[k]] = blocks[m].second[k];
      }
    }
  }
  return result;
}

} // namespace platen::impedance
