#pragma once
// The rows of an ideal record as a function of time: which row holds, whether the next one belongs to the same step.

#include "record/record.hpp"

#include <span>
#include <vector>

namespace platen {

/// Charges at samples, C.
struct Charges {
  std::vector<double> net, charging, discharging, step;
};

class Timeline {
public:
  /// @throws Error D060 without test_time, D061 when it runs backwards or is not finite.
  explicit Timeline(const Record& ideal);

  const std::vector<double>& times() const { return times_; }
  /// 0, 1, 2 ...: every row is its own last row (rows at one time, before and after a switch, stay apart).
  std::vector<std::size_t> own_rows() const;
  /// Last row at or before `at`; the first row for earlier times.
  std::size_t row_before(double at) const;
  std::vector<std::size_t> rows_before(const std::vector<double>& at) const;
  /// On the line from `row` to the next one if both belong to one step, else the value of `row`.
  double value_at(std::span<const double> values, std::size_t row, double at) const;
  /// Integrals of `current` (A, one per row) from the first row to each sample; trapezoids within a step, the last
  /// current held until the next step begins.
  Charges integrate(std::span<const double> current, const std::vector<std::size_t>& rows, const std::vector<double>& at) const;
  /// Time since the step of the row began, s.
  std::vector<double> step_time(const std::vector<std::size_t>& rows, const std::vector<double>& at) const;

private:
  std::vector<double> times_;
  std::vector<char> joined_;            ///< whether row k and k + 1 belong to one step
  std::vector<std::size_t> step_start_; ///< first row of the step of row k
};

} // namespace platen
