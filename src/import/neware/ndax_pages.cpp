#include "import/neware/ndax_pages.hpp"

#include "import/bytes.hpp"
#include "import/container.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <libdeflate.h>

namespace platen::ndax {

NdcHeader read_ndc_header(std::string_view bytes, const std::string& file, const std::string& member) {
  if (bytes.size() < 4)
    throw Error("D035", fmt::format("`{}` inside `{}` has {} bytes and no header", member, file, bytes.size()),
                whole_file(file), {"the test may have been copied while it was being set up: export it again"});
  return {load<std::uint16_t>(bytes.data()), load<std::uint16_t>(bytes.data() + 2)};
}

Pages::Pages(std::string_view bytes, const PageShape& shape)
    : body_(bytes.size() > shape.page ? bytes.substr(shape.page) : std::string_view()), shape_(shape) {}

std::size_t Pages::filled() const {
  std::size_t count = 0;
  for_each_run([&](std::size_t, const char*, std::size_t n) { count += n; });
  return count;
}

std::size_t Pages::bad_pages() const {
  std::size_t bad = 0;
  for (std::size_t p = 0; (p + 1) * shape_.page <= body_.size(); ++p) {
    const char* page = body_.data() + p * shape_.page;
    const std::size_t covered = shape_.page - PageShape::checksum;
    if (libdeflate_crc32(0, page, covered) != load<std::uint32_t>(page + covered)) ++bad;
  }
  return bad;
}

void SlotMap::add(std::uint64_t slot, std::size_t count) {
  if (!runs_.empty() && runs_.back().slot + runs_.back().count == slot) runs_.back().count += count;
  else runs_.push_back({slot, rows_, count});
  rows_ += count;
}

void SlotMap::finish() {
  std::stable_sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.slot < b.slot; });
}

std::size_t SlotMap::row_of(std::uint64_t slot) const noexcept {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), slot,
                                      [](std::uint64_t wanted, const Run& run) { return wanted < run.slot; });
  if (after == runs_.begin()) return none;
  const Run& run = *(after - 1);
  return slot - run.slot < run.count ? run.row + static_cast<std::size_t>(slot - run.slot) : none;
}

} // namespace platen::ndax
