// ndc 11, 14, 16, 17. The tester sends voltage and current of every row, but time, charge and energy only in "marks", now and
// then and at every change of step or interval. The vendor's program fills the rows between, and so does this file, by
// the same rule; voltage and current of such rows are measured. docs/formats/ndax.md, "Split records".

#include "import/bytes.hpp"
#include "import/neware/ndax_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::ndax {
namespace {

/// What differs between the versions.
struct Generation {
  int version = 0;
  double per_volt = 1.0;   ///< stored units; divided by, so that 0.1 mV become the nearest double
  double per_ampere = 1.0; ///< stored units
  double charge = 3600.0; ///< C (and J) per stored unit: Ah or mAs
  std::size_t mark = 0;  ///< bytes of a record of data_runInfo.ndc
  std::size_t step = 0;  ///< bytes of a record of data_step.ndc
};
constexpr std::array<int, 4> versions = {11, 14, 16, 17};
constexpr std::array<Generation, 4> generations = {{
    {11, 1e4, 1e3, 1e-3, 47, 37},
    {14, 1.0, 1.0, 3600.0, 55, 37},
    {16, 1e4, 1e3, 1e-3, 100, 100},
    {17, 1.0, 1.0, 3600.0, 100, 100},
}};

const Generation& generation_of(const Reading& reading, const Member& member) {
  const auto* found = std::find_if(generations.begin(), generations.end(),
                                   [&](const Generation& g) { return g.version == member.header.version; });
  if (found != generations.end()) return *found;
  throw Error("D034",
              fmt::format("`{}` inside `{}` is of ndc version {}, which does not go with the version of data.ndc",
                          member.name, reading.container.file(), member.header.version),
              whole_file(reading.container.file()), {"export the test again from BTSDA"});
}

struct StepRow {
  std::int32_t index = 0, cycle = 0, type = 0;
};

/// Steps by their place in data_step.ndc, which is the step count minus one.
std::vector<StepRow> read_steps(Reading& reading, bool& present) {
  constexpr const char* name = "data_step.ndc";
  present = reading.container.has(name);
  if (!present) {
    reading.warn("D044", fmt::format("`{}` holds no {}: step index, step type and cycle of the rows are not known",
                                     reading.container.file(), name));
    return {};
  }
  const Member member = reading.open(name, Kind::steps);
  const Pages pages(member.bytes, wide_pages(generation_of(reading, member).step));
  const std::size_t size = generation_of(reading, member).step;
  reading.report_damage(member, pages);
  std::vector<StepRow> steps;
  std::set<int> unknown;
  pages.for_each_run([&](std::size_t slot, const char* at, std::size_t count) {
    steps.resize(slot);
    for (std::size_t k = 0; k < count; ++k, at += size)
      steps.push_back({neware::clamp_int(load<std::uint32_t>(at + 4)), neware::clamp_int(load<std::uint32_t>(at) + std::uint64_t{1}),
                       static_cast<std::int32_t>(neware::step_type(load<std::uint8_t>(at + 24), unknown))});
  });
  neware::warn_unknown_steps(reading.faults, reading.container.file(), unknown);
  return steps;
}

void read_samples(Reading& reading, const Member& data, Table& table) {
  const Generation& g = generation_of(reading, data);
  const Pages pages(data.bytes, wide_pages(8));
  reading.report_damage(data, pages);
  const std::size_t rows = pages.filled();
  table.allocate(rows);
  std::size_t row = 0;
  pages.for_each_run([&](std::size_t slot, const char* at, std::size_t count) {
    double* voltage = table.voltage.data() + row;
    double* current = table.current.data() + row;
    for (std::size_t k = 0; k < count; ++k) {
      voltage[k] = static_cast<double>(load<float>(at + 8 * k)) / g.per_volt;
      current[k] = static_cast<double>(load<float>(at + 8 * k + 4)) / g.per_ampere;
    }
    table.slots.add(slot, count);
    row += count;
    if ((row & 0xFFFF) < count) reading.task.check();
  });
  table.slots.finish();
}

/// A record of data_runInfo.ndc, times in ms.
struct Mark {
  double step_time = 0.0, interval = 0.0, clock = 0.0;
  double charge = 0.0, energy = 0.0; ///< C, J, signed
  std::int32_t step_count = 0;
};

Mark decode_mark(const char* at, double charge) {
  const auto difference = [&](std::size_t offset) {
    return charge * (static_cast<double>(load<float>(at + offset)) - static_cast<double>(load<float>(at + offset + 4)));
  };
  return {static_cast<double>(load<std::uint32_t>(at)),
          std::max(0.0, static_cast<double>(load<std::int32_t>(at + 29))),
          1000.0 * load<std::uint32_t>(at + 33) + load<std::uint16_t>(at + 45),
          difference(5), difference(13), neware::clamp_int(load<std::uint32_t>(at + 37))};
}

/// Where the mark of a row lies in the member. 32 bits are enough, as a member has less than 4 GiB (ContainerLimits).
struct MarkPlace {
  std::uint32_t row = 0, offset = 0;
};

/// The marks in order of their rows, the first of each row only: the vendor's program shows that one.
std::vector<MarkPlace> place_marks(Reading& reading, const Member& member, const Pages& pages, const SlotMap& slots,
                                   std::size_t size) {
  std::vector<MarkPlace> places;
  places.reserve(pages.filled());
  std::size_t strays = 0;
  pages.for_each_run([&](std::size_t, const char* at, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k, at += size) {
      const auto index = load<std::uint32_t>(at + 41);
      if (index == 0) continue;
      const std::size_t row = slots.row_of(index - 1);
      if (row == SlotMap::none) ++strays;
      else if (places.empty() || row != places.back().row)
        places.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(at - member.bytes.data())});
    }
  });
  const auto by_row = [](const MarkPlace& a, const MarkPlace& b) { return a.row < b.row; };
  if (!std::is_sorted(places.begin(), places.end(), by_row)) {
    std::stable_sort(places.begin(), places.end(), by_row);
    const auto same_row = [](const MarkPlace& a, const MarkPlace& b) { return a.row == b.row; };
    places.erase(std::unique(places.begin(), places.end(), same_row), places.end());
  }
  if (strays > 0)
    reading.warn("D050", fmt::format("{} time marks belong to rows that data.ndc does not hold", strays),
                 {"data.ndc may have been cut off: export the test again from BTSDA"});
  return places;
}

/// Fills the rows of the table from one mark to the next.
class Filler {
public:
  Filler(Table& table, const std::vector<StepRow>& steps) : table_(table), steps_(steps) {}

  /// Rows [first, last): the mark's own, then those that follow it. `limit` is the step time of the next mark of the same
  /// step, which filled-in times may not pass; ms.
  void fill(std::size_t first, std::size_t last, const Mark& mark, double limit) {
    begin(first, mark);
    for (std::size_t row = first; row < last; ++row) {
      const double step_time = std::min(mark.step_time + static_cast<double>(row - first) * mark.interval, limit);
      set_times(row, step_time, mark.clock + (step_time - mark.step_time));
    }
    double charge = mark.charge, energy = mark.energy;
    table_.capacity[first] = charge;
    table_.energy[first] = energy;
    const double interval = 1e-3 * mark.interval;
    for (std::size_t row = first + 1; row < last; ++row) {
      const double passed = table_.current[row] * interval;
      table_.capacity[row] = charge += passed;
      table_.energy[row] = energy += passed * table_.voltage[row];
    }
    table_.interpolated[first] = 0;
    latest_in(std::min(mark.step_time + static_cast<double>(last - first - 1) * mark.interval, limit));
  }

  /// Rows before the first mark: time is counted back from it.
  void fill_before(std::size_t last, const Mark& mark) {
    for (std::size_t row = 0; row < last; ++row) {
      const double step_time = std::max(0.0, mark.step_time - static_cast<double>(last - row) * mark.interval);
      set_times(row, step_time, mark.clock + (step_time - mark.step_time));
      table_.capacity[row] = mark.charge;
      table_.energy[row] = mark.energy;
    }
  }

  /// After the last mark.
  void finish() { set_step(table_.rows()); }

  std::size_t steps_unknown() const noexcept { return steps_unknown_; }
  std::size_t backwards() const noexcept { return backwards_; }

private:
  void begin(std::size_t row, const Mark& mark) {
    if (started_ && mark.step_count != step_count_) {
      set_step(row);
      step_first_ = row;
      before_step_ += latest_;
      latest_ = 0.0;
    } else if (started_ && mark.step_time < last_) {
      ++backwards_;
    }
    started_ = true;
    step_count_ = mark.step_count;
  }
  void latest_in(double last) {
    last_ = last;
    latest_ = std::max(latest_, last);
  }
  void set_times(std::size_t row, double step_time, double clock) {
    // Divided, not multiplied, by 1000: 0.1 s is then the double nearest to 0.1.
    table_.step_time[row] = step_time / 1000.0;
    table_.test_time[row] = (before_step_ + step_time) / 1000.0;
    table_.unix_time[row] = clock / 1000.0;
  }
  /// The present step ends before row `last`.
  void set_step(std::size_t last) {
    const auto fill = [&](std::vector<std::int32_t>& column, std::int32_t value) {
      std::fill(column.begin() + static_cast<std::ptrdiff_t>(step_first_),
                column.begin() + static_cast<std::ptrdiff_t>(last), value);
    };
    fill(table_.step_count, step_count_);
    if (!table_.has_steps) return;
    const auto place = static_cast<std::size_t>(static_cast<std::int64_t>(step_count_) - 1);
    const bool known = place < steps_.size();
    if (!known) steps_unknown_ += last - step_first_;
    const StepRow step = known ? steps_[place] : StepRow{};
    fill(table_.step_index, step.index);
    fill(table_.cycle, step.cycle);
    fill(table_.step_type, step.type);
  }

  Table& table_;
  const std::vector<StepRow>& steps_;
  double before_step_ = 0.0, latest_ = 0.0, last_ = 0.0; ///< ms
  std::int32_t step_count_ = 0;
  bool started_ = false;
  std::size_t step_first_ = 0; ///< row
  std::size_t steps_unknown_ = 0, backwards_ = 0;
};

void warn_about(Reading& reading, const Filler& filler, std::size_t rows_before_first) {
  if (rows_before_first > 0)
    reading.warn("D046", fmt::format("{} rows lie before the first time mark: their time is counted back from it, and "
                                     "their capacity and energy are those of that mark", rows_before_first));
  if (filler.steps_unknown() > 0)
    reading.warn("D044", fmt::format("{} rows belong to steps that data_step.ndc does not list: their step index, cycle "
                                     "and step type are 0", filler.steps_unknown()));
  if (filler.backwards() > 0)
    reading.warn("D048", fmt::format("the instrument's time runs backwards {} times within a step", filler.backwards()));
}

Error no_marks(const Reading& reading, std::size_t rows) {
  return Error("D036", fmt::format("`{}` holds {} rows of voltage and current, but not one time mark for them",
                                   reading.container.file(), rows),
               whole_file(reading.container.file()), {"export the test again from BTSDA"});
}

void read_marks(Reading& reading, Table& table, const std::vector<StepRow>& steps) {
  constexpr const char* name = "data_runInfo.ndc";
  if (!reading.container.has(name)) {
    if (table.rows() == 0) return;
    throw no_marks(reading, table.rows());
  }
  const Member member = reading.open(name, Kind::marks);
  const Generation& g = generation_of(reading, member);
  const Pages pages(member.bytes, wide_pages(g.mark));
  reading.report_damage(member, pages);
  const std::vector<MarkPlace> places = place_marks(reading, member, pages, table.slots, g.mark);
  if (table.rows() == 0) return;
  if (places.empty()) throw no_marks(reading, table.rows());
  const auto decode = [&](const MarkPlace& place) { return decode_mark(member.bytes.data() + place.offset, g.charge); };
  Filler filler(table, steps);
  Mark mark = decode(places.front());
  filler.fill_before(places.front().row, mark);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const bool is_last = k + 1 == places.size();
    const Mark next = is_last ? Mark{} : decode(places[k + 1]);
    const bool same_step = !is_last && next.step_count == mark.step_count && next.step_time >= mark.step_time;
    filler.fill(places[k].row, is_last ? table.rows() : places[k + 1].row, mark,
                same_step ? next.step_time : std::numeric_limits<double>::infinity());
    mark = next;
    if (k % 4096 == 0) {
      reading.task.check();
      reading.task.report(0.3 + 0.6 * static_cast<double>(places[k].row) / static_cast<double>(table.rows()));
    }
  }
  filler.finish();
  warn_about(reading, filler, places.front().row);
}

} // namespace

std::span<const int> split_versions() { return versions; }

Table read_split(Reading& reading, Member data) {
  Table table;
  const std::vector<StepRow> steps = read_steps(reading, table.has_steps);
  read_samples(reading, data, table);
  std::string().swap(data.bytes); // assigning an empty string would keep the memory
  reading.task.report(0.3);
  read_marks(reading, table, steps);
  return table;
}

} // namespace platen::ndax
