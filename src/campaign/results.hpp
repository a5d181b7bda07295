#pragma once
// What can be asked of a run: numbers and words by name. Listed in docs/formats/campaign.md.

#include "assess/assessment.hpp"
#include "campaign/table.hpp"
#include "record/record.hpp"
#include "simulate/outcome.hpp"
#include "study/study.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::campaign {

/// What a run left behind, for the results to be taken from.
struct Ran {
  const Record& record;
  const TestOutcome& outcome;
  const Assessment* assessment = nullptr; ///< only where a judged result is asked for
};

struct Result {
  std::string_view name;
  std::string_view unit; ///< shown; empty: a word or a pure number
  /// As the table shows it; empty: the run has none.
  std::string (*value)(const Ran&);
};

std::vector<std::string> default_results();
/// Whether it is known by name; "final.COLUMN" always is, the study's record decides.
bool is_result(std::string_view name);
std::vector<std::string> result_hints(std::string_view name);
/// Every name but those of final.COLUMN.
std::vector<std::string> result_names();

/// The results of a campaign, bound to the record of its study.
class Results {
public:
  /// `plain` and `with_parts` are records of any run of the study, without and with `Output::parts`.
  /// @throws Error C132 with the places of the names that neither has.
  Results(const std::vector<std::string>& names, const std::vector<Place>& places, const Record& plain, const Record& with_parts);

  /// Whether the whole record has to be judged.
  bool judged() const noexcept { return judged_; }
  /// Whether a run needs `Output::parts`.
  bool parts() const noexcept { return parts_; }
  std::vector<TableColumn> columns() const;
  std::vector<std::string> values(const Ran& ran) const;

private:
  struct Bound {
    const Result* result = nullptr;
    std::string final_column, unit;
  };
  std::vector<std::string> names_;
  std::vector<Bound> bound_;
  bool judged_ = false, parts_ = false;
};

} // namespace platen::campaign
