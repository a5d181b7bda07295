#pragma once
// The pages of an .ndc member: a header page, then pages of a bitmap, records of one size and a checksum.
// docs/formats/ndax.md, "Pages".

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace platen::ndax {

/// What an .ndc member is for (its first byte).
enum class Kind : int { samples = 1, auxiliary = 5, steps = 7, marks = 18 };

struct NdcHeader {
  int kind = 0;
  int version = 0;
};
/// @throws Error D035 when the member is shorter than its header.
NdcHeader read_ndc_header(std::string_view bytes, const std::string& file, const std::string& member);

/// Sizes in bytes; the first page is the header.
struct PageShape {
  std::size_t page = 4096;
  std::size_t first_record = 132;
  std::size_t record = 0;

  static constexpr std::size_t bitmap = 4, checksum = 4;
  std::size_t capacity() const noexcept { return (page - first_record - checksum) / record; }
};
/// Generations 5 and later: pages of 4096 bytes. Generation 2: pages of 512 bytes.
constexpr PageShape wide_pages(std::size_t record) { return {4096, 132, record}; }
constexpr PageShape narrow_pages(std::size_t record) { return {512, 5, record}; }

/// A view of the records of one member. A slot is a place for a record, counted from 0 over all pages; the bitmap says
/// which slots are filled. The index other members use is slot + 1.
class Pages {
public:
  Pages(std::string_view bytes, const PageShape& shape);

  /// Calls use(first slot, address of its record, count) for every unbroken run of filled slots, in order of slots.
  template <class Use> void for_each_run(Use&& use) const {
    for (std::size_t p = 0; p < pages(); ++p) runs_of_page(p, use);
  }
  std::size_t filled() const;

  std::size_t pages() const noexcept { return (body_.size() + shape_.page - 1) / shape_.page; }
  /// Pages whose stored checksum does not fit their bytes.
  std::size_t bad_pages() const;
  /// The last page is not whole.
  bool cut_off() const noexcept { return body_.size() % shape_.page != 0; }

private:
  template <class Use> void runs_of_page(std::size_t p, Use&& use) const {
    const std::string_view page = body_.substr(p * shape_.page, shape_.page);
    if (page.size() < shape_.first_record) return;
    const std::size_t whole = (page.size() - shape_.first_record) / shape_.record;
    const std::size_t capacity = shape_.capacity(), usable = whole < capacity ? whole : capacity;
    const auto is_filled = [&](std::size_t k) {
      return (static_cast<unsigned char>(page[PageShape::bitmap + k / 8]) >> (k % 8) & 1) != 0;
    };
    for (std::size_t k = 0; k < usable;) {
      std::size_t end = k;
      while (end < usable && is_filled(end)) ++end;
      if (end > k) use(p * capacity + k, page.data() + shape_.first_record + k * shape_.record, end - k);
      k = end + 1;
    }
  }

  std::string_view body_;
  PageShape shape_;
};

} // namespace platen::ndax
