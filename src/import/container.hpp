#pragma once
// Zip containers (.ndax, .xlsx) from memory, with limits: no byte of a file decides alone how much memory is taken.

#include "base/error.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// The place of a fault of a binary file as a whole.
inline Place whole_file(const std::string& file) {
  Place place;
  place.file = file;
  return place;
}

struct ContainerLimits {
  std::size_t members = 4096;
  std::uint64_t member_bytes = 0xFFFF0000;            ///< unpacked, one member; below 4 GiB
  std::uint64_t total_bytes = std::uint64_t{1} << 34; ///< unpacked, all calls of `unpack` and `member` together
  std::uint64_t largest_expansion = 1032;             ///< of a member above 64 MB; what deflate can do at most
};

/// A zip file held in memory. Stored and deflated members, zip64; no encryption, no split archives. The bytes given to
/// the constructor must outlive it. Layout: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5.
class Container {
public:
  /// @throws Error D030 when the bytes are no zip or the table of members is cut off; D032 when it has too many members.
  Container(std::string_view bytes, std::string file, const ContainerLimits& limits = {});

  const std::string& file() const noexcept { return file_; }
  bool has(std::string_view member) const noexcept { return members_.contains(member); }
  std::vector<std::string> names() const; ///< sorted

  /// The unpacked bytes of a member, checksum verified. @throws Error D033 when there is no such member, D031 when it is
  /// damaged or packed in a way that is not read here, D032 when it passes the limits.
  std::string unpack(std::string_view member);
  /// Unpacks those of `members` that there are, side by side on all cores and beside `meanwhile`, and keeps them for
  /// `unpack`, which gives each away once. Whatever is wrong with one is thrown when it is asked for.
  /// Does nothing for members of less than 1 MB together. @throws what `meanwhile` throws.
  void unpack_ahead(std::span<const std::string_view> members, const std::function<void()>& meanwhile);
  /// What the table of members claims, `packed` at most all bytes of the container; 0 when there is no such member.
  struct Size {
    std::uint64_t packed = 0, unpacked = 0;
  };
  Size size(std::string_view member) const noexcept;

  /// A member still packed, counted against the limits as `unpack` counts it.
  struct Member {
    std::string_view packed;
    bool deflated = false;
    std::uint64_t unpacked = 0;
    std::uint32_t checksum = 0;
  };
  /// @throws Error as `unpack`, but for damage inside the packed bytes.
  Member member(std::string_view name);

private:
  struct Entry {
    std::uint16_t flags = 0, method = 0;
    std::uint32_t checksum = 0;
    std::uint64_t packed = 0, unpacked = 0, offset = 0;
  };
  struct Directory {
    std::uint64_t offset = 0, size = 0, count = 0;
  };
  Directory find_directory() const;
  Entry read_entry(const char* at, std::string_view extra) const;
  std::string_view packed_bytes(std::string_view member, const Entry& entry) const;
  /// @throws Error D031.
  std::string inflate(std::string_view name, const Member& source) const;

  std::string_view bytes_;
  std::string file_;
  ContainerLimits limits_;
  std::uint64_t unpacked_so_far_ = 0;
  std::map<std::string, Entry, std::less<>> members_;
  struct Ready {
    std::string bytes;
    std::exception_ptr fault;
  };
  std::map<std::string, Ready, std::less<>> ready_;
};

} // namespace platen
