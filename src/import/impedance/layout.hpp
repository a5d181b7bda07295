#pragma once
// What numbers beside a frequency are when nothing says so: real and imaginary part or modulus and phase, and
// with which sign. The phase of a passive cell follows from its modulus, whatever the cell is
// (docs/formats/impedance-files.md).

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace platen::impedance_files {

/// The phase that belongs to a modulus, at some of the points.
struct ExpectedPhase {
  std::vector<std::size_t> point; ///< index into what was given, in order of frequency
  std::vector<double> phase;      ///< rad, negative for a capacitor
};

/// Bode's relation for a minimum-phase impedance: phase(w0) = (1/pi) Int dln|Z|/du ln coth|u/2| du, u =
/// ln(w/w0), with the slopes between neighbouring points and, beyond the ends, those of the outer half
/// decades. At most 300 points are used.
/// @param frequency Hz, @param modulus ohm: of one length, positive and finite. Empty with less than three
/// frequencies. Source: H. W. Bode, Network Analysis and Feedback Amplifier Design (1945), ch. 14.
ExpectedPhase phase_of_modulus(std::span<const double> frequency, std::span<const double> modulus);

/// What two columns beside a frequency can be. `turned`: the second one has the other sign, positive for a
/// capacitor.
enum class Layout { parts, turned_parts, degrees, turned_degrees, radians, turned_radians };

/// Real and imaginary part of columns `a` and `b` read in this layout.
struct Parts {
  std::vector<double> real, imaginary;
};
Parts read_as(Layout layout, std::span<const double> a, std::span<const double> b);

/// The layout in which the phase follows from the modulus, if there is only one: its mean deviation is below
/// 10 degrees and less than half of every other's (a fifth, for modulus and phase), and most points of the
/// lower two thirds of the frequencies (on a logarithmic scale) are capacitive. @param candidates layouts to
/// choose from.
std::optional<Layout> find_layout(std::span<const double> frequency, std::span<const double> a,
                                  std::span<const double> b, std::span<const Layout> candidates);
/// The same from all layouts.
std::optional<Layout> find_layout(std::span<const double> frequency, std::span<const double> a,
                                  std::span<const double> b);

/// Whether numbers look like the frequencies of a sweep: positive, going one way, over at least a decade, in
/// steps of nearly one ratio; five at least.
bool are_frequencies(std::span<const double> values);

} // namespace platen::impedance_files
