#pragma once
// The parts of the .ndax reader, one file each: XML, whole records (ndc 2), split records (ndc 14 and later), auxiliary
// channels. ndax.cpp puts them together.

#include "import/container.hpp"
#include "import/neware/ndax_pages.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <cstdint>
#include <map>
#include <set>
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

/// The columns while they are filled; SI, one value per row.
struct Table {
  std::vector<double> test_time, unix_time, current, voltage, step_time, capacity, energy;
  std::vector<std::int32_t> step_index, step_count, step_type, cycle, interpolated;
  bool has_steps = true;        ///< step_index, step_type and cycle are known
  bool has_interpolated = true; ///< the format leaves rows to be filled in
  SlotMap slots;                ///< from an index minus one to a row

  std::size_t rows() const noexcept { return voltage.size(); }
  /// Sizes every column but voltage and current. Those the format lacks stay empty.
  void allocate(std::size_t rows);
};

/// The vendor's step codes. Codes met that have no StepType are put into `unknown`.
StepType step_type(int code, std::set<int>& unknown);
/// Warns (D047) if there are any.
void warn_unknown_steps(Reading& reading, const std::set<int>& unknown);
/// `value` as it fits a column of integers.
std::int32_t clamp_int(std::uint64_t value) noexcept;

/// Versions `read_whole` and `read_split` know.
std::span<const int> whole_versions();
std::span<const int> split_versions();
/// ndc 2: every row is one record of data.ndc. @throws Cancelled.
Table read_whole(Reading& reading, const Member& data);
/// ndc 14, 16, 17: data.ndc holds voltage and current, data_runInfo.ndc marks with time and charge, data_step.ndc the
/// steps. Takes `data` to free its bytes as soon as they are read. @throws Error D034, D036; Cancelled.
Table read_split(Reading& reading, Member data);

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
