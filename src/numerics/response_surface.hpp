#pragma once
// A smooth function of many factors fitted to scattered results, with the error that it makes on results it has not seen.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::numerics {

/// A sum of products of Legendre polynomials in 2u - 1, u in the unit cube. (S18), (S19)
class ResponseSurface {
public:
  enum class Shape {
    linear,    ///< first powers
    additive,  ///< up to the third power of each factor, no products
    quadratic, ///< squares and products of two
    rich       ///< up to the fourth power of each factor, and products of two
  };

  /// Fits every shape that has at most a third as many terms as there are different points and keeps the one with the least
  /// error in ten-fold cross validation; equal points stay in one fold. No power of a factor is higher than its different
  /// values less one. `points`: results.size() x factors, in [0, 1]; results that are not finite are left out.
  /// @throws Error B004 when the lengths do not fit, fewer than ten results are left, or the points do not determine even the
  /// linear shape.
  ResponseSurface(std::span<const double> points, std::span<const double> results, std::size_t factors);

  Shape shape() const { return shape_; }
  std::size_t terms() const { return coefficients_.size(); }
  std::size_t results() const { return results_; }
  /// Root of the mean square error on results not used in the fit, in their unit.
  double error() const { return error_; }
  /// Share of the results' variance that is foreseen: 1 - error^2 / variance; below 0 the mean is the better guess.
  double foreseen() const { return foreseen_; }

  double at(std::span<const double> u) const;
  /// The mean over all other factors, spread evenly, where one factor or two have these values. (S20)
  double along(std::size_t factor, double u) const;
  double along(std::size_t a, double u_a, std::size_t b, double u_b) const;
  /// Shares of the surface's own variance, factors spread evenly: by each factor alone, and with its products. (S21)
  struct Share {
    double first = 0.0, total = 0.0;
  };
  std::vector<Share> shares() const;

private:
  std::size_t product_term(std::size_t a, std::size_t b) const;

  std::size_t factors_, results_ = 0;
  Shape shape_ = Shape::linear;
  std::vector<std::size_t> powers_; ///< highest of each factor
  std::vector<double> coefficients_;
  double error_ = 0.0, foreseen_ = 0.0;
};

std::string_view label(ResponseSurface::Shape shape); ///< "additive"

} // namespace platen::numerics
