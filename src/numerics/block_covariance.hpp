#pragma once
// Generalised least squares for rows that come in blocks (J3): half cycles whose levels differ anyway, habits that all of them share.

#include <cstddef>
#include <span>
#include <vector>

namespace platen::numerics {

/// Rows of which each has noise of its own, and each block draws effects of its own.
struct BlockedRows {
  std::vector<std::size_t> begins; ///< first row of each block, then the number of rows
  std::vector<double> variance;    ///< of each row's noise, above 0; u^2 where u is the unit of the rows
  std::vector<double> own;         ///< column by column, u: what an effect of size 1 that a block draws anew does to its rows
  double walk = 0.0;               ///< u, standard deviation by which a level that all rows have changes from each block to the next
};

/// (J3) V = diag(variance) + [same block] L L^T + walk^2 (steps so far) + B B^T, L the columns `own`, B those that all rows share.
/// Rows are foreseen one after the other from those before in their block, so that neither V nor a block of it is ever written out: time goes with the
/// rows. Sources: Potter's square-root filter (Battin, Astronautical Guidance, 1964, 338); Woodbury's identity.
class BlockCovariance {
public:
  /// @param shared column by column, u: what an effect of size 1 does to each row. What is not finite makes all products NaN.
  BlockCovariance(BlockedRows rows, std::span<const double> shared);

  /// A column as the covariance sees it.
  struct Seen {
    std::vector<double> white;  ///< one number per row: errors of unit variance but for the shared effects
    std::vector<double> shared; ///< one per shared column: what those can explain of it
  };
  void see(std::span<const double> column, Seen& out) const;
  Seen see(std::span<const double> column) const;

  /// a^T V^-1 b.
  double product(const Seen& a, const Seen& b) const;
  /// ln det V.
  double log_determinant() const { return log_determinant_; }
  /// Best estimates of the shared effects in the column y: B^T V^-1 y.
  std::vector<double> effects(const Seen& y) const;
  /// Standard error of one of them.
  double error(std::size_t effect) const;
  const BlockedRows& rows() const { return rows_; }

private:
  void foresee();
  template <std::size_t wide> void whiten(double* columns, std::size_t from) const;

  BlockedRows rows_;
  std::size_t states_ = 0, shared_ = 0;    ///< states: effects of the block, then the level that walks
  std::vector<double> does_, tells_;       ///< row by row: what the states do to it, and what it tells of them
  std::vector<double> scale_;              ///< 1/u, of the innovations
  std::vector<double> white_, factor_;     ///< the shared columns whitened, four by four row by row; G of G G^T = 1 + B^T V0^-1 B, V0 = V - B B^T
  double log_determinant_ = 0.0;
};

} // namespace platen::numerics
