#pragma once
// A half cycle beside what was expected of it, from healthy ones before it in the same direction: nucleation, charging and voids drop out (A73).

#include "assess/assessment.hpp"
#include "assess/trace.hpp"

#include <optional>
#include <vector>

namespace platen::assessing {

struct Judged;

/// A half cycle beside the last healthy ones before it in the same direction.
struct Beside {
  std::vector<double> rho;   ///< 1, resistance over the expected one, less 1, of each row as recorded (A73)
  std::vector<double> sigma; ///< 1, its standard error
  std::vector<double> range; ///< 1, by which those half cycles differ from each other at the same time; 1 where there is one only
  double level_error = 0.0;  ///< 1, by which levels of like half cycles differ for no known reason
};

/// (A73). Empty: no healthy half cycle in the same direction came before `at`, at the same pressure. Only what was judged before `at` is looked at.
std::optional<Beside> beside_earlier(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at);

/// ln of the resistance (ohm at 25 degC) of each row, averaged over five where that does not blur the start: what later half cycles are held against.
std::vector<double> smooth_course(const Trace& trace);

} // namespace platen::assessing
