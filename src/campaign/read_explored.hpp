#pragma once
// From the table of a campaign to what can be explored of it.

#include "campaign/explore.hpp"
#include "campaign/table.hpp"

#include <string>
#include <vector>

namespace platen::campaign {

/// How a campaign's points were made, as comments of its table say it:
///   design saltelli
///   axis flaw.depth: log from 1 to 14
struct DesignNote {
  struct Spread {
    std::string key;
    bool log = false;
    double low = 0.0, high = 0.0; ///< in the unit of the column; equal: not a range
  };
  std::string design; ///< "grid", "morris", ...; empty: not said
  std::vector<Spread> axes;
};
std::vector<std::string> comments_of(const DesignNote& note);
/// What the comments say; lines of other kinds are passed over.
DesignNote design_note(const std::vector<std::string>& comments);

/// Results of a table that are numbers, the ones that people ask for first in front.
std::vector<std::string> explorable(const NumberTable& table);

/// One result of a table, with its axes.
///
/// Where the CCD of a run is empty because no short was seen, the last step passed is taken as a bound when the table has it
/// (`last_passed`), and so is the life. Replicates of a point of Morris's and Saltelli's designs are taken together, by the mean of those
/// that have a result. @throws Error U006 when the table has no such result of numbers (the nearest is named), D526 when nothing was varied
/// or its rows are not those of its design.
Explored explored(const NumberTable& table, const std::string& result);

/// As people say it: "critical current density" for `ccd_continuous`, "hold" for `values.hold`.
std::string spoken(const std::string& column);

} // namespace platen::campaign
