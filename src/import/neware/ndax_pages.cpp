#include "import/neware/ndax_pages.hpp"

#include "import/bytes.hpp"
#include "import/container.hpp"

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

} // namespace platen::ndax
