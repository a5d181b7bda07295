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

/// A mark and the rows it stands for, itself and those that follow up to the next mark; ms.
struct Span {
  std::size_t first = 0, last = 0; ///< rows [first, last)
  Mark mark;
  double limit = 0.0;  ///< filled-in step times may not pass that of the next mark of the same step
  double before = 0.0; ///< last step times of all steps before, summed

  double step_time(std::size_t row) const {
    return std::min(mark.step_time + static_cast<double>(row - first) * mark.interval, limit);
  }
};

/// The marks of a file in order of their rows, and what follows from one for the next.
class Timeline {
public:
  Timeline(const Member& member, double charge, const std::vector<MarkPlace>& places, std::size_t rows,
           const std::vector<StepRow>& steps)
      : bytes_(member.bytes), charge_(charge), places_(places), rows_(rows), before_(places.size()) {
    double before = 0.0, latest = 0.0, last = 0.0;
    for (std::size_t k = 0; k < places.size(); ++k) {
      const Span span = without_before(k);
      if (k > 0 && span.mark.step_count != step_count_before(k)) {
        before += latest;
        latest = 0.0;
      } else if (k > 0 && span.mark.step_time < last) {
        ++backwards_;
      }
      before_[k] = before;
      last = span.step_time(span.last - 1);
      latest = std::max(latest, last);
      if (!is_known(span.mark.step_count, steps)) steps_unknown_ += span.last - (k > 0 ? span.first : 0);
    }
  }

  std::size_t size() const noexcept { return places_.size(); }
  Span span(std::size_t k) const {
    Span out = without_before(k);
    out.before = before_[k];
    return out;
  }
  std::size_t steps_unknown() const noexcept { return steps_unknown_; } ///< rows
  std::size_t backwards() const noexcept { return backwards_; }
  static bool is_known(std::int32_t step_count, const std::vector<StepRow>& steps) {
    return static_cast<std::size_t>(static_cast<std::int64_t>(step_count) - 1) < steps.size();
  }

private:
  Mark mark(std::size_t k) const { return decode_mark(bytes_.data() + places_[k].offset, charge_); }
  std::int32_t step_count_before(std::size_t k) const { return mark(k - 1).step_count; }
  Span without_before(std::size_t k) const {
    const bool is_last = k + 1 == places_.size();
    Span out{places_[k].row, is_last ? rows_ : places_[k + 1].row, mark(k), std::numeric_limits<double>::infinity(), 0.0};
    if (is_last) return out;
    const Mark next = mark(k + 1);
    if (next.step_count == out.mark.step_count && next.step_time >= out.mark.step_time) out.limit = next.step_time;
    return out;
  }

  std::string_view bytes_;
  double charge_;
  const std::vector<MarkPlace>& places_;
  std::size_t rows_;
  std::vector<double> before_;
  std::size_t steps_unknown_ = 0, backwards_ = 0;
};

/// Fills rows of the table. Rows of different spans may be filled at the same time.
class Filler {
public:
  Filler(Table& table, const std::vector<StepRow>& steps, bool known) : table_(table), steps_(steps), known_(known) {}

  void fill(const Span& span) {
    for (std::size_t row = span.first; row < span.last; ++row) set_times(row, span, span.step_time(row));
    double charge = span.mark.charge, energy = span.mark.energy;
    table_.capacity[span.first] = charge;
    table_.energy[span.first] = energy;
    const double interval = 1e-3 * span.mark.interval;
    for (std::size_t row = span.first + 1; row < span.last; ++row) {
      const double passed = table_.current[row] * interval;
      table_.capacity[row] = charge += passed;
      table_.energy[row] = energy += passed * table_.voltage[row];
    }
    table_.interpolated[span.first] = 0;
    set_step(span.first, span.last, span.mark.step_count);
  }

  /// Rows before the first mark: time is counted back from it.
  void fill_before(const Span& first) {
    for (std::size_t row = 0; row < first.first; ++row) {
      set_times(row, first, std::max(0.0, first.mark.step_time - static_cast<double>(first.first - row) * first.mark.interval));
      table_.capacity[row] = first.mark.charge;
      table_.energy[row] = first.mark.energy;
    }
    set_step(0, first.first, first.mark.step_count);
  }

private:
  void set_times(std::size_t row, const Span& span, double step_time) {
    // Divided, not multiplied, by 1000: 0.1 s is then the double nearest to 0.1.
    table_.step_time[row] = step_time / 1000.0;
    table_.test_time[row] = (span.before + step_time) / 1000.0;
    table_.unix_time[row] = (span.mark.clock + (step_time - span.mark.step_time)) / 1000.0;
  }
  void set_step(std::size_t first, std::size_t last, std::int32_t step_count) {
    const auto fill = [&](std::vector<std::int32_t>& column, std::int32_t value) {
      std::fill(column.begin() + static_cast<std::ptrdiff_t>(first), column.begin() + static_cast<std::ptrdiff_t>(last), value);
    };
    fill(table_.step_count, step_count);
    if (!known_) return;
    const StepRow step = Timeline::is_known(step_count, steps_) ? steps_[static_cast<std::size_t>(step_count) - 1] : StepRow{};
    fill(table_.step_index, step.index);
    fill(table_.cycle, step.cycle);
    fill(table_.step_type, step.type);
  }

  Table& table_;
  const std::vector<StepRow>& steps_;
  bool known_; ///< there is a table of steps
};

void warn_about(Reading& reading, const Timeline& timeline, bool steps_known) {
  if (const std::size_t rows = timeline.span(0).first; rows > 0)
    reading.warn("D046", fmt::format("{} rows lie before the first time mark: their time is counted back from it, and "
                                     "their capacity and energy are those of that mark", rows));
  if (steps_known && timeline.steps_unknown() > 0)
    reading.warn("D044", fmt::format("{} rows belong to steps that data_step.ndc does not list: their step index, cycle "
                                     "and step type are 0", timeline.steps_unknown()));
  if (timeline.backwards() > 0)
    reading.warn("D048", fmt::format("the instrument's time runs backwards {} times within a step", timeline.backwards()));
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
  const Timeline timeline(member, g.charge, places, table.rows(), steps);
  Filler filler(table, steps, table.has_steps);
  filler.fill_before(timeline.span(0));
  constexpr std::size_t together = 1024; // marks
  work::Task rest = reading.task;
  if (rest.progress) rest.progress = [&](double fraction) { reading.task.report(0.3 + 0.6 * fraction); };
  work::parallel_for(
      (timeline.size() + together - 1) / together,
      [&](std::size_t block) {
        for (std::size_t k = block * together; k < std::min(timeline.size(), (block + 1) * together); ++k) filler.fill(timeline.span(k));
      },
      neware::threads_for(table.rows()), rest);
  warn_about(reading, timeline, table.has_steps);
}

} // namespace

std::span<const int> split_versions() { return versions; }

Table read_split(Reading& reading, Member data, Table table) {
  const std::vector<StepRow> steps = read_steps(reading, table.has_steps);
  read_samples(reading, data, table);
  std::string().swap(data.bytes); // assigning an empty string would keep the memory
  reading.task.report(0.3);
  read_marks(reading, table, steps);
  return table;
}

} // namespace platen::ndax
