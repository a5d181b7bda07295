#pragma once
// The cells of Ham et al. (2022) as the calibration runs them: shortest tests that still show what a row speaks of.

#include "physics/parameters.hpp"
#include "study/study.hpp"
#include "work/work.hpp"

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// What a cell's test came to; NaN where it has no such thing.
struct CellAnswer {
  double ccd;                    ///< continuous, A/m2; at least this where `unfailed`
  double cycles;                 ///< of the life test until the contact, continuous; all of them where there was none
  double first_swing;            ///< Pa
  double largest_swing;          ///< Pa
  double after_first_half_cycle; ///< Pa
  std::array<double, 3> lost;    ///< Pa: drop of the pressure 30 min, 10 h and 24 h after it was set to 25 MPa
  bool unfailed = false;
};

/// Continuous CCD (A/m2) of a study with a ramp, averaged over shifted grids of steps; the ramp ends where no cell of the paper's kind
/// could still carry the current. @throws Error S001; Cancelled.
double averaged_ccd(Study study, const work::Task& task);

/// Runs cells by the name of their study file ("full-25.5-fixed") and remembers the last answers. Safe from several threads.
class PublishedCells {
public:
  explicit PublishedCells(const Mechanisms& mechanisms);

  /// Members of `parameters` that are fitted. `answer` compares these alone when it looks for a test that it has already run.
  void depend_on(std::vector<double physics::Parameters::*> members) { members_ = std::move(members); }

  /// @returns empty where the cell could not be simulated. @throws Cancelled; Error B021 when there is no such study.
  std::optional<CellAnswer> answer(std::string_view study, const physics::Parameters& parameters, const work::Task& task);

  /// The numbers of set Ham2022, for what is not fitted.
  const physics::Parameters& parameters() const { return parameters_; }

private:
  struct Remembered {
    std::vector<double> values;
    std::optional<CellAnswer> answer;
  };

  physics::Parameters parameters_;
  std::vector<double physics::Parameters::*> members_;
  std::map<std::string, Study, std::less<>> studies_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Remembered>, std::less<>> remembered_;
};

} // namespace platen::calibrate
