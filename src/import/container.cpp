#include "import/container.hpp"

#include "import/bytes.hpp"
#include "work/work.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libdeflate.h>
#include <memory>

namespace platen {
namespace {

constexpr std::uint32_t end_signature = 0x06054b50, end64_signature = 0x06064b50, locator_signature = 0x07064b50,
                        central_signature = 0x02014b50, local_signature = 0x04034b50;
constexpr std::size_t end_bytes = 22, end64_bytes = 56, locator_bytes = 20, central_bytes = 46, local_bytes = 30;
constexpr std::uint16_t escape16 = 0xFFFF;
constexpr std::uint32_t escape32 = 0xFFFFFFFF;
// Deflate cannot expand further: a match of 258 bytes costs at least two bits (RFC 1951), so 8*258/2 = 1032.
constexpr std::uint64_t largest_expansion = 1032, small_member = 64 << 20;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
};

Error no_zip(const std::string& file, std::string found) {
  return Error("D030", fmt::format("`{}` is no readable zip container: {}", file, found), whole_file(file),
               {"the file may have been cut off while it was copied: copy it again from the instrument's computer"});
}

Error damaged(const std::string& file, std::string_view member, std::string_view found) {
  return Error("D031", fmt::format("`{}` inside `{}` cannot be unpacked: {}", member, file, found), whole_file(file),
               {"copy the file again from the instrument's computer, or export it anew"});
}

Error too_large(const std::string& file, std::string_view found) {
  return Error("D032", fmt::format("`{}` is refused: {}", file, found), whole_file(file),
               {"a zip that claims so much is damaged or made to exhaust memory"});
}

bool inside(std::uint64_t offset, std::uint64_t size, std::uint64_t whole) {
  return offset <= whole && size <= whole - offset;
}

} // namespace

Container::Container(std::string_view bytes, std::string file, const ContainerLimits& limits)
    : bytes_(bytes), file_(std::move(file)), limits_(limits) {
  const Directory directory = find_directory();
  if (directory.count > limits_.members)
    throw too_large(file_, fmt::format("it lists {} members, at most {} are read", directory.count, limits_.members));
  std::string_view rest = bytes_.substr(directory.offset, directory.size);
  for (std::uint64_t k = 0; k < directory.count; ++k) {
    if (rest.size() < central_bytes || load<std::uint32_t>(rest.data()) != central_signature)
      throw no_zip(file_, fmt::format("its table of members is damaged at entry {} of {}", k + 1, directory.count));
    const std::size_t name = load<std::uint16_t>(rest.data() + 28), extra = load<std::uint16_t>(rest.data() + 30),
                      comment = load<std::uint16_t>(rest.data() + 32);
    if (rest.size() < central_bytes + name + extra + comment)
      throw no_zip(file_, fmt::format("its table of members is cut off at entry {} of {}", k + 1, directory.count));
    members_.try_emplace(std::string(rest.substr(central_bytes, name)),
                         read_entry(rest.data(), rest.substr(central_bytes + name, extra)));
    rest.remove_prefix(central_bytes + name + extra + comment);
  }
}

Container::Directory Container::find_directory() const {
  if (bytes_.size() < end_bytes) throw no_zip(file_, fmt::format("it has only {} bytes", bytes_.size()));
  // The end record is followed by a comment of at most 65535 bytes.
  const std::size_t lowest = bytes_.size() > end_bytes + escape16 ? bytes_.size() - end_bytes - escape16 : 0;
  std::size_t at = bytes_.size() - end_bytes;
  while (load<std::uint32_t>(bytes_.data() + at) != end_signature) {
    if (at == lowest)
      throw no_zip(file_, load<std::uint32_t>(bytes_.data()) == local_signature
                              ? "it begins like a zip, but the table of members at its end is missing"
                              : "it holds no table of members");
    --at;
  }
  const char* end = bytes_.data() + at;
  Directory found{load<std::uint32_t>(end + 16), load<std::uint32_t>(end + 12), load<std::uint16_t>(end + 10)};
  const bool wants64 = found.offset == escape32 || found.size == escape32 || found.count == escape16;
  if (wants64 && at >= locator_bytes && load<std::uint32_t>(end - locator_bytes) == locator_signature) {
    const auto end64 = load<std::uint64_t>(end - locator_bytes + 8);
    if (!inside(end64, end64_bytes, bytes_.size()) ||
        load<std::uint32_t>(bytes_.data() + end64) != end64_signature)
      throw no_zip(file_, "its zip64 end record is damaged");
    const char* wide = bytes_.data() + end64;
    found = {load<std::uint64_t>(wide + 48), load<std::uint64_t>(wide + 40), load<std::uint64_t>(wide + 32)};
  }
  if (!inside(found.offset, found.size, bytes_.size()))
    throw no_zip(file_, "its table of members lies outside the file");
  return found;
}

Container::Entry Container::read_entry(const char* at, std::string_view extra) const {
  Entry entry{load<std::uint16_t>(at + 8),  load<std::uint16_t>(at + 10), load<std::uint32_t>(at + 16),
              load<std::uint32_t>(at + 20), load<std::uint32_t>(at + 24), load<std::uint32_t>(at + 42)};
  while (extra.size() >= 4) {
    const auto id = load<std::uint16_t>(extra.data());
    std::string_view field = extra.substr(4, load<std::uint16_t>(extra.data() + 2));
    extra.remove_prefix(4 + field.size());
    if (id != 1) continue;
    for (std::uint64_t* wide : {&entry.unpacked, &entry.packed, &entry.offset}) {
      if (*wide != escape32 || field.size() < 8) continue;
      *wide = load<std::uint64_t>(field.data());
      field.remove_prefix(8);
    }
  }
  return entry;
}

std::vector<std::string> Container::names() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : members_) out.push_back(name);
  return out;
}

std::string_view Container::packed_bytes(std::string_view member, const Entry& entry) const {
  if (!inside(entry.offset, local_bytes, bytes_.size()) ||
      load<std::uint32_t>(bytes_.data() + entry.offset) != local_signature)
    throw damaged(file_, member, "its header is not where the table of members says");
  const char* local = bytes_.data() + entry.offset;
  const std::uint64_t start =
      entry.offset + local_bytes + load<std::uint16_t>(local + 26) + load<std::uint16_t>(local + 28);
  if (!inside(start, entry.packed, bytes_.size())) throw damaged(file_, member, "its bytes lie outside the file");
  return bytes_.substr(start, entry.packed);
}

Container::Member Container::member(std::string_view member) {
  const auto found = members_.find(member);
  if (found == members_.end())
    throw Error("D033", fmt::format("`{}` holds no `{}`", file_, member), whole_file(file_),
                {fmt::format("it holds: {}", fmt::join(names(), ", "))});
  const Entry& entry = found->second;
  if ((entry.flags & 1U) != 0) throw damaged(file_, member, "it is encrypted");
  if (entry.method != 0 && entry.method != 8)
    throw damaged(file_, member, fmt::format("packing method {} is not read here (0 and 8 are)", entry.method));
  const std::string_view packed = packed_bytes(member, entry);
  if (entry.method == 0 && entry.packed != entry.unpacked) throw damaged(file_, member, "its two lengths disagree");
  if (entry.unpacked > largest_expansion * (packed.size() + 1))
    throw too_large(file_, fmt::format("{} packed bytes of `{}` cannot become {}", packed.size(), member, entry.unpacked));
  if (entry.unpacked > small_member && entry.unpacked / limits_.largest_expansion > packed.size())
    throw too_large(file_, fmt::format("{} packed bytes of `{}` would become {}", packed.size(), member, entry.unpacked));
  if (entry.unpacked > limits_.member_bytes || entry.unpacked > limits_.total_bytes - unpacked_so_far_)
    throw too_large(file_, fmt::format("`{}` would unpack to {} bytes", member, entry.unpacked));
  unpacked_so_far_ += entry.unpacked;
  return {packed, entry.method == 8, entry.unpacked, entry.checksum};
}

std::string Container::unpack(std::string_view name) {
  const auto found = ready_.find(name);
  if (found == ready_.end()) return inflate(name, member(name));
  Ready ready = std::move(ready_.extract(found).mapped());
  if (ready.fault) std::rethrow_exception(ready.fault);
  return std::move(ready.bytes); // a member is not moved by itself
}

Container::Size Container::size(std::string_view member) const noexcept {
  const auto found = members_.find(member);
  return found == members_.end() ? Size{} : Size{std::min<std::uint64_t>(found->second.packed, bytes_.size()), found->second.unpacked};
}

void Container::unpack_ahead(std::span<const std::string_view> names, const std::function<void()>& meanwhile) {
  constexpr std::uint64_t worth_a_thread = 1 << 20;
  std::uint64_t together = 0;
  for (const std::string_view name : names) together += size(name).unpacked;
  if (together < worth_a_thread) return;
  std::vector<std::function<void()>> jobs;
  for (const std::string_view name : names) {
    if (!has(name)) continue;
    Ready& ready = ready_[std::string(name)];
    const auto keep_fault = [&ready](const auto& job) {
      try {
        job();
      } catch (const Error&) {
        ready.fault = std::current_exception();
      }
    };
    keep_fault([&] {
      jobs.emplace_back([this, name, keep_fault, &ready, source = member(name)] {
        keep_fault([&] { ready.bytes = inflate(name, source); });
      });
    });
  }
  jobs.push_back(meanwhile);
  work::parallel_for(jobs.size(), [&](std::size_t k) { jobs[k](); });
}

std::string Container::inflate(std::string_view name, const Member& source) const {
  std::string out;
  if (!source.deflated) {
    out = source.packed;
  } else {
    out.resize(source.unpacked);
    const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> inflate(libdeflate_alloc_decompressor());
    if (!inflate) throw std::bad_alloc();
    const auto result =
        libdeflate_deflate_decompress(inflate.get(), source.packed.data(), source.packed.size(), out.data(), out.size(), nullptr);
    if (result != LIBDEFLATE_SUCCESS) throw damaged(file_, name, "its packed bytes are damaged");
  }
  if (libdeflate_crc32(0, out.data(), out.size()) != source.checksum)
    throw damaged(file_, name, "its checksum does not fit its bytes");
  return out;
}

} // namespace platen
