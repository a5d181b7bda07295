// ndc 2 and 5. Every row is one whole record of data.ndc, with its own clock. docs/formats/ndax.md, "Whole records".

#include "import/bytes.hpp"
#include "import/neware/counts.hpp"
#include "import/neware/ndax_parts.hpp"

#include <array>
#include <fmt/format.h>

namespace platen::ndax {
namespace {

constexpr std::array<int, 2> versions = {2, 5};
constexpr char sample_tag = 0x55;

constexpr neware::CountsLayout ndc2 = {.size = 94, .index = 8, .cycle = 12, .step_index = 16, .step_type = 17,
                                       .time = 23, .charge = 43, .clock = 75, .range = 82};
/// The same without seven bytes behind the first.
constexpr neware::CountsLayout ndc5 = {.size = 87, .index = 1, .cycle = 5, .step_index = 9, .step_type = 10,
                                       .time = 16, .charge = 36, .clock = 68, .range = 75};

} // namespace

std::span<const int> whole_versions() { return versions; }

PageShape whole_pages(int version) { return version == 2 ? narrow_pages(ndc2.size) : wide_pages(ndc5.size); }

Table read_whole(Reading& reading, const Member& data) {
  const neware::CountsLayout& layout = data.header.version == 2 ? ndc2 : ndc5;
  const Pages pages(data.bytes, whole_pages(data.header.version));
  reading.report_damage(data, pages);
  std::size_t rows = 0;
  const auto for_each_sample = [&](auto&& use) {
    pages.for_each_run([&](std::size_t, const char* at, std::size_t count) {
      for (std::size_t k = 0; k < count; ++k, at += layout.size)
        if (*at == sample_tag && load<std::uint32_t>(at + layout.index) != 0) use(at);
    });
  };
  for_each_sample([&](const char*) { ++rows; });
  Table table;
  table.has_interpolated = false;
  table.allocate(rows);
  neware::CountsDecoder decoder(table, layout);
  std::size_t row = 0;
  for_each_sample([&](const char* at) {
    if (row % 65536 == 0) {
      reading.task.check();
      reading.task.report(0.9 * static_cast<double>(row) / static_cast<double>(rows));
    }
    decoder.decode(at, row++);
    table.slots.add(load<std::uint32_t>(at + layout.index) - std::uint64_t{1}, 1);
  });
  table.slots.finish();
  decoder.report(reading.faults, reading.container.file());
  return table;
}

} // namespace platen::ndax
