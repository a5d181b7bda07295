#pragma once
// Equivalent circuits in the usual notation: `R0-p(R1,CPE1)-p(R2,CPE2)-W1`. A dash joins in series, p(...) in parallel.
// Theory: docs/theory/impedance.md, (Z1) to (Z12).

#include <complex>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::impedance {

enum class ElementKind {
  resistor,      ///< R
  capacitor,     ///< C
  inductor,      ///< L
  cpe,           ///< CPE, constant phase
  warburg,       ///< W, diffusion into the infinite
  warburg_short, ///< Ws, diffusion through a layer to a source
  warburg_open,  ///< Wo, diffusion in a layer with a closed end
  gerischer,     ///< G, diffusion with a reaction
  havriliak,     ///< HN
  zarc,          ///< ZARC
  line,          ///< TL(...), two rails with the circuit in brackets between them
  constriction   ///< K, current crowding into contact spots
};

/// One number of an element. What it may be at all; a fit may bound it further.
struct ElementParameter {
  std::string_view symbol; ///< "n"
  std::string_view unit;   ///< SI, "1" for pure numbers
  double lower = 0.0, upper = std::numeric_limits<double>::infinity();
  bool positive = true; ///< a scale, fitted as its logarithm; else a number between the bounds
};

struct ElementType {
  ElementKind kind;
  std::string_view word;    ///< "CPE"
  std::string_view meaning; ///< one line for people
  std::span<const ElementParameter> parameters;
};

/// Every element of the grammar.
std::span<const ElementType> element_types();
const ElementType& element_type(ElementKind kind);

struct Element {
  std::string name; ///< "CPE1"
  ElementKind kind{};
  std::size_t first = 0; ///< where its numbers begin among the circuit's
  std::size_t count = 1;
};

struct Parameter {
  std::string name;        ///< "R1"; of elements with several numbers "CPE1.n"
  std::string_view unit;
  std::size_t element = 0; ///< its element
  std::size_t role = 0;    ///< its place among the element's parameters
};

/// A part of a circuit; parts stand after everything they are made of, the whole stands last.
struct Part {
  enum class Kind { element, series, parallel } kind = Kind::element;
  std::size_t element = 0;           ///< of Kind::element
  std::vector<std::size_t> children; ///< of series and parallel; of a line, its one inner circuit
};

class Circuit {
public:
  /// Reads the notation. @throws Error U100 to U106, each with the circuit and a caret; all faults that can be told apart.
  static Circuit parse(std::string_view text);

  /// In one spelling: no blanks, only the brackets that are needed.
  std::string text() const;

  const std::vector<Element>& elements() const { return elements_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  const std::vector<Part>& parts() const { return parts_; }
  const ElementParameter& role(std::size_t parameter) const;

  /// Index of a parameter by name ("R1", "CPE1.n"). @throws Error U107 naming those that exist.
  std::size_t find(std::string_view parameter) const;

private:
  friend class CircuitParser;
  std::vector<Element> elements_;
  std::vector<Parameter> parameters_;
  std::vector<Part> parts_;
};

/// The impedance of a circuit on a fixed set of frequencies, with its derivatives. Keeps all memory it needs: evaluating
/// allocates nothing. Not for use from two threads at once.
class CircuitModel {
public:
  /// `frequency` in Hz, each positive and finite. @throws Error D208.
  CircuitModel(const Circuit& circuit, std::span<const double> frequency);

  std::size_t points() const { return omega_.size(); }
  std::size_t parameters() const { return count_; }

  /// Impedance (ohm) at every frequency for the parameters `p` (SI, in the order of Circuit::parameters()).
  void evaluate(std::span<const double> p, std::span<std::complex<double>> impedance);
  /// The same with dZ/dp_k at frequency i in derivatives[k * points() + i].
  void evaluate(std::span<const double> p, std::span<std::complex<double>> impedance,
                std::span<std::complex<double>> derivatives);

private:
  using Complex = std::complex<double>;
  void forward(std::span<const double> p);
  void backward();
  void element(std::size_t at, std::span<const double> p);
  void lumped(std::size_t at, std::span<const double> p);
  void relaxing(std::size_t at, std::span<const double> p);
  void spread(std::size_t at, std::span<const double> p);

  std::vector<Part> parts_;
  std::vector<Element> elements_;
  std::size_t count_ = 0;
  std::vector<double> omega_, log_omega_;
  std::vector<Complex> z_, weight_; ///< impedance of each part; d(whole)/d(part)
  std::vector<Complex> slope_;      ///< of each element by each of its parameters
  std::vector<Complex> inner_;      ///< of each line by its inner circuit
};

/// Impedance of a circuit, in one call. @throws as CircuitModel; Error B004 when `p` has another length.
std::vector<std::complex<double>> impedance(const Circuit& circuit, std::span<const double> p,
                                            std::span<const double> frequency);

} // namespace platen::impedance
