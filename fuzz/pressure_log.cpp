// Load-cell logs: two settings by the first byte, one that reads little into the log and one that asks for
// everything.

#include "fuzz.hpp"

#include "import/pressure_log.hpp"

#include <cmath>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  if (size == 0) return 0;
  PressureLog settings;
  settings.file = "fuzz.csv";
  settings.cell.unit = "N";
  if (data[0] % 2 == 1) {
    settings.zone = "Europe/Berlin";
    settings.zero_interval = ZeroInterval{0.0, 100.0, false};
    settings.cell.zero_per_kelvin = 0.1;
    settings.cell.table = {{-1e3, -1e3}, {0.0, 0.0}, {1e3, 2e3}};
  }
  return fuzz::try_reading([&] {
    Record record;
    record.set(col::test_time, std::vector<double>{0.0, 1.0});
    record.set(col::unix_time, std::vector<double>{1.7e9, 1.7e9 + 1.0});
    const LoadLog load = parse_load_log(fuzz::bytes_of(data + 1, size - 1), settings, {1e-4, ""}, record, {});
    const align::Log& log = load.log;
    if (log.value.size() != log.time.size()) std::abort();
    if (!log.temperature.empty() && log.temperature.size() != log.time.size()) std::abort();
    for (std::size_t i = 1; i < log.time.size(); ++i)
      if (!(log.time[i] > log.time[i - 1])) std::abort();
    align::find_jumps(log);
    for (const double v : align::resample(log, std::vector<double>{0.0, 1.0, 1.7e9}, 100.0))
      if (std::isinf(v)) std::abort();
    return record;
  });
}
