#include "import/neware/counts.hpp"

#include "import/bytes.hpp"
#include "import/container.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::neware {

void CountsDecoder::decode(const char* record, std::size_t row) {
  const auto range = load<std::int32_t>(record + at_.range);
  if (range != range_) {
    range_ = range;
    per_count_ = 1e-3 * milliampere_per_count(range);
    if (std::isnan(per_count_)) unknown_ranges_.insert(range);
  }
  const auto net = [&](const char* at) {
    return (static_cast<double>(load<std::int64_t>(at)) - static_cast<double>(load<std::int64_t>(at + 8))) * per_count_;
  };
  table_.voltage[row] = load<std::int32_t>(record + at_.time + 8) / 1e4;
  table_.current[row] = load<std::int32_t>(record + at_.time + 12) * per_count_;
  table_.capacity[row] = net(record + at_.charge);
  table_.energy[row] = net(record + at_.charge + 16);
  set_clock(record + at_.clock, row);
  table_.cycle[row] = clamp_int(load<std::uint32_t>(record + at_.cycle) + std::uint64_t{1});
  table_.step_index[row] = at_.step_index_bytes == 2 ? load<std::uint16_t>(record + at_.step_index)
                                                     : load<std::uint8_t>(record + at_.step_index);
  table_.step_type[row] = static_cast<std::int32_t>(step_type(load<std::uint8_t>(record + at_.step_type), unknown_steps_));
  steps_.set(row, static_cast<double>(load<std::uint64_t>(record + at_.time)), 1000.0,
             at_.step_mark > 0 ? load<std::uint8_t>(record + at_.step_mark) : 0);
}

void CountsDecoder::set_clock(const char* at, std::size_t row) {
  if (at_.unix_clock) {
    table_.unix_time[row] = static_cast<double>(load<std::uint64_t>(at));
    return;
  }
  if (load<std::uint32_t>(at) != date_) {
    date_ = load<std::uint32_t>(at);
    midnight_ = midnight_of(at);
  }
  table_.unix_time[row] = midnight_ + 3600.0 * load<std::uint8_t>(at + 4) + 60.0 * load<std::uint8_t>(at + 5) +
                          load<std::uint8_t>(at + 6);
  if (std::isnan(midnight_)) ++bad_dates_;
}

void CountsDecoder::report(Diagnostics& faults, const std::string& file) const {
  warn_unknown_steps(faults, file, unknown_steps_);
  warn_unknown_ranges(faults, file, unknown_ranges_);
  if (bad_dates_ > 0)
    faults.warning("D051", fmt::format("{} rows carry a date that does not exist", bad_dates_), whole_file(file));
  if (!at_.unix_clock && table_.rows() > 0)
    faults.warning("D045", "the instrument's clock is local time without a time zone; unix_time takes it for UTC",
                   whole_file(file));
}

} // namespace platen::neware
