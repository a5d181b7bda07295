#include "assess/excursions.hpp"

#include "assess/thresholds.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace platen::assessing {
namespace {

constexpr std::size_t left_out = 3;        ///< rows after a switch of the current: capacitances are charged
constexpr std::size_t rows_beside = 5;     ///< of which the median is the level before, and after
constexpr double median_error = 0.54;      ///< of five rows, in standard deviations of one
constexpr double returned_share = 0.7;     ///< of the depth
constexpr std::size_t most_rows = 8;       ///< over more of them a course may bend
constexpr double sudden = 0.5;             ///< of the depth, from the row before to the first

/// Rows of one half cycle as seen from one side.
class Side {
public:
  Side(const Trace& trace, int side) : trace_(trace), side_(side) {}
  double at(std::size_t row) const { return -side_ * trace_.raw[row]; } // excursions are falls
  std::size_t size() const { return trace_.raw.size(); }

  /// Median of the rows [from, from + rows_beside).
  double level(std::size_t from) const {
    std::array<double, rows_beside> x{};
    for (std::size_t j = 0; j < rows_beside; ++j) x[j] = at(from + j);
    std::nth_element(x.begin(), x.begin() + rows_beside / 2, x.end());
    return x[rows_beside / 2];
  }

  /// The excursion that begins at `row`, its depth 0 where none does.
  Excursion from(std::size_t row, const Least& least) const {
    Excursion out{row, 1, 0.0, 0.0};
    const double enough = std::max(least.share * std::abs(at(row)), least.deviations * least.noise), edge = at(row - 1) - at(row);
    if (edge < sudden * enough) return out;
    const double before = level(row - rows_beside), fall = before - at(row);
    if (fall < enough || edge < sudden * fall) return out;
    std::size_t j = row + 1;
    const double back = before - (1.0 - returned_share) * fall;
    while (j < size() && j <= row + most_rows && at(j) < back) ++j;
    if (j + rows_beside > size() || j > row + most_rows) return out; // it stays, or nobody knows
    // a slope is none: what the rows before and after lead one to expect
    const double after = level(j), x = static_cast<double>(rows_beside / 2 + 1), length = static_cast<double>(j - row);
    const double depth = before + (after - before) * x / (2.0 * x + length - 1.0) - at(row);
    out.deviations = depth / (least.noise * std::hypot(1.0, median_error));
    if (depth < enough || edge < sudden * depth || std::abs(after - before) > (1.0 - returned_share) * depth || out.deviations < least.deviations) return out;
    out.rows = j - row;
    out.depth = depth;
    return out;
  }

private:
  const Trace& trace_;
  int side_;
};

} // namespace

std::vector<Excursion> find_excursions(const Trace& trace, int side, const Least& least) {
  std::vector<Excursion> out;
  const Side rows(trace, side);
  const std::size_t n = rows.size();
  for (std::size_t k = std::max(left_out, n / 20) + rows_beside; k < n;) {
    const Excursion e = rows.from(k, least);
    if (e.depth > 0.0) out.push_back(e);
    k += e.depth > 0.0 ? e.rows + 1 : 1;
  }
  return out;
}

} // namespace platen::assessing
