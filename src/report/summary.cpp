#include "report/summary.hpp"

#include "record/segments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::report {
namespace {

ChannelSummary summarise(const Column& column) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  ChannelSummary out{&column, infinity, -infinity, 0};
  const auto take = [&](double value) {
    if (!std::isfinite(value)) {
      ++out.missing;
      return;
    }
    out.low = std::min(out.low, value);
    out.high = std::max(out.high, value);
  };
  std::visit([&](const auto& values) { std::for_each(values.begin(), values.end(), [&](auto v) { take(static_cast<double>(v)); }); },
             column.values);
  return out;
}

std::optional<std::size_t> runs(const Record& record, std::string_view name) {
  const Column* column = record.find(name);
  const auto* values = column != nullptr ? std::get_if<std::vector<std::int32_t>>(&column->values) : nullptr;
  if (values == nullptr || values->empty()) return std::nullopt;
  std::size_t count = 1;
  for (std::size_t k = 1; k < values->size(); ++k) count += (*values)[k] != (*values)[k - 1] ? 1 : 0;
  return count;
}

} // namespace

Summary summarise(const Record& record) {
  Summary out;
  for (const Column& column : record.columns()) {
    out.channels.push_back(summarise(column));
    const ChannelSummary& channel = out.channels.back();
    if (!(channel.low <= channel.high)) continue;
    if (column.name == col::test_time) out.duration = channel.high - channel.low;
    if (column.name == col::unix_time) out.started = channel.low;
  }
  out.cycles = runs(record, col::cycle_count);
  out.steps = runs(record, record.has(col::step_count) ? col::step_count : col::step_index);
  if (record.has(col::test_time) && record.has(col::current)) {
    const Segments segments = find_segments(record);
    out.half_cycles = segments.half_cycles.size();
    out.current_steps = segments.current_steps.size();
  }
  return out;
}

} // namespace platen::report
