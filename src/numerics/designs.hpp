#pragma once
// Where to look in a unit cube: designs of experiments whose points depend on a seed and on their number alone, so that
// any run of a long study can be made, or made again, without the others. How to choose: docs/theory/sensitivity.md.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace platen::numerics {

// Every `point(index, x)` fills x (as long as the design has dimensions) with numbers in the open interval (0, 1), except
// that the unscrambled Sobol sequence begins at the origin. @throws Error B004 when index or the length of x do not fit.

/// Sobol's low-discrepancy sequence in base 2: any 2^m points from a multiple of 2^m on fill the cube evenly.
/// Direction numbers: Joe and Kuo, SIAM J. Sci. Comput. 30 (2008) 2635, set "new-joe-kuo-6", in Gray code order.
class SobolSequence {
public:
  static constexpr std::size_t most_dimensions = 101; ///< all primitive polynomials up to degree nine
  static constexpr std::uint64_t most_points = std::uint64_t{1} << 32;

  /// With a seed the digits are permuted at random, nested, as by Owen (1995): evenness stays, points become uniform, and
  /// two seeds give independent estimates. Without: the published points, starting with the origin.
  explicit SobolSequence(std::size_t dimensions, std::optional<std::uint64_t> seed = std::nullopt);

  std::size_t dimensions() const { return directions_.size() / 32; }
  void point(std::uint64_t index, std::span<double> x) const;

private:
  std::vector<std::uint32_t> directions_; ///< of dimension d at [32 d]
  std::vector<std::uint64_t> keys_;       ///< one per dimension; empty: not scrambled
};

/// Latin hypercube: in every dimension each of `points` equal slices holds one point.
class LatinHypercube {
public:
  static constexpr std::uint64_t most_maximin_points = 1000; ///< the search holds all distances

  /// Plain: random pairing, random place within the slice; no memory however many points.
  /// Maximin: points in the middle of their slices, paired by a search of random swaps for the criterion of Morris and
  /// Mitchell, J. Stat. Plan. Inference 43 (1995) 381, sum of distance^-10: near points are pushed apart. @throws Error
  /// B004 above most_maximin_points.
  enum class Pairing { plain, maximin };
  LatinHypercube(std::uint64_t points, std::size_t dimensions, std::uint64_t seed, Pairing pairing = Pairing::plain);

  std::uint64_t points() const { return points_; }
  std::size_t dimensions() const { return keys_.size(); }
  void point(std::uint64_t index, std::span<double> x) const;

private:
  std::uint64_t points_;
  std::vector<std::uint64_t> keys_;    ///< one per dimension
  std::vector<std::uint32_t> slices_;  ///< of a maximin design, point by point
};

/// Morris's trajectories: each starts at a random cell of a grid and moves one factor at a time by half the cube, in random
/// order, until every factor has moved once. Source: Morris, Technometrics 33 (1991) 161; the levels are middles of `levels`
/// equal cells instead of a grid with both ends, so that a point has a place under every distribution.
class MorrisDesign {
public:
  static constexpr double step = 0.5; ///< of the cube, up or down

  /// `levels` is even and at least 2. @throws Error B004 otherwise.
  MorrisDesign(std::uint64_t trajectories, std::size_t factors, std::uint64_t seed, std::uint64_t levels = 4);

  std::uint64_t trajectories() const { return trajectories_; }
  std::size_t dimensions() const { return factors_; }
  std::uint64_t points() const { return trajectories_ * (factors_ + 1); } ///< trajectory by trajectory
  void point(std::uint64_t index, std::span<double> x) const;

private:
  std::uint64_t trajectories_, seed_, levels_;
  std::size_t factors_;
};

/// Saltelli's sample for Sobol indices: rows of A, of A with one column from B for every factor, and of B, from one
/// scrambled Sobol sequence of twice as many dimensions. Row j of all of them stands together: point j (factors + 2) is
/// A_j, the next ones are A_j with factor 0, 1, ... from B_j, then B_j.
/// Source: Saltelli et al., Comput. Phys. Commun. 181 (2010) 259. `rows` should be a power of two.
class SaltelliDesign {
public:
  static constexpr std::size_t most_factors = SobolSequence::most_dimensions / 2;

  SaltelliDesign(std::uint64_t rows, std::size_t factors, std::uint64_t seed);

  std::uint64_t rows() const { return rows_; }
  std::size_t dimensions() const { return sequence_.dimensions() / 2; }
  std::uint64_t points() const { return rows_ * (dimensions() + 2); }
  void point(std::uint64_t index, std::span<double> x) const;

private:
  std::uint64_t rows_;
  SobolSequence sequence_;
};

} // namespace platen::numerics
