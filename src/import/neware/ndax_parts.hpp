#pragma once
// The parts of the .ndax reader, one file each: XML, whole records (ndc 2, 5), split records (ndc 11 and later), auxiliary
// channels. ndax.cpp puts them together.

#include "import/container.hpp"
#include "import/neware/ndax_pages.hpp"
#include "import/neware/table.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace platen::ndax {

/// One member of the container, unpacked, with the version its own header states.
struct Member {
  std::string name;
  std::string bytes;
  NdcHeader header;
};

/// What the parts share while one file is read.
struct Reading {
  Container& container;
  const work::Task& task;
  Diagnostics faults; ///< warnings; what stops the reading is thrown

  void warn(std::string code, std::string message, std::vector<std::string> hints = {});
  /// @throws Error D031 to D033, D035 (too short, or not of this kind).
  Member open(const std::string& name, Kind kind);
  /// Warns (D040, D041) about pages that are damaged or cut off; their rows are kept.
  void report_damage(const Member& member, const Pages& pages);
};

using neware::SlotMap;
using neware::Table;

/// Versions `read_whole` and `read_split` know.
std::span<const int> whole_versions();
std::span<const int> split_versions();
/// How the pages of data.ndc and of auxiliary channels of ndc 2 and 5 are made.
PageShape whole_pages(int version);
/// ndc 2, 5: every row is one record of data.ndc. @throws Cancelled.
Table read_whole(Reading& reading, const Member& data);
/// ndc 11, 14, 16, 17: data.ndc holds voltage and current, data_runInfo.ndc marks with time and charge, data_step.ndc the
/// steps. Takes `data` to free its bytes as soon as they are read, and the columns of `room`. @throws Error D034, D036; Cancelled.
Table read_split(Reading& reading, Member data, Table room = {});

/// One <AuxN .../> of TestInfo.xml.
struct AuxElement {
  int id = 0, channel = -1, kind = -1, type = -1; ///< AuxID, RealChlID, ChlType, TypeID
};
struct TestDescription {
  std::map<std::string, std::string> metadata;
  std::vector<AuxElement> auxiliaries;
};
/// What the XML members say. Never fails: damage becomes warnings D042, D043.
TestDescription read_description(Reading& reading);

/// Adds the auxiliary channels as columns of `record`, whose rows are those of `slots`. A channel that cannot be read is
/// left out with warning D049. @throws Cancelled.
void read_auxiliaries(Reading& reading, const SlotMap& slots, std::vector<AuxElement> described, Record& record);

} // namespace platen::ndax
