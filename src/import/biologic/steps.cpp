#include "import/biologic/steps.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

namespace platen::biologic {
namespace {

enum class Mode { current = 1, voltage = 2, rest = 3 };

/// A column as whole numbers, whatever it holds. Empty: there is no such column.
std::vector<std::int32_t> whole(const Record& record, std::string_view name) {
  const Column* column = record.find(name);
  if (column == nullptr) return {};
  if (const auto* numbers = std::get_if<std::vector<std::int32_t>>(&column->values)) return *numbers;
  const auto& values = std::get<std::vector<double>>(column->values);
  std::vector<std::int32_t> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = static_cast<std::int32_t>(values[i] > -2e9 && values[i] < 2e9 ? values[i] : 0.0);
  return out;
}

/// The same without a copy where the column holds whole numbers. Good while the record keeps the column.
class Whole {
public:
  Whole(const Record& record, std::string_view name) {
    const Column* column = record.find(name);
    const auto* numbers = column != nullptr ? std::get_if<std::vector<std::int32_t>>(&column->values) : nullptr;
    if (numbers == nullptr) copy_ = whole(record, name);
    values_ = numbers != nullptr ? std::span<const std::int32_t>(*numbers) : std::span<const std::int32_t>(copy_);
  }
  std::int32_t operator[](std::size_t row) const { return values_[row]; }
  bool empty() const { return values_.empty(); }
  std::span<const std::int32_t> values() const { return values_; }

private:
  std::vector<std::int32_t> copy_;
  std::span<const std::int32_t> values_;
};

/// What `control` says of every row that is not at rest: a column in amperes or in volts is certain, EC-Lab's
/// `control/V/mA` leaves it to the mode.
std::optional<Mode> controlled(const Record& record) {
  const Column* control = record.find("control");
  if (control == nullptr) return std::nullopt;
  if (control->unit == "A") return Mode::current;
  if (control->unit == "V") return Mode::voltage;
  return std::nullopt;
}

bool is_sweep(const Record& record) {
  const auto technique = record.metadata.find("technique");
  return technique != record.metadata.end() && technique->second.find("Voltammetry") != std::string::npos;
}

StepType type_of(std::int32_t mode, const std::optional<Mode>& control, bool sweep, double charge) {
  if (mode == static_cast<int>(Mode::rest)) return StepType::rest;
  const bool current = control ? *control == Mode::current : mode == static_cast<int>(Mode::current);
  if (current) return charge > 0.0 ? StepType::cc_charge : charge < 0.0 ? StepType::cc_discharge : StepType::rest;
  if (sweep || (!control && mode != static_cast<int>(Mode::voltage))) return StepType::unknown;
  return charge < 0.0 ? StepType::cv_discharge : StepType::cv_charge;
}

} // namespace

void add_steps(Record& record) {
  if (record.rows() == 0 || record.has(col::step_count) || record.has(col::step_type)) return;
  const Whole mode(record, "mode");
  if (mode.empty()) return;
  const Whole ns(record, col::step_index), begins(record, "ns_changes");
  const std::size_t rows = record.rows();
  std::vector<std::int32_t> count(rows, 1);
  for (std::size_t i = 1; i < rows; ++i) {
    const bool changed = mode[i] != mode[i - 1] || (!ns.empty() && ns[i] != ns[i - 1]);
    const bool anew = !begins.empty() && begins[i] != 0 && begins[i - 1] == 0;
    count[i] = count[i - 1] + (changed || anew ? 1 : 0);
  }
  if (const Column* current = record.find(col::current)) {
    const auto& values = std::get<std::vector<double>>(current->values);
    const std::optional<Mode> control = controlled(record);
    const bool sweep = is_sweep(record);
    std::vector<std::int32_t> type(rows);
    for (std::size_t first = 0, end = 0; first < rows; first = end) {
      double charge = 0.0; // in units of the current: rows count alike
      for (end = first; end < rows && count[end] == count[first]; ++end)
        if (std::isfinite(values[end])) charge += values[end];
      const auto found = static_cast<std::int32_t>(type_of(mode[first], control, sweep, charge));
      std::fill(type.begin() + static_cast<std::ptrdiff_t>(first), type.begin() + static_cast<std::ptrdiff_t>(end), found);
    }
    record.set(col::step_type, std::move(type));
  }
  record.set(col::step_count, std::move(count));
}

void add_rest_current(Record& record, const Place& place) {
  if (record.rows() == 0 || record.has(col::current)) return;
  const Whole mode(record, "mode");
  const auto at_rest = [](std::int32_t m) { return m == static_cast<int>(Mode::rest); };
  if (mode.empty() || !std::all_of(mode.values().begin(), mode.values().end(), at_rest)) return;
  record.set(col::current, std::vector<double>(record.rows(), 0.0));
  std::erase_if(record.warnings, [](const Diagnostic& d) { return d.code == "D018"; });
  record.warnings.push_back({Severity::warning, "D325", "the file has no current; every row is at rest, so it is 0", place, {}});
}

void add_cycles(Record& record, const std::vector<std::int64_t>& loops) {
  if (record.rows() == 0 || record.has(col::cycle_count)) return;
  std::vector<std::int32_t> cycle;
  if (!loops.empty()) {
    cycle.resize(record.rows());
    std::size_t next = 0;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      while (next < loops.size() && loops[next] <= static_cast<std::int64_t>(i)) ++next;
      cycle[i] = static_cast<std::int32_t>(next);
    }
  } else {
    cycle = whole(record, "half_cycle");
    for (std::int32_t& c : cycle) c /= 2;
  }
  if (!cycle.empty()) record.set(col::cycle_count, std::move(cycle));
}

} // namespace platen::biologic
